//! The collections under an id: outbox, followers, following, featured, replies.
//!
//! Pages go by id, so that no answer grows with what is stored. Who follows is told to nobody, how many is.

use axum::{
    extract::{OriginalUri, Path, State},
    http::Uri,
    response::Response,
};
use folkmoot_app::{App, affiliations, instance};
use folkmoot_domain::{
    ActivityId,
    actors::{Actor, ActorKind},
    items::ItemKind,
};
use folkmoot_storage::{activities, actors as actor_rows, associations, items};
use folkmoot_wire::collections as wire;
use serde_json::Value;
use url::Url;

use crate::{actors, door::Here, negotiation, objects, problem::Problem};

type Answer = Result<Response, Problem>;

/// How many activities stand on one page of an outbox.
const PAGE: u64 = 20;

/// A collection of an association.
pub(crate) async fn of_association(
    State(here): State<Here>,
    Path((id, name)): Path<(String, String)>,
    OriginalUri(asked): OriginalUri,
) -> Answer {
    of(&here.app, actors::living_here(&here.app, ActorKind::Group, &id).await?, &name, &asked).await
}

/// A collection of a person.
pub(crate) async fn of_person(
    State(here): State<Here>,
    Path((id, name)): Path<(String, String)>,
    OriginalUri(asked): OriginalUri,
) -> Answer {
    of(&here.app, actors::living_here(&here.app, ActorKind::Person, &id).await?, &name, &asked).await
}

/// A collection of the instance.
pub(crate) async fn of_instance(
    State(here): State<Here>,
    Path(name): Path<String>,
    OriginalUri(asked): OriginalUri,
) -> Answer {
    of(&here.app, instance::actor(&here.app).await?, &name, &asked).await
}

async fn of(app: &App, actor: Actor, name: &str, asked: &Uri) -> Answer {
    if actor.gone.is_some() {
        return Err(Problem::not_found());
    }
    let id = app.addresses.under(&actor.uri, name);
    let (followers, published) = actor_rows::counts(&app.store.rows(), actor.id).await?;
    let value = match name {
        "outbox" => outbox(app, &actor, &id, published, asked).await?,
        "followers" => wire::followers(&id, followers),
        // Connections are private; we follow nobody for show.
        "following" => wire::counted("OrderedCollection", &id, 0),
        "featured" if actor.kind == ActorKind::Group => wire::featured(&id, pinned(app, &actor).await?),
        "collections" if actor.kind == ActorKind::Group => {
            folkmoot_wire::affiliations::featured_collections(&id, &actor)
        }
        "featured-affiliates" if actor.kind == ActorKind::Group => {
            folkmoot_wire::affiliations::featured(&actor, &affiliations::shown(app, actor.id).await?)
        }
        "affiliates" if actor.kind == ActorKind::Group => {
            folkmoot_wire::affiliations::collection(&id, &affiliations::shown(app, actor.id).await?)
        }
        _ => return Err(Problem::not_found()),
    };
    Ok(negotiation::document(&value))
}

/// The outbox (ActivityPub 5.1), or one page of it: `?page=1` is the first, `?before=<id>` those before one.
async fn outbox(app: &App, actor: &Actor, id: &Url, published: i64, asked: &Uri) -> Result<Value, Problem> {
    let query: Vec<(String, String)> =
        url::form_urlencoded::parse(asked.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let page = |query: &str| {
        let mut page = id.clone();
        page.set_query(Some(query));
        page
    };
    let said = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let (this, before) = match (said("before"), said("page")) {
        (Some(before), _) => {
            let before: ActivityId = before.parse().map_err(|_| Problem::not_found())?;
            (page(&format!("before={before}")), Some(before))
        }
        (None, Some(_)) => (page("page=1"), None),
        (None, None) => return Ok(wire::outbox(id, published, &page("page=1"))),
    };
    let found = activities::outbox(&app.store.rows(), actor.id, before, PAGE).await?;
    let last = found.last().map(|said| said.id).filter(|_| found.len() as u64 == PAGE);
    let mut shown = Vec::with_capacity(found.len());
    for said in found {
        if let Some(said) = objects::readable(app, Some(said)).await? {
            shown.extend(serde_json::from_str(&said.body).ok());
        }
    }
    let next = last.map(|last| page(&format!("before={last}")));
    Ok(wire::outbox_page(&this, id, shown, next.as_ref()))
}

/// The welcome of an association, once it was said.
async fn pinned(app: &App, actor: &Actor) -> Result<Vec<Value>, Problem> {
    let rows = app.store.rows();
    let Some(welcome) = associations::welcome(&rows, actor.id).await? else { return Ok(Vec::new()) };
    let said = activities::by_note(&rows, welcome).await?;
    let said = objects::readable(app, said).await?;
    Ok(said.as_ref().and_then(objects::said_object).into_iter().collect())
}

/// A collection of an item: the replies that are shown, and how many like or boosted it.
pub(crate) async fn of_item(
    kind: ItemKind,
    State(here): State<Here>,
    Path((id, name)): Path<(String, String)>,
    OriginalUri(asked): OriginalUri,
) -> Answer {
    let item = objects::published(&here.app, kind, &id).await?;
    let seen = items::seen(&here.app.store.rows(), item.id).await?.ok_or_else(Problem::not_found)?;
    let id = here.app.addresses.under(&item.uri, &name);
    let value = match name.as_str() {
        "replies" => {
            let mut whole = wire::replies(&id, &seen.replies, seen.reply_count);
            if asked.query().is_some() {
                whole.get_mut("first").map(Value::take).unwrap_or_default()
            } else {
                whole
            }
        }
        "likes" => wire::counted("Collection", &id, seen.likes),
        "shares" => wire::counted("Collection", &id, seen.boosts),
        _ => return Err(Problem::not_found()),
    };
    Ok(negotiation::document(&value))
}
