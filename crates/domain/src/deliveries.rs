//! Rules of delivering: when an inbox is tried again, when it is given up, when a whole server is left alone.
//!
//! Pure sums over moments; nothing here sends or stores. An answer is named by its HTTP status because the
//! rule which of them are final *is* a rule of delivering. Start at [`judge`] and [`Breaker`].

use crate::{
    Moment,
    moments::{DAY, HOUR, MINUTE},
};

/// How long a claimed delivery belongs to whoever claimed it, in milliseconds.
pub const LEASE: i64 = 2 * MINUTE;
/// How long one delivery is tried, in milliseconds.
pub const PATIENCE: i64 = 7 * DAY;
/// How often one delivery is tried at most, whatever becomes of the attempts.
pub const MOST_ATTEMPTS: u32 = 20;
/// The longest that anything here may wait, with its jitter, in milliseconds. What waits longer was put off
/// by a clock that was wrong.
pub const LONGEST_WAIT: i64 = 16 * HOUR;

/// Waits after the first attempts, in milliseconds; after the last of them every further one.
const WAITS: [i64; 7] = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, HALF_A_DAY];
const HALF_A_DAY: i64 = 12 * HOUR;
/// Failures with no success between them after which a server is left alone.
const FAILURES_TO_OPEN: u32 = 5;
/// How long it is left alone first; doubled whenever it fails again, up to half a day.
const FIRST_PAUSE: i64 = 30 * MINUTE;

/// What became of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The server answered.
    Status {
        /// The HTTP status.
        code: u16,
        /// `Retry-After` in milliseconds from now.
        retry_after: Option<i64>,
    },
    /// No answer: no such name, no connection, no valid certificate, too slow.
    Silence,
    /// It never left this machine: the sender has no usable key.
    Unsent,
    /// It never leaves this machine: our own rules forbid the address.
    Forbidden,
}

/// What follows from an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The inbox has it.
    Delivered,
    /// To be tried again.
    Again {
        /// Not before this.
        at: Moment,
    },
    /// Never tried again.
    GivenUp {
        /// The server says that the inbox is gone for good (410).
        gone: bool,
    },
}

/// One attempt, as far as the rules need to know it.
#[derive(Debug, Clone, Copy)]
pub struct Attempt {
    /// What became of it.
    pub answer: Answer,
    /// How many attempts there were, this one included.
    pub attempts: u32,
    /// When the delivery was first due.
    pub since: Moment,
}

impl Answer {
    /// An answer without `Retry-After`.
    pub fn status(code: u16) -> Self {
        Self::Status { code, retry_after: None }
    }

    /// The HTTP status, if there was an answer.
    pub fn code(self) -> Option<u16> {
        match self {
            Self::Status { code, .. } => Some(code),
            Self::Silence | Self::Unsent | Self::Forbidden => None,
        }
    }

    /// Does this speak for the server (it lives), against it, or not about it at all?
    pub fn server_lives(self) -> Option<bool> {
        match self {
            Self::Status { code, .. } => Some(code < 500),
            Self::Silence => Some(false),
            Self::Unsent | Self::Forbidden => None,
        }
    }

    /// The server asks all of us to wait (429 or 503 with `Retry-After`): how long, in milliseconds, within
    /// bounds.
    pub fn pause(self) -> Option<i64> {
        match self {
            Self::Status { code: 429 | 503, retry_after: Some(wait) } => Some(wait.clamp(MINUTE, HALF_A_DAY)),
            _ => None,
        }
    }
}

/// What follows from an attempt that ended at `now`. `chance` is any random number.
pub fn judge(attempt: Attempt, now: Moment, chance: u32) -> Verdict {
    match attempt.answer {
        Answer::Status { code: 200..=299, .. } => Verdict::Delivered,
        // Told off for good; but keys (401), moved or late things (404), and limits (408, 429) pass.
        Answer::Status { code: code @ 400..=499, .. } if !matches!(code, 401 | 404 | 408 | 429) => {
            Verdict::GivenUp { gone: code == 410 }
        }
        Answer::Status { retry_after, .. } => later(attempt, retry_after, now, chance),
        Answer::Silence | Answer::Unsent => later(attempt, None, now, chance),
        Answer::Forbidden => Verdict::GivenUp { gone: false },
    }
}

