//! Media types, compared exactly: what a document is called decides whether it may be believed.
//!
//! Servers let people upload files, so `application/json` or `text/plain` under a trusted name proves
//! nothing. Only the two names of ActivityPub 3.2 make a document an activity. This module never guesses.

use std::collections::BTreeMap;

/// The profile that makes `application/ld+json` an ActivityStreams document (ActivityPub 3.2).
pub const PROFILE: &str = "https://www.w3.org/ns/activitystreams";

/// A parsed `Content-Type`: lower-case essence and its parameters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaType {
    /// Type and subtype in lower case, `application/activity+json` for example.
    pub essence: String,
    parameters: BTreeMap<String, String>,
}

impl MediaType {
    /// Reads a header value; `None` when it does not follow RFC 9110 8.3.1 or repeats a parameter.
    pub fn parse(text: &str) -> Option<Self> {
        let (essence, mut rest) = split(text);
        let (kind, subtype) = essence.split_once('/')?;
        if !is_token(kind) || !is_token(subtype) {
            return None;
        }
        let mut parameters = BTreeMap::new();
        while let Some(tail) = rest {
            let (parameter, after) = split(tail);
            let (name, value) = parameter.split_once('=')?;
            let value = unquote(value)?;
            if !is_token(name) || parameters.insert(name.to_ascii_lowercase(), value).is_some() {
                return None;
            }
            rest = after;
        }
        Some(Self { essence: essence.to_ascii_lowercase(), parameters })
    }

    /// Whether this names an ActivityPub document: `application/activity+json`, or `application/ld+json`
    /// with the ActivityStreams profile, which alone is not enough (ActivityPub 3.2, FEP-fe34).
    pub fn is_activity(&self) -> bool {
        match self.essence.as_str() {
            "application/activity+json" => true,
            "application/ld+json" => self
                .parameters
                .get("profile")
                .is_some_and(|profiles| profiles.split_ascii_whitespace().any(|profile| profile == PROFILE)),
            _ => false,
        }
    }

    /// Whether this names a WebFinger or NodeInfo answer (RFC 7033 10.2; NodeInfo allows plain JSON).
    pub fn is_description(&self) -> bool {
        matches!(self.essence.as_str(), "application/jrd+json" | "application/json")
    }
}

/// Splits at the first `;` that no quotes enclose. A quoted `;` inside a profile is nobody's habit, but
/// reading it wrongly would let a parameter pass for another.
fn split(text: &str) -> (&str, Option<&str>) {
    let mut quoted = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b';' if !quoted => {
                let (head, tail) = text.split_at(at);
                return (head.trim_matches(BLANK), tail.strip_prefix(';'));
            }
            _ => {}
        }
    }
    (text.trim_matches(BLANK), None)
}

const BLANK: [char; 2] = [' ', '\t'];

fn unquote(value: &str) -> Option<String> {
    match value.strip_prefix('"') {
        Some(rest) => {
            let inside = rest.strip_suffix('"')?;
            (!inside.contains(['"', '\\'])).then(|| inside.to_owned())
        }
        None => is_token(value).then(|| value.to_owned()),
    }
}

/// RFC 9110 5.6.2.
fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_activity(text: &str) -> bool {
        MediaType::parse(text).is_some_and(|found| found.is_activity())
    }

    #[test]
    fn the_two_names_of_an_activity_and_their_spellings() {
        for good in [
            "application/activity+json",
            "Application/Activity+JSON",
            "application/activity+json; charset=utf-8",
            "application/activity+json;charset=\"utf-8\"",
            "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\"",
            "application/ld+json;profile=\"https://www.w3.org/ns/activitystreams\"; charset=utf-8",
            "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams https://w3id.org/x\"",
        ] {
            assert!(is_activity(good), "{good}");
        }
    }

    /// ORI-08, ORI-09: an upload, a lookalike parameter, a missing or stretched profile.
    #[test]
    fn everything_else_is_not_an_activity() {
        for bad in [
            "",
            "application/json",
            "text/plain",
            "text/html; x=application/activity+json",
            "text/html, application/activity+json",
            "application/activity+json, text/html",
            "application/activity+jsonp",
            "application/ld+json",
            "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams.evil.example\"",
            "application/ld+json; x=\"; profile=https://www.w3.org/ns/activitystreams\"",
            "application/ld+json; profile=a; profile=\"https://www.w3.org/ns/activitystreams\"",
            "application/ld+json; profile=\"https://www.w3.org/ns/activitystreams",
            "application/ld+json; profile=https://www.w3.org/ns/activitystreams",
            "application/activity+json;",
            "application/activity+json; ; charset=utf-8",
            "application/ activity+json",
        ] {
            assert!(!is_activity(bad), "{bad}");
        }
    }

    #[test]
    fn descriptions_may_be_plain_json() {
        assert!(MediaType::parse("application/jrd+json; charset=utf-8").unwrap().is_description());
        assert!(MediaType::parse("application/json").unwrap().is_description());
        assert!(!MediaType::parse("text/html").unwrap().is_description());
    }
}
