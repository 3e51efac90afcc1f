//! What the pages of projects, calls, events and updates have in common; each noun adds its own facts and state.

use folkmoot_domain::{
    ItemId, Moment,
    items::{AnotherDay, ItemKind, ItemSeen},
};
use folkmoot_storage::{Rows, items};
use jiff::tz::TimeZone;

use crate::{
    Web,
    assets::{Icon, Sheet},
    carried::{self, Around},
    causes::Tag,
    frame::{Frame, Section},
    pictures::Hung,
    problems::Problem,
    rows::{self, By},
    shapes::{self, State, Tone},
    thread::{self, Said},
    words,
};

/// One line under "when", "where" and so on.
pub(crate) struct Fact {
    pub term: &'static str,
    pub text: String,
    pub href: Option<String>,
    pub datetime: Option<String>,
}

impl Fact {
    pub(crate) fn new(term: &'static str, text: impl Into<String>) -> Self {
        Self { term, text: text.into(), href: None, datetime: None }
    }

    /// Where the words lead.
    pub(crate) fn to(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    /// The moment for machines.
    pub(crate) fn at(mut self, at: Moment, zone: &TimeZone) -> Self {
        self.datetime = Some(at.rfc3339_in(zone));
        self
    }
}

/// Something everyone should know before reading on: cancelled, left for another day, what came of it.
pub(crate) struct Note {
    pub tone: Tone,
    pub title: String,
    pub text: String,
}

impl Note {
    pub(crate) fn new(tone: Tone, title: impl Into<String>, text: impl Into<String>) -> Self {
        Self { tone, title: title.into(), text: text.into() }
    }

    /// Left for another day.
    pub(crate) fn another_day(day: &AnotherDay, zone: &TimeZone) -> Self {
        let title = match day.wake {
            Some(wake) => format!("Left for another day: we look again on {}", wake.day_in_words(zone)),
            None => "Left for another day".to_owned(),
        };
        Self::new(Tone::Look, title, day.reason.clone())
    }
}

/// What an item's page shows, whichever noun it is.
pub(crate) struct Shown {
    pub kind: ItemKind,
    pub heading: &'static str,
    pub icon: Icon,
    pub title: String,
    pub language: String,
    pub html: String,
    /// The picture under its title.
    pub picture: Option<Hung>,
    pub by: By,
    pub pinned: String,
    pub pinned_at: String,
    pub edited: Option<String>,
    pub causes: Vec<Tag>,
    pub thread: Vec<Said>,
    /// Where this reader can write back; none for those without an account.
    pub write: Option<String>,
    pub sample: bool,
    /// Whose it is when it is from elsewhere, and who passes it on.
    pub carried: Around,
    /// Our own id for it.
    pub key: ItemId,
    /// Its page in full, for those who pass it on.
    pub page: String,
    /// Where its poster is.
    pub poster: Option<String>,
    /// Where it is for calendars.
    pub calendar: Option<String>,
    /// Where it came from and what came of it; the noun says it.
    pub lineage: Vec<Step>,
    /// The ActivityPub id: what to search for from another server.
    pub id: String,
    /// False when the noun has said it already.
    pub with_address: bool,
    /// Where it stands; the noun says it.
    pub state: Option<State>,
    /// The need or the point in a sentence; the noun says it.
    pub lead: String,
    /// What to know first; the noun says it.
    pub notes: Vec<Note>,
    /// When, where and so on; the noun says it.
    pub facts: Vec<Fact>,
}

/// One step of where something came from and what came of it.
pub(crate) struct Step {
    pub name: &'static str,
    /// The title of what it was, and where that is.
    pub what: String,
    pub href: Option<String>,
    /// Is it this very page?
    pub here: bool,
}

impl Shown {
    /// A letter to somebody about it.
    pub(crate) fn mail(&self) -> String {
        let encode = |text: &str| {
            let encoded: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
            // RFC 6068 5: a plus is a plus.
            encoded.replace('+', "%20")
        };
        let title = if self.title.is_empty() { self.heading } else { &self.title };
        format!("mailto:?subject={}&body={}", encode(title), encode(&format!("{title}\r\n{}", self.page)))
    }

    /// What stands over its text.
    pub(crate) fn about(&self) -> Option<&'static str> {
        shapes::about(self.kind)
    }
}

