//! RSVPs: who goes, who waits, who is let in next; and what is left of a visitor.

use folkmoot_domain::{
    changes::ChangeKind,
    events::EventDraft,
    moments::{DAY, HOUR},
    people::Person,
    text::Handle,
};
use folkmoot_storage::{events as event_rows, mails};
use serde_json::Value;

use super::*;
use crate::{
    Error, events as event_steps, keeping,
    limits::HERE,
    people as accounts,
    tests::{House, words},
};

impl House {
    async fn event(&self, capacity: Option<i32>) -> ItemId {
        let starts = self.app.now().plus(3 * DAY);
        let draft =
            EventDraft { project: None, starts, ends: starts.plus(HOUR), zone: None, capacity, online: None };
        let home = self.park.actor.id;
        let seen = event_steps::publish(&self.app, &By::operator(), home, words("Planting day"), draft).await;
        seen.unwrap().event.id
    }

    async fn person(&self, name: &str) -> Person {
        let handle = Handle::parse(name).unwrap();
        accounts::enrol(&self.app, &By::operator(), name, &handle, &format!("{name}@hyde.test"))
            .await
            .unwrap()
    }

    /// Somebody with an account comes; the secret of the receipt.
    async fn comes(&self, name: &str, event: ItemId) -> String {
        let person = self.person(name).await;
        come(&self.app, &By::person(person.id), event, false, "").await.unwrap()
    }

    async fn state(&self, receipt: &str) -> RsvpState {
        by_receipt(&self.app, receipt).await.unwrap().rsvp.state
    }

    async fn going(&self, event: ItemId) -> i64 {
        event_rows::seen(&self.app.store.rows(), event).await.unwrap().unwrap().going
    }

    /// Kind and recipient of every letter so far, and what it says.
    async fn post(&self) -> Vec<(String, String, Value)> {
        let mut found = mails::list(&self.app.store.rows(), None, 1_000).await.unwrap();
        found.sort_by_key(|mail| mail.id);
        let letter = |text: &str| serde_json::from_str(text).unwrap();
        found.into_iter().map(|mail| (mail.kind, mail.recipient, letter(&mail.letter))).collect()
    }

    async fn joins(&self, name: &str, event: ItemId, id: &str) -> Result<()> {
        let actor = self.stranger(name).await;
        let joining = Joining {
            event,
            state: RsvpState::Going,
            join: Some(format!("https://far.test/{id}")),
            note: String::new(),
        };
        join(&self.app, &self.arrival(&actor).await, joining).await
    }
}

