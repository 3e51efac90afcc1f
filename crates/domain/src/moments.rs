//! Points in time, as milliseconds since 1970 in UTC: one form for both databases and for sorting.

use jiff::{Timestamp, tz::TimeZone};

/// A point in time, in milliseconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(pub i64);

/// One minute in milliseconds.
pub const MINUTE: i64 = 60_000;
/// One hour in milliseconds.
pub const HOUR: i64 = 60 * MINUTE;
/// One day of 24 hours in milliseconds.
pub const DAY: i64 = 24 * HOUR;

impl Moment {
    /// The moment this many milliseconds later (earlier when negative), never past the end of time.
    #[must_use]
    pub fn plus(self, milliseconds: i64) -> Self {
        Self(self.0.saturating_add(milliseconds))
    }

    /// RFC 3339 in UTC with whole seconds, as ActivityStreams wants its dates.
    pub fn rfc3339(self) -> String {
        self.timestamp().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// RFC 3339 with the offset that holds in this time zone at this moment.
    pub fn rfc3339_in(self, zone: &TimeZone) -> String {
        self.timestamp().to_zoned_datetime(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    /// Reads RFC 3339 with any offset.
    pub fn parse(text: &str) -> Option<Self> {
        text.trim().parse::<Timestamp>().ok().map(|at| Self(at.as_millisecond()))
    }

    /// The same moment for the `jiff` library; moments outside its years become the nearest it knows.
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).unwrap_or(if self.0 < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        })
    }

    /// The date in words for readers: "Saturday 13 June 2026".
    pub fn day_in_words(self, zone: &TimeZone) -> String {
        self.timestamp().to_zoned_datetime(zone.clone()).strftime("%A %-d %B %Y").to_string()
    }

    /// The time of day in words for readers: "10 am", "2.30 pm", "noon", "midnight".
    pub fn time_in_words(self, zone: &TimeZone) -> String {
        let local = self.timestamp().to_zoned_datetime(zone.clone());
        let (hour, minute) = (local.hour(), local.minute());
        match (hour, minute) {
            (12, 0) => "noon".to_owned(),
            (0, 0) => "midnight".to_owned(),
            _ => {
                let half = if hour < 12 { "am" } else { "pm" };
                let clock = if hour % 12 == 0 { 12 } else { hour % 12 };
                if minute == 0 { format!("{clock} {half}") } else { format!("{clock}.{minute:02} {half}") }
            }
        }
    }
}

/// "Saturday 13 June 2026, 6 pm, UK time".
pub fn in_words(at: Moment, zone: &TimeZone) -> String {
    format!("{}, {}, {}", at.day_in_words(zone), at.time_in_words(zone), zone_in_words(zone))
}

/// "Saturday 13 June 2026, 10 am to noon, UK time", with both days when there are two.
pub fn span_in_words(starts: Moment, ends: Moment, zone: &TimeZone) -> String {
    let (first, last) = (starts.day_in_words(zone), ends.day_in_words(zone));
    let (from, to) = (starts.time_in_words(zone), ends.time_in_words(zone));
    let named = zone_in_words(zone);
    if first == last {
        format!("{first}, {from} to {to}, {named}")
    } else {
        format!("{first}, {from}, to {last}, {to}, {named}")
    }
}

/// "UK time", "Warsaw time", "UTC".
pub fn zone_in_words(zone: &TimeZone) -> String {
    match zone.iana_name() {
        Some("Europe/London" | "Europe/Belfast") => "UK time".to_owned(),
        Some("Europe/Dublin") => "Irish time".to_owned(),
        Some(name) => match name.rsplit_once('/') {
            Some((area, city)) if area != "Etc" => format!("{} time", city.replace('_', " ")),
            _ => name.to_owned(),
        },
        None => "UTC".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_read_and_say_dates() {
        let moment = Moment::parse("2026-06-13T10:00:00+01:00").unwrap();
        assert_eq!(moment.rfc3339(), "2026-06-13T09:00:00Z");
        let london = TimeZone::get("Europe/London").unwrap();
        assert_eq!(moment.rfc3339_in(&london), "2026-06-13T10:00:00+01:00");
        assert_eq!(moment.day_in_words(&london), "Saturday 13 June 2026");
        assert_eq!(moment.time_in_words(&london), "10 am");
        assert_eq!(moment.plus(2 * HOUR).time_in_words(&london), "noon");
        assert_eq!(moment.plus(2 * HOUR + 5 * MINUTE).time_in_words(&london), "12.05 pm");
        assert_eq!(Moment(i64::MAX).rfc3339(), "9999-12-30T22:00:00Z");
        assert_eq!(Moment::parse("yesterday"), None);
    }

    #[test]
    fn spans_name_both_days_only_when_there_are_two() {
        let warsaw = TimeZone::get("Europe/Warsaw").unwrap();
        let from = Moment::parse("2026-06-13T10:00:00+02:00").unwrap();
        assert_eq!(
            span_in_words(from, from.plus(2 * HOUR), &warsaw),
            "Saturday 13 June 2026, 10 am to noon, Warsaw time"
        );
        assert_eq!(
            span_in_words(from, from.plus(26 * HOUR), &TimeZone::UTC),
            "Saturday 13 June 2026, 8 am, to Sunday 14 June 2026, 10 am, UTC"
        );
    }
}
