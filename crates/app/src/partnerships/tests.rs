//! Roles in projects: between two of ours, and with somebody elsewhere whose words come in any order.

use folkmoot_domain::{
    changes::ChangeKind, moments::MINUTE, partnerships::PartnershipState, projects::ProjectSeen,
};

use super::*;
use crate::{
    Error,
    mails::Letter,
    projects::{self, ProjectDraft},
    tests::{House, founding, words},
};

const OFFER: &str = "https://far.test/offers/1";
const TIE: &str = "https://far.test/ties/1";

async fn project(house: &House) -> ProjectSeen {
    let draft = ProjectDraft { words: words("Street breakfast"), need: String::new(), active: true };
    projects::publish(&house.app, &By::operator(), house.park.actor.id, draft).await.unwrap()
}

async fn group(house: &House, name: &str) -> Actor {
    let mut actor = house.stranger(name).await;
    actor.kind = ActorKind::Group;
    crate::actors::remember(&house.app, actor).await.unwrap()
}

fn afar<'a>(project: &ProjectSeen, offer: &'a str, published: Option<Moment>) -> FromAfar<'a> {
    FromAfar {
        offer,
        tie: TIE,
        project: project.seen.item.id,
        role: "host",
        words: "We have a yard.",
        published,
    }
}

async fn state(house: &House, project: &ProjectSeen, partner: ActorId) -> Option<PartnershipState> {
    let known = partnerships::between(&house.app.store.rows(), project.seen.item.id, partner).await.unwrap();
    known.map(|known| known.state)
}

#[tokio::test]
async fn two_of_ours_do_it_together_without_a_wire() {
    let house = House::new().await;
    let project = project(&house).await;
    let growers =
        crate::associations::found(&house.app, &By::operator(), founding("growers"), None).await.unwrap();
    house.told().await;
    let (app, by) = (&house.app, By::operator());
    let own = offer(app, &by, house.park.actor.id, project.seen.item.id, "host", "").await;
    assert!(own.unwrap_err().to_string().contains("your own"));
    let offered =
        offer(app, &by, growers.actor.id, project.seen.item.id, "host", "We have a yard.").await.unwrap();
    assert!(
        offer(app, &by, growers.actor.id, project.seen.item.id, "host", "").await.is_err(),
        "once is enough"
    );
    let refused = crate::calls::publish(
        app,
        &by,
        growers.actor.id,
        words("Bring chairs"),
        folkmoot_domain::calls::CallDraft {
            project: Some(project.seen.item.id),
            why: String::new(),
            closes: app.now().plus(HOUR),
            one_tap: true,
            needs: vec![(folkmoot_domain::calls::HelpKind::Thing, "I can bring a chair".into(), None)],
        },
    );
    assert!(refused.await.unwrap_err().to_string().contains("belongs to somebody else"));

    let id = offered.partnership.id;
    let answered = answer(app, &by, id, true, "Wonderful.").await.unwrap();
    assert_eq!(answered.partnership.state, PartnershipState::Accepted);
    let seen = projects::seen(app, project.seen.item.id).await.unwrap();
    assert_eq!(seen.partners.len(), 1);
    assert_eq!(seen.partners[0].role, "host");
    assert_eq!(
        house.told().await,
        [ChangeKind::Edited],
        "who takes part is news about the project, and nothing else goes out"
    );

    end(app, &by, id).await.unwrap();
    end(app, &by, id).await.unwrap();
    assert_eq!(house.told().await, [ChangeKind::Edited]);
    assert!(projects::seen(app, project.seen.item.id).await.unwrap().partners.is_empty());
    let again = offer(app, &by, growers.actor.id, project.seen.item.id, "venue", "").await.unwrap();
    assert_ne!(again.partnership.id, id);
}

const HOUR: i64 = folkmoot_domain::moments::HOUR;

#[tokio::test]
async fn an_offer_from_elsewhere_is_answered_and_taken_back() {
    let house = House::new().await;
    let project = project(&house).await;
    let far = group(&house, "growers").await;
    house.told().await;
    for _ in 0..2 {
        offered(&house.app, &house.arrival(&far).await, &afar(&project, OFFER, None)).await.unwrap();
    }
    let known = partnerships::by_offer(&house.app.store.rows(), OFFER).await.unwrap().unwrap();
    answer(&house.app, &By::operator(), known.id, true, "").await.unwrap();
    assert_eq!(house.told().await, [ChangeKind::PartnershipAnswered, ChangeKind::Edited]);
    assert!(taken_back(&house.app, &house.arrival(&far).await, Some(OFFER), TIE).await.unwrap());
    assert_eq!(state(&house, &project, far.id).await, Some(PartnershipState::Ended));
    assert_eq!(house.told().await, [ChangeKind::Edited]);
    // What is over comes back by no repetition.
    offered(&house.app, &house.arrival(&far).await, &afar(&project, OFFER, None)).await.unwrap();
    assert_eq!(state(&house, &project, far.id).await, Some(PartnershipState::Ended));
}

