//! Calls to action: what help is wanted, how much, by when, where, from whom and why.
//!
//! open → filled → closed with outcome and thanks; may be left for another day or cancelled. Type, options and
//! closing time are frozen at publishing, since changing them deletes votes elsewhere (see `FEDERATION.md`).
//! Start at [`Call::publish`].

use crate::{
    ItemId, Moment, Refusal,
    items::{AnotherDay, ItemSeen},
    text,
};

/// What kind of help is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HelpKind {
    /// Hands and hours.
    Time,
    /// Something one can do.
    Skill,
    /// Something one can bring.
    Thing,
    /// Somewhere to be.
    Space,
    /// Money, by a link; we take no payments.
    Money,
    /// Passing it on, signing, speaking up.
    Voice,
}

impl HelpKind {
    /// Every kind with its word and what one says to offer it.
    pub const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Time, "time", "I can give time"),
        (Self::Skill, "skill", "I have the skill"),
        (Self::Thing, "thing", "I can bring it"),
        (Self::Space, "space", "I have the space"),
        (Self::Money, "money", "I can give money"),
        (Self::Voice, "voice", "I can pass this on"),
    ];

    /// The word in files, the database and on the wire.
    pub fn word(self) -> &'static str {
        Self::ALL.into_iter().find(|(kind, ..)| *kind == self).map_or("time", |(_, word, _)| word)
    }

    /// What one says to offer it.
    pub fn offer(self) -> &'static str {
        Self::ALL.into_iter().find(|(kind, ..)| *kind == self).map_or("I can help", |(.., offer)| offer)
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known, _)| *known == word).map(|(kind, ..)| kind)
    }
}

/// One kind of help that a call asks for, and one option of its poll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// Its place in the list, from 0. Never changes.
    pub position: i16,
    /// What kind of help.
    pub kind: HelpKind,
    /// The option as it stands in the poll. Never changes.
    pub label: String,
    /// How many are wanted; none when any number helps.
    pub wanted: Option<i32>,
}

/// A need with what came in for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeedSeen {
    /// The need.
    pub need: Need,
    /// Votes from the fediverse: the tally of the poll.
    pub votes: i64,
    /// Pledges offered and not yet answered, by all doors.
    pub offered: i64,
    /// Pledges accepted or kept, by all doors.
    pub taken: i64,
}

impl NeedSeen {
    /// Is enough found? A need without a number is never met by counting.
    pub fn met(&self) -> bool {
        self.need.wanted.is_some_and(|wanted| self.taken >= i64::from(wanted))
    }
}

/// Where a call stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallState {
    /// Help is wanted.
    Open,
    /// Enough is found; more may still answer.
    Filled,
    /// Left for another day.
    AnotherDay(AnotherDay),
    /// Called off.
    Cancelled {
        /// Why, in words for everyone.
        reason: String,
        /// When.
        at: Moment,
    },
    /// Over, with what came of it.
    Closed {
        /// What came of it.
        outcome: String,
        /// Thanks to those who helped.
        thanks: String,
        /// When.
        at: Moment,
    },
}

impl CallState {
    /// The word in the database and on the wire.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Filled => "filled",
            Self::AnotherDay(_) => "another-day",
            Self::Cancelled { .. } => "cancelled",
            Self::Closed { .. } => "closed",
        }
    }
}

/// A call to action, without its words.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The id of its item.
    pub id: ItemId,
    /// The project it helps.
    pub project: Option<ItemId>,
    /// Why it matters, in one line; may be empty.
    pub why: String,
    /// Until when one can answer. Never changes, but when the call ends early it ends then.
    pub closes: Moment,
    /// Does it go out as a poll that is answered with one tap?
    pub one_tap: bool,
    /// What is asked for: 2 to 5, so that it makes a poll.
    pub needs: Vec<Need>,
    /// Where it stands.
    pub state: CallState,
}

/// What makes a call: its form, parsed, without its words.
#[derive(Debug, Clone, PartialEq)]
pub struct CallDraft {
    /// The project it helps.
    pub project: Option<ItemId>,
    /// Why it matters.
    pub why: String,
    /// Until when one can answer.
    pub closes: Moment,
    /// Answered with one tap?
    pub one_tap: bool,
    /// Kind of help, label of the option (the kind's own when empty), how many are wanted.
    pub needs: Vec<(HelpKind, String, Option<i32>)>,
}

/// Mastodon shows at most this many characters of an option.
const LABEL: usize = 50;

