//! A request as a peer makes it: honest until a test bends it.
//!
//! Draft-cavage-12 in the form most servers use. Nothing is checked here, since bent requests must go out as they are.
//! Start at [`Request::post`], then [`Request::sign`].

use axum::{
    body::{Body, Bytes},
    http::{self, HeaderMap, HeaderName, HeaderValue, StatusCode},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use folkmoot_domain::Moment;
use http_body_util::BodyExt;
use ring::digest::{SHA256, digest};
use url::Url;

use crate::{keys::TestKey, network::Network};

/// The media type of activities (ActivityPub 3.2).
const ACTIVITY: &str = "application/activity+json";

/// A request before it is sent. Change it, then sign it again or leave the old signature on.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The host it is sent to, whatever its headers say.
    pub to: String,
    /// Path and query.
    pub target: String,
    /// The target that is signed, when that is not the one it is sent to.
    pub signed_target: Option<String>,
    /// Headers in their order, with lower-case names.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// What the signature covers.
    pub covered: String,
    /// The `algorithm` it names, if any.
    pub algorithm: Option<String>,
    /// The `keyId` it names.
    pub key_id: String,
    /// Further parameters of the signature, as they stand: `,created=1`.
    pub extra: String,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Request {
    /// A POST of this body, not yet signed.
    pub fn post(url: &Url, body: impl Into<Vec<u8>>, key_id: &str, now: Moment) -> Self {
        let mut request = Self::bare("POST", url, key_id);
        request.body = body.into();
        request.set("date", &http_date(now));
        request.set("content-type", ACTIVITY);
        "(request-target) host date digest".clone_into(&mut request.covered);
        request.set_digest();
        request
    }

    /// A GET of an activity or object, not yet signed.
    pub fn get(url: &Url, accept: &str) -> Self {
        let mut request = Self::bare("GET", url, "");
        request.set("accept", accept);
        request
    }

    fn bare(method: &str, url: &Url, key_id: &str) -> Self {
        let host = url.host_str().unwrap_or_default();
        let to = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        Self {
            method: method.to_owned(),
            headers: vec![("host".to_owned(), to.clone())],
            to,
            target: format!("{}{query}", url.path()),
            signed_target: None,
            body: Vec::new(),
            covered: String::new(),
            algorithm: Some("rsa-sha256".to_owned()),
            key_id: key_id.to_owned(),
            extra: String::new(),
        }
    }

    /// Sets a header, instead of all of its name.
    pub fn set(&mut self, name: &str, value: &str) -> &mut Self {
        self.remove(name);
        self.add(name, value)
    }

    /// Adds one more header of this name.
    pub fn add(&mut self, name: &str, value: &str) -> &mut Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Takes a header away.
    pub fn remove(&mut self, name: &str) -> &mut Self {
        self.headers.retain(|(known, _)| known != name);
        self
    }

    /// The first header of this name.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// Sets `digest` to that of the body.
    pub fn set_digest(&mut self) -> &mut Self {
        let value = format!("SHA-256={}", STANDARD.encode(digest(&SHA256, &self.body)));
        self.set("digest", &value)
    }

    /// Signs the request as it now is.
    pub fn sign(&mut self, key: &TestKey) -> &mut Self {
        let header = self.signature(key);
        self.set("signature", &header)
    }

    /// The value of the signature header for the request as it now is.
    pub fn signature(&self, key: &TestKey) -> String {
        self.with_signature(&key.sign(&self.signing_string()))
    }

    /// The same with any text for the signature itself.
    pub fn with_signature(&self, signature: &str) -> String {
        let algorithm =
            self.algorithm.as_ref().map(|name| format!(",algorithm=\"{name}\"")).unwrap_or_default();
        format!(
            "keyId=\"{}\"{algorithm},headers=\"{}\",signature=\"{signature}\"{}",
            self.key_id, self.covered, self.extra
        )
    }

    /// What is signed (draft-cavage-12 2.3).
    pub fn signing_string(&self) -> String {
        let line = |name: &str| {
            let value = match name {
                "(request-target)" => {
                    let target = self.signed_target.as_ref().unwrap_or(&self.target);
                    format!("{} {target}", self.method.to_lowercase())
                }
                "(created)" | "(expires)" => self.parameter(name.trim_matches(['(', ')'])),
                _ => {
                    let all = self.headers.iter().filter(|(known, _)| known == name);
                    all.map(|(_, value)| value.trim()).collect::<Vec<_>>().join(", ")
                }
            };
            format!("{name}: {value}")
        };
        self.covered.split(' ').map(line).collect::<Vec<_>>().join("\n")
    }

    fn parameter(&self, name: &str) -> String {
        let after = self.extra.split_once(&format!("{name}=")).map_or("", |(_, after)| after);
        after.split(',').next().unwrap_or_default().trim_matches('"').to_owned()
    }

    /// Sends it.
    pub async fn send(&self, network: &Network) -> Answered {
        let mut building = http::Request::builder().method(self.method.as_str()).uri(&self.target);
        for (name, value) in &self.headers {
            let name = HeaderName::from_bytes(name.as_bytes()).expect("a name that HTTP allows");
            building = building
                .header(name, HeaderValue::from_bytes(value.as_bytes()).expect("a value that HTTP allows"));
        }
        if !self.body.is_empty() && !self.headers.iter().any(|(name, _)| name == "content-length") {
            building = building.header("content-length", self.body.len());
        }
        let request = building.body(Body::from(self.body.clone())).expect("a request that HTTP allows");
        let answer = network.ask(&self.to, request).await.expect("a host that can be reached");
        let (parts, body) = answer.into_parts();
        let body = body.collect().await.expect("an answer that ends").to_bytes();
        Answered { status: parts.status, headers: parts.headers, body }
    }
}

impl Answered {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{} with no JSON ({error}): {}", self.status, self.text()))
    }
}

/// `Date` as HTTP writes it (RFC 9110 5.6.7).
pub fn http_date(moment: Moment) -> String {
    moment.timestamp().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
