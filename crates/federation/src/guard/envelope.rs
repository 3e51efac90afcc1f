//! The outside of an activity: what it is called, what kind it is, and who claims to do it.

use axum::http::StatusCode;
use serde_json::Value;

use super::Refused;
use crate::remote_id::RemoteId;

/// Longest word for a type, in bytes.
const LONGEST_TYPE: usize = 100;

/// The parts of an activity that decide who may have sent it; the rest is not looked at yet.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// The activity's id; may carry a `#fragment`, as votes do.
    pub id: RemoteId,
    /// Who does it.
    pub actor: RemoteId,
    /// Its `type`.
    pub kind: String,
    /// The whole activity.
    pub value: Value,
}

impl Envelope {
    /// Reads the outside of an activity (ActivityPub 3.1, 6).
    pub(super) fn read(value: Value) -> Result<Self, Refused> {
        if !value.is_object() {
            return Err(bad("an activity is one JSON object"));
        }
        let id = text(&value, "id").ok_or_else(|| bad("id must be one address"))?;
        let actor = value.get("actor").and_then(id_in).ok_or_else(|| bad("actor must be one address"))?;
        let kind = text(&value, "type").filter(|kind| !kind.is_empty() && kind.len() <= LONGEST_TYPE);
        Ok(Self {
            id: RemoteId::parse(id).map_err(|fault| bad(format!("id: {fault}")))?,
            actor: RemoteId::parse(actor).map_err(|fault| bad(format!("actor: {fault}")))?,
            kind: kind.ok_or_else(|| bad("type must be one word"))?.to_owned(),
            value,
        })
    }

    /// The id of its `object`, whether that is embedded or only named.
    pub fn object_id(&self) -> Option<&str> {
        self.value.get("object").and_then(id_in)
    }

    /// Whether an actor announces its own end; of one unknown to us there is nothing to delete (KEY-10).
    pub fn deletes_its_actor(&self) -> bool {
        self.kind == "Delete" && self.object_id() == Some(self.actor.as_str())
    }
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str)
}

/// An address, or the id of an embedded object. Never a list: two actors would be nobody (ORI-18).
fn id_in(value: &Value) -> Option<&str> {
    match value {
        Value::String(id) => Some(id),
        Value::Object(object) => object.get("id").and_then(Value::as_str),
        _ => None,
    }
}

fn bad(reason: impl Into<std::borrow::Cow<'static, str>>) -> Refused {
    Refused::new(StatusCode::BAD_REQUEST, reason)
}
