//! One of our own keys, and the headers it puts on a request.
//!
//! Draft-cavage `rsa-sha256` over `(request-target) host date digest`, without digest on a GET: the form
//! every peer was seen to accept.

use std::{collections::BTreeMap, fmt, sync::Arc};

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use ring::{
    rand::SystemRandom,
    signature::{RSA_PKCS1_SHA256, RsaKeyPair},
};
use url::Url;

use super::{BodyDigest, REQUEST_TARGET, http_date, pem, signing_string};

/// A private key with the id under which its public half is published. Cheap to clone.
#[derive(Clone)]
pub struct SigningKey(Arc<Pair>);

struct Pair {
    key_id: String,
    key: RsaKeyPair,
}

/// Why a request could not be signed, or a key not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignFault {
    /// Not an RSA key of at least 2048 bits in PKCS#8.
    #[error("the private key is not an RSA key of 2048 to 4096 bits in PKCS#8")]
    Key,
    /// The id of the key cannot stand in a header.
    #[error("the id of the key is not an address")]
    KeyId,
    /// The address has no host, or the moment cannot be written as a date.
    #[error("the request cannot be signed: no host, or no sensible date")]
    Request,
}

impl SigningKey {
    /// Reads a PKCS#8 key in DER, once; `key_id` is the actor's `publicKey.id`.
    pub fn from_pkcs8_der(key_id: &str, der: &[u8]) -> Result<Self, SignFault> {
        let sayable =
            key_id.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\' | b','));
        if key_id.is_empty() || !sayable {
            return Err(SignFault::KeyId);
        }
        let key = RsaKeyPair::from_pkcs8(der).map_err(|_| SignFault::Key)?;
        Ok(Self(Arc::new(Pair { key_id: key_id.to_owned(), key })))
    }

    /// Reads a PKCS#8 key in PEM (`PRIVATE KEY`).
    pub fn from_pkcs8_pem(key_id: &str, armour: &str) -> Result<Self, SignFault> {
        Self::from_pkcs8_der(key_id, &pem::bytes(armour, "PRIVATE KEY").ok_or(SignFault::Key)?)
    }

    /// The id under which peers find the public half.
    pub fn key_id(&self) -> &str {
        &self.0.key_id
    }

    /// The headers that make a GET of `url` ours: `host`, `date`, `signature`. `now` in epoch milliseconds.
    pub fn sign_get(&self, url: &Url, now: i64) -> Result<HeaderMap, SignFault> {
        self.sign("get", url, None, now)
    }

    /// The headers that make a POST of `body` to `url` ours: `host`, `date`, `digest`, `signature`.
    pub fn sign_post(&self, url: &Url, body: &[u8], now: i64) -> Result<HeaderMap, SignFault> {
        self.sign("post", url, Some(BodyDigest::of(body).header()), now)
    }

    fn sign(
        &self,
        method: &str,
        url: &Url,
        digest: Option<String>,
        now: i64,
    ) -> Result<HeaderMap, SignFault> {
        let mut values = BTreeMap::from([
            ("host".to_owned(), host(url).ok_or(SignFault::Request)?),
            ("date".to_owned(), http_date::write(now).ok_or(SignFault::Request)?),
        ]);
        let mut covered = [REQUEST_TARGET, "host", "date"].map(str::to_owned).to_vec();
        if let Some(digest) = digest {
            values.insert("digest".to_owned(), digest);
            covered.push("digest".to_owned());
        }
        let signed =
            signing_string(method, &target(url), &covered, values.clone()).ok_or(SignFault::Request)?;
        values.insert("signature".to_owned(), self.header(&covered, &signed)?);
        headers(values)
    }

    fn header(&self, covered: &[String], signed: &str) -> Result<String, SignFault> {
        let mut signature = vec![0; self.0.key.public().modulus_len()];
        // PKCS#1 v1.5 uses no randomness; ring only asks for it in its signature.
        self.0
            .key
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)
            .map_err(|_| SignFault::Key)?;
        Ok(format!(
            r#"keyId="{}",algorithm="rsa-sha256",headers="{}",signature="{}""#,
            self.0.key_id,
            covered.join(" "),
            STANDARD.encode(signature)
        ))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SigningKey").field("key_id", &self.0.key_id).finish_non_exhaustive()
    }
}

/// Host and, when it is not the scheme's own, port: what the client will send as `Host`.
fn host(url: &Url) -> Option<String> {
    let name = url.host_str()?;
    Some(url.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}")))
}

/// Path and query exactly as they travel.
fn target(url: &Url) -> String {
    url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()))
}

fn headers(values: BTreeMap<String, String>) -> Result<HeaderMap, SignFault> {
    values
        .into_iter()
        .map(|(name, value)| {
            let name = match name.as_str() {
                "host" => header::HOST,
                "date" => header::DATE,
                other => HeaderName::from_bytes(other.as_bytes()).map_err(|_| SignFault::Request)?,
            };
            Ok((name, HeaderValue::from_str(&value).map_err(|_| SignFault::Request)?))
        })
        .collect()
}
