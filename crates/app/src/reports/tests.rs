//! Who hears of a report, who may decide it, and what a decision does.

use folkmoot_domain::{
    ReplyId, changes::ChangeKind, items::Words, moments::MINUTE, reports::Category, roles::Role, text::Handle,
};
use folkmoot_storage::{changes as change_rows, mails};

use super::*;
use crate::{
    Error, associations as association_cases,
    limits::HERE,
    tests::{House, founding},
    updates,
};

fn complaint(email: Option<&str>) -> Complaint {
    Complaint {
        category: Category::Unsafe,
        words: "The bridge is rotten.".into(),
        email: email.map(str::to_owned),
    }
}

async fn person(house: &House, handle: &str) -> Person {
    let email = format!("{handle}@hyde.test");
    crate::people::enrol(&house.app, &By::operator(), handle, &Handle::parse(handle).unwrap(), &email)
        .await
        .unwrap()
}

async fn steward(house: &House, handle: &str) -> Person {
    let person = person(house, handle).await;
    let tx = house.app.store.begin().await.unwrap();
    people::set_steward(&tx, person.id, true).await.unwrap();
    tx.commit().await.unwrap();
    people::find(&house.app.store.rows(), person.id).await.unwrap().unwrap()
}

async fn with_role(house: &House, handle: &str, association: ActorId, role: Role) -> Person {
    let person = person(house, handle).await;
    let tx = house.app.store.begin().await.unwrap();
    people::give_role(&tx, person.id, association, role).await.unwrap();
    tx.commit().await.unwrap();
    person
}

/// To whom letters of this kind wait to go, in order.
async fn letters(house: &House, kind: &str) -> Vec<String> {
    let found = mails::list(&house.app.store.rows(), None, 100).await.unwrap();
    let mut to: Vec<_> =
        found.into_iter().filter(|mail| mail.kind == kind).map(|mail| mail.recipient).collect();
    to.sort();
    to
}

async fn update(house: &House) -> ItemId {
    let call = house.call().await.call.id;
    let words = Words {
        title: "News".into(),
        text: "Walk over it.".into(),
        language: None,
        place: None,
        causes: vec![],
    };
    updates::publish(&house.app, &By::operator(), call, words).await.unwrap().seen.item.id
}

async fn reply_to(house: &House, item: ItemId) -> ReplyId {
    let ann = house.stranger("ann").await;
    let uri = url::Url::parse("https://far.test/notes/1").unwrap();
    let written = crate::replies::Written {
        uri: uri.clone(),
        item,
        html: "<p>Cheap spades.</p>".into(),
        direct: false,
        published: house.app.now(),
        edited: None,
    };
    let by = By { who: Who::Remote(ann.id), arrival: None };
    crate::replies::receive(&house.app, &by, written).await.unwrap();
    replies::by_uri(&house.app.store.rows(), uri.as_str()).await.unwrap().unwrap().id
}

async fn state(house: &House, id: ReportId) -> ReportState {
    reports::find(&house.app.store.rows(), id).await.unwrap().unwrap().state
}

#[tokio::test]
async fn a_report_reaches_those_who_look_after_it_once_an_hour() {
    let house = House::new().await;
    let park = house.park.actor.id;
    steward(&house, "board").await;
    with_role(&house, "warden", park, Role::Steward).await;
    with_role(&house, "organiser", park, Role::Organiser).await;
    person(&house, "somebody").await;
    let item = update(&house).await;
    let made = make(&house.app, HERE, None, Reported::Item(item), complaint(None)).await.unwrap();
    assert_eq!((made.title.as_str(), made.association), ("News", Some(park)));
    let everyone = ["board@hyde.test", "organiser@hyde.test", "warden@hyde.test"];
    assert_eq!(letters(&house, "reported").await, everyone);
    house.pass(10 * MINUTE);
    make(&house.app, HERE, None, Reported::Item(item), complaint(None)).await.unwrap();
    assert_eq!(letters(&house, "reported").await.len(), 3, "one letter for one thing and hour");
    // However many came meanwhile: an hour after the letter, another goes.
    house.pass(50 * MINUTE);
    make(&house.app, HERE, None, Reported::Item(item), complaint(None)).await.unwrap();
    assert_eq!(letters(&house, "reported").await.len(), 6);

    // An association does not look after reports about itself.
    let about = make(&house.app, HERE, None, Reported::Actor(park), complaint(None)).await.unwrap();
    assert_eq!(about.association, None);
    assert_eq!(letters(&house, "reported").await.len(), 7);
}

