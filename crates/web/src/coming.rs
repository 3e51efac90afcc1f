//! "I will come" for anyone: the form of an event, the page behind the link of the letter, and the receipt.
//!
//! Programs fetch links, so opening one changes nothing: confirming and taking back are buttons. Who is signed in comes
//! with one tap, also to an event that lives elsewhere; whoever has no account is shown the way to its own page there.

use askama::Template;
use axum::{
    Form, Router,
    extract::{State, rejection::FormRejection},
    middleware::map_response,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use folkmoot_app::{By, Error, rsvps};
use folkmoot_domain::{
    ItemId, Refusal,
    events::EventSeen,
    items::ItemKind,
    moments,
    people::Person,
    rsvps::{self as rules, RsvpSeen, RsvpState},
};
use folkmoot_storage::{events, items as item_rows};
use serde::Deserialize;

use crate::{
    Web,
    forms::{self, Wrong},
    frame::{Answer, Frame, Section, draw},
    headers,
    items::{self, Fact},
    mine,
    paths::Named,
    problems::Problem,
    rows,
    sessions::{Asker, MaybeSignedIn},
};

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/events/{id}/come", get(form).post(send))
        .route("/coming/{receipt}", get(receipt))
        .route("/coming/{receipt}/confirm", post(confirm))
        .route("/coming/{receipt}/take-back", post(take_back))
        .layer(map_response(headers::secret))
}

/// How many come, and what room there is: "12 are coming, 3 places left".
pub(crate) fn count(seen: &EventSeen) -> Option<String> {
    let coming = match seen.going {
        0 => None,
        1 => Some("1 is coming".to_owned()),
        many => Some(format!("{many} are coming")),
    };
    let left = rules::left(seen.event.capacity, seen.going).map(|left| match left {
        0 => "all places are taken".to_owned(),
        1 => "1 place left".to_owned(),
        many => format!("{many} places left"),
    });
    match (coming, left) {
        (Some(coming), Some(left)) => Some(format!("{coming}, {left}")),
        (coming, left) => coming.or(left),
    }
}

/// Is there no place left?
pub(crate) fn full(seen: &EventSeen) -> bool {
    rules::left(seen.event.capacity, seen.going) == Some(0)
}

#[derive(Template)]
#[template(path = "coming/form.html")]
struct FormPage {
    frame: Frame,
    by: rows::By,
    title: String,
    language: String,
    when: String,
    count: Option<String>,
    full: bool,
    /// The event's page; the form is sent to the same with `/come` behind.
    path: String,
    sent: Sent,
    /// How whoever is signed in is called, and where letters to them go.
    person: Option<(String, String)>,
    /// The host where it lives, when that is not here, and the form there.
    elsewhere: Option<(String, String)>,
    wrong: Option<Wrong>,
}

/// What was typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Sent {
    name: String,
    email: String,
    note: String,
    /// "maybe", for those who do not know yet.
    answer: String,
}

impl FormPage {
    fn new(web: &Web, seen: &EventSeen, person: Option<&Person>, sent: Sent, wrong: Option<Wrong>) -> Self {
        let item = &seen.seen.item;
        Self {
            frame: Frame::new(web, "I will come").under(Section::Events).secret(),
            by: rows::By::new(&seen.seen.home),
            title: item.title.clone(),
            language: item.language.as_str().to_owned(),
            when: moments::span_in_words(seen.event.starts, seen.event.ends, &seen.event.time_zone()),
            count: count(seen),
            full: full(seen),
            path: format!("/events/{}", item.id),
            sent,
            person: person.map(|person| (person.name.clone(), person.email.clone())),
            elsewhere: mine::form_elsewhere(web, item),
            wrong,
        }
    }

    /// Why this field needs another look.
    fn why(&self, field: &str) -> Option<&str> {
        Wrong::at(&self.wrong, field)
    }
}

async fn form(
    State(web): State<Web>,
    Named(id): Named<ItemId>,
    MaybeSignedIn(person): MaybeSignedIn,
) -> Answer {
    match rsvps::answerable(&web.app, id).await {
        Ok(seen) => {
            items::must_hang_here(&seen.seen)?;
            draw(&FormPage::new(&web, &seen, person.as_ref(), Sent::default(), None))
        }
        Err(error) => not_open(&web, id, error).await,
    }
}

