//! Per inbox and object, earlier before later; and hosts that are left alone.

use super::*;
use fixture::OBJECT;

const INBOX: &str = "https://a.example/inbox";

fn bodies(claimed: &[Claimed]) -> Vec<&str> {
    claimed.iter().map(|row| &*row.body).collect()
}

/// Invariant I6.
#[tokio::test]
async fn a_later_one_waits_for_the_earlier() {
    everywhere(async |world| {
        // Queued in the wrong order, and another inbox in between.
        world.insert(vec![world.delivery(2, "a.example", INBOX)]).await;
        world.insert(vec![world.delivery(1, "a.example", INBOX)]).await;
        world.insert(vec![world.delivery(2, "a.example", "https://a.example/other")]).await;
        let claimed = world.claim(NOW, 10, &[]).await;
        assert_eq!(claimed.iter().filter(|row| row.inbox == INBOX).count(), 1);
        let create = claimed.iter().find(|row| row.inbox == INBOX).unwrap();
        assert_eq!(&*create.body, "body 1");
        assert!(world.claim(NOW, 10, &[]).await.is_empty(), "the earlier one is on its way");

        let again = NOW.plus(MINUTE);
        world.record(&[settled(create, Ending::Again(again))], NOW).await;
        assert!(world.claim(NOW, 10, &[]).await.is_empty(), "the earlier one waits");
        let update = list(&world.store.rows(), Some("a.example"), Some(State::New), 10).await.unwrap();
        assert_eq!(update[0].next, again, "and the later one is out of the way until then");

        let create = world.claim(again, 10, &[]).await;
        assert_eq!(bodies(&create), ["body 1"]);
        world.record(&[settled(&create[0], Ending::Delivered)], again).await;
        assert_eq!(bodies(&world.claim(again, 10, &[]).await), ["body 2"]);
    })
    .await;
}

#[tokio::test]
async fn a_later_one_does_not_wait_for_what_was_given_up() {
    everywhere(async |world| {
        world
            .insert(vec![world.delivery(1, "a.example", INBOX), world.delivery(2, "a.example", INBOX)])
            .await;
        let create = world.claim(NOW, 10, &[]).await;
        assert_eq!(bodies(&create), ["body 1"]);
        world.record(&[settled(&create[0], Ending::Failed)], NOW).await;
        assert_eq!(bodies(&world.claim(NOW, 10, &[]).await), ["body 2"]);
    })
    .await;
}

/// However many wait in front, what they wait for is reached.
#[tokio::test]
async fn those_that_wait_do_not_hide_what_they_wait_for() {
    everywhere(async |world| {
        let early = NOW.plus(-MINUTE);
        let inbox = |number: usize| format!("https://h{number}.example/inbox");
        let rows = |sequence| (0..30).map(move |n| (sequence, format!("h{n}.example"), inbox(n)));
        let make = |(sequence, host, inbox): (i64, String, String)| world.delivery(sequence, &host, &inbox);
        world.insert_at(rows(2).map(make).collect(), early).await;
        world.insert_at(rows(1).map(make).collect(), NOW).await;
        let mut told = Vec::new();
        for _ in 0..100 {
            for row in world.claim(NOW, 4, &[]).await {
                world.record(&[settled(&row, Ending::Delivered)], NOW).await;
                told.push((row.inbox.clone(), row.body.to_string()));
            }
        }
        assert_eq!(told.len(), 60);
        for number in 0..30 {
            let of = told.iter().filter(|(to, _)| *to == inbox(number)).map(|(_, body)| &**body);
            assert_eq!(of.collect::<Vec<_>>(), ["body 1", "body 2"]);
        }
    })
    .await;
}

async fn fail(world: &World, claimed: &Claimed, now: Moment) -> Option<Moment> {
    let tx = world.store.begin().await.unwrap();
    let failure = hosts::Failure {
        host: &claimed.host,
        answer: Answer::Silence,
        problem: "no answer",
        probe: claimed.probe,
    };
    let opened = hosts::failed(&tx, &failure, now).await.unwrap();
    record(&tx, &[settled(claimed, Ending::Again(now.plus(MINUTE)))], now).await.unwrap();
    tx.commit().await.unwrap();
    opened
}

