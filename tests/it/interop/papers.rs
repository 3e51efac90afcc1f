//! What is published in the story: Markdown files as an organiser writes them, with dates that are still to come.

use std::time::Duration;

use folkmoot_domain::moments::DAY;
use folkmoot_server::ports::Ports;

/// After so long the brief call ends: when its receipt has come, and all that is done in between.
pub const BRIEF: Duration = Duration::from_secs(75);
/// The options of all polls.
pub const OPTIONS: [&str; 3] = ["I can dig on Saturday", "I can bring a spade", "I can pass it on"];

/// A project.
pub const PROJECT: &str = r#"+++
title = "A tree for every street"
state = "active"
need = "Two people who know how to talk to Highways"
causes = ["StreetTrees"]

[place]
name = "Hyde Park, Leeds"
+++
Twenty-three streets have **no tree** at all.
"#;

/// A call with three kinds of help.
pub fn call() -> String {
    call_saying("Help plant 40 trees", "We meet at ten. There is tea.", &in_days(20))
}

/// Another one, with the same options.
pub fn second_call() -> String {
    call_saying("Help water 40 trees", "Every Sunday, with cans.", &in_days(20))
}

/// One that ends within the story.
pub fn brief_call() -> String {
    let milliseconds = i64::try_from(BRIEF.as_millis()).unwrap();
    let closes = Ports::real().clock.now().plus(milliseconds).rfc3339();
    call_saying("Help carry 40 trees", "Only now.", closes.trim_end_matches('Z'))
}

/// The first call with other words.
pub fn edited_call() -> String {
    call_saying(
        "Help plant 40 trees",
        "We meet at ten. There is tea, and gloves for small hands.",
        &in_days(20),
    )
}

fn call_saying(title: &str, words: &str, closes: &str) -> String {
    let [dig, spade, voice] = OPTIONS;
    format!(
        r#"+++
title = "{title}"
closes = {closes}
timezone = "UTC"
why = "Summers get hotter."
causes = ["StreetTrees"]

[[needs]]
kind = "time"
label = "{dig}"
wanted = 12

[[needs]]
kind = "thing"
label = "{spade}"

[[needs]]
kind = "voice"
label = "{voice}"
+++
{words}
"#
    )
}

/// An event.
pub fn event() -> String {
    format!(
        r#"+++
title = "Tree planting morning"
starts = {starts}
ends = {ends}

[place]
name = "Woodhouse Moor, by the bandstand"
show = "exact"
latitude = 53.8123
longitude = -1.5603
+++
Come for an hour.
"#,
        starts = in_days(21),
        ends = in_days(22),
    )
}

/// News about something.
pub fn update(about: &str) -> String {
    format!("+++\nabout = \"{about}\"\n+++\nThe first nine trees stand.\n")
}

/// What a reader knows a paper by: its title, or the first words of what has none.
pub fn words_of(paper: &str) -> String {
    let title = paper.lines().find_map(|line| line.strip_prefix("title = "));
    let first = paper.trim_end().lines().next_back().unwrap_or_default();
    title.map_or(first, |title| title.trim_matches('"')).to_owned()
}

/// A day that is still to come, at ten.
fn in_days(days: i64) -> String {
    let then = Ports::real().clock.now().plus(days * DAY).rfc3339();
    let day = then.split('T').next().unwrap_or_default();
    format!("{day}T10:00")
}
