//! Associations: who is here, and the page of each with what it has pinned. The pages of people are private.

use askama::Template;
use axum::{Router, extract::State, routing::get};
use folkmoot_app::affiliations;
use folkmoot_domain::{
    Moment,
    actors::Actor,
    affiliations::TieKind,
    associations::{Association, AssociationKind, AssociationSeen},
    carries::CarryState,
    items::ItemSeen,
    people,
    reports::Reported,
};
use folkmoot_storage::{associations, carries, desks, items::Filter, partnerships};
use jiff::tz::TimeZone;

use crate::{
    Web,
    assets::Sheet,
    calls,
    causes::Tag,
    events,
    frame::{Answer, Frame, Section, draw},
    paths::{Before, Named, moved},
    problems::Problem,
    projects, reports,
    rows::{self, By, Paged, Row},
    words,
};

mod list;

/// How many calls, projects and events stand at the top of an association's page.
const FEW: usize = 5;
/// So many of what it carries are looked at.
const CARRIES: u64 = 30;

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/associations", get(list::list)).route("/@{handle}", get(page))
}

/// An association in a list.
pub(crate) struct AssociationRow {
    pub by: By,
    pub line: String,
    pub sample: bool,
}

impl AssociationRow {
    pub(crate) fn new(seen: &AssociationSeen) -> Self {
        let about = words::excerpt(&seen.actor.summary, 140);
        Self {
            by: By::new(&seen.actor),
            line: if about.is_empty() { kind(seen.association.kind).to_owned() } else { about },
            sample: seen.association.sample,
        }
    }
}

#[derive(Template)]
#[template(path = "associations/page.html")]
struct AssociationPage {
    frame: Frame,
    by: By,
    kind: &'static str,
    /// "in Hyde Park, Leeds, since 2019".
    place: Option<String>,
    since: String,
    language: String,
    /// Safe HTML, made by `app` from what the organisers wrote.
    summary: String,
    battles: Vec<Tag>,
    /// How to join, and whom to turn to, as they were typed; with the address in them, when there is one.
    joining: Contact,
    safeguarding: Contact,
    /// When it closed, and its last words.
    farewell: Option<(String, String)>,
    sample: bool,
    /// What is going on; nothing of it on later pages.
    now: GoingOn,
    /// The roles it has in projects of others: role, title, where, whose.
    takes_part: Vec<(String, String, String, By)>,
    /// Whom it belongs to, who belongs to it, and whom it works with.
    ties: Ties,
    list: Paged,
    later: bool,
    /// What it passes on of others, newest first.
    carries: Vec<Row>,
    /// Where it is reported.
    report: String,
}

/// The ties that both sides want.
#[derive(Default)]
struct Ties {
    alliances: Vec<By>,
    members: Vec<By>,
    partners: Vec<By>,
}

impl Ties {
    async fn read(web: &Web, actor: &Actor) -> Result<Self, Problem> {
        let mut ties = Self::default();
        for seen in affiliations::shown(&web.app, actor.id).await? {
            let other = By::new(seen.other(actor.id));
            match seen.tie.kind {
                TieKind::Partner => ties.partners.push(other),
                TieKind::Member if seen.tie.member == actor.id => ties.alliances.push(other),
                TieKind::Member => ties.members.push(other),
            }
        }
        Ok(ties)
    }

    /// Each kind that there is, with its heading.
    fn kinds(&self) -> Vec<(&'static str, &Vec<By>)> {
        let kinds = [
            ("Member of", &self.alliances),
            ("Its members", &self.members),
            ("Works with", &self.partners),
        ];
        kinds.into_iter().filter(|(_, sides)| !sides.is_empty()).collect()
    }
}

/// Words of an association about how to reach somebody.
struct Contact {
    words: String,
    /// A mail address that stands in them, to be written to.
    email: Option<String>,
}

impl Contact {
    fn new(words: &str) -> Self {
        let trimmed = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
        let mut said = words.split_whitespace().filter(|word| !word.starts_with('@')).map(trimmed);
        Self { words: words.to_owned(), email: said.find_map(|word| people::email(&word).ok()) }
    }
}

/// What an association does now: the first few of each kind.
#[derive(Default)]
struct GoingOn {
    calls: Few,
    projects: Few,
    events: Few,
    /// What it left for another day: title and where.
    parked: Vec<(String, String)>,
}

/// The first few of a list, and where all of it is when there is more.
#[derive(Default)]
struct Few {
    rows: Vec<Row>,
    all: Option<String>,
}

impl Few {
    fn new(rows: impl Iterator<Item = Row>, all: String) -> Self {
        let mut rows: Vec<_> = rows.map(its_own).collect();
        let more = rows.len() > FEW;
        rows.truncate(FEW);
        Self { rows, all: more.then_some(all) }
    }
}

impl GoingOn {
    async fn read(web: &Web, actor: &Actor) -> Result<Self, Problem> {
        let (rows, now, home) = (web.rows(), web.now(), actor.id);
        let ever = Moment(i64::MAX);
        let calls = desks::calls_closing(&rows, home, now, ever).await?;
        let projects = desks::projects_going(&rows, home).await?;
        let events = desks::events_between(&rows, home, now, ever).await?;
        let parked = desks::parked(&rows, home).await?.into_iter();
        let page =
            |seen: ItemSeen| (seen.item.title, format!("/{}/{}", seen.item.kind.plural(), seen.item.id));
        let all = |list: &str| format!("/{list}?by={}", actor.handle);
        Ok(Self {
            calls: Few::new(calls.iter().map(|call| calls::row(call, now)), all("calls")),
            projects: Few::new(projects.iter().map(projects::row), all("projects")),
            events: Few::new(events.iter().map(|event| events::row(event, now)), all("events")),
            parked: parked.map(page).collect(),
        })
    }

