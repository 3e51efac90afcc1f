//! Who may press which button: every one of them, by everybody who may not and by somebody who may.
//!
//! A button that nobody here presses fails [`every_button_is_in_the_table`], so that none is forgotten. Start at
//! [`BUTTONS`].

use std::collections::BTreeMap;

use folkmoot_app::{By, drafts, invitations, nominations, people, reports};
use folkmoot_domain::{
    ItemId,
    items::ItemKind,
    nominations::Proposal,
    reports::{Complaint, Reported},
    roles::Role,
    text::Handle,
};
use folkmoot_tests::{
    associations::{Association, DIG},
    board::waiting::{FROM, PIXELS},
    database::Database,
    peers::Answered,
    tables::Tables,
    world::World,
};

use super::{
    neighbours, routes,
    visitors::{Visitor, changes},
};

on_both_databases!(
    web_17_other_peoples_things,
    web_18_roles_that_one_does_not_have,
    web_20_nobody_gets_in_unasked,
);

/// Whose a button is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Whose {
    /// Of an association's organisers.
    Association,
    /// Of the stewards of the board.
    Board,
    /// Of whoever it is about, signed in.
    Own,
    /// Of anybody with an account.
    Account,
    /// Of everybody: the route's own tests say what it refuses.
    Everybody,
}
use Whose::{Account, Association as Organisers, Board, Everybody, Own};

/// What is sent along.
const UPLOAD: &str = "\u{0}picture";
const LIST: &str = "\u{0}list";

