//! How the move of an association to another server stands, and what to do next. Moving itself is done at the command
//! lines of the two servers, by whoever runs them: files with personal data do not pass through a browser.

use askama::Template;
use axum::{Router, extract::State, routing::get};
use folkmoot_app::moves::{self, Status};
use folkmoot_domain::{associations::AssociationSeen, moves::MoveState};

use crate::{
    Web,
    frame::{Answer, Frame, draw},
    paths::Named,
    rows::By as Pinner,
    sessions::SignedIn,
    words,
};

pub(super) fn routes() -> Router<Web> {
    Router::new().route("/desk/@{handle}/move", get(page))
}

#[derive(Template)]
#[template(path = "desk/moving.html")]
struct MovingPage {
    frame: Frame,
    by: Pinner,
    handle: String,
    /// Its id: what the new one must name.
    uri: String,
    /// How it stands, in a sentence.
    stands: String,
    /// Where it goes, as soon as that is known.
    target: Option<String>,
    told: bool,
    /// Where it came from, when it was brought here.
    came: Option<String>,
}

async fn page(State(web): State<Web>, SignedIn(person): SignedIn, Named(handle): Named<String>) -> Answer {
    let seen = super::my_association(&web.rows(), &person, &handle).await?;
    let status = moves::status(&web.app, seen.actor.id).await?;
    let moving = status.moving.as_ref();
    draw(&MovingPage {
        frame: Frame::new(&web, "Move to another server").secret(),
        by: Pinner::new(&seen.actor),
        handle: seen.actor.handle.clone(),
        uri: seen.actor.uri.to_string(),
        stands: stands(&web, &seen, &status),
        target: moving.and_then(|moving| moving.target.as_ref()).map(ToString::to_string),
        told: moving.is_some_and(|moving| moving.state == MoveState::Told),
        came: status.import.map(|import| import.source),
    })
}

fn stands(web: &Web, seen: &AssociationSeen, status: &Status) -> String {
    let zone = seen.association.time_zone();
    let Some(moving) = &status.moving else {
        return "It lives here, and no move has begun.".to_owned();
    };
    let day = |at| words::day(at, web.now(), &zone);
    match moving.state {
        MoveState::Packed => format!("It was packed {}. Nobody else knows yet.", day(moving.begun)),
        MoveState::Pointed => {
            "It is known where it goes, and the new one names this one. Nobody else knows yet.".to_owned()
        }
        MoveState::Told => {
            let followers = match status.followers {
                0 => "Nobody follows it here any more.".to_owned(),
                1 => "One follower is here still.".to_owned(),
                many => {
                    format!("{many} followers are here still; their servers move them when they hear of it.")
                }
            };
            let told = moving.told.unwrap_or(moving.begun);
            format!("Everyone was told {}. Nothing can be changed here. {followers}", day(told))
        }
        MoveState::Undone => {
            format!("A move was undone {}. It lives here.", day(moving.ended.unwrap_or(moving.begun)))
        }
    }
}