#[tokio::test]
async fn of_two_offers_the_newer_counts_in_any_order() {
    let (one, two) = ("https://far.test/offers/1", "https://far.test/offers/2");
    for turned in [false, true] {
        let house = House::new().await;
        let project = project(&house).await;
        let far = group(&house, "growers").await;
        let then = house.app.now();
        house.pass(MINUTE);
        let now = house.app.now();
        let mut offers = vec![(one, then), (two, now)];
        if turned {
            offers.reverse();
        }
        for (offer, at) in &offers {
            offered(&house.app, &house.arrival(&far).await, &afar(&project, offer, Some(*at))).await.unwrap();
        }
        let known =
            partnerships::between(&house.app.store.rows(), project.seen.item.id, far.id).await.unwrap();
        assert_eq!(known.unwrap().offer, two, "turned: {turned}");
        offered(&house.app, &house.arrival(&far).await, &afar(&project, one, Some(then))).await.unwrap();
        let known =
            partnerships::between(&house.app.store.rows(), project.seen.item.id, far.id).await.unwrap();
        assert_eq!(known.unwrap().offer, two);
    }
}

#[tokio::test]
async fn what_was_taken_back_before_it_came_is_dead() {
    let house = House::new().await;
    let project = project(&house).await;
    let far = group(&house, "growers").await;
    crate::arrivals::bury(&house.app, &house.arrival(&far).await, OFFER).await.unwrap();
    offered(&house.app, &house.arrival(&far).await, &afar(&project, OFFER, None)).await.unwrap();
    assert_eq!(state(&house, &project, far.id).await, None);
}

#[tokio::test]
async fn nobody_speaks_for_another() {
    let house = House::new().await;
    let project = project(&house).await;
    let (far, mallory) = (group(&house, "growers").await, group(&house, "mallory").await);
    offered(&house.app, &house.arrival(&far).await, &afar(&project, OFFER, None)).await.unwrap();
    let back = taken_back(&house.app, &house.arrival(&mallory).await, Some(OFFER), TIE).await;
    assert!(matches!(back, Err(Error::Refused(Refusal::NotTheOwner(_)))));
    // The same ids in the mouth of somebody else, or about another project, make no tie.
    let stolen = offered(&house.app, &house.arrival(&mallory).await, &afar(&project, OFFER, None)).await;
    assert!(matches!(stolen, Err(Error::Refused(Refusal::NotTheOwner(_)))));
    let heard = heard(&house.app, &house.arrival(&mallory).await, OFFER, true, "").await.unwrap();
    assert!(!heard, "nobody of ours offered this");
    assert_eq!(state(&house, &project, far.id).await, Some(PartnershipState::Offered));
    let person = house.stranger("bob").await;
    let by_person = FromAfar {
        offer: "https://far.test/offers/9",
        tie: "https://far.test/ties/9",
        ..afar(&project, OFFER, None)
    };
    assert!(
        offered(&house.app, &house.arrival(&person).await, &by_person).await.is_err(),
        "an association takes part"
    );
}

#[tokio::test]
async fn organisers_of_either_side_get_letters() {
    let house = House::new().await;
    let (app, by) = (&house.app, By::operator());
    let enrol = async |name: &str| {
        let handle = folkmoot_domain::text::Handle::parse(name).unwrap();
        crate::people::enrol(app, &by, name, &handle, &format!("{name}@mail.test")).await.unwrap().id
    };
    let (priya, owen) = (enrol("priya").await, enrol("owen").await);
    let hosts = crate::associations::found(app, &by, founding("hosts"), Some(priya)).await.unwrap();
    let growers = crate::associations::found(app, &by, founding("growers"), Some(owen)).await.unwrap();
    let draft = ProjectDraft { words: words("Street breakfast"), need: String::new(), active: true };
    let project = projects::publish(app, &by, hosts.actor.id, draft).await.unwrap();
    let offered =
        offer(app, &By::person(owen), growers.actor.id, project.seen.item.id, "host", "").await.unwrap();
    let id = offered.partnership.id;
    let refused = answer(app, &By::person(owen), id, true, "").await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::NotAnOrganiser))), "nobody says yes to themselves");
    answer(app, &By::person(priya), id, true, "").await.unwrap();
    end(app, &By::person(owen), id).await.unwrap();
    let mut letters = crate::mails::list(app, None, 10).await.unwrap();
    letters.reverse();
    let kinds: Vec<_> =
        letters.iter().map(|(stored, _)| (stored.kind.as_str(), stored.recipient.as_str())).collect();
    assert_eq!(
        kinds,
        [
            ("partnership-waits", "priya@mail.test"),
            ("partnership-answered", "owen@mail.test"),
            ("partnership-ended", "priya@mail.test"),
        ]
    );
    assert!(matches!(&letters[0].1, Some(Letter::PartnershipWaits { role, .. }) if role == "host"));
}
