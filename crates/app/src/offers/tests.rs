//! Offers of help by people without an account: what each leaves in the database, and what is forgotten again.

use folkmoot_domain::{
    changes::ChangeKind,
    moments::{DAY, HOUR, MINUTE},
    people::Person,
    pledges::PledgeState,
    text::Handle,
    visitors::Reach,
};
use serde_json::Value;

use super::*;
use crate::{
    calls as call_steps, items, keeping,
    limits::HERE,
    people as accounts, replies,
    tests::{House, founding},
};

const JO: Form<'static> =
    Form { needs: &[0], name: "Jo", email: "jo@aire.test", phone: "", note: "I come by bike.", once: "" };
const CALLED: Form<'static> =
    Form { needs: &[1], name: "Priya", email: "", phone: "0113 496 0123", note: "", once: "form" };

impl House {
    async fn ruth(&self) -> Person {
        let handle = Handle::parse("ruth").unwrap();
        accounts::enrol(&self.app, &By::operator(), "Ruth", &handle, "ruth@hyde.test").await.unwrap()
    }

    /// Makes somebody an organiser of the park.
    async fn organises(&self, person: &Person) {
        self.give_role(person, folkmoot_domain::roles::Role::Organiser).await;
    }

    async fn give_role(&self, person: &Person, role: folkmoot_domain::roles::Role) {
        let tx = self.app.store.begin().await.unwrap();
        people::give_role(&tx, person.id, self.park.actor.id, role).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn offers(&self, call: ItemId, form: Form<'_>) -> Offered {
        let written = u8::try_from(self.letters().await.len()).unwrap();
        offer(&self.app, [198, 51, 100, written].into(), call, &form).await.unwrap()
    }

    /// Kind, recipient and words of every letter so far, oldest first.
    async fn letters(&self) -> Vec<(String, String, Value)> {
        let found = folkmoot_storage::mails::list(&self.app.store.rows(), None, 1_000).await.unwrap();
        let mut letters: Vec<_> = found
            .into_iter()
            .map(|mail| (mail.id, (mail.kind, mail.recipient, serde_json::from_str(&mail.letter).unwrap())))
            .collect();
        letters.sort_by_key(|(id, _)| *id);
        letters.into_iter().map(|(_, letter)| letter).collect()
    }

    async fn kinds(&self) -> Vec<String> {
        self.letters().await.into_iter().map(|(kind, to, _)| format!("{kind} to {to}")).collect()
    }

    /// The secret in the link of the newest letter.
    async fn secret(&self) -> String {
        let (_, _, letter) = self.letters().await.pop().unwrap();
        letter["link"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
    }

    async fn confirms(&self, call: ItemId, form: Form<'_>) -> String {
        assert_eq!(self.offers(call, form).await, Offered::LetterSent);
        match confirm(&self.app, &self.secret().await).await.unwrap() {
            Confirmed::Pledge(receipt) => receipt,
            Confirmed::Late(_) => panic!("the call is over"),
        }
    }

    async fn pledge(&self, receipt: &str) -> folkmoot_domain::pledges::PledgeSeen {
        pledges::by_receipt(&self.app, receipt).await.unwrap()
    }

    /// Offered and taken of each need.
    async fn counts(&self, call: ItemId) -> Vec<(i64, i64)> {
        let seen = call_steps::seen(&self.app, call).await.unwrap();
        seen.needs.iter().map(|need| (need.offered, need.taken)).collect()
    }
}

fn refusal<T: std::fmt::Debug>(result: Result<T>) -> Refusal {
    match result {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn an_offer_is_nothing_until_it_is_confirmed_and_a_pledge_like_any_other_then() {
    let house = House::new().await;
    let call = house.call().await.call.id;
    house.told().await;
    assert_eq!(house.offers(call, JO).await, Offered::LetterSent);
    assert_eq!(house.counts(call).await, [(0, 0), (0, 0)]);
    let (kind, to, letter) = house.letters().await.pop().unwrap();
    assert_eq!((kind.as_str(), to.as_str()), ("confirm-offer", "jo@aire.test"));
    assert_eq!((&letter["call"], &letter["needs"][0]), (&"Plant trees".into(), &"I can plant".into()));

    let secret = house.secret().await;
    for _ in 0..2 {
        let Waiting::Offer(offer, seen) = waiting(&house.app, &secret).await.unwrap() else { panic!() };
        assert_eq!((offer.name.as_str(), seen.call.id), ("Jo", call));
    }
    let Confirmed::Pledge(receipt) = confirm(&house.app, &secret).await.unwrap() else { panic!() };
    let seen = house.pledge(&receipt).await;
    assert_eq!((seen.pledge.state, seen.pledge.door), (PledgeState::Offered, Door::Mail));
    assert_eq!(
        (seen.labels.as_slice(), seen.pledge.note.as_str()),
        (["I can plant".to_owned()].as_slice(), JO.note)
    );
    assert!(seen.giver.is_visitor() && seen.giver.name == "Jo");
    assert_eq!(seen.reach.unwrap().email.as_deref(), Some("jo@aire.test"));
    assert_eq!(house.counts(call).await, [(1, 0), (0, 0)]);
    assert_eq!(house.kinds().await[1..], ["receipt to jo@aire.test"]);
    assert_eq!(house.secret().await, receipt);

    // Once more leads to the same, and changes nothing.
    assert_eq!(confirm(&house.app, &secret).await.unwrap(), Confirmed::Pledge(receipt.clone()));
    assert_eq!(waiting(&house.app, &secret).await.unwrap(), Waiting::Confirmed(receipt));
    assert_eq!((house.counts(call).await[0], house.letters().await.len()), ((1, 0), 2));
    // No vote was cast, so that no tally moves.
    house.pass(MINUTE);
    assert_eq!(house.told().await, [ChangeKind::PledgeOffered]);
    assert_eq!(call_steps::seen(&house.app, call).await.unwrap().voters, 0);
}

#[tokio::test]
async fn a_form_is_checked_before_anything_is_stored() {
    let house = House::new().await;
    let call = house.call().await.call.id;
    for (form, wrong) in [
        (Form { needs: &[], ..JO }, "needs"),
        (Form { needs: &[7], ..JO }, "needs"),
        (Form { name: "", ..JO }, "name"),
        (Form { email: "", ..JO }, "email"),
        (Form { email: "jo", ..JO }, "email"),
        (Form { phone: "ring me", ..JO }, "phone"),
    ] {
        let refused = refusal(offer(&house.app, HERE, call, &form).await);
        assert!(matches!(refused, Refusal::Field { field, .. } if field == wrong), "{wrong}: {refused}");
    }
    let nowhere = offer(&house.app, HERE, house.app.id(), &JO).await;
    assert_eq!(refusal(nowhere), Refusal::Unknown("call"));
    assert_eq!(house.letters().await.len(), 0);
}

#[tokio::test]
async fn only_so_many_offers_come_from_one_place() {
    let house = House::new().await;
    let call = house.call().await.call.id;
    for number in 0..5 {
        let email = format!("jo{number}@aire.test");
        offer(&house.app, HERE, call, &Form { email: &email, ..JO }).await.unwrap();
    }
    assert!(matches!(refusal(offer(&house.app, HERE, call, &JO).await), Refusal::TooOften { .. }));
    // From everywhere, but all to one mail address.
    let places: Vec<IpAddr> = (1..=6u8).map(|last| [198, 51, 100, last].into()).collect();
    for (number, place) in places.into_iter().enumerate() {
        let offered = offer(&house.app, place, call, &JO).await;
        assert_eq!(offered.is_ok(), number < 5, "{number}");
    }
}

#[tokio::test]
async fn whoever_confirmed_before_is_the_same_visitor_with_one_pledge() {
    let house = House::new().await;
    let (call, other) = (house.call().await.call.id, house.call().await.call.id);
    let first = house.confirms(call, JO).await;
    // The address in other letters, more needs, another name.
    let again = Form { needs: &[1], name: "Joanna", email: "JO@aire.test ", phone: "0113 496 0999", ..JO };
    assert_eq!(house.confirms(call, again).await, first);
    let seen = house.pledge(&first).await;
    assert_eq!((seen.labels.len(), seen.giver.name.as_str()), (2, "Joanna"));
    assert_eq!(seen.reach.clone().unwrap().phone.as_deref(), Some("0113 496 0999"));
    assert_eq!(house.counts(call).await, [(1, 0), (1, 0)]);
    let elsewhere = house.pledge(&house.confirms(other, JO).await).await;
    assert_eq!(elsewhere.giver.id, seen.giver.id);

    // An offer that waits changes nothing about who is known.
    house.offers(other, Form { name: "Somebody else", ..JO }).await;
    assert_eq!(house.pledge(&first).await.giver.name, "Jo");
}

#[tokio::test]
async fn what_was_taken_back_can_be_offered_again() {
    let house = House::new().await;
    let call = house.call().await.call.id;
    let receipt = house.confirms(call, JO).await;
    pledges::withdraw(&house.app, &receipt).await.unwrap();
    assert_eq!(house.counts(call).await, [(0, 0), (0, 0)]);
    assert_eq!(house.pledge(&receipt).await.reach, None, "nobody needs to reach who took it back");
    assert_eq!(house.confirms(call, Form { note: "", ..JO }).await, receipt);
    let seen = house.pledge(&receipt).await;
    assert_eq!((seen.pledge.state, seen.pledge.note.as_str()), (PledgeState::Offered, JO.note));
    assert_eq!(house.counts(call).await, [(1, 0), (0, 0)]);
}

#[tokio::test]
async fn a_link_is_good_for_two_days() {
    let house = House::new().await;
    let draft_call = house.call().await.call.id;
    house.pass(HOUR);
    house.offers(draft_call, JO).await;
    let secret = house.secret().await;
    house.pass(48 * HOUR);
    for _ in 0..2 {
        assert_eq!(refusal(confirm(&house.app, &secret).await), Refusal::LinkSpent);
        assert_eq!(refusal(waiting(&house.app, &secret).await), Refusal::LinkSpent);
        keeping::sweep(&house.app, 30).await.unwrap();
    }
    assert_eq!(refusal(confirm(&house.app, "guessed").await), Refusal::LinkSpent);
}

#[tokio::test]
async fn who_confirms_when_the_call_is_over_is_told_so_and_not_remembered() {
    let house = House::new().await;
    let (closed, gone) = (house.call().await.call.id, house.call().await.call.id);
    house.offers(closed, JO).await;
    let late = house.secret().await;
    house.offers(gone, JO).await;
    let later = house.secret().await;
    call_steps::close(&house.app, &By::operator(), closed, "Forty trees stand.", "").await.unwrap();
    items::delete(&house.app, &By::operator(), gone).await.unwrap();
    for (secret, call) in [(late, closed), (later, gone)] {
        assert_eq!(waiting(&house.app, &secret).await.unwrap(), Waiting::Late(call));
        for _ in 0..2 {
            assert_eq!(confirm(&house.app, &secret).await.unwrap(), Confirmed::Late(call));
        }
    }
    assert_eq!(house.kinds().await, ["confirm-offer to jo@aire.test"; 2]);
    assert_eq!(visitors::confirmed(&house.app.store.rows(), "jo@aire.test").await.unwrap(), None);
    assert_eq!(refusal(offer(&house.app, HERE, closed, &JO).await), Refusal::CallOver);
}

#[tokio::test]
async fn with_a_telephone_number_it_stands_at_once() {
    let house = House::new().await;
    let call = house.call().await.call.id;
    let Offered::Stands(receipt) = house.offers(call, CALLED).await else {
        panic!("a letter to a telephone")
    };
    let seen = house.pledge(&receipt).await;
    assert_eq!((seen.pledge.state, seen.pledge.door), (PledgeState::Offered, Door::Phone));
    let reach = Reach { email: None, phone: Some("0113 496 0123".into()) };
    assert_eq!(seen.reach, Some(reach));
    // The button pressed twice is one offer, and the same number from another form is another person.
    assert_eq!(house.offers(call, CALLED).await, Offered::Stands(receipt.clone()));
    assert_eq!(house.counts(call).await, [(0, 0), (1, 0)]);
    let Offered::Stands(other) = house.offers(call, Form { once: "guess", ..CALLED }).await else { panic!() };
    assert_ne!(other, receipt);
    assert_eq!(house.counts(call).await, [(0, 0), (2, 0)]);
    assert!(house.letters().await.is_empty());
    // A number is nobody's proof: who confirms a letter is somebody else.
    let jo = house.confirms(call, Form { phone: CALLED.phone, ..JO }).await;
    assert_ne!(house.pledge(&jo).await.giver.id, seen.giver.id);
}

#[tokio::test]
async fn who_is_signed_in_helps_with_one_tap() {
    let house = House::new().await;
    let (call, ruth) = (house.call().await.call.id, house.ruth().await);
    let by = By::person(ruth.id);
    let receipt = help(&house.app, &by, call, &[0, 1], "").await.unwrap();
    let seen = house.pledge(&receipt).await;
    assert_eq!((seen.giver.id, seen.pledge.door, seen.labels.len()), (ruth.id, Door::Page, 2));
    assert_eq!(seen.reach.unwrap().email.as_deref(), Some("ruth@hyde.test"));
    assert_eq!(help(&house.app, &by, call, &[0], "With a friend").await.unwrap(), receipt);
    // By mail she is the same.
    assert_eq!(house.confirms(call, Form { email: "ruth@hyde.test", note: "", ..JO }).await, receipt);
    let seen = house.pledge(&receipt).await;
    assert_eq!((seen.giver.name.as_str(), seen.pledge.note.as_str()), ("Ruth", "With a friend"));
    assert!(matches!(refusal(help(&house.app, &by, call, &[], "").await), Refusal::Field { .. }));
    assert!(help(&house.app, &By::operator(), call, &[0], "").await.is_err());
}

#[tokio::test]
async fn letters_say_what_became_of_it() {
    let house = House::new().await;
    let (call, ruth) = (house.call().await.call.id, house.ruth().await);
    house.organises(&ruth).await;
    let receipt = house.confirms(call, JO).await;
    house.offers(call, CALLED).await;
    house.vote(&house.stranger("ann").await, call, "I can plant").await;
    let before = house.letters().await.len();
    house.pass(MINUTE);
    house.told().await;
    let letters = house.letters().await.split_off(before);
    assert_eq!(letters.iter().map(|(_, to, _)| to.as_str()).collect::<Vec<_>>(), ["ruth@hyde.test"; 3]);
    let givers: Vec<_> = letters.iter().map(|(_, _, letter)| letter["giver"].as_str().unwrap()).collect();
    assert_eq!(givers, ["Jo", "Priya", "ann (@ann@far.test)"]);
    assert_eq!(letters[0].2["note"], JO.note);

    // One more tick is no other letter.
    house.confirms(call, Form { needs: &[1], ..JO }).await;
    let before = house.letters().await.len();
    house.pass(MINUTE);
    assert!(house.told().await.contains(&ChangeKind::PledgeOffered));
    assert_eq!(house.letters().await.len(), before);

    let jo = house.pledge(&receipt).await.pledge.id;
    pledges::answer(&house.app, &By::person(ruth.id), jo, PledgeState::Accepted, "Bring gloves.")
        .await
        .unwrap();
    call_steps::close(&house.app, &By::operator(), call, "Forty trees stand.", "Thank you").await.unwrap();
    house.told().await;
    let letters = house.letters().await.split_off(before);
    let [(answered, to, words), (over, other, ending)] = letters.as_slice() else { panic!("{letters:?}") };
    assert_eq!((answered.as_str(), over.as_str()), ("pledge-answered", "call-over"));
    assert_eq!((to.as_str(), other.as_str()), ("jo@aire.test", "jo@aire.test"));
    assert_eq!((&words["state"], &words["words"]), (&"accepted".into(), &"Bring gloves.".into()));
    assert!(words["link"].as_str().unwrap().ends_with(&receipt));
    assert_eq!((&ending["how"], &ending["thanks"]), (&"closed".into(), &"Thank you".into()));
}

#[tokio::test]
async fn who_counts_on_a_call_hears_when_it_is_off() {
    let house = House::new().await;
    let calls = [house.call().await.call.id, house.call().await.call.id, house.call().await.call.id];
    for call in calls {
        house.confirms(call, JO).await;
        let off = house.confirms(call, Form { email: "off@aire.test", ..JO }).await;
        pledges::withdraw(&house.app, &off).await.unwrap();
    }
    let before = house.letters().await.len();
    let [parked, cancelled, deleted] = calls;
    call_steps::park(&house.app, &By::operator(), parked, "No saplings", None).await.unwrap();
    call_steps::cancel(&house.app, &By::operator(), cancelled, "Storm").await.unwrap();
    items::delete(&house.app, &By::operator(), deleted).await.unwrap();
    house.told().await;
    let letters = house.letters().await.split_off(before);
    assert!(letters.iter().all(|(kind, to, _)| kind == "call-over" && to == "jo@aire.test"), "{letters:?}");
    let mut how: Vec<_> = letters
        .iter()
        .map(|(_, _, letter)| (letter["how"].as_str().unwrap(), letter["words"].as_str().unwrap()))
        .collect();
    how.sort_unstable();
    assert_eq!(how, [("another-day", "No saplings"), ("cancelled", ""), ("cancelled", "Storm")]);
    assert!(letters.iter().all(|(_, _, letter)| letter["call"] == "Plant trees"));
}

#[tokio::test]
async fn a_flood_of_replies_is_no_flood_of_mail() {
    let house = House::new().await;
    let (call, ruth) = (house.call().await.call.id, house.ruth().await);
    house.organises(&ruth).await;
    let sam = Handle::parse("sam").unwrap();
    let sam = accounts::enrol(&house.app, &By::operator(), "Sam", &sam, "sam@hyde.test").await.unwrap();
    house.give_role(&sam, folkmoot_domain::roles::Role::Steward).await;
    let ann = house.stranger("ann").await;
    let writes = async |number: usize, direct: bool| {
        let written = replies::Written {
            uri: format!("https://far.test/note/{number}").parse().unwrap(),
            item: call,
            html: "<p>Hello</p>".into(),
            direct,
            published: house.app.now(),
            edited: None,
        };
        replies::receive(&house.app, &house.arrival(&ann).await, written).await.unwrap();
        house.told().await;
    };
    // What is for the organisers alone is no news for stewards.
    writes(0, true).await;
    assert_eq!(house.kinds().await, ["reply-waits to ruth@hyde.test"]);
    for number in 1..20 {
        house.pass(MINUTE);
        writes(number, false).await;
    }
    assert_eq!(house.letters().await.len(), 1);
    house.pass(HOUR - 19 * MINUTE);
    house.told().await;
    let mut kinds = house.kinds().await.split_off(1);
    kinds.sort();
    assert_eq!(kinds, ["reply-waits to ruth@hyde.test", "reply-waits to sam@hyde.test"]);
    house.pass(3 * HOUR);
    assert_eq!(house.told().await, [ChangeKind::Ended; 0]);
}

#[tokio::test]
async fn nothing_is_left_of_what_was_not_confirmed() {
    let house = House::new().await;
    let call = house.call().await.call.id;
    house.offers(call, JO).await;
    let hash = keys::hash(&house.secret().await);
    let found = async || offers::find(&house.app.store.rows(), &hash).await.unwrap();
    house.pass(47 * HOUR);
    keeping::sweep(&house.app, 30).await.unwrap();
    assert!(found().await.is_some() && house.letters().await.len() == 1);
    house.pass(HOUR);
    keeping::sweep(&house.app, 30).await.unwrap();
    assert!(found().await.is_none() && house.letters().await.is_empty());
}

#[tokio::test]
async fn how_to_reach_somebody_is_forgotten_ninety_days_after_the_end() {
    let house = House::new().await;
    let (early, late) = (house.call().await.call.id, house.call().await.call.id);
    let jo = house.confirms(early, JO).await;
    house.confirms(late, JO).await;
    let Offered::Stands(priya) = house.offers(early, CALLED).await else { panic!() };
    let by = By::operator();
    pledges::answer(&house.app, &by, house.pledge(&jo).await.pledge.id, PledgeState::Accepted, "")
        .await
        .unwrap();
    call_steps::cancel(&house.app, &by, early, "Storm").await.unwrap();
    let days = async |number: i64| {
        house.pass(number * DAY);
        while keeping::sweep(&house.app, 30).await.unwrap() > 0 {}
    };
    // Priya's call was cancelled now; one of Jo's goes on for two days.
    days(89).await;
    assert!(house.pledge(&priya).await.reach.is_some());
    days(1).await;
    let forgotten = house.pledge(&priya).await;
    assert_eq!((forgotten.reach, forgotten.giver.name.as_str()), (None, ""));
    assert!(house.pledge(&jo).await.reach.is_some());
    days(1).await;
    assert!(house.pledge(&jo).await.reach.is_some());
    days(1).await;
    let forgotten = house.pledge(&jo).await;
    assert_eq!(
        (forgotten.reach, forgotten.giver.name.as_str(), forgotten.pledge.note.as_str()),
        (None, "", "")
    );
    assert_eq!(house.counts(early).await, [(0, 1), (1, 0)], "that they helped stays counted");
    assert_eq!(visitors::confirmed(&house.app.store.rows(), "jo@aire.test").await.unwrap(), None);
    // Somebody who comes again is new.
    let again = house.call().await.call.id;
    let new = house.pledge(&house.confirms(again, JO).await).await;
    assert_ne!(new.giver.id, forgotten.giver.id);
}

#[tokio::test]
async fn a_receipt_is_nobody_elses() {
    let house = House::new().await;
    let call = house.call().await.call.id;
    let (jo, priya) = (house.confirms(call, JO).await, house.offers(call, CALLED).await);
    let Offered::Stands(priya) = priya else { panic!() };
    assert_ne!(jo, priya);
    pledges::withdraw(&house.app, &priya).await.unwrap();
    assert_eq!(house.pledge(&jo).await.pledge.state, PledgeState::Offered);
    let guesses = [jo.to_uppercase(), jo[1..].to_owned(), house.pledge(&jo).await.pledge.id.to_string()];
    for guess in guesses {
        assert_eq!(refusal(pledges::by_receipt(&house.app, &guess).await), Refusal::Unknown("pledge"));
        assert_eq!(refusal(pledges::withdraw(&house.app, &guess).await), Refusal::Unknown("pledge"));
    }
}

#[tokio::test]
async fn only_organisers_of_its_association_answer_a_pledge() {
    let house = House::new().await;
    let (call, ruth) = (house.call().await.call.id, house.ruth().await);
    crate::associations::found(&house.app, &By::operator(), founding("others"), Some(ruth.id)).await.unwrap();
    let jo = house.pledge(&house.confirms(call, JO).await).await.pledge.id;
    let answered = pledges::answer(&house.app, &By::person(ruth.id), jo, PledgeState::Accepted, "").await;
    assert_eq!(refusal(answered), Refusal::NotAnOrganiser);
}
