//! Whoever can act: associations, people and the instance here, and anyone elsewhere.
//!
//! One kind of row for all of them, since a follower, a pledge or a home may be either.

use url::Url;

use crate::{ActorId, Moment, associations::AssociationKind, papers::Paper};

/// What an actor is, as ActivityStreams names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorKind {
    /// An association, a community, a forum.
    Group,
    /// A person.
    Person,
    /// A server itself.
    Application,
    /// A bot.
    Service,
    /// An organisation of another program.
    Organization,
}

impl ActorKind {
    /// Every kind.
    pub const ALL: [Self; 5] =
        [Self::Group, Self::Person, Self::Application, Self::Service, Self::Organization];

    /// The ActivityStreams type.
    pub fn word(self) -> &'static str {
        match self {
            Self::Group => "Group",
            Self::Person => "Person",
            Self::Application => "Application",
            Self::Service => "Service",
            Self::Organization => "Organization",
        }
    }

    /// Reads the ActivityStreams type.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// An actor as everyone may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Our id for it.
    pub id: ActorId,
    /// Its ActivityPub id.
    pub uri: Url,
    /// Does it live here?
    pub local: bool,
    /// What it is.
    pub kind: ActorKind,
    /// The part of the address before the second `@`.
    pub handle: String,
    /// The host (and port) of its id: the only name it cannot make up.
    pub host: String,
    /// Display name, plain text.
    pub name: String,
    /// About it, safe HTML.
    pub summary: String,
    /// Its page.
    pub page: Url,
    /// Where to post what is meant for it.
    pub inbox: Url,
    /// Where to post once for everyone on its server.
    pub shared_inbox: Option<Url>,
    /// Its followers collection.
    pub followers: Option<Url>,
    /// The id of its key.
    pub key_id: String,
    /// Its public key, SPKI in PEM.
    pub public_key: String,
    /// When we last read it from its home.
    pub fetched: Moment,
    /// When its home told us that it is gone.
    pub gone: Option<Moment>,
    /// The paper it has chosen.
    pub paper: Option<Paper>,
    /// What else it says of itself.
    pub profile: Profile,
}

/// What an actor says of itself besides: nothing of it is needed to hear from it or to tell it things.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Profile {
    /// Its outbox.
    pub outbox: Option<Url>,
    /// What it has pinned.
    pub featured: Option<Url>,
    /// Its ties to other associations (`civ:affiliates`).
    pub affiliates: Option<Url>,
    /// What kind of association it is, where it says so.
    pub association: Option<AssociationKind>,
    /// May it be found, and named as a carrier?
    pub discoverable: bool,
    /// Where it has moved to.
    pub moved_to: Option<Url>,
    /// Other ids it says it also has. One counts only when that one says so too.
    pub also_known_as: Vec<Url>,
}

impl Actor {
    /// The paper it prints on: the one it chose, or the one of its id.
    pub fn paper(&self) -> Paper {
        self.paper.unwrap_or_else(|| Paper::of(self.id))
    }

    /// Somebody who helps without an account: they have no handle, no key, no inbox and no page, and nothing about
    /// them leaves this machine.
    pub fn is_visitor(&self) -> bool {
        self.local && self.kind == ActorKind::Person && self.handle.is_empty()
    }

    /// `@handle@host`, with the host of the id (FEP-fe34: the id is the authority).
    pub fn address(&self) -> String {
        format!("@{}@{}", self.handle, self.host)
    }

    /// The one inbox that serves this actor: shared where there is one, never both.
    pub fn delivery_inbox(&self) -> &Url {
        self.shared_inbox.as_ref().unwrap_or(&self.inbox)
    }
}
