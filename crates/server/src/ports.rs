//! The ports for real: the system's clock and randomness, and fresh RSA keys. Tests bring others.
//!
//! The only place that asks the system for time or chance. Start at [`Ports::real`].

use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use folkmoot_app::ports::{Clock, KeyMaker, KeyPair, Mailer, Randomness};
use folkmoot_domain::Moment;
use folkmoot_federation::key_maker::make_pair;
use ring::rand::{SecureRandom, SystemRandom};

/// What an instance takes from outside.
#[derive(Clone)]
pub struct Ports {
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where unpredictable bytes come from.
    pub random: Arc<dyn Randomness>,
    /// Where key pairs come from.
    pub key_maker: Arc<dyn KeyMaker>,
    /// Who takes letters, in place of the mail server that the configuration names.
    pub mailer: Option<Arc<dyn Mailer>>,
}

impl Ports {
    /// Those of this machine.
    pub fn real() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandomness(SystemRandom::new())),
            key_maker: Arc::new(RsaKeyMaker),
            mailer: None,
        }
    }
}

/// The clock of this machine.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Moment(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// The randomness of this machine.
#[derive(Debug, Clone)]
pub struct SystemRandomness(SystemRandom);

impl Randomness for SystemRandomness {
    /// # Panics
    /// When the system has no randomness to give: going on would hand out secrets that can be guessed.
    fn fill(&self, buffer: &mut [u8]) {
        assert!(self.0.fill(buffer).is_ok(), "the system gives no randomness");
    }
}

/// Makes RSA-2048 pairs.
#[derive(Debug, Clone, Copy)]
pub struct RsaKeyMaker;

impl KeyMaker for RsaKeyMaker {
    fn make(&self) -> Result<KeyPair, String> {
        make_pair()
    }
}

#[cfg(test)]
mod tests {
    use super::Ports;

    #[test]
    fn the_machine_has_time_and_chance() {
        let ports = Ports::real();
        let year_2026 = 1_767_225_600_000;
        assert!(ports.clock.now().0 > year_2026);
        let (mut one, mut other) = ([0; 16], [0; 16]);
        ports.random.fill(&mut one);
        ports.random.fill(&mut other);
        assert_ne!(one, other);
        assert_ne!(one, [0; 16]);
    }
}
