//! Somebody elsewhere: follows, votes, replies, likes, and hears what comes back.
//!
//! The first half makes activities in the shape that Mastodon gives them, the second half sends them and looks at what
//! arrived. Start at [`Stranger::tells`].

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::http::StatusCode;
use folkmoot_app::ports::Clock;
use folkmoot_domain::actors::Actor;
use serde_json::{Value, json};
use url::Url;

use super::{Answered, Page, Received, Request, Server};
use crate::keys::TestKey;

const CONTEXT: &str = "https://www.w3.org/ns/activitystreams";
/// The public, in full (ActivityPub 5.6).
const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// A person on another server.
#[derive(Clone)]
pub struct Stranger {
    /// Where they live.
    pub server: Server,
    /// The name before the second `@`.
    pub name: String,
    /// Their ActivityPub id.
    pub id: String,
    /// The id of their key.
    pub key_id: String,
    /// Their key.
    pub key: &'static TestKey,
    said: Arc<AtomicUsize>,
}

impl Stranger {
    pub(super) fn new(server: Server, name: &str, id: &str, key: &str, pair: &'static TestKey) -> Self {
        let (name, id, key_id) = (name.to_owned(), id.to_owned(), format!("{id}{key}"));
        Self { server, name, id, key_id, key: pair, said: Arc::default() }
    }

    /// Their actor document.
    pub fn actor(&self) -> Value {
        let mut actor = json!({
            "@context": [CONTEXT, "https://w3id.org/security/v1"],
            "id": self.id,
            "type": "Person",
            "preferredUsername": self.name,
            "name": self.name,
            "inbox": self.under("inbox"),
            "outbox": self.under("outbox"),
            "followers": self.under("followers"),
            "url": format!("https://{}/@{}", self.server.host(), self.name),
            "publicKey": {"id": self.key_id, "owner": self.id, "publicKeyPem": self.key.public_pem()},
        });
        if let Some(shared) = self.server.shared_inbox() {
            actor["endpoints"] = json!({"sharedInbox": shared});
        }
        actor
    }

    /// Serves the actor document, at its id and at that of its key.
    pub fn publishes_its_actor(&self) {
        self.publishes(&self.actor());
    }

    /// Serves this as the actor document.
    pub fn publishes(&self, actor: &Value) {
        for id in [&self.id, &self.key_id] {
            let url = Url::parse(id).expect("ids of strangers are addresses");
            self.server.serves(url.path(), Page::activity(actor));
        }
    }

    /// The same person with another key, under the same id.
    #[must_use]
    pub fn with_key(&self, key: &'static TestKey) -> Self {
        Self { key, ..self.clone() }
    }

    fn under(&self, name: &str) -> String {
        format!("{}/{name}", self.id.trim_end_matches('/'))
    }

    fn fresh(&self, what: &str) -> String {
        self.under(&format!("{what}/{}", self.said.fetch_add(1, Ordering::SeqCst) + 1))
    }

    fn now(&self) -> String {
        self.server.clock().now().rfc3339()
    }
}

/// What they can say.
impl Stranger {
    /// An activity of theirs with a fresh id.
    pub fn activity(&self, kind: &str, object: impl Into<Value>) -> Value {
        let id = self.fresh(&kind.to_lowercase());
        json!({"@context": CONTEXT, "id": id, "type": kind, "actor": self.id, "object": object.into()})
    }

    /// `Follow`.
    pub fn follow(&self, whom: &Actor) -> Value {
        self.activity("Follow", whom.uri.as_str())
    }

    /// `Undo`, with the activity embedded.
    pub fn undo(&self, activity: &Value) -> Value {
        self.activity("Undo", activity.clone())
    }

    /// `Like`.
    pub fn like(&self, item: &Url) -> Value {
        self.activity("Like", item.as_str())
    }

    /// `Announce`.
    pub fn boost(&self, item: &Url) -> Value {
        let mut boost = self.activity("Announce", item.as_str());
        boost["to"] = json!([PUBLIC]);
        boost["cc"] = json!([self.under("followers")]);
        boost["published"] = json!(self.now());
        boost
    }

    /// A vote: `Create` of a Note with nothing but a name, addressed to the author of the poll alone.
    pub fn vote(&self, poll: &Url, author: &Actor, option: &str) -> Value {
        let note = json!({
            "id": self.fresh("votes"),
            "type": "Note",
            "name": option,
            "attributedTo": self.id,
            "inReplyTo": poll.as_str(),
            "to": author.uri.as_str(),
        });
        let mut create = self.activity("Create", note);
        create["to"] = json!(author.uri.as_str());
        create
    }

