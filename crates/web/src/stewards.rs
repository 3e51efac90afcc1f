//! The stewards' page: what was reported and what was proposed, each to be decided with a reason, and what was decided.
//!
//! Stewards and organisers of an association see what is about their own things; stewards of the board see everything,
//! proposed projects and blocked servers besides ([`blocks`]). `app` decides who may; here is only what they see.

mod blocks;
mod lists;

use askama::Template;
use axum::{
    Form, Router,
    extract::{State, rejection::FormRejection},
    middleware::map_response,
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use folkmoot_app::{By, nominations, reports};
use folkmoot_domain::{
    ActorId, Moment, NominationId, Refusal, ReportId,
    nominations::{Nomination, NominationState},
    people::Person,
    reports::{Judgement, Report, ReportState, Reported, Verdict},
};
use folkmoot_storage::{Rows, actors, associations, items, people, replies};
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::{
    Web,
    forms::{self, Wrong},
    frame::{Answer, Frame, draw},
    headers,
    paths::Named,
    problems::Problem,
    sessions::SignedIn,
    shapes::Tone,
    words,
};

/// How much of what is reported is shown at once.
const EXCERPT: usize = 400;

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/stewards", get(page))
        .route("/stewards/reports/{id}", post(judge))
        .route("/stewards/nominations/{id}", post(decide))
        .merge(blocks::routes())
        .layer(map_response(headers::secret))
}

/// What was reported, as stewards see it.
struct Waiting {
    id: ReportId,
    category: &'static str,
    since: String,
    since_at: String,
    title: String,
    /// Where it is; none when it is gone.
    href: Option<String>,
    /// How what is reported begins.
    excerpt: String,
    words: String,
    /// Did whoever reported leave an address?
    answer: bool,
    /// It lies with the board now, because the association passed it on.
    passed: Vec<Decided>,
    /// Can it be taken down from here?
    can_take_down: bool,
    /// False for an association's steward once it lies with the board.
    mine: bool,
    reason: String,
    wrong: Option<String>,
}

/// What was decided, and why.
struct Decided {
    title: String,
    state: &'static str,
    tone: Tone,
    by: String,
    when: String,
    reason: String,
    href: Option<String>,
}

/// A proposed project, as stewards of the board see it.
struct Proposed {
    id: NominationId,
    title: String,
    text: String,
    place: Option<String>,
    name: String,
    email: String,
    since: String,
    since_at: String,
    reason: String,
    wrong: Option<String>,
}

#[derive(Template)]
#[template(path = "stewards/page.html")]
struct StewardsPage {
    frame: Frame,
    board: bool,
    lead: String,
    /// What needs another look: where on the page, and why.
    wrong: Option<(String, String)>,
    waiting: Vec<Waiting>,
    proposed: Vec<Proposed>,
    decided: Vec<Decided>,
}

/// What somebody typed that was not taken.
struct Again {
    /// The report or the nomination.
    id: uuid::Uuid,
    reason: String,
    why: String,
}

async fn page(State(web): State<Web>, SignedIn(person): SignedIn) -> Answer {
    drawn(&web, &person, None).await
}

async fn drawn(web: &Web, person: &Person, again: Option<Again>) -> Answer {
    let desk = reports::desk(&web.app, person).await?;
    let (proposed, decided) =
        if desk.board { nominations::desk(&web.app, person).await? } else { (Vec::new(), Vec::new()) };
    let reader =
        Reader { rows: web.rows(), now: web.now(), zone: zone(web, person).await?, board: desk.board };
    let none = Vec::new();
    let mut waiting = Vec::with_capacity(desk.waiting.len());
    for report in &desk.waiting {
        waiting.push(reader.waiting(report, desk.judgements.get(&report.id).unwrap_or(&none)).await?);
    }
    let mut settled = Vec::new();
    for report in &desk.decided {
        for judgement in desk.judgements.get(&report.id).unwrap_or(&none) {
            settled.push((judgement.at, reader.decided(report, judgement).await?));
        }
    }
    for nomination in &decided {
        settled.push((nomination.decided.unwrap_or(nomination.since), reader.settled(nomination).await?));
    }
    settled.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let mut proposed: Vec<_> = proposed.iter().map(|nomination| reader.proposed(nomination)).collect();
    let wrong = again.map(|again| put_back(again, &mut waiting, &mut proposed));
    draw(&StewardsPage {
        frame: Frame::new(web, "Stewards").secret(),
        board: desk.board,
        lead: lead(waiting.len(), proposed.len()),
        wrong,
        waiting,
        proposed,
        decided: settled.into_iter().map(|(_, decided)| decided).collect(),
    })
}

