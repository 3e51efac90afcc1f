//! Randomness that comes out the same in every run.
//!
//! Ids are drawn in rising order, as they are in life, where the clock does not stand still between two of them.

use std::sync::atomic::{AtomicU64, Ordering};

use folkmoot_app::ports::Randomness;

/// How many random bytes an id takes (see [`folkmoot_domain::ids::uuid_from`]).
const ID: usize = 10;

/// A fixed stream of bytes for each seed.
#[derive(Debug)]
pub struct SeededRandomness {
    seed: u64,
    drawn: AtomicU64,
}

impl SeededRandomness {
    /// The stream of this seed.
    pub fn new(seed: &str) -> Self {
        let seed = seed.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self { seed, drawn: AtomicU64::new(0) }
    }
}

impl Randomness for SeededRandomness {
    fn fill(&self, buffer: &mut [u8]) {
        let drawn = self.drawn.fetch_add(1, Ordering::SeqCst);
        for (turn, chunk) in (0..).zip(buffer.chunks_mut(8)) {
            let bytes = mixed(self.seed ^ mixed(drawn ^ (turn << 48))).to_be_bytes();
            chunk.copy_from_slice(&bytes[..chunk.len()]);
        }
        if let Ok(id) = <&mut [u8; ID]>::try_from(buffer) {
            let (place, rest) = id.split_at_mut(6);
            // The first bits of an id are its version and variant; what counts up stands clear of them.
            let [.., high, middle, low] = drawn.to_be_bytes();
            place.copy_from_slice(&[0, 0, 0, 0, high, middle]);
            rest[0] = low;
        }
    }
}

/// A number in which every bit of the other shows (`SplitMix64`).
fn mixed(number: u64) -> u64 {
    let mut number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use folkmoot_domain::ids::uuid_from;

    use super::*;

    #[test]
    fn ids_of_one_moment_come_in_the_order_they_were_drawn() {
        let random = SeededRandomness::new("hyde.test");
        let ids: Vec<_> = (0..70_000)
            .map(|_| {
                let mut bytes = [0; ID];
                random.fill(&mut bytes);
                uuid_from(1, bytes)
            })
            .collect();
        assert!(ids.is_sorted_by(|one, next| one < next));
    }

    #[test]
    fn secrets_differ_by_seed_and_turn_and_not_by_run() {
        let draw = |random: &SeededRandomness| {
            let mut bytes = [0; 16];
            random.fill(&mut bytes);
            bytes
        };
        let (one, again, other) =
            (SeededRandomness::new("one"), SeededRandomness::new("one"), SeededRandomness::new("other"));
        let first = draw(&one);
        assert_eq!(first, draw(&again));
        assert_ne!(first, draw(&one));
        assert_ne!(first, draw(&other));
        assert_ne!(first[..8], first[8..]);
    }
}
