//! A delivery that is honest until a test bends it.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    body::Bytes,
    http::{self, request::Parts},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use ring::{
    rand::SystemRandom,
    signature::{RSA_PKCS1_SHA256, RsaKeyPair},
};
use rustls::pki_types::{PrivatePkcs8KeyDer, pem::PemObject};
use url::Url;

use crate::{
    guard::{Checked, Guard, OwnHosts, Refused},
    keys::PublicKey,
    signatures::{BodyDigest, signing_string, write_http_date},
};

pub const ACTOR: &str = "https://a.example/users/bob";
pub const KEY_ID: &str = "https://a.example/users/bob#main-key";
pub const MALLORY_PUBLIC: &str = include_str!("../../../fixtures/keys/mallory.public.pem");
/// `Mon, 23 Nov 2026 18:21:06 GMT`.
pub const NOW: i64 = 1_795_458_066_000;

pub fn guard() -> Guard {
    Guard::new(OwnHosts::of(&Url::parse("https://hyde.example").unwrap()), Arc::default())
}

pub fn key() -> PublicKey {
    PublicKey {
        id: KEY_ID.to_owned(),
        owner: ACTOR.to_owned(),
        pem: include_str!("../../../fixtures/keys/alice.public.pem").to_owned(),
    }
}

/// A request before it is sent. Change it, then [`Request::sign`] it again or leave the old signature on.
pub struct Request {
    pub method: &'static str,
    pub target: String,
    /// What the signature says the target is, when that is not the target.
    pub signed_target: Option<String>,
    pub headers: Vec<(String, String)>,
    pub body: String,
    pub key_id: String,
    pub algorithm: Option<&'static str>,
    pub covered: &'static str,
    /// Appended to the Signature header as it stands.
    pub extra: String,
}

impl Request {
    pub fn honest() -> Self {
        let mut request = Self::unsigned();
        request.sign();
        request
    }

    pub fn unsigned() -> Self {
        let mut request = Self {
            method: "POST",
            target: "/ap/inbox".to_owned(),
            signed_target: None,
            headers: Vec::new(),
            body: activity("https://a.example/follows/1", ACTOR),
            key_id: KEY_ID.to_owned(),
            algorithm: Some("rsa-sha256"),
            covered: "(request-target) host date digest",
            extra: String::new(),
        };
        request.set("host", "hyde.example");
        request.set("date", &write_http_date(NOW).unwrap());
        request.set("content-type", "application/activity+json");
        request.set("digest", &BodyDigest::of(request.body.as_bytes()).header());
        request
    }

    /// With another body, its digest and its signature.
    pub fn with_body(body: impl Into<String>) -> Self {
        let mut request = Self::unsigned();
        request.body = body.into();
        request.sign();
        request
    }

    pub fn set(&mut self, name: &str, value: &str) {
        self.drop_header(name);
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    pub fn drop_header(&mut self, name: &str) {
        self.headers.retain(|(known, _)| known != name);
    }

    pub fn header(&self, name: &str) -> String {
        self.headers.iter().find(|(known, _)| known == name).unwrap().1.clone()
    }

    /// Puts digest and signature on the request as it now is.
    pub fn sign(&mut self) -> &mut Self {
        self.set("digest", &BodyDigest::of(self.body.as_bytes()).header());
        let header = self.signature();
        self.set("signature", &header);
        self
    }

    /// A Signature header over the request as it now is.
    pub fn signature(&self) -> String {
        let covered: Vec<String> = self.covered.split(' ').map(str::to_owned).collect();
        let target = self.signed_target.clone().unwrap_or_else(|| {
            let uri: http::Uri = self.target.parse().unwrap();
            uri.path_and_query().unwrap().to_string()
        });
        let signed = signing_string(self.method, &target, &covered, self.values()).unwrap_or_default();
        let algorithm = self.algorithm.map(|word| format!(",algorithm=\"{word}\"")).unwrap_or_default();
        format!(
            "keyId=\"{}\"{algorithm},headers=\"{}\",signature=\"{}\"{}",
            self.key_id,
            self.covered,
            make_signature(&signed),
            self.extra
        )
    }

    fn values(&self) -> BTreeMap<String, String> {
        let mut values = BTreeMap::from([("host".to_owned(), "hyde.example".to_owned())]);
        for (name, value) in &self.headers {
            let joined =
                values.remove(name).filter(|_| name != "host").map(|first| format!("{first}, {value}"));
            values.insert(name.clone(), joined.unwrap_or_else(|| value.clone()));
        }
        for name in ["created", "expires"] {
            if let Some((_, rest)) = self.extra.split_once(&format!("{name}=")) {
                let digits = rest
                    .trim_start_matches('"')
                    .split(|letter: char| !letter.is_ascii_digit())
                    .next()
                    .unwrap();
                values.insert(format!("({name})"), digits.to_owned());
            }
        }
        values
    }

    pub fn parts(&self) -> (Parts, Bytes) {
        let mut building = http::Request::builder().method(self.method).uri(&self.target);
        for (name, value) in &self.headers {
            building = building.header(name, value);
        }
        (building.body(()).unwrap().into_parts().0, Bytes::from(self.body.clone()))
    }

    pub fn check(&self) -> Result<Checked, Refused> {
        let (parts, body) = self.parts();
        guard().check(&parts, &body, NOW)
    }

    /// The status the request is refused with, before or at the look at the key; 202 when it is believed.
    pub fn status(&self) -> u16 {
        self.check()
            .and_then(|checked| checked.verify(&key()))
            .map_or_else(|refused| refused.status.as_u16(), |()| 202)
    }
}

pub fn activity(id: &str, actor: &str) -> String {
    format!(
        r#"{{"id":"{id}","type":"Follow","actor":"{actor}","object":"https://hyde.example/ap/actors/1"}}"#
    )
}

fn make_signature(signed: &str) -> String {
    let armour = include_str!("../../../fixtures/keys/alice.private.pem");
    let der = PrivatePkcs8KeyDer::from_pem_slice(armour.as_bytes()).unwrap();
    let key = RsaKeyPair::from_pkcs8(der.secret_pkcs8_der()).unwrap();
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).unwrap();
    STANDARD.encode(signature)
}
