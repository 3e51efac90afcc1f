//! The whole story with a server that shares no code with ours: over sockets, TLS and real names.
//!
//! Maria lives on a server built on Fedify (`tests/peer`). What she does goes through its control API; what we do goes
//! through the command line of the real binary, and what anybody may see is looked at from outside. Nothing here may
//! look inside. Start at [`a_stranger_follows_answers_and_sees_it_all`].

mod alliance;
mod papers;
mod stranger;
mod visitor;
mod world;

use std::{path::Path, time::Duration};

use folkmoot_tests::process::{Place, Program};
use serde_json::{Value, json};

use stranger::{SOON, Stranger};
use visitor::{Visitor, eventually};

/// A receipt waits for a minute, so that all ticks of one voter are in it.
const RECEIPT: Duration = Duration::from_secs(120);

#[test]
fn a_stranger_follows_answers_and_sees_it_all() {
    let Some(work) = world::inside() else {
        return world::enter(
            "interop::a_stranger_follows_answers_and_sees_it_all",
            &["moot.test", "fedify.test"],
        );
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(story(&work));
}

async fn story(work: &Path) {
    folkmoot_server::install_ring();
    let place =
        Place::set_up(Program::built().unwrap(), &work.join("moot"), "https://moot.test").await.unwrap();
    // What loosens the guard is named in the file, as an operator would have to.
    let authority = work.join("ca.pem");
    place
        .configure(&format!(
            "[federation]\nallow_addresses = [\"127.0.0.0/8\"]\nextra_certificates = [{:?}]",
            authority.display().to_string()
        ))
        .unwrap();
    let server = place.serve().await.unwrap();
    let port = place.listen.port().to_string();
    let _front = world::start("front.mjs", work, &["--name", "moot.test", "--to", &port]).await;
    let told = Told { place, maria: Stranger::start(work).await, visitor: Visitor::arrive(work) };

    let moor = told.she_finds_us().await;
    told.she_follows(&moor).await;
    let published = told.we_publish().await;
    told.she_votes(&published).await;
    told.she_replies_and_is_held(&published.call).await;
    told.she_likes_and_boosts(&published.call).await;
    told.she_gets_one_receipt_for_each_call(&published).await;
    told.she_takes_one_offer_back(&published.second).await;
    told.we_accept_the_other(&published.call).await;
    told.we_edit(&published.call).await;
    told.we_close(&published.call).await;
    told.the_brief_call_ends_by_itself(&published.brief).await;
    told.we_delete(&published).await;
    told.she_leaves(&moor).await;
    told.every_activity_came_once().await;
    told.she_knocked_in_both_dialects().await;
    assert!(server.stop().await.unwrap().success());
}

/// Something we published.
struct Item {
    /// Its id on the command line.
    name: String,
    /// Its ActivityPub id.
    uri: String,
    page: String,
    title: String,
}

struct Published {
    project: Item,
    call: Item,
    second: Item,
    /// A call that ends by itself, soon.
    brief: Item,
    event: Item,
    update: Item,
}

/// Who is in the story.
struct Told {
    place: Place,
    maria: Stranger,
    visitor: Visitor,
}

impl Told {
    async fn she_finds_us(&self) -> String {
        let by_handle = self.maria.tell("/lookup", json!({ "handle": "@moor@moot.test" })).await;
        let moor = text(&by_handle["object"]["id"]);
        assert_eq!(by_handle["object"]["type"], "Group");
        assert_eq!(by_handle["webfinger"]["subject"], "acct:moor@moot.test");
        let page = text(&by_handle["object"]["url"]);
        assert_ne!(page, moor, "the id and the page are two addresses");
        for url in [&moor, &page] {
            let by_url = self.maria.tell("/lookup", json!({ "url": url })).await;
            assert_eq!(by_url["object"]["id"], moor.as_str(), "found by {url}");
        }
        let profile = self.maria.ask(&format!("/profile?actor={moor}")).await;
        assert_eq!(profile["name"], "Friends of the Moor");
        assert_eq!(profile["followersCount"], 0);
        assert_eq!(profile["pinned"].as_array().map(Vec::len), Some(1), "the welcome is pinned: {profile:#}");
        assert!(self.visitor.opens(&page).await.contains("Friends of the Moor"));
        moor
    }

    async fn she_follows(&self, moor: &str) {
        self.maria.tell("/follow", json!({ "actor": "@moor@moot.test" })).await;
        self.maria.receives("Accept", SOON, |activity| activity["type"] == "Accept").await;
        assert!(self.maria.is_accepted(moor).await);
        let profile = self.maria.ask(&format!("/profile?actor={moor}")).await;
        assert_eq!(profile["followersCount"], 1);
    }

    async fn we_publish(&self) -> Published {
        let project = self.publish("project", papers::PROJECT).await;
        let call = self.publish("call", &papers::call()).await;
        let second = self.publish("call", &papers::second_call()).await;
        let brief = self.publish("call", &papers::brief_call()).await;
        let event = self.publish("event", &papers::event()).await;
        let update = self.publish("update", &papers::update(&project.page)).await;
        let published = Published { project, call, second, brief, event, update };
        let types = [
            (&published.project, "Note"),
            (&published.call, "Question"),
            (&published.second, "Question"),
            (&published.brief, "Question"),
            (&published.event, "Event"),
            (&published.update, "Note"),
        ];
        for (item, kind) in types {
            assert_eq!(self.maria.hears("Create", &item.uri).await["object"]["type"], kind);
            let post = self.maria.home(&item.uri).await;
            assert!(text(&post["content"]).contains(&item.title), "{post:#}");
            assert!(self.visitor.opens(&item.page).await.contains(&item.title));
        }
        let poll = self.maria.home(&published.call.uri).await;
        let options: Vec<_> =
            poll["options"].as_array().unwrap().iter().map(|option| text(&option["name"])).collect();
        assert_eq!((options, &poll["multiple"]), (papers::OPTIONS.map(str::to_owned).to_vec(), &json!(true)));
        assert!(
            poll["endTime"].is_string() && poll["closed"].is_null() && poll["updated"].is_null(),
            "{poll:#}"
        );
        published
    }

    async fn publish(&self, kind: &str, paper: &str) -> Item {
        let file = self.place.write(&format!("{kind}.md"), paper).unwrap();
        let said = self.place.say_one(&["publish", kind, &file, "--association", "moor"]).await.unwrap();
        let item = |field: &str| text(&said[field]);
        Item { name: item("id"), uri: item("uri"), page: item("page"), title: papers::words_of(paper) }
    }

    async fn she_votes(&self, published: &Published) {
        let [dig, spade, _] = papers::OPTIONS;
        for (call, options) in
            [(&published.brief, &[dig][..]), (&published.call, &[dig]), (&published.second, &[dig, spade])]
        {
            self.maria.tell("/vote", json!({ "question": call.uri, "options": options })).await;
            eventually("the votes are one pledge", async || {
                let pledges = self.pledges(call).await;
                pledges.len() == 1 && pledges[0]["needs"] == json!(options)
            })
            .await;
            let pledge = &self.pledges(call).await[0];
            assert_eq!(pledge["giver"]["uri"], self.maria.id());
            assert_eq!(pledge["giver"]["address"], "@maria@fedify.test");
            assert_eq!(pledge["state"], "offered");
        }
        // The poll itself says so too, to everyone who asks.
        self.visitor.waits_for(&published.call.uri, "/anyOf/0/replies/totalItems", 1).await;
        self.visitor.waits_for(&published.call.uri, "/votersCount", 1).await;
        self.visitor.waits_for(&published.second.uri, "/anyOf/2/replies/totalItems", 0).await;
    }

    async fn pledges(&self, call: &Item) -> Vec<Value> {
        self.place.say(&["pledges", "list", "--call", &call.name]).await.unwrap()
    }

    async fn she_replies_and_is_held(&self, call: &Item) {
        let words = "Is the ground not frozen in January?";
        let reply =
            self.maria.tell("/reply", json!({ "to": call.uri, "html": format!("<p>{words}</p>") })).await;
        let mut held = Vec::new();
        eventually("the reply is held", async || {
            !self.place.say(&["replies", "list", "--association", "moor"]).await.unwrap().is_empty()
        })
        .await;
        held.extend(self.place.say(&["replies", "list", "--association", "moor"]).await.unwrap());
        assert_eq!((held.len(), &held[0]["uri"], &held[0]["direct"]), (1, &reply["id"], &json!(false)));
        assert!(!self.visitor.opens(&call.page).await.contains(words), "a reply shows before it is approved");
        assert!(!self.shows_reply(call, &reply["id"]).await);
        self.place.say(&["replies", "approve", &text(&held[0]["id"])]).await.unwrap();
        assert!(self.visitor.opens(&call.page).await.contains(words), "an approved reply does not show");
        assert!(self.shows_reply(call, &reply["id"]).await);
    }

    /// Is it in the collection of replies, on any page of it?
    async fn shows_reply(&self, call: &Item, reply: &Value) -> bool {
        let replies = self.visitor.reads(&call.uri).await["replies"].clone();
        assert!(replies.is_object(), "replies stand inline: {replies}");
        replies.to_string().contains(&reply.to_string())
    }

    async fn she_likes_and_boosts(&self, call: &Item) {
        // A like of the same thing after an undo comes with another id here, with the same id from others.
        for (act, counted) in [("like", "/likes/totalItems"), ("boost", "/shares/totalItems")] {
            for _ in 0..2 {
                self.maria.tell(&format!("/{act}"), json!({ "object": call.uri })).await;
                self.visitor.waits_for(&call.uri, counted, 1).await;
                self.maria.tell(&format!("/undo-{act}"), json!({ "object": call.uri })).await;
                self.visitor.waits_for(&call.uri, counted, 0).await;
            }
        }
    }

    async fn she_gets_one_receipt_for_each_call(&self, published: &Published) {
        let [dig, spade, _] = papers::OPTIONS;
        for (call, options) in
            [(&published.brief, &[dig][..]), (&published.call, &[dig]), (&published.second, &[dig, spade])]
        {
            let receipt = self.receipt(call).await;
            assert!(options.iter().all(|option| text(&receipt["content"]).contains(option)), "{receipt:#}");
            assert_eq!(receipt["to"], json!([self.maria.id()]), "it is for her alone");
            assert!(
                receipt["cc"].is_null() && receipt["mentions"] == json!([self.maria.id()]),
                "{receipt:#}"
            );
            let told = self.maria.timeline("notifications").await;
            let told =
                told.iter().any(|known| known["kind"] == "mention" && known["object"] == receipt["id"]);
            assert!(told, "nobody told her of {}", receipt["id"]);
        }
        assert_eq!(
            self.maria.direct("/pledges/").await.len(),
            3,
            "one receipt for each call, whatever was ticked"
        );
        // Tallies come by the way: other numbers, no edit.
        eventually("her timeline shows the tallies", async || {
            self.maria.home(&published.second.uri).await["options"][1]["votes"] == 1
        })
        .await;
        assert!(self.maria.home(&published.second.uri).await["updated"].is_null());
    }

    async fn receipt(&self, call: &Item) -> Value {
        let is_receipt = |activity: &Value| {
            let object = &activity["object"];
            activity["type"] == "Create" && object["inReplyTo"] == call.uri.as_str() && link(object).is_some()
        };
        let create = self.maria.receives("the receipt", RECEIPT, is_receipt).await;
        let mut direct = self.maria.direct(&call.title).await;
        direct.retain(|note| note["id"] == create["object"]["id"]);
        assert_eq!(direct.len(), 1, "the receipt is not among her direct notes");
        direct.remove(0)
    }

    async fn she_takes_one_offer_back(&self, call: &Item) {
        let page = link(&self.receipt(call).await).unwrap();
        // Servers fetch every link in a post: nothing may happen on that.
        self.visitor.opens(&page).await;
        assert_eq!(self.pledges(call).await[0]["state"], "offered");
        self.visitor.presses_the_button(&page).await;
        assert_eq!(self.pledges(call).await[0]["state"], "withdrawn");
    }

    async fn we_accept_the_other(&self, call: &Item) {
        let words = "Wonderful, bring stout boots";
        let pledge = text(&self.pledges(call).await[0]["id"]);
        self.place.say(&["pledges", "accept", &pledge, "--words", words]).await.unwrap();
        let answered = |activity: &Value| {
            activity["object"]["content"].as_str().is_some_and(|said| said.contains(words))
        };
        self.maria.receives("what the organisers answered", SOON, answered).await;
        assert_eq!(self.maria.direct(words).await.len(), 1);
    }

    async fn we_edit(&self, call: &Item) {
        let file = self.place.write("edited.md", &papers::edited_call()).unwrap();
        self.place.say(&["publish", "edit", &call.name, &file]).await.unwrap();
        let edited = |activity: &Value| {
            activity["type"] == "Update"
                && activity["object"]["content"].as_str().is_some_and(|said| said.contains("gloves"))
        };
        let update = self.maria.receives("the edit", SOON, edited).await;
        assert_eq!(update["object"]["id"], call.uri.as_str());
        let post = self.maria.home(&call.uri).await;
        assert!(text(&post["content"]).contains("gloves"), "an edit must have a later `updated`: {post:#}");
        assert_eq!(post["ownVotes"], json!([papers::OPTIONS[0]]), "an edit must not cost anybody's vote");
    }

    async fn we_close(&self, call: &Item) {
        let (outcome, thanks) = ("Forty trees stand", "To all of you");
        self.place
            .say(&["publish", "close", &call.name, "--outcome", outcome, "--thanks", thanks])
            .await
            .unwrap();
        let for_all = |activity: &Value| {
            let object = &activity["object"];
            object["content"].as_str().is_some_and(|said| said.contains(outcome) && said.contains(thanks))
                && object["inReplyTo"] == call.uri.as_str()
                && object["cc"].is_array()
        };
        let note = self.maria.receives("the outcome for everyone", SOON, for_all).await;
        self.maria.home(&text(&note["object"]["id"])).await;
        // Closing early moves the end of the poll, and some servers forget who voted then: she hears it in words.
        eventually("her poll is closed", async || self.maria.home(&call.uri).await["closed"].is_string())
            .await;
        eventually("thanks for her alone", async || !self.maria.direct(thanks).await.is_empty()).await;
        assert_eq!(self.maria.direct(thanks).await.len(), 1);
        assert!(self.visitor.opens(&call.page).await.contains(outcome));
    }

    /// Nobody does anything: its time is over, she keeps her vote and is told that the poll has ended.
    async fn the_brief_call_ends_by_itself(&self, call: &Item) {
        let closed = |activity: &Value| {
            activity["object"]["id"] == call.uri.as_str() && activity["object"]["closed"].is_string()
        };
        self.maria.receives("the end of the brief call", papers::BRIEF, closed).await;
        let poll = self.maria.home(&call.uri).await;
        assert_eq!(poll["closed"], poll["endTime"], "{poll:#}");
        assert!(poll["updated"].is_null() && poll["ownVotes"] == json!([papers::OPTIONS[0]]), "{poll:#}");
        let told = self.maria.timeline("notifications").await;
        let ended = told.iter().filter(|known| known["kind"] == "poll ended").collect::<Vec<_>>();
        assert!(ended.len() == 1 && ended[0]["object"] == call.uri.as_str(), "{told:#?}");
    }

    async fn we_delete(&self, published: &Published) {
        for (item, former) in
            [(&published.update, "Note"), (&published.event, "Event"), (&published.second, "Question")]
        {
            self.place.say(&["publish", "delete", &item.name, "--yes"]).await.unwrap();
            let delete = self.maria.hears("Delete", &item.uri).await;
            assert_eq!(delete["object"]["type"], "Tombstone");
            let home = self.maria.timeline("home").await;
            assert!(!home.iter().any(|post| post["id"] == item.uri.as_str()), "it is still in her timeline");
            let gone = self.visitor.asks(&item.uri).await;
            assert_eq!(gone.status().as_u16(), 410);
            let tombstone: Value = serde_json::from_str(&gone.text().await.unwrap()).unwrap();
            assert_eq!((&tombstone["type"], &tombstone["formerType"]), (&json!("Tombstone"), &json!(former)));
        }
        self.maria.home(&published.project.uri).await;
    }

    async fn she_leaves(&self, moor: &str) {
        self.maria.tell("/unfollow", json!({ "actor": moor })).await;
        eventually("she is no follower any more", async || {
            self.maria.ask(&format!("/profile?actor={moor}")).await["followersCount"] == 0
        })
        .await;
    }

    /// One POST for each activity and server, taken at the first try.
    async fn every_activity_came_once(&self) {
        let traffic = self.maria.ask("/traffic").await;
        let mut ids: Vec<String> = posts(&traffic["in"])
            .map(|post| {
                assert_eq!(post["status"], 202, "{post}");
                text(&post["id"])
            })
            .collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(all, ids.len(), "something came twice: {traffic:#}");
        let seen = self.maria.seen().await;
        assert_eq!(seen.len(), all);
        for activity in &seen {
            let public = activity["to"].to_string().contains("#Public");
            assert_eq!(activity["inbox"], if public { "shared" } else { "personal" }, "{activity:#}");
        }
        let refused = self.maria.ask("/refused").await;
        assert_eq!(refused, json!({ "refused": [], "failures": [] }));
    }

    /// Whatever she knocked with first, everything she sent was taken in the end, and she learnt from the first answer.
    async fn she_knocked_in_both_dialects(&self) {
        let traffic = self.maria.ask("/traffic").await;
        let sent: Vec<&Value> = posts(&traffic["out"]).collect();
        let knocks = |signature: &str, status: u16| {
            sent.iter().filter(|post| post["signature"] == signature && post["status"] == status).count()
        };
        assert_eq!(sent[0]["signature"], "rfc9421", "{:#}", sent[0]);
        let (new, old) = (knocks("rfc9421", 202), knocks("draft-cavage", 202));
        let refused = knocks("rfc9421", 401);
        assert!(refused <= 1, "she did not learn: {refused} knocks in vain");
        assert!(new > 0 || (refused == 1 && old > 0), "neither dialect got through");
        assert_eq!(new + old + refused, sent.len(), "something else was answered: {sent:#?}");
    }
}

fn posts(traffic: &Value) -> impl Iterator<Item = &Value> {
    traffic.as_array().unwrap().iter().filter(|knock| knock["method"] == "POST")
}

/// The link of a receipt: whoever holds it holds the pledge.
fn link(note: &Value) -> Option<String> {
    let content = note["content"].as_str()?;
    let at = content.find("https://moot.test/pledges/")?;
    let link = content.get(at..)?;
    Some(link.split(['"', '<', '\'']).next()?.to_owned())
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}
