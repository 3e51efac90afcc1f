//! Writing something new: what do you need → a few fields → how others will see it → published.
//!
//! The address of the form has the id of the draft in it from the beginning, and every press keeps the draft first: the
//! way back leads to a form that has everything, and pressing twice publishes once. Start at [`begin`].

mod filled;

use askama::Template;
use axum::{
    Form, Router,
    extract::{Query, State, rejection::FormRejection},
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use folkmoot_app::{By, drafts};
use folkmoot_domain::{
    DraftId, ItemId, Refusal, associations::AssociationSeen, drafts::Draft, items::ItemKind, people::Person,
};
use folkmoot_storage::{Rows, associations, items};
use serde::Deserialize;

pub(crate) use self::filled::{Written, clock};
use super::{previews, written::Typed};
use crate::{
    Web,
    assets::Sheet,
    forms::{self, Wrong},
    frame::{Answer, Frame, draw},
    paths::Named,
    problems::Problem,
    rows::By as Pinner,
    sessions::SignedIn,
};

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/desk/new", get(begin))
        .route("/desk/new/{id}", get(form).post(keep))
        .route("/desk/new/{id}/preview", get(preview))
        .route("/desk/new/{id}/publish", post(publish))
        .route("/desk/new/{id}/throw-away", post(throw_away))
}

/// What an address says of the form that is wanted.
#[derive(Debug, Default, Deserialize)]
struct Wanted {
    /// The handle of the association.
    #[serde(default, rename = "for")]
    home: String,
    #[serde(default)]
    kind: String,
    /// What news is about.
    #[serde(default)]
    about: String,
    /// What it is to be like.
    #[serde(default)]
    like: String,
    /// The project that a new one takes up.
    #[serde(default)]
    parent: String,
}

impl Wanted {
    fn kind(&self) -> Option<ItemKind> {
        ItemKind::parse(&self.kind)
    }

    /// The item that says for whom it is, when one is named.
    fn item(&self) -> Option<ItemId> {
        [&self.about, &self.like].into_iter().find_map(|id| id.parse().ok())
    }

    /// The same in an address, for this association.
    fn query(&self, handle: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("for", handle);
        if let Some(kind) = self.kind() {
            query.append_pair("kind", kind.word());
        }
        for (name, id) in [("about", &self.about), ("like", &self.like), ("parent", &self.parent)] {
            if let Ok(id) = id.parse::<ItemId>() {
                query.append_pair(name, &id.to_string());
            }
        }
        query.finish()
    }
}

#[derive(Template)]
#[template(path = "desk/choose.html")]
struct ChoosePage {
    frame: Frame,
    choices: Vec<(Pinner, String)>,
}

/// Gives the draft its id. Nothing is kept yet.
async fn begin(State(web): State<Web>, SignedIn(person): SignedIn, Query(wanted): Query<Wanted>) -> Answer {
    let rows = web.rows();
    let home = match wanted.item() {
        Some(item) => Some(home_of(&rows, &person, item).await?),
        None if !wanted.home.is_empty() => Some(super::my_association(&rows, &person, &wanted.home).await?),
        None => None,
    };
    let mine = match home {
        Some(home) => vec![home],
        None => super::organised(&rows, &person).await?,
    };
    let handle = match mine.as_slice() {
        [] => return Ok(Redirect::to("/desk").into_response()),
        [only] => &only.actor.handle,
        _ => return choose(&web, &wanted, &mine),
    };
    let id: DraftId = web.app.id();
    Ok(Redirect::to(&format!("/desk/new/{id}?{}", wanted.query(handle))).into_response())
}

fn choose(web: &Web, wanted: &Wanted, mine: &[AssociationSeen]) -> Answer {
    let path = |seen: &AssociationSeen| format!("/desk/new?{}", wanted.query(&seen.actor.handle));
    draw(&ChoosePage {
        frame: Frame::new(web, "For which association?").secret().with(Sheet::Desk),
        choices: mine.iter().map(|seen| (Pinner::new(&seen.actor), path(seen))).collect(),
    })
}

