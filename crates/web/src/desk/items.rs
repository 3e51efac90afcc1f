//! Everything one can do with something that is pinned already, and who answered it.

use askama::Template;
use axum::{Router, extract::State, routing::get};
use folkmoot_domain::{
    ItemId, Moment,
    associations::AssociationSeen,
    calls::{CallSeen, CallState},
    events::{EventSeen, EventState},
    items::{Item, ItemKind, ItemSeen},
    people::Person,
    pledges::PledgeState,
    projects::{ProjectSeen, ProjectState},
    updates::UpdateSeen,
};
use folkmoot_storage::{Rows, associations, calls, events, items, pledges, projects, rsvps, updates};
use jiff::tz::TimeZone;

use super::{waiting::Waiting, written::Typed};
use crate::{
    Web,
    assets::{Icon, Sheet},
    calls as call_pages,
    coming::{self, Coming},
    events as event_pages,
    frame::{Answer, Frame, draw},
    paths::Named,
    pictures::Hung,
    problems::Problem,
    projects as project_pages,
    rows::By,
    sessions::SignedIn,
    shapes::{self, State as Standing},
    words,
};

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/desk/items/{id}", get(page)).route("/desk/items/{id}/published", get(published))
}

/// Something that an association of mine has pinned.
pub(super) enum Mine {
    Call(Box<CallSeen>),
    Project(Box<ProjectSeen>),
    Event(Box<EventSeen>),
    Update(Box<UpdateSeen>),
}

impl Mine {
    /// Finds it for somebody who organises its home; for everybody else there is no such page.
    pub(super) async fn find(rows: &Rows<'_>, person: &Person, id: ItemId) -> Result<Self, Problem> {
        let item = items::find(rows, id).await?.ok_or(Problem::Missing)?;
        super::mine_or_missing(rows, person, item.home).await?;
        if item.deleted.is_some() {
            return Err(Problem::Deleted(item.kind));
        }
        Self::read(rows, &item).await?.ok_or(Problem::Missing)
    }

    async fn read(rows: &Rows<'_>, item: &Item) -> Result<Option<Self>, Problem> {
        let id = item.id;
        Ok(match item.kind {
            ItemKind::Call => calls::seen(rows, id).await?.map(|seen| Self::Call(Box::new(seen))),
            ItemKind::Project => projects::seen(rows, id).await?.map(|seen| Self::Project(Box::new(seen))),
            ItemKind::Event => events::seen(rows, id).await?.map(|seen| Self::Event(Box::new(seen))),
            ItemKind::Update => updates::seen(rows, id).await?.map(|seen| Self::Update(Box::new(seen))),
        })
    }

    pub(super) fn head(&self) -> &ItemSeen {
        match self {
            Self::Call(call) => &call.seen,
            Self::Project(project) => &project.seen,
            Self::Event(event) => &event.seen,
            Self::Update(update) => &update.seen,
        }
    }

    /// What it is called, also when it has no title.
    pub(super) fn title(&self) -> String {
        let item = &self.head().item;
        if item.title.is_empty() { words::excerpt(&item.text.html, 60) } else { item.title.clone() }
    }

    /// As a form, on these clocks.
    pub(super) fn typed(&self) -> Typed {
        match self {
            Self::Call(call) => Typed::of_call(call, &call.seen.time_zone()),
            Self::Project(project) => Typed::of_project(project),
            Self::Event(event) => Typed::of_event(event),
            Self::Update(update) => Typed::of_update(&update.seen),
        }
    }

    pub(super) fn standing(&self, now: Moment) -> Option<Standing> {
        match self {
            Self::Call(call) => Some(call_pages::state(call, now)),
            Self::Project(project) => Some(project_pages::state(project)),
            Self::Event(event) => event_pages::state(event, now),
            Self::Update(_) => None,
        }
    }