/// Puts what was typed back where it was typed; answers with where that is, and why it was not taken.
fn put_back(again: Again, waiting: &mut [Waiting], proposed: &mut [Proposed]) -> (String, String) {
    let Again { id, reason, why } = again;
    if let Some(report) = waiting.iter_mut().find(|report| report.id.0 == id) {
        report.reason = reason;
        report.wrong = Some(why.clone());
    } else if let Some(proposed) = proposed.iter_mut().find(|proposed| proposed.id.0 == id) {
        proposed.reason = reason;
        proposed.wrong = Some(why.clone());
    }
    (format!("reason-{id}"), why)
}

fn lead(reports: usize, proposed: usize) -> String {
    let reports = match reports {
        0 => "Nothing waits to be looked at".to_owned(),
        1 => "One report waits to be looked at".to_owned(),
        many => format!("{many} reports wait to be looked at"),
    };
    match proposed {
        0 => format!("{reports}."),
        1 => format!("{reports}, and one project was proposed."),
        many => format!("{reports}, and {many} projects were proposed."),
    }
}

/// Dates are said in the zone of the first association that somebody runs.
async fn zone(web: &Web, person: &Person) -> Result<TimeZone, Problem> {
    let rows = web.rows();
    let Some((first, _)) = people::associations_of(&rows, person.id).await?.into_iter().next() else {
        return Ok(TimeZone::UTC);
    };
    Ok(associations::find(&rows, first).await?.map_or(TimeZone::UTC, |association| association.time_zone()))
}

/// Reads what stands around reports and nominations.
struct Reader<'a> {
    rows: Rows<'a>,
    now: Moment,
    zone: TimeZone,
    board: bool,
}