/// The association that pinned an item, when I organise it.
async fn home_of(rows: &Rows<'_>, person: &Person, item: ItemId) -> Result<AssociationSeen, Problem> {
    let item = items::find(rows, item).await?.ok_or(Problem::Missing)?;
    super::mine_or_missing(rows, person, item.home).await?;
    associations::seen(rows, item.home).await?.ok_or(Problem::Missing)
}

#[derive(Template)]
#[template(path = "desk/new.html")]
struct FormPage {
    frame: Frame,
    by: Pinner,
    handle: String,
    path: String,
    /// The kinds one can choose, with where they lead.
    kinds: Vec<(ItemKind, &'static str, &'static str, String)>,
    kept: bool,
    form: Written,
}

async fn form(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    Named(id): Named<DraftId>,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let rows = web.rows();
    match drafts::find(&web.app, &By::person(person.id), id).await {
        Ok(Draft { item: Some(item), .. }) => Ok(Redirect::to(&published_at(item)).into_response()),
        Ok(draft) => {
            let home = associations::seen(&rows, draft.home).await?.ok_or(Problem::Missing)?;
            let kind = wanted.kind().unwrap_or(draft.kind);
            show(&web, &home, id, Written::new(&rows, &home, kind, Typed(draft.fields)).await?, true)
        }
        // Not kept yet: an empty form, or one like something that was.
        Err(folkmoot_app::Error::Refused(Refusal::Unknown(_))) if !wanted.home.is_empty() => {
            let home = super::my_association(&rows, &person, &wanted.home).await?;
            let (kind, typed) = prefilled(&rows, &home, &wanted).await?;
            show(&web, &home, id, Written::new(&rows, &home, kind, typed).await?, false)
        }
        Err(error) => Err(error.into()),
    }
}

async fn prefilled(
    rows: &Rows<'_>,
    home: &AssociationSeen,
    wanted: &Wanted,
) -> Result<(ItemKind, Typed), Problem> {
    if let Ok(like) = wanted.like.parse() {
        let (kind, typed) = super::items::as_form(rows, home, like).await?;
        return Ok((kind, typed.on_another_day()));
    }
    if let Ok(parent) = wanted.parent.parse::<ItemId>() {
        let known = items::find(rows, parent).await?.filter(|item| item.kind == ItemKind::Project);
        let known = known.filter(|item| item.deleted.is_none() && item.reach.may_be_shown());
        let known = known.ok_or(Problem::Missing)?;
        let mut typed = Typed::fresh(ItemKind::Project, home);
        typed.set("parent", parent.to_string());
        typed.set("title", known.title);
        typed.set("state", "idea");
        return Ok((ItemKind::Project, typed));
    }
    let kind = wanted.kind().unwrap_or(ItemKind::Call);
    let mut typed = Typed::fresh(kind, home);
    if let Ok(about) = wanted.about.parse::<ItemId>() {
        typed.set("about", about.to_string());
    }
    Ok((kind, typed))
}

fn show(web: &Web, home: &AssociationSeen, id: DraftId, form: Written, kept: bool) -> Answer {
    let handle = &home.actor.handle;
    let leads = |kind: ItemKind| format!("/desk/new/{id}?for={handle}&kind={}", kind.word());
    let kinds = [
        (ItemKind::Call, "Hands", "a call that people answer"),
        (ItemKind::Event, "A date", "an event to come to"),
        (ItemKind::Project, "Something we make", "a project others can see"),
        (ItemKind::Update, "Only news", "about what is pinned already"),
    ];
    draw(&FormPage {
        frame: Frame::new(web, "What do you need?").secret().with(Sheet::Desk),
        by: Pinner::new(&home.actor),
        handle: handle.clone(),
        path: format!("/desk/new/{id}"),
        kinds: kinds.map(|(kind, words, hint)| (kind, words, hint, leads(kind))).into(),
        kept,
        form,
    })
}

