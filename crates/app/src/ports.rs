//! The ports: what the house takes from outside. Each has an implementation here and another in the tests.

use async_trait::async_trait;
use folkmoot_domain::{MailId, Moment, actors::Actor};

use crate::{App, Result as Answer};

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

/// Brings letters to a mail server.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Hands one over. `Ok` only when the server took it.
    async fn send(&self, mail: &Mail) -> Result<(), Undelivered>;
}

/// Asks other servers.
#[async_trait]
pub trait Remote: Send + Sync {
    /// Whoever goes by this handle or lives at this address, remembered. Why not is a refusal in plain words.
    async fn find(&self, app: &App, what: &str) -> Answer<Actor>;
}

/// A letter in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// Names it for good: the same when it is sent again.
    pub id: MailId,
    /// To whom: one address.
    pub to: String,
    /// One line.
    pub subject: String,
    /// The letter as plain text.
    pub text: String,
    /// The same as HTML; nothing in it is fetched from anywhere.
    pub html: String,
    /// Does it tell of something that its reader did not ask for just now? Then it says how to get no more.
    pub notice: bool,
}

/// Why a letter did not go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undelivered {
    /// It may go later.
    Later(String),
    /// It never will: the address is refused.
    Never(String),
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
