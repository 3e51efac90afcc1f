//! Ties between two of ours, and what an alliance may not do.

use folkmoot_domain::{
    ActorId,
    affiliations::TieState,
    associations::{AssociationKind, Founding},
    text::Handle,
};

use super::*;
use crate::{
    alliances, items, people as accounts, projects,
    tests::{House, founding, words},
};

async fn organiser(house: &House, name: &str) -> By {
    let handle = Handle::parse(name).unwrap();
    let email = format!("{name}@hyde.test");
    By::person(accounts::enrol(&house.app, &By::operator(), name, &handle, &email).await.unwrap().id)
}

async fn found(house: &House, by: &By, handle: &str) -> ActorId {
    associations::found(&house.app, by, founding(handle), None).await.unwrap().actor.id
}

async fn alliance(house: &House, by: &By, members: &[ActorId]) -> alliances::Founded {
    let leeds = Founding { kind: AssociationKind::Alliance, ..founding("leeds") };
    alliances::found(&house.app, by, leeds, None, members, "Trees for all").await.unwrap()
}

#[tokio::test]
async fn on_one_board_both_organisers_say_yes_unless_they_are_one() {
    let house = House::new().await;
    let (ruth, ben) = (organiser(&house, "ruth").await, organiser(&house, "ben").await);
    let (hers, his) = (found(&house, &ruth, "trees").await, found(&house, &ben, "bridge").await);
    let founded = Box::pin(alliance(&house, &ruth, &[hers, his])).await;
    let states: Vec<TieState> = founded.proposed.iter().map(|tie| tie.state).collect();
    assert_eq!(states, [TieState::Accepted, TieState::Proposed]);
    assert!(founded.proposed[0].counts(), "there is nobody else to look it up with");

    let waits = founded.proposed[1].id;
    assert!(answer(&house.app, &ruth, waits, true).await.is_err(), "nobody says yes for somebody else");
    let answered = answer(&house.app, &ben, waits, true).await.unwrap();
    assert!(answered.counts() && answered.check.is_none());
    assert!(answer(&house.app, &ben, waits, false).await.is_err(), "an answered tie is ended, not answered");
    let again = Asked { side: his, with: founded.seen.actor.id, wish: Wish::Join, mandate: String::new() };
    assert!(propose(&house.app, &ben, &again).await.is_err(), "they are tied already");
    end(&house.app, &ben, his, waits).await.unwrap();
    assert_eq!(propose(&house.app, &ben, &again).await.unwrap().state, TieState::Proposed);
}

#[tokio::test]
async fn an_alliance_owns_nothing_of_its_members() {
    let house = House::new().await;
    let (ruth, ben) = (organiser(&house, "ruth").await, organiser(&house, "ben").await);
    let (hers, his) = (found(&house, &ruth, "trees").await, found(&house, &ben, "bridge").await);
    let founded = Box::pin(alliance(&house, &ruth, &[hers, his])).await;
    answer(&house.app, &ben, founded.proposed[1].id, true).await.unwrap();
    let draft = projects::ProjectDraft { words: words("A bridge"), need: String::new(), active: true };
    let bridge = projects::publish(&house.app, &ben, his, draft).await.unwrap();
    let item = bridge.seen.item.id;
    let edited = items::edit(&house.app, &ruth, item, words("Ours now"), "").await;
    assert!(matches!(edited, Err(crate::Error::Refused(Refusal::NotAnOrganiser))), "{edited:?}");
    let deleted = items::delete(&house.app, &ruth, item).await;
    assert!(matches!(deleted, Err(crate::Error::Refused(Refusal::NotAnOrganiser))), "{deleted:?}");
    let doing = house.app.begin(&ruth).await.unwrap();
    for act in [Act::Organise, Act::AnswerPledges, Act::Moderate, Act::Invite] {
        assert!(doing.authorise(his, act).await.is_err(), "{act:?}");
    }
}
