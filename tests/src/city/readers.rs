//! What readers elsewhere see: each follows one alliance or association, some two, and knows nothing else.
//!
//! Start at [`Readers::look`].

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::plan::Party;
use crate::peers::Stranger;

/// Those who read, and whom.
pub struct Readers {
    /// Each with whom it follows.
    pub all: Vec<(Stranger, Vec<Party>)>,
}

/// An item that reached a reader: the reader's number, who passed it, and the item's address.
type Sight = (usize, Party, String);

/// What all readers saw.
#[derive(Default)]
pub struct Seen {
    /// Who was shown what, and when first.
    pub first: BTreeMap<(usize, String), i64>,
    /// Who passed it to them.
    pub passed: BTreeSet<Sight>,
    /// How often the same one passed the same item to the same reader once more.
    pub twice: Vec<Sight>,
}

impl Readers {
    /// What has reached them until now. `names` leads from the address of an actor to its number.
    pub fn look(&self, names: &BTreeMap<String, Party>) -> Seen {
        let mut seen = Seen::default();
        for (number, (reader, follows)) in self.all.iter().enumerate() {
            for received in reader.received() {
                let from = received.body["actor"].as_str().and_then(|actor| names.get(actor));
                let Some(from) = from.filter(|from| follows.contains(from)) else { continue };
                let Some(item) = shown(&received.body) else { continue };
                seen.add(number, *from, item, received.at);
            }
        }
        seen
    }
}

impl Seen {
    fn add(&mut self, reader: usize, from: Party, item: &str, at: i64) {
        self.first.entry((reader, item.to_owned())).or_insert(at);
        let sight = (reader, from, item.to_owned());
        if !self.passed.insert(sight.clone()) {
            self.twice.push(sight);
        }
    }
}

/// The item that an activity puts into a timeline: a new one, a boosted one, or one that is quoted.
fn shown(activity: &Value) -> Option<&str> {
    let object = &activity["object"];
    match activity["type"].as_str()? {
        "Create" => object["quote"].as_str().or_else(|| object["id"].as_str()),
        "Announce" => object.as_str().or_else(|| object["id"].as_str()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use folkmoot_domain::Moment;
    use serde_json::json;

    use super::*;
    use crate::{clock::BEGINNING, database::Database, world::World};

    #[test]
    fn a_quote_shows_what_it_quotes() {
        let quote =
            json!({"type": "Create", "object": {"id": "https://a.test/1", "quote": "https://b.test/2"}});
        assert_eq!(shown(&quote), Some("https://b.test/2"));
        assert_eq!(
            shown(&json!({"type": "Announce", "object": "https://b.test/2"})),
            Some("https://b.test/2")
        );
        assert_eq!(shown(&json!({"type": "Update", "object": {"id": "https://b.test/2"}})), None);
    }

    #[test]
    fn the_same_from_two_is_seen_and_from_one_is_seen_twice() {
        let mut seen = Seen::default();
        seen.add(0, 7, "a pond", 10);
        seen.add(0, 8, "a pond", 20);
        assert_eq!((seen.first.len(), seen.passed.len(), seen.twice.len()), (1, 2, 0));
        seen.add(0, 7, "a pond", 30);
        assert_eq!(
            (&seen.twice[..], seen.first[&(0, "a pond".to_owned())]),
            (&[(0, 7, "a pond".to_owned())][..], 10)
        );
    }

    #[tokio::test]
    async fn the_same_from_the_same_is_twice_and_what_was_not_asked_for_is_nothing() {
        let world = World::new(Database::Sqlite, ["hyde.test"]).await;
        let (park, moor) = (world.home().found("park").await, world.home().found("moor").await);
        let mastodon = world.server("mastodon.test");
        let ana = mastodon.person("ana");
        ana.tells(&park.actor, &ana.follow(&park.actor)).await;
        let item = park.project("A pond").await.seen.item;
        moor.project("A bench").await;
        world.settle().await;
        let names = [(park.actor.uri.to_string(), 0), (moor.actor.uri.to_string(), 1)].into();
        let mut readers = Readers { all: vec![(ana.clone(), vec![0])] };
        let seen = readers.look(&names);
        assert_eq!(seen.first, BTreeMap::from([((0, item.uri.to_string()), BEGINNING.0)]));
        assert!(seen.twice.is_empty());
        // Two who read the same through one shared inbox are shown it once each.
        readers.all.push((mastodon.person("bo"), vec![0]));
        let seen = readers.look(&names);
        assert_eq!((seen.first.len(), seen.twice.len()), (2, 0));
        assert!(seen.first.values().all(|at| Moment(*at) == BEGINNING));
    }
}
