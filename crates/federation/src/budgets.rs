//! How much of our work one domain may cause: so much at once, and so much again each minute.
//!
//! Hosts are counted under the domain that somebody had to register, since names below it cost nothing.

use folkmoot_domain::{Moment, moments::MINUTE};

use crate::memory::Memory;

/// Most domains that are counted at once; a domain that is not counted has spent nothing.
const DOMAINS: usize = 10_000;

/// What each domain has spent.
#[derive(Debug)]
pub(crate) struct Budgets {
    per_minute: i64,
    spent: Memory<Spent>,
}

/// Spending so far, in parts of which a minute gives back `per_minute` times [`MINUTE`].
#[derive(Clone, Copy, Debug)]
struct Spent {
    parts: i64,
    at: Moment,
}

impl Budgets {
    /// Every domain may spend `per_minute` at once; a minute later it has them again.
    pub(crate) fn new(per_minute: u32) -> Self {
        Self { per_minute: per_minute.into(), spent: Memory::new(DOMAINS, MINUTE) }
    }

    /// Seconds until this host may spend again; none when it may now.
    pub(crate) fn wait(&self, host: &str, now: Moment) -> Option<u32> {
        let parts = self.parts(host, now);
        let over = parts + MINUTE - self.per_minute * MINUTE;
        let milliseconds = over.checked_div(self.per_minute).unwrap_or(MINUTE);
        (over > 0).then(|| u32::try_from(milliseconds / 1_000 + 1).unwrap_or(u32::MAX))
    }

    /// This host spends one.
    pub(crate) fn spend(&mut self, host: &str, now: Moment) {
        let parts = self.parts(host, now) + MINUTE;
        self.spent.put(domain(host), Spent { parts, at: now }, now);
    }

    fn parts(&self, host: &str, now: Moment) -> i64 {
        self.spent.get(domain(host), now).map_or(0, |spent| {
            let given_back = now.0.saturating_sub(spent.at.0).max(0).saturating_mul(self.per_minute);
            spent.parts.saturating_sub(given_back).max(0)
        })
    }
}

/// The part of a host name that was registered: its last two labels, or three where the last two are both
/// short, as in `co.uk`. A guess without a list, good enough for counting and used for nothing else.
pub(crate) fn domain(host: &str) -> &str {
    let name = host.split_once(':').map_or(host, |(name, _)| name);
    let mut labels = name.rsplit('.');
    let [last, before] = [labels.next(), labels.next()].map(|label| label.unwrap_or_default().len());
    let taken = if last == 2 && before <= 3 { 3 } else { 2 };
    let start = name.rmatch_indices('.').nth(taken - 1).map_or(0, |(dot, _)| dot + 1);
    name.get(start..).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_count_under_what_was_registered() {
        for (host, registered) in [
            ("a.example", "a.example"),
            ("x.y.a.example", "a.example"),
            ("leeds.co.uk", "leeds.co.uk"),
            ("x.leeds.co.uk", "leeds.co.uk"),
            ("hyde.localhost:8001", "hyde.localhost"),
            ("localhost", "localhost"),
            ("", ""),
        ] {
            assert_eq!(domain(host), registered);
        }
    }

    #[test]
    fn a_domain_spends_so_much_at_once_and_again_with_time() {
        let mut budgets = Budgets::new(60);
        for n in 0..60 {
            assert_eq!(budgets.wait("a.example", Moment(0)), None, "{n}");
            budgets.spend(&format!("n{n}.a.example"), Moment(0));
        }
        assert_eq!(budgets.wait("a.example", Moment(0)), Some(2));
        assert_eq!(budgets.wait("b.example", Moment(0)), None);
        assert_eq!(budgets.wait("a.example", Moment(1_000)), None);
        budgets.spend("a.example", Moment(1_000));
        assert!(budgets.wait("a.example", Moment(1_000)).is_some());
        assert_eq!(budgets.wait("a.example", Moment(MINUTE * 3)), None);
        // A clock that goes back gives nothing for free and takes nothing away.
        assert!(budgets.wait("a.example", Moment(500)).is_some());
        assert_eq!(Budgets::new(0).wait("a.example", Moment(0)), Some(61));
    }
}
