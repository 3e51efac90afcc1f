//! What hangs on the board: something in every state, long names, a language that runs from right to left, and people
//! who look after it.
//!
//! Start at [`hang`].

use anyhow::{Context as _, Result};
use folkmoot_app::{
    App, By, actors, associations, calls, events, items, pledges, projects, projects::ProjectDraft, replies,
    updates,
};
use folkmoot_domain::{
    ActorId, ItemId, Moment, PledgeId, ReplyId,
    actors::{Actor, ActorKind, Profile},
    associations::{AssociationKind, Founding},
    calls::{CallDraft, HelpKind},
    events::EventDraft,
    items::Words,
    moments::{DAY, HOUR, MINUTE},
    people::Person,
    places::{Coarseness, Place},
    pledges::{Door, PledgeState},
    replies::ReplyState,
    roles::Who,
    text::{Handle, Language},
};
use folkmoot_storage::{pledges as pledge_rows, replies as reply_rows};
use url::Url;

use super::Board;

/// A name as long as names may be, and one without a space to break at.
const LONG: &str = "The Residents\u{2019} and Allotment Holders\u{2019} Association of Woodhouse Ridge, Delph Lane and Meanwood";
const UNBROKEN: &str =
    "Donaudampfschifffahrtsgesellschaftskapit\u{e4}nswitwenundwaisenunterst\u{fc}tzungsverein";