/// Every button: its route, where it is pressed (with names of things in braces), what is sent, whose it is. They are
/// pressed in this order, and what ends something comes after what needs it.
const BUTTONS: &[(&str, &str, &str, Whose)] = &[
    (
        "/desk/@{handle}/connections",
        "/desk/@park-friends/connections",
        "who=%40joe%40mastodon.test",
        Organisers,
    ),
    (
        "/desk/@{handle}/connections/begin",
        "/desk/@park-friends/connections/begin",
        "target={second-id}",
        Organisers,
    ),
    (
        "/desk/@{handle}/connections/again",
        "/desk/@park-friends/connections/again",
        "target={ben}",
        Organisers,
    ),
    (
        "/desk/@{handle}/connections/end",
        "/desk/@park-friends/connections/end",
        "target={second-id}",
        Organisers,
    ),
    ("/desk/carry", "/desk/carry", "for=park-friends&item={dale-call}&do=carry&reason=", Organisers),
    ("/desk/carrying/{id}/look", "/desk/carrying/{waiting-carry}/look", "answer=carry", Organisers),
    ("/desk/carrying/{id}/end", "/desk/carrying/{carry}/end", "", Organisers),
    ("/desk/carrying/{id}/refuse", "/desk/carrying/{others-carry}/refuse", "", Organisers),
    ("/desk/carrying/items/{id}", "/desk/carrying/items/{project}", "carriable=no", Organisers),
    (
        "/desk/carrying/rules/new",
        "/desk/carrying/rules/new",
        "for=park-friends&from={dale}&kind=event",
        Organisers,
    ),
    ("/desk/carrying/rules/{id}/end", "/desk/carrying/rules/{rule}/end", "carries=yes", Organisers),
    (
        "/desk/partners/new",
        "/desk/partners/new",
        "for=park-friends&project={dale-project}&role=host",
        Organisers,
    ),
    ("/desk/partners/{id}", "/desk/partners/{partnership}", "answer=accepted", Organisers),
    ("/desk/adoptions/{id}", "/desk/adoptions/{child}", "answer=shown", Organisers),
    ("/desk/alliances/{id}", "/desk/alliances/{tie}", "for=park-friends&answer=yes", Organisers),
    (
        "/desk/alliances/propose",
        "/desk/alliances/propose",
        "for=park-friends&with=%40second&wish=partner",
        Organisers,
    ),
    (
        "/desk/alliances/new",
        "/desk/alliances/new",
        "name=Both&members=%40park-friends%0D%0A%40dale&mandate=",
        Account,
    ),
    ("/desk/decisions/{id}", "/desk/decisions/{decision}", "for=park-friends&choice=For", Organisers),
    (
        "/desk/decisions/new",
        "/desk/decisions/new",
        "for=league&title=A+song&text=&rule=majority&days=7",
        Organisers,
    ),
    ("/items/{id}/reply", "/items/{call}/reply", "words=Hello", Account),
    ("/replies/{id}/delete", "/replies/{own-reply}/delete", "", Own),
    ("/events/{id}/come", "/events/{event}/come", "", Everybody),
    ("/coming/{receipt}/confirm", "/coming/{nothing}/confirm", "", Everybody),
    ("/coming/{receipt}/take-back", "/coming/{nothing}/take-back", "", Everybody),
    ("/desk/pledges/{id}", "/desk/pledges/{pledge}", "answer=accepted&words=Thanks", Organisers),
    ("/desk/replies/{id}", "/desk/replies/{reply}", "answer=approved", Organisers),
    ("/desk/items/{id}/edit", "/desk/items/{call}/edit", "title=Changed&text=Changed", Organisers),
    ("/desk/items/{id}/picture", "/desk/items/{project}/picture", UPLOAD, Organisers),
    ("/desk/items/{id}/picture/remove", "/desk/items/{project}/picture/remove", "", Organisers),
    ("/desk/items/{id}/{step}", "/desk/items/{project}/park", "reason=Winter", Organisers),
    ("/desk/items/{id}/resume", "/desk/items/{project}/resume", "", Organisers),
    ("/desk/items/{id}/{step}", "/desk/items/{event}/cancel", "reason=Storm", Organisers),
    ("/desk/items/{id}/{step}", "/desk/items/{call}/close", "outcome=Done&thanks=Thanks", Organisers),
    ("/desk/items/{id}/{step}", "/desk/items/{call}/delete", "", Organisers),
    (
        "/desk/new/{id}",
        "/desk/new/{draft}",
        "for=park-friends&kind=call&do=keep&title=Secret+draft+2",
        Organisers,
    ),
    ("/desk/new/{id}", "/desk/new/{fresh}", "for=park-friends&kind=call&do=keep&title=Another", Organisers),
    ("/desk/new/{id}/publish", "/desk/new/{draft-whole}/publish", "", Organisers),
    ("/desk/new/{id}/throw-away", "/desk/new/{draft}/throw-away", "", Organisers),
    (
        "/desk/@{handle}/people",
        "/desk/@park-friends/people",
        "email=new@example.org&role=organiser",
        Organisers,
    ),
    (
        "/desk/@{handle}/invitations/{hash}/withdraw",
        "/desk/@park-friends/invitations/{invitation}/withdraw",
        "",
        Organisers,
    ),
    (
        "/desk/@{handle}/people/{person}/{role}/{step}",
        "/desk/@park-friends/people/{second}/steward/give",
        "",
        Organisers,
    ),
    (
        "/desk/@{handle}/people/{person}/{role}/{step}",
        "/desk/@park-friends/people/{second}/organiser/take",
        "",
        Organisers,
    ),
    (
        "/desk/@{handle}/settings",
        "/desk/@park-friends/settings",
        "handle=park-friends&name=Renamed&about=&kind=residents&language=en&zone=Europe/London&paper=mint",
        Organisers,
    ),
    ("/stewards/reports/{id}", "/stewards/reports/{report}", "verdict=keep&reason=It+is+so", Board),
    ("/stewards/nominations/{id}", "/stewards/nominations/{nomination}", "answer=put-up", Board),
    ("/stewards/blocks", "/stewards/blocks", "domain=attacker.test&reason=Spam", Board),
    ("/stewards/blocks/bring", "/stewards/blocks/bring", LIST, Board),
    ("/stewards/blocks/lift", "/stewards/blocks/lift", "domain=attacker.test", Board),
    ("/stewards/invitations", "/stewards/invitations", "email=board@example.org", Board),
    ("/stewards/invitations/{hash}/withdraw", "/stewards/invitations/{board-invitation}/withdraw", "", Board),
    (
        "/desk/found",
        "/desk/found",
        "handle=new-one&name=New+one&about=&kind=residents&language=en&zone=Europe/London&paper=mint",
        Account,
    ),
    ("/me/name", "/me/name", "name=Somebody+Else", Account),
    ("/me/email", "/me/email", "email=other@example.org", Account),
    ("/me/sessions/{hash}/end", "/me/sessions/{session}/end", "", Own),
    ("/me/password", "/me/password", "password=correct+horse+battery+staple", Account),
    ("/desk/@{handle}/close", "/desk/@park-friends/close", "farewell=Good+bye&sure=park-friends", Organisers),
    ("/me/sign-out-everywhere", "/me/sign-out-everywhere", "", Account),
    ("/me/leave", "/me/leave", "", Everybody),
    ("/me/address/{secret}", "/me/address/{nothing}", "", Everybody),
    ("/calls/{id}/help", "/calls/{call}/help", "", Everybody),
    ("/offers/{secret}", "/offers/{nothing}", "", Everybody),
    ("/pledges/{receipt}/withdraw", "/pledges/{nothing}/withdraw", "", Everybody),
    ("/report", "/report", "", Everybody),
    ("/projects/nominate", "/projects/nominate", "", Everybody),
    ("/invitations/{secret}", "/invitations/{nothing}", "", Everybody),
    ("/sign-in", "/sign-in", "", Everybody),
    ("/sign-in/password", "/sign-in/password", "", Everybody),
    ("/sign-in/{secret}", "/sign-in/{nothing}", "", Everybody),
    ("/sign-out", "/sign-out", "", Everybody),
];

