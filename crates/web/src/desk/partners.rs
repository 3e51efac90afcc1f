//! Roles in projects: offered, answered, ended; and ideas that are taken up.

use askama::Template;
use axum::{
    Form, Router,
    extract::{Query, State, rejection::FormRejection},
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use folkmoot_app::{By, adoptions, partnerships};
use folkmoot_domain::{
    ItemId, PartnershipId, Refusal,
    adoptions::{AdoptionSeen, AdoptionState},
    associations::AssociationSeen,
    items::{Item, ItemKind},
    partnerships::{PartnershipSeen, PartnershipState},
};
use folkmoot_storage::{Rows, items};
use serde::Deserialize;

use crate::{
    Web,
    assets::Sheet,
    forms::{self, Wrong},
    frame::{Answer, Frame, draw},
    paths::Named,
    problems::Problem,
    rows::By as Pinner,
    sessions::SignedIn,
    words,
};

use super::written::Typed;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/desk/partners", get(page))
        .route("/desk/partners/new", get(form).post(offer))
        .route("/desk/partners/{id}", post(answer))
        .route("/desk/adoptions/{id}", post(judge))
        .route("/desk/adopt", get(adopt))
}

/// One partnership as the desk shows it.
pub(crate) struct Shown {
    pub action: String,
    /// The other side.
    pub other: Pinner,
    pub role: String,
    pub project: String,
    pub path: String,
    /// What the partner wrote.
    pub words: String,
    /// What the home answered.
    pub answer: String,
    pub when: String,
    pub state: PartnershipState,
}

/// A project elsewhere that takes up one of ours.
pub(crate) struct Taken {
    pub action: String,
    pub by: Option<Pinner>,
    pub title: String,
    pub page: String,
    pub ours: String,
    pub state: AdoptionState,
}

/// One of my associations with all of it.
pub(crate) struct Together {
    pub by: Pinner,
    pub handle: String,
    /// Offers to answer.
    pub waiting: Vec<Shown>,
    /// Who takes part in its projects.
    pub partners: Vec<Shown>,
    /// What it offered, and takes part in.
    pub taken: Vec<Shown>,
    pub over: Vec<Shown>,
    pub adoptions: Vec<Taken>,
}

#[derive(Template)]
#[template(path = "desk/partners.html")]
struct PartnersPage {
    frame: Frame,
    mine: Vec<Together>,
}

async fn page(State(web): State<Web>, SignedIn(person): SignedIn) -> Answer {
    let (rows, by) = (web.rows(), By::person(person.id));
    let mut mine = Vec::new();
    for seen in super::organised(&rows, &person).await? {
        mine.push(Together::read(&web, &by, &seen).await?);
    }
    draw(&PartnersPage { frame: Frame::new(&web, "Doing things together").secret().with(Sheet::Desk), mine })
}

impl Together {
    async fn read(web: &Web, by: &By, seen: &AssociationSeen) -> Result<Self, Problem> {
        use PartnershipState::{Accepted, Offered};

        let id = seen.actor.id;
        let all = partnerships::of(&web.app, by, id).await?;
        let pick = |wanted: &dyn Fn(&PartnershipSeen) -> bool| {
            all.iter().filter(|one| wanted(one)).map(|one| shown(web, seen, one)).collect::<Vec<_>>()
        };
        let adoptions = adoptions::of(&web.app, by, id).await?;
        Ok(Self {
            by: Pinner::new(&seen.actor),
            handle: seen.actor.handle.clone(),
            waiting: pick(&|one| one.home.id == id && one.partnership.state == Offered),
            partners: pick(&|one| one.home.id == id && one.partnership.state == Accepted),
            taken: pick(&|one| one.partner.id == id && one.partnership.state.is_alive()),
            over: pick(&|one| !one.partnership.state.is_alive()),
            adoptions: adoptions.iter().map(taken).collect(),
        })
    }

    pub(crate) fn is_empty(&self) -> bool {
        let lists = [&self.waiting, &self.partners, &self.taken, &self.over];
        lists.iter().all(|list| list.is_empty()) && self.adoptions.is_empty()
    }
}

fn shown(web: &Web, mine: &AssociationSeen, seen: &PartnershipSeen) -> Shown {
    let partnership = &seen.partnership;
    let other = if seen.home.id == mine.actor.id { &seen.partner } else { &seen.home };
    Shown {
        action: format!("/desk/partners/{}", partnership.id),
        other: Pinner::new(other),
        role: partnership.role.clone(),
        project: if seen.project.deleted.is_some() {
            "a project that was deleted".into()
        } else {
            seen.project.title.clone()
        },
        path: page_of(&seen.project, seen.home.local),
        words: partnership.words.clone(),
        answer: partnership.answer.clone(),
        when: words::day(partnership.offered, web.now(), &mine.association.time_zone()),
        state: partnership.state,
    }
}

fn page_of(item: &Item, local: bool) -> String {
    if local { format!("/{}/{}", item.kind.plural(), item.id) } else { item.page.to_string() }
}

fn taken(seen: &AdoptionSeen) -> Taken {
    let id = seen.child.item.map(|id| id.to_string()).unwrap_or_default();
    Taken {
        action: format!("/desk/adoptions/{id}"),
        by: seen.child.home.as_ref().map(Pinner::new),
        title: seen.child.title.clone(),
        page: seen.child.page.to_string(),
        ours: seen.parent.title.clone(),
        state: seen.state,
    }
}

