//! How a "no" looks to whoever asked: RFC 9457 problem+json, and when to try again where that helps.
//!
//! The one place where errors of the house become HTTP. What the operator must know is logged here, once.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use folkmoot_app::Error;
use folkmoot_storage::StorageError;

use crate::guard::Refused;

/// Seconds after which one may try again when the fault is ours.
const OUR_FAULT: u32 = 60;

/// A request that is not answered with what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    refused: Refused,
    retry_after: Option<u32>,
}

impl Problem {
    /// There is no such thing, or it is not for everyone: both look the same (ORI-21).
    pub fn not_found() -> Self {
        Refused::new(StatusCode::NOT_FOUND, "there is nothing here that you may see").into()
    }

    /// Not now; again in so many seconds.
    pub fn later(status: StatusCode, reason: &'static str, seconds: u32) -> Self {
        Self { refused: Refused::new(status, reason), retry_after: Some(seconds) }
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        self.refused.status
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        Self { refused, retry_after: None }
    }
}

impl From<StorageError> for Problem {
    fn from(error: StorageError) -> Self {
        Error::Storage(error).into()
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        if let Error::Refused(refusal) = &error {
            return Refused::new(StatusCode::FORBIDDEN, refusal.to_string()).into();
        }
        tracing::error!(%error, "a request of another server could not be answered");
        // I12: never a 2xx for what was not stored.
        Self::later(
            StatusCode::SERVICE_UNAVAILABLE,
            "something went wrong here; nothing was lost, try again later",
            OUR_FAULT,
        )
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.refused.into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_faults_say_when_to_try_again() {
        let broken: Problem = Error::Broken("secret path".to_owned()).into();
        assert!(!format!("{broken:?}").contains("secret"));
        let response = broken.into_response();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers()[header::RETRY_AFTER], "60");
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
        let refused: Problem = Error::Refused(folkmoot_domain::Refusal::NotHere).into();
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    }
}
