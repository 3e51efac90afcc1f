//! What is too much: how often one address, one account or one mail address may ask. Kept in memory: a restart forgives.
//!
//! Ask before anything else is done, in a function of `app` or right before it is called:
//!
//! | what | function | how often |
//! |---|---|---|
//! | trying to sign in | [`sign_in`] | 25 in 5 minutes from one address, 25 in an hour for one account |
//! | asking for a letter: a sign-in link, another address | [`letter`] | 25 in 5 minutes from one address, 5 in 30 minutes to one mail address |
//! | "I can help", coming in by an invitation | [`offer`] | 5 in 30 minutes from one address; when a letter goes, 5 in 30 minutes to its address |
//! | reports | [`report`] | 10 in 30 minutes from one address |
//! | proposing a project | [`nominate`] | 5 in 30 minutes from one address |
//!
//! Each takes where the request comes from; addresses of IPv6 that share their first 64 bits are one. What is too much is
//! [`Refusal::TooOften`]. The numbers are Mastodon's where it has any.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use folkmoot_domain::{Moment, Refusal, moments};
use governor::{
    NotUntil, Quota, RateLimiter, clock::Clock, middleware::NoOpMiddleware,
    state::keyed::DefaultKeyedStateStore,
};

use crate::{App, Result};

const MINUTE: Duration = Duration::from_secs(60);
/// Most keys that one limit counts apart; who comes when it is full is counted together.
const MOST: usize = 50_000;
/// What those are counted as.
const TOGETHER: &str = "everybody else";

/// Where a request that has no address comes from: a command, or a test in the same process.
pub const HERE: IpAddr = IpAddr::V6(Ipv6Addr::UNSPECIFIED);

/// How often each has asked lately.
#[derive(Debug)]
pub struct Limits {
    tries: Limit,
    tries_at_account: Limit,
    letters: Limit,
    offers: Limit,
    reports: Limit,
    nominations: Limit,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            tries: Limit::new(25, 5 * MINUTE),
            tries_at_account: Limit::new(25, 60 * MINUTE),
            letters: Limit::new(5, 30 * MINUTE),
            offers: Limit::new(5, 30 * MINUTE),
            reports: Limit::new(10, 30 * MINUTE),
            nominations: Limit::new(5, 30 * MINUTE),
        }
    }
}

/// Somebody tries to sign in as this account, whether it exists or not.
pub fn sign_in(app: &App, from: IpAddr, account: &str) -> Result<()> {
    let (limits, now) = (&app.limits, app.now());
    limits.tries.ask(&place(from), now)?;
    limits.tries_at_account.ask(account, now)
}

/// Somebody wants a letter to be sent to this address.
pub fn letter(app: &App, from: IpAddr, recipient: &str) -> Result<()> {
    let (limits, now) = (&app.limits, app.now());
    limits.tries.ask(&place(from), now)?;
    limits.letters.ask(recipient, now)
}

/// Somebody offers help or takes up an invitation; `recipient` is where a letter goes, when one does.
pub fn offer(app: &App, from: IpAddr, recipient: Option<&str>) -> Result<()> {
    let (limits, now) = (&app.limits, app.now());
    limits.offers.ask(&place(from), now)?;
    recipient.map_or(Ok(()), |recipient| limits.letters.ask(recipient, now))
}

/// Somebody reports something.
pub fn report(app: &App, from: IpAddr) -> Result<()> {
    app.limits.reports.ask(&place(from), app.now())
}

/// Somebody proposes a project.
pub fn nominate(app: &App, from: IpAddr) -> Result<()> {
    app.limits.nominations.ask(&place(from), app.now())
}

impl Limits {
    /// Forgets whoever has asked nothing for so long that it makes no difference.
    pub fn sweep(&self, now: Moment) {
        let all = [
            &self.tries,
            &self.tries_at_account,
            &self.letters,
            &self.offers,
            &self.reports,
            &self.nominations,
        ];
        for limit in all {
            limit.sweep(now);
        }
    }
}

/// One household or machine has a whole /64 of IPv6.
pub fn counted_as(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
    }
}

fn place(from: IpAddr) -> String {
    counted_as(from).to_string()
}

/// A clock that shows what it was told last, so that time is ours here too.
#[derive(Debug, Clone, Default)]
struct Told(Arc<AtomicI64>);

impl Clock for Told {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.load(Ordering::Relaxed)).unwrap_or_default())
    }
}

