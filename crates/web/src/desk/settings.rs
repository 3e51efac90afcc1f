//! What an association says of itself, to be changed; and its end.

use askama::Template;
use axum::{
    Form, Router,
    extract::{State, rejection::FormRejection},
    response::{IntoResponse, Redirect},
    routing::get,
};
use folkmoot_app::{
    By, Error,
    associations::{self, Changes},
};
use folkmoot_domain::{Refusal, associations::AssociationSeen, papers::Paper, text::Handle};

use super::{
    founding::{self, Presented},
    written::Typed,
};
use crate::{
    Web,
    assets::Sheet,
    forms::{self, Wrong},
    frame::{Answer, Frame, draw},
    paths::Named,
    rows::By as Pinner,
    sessions::SignedIn,
};

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/desk/@{handle}/settings", get(page).post(change))
        .route("/desk/@{handle}/close", get(ending).post(close))
}

#[derive(Template)]
#[template(path = "desk/settings.html")]
struct SettingsPage {
    frame: Frame,
    by: Pinner,
    handle: String,
    form: Presented,
}

fn typed(seen: &AssociationSeen) -> Typed {
    let (actor, association) = (&seen.actor, &seen.association);
    let mut typed = Typed::default();
    for (name, value) in [
        ("name", actor.name.as_str()),
        ("handle", actor.handle.as_str()),
        ("kind", association.kind.word()),
        ("about", association.about.as_str()),
        ("language", association.language.as_str()),
        ("zone", association.zone.as_str()),
        ("paper", actor.paper().word()),
        ("joining", association.joining.as_str()),
        ("safeguarding", association.safeguarding.as_str()),
    ] {
        typed.set(name, value);
    }
    for (number, cause) in (1..).zip(&seen.battles) {
        typed.set(&format!("battle-{number}"), &cause.tag);
    }
    if let Some(place) = &association.place {
        typed.set("place", &place.name);
        typed.set("show", place.shown.word());
        if let Some(point) = place.point {
            typed.set("latitude", point.latitude.to_string());
            typed.set("longitude", point.longitude.to_string());
        }
    }
    typed
}

async fn page(State(web): State<Web>, SignedIn(person): SignedIn, Named(handle): Named<String>) -> Answer {
    let seen = super::my_association(&web.rows(), &person, &handle).await?;
    seen.association.must_be_open()?;
    draw(&shown(&web, &seen, typed(&seen), None))
}

fn shown(web: &Web, seen: &AssociationSeen, typed: Typed, wrong: Option<Wrong>) -> SettingsPage {
    let host = format!("@{}", web.app.addresses.host());
    SettingsPage {
        frame: Frame::new(web, "Settings").secret().with(Sheet::Desk),
        by: Pinner::new(&seen.actor),
        handle: seen.actor.handle.clone(),
        form: Presented { typed, wrong, there: true, host },
    }
}

async fn change(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    Named(handle): Named<String>,
    fields: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Answer {
    let Form(fields) = fields?;
    let typed = Typed(fields);
    let seen = super::my_association(&web.rows(), &person, &handle).await?;
    let done = match changes(&seen, &typed) {
        Ok(changes) => associations::change(&web.app, &By::person(person.id), seen.actor.id, changes).await,
        Err(refusal) => Err(Error::Refused(refusal)),
    };
    match done {
        Ok(seen) => Ok(Redirect::to(&format!("/@{}", seen.actor.handle)).into_response()),
        Err(error) => {
            let wrong = Some(Wrong::of(error)?);
            draw(&shown(&web, &seen, typed, wrong)).map(forms::again)
        }
    }
}

/// A handle that stays is not taken anew.
fn changes(seen: &AssociationSeen, typed: &Typed) -> Result<Changes, Refusal> {
    let handle = Handle::parse(typed.get("handle"))?;
    Ok(Changes {
        handle: (handle.as_str() != seen.actor.handle).then_some(handle),
        name: Some(typed.get("name").to_owned()),
        about: Some(typed.get("about").to_owned()),
        place: typed.place()?,
        battles: Some(founding::battles(typed)),
        kind: Some(founding::kind(typed)?),
        language: Some(founding::language(typed)?),
        zone: Some(typed.get("zone").trim().to_owned()),
        paper: Paper::parse(typed.get("paper")),
        joining: Some(typed.get("joining").to_owned()),
        safeguarding: Some(typed.get("safeguarding").to_owned()),
    })
}

#[derive(Template)]
#[template(path = "desk/ending.html")]
struct EndingPage {
    frame: Frame,
    by: Pinner,
    handle: String,
    farewell: String,
    wrong: Option<Wrong>,
}

async fn ending(State(web): State<Web>, SignedIn(person): SignedIn, Named(handle): Named<String>) -> Answer {
    let seen = super::my_association(&web.rows(), &person, &handle).await?;
    seen.association.must_be_open()?;
    draw(&end(&web, &seen, String::new(), None))
}

fn end(web: &Web, seen: &AssociationSeen, farewell: String, wrong: Option<Wrong>) -> EndingPage {
    EndingPage {
        frame: Frame::new(web, "Close this association?").secret(),
        by: Pinner::new(&seen.actor),
        handle: seen.actor.handle.clone(),
        farewell,
        wrong,
    }
}

async fn close(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    Named(handle): Named<String>,
    fields: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Answer {
    let Form(fields) = fields?;
    let typed = Typed(fields);
    let seen = super::my_association(&web.rows(), &person, &handle).await?;
    let farewell = typed.get("farewell").to_owned();
    // The name is typed once more, since nothing brings an association back.
    let sure = typed.get("sure").trim().trim_start_matches('@').eq_ignore_ascii_case(&seen.actor.handle);
    let done = if sure {
        associations::close(&web.app, &By::person(person.id), seen.actor.id, &farewell).await
    } else {
        let says = format!("write {} here, so that nobody closes it by mistake", seen.actor.handle);
        Err(Refusal::field("sure", says).into())
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/@{}", seen.actor.handle)).into_response()),
        Err(error) => {
            let wrong = Some(Wrong::of(error)?);
            draw(&end(&web, &seen, farewell, wrong)).map(forms::again)
        }
    }
}