/// Keeps the draft, then shows how others will see it, or what needs another look.
async fn keep(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    Named(id): Named<DraftId>,
    fields: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Answer {
    let Form(fields) = fields?;
    let (typed, rows, by) = (Typed(fields), web.rows(), By::person(person.id));
    let home = super::my_association(&rows, &person, typed.get("for")).await?;
    let kind = ItemKind::parse(typed.get("kind")).ok_or(Problem::Unreadable)?;
    let apart = ["for", "kind", "do"];
    let kept = typed.0.iter().filter(|(name, _)| !apart.contains(&name.as_str())).cloned().collect();
    let form = drafts::Form { home: home.actor.id, kind, title: title(&typed), fields: kept };
    match drafts::keep(&web.app, &by, id, form).await {
        Ok(_) => {}
        Err(folkmoot_app::Error::Refused(Refusal::Over("published"))) => {
            return Ok(Redirect::to(&format!("/desk/new/{id}")).into_response());
        }
        Err(error) => return again(&web, &home, id, kind, typed, error).await,
    }
    if typed.get("do") == "keep" {
        return Ok(Redirect::to("/desk").into_response());
    }
    match previews::rehearsed(&web, &by, &home, id, kind, &typed).await {
        Ok(_) => Ok(Redirect::to(&format!("/desk/new/{id}/preview")).into_response()),
        Err(error) => again(&web, &home, id, kind, typed, error).await,
    }
}

/// What a draft is called in a list: its title, or how it begins.
fn title(typed: &Typed) -> String {
    let begins = if typed.has("title") { typed.get("title") } else { typed.get("text") };
    begins.chars().take(120).collect()
}

async fn again(
    web: &Web,
    home: &AssociationSeen,
    id: DraftId,
    kind: ItemKind,
    typed: Typed,
    error: folkmoot_app::Error,
) -> Answer {
    let mut form = Written::new(&web.rows(), home, kind, typed).await?;
    form.wrong = Some(Wrong::of(error)?);
    show(web, home, id, form, true).map(forms::again)
}

async fn preview(State(web): State<Web>, SignedIn(person): SignedIn, Named(id): Named<DraftId>) -> Answer {
    let by = By::person(person.id);
    let draft = drafts::find(&web.app, &by, id).await?;
    if let Some(item) = draft.item {
        return Ok(Redirect::to(&published_at(item)).into_response());
    }
    let home = associations::seen(&web.rows(), draft.home).await?.ok_or(Problem::Missing)?;
    let typed = Typed(draft.fields);
    match previews::rehearsed(&web, &by, &home, id, draft.kind, &typed).await {
        Ok(seen) => previews::show(&web, &home, id, &seen),
        // Its time may be over by now.
        Err(error) => again(&web, &home, id, draft.kind, typed, error).await,
    }
}

/// Publishes it. Twice is once.
async fn publish(State(web): State<Web>, SignedIn(person): SignedIn, Named(id): Named<DraftId>) -> Answer {
    let by = By::person(person.id);
    let draft = drafts::find(&web.app, &by, id).await?;
    if let Some(item) = draft.item {
        return Ok(Redirect::to(&published_at(item)).into_response());
    }
    let home = associations::seen(&web.rows(), draft.home).await?.ok_or(Problem::Missing)?;
    let typed = Typed(draft.fields);
    let content = typed.content(draft.kind, &home.association.time_zone());
    let done = match content {
        Ok(content) => drafts::publish(&web.app, &by, id, content).await,
        Err(refusal) => Err(refusal.into()),
    };
    match done {
        Ok(item) => Ok(Redirect::to(&published_at(item)).into_response()),
        Err(error) => again(&web, &home, id, draft.kind, typed, error).await,
    }
}

async fn throw_away(State(web): State<Web>, SignedIn(person): SignedIn, Named(id): Named<DraftId>) -> Answer {
    match drafts::throw_away(&web.app, &By::person(person.id), id).await {
        // Twice is once; and a form that was never kept has nothing to throw away.
        Ok(()) | Err(folkmoot_app::Error::Refused(Refusal::Unknown(_))) => {
            Ok(Redirect::to("/desk").into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn published_at(item: ItemId) -> String {
    format!("/desk/items/{item}/published")
}
