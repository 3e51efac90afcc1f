//! When something cannot be shown or done: what happened, that nothing was lost, and what to do, as a page.
//!
//! A handler answers with a [`Problem`]; [`draw`] makes the page of it and is the one place that logs failures. What
//! the log says never reaches the page, and no secret in an address reaches the log.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{MatchedPath, Request, State, rejection::FormRejection},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use folkmoot_app::Error;
use folkmoot_domain::{Refusal, items::ItemKind, moments};
use folkmoot_storage::StorageError;
use jiff::tz::TimeZone;

use crate::{Web, frame::Frame};

/// Why there is no page.
#[derive(Debug, Clone)]
pub(crate) enum Problem {
    /// There is no such thing, or it is not for this reader.
    Missing,
    /// It was here, and was deleted.
    Deleted(ItemKind),
    /// One signs in first.
    NotSignedIn,
    /// The request did not come from one of our pages.
    Foreign,
    /// The address is there, but not for this verb.
    WrongMethod,
    /// What the form sent cannot be read.
    Unreadable,
    /// A rule said no.
    Refused(Refusal),
    /// Something failed here; the cause is for the log alone.
    Broken(Arc<str>),
}

impl Problem {
    /// Something failed here.
    pub(crate) fn broken(cause: &impl ToString) -> Self {
        Self::Broken(cause.to_string().into())
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Missing | Self::Refused(Refusal::Unknown(_)) => StatusCode::NOT_FOUND,
            Self::Deleted(_) | Self::Refused(Refusal::LinkSpent) => StatusCode::GONE,
            Self::NotSignedIn
            | Self::Foreign
            | Self::Refused(
                Refusal::NotAnOrganiser | Refusal::NotHere | Refusal::NotTheOwner(_) | Refusal::Blocked(_),
            ) => StatusCode::FORBIDDEN,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::Unreadable | Self::Refused(Refusal::Field { .. } | Refusal::NoSuchNeed(_)) => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::Refused(_) => StatusCode::CONFLICT,
            Self::Broken(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refusal) => Self::Refused(refusal),
            Error::Storage(error) => error.into(),
            Error::Broken(cause) => Self::broken(&cause),
        }
    }
}

impl From<StorageError> for Problem {
    fn from(error: StorageError) -> Self {
        Self::broken(&error)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<askama::Error> for Problem {
    fn from(error: askama::Error) -> Self {
        Self::broken(&error)
    }
}

impl From<FormRejection> for Problem {
    fn from(_: FormRejection) -> Self {
        Self::Unreadable
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut answer = self.status().into_response();
        answer.extensions_mut().insert(self);
        answer
    }
}

/// No such path.
pub(crate) async fn missing() -> Problem {
    Problem::Missing
}

/// No such verb for this path.
pub(crate) async fn wrong_method() -> Problem {
    Problem::WrongMethod
}

/// Draws the page of a problem around whatever else the answer says, and logs what failed.
pub(crate) async fn draw(State(web): State<Web>, request: Request, next: Next) -> Response {
    let (method, route) = (request.method().clone(), request.extensions().get::<MatchedPath>().cloned());
    let mut answer = next.run(request).await;
    let Some(problem) = answer.extensions_mut().remove::<Problem>() else {
        return answer;
    };
    if let Problem::Broken(cause) = &problem {
        let route = route.as_ref().map_or("", MatchedPath::as_str);
        tracing::error!(%method, route, %cause, "a page could not be made");
    }
    let (mut head, _) = answer.into_parts();
    head.headers.remove(header::CONTENT_LENGTH);
    head.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // The address may hold a secret.
    head.headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    // Should even this page fail, the status alone says enough.
    let page = ProblemPage::new(&web, &problem).render().unwrap_or_default();
    (head, Html(page)).into_response()
}

#[derive(Template)]
#[template(path = "problems/page.html")]
struct ProblemPage {
    frame: Frame,
    heading: String,
    lead: String,
    advice: String,
    /// For failures: when it happened, so that the operator finds it in the log.
    at: Option<String>,
    contact_name: String,
    contact_email: String,
}

impl ProblemPage {
    fn new(web: &Web, problem: &Problem) -> Self {
        let (heading, lead, advice) = said(problem);
        let at = matches!(problem, Problem::Broken(_)).then(|| moments::in_words(web.now(), &TimeZone::UTC));
        let contact = &web.settings.contact;
        Self {
            frame: Frame::new(web, &heading).secret(),
            heading,
            lead,
            advice,
            at,
            contact_name: contact.name.clone(),
            contact_email: contact.email.clone(),
        }
    }
}

/// What happened, how things stand, what to do.
// long: one table of words, read whole by whoever translates it
fn said(problem: &Problem) -> (String, String, String) {
    let (heading, lead, advice) = match problem {
        Problem::Missing | Problem::Refused(Refusal::Unknown(_)) => (
            "Nothing hangs here",
            "There is no such page on this board. The address may be mistyped, or its end may be missing.",
            "Look at what is pinned here now, or ask whoever gave you the address for a new one.",
        ),
        Problem::Deleted(kind) => {
            let heading = format!("This {} was taken down", kind.word());
            let lead =
                "Whoever published it has deleted it. Copies on other servers were asked to go as well.";
            return (heading, lead.into(), "See what is pinned here now.".into());
        }
        Problem::Refused(Refusal::LinkSpent) => (
            "This link has been used",
            "A sign-in link works once, for a day. This one was used before, or is too old. Nothing was changed.",
            "Ask whoever runs this place for a new one. On the server, folkmoot sign-in-link and your e-mail address make it.",
        ),
        Problem::NotSignedIn => (
            "Sign in first",
            "This page is for people who look after an association here, and you are not signed in. To help, to come \
             along or to follow, nobody needs an account.",
            "Open the sign-in link that you were given. For a new one, ask whoever runs this place.",
        ),
        Problem::Foreign => (
            "This did not come from our own page",
            "A button was pressed on a page that is not ours, or your browser did not say where it was. To be safe, \
             nothing was changed.",
            "Open the page here, and press its button once more.",
        ),
        Problem::WrongMethod => (
            "Nothing happened",
            "This address is there, but not for what was asked of it. Nothing was changed.",
            "Open the page with its button, and press it there.",
        ),
        Problem::Unreadable => (
            "The form did not arrive whole",
            "What was sent cannot be read. Nothing was changed.",
            "Go back, load the page again, and send it once more.",
        ),
        Problem::Refused(refusal) => {
            let lead = format!("The answer is no: {refusal}. Nothing was changed.");
            let advice = "Go back and load the page again: it shows how things stand now.";
            return ("That cannot be done".into(), lead, advice.into());
        }
        Problem::Broken(_) => (
            "Something went wrong here",
            "The fault is on this server. Nothing was changed, and nobody was told anything.",
            "Try again in a few minutes.",
        ),
    };
    (heading.into(), lead.into(), advice.into())
}
