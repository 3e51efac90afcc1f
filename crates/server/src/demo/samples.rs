//! What the places hold: made-up associations of Leeds and what they do. Each association is marked as a sample.
//!
//! Start at [`fill`]; what is there already is not made again.

use anyhow::Context as _;
use folkmoot_app::{App, By, associations, calls, events, items, projects, projects::ProjectDraft, updates};
use folkmoot_domain::{
    ActorId, ItemId, Moment,
    associations::{AssociationKind, Founding},
    calls::{CallDraft, HelpKind},
    events::EventDraft,
    items::Words,
    moments::{DAY, HOUR},
    places::{Coarseness, Place},
    text::{Handle, Language},
};

use crate::commands::enrol;

/// Who is followed in the demo.
pub const FOLLOWED: &str = "tree-wardens";
/// Who follows.
pub const FOLLOWER: &str = "food-together";
/// The alliance of the two.
pub const ALLIANCE: &str = "leeds-together";

const RUTH: &str = "Ruth Okafor";
const IMRAN: &str = "Imran Shah";
const DANUTA: &str = "Danuta W\u{f3}jcik";
const MARCUS: &str = "Marcus Bell";
const AISHA: &str = "Aisha Rahman";

/// The organisers of a place, with the mail addresses they sign in with.
pub fn organisers(app: &App) -> Vec<(&'static str, String)> {
    let host = host(app);
    let names: &[&str] = match host.split('.').next() {
        Some("hyde") => &[RUTH, IMRAN],
        Some("holbeck") => &[DANUTA, MARCUS],
        _ => &[AISHA],
    };
    names.iter().map(|name| (*name, email(name, host))).collect()
}

fn host(app: &App) -> &str {
    app.addresses.base().host_str().unwrap_or_default()
}

fn email(name: &str, host: &str) -> String {
    let first = name.split(' ').next().unwrap_or(name).to_lowercase();
    format!("{first}@{host}")
}

/// A sample association, as it is founded.
struct Group {
    handle: &'static str,
    name: &'static str,
    kind: AssociationKind,
    about: &'static str,
    place: (&'static str, f64, f64),
    battles: &'static [&'static str],
    organiser: &'static str,
}

/// Fills a place with what belongs there.
pub async fn fill(app: &App) -> anyhow::Result<()> {
    match host(app).split('.').next() {
        Some("hyde") => hyde(app).await,
        Some("holbeck") => holbeck(app).await,
        _ => found(app, &TOGETHER).await.map(drop),
    }
}

/// Hyde Park and Woodhouse.
async fn hyde(app: &App) -> anyhow::Result<()> {
    if let Some(trees) = found(app, &TREES).await? {
        plant_trees(app, trees).await?;
    }
    if let Some(repair) = found(app, &REPAIR).await? {
        repair_things(app, repair).await?;
    }
    Ok(())
}

/// Holbeck.
async fn holbeck(app: &App) -> anyhow::Result<()> {
    if let Some(food) = found(app, &FOOD).await? {
        share_food(app, food).await?;
    }
    if let Some(moor) = found(app, &MOOR).await? {
        calm_streets(app, moor).await?;
    }
    Ok(())
}

const TREES: Group = Group {
    handle: FOLLOWED,
    name: "Hyde Park Tree Wardens",
    kind: AssociationKind::Residents,
    about: "A sample. We plant street trees between the Moor and Cardigan Road, and water them for three summers.",
    place: ("Hyde Park, Leeds", 53.8115, -1.5640),
    battles: &["StreetTrees", "CoolerLeeds"],
    organiser: RUTH,
};

const REPAIR: Group = Group {
    handle: "repair-cafe",
    name: "Cardigan Road Repair Caf\u{e9}",
    kind: AssociationKind::Club,
    about: "A sample. First Sunday of the month: bring what is broken, stay for tea, take it home mended.",
    place: ("Cardigan Road, Leeds", 53.8133, -1.5742),
    battles: &["RightToRepair", "LessWaste"],
    organiser: IMRAN,
};

const FOOD: Group = Group {
    handle: FOLLOWER,
    name: "Holbeck Food Together",
    kind: AssociationKind::MutualAid,
    about: "A sample. Neighbours who cook, carry and eat together. Nobody is asked why they come.",
    place: ("Holbeck, Leeds", 53.7833, -1.5566),
    battles: &["FoodForAll", "LessWaste"],
    organiser: DANUTA,
};

const MOOR: Group = Group {
    handle: "holbeck-moor",
    name: "Holbeck Moor Residents",
    kind: AssociationKind::Residents,
    about: "A sample. Slow streets, a clean Moor, and somebody who answers when the council asks.",
    place: ("Holbeck Moor, Leeds", 53.7812, -1.5588),
    battles: &["SafeStreets"],
    organiser: MARCUS,
};