#[tokio::test]
async fn taking_down_deletes_tells_the_reporter_and_settles_the_rest() {
    let house = House::new().await;
    let app = &house.app;
    let warden = with_role(&house, "warden", house.park.actor.id, Role::Steward).await;
    let item = update(&house).await;
    let first = make(app, HERE, None, Reported::Item(item), complaint(Some("asha@far.test"))).await.unwrap();
    let second = make(app, HERE, None, Reported::Item(item), complaint(None)).await.unwrap();
    let by = By::person(warden.id);
    assert!(judge(app, &by, first.id, Verdict::TakeDown, " ").await.is_err(), "a reason is needed");
    judge(app, &by, first.id, Verdict::TakeDown, "The bridge is closed.").await.unwrap();
    assert!(item_rows::find(&app.store.rows(), item).await.unwrap().unwrap().deleted.is_some());
    let due = change_rows::due(&app.store.rows(), app.now(), 100).await.unwrap();
    assert!(due.iter().any(|change| change.kind == ChangeKind::Deleted && change.object == item.0));
    assert_eq!(letters(&house, "report-decided").await, ["asha@far.test"]);
    assert_eq!(state(&house, second.id).await, ReportState::TakenDown);
    let stored = reports::find(&app.store.rows(), first.id).await.unwrap().unwrap();
    assert_eq!((stored.email, stored.title.as_str()), (None, "News"), "the address is gone, the name is not");
    let desk = desk(app, &warden).await.unwrap();
    assert!(desk.waiting.is_empty() && !desk.board);
    let judgement = &desk.judgements[&first.id][0];
    assert_eq!((judgement.by, judgement.reason.as_str()), (Some(warden.id), "The bridge is closed."));
    assert!(judge(app, &by, first.id, Verdict::Keep, "No.").await.is_err(), "decided once");
    assert!(find(app, Reported::Item(item)).await.unwrap().is_none(), "what is gone is not reported");
    assert!(make(app, HERE, None, Reported::Item(item), complaint(None)).await.is_err());
}

#[tokio::test]
async fn what_is_kept_stays_and_what_is_passed_on_waits_for_the_board() {
    let house = House::new().await;
    let app = &house.app;
    let (board, warden) = (
        steward(&house, "board").await,
        with_role(&house, "warden", house.park.actor.id, Role::Steward).await,
    );
    let item = update(&house).await;
    let report =
        make(app, HERE, Some(&warden), Reported::Item(item), complaint(Some("a@far.test"))).await.unwrap();
    judge(app, &By::person(warden.id), report.id, Verdict::PassOn, "We wrote it ourselves.").await.unwrap();
    assert_eq!(state(&house, report.id).await, ReportState::WithBoard);
    assert!(letters(&house, "report-decided").await.is_empty(), "not decided yet");
    assert!(judge(app, &By::person(warden.id), report.id, Verdict::Keep, "Hm.").await.is_err());
    house.pass(MINUTE);
    judge(app, &By::person(board.id), report.id, Verdict::Keep, "The bridge is mended.").await.unwrap();
    assert_eq!(state(&house, report.id).await, ReportState::Kept);
    assert!(item_rows::find(&app.store.rows(), item).await.unwrap().unwrap().deleted.is_none());
    assert_eq!(letters(&house, "report-decided").await, ["a@far.test"]);
    assert_eq!(desk(app, &board).await.unwrap().judgements[&report.id].len(), 2, "every decision stays");
}

#[tokio::test]
async fn a_reply_is_taken_down_by_hiding_it() {
    let house = House::new().await;
    let app = &house.app;
    let board = steward(&house, "board").await;
    let call = house.call().await.call.id;
    let reply = reply_to(&house, call).await;
    assert!(find(app, Reported::Reply(reply)).await.unwrap().is_none(), "held replies are seen by nobody");
    crate::replies::judge(app, &By::operator(), reply, ReplyState::Approved).await.unwrap();
    let report = make(app, HERE, None, Reported::Reply(reply), complaint(None)).await.unwrap();
    assert!(report.title.contains("Plant trees"), "{}", report.title);
    judge(app, &By::person(board.id), report.id, Verdict::TakeDown, "Advertising.").await.unwrap();
    assert_eq!(replies::find(&app.store.rows(), reply).await.unwrap().unwrap().state, ReplyState::Declined);
}

#[tokio::test]
async fn others_neither_see_nor_decide() {
    let house = House::new().await;
    let app = &house.app;
    let nobody = person(&house, "nobody").await;
    let neighbour = person(&house, "neighbour").await;
    association_cases::found(app, &By::operator(), founding("neighbours"), Some(neighbour.id)).await.unwrap();
    let warden = with_role(&house, "warden", house.park.actor.id, Role::Steward).await;
    let item = update(&house).await;
    let report = make(app, HERE, None, Reported::Item(item), complaint(None)).await.unwrap();
    let about_park =
        make(app, HERE, None, Reported::Actor(house.park.actor.id), complaint(None)).await.unwrap();
    let unknown = |result: Result<()>| matches!(result, Err(Error::Refused(Refusal::Unknown("report"))));
    for who in [&nobody, &neighbour] {
        assert!(unknown(judge(app, &By::person(who.id), report.id, Verdict::Keep, "Mine.").await));
    }
    assert!(unknown(judge(app, &By::person(warden.id), about_park.id, Verdict::Keep, "We are fine.").await));
    assert!(desk(app, &nobody).await.is_err());
    assert!(desk(app, &neighbour).await.unwrap().waiting.is_empty());
    let seen: Vec<_> = desk(app, &warden).await.unwrap().waiting.iter().map(|report| report.id).collect();
    assert_eq!(seen, [report.id]);
    assert_eq!((waiting(app, &warden).await.unwrap(), waiting(app, &neighbour).await.unwrap()), (1, 0));
    // People of this board have no page to be reported from.
    assert!(find(app, Reported::Actor(nobody.id)).await.unwrap().is_none());
}

#[tokio::test]
async fn reports_from_one_place_have_an_end() {
    let house = House::new().await;
    let item = update(&house).await;
    let mut made = 0;
    while make(&house.app, HERE, None, Reported::Item(item), complaint(None)).await.is_ok() {
        made += 1;
        assert!(made < 100);
    }
    assert_eq!(made, 10);
}