    /// Can it still be taken further? What is closed, cancelled or done only has words to mend.
    fn goes_on(&self, now: Moment) -> bool {
        match self {
            Self::Call(call) => {
                !matches!(call.call.state, CallState::Closed { .. } | CallState::Cancelled { .. })
            }
            Self::Project(project) => !matches!(project.state, ProjectState::Done { .. }),
            Self::Event(event) => matches!(event.event.state, EventState::Planned) && event.event.ends > now,
            Self::Update(_) => false,
        }
    }

    fn is_parked(&self) -> bool {
        match self {
            Self::Call(call) => matches!(call.call.state, CallState::AnotherDay(_)),
            Self::Project(project) => matches!(project.state, ProjectState::AnotherDay(_)),
            Self::Event(_) | Self::Update(_) => false,
        }
    }
}

/// Something of this association as a form, for something like it.
pub(super) async fn as_form(
    rows: &Rows<'_>,
    home: &AssociationSeen,
    like: ItemId,
) -> Result<(ItemKind, Typed), Problem> {
    let item = items::find(rows, like).await?.ok_or(Problem::Missing)?;
    if item.home != home.actor.id || item.deleted.is_some() {
        return Err(Problem::Missing);
    }
    let mine = Mine::read(rows, &item).await?.ok_or(Problem::Missing)?;
    Ok((item.kind, mine.typed()))
}

/// Something one can do: where, its drawing and its words.
pub(crate) struct Act {
    pub path: String,
    pub icon: Icon,
    pub words: &'static str,
}

#[derive(Template)]
#[template(path = "desk/item.html")]
struct ItemPage {
    frame: Frame,
    by: By,
    heading: &'static str,
    icon: Icon,
    title: String,
    language: String,
    state: Option<Standing>,
    path: String,
    desk_path: String,
    pinned: String,
    /// The one thing to do next, when there is one.
    next: Option<(String, &'static str)>,
    /// To take it up again or to start it: a button.
    resume: Option<&'static str>,
    acts: Vec<Act>,
    /// Each need and what was found for it.
    needs: Vec<(String, String)>,
    pledges: Option<Vec<Waiting>>,
    /// Who comes to the event: how many, and each of them.
    comings: Option<(Option<String>, Vec<Coming>)>,
    picture: Option<Hung>,
}

async fn page(State(web): State<Web>, SignedIn(person): SignedIn, Named(id): Named<ItemId>) -> Answer {
    let (rows, now) = (web.rows(), web.now());
    let mine = Mine::find(&rows, &person, id).await?;
    let (head, zone) = (mine.head(), mine.head().time_zone());
    let kind = head.item.kind;
    let pledges = match &mine {
        Mine::Call(_) => {
            let given = pledges::of_call(&rows, id).await?;
            Some(given.iter().map(|pledge| Waiting::new(pledge, now, &zone).on_its_page()).collect())
        }
        _ => None,
    };
    let comings = match &mine {
        Mine::Event(event) => {
            let said = rsvps::of_event(&rows, id, true).await?;
            Some((coming::count(event), said.iter().map(Coming::new).collect()))
        }
        _ => None,
    };
    let needs = match &mine {
        Mine::Call(call) => {
            call.needs.iter().map(|need| (need.need.label.clone(), words::found(need))).collect()
        }
        _ => Vec::new(),
    };
    draw(&ItemPage {
        frame: Frame::new(&web, &mine.title()).secret().with(Sheet::Desk).with(Sheet::Item),
        by: By::new(&head.home),
        heading: shapes::heading(kind),
        icon: shapes::icon(kind),
        title: mine.title(),
        language: head.item.language.as_str().to_owned(),
        state: mine.standing(now),
        path: format!("/{}/{id}", kind.plural()),
        desk_path: format!("/desk/items/{id}"),
        pinned: words::moment(head.item.published, now, &zone),
        next: next(&mine, id, now),
        resume: resume(&mine, now),
        acts: acts(&mine, id, now),
        needs,
        pledges,
        comings,
        picture: head.picture.as_ref().map(Hung::new),
    })
}

/// The one thing to do next.
fn next(mine: &Mine, id: ItemId, now: Moment) -> Option<(String, &'static str)> {
    if !mine.goes_on(now) || mine.is_parked() {
        return None;
    }
    match mine {
        Mine::Call(_) => Some((format!("/desk/items/{id}/close"), "Close it and say what came of it")),
        Mine::Project(_) => Some((format!("/desk/items/{id}/close"), "It is done: say what came of it")),
        Mine::Event(_) | Mine::Update(_) => None,
    }
}

fn resume(mine: &Mine, now: Moment) -> Option<&'static str> {
    match mine {
        Mine::Project(project) if project.state == ProjectState::Idea => Some("Start it"),
        _ if mine.is_parked() && mine.goes_on(now) => Some("Take it up again"),
        _ => None,
    }
}

