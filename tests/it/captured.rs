//! What GoToSocial, snac and Takahē really sent, word for word, has the effect that their users meant.
//!
//! The bodies come from the corpus; the ids of ours in them are replaced by those of this world, and they are signed with
//! keys of ours, each in the way of its program. Without the corpus these tests say aloud that they were left out, and
//! pass. Start at [`Peers::gather`], then [`Peers::replay`].

use std::{collections::BTreeMap, fs};

use folkmoot_app::instance;
use folkmoot_domain::{
    Moment,
    calls::{CallSeen, HelpKind},
    items::Item,
    moments::{HOUR, MINUTE},
};
use folkmoot_tests::{
    associations::Association,
    corpus,
    database::Database,
    peers::{Request, Stranger},
    world::World,
};
use serde_json::{Value, json};

on_both_databases!(
    one_tick_is_one_pledge,
    two_ticks_are_one_pledge,
    ticks_in_polls_that_are_not_ours_are_left_alone,
    the_second_edit_counts_though_its_id_is_the_same,
    a_like_counts_again_after_an_undo,
    boosts_are_counted_and_taken_back,
    follows_are_accepted_undone_and_accepted_again,
    replies_are_held_and_those_for_us_alone_stay_with_us,
    every_way_to_delete_a_reply_is_understood,
    everything_ever_captured_is_answered_calmly,
);

const PROGRAMS: [&str; 3] = ["gotosocial", "snac", "takahe"];
/// An hour after the capture.
const LATER: Moment = Moment(1_795_460_400_000);

/// The world in which the captured programs meet an instance under the name that theirs had.
struct Peers<'a> {
    world: &'a World,
    park: Association<'a>,
    calls: BTreeMap<&'static str, CallSeen>,
    event: Item,
    people: BTreeMap<&'static str, Stranger>,
    /// What stands in the bodies, and what it is here; longest first.
    ours: Vec<(String, String)>,
}

impl<'a> Peers<'a> {
    async fn gather(world: &'a World) -> Option<Self> {
        corpus::folder("captured requests of other programs")?;
        let park = world.home().found("amis").await;
        let mut calls = BTreeMap::new();
        for name in ["call/12", "call/13", "call/15", "call/18"] {
            let needs = [
                (HelpKind::Time, "I can give time", None),
                (HelpKind::Thing, "I can lend tools", None),
                (HelpKind::Voice, "I can share this", None),
            ];
            calls.insert(name, park.call_for(name, &needs).await);
        }
        let event = park.event("Atelier").await.seen.item;
        let application = instance::actor(&park.instance.app).await.unwrap().uri;
        world.settle().await;
        let mut ours: Vec<_> = calls
            .iter()
            .map(|(name, call)| (format!("https://sut.test/{name}"), call.seen.item.uri.to_string()))
            .collect();
        ours.push(("https://sut.test/a/amis".to_owned(), park.actor.uri.to_string()));
        ours.push(("https://sut.test/actor".to_owned(), application.to_string()));
        ours.push(("https://sut.test/e/5".to_owned(), event.uri.to_string()));
        Some(Self { world, park, calls, event, people: people(world), ours })
    }

    fn call(&self, name: &str) -> &CallSeen {
        &self.calls[name]
    }

    /// A captured body as it would have come here; none when this program never sent it.
    fn body(&self, name: &str) -> Option<String> {
        let file = corpus::folder(name)?.join("live").join(format!("{name}.json"));
        let body = fs::read_to_string(file).ok()?;
        Some(self.ours.iter().fold(body, |body, (theirs, ours)| body.replace(theirs, ours)))
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_str(&self.body(name).unwrap_or_else(|| panic!("{name} is not in the corpus")))
            .unwrap()
    }

    /// Lets the program send it again, and everybody do what follows. False when it never sent this.
    async fn replay(&self, name: &str) -> bool {
        let Some(body) = self.body(name) else { return false };
        let program = name.split('/').next().unwrap();
        self.sends(program, &body).await;
        true
    }

