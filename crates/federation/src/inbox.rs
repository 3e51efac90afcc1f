//! The inbox: from a request to a stored activity and a 202, cheapest step first, each of which ends it.
//!
//! What can be told without asking anybody is [`crate::guard`]'s. Then: is its server blocked, has its domain
//! sent too much, is it here already, is there anything it could concern, whose key is it. Only then is it
//! stored, and only what is stored is answered with 202 (ActivityPub 7.1). What it means is seen later, in
//! [`crate::arrivals`]. Start at [`receive`].

#[cfg(test)]
mod tests;

use std::{error::Error, time::Duration};

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use folkmoot_app::{arrivals, blocks};
use folkmoot_domain::actors::ActorKind;
use folkmoot_storage::{
    actors,
    arrivals::{Arrival, is_known},
};
use http_body_util::LengthLimitError;

use crate::{
    door::Here,
    guard::{Checked, LARGEST_ACTIVITY, Refused},
    key_book,
    problem::Problem,
    signatures::BodyDigest,
};

/// Longest time a peer may take to send a body.
const BODY_TIME: Duration = Duration::from_secs(30);

/// Verbs that set or clear a state. Real servers send the same words under the same id when somebody does the
/// same thing again, so only the very same signed request is a replay; the state decides the rest.
const STATES: [&str; 6] = ["Follow", "Like", "EmojiReact", "Announce", "Block", "Undo"];

/// Takes a delivery to the shared inbox or the instance's own.
pub(crate) async fn receive(State(here): State<Here>, request: Request) -> Response {
    answer(take(&here, request, None).await)
}

/// Takes a delivery to the inbox of an association.
pub(crate) async fn receive_for_association(
    State(here): State<Here>,
    axum::extract::Path(id): axum::extract::Path<String>,
    request: Request,
) -> Response {
    answer(take(&here, request, Some((ActorKind::Group, id))).await)
}

/// Takes a delivery to the inbox of a person.
pub(crate) async fn receive_for_person(
    State(here): State<Here>,
    axum::extract::Path(id): axum::extract::Path<String>,
    request: Request,
) -> Response {
    answer(take(&here, request, Some((ActorKind::Person, id))).await)
}

fn answer(taken: Result<(), Problem>) -> Response {
    match taken {
        Ok(()) => StatusCode::ACCEPTED.into_response(),
        Err(problem) => {
            tracing::debug!(status = problem.status().as_u16(), "a delivery was not taken");
            problem.into_response()
        }
    }
}

async fn take(here: &Here, request: Request, owner: Option<(ActorKind, String)>) -> Result<(), Problem> {
    let (parts, body) = request.into_parts();
    let body = read(body).await?;
    let now = here.app.now();
    let checked = here.door.guard.check(&parts, &body, now.0)?;
    if let Some((kind, id)) = owner {
        lives_here(here, kind, &id).await?;
    }
    may_send(here, checked.envelope.actor.host()).await?;
    let digest = replay_key(&checked);
    if is_known(&here.app.store.rows(), checked.envelope.id.as_str(), &digest).await? {
        return Ok(());
    }
    // KEY-10: when somebody we never heard of is gone, nothing is here that could go with them.
    if checked.envelope.deletes_its_actor() && !is_somebody(here, &checked).await? {
        return Ok(());
    }
    key_book::verify(here, &checked).await?;
    here.door.arrivals().spend(checked.envelope.actor.host(), now);
    store(here, checked, digest).await
}

async fn read(body: Body) -> Result<Bytes, Problem> {
    let reading = tokio::time::timeout(BODY_TIME, to_bytes(body, LARGEST_ACTIVITY));
    let read = reading
        .await
        .map_err(|_| Refused::new(StatusCode::REQUEST_TIMEOUT, "the body took too long to arrive"))?;
    Ok(read.map_err(|fault| {
        if fault.source().is_some_and(<dyn Error>::is::<LengthLimitError>) {
            Refused::new(StatusCode::PAYLOAD_TOO_LARGE, "an activity may have at most 1 MiB")
        } else {
            Refused::new(StatusCode::BAD_REQUEST, "the body broke off")
        }
    })?)
}

/// An inbox belongs to somebody who lives here.
async fn lives_here(here: &Here, kind: ActorKind, id: &str) -> Result<(), Problem> {
    let id = id.parse().map_err(|_| Problem::not_found())?;
    let owner = actors::find(&here.app.store.rows(), id).await?;
    let lives = owner.is_some_and(|owner| owner.local && owner.kind == kind && !owner.is_visitor());
    if lives { Ok(()) } else { Err(Problem::not_found()) }
}

/// Before anything is looked up: its server is not blocked, and its domain has not sent too much.
async fn may_send(here: &Here, host: &str) -> Result<(), Problem> {
    if blocks::is_blocked(&here.app, host).await? {
        return Err(Refused::new(StatusCode::FORBIDDEN, "your server is blocked here").into());
    }
    match here.door.arrivals().wait(host, here.app.now()) {
        Some(seconds) => {
            let reason = "your domain has sent too much just now";
            Err(Problem::later(StatusCode::TOO_MANY_REQUESTS, reason, seconds))
        }
        None => Ok(()),
    }
}

async fn is_somebody(here: &Here, checked: &Checked) -> Result<bool, Problem> {
    let known = actors::by_uri(&here.app.store.rows(), checked.envelope.actor.url().as_str()).await?;
    Ok(known.is_some_and(|known| known.gone.is_none()))
}

/// What makes an arrival the same one again: its id, and these words about its body. Ids alone are used again
/// for other bodies.
fn replay_key(checked: &Checked) -> String {
    let body = checked.digest.header();
    if STATES.contains(&checked.envelope.kind.as_str()) {
        format!("{body} {}", BodyDigest::of(&checked.signature.signature).header())
    } else {
        body
    }
}

async fn store(here: &Here, checked: Checked, digest: String) -> Result<(), Problem> {
    let body = String::from_utf8(checked.body.to_vec())
        .map_err(|_| Refused::new(StatusCode::BAD_REQUEST, "the body is not UTF-8"))?;
    let arrival = Arrival {
        id: here.app.id(),
        activity: checked.envelope.id.as_str().to_owned(),
        digest,
        actor: checked.envelope.actor.url().to_string(),
        verb: checked.envelope.kind,
        body,
        attempts: 0,
        received: here.app.now(),
    };
    arrivals::store(&here.app, &arrival).await?;
    Ok(())
}
