//! What stands in front of the inbox: everything that can be checked about a request without asking anybody.
//!
//! A request that passes is unambiguous, fresh, whole, and of one piece: activity, actor and key belong to
//! one origin. Nothing has been fetched or stored by then. It is still only a claim until
//! [`Checked::verify`] has seen the actor's key. The steps run cheapest first, and each of them ends the
//! request. Every failure of a signature is a 401, on which peers try their other dialect.
//! Start at [`Guard::check`].

mod envelope;
mod hosts;
mod refused;
mod request;
#[cfg(test)]
mod tests;
mod time;

use std::sync::Arc;

use axum::{
    body::Bytes,
    http::{StatusCode, request::Parts},
};

pub use envelope::Envelope;
pub use hosts::OwnHosts;
pub use refused::Refused;
pub use time::WINDOW_MS;

use crate::{
    egress::Relaxations,
    keys::{self, PublicKey},
    remote_id::RemoteId,
    signatures::{BodyDigest, CREATED, REQUEST_TARGET, RsaPublicKey, SignatureHeader},
    strict_json::{self, JsonFault},
};

/// Largest activity taken, in bytes.
pub const LARGEST_ACTIVITY: usize = 1 << 20;
/// Shortest signature by a key we take, in bytes (RSA-2048).
const SHORTEST_SIGNATURE: usize = 256;

/// Checks requests for the hosts that are ours.
#[derive(Clone, Debug)]
pub struct Guard {
    own: OwnHosts,
    relaxations: Arc<Relaxations>,
}

/// A request in order, from somebody who has yet to prove who they are.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The activity and who claims to do it.
    pub envelope: Envelope,
    /// The key it claims to be signed with; lies with the actor.
    pub key_id: RemoteId,
    /// The signature header.
    pub signature: SignatureHeader,
    /// What was signed.
    pub signing_string: String,
    /// Digest of the body: with the activity's id it tells a replay from a second activity of the same id.
    pub digest: BodyDigest,
    /// The body as it came.
    pub body: Bytes,
}

impl Guard {
    /// A guard for our own hosts.
    pub fn new(own: OwnHosts, relaxations: Arc<Relaxations>) -> Self {
        Self { own, relaxations }
    }

    /// Checks a delivery to one of our inboxes at `now` (epoch milliseconds).
    pub fn check(&self, parts: &Parts, body: &Bytes, now: i64) -> Result<Checked, Refused> {
        let host = request::our_host(parts, &self.own)?;
        request::is_unambiguous(parts)?;
        request::is_delivery(parts)?;
        if body.len() > LARGEST_ACTIVITY {
            return Err(Refused::new(StatusCode::PAYLOAD_TOO_LARGE, "an activity may have at most 1 MiB"));
        }
        let signature = request::signature(parts)?;
        is_strong_enough(&signature)?;
        time::is_fresh(parts, &signature, now)?;
        let digest = request::digest(parts, body)?;
        let signing_string = request::signing_string(parts, &host, &signature)?;
        // ORI-12: what nobody can have said is a bad request, whatever key it names.
        let envelope = Envelope::read(strict_json::read(body, LARGEST_ACTIVITY)?)?;
        let key_id = self.key_id(&signature)?;
        self.is_of_one_piece(&envelope, &key_id)?;
        Ok(Checked { envelope, key_id, signature, signing_string, digest, body: body.clone() })
    }

    /// KEY-04, SSRF: a key is found at an address we would ask, or not at all.
    fn key_id(&self, signature: &SignatureHeader) -> Result<RemoteId, Refused> {
        let key_id =
            RemoteId::parse(&signature.key_id).map_err(|fault| unsigned(format!("keyId: {fault}")))?;
        self.relaxations
            .may_fetch(&key_id.document())
            .map_err(|fault| unsigned(format!("keyId: {fault}")))?;
        Ok(key_id)
    }

    /// FEP-fe34: activity, actor and key are of one scheme, host and port, which is not our own.
    fn is_of_one_piece(&self, envelope: &Envelope, key_id: &RemoteId) -> Result<(), Refused> {
        if self.own.are(envelope.actor.url()) || self.own.are(key_id.url()) {
            return Err(unsigned("our own actors do not come through this door")); // KEY-11
        }
        if !keys::lies_with(key_id, &envelope.actor) {
            return Err(unsigned("keyId is not a key of the actor")); // KEY-01
        }
        if !envelope.id.same_origin(&envelope.actor) {
            return Err(Refused::new(StatusCode::FORBIDDEN, "id and actor belong to different servers")); // ORI-01
        }
        Ok(())
    }
}

impl Checked {
    /// Believes the request when `key` is the actor's and made the signature.
    pub fn verify(&self, key: &PublicKey) -> Result<(), Refused> {
        if key.owner != self.envelope.actor.as_str() || key.id != self.key_id.as_str() {
            return Err(unsigned("that key is not the actor's"));
        }
        RsaPublicKey::from_pem(&key.pem)
            .and_then(|rsa| {
                rsa.verify(self.signature.algorithm, &self.signing_string, &self.signature.signature)
            })
            .map_err(|fault| unsigned(fault.to_string()))
    }
}

/// A signature that leaves out one of these could be carried to another place, body or time. One that is too short
/// cannot be right.
fn is_strong_enough(signature: &SignatureHeader) -> Result<(), Refused> {
    for name in [REQUEST_TARGET, "host", "digest"] {
        if !signature.covers(name) {
            return Err(unsigned(format!("the signature must cover {name}")));
        }
    }
    if !signature.covers("date") && !signature.covers(CREATED) {
        return Err(unsigned("the signature must cover date or (created)"));
    }
    // SIG-28: by another kind of key, or by none; the actor's need not be asked for.
    if signature.signature.len() < SHORTEST_SIGNATURE {
        return Err(unsigned("the signature is shorter than any by an RSA key of 2048 bits"));
    }
    Ok(())
}

fn unsigned(reason: impl Into<std::borrow::Cow<'static, str>>) -> Refused {
    Refused::new(StatusCode::UNAUTHORIZED, reason)
}

impl From<JsonFault> for Refused {
    fn from(fault: JsonFault) -> Self {
        Self::new(StatusCode::BAD_REQUEST, fault.to_string())
    }
}
