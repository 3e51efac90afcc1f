//! Projects: the list, and the page of one with the calls that help it.

use askama::Template;
use axum::{
    Router,
    extract::{RawQuery, State},
    routing::get,
};
use folkmoot_app::adoptions;
use folkmoot_domain::{
    ItemId, Moment,
    adoptions::Kin,
    items::{ItemKind, ItemSeen},
    projects::{ProjectSeen, ProjectState},
};
use folkmoot_storage::{calls as call_rows, events as event_rows, projects};

use crate::{
    Web, calls, events,
    frame::{Answer, Frame, Section, draw},
    items::{self, Fact, Note, Shown},
    lists, mine,
    paths::Named,
    rows::{self, By, Row},
    sessions::MaybeSignedIn,
    shapes::{self, Tone},
    words,
};

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/projects", get(list)).route("/projects/{id}", get(page))
}

async fn list(State(web): State<Web>, RawQuery(query): RawQuery) -> Answer {
    lists::page(&web, ItemKind::Project, query.as_deref()).await
}

#[derive(Template)]
#[template(path = "projects/page.html")]
struct ProjectPage {
    frame: Frame,
    item: Shown,
    calls: Vec<Row>,
    events: Vec<Row>,
    /// Who takes part, and as what.
    partners: Vec<(By, String)>,
    origins: Vec<Ancestor>,
    adopters: Vec<Ancestor>,
    /// Where one takes part in it, and where one starts it elsewhere; none when it is over or nobody's.
    join: Option<String>,
    adopt: String,
}

/// One project of its lineage.
pub(crate) struct Ancestor {
    pub title: String,
    pub href: Option<String>,
    pub by: Option<By>,
    /// "active", "done: forty trees stand".
    pub standing: String,
    pub gone: bool,
}

impl Ancestor {
    fn new(kin: &Kin) -> Self {
        let here = kin.item.filter(|_| kin.shown && !kin.gone);
        let href = match here {
            Some(id) => Some(format!("/projects/{id}")),
            None => words::web_link(&kin.page),
        };
        let standing = match kin.state.as_str() {
            "idea" => "an idea".to_owned(),
            "another-day" => "left for another day".to_owned(),
            "done" if !kin.outcome.is_empty() => format!("done: {}", words::excerpt(&kin.outcome, 200)),
            other => other.to_owned(),
        };
        let title = if kin.title.is_empty() { kin.uri.to_string() } else { kin.title.clone() };
        Self { title, href, by: kin.home.as_ref().map(By::new), standing, gone: kin.gone }
    }
}

async fn page(
    State(web): State<Web>,
    Named(id): Named<ItemId>,
    MaybeSignedIn(person): MaybeSignedIn,
) -> Answer {
    let rows = web.rows();
    let Some(seen) = projects::seen(&rows, id).await? else {
        return Err(items::absent(&rows, ItemKind::Project, id).await);
    };
    let helping = call_rows::of_project(&rows, id).await?;
    let calls = helping.iter().map(|call| at_home(calls::row(call, web.now()), &call.seen)).collect();
    let belonging = event_rows::of_project(&rows, id).await?;
    let events = belonging.iter().map(|event| at_home(events::row(event, web.now()), &event.seen)).collect();
    let lineage = adoptions::lineage(&web.app, &seen).await?;
    let over = seen.nobodys || matches!(seen.state, ProjectState::Done { .. });
    let join = (!over).then(|| format!("/desk/partners/new?project={id}"));
    let mut item = items::show(&web, &seen.seen).await?;
    mine::show(&web, &mut item, &seen.seen, person.as_ref()).await?;
    item.state = Some(state(&seen));
    item.notes = notes(&seen, web.now());
    if !seen.need.is_empty() {
        item.facts.insert(0, Fact::new("Needs", seen.need.clone()));
    }
    let shown = draw(&ProjectPage {
        frame: items::frame(&web, &seen.seen, Section::Projects, ""),
        item,
        calls: rows::mark_samples(&web, calls).await?,
        events: rows::mark_samples(&web, events).await?,
        partners: seen.partners.iter().map(|one| (By::new(&one.actor), one.role.clone())).collect(),
        origins: lineage.ancestors.iter().map(Ancestor::new).collect(),
        adopters: lineage.adopters.iter().map(Ancestor::new).collect(),
        join,
        adopt: format!("/desk/adopt?project={id}"),
    })?;
    Ok(mine::alone(shown, person.is_some()).await)
}

/// What a partner elsewhere published under it is read at its home.
fn at_home(mut row: Row, seen: &ItemSeen) -> Row {
    if !seen.home.local
        && let Some(page) = words::web_link(&seen.item.page)
    {
        row.path = page;
    }
    row
}

/// How far a project is, in words.
pub(crate) fn state(seen: &ProjectSeen) -> shapes::State {
    match seen.state {
        ProjectState::Idea => shapes::State::new(Tone::Plain, "an idea"),
        ProjectState::Active => shapes::State::new(Tone::Good, "active"),
        ProjectState::AnotherDay(_) => shapes::State::new(Tone::Look, "left for another day"),
        ProjectState::Done { .. } => shapes::State::new(Tone::Good, "done"),
    }
}

fn notes(seen: &ProjectSeen, now: Moment) -> Vec<Note> {
    let zone = seen.seen.time_zone();
    let mut notes = Vec::new();
    if seen.nobodys {
        let text = "It waits for an association to take it up.";
        notes.push(Note::new(Tone::Look, "Nobody runs this yet", text));
    }
    match &seen.state {
        ProjectState::Idea | ProjectState::Active => {}
        ProjectState::AnotherDay(day) => notes.push(Note::another_day(day, &zone)),
        ProjectState::Done { outcome, at } => {
            let title = format!("Done {}: what came of it", words::day(*at, now, &zone));
            notes.push(Note::new(Tone::Good, title, outcome));
        }
    }
    notes
}

/// A project in a list.
pub(crate) fn row(seen: &ProjectSeen) -> Row {
    let mut row = Row::new(&seen.seen, words::excerpt(&seen.seen.item.text.html, 140));
    row.state = Some(state(seen));
    row.count = (!seen.need.is_empty()).then(|| seen.need.clone());
    row
}
