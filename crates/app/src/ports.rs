//! The ports: what the house takes from outside. Each has an implementation here and another in the tests.

use folkmoot_domain::Moment;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Moment;
}

/// Gives unpredictable bytes.
pub trait Randomness: Send + Sync {
    /// Fills the buffer.
    fn fill(&self, buffer: &mut [u8]);
}

/// Makes key pairs; slow enough that tests bring fixed ones.
pub trait KeyMaker: Send + Sync {
    /// A fresh RSA-2048 pair.
    fn make(&self) -> Result<KeyPair, String>;
}

/// An RSA key pair.
#[derive(Clone)]
pub struct KeyPair {
    /// PKCS #8, DER.
    pub private: Vec<u8>,
    /// SPKI, PEM.
    pub public: String,
}
