//! The envelope of an activity: who says what about which thing, to whom and when.
//!
//! Everything that comes in is opened here first. The envelope checks only what holds for every activity;
//! what the thing inside means is for [`crate::incoming`]. Start at [`Envelope::read`].

use folkmoot_domain::{Moment, audiences::Reach};
use serde_json::{Map, Value};
use url::Url;

use crate::{Refused, context, limits, origins, shapes};

/// An activity, opened but not yet understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// The id exactly as it came, with its fragment: peers tell votes apart by nothing else.
    pub id: Option<String>,
    /// Who says it. Whoever signed must be this one.
    pub actor: Url,
    /// The type of the activity.
    pub verb: String,
    /// Whom it is for.
    pub audience: Audience,
    /// When it was said, as its sender claims.
    pub published: Option<Moment>,
    /// The whole activity as it came.
    pub value: Value,
}

/// The thing an activity is about, in the shape it came in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum IdOrObject<'a> {
    /// There is none.
    Missing,
    /// Only its id.
    Id(&'a str),
    /// The thing itself.
    Object(&'a Map<String, Value>),
    /// Several things, which only a report may have.
    Several(&'a [Value]),
}

impl Envelope {
    /// Opens an activity.
    pub fn read(value: Value) -> Result<Self, Refused> {
        let map = value.as_object().ok_or(Refused::NotAnObject)?;
        context::must_not_redefine(map)?;
        let verb = kind(map)?.to_owned();
        let actor = person(map, "actor")?.ok_or(Refused::Missing("actor"))?;
        let id = id(map, "id", &actor)?;
        let audience = Audience::read(map)?;
        let published = shapes::moment(map, "published");
        Ok(Self { id, actor, verb, audience, published, value })
    }

    /// The property that every verb but a few has.
    pub fn object(&self) -> IdOrObject<'_> {
        thing(self.value.get("object"))
    }

    /// The whole activity as a map.
    pub(crate) fn map(&self) -> Option<&Map<String, Value>> {
        self.value.as_object()
    }
}

impl<'a> IdOrObject<'a> {
    /// The id of the thing, if it has one.
    pub fn id(self) -> Option<&'a str> {
        match self {
            Self::Id(id) => Some(id),
            Self::Object(map) => map.get("id").and_then(Value::as_str),
            Self::Missing | Self::Several(_) => None,
        }
    }

    /// The type of the thing, where it came along.
    pub(crate) fn kind(self) -> Result<Option<&'a str>, Refused> {
        match self {
            Self::Object(map) => kind(map).map(Some),
            _ => Ok(None),
        }
    }
}

/// Reads a thing that may be given by id, whole, or as a list of one.
pub(crate) fn thing(value: Option<&Value>) -> IdOrObject<'_> {
    match value {
        Some(Value::String(id)) => IdOrObject::Id(id),
        Some(Value::Object(map)) => IdOrObject::Object(map),
        Some(Value::Array(list)) => match list.as_slice() {
            [] => IdOrObject::Missing,
            [one] if !one.is_array() => thing(Some(one)),
            several => IdOrObject::Several(several),
        },
        _ => IdOrObject::Missing,
    }
}

/// The one type of a thing. Several types would mean several readings.
pub(crate) fn kind(map: &Map<String, Value>) -> Result<&str, Refused> {
    match map.get("type") {
        Some(Value::String(kind)) if kind.len() <= 200 => Ok(shapes::type_name(kind)),
        Some(Value::Array(_)) => Err(Refused::Several("type")),
        None | Some(Value::Null) => Err(Refused::Missing("type")),
        Some(_) => Err(Refused::Malformed("type")),
    }
}

/// The one actor that a property names, by id or whole.
pub(crate) fn person(map: &Map<String, Value>, key: &'static str) -> Result<Option<Url>, Refused> {
    match map.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Array(_)) => Err(Refused::Several(key)),
        Some(one) => {
            let id = shapes::id_of(one).ok_or(Refused::Malformed(key))?;
            origins::fetchable(key, id).map(Some)
        }
    }
}

/// An id, which if there is one must be of the same origin as its owner.
pub(crate) fn id(
    map: &Map<String, Value>,
    what: &'static str,
    owner: &Url,
) -> Result<Option<String>, Refused> {
    match map.get("id") {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(id)) => {
            origins::belongs(what, &origins::address(what, id)?, owner)?;
            Ok(Some(id.clone()))
        }
        Some(_) => Err(Refused::Malformed(what)),
    }
}

/// Whom something is for, as its author said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Audience {
    /// `to`, each in the one form we compare.
    pub to: Vec<String>,
    /// `cc`, the same.
    pub cc: Vec<String>,
}

impl Audience {
    /// Reads `to` and `cc`; both may be missing, a string, or a list.
    pub(crate) fn read(map: &Map<String, Value>) -> Result<Self, Refused> {
        let list = |key| {
            let mut list: Vec<String> = Vec::new();
            for recipient in
                shapes::many(map.get(key)).iter().filter_map(shapes::id_of).map(shapes::recipient)
            {
                if recipient.len() <= limits::ADDRESS && !list.iter().any(|known| known == recipient) {
                    list.push(recipient.to_owned());
                }
            }
            list
        };
        limits::at_most("to", shapes::many(map.get("to")).len(), limits::RECIPIENTS)?;
        limits::at_most("cc", shapes::many(map.get("cc")).len(), limits::RECIPIENTS)?;
        let audience = Self { to: list("to"), cc: list("cc") };
        limits::at_most("to", audience.to.len() + audience.cc.len(), limits::RECIPIENTS)?;
        Ok(audience)
    }