fn refusal<T: std::fmt::Debug>(result: Result<T>) -> Refusal {
    match result {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn who_waits_goes_in_the_order_of_asking() {
    use RsvpState::{Going, Not, Waiting};

    let house = House::new().await;
    let event = house.event(Some(2)).await;
    let mut receipts = Vec::new();
    for name in ["ann", "bob", "cleo", "dan"] {
        receipts.push(house.comes(name, event).await);
        house.pass(1_000);
    }
    let states = async |house: &House| {
        let mut states = Vec::new();
        for receipt in &receipts {
            states.push(house.state(receipt).await);
        }
        states
    };
    assert_eq!(states(&house).await, [Going, Going, Waiting, Waiting]);
    assert_eq!(house.going(event).await, 2);
    house.told().await;
    take_back(&house.app, &receipts[0]).await.unwrap();
    take_back(&house.app, &receipts[0]).await.unwrap();
    assert_eq!(states(&house).await, [Not, Going, Going, Waiting]);
    assert_eq!(house.told().await, [ChangeKind::RsvpAnswered], "the one who was let in hears of it, once");
    let (kind, to, letter) = house.post().await.pop().unwrap();
    assert_eq!((kind.as_str(), to.as_str()), ("rsvp-stands", "cleo@hyde.test"));
    assert_eq!(letter["state"], "going");

    // Who comes back stands at the end of the queue.
    let ann = house.app.store.rows();
    let ann = folkmoot_storage::people::by_email(&ann, "ann@hyde.test").await.unwrap().unwrap();
    assert_eq!(come(&house.app, &By::person(ann.id), event, false, "").await.unwrap(), receipts[0]);
    assert_eq!(states(&house).await, [Waiting, Going, Going, Waiting]);
    let waiting = rsvps::waiting(&house.app.store.rows(), event, 9).await.unwrap();
    assert_eq!(
        waiting.iter().map(|one| one.receipt.as_str()).collect::<Vec<_>>(),
        [&receipts[3], &receipts[0]]
    );

    // More room lets both in.
    let seen = event_rows::seen(&house.app.store.rows(), event).await.unwrap().unwrap().event;
    let roomier = EventDraft {
        project: None,
        starts: seen.starts,
        ends: seen.ends,
        zone: None,
        capacity: Some(9),
        online: None,
    };
    event_steps::change(&house.app, &By::operator(), event, words("Planting day"), roomier, "")
        .await
        .unwrap();
    assert_eq!(states(&house).await, [Going; 4]);
    assert_eq!(house.going(event).await, 4);
}

#[tokio::test]
async fn a_visitor_comes_by_a_letter_and_is_forgotten_in_time() {
    let house = House::new().await;
    let event = house.event(Some(1)).await;
    let form = Form { name: "Jo", email: "Jo@aire.test", note: "With a pram." };
    ask(&house.app, HERE, event, &form).await.unwrap();
    assert_eq!(house.going(event).await, 0, "nobody hears of it before the letter is answered");
    assert!(rsvps::of_event(&house.app.store.rows(), event, true).await.unwrap().is_empty());
    let (kind, to, letter) = house.post().await.pop().unwrap();
    assert_eq!((kind.as_str(), to.as_str()), ("confirm-coming", "jo@aire.test"));
    let secret = letter["link"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    for _ in 0..2 {
        let seen = confirm(&house.app, &secret).await.unwrap();
        assert_eq!((seen.rsvp.state, seen.rsvp.receipt.as_str()), (RsvpState::Going, secret.as_str()));
    }
    assert_eq!(house.going(event).await, 1);
    let seen = rsvps::of_event(&house.app.store.rows(), event, true).await.unwrap().remove(0);
    assert_eq!((seen.goer.name.as_str(), seen.rsvp.note.as_str()), ("Jo", "With a pram."));
    assert_eq!(seen.reach.unwrap().email.as_deref(), Some("jo@aire.test"));

    // The same address again is the same person, by another letter.
    ask(&house.app, [198, 51, 100, 7].into(), event, &form).await.unwrap();
    let (_, _, letter) = house.post().await.pop().unwrap();
    let other = letter["link"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    assert_eq!(confirm(&house.app, &other).await.unwrap().rsvp.receipt, secret);
    assert_eq!(house.going(event).await, 1);

    house.pass(60 * DAY);
    keeping::sweep(&house.app, 30).await.unwrap();
    assert_eq!(by_receipt(&house.app, &secret).await.unwrap().goer.name, "Jo");
    house.pass(60 * DAY);
    keeping::sweep(&house.app, 30).await.unwrap();
    let seen = by_receipt(&house.app, &secret).await.unwrap();
    assert_eq!((seen.goer.name.as_str(), seen.rsvp.note.as_str(), seen.reach), ("", "", None));
    assert_eq!(house.going(event).await, 1, "that somebody came stays counted");
}

#[tokio::test]
async fn what_nobody_confirms_is_gone_after_two_days() {
    let house = House::new().await;
    let event = house.event(None).await;
    ask(&house.app, HERE, event, &Form { name: "Jo", email: "jo@aire.test", note: "" }).await.unwrap();
    let (_, _, letter) = house.post().await.pop().unwrap();
    let secret = letter["link"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    house.pass(2 * DAY);
    assert_eq!(refusal(confirm(&house.app, &secret).await), Refusal::LinkSpent);
    keeping::sweep(&house.app, 30).await.unwrap();
    assert_eq!(refusal(by_receipt(&house.app, &secret).await), Refusal::Unknown("RSVP"));
    for (name, email, field) in [("", "jo@aire.test", "name"), ("Jo", "jo", "email")] {
        match refusal(ask(&house.app, HERE, event, &Form { name, email, note: "" }).await) {
            Refusal::Field { field: found, .. } => assert_eq!(found, field),
            other => panic!("{other}"),
        }
    }
}

#[tokio::test]
async fn a_join_is_answered_once_and_belongs_to_its_sender() {
    let house = House::new().await;
    let event = house.event(Some(1)).await;
    house.told().await;
    house.joins("mona", event, "joins/1").await.unwrap();
    house.joins("mona", event, "joins/1").await.unwrap();
    assert_eq!(house.told().await, [ChangeKind::RsvpAnswered]);
    house.joins("mona", event, "joins/2").await.unwrap();
    assert_eq!(house.told().await, [ChangeKind::RsvpAnswered], "another Join waits for its own answer");
    assert_eq!(house.going(event).await, 1);
    let stolen = house.joins("mallory", event, "joins/2").await;
    assert!(matches!(refusal(stolen), Refusal::NotTheOwner(_)));

    // A foreign event, and one that is no event at all.
    let call = house.call().await.call.id;
    assert_eq!(refusal(house.joins("mona", call, "joins/3").await), Refusal::Unknown("event"));
    house.told().await;

    // The waiting list has an end, and says so.
    for number in 0..6 {
        house.joins(&format!("guest-{number}"), event, &format!("joins/guest-{number}")).await.unwrap();
    }
    let all = rsvps::of_event(&house.app.store.rows(), event, true).await.unwrap();
    let last = &all.last().unwrap().rsvp;
    assert_eq!((last.state, last.answer.as_str()), (RsvpState::Refused, FULL));
    assert_eq!(house.told().await, [ChangeKind::RsvpAnswered; 6]);
}

#[tokio::test]
async fn who_comes_hears_that_it_is_called_off_and_nobody_comes_any_more() {
    let house = House::new().await;
    let event = house.event(None).await;
    let receipt = house.comes("ann", event).await;
    house.joins("mona", event, "joins/1").await.unwrap();
    house.told().await;
    event_steps::cancel(&house.app, &By::operator(), event, "Storm").await.unwrap();
    assert_eq!(house.told().await, [ChangeKind::Cancelled]);
    let letters = house.post().await;
    let (kind, to, letter) = letters.last().unwrap();
    assert_eq!(
        (kind.as_str(), to.as_str(), &letter["reason"]),
        ("event-off", "ann@hyde.test", &"Storm".into())
    );
    let bob = house.person("bob").await;
    let late = come(&house.app, &By::person(bob.id), event, false, "").await;
    assert_eq!(refusal(late), Refusal::EventOver("called off"));
    assert!(matches!(
        refusal(ask(&house.app, HERE, event, &Form { name: "Jo", email: "jo@aire.test", note: "" }).await),
        Refusal::EventOver(_)
    ));
    // Taking it back is possible still, and a Join is told why not.
    take_back(&house.app, &receipt).await.unwrap();
    house.joins("nina", event, "joins/2").await.unwrap();
    let all = rsvps::of_event(&house.app.store.rows(), event, true).await.unwrap();
    assert!(
        all.iter()
            .any(|seen| seen.rsvp.state == RsvpState::Refused && seen.rsvp.answer.contains("called off"))
    );
}

#[tokio::test]
async fn only_organisers_say_no() {
    let house = House::new().await;
    let event = house.event(None).await;
    let receipt = house.comes("ann", event).await;
    let id = by_receipt(&house.app, &receipt).await.unwrap().rsvp.id;
    let bob = house.person("bob").await;
    assert_eq!(refusal(refuse(&house.app, &By::person(bob.id), id, "").await), Refusal::NotAnOrganiser);
    house.told().await;
    let seen = refuse(&house.app, &By::operator(), id, "Under eighteens only.").await.unwrap();
    assert_eq!(seen.rsvp.state, RsvpState::Refused);
    assert_eq!(house.going(event).await, 0);
    house.told().await;
    let (_, to, letter) = house.post().await.pop().unwrap();
    assert_eq!((to.as_str(), &letter["words"]), ("ann@hyde.test", &"Under eighteens only.".into()));
}
