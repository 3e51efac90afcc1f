//! What is done to the instance while it is killed again and again, and the record of what it accepted.
//!
//! Accepted is what was answered with 202, and what a command ended well for. A neighbour that got no answer sends the
//! same bytes again, as real ones do, so in the end all that was sent is accepted.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use folkmoot_tests::{keys, peers::Request, process::Place};
use serde_json::{Value, json};
use tokio::{task::JoinHandle, time::sleep};
use url::Url;

use super::{Chance, neighbours::Neighbours};

/// Actors that follow from the beginning; each host has some.
pub const FOLLOWERS: usize = 12;
/// Neighbours that send at the same time.
const SENDERS: usize = 4;
/// Organisers that publish at the same time.
const ORGANISERS: usize = 2;
/// Options of the call.
pub const OPTIONS: [&str; 3] = ["I can dig", "I can bring a spade", "I can pass it on"];

/// Everything that was accepted.
#[derive(Debug, Default)]
pub struct Accepted {
    /// Ids of actors that follow.
    pub followers: BTreeSet<usize>,
    /// Which options each voter ticked.
    pub votes: BTreeMap<usize, BTreeSet<String>>,
    /// Who likes the call in the end.
    pub likes: BTreeSet<usize>,
    /// What was published, by id: its last words, or none once it was deleted.
    pub posts: BTreeMap<String, Option<String>>,
    /// What was tried and not accepted, in words.
    pub refused: Vec<String>,
    /// The call that is voted on.
    pub call: Call,
}

/// The call that is voted on.
#[derive(Clone, Debug, Default)]
pub struct Call {
    /// Its ActivityPub id.
    pub uri: String,
    /// Its id on the command line.
    pub name: String,
}

/// What it takes to work on an instance.
#[derive(Clone)]
pub struct Load {
    place: Arc<Place>,
    neighbours: Neighbours,
    client: reqwest::Client,
    moor: String,
    call: Call,
    accepted: Arc<Mutex<Accepted>>,
    next: Arc<AtomicUsize>,
    over: Arc<AtomicBool>,
}

/// Load that is on.
pub struct Working {
    load: Load,
    tasks: Vec<JoinHandle<()>>,
}

impl Working {
    /// Ends it: everything that was begun is finished first.
    pub async fn finish(self) -> Accepted {
        self.load.over.store(true, Ordering::SeqCst);
        for task in self.tasks {
            task.await.unwrap();
        }
        std::mem::take(&mut self.load.accepted.lock().unwrap())
    }
}

impl Load {
    /// A call to vote on, and followers who have been accepted.
    pub async fn prepare(place: Arc<Place>, neighbours: Neighbours) -> Self {
        let file = place.write("call.md", &call()).unwrap();
        let said = place.say_one(&["publish", "call", &file, "--association", "moor"]).await.unwrap();
        let call = Call { uri: text(&said["uri"]), name: text(&said["id"]) };
        let moor = place.say_one(&["association", "show", "moor"]).await.unwrap();
        let load = Self {
            client: reqwest::Client::builder().no_proxy().build().unwrap(),
            moor: text(&moor["uri"]),
            accepted: Arc::new(Mutex::new(Accepted { call: call.clone(), ..Accepted::default() })),
            next: Arc::new(AtomicUsize::new(FOLLOWERS)),
            over: Arc::default(),
            place,
            neighbours,
            call,
        };
        let server = load.place.serve().await.unwrap();
        for follower in 0..FOLLOWERS {
            load.follow(follower).await;
        }
        while load.place.say_one(&["association", "show", "moor"]).await.unwrap()["followers"] != FOLLOWERS {
            sleep(Duration::from_millis(50)).await;
        }
        assert!(server.stop().await.unwrap().success());
        load
    }

    /// Begins to send and to publish, until [`Working::finish`].
    pub fn begin(self, seed: u64) -> Working {
        let mut chance = Chance(seed);
        let mut tasks = Vec::new();
        for _ in 0..SENDERS {
            tasks.push(tokio::spawn(self.clone().send(Chance(chance.next()))));
        }
        for organiser in 0..ORGANISERS {
            tasks.push(tokio::spawn(self.clone().publish(organiser, Chance(chance.next()))));
        }
        Working { load: self, tasks }
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }

    async fn send(self, mut chance: Chance) {
        while !self.is_over() {
            let actor = self.next.fetch_add(1, Ordering::SeqCst);
            match chance.below(0..8) {
                0 | 1 => self.follow(actor).await,
                2 => self.like(actor).await,
                3 => {
                    self.like(actor).await;
                    self.unlike(actor).await;
                }
                _ => {
                    let first = usize::try_from(chance.below(0..3)).unwrap();
                    let ticks = usize::try_from(chance.below(1..3)).unwrap();
                    for turn in 0..ticks {
                        self.vote(actor, OPTIONS[(first + turn) % OPTIONS.len()]).await;
                    }
                }
            }
            sleep(Duration::from_millis(chance.below(0..40))).await;
        }
    }

    async fn follow(&self, actor: usize) {
        let id = format!("{}#follows/1", self.neighbours.actor(actor));
        self.deliver(actor, json!({ "id": id, "type": "Follow", "object": self.moor })).await;
        self.note(|accepted| accepted.followers.insert(actor));
    }