fn later(attempt: Attempt, retry_after: Option<i64>, now: Moment, chance: u32) -> Verdict {
    let asked = retry_after.unwrap_or_default().clamp(0, HALF_A_DAY);
    let at = now.plus(wait(attempt.attempts, chance).max(asked));
    if attempt.attempts >= MOST_ATTEMPTS || at > attempt.since.plus(PATIENCE) {
        return Verdict::GivenUp { gone: false };
    }
    Verdict::Again { at }
}

/// Milliseconds to wait after so many attempts, give or take a quarter so that nobody returns in a herd.
pub fn wait(attempts: u32, chance: u32) -> i64 {
    let turn = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX);
    let wait = WAITS.get(turn).copied().unwrap_or(HALF_A_DAY);
    wait - wait / 4 + (wait / 2) * i64::from(chance) / i64::from(u32::MAX)
}

/// Whether a server is left alone: after five failures with no success between them it is, and then one
/// delivery at a time looks whether it is back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Breaker {
    /// Failures since the last success.
    pub failures: u32,
    /// When the first of them was.
    pub first_failed: Option<Moment>,
    /// Left alone until then.
    pub open_until: Option<Moment>,
}

impl Breaker {
    /// The server failed. `probe` when this attempt was the one sent to look whether it is back; what was
    /// on its way when the breaker opened tells nothing new.
    #[must_use]
    pub fn failed(self, now: Moment, probe: bool) -> Self {
        if self.open_until.is_some() && !probe {
            return self;
        }
        let failures = self.failures.saturating_add(1);
        let opens = failures >= FAILURES_TO_OPEN;
        Self {
            failures,
            first_failed: self.first_failed.or(Some(now)),
            open_until: opens.then(|| now.plus(pause(failures))),
        }
    }

    /// The server asks to be left alone so long, in milliseconds.
    #[must_use]
    pub fn asked_to_pause(self, now: Moment, pause: i64) -> Self {
        Self { open_until: self.open_until.max(Some(now.plus(pause))), ..self }
    }

    /// One delivery is sent to look; the others wait for what it finds.
    #[must_use]
    pub fn probing(self, now: Moment) -> Self {
        Self { open_until: Some(now.plus(LEASE)), ..self }
    }

    /// When the others are next looked at if the one that is sent to look finds nothing.
    pub fn after_failed_probe(self, now: Moment) -> Moment {
        now.plus(pause(self.failures.saturating_add(1)))
    }
}