impl Reader<'_> {
    async fn waiting(&self, report: &Report, judgements: &[Judgement]) -> Result<Waiting, Problem> {
        let (href, html) = self.thing(report.about).await?;
        let mut passed = Vec::new();
        for judgement in judgements {
            passed.push(self.decided(report, judgement).await?);
        }
        let with_board = report.state == ReportState::WithBoard;
        Ok(Waiting {
            id: report.id,
            category: report.category.in_words(),
            since: words::day(report.since, self.now, &self.zone),
            since_at: report.since.rfc3339_in(&self.zone),
            title: report.title.clone(),
            href,
            excerpt: words::excerpt(&html, EXCERPT),
            words: report.words.clone(),
            answer: report.email.is_some(),
            passed,
            can_take_down: !matches!(report.about, Reported::Actor(_)),
            mine: self.board || !with_board,
            reason: String::new(),
            wrong: None,
        })
    }

    /// Where something is and what it says, as long as it is there.
    async fn thing(&self, about: Reported) -> Result<(Option<String>, String), Problem> {
        let item = match about {
            Reported::Item(id) => id,
            Reported::Reply(id) => match replies::find(&self.rows, id).await? {
                Some(reply) => {
                    let answered = items::find(&self.rows, reply.item).await?;
                    return Ok((answered.map(|item| item.page.path().to_owned()), reply.html));
                }
                None => return Ok((None, String::new())),
            },
            Reported::Actor(id) => {
                let found = actors::find(&self.rows, id).await?;
                let href = found.as_ref().and_then(|actor| words::web_link(&actor.page));
                return Ok((href, found.map(|actor| actor.summary).unwrap_or_default()));
            }
        };
        let found = items::find(&self.rows, item).await?.filter(|item| item.deleted.is_none());
        Ok(found.map_or((None, String::new()), |item| (Some(item.page.path().to_owned()), item.text.html)))
    }

    async fn name(&self, by: Option<ActorId>) -> Result<String, Problem> {
        let Some(by) = by else { return Ok("Whoever runs the server".to_owned()) };
        let found = people::find(&self.rows, by).await?;
        Ok(found.map_or_else(|| "Somebody who has left".to_owned(), |person| person.name))
    }

    async fn decided(&self, report: &Report, judgement: &Judgement) -> Result<Decided, Problem> {
        let (state, tone) = match judgement.verdict {
            Verdict::Keep => ("Looked at, stays", Tone::Good),
            Verdict::TakeDown => ("Taken down", Tone::Stop),
            Verdict::PassOn => ("Passed on", Tone::Look),
        };
        Ok(Decided {
            title: report.title.clone(),
            state,
            tone,
            by: self.name(judgement.by).await?,
            when: words::day(judgement.at, self.now, &self.zone),
            reason: judgement.reason.clone(),
            href: None,
        })
    }

    fn proposed(&self, nomination: &Nomination) -> Proposed {
        let proposal = &nomination.proposal;
        Proposed {
            id: nomination.id,
            title: proposal.title.clone(),
            text: proposal.text.clone(),
            place: proposal.place.as_ref().map(|place| place.name.clone()),
            name: proposal.name.clone(),
            email: proposal.email.clone(),
            since: words::day(nomination.since, self.now, &self.zone),
            since_at: nomination.since.rfc3339_in(&self.zone),
            reason: String::new(),
            wrong: None,
        }
    }

    async fn settled(&self, nomination: &Nomination) -> Result<Decided, Problem> {
        let put_up = nomination.state == NominationState::PutUp;
        let (state, tone) = if put_up { ("Put up", Tone::Good) } else { ("Not put up", Tone::Look) };
        Ok(Decided {
            title: nomination.proposal.title.clone(),
            state,
            tone,
            by: self.name(nomination.decided_by).await?,
            when: words::day(nomination.decided.unwrap_or(nomination.since), self.now, &self.zone),
            reason: nomination.reason.clone(),
            href: nomination.item.map(|item| format!("/projects/{item}")),
        })
    }
}

#[derive(Deserialize)]
struct Judged {
    verdict: String,
    #[serde(default)]
    reason: String,
}

async fn judge(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    Named(id): Named<ReportId>,
    form: Result<Form<Judged>, FormRejection>,
) -> Answer {
    let Form(judged) = form?;
    let verdict = Verdict::parse(&judged.verdict).ok_or(Problem::Unreadable)?;
    match reports::judge(&web.app, &By::person(person.id), id, verdict, &judged.reason).await {
        Ok(()) => Ok(Redirect::to("/stewards").into_response()),
        Err(error) => not_taken(&web, &person, id.0, judged.reason, error).await,
    }
}

#[derive(Deserialize)]
struct Settled {
    answer: String,
    #[serde(default)]
    reason: String,
}

async fn decide(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    Named(id): Named<NominationId>,
    form: Result<Form<Settled>, FormRejection>,
) -> Answer {
    let Form(settled) = form?;
    let by = By::person(person.id);
    let done = match settled.answer.as_str() {
        "put-up" => nominations::put_up(&web.app, &by, id).await.map(|_| ()),
        "decline" => nominations::decline(&web.app, &by, id, &settled.reason).await,
        _ => return Err(Problem::Unreadable),
    };
    match done {
        Ok(()) => Ok(Redirect::to("/stewards").into_response()),
        Err(error) => not_taken(&web, &person, id.0, settled.reason, error).await,
    }
}

async fn not_taken(
    web: &Web,
    person: &Person,
    id: uuid::Uuid,
    reason: String,
    error: folkmoot_app::Error,
) -> Answer {
    let Wrong { why, .. } = Wrong::of(error)?;
    drawn(web, person, Some(Again { id, reason, why })).await.map(forms::again)
}

/// Only for stewards of the board.
fn must_look_after_board(person: &Person) -> Result<(), Problem> {
    if person.steward { Ok(()) } else { Err(Refusal::NotASteward.into()) }
}
