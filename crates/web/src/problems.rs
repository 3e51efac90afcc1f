//! When something cannot be shown or done: what happened, that nothing was lost, and what to do, as a page.
//!
//! A handler answers with a [`Problem`]; [`draw`] makes the page of it and is the one place that logs failures. What
//! the log says never reaches the page, and no secret in an address reaches the log: two words join the one to the other.

mod kept;
mod pair;

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{MatchedPath, Request, State, rejection::FormRejection},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use folkmoot_app::Error;
use folkmoot_domain::{Refusal, items::ItemKind};
use folkmoot_storage::StorageError;

use crate::{FORM, Web, frame::Frame, sessions};
use kept::{Kept, Sent};

/// Why there is no page.
#[derive(Debug, Clone)]
pub(crate) enum Problem {
    /// There is no such thing, or it is not for this reader.
    Missing,
    /// It was here, and was deleted.
    Deleted(ItemKind),
    /// It lives elsewhere now, for good: at this id, which leads to its page.
    Moved(url::Url),
    /// One signs in first; then goes back to the page that was wanted, when there was one.
    NotSignedIn(Option<String>),
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
            Self::Moved(_) => StatusCode::MOVED_PERMANENTLY,
            Self::Missing | Self::Refused(Refusal::Unknown(_)) => StatusCode::NOT_FOUND,
            Self::Deleted(_) | Self::Refused(Refusal::LinkSpent) => StatusCode::GONE,
            Self::NotSignedIn(_)
            | Self::Foreign
            | Self::Refused(
                Refusal::NotAnOrganiser
                | Refusal::NotASteward
                | Refusal::NotHere
                | Refusal::NotTheOwner(_)
                | Refusal::Blocked(_),
            ) => StatusCode::FORBIDDEN,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::Unreadable
            | Self::Refused(
                Refusal::Field { .. }
                | Refusal::NoSuchNeed(_)
                | Refusal::HandleTaken(_)
                | Refusal::NotThisPassword,
            ) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Refused(Refusal::TooOften { .. }) => StatusCode::TOO_MANY_REQUESTS,
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
        if let Self::Moved(to) = &self {
            return crate::paths::moved(to.as_str());
        }
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
    let again = (method == Method::GET).then(|| request.uri().path().to_owned());
    let (request, sent) = kept::copy(request, FORM).await;
    let mut answer = next.run(request).await;
    let Some(problem) = answer.extensions_mut().remove::<Problem>() else {
        return answer;
    };
    let mut page = ProblemPage::new(&web, &problem);
    if let Problem::Broken(cause) = &problem {
        let (route, words) = (route.as_ref().map_or("", MatchedPath::as_str), pair::draw(&*web.app.random));
        tracing::error!(%method, route, %cause, words, "a page could not be made");
        page.keep(again, sent, words);
    }
    let (mut head, _) = answer.into_parts();
    head.headers.remove(header::CONTENT_LENGTH);
    if let Problem::Refused(Refusal::TooOften { seconds }) = problem {
        head.headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    head.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // The address may hold a secret.
    head.headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    // Should even this page fail, the status alone says enough.
    let page = page.render().unwrap_or_default();
    (head, Html(page)).into_response()
}

#[derive(Template)]
#[template(path = "problems/page.html")]
struct ProblemPage {
    frame: Frame,
    heading: String,
    lead: String,
    advice: String,
    /// Where one signs in and comes back from, when that is what is missing.
    sign_in: Option<String>,
    /// For failures: the words by which the operator finds it in the log.
    words: Option<String>,
    /// For failures of a page: its path, to try again.
    again: Option<String>,
    /// For failures of a form: what was in it.
    kept: Option<Kept>,
    contact_name: String,
    contact_email: String,
}

impl ProblemPage {
    fn new(web: &Web, problem: &Problem) -> Self {
        let (heading, lead, advice) = said(problem);
        let contact = &web.settings.contact;
        Self {
            frame: Frame::new(web, &heading).secret(),
            heading,
            lead,
            advice,
            sign_in: match problem {
                Problem::NotSignedIn(wanted) => Some(sessions::sign_in_path(wanted.as_deref())),
                _ => None,
            },
            words: None,
            again: None,
            kept: None,
            contact_name: contact.name.clone(),
            contact_email: contact.email.clone(),
        }
    }
}

impl ProblemPage {
    /// Adds what a failure leaves to its reader: the words for the operator, and nothing lost.
    fn keep(&mut self, again: Option<String>, sent: Option<Sent>, words: String) {
        self.words = Some(words);
        self.again = again;
        self.kept = sent.and_then(|sent| sent.kept());
        if self.kept.is_some() {
            "This is not done yet".clone_into(&mut self.heading);
            "The fault is on this server. What you sent was not taken, and it is still here."
                .clone_into(&mut self.lead);
            self.advice.clear();
        }
    }
}

/// What a rule said, with a capital at its beginning and a full stop.
fn sentence(problem: &Problem) -> String {
    let Problem::Refused(refusal) = problem else { return String::new() };
    let text = refusal.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
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
        Problem::Moved(_) => (
            "It has moved",
            "The association that pinned this lives on another server now.",
            "Go there with the link on its page.",
        ),
        Problem::Deleted(kind) => {
            let heading = format!("This {} was taken down", kind.word());
            let lead =
                "Whoever published it has deleted it. Copies on other servers were asked to go as well.";
            return (heading, lead.into(), "See what is pinned here now.".into());
        }
        Problem::Refused(Refusal::LinkSpent) => (
            "This link has been used",
            "A link from a letter works once, and not for ever. This one was used before, or is too old. Nothing was changed.",
            "Ask for a new one in the same way. To sign in, go to Sign in and have a link sent to you.",
        ),
        Problem::NotSignedIn(_) => (
            "Sign in first",
            "This page is for people who look after an association here, and you are not signed in. To help, to come \
             along or to follow, nobody needs an account.",
            "Sign in with a link that is sent to you, or with your password. You come back here then.",
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
        Problem::Refused(Refusal::TooOften { .. }) => {
            let lead = format!("{} Nothing was changed.", sentence(problem));
            let advice = "Go back when that time is over, and send it once more. What you wrote is still in your form.";
            return ("Too often in a short time".into(), lead, advice.into());
        }
        Problem::Refused(refusal) => {
            let lead = format!("The answer is no: {refusal}. Nothing was changed.");
            let advice = "Go back and load the page again: it shows how things stand now.";
            return ("That cannot be done".into(), lead, advice.into());
        }
        Problem::Broken(_) => (
            "This did not work",
            "The fault is on this server. Nothing was changed, and nobody was told anything.",
            "Try again in a few minutes.",
        ),
    };
    (heading.into(), lead.into(), advice.into())
}
