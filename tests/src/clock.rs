//! The clock of a [`World`](crate::world::World): it stands still until a test moves it.

use std::sync::atomic::{AtomicI64, Ordering};

use folkmoot_app::ports::Clock;
use folkmoot_domain::Moment;

/// When a world begins unless it is told otherwise: Monday 5 October 2026, 10 am in Leeds.
pub const BEGINNING: Moment = Moment(1_791_190_800_000);

/// A clock that only tests move.
#[derive(Debug)]
pub struct TestClock(AtomicI64);

impl TestClock {
    /// A clock that shows this moment.
    pub fn at(moment: Moment) -> Self {
        Self(AtomicI64::new(moment.0))
    }

    /// Shows another moment from now on.
    pub fn set(&self, moment: Moment) {
        self.0.store(moment.0, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Moment {
        Moment(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_is_a_monday_morning() {
        assert_eq!(BEGINNING.rfc3339(), "2026-10-05T09:00:00Z");
        let clock = TestClock::at(BEGINNING);
        assert_eq!(clock.now(), BEGINNING);
        clock.set(BEGINNING.plus(1));
        assert_eq!(clock.now(), BEGINNING.plus(1));
    }
}
