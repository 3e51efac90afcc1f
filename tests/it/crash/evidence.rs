//! What was accepted beside what there is, and the invariants of delivering (`I2`, `I5`, `I6`) over all that arrived.
//!
//! Start at [`Evidence::compare`].

#![expect(clippy::print_stdout, reason = "what a random run came to is worth a line, seen when it fails")]

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use folkmoot_tests::process::Place;
use serde_json::Value;
use tokio::time::Instant;

use super::{
    KILLS,
    load::{Accepted, FOLLOWERS, OPTIONS},
    neighbours::{Arrived, Neighbours},
};

/// How long before a kill a delivery may have arrived and still not be recorded: it was in flight.
const IN_FLIGHT: Duration = Duration::from_secs(2);

/// One life of the server.
struct Life {
    began: Instant,
    ended: Instant,
}

/// What is known of the lives, and whom to ask about the rest.
pub struct Evidence {
    place: Arc<Place>,
    neighbours: Neighbours,
    lives: Vec<Life>,
    /// Deliveries that were claimed at the moment of a kill, over all kills.
    caught: i64,
}

impl Evidence {
    /// None yet.
    pub fn new(place: Arc<Place>, neighbours: Neighbours) -> Self {
        Self { place, neighbours, lives: Vec::new(), caught: 0 }
    }

    /// The server was killed that had been started then, with so many deliveries claimed.
    pub fn killed(&mut self, began: Instant, leased: i64) {
        self.lives.push(Life { began, ended: Instant::now() });
        self.caught += leased;
    }

    /// Compares everything.
    pub async fn compare(&self, accepted: &Accepted) {
        let arrived = self.neighbours.arrived();
        self.assert_there_was_something_to_lose(accepted, &arrived);
        self.compare_followers(accepted, &arrived).await;
        self.compare_pledges(accepted, &arrived).await;
        self.compare_likes(accepted).await;
        self.compare_posts(accepted, &arrived).await;
        self.assert_repeats_were_in_flight(&arrived);
        assert_same_bytes(&arrived);
        assert_order(&arrived);
    }

    /// A run in which nothing happened proves nothing.
    fn assert_there_was_something_to_lose(&self, accepted: &Accepted, arrived: &[Arrived]) {
        let busy = self.lives.iter().filter(|life| arrived.iter().any(|one| life.had(one.at))).count();
        let refused = accepted.refused.len();
        println!(
            "{} kills, {busy} of them after something was delivered, {} deliveries caught; accepted: {} follows, {} votes, \
             {} likes, {} posts; {refused} commands did not end well; {} deliveries arrived",
            self.lives.len(),
            self.caught,
            accepted.followers.len(),
            accepted.votes.len(),
            accepted.likes.len(),
            accepted.posts.len(),
            arrived.len(),
        );
        assert_eq!(self.lives.len(), usize::try_from(KILLS).unwrap());
        assert!(busy * 2 > self.lives.len(), "most lives were too short to deliver anything");
        assert!(self.caught > 0, "no kill caught a delivery on its way");
        assert!(
            accepted.followers.len() > FOLLOWERS && !accepted.votes.is_empty() && !accepted.likes.is_empty()
        );
        assert!(accepted.posts.len() > 10, "hardly anything was published");
        // A command may lose against a writer that holds the file for long, but as a rule it does not.
        assert!(
            refused * 10 <= accepted.posts.len(),
            "commands that did not end well: {:#?}",
            accepted.refused
        );
    }

    async fn compare_followers(&self, accepted: &Accepted, arrived: &[Arrived]) {
        let shown = self.place.say_one(&["association", "show", "moor"]).await.unwrap();
        assert_eq!(shown["followers"], accepted.followers.len());
        for &follower in &accepted.followers {
            let to = self.neighbours.inbox(follower);
            let accepts = distinct(arrived, &to, |activity| activity["type"] == "Accept");
            assert_eq!(accepts.len(), 1, "{to} should have been accepted once");
        }
    }

    /// Each voter has one pledge with all ticks, and one receipt; the poll counts each tick once.
    async fn compare_pledges(&self, accepted: &Accepted, arrived: &[Arrived]) {
        let pledges = self.place.say(&["pledges", "list", "--call", &accepted.call.name]).await.unwrap();
        assert_eq!(pledges.len(), accepted.votes.len());
        let offered: BTreeMap<String, BTreeSet<String>> = pledges
            .iter()
            .map(|pledge| {
                let needs =
                    pledge["needs"].as_array().unwrap().iter().map(|need| text(need).to_owned()).collect();
                (text(&pledge["giver"]["uri"]).to_owned(), needs)
            })
            .collect();
        let voted: BTreeMap<String, BTreeSet<String>> = accepted
            .votes
            .iter()
            .map(|(actor, ticks)| (self.neighbours.actor(*actor), ticks.clone()))
            .collect();
        assert_eq!(offered, voted);
        for &voter in accepted.votes.keys() {
            let to = self.neighbours.inbox(voter);
            let receipts = distinct(arrived, &to, |activity| {
                activity["object"]["content"].as_str().is_some_and(|content| content.contains("/pledges/"))
            });
            assert_eq!(receipts.len(), 1, "{to} should have one receipt");
        }
        let poll = self.read(&accepted.call.uri).await.1;
        assert_eq!(poll["votersCount"], accepted.votes.len());
        for (place, option) in OPTIONS.iter().enumerate() {
            let ticks = accepted.votes.values().filter(|ticks| ticks.contains(*option)).count();
            assert_eq!(poll["anyOf"][place]["replies"]["totalItems"], ticks, "{option}");
        }
    }