/// Its page says why nobody can come, if it has one.
async fn not_open(web: &Web, id: ItemId, error: Error) -> Answer {
    match error {
        Error::Refused(Refusal::EventOver(_)) => Ok(Redirect::to(&format!("/events/{id}")).into_response()),
        Error::Refused(Refusal::Unknown(_)) => Err(items::absent(&web.rows(), ItemKind::Event, id).await),
        other => Err(other.into()),
    }
}

#[derive(Template)]
#[template(path = "coming/sent.html")]
struct SentPage {
    frame: Frame,
    by: rows::By,
    email: String,
    path: String,
    /// Where letters can be read on this very board, while it is only tried out.
    mail: bool,
}

async fn send(
    State(web): State<Web>,
    Named(id): Named<ItemId>,
    MaybeSignedIn(person): MaybeSignedIn,
    Asker(from): Asker,
    sent: Result<Form<Sent>, FormRejection>,
) -> Answer {
    let Form(sent) = sent.map_err(|_| Problem::Unreadable)?;
    let done = match &person {
        Some(person) => rsvps::come(&web.app, &By::person(person.id), id, sent.answer == "maybe", &sent.note)
            .await
            .map(Some),
        None => {
            let form = rsvps::Form { name: &sent.name, email: &sent.email, note: &sent.note };
            rsvps::ask(&web.app, from, id, &form).await.map(|()| None)
        }
    };
    match done {
        Ok(Some(receipt)) => Ok(to_receipt(&receipt)),
        Ok(None) => look_into_your_mail(&web, id, &sent).await,
        Err(error @ Error::Refused(Refusal::EventOver(_) | Refusal::Unknown(_))) => {
            not_open(&web, id, error).await
        }
        Err(error) => {
            let (wait, wrong) = (forms::wait(&error), Wrong::of(error)?);
            let seen = rsvps::answerable(&web.app, id).await?;
            draw(&FormPage::new(&web, &seen, person.as_ref(), sent, Some(wrong)))
                .map(forms::again_after(wait))
        }
    }
}

async fn look_into_your_mail(web: &Web, id: ItemId, sent: &Sent) -> Answer {
    let seen = rsvps::answerable(&web.app, id).await?;
    draw(&SentPage {
        frame: Frame::new(web, "Look into your mail").under(Section::Events).secret(),
        by: rows::By::new(&seen.seen.home),
        email: sent.email.trim().to_owned(),
        path: format!("/events/{id}"),
        mail: web.settings.shows_mail,
    })
}

fn to_receipt(receipt: &str) -> Response {
    Redirect::to(&format!("/coming/{receipt}")).into_response()
}

#[derive(Template)]
#[template(path = "coming/receipt.html")]
struct ReceiptPage {
    frame: Frame,
    heading: &'static str,
    lead: String,
    answer: String,
    facts: Vec<Fact>,
    /// Where to confirm it, while that is not done.
    confirm: Option<String>,
    /// Where to take it back, while it stands.
    take_back: Option<String>,
}

async fn receipt(State(web): State<Web>, Named(secret): Named<String>) -> Answer {
    let seen = rsvps::by_receipt(&web.app, &secret).await?;
    let (heading, lead) = said(&seen);
    let state = seen.rsvp.state;
    draw(&ReceiptPage {
        frame: Frame::new(&web, "Coming").under(Section::Events).secret(),
        heading,
        lead,
        answer: seen.rsvp.answer.clone(),
        facts: facts(&web, &seen).await?,
        confirm: (state == RsvpState::Unconfirmed).then(|| format!("/coming/{secret}/confirm")),
        take_back: state.lives().then(|| format!("/coming/{secret}/take-back")),
    })
}

