//! Our own actors at their ids: associations, persons with an account, the instance.

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use folkmoot_app::{App, instance};
use folkmoot_domain::{
    ActorId, Moment,
    actors::{Actor, ActorKind},
};
use folkmoot_storage::{actors, associations, people};
use folkmoot_wire as wire;
use serde_json::Value;

use crate::{door::Here, negotiation, problem::Problem};

type Answer = Result<Response, Problem>;

/// An association.
pub(crate) async fn association(
    State(here): State<Here>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Answer {
    answer(&here.app, living_here(&here.app, ActorKind::Group, &id).await?, &headers).await
}

/// A person with an account here.
pub(crate) async fn person(State(here): State<Here>, Path(id): Path<String>, headers: HeaderMap) -> Answer {
    answer(&here.app, living_here(&here.app, ActorKind::Person, &id).await?, &headers).await
}

/// The instance.
pub(crate) async fn application(State(here): State<Here>, headers: HeaderMap) -> Answer {
    answer(&here.app, instance::actor(&here.app).await?, &headers).await
}

/// The actor with this id and kind that lives here, gone or not. Visitors are nobody's business.
pub(crate) async fn living_here(app: &App, kind: ActorKind, id: &str) -> Result<Actor, Problem> {
    let id: ActorId = id.parse().map_err(|_| Problem::not_found())?;
    let found = actors::find(&app.store.rows(), id).await?;
    let lives = |actor: &Actor| actor.local && actor.kind == kind && !actor.is_visitor();
    found.filter(lives).ok_or_else(Problem::not_found)
}

async fn answer(app: &App, actor: Actor, headers: &HeaderMap) -> Answer {
    if negotiation::prefers_page(headers) {
        return Ok(negotiation::see_page(&actor.page));
    }
    if let Some(at) = actor.gone {
        let tombstone = wire::activities::tombstone(&actor.uri, actor.kind.word(), at);
        return Ok(negotiation::gone(&tombstone));
    }
    Ok(negotiation::document(&described(app, &actor).await?))
}

/// An actor as it describes itself.
async fn described(app: &App, actor: &Actor) -> Result<Value, Problem> {
    let (rows, addresses) = (app.store.rows(), &app.addresses);
    match actor.kind {
        ActorKind::Group => {
            let seen = associations::seen(&rows, actor.id).await?.ok_or_else(Problem::not_found)?;
            Ok(wire::actors::group(&seen, addresses))
        }
        ActorKind::Person => {
            let person = people::find(&rows, actor.id).await?.ok_or_else(Problem::not_found)?;
            Ok(wire::actors::person(actor, addresses, person.since))
        }
        _ => Ok(wire::actors::application(actor, addresses, born(actor))),
    }
}

/// When an actor of ours came to be: its id says so (RFC 9562 5.7).
fn born(actor: &Actor) -> Moment {
    let (seconds, nanoseconds) = actor.id.0.get_timestamp().map_or((0, 0), |at| at.to_unix());
    let milliseconds = i64::try_from(seconds).unwrap_or_default().saturating_mul(1_000);
    Moment(milliseconds.saturating_add(i64::from(nanoseconds / 1_000_000)))
}
