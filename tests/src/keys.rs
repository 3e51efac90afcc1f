//! RSA keys that are the same in every run: making one takes longer than most tests.
//!
//! They are worth nothing and open nothing but these tests. Instances and strangers draw from different ones.

use std::sync::{
    LazyLock,
    atomic::{AtomicUsize, Ordering},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use folkmoot_app::ports::{KeyMaker, KeyPair};
use ring::{
    rand::SystemRandom,
    signature::{RSA_PKCS1_SHA256, RsaKeyPair},
};
use rustls::pki_types::{PrivatePkcs8KeyDer, pem::PemObject};

/// How many of the keys are for instances; the others are for strangers.
const FOR_INSTANCES: usize = 8;

/// What stands around an RSA-2048 public key in SPKI (RFC 5280 4.1.2.7): sequence, algorithm, bit string.
const SPKI: [u8; 24] = [
    0x30, 0x82, 0x01, 0x22, 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01,
    0x05, 0x00, 0x03, 0x82, 0x01, 0x0f, 0x00,
];

static KEYS: LazyLock<Vec<TestKey>> = LazyLock::new(|| {
    PrivatePkcs8KeyDer::pem_slice_iter(include_bytes!("keys.pem"))
        .map(|key| TestKey::read(key.expect("keys.pem holds PKCS #8").secret_pkcs8_der()))
        .collect()
});

/// One of the keys.
#[derive(Debug)]
pub struct TestKey {
    private: Vec<u8>,
    pair: RsaKeyPair,
}

impl TestKey {
    fn read(private: &[u8]) -> Self {
        let pair = RsaKeyPair::from_pkcs8(private).expect("keys.pem holds RSA keys of 2048 bits");
        Self { private: private.to_owned(), pair }
    }

    /// The public half as actors publish it: SPKI in PEM.
    pub fn public_pem(&self) -> String {
        let spki = [SPKI.as_slice(), self.pair.public().as_ref()].concat();
        let lines: Vec<String> = STANDARD
            .encode(spki)
            .as_bytes()
            .chunks(64)
            .map(|line| String::from_utf8_lossy(line).into_owned())
            .collect();
        format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"))
    }

    /// The public half in PKCS #1, as `ring` wants it to verify.
    pub fn public_der(&self) -> &[u8] {
        self.pair.public().as_ref()
    }

    /// An RSA-SHA256 signature over this text, in base64.
    pub fn sign(&self, text: &str) -> String {
        let mut signature = vec![0; self.pair.public().modulus_len()];
        self.pair
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature)
            .expect("RSA signs whatever it is given");
        STANDARD.encode(signature)
    }
}

/// The key of the stranger with this number, the same key again after the last.
pub fn of_stranger(number: usize) -> &'static TestKey {
    &KEYS[FOR_INSTANCES + number % (KEYS.len() - FOR_INSTANCES)]
}

/// Gives the keys for instances in turn, instead of making new ones.
#[derive(Debug, Default)]
pub struct FixedKeys(AtomicUsize);

impl KeyMaker for FixedKeys {
    fn make(&self) -> Result<KeyPair, String> {
        let key = &KEYS[self.0.fetch_add(1, Ordering::SeqCst) % FOR_INSTANCES];
        Ok(KeyPair { private: key.private.clone(), public: key.public_pem() })
    }
}

#[cfg(test)]
mod tests {
    use folkmoot_federation::signatures::{RsaPublicKey, SigningKey};

    use super::*;

    #[test]
    fn every_key_is_one_that_the_server_can_use_and_no_two_are_the_same() {
        let maker = FixedKeys::default();
        let made: Vec<_> = (0..FOR_INSTANCES).map(|_| maker.make().unwrap()).collect();
        for pair in &made {
            SigningKey::from_pkcs8_der("https://hyde.test/ap/instance#main-key", &pair.private).unwrap();
            assert!(RsaPublicKey::from_pem(&pair.public).is_ok());
        }
        let mut public: Vec<_> = KEYS.iter().map(TestKey::public_pem).collect();
        public.sort();
        public.dedup();
        assert_eq!(public.len(), 2 * FOR_INSTANCES);
    }
}
