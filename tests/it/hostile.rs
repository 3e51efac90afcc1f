//! Attacks, each by its effect: what is stored is the same to the byte, and nobody is asked for anything.
//!
//! The list is that of the project's hostile cases, groups [`GROUPS`]; a test here is named after its case, and
//! [`every_case_of_the_list_is_told`] holds the two together. Start at [`Siege`].

mod doors;
mod keys;
mod media;
mod neighbours;
mod origins;
mod rights;
mod routes;
mod signatures;
mod sockets;
mod visitors;
mod words;

use std::{fs, path::Path};

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

/// The groups of the list that are told: of each its gravest cases, or all.
const GROUPS: [(&str, bool); 6] = [
    ("signature", false),
    ("key_actor", false),
    ("origin_fetch", false),
    ("web_ui", true),
    ("content_xss", true),
    ("unicode", true),
];

/// Cases of the list that cannot be told yet, and why.
const REASONS: [(&str, &str); 2] = [
    ("WEB-15", "there is no second factor yet: a link or a password signs in, and no code is asked for"),
    ("WEB-16", "there is no second factor yet, and so nothing half-way; no token but the session's"),
];

/// Cases that are told beside the code they are about, where the whole answer can be looked at: file and test.
const ELSEWHERE: [(&str, &str, &str); 14] = [
    ("WEB-03", WEB_PEOPLE, "a_page_of_somebody_else_signs_nobody_in"),
    ("WEB-05", WEB_PEOPLE, "a_session_that_was_brought_is_over_when_somebody_signs_in"),
    ("WEB-07", WEB_PEOPLE, "nobody_is_led_elsewhere"),
    ("WEB-10", WEB_PEOPLE, "nobody_learns_who_has_an_account"),
    ("WEB-11", WEB_PEOPLE, "links_die_in_time"),
    ("WEB-12", WEB_PEOPLE, "guessing_ends_with_a_page_that_says_when_to_come_back"),
    ("WEB-13", WEB_PEOPLE, "guessing_ends_with_a_page_that_says_when_to_come_back"),
    ("WEB-20", APP_INVITATIONS, "fifty_who_press_at_once_are_one"),
    ("WEB-21", WEB_PEOPLE, "nobody_comes_in_without_being_asked"),
    ("WEB-22", WEB_PEOPLE, "a_session_that_was_brought_is_over_when_somebody_signs_in"),
    ("XSS-15", "web/tests/it/lists.rs", "hostile_words_stay_words_in_every_form"),
    ("UNI-04", APP_INVITATIONS, "handles_in_a_dress_are_refused"),
    ("UNI-05", APP_INVITATIONS, "a_handle_that_is_taken_or_would_mislead_makes_no_account"),
    (
        "UNI-06",
        "app/src/people/tests.rs",
        "a_letter_goes_only_to_who_is_known_and_to_the_address_that_is_known",
    ),
];
const WEB_PEOPLE: &str = "web/tests/it/people.rs";
const APP_INVITATIONS: &str = "app/src/invitations/tests.rs";

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
fn every_case_of_the_list_is_told() {
    let Some(list) = corpus::hostile_cases() else { return };
    let here = told_here();
    let mut cases = 0;
    for case in list["cases"].as_array().unwrap() {
        let ours =
            |(group, all): &(&str, bool)| case["group"] == *group && (*all || case["priority"] == "P0");
        if !GROUPS.iter().any(ours) {
            continue;
        }
        cases += 1;
        let id = case["id"].as_str().unwrap();
        let named = format!("fn {}_", id.to_lowercase().replace('-', "_"));
        let told = here.contains(&named) || ELSEWHERE.iter().any(|(known, ..)| *known == id);
        let reason = REASONS.iter().any(|(known, _)| *known == id);
        assert!(told != reason, "{id} ({}) has neither a test nor a reason, or both", case["title"]);
    }
    assert!(cases >= 80, "{cases}");
}

#[test]
fn what_is_told_elsewhere_is_there() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    for (id, file, test) in ELSEWHERE {
        let text = fs::read_to_string(crates.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(text.contains(&format!("fn {test}(")), "{id}: {file} has no {test}");
    }
}

/// What stands in the files of this folder.
fn told_here() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("it/hostile");
    let files = fs::read_dir(folder).unwrap().map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
    files.collect()
}
