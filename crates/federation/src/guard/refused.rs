//! How a refusal looks to the peer: RFC 9457 problem+json, with a reason that helps an honest developer.

use std::borrow::Cow;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

/// A request that is not taken. Nothing was stored or asked because of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{status}: {reason}")]
pub struct Refused {
    /// HTTP status of the answer.
    pub status: StatusCode,
    /// One sentence without personal data, shown to the peer.
    pub reason: Cow<'static, str>,
}

/// What a signature must look like (draft-cavage-12 3.1.1; RFC 9110 15.5.2 wants it beside every 401).
const CHALLENGE: HeaderValue =
    HeaderValue::from_static(r#"Signature realm="inbox",headers="(request-target) host date digest""#);

impl Refused {
    /// A refusal with its reason.
    pub fn new(status: StatusCode, reason: impl Into<Cow<'static, str>>) -> Self {
        Self { status, reason: reason.into() }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let problem = json!({
            "type": "about:blank",
            "title": self.status.canonical_reason().unwrap_or("Refused"),
            "status": self.status.as_u16(),
            "detail": self.reason,
        });
        let media_type = [(header::CONTENT_TYPE, "application/problem+json")];
        let mut response = (self.status, media_type, problem.to_string()).into_response();
        match self.status {
            StatusCode::UNAUTHORIZED => response.headers_mut().insert(header::WWW_AUTHENTICATE, CHALLENGE),
            StatusCode::METHOD_NOT_ALLOWED => {
                response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"))
            }
            _ => None,
        };
        response
    }
}
