//! `folkmoot alliance`, `affiliation` and `decision`: found alliances, tie associations to each other, ask the members.

use folkmoot_app::{
    App, By,
    affiliations::{self, Asked, Wish},
    alliances,
    decisions::{self, Draft},
    remote,
};
use folkmoot_domain::{
    ActorId,
    affiliations::{TieKind, TieSeen},
    associations::{AssociationKind, Founding},
    moments::DAY,
    text::Language,
};
use serde_json::{Value, json};

use super::{Answers, enrolling, finding};
use crate::cli::{Affiliations, Alliances, Asking, Decisions, FoundingAlliance, Proposing};

/// `alliance`.
pub async fn run(what: Alliances, app: &App, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    match what {
        Alliances::Found(asked) => found(asked, app, answers).await,
    }
}

async fn found(asked: FoundingAlliance, app: &App, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let founding = Founding {
        handle: asked.handle,
        name: asked.name,
        about: asked.about,
        kind: AssociationKind::Alliance,
        language: Language::english(),
        zone: "Europe/London".to_owned(),
        place: None,
        battles: Vec::new(),
        paper: None,
        joining: String::new(),
        safeguarding: String::new(),
        sample: false,
    };
    // Looked at before anybody gets an account for it.
    let founding = founding.check()?;
    let mut members: Vec<ActorId> = Vec::with_capacity(asked.members.len());
    for member in &asked.members {
        members.push(remote::find(app, member).await?.id);
    }
    let organiser = enrolling::enrol(app, &asked.organiser, &asked.email).await?;
    let by = By::operator();
    let founded =
        Box::pin(alliances::found(app, &by, founding, Some(organiser.id), &members, &asked.mandate)).await?;
    let address = founded.seen.actor.address();
    let object = json!({
        "id": founded.seen.actor.id.to_string(), "uri": founded.seen.actor.uri, "address": address,
        "proposed": founded.proposed.iter().map(|tie| tie.id.to_string()).collect::<Vec<_>>(),
    });
    answers.thing(format!("{address} is founded, and {} are asked in.", founded.proposed.len()), &object)?;
    answers.word(format!(
        "Next: each answers on its own board; members here with `folkmoot affiliation accept`. `folkmoot affiliation list {}` \
         shows how it stands.",
        founded.seen.actor.handle
    ))?;
    Ok(())
}

/// `affiliation`.
pub async fn tie(what: Affiliations, app: &App, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let by = By::operator();
    match what {
        Affiliations::Propose(asked) => propose(asked, app, answers).await,
        Affiliations::List { association } => {
            let seen = finding::association(app, &association).await?;
            let ties = affiliations::of(app, &by, seen.actor.id).await?;
            if ties.is_empty() {
                answers.word("No ties yet. Next: folkmoot affiliation propose --help")?;
            }
            for tie in ties {
                answers.thing(words(&tie, seen.actor.id), &object(&tie))?;
            }
            Ok(())
        }
        Affiliations::Accept { tie } => said(affiliations::answer(app, &by, tie, true).await?.id, "accepted", answers),
        Affiliations::Decline { tie } => {
            said(affiliations::answer(app, &by, tie, false).await?.id, "declined", answers)
        }
        Affiliations::End { association, tie } => {
            let seen = finding::association(app, &association).await?;
            affiliations::end(app, &by, seen.actor.id, tie).await?;
            said(tie, "ended", answers)
        }
    }
}

fn said(tie: folkmoot_domain::AffiliationId, state: &str, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let object = json!({"id": tie.to_string(), "state": state});
    Ok(answers.thing(format!("The tie is {state}; the other side hears of it."), &object)?)
}

async fn propose(asked: Proposing, app: &App, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let side = finding::association(app, &asked.association).await?.actor.id;
    let (wish, with) = match (asked.join, asked.invite, asked.partner) {
        (Some(with), _, _) => (Wish::Join, with),
        (_, Some(with), _) => (Wish::Invite, with),
        (_, _, with) => (Wish::Partner, with.unwrap_or_default()),
    };
    let with = remote::find(app, &with).await?;
    let asked = Asked { side, with: with.id, wish, mandate: asked.mandate };
    let tie = affiliations::propose(app, &By::operator(), &asked).await?;
    let object = json!({"id": tie.id.to_string(), "state": tie.state.word(), "with": with.address()});
    answers.thing(format!("Proposed to {}; they say yes or no.", with.address()), &object)?;
    Ok(())
}

fn words(seen: &TieSeen, side: ActorId) -> String {
    let what = match seen.tie.kind {
        TieKind::Partner => "works with",
        TieKind::Member if seen.tie.member == side => "member of",
        TieKind::Member => "has as member",
    };
    let counts = match (seen.tie.counts(), seen.tie.state.word()) {
        (false, "accepted") => ", but not listed by both",
        _ => "",
    };
    let other = seen.other(side).address();
    format!("{}  {what} {other}: {}{counts}", seen.tie.id, seen.tie.state.word())
}

fn object(seen: &TieSeen) -> Value {
    json!({
        "id": seen.tie.id.to_string(),
        "uri": seen.tie.uri,
        "kind": seen.tie.kind.word(),
        "member": seen.member.address(),
        "umbrella": seen.umbrella.address(),
        "state": seen.tie.state.word(),
        "counts": seen.tie.counts(),
        "mandate": seen.tie.mandate,
    })
}

/// `decision`.
pub async fn decision(what: Decisions, app: &App, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let by = By::operator();
    match what {
        Decisions::Ask(asked) => ask(asked, app, answers).await,
        Decisions::List { association } => {
            let seen = finding::association(app, &association).await?;
            for decision in decisions::of(app, &by, seen.actor.id).await? {
                let state = if decision.must_be_open(app.now()).is_ok() { "open" } else { "closed" };
                let object =
                    json!({"id": decision.id.to_string(), "title": decision.title, "state": state});
                answers.thing(format!("{}  {}: {state}", decision.id, decision.title), &object)?;
            }
            Ok(())
        }
        Decisions::Answer { decision, member, choice, words } => {
            let member = finding::association(app, &member).await?;
            decisions::answer(app, &by, decision, member.actor.id, choice, &words).await?;
            let object = json!({"id": decision.to_string(), "choice": choice.word()});
            Ok(answers.thing(format!("{} said {}.", member.actor.name, choice.word()), &object)?)
        }
        Decisions::Show { decision } => {
            let seen = decisions::seen(app, &by, decision).await?;
            Ok(answers.thing(decisions::text(&seen), &decisions::json(&seen))?)
        }
    }
}

async fn ask(asked: Asking, app: &App, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let alliance = finding::association(app, &asked.alliance).await?;
    let closes = app.now().plus(i64::from(asked.days) * DAY);
    let draft = Draft { title: asked.title, text: asked.text, rule: asked.rule, closes };
    let decision = decisions::ask(app, &By::operator(), alliance.actor.id, draft).await?;
    let object = json!({"id": decision.id.to_string(), "uri": decision.uri, "closes": closes.rfc3339()});
    answers.thing(format!("{} asks its members. {}", alliance.actor.name, decision.rule.sentence()), &object)?;
    answers.word(format!("Next: folkmoot decision show {}", decision.id))?;
    Ok(())
}
