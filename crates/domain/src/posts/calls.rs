//! What the post of a call says.

use super::{Paragraphs, states};
use crate::{
    addresses::Addresses,
    calls::{CallSeen, CallState, NeedSeen},
    moments,
};

/// The text of a call as it stands.
pub fn call(call: &CallSeen, addresses: &Addresses) -> String {
    let seen = &call.seen;
    let place = seen.item.place.as_ref().map_or("", |place| place.name.as_str());
    let runs = call.ended.is_none() && matches!(call.call.state, CallState::Open | CallState::Filled);
    let mut text = standing(Paragraphs::default().title(&seen.item.title), call)
        .fact("Why", &call.call.why)
        .html(&seen.item.text.html)
        .fact("Where", place);
    let until = moments::in_words(call.ends(), &seen.time_zone());
    if runs {
        text = text.fact("Answer until", &until);
    } else if call.ended.is_some() {
        text = text.fact("Answers ended", &until);
    }
    text = text.fact("How far we are", &progress(&call.needs));
    if runs {
        text = text.say(&how_to_answer(call));
    }
    text.link(&seen.item.page, &format!("Open this call on {}", addresses.host()))
        .hashtags(&seen.causes)
        .finish()
}

/// What a reader must know before anything else.
fn standing(text: Paragraphs, call: &CallSeen) -> Paragraphs {
    match &call.call.state {
        CallState::Open => text,
        CallState::Filled => text.say("Enough help is found. More may still answer."),
        CallState::AnotherDay(day) => text.say(&states::another_day(day, &call.seen.time_zone())),
        CallState::Cancelled { reason, .. } => text.say(&states::called_off(reason)),
        CallState::Closed { outcome, .. } => text.say("This call is closed. What came of it:").lines(outcome),
    }
}

/// How far the need is met through every door. Only needs with a number can be met.
fn progress(needs: &[NeedSeen]) -> String {
    let counted = needs.iter().filter_map(|need| {
        let wanted = need.need.wanted?;
        Some(format!("\u{201c}{}\u{201d} {} of {wanted}", need.need.label, need.taken))
    });
    counted.collect::<Vec<_>>().join("; ")
}

fn how_to_answer(call: &CallSeen) -> String {
    let us = call.seen.home.address();
    if call.call.one_tap {
        format!(
            "Tick what you can do and vote. Your vote is an offer of help: it tells the organisers who you are, and you \
             get a receipt. If you reply instead, keep {us} in it, or it may not reach us."
        )
    } else {
        format!("To help, reply and keep {us} in your reply, or open the page below.")
    }
}