impl Call {
    /// Checks a draft. A single need gets "I can pass this on" beside it: a poll has two options at least.
    pub fn publish(id: ItemId, draft: &CallDraft, now: Moment) -> Result<Self, Refusal> {
        if draft.closes <= now {
            return Err(Refusal::field("closes", "choose a time that is still ahead"));
        }
        let mut wanted = draft.needs.clone();
        if wanted.is_empty() {
            return Err(Refusal::field("needs", "say at least one kind of help that is wanted"));
        }
        if let [(kind, ..)] = wanted.as_slice() {
            let other = if *kind == HelpKind::Voice {
                (HelpKind::Time, "I can do more".to_owned(), None)
            } else {
                (HelpKind::Voice, String::new(), None)
            };
            wanted.push(other);
        }
        if wanted.len() > 5 {
            return Err(Refusal::field("needs", "at most five; ask for the others in a call of their own"));
        }
        let needs = (0i16..)
            .zip(wanted)
            .map(|(position, need)| Need::parse(position, need))
            .collect::<Result<Vec<_>, _>>()?;
        for (index, need) in needs.iter().enumerate() {
            if needs.iter().skip(index + 1).any(|other| other.label.eq_ignore_ascii_case(&need.label)) {
                return Err(Refusal::field(
                    "needs",
                    format!(
                        "\u{201c}{}\u{201d} stands there twice; give each need its own label",
                        need.label
                    ),
                ));
            }
        }
        Ok(Self {
            id,
            project: draft.project,
            why: text::optional_line("why", &draft.why, 300)?,
            closes: draft.closes,
            one_tap: draft.one_tap,
            needs,
            state: CallState::Open,
        })
    }

    /// The call with another reason and another project. Everything else is frozen once it is published.
    pub fn changed(&self, why: &str, project: Option<ItemId>) -> Result<Self, Refusal> {
        Ok(Self { why: text::optional_line("why", why, 300)?, project, ..self.clone() })
    }

    /// Can it be answered at this moment?
    pub fn takes_answers(&self, now: Moment) -> Result<(), Refusal> {
        match self.state {
            CallState::Open | CallState::Filled if now < self.closes => Ok(()),
            _ => Err(Refusal::CallOver),
        }
    }

    /// The need that a poll option names.
    pub fn need_named(&self, label: &str) -> Result<&Need, Refusal> {
        self.needs
            .iter()
            .find(|need| need.label == label.trim())
            .ok_or_else(|| Refusal::NoSuchNeed(label.chars().take(LABEL).collect()))
    }

    /// The needs that a form ticks, each once and in their order; at least one.
    pub fn needs_at(&self, positions: &[i16]) -> Result<Vec<i16>, Refusal> {
        if positions.iter().any(|ticked| self.needs.iter().all(|need| need.position != *ticked)) {
            return Err(Refusal::field("needs", "tick what the call asks for"));
        }
        let ticked = self.needs.iter().map(|need| need.position).filter(|known| positions.contains(known));
        let ticked: Vec<_> = ticked.collect();
        if ticked.is_empty() { Err(Refusal::field("needs", "tick what you can do")) } else { Ok(ticked) }
    }

    /// Open or filled, by what is taken. Other states stay.
    #[must_use]
    pub fn counted(&self, needs: &[NeedSeen]) -> CallState {
        match self.state {
            CallState::Open | CallState::Filled => {
                let counted = needs.iter().any(|need| need.need.wanted.is_some());
                let met = counted && needs.iter().all(|need| need.need.wanted.is_none() || need.met());
                if met { CallState::Filled } else { CallState::Open }
            }
            ref other => other.clone(),
        }
    }

    /// Ends it with an outcome and thanks.
    pub fn close(&self, outcome: &str, thanks: &str, now: Moment) -> Result<CallState, Refusal> {
        self.must_not_be_over()?;
        let outcome = text::paragraphs("outcome", outcome, 2_000)?;
        if outcome.is_empty() {
            return Err(Refusal::field("outcome", "say what came of it, even when it is little"));
        }
        Ok(CallState::Closed { outcome, thanks: text::paragraphs("thanks", thanks, 2_000)?, at: now })
    }

    /// Calls it off.
    pub fn cancel(&self, reason: &str, now: Moment) -> Result<CallState, Refusal> {
        self.must_not_be_over()?;
        Ok(CallState::Cancelled { reason: text::line("reason", reason, 300)?, at: now })
    }

    /// Leaves it for another day.
    pub fn park(&self, why: AnotherDay) -> Result<CallState, Refusal> {
        self.must_not_be_over()?;
        Ok(CallState::AnotherDay(why))
    }

    /// Takes it up again after another day.
    pub fn resume(&self) -> Result<CallState, Refusal> {
        match self.state {
            CallState::AnotherDay(_) => Ok(CallState::Open),
            _ => self.must_not_be_over().map(|()| self.state.clone()),
        }
    }

