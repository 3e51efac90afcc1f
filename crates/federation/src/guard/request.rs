//! Reading the request itself: whose host, what kind, which headers, and what of it was signed.

use std::collections::BTreeMap;

use axum::{
    extract::OriginalUri,
    http::{HeaderMap, HeaderName, Method, StatusCode, Uri, header, request::Parts, uri::Authority},
};

use super::{OwnHosts, Refused, unsigned};
use crate::{
    media_type::MediaType,
    signatures::{self, BodyDigest, CREATED, EXPIRES, HeaderFault, SignatureHeader},
};

const DIGEST: HeaderName = HeaderName::from_static("digest");
const CONTENT_DIGEST: HeaderName = HeaderName::from_static("content-digest");
const SIGNATURE: HeaderName = HeaderName::from_static("signature");
const SIGNATURE_INPUT: HeaderName = HeaderName::from_static("signature-input");

/// Headers of which a second one would let two readers see two requests.
const ONCE: [HeaderName; 8] = [
    SIGNATURE,
    SIGNATURE_INPUT,
    DIGEST,
    CONTENT_DIGEST,
    header::DATE,
    header::CONTENT_TYPE,
    header::CONTENT_LENGTH,
    header::CONTENT_ENCODING,
];

/// The host the request is meant for, as it was said: in `Host`, or in HTTP/2's `:authority` (SIG-30).
pub(super) fn our_host(parts: &Parts, own: &OwnHosts) -> Result<String, Refused> {
    let mut said = parts.headers.get_all(header::HOST).iter();
    let header =
        said.next().map(|value| value.to_str().map_err(|_| bad("Host is not a name"))).transpose()?;
    let authority = original(parts).authority().map(Authority::as_str);
    let differ =
        header.zip(authority).is_some_and(|(header, authority)| !header.eq_ignore_ascii_case(authority));
    if said.next().is_some() || differ {
        return Err(bad("the request names more than one host"));
    }
    let host = header.or(authority).ok_or_else(|| bad("the request names no host"))?;
    if own.include(host) {
        Ok(host.to_owned())
    } else {
        Err(Refused::new(StatusCode::MISDIRECTED_REQUEST, "that host is not served here")) // SIG-11
    }
}

/// A POST of an ActivityStreams document (ActivityPub 7), uncompressed.
pub(super) fn is_delivery(parts: &Parts) -> Result<(), Refused> {
    if parts.method != Method::POST {
        return Err(Refused::new(StatusCode::METHOD_NOT_ALLOWED, "an inbox takes POST"));
    }
    let media_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    if !media_type.and_then(MediaType::parse).is_some_and(|found| found.is_activity()) {
        return Err(unsupported("an inbox takes application/activity+json"));
    }
    match parts.headers.get(header::CONTENT_ENCODING) {
        Some(coding) if coding != "identity" => Err(unsupported("an inbox takes no compressed bodies")),
        _ => Ok(()),
    }
}

/// No header that counts stands twice, and the length of the body is said in one way.
pub(super) fn is_unambiguous(parts: &Parts) -> Result<(), Refused> {
    if let Some(name) = ONCE.iter().find(|name| parts.headers.get_all(*name).iter().nth(1).is_some()) {
        return Err(bad(format!("the header {name} stands more than once"))); // SIG-03, SIG-20
    }
    // SIG-31: the web server has already chosen between this and Content-Length; a proxy may choose otherwise.
    if parts.headers.contains_key(header::TRANSFER_ENCODING) {
        return Err(bad("send Content-Length, not Transfer-Encoding"));
    }
    Ok(())
}

/// The one signature, in the one dialect we speak.
pub(super) fn signature(parts: &Parts) -> Result<SignatureHeader, Refused> {
    if parts.headers.get_all(header::AUTHORIZATION).iter().any(|value| is_signature(value.as_bytes())) {
        return Err(unsigned("send the signature as Signature, not as Authorization")); // SIG-21
    }
    // SIG-25, SIG-26: peers that speak RFC 9421 first knock a second time in the other dialect on a 401.
    if parts.headers.contains_key(SIGNATURE_INPUT) {
        return Err(unsigned("RFC 9421 signatures are not understood yet; sign as draft-cavage-12 does"));
    }
    // SIG-13: no inbox of ours has a query, so one can only have been added on the way.
    if original(parts).query().is_some() {
        return Err(unsigned("an inbox has no query"));
    }
    let header = once(&parts.headers, &SIGNATURE).ok_or_else(|| unsigned("the request is not signed"))?; // SIG-01
    SignatureHeader::parse(header).map_err(|fault| match fault {
        HeaderFault::Repeated => bad(fault.to_string()), // SIG-22
        _ => unsigned(fault.to_string()),
    })
}

/// The digest, when it is that of the body.
pub(super) fn digest(parts: &Parts, body: &[u8]) -> Result<BodyDigest, Refused> {
    let header = once(&parts.headers, &DIGEST).ok_or_else(|| unsigned("the request has no Digest"))?;
    BodyDigest::check(header.trim(), body).map_err(|fault| unsigned(fault.to_string()))
}

/// What the peer signed, put together from what arrived.
pub(super) fn signing_string(
    parts: &Parts,
    host: &str,
    signature: &SignatureHeader,
) -> Result<String, Refused> {
    let values: BTreeMap<String, String> = signature
        .covered
        .iter()
        .filter_map(|name| value(parts, host, signature, name).map(|value| (name.clone(), value)))
        .collect();
    let target = original(parts).path_and_query().map_or("/", |target| target.as_str());
    signatures::signing_string(parts.method.as_str(), target, &signature.covered, values)
        .ok_or_else(|| unsigned("the signature covers a header that is not there"))
}

/// The value of one covered name (draft-cavage-12 2.3): several headers of a name are joined.
fn value(parts: &Parts, host: &str, signature: &SignatureHeader, name: &str) -> Option<String> {
    match name {
        "host" => Some(host.to_owned()),
        CREATED => signature.created.map(|moment| moment.to_string()),
        EXPIRES => signature.expires.map(|moment| moment.to_string()),
        _ => {
            let values: Result<Vec<&str>, _> =
                parts.headers.get_all(name).iter().map(|value| value.to_str()).collect();
            let values = values.ok().filter(|values| !values.is_empty())?;
            Some(values.iter().map(|value| value.trim()).collect::<Vec<_>>().join(", "))
        }
    }
}

/// The address as it travelled; nested routers shorten the one in the request.
fn original(parts: &Parts) -> &Uri {
    parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0)
}

fn once<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn is_signature(authorization: &[u8]) -> bool {
    authorization.trim_ascii_start().get(..9).is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"signature"))
}

fn bad(reason: impl Into<std::borrow::Cow<'static, str>>) -> Refused {
    Refused::new(StatusCode::BAD_REQUEST, reason)
}

fn unsupported(reason: &'static str) -> Refused {
    Refused::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, reason)
}
