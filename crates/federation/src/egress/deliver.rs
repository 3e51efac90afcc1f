//! Delivering: one POST, never redirected, and what the peer said to it.
//!
//! What the answer means for the queue (try again, give up, drop a follower) is not decided here.

use std::time::Duration;

use axum::{
    body::Bytes,
    http::{HeaderMap, header},
};
use reqwest::{Method, Response};
use url::Url;

use super::{Egress, SendError, TOTAL, errors::Trouble};
use crate::signatures::read_http_date;

/// Most bytes of an answer read. Enough to say why, and small answers leave the connection reusable.
const MOST_READ: usize = 4 * 1024;
/// Longest time spent on the words of an answer.
const EXCERPT_TIME: Duration = Duration::from_secs(2);
/// Most characters of an answer kept.
const EXCERPT: usize = 300;

/// What a peer answered to a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status; redirects are not followed and stand here too.
    pub status: u16,
    /// When the peer asked to be tried again.
    pub retry_after: Option<RetryAfter>,
    /// The beginning of the answer as one line of text, for the operator.
    pub excerpt: String,
}

/// `Retry-After` (RFC 9110 10.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// So many seconds from the answer on.
    Seconds(u32),
    /// At a moment, in epoch milliseconds.
    At(i64),
}

impl RetryAfter {
    /// Milliseconds to wait from `now` (epoch milliseconds); never negative.
    pub fn wait(self, now: i64) -> i64 {
        match self {
            Self::Seconds(seconds) => i64::from(seconds) * 1000,
            Self::At(moment) => moment.saturating_sub(now).max(0),
        }
    }
}

impl Egress {
    /// Posts `body` with `headers`, which hold its type and the signature over this very address.
    pub async fn post(&self, url: &Url, body: Bytes, headers: HeaderMap) -> Result<Answer, SendError> {
        self.may_fetch(url)?;
        let request = self
            .client
            .request(Method::POST, url.clone())
            .headers(headers)
            .header(header::USER_AGENT, &self.user_agent)
            .body(body);
        let answer = tokio::time::timeout(TOTAL, request.send()).await.map_err(|_| SendError::TooSlow)?;
        let answer = answer.map_err(|error| Trouble::of(&error, error.is_timeout()))?;
        let status = answer.status().as_u16();
        let retry_after =
            answer.headers().get(header::RETRY_AFTER).and_then(|value| retry_after(value.to_str().ok()?));
        // The status is known: an answer that drips or breaks off only loses its words.
        let excerpt = tokio::time::timeout(EXCERPT_TIME, excerpt(answer)).await.unwrap_or_default();
        Ok(Answer { status, retry_after, excerpt })
    }
}

fn retry_after(text: &str) -> Option<RetryAfter> {
    let text = text.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok().map(RetryAfter::Seconds);
    }
    read_http_date(text).map(RetryAfter::At)
}

async fn excerpt(mut answer: Response) -> String {
    let mut read = Vec::new();
    while let Ok(Some(chunk)) = answer.chunk().await {
        let room = MOST_READ.saturating_sub(read.len());
        read.extend(chunk.iter().take(room));
        if read.len() == MOST_READ {
            break;
        }
    }
    let text = String::from_utf8_lossy(&read);
    let line: Vec<&str> = text
        .split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    line.join(" ").chars().take(EXCERPT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        assert_eq!(retry_after("120"), Some(RetryAfter::Seconds(120)));
        assert_eq!(retry_after("Mon, 23 Nov 2026 18:21:06 GMT"), Some(RetryAfter::At(1_795_458_066_000)));
        for bad in ["", "-1", "1.5", "99999999999", "soon"] {
            assert_eq!(retry_after(bad), None, "{bad}");
        }
        assert_eq!(RetryAfter::Seconds(2).wait(7), 2000);
        assert_eq!(RetryAfter::At(5).wait(7), 0);
        assert_eq!(RetryAfter::At(9).wait(7), 2);
        assert_eq!(RetryAfter::At(i64::MIN).wait(i64::MAX), 0);
    }
}
