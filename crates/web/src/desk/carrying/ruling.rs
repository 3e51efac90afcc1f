//! Rules: "everything from X about #food within 3 km", looked at first or at once; made, and ended.

use askama::Template;
use axum::{
    Form, Router,
    extract::{Query, State, rejection::FormRejection},
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use folkmoot_app::{By, Error, rules};
use folkmoot_domain::{
    ActorId, Refusal, RuleId, actors::Actor, associations::AssociationSeen, items::ItemKind, places::Around,
    rules::Near,
};
use folkmoot_storage::{actors, associations, carries, rules as rule_rows};
use serde::Deserialize;

use super::super::written::Typed;
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

/// How far around its own place an association may look, in kilometres.
const FAR: [u32; 5] = [1, 3, 10, 30, 100];

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/desk/carrying/rules/new", get(page).post(make))
        .route("/desk/carrying/rules/{id}/end", post(end))
}

#[derive(Template)]
#[template(path = "desk/rule.html")]
struct RulePage {
    frame: Frame,
    by: Pinner,
    handle: String,
    /// Whom one can choose: id, name, address, chosen.
    sources: Vec<(String, String, String, bool)>,
    kinds: Vec<(&'static str, &'static str, bool)>,
    /// The name of its own place, when it has a point.
    place: Option<String>,
    far: Vec<(u32, bool)>,
    typed: Typed,
    wrong: Option<Wrong>,
}

impl RulePage {
    fn v(&self, name: &str) -> &str {
        self.typed.get(name)
    }

    fn why(&self, field: &str) -> Option<&str> {
        Wrong::at(&self.wrong, field)
    }
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default, rename = "for")]
    handle: String,
    #[serde(default)]
    from: String,
}

async fn page(State(web): State<Web>, SignedIn(person): SignedIn, Query(asked): Query<Asked>) -> Answer {
    let mine = super::super::organised(&web.rows(), &person).await?;
    let seen = super::chosen(&mine, &asked.handle)?;
    let mut typed = Typed::default();
    typed.set("from", asked.from);
    draw(&shown(&web, seen, typed, None).await?)
}

/// Whom an association may carry from: those it listens to, its neighbours here, and whoever was named.
async fn sources(web: &Web, seen: &AssociationSeen, named: &str) -> Result<Vec<Actor>, Problem> {
    let (rows, own) = (web.rows(), seen.actor.id);
    let mut sources = carries::heard_by(&rows, own).await?;
    let here = associations::list(&rows).await?.into_iter().map(|seen| seen.actor);
    sources.extend(here.filter(|actor| actor.id != own && actor.gone.is_none()));
    if let Ok(named) = named.parse::<ActorId>()
        && sources.iter().all(|known| known.id != named)
    {
        sources.extend(actors::find(&rows, named).await?.filter(|actor| actor.gone.is_none()));
    }
    let mut known = std::collections::HashSet::new();
    sources.retain(|source| known.insert(source.id));
    Ok(sources)
}

async fn shown(
    web: &Web,
    seen: &AssociationSeen,
    typed: Typed,
    wrong: Option<Wrong>,
) -> Result<RulePage, Problem> {
    let sources = sources(web, seen, typed.get("from")).await?;
    let chosen = |name: &str, value: &str| typed.0.iter().any(|(key, known)| key == name && known == value);
    let kinds = ItemKind::ALL.map(|kind| (kind.word(), plural(kind), chosen("kind", kind.word())));
    let place = seen.association.place.as_ref();
    Ok(RulePage {
        frame: Frame::new(web, "A rule for passing things on").secret().with(Sheet::Desk),
        by: Pinner::new(&seen.actor),
        handle: seen.actor.handle.clone(),
        sources: sources
            .iter()
            .map(|actor| {
                let id = actor.id.to_string();
                let chosen = chosen("from", &id);
                (id, Pinner::new(actor).name, actor.address(), chosen)
            })
            .collect(),
        kinds: kinds.to_vec(),
        place: place.filter(|place| place.point.is_some()).map(|place| place.name.clone()),
        far: FAR.map(|far| (far, typed.get("far") == far.to_string())).to_vec(),
        typed,
        wrong,
    })
}

fn plural(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Project => "Projects",
        ItemKind::Call => "Calls",
        ItemKind::Event => "Events",
        ItemKind::Update => "News",
    }
}

async fn make(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    fields: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Answer {
    let Form(fields) = fields?;
    let typed = Typed(fields);
    let mine = super::super::organised(&web.rows(), &person).await?;
    let seen = super::chosen(&mine, typed.get("for"))?;
    let made = match read(seen, &typed) {
        Ok((source, draft)) => {
            rules::make(&web.app, &By::person(person.id), seen.actor.id, source, draft).await
        }
        Err(refusal) => Err(Error::Refused(refusal)),
    };
    match made {
        Ok(_) => {
            let path = format!("/desk/carrying?for={}#rules", seen.actor.handle);
            Ok(Redirect::to(&path).into_response())
        }
        Err(error) => {
            let wrong = Some(Wrong::of(error)?);
            draw(&shown(&web, seen, typed, wrong).await?).map(forms::again)
        }
    }
}

/// What was chosen, as a rule.
fn read(seen: &AssociationSeen, typed: &Typed) -> Result<(ActorId, rules::Draft), Refusal> {
    let source = typed.get("from").parse();
    let source = source.map_err(|_| Refusal::field("from", "choose from whom to pass things on"))?;
    let kinds = typed.0.iter().filter(|(name, _)| name == "kind").map(|(_, value)| {
        ItemKind::parse(value).ok_or_else(|| Refusal::field("kind", "choose from the list"))
    });
    let near = match typed.get("far").parse::<u32>() {
        Ok(far) if FAR.contains(&far) => {
            let place = seen.association.place.as_ref();
            let near = place.and_then(|place| Some((place.name.clone(), place.point?)));
            let (name, point) =
                near.ok_or_else(|| Refusal::field("far", "your association has no place on the map"))?;
            Some(Near { name, around: Around { point, metres: far * 1_000 } })
        }
        _ => None,
    };
    let draft = rules::Draft {
        kinds: kinds.collect::<Result<_, _>>()?,
        cause: Some(typed.get("cause").trim().to_owned()).filter(|cause| !cause.is_empty()),
        near,
        review: typed.get("review") != "no",
    };
    Ok((source, draft))
}

#[derive(Deserialize)]
struct Ended {
    #[serde(default)]
    carries: String,
}

async fn end(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    Named(id): Named<RuleId>,
    form: Result<Form<Ended>, FormRejection>,
) -> Answer {
    let Form(ended) = form?;
    let rule = rule_rows::living(&web.rows(), id).await?.ok_or(Problem::Missing)?;
    let by = By::person(person.id);
    rules::end(&web.app, &by, id, ended.carries == "yes").await.map_err(super::not_mine)?;
    super::back(&web, &person, rule.carrier).await
}
