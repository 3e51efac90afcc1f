//! A project that somebody proposed goes up by a steward of the board, or it does not, and its proposer hears of it.

use folkmoot_domain::{changes::ChangeKind, roles::Role, text::Handle};
use folkmoot_storage::{changes as change_rows, mails};

use super::*;
use crate::{limits::HERE, tests::House};

fn proposal() -> Proposal {
    Proposal {
        title: "A bench at the stop".into(),
        text: "People wait there in the **rain**.".into(),
        place: None,
        name: "Asha".into(),
        email: "asha@far.test".into(),
    }
}

async fn person(house: &House, handle: &str, steward: bool) -> Person {
    let handle = Handle::parse(handle).unwrap();
    let email = format!("{handle}@hyde.test");
    let person = crate::people::enrol(&house.app, &By::operator(), "P", &handle, &email).await.unwrap();
    let tx = house.app.store.begin().await.unwrap();
    people::set_steward(&tx, person.id, steward).await.unwrap();
    people::give_role(&tx, person.id, house.park.actor.id, Role::Organiser).await.unwrap();
    tx.commit().await.unwrap();
    people::find(&house.app.store.rows(), person.id).await.unwrap().unwrap()
}

async fn letters(house: &House) -> Vec<(String, String)> {
    let found = mails::list(&house.app.store.rows(), None, 100).await.unwrap();
    found.into_iter().map(|mail| (mail.kind, mail.recipient)).collect()
}

#[tokio::test]
async fn a_steward_puts_it_up_as_nobodys() {
    let house = House::new().await;
    let app = &house.app;
    let (ruth, sam) = (person(&house, "ruth", true).await, person(&house, "sam", false).await);
    let made = propose(app, HERE, proposal()).await.unwrap();
    assert_eq!(letters(&house).await, [("nominated".to_owned(), "ruth@hyde.test".to_owned())]);
    assert!(
        put_up(app, &By::person(sam.id), made.id).await.is_err(),
        "an organiser looks after their own only"
    );
    assert!(desk(app, &sam).await.is_err());
    assert_eq!(waiting(app, &ruth).await.unwrap(), 1);
    let item = put_up(app, &By::person(ruth.id), made.id).await.unwrap();
    let seen = projects::seen(app, item).await.unwrap();
    assert!(seen.nobodys && seen.seen.item.text.html.contains("<strong>rain</strong>"));
    let due = change_rows::due(&app.store.rows(), app.now(), 100).await.unwrap();
    assert!(due.iter().any(|change| change.kind == ChangeKind::Published && change.object == item.0));
    assert!(letters(&house).await.contains(&("nomination-decided".to_owned(), "asha@far.test".to_owned())));
    let (waiting, decided) = desk(app, &ruth).await.unwrap();
    assert!(waiting.is_empty());
    let kept = &decided[0];
    assert_eq!((kept.item, kept.decided_by), (Some(item), Some(ruth.id)));
    assert_eq!(
        (kept.proposal.name.as_str(), kept.proposal.email.as_str()),
        ("", ""),
        "who proposed it is forgotten"
    );
    assert!(put_up(app, &By::person(ruth.id), made.id).await.is_err(), "once");
}

#[tokio::test]
async fn a_no_says_why() {
    let house = House::new().await;
    let ruth = person(&house, "ruth", true).await;
    let made = propose(&house.app, HERE, proposal()).await.unwrap();
    let by = By::person(ruth.id);
    assert!(decline(&house.app, &by, made.id, " ").await.is_err());
    decline(&house.app, &by, made.id, "There is one already.").await.unwrap();
    let (_, decided) = desk(&house.app, &ruth).await.unwrap();
    assert_eq!(
        (decided[0].state, decided[0].reason.as_str()),
        (NominationState::Declined, "There is one already.")
    );
    assert!(letters(&house).await.contains(&("nomination-decided".to_owned(), "asha@far.test".to_owned())));
}

#[tokio::test]
async fn what_cannot_be_a_project_is_refused_and_there_is_an_end() {
    let house = House::new().await;
    let app = &house.app;
    for wrong in [
        Proposal { title: " ".into(), ..proposal() },
        Proposal { text: String::new(), ..proposal() },
        Proposal { email: "asha".into(), ..proposal() },
    ] {
        assert!(propose(app, HERE, wrong).await.is_err());
    }
    for _ in 0..5 {
        propose(app, HERE, proposal()).await.unwrap();
    }
    assert!(propose(app, HERE, proposal()).await.is_err());
    assert!(put_up(app, &By::operator(), app.id()).await.is_err(), "none of this id");
}
