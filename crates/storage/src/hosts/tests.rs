//! When a server is left alone, and when it is asked again.

use folkmoot_domain::moments::{HOUR, MINUTE};

use super::*;
use crate::deliveries::tests::fixture::{NOW, everywhere};

fn one(host: &str) -> BTreeSet<String> {
    [host.to_owned()].into()
}

async fn fail(tx: &Tx, answer: Answer, now: Moment) -> Option<Moment> {
    failed(tx, &Failure { host: "a.example", answer, problem: "no answer", probe: false }, now).await.unwrap()
}

#[tokio::test]
async fn five_failures_open_and_a_success_clears() {
    everywhere(async |world| {
        let tx = world.store.begin().await.unwrap();
        assert_eq!(find(&tx.rows(), "a.example").await.unwrap(), None);
        for minute in 0..4 {
            assert_eq!(fail(&tx, Answer::Silence, NOW.plus(minute * MINUTE)).await, None);
        }
        let until = NOW.plus(4 * MINUTE + HOUR / 2);
        assert_eq!(fail(&tx, Answer::status(502), NOW.plus(4 * MINUTE)).await, Some(until));
        assert_eq!(fail(&tx, Answer::Silence, NOW.plus(5 * MINUTE)).await, None, "a straggler");
        let host = find(&tx.rows(), "a.example").await.unwrap().unwrap();
        assert_eq!((host.breaker.failures, host.breaker.first_failed), (5, Some(NOW)));
        assert_eq!(host.last_problem.as_deref(), Some("no answer"));
        assert_eq!(left_alone(&tx.rows(), 10).await.unwrap(), [host]);

        assert_eq!(answered(&tx, &one("a.example"), NOW.plus(HOUR)).await.unwrap(), ["a.example"]);
        assert!(answered(&tx, &one("a.example"), NOW.plus(HOUR)).await.unwrap().is_empty());
        let host = find(&tx.rows(), "a.example").await.unwrap().unwrap();
        assert_eq!((host.breaker, host.last_success), (Breaker::default(), Some(NOW.plus(HOUR))));
        assert_eq!(fail(&tx, Answer::Silence, NOW.plus(HOUR)).await, None, "counted from the start");
    })
    .await;
}

#[tokio::test]
async fn successes_are_written_down_once_an_hour() {
    everywhere(async |world| {
        let tx = world.store.begin().await.unwrap();
        let seen = async |now: Moment| {
            answered(&tx, &one("a.example"), now).await.unwrap();
            find(&tx.rows(), "a.example").await.unwrap().unwrap().last_success.unwrap()
        };
        assert_eq!(seen(NOW).await, NOW);
        assert_eq!(seen(NOW.plus(HOUR)).await, NOW);
        assert_eq!(seen(NOW.plus(HOUR + 1)).await, NOW.plus(HOUR + 1));
        assert!(answered(&tx, &BTreeSet::new(), NOW).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_host_that_asks_for_a_pause_gets_it() {
    everywhere(async |world| {
        let tx = world.store.begin().await.unwrap();
        let busy = Answer::Status { code: 503, retry_after: Some(10 * MINUTE) };
        assert_eq!(fail(&tx, busy, NOW).await, Some(NOW.plus(10 * MINUTE)));
        pause(&tx, "b.example", HOUR, NOW).await.unwrap();
        let paused = find(&tx.rows(), "b.example").await.unwrap().unwrap();
        assert_eq!((paused.breaker.failures, paused.breaker.open_until), (0, Some(NOW.plus(HOUR))));
        forgive(&tx, Some("b.example")).await.unwrap();
        assert_eq!(left_alone(&tx.rows(), 10).await.unwrap()[0].host, "a.example");
        forgive(&tx, None).await.unwrap();
        assert!(left_alone(&tx.rows(), 10).await.unwrap().is_empty());
    })
    .await;
}
