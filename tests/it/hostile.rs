//! Attacks, each by its effect: what is stored is the same to the byte, and nobody is asked for anything.
//!
//! The list is that of the project's hostile cases, groups `signature`, `key_actor` and `origin_fetch`; a test here is named
//! after its case, and [`every_case_of_the_list_is_told_here`] holds the two together. Start at [`Siege`].

mod keys;
mod origins;
mod signatures;
mod sockets;

use folkmoot_domain::items::Item;
use folkmoot_tests::{
    associations::Association,
    corpus,
    database::Database,
    peers::{Answered, Request, Stranger},
    tables::Tables,
    world::World,
};
use serde_json::Value;

/// A way to bend a request, and what to call it.
type Bend<'a> = (&'a str, &'a dyn Fn(&Siege<'_>, &mut Request));

/// Cases of the list that have no test here, and why.
const REASONS: [(&str, &str); 1] = [("ORI-10", "nothing can be uploaded yet; the case comes with uploads")];

/// An instance with something worth attacking, an attacker, and what was stored before.
struct Siege<'a> {
    world: &'a World,
    park: Association<'a>,
    item: Item,
    /// The attacker, at `attacker.test`.
    eve: Stranger,
    /// Somebody the attacker would like to be, at `victim.test`.
    victim: Stranger,
    before: Tables,
    asked: usize,
}

impl<'a> Siege<'a> {
    /// Lays siege. An attacker who is `known` has spoken to us before, so that we have their key.
    async fn lay(world: &'a World, known: bool) -> Self {
        let park = world.home().found("park-friends").await;
        let item = park.project("A pond").await.seen.item;
        let (eve, victim) =
            (world.server("attacker.test").person("eve"), world.server("victim.test").person("victim"));
        victim.tells(&park.actor, &victim.follow(&park.actor)).await;
        if known {
            eve.tells(&park.actor, &eve.follow(&park.actor)).await;
        }
        world.settle().await;
        let before = park.instance.tables().await;
        let asked = world.network.asked_by("hyde.test").len();
        Self { world, park, item, eve, victim, before, asked }
    }

    /// What is asked for from now on is counted anew.
    fn count_anew(&mut self) {
        self.asked = self.world.network.asked_by("hyde.test").len();
    }

    /// A reply by the attacker, signed and in order: what an attack bends.
    fn honest(&self) -> Request {
        self.by_eve(&self.eve.reply(&self.item.uri, &self.park.actor, "Hello"))
    }

    /// This activity, signed by the attacker.
    fn by_eve(&self, activity: &Value) -> Request {
        self.eve.delivery(&self.park.instance.at("/ap/inbox"), activity)
    }

    async fn sends(&self, request: &Request) -> Answered {
        let answer = request.send(&self.world.network).await;
        self.world.settle().await;
        answer
    }

    /// The request is answered so, nothing at all is stored, and nobody is asked for anything.
    async fn refuses(&self, what: &str, request: &Request, statuses: &[u16]) {
        self.stores_nothing(what, request, statuses).await;
        let asked: Vec<_> = self
            .world
            .network
            .asked_by("hyde.test")
            .into_iter()
            .skip(self.asked)
            .map(|passed| passed.url.to_string())
            .collect();
        assert_eq!(asked, Vec::<String>::new(), "{what}: no outbound");
    }

    /// The request is answered so, and nothing at all is stored.
    async fn stores_nothing(&self, what: &str, request: &Request, statuses: &[u16]) {
        let before = self.park.instance.tables().await;
        let answer = self.sends(request).await;
        assert!(statuses.contains(&answer.status.as_u16()), "{what}: {} {}", answer.status, answer.text());
        let changes = before.changes(&self.park.instance.tables().await);
        assert_eq!(changes, Vec::<String>::new(), "{what}: nothing stored");
    }

    /// The request is answered so. When it is taken, its bytes may be kept with a reason, and nothing else may change.
    async fn changes_nothing(&self, what: &str, request: &Request, statuses: &[u16]) {
        let before = self.park.instance.tables().await;
        let answer = self.sends(request).await;
        assert!(statuses.contains(&answer.status.as_u16()), "{what}: {} {}", answer.status, answer.text());
        let after = self.park.instance.tables().await;
        let changes = if answer.status.is_success() {
            before.without_traces().changes(&after.without_traces())
        } else {
            before.changes(&after)
        };
        assert_eq!(changes, Vec::<String>::new(), "{what}: no state change");
    }

    /// How many requests we made since the siege began.
    fn asked(&self) -> usize {
        self.world.network.asked_by("hyde.test").len() - self.asked
    }

    /// The request as it should be is taken: else a test of its bent forms would prove nothing.
    async fn takes(&self, request: &Request) {
        let answer = self.sends(request).await;
        assert_eq!(answer.status, 202, "{}", answer.text());
    }
}

/// Bends an honest request in each of these ways, by an attacker we know and by one we do not; each is refused with one
/// of these statuses, and in the end the honest one is taken.
async fn each_is_refused(database: Database, statuses: &[u16], bends: &[Bend<'_>]) {
    for known in [false, true] {
        let world = World::new(database, ["hyde.test"]).await;
        let siege = Siege::lay(&world, known).await;
        for (what, bend) in bends {
            let mut request = siege.honest();
            bend(&siege, &mut request);
            siege.refuses(&format!("{what} (known: {known})"), &request, statuses).await;
        }
        siege.takes(&siege.honest()).await;
        assert_eq!(siege.park.held().await.len(), 1);
    }
}

#[test]
fn every_case_of_the_list_is_told_here() {
    let Some(list) = corpus::hostile_cases() else { return };
    let told = [
        include_str!("hostile/signatures.rs"),
        include_str!("hostile/keys.rs"),
        include_str!("hostile/origins.rs"),
        include_str!("hostile/sockets.rs"),
    ];
    let groups = ["signature", "key_actor", "origin_fetch"];
    let mut cases = 0;
    for case in list["cases"].as_array().unwrap() {
        if case["priority"] != "P0" || !groups.iter().any(|group| case["group"] == *group) {
            continue;
        }
        cases += 1;
        let id = case["id"].as_str().unwrap();
        let name = format!("async fn {}_", id.to_lowercase().replace('-', "_"));
        let tested = told.iter().any(|text| text.contains(&name));
        let reason = REASONS.iter().any(|(known, _)| *known == id);
        assert!(tested != reason, "{id} ({}) has neither a test nor a reason, or both", case["title"]);
    }
    assert!(cases >= 50, "{cases}");
}
