//! The queue on both databases: SQLite always, PostgreSQL when `FOLKMOOT_TEST_POSTGRES` names one.

pub(crate) mod fixture;
mod order;
mod workers;

use folkmoot_domain::{
    Moment,
    deliveries::{Answer, LEASE, MOST_ATTEMPTS},
    moments::{DAY, MINUTE},
};

use super::{
    Claimed, Ending, NewDelivery, RUN, Settled, State, Which, by_host, counts, find, forget, give_up_old,
    is_due, list, record, unstick,
};
use crate::hosts;
use fixture::{NOW, World, everywhere, id};

/// Rows for the same activity on hosts `a`, `b`, …, so many inboxes on each.
fn fan_out(world: &World, hosts: &[&str], inboxes: usize) -> Vec<NewDelivery> {
    let to = |host: &str, inbox: usize| world.delivery(1, host, &format!("https://{host}/inbox/{inbox}"));
    hosts.iter().flat_map(|host| (0..inboxes).map(move |inbox| to(host, inbox))).collect()
}

fn settled(claimed: &Claimed, ending: Ending) -> Settled {
    let answer = if ending == Ending::Delivered { Answer::status(202) } else { Answer::status(500) };
    let problem = (ending != Ending::Delivered).then(|| "500 Internal Server Error".to_owned());
    Settled { id: claimed.id, token: claimed.token, ending, answer, problem }
}

#[test]
fn hosts_take_turns_in_runs() {
    let delivery = |host: &str| NewDelivery {
        id: id().into(),
        activity: id().into(),
        sender: id().into(),
        host: host.to_owned(),
        inbox: format!("https://{host}/inbox"),
        object: "https://home.example/ap/calls/1".to_owned(),
        sequence: 1,
    };
    let mut rows: Vec<_> = (0..RUN + 2).map(|_| delivery("big.example")).collect();
    rows.push(delivery("small.example"));
    let ordered = super::taking_turns(rows);
    assert!(ordered.is_sorted_by_key(|row| row.id));
    let places: Vec<usize> = (0..ordered.len()).filter(|&at| ordered[at].host == "small.example").collect();
    assert_eq!(places, [RUN], "after one run of the big one, not after all of it");
}

#[tokio::test]
async fn a_delivery_goes_its_way() {
    everywhere(async |world| {
        world.insert(fan_out(&world, &["a.example", "b.example"], 2)).await;
        assert!(is_due(&world.store.rows(), NOW).await.unwrap());
        assert!(!is_due(&world.store.rows(), NOW.plus(-1)).await.unwrap());
        let claimed = world.claim(NOW, 10, &[]).await;
        assert_eq!(claimed.len(), 4);
        assert!(claimed.iter().all(|row| &*row.body == "body 1" && row.attempts == 1 && !row.probe));
        assert!(!is_due(&world.store.rows(), NOW).await.unwrap(), "all are on their way");

        let [first, second, third, fourth] = claimed.try_into().unwrap();
        let again = NOW.plus(MINUTE);
        let results = [
            settled(&first, Ending::Delivered),
            settled(&second, Ending::Again(again)),
            settled(&third, Ending::Failed),
        ];
        assert_eq!(world.record(&results, NOW).await, 0);
        world.give_back(&fourth).await;
        assert_eq!(find(&world.store.rows(), first.id).await.unwrap(), None);
        let seen = find(&world.store.rows(), second.id).await.unwrap().unwrap();
        assert_eq!((seen.state, seen.next, seen.attempts, seen.claimed), (State::Again, again, 1, false));
        assert_eq!(
            (seen.last_status, seen.last_problem.as_deref()),
            (Some(500), Some("500 Internal Server Error"))
        );
        let counted = counts(&world.store.rows(), NOW).await.unwrap();
        assert_eq!((counted.waiting, counted.due, counted.failed), (2, 1, 1));

        let returned = world.claim(NOW, 10, &[]).await;
        assert_eq!(returned.iter().map(|row| (row.id, row.attempts)).collect::<Vec<_>>(), [(fourth.id, 1)]);
        let retried = world.claim(again, 10, &[]).await;
        assert_eq!(retried.iter().map(|row| (row.id, row.attempts)).collect::<Vec<_>>(), [(second.id, 2)]);
    })
    .await;
}