#[tokio::test]
async fn a_dead_host_is_left_alone_then_probed_then_back() {
    everywhere(async |world| {
        world.insert(fan_out(&world, &["dead.example"], 8)).await;
        world.insert(fan_out(&world, &["live.example"], 1)).await;
        let claimed = world.claim(NOW, 5, &["live.example".to_owned()]).await;
        let mut opened = None;
        for row in &claimed {
            assert_eq!(opened, None);
            opened = fail(&world, row, NOW).await;
        }
        let until = opened.unwrap();
        assert_eq!(until, NOW.plus(30 * MINUTE));
        let claimed = world.claim(NOW, 10, &[]).await;
        assert_eq!(claimed.iter().map(|row| &*row.host).collect::<Vec<_>>(), ["live.example"]);
        world.record(&[settled(&claimed[0], Ending::Delivered)], NOW).await;
        assert!(!is_due(&world.store.rows(), until.plus(-1)).await.unwrap(), "its rows are out of the way");

        // One looks; when it fails, all wait for an hour.
        let [probe] = world.claim(until, 10, &[]).await.try_into().unwrap();
        assert!(probe.probe);
        assert!(world.claim(until, 10, &[]).await.is_empty());
        assert_eq!(fail(&world, &probe, until).await, Some(until.plus(60 * MINUTE)));
        assert!(world.claim(until.plus(59 * MINUTE), 10, &[]).await.is_empty());

        // One looks again; when it succeeds, all go.
        let back = until.plus(60 * MINUTE);
        let [probe] = world.claim(back, 10, &[]).await.try_into().unwrap();
        let tx = world.store.begin().await.unwrap();
        let hosts = ["dead.example".to_owned()].into();
        assert_eq!(hosts::answered(&tx, &hosts, back).await.unwrap(), ["dead.example"]);
        record(&tx, &[settled(&probe, Ending::Delivered)], back).await.unwrap();
        super::super::bring_forward(&tx, "dead.example", back).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(world.claim(back, 10, &[]).await.len(), 7);
    })
    .await;
}

/// A probe whose worker dies is not the last one.
#[tokio::test]
async fn a_lost_probe_is_sent_again() {
    everywhere(async |world| {
        world.insert(fan_out(&world, &["dead.example"], 6)).await;
        let mut until = None;
        for row in world.claim(NOW, 5, &[]).await {
            until = fail(&world, &row, NOW).await;
        }
        let until = until.unwrap();
        let [lost] = world.claim(until, 10, &[]).await.try_into().unwrap();
        assert!(world.claim(until.plus(LEASE - 1), 10, &[]).await.is_empty());
        let [again] = world.claim(until.plus(LEASE), 10, &[]).await.try_into().unwrap();
        assert_eq!((again.id, again.probe), (lost.id, true));
    })
    .await;
}

#[tokio::test]
async fn whoever_speaks_is_alive() {
    everywhere(async |world| {
        world.insert(fan_out(&world, &["dead.example"], 6)).await;
        for row in world.claim(NOW, 5, &[]).await {
            fail(&world, &row, NOW).await;
        }
        assert!(world.claim(NOW, 10, &[]).await.is_empty());
        let tx = world.store.begin().await.unwrap();
        assert!(!hosts::revive(&tx, "other.example", NOW).await.unwrap());
        assert!(hosts::revive(&tx, "dead.example", NOW).await.unwrap());
        assert!(!hosts::revive(&tx, "dead.example", NOW).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(world.claim(NOW, 10, &[]).await.len(), 6);
    })
    .await;
}

#[tokio::test]
async fn sequences_count_per_object() {
    everywhere(async |world| {
        let tx = world.store.begin().await.unwrap();
        assert_eq!(crate::activities::next_sequence(&tx, OBJECT).await.unwrap(), 3);
        assert_eq!(
            crate::activities::next_sequence(&tx, "https://home.example/ap/calls/2").await.unwrap(),
            1
        );
    })
    .await;
}