/// How long a server is left alone after so many failures, in milliseconds.
fn pause(failures: u32) -> i64 {
    let doublings = failures.saturating_sub(FAILURES_TO_OPEN).min(5);
    (FIRST_PAUSE << doublings).min(HALF_A_DAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment(1_000_000_000_000);

    fn after(code: u16, attempts: u32) -> Verdict {
        let attempt = Attempt { answer: Answer::status(code), attempts, since: NOW };
        judge(attempt, NOW, u32::MAX / 2)
    }

    #[test]
    fn answers_mean_what_they_say() {
        for code in [200, 201, 202, 204] {
            assert_eq!(after(code, 1), Verdict::Delivered, "{code}");
        }
        for code in [400, 403, 405, 406, 410, 413, 415, 418, 422, 451] {
            assert_eq!(after(code, 1), Verdict::GivenUp { gone: code == 410 }, "{code}");
        }
        for code in [301, 302, 307, 401, 404, 408, 429, 500, 501, 502, 503, 504] {
            assert!(matches!(after(code, 1), Verdict::Again { .. }), "{code}");
        }
        for answer in [Answer::Silence, Answer::Unsent] {
            let attempt = Attempt { answer, attempts: 1, since: NOW };
            assert!(matches!(judge(attempt, NOW, 0), Verdict::Again { .. }));
        }
        let attempt = Attempt { answer: Answer::Forbidden, attempts: 1, since: NOW };
        assert_eq!(judge(attempt, NOW, 0), Verdict::GivenUp { gone: false });
    }

    #[test]
    fn waits_grow_and_stay_within_a_quarter() {
        let minutes = [1, 5, 15, 60, 180, 360, 720, 720, 720];
        for (turn, minutes) in (1..).zip(minutes) {
            let middle = minutes * MINUTE;
            assert_eq!(wait(turn, 0), middle * 3 / 4);
            assert_eq!(wait(turn, u32::MAX), middle * 5 / 4);
            let inside = wait(turn, u32::MAX / 3);
            assert!(middle * 3 / 4 < inside && inside < middle * 5 / 4);
            assert!(wait(turn, u32::MAX) < LONGEST_WAIT);
        }
        assert_eq!(wait(u32::MAX, 0), HALF_A_DAY * 3 / 4);
    }

    #[test]
    fn seven_days_are_enough() {
        for chance in [0, u32::MAX / 2, u32::MAX] {
            let (mut now, mut attempts) = (NOW, 1);
            while let Verdict::Again { at } =
                judge(Attempt { answer: Answer::Silence, attempts, since: NOW }, now, chance)
            {
                assert!(at > now);
                (now, attempts) = (at, attempts + 1);
            }
            assert!(now <= NOW.plus(PATIENCE));
            assert!((16..=MOST_ATTEMPTS).contains(&attempts), "{attempts}");
        }
        assert_eq!(after(500, MOST_ATTEMPTS), Verdict::GivenUp { gone: false });
    }

    #[test]
    fn retry_after_is_respected_within_bounds() {
        let at = |retry_after| {
            let answer = Answer::Status { code: 429, retry_after: Some(retry_after) };
            match judge(Attempt { answer, attempts: 1, since: NOW }, NOW, u32::MAX / 2) {
                Verdict::Again { at } => at.0 - NOW.0,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(at(10 * MINUTE), 10 * MINUTE);
        assert_eq!(at(0), wait(1, u32::MAX / 2));
        assert_eq!(at(-5), wait(1, u32::MAX / 2));
        assert_eq!(at(i64::MAX), HALF_A_DAY);
        let pause = |code, retry_after| Answer::Status { code, retry_after }.pause();
        assert_eq!(pause(429, Some(10 * MINUTE)), Some(10 * MINUTE));
        assert_eq!(pause(503, Some(1)), Some(MINUTE));
        assert_eq!(pause(429, None), None);
        assert_eq!(pause(500, Some(MINUTE)), None);
    }

    #[test]
    fn five_failures_open_and_pauses_double_to_half_a_day() {
        let mut breaker = Breaker::default();
        for turn in 1..=4 {
            breaker = breaker.failed(NOW.plus(turn), false);
            assert_eq!(breaker.open_until, None);
        }
        breaker = breaker.failed(NOW.plus(5), false);
        assert_eq!(breaker.first_failed, Some(NOW.plus(1)));
        assert_eq!(breaker.open_until, Some(NOW.plus(5 + 30 * MINUTE)));
        assert_eq!(breaker.failed(NOW.plus(6), false), breaker, "a straggler changes nothing");
        for minutes in [60, 120, 240, 480, 720, 720, 720] {
            assert_eq!(breaker.after_failed_probe(NOW), NOW.plus(minutes * MINUTE));
            let sent = breaker.probing(NOW);
            assert_eq!(sent.open_until, Some(NOW.plus(LEASE)));
            breaker = sent.failed(NOW, true);
            assert_eq!(breaker.open_until, Some(NOW.plus(minutes * MINUTE)));
        }
    }

    #[test]
    fn a_dead_server_hears_little_of_us() {
        // Targets of fault F-11: at most fifteen requests the first day, three a day later.
        let (mut breaker, mut now, mut first_day, mut later) = (Breaker::default(), NOW, 0, 0);
        while now < NOW.plus(7 * DAY) {
            if now < NOW.plus(DAY) {
                first_day += 1;
            } else {
                later += 1;
            }
            breaker = breaker.failed(now, true);
            now = breaker.open_until.unwrap_or(now.plus(1));
        }
        assert!(first_day + 3 <= 15, "{first_day}, and three that were on their way");
        assert!(later <= 6 * 3, "{later}");
    }

    #[test]
    fn a_server_may_ask_for_a_pause() {
        let asked = Breaker::default().asked_to_pause(NOW, HOUR);
        assert_eq!((asked.failures, asked.open_until), (0, Some(NOW.plus(HOUR))));
        assert_eq!(asked.asked_to_pause(NOW, MINUTE), asked, "never shorter");
    }

    #[test]
    fn who_lives() {
        assert_eq!(Answer::status(404).server_lives(), Some(true));
        assert_eq!(Answer::status(500).server_lives(), Some(false));
        assert_eq!(Answer::Silence.server_lives(), Some(false));
        assert_eq!(Answer::Unsent.server_lives(), None);
        assert_eq!(Answer::Forbidden.server_lives(), None);
        assert_eq!((Answer::status(202).code(), Answer::Silence.code()), (Some(202), None));
    }
}
