//! Whether a signature is of now: at most an hour old or ahead, by every moment it is signed with.

use axum::http::{StatusCode, header, request::Parts};

use super::Refused;
use crate::signatures::{Algorithm, CREATED, SignatureHeader, read_http_date};

/// How far a peer's clock may be from ours, either way, in milliseconds.
pub const WINDOW_MS: i64 = 60 * 60 * 1000;

/// Checks the moments a signature covers, and `expires` in any case, against `now` (epoch milliseconds).
pub(super) fn is_fresh(parts: &Parts, signature: &SignatureHeader, now: i64) -> Result<(), Refused> {
    if signature.covers("date") {
        let date = parts.headers.get(header::DATE).and_then(|value| value.to_str().ok());
        let date = date.and_then(|text| read_http_date(text.trim()));
        within(date.ok_or_else(|| stale("Date must be like Mon, 23 Nov 2026 18:21:06 GMT"))?, now)?;
    }
    if signature.covers(CREATED) {
        // draft-cavage-12 2.3: the older algorithms do not know it.
        if signature.algorithm == Algorithm::RsaSha256 {
            return Err(stale("(created) can only be signed with hs2019"));
        }
        within(
            milliseconds(signature.created.ok_or_else(|| stale("(created) is covered, but missing"))?),
            now,
        )?;
    }
    match (signature.created, signature.expires) {
        (Some(created), Some(expires)) if expires < created => Err(stale("expires lies before created")),
        (_, Some(expires)) if milliseconds(expires).saturating_add(WINDOW_MS) < now => {
            Err(stale("the signature has expired"))
        }
        _ => Ok(()),
    }
}

fn within(moment: i64, now: i64) -> Result<(), Refused> {
    if moment.abs_diff(now) <= WINDOW_MS.unsigned_abs() {
        Ok(())
    } else {
        Err(stale("the signature is more than an hour away from now"))
    }
}

fn milliseconds(seconds: i64) -> i64 {
    seconds.saturating_mul(1000)
}

fn stale(reason: &'static str) -> Refused {
    Refused::new(StatusCode::UNAUTHORIZED, reason)
}
