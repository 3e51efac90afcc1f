//! Ties between associations as they are said and listed: `Offer{Relationship}`, its answers, and `civ:affiliates`.
//!
//! A `Relationship` (ActivityStreams 3.2) says who is what to whom: a member is the `subject`, its alliance the `object`.
//! Peers of other kinds leave it alone. Reading an offer is [`crate::incoming`]'s; reading a list is [`Listed::read`].

use folkmoot_domain::{
    Moment,
    actors::Actor,
    affiliations::{Affiliation, TieKind, TieSeen},
};
use serde_json::{Map, Value, json};
use url::Url;

use crate::{
    Refused,
    context::{self, CIV},
    envelope, html, limits, origins, shapes,
};

/// Most ties that are read from one page of a list.
pub const PAGE: usize = 500;

/// The meaning of a tie: its address in full.
pub fn relationship(kind: TieKind) -> String {
    match kind {
        TieKind::Member => format!("{CIV}memberOf"),
        TieKind::Partner => format!("{CIV}affiliatedWith"),
    }
}

/// Reads the meaning of a tie; none for one that is none of ours.
pub fn kind(relationship: &str) -> Option<TieKind> {
    let full = context::own_term(relationship);
    TieKind::ALL.into_iter().find(|kind| self::relationship(*kind) == full)
}

/// The tie itself, as it stands at its id and in lists.
pub fn object(seen: &TieSeen) -> Value {
    let tie = &seen.tie;
    let mut map = Map::new();
    map.insert("id".into(), json!(tie.uri));
    map.insert("type".into(), json!("Relationship"));
    map.insert("attributedTo".into(), json!(proposer(seen).uri));
    map.insert("subject".into(), json!(seen.member.uri));
    map.insert("relationship".into(), json!(relationship(tie.kind)));
    map.insert("object".into(), json!(seen.umbrella.uri));
    if !tie.mandate.is_empty() {
        map.insert("content".into(), json!(html::as_typed(&tie.mandate)));
    }
    map.insert("startTime".into(), json!(tie.answered.unwrap_or(tie.proposed).rfc3339()));
    Value::Object(map)
}

/// A tie is proposed: only the side that is asked hears of it. It brings the stamp of consent of who proposes (FEP-7aa9).
pub fn offer(seen: &TieSeen) -> Value {
    let (proposer, asked) = (proposer(seen), seen.other(seen.tie.proposer));
    json!({
        "id": seen.tie.offer,
        "type": "Offer",
        "actor": proposer.uri,
        "published": seen.tie.proposed.rfc3339(),
        "to": [asked.uri],
        "cc": [],
        "object": object(seen),
        "result": stamp_id(proposer, &seen.tie),
    })
}

/// The side that was asked says yes, or no, or no more. The offer comes along, for those who know it by its parts; a yes
/// brings the stamp of consent to stand in the other's collection (FEP-7aa9).
pub fn answer(id: &Url, yes: bool, seen: &TieSeen, at: Moment) -> Value {
    let (proposer, asked) = (proposer(seen), seen.other(seen.tie.proposer));
    let mut said = said(id, if yes { "Accept" } else { "Reject" }, asked, proposer, seen, at);
    if let (true, Some(map)) = (yes, said.as_object_mut()) {
        map.insert("result".into(), json!(stamp_id(asked, &seen.tie)));
    }
    said
}

/// Whoever proposed takes it back, or wants no more of it.
pub fn undo(id: &Url, seen: &TieSeen, at: Moment) -> Value {
    let (proposer, asked) = (proposer(seen), seen.other(seen.tie.proposer));
    said(id, "Undo", proposer, asked, seen, at)
}

fn said(id: &Url, verb: &str, by: &Actor, to: &Actor, seen: &TieSeen, at: Moment) -> Value {
    json!({
        "id": id,
        "type": verb,
        "actor": by.uri,
        "published": at.rfc3339(),
        "to": [to.uri],
        "cc": [],
        "object": {
            "id": seen.tie.offer,
            "type": "Offer",
            "actor": proposer(seen).uri,
            "object": seen.tie.uri,
        },
    })
}

fn proposer(seen: &TieSeen) -> &Actor {
    if seen.tie.proposer == seen.member.id { &seen.member } else { &seen.umbrella }
}

/// Whom one of ours is tied to: `civ:affiliates`. Both sides said yes to each.
pub fn collection(id: &Url, ties: &[TieSeen]) -> Value {
    let items: Vec<Value> = ties.iter().map(object).collect();
    json!({"id": id, "type": "Collection", "totalItems": items.len(), "items": items})
}

