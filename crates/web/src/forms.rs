//! What is wrong with a form, so that its page comes again with what was typed and says it in two places: in a note at
//! the top that leads to the field, and between the label and the field (`parts/wrong.html`, `parts/why.html`).

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use folkmoot_app::Error;
use folkmoot_domain::Refusal;

use crate::problems::Problem;

/// One field that needs another look, or none in particular.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// The field as its form names it, which is the `id` of its input too; empty when it is the form as a whole.
    pub field: &'static str,
    /// What is wrong, and what would be right.
    pub why: String,
}

impl Wrong {
    /// What the form can say itself; anything else is a problem with a page of its own.
    pub(crate) fn of(error: Error) -> Result<Self, Problem> {
        match error {
            Error::Refused(Refusal::Field { field, problem }) => Ok(Self { field, why: sentence(&problem) }),
            Error::Refused(refusal @ Refusal::HandleTaken(_)) => {
                Ok(Self { field: "handle", why: sentence(&refusal.to_string()) })
            }
            Error::Refused(refusal @ Refusal::TooOften { .. }) => {
                Ok(Self { field: "", why: sentence(&refusal.to_string()) })
            }
            other => Err(other.into()),
        }
    }

    /// Why this field needs another look.
    #[expect(clippy::ref_option, reason = "forms hold it so")]
    pub(crate) fn at<'a>(wrong: &'a Option<Self>, field: &str) -> Option<&'a str> {
        wrong.as_ref().filter(|wrong| wrong.field == field).map(|wrong| wrong.why.as_str())
    }
}

/// A refusal as a sentence of its own: it begins in the middle of one.
fn sentence(problem: &str) -> String {
    let mut letters = problem.trim().chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    let mut sentence: String = first.chain(letters).collect();
    if !sentence.ends_with(['.', '?', '!']) {
        sentence.push('.');
    }
    sentence
}

/// The page again, for a form that was not taken.
pub(crate) fn again(mut page: Response) -> Response {
    *page.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    page
}

/// The same for a form that strangers send too often: the head says when to come again.
pub(crate) fn again_after(wait: Option<u32>) -> impl FnOnce(Response) -> Response {
    move |page| {
        let mut page = again(page);
        if let Some(seconds) = wait {
            *page.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        page
    }
}

/// How many seconds to wait, when it was asked too often.
pub(crate) fn wait(error: &Error) -> Option<u32> {
    match error {
        Error::Refused(Refusal::TooOften { seconds }) => Some(*seconds),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_says_why_and_what_is_no_field_has_its_own_page() {
        let wrong = Wrong::of(Refusal::field("title", "must not be empty").into()).unwrap();
        assert_eq!((wrong.field, wrong.why.as_str()), ("title", "Must not be empty."));
        let wrong = Some(wrong);
        assert_eq!(Wrong::at(&wrong, "title"), Some("Must not be empty."));
        assert_eq!(Wrong::at(&wrong, "words"), None);
        assert!(Wrong::of(Refusal::NotHere.into()).is_err());
    }
}