    async fn vote(&self, actor: usize, option: &str) {
        let me = self.neighbours.actor(actor);
        let id = format!("{me}#votes/{}", option.replace(' ', "-"));
        let note = json!({
            "id": id, "type": "Note", "name": option, "attributedTo": me, "inReplyTo": self.call.uri, "to": self.moor,
        });
        let create =
            json!({ "id": format!("{id}/activity"), "type": "Create", "to": self.moor, "object": note });
        self.deliver(actor, create).await;
        self.note(|accepted| accepted.votes.entry(actor).or_default().insert(option.to_owned()));
    }

    async fn like(&self, actor: usize) {
        self.deliver(actor, self.liking(actor)).await;
        self.note(|accepted| accepted.likes.insert(actor));
    }

    async fn unlike(&self, actor: usize) {
        let id = format!("{}#likes/1/undo", self.neighbours.actor(actor));
        let mut like = self.liking(actor);
        like["actor"] = self.neighbours.actor(actor).into();
        self.deliver(actor, json!({ "id": id, "type": "Undo", "object": like })).await;
        self.note(|accepted| accepted.likes.remove(&actor));
    }

    fn liking(&self, actor: usize) -> Value {
        json!({ "id": format!("{}#likes/1", self.neighbours.actor(actor)), "type": "Like", "object": self.call.uri })
    }

    /// Sends one activity until it is taken, always the same bytes.
    async fn deliver(&self, actor: usize, mut activity: Value) {
        activity["@context"] = json!("https://www.w3.org/ns/activitystreams");
        activity["actor"] = self.neighbours.actor(actor).into();
        let body = activity.to_string();
        let inbox = Url::parse(&self.moor).unwrap().join("/ap/inbox").unwrap();
        let key_id = format!("{}#main-key", self.neighbours.actor(actor));
        loop {
            let now = folkmoot_server::ports::Ports::real().clock.now();
            let mut request = Request::post(&inbox, body.as_bytes(), &key_id, now);
            request.sign(keys::of_stranger(actor));
            let to = format!("http://{}{}", self.place.listen, inbox.path());
            let mut sending = self.client.post(to).body(request.body.clone());
            for (name, value) in &request.headers {
                sending = sending.header(name, value);
            }
            match sending.send().await {
                Ok(answer) if answer.status().as_u16() == 202 => return,
                // The server fell while it was at it, and tells so if it can.
                Ok(answer) if answer.status().is_server_error() => {}
                Ok(answer) => {
                    panic!("{}: {body}: {}", answer.status(), answer.text().await.unwrap_or_default())
                }
                Err(_) => {}
            }
            sleep(Duration::from_millis(40)).await;
        }
    }

    async fn publish(self, organiser: usize, mut chance: Chance) {
        for turn in 0.. {
            if self.is_over() {
                break;
            }
            let words = format!("Word {turn} of organiser {organiser}");
            let file = self.place.write(&format!("project-{organiser}.md"), &project(&words)).unwrap();
            let Some(said) = self.command(&["publish", "project", &file, "--association", "moor"]).await
            else {
                continue;
            };
            let (uri, name) = (text(&said["uri"]), text(&said["id"]));
            self.note(|accepted| accepted.posts.insert(uri.clone(), Some(words.clone())));
            if chance.below(0..2) == 0 {
                sleep(Duration::from_millis(chance.below(0..300))).await;
                self.edit(&uri, &name, organiser, &format!("{words}, edited")).await;
            }
            if chance.below(0..3) == 0 {
                sleep(Duration::from_millis(chance.below(0..300))).await;
                if self.command(&["publish", "delete", &name, "--yes"]).await.is_some() {
                    self.note(|accepted| accepted.posts.insert(uri, None));
                }
            }
        }
    }

    async fn edit(&self, uri: &str, name: &str, organiser: usize, words: &str) {
        let file = self.place.write(&format!("edit-{organiser}.md"), &project(words)).unwrap();
        if self.command(&["publish", "edit", name, &file]).await.is_some() {
            self.note(|accepted| accepted.posts.insert(uri.to_owned(), Some(words.to_owned())));
        }
    }

    /// What a command answered; none when it did not end well, and then it promised nothing.
    async fn command(&self, words: &[&str]) -> Option<Value> {
        match self.place.say(words).await {
            Ok(mut said) => Some(said.pop().unwrap_or_default()),
            Err(error) => {
                self.note(|accepted| accepted.refused.push(format!("{error:#}")));
                None
            }
        }
    }

    fn note<T>(&self, note: impl FnOnce(&mut Accepted) -> T) {
        note(&mut self.accepted.lock().unwrap());
    }
}

fn project(words: &str) -> String {
    format!("+++\ntitle = \"Work\"\nstate = \"active\"\n+++\n{words}.\n")
}

fn call() -> String {
    let needs = OPTIONS.map(|label| format!("[[needs]]\nkind = \"time\"\nlabel = \"{label}\"\n")).join("\n");
    format!("+++\ntitle = \"Plant\"\ncloses = 2099-03-20T18:00\n\n{needs}+++\nWe meet at ten.\n")
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}
