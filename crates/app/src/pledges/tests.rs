//! Pledges that cross: what an offer from elsewhere leaves here, and what ours leaves while its home is silent.

use folkmoot_domain::{actors::Actor, calls::Call, items::Item, moments::DAY, people::Person, text::Handle};
use folkmoot_storage::{calls as call_rows, items as item_rows};

use super::*;
use crate::{offers, people as accounts, tests::House};

impl House {
    async fn offers_from(&self, actor: &Actor, call: ItemId, needs: &[i16], id: &str) -> Result<Taken> {
        let offer = Offered {
            call,
            needs: needs.to_vec(),
            offer: format!("https://far.test/offers/{id}"),
            note: "We come in twos.".to_owned(),
        };
        offered(&self.app, &self.arrival(actor).await, offer).await
    }

    /// A call like ours that lives elsewhere, and that this board shows.
    async fn call_of(&self, home: &Actor) -> ItemId {
        let like = self.call().await;
        let id: ItemId = self.app.id();
        let uri = url::Url::parse(&format!("https://far.test/ap/calls/{id}")).unwrap();
        let item = Item { id, home: home.id, page: uri.clone(), uri, ..like.seen.item };
        let tx = self.app.store.begin().await.unwrap();
        item_rows::insert(&tx, &item).await.unwrap();
        call_rows::insert(&tx, &Call { id, ..like.call }).await.unwrap();
        item_rows::show(&tx, id, true).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    async fn someone(&self) -> Person {
        let handle = Handle::parse("ada").unwrap();
        accounts::enrol(&self.app, &By::operator(), "Ada", &handle, "ada@hyde.test").await.unwrap()
    }

    async fn pledged(&self, id: PledgeId) -> Pledge {
        pledges::find(&self.app.store.rows(), id).await.unwrap().unwrap()
    }
}

fn refusal<T: std::fmt::Debug>(result: Result<T>) -> Refusal {
    match result {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn an_offer_is_a_pledge_and_no_vote() {
    let house = House::new().await;
    let (call, ann) = (house.call().await.call.id, house.stranger("ann").await);
    let Taken::Pledge(id) = house.offers_from(&ann, call, &[0], "1").await.unwrap() else { panic!() };
    assert_eq!(house.offers_from(&ann, call, &[0], "1").await.unwrap(), Taken::Pledge(id), "twice is once");
    let pledge = house.pledged(id).await;
    assert_eq!(
        (pledge.door, pledge.needs.as_slice(), pledge.note.as_str()),
        (Door::Offer, [0].as_slice(), "We come in twos.")
    );
    let seen = calls::seen(&house.app.store.rows(), call).await.unwrap().unwrap();
    assert_eq!((seen.voters, seen.needs[0].votes, seen.needs[0].offered), (0, 0, 1));

    // Nothing named is the first; what is not asked for is refused.
    let Taken::Pledge(id) = house.offers_from(&house.stranger("bob").await, call, &[], "2").await.unwrap()
    else {
        panic!()
    };
    assert_eq!(house.pledged(id).await.needs, [0]);
    let cleo = house.stranger("cleo").await;
    assert!(matches!(refusal(house.offers_from(&cleo, call, &[7], "3").await), Refusal::NoSuchNeed(_)));
    assert!(matches!(refusal(house.offers_from(&cleo, call, &[0], "1").await), Refusal::NotTheOwner(_)));

    // Only who offered takes it back.
    let by = house.arrival(&cleo).await;
    assert!(matches!(refusal(withdraw_offered(&house.app, &by, id).await), Refusal::NotTheOwner(_)));
    let bob = house.stranger("bob").await;
    for _ in 0..2 {
        withdraw_offered(&house.app, &house.arrival(&bob).await, id).await.unwrap();
        assert_eq!(house.pledged(id).await.state, PledgeState::Withdrawn);
    }
    let seen = calls::seen(&house.app.store.rows(), call).await.unwrap().unwrap();
    assert_eq!(seen.needs[0].offered, 1);
    house.pass(3 * DAY);
    assert_eq!(house.offers_from(&cleo, call, &[0], "4").await.unwrap(), Taken::Late);
}

#[tokio::test]
async fn only_the_home_of_a_call_answers_what_we_offered_there() {
    let house = House::new().await;
    let (far, mallory) = (house.stranger("far-group").await, house.stranger("mallory").await);
    let (call, ada) = (house.call_of(&far).await, house.someone().await);
    house.told().await;
    let receipt = offers::help(&house.app, &By::person(ada.id), call, &[0, 1], "By bike.").await.unwrap();
    assert_eq!(house.told().await, [ChangeKind::PledgeGiven]);
    let given = by_receipt(&house.app, &receipt).await.unwrap().pledge;
    let seen = calls::seen(&house.app.store.rows(), call).await.unwrap().unwrap();
    assert_eq!(seen.needs[0].offered, 0, "its home counts");

    let says = async |actor: &Actor, next| {
        let agreement = Some("https://far.test/agreements/1".to_owned());
        answered_elsewhere(&house.app, &house.arrival(actor).await, given.id, agreement, next, "Come.").await
    };
    assert!(matches!(refusal(says(&mallory, PledgeState::Accepted).await), Refusal::NotTheOwner(_)));
    assert_eq!(house.pledged(given.id).await.state, PledgeState::Offered);
    // Nobody here answers it either, not even whoever runs the server.
    let ours = answer(&house.app, &By::operator(), given.id, PledgeState::Accepted, "").await;
    assert_eq!(refusal(ours), Refusal::NotHere);

    says(&far, PledgeState::Accepted).await.unwrap();
    says(&far, PledgeState::Accepted).await.unwrap();
    let accepted = house.pledged(given.id).await;
    assert_eq!((accepted.state, accepted.answer.as_str()), (PledgeState::Accepted, "Come."));
    let found =
        pledges::by_agreement(&house.app.store.rows(), "https://far.test/agreements/1").await.unwrap();
    assert_eq!(found.unwrap().id, given.id);
    assert!(matches!(
        refusal(agreed(&house.app, &house.arrival(&mallory).await, given.id, "").await),
        Refusal::NotTheOwner(_)
    ));
    withdraw(&house.app, &receipt).await.unwrap();
    assert_eq!(house.told().await, [ChangeKind::PledgeTakenBack]);
    assert!(matches!(refusal(says(&far, PledgeState::Accepted).await), Refusal::PledgeCannot { .. }));
}