/// What went elsewhere with its association is read, and answered, there.
pub(crate) fn must_hang_here(seen: &ItemSeen) -> Result<(), Problem> {
    let moved = seen.item.moved.as_ref().filter(|_| seen.home.local);
    moved.map_or(Ok(()), |to| Err(Problem::Moved(to.clone())))
}

/// Reads what stands around the item: who, causes, updates and replies.
pub(crate) async fn show(web: &Web, seen: &ItemSeen) -> Result<Shown, Problem> {
    let (rows, zone, now) = (web.rows(), seen.time_zone(), web.now());
    let item = &seen.item;
    must_hang_here(seen)?;
    let causes = seen.causes.iter().map(|cause| Tag::new(web, cause));
    let sample = rows::samples(&rows, [item.home].into_iter()).await?.contains(&item.home);
    Ok(Shown {
        kind: item.kind,
        heading: shapes::heading(item.kind),
        icon: shapes::icon(item.kind),
        title: item.title.clone(),
        language: item.language.as_str().to_owned(),
        html: item.text.html.clone(),
        picture: seen.picture.as_ref().map(Hung::new),
        by: By::new(&seen.home),
        pinned: words::day(item.published, now, &zone),
        pinned_at: item.published.rfc3339_in(&zone),
        edited: item.edited.map(|at| words::day(at, now, &zone)),
        causes: causes.collect(),
        thread: thread::under(&rows, item.id, now, &zone).await?,
        write: None,
        sample,
        carried: carried::around(&rows, seen, now).await?,
        key: item.id,
        page: item.page.to_string(),
        poster: poster(seen),
        calendar: (item.kind == ItemKind::Event).then(|| format!("/events/{}.ics", item.id)),
        lineage: Vec::new(),
        id: item.uri.to_string(),
        with_address: true,
        state: None,
        lead: String::new(),
        notes: Vec::new(),
        facts: item.place.iter().map(|place| Fact::new("Where", place.name.clone())).collect(),
    })
}

/// What is over or only news needs no poster, and what hangs elsewhere has its own.
fn poster(seen: &ItemSeen) -> Option<String> {
    let item = &seen.item;
    (item.kind != ItemKind::Update && seen.home.local)
        .then(|| format!("/{}/{}/poster", item.kind.plural(), item.id))
}

/// Where something came from: the project that it helps, and itself. Nothing when it stands alone.
pub(crate) async fn lineage(
    rows: &Rows<'_>,
    project: Option<ItemId>,
    name: &'static str,
    outcome: Option<&str>,
) -> Result<Vec<Step>, Problem> {
    let mut steps = Vec::new();
    if let Some(id) = project
        && let Some(project) = items::find(rows, id).await?.filter(|item| item.deleted.is_none())
    {
        let href = Some(format!("/projects/{id}"));
        steps.push(Step { name: "Project", what: project.title, href, here: false });
    }
    // What came of a call that stands alone is said at the top already.
    if steps.is_empty() {
        return Ok(steps);
    }
    steps.push(Step { name, what: String::new(), href: None, here: true });
    steps.extend(outcome.map(|outcome| Step {
        name: "Outcome",
        what: outcome.to_owned(),
        href: None,
        here: false,
    }));
    Ok(steps)
}

/// The frame of an item's page. `line` is said to those who share it, and when it is empty, how the text begins.
pub(crate) fn frame(web: &Web, seen: &ItemSeen, section: Section, line: &str) -> Frame {
    let item = &seen.item;
    let begins = words::excerpt(&item.text.html, 200);
    let title = if item.title.is_empty() { words::excerpt(&item.text.html, 60) } else { item.title.clone() };
    let frame = Frame::new(web, &title)
        .describing(if line.is_empty() { &begins } else { line })
        .under(section)
        .of(&item.page, &item.uri)
        .with(Sheet::Item);
    // What is from elsewhere has its page there; ours is for those who are here already.
    let frame = if seen.home.local { frame } else { frame.not_for_search() };
    match &seen.picture {
        Some(picture) => frame.picturing(&web.app.addresses.picture(picture.id, picture.width), &picture.alt),
        None => frame,
    }
}

/// Why an item cannot be shown: it was deleted, or it never was.
pub(crate) async fn absent(rows: &Rows<'_>, kind: ItemKind, id: ItemId) -> Problem {
    match items::find(rows, id).await {
        Ok(Some(item)) if item.kind == kind && item.deleted.is_some() => Problem::Deleted(kind),
        Ok(_) => Problem::Missing,
        Err(error) => error.into(),
    }
}
