//! `folkmoot carry`: passes on what others publish, by hand and by rule, and looks after who passes on ours.

use anyhow::bail;
use folkmoot_app::{
    App, By,
    carries::{self, let_be_carried},
    remote, rules,
};
use folkmoot_domain::{
    ActorId, ItemId, Refusal,
    actors::Actor,
    carries::{Carry as Row, CarryState},
    items::Item,
    places::{Around, Point},
    rules::{Near, Rule},
    text::Handle,
};
use folkmoot_storage::{actors, carries as carry_rows, items};
use serde_json::{Value, json};

use super::{Answers, answers::sheet, finding};
use crate::{
    cli::{Carry, CarryRule, CarryRules},
    front_matter::ItemName,
};

/// Most carries in one list.
const MOST: u64 = 1_000;

/// Does what was asked.
pub async fn run(what: Carry, app: &App, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let by = By::operator();
    match what {
        Carry::Add { item, association, reason } => {
            let carrier = finding::association(app, &association).await?.actor.id;
            let item = anywhere(app, &item).await?;
            let carry = carries::carry(app, &by, carrier, item.id, &reason).await?;
            one(app, &carry, answers).await
        }
        Carry::List { association, waiting } => {
            let carrier = finding::association(app, &association).await?.actor.id;
            let state = if waiting { CarryState::Waiting } else { CarryState::Carried };
            let found = carry_rows::list(&app.store.rows(), carrier, state, None, MOST).await?;
            let nothing = if waiting { "Nothing waits to be looked at." } else { "Nothing is passed on." };
            list(app, &found, nothing, answers).await
        }
        Carry::Look { carry, leave, reason } => {
            let reason = (!leave).then_some(reason.as_str());
            one(app, &carries::look(app, &by, carry, reason).await?, answers).await
        }
        Carry::End { carry } => one(app, &carries::take_down(app, &by, carry).await?, answers).await,
        Carry::Refuse { carry } => one(app, &carries::refuse(app, &by, carry).await?, answers).await,
        Carry::Carriers { item } => {
            let item = finding::item(app, &item).await?;
            let found = carry_rows::of_item(&app.store.rows(), item.id, CarryState::Carried).await?;
            list(app, &found, "Nobody passes it on.", answers).await
        }
        Carry::Allow { item, nobody } => allow(app, item, !nobody, answers).await,
        Carry::Rule(what) => rule(what, app, answers).await,
    }
}

/// An item of this place by any name, or one of others that is known here by its address.
async fn anywhere(app: &App, name: &ItemName) -> anyhow::Result<Item> {
    let ItemName::Address(url) = name else { return finding::item(app, name).await };
    if app.addresses.is_ours(url) {
        return finding::item(app, name).await;
    }
    let found = items::by_address(&app.store.rows(), url.as_str()).await?;
    match found.filter(|item| item.deleted.is_none()) {
        Some(item) => Ok(item),
        None => bail!("{url} is not known here; connect to whoever published it first"),
    }
}

async fn allow(app: &App, item: ItemId, yes: bool, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let_be_carried(app, &By::operator(), item, yes).await?;
    let words = if yes { "Others may pass it on." } else { "Nobody may pass it on." };
    answers.thing(words, &json!({ "id": item.to_string(), "carriable": yes }))?;
    Ok(())
}

async fn list(app: &App, found: &[Row], nothing: &str, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    if found.is_empty() {
        answers.word(nothing)?;
    }
    for carry in found {
        one(app, carry, answers).await?;
    }
    Ok(())
}

async fn one(app: &App, carry: &Row, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let rows = app.store.rows();
    let item = items::find(&rows, carry.item).await?.ok_or(Refusal::Unknown("item"))?;
    let carrier = actors::find(&rows, carry.carrier).await?.ok_or(Refusal::Unknown("carrier"))?;
    let home = actors::find(&rows, item.home).await?.ok_or(Refusal::Unknown("home"))?;
    let words = sheet(
        &format!("{}  {}  {}", carry.id, carry.state.word(), item.title),
        &[
            ("from", home.address()),
            ("by", carrier.address()),
            ("because", carry.reason.clone()),
            ("ended", carry.why_ended.clone().unwrap_or_default()),
            ("there", item.page.to_string()),
        ],
    );
    answers.thing(words, &object(carry, &item, &home, &carrier))?;
    Ok(())
}

fn object(carry: &Row, item: &Item, home: &Actor, carrier: &Actor) -> Value {
    json!({
        "id": carry.id.to_string(),
        "state": carry.state.word(),
        "item": { "id": item.id.to_string(), "uri": item.uri, "page": item.page, "title": item.title },
        "home": home.address(),
        "carrier": carrier.address(),
        "reason": carry.reason,
        "since": carry.since.rfc3339(),
        "why_ended": carry.why_ended,
    })
}

async fn rule(what: CarryRules, app: &App, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    match what {
        CarryRules::Make(rule) => make(app, *rule, answers).await,
        CarryRules::List { association } => rule_list(app, &association, answers).await,
        CarryRules::End { rule, carries } => {
            rules::end(app, &By::operator(), rule, carries).await?;
            answers.thing("The rule is ended.", &json!({ "id": rule.to_string(), "ended": true }))?;
            Ok(())
        }
    }
}

async fn make(app: &App, asked: CarryRule, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let carrier = finding::association(app, &asked.association).await?.actor.id;
    let source = source(app, &asked.from).await?;
    let middle = asked.latitude.zip(asked.longitude);
    let near = match asked.near.zip(middle) {
        Some((name, (latitude, longitude))) => {
            let point = Point::parse(latitude, longitude).ok_or_else(|| {
                Refusal::field(
                    "near",
                    "latitude goes from \u{2212}90 to 90, longitude from \u{2212}180 to 180",
                )
            })?;
            Some(Near { name, around: Around { point, metres: u32::from(asked.km) * 1_000 } })
        }
        None => None,
    };
    let draft = rules::Draft { kinds: asked.kinds, cause: asked.cause, near, review: asked.review };
    let made = rules::make(app, &By::operator(), carrier, source.id, draft).await?;
    answers
        .thing(format!("{}  {}", made.id, made.in_words(&source.address())), &rule_object(&made, &source))?;
    Ok(())
}

/// Whoever is meant: one of ours by its handle, or anybody who is known here by their address or their id.
async fn source(app: &App, who: &str) -> anyhow::Result<Actor> {
    if let Ok(handle) = Handle::parse(who) {
        return Ok(finding::association(app, &handle).await?.actor);
    }
    if let Ok(id) = who.parse::<ActorId>()
        && let Some(known) = actors::find(&app.store.rows(), id).await?
    {
        return Ok(known);
    }
    Ok(remote::find(app, who).await?)
}

async fn rule_list(app: &App, handle: &Handle, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let carrier = finding::association(app, handle).await?.actor.id;
    let found = rules::list(app, carrier).await?;
    if found.is_empty() {
        answers.word("There are no rules.")?;
    }
    for seen in found {
        let words = format!("{}  {}", seen.rule.id, seen.rule.in_words(&seen.source.address()));
        answers.thing(words, &rule_object(&seen.rule, &seen.source))?;
    }
    Ok(())
}

fn rule_object(rule: &Rule, source: &Actor) -> Value {
    json!({
        "id": rule.id.to_string(),
        "from": source.address(),
        "words": rule.in_words(&source.address()),
        "review": rule.review,
        "affiliation": rule.affiliation.map(|id| id.to_string()),
    })
}
