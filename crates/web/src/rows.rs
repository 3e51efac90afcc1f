//! The calm list: one line for each thing that is pinned, whichever noun it is, newest first and twenty a page.

use std::collections::HashSet;

use folkmoot_domain::{
    ActorId, ItemId,
    actors::{Actor, ActorKind},
    items::{ItemKind, ItemSeen},
    lists::Mark,
    visitors::NAMELESS,
};
use folkmoot_storage::{
    Rows, associations, calls as call_rows, events as event_rows, items,
    items::{Bookmark, Filter},
    projects as project_rows,
};

use crate::{
    Web,
    assets::Icon,
    calls,
    carried::{self, Carrier},
    events, paths,
    problems::Problem,
    projects,
    shapes::{self, State},
    words::{self, Leaf},
};

/// How many rows are on a page.
const PAGE: usize = 20;

/// Who pinned or wrote something.
pub(crate) struct By {
    pub name: String,
    /// Where their page is; none when it is nowhere a browser should go.
    pub href: Option<String>,
    /// `@handle@host`.
    pub address: String,
    pub local: bool,
    /// True for what nobody runs yet: the instance itself pinned it.
    pub nobody: bool,
    pub initials: String,
    /// The shape of the mark: square for an association, round for a person.
    pub round: bool,
    pub paper: &'static str,
}

impl By {
    pub(crate) fn new(actor: &Actor) -> Self {
        let visitor = actor.is_visitor();
        let href = match actor.local {
            true if visitor => None,
            true => Some(format!("/@{}", actor.handle)),
            false => words::web_link(&actor.page),
        };
        let named = match (actor.name.trim().is_empty(), visitor) {
            (false, _) => actor.name.as_str(),
            (true, true) => NAMELESS,
            (true, false) => actor.handle.as_str(),
        };
        Self {
            name: named.to_owned(),
            href,
            address: if visitor { String::new() } else { actor.address() },
            local: actor.local,
            nobody: actor.local && actor.kind == ActorKind::Application,
            initials: words::initials(named),
            round: actor.kind == ActorKind::Person,
            paper: actor.paper().word(),
        }
    }
}

/// One line of a list.
pub(crate) struct Row {
    /// The word of its kind, in lists of several kinds.
    pub heading: Option<&'static str>,
    pub icon: Icon,
    pub path: String,
    pub title: String,
    pub language: String,
    pub line: String,
    pub by: By,
    /// False on the association's own page.
    pub by_shown: bool,
    pub state: Option<State>,
    /// Struck through: it was called off.
    pub struck: bool,
    pub tabs: Vec<bool>,
    /// What is found of what is wanted, or what is needed.
    pub count: Option<String>,
    pub leaf: Option<Leaf>,
    /// The name of its place.
    pub place: Option<String>,
    pub sample: bool,
    /// Those of ours that carry what is from elsewhere.
    pub carried: Vec<Carrier>,
    kind: ItemKind,
    home: ActorId,
    mark: Bookmark,
}

impl Row {
    /// A line with what every noun has.
    pub(crate) fn new(seen: &ItemSeen, line: String) -> Self {
        let item = &seen.item;
        let title =
            if item.title.is_empty() { words::excerpt(&item.text.html, 60) } else { item.title.clone() };
        Self {
            heading: None,
            icon: shapes::icon(item.kind),
            path: format!("/{}/{}", item.kind.plural(), item.id),
            title,
            language: item.language.as_str().to_owned(),
            line,
            by: By::new(&seen.home),
            by_shown: true,
            state: None,
            struck: false,
            tabs: Vec::new(),
            count: None,
            leaf: None,
            place: item.place.as_ref().map(|place| place.name.clone()),
            sample: false,
            carried: Vec::new(),
            kind: item.kind,
            home: item.home,
            mark: Bookmark { published: item.published, item: item.id },
        }
    }

    /// What it is about.
    pub(crate) fn item(&self) -> ItemId {
        self.mark.item
    }

    /// Is there something to say at the side: what is found, where it stands?
    pub(crate) fn has_side(&self) -> bool {
        !self.tabs.is_empty() || self.count.is_some() || self.state.is_some()
    }
}

/// A page of a list, and the link to what is older.
pub(crate) struct Paged {
    pub rows: Vec<Row>,
    pub older: Option<String>,
}

impl Paged {
    /// Cuts what was asked for with one more than fits; `path` is the list's own.
    fn cut(mut rows: Vec<Row>, path: &str) -> Self {
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let last = rows.last().filter(|_| more);
        let older = last.map(|row| format!("{path}?before={}", paths::bookmarked(row.mark)));
        Self { rows, older }
    }
}

/// What to do when there is nothing, and where to do it.
pub(crate) struct Empty {
    pub text: &'static str,
    pub href: &'static str,
    pub words: &'static str,
}

/// A filter for one page and one row more, which says whether there is another page.
pub(crate) fn page(before: Option<Bookmark>) -> Filter {
    Filter { before, limit: PAGE as u64 + 1, ..Filter::default() }
}

