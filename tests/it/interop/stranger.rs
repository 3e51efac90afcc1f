//! The independent peer, as the test drives it: its control API, and what reached it. `tests/peer/README.md` has the
//! paths and the words.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::world::{self, Neighbour};

/// How long something may take to arrive that nothing holds up.
pub const SOON: Duration = Duration::from_secs(30);

/// Maria, on another server.
pub struct Stranger {
    neighbour: Neighbour,
    client: reqwest::Client,
}

impl Stranger {
    /// Starts her server.
    pub async fn start(work: &Path) -> Self {
        let neighbour = world::start("peer.mjs", work, &["--host", "fedify.test", "--name", "maria"]).await;
        Self { neighbour, client: reqwest::Client::builder().no_proxy().build().unwrap() }
    }

    /// The id of her actor.
    pub fn id(&self) -> &str {
        self.neighbour.said["actor"].as_str().unwrap()
    }

    /// Tells her to do something; it is done, and was not refused, when this returns.
    pub async fn tell(&self, path: &str, words: Value) -> Value {
        let answer = self.client.post(self.desk(path)).body(words.to_string()).send().await.unwrap();
        let good = answer.status().is_success();
        let said = answer.text().await.unwrap();
        assert!(good, "{path} {words}: {said}");
        serde_json::from_str(&said).unwrap()
    }

    /// Asks her.
    pub async fn ask(&self, path: &str) -> Value {
        let answer = self.client.get(self.desk(path)).send().await.unwrap();
        let good = answer.status().is_success();
        let said = answer.text().await.unwrap();
        assert!(good, "{path}: {said}");
        serde_json::from_str(&said).unwrap()
    }

    /// Her follow of an actor was accepted.
    pub async fn is_accepted(&self, actor: &str) -> bool {
        self.ask("/profile").await["following"][actor]["accepted"] == json!(true)
    }

    /// Everything that reached her and was verified, in order.
    pub async fn seen(&self) -> Vec<Value> {
        list(&self.ask("/seen").await)
    }

    /// The first activity that fits; waits for it.
    pub async fn receives(&self, what: &str, within: Duration, fits: impl Fn(&Value) -> bool) -> Value {
        let began = Instant::now();
        let mut seen = self.seen().await;
        loop {
            if let Some(found) = seen.iter().find(|activity| fits(activity)) {
                return found.clone();
            }
            let left = within.saturating_sub(began.elapsed()).as_secs();
            let more = list(&self.ask(&format!("/seen?after={}&wait={left}", seen.len())).await);
            if more.is_empty() {
                let refused = self.ask("/refused").await;
                panic!(
                    "{what} does not arrive. What did: {:#}\nWhat was refused: {refused:#}",
                    json!(briefly(&seen))
                );
            }
            seen.extend(more);
        }
    }

    /// The first activity of this type about this object; waits for it.
    pub async fn hears(&self, verb: &str, object: &str) -> Value {
        let fits = |activity: &Value| activity["type"] == verb && activity["object"]["id"] == object;
        self.receives(&format!("{verb} of {object}"), SOON, fits).await
    }

    /// A part of what her owner sees now: `home`, `boosts`, `direct`, `notifications`.
    pub async fn timeline(&self, part: &str) -> Vec<Value> {
        list(&self.ask("/timeline").await[part])
    }

    /// A post in her home timeline; it must be there.
    pub async fn home(&self, post: &str) -> Value {
        let home = self.timeline("home").await;
        let found = home.iter().find(|known| known["id"] == post);
        found.unwrap_or_else(|| panic!("{post} is not in the home timeline: {:#}", json!(home))).clone()
    }

    /// Notes to her alone that reached her as such, by words in them.
    pub async fn direct(&self, words: &str) -> Vec<Value> {
        let mut direct = self.timeline("direct").await;
        direct.retain(|note| note["content"].as_str().is_some_and(|content| content.contains(words)));
        direct
    }

    fn desk(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.neighbour.said["control"])
    }
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().unwrap().clone()
}

fn briefly(seen: &[Value]) -> Vec<String> {
    let brief = |activity: &Value| {
        let object = &activity["object"];
        let content = object["content"].as_str().unwrap_or_default();
        let content: String = content.chars().take(80).collect();
        format!("{} {} {} {content}", activity["type"], object["type"], object["id"])
    };
    seen.iter().map(brief).collect()
}
