//! `folkmoot connection`: begins to listen to an association anywhere, says how that stands, ends it, and shows what came.

use folkmoot_app::{App, By, connections, instance, remote, streams};
use folkmoot_domain::{
    ActorId,
    connections::ConnectionSeen,
    streams::{StreamAsked, StreamEntry},
    text::Handle,
};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::{Answers, finding};
use crate::cli::{ConnectionPair, ConnectionReading, Connections};

/// Does what was asked.
pub async fn run(what: Connections, app: &App, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let by = By::operator();
    match what {
        Connections::Add(pair) => {
            let (seeker, target) = both(app, &pair).await?;
            let seen = connections::connect(app, &by, seeker, target).await?;
            answers.thing(words(app, &seen), &object(app, &seen))?;
        }
        Connections::Again(pair) => {
            let (seeker, target) = both(app, &pair).await?;
            let seen = connections::ask_again(app, &by, seeker, target).await?;
            answers.thing(words(app, &seen), &object(app, &seen))?;
        }
        Connections::End(pair) => {
            let (seeker, target) = both(app, &pair).await?;
            let seen = connections::seen(app, seeker, target).await?;
            connections::disconnect(app, &by, seeker, target).await?;
            let address = seen.target.address();
            let words = format!("{} listens to {address} no more.", seen.seeker.name);
            answers.thing(words, &json!({ "seeker": seen.seeker.handle, "target": address, "ended": true }))?;
        }
        Connections::List { seeker } => {
            let seeker = of_ours(app, &seeker).await?;
            let all = connections::list(app, &by, seeker).await?;
            if all.is_empty() {
                answers.word("It listens to nobody yet; `folkmoot connection add` begins.")?;
            }
            for seen in all {
                answers.thing(words(app, &seen), &object(app, &seen))?;
            }
        }
        Connections::Stream(reading) => stream(app, &reading, answers).await?,
    }
    Ok(())
}

async fn both(app: &App, pair: &ConnectionPair) -> anyhow::Result<(ActorId, ActorId)> {
    let seeker = of_ours(app, &pair.seeker).await?;
    Ok((seeker, remote::find(app, &pair.target).await?.id))
}

/// An association here, or the instance itself.
async fn of_ours(app: &App, name: &str) -> anyhow::Result<ActorId> {
    if name == "instance" {
        return Ok(instance::actor(app).await?.id);
    }
    Ok(finding::association(app, &Handle::parse(name)?).await?.actor.id)
}

async fn stream(app: &App, reading: &ConnectionReading, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let from = match &reading.from {
        Some(from) => Some(remote::find(app, from).await?.id),
        None => None,
    };
    let seekers = vec![of_ours(app, &reading.seeker).await?];
    let limit = usize::from(reading.limit);
    let asked = StreamAsked { seekers, from, kind: reading.kind, before: None, limit };
    let page = streams::read(app, &By::operator(), &asked).await?;
    if page.entries.is_empty() {
        answers.word("Nothing has come yet.")?;
    }
    for entry in &page.entries {
        answers.thing(line(entry), &entry_object(entry))?;
    }
    Ok(())
}

fn words(app: &App, seen: &ConnectionSeen) -> String {
    let (standing, words) = (seen.standing(app.now()).label(), seen.words(app.now(), &TimeZone::UTC));
    format!("{}  {}  {standing}\n  {words}", seen.target.name, seen.target.address())
}

fn object(app: &App, seen: &ConnectionSeen) -> Value {
    json!({
        "seeker": seen.seeker.handle,
        "target": seen.target.address(),
        "name": seen.target.name,
        "uri": seen.target.uri,
        "state": seen.connection.state.word(),
        "standing": seen.standing(app.now()).label(),
        "words": seen.words(app.now(), &TimeZone::UTC),
        "asked": seen.connection.asked.rfc3339(),
        "filled": seen.connection.filled.map(folkmoot_domain::Moment::rfc3339),
        "problem": seen.connection.problem,
    })
}

fn line(entry: &StreamEntry) -> String {
    let seen = entry.noun.seen();
    let title = if seen.item.title.is_empty() { seen.item.page.as_str() } else { &seen.item.title };
    let via: Vec<_> = entry.via.iter().map(folkmoot_domain::actors::Actor::address).collect();
    let (kind, at) = (seen.item.kind.word(), entry.mark.at.rfc3339());
    format!("{at}  {kind}  {title}\n  by {}  through {}  {}", seen.home.address(), via.join(", "), seen.item.id)
}

fn entry_object(entry: &StreamEntry) -> Value {
    let seen = entry.noun.seen();
    json!({
        "id": seen.item.id.to_string(),
        "kind": seen.item.kind.word(),
        "title": seen.item.title,
        "uri": seen.item.uri,
        "page": seen.item.page,
        "home": seen.home.address(),
        "via": entry.via.iter().map(folkmoot_domain::actors::Actor::address).collect::<Vec<_>>(),
        "at": entry.mark.at.rfc3339(),
        "pinned": entry.pinned,
        "causes": seen.causes.iter().map(|cause| cause.tag.as_str()).collect::<Vec<_>>(),
        "carried": entry.carried.iter().map(|(_, state)| state.word()).collect::<Vec<_>>(),
    })
}
