//! Dates, counts and excerpts in plain words, as a noticeboard says them.

use folkmoot_domain::{Moment, calls::NeedSeen, moments};
use jiff::{civil::Date, tz::TimeZone};
use url::Url;

fn date(at: Moment, zone: &TimeZone) -> Date {
    at.timestamp().to_zoned_datetime(zone.clone()).date()
}

/// "Saturday 13 June 2026".
pub(crate) fn date_in_words(date: Date) -> String {
    date.strftime("%A %-d %B %Y").to_string()
}

/// The day: by name when it is near, else in full.
pub(crate) fn day(at: Moment, now: Moment, zone: &TimeZone) -> String {
    let (that, today) = (date(at, zone), date(now, zone));
    if that == today {
        "today".to_owned()
    } else if today.tomorrow().is_ok_and(|day| day == that) {
        "tomorrow".to_owned()
    } else if today.yesterday().is_ok_and(|day| day == that) {
        "yesterday".to_owned()
    } else {
        at.day_in_words(zone)
    }
}

/// The day that it is: "Thursday 11 June".
pub(crate) fn today(now: Moment, zone: &TimeZone) -> String {
    now.timestamp().to_zoned_datetime(zone.clone()).strftime("%A %-d %B").to_string()
}

/// "tomorrow, 6 pm, UK time".
pub(crate) fn moment(at: Moment, now: Moment, zone: &TimeZone) -> String {
    let (day, time) = (day(at, now, zone), at.time_in_words(zone));
    format!("{day}, {time}, {}", moments::zone_in_words(zone))
}

/// The same in short, where the page says it in full elsewhere: "tomorrow, 6 pm", "Sunday, 6 pm", "16 December, 6 pm".
pub(crate) fn soon(at: Moment, now: Moment, zone: &TimeZone) -> String {
    let (that, today) = (date(at, zone), date(now, zone));
    let days = that.since(today).map_or(i32::MAX, |span| span.get_days());
    let day = match days {
        -1..=1 => day(at, now, zone),
        2..=6 => that.strftime("%A").to_string(),
        _ if that.year() == today.year() => that.strftime("%-d %B").to_string(),
        _ => that.strftime("%-d %B %Y").to_string(),
    };
    format!("{day}, {}", at.time_in_words(zone))
}

/// A leaf of the calendar: "Sat", "13", "Jun".
pub(crate) struct Leaf {
    pub weekday: String,
    pub day: String,
    pub month: String,
}

impl Leaf {
    pub(crate) fn new(at: Moment, zone: &TimeZone) -> Self {
        let local = at.timestamp().to_zoned_datetime(zone.clone());
        let said = |form: &str| local.strftime(form).to_string();
        Self { weekday: said("%a"), day: said("%-d"), month: said("%b") }
    }
}

/// "2 of 4 found, 1 more offered".
pub(crate) fn found(need: &NeedSeen) -> String {
    let offered = match need.offered {
        0 => String::new(),
        offered => format!(", {offered} more offered"),
    };
    match (need.need.wanted, need.taken) {
        (Some(wanted), taken) => format!("{taken} of {wanted} found{offered}"),
        (None, 0) => format!("any number helps{offered}"),
        (None, taken) => format!("{taken} found, any number helps{offered}"),
    }
}

/// What is wanted and what is found of all needs that say a number; none when none does.
pub(crate) fn counts(needs: &[NeedSeen]) -> Option<(i64, i64)> {
    let counted = needs.iter().filter_map(|need| Some((need, i64::from(need.need.wanted?))));
    // What one need has too much does not fill another.
    counted.fold(None, |sum, (need, wanted)| {
        let (all, found) = sum.unwrap_or((0, 0));
        Some((all + wanted, found + need.taken.min(wanted)))
    })
}

/// One tab for each that is wanted, true when it is taken; at most ten, each then a tenth.
pub(crate) fn tabs(needs: &[NeedSeen]) -> Vec<bool> {
    let Some((wanted, found)) = counts(needs) else {
        return Vec::new();
    };
    let tabs = wanted.clamp(0, 10);
    let torn = if wanted > 10 { found * 10 / wanted } else { found };
    (0..tabs).map(|tab| tab < torn).collect()
}

/// The beginning of safe HTML as plain text, at most `most` characters, cut between words.
pub(crate) fn excerpt(html: &str, most: usize) -> String {
    let text = plain(html);
    if text.chars().count() <= most {
        return text;
    }
    let cut: String = text.chars().take(most).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    format!("{}\u{2026}", whole.trim_end_matches([',', ';', ':', '.', '\u{2013}']))
}

