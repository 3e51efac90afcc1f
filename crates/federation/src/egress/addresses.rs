//! Which network addresses are somebody's public home. Denied unless known to be public.
//!
//! The lists follow the IANA special-purpose registries (RFC 6890 and its successors). IPv6 is allowed only
//! inside global unicast space; everything that carries an IPv4 address inside it (mapped, NAT64, 6to4,
//! Teredo) is refused whole, so that no private address comes in disguise.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{Ipv4Net, Ipv6Net};

const fn v4(a: u8, b: u8, c: u8, d: u8, bits: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), bits)
}

const fn v6(first: u16, second: u16, third: u16, bits: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(first, second, third, 0, 0, 0, 0, 0), bits)
}

/// IPv4 space that is not the public internet.
const NOT_PUBLIC_V4: [Ipv4Net; 18] = [
    v4(0, 0, 0, 0, 8),       // this network, RFC 791
    v4(10, 0, 0, 0, 8),      // private, RFC 1918
    v4(100, 64, 0, 0, 10),   // carrier-grade NAT, RFC 6598
    v4(127, 0, 0, 0, 8),     // loopback
    v4(169, 254, 0, 0, 16),  // link-local and cloud metadata, RFC 3927
    v4(172, 16, 0, 0, 12),   // private, RFC 1918
    v4(192, 0, 0, 0, 24),    // protocol assignments, RFC 6890
    v4(192, 0, 2, 0, 24),    // documentation, RFC 5737
    v4(192, 31, 196, 0, 24), // AS112, RFC 7535
    v4(192, 52, 193, 0, 24), // multicast tunnels, RFC 7450
    v4(192, 88, 99, 0, 24),  // 6to4 relays, RFC 7526
    v4(192, 168, 0, 0, 16),  // private, RFC 1918
    v4(192, 175, 48, 0, 24), // AS112, RFC 7534
    v4(198, 18, 0, 0, 15),   // benchmarking, RFC 2544
    v4(198, 51, 100, 0, 24), // documentation
    v4(203, 0, 113, 0, 24),  // documentation
    v4(224, 0, 0, 0, 4),     // multicast
    v4(240, 0, 0, 0, 4),     // reserved, and broadcast
];

/// Global unicast, RFC 4291 2.4: the only IPv6 space ever allowed.
const GLOBAL_V6: Ipv6Net = v6(0x2000, 0, 0, 3);

/// IPv6 space inside [`GLOBAL_V6`] that is not the public internet.
const NOT_PUBLIC_V6: [Ipv6Net; 5] = [
    v6(0x2001, 0, 0, 23),           // Teredo, ORCHID, benchmarking and others, RFC 2928
    v6(0x2001, 0x0db8, 0, 32),      // documentation, RFC 3849
    v6(0x2002, 0, 0, 16),           // 6to4, RFC 3056
    v6(0x2620, 0x004f, 0x8000, 48), // AS112, RFC 7534
    v6(0x3fff, 0, 0, 20),           // documentation, RFC 9637
];

/// Whether an address belongs to the public internet.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !NOT_PUBLIC_V4.iter().any(|range| range.contains(&address)),
        IpAddr::V6(address) => {
            GLOBAL_V6.contains(&address) && !NOT_PUBLIC_V6.iter().any(|range| range.contains(&address))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn public(text: &str) -> bool {
        is_public(text.parse().unwrap())
    }

    #[test]
    fn the_public_internet_is_allowed() {
        for good in [
            "1.1.1.1",
            "8.8.8.8",
            "93.184.216.34",
            "100.63.255.255",
            "100.128.0.1",
            "172.32.0.1",
            "198.20.0.1",
            "223.255.255.255",
        ] {
            assert!(public(good), "{good}");
        }
        for good in [
            "2606:4700:4700::1111",
            "2a00:1450:4001:800::200e",
            "2001:200::1",
            "2001:4860:4860::8888",
            "3ffe::1",
        ] {
            assert!(public(good), "{good}");
        }
    }

    /// SSRF-02, SSRF-03, SSRF-04, SSRF-05, SSRF-06.
    #[test]
    fn nothing_else_is() {
        for bad in [
            "0.0.0.0",
            "0.0.0.1",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.1",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:7f00:1",
            "::ffff:1.1.1.1",
            "64:ff9b::7f00:1",
            "64:ff9b::101:101",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:0:7f00:1::",
            "2001:2::1",
            "2001:10::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:0808:0808::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd00::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!public(bad), "{bad}");
        }
    }

    /// What the standard library knows about private addresses, written down apart from the lists above.
    fn known_private(address: Ipv4Addr) -> bool {
        let [first, second, ..] = address.octets();
        address.is_private()
            || address.is_loopback()
            || address.is_link_local()
            || address.is_multicast()
            || address.is_broadcast()
            || address.is_documentation()
            || address.is_unspecified()
            || first == 0
            || first >= 240
            || (first == 100 && second & 0b1100_0000 == 64)
            || (first == 198 && second & 0b1111_1110 == 18)
    }

    /// Addresses near the edges of the ranges, where a wrong mask would show.
    fn edges() -> impl Strategy<Value = Ipv4Addr> {
        let near = prop::sample::select(vec![
            0u8, 1, 9, 10, 11, 63, 64, 99, 100, 127, 128, 168, 169, 172, 191, 192, 198, 224, 255,
        ]);
        (
            near.clone(),
            prop::sample::select(vec![0u8, 15, 16, 17, 18, 19, 20, 31, 32, 63, 64, 127, 128, 168, 254]),
            any::<u8>(),
            near,
        )
            .prop_map(|(a, b, c, d)| Ipv4Addr::new(a, b, c, d))
    }

    proptest! {
        #[test]
        fn no_private_address_is_ever_public(address in prop_oneof![edges(), any::<u32>().prop_map(Ipv4Addr::from)]) {
            prop_assert!(!(known_private(address) && is_public(address.into())));
        }

        #[test]
        fn no_ipv4_address_comes_in_disguise(address in prop_oneof![edges(), any::<u32>().prop_map(Ipv4Addr::from)], low in any::<u64>()) {
            let bits = u128::from(address.to_bits());
            let low = u128::from(low);
            for disguise in [
                bits,                                            // IPv4-compatible
                (0xffff_u128 << 32) | bits,                      // IPv4-mapped
                (0xffff_u128 << 48) | bits,                      // IPv4-translated
                (0x0064_ff9b_u128 << 96) | bits,                 // NAT64
                (0x0064_ff9b_0001_u128 << 80) | bits,            // local NAT64
                (0x2002_u128 << 112) | (bits << 80) | low,       // 6to4
                (0x2001_0000_u128 << 96) | (bits << 64) | low,   // Teredo
            ] {
                prop_assert!(!is_public(Ipv6Addr::from(disguise).into()), "{}", Ipv6Addr::from(disguise));
            }
        }

        #[test]
        fn only_global_unicast_is_public(bits in any::<u128>()) {
            let address = Ipv6Addr::from(bits);
            if is_public(address.into()) {
                prop_assert_eq!(bits >> 125, 1);
                prop_assert!(!address.is_unique_local() && !address.is_unicast_link_local() && !address.is_multicast());
            }
        }
    }
}