    fn shows(&self, path: &str) -> bool {
        let few = [&self.calls, &self.projects, &self.events];
        few.into_iter().flat_map(|few| &few.rows).any(|row| row.path == path)
    }

    fn is_empty(&self) -> bool {
        [&self.calls, &self.projects, &self.events].into_iter().all(|few| few.rows.is_empty())
    }
}

/// On the association's own page nobody asks whose it is.
fn its_own(mut row: Row) -> Row {
    row.by_shown = false;
    row
}

async fn page(State(web): State<Web>, Named(handle): Named<String>, Before(before): Before) -> Answer {
    let seen = associations::seen_by_handle(&web.rows(), &handle).await?.ok_or(Problem::Missing)?;
    let path = format!("/@{}", seen.actor.handle);
    if handle != seen.actor.handle {
        return Ok(moved(&path));
    }
    let (actor, association) = (&seen.actor, &seen.association);
    if let Some(to) = &actor.profile.moved_to {
        return Ok(moved(to.as_str()));
    }
    let open = association.closed.is_none();
    let now = if open { GoingOn::read(&web, actor).await? } else { GoingOn::default() };
    let filter = Filter { home: Some(actor.id), ..rows::page(before) };
    let mut list = rows::mixed(&web, filter, &path).await?;
    // What stands above, or on the first page, stands nowhere else.
    list.rows.retain(|row| !now.shows(&row.path));
    list.rows = list.rows.into_iter().map(its_own).collect();
    let carries = if open && before.is_none() { carried_by(&web, actor).await? } else { Vec::new() };
    draw(&AssociationPage {
        carries,
        report: reports::path(Reported::Actor(actor.id)),
        frame: Frame::new(&web, &actor.name)
            .describing(&words::excerpt(&actor.summary, 200))
            .under(Section::Associations)
            .of(&actor.page, &actor.uri)
            .feeding(&format!("{path}/feed.atom"), &actor.name)
            .with(Sheet::Item),
        by: By::new(actor),
        kind: kind(association.kind),
        place: association.place.as_ref().map(|place| place.name.clone()),
        since: year(association.founded, &association.time_zone()),
        language: association.language.as_str().to_owned(),
        summary: actor.summary.clone(),
        battles: seen.battles.iter().map(|cause| Tag::new(&web, cause)).collect(),
        joining: Contact::new(&association.joining),
        safeguarding: Contact::new(&association.safeguarding),
        farewell: farewell(association, &web),
        sample: association.sample,
        now: if before.is_none() { now } else { GoingOn::default() },
        takes_part: if open && before.is_none() { takes_part(&web, actor).await? } else { Vec::new() },
        ties: if open && before.is_none() { Ties::read(&web, actor).await? } else { Ties::default() },
        list,
        later: before.is_some(),
    })
}

/// What an association passes on; the news about such things stand on their pages.
async fn carried_by(web: &Web, actor: &Actor) -> Result<Vec<Row>, Problem> {
    let rows = web.rows();
    let found = carries::list(&rows, actor.id, CarryState::Carried, None, CARRIES).await?;
    let mut carried = rows::of(web, &found.iter().map(|carry| carry.item).collect::<Vec<_>>()).await?;
    for row in &mut carried {
        let why = found.iter().find(|carry| carry.item == row.item()).map(|carry| carry.reason.clone());
        row.carried.clear();
        row.line = why.filter(|why| !why.is_empty()).unwrap_or_else(|| std::mem::take(&mut row.line));
    }
    carried.truncate(FEW * 2);
    Ok(carried)
}

/// What it takes part in.
async fn takes_part(web: &Web, actor: &Actor) -> Result<Vec<(String, String, String, By)>, Problem> {
    let taken = partnerships::taken_by(&web.rows(), actor.id).await?.into_iter();
    let taken = taken.filter(|seen| seen.project.deleted.is_none());
    Ok(taken
        .map(|seen| {
            let (item, local) = (&seen.project, seen.home.local);
            let path = if local { format!("/projects/{}", item.id) } else { item.page.to_string() };
            (seen.partnership.role, item.title.clone(), path, By::new(&seen.home))
        })
        .collect())
}

fn year(at: Moment, zone: &TimeZone) -> String {
    at.timestamp().to_zoned_datetime(zone.clone()).strftime("%Y").to_string()
}

fn farewell(association: &Association, web: &Web) -> Option<(String, String)> {
    let farewell = association.closed.as_ref()?;
    let when = words::day(farewell.at, web.now(), &association.time_zone());
    Some((when, farewell.words.clone()))
}

/// What kind of group it is, in words.
pub(crate) fn kind(kind: AssociationKind) -> &'static str {
    match kind {
        AssociationKind::Residents => "Residents\u{2019} group",
        AssociationKind::Charity => "Charity",
        AssociationKind::MutualAid => "Mutual aid group",
        AssociationKind::Club => "Club",
        AssociationKind::Trust => "Trust",
        AssociationKind::Campaign => "Campaign",
        AssociationKind::PublicBody => "Public body",
        AssociationKind::Alliance => "Alliance of associations",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_in_the_words_can_be_written_to() {
        let email = |words| Contact::new(words).email;
        assert_eq!(email("Marion T., <marion@hyde.example>.").as_deref(), Some("marion@hyde.example"));
        assert_eq!(email("Ask for Marion at the hall."), None);
        assert_eq!(email("We are @park-friends@hyde.example"), None);
    }
}