    async fn sends(&self, program: &str, body: &str) {
        self.world.pass(2_000).await;
        let said: Value = serde_json::from_str(body).unwrap();
        let sender = &self.people[said["actor"].as_str().unwrap()];
        let answer =
            delivery(program, sender, self.world.now(), &self.park, body).send(&self.world.network).await;
        assert_eq!(answer.status, 202, "{program}: {}: {body}", answer.text());
        self.world.settle().await;
    }

    fn person(&self, program: &str) -> &Stranger {
        &self.people[match program {
            "gotosocial" => "https://gts.test/users/bob",
            "snac" => "https://snac.test/alice",
            _ => "https://takahe.test/@carol@takahe.test/",
        }]
    }

    /// How many like and how many boosted this.
    async fn reactions(&self, item: &Item) -> (i64, i64) {
        let seen = folkmoot_storage::items::seen(&self.park.instance.app.store.rows(), item.id)
            .await
            .unwrap()
            .unwrap();
        (seen.likes, seen.boosts)
    }

    async fn followers(&self) -> Vec<String> {
        let sql = "SELECT a.uri FROM followers f JOIN actors a ON a.id = f.follower_id
            JOIN associations g ON g.id = f.followed_id ORDER BY 1";
        self.park.instance.look(sql).await
    }
}

/// Everybody who was captured, with ids and keys as their programs make them.
fn people(world: &World) -> BTreeMap<&'static str, Stranger> {
    let (gts, snac, takahe) =
        (world.small_server("gts.test"), world.small_server("snac.test"), world.server("takahe.test"));
    let actors = [
        (&gts, "bob", "https://gts.test/users/bob", "/main-key"),
        (&gts, "dora", "https://gts.test/users/dora", "/main-key"),
        (&gts, "gts.test", "https://gts.test/users/gts.test", "/main-key"),
        (&snac, "alice", "https://snac.test/alice", "#main-key"),
        (&takahe, "carol", "https://takahe.test/@carol@takahe.test/", "#main-key"),
        (&takahe, "takahe", "https://takahe.test/actor/", "#main-key"),
    ];
    actors.into_iter().map(|(server, name, id, key)| (id, server.actor(name, id, key))).collect()
}

/// A delivery in the way of each program (`*.headers.json` of the corpus).
fn delivery(program: &str, sender: &Stranger, now: Moment, park: &Association<'_>, body: &str) -> Request {
    let inbox = park.instance.at("/ap/inbox");
    let mut request = Request::post(&inbox, body, &sender.key_id, now);
    match program {
        "gotosocial" => {
            request.algorithm = Some("hs2019".to_owned());
            request.set(
                "content-type",
                r#"application/ld+json; profile="https://www.w3.org/ns/activitystreams""#,
            );
        }
        "snac" => {
            request.algorithm = Some("rsa-sha256".to_owned());
            "(request-target) host digest date".clone_into(&mut request.covered);
        }
        _ => "(request-target) host date digest content-type".clone_into(&mut request.covered),
    }
    request.sign(sender.key);
    request
}

async fn one_tick_is_one_pledge(database: Database) {
    let world = World::beginning(database, ["sut.test"], LATER).await;
    let Some(peers) = Peers::gather(&world).await else { return };

    for (vote, option) in [
        ("vote-anyof-one", "I can give time"),
        ("vote-call15", "I can lend tools"),
        ("vote-call18", "I can give time"),
    ] {
        for program in PROGRAMS {
            assert!(peers.replay(&format!("{program}/{vote}")).await);
            let pledge = peers.park.pledges().await.remove(0);
            assert_eq!(pledge.labels, [option], "{program}");
        }
    }
    assert_eq!(peers.park.pledges().await.len(), 9);
    let voted = peers.park.see(peers.call("call/12").seen.item.id).await;
    assert_eq!((voted.voters, voted.needs[0].votes), (3, 3));

    // The same again, as a retry would bring it: nothing more.
    for program in PROGRAMS {
        peers.replay(&format!("{program}/vote-anyof-one")).await;
    }
    assert_eq!(peers.park.see(voted.seen.item.id).await.needs, voted.needs);
    assert_eq!(peers.park.pledges().await.len(), 9);
    world.pass(HOUR).await;
    assert_eq!(peers.person("snac").letters().len(), 3, "one receipt for each call");
}

