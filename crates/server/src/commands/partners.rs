//! `folkmoot partner`: roles in projects, offered, answered and ended.

use anyhow::bail;
use folkmoot_app::{App, By, partnerships};
use folkmoot_domain::{
    ActorId, ItemId, Moment, Refusal,
    actors::Actor,
    items::{Item, ItemKind},
    partnerships::{PartnershipSeen, PartnershipState},
};
use folkmoot_storage::items;
use serde_json::{Value, json};

use super::{Answers, answers::sheet, finding};
use crate::{
    cli::{PartnerAnswer, Partners},
    front_matter::ItemName,
};

/// Does what was asked.
pub async fn run(what: Partners, app: &App, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    match what {
        Partners::Offer { project, association, role, words } => {
            let partner = finding::association(app, &association).await?.actor.id;
            let project = self::project(app, &project).await?;
            let by = By::operator();
            let seen = partnerships::offer(app, &by, partner, project, &role, &words).await?;
            answers.thing(self::words(&seen), &object(&seen))?;
            answers.word("Their organisers hear of it.")?;
            Ok(())
        }
        Partners::List { association } => {
            let homes = finding::homes(app, association.as_ref()).await?;
            list(app, &homes, answers).await
        }
        Partners::Accept(answer) => tell(answer, true, app, answers).await,
        Partners::Decline(answer) => tell(answer, false, app, answers).await,
        Partners::End { offer } => {
            partnerships::end(app, &By::operator(), offer).await?;
            let seen = partnerships::seen(app, offer).await?;
            answers.thing(words(&seen), &object(&seen))?;
            Ok(())
        }
    }
}

/// A project of ours, or one that is kept here from elsewhere.
async fn project(app: &App, name: &ItemName) -> anyhow::Result<ItemId> {
    let found = match name {
        ItemName::Address(url) if !app.addresses.is_ours(url) => known(app, url).await?,
        name => finding::item(app, name).await?,
    };
    if found.kind != ItemKind::Project {
        return Err(Refusal::field("project", format!("is a {}: {name}", found.kind.word())).into());
    }
    Ok(found.id)
}

async fn known(app: &App, url: &url::Url) -> anyhow::Result<Item> {
    match items::by_uri(&app.store.rows(), url.as_str()).await?.filter(|item| item.deleted.is_none()) {
        Some(item) => Ok(item),
        None => {
            bail!("{url} is not known here; connect to its association first, so that its projects arrive")
        }
    }
}

async fn list(app: &App, homes: &[ActorId], answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let mut found: Vec<PartnershipSeen> = Vec::new();
    for home in homes {
        for seen in partnerships::of(app, &By::operator(), *home).await? {
            if found.iter().all(|known| known.partnership.id != seen.partnership.id) {
                found.push(seen);
            }
        }
    }
    found.sort_by_key(|seen| PartnershipState::ALL.iter().position(|state| *state == seen.partnership.state));
    if found.is_empty() {
        answers.word("Nobody takes a part in a project (that is asked for here).")?;
    }
    for seen in &found {
        answers.thing(words(seen), &object(seen))?;
    }
    Ok(())
}

async fn tell(answer: PartnerAnswer, yes: bool, app: &App, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let seen = partnerships::answer(app, &By::operator(), answer.offer, yes, &answer.words).await?;
    answers.thing(words(&seen), &object(&seen))?;
    answers.word("Whoever offered hears of it.")?;
    Ok(())
}

fn words(seen: &PartnershipSeen) -> String {
    let partnership = &seen.partnership;
    sheet(
        &format!("{}  {}  {}", partnership.id, partnership.state.word(), called(&seen.partner)),
        &[
            ("as", partnership.role.clone()),
            ("in", format!("{} ({})", seen.project.title, seen.project.page)),
            ("of", called(&seen.home)),
            ("wrote", partnership.words.clone()),
            ("answer", partnership.answer.clone()),
        ],
    )
}

fn called(actor: &Actor) -> String {
    format!("{} {}", actor.name, actor.address()).trim().to_owned()
}

fn object(seen: &PartnershipSeen) -> Value {
    let partnership = &seen.partnership;
    json!({
        "id": partnership.id.to_string(),
        "state": partnership.state.word(),
        "role": partnership.role,
        "partner": { "name": seen.partner.name, "address": seen.partner.address(), "uri": seen.partner.uri },
        "home": { "name": seen.home.name, "address": seen.home.address(), "uri": seen.home.uri },
        "project": { "id": seen.project.id.to_string(), "title": seen.project.title, "page": seen.project.page, "uri": seen.project.uri },
        "words": partnership.words,
        "answer": partnership.answer,
        "offered": partnership.offered.rfc3339(),
        "answered": partnership.answered.map(Moment::rfc3339),
        "ended": partnership.ended.map(Moment::rfc3339),
    })
}