#[test]
fn every_button_is_in_the_table() {
    for route in routes::buttons() {
        assert!(BUTTONS.iter().any(|(known, ..)| *known == route), "nobody presses {route}: say whose it is");
    }
    for (known, ..) in BUTTONS {
        assert!(routes::buttons().iter().any(|route| route == known), "{known} is no button any more");
    }
}

/// A board with a park that Ruth organises, another association, and a steward; and what outsiders must not read.
struct Ground<'a> {
    world: &'a World,
    things: BTreeMap<&'static str, String>,
}

/// Words that only organisers or stewards may read.
const SECRETS: [&str; 5] = [
    "Secret draft",
    "secret-giver@example.org",
    "Secret complaint",
    "secret-ida@example.org",
    "Secret whisper",
];

impl<'a> Ground<'a> {
    async fn lay(world: &'a World) -> Self {
        let home = world.home();
        let park = home.found("park-friends").await;
        home.found("moor").await;
        let second = home.found("second").await;
        let nobody = Handle::parse("nobody.here").unwrap();
        people::enrol(&home.app, &By::operator(), "Nobody", &nobody, "nobody@hyde.test").await.unwrap();
        let stella = Handle::parse("stella").unwrap();
        people::enrol(&home.app, &By::operator(), "Stella", &stella, "stella@hyde.test").await.unwrap();
        people::make_steward(&home.app, &By::operator(), "stella@hyde.test", true).await.unwrap();
        let mut ground = Self { world, things: BTreeMap::new() };
        ground.pin(&park).await;
        ground.wait(&park, &second).await;
        world.settle().await;
        ground
    }