async fn two_ticks_are_one_pledge(database: Database) {
    let world = World::beginning(database, ["sut.test"], LATER).await;
    let Some(peers) = Peers::gather(&world).await else { return };

    for program in PROGRAMS {
        assert!(peers.replay(&format!("{program}/vote-anyof-two-a")).await);
        assert!(peers.replay(&format!("{program}/vote-anyof-two-b")).await);
    }
    world.pass(HOUR).await;

    let pledges = peers.park.pledges().await;
    assert_eq!(pledges.len(), 3);
    for pledge in &pledges {
        assert_eq!(pledge.labels, ["I can give time", "I can share this"], "{}", pledge.giver.host);
    }
    for program in PROGRAMS {
        assert_eq!(peers.person(program).letters().len(), 1, "{program}");
    }
    let seen = peers.park.see(peers.call("call/13").seen.item.id).await;
    assert_eq!(
        (seen.voters, seen.needs.iter().map(|need| need.votes).collect::<Vec<_>>()),
        (3, vec![3, 0, 3])
    );
}

async fn ticks_in_polls_that_are_not_ours_are_left_alone(database: Database) {
    let world = World::beginning(database, ["sut.test"], LATER).await;
    let Some(peers) = Peers::gather(&world).await else { return };
    let before = peers.park.instance.tables().await.without_traces();

    for program in PROGRAMS {
        for vote in ["vote-oneof-rsvp", "vote-direct-invitation"] {
            assert!(peers.replay(&format!("{program}/{vote}")).await);
        }
    }

    let after = peers.park.instance.tables().await.without_traces();
    assert_eq!(before.changes(&after), Vec::<String>::new());
}

async fn the_second_edit_counts_though_its_id_is_the_same(database: Database) {
    let world = World::beginning(database, ["sut.test"], LATER).await;
    let Some(peers) = Peers::gather(&world).await else { return };

    for program in PROGRAMS {
        let second = peers.json(&format!("{program}/edit-2"));
        // The post itself was not captured, nor Takahē's first edit: both are made of the second.
        let mut create = second.clone();
        create["type"] = json!("Create");
        create["id"] = json!(format!("{}#made-for-this-test", second["object"]["id"].as_str().unwrap()));
        create["object"].as_object_mut().unwrap().remove("updated");
        let mut first = second.clone();
        first["object"]["content"] = json!("<p>first edit</p>");
        first["object"]["updated"] = json!("2026-11-23T18:33:36Z");
        peers.sends(program, &create.to_string()).await;
        if !peers.replay(&format!("{program}/edit-1")).await {
            peers.sends(program, &first.to_string()).await;
        }
        let html = async || peers.park.held().await.into_iter().last().unwrap().reply.html;
        assert!(html().await.contains("first edit"), "{program}");

        assert!(peers.replay(&format!("{program}/edit-2")).await);
        assert!(html().await.contains("second edit"), "{program}");
    }
    assert_eq!(peers.park.held().await.len(), 3);
}

async fn a_like_counts_again_after_an_undo(database: Database) {
    let world = World::beginning(database, ["sut.test"], LATER).await;
    let Some(peers) = Peers::gather(&world).await else { return };
    let call = &peers.call("call/12").seen.item;

    for program in PROGRAMS {
        for turn in ["", "-again"] {
            // snac sends the same like again; nobody captured it twice.
            let name = |what: &str| match program {
                "snac" => format!("snac/{what}"),
                "takahe" if what == "undo-like" => "takahe/undo-like".to_owned(),
                _ => format!("{program}/{what}{turn}"),
            };
            assert!(peers.replay(&name("like")).await);
            assert_eq!(peers.reactions(call).await, (1, 0), "{program} {turn}");
            assert!(peers.replay(&name("undo-like")).await);
            assert_eq!(peers.reactions(call).await, (0, 0), "{program} {turn}");
        }
        assert!(peers.replay(&format!("{program}/like-event")).await);
    }
    assert_eq!(peers.reactions(&peers.event).await, (3, 0));
}

