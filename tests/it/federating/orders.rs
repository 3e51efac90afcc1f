//! The properties behind the stories: whatever is done, and in whatever order and however often it arrives, all boards
//! come to the same in the end.
//!
//! Letters between servers lie at a post office ([`Network::hold`](folkmoot_tests::network::Network::hold)) until the test
//! hands them over: late, out of order, twice.

use folkmoot_app::{affiliations, carries, items};
use folkmoot_domain::carries::CarryState;
use folkmoot_storage::{affiliations as tie_rows, carries as carry_rows};
use folkmoot_tests::{
    associations::{Association, words},
    database::Database,
    world::World,
};
use proptest::prelude::*;
use url::Url;

/// What happens next.
#[derive(Clone, Debug)]
enum Step<D> {
    /// Somebody does something.
    Do(D),
    /// A letter is handed over: this one of those that lie there, counted round.
    Hand(usize),
}

/// What an alliance or its member may do about their tie.
#[derive(Clone, Copy, Debug)]
enum Tie {
    Invite,
    AskToJoin,
    AllianceAgrees,
    MemberAgrees,
    AllianceEnds,
    MemberEnds,
}

/// What two carriers and the home of an item may do about it.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Boost(usize),
    Quote(usize),
    TakeDown(usize),
    Refuse(usize),
    Edit(usize),
    Delete,
}

fn steps<D: Clone + std::fmt::Debug>(deed: impl Strategy<Value = D>) -> impl Strategy<Value = Vec<Step<D>>> {
    let step = prop_oneof![3 => deed.prop_map(Step::Do), 2 => any::<usize>().prop_map(Step::Hand)];
    proptest::collection::vec(step, 1..14)
}

fn tie() -> impl Strategy<Value = Tie> {
    use Tie::{AllianceAgrees, AllianceEnds, AskToJoin, Invite, MemberAgrees, MemberEnds};
    prop::sample::select(vec![Invite, AskToJoin, AllianceAgrees, MemberAgrees, AllianceEnds, MemberEnds])
}

fn carry() -> impl Strategy<Value = Deed> {
    prop_oneof![
        4 => (0..2_usize).prop_map(Deed::Boost),
        1 => (0..2_usize).prop_map(Deed::Quote),
        3 => (0..2_usize).prop_map(Deed::TakeDown),
        1 => (0..2_usize).prop_map(Deed::Refuse),
        2 => (0..9_usize).prop_map(Deed::Edit),
        1 => Just(Deed::Delete),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, max_shrink_iters: 60, ..ProptestConfig::default() })]

    #[test]
    fn both_sides_of_a_tie_come_to_the_same(steps in steps(tie()), order in any::<u64>()) {
        live(Box::pin(ties(Database::Sqlite, steps, order)));
    }

    #[test]
    fn a_home_and_those_who_carry_come_to_the_same(steps in steps(carry()), order in any::<u64>()) {
        live(Box::pin(carrying(Database::Sqlite, steps, order)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3, failure_persistence: None, max_shrink_iters: 20, ..ProptestConfig::default() })]

    #[test]
    fn both_sides_of_a_tie_come_to_the_same_on_postgres(steps in steps(tie()), order in any::<u64>()) {
        live(Box::pin(ties(Database::Postgres, steps, order)));
    }

    #[test]
    fn a_home_and_those_who_carry_come_to_the_same_on_postgres(steps in steps(carry()), order in any::<u64>()) {
        live(Box::pin(carrying(Database::Postgres, steps, order)));
    }
}

fn live(story: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(story);
}

async fn ties(database: Database, steps: Vec<Step<Tie>>, order: u64) {
    let world = World::new(database, ["hyde.test", "leeds.test"]).await;
    let alliance = world.instance("leeds.test").found_alliance("together").await;
    let park = world.instance("hyde.test").found("park").await;
    // They have heard of each other.
    alliance.finds(&park.actor).await;
    park.finds(&alliance.actor).await;
    world.settle().await;
    world.network.hold();
    let mut post = PostOffice::default();
    for step in steps {
        match step {
            Step::Do(Tie::Invite) => try_to_propose(&alliance, &park, true).await,
            Step::Do(Tie::AskToJoin) => try_to_propose(&park, &alliance, false).await,
            Step::Do(Tie::AllianceAgrees) => alliance.agrees_with(&park.actor).await,
            Step::Do(Tie::MemberAgrees) => park.agrees_with(&alliance.actor).await,
            Step::Do(Tie::AllianceEnds) => alliance.leaves(&park.actor).await,
            Step::Do(Tie::MemberEnds) => park.leaves(&alliance.actor).await,
            Step::Hand(number) => post.hand_one(&world, number).await,
        }
        tick(&world).await;
    }
    post.hand_all(&world, order).await;
    assert_eq!(
        offers(&alliance, &park).await,
        offers(&park, &alliance).await,
        "of the alliance, and of the member"
    );
}

/// What both have said yes to, or not answered yet.
async fn offers(side: &Association<'_>, other: &Association<'_>) -> Vec<(String, &'static str)> {
    let other = side.finds(&other.actor).await;
    let offers = tie_rows::offers(&side.instance.app.store.rows(), side.actor.id, other).await.unwrap();
    let living = offers.iter().filter(|offer| offer.state.lives());
    let mut living: Vec<_> = living.map(|offer| (offer.offer.clone(), offer.state.word())).collect();
    living.sort_unstable();
    living
}

