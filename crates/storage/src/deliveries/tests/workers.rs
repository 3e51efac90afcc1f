//! Eight workers on one queue.

use std::{collections::BTreeMap, sync::Arc};

use super::*;
use fixture::everywhere;

/// Every row is claimed once and by one worker, in order per inbox, whatever the others do.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn eight_workers_never_share_a_row() {
    everywhere(async |world| {
        let inboxes: Vec<(String, String)> = (0..60)
            .map(|number| {
                (format!("h{}.example", number % 12), format!("https://h{}.example/{number}", number % 12))
            })
            .collect();
        for sequence in [1, 2] {
            let rows = inboxes.iter().map(|(host, inbox)| world.delivery(sequence, host, inbox)).collect();
            world.insert(rows).await;
        }
        let world = Arc::new(world);
        let workers: Vec<_> = (0..8).map(|_| tokio::spawn(work(Arc::clone(&world)))).collect();
        let mut told: BTreeMap<String, Vec<(u64, String)>> = BTreeMap::new();
        for worker in workers {
            for (inbox, turn, body) in worker.await.unwrap() {
                told.entry(inbox).or_default().push((turn, body));
            }
        }
        assert_eq!(told.len(), 60);
        for (inbox, mut said) in told {
            said.sort();
            let said: Vec<&str> = said.iter().map(|(_, body)| &**body).collect();
            assert_eq!(said, ["body 1", "body 2"], "{inbox}");
        }
        assert_eq!(counts(&world.store.rows(), NOW).await.unwrap(), super::super::Counts::default());
    })
    .await;
}

static TURN: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);

async fn work(world: Arc<World>) -> Vec<(String, u64, String)> {
    let mut told = Vec::new();
    while counts(&world.store.rows(), NOW).await.unwrap().waiting > 0 {
        for row in world.claim(NOW, 7, &[]).await {
            let turn = TURN.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            told.push((row.inbox.clone(), turn, row.body.to_string()));
            assert_eq!(world.record(&[settled(&row, Ending::Delivered)], NOW).await, 0, "nobody else had it");
        }
    }
    told
}
