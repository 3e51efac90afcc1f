//! How many forms one address may send: each takes a turn at the one writer, so nobody gets all of them.
//!
//! Other servers have budgets of their own, by domain, behind their signature; what they post is not counted here. Where a
//! request comes from is believed only as far as the trusted proxies reach. Start at [`Strangers::admit`].

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, PoisonError},
};

use axum::http::HeaderMap;
use folkmoot_app::limits::counted_as;
use folkmoot_domain::{Moment, moments::MINUTE};

use crate::config::AddressRange;

/// Most addresses that are counted apart in one minute; whoever comes then is counted together.
const MOST: usize = 10_000;

/// What each address has sent in this minute.
pub struct Strangers {
    trusted: Vec<AddressRange>,
    per_minute: u32,
    this_minute: Mutex<(i64, HashMap<IpAddr, u32>)>,
}

impl Strangers {
    /// Nobody has sent anything yet.
    pub fn new(trusted: Vec<AddressRange>, per_minute: u32) -> Self {
        Self { trusted, per_minute, this_minute: Mutex::default() }
    }

    /// May this address send a form now? Counts it when it may; else the seconds to wait.
    pub fn admit(&self, peer: IpAddr, headers: &HeaderMap, now: Moment) -> Result<(), i64> {
        let from = counted_as(self.source(peer, headers));
        let (minute, left) = (now.0.div_euclid(MINUTE), (MINUTE - now.0.rem_euclid(MINUTE)) / 1_000 + 1);
        // Counts are right after every step; a panic elsewhere spoils none.
        let mut window = self.this_minute.lock().unwrap_or_else(PoisonError::into_inner);
        if window.0 != minute {
            *window = (minute, HashMap::new());
        }
        let full = window.1.len() >= MOST && !window.1.contains_key(&from);
        let together = IpAddr::V6(Ipv6Addr::UNSPECIFIED);
        let sent = window.1.entry(if full { together } else { from }).or_default();
        if *sent >= self.per_minute {
            return Err(left);
        }
        *sent += 1;
        Ok(())
    }

    /// Where a request comes from: the last address in `X-Forwarded-For` that no trusted proxy has, else whoever is
    /// connected to us.
    pub fn source(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let said = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let said: Vec<&str> = said.flat_map(|value| value.split(',')).collect();
        let mut source = peer;
        for address in said.into_iter().rev() {
            if !self.trusted.iter().any(|range| range.contains(source)) {
                break;
            }
            let Ok(address) = address.trim().parse() else { break };
            source = address;
        }
        source
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strangers() -> Strangers {
        Strangers::new(vec!["127.0.0.0/8".parse().unwrap(), "10.0.0.0/8".parse().unwrap()], 2)
    }

    fn forwarded(values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn only_trusted_proxies_say_where_requests_come_from() {
        let source = |peer: &str, said: &[&str]| {
            strangers().source(peer.parse().unwrap(), &forwarded(said)).to_string()
        };
        assert_eq!(source("127.0.0.1", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(
            source("127.0.0.1", &["198.51.100.7, 203.0.113.9"]),
            "203.0.113.9",
            "the first was made up"
        );
        assert_eq!(source("127.0.0.1", &["198.51.100.7", "203.0.113.9, 10.1.1.1"]), "203.0.113.9");
        assert_eq!(source("203.0.113.9", &["127.0.0.1"]), "203.0.113.9");
        assert_eq!(source("127.0.0.1", &["unknown"]), "127.0.0.1");
        assert_eq!(source("127.0.0.1", &[]), "127.0.0.1");
    }

    #[test]
    fn each_address_has_its_own_budget_each_minute() {
        let strangers = strangers();
        let send = |address: &str, now: i64| {
            strangers.admit(address.parse().unwrap(), &HeaderMap::new(), Moment(now))
        };
        assert_eq!([send("203.0.113.9", 0), send("203.0.113.9", 1_000)], [Ok(()), Ok(())]);
        assert_eq!(send("203.0.113.9", 20_000), Err(41));
        assert_eq!(send("203.0.113.10", 20_000), Ok(()));
        assert_eq!(send("203.0.113.9", MINUTE), Ok(()));
        let same_household =
            ["2001:db8::1", "2001:db8::ffff", "2001:db8::2:1"].map(|address| send(address, MINUTE).is_ok());
        assert_eq!(same_household, [true, true, false]);
        assert_eq!(send("2001:db8:0:1::1", MINUTE), Ok(()));
        assert_eq!(send("::ffff:203.0.113.9", MINUTE), Ok(()));
        assert!(send("203.0.113.9", MINUTE).is_err(), "the same address in another dress");
    }

    #[test]
    fn the_memory_is_bounded() {
        let strangers = strangers();
        for number in 0..30_000u32 {
            let address = std::net::Ipv4Addr::from_bits(number).into();
            let _ = strangers.admit(address, &HeaderMap::new(), Moment(0));
        }
        assert!(strangers.this_minute.lock().unwrap().1.len() <= MOST + 1);
    }
}