/// What an address names: the project.
#[derive(Debug, Default, Deserialize)]
struct Wanted {
    #[serde(default)]
    project: String,
    #[serde(default, rename = "for")]
    home: String,
}

#[derive(Template)]
#[template(path = "desk/partner.html")]
struct OfferPage {
    frame: Frame,
    title: String,
    language: String,
    path: String,
    home: Pinner,
    /// My associations that can offer: handle and name.
    mine: Vec<(String, String)>,
    project: ItemId,
    typed: Typed,
    wrong: Option<Wrong>,
}

impl OfferPage {
    fn v(&self, name: &str) -> &str {
        self.typed.get(name)
    }

    fn why(&self, field: &str) -> Option<&str> {
        Wrong::at(&self.wrong, field)
    }
}

/// A project that somebody may see, here or kept from elsewhere.
async fn project(rows: &Rows<'_>, id: &str) -> Result<Item, Problem> {
    let id: ItemId = id.parse().map_err(|_| Problem::Missing)?;
    let item = items::find(rows, id).await?;
    let seen =
        |item: &Item| item.kind == ItemKind::Project && item.deleted.is_none() && item.reach.may_be_shown();
    item.filter(seen).ok_or(Problem::Missing)
}

async fn form(State(web): State<Web>, SignedIn(person): SignedIn, Query(wanted): Query<Wanted>) -> Answer {
    let item = project(&web.rows(), &wanted.project).await?;
    let mine = super::organised(&web.rows(), &person).await?;
    draw(&offering(&web, &item, &mine, Typed::default(), None).await?)
}

async fn offering(
    web: &Web,
    item: &Item,
    mine: &[AssociationSeen],
    typed: Typed,
    wrong: Option<Wrong>,
) -> Result<OfferPage, Problem> {
    let home = folkmoot_storage::actors::find(&web.rows(), item.home).await?.ok_or(Problem::Missing)?;
    let mine = mine.iter().filter(|seen| seen.actor.id != item.home);
    Ok(OfferPage {
        frame: Frame::new(web, "Take a part in this").secret().with(Sheet::Desk),
        title: item.title.clone(),
        language: item.language.as_str().to_owned(),
        path: page_of(item, home.local),
        home: Pinner::new(&home),
        mine: mine.map(|seen| (seen.actor.handle.clone(), seen.actor.name.clone())).collect(),
        project: item.id,
        typed,
        wrong,
    })
}

async fn offer(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    fields: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Answer {
    let Form(fields) = fields?;
    let (typed, rows) = (Typed(fields), web.rows());
    let item = project(&rows, typed.get("project")).await?;
    let partner = super::my_association(&rows, &person, typed.get("for")).await?;
    let (by, role, said) = (By::person(person.id), typed.get("role"), typed.get("words"));
    match partnerships::offer(&web.app, &by, partner.actor.id, item.id, role, said).await {
        Ok(_) => Ok(Redirect::to("/desk/partners").into_response()),
        Err(error) => {
            let wrong = Some(Wrong::of(error)?);
            let mine = super::organised(&rows, &person).await?;
            draw(&offering(&web, &item, &mine, typed, wrong).await?).map(forms::again)
        }
    }
}

/// What is said to an offer, or about what holds.
#[derive(Deserialize)]
struct Said {
    answer: Yes,
    #[serde(default)]
    words: String,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Yes {
    Accepted,
    Declined,
    Ended,
}

async fn answer(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    Named(id): Named<PartnershipId>,
    form: Result<Form<Said>, FormRejection>,
) -> Answer {
    let Form(said) = form?;
    let by = By::person(person.id);
    let done = match said.answer {
        Yes::Ended => partnerships::end(&web.app, &by, id).await,
        yes => partnerships::answer(&web.app, &by, id, yes == Yes::Accepted, &said.words).await.map(drop),
    };
    back(done)
}

#[derive(Deserialize)]
struct Judged {
    answer: Show,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Show {
    Shown,
    Declined,
}

async fn judge(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    Named(id): Named<ItemId>,
    form: Result<Form<Judged>, FormRejection>,
) -> Answer {
    let Form(judged) = form?;
    back(adoptions::judge(&web.app, &By::person(person.id), id, judged.answer == Show::Shown).await)
}

/// What waits at the desks of others is nobody's business: for them there is no such thing. Pressing twice is once.
fn back(done: folkmoot_app::Result<()>) -> Answer {
    match done {
        Ok(()) | Err(folkmoot_app::Error::Refused(Refusal::Over(_))) => {
            Ok(Redirect::to("/desk/partners").into_response())
        }
        Err(folkmoot_app::Error::Refused(Refusal::NotAnOrganiser)) => Err(Problem::Missing),
        Err(error) => Err(error.into()),
    }
}

/// Begins the same idea here: a draft that names the project it takes up.
async fn adopt(State(web): State<Web>, SignedIn(_): SignedIn, Query(wanted): Query<Wanted>) -> Answer {
    let item = project(&web.rows(), &wanted.project).await?;
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("kind", "project").append_pair("parent", &item.id.to_string());
    if !wanted.home.is_empty() {
        query.append_pair("for", &wanted.home);
    }
    Ok(Redirect::to(&format!("/desk/new?{}", query.finish())).into_response())
}