/// Calls.
pub(crate) async fn calls(web: &Web, filter: Filter) -> Result<Vec<Row>, Problem> {
    let seen = call_rows::list(&web.rows(), filter).await?;
    let rows = seen.iter().map(|call| calls::row(call, web.now())).collect();
    mark_samples(web, rows).await
}

/// Projects.
pub(crate) async fn projects(web: &Web, filter: Filter) -> Result<Vec<Row>, Problem> {
    let seen = project_rows::list(&web.rows(), filter).await?;
    mark_samples(web, seen.iter().map(projects::row).collect()).await
}

/// Events, by when they were pinned.
pub(crate) async fn events(web: &Web, filter: Filter) -> Result<Vec<Row>, Problem> {
    let seen = event_rows::list(&web.rows(), filter).await?;
    let rows = seen.iter().map(|event| events::row(event, web.now())).collect();
    mark_samples(web, rows).await
}

/// What stands at these marks, in their order.
pub(crate) async fn at(web: &Web, kind: ItemKind, marks: &[Mark]) -> Result<Vec<Row>, Problem> {
    Ok(seen_at(web, kind, marks).await?.into_iter().map(|(_, row)| row).collect())
}

/// The same, with what was read.
pub(crate) async fn seen_at(
    web: &Web,
    kind: ItemKind,
    marks: &[Mark],
) -> Result<Vec<(ItemSeen, Row)>, Problem> {
    let (rows, now) = (web.rows(), web.now());
    let (seen, found): (Vec<_>, Vec<_>) = match kind {
        ItemKind::Call => {
            let found = call_rows::at(&rows, marks).await?.into_iter();
            found.map(|call| (call.seen.clone(), calls::row(&call, now))).unzip()
        }
        ItemKind::Event => {
            let found = event_rows::at(&rows, marks).await?.into_iter();
            found.map(|event| (event.seen.clone(), events::row(&event, now))).unzip()
        }
        ItemKind::Project => {
            let found = project_rows::at(&rows, marks).await?.into_iter();
            found.map(|project| (project.seen.clone(), projects::row(&project))).unzip()
        }
        ItemKind::Update => (Vec::new(), Vec::new()),
    };
    Ok(seen.into_iter().zip(mark_samples(web, found).await?).collect())
}

/// A page of everything the filter lets through.
pub(crate) async fn mixed(web: &Web, filter: Filter, path: &str) -> Result<Paged, Problem> {
    let mut rows = calls(web, filter).await?;
    rows.extend(projects(web, filter).await?);
    rows.extend(events(web, filter).await?);
    rows.extend(updates(web, filter).await?);
    rows.sort_by_key(|row| std::cmp::Reverse((row.mark.published, row.mark.item)));
    for row in &mut rows {
        row.heading = Some(shapes::heading(row.kind));
    }
    Ok(Paged::cut(rows, path))
}

async fn updates(web: &Web, filter: Filter) -> Result<Vec<Row>, Problem> {
    let filter = Filter { kind: Some(ItemKind::Update), ..filter };
    let seen = items::list(&web.rows(), filter).await?;
    mark_samples(web, seen.iter().map(update).collect()).await
}

/// An update in a list; without a title its first words are the title already.
fn update(seen: &ItemSeen) -> Row {
    let titled = !seen.item.title.is_empty();
    let begins = titled.then(|| words::excerpt(&seen.item.text.html, 140));
    Row::new(seen, begins.unwrap_or_default())
}

/// These items, whichever nouns they are, in this order; without those that this board does not show.
pub(crate) async fn of(web: &Web, ids: &[ItemId]) -> Result<Vec<Row>, Problem> {
    let marks: Vec<_> = ids.iter().map(|&item| Mark { due: web.now(), item }).collect();
    let mut found = Vec::new();
    for kind in [ItemKind::Call, ItemKind::Event, ItemKind::Project] {
        found.extend(at(web, kind, &marks).await?);
    }
    let news = items::at(&web.rows(), &marks).await?;
    let news = news.iter().filter(|seen| seen.item.kind == ItemKind::Update).map(update);
    found.extend(mark_samples(web, news.collect()).await?);
    for row in &mut found {
        row.heading = Some(shapes::heading(row.kind));
    }
    found.sort_by_key(|row| ids.iter().position(|id| *id == row.item()));
    Ok(found)
}

/// Marks the rows of associations that are samples, and those of others with who carries them here.
pub(crate) async fn mark_samples(web: &Web, mut rows: Vec<Row>) -> Result<Vec<Row>, Problem> {
    carried::mark(&web.rows(), &mut rows, web.now()).await?;
    let samples = samples(&web.rows(), rows.iter().map(|row| row.home)).await?;
    for row in &mut rows {
        row.sample = samples.contains(&row.home);
    }
    Ok(rows)
}

/// Which of these homes are samples of the demo.
pub(crate) async fn samples(
    rows: &Rows<'_>,
    homes: impl Iterator<Item = ActorId>,
) -> Result<HashSet<ActorId>, Problem> {
    Ok(associations::samples(rows, homes).await?)
}
