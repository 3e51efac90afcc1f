//! Makes RSA key pairs for our actors: 2048 bits, which every peer verifies.
//!
//! Slow by nature, so callers do it once for an actor, and tests bring fixed pairs. Start at [`make_pair`].

use activitypub_federation::http_signatures::generate_actor_keypair;
use base64::{Engine, engine::general_purpose::STANDARD};
use folkmoot_app::ports::KeyPair;

/// Makes a fresh pair. The error is a sentence for whoever runs the server.
pub fn make_pair() -> Result<KeyPair, String> {
    let pair = generate_actor_keypair().map_err(|error| format!("a key pair could not be made: {error}"))?;
    let private = without_armour(&pair.private_key).ok_or("a key pair came out in an unknown form")?;
    Ok(KeyPair { private, public: pair.public_key })
}

/// The DER inside `-----BEGIN PRIVATE KEY-----` (RFC 7468 10).
fn without_armour(pem: &str) -> Option<Vec<u8>> {
    let body =
        pem.trim().strip_prefix("-----BEGIN PRIVATE KEY-----")?.strip_suffix("-----END PRIVATE KEY-----")?;
    STANDARD.decode(body.split_ascii_whitespace().collect::<String>()).ok()
}

#[cfg(test)]
mod tests {
    use super::make_pair;
    use crate::signatures::{RsaPublicKey, SigningKey};

    #[test]
    fn fresh_pairs_are_usable_and_differ() {
        let (one, other) = (make_pair().unwrap(), make_pair().unwrap());
        SigningKey::from_pkcs8_der("https://hyde.example/ap/instance#main-key", &one.private).unwrap();
        assert!(RsaPublicKey::from_pem(&one.public).is_ok());
        assert_ne!(one.private, other.private);
        assert_ne!(one.public, other.public);
    }
}
