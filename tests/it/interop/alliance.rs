//! The chain once for real: three processes of ours, three names, TLS between them, and a stranger on a server that
//! shares no code with ours. She follows the alliance and nobody else, and sees every member's items exactly once.
//!
//! Everything we do goes through the command line. Start at [`a_stranger_follows_the_alliance_and_sees_each_item_once`].

use std::path::Path;

use folkmoot_tests::process::{Place, Program, Server, free_port};
use serde_json::{Value, json};

use super::{
    papers,
    stranger::Stranger,
    text,
    visitor::{Visitor, eventually},
    world::{self, Neighbour},
};

/// Two neighbourhoods, the city, and where she lives.
const HOSTS: [&str; 4] = ["hyde.test", "holbeck.test", "leeds.test", "fedify.test"];

#[test]
fn a_stranger_follows_the_alliance_and_sees_each_item_once() {
    let Some(work) = world::inside() else {
        let name = "interop::alliance::a_stranger_follows_the_alliance_and_sees_each_item_once";
        return world::enter(name, &HOSTS);
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(story(&work));
}

async fn story(work: &Path) {
    folkmoot_server::install_ring();
    let (hyde, holbeck, leeds) = (
        House::open(work, "hyde").await,
        House::open(work, "holbeck").await,
        House::open(work, "leeds").await,
    );
    let told =
        Told { hyde, holbeck, leeds, maria: Stranger::start(work).await, visitor: Visitor::arrive(work) };

    told.an_alliance_is_founded().await;
    told.she_follows_it().await;
    let items = told.its_members_publish().await;
    told.she_sees_each_once(&items).await;
    told.the_alliances_board_shows_them(&items).await;
    told.their_homes_know_who_carries(&items).await;
    told.an_edit_shows_nothing_again(&items).await;
    told.what_is_deleted_is_taken_back(&items).await;
    told.a_member_leaves_and_is_heard_no_more(&items).await;
    told.close().await;
}

/// One of our processes, behind its name.
struct House {
    place: Place,
    server: Server,
    _front: Neighbour,
}

impl House {
    async fn open(work: &Path, name: &str) -> Self {
        let (host, port) = (format!("{name}.test"), free_port().unwrap());
        let (program, folder) = (Program::built().unwrap(), work.join(name));
        let place = Place::set_up_behind(program, &folder, &format!("https://{host}"), port).await.unwrap();
        let authority = work.join("ca.pem").display().to_string();
        place
            .configure(&format!(
                "[federation]\nallow_addresses = [\"127.0.0.0/8\"]\nextra_certificates = [{authority:?}]"
            ))
            .unwrap();
        let server = place.serve().await.unwrap();
        let flags = ["--name", &host, "--to", &port.to_string()];
        Self { place, server, _front: world::start("front.mjs", work, &flags).await }
    }

    async fn publish(&self, kind: &str, paper: &str) -> Item {
        let file = self.place.write(&format!("{kind}.md"), paper).unwrap();
        let said = self.place.say_one(&["publish", kind, &file, "--association", "moor"]).await.unwrap();
        Item {
            name: text(&said["id"]),
            uri: text(&said["uri"]),
            page: text(&said["page"]),
            title: papers::words_of(paper),
        }
    }

    /// What is between its association and others.
    async fn ties(&self, association: &str) -> Vec<Value> {
        self.place.say(&["affiliation", "list", association]).await.unwrap()
    }

    /// Says yes to what is proposed to it, once that has arrived.
    async fn agrees(&self) {
        let mut tie = String::new();
        eventually("a tie is proposed", async || {
            let proposed = self.ties("moor").await.into_iter().find(|tie| tie["state"] == "proposed");
            tie = proposed.map(|tie| text(&tie["id"])).unwrap_or_default();
            !tie.is_empty()
        })
        .await;
        self.place.say(&["affiliation", "accept", &tie]).await.unwrap();
    }
}

/// Something that a member published.
struct Item {
    name: String,
    uri: String,
    page: String,
    title: String,
}

/// Who is in the story.
struct Told {
    hyde: House,
    holbeck: House,
    leeds: House,
    maria: Stranger,
    visitor: Visitor,
}

impl Told {
    async fn an_alliance_is_founded(&self) {
        let members = ["--member", "@moor@hyde.test", "--member", "@moor@holbeck.test"];
        let founder = ["--organiser", "Aisha Rahman", "--email", "aisha@leeds.example"];
        let mut words = vec!["alliance", "found", "--name", "Leeds Together", "--handle", "together"];
        words.extend(["--mandate", "Trees for every street"].iter().chain(&members).chain(&founder));
        let founded = self.leeds.place.say_one(&words).await.unwrap();
        assert_eq!(founded["proposed"].as_array().map(Vec::len), Some(2), "{founded:#}");
        for member in [&self.hyde, &self.holbeck] {
            member.agrees().await;
        }
        eventually("the alliance has heard both", async || self.members().await == 2).await;
    }

    /// How many have said yes, as the alliance's own board has it.
    async fn members(&self) -> usize {
        self.leeds.ties("together").await.iter().filter(|tie| tie["state"] == "accepted").count()
    }

    async fn she_follows_it(&self) {
        self.maria.tell("/follow", json!({ "actor": "@together@leeds.test" })).await;
        let alliance = self.alliance().await;
        eventually("her follow is accepted", async || self.maria.is_accepted(&alliance).await).await;
    }

    async fn alliance(&self) -> String {
        let found = self.maria.tell("/lookup", json!({ "handle": "@together@leeds.test" })).await;
        assert_eq!(found["object"]["type"], "Group");
        text(&found["object"]["id"])
    }

    async fn its_members_publish(&self) -> Vec<Item> {
        vec![
            self.hyde.publish("call", &papers::call()).await,
            self.hyde.publish("project", papers::PROJECT).await,
            self.holbeck.publish("event", &papers::event()).await,
            self.holbeck.publish("call", &papers::second_call()).await,
        ]
    }

    /// Boosted by the alliance, once; read from its home, whole.
    async fn she_sees_each_once(&self, items: &[Item]) {
        for item in items {
            eventually(&format!("{} reaches her", item.title), async || self.shown(item).await.is_some())
                .await;
        }
        for item in items {
            assert_eq!(self.boosts(item).await, 1, "{}", item.title);
            let boost = self.shown(item).await.unwrap();
            assert!(text(&boost["post"]["content"]).contains(&item.title), "{boost:#}");
            let home = text(&boost["post"]["attributedTo"]);
            assert!(
                home.starts_with("https://hyde.test/") || home.starts_with("https://holbeck.test/"),
                "{home}"
            );
        }
    }

    /// The boost of it in her timeline, where it stands once her server has fetched it from its home.
    async fn shown(&self, item: &Item) -> Option<Value> {
        let boosts = self.maria.timeline("boosts").await;
        boosts.into_iter().find(|one| one["boost"]["object"] == item.uri.as_str())
    }

    /// How often the alliance put it before her.
    async fn boosts(&self, item: &Item) -> usize {
        let seen = self.maria.seen().await;
        let is_it = |activity: &&Value| {
            let shows = activity["type"] == "Announce" || activity["type"] == "Create";
            shows
                && (activity["object"]["id"] == item.uri.as_str()
                    || activity["object"]["quote"] == item.uri.as_str())
        };
        seen.iter().filter(is_it).count()
    }

    async fn the_alliances_board_shows_them(&self, items: &[Item]) {
        for path in ["calls", "projects", "events"] {
            let list = self.visitor.opens(&format!("https://leeds.test/{path}")).await;
            for item in items.iter().filter(|item| item.page.contains(&format!("/{path}/"))) {
                assert!(list.contains(&item.title), "{path} of the alliance has no {}", item.title);
            }
        }
    }

    async fn their_homes_know_who_carries(&self, items: &[Item]) {
        for item in items {
            let page = self.visitor.opens(&item.page).await;
            assert!(page.contains("Leeds Together"), "{} does not say who carries it: {page}", item.page);
        }
    }

    async fn an_edit_shows_nothing_again(&self, items: &[Item]) {
        let call = &items[0];
        let file = self.hyde.place.write("edited.md", &papers::edited_call()).unwrap();
        self.hyde.place.say(&["publish", "edit", &call.name, &file]).await.unwrap();
        eventually("the alliance's copy says what its home says now", async || {
            let feed = self.visitor.asks("https://leeds.test/calls.atom").await;
            feed.text().await.unwrap().contains("gloves")
        })
        .await;
        assert_eq!(self.boosts(call).await, 1);
    }

    async fn what_is_deleted_is_taken_back(&self, items: &[Item]) {
        let call = &items[0];
        self.hyde.place.say(&["publish", "delete", &call.name, "--yes"]).await.unwrap();
        eventually("the boost is taken back", async || self.shown(call).await.is_none()).await;
        eventually("it is off the alliance's board", async || {
            !self.visitor.opens("https://leeds.test/calls").await.contains(&call.title)
        })
        .await;
        assert_eq!(self.boosts(call).await, 1);
    }

    async fn a_member_leaves_and_is_heard_no_more(&self, items: &[Item]) {
        let tie = text(&self.holbeck.ties("moor").await[0]["id"]);
        self.holbeck.place.say(&["affiliation", "end", "moor", &tie]).await.unwrap();
        eventually("the alliance has heard it", async || self.members().await == 1).await;
        let event = items.iter().find(|item| item.page.contains("/events/")).unwrap();
        eventually("what it carried is taken back", async || self.shown(event).await.is_none()).await;
        assert!(
            self.visitor.opens(&event.page).await.contains(&event.title),
            "who leaves keeps what is theirs"
        );
        // What a member still there publishes is heard as before, and what the other one does is not.
        let theirs = self.holbeck.publish("call", &papers::second_call()).await;
        let ours = self.hyde.publish("call", &papers::brief_call()).await;
        eventually("what a member publishes reaches her", async || self.boosts(&ours).await == 1).await;
        assert_eq!(self.boosts(&theirs).await, 0);
    }

    /// What reached her came once, and was taken at the first try.
    async fn close(self) {
        let refused = self.maria.ask("/refused").await;
        assert_eq!(refused, json!({ "refused": [], "failures": [] }));
        for house in [self.hyde, self.holbeck, self.leeds] {
            assert!(house.server.stop().await.unwrap().success(), "{}", house.place.end_of_log());
        }
    }
}
