//! Everything one can do with a decision: an alliance asks, its members answer, the time is over, the record stays.
//!
//! A member here answers an alliance here at once, and one elsewhere by a vote that goes there; what comes from an alliance
//! elsewhere is believed because it signed it and one of ours is its member. Start at [`ask`].

mod records;

use folkmoot_domain::{
    ActorId, DecisionId, Moment, Refusal,
    affiliations::{TieKind, TieState},
    associations::AssociationKind,
    changes::{Change, ChangeKind},
    decisions::{self as rules, Ballot, Choice, Decision, DecisionSeen, OPEN, Record, Rule},
    people::Person,
    roles::{Act, Role},
    text::Prose,
};
use folkmoot_storage::{actors, affiliations, decisions, people};
use url::Url;

use crate::{App, By, Doing, Result, associations, mails::Letter, prose::prose};

pub use records::{csv, json, text};

/// How many decisions a list shows.
const LIST: u64 = 100;

/// A question to the members.
#[derive(Debug, Clone)]
pub struct Draft {
    /// In one line.
    pub title: String,
    /// What there is to know, in Markdown.
    pub text: String,
    /// By which rule it is decided.
    pub rule: Rule,
    /// Until when one can answer.
    pub closes: Moment,
}

/// An alliance asks those who are its members at this moment.
pub async fn ask(app: &App, by: &By, alliance: ActorId, draft: Draft) -> Result<Decision> {
    let doing = app.begin(by).await?;
    doing.authorise(alliance, Act::Organise).await?;
    if associations::open(&doing, alliance).await?.kind != AssociationKind::Alliance {
        return Err(Refusal::field("alliance", "is no alliance; only an alliance asks its members").into());
    }
    let (title, text) = Decision::check(&draft.title, &draft.text, draft.closes, doing.now)?;
    let rows = doing.tx.rows();
    let members: Vec<ActorId> =
        affiliations::members(&rows, alliance).await?.into_iter().map(|tie| tie.member).collect();
    if members.is_empty() {
        return Err(Refusal::field("alliance", "has no members yet, so nobody could answer").into());
    }
    room(&doing, alliance).await?;
    let id: DecisionId = app.id();
    let decision = Decision {
        id,
        uri: app.addresses.decision(id),
        alliance,
        title,
        text: prose(&text),
        rule: draft.rule,
        asked: doing.now,
        closes: draft.closes,
        closed: None,
    };
    decisions::insert(&doing.tx, &decision, &members).await?;
    doing.change(ChangeKind::DecisionAsked, alliance, id.0, None).await?;
    doing.change_later(ChangeKind::DecisionClosed, alliance, id.0, None, decision.closes).await?;
    tell_organisers(&doing, &decision, &members, None).await?;
    doing.done("an alliance asks its members").await?;
    Ok(decision)
}

async fn room(doing: &Doing<'_>, alliance: ActorId) -> Result<()> {
    let open = decisions::open(&doing.tx.rows(), alliance).await?;
    if usize::try_from(open).unwrap_or(usize::MAX) >= OPEN {
        return Err(Refusal::field("alliance", "has too many open questions; wait for some to close").into());
    }
    Ok(())
}

/// A member here answers, or changes its answer, for as long as it is open.
pub async fn answer(
    app: &App,
    by: &By,
    id: DecisionId,
    member: ActorId,
    choice: Choice,
    words: &str,
) -> Result<()> {
    let doing = app.begin(by).await?;
    doing.authorise(member, Act::Organise).await?;
    let words = rules::words(words)?;
    let decision = one(&doing, id).await?;
    decision.must_be_open(doing.now)?;
    must_be_asked(&doing, id, member).await?;
    let ballot = Ballot { association: member, choice, words, vote: None, at: doing.now };
    decisions::vote(&doing.tx, id, &ballot).await?;
    let home = actors::find(&doing.tx.rows(), decision.alliance).await?;
    if home.is_some_and(|home| !home.local) {
        doing.change(ChangeKind::DecisionAnswered, member, id.0, Some(member.0)).await?;
    }
    doing.done("a member has answered").await
}

async fn one(doing: &Doing<'_>, id: DecisionId) -> Result<Decision> {
    Ok(decisions::find(&doing.tx.rows(), id).await?.ok_or(Refusal::Unknown("decision"))?)
}

async fn must_be_asked(doing: &Doing<'_>, id: DecisionId, member: ActorId) -> Result<()> {
    if decisions::electors(&doing.tx.rows(), id).await?.contains(&member) {
        Ok(())
    } else {
        Err(Refusal::field("member", "was not asked: it was no member when the question was put").into())
    }
}