/// The claim is what counts the attempt: a worker that dies after it costs one attempt and one lease.
#[tokio::test]
async fn a_lease_ends_and_late_results_change_nothing() {
    everywhere(async |world| {
        world.insert(fan_out(&world, &["a.example"], 1)).await;
        let [late] = world.claim(NOW, 10, &[]).await.try_into().unwrap();
        assert!(world.claim(NOW.plus(LEASE - 1), 10, &[]).await.is_empty());
        let [current] = world.claim(NOW.plus(LEASE), 10, &[]).await.try_into().unwrap();
        assert_eq!((current.id, current.attempts), (late.id, 2));

        let now = NOW.plus(LEASE + 1);
        for ending in [Ending::Delivered, Ending::Failed, Ending::Again(now)] {
            assert_eq!(world.record(&[settled(&late, ending)], now).await, 1);
        }
        world.give_back(&late).await;
        let row = find(&world.store.rows(), current.id).await.unwrap().unwrap();
        assert_eq!((row.claimed, row.attempts, row.last_status), (true, 2, None));
        assert_eq!(world.record(&[settled(&current, Ending::Delivered)], now).await, 0);
        assert_eq!(find(&world.store.rows(), current.id).await.unwrap(), None);
    })
    .await;
}

/// Fault F-24: a row that kills its worker every time is set aside in the end.
#[tokio::test]
async fn a_row_that_never_ends_is_given_up() {
    everywhere(async |world| {
        world.insert(fan_out(&world, &["a.example"], 1)).await;
        let mut now = NOW;
        for attempt in 1..=MOST_ATTEMPTS {
            let [claimed] = world.claim(now, 10, &[]).await.try_into().unwrap();
            assert_eq!(claimed.attempts, attempt);
            now = now.plus(LEASE);
        }
        assert!(world.claim(now, 10, &[]).await.is_empty());
        let [row] =
            list(&world.store.rows(), None, Some(State::Failed), 10).await.unwrap().try_into().unwrap();
        assert_eq!(row.last_problem.as_deref(), Some("no attempt ever came to an end"));
    })
    .await;
}

#[tokio::test]
async fn busy_hosts_wait_and_no_host_takes_the_whole_claim() {
    everywhere(async |world| {
        world.insert(fan_out(&world, &["a.example", "b.example"], RUN + 4)).await;
        world.insert(fan_out(&world, &["c.example"], 1)).await;
        let claimed = world.claim(NOW, 1000, &["b.example".to_owned()]).await;
        let of = |host: &str| claimed.iter().filter(|row| row.host == host).count();
        assert_eq!((of("a.example"), of("b.example"), of("c.example")), (RUN, 0, 1));
    })
    .await;
}

#[tokio::test]
async fn retries_and_news_share_a_claim() {
    everywhere(async |world| {
        for host in 0..20 {
            world.insert(fan_out(&world, &[&format!("old{host}.example")], 1)).await;
        }
        for row in world.claim(NOW, 40, &[]).await {
            world.record(&[settled(&row, Ending::Again(NOW))], NOW).await;
        }
        for host in 0..20 {
            world.insert(fan_out(&world, &[&format!("new{host}.example")], 1)).await;
        }
        let claimed = world.claim(NOW, 16, &[]).await;
        let fresh = claimed.iter().filter(|row| row.attempts == 1).count();
        assert_eq!((claimed.len(), fresh), (16, 12));
        let claimed = world.claim(NOW, 100, &[]).await;
        let fresh = claimed.iter().filter(|row| row.attempts == 1).count();
        assert_eq!((claimed.len(), fresh), (24, 8), "and what one leaves, the other takes");
    })
    .await;
}