async fn facts(web: &Web, seen: &RsvpSeen) -> Result<Vec<Fact>, Problem> {
    let rows = web.rows();
    let item = item_rows::find(&rows, seen.event.id).await?.filter(|item| item.deleted.is_none());
    let mut facts = Vec::new();
    match item {
        Some(item) => {
            let elsewhere = mine::elsewhere(web, &item);
            let link = elsewhere.clone().map_or_else(|| format!("/events/{}", item.id), |(_, page)| page);
            facts.push(Fact::new("Event", item.title).to(link));
            facts.extend(elsewhere.map(|(host, _)| Fact::new("At", host)));
            facts.extend(item.place.map(|place| Fact::new("Where", place.name)));
        }
        None => facts.push(Fact::new("Event", "It was taken down.")),
    }
    if let Some(event) = events::seen(&rows, seen.event.id).await? {
        let (event, zone) = (&event.event, event.event.time_zone());
        let when = moments::span_in_words(event.starts, event.ends, &zone);
        facts.insert(1, Fact::new("When", when).at(event.starts, &zone));
    }
    let goer = rows::By::new(&seen.goer);
    facts.push(Fact::new("From", if goer.local { goer.name } else { goer.address }));
    if !seen.rsvp.note.is_empty() {
        facts.push(Fact::new("You wrote", seen.rsvp.note.clone()));
    }
    Ok(facts)
}

/// How it stands, and what that means.
fn said(seen: &RsvpSeen) -> (&'static str, String) {
    let home = &seen.home.name;
    match seen.rsvp.state {
        RsvpState::Unconfirmed => (
            "Will you come?",
            format!("Press the button, and {home} know that you come. Without it nobody hears of you."),
        ),
        RsvpState::Asked => ("You asked to come", format!("{home} know, and will answer you.")),
        RsvpState::Going => ("You are coming", format!("{home} look forward to seeing you.")),
        RsvpState::Maybe => ("You may come", format!("{home} know that you are not sure yet.")),
        RsvpState::Waiting => (
            "You are on the waiting list",
            "All places are taken. You hear from us as soon as one is free.".to_owned(),
        ),
        RsvpState::Not => (
            "You are not coming",
            "Should you change your mind, say so again on the page of the event.".to_owned(),
        ),
        RsvpState::Refused => ("There is no place for you", format!("{home} could not take you.")),
    }
}

async fn confirm(State(web): State<Web>, Named(secret): Named<String>) -> Answer {
    match rsvps::confirm(&web.app, &secret).await {
        Ok(seen) => Ok(to_receipt(&seen.rsvp.receipt)),
        // The page says that it is over.
        Err(Error::Refused(Refusal::EventOver(_))) => {
            let seen = rsvps::by_receipt(&web.app, &secret).await?;
            Ok(Redirect::to(&format!("/events/{}", seen.event.id)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Takes it back. Twice is once.
async fn take_back(State(web): State<Web>, Named(secret): Named<String>) -> Answer {
    rsvps::take_back(&web.app, &secret).await?;
    Ok(to_receipt(&secret))
}

/// Somebody on an event's list of who comes, for its organisers.
pub(crate) struct Coming {
    pub by: rows::By,
    pub state: &'static str,
    pub good: bool,
    pub note: String,
    /// How to reach them: words, and the address behind them.
    pub reach: Vec<(String, String)>,
}

impl Coming {
    pub(crate) fn new(seen: &RsvpSeen) -> Self {
        let email = seen.reach.as_ref().and_then(|reach| reach.email.clone());
        Self {
            by: rows::By::new(&seen.goer),
            state: stands(seen.rsvp.state),
            good: seen.rsvp.state == RsvpState::Going,
            note: seen.rsvp.note.clone(),
            reach: email.map(|email| (email.clone(), format!("mailto:{email}"))).into_iter().collect(),
        }
    }
}

/// A state in words, for lists.
pub(crate) fn stands(state: RsvpState) -> &'static str {
    match state {
        RsvpState::Unconfirmed => "not confirmed yet",
        RsvpState::Asked => "asked, not answered yet",
        RsvpState::Going => "coming",
        RsvpState::Maybe => "maybe",
        RsvpState::Waiting => "waiting for a place",
        RsvpState::Not => "not coming",
        RsvpState::Refused => "no place",
    }
}