/// A vote from elsewhere.
#[derive(Debug, Clone)]
pub struct Vote {
    /// The option, as it came.
    pub option: String,
    /// What goes with it, plain text.
    pub words: String,
    /// The id of the vote.
    pub id: Option<String>,
    /// When it was cast, as its sender says.
    pub at: Option<Moment>,
}

/// A member elsewhere votes. A vote of anybody else, one for nothing that could be chosen, and one that comes too late is
/// refused; of two of the same member the later one counts.
pub async fn vote_from_afar(app: &App, by: &By, id: DecisionId, vote: Vote) -> Result<()> {
    let doing = app.begin(by).await?;
    let member = doing.remote()?;
    let decision = one(&doing, id).await?;
    decision.must_be_open(doing.now)?;
    must_be_asked(&doing, id, member).await?;
    let choice = Choice::parse(&vote.option).ok_or_else(|| Refusal::NoSuchNeed(vote.option.clone()))?;
    let at = vote.at.unwrap_or(doing.now).min(doing.now);
    let before = decisions::ballots(&doing.tx.rows(), id).await?;
    if before.iter().any(|ballot| ballot.association == member && ballot.at > at) {
        return doing.done("an older vote of the same member").await;
    }
    let words = rules::words(&vote.words.chars().take(rules::WORDS).collect::<String>())?;
    let ballot = Ballot { association: member, choice, words, vote: vote.id, at };
    decisions::vote(&doing.tx, id, &ballot).await?;
    doing.done("a member elsewhere has voted").await
}

/// A question of an alliance elsewhere, as it came.
#[derive(Debug, Clone)]
pub struct FromAfar {
    /// Its id.
    pub uri: Url,
    /// In one line.
    pub title: String,
    /// The text, safe HTML.
    pub html: String,
    /// By which rule.
    pub rule: Rule,
    /// When it was asked.
    pub asked: Moment,
    /// Until when.
    pub closes: Moment,
    /// Who of ours is asked.
    pub asked_here: Vec<ActorId>,
}

/// An alliance elsewhere asks members of ours. Repeated it changes nothing; who is not its member is not asked.
pub async fn asked_from_afar(app: &App, by: &By, asked: FromAfar) -> Result<()> {
    let doing = app.begin(by).await?;
    let alliance = doing.remote()?;
    let rows = doing.tx.rows();
    if let Some(known) = decisions::by_uri(&rows, asked.uri.as_str()).await? {
        if known.alliance != alliance {
            return Err(Refusal::NotTheOwner("this decision".into()).into());
        }
        return doing.done("a decision that is known").await;
    }
    let members = members_of(&doing, alliance, &asked.asked_here).await?;
    if members.is_empty() {
        return Err(Refusal::field("to", "names nobody here who is a member of whoever asks").into());
    }
    room(&doing, alliance).await?;
    let decision = Decision {
        id: app.id(),
        uri: asked.uri,
        alliance,
        title: asked.title,
        text: Prose { source: String::new(), html: asked.html },
        rule: asked.rule,
        asked: asked.asked.min(doing.now),
        closes: asked.closes,
        closed: None,
    };
    decisions::insert(&doing.tx, &decision, &members).await?;
    tell_organisers(&doing, &decision, &members, None).await?;
    doing.done("an alliance elsewhere asks").await
}

/// Those of ours who are members of this alliance.
async fn members_of(doing: &Doing<'_>, alliance: ActorId, ours: &[ActorId]) -> Result<Vec<ActorId>> {
    let ties = affiliations::accepted(&doing.tx.rows(), alliance).await?;
    let is_member = |one: &&ActorId| {
        ties.iter().any(|tie| {
            tie.kind == TieKind::Member
                && tie.state == TieState::Accepted
                && tie.umbrella == alliance
                && tie.member == **one
        })
    };
    Ok(ours.iter().filter(is_member).copied().collect())
}

/// The alliance elsewhere says what came of it. Said once; the record stays as it was said first.
pub async fn closed_from_afar(app: &App, by: &By, id: DecisionId, record: &Record) -> Result<()> {
    let doing = app.begin(by).await?;
    let alliance = doing.remote()?;
    let decision = one(&doing, id).await?;
    if decision.alliance != alliance {
        return Err(Refusal::NotTheOwner("this decision".into()).into());
    }
    if decision.closed.is_none() {
        close(&doing, &decision, record).await?;
    }
    doing.done("what came of a decision").await
}

/// The time of a decision of ours is over: part of telling it.
pub(crate) async fn told(doing: &Doing<'_>, change: &Change) -> Result<()> {
    if change.kind != ChangeKind::DecisionClosed {
        return Ok(());
    }
    let Some(seen) = read(doing.app, DecisionId(change.object)).await? else { return Ok(()) };
    if seen.decision.closed.is_some() {
        return Ok(());
    }
    close(doing, &seen.decision, &seen.counted()).await
}