fn acts(mine: &Mine, id: ItemId, now: Moment) -> Vec<Act> {
    use crate::assets::icon;
    let at = |step: &str| format!("/desk/items/{id}/{step}");
    let mut acts = vec![Act { path: at("edit"), icon: icon::PENCIL, words: "Change the words" }];
    if !matches!(mine, Mine::Update(_)) {
        let path = format!("/desk/new?kind=update&about={id}");
        acts.push(Act { path, icon: icon::MEGAPHONE, words: "Tell people some news" });
    }
    let words = if mine.head().picture.is_some() { "Change its picture" } else { "Hang a picture on it" };
    acts.push(Act { path: at("picture"), icon: icon::IMAGE, words });
    if mine.goes_on(now) {
        if matches!(mine, Mine::Call(_) | Mine::Project(_)) {
            let words = if mine.is_parked() { "Name another day for it" } else { "Leave it for another day" };
            acts.push(Act { path: at("park"), icon: icon::MOON, words });
        }
        if matches!(mine, Mine::Call(_) | Mine::Event(_)) {
            acts.push(Act { path: at("cancel"), icon: icon::CIRCLE_X, words: "Call it off" });
        }
    }
    if !matches!(mine, Mine::Update(_)) {
        let path = format!("/desk/new?like={id}");
        acts.push(Act { path, icon: icon::COPY, words: "Write another like it" });
    }
    acts.push(Act { path: at("delete"), icon: icon::TRASH_2, words: "Delete it" });
    acts
}

#[derive(Template)]
#[template(path = "desk/published.html")]
struct PublishedPage {
    frame: Frame,
    by: By,
    kind: ItemKind,
    title: String,
    language: String,
    path: String,
    desk_path: String,
    address: String,
    /// When it was published, for the note: "today, 10 am, UK time".
    when: String,
}

async fn published(State(web): State<Web>, SignedIn(person): SignedIn, Named(id): Named<ItemId>) -> Answer {
    let mine = Mine::find(&web.rows(), &person, id).await?;
    let (head, zone): (_, TimeZone) = (mine.head(), mine.head().time_zone());
    let kind = head.item.kind;
    draw(&PublishedPage {
        frame: Frame::new(&web, "Published").secret().with(Sheet::Desk),
        by: By::new(&head.home),
        kind,
        title: mine.title(),
        language: head.item.language.as_str().to_owned(),
        path: format!("/{}/{id}", kind.plural()),
        desk_path: format!("/desk/items/{id}"),
        address: head.item.page.to_string(),
        when: words::moment(head.item.published, web.now(), &zone),
    })
}

/// The zone of the association that pinned it; for events, the one they happen in.
pub(super) fn zone(mine: &Mine) -> TimeZone {
    match mine {
        Mine::Event(event) => event.event.time_zone(),
        other => other.head().time_zone(),
    }
}

/// The association that pinned it.
pub(super) async fn home(rows: &Rows<'_>, mine: &Mine) -> Result<AssociationSeen, Problem> {
    associations::seen(rows, mine.head().item.home).await?.ok_or(Problem::Missing)
}