async fn boosts_are_counted_and_taken_back(database: Database) {
    let world = World::beginning(database, ["sut.test"], LATER).await;
    let Some(peers) = Peers::gather(&world).await else { return };
    let call = &peers.call("call/12").seen.item;

    assert!(peers.replay("gotosocial/boost-event").await);
    assert!(peers.replay("takahe/boost-event").await);
    assert_eq!(peers.reactions(&peers.event).await, (0, 2));

    // snac uses one id for both, Takahē the same words.
    for (boost, undo) in [("boost", "undo-boost"), ("boost-when-we-follow", "undo-boost-when-we-follow")] {
        assert!(peers.replay(&format!("snac/{boost}")).await);
        assert_eq!(peers.reactions(call).await, (0, 1));
        assert!(peers.replay(&format!("snac/{undo}")).await);
        assert_eq!(peers.reactions(call).await, (0, 0));
    }
    assert!(peers.replay("takahe/boost").await && peers.replay("takahe/boost-when-we-follow").await);
    assert_eq!(peers.reactions(call).await, (0, 1), "one account boosts once");
    assert!(peers.replay("gotosocial/undo-boost-when-we-follow").await);
    assert_eq!(peers.reactions(call).await, (0, 1), "an undo of what never came takes nothing away");
    let boost = peers.json("gotosocial/undo-boost-when-we-follow")["object"].clone();
    peers.sends("gotosocial", &boost.to_string()).await;
    assert_eq!(peers.reactions(call).await, (0, 2));
    assert!(peers.replay("gotosocial/undo-boost-when-we-follow").await);
    assert_eq!(peers.reactions(call).await, (0, 1));
}

async fn follows_are_accepted_undone_and_accepted_again(database: Database) {
    let world = World::beginning(database, ["sut.test"], LATER).await;
    let Some(peers) = Peers::gather(&world).await else { return };

    for program in PROGRAMS {
        let person = peers.person(program);
        for (turn, name) in (1..).zip(["follow", "follow-again"]) {
            assert!(peers.replay(&format!("{program}/{name}")).await);
            assert_eq!(peers.followers().await, [person.id.as_str()], "{program}");
            let accepts = person.heard("Accept");
            assert_eq!(accepts.len(), turn, "{program}: each follow is answered, the same words too");
            assert_eq!(accepts[turn - 1]["object"]["id"], peers.json(&format!("{program}/{name}"))["id"]);
            let undo = match (program, name) {
                ("gotosocial", "follow-again") => "gotosocial/block-then-undo-follow".to_owned(),
                ("takahe", _) | (_, "follow-again") => String::new(),
                _ => format!("{program}/unfollow"),
            };
            if undo.is_empty() {
                let follow = peers.json(&format!("{program}/{name}"));
                let undo = json!({"id": format!("{}#undo", follow["id"].as_str().unwrap()), "type": "Undo", "actor": person.id, "object": follow});
                peers.sends(program, &undo.to_string()).await;
            } else {
                assert!(peers.replay(&undo).await);
            }
            assert!(peers.followers().await.is_empty(), "{program}");
        }
        assert!(peers.replay(&format!("{program}/follow-application")).await);
        assert_eq!(person.heard("Accept")[2]["actor"], "https://sut.test/ap/instance");
    }
    assert!(peers.replay("gotosocial/follow-second-user").await);
    assert_eq!(peers.followers().await, ["https://gts.test/users/dora"]);
}