/// Safe HTML without its tags. What comes out is text and is escaped again wherever it is shown.
fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut pieces = html.split('<');
    text.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (tag, after) = piece.split_once('>').unwrap_or((piece, ""));
        let inline = ["a", "em", "strong", "del", "code", "span"];
        if !inline.contains(&tag.trim_start_matches('/').split(' ').next().unwrap_or_default()) {
            text.push(' ');
        }
        text.push_str(after);
    }
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&nbsp;", " ")
        .replace("&amp;", "&");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// An address that a browser may be sent to: http or https, never a script.
pub(crate) fn web_link(url: &Url) -> Option<String> {
    ["http", "https"].contains(&url.scheme()).then(|| url.to_string())
}

/// Two letters for the mark of an association or a person.
pub(crate) fn initials(name: &str) -> String {
    let words = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    words.take(2).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use folkmoot_domain::calls::{HelpKind, Need};

    use super::*;

    fn need(wanted: Option<i32>, offered: i64, taken: i64) -> NeedSeen {
        let (position, kind, label) = (0, HelpKind::Time, String::new());
        let need = Need { position, kind, label, wanted };
        NeedSeen { need, votes: 0, offered, taken }
    }

    #[test]
    fn days_that_are_near_have_a_name() {
        let london = TimeZone::get("Europe/London").unwrap();
        let now = Moment::parse("2026-06-12T23:30:00+01:00").unwrap();
        let at = |text| moment(Moment::parse(text).unwrap(), now, &london);
        assert_eq!(at("2026-06-12T10:00:00+01:00"), "today, 10 am, UK time");
        assert_eq!(at("2026-06-13T00:00:00+01:00"), "tomorrow, midnight, UK time");
        assert_eq!(at("2026-06-11T18:05:00+01:00"), "yesterday, 6.05 pm, UK time");
        assert_eq!(at("2026-06-14T12:00:00+01:00"), "Sunday 14 June 2026, noon, UK time");
        let soon = |text| soon(Moment::parse(text).unwrap(), now, &london);
        assert_eq!(soon("2026-06-13T00:00:00+01:00"), "tomorrow, midnight");
        assert_eq!(soon("2026-06-14T12:00:00+01:00"), "Sunday, noon");
        assert_eq!(soon("2026-06-19T12:00:00+01:00"), "19 June, noon");
        assert_eq!(soon("2026-06-01T12:00:00+01:00"), "1 June, noon");
        assert_eq!(soon("2027-06-13T12:00:00+01:00"), "13 June 2027, noon");
    }

    #[test]
    fn counts_are_of_what_is_wanted() {
        assert_eq!(found(&need(Some(4), 1, 2)), "2 of 4 found, 1 more offered");
        assert_eq!(found(&need(None, 0, 0)), "any number helps");
        assert_eq!(counts(&[need(Some(4), 0, 6), need(Some(2), 0, 1), need(None, 0, 9)]), Some((6, 5)));
        assert_eq!(counts(&[need(None, 0, 9)]), None);
        assert_eq!(tabs(&[need(Some(3), 0, 1)]), [true, false, false]);
        let torn = |taken| tabs(&[need(Some(40), 0, taken)]).iter().filter(|torn| **torn).count();
        assert_eq!((torn(3), torn(4), torn(39), torn(40)), (0, 1, 9, 10));
    }

    #[test]
    fn excerpts_are_text() {
        assert_eq!(
            excerpt("<p>Bring <strong>gloves</strong>,\nplease.</p><p>1 &lt; 2 &amp;amp; 3</p>", 80),
            "Bring gloves, please. 1 < 2 &amp; 3"
        );
        assert_eq!(excerpt("<p>one two three</p>", 9), "one two\u{2026}");
        assert_eq!(excerpt("<p", 9), "");
    }

    #[test]
    fn links_are_never_scripts() {
        let link = |text| web_link(&Url::parse(text).unwrap());
        assert_eq!(link("https://hyde.example/").as_deref(), Some("https://hyde.example/"));
        assert_eq!(link("javascript:alert(1)"), None);
        assert_eq!(link("data:text/html,x"), None);
    }

    #[test]
    fn marks_have_two_letters() {
        assert_eq!(initials("Little Moor Park Friends"), "LM");
        assert_eq!(initials("2nd (Spin)"), "2S");
        assert_eq!(initials(""), "");
    }
}
