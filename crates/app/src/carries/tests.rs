//! What carrying leaves behind, with items of an association elsewhere that stand here already.

use folkmoot_domain::{
    ActorId, ItemId,
    actors::{Actor, ActorKind},
    associations::AssociationKind,
    audiences::Reach,
    carries::{Carry, CarryState},
    changes::ChangeKind,
    items::{Item, ItemKind},
    places::{Around, Coarseness, Place, Point},
    rules::{Near, Rule},
    text::{Language, Prose},
};
use folkmoot_storage::{audiences, carries as rows, items as item_rows, updates};
use url::Url;

use crate::{
    By, Error, Refusal, actors, associations, blocks, carries, causes, items, rules,
    tests::{House, founding},
};

struct Town {
    house: House,
    moor: Actor,
    park: ActorId,
    mill: ActorId,
}

impl Town {
    async fn new() -> Self {
        let house = House::new().await;
        let moor = elsewhere(&house, "moor").await;
        let mill =
            associations::found(&house.app, &By::operator(), founding("mill"), None).await.unwrap().actor.id;
        let park = house.park.actor.id;
        house.told().await;
        Self { house, moor, park, mill }
    }

    /// Something that an association elsewhere published, as it is kept here.
    async fn item(&self, home: &Actor, title: &str, cause: &str, place: Option<Place>) -> Item {
        let item = self.unheard(home, title, cause, place).await;
        self.changed(item.id).await;
        item
    }

    async fn unheard(&self, home: &Actor, title: &str, cause: &str, place: Option<Place>) -> Item {
        let id: ItemId = self.house.app.id();
        let uri = Url::parse(&format!("https://{}/ap/calls/{id}", home.host)).unwrap();
        let item = Item {
            id,
            kind: ItemKind::Event,
            home: home.id,
            page: uri.clone(),
            uri,
            title: title.into(),
            text: Prose::default(),
            language: Language::english(),
            place,
            picture: None,
            published: self.house.app.now(),
            edited: None,
            deleted: None,
            reach: Reach::Public,
            carriable: true,
            moved: None,
        };
        let doing = self.house.app.begin(&By::operator()).await.unwrap();
        item_rows::insert(&doing.tx, &item).await.unwrap();
        let named = causes::named(&doing, self.park, &[cause.to_owned()]).await.unwrap();
        folkmoot_storage::causes::set_for_item(&doing.tx, id, &named).await.unwrap();
        doing.done("an item").await.unwrap();
        item
    }

    async fn news(&self, about: &Item) -> Item {
        let mut news = self.unheard(&self.moor, "What came of it", "food", None).await;
        let doing = self.house.app.begin(&By::operator()).await.unwrap();
        news.kind = ItemKind::Update;
        item_rows::update(&doing.tx, &news).await.unwrap();
        updates::insert(&doing.tx, news.id, about.id).await.unwrap();
        carries::item_changed(&doing, news.id).await.unwrap();
        doing.done("news").await.unwrap();
        news
    }

    async fn changed(&self, id: ItemId) {
        let doing = self.house.app.begin(&By::operator()).await.unwrap();
        carries::item_changed(&doing, id).await.unwrap();
        doing.done("an item changed").await.unwrap();
    }

    /// Its home says something else about it.
    async fn says(&self, id: ItemId, change: impl FnOnce(&mut Item)) {
        let doing = self.house.app.begin(&By::operator()).await.unwrap();
        let mut item = item_rows::find(&doing.tx.rows(), id).await.unwrap().unwrap();
        change(&mut item);
        item_rows::update(&doing.tx, &item).await.unwrap();
        carries::item_changed(&doing, id).await.unwrap();
        doing.done("an item changed").await.unwrap();
    }

    async fn carry(&self, carrier: ActorId, item: ItemId) -> crate::Result<Carry> {
        carries::carry(&self.house.app, &By::operator(), carrier, item, "").await
    }

    async fn rule(&self, carrier: ActorId, source: ActorId, draft: rules::Draft) -> Rule {
        rules::make(&self.house.app, &By::operator(), carrier, source, draft).await.unwrap()
    }

    async fn state(&self, carrier: ActorId, item: ItemId) -> Option<CarryState> {
        rows::of(&self.house.app.store.rows(), carrier, item).await.unwrap().map(|carry| carry.state)
    }