const TOGETHER: Group = Group {
    handle: ALLIANCE,
    name: "Leeds Together",
    kind: AssociationKind::Alliance,
    about: "A sample. Nobody owns it: associations of Leeds that pass on each other's causes. Follow it, and you hear of them all.",
    place: ("Leeds", 53.7997, -1.5492),
    battles: &["StreetTrees", "FoodForAll"],
    organiser: AISHA,
};

/// Founds it, with its organiser. None when its handle is known already.
async fn found(app: &App, group: &Group) -> anyhow::Result<Option<ActorId>> {
    if folkmoot_storage::actors::by_handle(&app.store.rows(), group.handle).await?.is_some() {
        return Ok(None);
    }
    let host = host(app);
    let organiser = enrol(app, group.organiser, &email(group.organiser, host)).await?;
    let (name, latitude, longitude) = group.place;
    let founding = Founding {
        handle: Handle::parse(group.handle)?,
        name: group.name.to_owned(),
        about: group.about.to_owned(),
        kind: group.kind,
        language: Language::english(),
        zone: "Europe/London".to_owned(),
        place: Some(Place::parse(name, Some((latitude, longitude)), Coarseness::Neighbourhood)?),
        battles: group.battles.iter().map(|tag| (*tag).to_owned()).collect(),
        paper: None,
        joining: String::new(),
        safeguarding: String::new(),
        sample: true,
    };
    let seen = associations::found(app, &By::operator(), founding, Some(organiser.id)).await?;
    Ok(Some(seen.actor.id))
}

async fn plant_trees(app: &App, home: ActorId) -> anyhow::Result<()> {
    let by = By::operator();
    let causes = &["StreetTrees", "CoolerLeeds"];
    let project = ProjectDraft {
        words: words(
            "A tree for every street",
            "Twenty-three streets between the Moor and Cardigan Road have no tree at all. We ask residents where one \
             could stand, mark the pipes with the council, plant in winter and water for three summers.",
            "Hyde Park, Leeds",
            causes,
        )?,
        need: "Two people who know how to talk to Highways".to_owned(),
        active: true,
    };
    let project = projects::publish(app, &by, home, project).await?.seen.item.id;
    let (asked, draft) = (
        words(
            "Help plant 40 trees on Woodhouse Moor",
            "We meet at the **bandstand** at ten. No experience is needed; there is tea, and gloves for small hands.",
            "Woodhouse Moor, by the bandstand",
            causes,
        )?,
        call(
            Some(project),
            "The storm took a third of our trees, and summers get hotter.",
            ahead(app.now(), 21, 18),
            &[
                (HelpKind::Time, "I can dig on Saturday", Some(12)),
                (HelpKind::Thing, "I can bring a spade", Some(6)),
                (HelpKind::Voice, "", None),
            ],
        ),
    );
    calls::publish(app, &by, home, asked, draft).await?;
    let morning = words(
        "Tree planting morning",
        "Come for an hour or for all three. Step-free from the Moor Road gate; toilets in the library until one.",
        "Woodhouse Moor, by the bandstand",
        causes,
    )?;
    events::publish(app, &by, home, morning, event(app, Some(project), 23, 10, 3, Some(40))).await?;
    let news = words(
        "",
        "The first nine trees stand in Brudenell Street. Thank you to everyone who dug in the rain.",
        "",
        &[],
    )?;
    updates::publish(app, &by, project, news).await?;
    Ok(())
}

async fn repair_things(app: &App, home: ActorId) -> anyhow::Result<()> {
    let by = By::operator();
    let menders = words(
        "Menders wanted for the winter caf\u{e9}s",
        "Two hours a month, with tools and company. If you can mend one kind of thing, that is plenty.",
        "Cardigan Road, Leeds",
        &["RightToRepair"],
    )?;
    let draft = call(
        None,
        "Last month eleven people went home with what they came with.",
        ahead(app.now(), 30, 20),
        &[
            (HelpKind::Skill, "I can mend clothes", Some(3)),
            (HelpKind::Skill, "I can mend electrics", Some(2)),
            (HelpKind::Space, "I know a warm room", Some(1)),
        ],
    );
    calls::publish(app, &by, home, menders, draft).await?;
    let sunday = words(
        "Repair caf\u{e9}",
        "Lamps, zips, bicycles, radios. No promises, much patience. The lift works.",
        "Cardigan Road, Leeds",
        &["RightToRepair", "LessWaste"],
    )?;
    events::publish(app, &by, home, sunday, event(app, None, 12, 14, 3, None)).await?;
    Ok(())
}

