//! Notes that are no noun: receipts, answers, outcomes, thanks, cancellations, what is left for another day.
//!
//! What is for one person mentions that person, else nobody tells them, and goes to nobody else. What is for
//! everyone answers the item it is about and mentions our own Group, else some peers keep it out of the
//! timeline. Links in it lead to a page with a button: servers fetch links, so nothing may happen on GET.

use folkmoot_domain::{
    Moment, NoteId,
    actors::Actor,
    addresses::Addresses,
    associations::AssociationSeen,
    items::AnotherDay,
    pledges::{PledgeSeen, PledgeState},
    posts::{Paragraphs, states},
    rsvps::{RsvpSeen, RsvpState},
    text::Language,
    updates::About,
};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::posts::{For, Post};

/// Who speaks, when and in which language.
#[derive(Debug, Clone, Copy)]
pub struct NoteHead<'a> {
    /// The id of the Note.
    pub id: NoteId,
    /// When it is said.
    pub at: Moment,
    /// Who says it: one of ours.
    pub speaker: &'a Actor,
    /// The language of the association.
    pub language: &'a Language,
    /// Where things live.
    pub addresses: &'a Addresses,
}

/// To somebody who offered help: we have it, and this is the way back.
pub fn receipt(head: NoteHead<'_>, pledge: &PledgeSeen) -> Value {
    let text = Paragraphs::default()
        .greeting("Thank you,", &pledge.giver)
        .say(&format!(
            "Your offer for \u{201c}{}\u{201d} has reached the organisers: {}.",
            pledge.call.title,
            labels(pledge)
        ))
        .say("They know who you are and will answer you here. Your name is shown to nobody else.")
        .link(&head.addresses.receipt(&pledge.pledge.receipt), "See your offer, change it or take it back");
    direct(head, &pledge.giver, &pledge.call, text)
}

/// To somebody who offered help: what the organisers say. A pledge that still waits gets its receipt again.
pub fn answer(head: NoteHead<'_>, pledge: &PledgeSeen) -> Value {
    let title = &pledge.call.title;
    let (greeting, said) = match pledge.pledge.state {
        PledgeState::Offered => return receipt(head, pledge),
        PledgeState::Accepted => (
            "Yes please,",
            format!("The organisers of \u{201c}{title}\u{201d} are glad of your help: {}.", labels(pledge)),
        ),
        PledgeState::Kept => ("Thank you,", format!("You did what you offered for \u{201c}{title}\u{201d}.")),
        PledgeState::Declined => (
            "Thank you for offering,",
            format!("For \u{201c}{title}\u{201d} the organisers do not need it this time."),
        ),
        PledgeState::Withdrawn => {
            ("All right,", format!("Your offer for \u{201c}{title}\u{201d} is taken back."))
        }
    };
    let text = Paragraphs::default()
        .greeting(greeting, &pledge.giver)
        .say(&said)
        .lines(&pledge.pledge.answer)
        .link(&head.addresses.receipt(&pledge.pledge.receipt), "Your offer");
    direct(head, &pledge.giver, &pledge.call, text)
}

/// To somebody whose vote came after the end.
pub fn voted_late(head: NoteHead<'_>, voter: &Actor, call: &About) -> Value {
    let text = Paragraphs::default()
        .greeting("Thank you,", voter)
        .say(&format!(
            "\u{201c}{}\u{201d} had stopped taking answers when your vote came in, so it is not an offer.",
            call.title
        ))
        .link(&call.page, "See what came of it");
    direct(head, voter, call, text)
}

/// To somebody who answered where the association does not live any more: where to.
pub fn moved_on(head: NoteHead<'_>, voter: &Actor, call: &About, to: &url::Url) -> Value {
    let text = Paragraphs::default()
        .greeting("Thank you,", voter)
        .say(&format!(
            "{} lives on another server now, and \u{201c}{}\u{201d} with it, so your answer did not reach anybody there.",
            head.speaker.name, call.title
        ))
        .link(to, "Answer it there");
    direct(head, voter, call, text)
}

/// To somebody who helped: what came of it, and thanks.
pub fn thanks(head: NoteHead<'_>, pledge: &PledgeSeen, outcome: &str, thanks: &str) -> Value {
    let text = Paragraphs::default()
        .greeting("Thank you,", &pledge.giver)
        .say(&format!("You offered help for \u{201c}{}\u{201d}. This is what came of it:", pledge.call.title))
        .lines(outcome)
        .lines(thanks)
        .link(&pledge.call.page, "See the whole story");
    direct(head, &pledge.giver, &pledge.call, text)
}