    async fn pin(&mut self, park: &Association<'_>) {
        let (call, project, event) =
            (park.call("Plant trees").await, park.project("A pond").await, park.event("A walk").await);
        let server = self.world.server("mastodon.test");
        let (ana, ben) = (server.person("ana"), server.person("ben"));
        server.person("joe");
        for (name, thing) in neighbours::around(self.world, park, &ben).await {
            self.things.insert(name, thing);
        }
        ana.tells(&park.actor, &ana.vote(&call.seen.item.uri, &park.actor, DIG)).await;
        ana.tells(&park.actor, &ana.direct_reply(&call.seen.item.uri, &park.actor, "Secret whisper")).await;
        ana.tells(&park.actor, &ana.reply(&call.seen.item.uri, &park.actor, "Hello")).await;
        self.world.settle().await;
        let held = park.held().await;
        let public = held.iter().find(|reply| !reply.reply.direct).unwrap();
        self.note("call", &call.seen.item.id);
        self.note("project", &project.seen.item.id);
        self.note("event", &event.seen.item.id);
        self.note("reply", &public.reply.id);
        self.note("pledge", &park.pledges().await[0].pledge.id);
    }

    async fn wait(&mut self, park: &Association<'_>, second: &Association<'_>) {
        let (app, operator) = (&park.instance.app, By::operator());
        let call: ItemId = self.things["call"].parse().unwrap();
        let form = folkmoot_app::offers::Form {
            needs: &[0],
            name: "Mo",
            email: "secret-giver@example.org",
            ..Default::default()
        };
        folkmoot_app::offers::offer(app, FROM, call, &form).await.unwrap();
        let link =
            folkmoot_tests::board::waiting::link_in_letter(app, "secret-giver@example.org").await.unwrap();
        folkmoot_app::offers::confirm(app, link.rsplit('/').next().unwrap()).await.unwrap();
        for (name, fields) in [("draft", ""), ("draft-whole", "2027-06-13")] {
            let draft = draft(park, fields);
            self.note(name, &drafts::keep(app, &park.by, app.id(), draft).await.unwrap().id);
        }
        self.note("fresh", &app.id::<folkmoot_domain::DraftId>());
        let place = Some((park.actor.id, Role::Organiser));
        let invite =
            async |place, email| invitations::invite(app, &operator, FROM, email, place).await.unwrap();
        invite(place, "asked@example.org").await;
        invite(None, "asked-board@example.org").await;
        let hash = async |email: &str| {
            park.instance.look(&format!("SELECT secret_hash FROM invitations WHERE email = '{email}'")).await
                [0]
            .clone()
        };
        self.things.insert("invitation", hash("asked@example.org").await);
        self.things.insert("board-invitation", hash("asked-board@example.org").await);
        let complaint = Complaint::parse("untrue", "Secret complaint", "secret-ida@example.org").unwrap();
        self.note(
            "report",
            &reports::make(app, FROM, None, Reported::Item(call), complaint).await.unwrap().id,
        );
        let proposal = Proposal {
            title: "A tap".to_owned(),
            text: "For bottles".to_owned(),
            place: None,
            name: "Ida".to_owned(),
            email: "secret-ida@example.org".to_owned(),
        };
        self.note("nomination", &nominations::propose(app, FROM, proposal).await.unwrap().id);
        self.join(park, second).await;
    }

    /// The organiser of another association becomes the second organiser of this one.
    async fn join(&mut self, park: &Association<'_>, second: &Association<'_>) {
        let folkmoot_domain::roles::Who::Person(person) = second.by.who else { panic!("an organiser") };
        let tx = park.instance.app.store.begin().await.unwrap();
        folkmoot_storage::people::give_role(&tx, person, park.actor.id, Role::Organiser).await.unwrap();
        tx.commit().await.unwrap();
        self.note("second", &person);
        self.note("second-id", &second.actor.id);
        self.things.insert("nothing", "nothing-is-behind-this".to_owned());
    }

    fn note(&mut self, name: &'static str, id: &impl ToString) {
        self.things.insert(name, id.to_string());
    }

    fn fill(&self, path: &str) -> String {
        let mut path = path.to_owned();
        for (name, thing) in &self.things {
            path = path.replace(&format!("{{{name}}}"), thing);
        }
        assert!(!path.contains('{'), "{path}: nothing has this name");
        path
    }

    async fn tables(&self) -> Tables {
        self.world.home().tables().await
    }
}