/// What hangs there, by the name it is looked at under.
pub struct Samples {
    /// Organises the tree wardens.
    pub ruth: Person,
    /// Organises the repair caf\u{e9} and nothing else.
    pub imran: Person,
    /// A steward of the whole board.
    pub stella: Person,
    /// The tree wardens.
    pub trees: ActorId,
    /// The repair caf\u{e9}.
    pub repair: ActorId,
    /// Items, by name.
    pub items: Vec<(&'static str, ItemId)>,
    /// The receipt of a pledge that waits, and of one that was accepted.
    pub receipts: Vec<(&'static str, String)>,
}

impl Samples {
    /// The item that is looked at under this name.
    pub fn item(&self, name: &str) -> Result<ItemId> {
        let found = self.items.iter().find(|(known, _)| *known == name);
        Ok(found.with_context(|| format!("nothing is called {name}"))?.1)
    }
}

/// Hangs everything up.
pub async fn hang(board: &Board) -> Result<Samples> {
    let app = &board.app;
    let ruth = board.person("Ruth Okafor", "ruth").await?;
    let imran = board.person("Imran Shah", "imran").await?;
    let stella = board.person("Stella Nowak-Pietrzykowska", "stella").await?;
    board.make_steward(&stella).await?;
    let trees = found(app, "tree-wardens", "Moorside Tree Wardens", Some(&ruth)).await?;
    let repair = found(app, "repair-cafe", "Cardigan Road Repair Caf\u{e9}", Some(&imran)).await?;
    let mut hanging = Hanging { app, items: Vec::new() };
    hanging.projects(trees, repair).await?;
    hanging.calls(trees, repair).await?;
    hanging.events(trees, repair).await?;
    hanging.names(&ruth).await?;
    hanging.urdu(&imran).await?;
    hanging.gone(trees).await?;
    let items = hanging.items;
    let mut samples = Samples { ruth, imran, stella, trees, repair, items, receipts: Vec::new() };
    samples.receipts = answers(app, &samples).await?;
    Ok(samples)
}

async fn found(app: &App, handle: &str, name: &str, organiser: Option<&Person>) -> Result<ActorId> {
    let founding = Founding {
        handle: Handle::parse(handle)?,
        name: name.to_owned(),
        about: "We look after **Woodhouse Moor** and the streets around it.\n\n- trees\n- tea\n- [minutes](https://minutes.example/)".to_owned(),
        kind: AssociationKind::Residents,
        language: Language::english(),
        zone: "Europe/London".to_owned(),
        place: Some(place("Woodhouse Moor, Leeds")?),
        battles: vec!["StreetTrees".to_owned(), "CoolerLeeds".to_owned()],
        paper: None,
        joining: "Come to a meeting: the first Tuesday of the month, seven o\u{2019}clock, in the library.".to_owned(),
        safeguarding: "Ann Beck, 0113 496 0123".to_owned(),
        sample: false,
    };
    let by = By::operator();
    Ok(associations::found(app, &by, founding, organiser.map(|person| person.id)).await?.actor.id)
}

fn place(name: &str) -> Result<Place> {
    Ok(Place::parse(name, Some((53.8115, -1.5640)), Coarseness::Neighbourhood)?)
}

fn words(title: &str, text: &str) -> Result<Words> {
    Ok(Words {
        title: title.to_owned(),
        text: text.to_owned(),
        language: None,
        place: Some(place("Woodhouse Moor, by the bandstand")?),
        causes: vec!["StreetTrees".to_owned(), "CoolerLeeds".to_owned()],
    })
}

fn call(closes: Moment, needs: &[(HelpKind, &str, Option<i32>)]) -> CallDraft {
    CallDraft {
        project: None,
        why: "The storm took a third of our trees, and summers get hotter.".to_owned(),
        closes,
        one_tap: true,
        needs: needs.iter().map(|(kind, label, wanted)| (*kind, (*label).to_owned(), *wanted)).collect(),
    }
}

struct Hanging<'a> {
    app: &'a App,
    items: Vec<(&'static str, ItemId)>,
}

impl Hanging<'_> {
    fn ahead(&self, days: i64) -> Moment {
        self.app.now().plus(days * DAY)
    }

    async fn call(
        &mut self,
        name: &'static str,
        home: ActorId,
        words: Words,
        draft: CallDraft,
    ) -> Result<ItemId> {
        let seen = calls::publish(self.app, &By::operator(), home, words, draft).await?;
        self.items.push((name, seen.seen.item.id));
        Ok(seen.seen.item.id)
    }

    async fn project(
        &mut self,
        name: &'static str,
        home: ActorId,
        title: &str,
        active: bool,
    ) -> Result<ItemId> {
        let words =
            words(title, "Twenty-three streets have **no tree** at all. We ask, mark, plant and water.")?;
        let need = "Two people who know how to talk to Highways".to_owned();
        let draft = ProjectDraft { words, need, active };
        let seen = projects::publish(self.app, &By::operator(), home, draft).await?;
        self.items.push((name, seen.seen.item.id));
        Ok(seen.seen.item.id)
    }

    async fn event(&mut self, name: &'static str, home: ActorId, title: &str, days: i64) -> Result<ItemId> {
        let words = words(title, "Come for an hour or for all three. Step-free from the Moor Road gate.")?;
        let starts = self.ahead(days);
        let draft = EventDraft {
            project: None,
            starts,
            ends: starts.plus(3 * HOUR),
            zone: None,
            capacity: Some(40),
            online: Some(Url::parse("https://meet.example/trees")?),
        };
        let seen = events::publish(self.app, &By::operator(), home, words, draft).await?;
        self.items.push((name, seen.seen.item.id));
        Ok(seen.seen.item.id)
    }

    async fn projects(&mut self, trees: ActorId, repair: ActorId) -> Result<()> {
        let (app, by) = (self.app, By::operator());
        let active = self.project("project", trees, "A tree for every street", true).await?;
        self.project("project-forming", repair, "A library of tools on Cardigan Road", false).await?;
        let parked = self.project("project-parked", trees, "A crossing at the school gate", true).await?;
        let reason = "The council looks at these roads again next year; until then we count";
        projects::park(app, &by, parked, reason, Some(self.ahead(120))).await?;
        let done = self.project("project-done", trees, "Benches for the Moor", true).await?;
        projects::finish(app, &by, done, "Six benches stand, and somebody sits on each of them").await?;
        let nobody = items::nobody(app).await?;
        self.project("project-nobody", nobody, "A bench at the bus stop", false).await?;
        let news =
            "The first nine trees stand in Brudenell Street. Thank you to everyone who dug in the rain.";
        let words = Words { title: String::new(), place: None, causes: Vec::new(), ..words("", news)? };
        let update = updates::publish(app, &by, active, words).await?;
        self.items.push(("update", update.seen.item.id));
        Ok(())
    }

    async fn calls(&mut self, trees: ActorId, repair: ActorId) -> Result<()> {
        let (app, by, open) = (self.app, By::operator(), self.ahead(21));
        let project = self.items.iter().find(|(name, _)| *name == "project").map(|(_, id)| *id);
        let needs = [
            (HelpKind::Time, "I can dig on Saturday", Some(12)),
            (HelpKind::Thing, "I can bring a spade", Some(6)),
            (HelpKind::Voice, "", None),
        ];
        let text = "We meet at the **bandstand** at ten. No experience is needed; there is tea, and gloves for small hands.";
        let draft = CallDraft { project, ..call(open, &needs) };
        self.call("call", trees, words("Help plant 40 trees on Woodhouse Moor", text)?, draft).await?;
        let one = [(HelpKind::Thing, "I can lend a van on Thursday", Some(1))];
        self.call(
            "call-one",
            trees,
            words("Lend a van for an afternoon", "Saplings are light, and many.")?,
            call(self.ahead(2), &one),
        )
        .await?;
        let two = [(HelpKind::Skill, "I can mend electrics", Some(1))];
        self.call(
            "call-filled",
            repair,
            words("Mend lamps on Sunday", "With tools and company.")?,
            call(open, &two),
        )
        .await?;
        let parked = self
            .call("call-parked", trees, words("Water the young trees", "Two cans each.")?, call(open, &one))
            .await?;
        calls::park(app, &by, parked, "It rains enough this month", Some(self.ahead(30))).await?;
        let cancelled = self
            .call(
                "call-cancelled",
                trees,
                words("Sweep the leaves together", "Brooms are there.")?,
                call(open, &one),
            )
            .await?;
        calls::cancel(app, &by, cancelled, "The council has swept them").await?;
        let closed = self
            .call(
                "call-closed",
                trees,
                words("Carry 40 trees up the hill", "Only once.")?,
                call(open, &needs),
            )
            .await?;
        calls::close(app, &by, closed, "Forty trees are up there", "Thank you, all nine of you").await?;
        Ok(())
    }

    async fn events(&mut self, trees: ActorId, repair: ActorId) -> Result<()> {
        self.event("event", trees, "Tree planting morning", 23).await?;
        self.event("event-soon", repair, "Repair caf\u{e9}", 1).await?;
        let cancelled = self.event("event-cancelled", trees, "Walk along the becks", 5).await?;
        events::cancel(self.app, &By::operator(), cancelled, "The path is under water").await?;
        Ok(())
    }

    async fn names(&mut self, ruth: &Person) -> Result<()> {
        let home = found(self.app, "ridge-and-delph-lane-residents", LONG, Some(ruth)).await?;
        let needs = [
            (HelpKind::Time, "I can carry tables and chairs to the meadow & back", Some(120)),
            (HelpKind::Money, "Kinderfahrradanh\u{e4}ngerverleihkostenbeitragszahlung", Some(1)),
            (HelpKind::Space, "", Some(3)),
        ];
        let title = "Help with the summer gathering of everybody who lives between the ridge, the beck, the allotments and the ring road";
        let text =
            format!("{UNBROKEN}\n\n{}", "A long paragraph of plain words that goes on and on. ".repeat(20));
        let mut long = words(title, &text)?;
        long.causes = vec![
            "SummerGatherings".to_owned(),
            "AVeryLongCauseThatSomebodyThoughtOfOneEvening".to_owned(),
            "Neighbours".to_owned(),
        ];
        self.call("call-long", home, long, call(self.ahead(9), &needs)).await?;
        self.event("event-long", home, &format!("{UNBROKEN} meets"), 12).await?;
        Ok(())
    }

    async fn urdu(&mut self, imran: &Person) -> Result<()> {
        let urdu = Language::parse("ur")?;
        let name = "\u{06c1}\u{0627}\u{0626}\u{06cc}\u{0688} \u{067e}\u{0627}\u{0631}\u{06a9} \u{06a9}\u{06d2} \u{067e}\u{0691}\u{0648}\u{0633}\u{06cc}";
        let founding = Founding {
            handle: Handle::parse("parosi")?,
            name: name.to_owned(),
            about: "\u{06c1}\u{0645} \u{0627}\u{06cc}\u{06a9} \u{062f}\u{0648}\u{0633}\u{0631}\u{06d2} \u{06a9}\u{06cc} \u{0645}\u{062f}\u{062f} \u{06a9}\u{0631}\u{062a}\u{06d2} \u{06c1}\u{06cc}\u{06ba}\u{06d4}".to_owned(),
            kind: AssociationKind::MutualAid,
            language: urdu.clone(),
            zone: "Europe/London".to_owned(),
            place: Some(place("Hyde Park, Leeds")?),
            battles: vec!["Neighbours".to_owned()],
            paper: None,
            joining: String::new(),
            safeguarding: String::new(),
            sample: false,
        };
        let home = associations::found(self.app, &By::operator(), founding, Some(imran.id)).await?.actor.id;
        let title = "\u{06a9}\u{06be}\u{0627}\u{0646}\u{0627} \u{067e}\u{06c1}\u{0646}\u{0686}\u{0627}\u{0646}\u{06d2} \u{0645}\u{06cc}\u{06ba} \u{0645}\u{062f}\u{062f} \u{06a9}\u{0631}\u{06cc}\u{06ba}";
        let text = "\u{06c1}\u{0645} \u{062f}\u{0633} \u{0628}\u{062c}\u{06d2} \u{0645}\u{0644}\u{062a}\u{06d2} \u{06c1}\u{06cc}\u{06ba}\u{06d4} Tea at the bandstand.";
        let needs = [(
            HelpKind::Time,
            "\u{0645}\u{06cc}\u{06ba} \u{0648}\u{0642}\u{062a} \u{062f}\u{06d2} \u{0633}\u{06a9}\u{062a}\u{0627} \u{06c1}\u{0648}\u{06ba}",
            Some(4),
        )];
        let words = Words { language: Some(urdu), ..words(title, text)? };
        self.call("call-urdu", home, words, call(self.ahead(6), &needs)).await?;
        Ok(())
    }

    async fn gone(&mut self, trees: ActorId) -> Result<()> {
        let gone = self
            .call(
                "call-gone",
                trees,
                words("Forget this", "At once.")?,
                call(self.ahead(3), &[(HelpKind::Time, "", None)]),
            )
            .await?;
        items::delete(self.app, &By::operator(), gone).await?;
        let farewell = found(self.app, "garden-share", "Garden Share Woodhouse", None).await?;
        associations::close(self.app, &By::operator(), farewell, "We have become part of the tree wardens.")
            .await?;
        Ok(())
    }
}

/// Somebody on another server.
pub async fn stranger(app: &App, handle: &str, name: &str) -> Result<Actor> {
    let uri = Url::parse(&format!("https://aire.example/users/{handle}"))?;
    let actor = Actor {
        id: app.id(),
        local: false,
        kind: ActorKind::Person,
        handle: handle.to_owned(),
        host: "aire.example".to_owned(),
        name: name.to_owned(),
        summary: String::new(),
        page: Url::parse(&format!("https://aire.example/@{handle}"))?,
        inbox: uri.join("inbox")?,
        shared_inbox: None,
        followers: None,
        key_id: format!("{uri}#main-key"),
        public_key: String::new(),
        fetched: app.now(),
        gone: None,
        paper: None,
        profile: Profile::default(),
        uri,
    };
    Ok(actors::remember(app, actor).await?)
}

/// Pledges and replies, some of them answered.
async fn answers(app: &App, samples: &Samples) -> Result<Vec<(&'static str, String)>> {
    let ana = stranger(app, "ana", "Ana Neighbour").await?;
    let bo = stranger(
        app,
        "bo",
        "Bo \u{1f333} of the Very Long Display Name Which Somebody Else\u{2019}s Server Allows",
    )
    .await?;
    let open = samples.item("call")?;
    let (_, waiting) = pledge(app, open, &ana, "I can dig on Saturday").await?;
    let (kept, accepted) = pledge(app, open, &bo, "I can bring a spade").await?;
    pledges::answer(app, &By::operator(), kept, PledgeState::Accepted, "Bring it to the bandstand").await?;
    let (lamp, _) = pledge(app, samples.item("call-filled")?, &ana, "I can mend electrics").await?;
    pledges::answer(app, &By::operator(), lamp, PledgeState::Accepted, "").await?;
    let shown = reply(app, &ana, open, "<p>I can bring my wheelbarrow too.</p>", false).await?;
    replies::judge(app, &By::operator(), shown, ReplyState::Approved).await?;
    reply(
        app,
        &bo,
        open,
        "<p>Is there parking? <a href=\"https://aire.example/map\">Here</a> is where I come from.</p>",
        false,
    )
    .await?;
    reply(app, &ana, open, "<p>I am not sure that I should say this in public.</p>", true).await?;
    Ok(vec![("offered", waiting), ("accepted", accepted)])
}

/// A vote: the pledge, and the path of its receipt.
async fn pledge(app: &App, call: ItemId, giver: &Actor, option: &str) -> Result<(PledgeId, String)> {
    let vote = format!("{}/votes/{}", giver.uri, app.secret());
    let answer = pledges::Answer {
        call,
        giver: giver.id,
        option: option.to_owned(),
        vote: Some(vote),
        door: Door::Vote,
    };
    let pledges::Taken::Pledge(id) = pledges::take(app, &By::operator(), answer).await? else {
        anyhow::bail!("the call is over");
    };
    let pledge = pledge_rows::find(&app.store.rows(), id).await?.context("a pledge")?;
    Ok((id, app.addresses.receipt(&pledge.receipt).path().to_owned()))
}

/// A reply of theirs, held until somebody looks at it; its HTML is shown as it stands here.
pub async fn reply(app: &App, author: &Actor, item: ItemId, html: &str, direct: bool) -> Result<ReplyId> {
    let uri = Url::parse(&format!("{}/notes/{}", author.uri, app.secret()))?;
    let (html, published) = (html.to_owned(), app.now().plus(-5 * MINUTE));
    let written = replies::Written { uri: uri.clone(), item, html, direct, published, edited: None };
    replies::receive(app, &By { who: Who::Remote(author.id), arrival: None }, written).await?;
    let known = reply_rows::by_uri(&app.store.rows(), uri.as_str()).await?;
    Ok(known.context("a reply")?.id)
}
