//! `folkmoot association`: found, list, show, change, close.

use folkmoot_app::{
    App, By,
    associations::{self, Changes},
};
use folkmoot_domain::{
    Refusal,
    associations::{AssociationSeen, Founding},
    causes::Cause,
    places::Place,
    text::Handle,
};
use serde_json::{Value, json};

use super::{Answers, answers::sheet, asking, enrolling, finding};
use crate::cli::{Associations, Changing, Founding as Asked, PlaceArguments};

/// Does what was asked.
pub async fn run(
    what: Associations,
    app: &App,
    somebody_there: bool,
    answers: &mut Answers<'_>,
) -> anyhow::Result<()> {
    match what {
        Associations::Found(asked) => found(asked, app, answers).await,
        Associations::List => list(app, answers).await,
        Associations::Show { handle } => show(&handle, app, answers).await,
        Associations::Change(changing) => change(changing, app, answers).await,
        Associations::Close { handle, farewell, yes } => {
            let seen = finding::association(app, &handle).await?;
            let question = format!("Close {} for good? This cannot be undone", seen.actor.name);
            asking::sure(&question, yes, somebody_there)?;
            associations::close(app, &By::operator(), seen.actor.id, &farewell).await?;
            let seen = associations::seen(app, seen.actor.id).await?;
            answers.thing(
                format!("{} is closed. Its followers hear the farewell.", seen.actor.name),
                &object(&seen),
            )?;
            Ok(())
        }
    }
}

async fn found(asked: Asked, app: &App, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let (organiser, email) = (asked.organiser.clone(), asked.email.clone());
    // Looked at before anybody gets an account for it.
    let founding = founding(asked)?.check()?;
    let organiser = enrolling::enrol(app, &organiser, &email).await?;
    let seen = associations::found(app, &By::operator(), founding, Some(organiser.id)).await?;
    let next = format!(
        "Next: search for {} on any Mastodon server and follow it. `folkmoot sign-in-link {email}` lets {} in.",
        seen.actor.address(),
        organiser.name
    );
    answers.thing(words(&seen), &object(&seen))?;
    answers.word(next)?;
    Ok(())
}

fn founding(asked: Asked) -> Result<Founding, Refusal> {
    Ok(Founding {
        handle: asked.handle,
        name: asked.name,
        about: asked.about,
        kind: asked.kind,
        language: asked.language,
        zone: asked.timezone.name().to_owned(),
        place: place(&asked.place)?,
        battles: asked.causes,
        paper: asked.paper,
        joining: asked.joining,
        safeguarding: asked.safeguarding,
        sample: false,
    })
}

fn place(asked: &PlaceArguments) -> Result<Option<Place>, Refusal> {
    let point = asked.latitude.zip(asked.longitude);
    let place = asked.place.as_deref().map(|name| Place::parse(name, point, asked.show));
    place.transpose()
}

async fn list(app: &App, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let found = folkmoot_storage::associations::list(&app.store.rows()).await?;
    if found.is_empty() {
        answers.word("No association lives here yet. Next: folkmoot association found --help")?;
    }
    let width = found.iter().map(|seen| seen.actor.address().chars().count()).max().unwrap_or_default();
    for seen in found {
        let sample = if seen.association.sample { "  (sample)" } else { "" };
        let line = format!("{:width$}  {}{sample}", seen.actor.address(), seen.actor.name);
        answers.thing(line, &object(&seen))?;
    }
    Ok(())
}

async fn show(handle: &Handle, app: &App, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let seen = finding::association(app, handle).await?;
    answers.thing(words(&seen), &object(&seen))?;
    Ok(())
}

async fn change(asked: Changing, app: &App, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let seen = finding::association(app, &asked.handle).await?;
    let changes = Changes {
        handle: asked.new_handle,
        name: asked.name,
        about: asked.about,
        place: place(&asked.place)?,
        battles: (!asked.causes.is_empty()).then_some(asked.causes),
        kind: asked.kind,
        language: asked.language,
        zone: asked.timezone.map(|zone| zone.name().to_owned()),
        paper: asked.paper,
        joining: asked.joining,
        safeguarding: asked.safeguarding,
    };
    let seen = associations::change(app, &By::operator(), seen.actor.id, changes).await?;
    answers.thing(words(&seen), &object(&seen))?;
    Ok(())
}

/// For people.
pub(super) fn words(seen: &AssociationSeen) -> String {
    let zone = seen.association.time_zone();
    let battles: Vec<_> = seen.battles.iter().map(Cause::hashtag).collect();
    let closed = seen.association.closed.as_ref();
    sheet(
        &format!("{}{}", seen.actor.name, if seen.association.sample { " (sample)" } else { "" }),
        &[
            ("address", seen.actor.address()),
            ("page", seen.actor.page.to_string()),
            ("id", seen.actor.uri.to_string()),
            ("kind", seen.association.kind.word().to_owned()),
            ("about", seen.association.about.clone()),
            ("place", seen.association.place.as_ref().map(|place| place.name.clone()).unwrap_or_default()),
            ("fights for", battles.join(" ")),
            ("paper", seen.actor.paper().word().to_owned()),
            ("joining", seen.association.joining.clone()),
            ("safeguarding", seen.association.safeguarding.clone()),
            ("followers", seen.followers.to_string()),
            ("published", seen.published.to_string()),
            ("founded", seen.association.founded.day_in_words(&zone)),
            ("closed", closed.map(|farewell| farewell.at.day_in_words(&zone)).unwrap_or_default()),
        ],
    )
}

/// For programs.
fn object(seen: &AssociationSeen) -> Value {
    let battles: Vec<_> = seen.battles.iter().map(Cause::hashtag).collect();
    json!({
        "id": seen.actor.id.to_string(),
        "uri": seen.actor.uri,
        "page": seen.actor.page,
        "handle": seen.actor.handle,
        "address": seen.actor.address(),
        "name": seen.actor.name,
        "kind": seen.association.kind.word(),
        "about": seen.association.about,
        "language": seen.association.language.as_str(),
        "timezone": seen.association.zone,
        "place": seen.association.place.as_ref().map(|place| &place.name),
        "causes": battles,
        "paper": seen.actor.paper().word(),
        "joining": seen.association.joining,
        "safeguarding": seen.association.safeguarding,
        "followers": seen.followers,
        "published": seen.published,
        "founded": seen.association.founded.rfc3339(),
        "closed": seen.association.closed.as_ref().map(|farewell| farewell.at.rfc3339()),
        "sample": seen.association.sample,
    })
}
