//! Everything one can do with a report: make one, decide it.
//!
//! Whoever reports needs no account, and whoever wrote what is reported is not told. A report about what an association
//! published goes to its organisers and stewards and to the board's; everything else to the board's alone. Start at
//! [`make`], then [`judge`].

#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeSet, HashMap},
    net::IpAddr,
};

use folkmoot_domain::{
    ActorId, ItemId, Refusal, ReportId,
    actors::{Actor, ActorKind},
    moments::HOUR,
    people::Person,
    pictures::Picture,
    replies::ReplyState,
    reports::{self as rules, Complaint, Judgement, Report, ReportState, Reported, Verdict},
    roles::{Act, Who},
};
use folkmoot_storage::{
    Rows, actors, associations, items as item_rows, people, replies,
    reports::{self, Whose},
};

use crate::{App, By, Doing, Result, items, limits, mails::Letter, pictures};

/// How many reports a list shows.
const LIST: u64 = 100;

/// Somebody asks the stewards to look at something. `reporter` is whoever is signed in, `from` where they ask from.
pub async fn make(
    app: &App,
    from: IpAddr,
    reporter: Option<&Person>,
    about: Reported,
    complaint: Complaint,
) -> Result<Report> {
    limits::report(app, from)?;
    let doing = app.begin(&By::operator()).await?;
    let named = named(&doing.tx.rows(), about).await?.ok_or(Refusal::Unknown("thing to report"))?;
    let told = reports::told_since(&doing.tx.rows(), about, doing.now.plus(-HOUR)).await?;
    let report = Report {
        id: app.id(),
        about,
        title: named.title,
        association: named.association,
        category: complaint.category,
        words: complaint.words,
        reporter: reporter.map(|person| person.id),
        email: complaint.email,
        state: ReportState::Open,
        since: doing.now,
    };
    reports::insert(&doing.tx, &report, !told).await?;
    // One letter for one thing and hour: a crowd that reports it does not bury the stewards.
    if !told {
        tell_stewards(&doing, &report).await?;
    }
    doing.done("something was reported").await?;
    Ok(report)
}

/// What is reported, as long as it is there to be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What it is called.
    pub title: String,
    /// Its page, or that of what it answers.
    pub page: url::Url,
    /// The association whose stewards look at it too.
    pub association: Option<ActorId>,
}

/// Finds what somebody wants to report; none when it is not there for everyone to see.
pub async fn find(app: &App, about: Reported) -> Result<Option<Named>> {
    named(&app.store.rows(), about).await
}

async fn named(rows: &Rows<'_>, about: Reported) -> Result<Option<Named>> {
    match about {
        Reported::Item(id) => of_item(rows, id, |title| title).await,
        Reported::Reply(id) => match replies::find(rows, id).await? {
            Some(reply) if reply.state == ReplyState::Approved => {
                let author = actors::find(rows, reply.home).await?.map(|author| author.address());
                let author = author.unwrap_or_default();
                of_item(rows, reply.item, |title| {
                    format!("What {author} wrote under \u{201c}{title}\u{201d}")
                })
                .await
            }
            _ => Ok(None),
        },
        Reported::Actor(id) => {
            let found = actors::find(rows, id).await?.filter(|actor| actor.gone.is_none());
            // People of this board have no page of their own, and the board is no one to report to itself.
            let shown = found.filter(|actor| !actor.local || actor.kind == ActorKind::Group);
            let name =
                |actor: &Actor| if actor.name.is_empty() { actor.address() } else { actor.name.clone() };
            Ok(shown.map(|actor| Named { title: name(&actor), page: actor.page, association: None }))
        }
    }
}

async fn of_item(
    rows: &Rows<'_>,
    id: ItemId,
    called: impl FnOnce(String) -> String,
) -> Result<Option<Named>> {
    let Some(item) = item_rows::find(rows, id).await?.filter(|item| item.deleted.is_none()) else {
        return Ok(None);
    };
    let title = if item.title.is_empty() { "an update".to_owned() } else { item.title };
    let association = associations::find(rows, item.home).await?.map(|_| item.home);
    Ok(Some(Named { title: called(title), page: item.page, association }))
}

async fn tell_stewards(doing: &Doing<'_>, report: &Report) -> Result<()> {
    let rows = doing.tx.rows();
    let (mut to, mut association) = (BTreeSet::new(), None);
    if let Some(home) = report.association {
        association = actors::find(&rows, home).await?.map(|actor| actor.name);
        to.extend(people::of_association(&rows, home).await?.into_iter().map(|(person, _)| person.email));
    }
    to.extend(people::stewards(&rows).await?.into_iter().map(|person| person.email));
    let letter = Letter::Reported {
        association,
        what: report.title.clone(),
        category: report.category.in_words().to_owned(),
        words: report.words.clone(),
        link: doing.app.addresses.at("/stewards").into(),
    };
    for email in to {
        doing.write_to(&email, &letter).await?;
    }
    Ok(())
}