fn draft(park: &Association<'_>, day: &str) -> drafts::Form {
    let fields = [
        ("title", "Secret draft"),
        ("kind-1", "time"),
        ("label-1", "I can paint"),
        ("closes-day", day),
        ("closes-time", "18:00"),
    ];
    drafts::Form {
        home: park.actor.id,
        kind: ItemKind::Call,
        title: "Secret draft".to_owned(),
        fields: fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
    }
}

async fn press(visitor: &Visitor<'_>, path: &str, form: &str) -> Answered {
    match form {
        UPLOAD => visitor.uploads(path, "picture", PIXELS).await,
        LIST => visitor.uploads(path, "list", b"spam.test\n").await,
        form => visitor.presses(path, form).await,
    }
}

/// WEB-17: whoever has no part in it presses every button and opens every page of it: nothing changes, nothing is told.
/// Then somebody who has a part in it presses, and it does something.
async fn web_17_other_peoples_things(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let mut ground = Ground::lay(&world).await;
    let ruth = Visitor::signed_in(&world, "park-friends@hyde.test").await;
    let stella = Visitor::signed_in(&world, "stella@hyde.test").await;
    let session = "SELECT secret_hash FROM sessions ORDER BY created_at, secret_hash";
    let before: Vec<String> = world.home().look(session).await;
    let elsewhere = Visitor::signed_in(&world, "park-friends@hyde.test").await;
    let fresh = world.home().look(session).await.into_iter().find(|hash| !before.contains(hash)).unwrap();
    ground.things.insert("session", fresh);
    let outsiders = [
        ("anybody", Visitor::anybody(&world)),
        ("somebody without a part", Visitor::signed_in(&world, "nobody@hyde.test").await),
        ("the organiser of another", Visitor::signed_in(&world, "moor@hyde.test").await),
    ];
    read_everything(&ground, &outsiders).await;
    assert_eq!(elsewhere.opens("/me").await.status, 200);
    for (_, path, form, whose) in BUTTONS {
        let (path, form, before) = (ground.fill(path), &ground.fill(form), ground.tables().await);
        let may_not = match whose {
            Everybody => continue,
            Account => &outsiders[..1],
            Own | Organisers | Board => &outsiders[..],
        };
        for (who, outsider) in may_not {
            let answer = press(outsider, &path, form).await;
            // Pressed twice is pressed once: a draft that is not there is answered as one that is not theirs.
            let gone = path.ends_with("/throw-away") && answer.status == 303;
            let refused = [403, 404].contains(&answer.status.as_u16()) || gone;
            assert!(refused, "{path} by {who}: {} {}", answer.status, summary(&answer));
            assert_eq!(changes(&before, &ground.tables().await), Vec::<String>::new(), "{path} by {who}");
        }
        let owner = if *whose == Board { &stella } else { &ruth };
        let answer = press(owner, &path, form).await;
        assert!(
            answer.status.is_success() || answer.status.is_redirection(),
            "{path}: {} {}",
            answer.status,
            summary(&answer)
        );
        assert_ne!(
            before,
            ground.tables().await,
            "{path} did nothing: that others could not do it proves nothing"
        );
        world.settle().await;
    }
    world.settle().await;
}

/// What a page says of why it was not taken.
fn summary(answer: &Answered) -> String {
    let text = answer.text();
    let note = text.find("note stop").or_else(|| text.find("<h1")).unwrap_or_default();
    text[note..].chars().take(600).collect()
}