    /// Nobody is named.
    pub fn is_empty(&self) -> bool {
        self.to.is_empty() && self.cc.is_empty()
    }

    /// Everybody that is named.
    pub fn everyone(&self) -> impl Iterator<Item = &str> {
        self.to.iter().chain(&self.cc).map(String::as_str)
    }

    /// How far it reaches. A collection of followers is told by its name, since its author is all we know.
    pub fn reach(&self, author: &Url) -> Reach {
        if self.to.iter().any(|recipient| recipient == shapes::PUBLIC) {
            Reach::Public
        } else if self.cc.iter().any(|recipient| recipient == shapes::PUBLIC) {
            Reach::Unlisted
        } else if self.everyone().any(|recipient| is_followers(recipient, author)) {
            Reach::Followers
        } else {
            Reach::Direct
        }
    }
}

/// Friendica writes `/followers/name`, GNU social `/subscribers`, all others `…/followers`.
fn is_followers(recipient: &str, author: &Url) -> bool {
    Url::parse(recipient).is_ok_and(|url| {
        origins::same_origin(&url, author)
            && url
                .path_segments()
                .is_some_and(|mut parts| parts.any(|part| matches!(part, "followers" | "subscribers")))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn untidy_envelopes_are_opened() {
        let envelope = Envelope::read(json!({
            "id": "https://b.example/@c@b.example/#votes/7", "type": "Create", "actor": {"id": "https://b.example/@c@b.example/"},
            "to": "as:Public", "cc": ["https://a.example/g", "https://a.example/g", null, 7], "object": ["https://b.example/1"],
        }))
        .unwrap();
        assert_eq!(envelope.id.as_deref(), Some("https://b.example/@c@b.example/#votes/7"));
        assert_eq!(envelope.audience.to, [shapes::PUBLIC]);
        assert_eq!(envelope.audience.cc, ["https://a.example/g"]);
        assert_eq!(envelope.object(), IdOrObject::Id("https://b.example/1"));
        assert_eq!(envelope.published, None);
    }

    #[test]
    fn envelopes_that_could_deceive_are_refused() {
        let refused = |change: Value| {
            let mut activity = json!({"id": "https://b.example/1", "type": "Like", "actor": "https://b.example/u", "object": "https://a.example/x"});
            for (key, value) in change.as_object().unwrap() {
                activity[key] = value.clone();
            }
            Envelope::read(activity).unwrap_err()
        };
        assert_eq!(refused(json!({"id": "https://victim.example/1"})), Refused::OtherOrigin("id"));
        assert_eq!(refused(json!({"id": "https://b.example:8443/1"})), Refused::OtherOrigin("id"));
        assert_eq!(refused(json!({"id": "http://b.example/1"})), Refused::OtherOrigin("id"));
        assert_eq!(refused(json!({"id": "https://B.example/1"})), Refused::Malformed("id"));
        assert_eq!(refused(json!({"id": {}})), Refused::Malformed("id"));
        assert_eq!(
            refused(json!({"actor": ["https://b.example/u", "https://victim.example/u"]})),
            Refused::Several("actor")
        );
        assert_eq!(refused(json!({"actor": "https://b.example/u#frag"})), Refused::Malformed("actor"));
        assert_eq!(refused(json!({"actor": "https://u@b.example/u"})), Refused::Malformed("actor"));
        assert_eq!(refused(json!({"actor": null})), Refused::Missing("actor"));
        assert_eq!(refused(json!({"type": ["Like", "Delete"]})), Refused::Several("type"));
        assert_eq!(
            refused(json!({"to": vec!["https://a.example/x"; 501]})),
            Refused::TooMuch { what: "to", most: 500 }
        );
        assert_eq!(refused(json!({"@context": {"actor": "ex:x"}})), Refused::Context("actor".to_owned()));
        assert!(Envelope::read(json!([])).is_err());
    }

    #[test]
    fn reach_is_never_wider_than_it_says() {
        let author = url("https://b.example/users/u");
        let reach = |to: Value, cc: Value| {
            Audience::read(json!({"to": to, "cc": cc}).as_object().unwrap()).unwrap().reach(&author)
        };
        assert_eq!(reach(json!(shapes::PUBLIC), json!([])), Reach::Public);
        assert_eq!(
            reach(json!(["https://b.example/users/u/followers"]), json!("as:Public")),
            Reach::Unlisted
        );
        assert_eq!(
            reach(json!("https://b.example/users/u/followers"), json!("https://a.example/g")),
            Reach::Followers
        );
        assert_eq!(reach(json!("https://b.example/followers/u"), json!(null)), Reach::Followers);
        assert_eq!(reach(json!([]), json!("https://a.example/g")), Reach::Direct);
        assert_eq!(reach(json!("https://a.example/g/followers"), json!([])), Reach::Direct);
        assert_eq!(reach(json!(null), json!(null)), Reach::Direct);
    }
}
