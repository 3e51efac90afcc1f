//! The `Digest` header (RFC 3230): exactly one SHA-256 of the body, nothing else beside it.

use base64::{Engine, engine::general_purpose::STANDARD};
use ring::digest;

/// SHA-256 of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyDigest([u8; 32]);

/// Why a `Digest` header does not vouch for the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DigestFault {
    /// Not of the form `SHA-256=<base64>`: several digests, another algorithm, bad base64.
    #[error("Digest must be exactly one SHA-256")]
    Form,
    /// The body is another one.
    #[error("Digest is not the digest of this body")]
    OtherBody,
}

impl BodyDigest {
    /// Digests a body.
    pub fn of(body: &[u8]) -> Self {
        let mut bytes = [0; 32];
        for (byte, found) in bytes.iter_mut().zip(digest::digest(&digest::SHA256, body).as_ref()) {
            *byte = *found;
        }
        Self(bytes)
    }

    /// Reads the header and compares it with the body.
    pub fn check(header: &str, body: &[u8]) -> Result<Self, DigestFault> {
        let (algorithm, value) = header.split_once('=').ok_or(DigestFault::Form)?;
        if !algorithm.eq_ignore_ascii_case("sha-256") {
            return Err(DigestFault::Form);
        }
        let claimed =
            STANDARD.decode(value).ok().filter(|bytes| bytes.len() == 32).ok_or(DigestFault::Form)?;
        let real = Self::of(body);
        if claimed == real.0 { Ok(real) } else { Err(DigestFault::OtherBody) }
    }

    /// The header value.
    pub fn header(&self) -> String {
        format!("SHA-256={}", STANDARD.encode(self.0))
    }

    /// The 32 bytes.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_vouches_for_its_own_body_only() {
        let header = BodyDigest::of(b"hello").header();
        assert_eq!(header, "SHA-256=LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=");
        assert_eq!(BodyDigest::check(&header, b"hello"), Ok(BodyDigest::of(b"hello")));
        assert!(BodyDigest::check(&header.replace("SHA", "sha"), b"hello").is_ok());
        // SIG-02.
        assert_eq!(BodyDigest::check(&header, b"hellO"), Err(DigestFault::OtherBody));
    }

    #[test]
    fn only_one_sha_256_is_read() {
        let good = BodyDigest::of(b"hello").header();
        let bare = good.trim_end_matches('=');
        for bad in [
            "",
            "SHA-256",
            "SHA-256=",
            "MD5=XUFAKrxLKna5cZ2REBfFkg==",
            &format!("{good},{good}"),
            &format!("MD5=XUFAKrxLKna5cZ2REBfFkg==,{good}"),
            &format!(" {good}"),
            bare,
            &good.replace("SHA-256", "SHA-512"),
            "SHA-256=LPJN",
        ] {
            assert_eq!(BodyDigest::check(bad, b"hello"), Err(DigestFault::Form), "{bad}");
        }
    }
}
