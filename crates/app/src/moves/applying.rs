//! What each line of an archive becomes here. Everything is checked as if it had been typed, HTML is made or cleaned anew,
//! keys and counts are not believed, and what is there already stays as it is.

mod answers;
mod items;
mod states;
mod ties;

use folkmoot_domain::{
    ActorId, Moment, Refusal,
    actors::{Actor, ActorKind, Profile},
    ids::uuid_from,
    items::Item,
    pictures::Picture,
    places::{Coarseness, Place},
    text,
    visitors::{self as visiting, Visitor},
};
use folkmoot_storage::{
    actors, items as item_rows,
    moves::{
        leaves::{ActorLeaf, Leaf, PlaceLeaf},
        unpacking as write,
    },
    visitors,
};
use ring::digest::{SHA256, digest};
use url::Url;
use uuid::Uuid;

use crate::{Doing, Result, carries, connections, offers};

/// The association that an archive becomes.
pub(super) struct Home {
    /// What it is here.
    pub id: ActorId,
    /// The id it had.
    pub source: Url,
}

impl Home {
    /// An id that is the same whenever the same archive is read, and sorts by time as all others.
    fn derived(&self, at: i64, of: &str) -> Uuid {
        let sum = digest(&SHA256, format!("{}\n{}\n{of}", self.id, self.source).as_bytes());
        let mut random = [0; 10];
        for (byte, from) in random.iter_mut().zip(sum.as_ref()) {
            *byte = *from;
        }
        uuid_from(at, random)
    }

    fn lives_there(&self, uri: &str) -> std::result::Result<Url, Refusal> {
        let url = Url::parse(uri).ok().filter(|url| url.origin() == self.source.origin());
        url.ok_or_else(|| Refusal::field("uri", format!("{uri} does not live where the archive comes from")))
    }

    /// Somebody whom a line names: the association itself, a visitor, or whoever is known.
    async fn actor(&self, doing: &Doing<'_>, uri: &str) -> Result<ActorId> {
        if uri == self.source.as_str() {
            return Ok(self.id);
        }
        let visitor = ActorId(self.derived(0, uri));
        if self.lives_there(uri).is_ok() && actors::find(&doing.tx.rows(), visitor).await?.is_some() {
            return Ok(visitor);
        }
        let known = actors::by_uri(&doing.tx.rows(), uri).await?;
        Ok(known.ok_or_else(|| Refusal::field("who", format!("{uri} is not known here")))?.id)
    }

    async fn item(&self, doing: &Doing<'_>, uri: &str) -> Result<Item> {
        let rows = doing.tx.rows();
        let found = match write::came(&rows, self.id, uri).await? {
            Some(came) => Some(came),
            None => item_rows::by_uri(&rows, uri).await?,
        };
        let found = found.filter(|item| item.deleted.is_none());
        Ok(found.ok_or_else(|| Refusal::field("what", format!("{uri} is not known here")))?)
    }
}

/// What a line is called when it has to be named.
pub(super) fn name(leaf: &Leaf) -> String {
    match leaf {
        Leaf::Item(item) => format!("\u{201c}{}\u{201d} ({})", item.title, item.uri),
        Leaf::Reply(reply) => format!("the reply {}", reply.uri),
        Leaf::Pledge(pledge) => format!("a pledge of {}", pledge.giver),
        Leaf::Rsvp(rsvp) => format!("the coming of {}", rsvp.goer),
        Leaf::Affiliation(tie) => format!("the tie of {} to {}", tie.member, tie.umbrella),
        Leaf::Partnership(part) => format!("the part of {} in {}", part.partner, part.project),
        Leaf::Connection(connection) => format!("listening to {}", connection.target),
        Leaf::Rule(rule) => format!("the rule about {}", rule.source),
        Leaf::Carry(carry) => format!("the carry of {}", carry.item),
        Leaf::Actor(actor) => actor.uri.clone(),
        _ => "a line".to_owned(),
    }
}

