//! The text that is signed (draft-cavage-12 2.3), the same function for both directions.
//!
//! The field's crate builds it. Its verifying side is used for signing too, because only that side keeps the
//! order of names it is given, and peers are used to `(request-target) host date digest`. The crate reads
//! the clock and splits headers loosely, so it only ever sees a header of our own making, without times.

use std::{collections::BTreeMap, time::Duration};

use http_signature_normalization::Config;

/// Pseudo-header for method and path.
pub const REQUEST_TARGET: &str = "(request-target)";
/// Pseudo-header for the moment of signing.
pub const CREATED: &str = "(created)";
/// Pseudo-header for the end of validity.
pub const EXPIRES: &str = "(expires)";

/// Switches off the crate's own look at the clock: no date it can read is older than this.
const FOREVER: Duration = Duration::from_secs(8_000 * 365 * 24 * 60 * 60);

/// Builds the signing string for the `covered` names in their order; `target` is path and query exactly as
/// they travel, `values` the headers by lower-case name. `None` when a covered header is missing, covered
/// twice, or not a name that can be covered.
pub fn signing_string(
    method: &str,
    target: &str,
    covered: &[String],
    mut values: BTreeMap<String, String>,
) -> Option<String> {
    let mut names = covered.to_vec();
    names.sort_unstable();
    if covered.is_empty()
        || names.windows(2).any(|pair| pair.first() == pair.last())
        || !covered.iter().all(|name| is_name(name))
    {
        return None;
    }
    // The crate would take these for the signature to read.
    values.remove("authorization");
    values.insert(
        "signature".to_owned(),
        format!("keyId=\"-\",headers=\"{}\",signature=\"-\"", covered.join(" ")),
    );
    let unverified = Config::new().set_expiration(FOREVER).begin_verify(method, target, values).ok()?;
    Some(unverified.signing_string().to_owned())
}

fn is_name(name: &str) -> bool {
    matches!(name, REQUEST_TARGET | CREATED | EXPIRES)
        || (!matches!(name, "signature" | "authorization")
            && name.bytes().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_')
            })
            && !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> BTreeMap<String, String> {
        [
            ("host", "b.example"),
            ("date", "Sun, 05 Jan 2014 21:31:40 GMT"),
            ("authorization", "Basic x"),
            ("(created)", "7"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
    }

    fn build(covered: &[&str]) -> Option<String> {
        let covered: Vec<String> = covered.iter().map(|&name| name.to_owned()).collect();
        signing_string("POST", "/inbox?x=1", &covered, values())
    }

    #[test]
    fn names_keep_their_order_and_old_dates_do_not_matter() {
        assert_eq!(
            build(&["(request-target)", "host", "date", "(created)"]).unwrap(),
            "(request-target): post /inbox?x=1\nhost: b.example\ndate: Sun, 05 Jan 2014 21:31:40 GMT\n(created): 7"
        );
        assert_eq!(build(&["date", "host"]).unwrap(), "date: Sun, 05 Jan 2014 21:31:40 GMT\nhost: b.example");
    }

    #[test]
    fn what_cannot_be_covered_gives_no_string() {
        assert_eq!(build(&[]), None);
        assert_eq!(build(&["host", "digest"]), None);
        assert_eq!(build(&["host", "date", "host"]), None);
        assert_eq!(build(&["host", "signature"]), None);
        assert_eq!(build(&["host", "authorization"]), None);
        assert_eq!(build(&["host", "(expires)"]), None);
        assert_eq!(build(&["Host"]), None);
        assert_eq!(build(&["host date"]), None);
        assert_eq!(build(&["host\",headers=\"date"]), None);
        assert_eq!(build(&[""]), None);
    }
}
