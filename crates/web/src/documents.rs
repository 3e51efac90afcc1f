//! Feeds, calendars and map data: what programs fetch again and again, and may have from pages of others, too.
//!
//! Each says what it is by the digest of its bytes, and is not sent again while it is the same (RFC 9110 13).

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use folkmoot_domain::Moment;

/// A document as it goes out.
pub(crate) struct Document {
    pub kind: &'static str,
    pub body: String,
    /// When something in it last changed.
    pub changed: Option<Moment>,
    /// Its name, should it be kept as a file.
    pub name: Option<String>,
}

impl Document {
    /// The answer to somebody who may have it already.
    pub(crate) fn answer(self, asked: &HeaderMap) -> Response {
        let digest: String = folkmoot_app::keys::hash(&self.body).chars().take(32).collect();
        let tag = format!("\"{digest}\"");
        // By the tag alone: a date does not tell of what was taken down.
        let known = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|tags| tags.to_str().ok());
        let mut known = known.flat_map(|tags| tags.split(',')).map(str::trim);
        let same = known.any(|known| known == "*" || known.trim_start_matches("W/") == tag);
        let mut answer = if same {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            Body::from(self.body).into_response()
        };
        let headers = answer.headers_mut();
        let mut say = |name: HeaderName, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        say(header::CONTENT_TYPE, self.kind);
        say(header::ETAG, &tag);
        if let Some(changed) = self.changed {
            say(header::LAST_MODIFIED, &http_date(changed));
        }
        if let Some(name) = &self.name {
            say(header::CONTENT_DISPOSITION, &format!("attachment; filename=\"{name}\""));
        }
        // It is public, and holds no script: pages elsewhere may read it.
        say(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        say(HeaderName::from_static("cross-origin-resource-policy"), "cross-origin");
        answer
    }
}

/// RFC 9110 5.6.7.
fn http_date(at: Moment) -> String {
    at.timestamp().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Text without the characters that XML and calendars cannot hold; what breaks a line stays a space.
pub(crate) fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.chars().filter(|c| !matches!(c, '\u{FFFE}' | '\u{FFFF}')).collect()
}

/// The same for text that has lines.
pub(crate) fn lines(text: &str) -> String {
    let kept =
        |c: &char| *c == '\n' || *c == '\t' || !(c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}'));
    text.chars().filter(kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_not_sent_again() {
        let document = || Document {
            kind: "text/calendar",
            body: "x".to_owned(),
            changed: Some(Moment(1_781_164_800_000)),
            name: None,
        };
        let first = document().answer(&HeaderMap::new());
        assert_eq!(first.headers()[header::LAST_MODIFIED], "Thu, 11 Jun 2026 08:00:00 GMT");
        let tag = first.headers()[header::ETAG].clone();
        let asked = |tags: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, HeaderValue::from_str(tags).unwrap());
            document().answer(&headers).status()
        };
        assert_eq!(asked(tag.to_str().unwrap()), StatusCode::NOT_MODIFIED);
        assert_eq!(asked(&format!("\"other\", W/{}", tag.to_str().unwrap())), StatusCode::NOT_MODIFIED);
        assert_eq!(asked("\"other\""), StatusCode::OK);
    }

    #[test]
    fn lines_cannot_be_slipped_in() {
        assert_eq!(one_line("a\r\nBEGIN:VEVENT\u{0}\u{85}b\u{FFFF}"), "a  BEGIN:VEVENT  b");
        assert_eq!(lines("a\r\nb\u{8}"), "a\nb");
    }
}