/// A steward decides, with a reason. Taking down deletes the item or hides the reply, and settles every other report
/// about the same thing.
pub async fn judge(app: &App, by: &By, id: ReportId, verdict: Verdict, reason: &str) -> Result<()> {
    let doing = app.begin(by).await?;
    let mut report = reports::find(&doing.tx.rows(), id).await?.ok_or(Refusal::Unknown("report"))?;
    let board = authorise(&doing, &report).await?;
    report.judge(verdict, board)?;
    let reason = rules::reason(reason)?;
    decide(&doing, report.clone(), verdict, &reason).await?;
    let mut picture = None;
    if verdict == Verdict::TakeDown {
        picture = take_down(&doing, report.about).await?;
        for mut other in reports::waiting_about(&doing.tx.rows(), report.about).await? {
            other.judge(verdict, true)?;
            decide(&doing, other, verdict, &reason).await?;
        }
    }
    doing.done("a report was decided").await?;
    if let Some(picture) = picture {
        pictures::discard(app, &picture).await;
    }
    Ok(())
}

/// May whoever asks decide this report? True when they decide for the board. Who may not is not told that it exists.
async fn authorise(doing: &Doing<'_>, report: &Report) -> Result<bool> {
    if doing.authorise_board(Act::LookAfterBoard).await.is_ok() {
        return Ok(true);
    }
    match report.association {
        Some(association) if doing.authorise(association, Act::Moderate).await.is_ok() => Ok(false),
        _ => Err(Refusal::Unknown("report").into()),
    }
}

async fn decide(doing: &Doing<'_>, mut report: Report, verdict: Verdict, reason: &str) -> Result<()> {
    let by = match doing.by.who {
        Who::Person(person) => Some(person),
        _ => None,
    };
    let judgement = Judgement { by, at: doing.now, verdict, reason: reason.to_owned() };
    reports::judged(&doing.tx, report.id, &judgement).await?;
    if !report.state.waits()
        && let Some(email) = report.email.take()
    {
        let decision = format!("{} {reason}", in_words(report.state));
        doing.write_to(&email, &Letter::ReportDecided { what: report.title.clone(), decision }).await?;
    }
    Ok(reports::update(&doing.tx, &report).await?)
}

/// The decision, for whoever reported.
fn in_words(state: ReportState) -> &'static str {
    match state {
        ReportState::Kept => "The stewards looked at it, and it stays.",
        ReportState::TakenDown => "It is taken down.",
        ReportState::PassedOn => "The stewards passed it on to somebody who can do more.",
        ReportState::Open | ReportState::WithBoard => "",
    }
}

/// What is gone already stays gone.
async fn take_down(doing: &Doing<'_>, about: Reported) -> Result<Option<Picture>> {
    let rows = doing.tx.rows();
    match about {
        Reported::Item(id) => match item_rows::find(&rows, id).await? {
            Some(item) if item.deleted.is_none() => items::erase(doing, item).await,
            _ => Ok(None),
        },
        Reported::Reply(id) => {
            if let Some(mut reply) = replies::find(&rows, id).await? {
                let before = reply.state;
                reply.judge(ReplyState::Declined)?;
                replies::update(&doing.tx, before, &reply).await?;
            }
            Ok(None)
        }
        Reported::Actor(_) => Ok(None),
    }
}

/// What a steward sees.
#[derive(Debug, Clone, Default)]
pub struct Desk {
    /// True for a steward of the board.
    pub board: bool,
    /// What waits, longest first.
    pub waiting: Vec<Report>,
    /// What was decided, newest first, each with its decisions.
    pub decided: Vec<Report>,
    /// Every decision about any of them.
    pub judgements: HashMap<ReportId, Vec<Judgement>>,
}

/// The reports that a person looks after; refused to whoever looks after none.
pub async fn desk(app: &App, person: &Person) -> Result<Desk> {
    let rows = app.store.rows();
    let of = looked_after(&rows, person).await?;
    if of.is_empty() && !person.steward {
        return Err(Refusal::NotASteward.into());
    }
    let whose = if person.steward { Whose::Everyones } else { Whose::Of(&of) };
    let waiting = reports::waiting(&rows, whose, LIST).await?;
    let decided = reports::decided(&rows, whose, LIST).await?;
    let ids: Vec<ReportId> = waiting.iter().chain(&decided).map(|report| report.id).collect();
    let judgements = reports::judgements(&rows, &ids).await?;
    Ok(Desk { board: person.steward, waiting, decided, judgements })
}

/// How many reports wait for this person.
pub async fn waiting(app: &App, person: &Person) -> Result<u64> {
    let rows = app.store.rows();
    let of = looked_after(&rows, person).await?;
    let whose = if person.steward { Whose::Everyones } else { Whose::Of(&of) };
    Ok(reports::count_waiting(&rows, whose).await?)
}

async fn looked_after(rows: &Rows<'_>, person: &Person) -> Result<Vec<ActorId>> {
    let mut of: Vec<ActorId> = people::associations_of(rows, person.id)
        .await?
        .into_iter()
        .map(|(association, _)| association)
        .collect();
    of.dedup();
    Ok(of)
}
