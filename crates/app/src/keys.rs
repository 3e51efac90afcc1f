//! Keys: sealed at rest with a key that is not in the database, and hashes of secrets.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use folkmoot_domain::ActorId;
use ring::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    digest::{SHA256, digest},
};

use crate::{App, Error, Result, ports::Randomness};

/// Seals and opens private keys (ChaCha20-Poly1305). Whoever has only the database has no keys.
pub struct Vault(LessSafeKey);

impl Vault {
    /// Takes the 256-bit key from the key file.
    pub fn new(key: [u8; 32]) -> Result<Self> {
        let key = UnboundKey::new(&CHACHA20_POLY1305, &key)
            .map_err(|_| Error::Broken("the key file is unusable".into()))?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// Seals a secret for one owner: nonce, then ciphertext.
    pub fn seal(&self, owner: ActorId, secret: &[u8], random: &dyn Randomness) -> Result<Vec<u8>> {
        let mut nonce = [0; NONCE_LEN];
        random.fill(&mut nonce);
        let mut sealed = secret.to_vec();
        self.0
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(owner.0.as_bytes()),
                &mut sealed,
            )
            .map_err(|_| Error::Broken("a key could not be sealed".into()))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what was sealed for this owner.
    pub fn open(&self, owner: ActorId, sealed: &[u8]) -> Result<Vec<u8>> {
        let wrong = || {
            Error::Broken(
                "a private key does not open: is this the key file that belongs to the database?".into(),
            )
        };
        let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN).ok_or_else(wrong)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| wrong())?;
        let mut opened = sealed.to_vec();
        let secret =
            self.0.open_in_place(nonce, Aad::from(owner.0.as_bytes()), &mut opened).map_err(|_| wrong())?;
        Ok(secret.to_vec())
    }
}

/// The id of the key with which one of ours signs, and the key (PKCS #8, DER).
pub async fn signing_key(app: &App, actor: ActorId) -> Result<(String, Vec<u8>)> {
    let sealed = folkmoot_storage::actors::sealed_key(&app.store.rows(), actor).await?;
    let (key_id, sealed) =
        sealed.ok_or_else(|| Error::Broken(format!("actor {actor} has no private key")))?;
    Ok((key_id, app.vault.open(actor, &sealed)?))
}

/// Bytes as text for addresses: base64url without padding.
pub fn text(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// What is stored of a secret.
pub fn hash(secret: &str) -> String {
    text(digest(&SHA256, secret.as_bytes()).as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Sevens;
    impl Randomness for Sevens {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(7);
        }
    }

    #[test]
    fn a_key_opens_only_for_its_owner_and_with_its_vault() {
        let (owner, other) = (ActorId(uuid::Uuid::from_u128(1)), ActorId(uuid::Uuid::from_u128(2)));
        let vault = Vault::new([1; 32]).unwrap();
        let sealed = vault.seal(owner, b"secret", &Sevens).unwrap();
        assert_eq!(vault.open(owner, &sealed).unwrap(), b"secret");
        assert!(vault.open(other, &sealed).is_err());
        assert!(Vault::new([2; 32]).unwrap().open(owner, &sealed).is_err());
        assert!(vault.open(owner, &sealed[..5]).is_err());
    }
}