/// No page tells outsiders what is not theirs; the pages that do are there for those whose it is.
async fn read_everything(ground: &Ground<'_>, outsiders: &[(&str, Visitor<'_>)]) {
    let mut paths: Vec<String> = Vec::new();
    for route in routes::all().into_iter().filter(|route| route.get) {
        let known = BUTTONS.iter().filter(|(known, _, _, whose)| *known == route.path && *whose != Everybody);
        let known: Vec<String> = known.map(|(_, path, ..)| ground.fill(path)).collect();
        let bare = !route.path.contains('{');
        paths.extend(if bare { vec![route.path] } else { known });
    }
    for more in [
        "/desk/items/{call}",
        "/desk/items/{call}/published",
        "/desk/new/{draft}/preview",
        "/calls/{call}",
        "/desk/@park-friends/people",
    ] {
        paths.push(ground.fill(more));
    }
    for (who, outsider) in outsiders {
        for path in &paths {
            let answer = outsider.opens(path).await;
            for secret in SECRETS {
                assert!(!answer.text().contains(secret), "{path} tells {who} “{secret}”");
            }
        }
    }
    let (ruth, stella) = (
        Visitor::signed_in(ground.world, "park-friends@hyde.test").await,
        Visitor::signed_in(ground.world, "stella@hyde.test").await,
    );
    let mut told = String::new();
    for path in &paths {
        told.push_str(&ruth.opens(path).await.text());
        told.push_str(&stella.opens(path).await.text());
    }
    for secret in SECRETS {
        assert!(told.contains(secret), "nobody is told “{secret}”: that others are not proves nothing");
    }
}

/// WEB-18: an organiser is no steward of the board, and what a form says of roles gives none.
async fn web_18_roles_that_one_does_not_have(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let ground = Ground::lay(&world).await;
    let ruth = Visitor::signed_in(&world, "park-friends@hyde.test").await;
    for (_, path, form, whose) in BUTTONS.iter().filter(|(.., whose)| *whose == Board) {
        // A report about what she pinned is hers to decide too.
        if path.starts_with("/stewards/reports") {
            continue;
        }
        let (path, before) = (ground.fill(path), ground.tables().await);
        let answer = press(&ruth, &path, form).await;
        assert!([403, 404].contains(&answer.status.as_u16()), "{path} ({whose:?}): {}", answer.status);
        assert_eq!(changes(&before, &ground.tables().await), Vec::<String>::new(), "{path}");
    }
    let more = "&role=board&steward=1&steward=true&operator=1&admin=true&roles[]=board";
    for (path, form) in [
        ("/me/name", "name=Ruth"),
        ("/desk/@park-friends/people", "email=friend@example.org"),
        (
            "/desk/@park-friends/settings",
            "handle=park-friends&name=Park&kind=residents&language=en&zone=Europe/London&paper=mint&sample=1&state=closed",
        ),
    ] {
        ruth.presses(path, &format!("{form}{more}")).await;
    }
    for role in ["board", "operator", "admin"] {
        let before = ground.tables().await;
        let path = ground.fill(&format!("/desk/@park-friends/people/{{second}}/{role}/give"));
        let answer = ruth.presses(&path, "").await;
        assert!(answer.status.is_client_error(), "{path}: {}", answer.status);
        assert_eq!(changes(&before, &ground.tables().await), Vec::<String>::new(), "{path}");
    }
    let stewards = world.home().look("SELECT email FROM people WHERE steward ORDER BY email").await;
    assert_eq!(stewards, ["stella@hyde.test"]);
    let roles =
        world.home().look("SELECT DISTINCT role FROM invitations WHERE association_id IS NOT NULL").await;
    assert_eq!(roles, ["organiser"]);
    world.settle().await;
}

/// WEB-20: there is no way to an account but an invitation, which works once.
async fn web_20_nobody_gets_in_unasked(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let ground = Ground::lay(&world).await;
    let anybody = Visitor::anybody(&world);
    let before = ground.tables().await;
    let form = "name=Eve&handle=eve&email=eve@example.org&password=correct+horse+battery+staple";
    for path in [
        "/signup",
        "/sign-up",
        "/register",
        "/join",
        "/setup",
        "/people",
        "/invitations/guess",
        "/invitations/",
    ] {
        let answer = anybody.presses(path, form).await;
        assert!([403, 404, 405, 410].contains(&answer.status.as_u16()), "{path}: {}", answer.status);
    }
    assert_eq!(changes(&before, &ground.tables().await), Vec::<String>::new(), "no state change");
    world.settle().await;
}
