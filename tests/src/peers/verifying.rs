//! Checks what an instance signed, as another program would: by the headers, the body, and the key that the
//! signer's own document publishes.
//!
//! Written apart from the server's own signing, so that no mistake can be made twice. Start at [`signer`].

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use axum::{
    body::{Body, Bytes},
    http::{self, HeaderMap, request::Parts},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use http_body_util::BodyExt;
use ring::{
    digest::{SHA256, digest},
    signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey},
};
use serde_json::Value;
use url::Url;

use crate::network::Network;

/// How far a date may be from now, in milliseconds.
const WINDOW: i64 = 60 * 60 * 1000;

/// Who signed this request: the owner of its key, when the signature is theirs.
pub async fn signer(parts: &Parts, body: &Bytes, network: &Network, now: i64) -> Result<String> {
    let header = one(&parts.headers, "signature")?;
    let said = parameters(header);
    let said = |name: &str| said.get(name).copied().with_context(|| format!("the signature says no {name}"));
    let covered: Vec<&str> = said("headers")?.split(' ').collect();
    for name in ["(request-target)", "host", "date", "digest"] {
        ensure!(covered.contains(&name), "the signature does not cover {name}");
    }
    ensure!(said("algorithm")? == "rsa-sha256", "the algorithm is {}", said("algorithm")?);
    let expected = format!("SHA-256={}", STANDARD.encode(digest(&SHA256, body)));
    ensure!(one(&parts.headers, "digest")? == expected, "the digest is that of another body");
    let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(one(&parts.headers, "date")?)?;
    ensure!((date.as_millisecond() - now).abs() < WINDOW, "the date is not of now");
    let lines: Result<Vec<String>> = covered.iter().map(|name| line(parts, name)).collect();
    let (owner, key) = published(said("keyId")?, network).await?;
    let signature = STANDARD.decode(said("signature")?)?;
    UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key)
        .verify(lines?.join("\n").as_bytes(), &signature)
        .ok()
        .context("the signature is not by the key it names")?;
    Ok(owner)
}

fn line(parts: &Parts, name: &str) -> Result<String> {
    let value = if name == "(request-target)" {
        let target = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        format!("{} {target}", parts.method.as_str().to_lowercase())
    } else {
        one(&parts.headers, name)?.to_owned()
    };
    Ok(format!("{name}: {value}"))
}

fn one<'a>(headers: &'a HeaderMap, name: &str) -> Result<&'a str> {
    let mut all = headers.get_all(name).iter();
    match (all.next(), all.next()) {
        (Some(value), None) => Ok(value.to_str()?),
        (None, _) => bail!("there is no {name}"),
        _ => bail!("{name} stands more than once"),
    }
}

/// `name="value"` pairs; no value of ours holds a comma or a quote.
fn parameters(header: &str) -> BTreeMap<&str, &str> {
    let pairs = header.split(',').filter_map(|part| part.split_once('='));
    pairs.map(|(name, value)| (name.trim(), value.trim_matches('"'))).collect()
}

/// The owner of a key, and the key in PKCS #1, as the key's own document publishes it.
async fn published(key_id: &str, network: &Network) -> Result<(String, Vec<u8>)> {
    let url = Url::parse(key_id)?;
    let host = url.host_str().context("a keyId without host")?;
    let request = http::Request::builder()
        .uri(url.path())
        .header("host", host)
        .header("accept", "application/activity+json")
        .body(Body::empty())?;
    let answer = network.ask(host, request).await.context("the key's host cannot be reached")?;
    ensure!(answer.status() == 200, "the key's document answers {}", answer.status());
    let document: Value = serde_json::from_slice(&answer.into_body().collect().await?.to_bytes())?;
    let key = &document["publicKey"];
    ensure!(key["id"] == key_id, "the document publishes another key: {key}");
    ensure!(key["owner"] == document["id"], "the key belongs to somebody else: {key}");
    let pem = key["publicKeyPem"].as_str().context("the document publishes no key")?;
    let body: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    let spki = STANDARD.decode(body)?;
    // After sequence, algorithm and bit string (24 bytes for RSA-2048) comes the key itself.
    let key = spki.get(24..).context("the key is too short")?.to_vec();
    Ok((document["id"].as_str().unwrap_or_default().to_owned(), key))
}