async fn share_food(app: &App, home: ActorId) -> anyhow::Result<()> {
    let by = By::operator();
    let fridge = ProjectDraft {
        words: words(
            "A community fridge on Domestic Street",
            "Shops have too much on Tuesdays, and families too little on Fridays. A fridge with a key code would help both.",
            "Domestic Street, Holbeck",
            &["FoodForAll", "LessWaste"],
        )?,
        need: "A shopkeeper with a socket by the door".to_owned(),
        active: false,
    };
    let fridge = projects::publish(app, &by, home, fridge).await?.seen.item.id;
    let drivers = words(
        "Drivers for Thursday's food round",
        "From the church hall at five, nine stops, back by half past six. Somebody who knows the doors rides with you.",
        "Holbeck, Leeds",
        &["FoodForAll"],
    )?;
    let draft = call(
        None,
        "Two of our four drivers have moved away.",
        ahead(app.now(), 14, 12),
        &[
            (HelpKind::Time, "I can drive on Thursdays", Some(4)),
            (HelpKind::Thing, "I can lend a van", Some(1)),
        ],
    );
    calls::publish(app, &by, home, drivers, draft).await?;
    let lunch = words(
        "Lunch for whoever comes",
        "Soup, bread, and the fridge on the agenda. Vegetarian and halal. Children welcome.",
        "St Matthew's church hall, Holbeck",
        &["FoodForAll"],
    )?;
    events::publish(app, &by, home, lunch, event(app, Some(fridge), 9, 12, 2, Some(60))).await?;
    let news = words("", "The greengrocer at number 41 has a socket, and is thinking about it.", "", &[])?;
    updates::publish(app, &by, fridge, news).await?;
    Ok(())
}

async fn calm_streets(app: &App, home: ActorId) -> anyhow::Result<()> {
    let by = By::operator();
    let crossing = ProjectDraft {
        words: words(
            "A crossing at the school gate",
            "Counted in one hour: 212 children, 340 cars, no crossing.",
            "Holbeck Moor, Leeds",
            &["SafeStreets"],
        )?,
        need: "Somebody who has read a traffic order before".to_owned(),
        active: true,
    };
    let crossing = projects::publish(app, &by, home, crossing).await?.seen.item.id;
    let reason = "The council looks at these roads again next year; until then we count";
    projects::park(app, &by, crossing, reason, Some(ahead(app.now(), 120, 9))).await?;
    let bench = ProjectDraft {
        words: words(
            "A bench at the bus stop",
            "Nobody does this yet. Perhaps you?",
            "Domestic Street, Holbeck",
            &["SafeStreets"],
        )?,
        need: "An association that takes it up".to_owned(),
        active: false,
    };
    projects::publish(app, &by, items::nobody(app).await?, bench).await?;
    Ok(())
}

/// The call that `demo --once` publishes, and deletes again.
pub fn trial_call(now: Moment) -> (Words, CallDraft) {
    let words = Words {
        title: "Water the young trees this week".to_owned(),
        text: "Two cans each, in the evening. This call is a trial, and goes away by itself.".to_owned(),
        language: None,
        place: None,
        causes: vec!["StreetTrees".to_owned()],
    };
    (
        words,
        call(None, "", ahead(now, 7, 18), &[(HelpKind::Time, "I can water on Brudenell Street", Some(4))]),
    )
}

fn words(title: &str, text: &str, place: &str, causes: &[&str]) -> anyhow::Result<Words> {
    let place = (!place.is_empty()).then(|| Place::parse(place, None, Coarseness::Exact)).transpose();
    Ok(Words {
        title: title.to_owned(),
        text: text.to_owned(),
        language: None,
        place: place.context("a place of a sample")?,
        causes: causes.iter().map(|tag| (*tag).to_owned()).collect(),
    })
}

fn call(
    project: Option<ItemId>,
    why: &str,
    closes: Moment,
    needs: &[(HelpKind, &str, Option<i32>)],
) -> CallDraft {
    let needs = needs.iter().map(|(kind, label, wanted)| (*kind, (*label).to_owned(), *wanted)).collect();
    CallDraft { project, why: why.to_owned(), closes, one_tap: true, needs }
}

fn event(
    app: &App,
    project: Option<ItemId>,
    days: i64,
    hour: i64,
    hours: i64,
    capacity: Option<i32>,
) -> EventDraft {
    let starts = ahead(app.now(), days, hour);
    EventDraft { project, starts, ends: starts.plus(hours * HOUR), zone: None, capacity, online: None }
}

/// In so many days, at this full hour in UTC.
fn ahead(now: Moment, days: i64, hour: i64) -> Moment {
    Moment(now.0 - now.0 % DAY + days * DAY + hour * HOUR)
}