async fn replies_are_held_and_those_for_us_alone_stay_with_us(database: Database) {
    let world = World::beginning(database, ["sut.test"], LATER).await;
    let Some(peers) = Peers::gather(&world).await else { return };

    for program in PROGRAMS {
        for (reply, direct) in [
            ("reply-public", false),
            ("reply-public-no-mention", false),
            ("reply-unlisted", false),
            ("reply-question-parking", false),
            ("reply-followers-only", true),
            ("reply-direct", true),
        ] {
            let before = peers.park.held().await.len();
            if peers.replay(&format!("{program}/{reply}")).await {
                let held = peers.park.held().await;
                assert_eq!(held.len(), before + 1, "{program}/{reply}");
                let last = held.last().unwrap();
                assert_eq!(
                    (last.author.uri.as_str(), last.reply.direct),
                    (peers.person(program).id.as_str(), direct),
                    "{program}/{reply}"
                );
                assert_eq!(last.about.id, peers.call("call/12").seen.item.id);
            }
        }
        let held = peers.park.held().await.len();
        peers.replay(&format!("{program}/mention-public")).await;
        assert_eq!(peers.park.held().await.len(), held, "a post that answers nothing is no reply");
    }
    assert!(peers.replay("takahe/reply-event").await);
    assert_eq!(peers.park.held().await.last().unwrap().about.id, peers.event.id);
    // None of them came with a `name`, so none of them is a pledge.
    assert!(peers.park.pledges().await.is_empty());
}

async fn every_way_to_delete_a_reply_is_understood(database: Database) {
    let world = World::beginning(database, ["sut.test"], LATER).await;
    let Some(peers) = Peers::gather(&world).await else { return };

    // GoToSocial names the id alone, also of what it had edited.
    for name in ["reply-public", "edit-reply", "reply-to-delete"] {
        assert!(peers.replay(&format!("gotosocial/{name}")).await);
    }
    assert!(peers.park.held().await.iter().any(|held| held.reply.html.contains("Saturday afternoon")));
    assert_eq!(peers.park.held().await.len(), 2);
    for name in ["delete-reply", "delete-unedited-reply"] {
        assert!(peers.replay(&format!("gotosocial/{name}")).await);
    }
    assert!(peers.park.held().await.is_empty());

    // snac sends a Tombstone, Takahē the whole Note once more. What they deleted is made of what deletes it.
    for program in ["snac", "takahe"] {
        let delete = peers.json(&format!("{program}/delete-when-we-follow"));
        let person = peers.person(program);
        let call = &peers.call("call/12").seen.item.uri;
        let mut create = person.reply(call, &peers.park.actor, "will be deleted");
        create["object"]["id"] = delete["object"]["id"].clone();
        peers.sends(program, &create.to_string()).await;
        assert_eq!(peers.park.held().await.len(), 1, "{program}");
        assert!(peers.replay(&format!("{program}/delete-when-we-follow")).await);
        assert!(peers.park.held().await.is_empty(), "{program}");
        create["id"] = json!(format!("{}#once-more", create["id"].as_str().unwrap()));
        peers.sends(program, &create.to_string()).await;
        assert!(peers.park.held().await.is_empty(), "{program}: what is dead stays dead");
    }
}

async fn everything_ever_captured_is_answered_calmly(database: Database) {
    let world = World::beginning(database, ["sut.test"], LATER).await;
    let Some(peers) = Peers::gather(&world).await else { return };
    let mut names = Vec::new();
    for program in PROGRAMS {
        let folder = corpus::folder("captured requests").unwrap().join("live").join(program);
        for file in fs::read_dir(folder).unwrap() {
            let file = file.unwrap().file_name().into_string().unwrap();
            if !file.ends_with(".headers.json") {
                names.push(format!("{program}/{}", file.trim_end_matches(".json")));
            }
        }
    }
    names.sort();
    assert!(names.len() > 100, "{}", names.len());

    for name in &names {
        peers.replay(name).await;
    }
    world.pass(MINUTE).await;

    let waiting = "SELECT verb || ': ' || COALESCE(outcome, '') FROM arrivals WHERE state = 'waiting'";
    assert_eq!(peers.park.instance.look(waiting).await, Vec::<String>::new());
    let without_a_word =
        "SELECT body FROM arrivals WHERE state <> 'waiting' AND (outcome IS NULL OR outcome = '')";
    assert_eq!(peers.park.instance.look(without_a_word).await, Vec::<String>::new());
    world.pass(HOUR).await;
}