async fn close(doing: &Doing<'_>, decision: &Decision, record: &Record) -> Result<()> {
    decisions::close(&doing.tx, decision.id, doing.now, &records::stored(record)?).await?;
    let electors = decisions::electors(&doing.tx.rows(), decision.id).await?;
    tell_organisers(doing, decision, &electors, Some(record)).await
}

/// To the organisers here of those who are asked, and at the end of who asked.
async fn tell_organisers(
    doing: &Doing<'_>,
    decision: &Decision,
    electors: &[ActorId],
    record: Option<&Record>,
) -> Result<()> {
    let rows = doing.tx.rows();
    let alliance = actors::find(&rows, decision.alliance).await?.map(|alliance| alliance.name);
    let mut readers: Vec<ActorId> = electors.to_vec();
    readers.extend(record.is_some().then_some(decision.alliance));
    let mut told: Vec<String> = Vec::new();
    for reader in readers {
        for (person, roles) in people::of_association(&rows, reader).await? {
            if !roles.contains(&Role::Organiser) || told.contains(&person.email) {
                continue;
            }
            let (alliance, title) = (alliance.clone().unwrap_or_default(), decision.title.clone());
            let link = doing.app.addresses.decision_page(decision.id).into();
            let letter = match record {
                None => {
                    let until = decision.closes.rfc3339();
                    Letter::DecisionAsked { alliance, title, rule: decision.rule.sentence(), until, link }
                }
                Some(record) => {
                    let outcome = record.outcome.word().to_owned();
                    Letter::DecisionClosed { alliance, title, outcome, link }
                }
            };
            doing.write_to(&person.email, &letter).await?;
            told.push(person.email);
        }
    }
    Ok(())
}

/// A decision with everything that is known of it here; no rights are asked.
pub async fn read(app: &App, id: DecisionId) -> Result<Option<DecisionSeen>> {
    let rows = app.store.rows();
    let Some(decision) = decisions::find(&rows, id).await? else { return Ok(None) };
    let electors = decisions::electors(&rows, id).await?;
    let ballots = decisions::ballots(&rows, id).await?;
    let mut actors = actors::many(&rows, electors.iter().copied().chain([decision.alliance])).await?;
    let record = records::read(&decisions::record(&rows, id).await?);
    let Some(alliance) = actors.get(&decision.alliance).cloned() else { return Ok(None) };
    let electors = electors.iter().filter_map(|elector| actors.remove(elector)).collect();
    Ok(Some(DecisionSeen { decision, alliance, electors, ballots, record }))
}

/// The same for an organiser of the alliance or of one of those that were asked. What others said is seen when it is closed.
pub async fn seen(app: &App, by: &By, id: DecisionId) -> Result<DecisionSeen> {
    let doing = app.begin(by).await?;
    let mut seen = read(app, id).await?.ok_or(Refusal::Unknown("decision"))?;
    let mut sides: Vec<ActorId> = Vec::new();
    for side in seen.electors.iter().map(|elector| elector.id).chain([seen.alliance.id]) {
        if doing.authorise(side, Act::Organise).await.is_ok() {
            sides.push(side);
        }
    }
    if sides.is_empty() {
        return Err(Refusal::NotAnOrganiser.into());
    }
    if seen.decision.closed.is_none() {
        for ballot in &mut seen.ballots {
            if !sides.contains(&ballot.association) {
                // Who has answered may be known, what they said not before the end.
                ballot.choice = Choice::Abstain;
                ballot.words.clear();
            }
        }
    }
    Ok(seen)
}

/// The decisions that concern one of ours, newest first.
pub async fn of(app: &App, by: &By, association: ActorId) -> Result<Vec<Decision>> {
    let doing = app.begin(by).await?;
    doing.authorise(association, Act::Organise).await?;
    Ok(decisions::of(&doing.tx.rows(), association, LIST).await?)
}

/// What waits for an answer of somebody who organises: who is asked, and what.
pub async fn waiting(app: &App, person: &Person) -> Result<Vec<(ActorId, Decision)>> {
    let (rows, now) = (app.store.rows(), app.now());
    let mut waiting = Vec::new();
    for (side, role) in people::associations_of(&rows, person.id).await? {
        if role != Role::Organiser {
            continue;
        }
        for decision in decisions::of(&rows, side, LIST).await? {
            let electors = decisions::electors(&rows, decision.id).await?;
            let ballots = decisions::ballots(&rows, decision.id).await?;
            let answered = ballots.iter().any(|ballot| ballot.association == side);
            if decision.must_be_open(now).is_ok() && electors.contains(&side) && !answered {
                waiting.push((side, decision));
            }
        }
    }
    Ok(waiting)
}
