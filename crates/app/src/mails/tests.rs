//! The queue of letters: claimed once, tried again with patience, blanked when it went, forgotten in time.

use folkmoot_domain::moments::{HOUR, MINUTE};
use folkmoot_storage::mails as rows;

use super::*;
use crate::tests::House;

async fn write(house: &House, to: &str) {
    let doing = house.app.begin(&By::operator()).await.unwrap();
    let letter = Letter::AddressChanged { name: "Ruth".into() };
    doing.write_to(to, &letter).await.unwrap();
    doing.done("a letter").await.unwrap();
}

async fn only(house: &House) -> Stored {
    let [(stored, _)] = list(&house.app, None, 10).await.unwrap().try_into().unwrap();
    stored
}

#[tokio::test]
async fn a_letter_is_claimed_once_and_blanked_when_it_went() {
    let house = House::new().await;
    write(&house, "ruth@hyde.test").await;
    let [due] = claim_due(&house.app, 10).await.unwrap().try_into().unwrap();
    assert_eq!(due.letter, Letter::AddressChanged { name: "Ruth".into() });
    assert!(claim_due(&house.app, 10).await.unwrap().is_empty());
    sent(&house.app, &due).await.unwrap();
    let stored = only(&house).await;
    assert_eq!((stored.state, stored.letter.as_str()), (MailState::Sent, ""));
    house.pass(KEPT + 1);
    crate::keeping::sweep(&house.app, 30).await.unwrap();
    assert!(list(&house.app, None, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_letter_is_not_lost_with_its_worker_and_late_answers_do_not_count() {
    let house = House::new().await;
    write(&house, "ruth@hyde.test").await;
    let [lost] = claim_due(&house.app, 10).await.unwrap().try_into().unwrap();
    house.pass(LEASE);
    let [again] = claim_due(&house.app, 10).await.unwrap().try_into().unwrap();
    assert_eq!((again.stored.id, again.stored.attempts), (lost.stored.id, 2));
    failed(&house.app, &lost, &Undelivered::Never("too late".into())).await.unwrap();
    assert_eq!(only(&house).await.state, MailState::Waiting);
    sent(&house.app, &again).await.unwrap();
    assert_eq!(only(&house).await.state, MailState::Sent);
}

#[tokio::test]
async fn what_fails_is_tried_again_for_two_days_and_then_by_hand() {
    let house = House::new().await;
    write(&house, "ruth@hyde.test").await;
    let later = Undelivered::Later("451 come back".into());
    let mut waits = Vec::new();
    loop {
        let [due] = claim_due(&house.app, 10).await.unwrap().try_into().unwrap();
        failed(&house.app, &due, &later).await.unwrap();
        let stored = only(&house).await;
        assert_eq!(stored.problem.as_deref(), Some("451 come back"));
        if stored.state == MailState::Failed {
            break;
        }
        let wait = stored.next.0 - house.app.now().0;
        assert!(claim_due(&house.app, 10).await.unwrap().is_empty());
        house.pass(wait);
        waits.push(wait / MINUTE);
    }
    assert_eq!(waits, [1, 5, 15, 60, 180, 360, 720, 720, 720]);
    house.pass(24 * HOUR);
    assert!(claim_due(&house.app, 10).await.unwrap().is_empty());
    assert_eq!(retry(&house.app, &By::operator(), None).await.unwrap(), 1);
    assert_eq!(claim_due(&house.app, 10).await.unwrap().len(), 1);
    // What is under way is left alone.
    assert_eq!(retry(&house.app, &By::operator(), None).await.unwrap(), 0);
}

#[tokio::test]
async fn what_is_refused_for_good_is_not_tried_again() {
    let house = House::new().await;
    write(&house, "nobody@hyde.test").await;
    let [due] = claim_due(&house.app, 10).await.unwrap().try_into().unwrap();
    failed(&house.app, &due, &Undelivered::Never("550 no such mailbox".into())).await.unwrap();
    let stored = only(&house).await;
    assert_eq!((stored.state, stored.attempts), (MailState::Failed, 1));
    assert_eq!(rows::count(&house.app.store.rows(), MailState::Failed).await.unwrap(), 1);
}

#[tokio::test]
async fn a_letter_whose_link_is_dead_goes_no_more() {
    let house = House::new().await;
    let doing = house.app.begin(&By::operator()).await.unwrap();
    let letter = Letter::SignIn { name: "Ruth".into(), link: "https://hyde.test/sign-in/x".into() };
    doing.write_to("ruth@hyde.test", &letter).await.unwrap();
    doing.done("a letter").await.unwrap();
    let mut tries = 0;
    while only(&house).await.state == MailState::Waiting {
        let due = claim_due(&house.app, 10).await.unwrap();
        for due in &due {
            tries += 1;
            failed(&house.app, due, &Undelivered::Later("no answer".into())).await.unwrap();
        }
        house.pass(MINUTE);
    }
    assert_eq!(tries, 4, "after 0, 1, 6 and 21 minutes");
}

#[tokio::test]
async fn without_a_mail_server_letters_are_kept_to_be_read() {
    let house = House::new().await;
    write(&house, "ruth@hyde.test").await;
    let [due] = claim_due(&house.app, 10).await.unwrap().try_into().unwrap();
    kept(&house.app, &due).await.unwrap();
    assert!(claim_due(&house.app, 10).await.unwrap().is_empty());
    let [(stored, letter)] = list(&house.app, Some(MailState::Kept), 10).await.unwrap().try_into().unwrap();
    assert_eq!(letter, Some(due.letter));
    assert_eq!(find(&house.app, stored.id).await.unwrap().unwrap().0, stored);
}

#[tokio::test]
async fn a_letter_that_no_release_has_written_stops_nobody() {
    let house = House::new().await;
    write(&house, "ruth@hyde.test").await;
    let tx = house.app.store.begin().await.unwrap();
    let (id, now) = (house.app.id(), house.app.now());
    rows::insert(&tx, id, "from-tomorrow", "sam@hyde.test", "{\"kind\":\"from-tomorrow\"}", now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let due = claim_due(&house.app, 10).await.unwrap();
    assert_eq!(due.len(), 1);
    assert_eq!(find(&house.app, id).await.unwrap().unwrap().0.state, MailState::Failed);
}
