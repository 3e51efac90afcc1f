//! `Date` as HTTP writes it, to and from epoch milliseconds; only the one modern form is read.

use jiff::{Timestamp, fmt::rfc2822};

/// `Mon, 23 Nov 2026 18:21:06 GMT` for a moment in epoch milliseconds; `None` outside the years it can say.
pub fn write(epoch_ms: i64) -> Option<String> {
    let moment = Timestamp::from_millisecond(epoch_ms).ok()?;
    rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&moment).ok()
}

/// Epoch milliseconds of an IMF-fixdate (RFC 9110 5.6.7). Every other form is refused: what does not come
/// back letter by letter when written again was not in that form.
pub fn read(text: &str) -> Option<i64> {
    let moment = rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?.as_millisecond();
    (write(moment).as_deref() == Some(text)).then_some(moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_modern_form_goes_both_ways() {
        assert_eq!(read("Mon, 23 Nov 2026 18:21:06 GMT"), Some(1_795_458_066_000));
        assert_eq!(write(1_795_458_066_999).as_deref(), Some("Mon, 23 Nov 2026 18:21:06 GMT"));
        assert_eq!(read("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(write(i64::MAX), None);
    }

    /// SIG-17.
    #[test]
    fn other_forms_are_refused() {
        for bad in [
            "2024-01-01T00:00:00Z",
            "Monday, 23-Nov-26 18:21:06 GMT",
            "Mon Nov 23 18:21:06 2026",
            "Mon, 23 Nov 2026 18:21:06 +0000",
            "Mon, 23 Nov 2026 18:21:06 EST",
            "Tue, 23 Nov 2026 18:21:06 GMT",
            "23 Nov 2026 18:21:06 GMT",
            "Mon, 23 Nov 2026 18:21:60 GMT",
            "Mon, 31 Feb 2026 18:21:06 GMT",
            "Mon, 23 Nov 2026 18:21:06 GMT ",
            "Mon, 23 Nov 20260 18:21:06 GMT",
            "1795458066",
            "",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