/// Brings one line in. What is there already stays as it is.
pub(super) async fn apply(
    doing: &Doing<'_>,
    home: &Home,
    leaf: &Leaf,
    picture: Option<Picture>,
) -> Result<()> {
    match leaf {
        Leaf::Actor(leaf) => actor(doing, home, leaf).await,
        Leaf::Item(leaf) => items::item(doing, home, leaf, picture).await,
        Leaf::Reply(leaf) => answers::reply(doing, home, leaf).await,
        Leaf::Pledge(leaf) => answers::pledge(doing, home, leaf).await,
        Leaf::Rsvp(leaf) => answers::rsvp(doing, home, leaf).await,
        Leaf::Affiliation(leaf) => ties::affiliation(doing, home, leaf).await,
        Leaf::Partnership(leaf) => ties::partnership(doing, home, leaf).await,
        Leaf::Connection(leaf) => {
            let target = home.actor(doing, &leaf.target).await?;
            connections::connect_within(doing, home.id, target).await.map(drop)
        }
        Leaf::Rule(leaf) => ties::rule(doing, home, leaf).await,
        Leaf::Carry(leaf) => {
            let item = home.item(doing, &leaf.item).await?;
            let reason = text::paragraphs("reason", &leaf.reason, 1_000)?;
            carries::carry_within(doing, home.id, item.id, &reason, None).await.map(drop)
        }
        // Followers come by themselves; people are asked in when everything is there.
        Leaf::Archive(_)
        | Leaf::Association(_)
        | Leaf::Person(_)
        | Leaf::Follower { .. }
        | Leaf::End { .. } => Ok(()),
    }
}

/// Remembers somebody whom later lines name. Of somebody elsewhere only what lives where they live is believed, and no
/// key: it is read at their home before it is used.
async fn actor(doing: &Doing<'_>, home: &Home, leaf: &ActorLeaf) -> Result<()> {
    if leaf.handle.is_empty() {
        return visitor(doing, home, leaf).await;
    }
    let bad = |what: &'static str| Refusal::field(what, format!("of {} cannot be", leaf.uri));
    let uri = Url::parse(&leaf.uri).map_err(|_| bad("uri"))?;
    if doing.app.addresses.is_ours(&uri) || actors::by_uri(&doing.tx.rows(), uri.as_str()).await?.is_some() {
        return Ok(());
    }
    let same = |text: &str| Url::parse(text).ok().filter(|url| url.origin() == uri.origin());
    if uri.scheme() != doing.app.addresses.base().scheme() && uri.scheme() != "https" {
        return Err(bad("uri").into());
    }
    let host = uri.host_str().ok_or_else(|| bad("uri"))?;
    let actor = Actor {
        id: doing.app.id(),
        local: false,
        kind: ActorKind::parse(&leaf.kind).ok_or_else(|| bad("kind"))?,
        handle: text::line("handle", &leaf.handle, 200)?,
        host: uri.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")),
        name: text::line("name", &leaf.name, 500)?,
        summary: String::new(),
        page: same(&leaf.page).unwrap_or_else(|| uri.clone()),
        inbox: same(&leaf.inbox).ok_or_else(|| bad("inbox"))?,
        shared_inbox: leaf.shared_inbox.as_deref().and_then(same),
        followers: None,
        key_id: String::new(),
        public_key: String::new(),
        // Never read: it is read at its home as soon as it is used.
        fetched: Moment(0),
        gone: None,
        paper: None,
        profile: Profile::default(),
        uri,
    };
    Ok(actors::insert(&doing.tx, &actor, None, doing.now).await?)
}

async fn visitor(doing: &Doing<'_>, home: &Home, leaf: &ActorLeaf) -> Result<()> {
    home.lives_there(&leaf.uri)?;
    let id = ActorId(home.derived(0, &leaf.uri));
    if actors::find(&doing.tx.rows(), id).await?.is_some() {
        return Ok(());
    }
    let reach = leaf.visitor.as_ref();
    let known = Visitor {
        id,
        name: text::line("name", &leaf.name, 200)?,
        reach: match reach {
            Some(way) if way.email.is_some() || way.phone.is_some() => visiting::Reach::parse(
                way.email.as_deref().unwrap_or_default(),
                way.phone.as_deref().unwrap_or_default(),
            )?,
            _ => visiting::Reach::default(),
        },
        since: Moment(reach.map_or(doing.now.0, |reach| reach.since)).min(doing.now),
        confirmed: reach.and_then(|reach| reach.confirmed).map(Moment),
    };
    actors::insert(&doing.tx, &offers::actor(doing.app, &known), None, doing.now).await?;
    if let Some(reach) = reach {
        visitors::insert(&doing.tx, &known, Moment(reach.forget)).await?;
    }
    Ok(())
}

/// A place as it was typed.
pub(super) fn place(leaf: &PlaceLeaf) -> Result<Place> {
    let shown = Coarseness::parse(&leaf.shown).unwrap_or(Coarseness::Town);
    Ok(Place::parse(&leaf.name, leaf.point, shown)?)
}

fn no_state() -> Refusal {
    Refusal::field("state", "is none that it can be in")
}