    async fn compare_likes(&self, accepted: &Accepted) {
        let call = self.read(&accepted.call.uri).await.1;
        assert_eq!(call["likes"]["totalItems"], accepted.likes.len());
    }

    /// Everything published is there with its last words, or is gone; and so it is with everyone who follows.
    async fn compare_posts(&self, accepted: &Accepted, arrived: &[Arrived]) {
        let inboxes: BTreeSet<String> =
            (0..FOLLOWERS).map(|follower| self.neighbours.public_inbox(follower)).collect();
        for (uri, words) in &accepted.posts {
            let (status, object) = self.read(uri).await;
            match words {
                Some(words) => assert!(status == 200 && says(&object, words), "{uri}: {status} {object}"),
                None => assert_eq!(status, 410, "{uri}"),
            }
            for inbox in &inboxes {
                let heard: Vec<&Value> = arrived
                    .iter()
                    .filter(|one| one.inbox == *inbox && about(&one.activity) == uri)
                    .map(|one| &one.activity)
                    .collect();
                let last = heard.last().unwrap_or_else(|| panic!("{inbox} never heard of {uri}"));
                match words {
                    Some(words) => {
                        assert_eq!(heard[0]["type"], "Create", "{inbox} {uri}");
                        assert!(says(&last["object"], words), "{inbox} has other words for {uri}: {last}");
                    }
                    None => assert_eq!(last["type"], "Delete", "{inbox} still has {uri}"),
                }
            }
        }
    }

    /// I2: an inbox hears an activity again only when the server fell before it could note the first time.
    fn assert_repeats_were_in_flight(&self, arrived: &[Arrived]) {
        let mut times: BTreeMap<(&str, &str), Vec<Instant>> = BTreeMap::new();
        for one in arrived {
            times.entry((text(&one.activity["id"]), &one.inbox)).or_default().push(one.at);
        }
        let mut repeats = 0;
        for ((id, inbox), times) in times {
            for pair in times.windows(2) {
                let [first, again] = [pair[0], pair[1]];
                let fell = self.lives.iter().find(|life| life.had(first)).map(|life| life.ended);
                let excused = fell.is_some_and(|fell| again > fell && fell.duration_since(first) < IN_FLIGHT);
                assert!(excused, "{inbox} heard {id} again, and no crash explains it");
                repeats += 1;
            }
        }
        println!("{repeats} deliveries came again after a crash");
    }

    async fn read(&self, uri: &str) -> (u16, Value) {
        let url = url::Url::parse(uri).unwrap();
        let host = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap());
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let request = client.get(format!("http://{}{}", self.place.listen, url.path()));
        let answer =
            request.header("host", host).header("accept", "application/activity+json").send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or_default())
    }
}

impl Life {
    fn had(&self, moment: Instant) -> bool {
        self.began <= moment && moment <= self.ended
    }
}

/// I5: whoever hears it, and however often, an activity has the same bytes.
fn assert_same_bytes(arrived: &[Arrived]) {
    let mut bytes = BTreeMap::new();
    for one in arrived {
        let id = text(&one.activity["id"]);
        assert_eq!(bytes.entry(id).or_insert(&one.bytes), &&one.bytes, "{id} came with other bytes");
    }
}

/// I6: for each inbox and object `Create` before `Update` before `Delete`.
fn assert_order(arrived: &[Arrived]) {
    let mut last: BTreeMap<(&str, &str), (u8, &str)> = BTreeMap::new();
    for one in arrived {
        let (rank, id) = match text(&one.activity["type"]) {
            "Create" => (0, ""),
            "Update" => (1, one.activity["object"]["updated"].as_str().unwrap_or_default()),
            "Delete" => (2, ""),
            _ => continue,
        };
        let key = (one.inbox.as_str(), about(&one.activity));
        let before = last.entry(key).or_insert((rank, id));
        assert!(*before <= (rank, id), "{key:?} heard {before:?} and then {:?}", (rank, id));
        *before = (rank, id);
    }
}

/// The activities of different ids that an inbox heard.
fn distinct<'a>(arrived: &'a [Arrived], inbox: &str, fits: impl Fn(&Value) -> bool) -> BTreeSet<&'a str> {
    let heard = arrived.iter().filter(|one| one.inbox == inbox && fits(&one.activity));
    heard.map(|one| text(&one.activity["id"])).collect()
}

/// The id of the object of an activity.
fn about(activity: &Value) -> &str {
    activity["object"]["id"].as_str().or_else(|| activity["object"].as_str()).unwrap_or_default()
}

fn says(object: &Value, words: &str) -> bool {
    object["content"].as_str().is_some_and(|content| content.contains(&format!("{words}.")))
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}
