//! Letters to organisers about ties between associations, and about what alliances ask.

use folkmoot_app::mails::Letter;

use super::Words;

/// What they say.
pub(super) fn words(letter: &Letter) -> Words {
    match letter {
        Letter::TieProposed { association, other, how, mandate, link } => proposed(association, other, how)
            .quote_after("What it is for, in their words:", mandate)
            .say("Nothing happens until you say yes, and either side can end it at any time.")
            .link("Say yes or no", link),
        Letter::TieAnswered { association, other, how, state, link } => {
            answered(association, other, how, state).link("See how it stands", link)
        }
        Letter::DecisionAsked { alliance, title, rule, until, link } => {
            Words::new(format!("{alliance} ask for your vote: {title}"))
                .say(format!("{alliance} ask their members: \u{201c}{title}\u{201d}. Each association has one vote."))
                .say(format!("{rule} You can answer, and change your answer, until {}.", day(until)))
                .link("Read it and answer", link)
        }
        Letter::DecisionClosed { alliance, title, outcome, link } => {
            Words::new(format!("{}: {title}", if outcome == "agreed" { "Agreed" } else { "Not agreed" }))
                .say(format!("The members of {alliance} have answered \u{201c}{title}\u{201d}. It is {outcome}."))
                .link("Read the record", link)
        }
        _ => Words::default(),
    }
    .notice()
}

/// A moment in words; as it came when it is none.
fn day(until: &str) -> String {
    let moment = folkmoot_domain::Moment::parse(until);
    moment.map_or_else(|| until.to_owned(), |at| at.day_in_words(&jiff::tz::TimeZone::UTC))
}

fn proposed(association: &str, other: &str, how: &str) -> Words {
    match how {
        "join" => Words::new(format!("{other} ask {association} to join"))
            .say(format!("{other} is an alliance of associations, and asks {association} to be a member of it."))
            .say(
                "What you publish would then reach its followers too, with your name on it. It stays yours: nobody else can \
                 change or delete it.",
            ),
        "take-in" => Words::new(format!("{other} would like to join {association}"))
            .say(format!("{other} asks to be a member of {association}."))
            .say("What they publish would then be passed on to your followers, with their name on it."),
        _ => Words::new(format!("{other} would like to work with {association}"))
            .say(format!("{other} asks that you name each other as associations that work together.")),
    }
}

fn answered(association: &str, other: &str, how: &str, state: &str) -> Words {
    let (one, two) = match how {
        "join" => (association, other),
        _ => (other, association),
    };
    match (state, how) {
        ("accepted", "partner") => Words::new(format!("{other} say yes to {association}"))
            .say(format!("{other} and {association} work together now, and each says so on its page.")),
        ("accepted", _) => Words::new(format!("{other} say yes to {association}"))
            .say(format!("{one} is a member of {two} now.")),
        ("declined", _) => Words::new(format!("Not this time: {other} and {association}"))
            .say(format!("{other} have looked at what you proposed and said no, for now.")),
        (_, "partner") => Words::new(format!("{other} and {association} work together no more"))
            .say(format!("{other} have ended it. Nothing that either of you published is lost.")),
        _ => Words::new(format!("{one} is a member of {two} no more")).say(format!(
            "{other} have ended it. What was passed on is taken down, and nothing that either of you published is lost."
        )),
    }
}