/// What stands already cannot be proposed again.
async fn try_to_propose(side: &Association<'_>, to: &Association<'_>, invite: bool) {
    let with = side.finds(&to.actor).await;
    let wish = if invite { affiliations::Wish::Invite } else { affiliations::Wish::Join };
    let asked = affiliations::Asked { side: side.actor.id, with, wish, mandate: String::new() };
    Box::pin(affiliations::propose(&side.instance.app, &side.by, &asked)).await.ok();
}

async fn carrying(database: Database, steps: Vec<Step<Deed>>, order: u64) {
    let world = World::new(database, ["hyde.test", "holbeck.test", "beck.test"]).await;
    let park = world.instance("hyde.test").found("park").await;
    let carriers =
        [world.instance("holbeck.test").found("food").await, world.instance("beck.test").found("mill").await];
    for carrier in &carriers {
        carrier.connects(&park.actor).await;
    }
    // The second passes on whatever the first does.
    carriers[1].connects(&carriers[0].actor).await;
    carriers[1].carries_all_from(&carriers[0].actor).await;
    world.settle().await;
    let call = park.call("Plant forty trees").await.seen.item;
    world.settle().await;
    world.network.hold();
    let mut post = PostOffice::default();
    for step in steps {
        match step {
            Step::Do(deed) => try_to(deed, &park, &carriers, &call.uri).await,
            Step::Hand(number) => post.hand_one(&world, number).await,
        }
        tick(&world).await;
    }
    post.hand_all(&world, order).await;
    let title = super::title(park.instance, &call.uri).await;
    let mut carrying = Vec::new();
    for carrier in &carriers {
        if carrier.is_carrying(&call.uri).await {
            carrying.push(carrier.actor.address());
        }
        assert_eq!(
            super::title(carrier.instance, &call.uri).await,
            title,
            "{} says something else",
            carrier.actor.uri
        );
    }
    carrying.sort();
    let known = if title.is_some() { park.carriers_of(&call.uri).await } else { Vec::new() };
    assert_eq!(known, carrying, "who carries it at its home's, and by their own account");
}

/// Whatever cannot be done now is not done.
async fn try_to(deed: Deed, park: &Association<'_>, carriers: &[Association<'_>; 2], call: &Url) {
    match deed {
        Deed::Boost(number) => try_to_carry(&carriers[number], call, "").await,
        Deed::Quote(number) => try_to_carry(&carriers[number], call, "Our street has none").await,
        Deed::TakeDown(number) => {
            let (one, item) = (&carriers[number], carriers[number].item(call).await);
            let rows = one.instance.app.store.rows();
            if let Some(carry) = carry_rows::of(&rows, one.actor.id, item).await.unwrap() {
                Box::pin(carries::take_down(&one.instance.app, &one.by, carry.id)).await.ok();
            }
        }
        Deed::Refuse(number) => {
            let (carrier, item) = (park.finds(&carriers[number].actor).await, park.item(call).await);
            let known = carry_rows::of(&park.instance.app.store.rows(), carrier, item).await.unwrap();
            if let Some(carry) = known.filter(|carry| carry.state == CarryState::Carried) {
                Box::pin(carries::refuse(&park.instance.app, &park.by, carry.id)).await.ok();
            }
        }
        Deed::Edit(number) => {
            let words = words(&format!("Plant {number} trees"));
            let item = park.item(call).await;
            Box::pin(items::edit(&park.instance.app, &park.by, item, words, "")).await.ok();
        }
        Deed::Delete => {
            let item = park.item(call).await;
            Box::pin(items::delete(&park.instance.app, &park.by, item)).await.ok();
        }
    }
}

async fn try_to_carry(one: &Association<'_>, call: &Url, reason: &str) {
    let item = one.item(call).await;
    Box::pin(carries::carry(&one.instance.app, &one.by, one.actor.id, item, reason)).await.ok();
}

/// Everybody writes their letters, and a second goes by.
async fn tick(world: &World) {
    world.settle().await;
    world.set_clock(world.now().plus(1_000));
}

/// Which letters were handed over, of those that lie at the network.
#[derive(Default)]
struct PostOffice {
    handed: Vec<usize>,
}

impl PostOffice {
    /// One that lies there, whether it was handed over or not.
    async fn hand_one(&mut self, world: &World, number: usize) {
        let lying = world.network.held();
        if lying > 0 {
            self.hand(world, number % lying).await;
        }
    }

    async fn hand(&mut self, world: &World, number: usize) {
        world.network.hand_over(number).await;
        self.handed.push(number);
        tick(world).await;
    }

    /// All that were not, in an order that this number stands for, and those that are written meanwhile; every third of
    /// them twice.
    async fn hand_all(&mut self, world: &World, mut order: u64) {
        loop {
            let waiting: Vec<usize> =
                (0..world.network.held()).filter(|number| !self.handed.contains(number)).collect();
            if waiting.is_empty() {
                return;
            }
            order = order.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let drawn = usize::try_from(order >> 33).unwrap_or_default();
            self.hand(world, waiting[drawn % waiting.len()]).await;
            if drawn.is_multiple_of(3) {
                let again = self.handed[drawn % self.handed.len()];
                self.hand(world, again).await;
            }
        }
    }
}
