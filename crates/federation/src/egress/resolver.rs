//! Names to addresses, for our client alone: what is not public does not come out.
//!
//! The client connects to exactly what this returns, so a name cannot be checked at one moment and lead
//! somewhere else at the next. A name with even one address that is not public has none (SSRF-08).

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::{errors::NotAllowed, relaxations::Relaxations};

/// The resolver of the one client.
pub(super) struct GuardedResolver(pub(super) Arc<Relaxations>);

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let relaxations = Arc::clone(&self.0);
        Box::pin(async move {
            let host = name.as_str();
            let found = match relaxations.address_of(host) {
                Some(address) => vec![address],
                None => {
                    admit(tokio::net::lookup_host((host, 0)).await?.map(|found| found.ip()), &relaxations)?
                }
            };
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Lets a set of addresses through, whole or not at all. Port 0 means the port of the scheme.
pub(super) fn admit(
    found: impl IntoIterator<Item = IpAddr>,
    relaxations: &Relaxations,
) -> Result<Vec<SocketAddr>, NotAllowed> {
    found
        .into_iter()
        .map(|address| {
            if relaxations.allows_address(address) {
                Ok(SocketAddr::new(address, 0))
            } else {
                Err(NotAllowed::Address)
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::egress::addresses::is_public;

    fn admitted(found: &[&str]) -> Result<Vec<SocketAddr>, NotAllowed> {
        admit(found.iter().map(|text| text.parse().unwrap()), &Relaxations::default())
    }

    /// SSRF-06, SSRF-08.
    #[test]
    fn one_private_address_spoils_the_set() {
        assert_eq!(admitted(&["1.1.1.1", "2606:4700::1"]).unwrap().len(), 2);
        for bad in ["127.0.0.1", "169.254.169.254", "fd00::1", "::ffff:10.0.0.1"] {
            assert_eq!(admitted(&[bad]), Err(NotAllowed::Address));
            assert_eq!(admitted(&["1.1.1.1", bad]), Err(NotAllowed::Address));
            assert_eq!(admitted(&[bad, "1.1.1.1"]), Err(NotAllowed::Address));
        }
    }

    proptest! {
        #[test]
        fn every_admitted_address_is_public(found in proptest::collection::vec(any::<IpAddr>(), 0..6)) {
            if let Ok(admitted) = admit(found, &Relaxations::default()) {
                prop_assert!(admitted.iter().all(|address| is_public(address.ip())));
            }
        }
    }
}