#[derive(Debug)]
struct Limit {
    clock: Told,
    made_room: AtomicI64,
    counts: RateLimiter<String, DefaultKeyedStateStore<String>, Told, NoOpMiddleware<Duration>>,
}

impl Limit {
    /// So many at once, and so many in each period after that.
    fn new(many: u32, period: Duration) -> Self {
        let clock = Told::default();
        let burst = NonZeroU32::new(many).unwrap_or(NonZeroU32::MIN);
        // A period of zero is the only one that makes no quota.
        let quota =
            Quota::with_period(period / many.max(1)).unwrap_or(Quota::per_hour(burst)).allow_burst(burst);
        let counts = RateLimiter::new(quota, DefaultKeyedStateStore::default(), clock.clone());
        Self { clock, made_room: AtomicI64::new(0), counts }
    }

    fn ask(&self, key: &str, now: Moment) -> Result<()> {
        self.clock.0.fetch_max(now.0, Ordering::Relaxed);
        if self.counts.len() >= MOST {
            self.make_room(now);
        }
        let key = if self.counts.len() >= MOST { TOGETHER } else { key };
        self.counts.check_key(&key.to_owned()).map_err(|until| too_often(&until, self.clock.now()).into())
    }

    /// Forgets what makes no difference, but not more often than once a minute: it looks at every key.
    fn make_room(&self, now: Moment) {
        let last = self.made_room.load(Ordering::Relaxed);
        let due = last + moments::MINUTE <= now.0;
        if due && self.made_room.compare_exchange(last, now.0, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            self.counts.retain_recent();
        }
    }

    fn sweep(&self, now: Moment) {
        self.clock.0.fetch_max(now.0, Ordering::Relaxed);
        self.counts.retain_recent();
        self.counts.shrink_to_fit();
    }
}

fn too_often(until: &NotUntil<Duration>, now: Duration) -> Refusal {
    let seconds = until.wait_time_from(now).as_secs_f64().ceil();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "no wait is longer than a day"
    )]
    let seconds = seconds.clamp(1.0, 86_400.0) as u32;
    Refusal::TooOften { seconds }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    const NOON: Moment = Moment(1_780_000_000_000);

    fn many(limit: &Limit, key: &str, now: Moment) -> usize {
        (0..100).take_while(|_| limit.ask(key, now).is_ok()).count()
    }

    #[test]
    fn each_has_its_own_budget_and_gets_it_back_with_time() {
        let limit = Limit::new(5, 30 * MINUTE);
        assert_eq!(many(&limit, "ana", NOON), 5);
        assert_eq!(many(&limit, "ben", NOON), 5);
        let refused = limit.ask("ana", NOON);
        assert!(matches!(refused, Err(Error::Refused(Refusal::TooOften { seconds: 360 }))), "{refused:?}");
        assert_eq!(many(&limit, "ana", NOON.plus(6 * moments::MINUTE)), 1);
        assert_eq!(many(&limit, "ana", NOON.plus(40 * moments::MINUTE)), 5);
    }

    #[test]
    fn a_clock_that_goes_back_forgives_nobody() {
        let limit = Limit::new(5, 30 * MINUTE);
        assert_eq!(many(&limit, "ana", NOON), 5);
        assert_eq!(many(&limit, "ana", NOON.plus(-moments::DAY)), 0);
    }

    #[test]
    fn the_memory_is_bounded_and_swept() {
        let limit = Limit::new(25, 5 * MINUTE);
        for number in 0..u32::try_from(MOST).unwrap() + 20_000 {
            let _ = limit.ask(&number.to_string(), NOON);
        }
        assert!(limit.counts.len() <= MOST + 1, "{}", limit.counts.len());
        assert!(limit.ask("somebody new", NOON).is_err(), "they are counted together");
        limit.sweep(NOON.plus(moments::HOUR));
        assert_eq!(limit.counts.len(), 0);
        assert!(limit.ask("somebody new", NOON.plus(moments::HOUR)).is_ok());
    }

    #[test]
    fn a_household_is_one() {
        let place = |address: &str| place(address.parse().unwrap());
        assert_eq!(place("2001:db8::1"), place("2001:db8::ffff"));
        assert_ne!(place("2001:db8::1"), place("2001:db8:0:1::1"));
        assert_eq!(place("::ffff:203.0.113.9"), place("203.0.113.9"));
    }
}
