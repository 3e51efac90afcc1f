//! Answers from other instances, from the signed request to the row: offers of help, who comes, and lies about both.

use folkmoot_app::events as event_steps;
use folkmoot_domain::{
    ItemId,
    events::{EventDraft, EventSeen},
    items::Words,
    moments::HOUR,
    pledges::{Door, PledgeState},
    rsvps::{RsvpSeen, RsvpState},
};
use folkmoot_storage::rsvps;

use super::*;

const CAROL: &str = "https://far.example/users/carol";

fn offer(from: &Stranger, id: &str, satisfies: &str) -> Value {
    let agreement = json!({
        "type": "Agreement", "stipulates": {"type": "Commitment", "satisfies": satisfies}, "content": "<p>Gladly</p>",
    });
    from.says(id, "Offer", &agreement)
}

async fn event(house: &House, capacity: Option<i32>) -> EventSeen {
    let starts = house.app.now().plus(24 * HOUR);
    let draft =
        EventDraft { project: None, starts, ends: starts.plus(HOUR), zone: None, capacity, online: None };
    let words = Words {
        title: "Planting day".into(),
        text: "Tea at eleven".into(),
        language: None,
        place: None,
        causes: Vec::new(),
    };
    event_steps::publish(&house.app, &By::operator(), house.park.actor.id, words, draft).await.unwrap()
}

async fn comers(house: &House, event: ItemId) -> Vec<RsvpSeen> {
    rsvps::of_event(&house.app.store.rows(), event, true).await.unwrap()
}

#[tokio::test]
async fn an_offer_is_a_pledge_that_its_sender_alone_takes_back() {
    let house = House::new().await;
    let (bob, carol, call) = (house.stranger(BOB), house.stranger(CAROL), house.call().await);
    let uri = &call.seen.item.uri;
    let said = offer(&bob, "offers/1", &format!("{uri}#need-2"));
    done(&house, &bob, said.clone()).await;
    let given = offered(&house).await.remove(0);
    assert_eq!(
        (given.pledge.door, given.labels.as_slice()),
        (Door::Offer, ["I have a spade".to_owned()].as_slice())
    );
    assert_eq!(given.pledge.note, "Gladly");

    for wrong in ["#need-0", "#need-9", "#need-x", "#secondary"] {
        let (state, outcome) =
            ended(&house, &carol, offer(&carol, "offers/2", &format!("{uri}{wrong}"))).await;
        assert_eq!(state, "refused", "{wrong}: {outcome}");
    }
    let elsewhere = offer(&carol, "offers/3", "https://far.example/calls/1#primary");
    assert_eq!(ended(&house, &carol, elsewhere).await, ("refused".into(), "there is no such call".into()));
    assert_eq!(offered(&house).await.len(), 1);

    // By its id, as some programs undo; another's id is nothing of theirs.
    let undo = |from: &Stranger, id: &str| from.says(id, "Undo", &json!(format!("{BOB}/offers/1")));
    ended(&house, &carol, undo(&carol, "undo/1")).await;
    assert_eq!(offered(&house).await[0].pledge.state, PledgeState::Offered);
    done(&house, &bob, undo(&bob, "undo/1")).await;
    assert_eq!(offered(&house).await[0].pledge.state, PledgeState::Withdrawn);
    done(&house, &bob, bob.says("undo/2", "Undo", &said)).await;

    // What is offered after the end is answered with a no.
    house.pass(3 * DAY);
    done(&house, &carol, offer(&carol, "offers/4", uri.as_str())).await;
    house.tell().await;
    assert_eq!(offered(&house).await.len(), 1);
}

#[tokio::test]
async fn a_join_is_counted_and_only_ours_are_events() {
    let house = House::new().await;
    let (bob, carol) = (house.stranger(BOB), house.stranger(CAROL));
    let event = event(&house, Some(1)).await;
    let uri = json!(event.seen.item.uri);
    done(&house, &bob, bob.says("joins/1", "Join", &uri)).await;
    done(&house, &carol, carol.says("joins/1", "Join", &uri)).await;
    let states =
        async || comers(&house, event.event.id).await.iter().map(|seen| seen.rsvp.state).collect::<Vec<_>>();
    assert_eq!(states().await, [RsvpState::Going, RsvpState::Waiting]);
    // Carol cannot take Bob's place by undoing his Join.
    let theft = carol.says("undo", "Undo", &json!(format!("{BOB}/joins/1")));
    ended(&house, &carol, theft).await;
    assert_eq!(states().await, [RsvpState::Going, RsvpState::Waiting]);
    done(&house, &bob, bob.says("undo", "Undo", &json!(format!("{BOB}/joins/1")))).await;
    assert_eq!(states().await, [RsvpState::Not, RsvpState::Going]);

    for foreign in ["https://far.example/events/1", "https://hyde.example/ap/events/1"] {
        let (state, outcome) = ended(&house, &bob, bob.says("joins/2", "Join", &json!(foreign))).await;
        assert_eq!((state.as_str(), outcome.as_str()), ("refused", "there is no such event"));
    }
    let call = json!(house.call().await.seen.item.uri);
    assert_eq!(ended(&house, &bob, bob.says("joins/3", "Join", &call)).await.0, "refused");
}

#[tokio::test]
async fn friendica_answers_the_event_itself() {
    let house = House::new().await;
    let bob = house.stranger(BOB);
    let event = event(&house, None).await;
    let uri = json!(event.seen.item.uri);
    for (number, (verb, state)) in
        [("Accept", RsvpState::Going), ("TentativeAccept", RsvpState::Maybe), ("Reject", RsvpState::Not)]
            .into_iter()
            .enumerate()
    {
        done(&house, &bob, bob.says(&format!("answers/{number}"), verb, &uri)).await;
        assert_eq!(comers(&house, event.event.id).await[0].rsvp.state, state);
    }
    let (state, outcome) =
        ended(&house, &bob, bob.says("answers/9", "Accept", &json!("https://hyde.example/x"))).await;
    assert_eq!(state, "ignored", "{outcome}");
}
