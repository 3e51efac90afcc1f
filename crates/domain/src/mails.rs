//! Letters by mail: where each one stands on its way, and when it is tried again. What it says is not decided here.

use crate::{
    Moment,
    moments::{DAY, HOUR, MINUTE},
};

/// How long a worker holds a letter before others may take it up, in milliseconds. Handing one over takes less.
pub const LEASE: i64 = 5 * MINUTE;

/// How long after each failed attempt the next one comes; the last holds for all that follow.
const WAITS: [i64; 7] = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR];

/// How long a letter is tried. One that signs in is of no use after its link ran out.
const PATIENCE: i64 = 2 * DAY;

/// Where a letter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailState {
    /// It goes as soon as it can.
    Waiting,
    /// The mail server took it.
    Sent,
    /// It was given up.
    Failed,
    /// It is kept to be read here, since no mail server is named.
    Kept,
}

impl MailState {
    const ALL: [Self; 4] = [Self::Waiting, Self::Sent, Self::Failed, Self::Kept];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Kept => "kept",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// When a letter that could not go is tried again; none when it is given up. `link` is how long what it holds is good,
/// when that is shorter than our patience.
pub fn next_try(attempts: u32, since: Moment, link: Option<i64>, now: Moment) -> Option<Moment> {
    let place = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX);
    let wait = WAITS.get(place).or(WAITS.last())?;
    let next = now.plus(*wait);
    (next < since.plus(link.unwrap_or(PATIENCE).min(PATIENCE))).then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_until_patience_ends() {
        let (since, mut now, mut tries) = (Moment(0), Moment(0), Vec::new());
        for attempts in 1.. {
            let Some(next) = next_try(attempts, since, None, now) else { break };
            tries.push((next.0 - now.0) / MINUTE);
            now = next;
        }
        assert_eq!(tries, [1, 5, 15, 60, 180, 360, 720, 720, 720]);
    }

    #[test]
    fn a_link_that_is_dead_goes_nowhere() {
        assert_eq!(next_try(1, Moment(0), Some(HOUR), Moment(0)), Some(Moment(MINUTE)));
        assert_eq!(next_try(4, Moment(0), Some(HOUR), Moment(21 * MINUTE)), None);
        assert_eq!(next_try(1, Moment(0), None, Moment(3 * DAY)), None);
    }

    #[test]
    fn words_are_read_back() {
        for state in MailState::ALL {
            assert_eq!(MailState::parse(state.word()), Some(state));
        }
        assert_eq!(MailState::parse("lost"), None);
    }
}