    /// A public reply that mentions the author.
    pub fn reply(&self, item: &Url, author: &Actor, text: &str) -> Value {
        self.create(self.note(Some(item), author, text, &[PUBLIC]))
    }

    /// A reply to the author alone.
    pub fn direct_reply(&self, item: &Url, author: &Actor, text: &str) -> Value {
        let mut note = self.note(Some(item), author, text, &[]);
        note["to"] = json!([author.uri.as_str()]);
        note["cc"] = json!([]);
        self.create(note)
    }

    /// A Note that mentions somebody of ours.
    pub fn note(&self, item: Option<&Url>, author: &Actor, text: &str, to: &[&str]) -> Value {
        json!({
            "id": self.fresh("statuses"),
            "type": "Note",
            "attributedTo": self.id,
            "inReplyTo": item.map(Url::as_str),
            "content": format!("<p>{text}</p>"),
            "published": self.now(),
            "to": to,
            "cc": [self.under("followers"), author.uri.as_str()],
            "tag": [{"type": "Mention", "href": author.uri.as_str(), "name": author.address()}],
        })
    }

    /// `Create` with the audience of its Note.
    pub fn create(&self, note: Value) -> Value {
        about(self.activity("Create", Value::Null), note)
    }

    /// `Update` of a Note with other words, edited now.
    pub fn edit(&self, create: &Value, text: &str) -> Value {
        let mut note = create["object"].clone();
        note["content"] = json!(format!("<p>{text}</p>"));
        note["updated"] = json!(self.now());
        about(self.activity("Update", Value::Null), note)
    }

    /// `Delete` of a Note, with a Tombstone.
    pub fn delete(&self, create: &Value) -> Value {
        self.activity("Delete", json!({"id": create["object"]["id"], "type": "Tombstone"}))
    }

    /// `Delete` of themselves.
    pub fn delete_self(&self) -> Value {
        self.activity("Delete", self.id.as_str())
    }
}

/// The activity about this Note, with the audience and date of the Note.
fn about(mut activity: Value, note: Value) -> Value {
    for field in ["to", "cc", "published"] {
        activity[field] = note[field].clone();
    }
    activity["object"] = note;
    activity
}

/// Sending and hearing.
impl Stranger {
    /// The delivery of an activity to an inbox, signed; bend it before it is sent.
    pub fn delivery(&self, inbox: &Url, activity: &Value) -> Request {
        let mut request = Request::post(inbox, activity.to_string(), &self.key_id, self.server.clock().now());
        request.sign(self.key);
        request
    }

    /// Posts an activity to an inbox.
    pub async fn posts(&self, inbox: &Url, activity: &Value) -> Answered {
        self.delivery(inbox, activity).send(self.server.network()).await
    }

    /// Posts an activity to somebody of ours, who takes it.
    ///
    /// # Panics
    /// When it is not taken.
    pub async fn tells(&self, whom: &Actor, activity: &Value) {
        let answer = self.posts(&whom.inbox, activity).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}: {activity}", answer.text());
    }

    /// Fetches a document as their server would.
    pub async fn fetches(&self, url: &Url) -> Answered {
        Request::get(url, r#"application/ld+json; profile="https://www.w3.org/ns/activitystreams""#)
            .send(self.server.network())
            .await
    }

    /// What came to their inbox or their server's shared one.
    pub fn received(&self) -> Vec<Received> {
        let own = Url::parse(&self.under("inbox")).expect("an address").path().to_owned();
        self.server.received().into_iter().filter(|one| one.inbox == own || one.inbox == "/inbox").collect()
    }

    /// The activities of this type among them.
    pub fn heard(&self, kind: &str) -> Vec<Value> {
        self.received().into_iter().map(|one| one.body).filter(|body| body["type"] == kind).collect()
    }

    /// The Notes that were written to them alone.
    pub fn letters(&self) -> Vec<Value> {
        let to_me =
            |note: &Value| note["to"] == json!([self.id]) && note["cc"].as_array().is_none_or(Vec::is_empty);
        let notes = self.heard("Create").into_iter().map(|create| create["object"].clone());
        notes.filter(|note| note["type"] == "Note" && to_me(note)).collect()
    }
}