/// To somebody who says by the way of their program that they come, and cannot be told there how it stands.
pub fn coming(head: NoteHead<'_>, rsvp: &RsvpSeen) -> Value {
    let title = &rsvp.event.title;
    let (greeting, said) = match rsvp.rsvp.state {
        RsvpState::Waiting => (
            "Thank you,",
            format!(
                "All places at \u{201c}{title}\u{201d} are taken. You are on the waiting list, and hear when one is free."
            ),
        ),
        RsvpState::Refused => ("Thank you,", format!("You cannot come to \u{201c}{title}\u{201d} any more.")),
        _ => ("Good news,", format!("You have a place at \u{201c}{title}\u{201d}.")),
    };
    let text = Paragraphs::default()
        .greeting(greeting, &rsvp.goer)
        .say(&said)
        .lines(&rsvp.rsvp.answer)
        .link(&head.addresses.coming(&rsvp.rsvp.receipt), "See how it stands, or take it back");
    direct(head, &rsvp.goer, &rsvp.event, text)
}

/// To everyone: what came of a call or a project, with thanks if there are any.
pub fn outcome(head: NoteHead<'_>, about: &About, outcome: &str, thanks: &str) -> Value {
    let text = Paragraphs::default()
        .title(&format!("What came of it: {}", about.title))
        .lines(outcome)
        .lines(thanks);
    public(head, about, text)
}

/// To everyone: a call or an event is called off.
pub fn cancelled(head: NoteHead<'_>, about: &About, reason: &str) -> Value {
    let text = Paragraphs::default()
        .title(&format!("Called off: {}", about.title))
        .fact("Why", &states::sentence(reason));
    public(head, about, text)
}

/// To everyone: left for another day, why, and when we look again.
pub fn parked(head: NoteHead<'_>, about: &About, day: &AnotherDay, zone: &TimeZone) -> Value {
    let text = Paragraphs::default().title(&about.title).say(&states::another_day(day, zone));
    public(head, about, text)
}

/// To everyone: what changed about an item, in the organisers' words.
pub fn changed(head: NoteHead<'_>, about: &About, words: &str) -> Value {
    let text = Paragraphs::default().title(&format!("Changed: {}", about.title)).lines(words);
    public(head, about, text)
}

/// To everyone: taken up again.
pub fn resumed(head: NoteHead<'_>, about: &About) -> Value {
    let text =
        Paragraphs::default().title(&about.title).say("The other day has come: we take this up again.");
    public(head, about, text)
}

/// To everyone who looks at the profile: who we are and how this works. Pinned.
pub fn welcome(head: NoteHead<'_>, association: &AssociationSeen) -> Value {
    let text = Paragraphs::default()
        .title(&format!("Welcome to {}", association.actor.name))
        .html(&association.actor.summary)
        .say(
            "Follow us to read what we do and what we need. When we call for help, tick what you can do and vote: the \
             organisers learn who you are, and you get a receipt. You need no account here.",
        )
        .link(&association.actor.page, "All that is going on");
    post(head, For::Everyone, None, &association.actor.page, text)
}

/// To everyone: the last words of an association.
pub fn farewell(head: NoteHead<'_>, words: &str) -> Value {
    let text = Paragraphs::default().title(&format!("Farewell from {}", head.speaker.name)).lines(words);
    post(head, For::Everyone, None, &head.speaker.page, text)
}

fn labels(pledge: &PledgeSeen) -> String {
    let quoted: Vec<String> = pledge.labels.iter().map(|label| format!("\u{201c}{label}\u{201d}")).collect();
    quoted.join(", ")
}

fn public(head: NoteHead<'_>, about: &About, text: Paragraphs) -> Value {
    let text = text.link(&about.page, &format!("About: {}", about.title));
    post(head, For::Everyone, Some(about), &about.page, text)
}

fn direct(head: NoteHead<'_>, reader: &Actor, about: &About, text: Paragraphs) -> Value {
    post(head, For::One(reader), Some(about), &about.page, text)
}

fn post(
    head: NoteHead<'_>,
    audience: For<'_>,
    about: Option<&About>,
    page: &url::Url,
    text: Paragraphs,
) -> Value {
    let id = head.addresses.note(head.id);
    let mentions = match audience {
        For::One(reader) => vec![reader],
        For::Everyone if about.is_some() => vec![head.speaker],
        For::Everyone => Vec::new(),
    };
    let post = Post {
        kind: "Note",
        id: &id,
        author: head.speaker,
        audience,
        in_reply_to: about.map(|about| &about.uri),
        language: head.language,
        content: text.finish(),
        page,
        published: head.at,
        updated: None,
        causes: &[],
        picture: None,
        mentions,
        carriable: true,
    };
    let mut map = post.map(head.addresses);
    if let Some(about) = about {
        map.insert("civ:about".into(), json!(about.uri));
    }
    Value::Object(map)
}