#[tokio::test]
async fn operators_see_and_retry() {
    everywhere(async |world| {
        world.insert(fan_out(&world, &["a.example"], 3)).await;
        world.insert(fan_out(&world, &["b.example"], 1)).await;
        let later = NOW.plus(8 * DAY);
        for row in world.claim(NOW, 10, &[]).await {
            let ending = if row.host == "b.example" { Ending::Again(later) } else { Ending::Failed };
            world.record(&[settled(&row, ending)], NOW).await;
        }
        let [b, a] = by_host(&world.store.rows(), 10).await.unwrap().try_into().unwrap();
        assert_eq!((&*a.host, a.waiting, a.failed, a.oldest), ("a.example", 0, 3, None));
        assert_eq!((&*b.host, b.waiting, b.failed, b.oldest), ("b.example", 1, 0, Some(NOW)));

        let one = list(&world.store.rows(), Some("a.example"), None, 1).await.unwrap()[0].id;
        let now = NOW.plus(DAY);
        assert_eq!(world.retry(&Which::One(one), now).await, 1);
        let [row] = world.claim(now, 10, &[]).await.try_into().unwrap();
        assert_eq!((row.id, row.attempts, row.since), (one, 1, now), "with all patience anew");
        assert_eq!(world.retry(&Which::Host("a.example".to_owned()), now).await, 2, "one is being sent");
        assert_eq!(world.retry(&Which::All, now).await, 3);
        assert_eq!(world.claim(now, 10, &[]).await.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn what_was_deleted_since_is_not_told_again() {
    everywhere(async |world| {
        world.insert(vec![world.delivery(1, "a.example", "https://a.example/inbox")]).await;
        let [create] = world.claim(NOW, 10, &[]).await.try_into().unwrap();
        world.record(&[settled(&create, Ending::Failed)], NOW).await;
        world.say(3, "Delete").await;
        world.insert(vec![world.delivery(3, "a.example", "https://a.example/inbox")]).await;
        assert_eq!(world.retry(&Which::One(create.id), NOW).await, 0);
        let [delete] = world.claim(NOW, 10, &[]).await.try_into().unwrap();
        assert_eq!(&*delete.body, "body 3");
    })
    .await;
}

#[tokio::test]
async fn old_failures_are_forgotten_and_wrong_clocks_forgiven() {
    everywhere(async |world| {
        world.insert(fan_out(&world, &["a.example"], 2)).await;
        let [failed, stuck] = world.claim(NOW, 10, &[]).await.try_into().unwrap();
        world.record(&[settled(&failed, Ending::Failed)], NOW).await;
        let tx = world.store.begin().await.unwrap();
        assert!(!forget(&tx, NOW).await.unwrap());
        assert_eq!(counts(&tx.rows(), NOW).await.unwrap().failed, 1);
        forget(&tx, NOW.plus(1)).await.unwrap();
        assert_eq!(counts(&tx.rows(), NOW).await.unwrap().failed, 0);
        // The clock was a day ahead when this was claimed.
        let yesterday = NOW.plus(-DAY);
        unstick(&tx, NOW).await.unwrap();
        assert!(!is_due(&tx.rows(), NOW).await.unwrap());
        unstick(&tx, yesterday).await.unwrap();
        assert!(is_due(&tx.rows(), yesterday).await.unwrap());
        tx.commit().await.unwrap();
        assert_eq!(world.claim(yesterday, 10, &[]).await[0].id, stuck.id);
    })
    .await;
}

/// Only the front of the queue is read: the plan must use the index, not sort or scan.
#[tokio::test]
async fn a_claim_reads_only_the_front() {
    let world = World::on_sqlite().await;
    let plan = world.explain(&super::claims::due_rows(2, 10, "")).await;
    assert!(
        plan.contains("d USING INDEX deliveries_state_next_at_id (state=? AND (next_at,id)>(?,?)"),
        "{plan}"
    );
    assert!(
        plan.contains("deliveries_inbox_object_uri_sequence (inbox=? AND object_uri=? AND sequence<?)"),
        "{plan}"
    );
    assert!(!plan.contains("TEMP B-TREE") && !plan.contains("SCAN"), "neither sorts nor scans:\n{plan}");
}

#[tokio::test]
async fn a_host_left_alone_gives_up_what_is_too_old() {
    everywhere(async |world| {
        world.insert(fan_out(&world, &["a.example"], 2)).await;
        let tx = world.store.begin().await.unwrap();
        assert_eq!(give_up_old(&tx, "a.example", NOW.plus(7 * DAY)).await.unwrap(), 0);
        assert_eq!(give_up_old(&tx, "b.example", NOW.plus(8 * DAY)).await.unwrap(), 0);
        assert_eq!(give_up_old(&tx, "a.example", NOW.plus(7 * DAY + 1)).await.unwrap(), 2);
        tx.commit().await.unwrap();
    })
    .await;
}
