//! Where items stand, as they can stand here.

use folkmoot_domain::{
    Moment, Refusal, calls::CallState, events::EventState, items::AnotherDay, projects::ProjectState, text,
};
use folkmoot_storage::moves::leaves::StateLeaf;

use super::no_state;

fn over(leaf: &StateLeaf) -> std::result::Result<(String, Moment), Refusal> {
    Ok((text::paragraphs("reason", &leaf.reason, 2_000)?, Moment(leaf.at.unwrap_or_default())))
}

fn another_day(leaf: &StateLeaf) -> std::result::Result<AnotherDay, Refusal> {
    Ok(AnotherDay { reason: text::line("reason", &leaf.reason, 300)?, wake: leaf.wake.map(Moment) })
}

pub(super) fn project_state(leaf: &StateLeaf) -> std::result::Result<ProjectState, Refusal> {
    Ok(match leaf.word.as_str() {
        "idea" => ProjectState::Idea,
        "active" => ProjectState::Active,
        "another-day" => ProjectState::AnotherDay(another_day(leaf)?),
        "done" => ProjectState::Done {
            outcome: text::paragraphs("outcome", &leaf.outcome, 2_000)?,
            at: over(leaf)?.1,
        },
        _ => return Err(no_state()),
    })
}

pub(super) fn call_state(leaf: &StateLeaf) -> std::result::Result<CallState, Refusal> {
    Ok(match leaf.word.as_str() {
        "open" => CallState::Open,
        "filled" => CallState::Filled,
        "another-day" => CallState::AnotherDay(another_day(leaf)?),
        "cancelled" => {
            let (reason, at) = over(leaf)?;
            CallState::Cancelled { reason, at }
        }
        "closed" => CallState::Closed {
            outcome: text::paragraphs("outcome", &leaf.outcome, 2_000)?,
            thanks: text::paragraphs("thanks", &leaf.thanks, 2_000)?,
            at: over(leaf)?.1,
        },
        _ => return Err(no_state()),
    })
}

pub(super) fn event_state(leaf: &StateLeaf) -> std::result::Result<EventState, Refusal> {
    match leaf.word.as_str() {
        "planned" => Ok(EventState::Planned),
        "cancelled" => over(leaf).map(|(reason, at)| EventState::Cancelled { reason, at }),
        _ => Err(no_state()),
    }
}