/// Where the collection of an association's ties is, as Mastodon 4.6 and later shows it (FEP-7aa9).
pub fn featured_id(owner: &Actor) -> Url {
    under(owner, "featured-affiliates")
}

/// Where the consent of one of ours to stand in the collection of the other side is.
pub fn stamp_id(one: &Actor, tie: &Affiliation) -> Url {
    under(one, &format!("stamps/{}", tie.id))
}

fn under(actor: &Actor, path: &str) -> Url {
    let mut url = actor.uri.clone();
    url.set_path(&format!("{}/{path}", actor.uri.path()));
    url
}

/// The consent of one side to stand in the collection of the other. It is there for as long as the tie stands.
pub fn stamp(one: &Actor, seen: &TieSeen) -> Value {
    json!({
        "id": stamp_id(one, &seen.tie),
        "type": "FeatureAuthorization",
        "attributedTo": one.uri,
        "interactingObject": featured_id(seen.other(one.id)),
        "interactionTarget": one.uri,
    })
}

/// Those that one of ours is tied to and that agreed to be shown, as a collection on its profile (FEP-7aa9).
pub fn featured(owner: &Actor, ties: &[TieSeen]) -> Value {
    let id = featured_id(owner);
    let items: Vec<Value> = ties
        .iter()
        .filter_map(|seen| {
            let other = seen.other(owner.id);
            let stamp =
                if other.local { stamp_id(other, &seen.tie).into() } else { seen.tie.stamp.clone()? };
            Some(json!({
                "id": format!("{id}#{}", seen.tie.id),
                "type": "FeaturedItem",
                "featuredObject": other.uri,
                "featureAuthorization": stamp,
            }))
        })
        .collect();
    json!({
        "id": id,
        "type": "FeaturedCollection",
        "attributedTo": owner.uri,
        "name": "Associations we are tied to",
        "url": owner.page,
        "totalItems": items.len(),
        "discoverable": true,
        "orderedItems": items,
    })
}

/// Every such collection of an association: one.
pub fn featured_collections(id: &Url, owner: &Actor) -> Value {
    json!({"id": id, "type": "Collection", "totalItems": 1, "items": [featured_id(owner)]})
}

/// A tie as somebody lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Who is tied.
    pub subject: Url,
    /// The meaning, in full.
    pub relationship: String,
    /// To whom.
    pub object: Url,
}

impl Listed {
    /// Reads one page of a list of ties: what stands in it, and where the next page is (of the same origin). What is no
    /// tie in it is left out.
    pub fn read(document: &Value, from: &Url) -> Result<(Vec<Self>, Option<Url>), Refused> {
        let map = document.as_object().ok_or(Refused::NotAnObject)?;
        context::must_not_redefine(map)?;
        if !matches!(
            envelope::kind(map)?,
            "Collection" | "OrderedCollection" | "CollectionPage" | "OrderedCollectionPage"
        ) {
            return Err(Refused::Malformed("type"));
        }
        let first = map.get("first").and_then(Value::as_object);
        let mut listed = Vec::new();
        for page in [Some(map), first].into_iter().flatten() {
            for key in ["items", "orderedItems"] {
                let items = shapes::many(page.get(key));
                limits::at_most("items", items.len(), PAGE)?;
                listed.extend(items.iter().filter_map(Self::one));
            }
        }
        let next = match first {
            Some(first) => first.get("next"),
            None => map.get("next").or_else(|| map.get("first")),
        };
        let next = next.and_then(shapes::id_of).and_then(|next| origins::fetchable("next", next).ok());
        Ok((listed, next.filter(|next| origins::same_origin(next, from) && next != from)))
    }

    fn one(item: &Value) -> Option<Self> {
        let map = item.as_object().filter(|map| envelope::kind(map) == Ok("Relationship"))?;
        let end = |key: &'static str| origins::fetchable(key, shapes::id_of(map.get(key)?)?).ok();
        let relationship = context::own_term(shapes::text(map, "relationship")?);
        Some(Self { subject: end("subject")?, relationship, object: end("object")? })
    }

    /// Is it this tie? Partners have no first.
    pub fn is(&self, seen: &TieSeen) -> bool {
        let (member, umbrella) = (&seen.member.uri, &seen.umbrella.uri);
        let same = &self.subject == member && &self.object == umbrella;
        let crossed = &self.subject == umbrella && &self.object == member;
        self.relationship == relationship(seen.tie.kind)
            && (same || seen.tie.kind == TieKind::Partner && crossed)
    }
}