    /// By how many it is carried, when this board shows it.
    async fn shown(&self, item: ItemId) -> Option<i64> {
        item_rows::seen(&self.house.app.store.rows(), item).await.unwrap().map(|seen| seen.carries)
    }

    async fn noticed(&self, carrier: &Actor, item: ItemId, activity: &str) {
        let by = self.house.arrival(carrier).await;
        crate::heard::notice(&self.house.app, &by, carrier.id, item, Some(activity), None).await.unwrap();
    }
}

async fn elsewhere(house: &House, name: &str) -> Actor {
    let mut actor = house.stranger(name).await;
    actor.kind = ActorKind::Group;
    actor.host = format!("{name}.test");
    actor.uri = Url::parse(&format!("https://{name}.test/group")).unwrap();
    actor.profile.discoverable = true;
    actor.profile.association = Some(AssociationKind::Residents);
    actor.id = house.app.id();
    actors::remember(&house.app, actor).await.unwrap()
}

fn refusal<T: std::fmt::Debug>(result: crate::Result<T>) -> String {
    match result {
        Err(Error::Refused(refusal)) => refusal.to_string(),
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn what_is_carried_is_shown_here_until_it_is_taken_down() {
    let town = Town::new().await;
    let item = town.item(&town.moor, "Walk the moor", "food", None).await;
    assert_eq!(town.shown(item.id).await, None);
    let carry =
        carries::carry(&town.house.app, &By::operator(), town.park, item.id, "Our river begins there")
            .await
            .unwrap();
    assert_eq!((town.shown(item.id).await, carry.reason.as_str()), (Some(1), "Our river begins there"));
    assert!(carry.note.is_some() && carry.activity.is_some());
    assert_eq!(town.carry(town.park, item.id).await.unwrap(), carry, "twice is once");
    assert_eq!(town.house.told().await, [ChangeKind::Carried]);
    town.carry(town.mill, item.id).await.unwrap();
    assert_eq!(town.shown(item.id).await, Some(2));
    for carrier in [town.park, town.mill] {
        let carry = rows::of(&town.house.app.store.rows(), carrier, item.id).await.unwrap().unwrap();
        carries::take_down(&town.house.app, &By::operator(), carry.id).await.unwrap();
    }
    assert_eq!(town.shown(item.id).await, None);
    let told = town.house.told().await;
    assert_eq!(told, [ChangeKind::Carried, ChangeKind::CarryEnded, ChangeKind::CarryEnded]);
    // A hand may take it up again, and says it anew.
    let again = town.carry(town.park, item.id).await.unwrap();
    assert!(again.id == carry.id && again.activity != carry.activity && again.note.is_none());
}

#[tokio::test]
async fn only_what_is_for_everyone_and_let_be_carried_is_carried() {
    let town = Town::new().await;
    let item = town.item(&town.moor, "Walk", "food", None).await;
    for reach in [Reach::Unlisted, Reach::Followers, Reach::Direct] {
        town.says(item.id, |item| item.reach = reach).await;
        assert!(refusal(town.carry(town.park, item.id).await).contains("not for everyone"));
    }
    town.says(item.id, |item| (item.reach, item.carriable) = (Reach::Public, false)).await;
    assert!(refusal(town.carry(town.park, item.id).await).contains("does not want"));
    town.says(item.id, |item| item.carriable = true).await;
    let ours = town.house.call().await.call.id;
    assert!(refusal(town.carry(town.park, ours).await).contains("your own"));
    let somebody = By::person(town.house.app.id::<ActorId>());
    let outsider = carries::carry(&town.house.app, &somebody, town.park, item.id, "").await;
    assert!(matches!(outsider, Err(Error::Refused(Refusal::NotAnOrganiser))));
    let long = carries::carry(&town.house.app, &By::operator(), town.park, item.id, &"x".repeat(301)).await;
    assert!(refusal(long).contains("at most 300"));
    town.carry(town.mill, ours).await.unwrap();
    assert_eq!(town.shown(ours).await, Some(1));
}

#[tokio::test]
async fn what_its_home_takes_back_vanishes_at_once() {
    let town = Town::new().await;
    for change in ["deleted", "narrowed", "not to be carried"] {
        let item = town.item(&town.moor, "Walk", "food", None).await;
        town.carry(town.park, item.id).await.unwrap();
        let news = town.news(&item).await;
        assert!(town.shown(item.id).await.is_some() && town.shown(news.id).await.is_some());
        town.house.told().await;
        town.says(item.id, |item| match change {
            "deleted" => item.deleted = Some(item.published),
            "narrowed" => item.reach = Reach::Followers,
            _ => item.carriable = false,
        })
        .await;
        assert_eq!(town.state(town.park, item.id).await, Some(CarryState::Ended), "{change}");
        assert_eq!(town.state(town.park, news.id).await, Some(CarryState::Ended), "{change}");
        assert_eq!((town.shown(item.id).await, town.shown(news.id).await), (None, None), "{change}");
        assert_eq!(town.house.told().await, [ChangeKind::CarryEnded, ChangeKind::CarryEnded]);
    }
}

#[tokio::test]
async fn news_of_its_home_go_with_what_is_carried_and_nobody_elses() {
    let town = Town::new().await;
    let item = town.item(&town.moor, "Walk", "food", None).await;
    let before = town.news(&item).await;
    assert_eq!(town.shown(before.id).await, None);
    let carry = town.carry(town.park, item.id).await.unwrap();
    assert!(town.shown(before.id).await.is_some(), "old news are read here, and not told again");
    town.house.told().await;
    let news = town.news(&item).await;
    assert_eq!(town.house.told().await, [ChangeKind::Carried]);
    town.changed(news.id).await;
    assert_eq!(town.house.told().await, []);
    carries::take_down(&town.house.app, &By::operator(), carry.id).await.unwrap();
    assert_eq!(town.state(town.park, news.id).await, Some(CarryState::Ended));
    assert_eq!(town.shown(before.id).await, None);
}

#[tokio::test]
async fn rules_find_what_they_mean_and_let_organisers_look_first() {
    let town = Town::new().await;
    let near = |north: f64| Some(Place::parse("There", Some((north, -1.5)), Coarseness::Street).unwrap());
    let old = town.unheard(&town.moor, "Old", "food", near(53.8)).await;
    let circle = Near {
        name: "Hyde Park".into(),
        around: Around { point: Point { latitude: 53.8, longitude: -1.5 }, metres: 3_000 },
    };
    let draft = rules::Draft {
        kinds: vec![ItemKind::Event],
        cause: Some("#Food".into()),
        near: Some(circle),
        review: false,
    };
    town.rule(town.park, town.moor.id, draft.clone()).await;
    let same = town.rule(town.park, town.moor.id, draft).await;
    assert_eq!(rules::list(&town.house.app, town.park).await.unwrap().len(), 1);
    let first = rules::Draft { review: true, ..rules::Draft::default() };
    town.rule(town.mill, town.moor.id, first).await;
    assert_eq!(town.state(town.park, old.id).await, Some(CarryState::Carried), "what is there already");
    let found = town.item(&town.moor, "Near", "food", near(53.81)).await.id;
    let far = town.item(&town.moor, "Far", "food", near(54.8)).await.id;
    let other = town.item(&town.moor, "Other", "trees", near(53.8)).await.id;
    let nowhere = town.item(&town.moor, "Nowhere", "food", None).await.id;
    assert_eq!(town.state(town.park, found).await, Some(CarryState::Carried));
    for left in [far, other, nowhere] {
        assert_eq!(town.state(town.park, left).await, None);
        assert_eq!(town.state(town.mill, left).await, Some(CarryState::Waiting));
        assert_eq!(town.shown(left).await, None, "what waits is not shown");
    }
    let app = &town.house.app;
    let waiting = rows::list(&app.store.rows(), town.mill, CarryState::Waiting, None, 10).await.unwrap();
    assert_eq!(waiting.len(), 5);
    let (yes, no) = (&waiting[0], &waiting[1]);
    carries::look(app, &By::operator(), yes.id, Some("Ours too")).await.unwrap();
    carries::look(app, &By::operator(), no.id, None).await.unwrap();
    assert_eq!(town.state(town.mill, yes.item).await, Some(CarryState::Carried));
    town.changed(no.item).await;
    assert_eq!(town.state(town.mill, no.item).await, Some(CarryState::Ended), "a rule does not ask twice");
    rules::end(app, &By::operator(), same.id, true).await.unwrap();
    for item in [old.id, found] {
        assert_eq!(town.state(town.park, item).await, Some(CarryState::Ended));
    }
    let late = town.item(&town.moor, "Late", "food", near(53.8)).await.id;
    assert_eq!(town.state(town.park, late).await, None);
}

#[tokio::test]
async fn loops_end_and_two_paths_are_one_carry() {
    let town = Town::new().await;
    let every = rules::Draft::default;
    town.rule(town.park, town.moor.id, every()).await;
    town.rule(town.park, town.mill, every()).await;
    town.rule(town.mill, town.park, every()).await;
    let item = town.item(&town.moor, "Walk", "food", None).await.id;
    assert_eq!(town.shown(item).await, Some(2));
    let told = town.house.told().await;
    let carried = told.iter().filter(|kind| **kind == ChangeKind::Carried);
    assert_eq!(carried.count(), 2, "{told:?}");
    town.changed(item).await;
    assert_eq!(town.house.told().await, []);
    // Who carried only because another did stops when that one stops, and they do not hold each other up.
    let first = rows::of(&town.house.app.store.rows(), town.park, item).await.unwrap().unwrap();
    carries::take_down(&town.house.app, &By::operator(), first.id).await.unwrap();
    assert_eq!(town.state(town.mill, item).await, Some(CarryState::Ended));
    assert_eq!(town.shown(item).await, None);
    // One who has another reason goes on.
    town.rule(town.mill, town.moor.id, every()).await;
    let other = town.item(&town.moor, "Swim", "food", None).await.id;
    let first = rows::of(&town.house.app.store.rows(), town.park, other).await.unwrap().unwrap();
    carries::take_down(&town.house.app, &By::operator(), first.id).await.unwrap();
    assert_eq!(town.state(town.mill, other).await, Some(CarryState::Carried));
}

#[tokio::test]
async fn associations_elsewhere_carry_and_are_followed_by_rules() {
    let town = Town::new().await;
    let ally = elsewhere(&town.house, "ally").await;
    town.rule(town.park, ally.id, rules::Draft::default()).await;
    let item = town.item(&town.moor, "Walk", "food", None).await.id;
    assert_eq!(town.state(town.park, item).await, None);
    town.noticed(&ally, item, "https://ally.test/1").await;
    assert_eq!(
        (town.state(town.park, item).await, town.shown(item).await),
        (Some(CarryState::Carried), Some(2))
    );
    let app = &town.house.app;
    let named = rows::carriers(&app.store.rows(), item, 10).await.unwrap();
    assert_eq!(named.len(), 2);
    let somebody = town.house.arrival(&town.moor).await;
    carries::heard_of_end(app, &somebody, Some("https://ally.test/1"), None).await.unwrap();
    assert_eq!(town.shown(item).await, Some(2), "not theirs to end");
    let by = town.house.arrival(&ally).await;
    carries::heard_of_end(app, &by, Some("https://ally.test/1"), None).await.unwrap();
    assert_eq!((town.state(town.park, item).await, town.shown(item).await), (Some(CarryState::Ended), None));
    // What is taken back before it comes stays dead.
    let by = town.house.arrival(&ally).await;
    carries::heard_of_end(app, &by, Some("https://ally.test/7"), None).await.unwrap();
    let late = town.item(&town.moor, "Late", "food", None).await.id;
    town.noticed(&ally, late, "https://ally.test/7").await;
    assert_eq!(town.state(ally.id, late).await, None);
}

#[tokio::test]
async fn the_home_of_an_item_has_the_last_word() {
    let town = Town::new().await;
    let app = &town.house.app;
    let ally = elsewhere(&town.house, "ally").await;
    let ours = town.house.call().await.call.id;
    town.house.told().await;
    town.noticed(&ally, ours, "https://ally.test/1").await;
    assert_eq!(town.shown(ours).await, Some(1));
    let carry = rows::of(&app.store.rows(), ally.id, ours).await.unwrap().unwrap();
    carries::refuse(app, &By::operator(), carry.id).await.unwrap();
    assert_eq!(town.shown(ours).await, Some(0));
    town.noticed(&ally, ours, "https://ally.test/2").await;
    assert_eq!(town.state(ally.id, ours).await, Some(CarryState::Refused));
    assert_eq!(town.house.told().await, [ChangeKind::CarryRefused, ChangeKind::CarryRefused]);
    // One of ours carries it, until nothing of it is to be carried.
    town.carry(town.mill, ours).await.unwrap();
    carries::let_be_carried(app, &By::operator(), ours, false).await.unwrap();
    assert_eq!(town.state(town.mill, ours).await, Some(CarryState::Ended));
    assert!(town.shown(ours).await.is_some(), "what is ours is shown here all the same");
    town.noticed(&elsewhere(&town.house, "other").await, ours, "https://other.test/1").await;
    assert_eq!(town.shown(ours).await, Some(0));
    // The other way round: what the home elsewhere refuses, nobody here carries again.
    let item = town.item(&town.moor, "Walk", "food", None).await.id;
    let carry = town.carry(town.park, item).await.unwrap();
    let said = carry.activity.unwrap();
    let stranger = carries::refused_by_home(app, &town.house.arrival(&ally).await, &said).await;
    assert!(matches!(stranger, Err(Error::Refused(Refusal::NotTheOwner(_)))));
    assert!(carries::refused_by_home(app, &town.house.arrival(&town.moor).await, &said).await.unwrap());
    assert_eq!(town.shown(item).await, None);
    assert!(refusal(town.carry(town.park, item).await).contains("asked you not to"));
}

#[tokio::test]
async fn whoever_passes_on_what_is_not_for_everyone_hears_no_more_of_it() {
    let town = Town::new().await;
    let ally = elsewhere(&town.house, "ally").await;
    for (reach, hears) in [(Reach::Followers, false), (Reach::Public, true)] {
        let ours = town.house.call().await.call.id;
        town.says(ours, |item| (item.reach, item.carriable) = (reach, false)).await;
        town.noticed(&ally, ours, &format!("https://ally.test/{reach:?}")).await;
        assert_eq!(town.state(ally.id, ours).await, Some(CarryState::Refused));
        let told = audiences::item(&town.house.app.store.rows(), town.park, ours).await.unwrap();
        assert_eq!(told.contains(&ally.inbox.to_string()), hears, "{reach:?}");
    }
}

#[tokio::test]
async fn a_blocked_server_vanishes_with_all_it_carries() {
    let town = Town::new().await;
    let app = &town.house.app;
    let ally = elsewhere(&town.house, "ally").await;
    let theirs = town.item(&ally, "Theirs", "food", None).await.id;
    let other = town.item(&town.moor, "Walk", "food", None).await.id;
    town.rule(town.park, ally.id, rules::Draft::default()).await;
    town.rule(town.mill, ally.id, rules::Draft::default()).await;
    town.noticed(&ally, other, "https://ally.test/1").await;
    town.carry(town.mill, theirs).await.unwrap();
    assert_eq!((town.shown(theirs).await, town.shown(other).await), (Some(2), Some(3)));
    blocks::block(app, &By::operator(), "test", "a parent of it").await.unwrap();
    assert_eq!((town.shown(theirs).await, town.shown(other).await), (None, None));
    assert!(rules::list(app, town.park).await.unwrap().is_empty());
    assert!(town.carry(town.park, theirs).await.is_err());
}

#[tokio::test]
async fn who_is_gone_takes_everything_along() {
    let town = Town::new().await;
    let item = town.item(&town.moor, "Walk", "food", None).await.id;
    town.carry(town.park, item).await.unwrap();
    let by = town.house.arrival(&town.moor).await;
    actors::forget(&town.house.app, &by).await.unwrap();
    assert_eq!((town.state(town.park, item).await, town.shown(item).await), (Some(CarryState::Ended), None));
    let left = item_rows::find(&town.house.app.store.rows(), item).await.unwrap().unwrap();
    assert!(left.deleted.is_some() && left.title.is_empty());
}

#[tokio::test]
async fn a_closed_association_carries_nothing() {
    let town = Town::new().await;
    let item = town.item(&town.moor, "Walk", "food", None).await.id;
    town.rule(town.park, town.moor.id, rules::Draft::default()).await;
    assert!(town.shown(item).await.is_some());
    associations::close(&town.house.app, &By::operator(), town.park, "Goodbye").await.unwrap();
    assert_eq!(town.shown(item).await, None);
    let late = town.item(&town.moor, "Swim", "food", None).await.id;
    assert_eq!(town.state(town.park, late).await, None);
}

#[tokio::test]
async fn what_is_published_here_is_carried_by_rules_of_neighbours() {
    let town = Town::new().await;
    town.rule(town.mill, town.park, rules::Draft { cause: Some("trees".into()), ..Default::default() }).await;
    let call = town.house.call().await.call.id;
    assert_eq!(town.state(town.mill, call).await, Some(CarryState::Carried));
    items::delete(&town.house.app, &By::operator(), call).await.unwrap();
    assert_eq!(town.state(town.mill, call).await, Some(CarryState::Ended));
}