    fn must_not_be_over(&self) -> Result<(), Refusal> {
        match self.state {
            CallState::Closed { .. } => Err(Refusal::Over("closed")),
            CallState::Cancelled { .. } => Err(Refusal::Over("cancelled")),
            _ => Ok(()),
        }
    }
}

impl Need {
    fn parse(position: i16, (kind, label, wanted): (HelpKind, String, Option<i32>)) -> Result<Self, Refusal> {
        let label = text::optional_line("needs", &label, LABEL)?;
        if wanted.is_some_and(|wanted| !(1..=10_000).contains(&wanted)) {
            return Err(Refusal::field("needs", "how many are wanted goes from 1 to 10 000"));
        }
        let label = if label.is_empty() { kind.offer().to_owned() } else { label };
        Ok(Self { position, kind, label, wanted })
    }
}

/// The reading shape of a call.
#[derive(Debug, Clone, PartialEq)]
pub struct CallSeen {
    /// The common head.
    pub seen: ItemSeen,
    /// The call.
    pub call: Call,
    /// Its needs with what came in.
    pub needs: Vec<NeedSeen>,
    /// How many accounts elsewhere have voted.
    pub voters: i64,
    /// When the poll ended: when answers ended, by time or early. None while it runs.
    pub ended: Option<Moment>,
    /// The ActivityPub id of the project it helps.
    pub project_uri: Option<url::Url>,
}

impl CallSeen {
    /// When answers end, or ended early.
    pub fn ends(&self) -> Moment {
        self.ended.map_or(self.call.closes, |ended| ended.min(self.call.closes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> CallDraft {
        CallDraft {
            project: None,
            why: String::new(),
            closes: Moment(1_000),
            one_tap: true,
            needs: vec![(HelpKind::Time, "I can plant".into(), Some(2))],
        }
    }

    fn call() -> Call {
        Call::publish(ItemId(uuid::Uuid::nil()), &draft(), Moment(0)).unwrap()
    }

    #[test]
    fn a_single_need_gets_a_second_option() {
        let labels: Vec<_> = call().needs.into_iter().map(|need| need.label).collect();
        assert_eq!(labels, ["I can plant", "I can pass this on"]);
    }

    #[test]
    fn drafts_that_make_no_poll_are_refused() {
        let refused = |change: fn(&mut CallDraft)| {
            let mut draft = draft();
            change(&mut draft);
            Call::publish(ItemId(uuid::Uuid::nil()), &draft, Moment(0)).unwrap_err()
        };
        refused(|draft| draft.closes = Moment(0));
        refused(|draft| draft.needs.clear());
        refused(|draft| draft.needs = vec![(HelpKind::Time, String::new(), None); 2]);
        refused(|draft| draft.needs = (0..6).map(|n| (HelpKind::Time, n.to_string(), None)).collect());
        refused(|draft| draft.needs = vec![(HelpKind::Time, "x".repeat(51), None)]);
        refused(|draft| draft.needs = vec![(HelpKind::Time, String::new(), Some(0))]);
    }

    #[test]
    fn a_call_is_filled_when_every_counted_need_is_met() {
        let call = call();
        let seen = |taken| {
            call.needs
                .iter()
                .map(|need| NeedSeen { need: need.clone(), votes: 0, offered: 0, taken })
                .collect::<Vec<_>>()
        };
        assert_eq!(call.counted(&seen(1)), CallState::Open);
        assert_eq!(call.counted(&seen(2)), CallState::Filled);
    }

    #[test]
    fn what_is_over_stays_over() {
        let mut call = call();
        assert!(call.takes_answers(Moment(999)).is_ok());
        assert_eq!(call.takes_answers(Moment(1_000)), Err(Refusal::CallOver));
        assert!(call.close("", "", Moment(5)).is_err());
        call.state = call.close("40 trees stand", "Thank you", Moment(5)).unwrap();
        assert_eq!(call.takes_answers(Moment(6)), Err(Refusal::CallOver));
        assert_eq!(call.cancel("rain", Moment(6)), Err(Refusal::Over("closed")));
        assert_eq!(call.resume(), Err(Refusal::Over("closed")));
    }

    #[test]
    fn another_day_can_come() {
        let mut call = call();
        assert!(AnotherDay::parse("no saplings", Some(Moment(5)), Moment(5)).is_err());
        call.state =
            call.park(AnotherDay::parse("no saplings", Some(Moment(50)), Moment(5)).unwrap()).unwrap();
        assert_eq!(call.takes_answers(Moment(6)), Err(Refusal::CallOver));
        assert_eq!(call.resume(), Ok(CallState::Open));
    }
}
