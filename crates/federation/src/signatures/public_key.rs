//! A peer's public key, and the one question asked of it.
//!
//! Only RSA keys of 2048 to 8192 bits are read, whatever a request says about its algorithm: another kind
//! of key, or a key used as a shared secret, cannot happen here (ring, RFC 8017 8.2.2).

use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA512, UnparsedPublicKey};
use spki::{ObjectIdentifier, SubjectPublicKeyInfoRef};

use super::{Algorithm, pem};

/// rsaEncryption, RFC 8017 appendix A.1.
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// An RSA public key, as the DER of its two numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RsaPublicKey(Vec<u8>);

/// Why a signature is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyFault {
    /// No RSA key in PEM.
    #[error("the key is not an RSA public key")]
    Key,
    /// Made with another key, or over other headers; or the key is too short to count.
    #[error("the signature does not match")]
    Mismatch,
}

impl RsaPublicKey {
    /// Reads `PUBLIC KEY` (SPKI, RFC 5280 4.1.2.7) or `RSA PUBLIC KEY` (PKCS#1, as Mobilizon sends it).
    pub fn from_pem(armour: &str) -> Result<Self, VerifyFault> {
        if let Some(pkcs1) = pem::bytes(armour, "RSA PUBLIC KEY") {
            return Ok(Self(pkcs1));
        }
        let der = pem::bytes(armour, "PUBLIC KEY").ok_or(VerifyFault::Key)?;
        let info = SubjectPublicKeyInfoRef::try_from(der.as_slice()).map_err(|_| VerifyFault::Key)?;
        let pkcs1 = info.subject_public_key.as_bytes().filter(|_| info.algorithm.oid == RSA);
        pkcs1.map(|bytes| Self(bytes.to_vec())).ok_or(VerifyFault::Key)
    }

    /// Checks a signature over `signed`.
    pub fn verify(&self, algorithm: Algorithm, signed: &str, signature: &[u8]) -> Result<(), VerifyFault> {
        let sha256 = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.0);
        let sha512 = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA512, &self.0);
        let verified = match algorithm {
            Algorithm::RsaSha256 => sha256.verify(signed.as_bytes(), signature),
            // hs2019 leaves the hash to the key's owner: the field uses SHA-256, some follow the draft.
            Algorithm::Hs2019 => sha256
                .verify(signed.as_bytes(), signature)
                .or_else(|_| sha512.verify(signed.as_bytes(), signature)),
        };
        verified.map_err(|_| VerifyFault::Mismatch)
    }
}
