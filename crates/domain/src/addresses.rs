//! Where things live: ids (`/ap/…`) and pages are two URLs. Ids never change; handles, and so pages, may.

use url::Url;

use crate::{
    ActivityId, ActorId, AffiliationId, CauseId, DecisionId, ItemId, NoteId, PartnershipId, PictureId,
    PledgeId, ReplyId, items::ItemKind, text::Handle,
};

/// The addresses of one instance, all under one origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addresses {
    base: Url,
}

impl Addresses {
    /// Takes the origin of the instance; path, query and fragment are dropped.
    pub fn new(base: &Url) -> Self {
        let mut base = base.clone();
        base.set_path("/");
        base.set_query(None);
        base.set_fragment(None);
        Self { base }
    }

    /// Any path of this instance. `path` starts with `/`.
    pub fn at(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(path);
        url
    }

    /// The origin with a trailing slash.
    pub fn base(&self) -> &Url {
        &self.base
    }

    /// The name after the second `@` of a handle: the host, with the port if it is not the scheme's own.
    pub fn host(&self) -> String {
        let host = self.base.host_str().unwrap_or_default();
        self.base.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// Is this URL under our own origin?
    pub fn is_ours(&self, url: &Url) -> bool {
        url.origin() == self.base.origin()
    }

    /// `Group` actor of an association.
    pub fn association(&self, id: ActorId) -> Url {
        self.at(&format!("/ap/associations/{id}"))
    }

    /// `Person` actor of somebody with an account.
    pub fn person(&self, id: ActorId) -> Url {
        self.at(&format!("/ap/people/{id}"))
    }

    /// What the row of a visitor is called. Nothing answers there.
    pub fn visitor(&self, id: ActorId) -> Url {
        self.at(&format!("/ap/visitors/{id}"))
    }

    /// `Application` actor of the instance, at a path that never changes.
    pub fn instance(&self) -> Url {
        self.at("/ap/instance")
    }

    /// The one shared inbox.
    pub fn shared_inbox(&self) -> Url {
        self.at("/ap/inbox")
    }

    /// The page of an association or a person.
    pub fn profile(&self, handle: &Handle) -> Url {
        self.at(&format!("/@{handle}"))
    }

    /// The id of something published.
    pub fn item(&self, kind: ItemKind, id: ItemId) -> Url {
        self.at(&format!("/ap/{}/{id}", kind.plural()))
    }

    /// The page of something published.
    pub fn item_page(&self, kind: ItemKind, id: ItemId) -> Url {
        self.at(&format!("/{}/{id}", kind.plural()))
    }

    /// The id of a cause.
    pub fn cause(&self, id: CauseId) -> Url {
        self.at(&format!("/ap/causes/{id}"))
    }

    /// The page of a cause, and what its hashtag points at. `tag` is lower-case, without `#`.
    pub fn cause_page(&self, tag: &str) -> Url {
        self.at(&format!("/causes/{tag}"))
    }

    /// The id of a Note that is no noun.
    pub fn note(&self, id: NoteId) -> Url {
        self.at(&format!("/ap/notes/{id}"))
    }

    /// The id of a tie between two associations that one of ours proposed.
    pub fn affiliation(&self, id: AffiliationId) -> Url {
        self.at(&format!("/ap/affiliations/{id}"))
    }

    /// The id of what an alliance of ours asks its members.
    pub fn decision(&self, id: DecisionId) -> Url {
        self.at(&format!("/ap/decisions/{id}"))
    }

    /// Where organisers read what was decided.
    pub fn decision_page(&self, id: DecisionId) -> Url {
        self.at(&format!("/desk/decisions/{id}"))
    }

    /// One file of a picture.
    pub fn picture(&self, id: PictureId, width: u32) -> Url {
        self.at(&format!("/media/{id}/{width}.jpg"))
    }

    /// The id of an activity.
    pub fn activity(&self, id: ActivityId) -> Url {
        self.at(&format!("/ap/activities/{id}"))
    }

    /// The id of a role in a project.
    pub fn partnership(&self, id: PartnershipId) -> Url {
        self.at(&format!("/ap/partnerships/{id}"))
    }

    /// The page of a receipt; who holds the link holds the pledge.
    pub fn receipt(&self, secret: &str) -> Url {
        self.at(&format!("/pledges/{secret}"))
    }

    /// The page of an RSVP; who holds the link holds it.
    pub fn coming(&self, secret: &str) -> Url {
        self.at(&format!("/coming/{secret}"))
    }

    /// The id of what somebody here wrote back.
    pub fn reply(&self, id: ReplyId) -> Url {
        self.at(&format!("/ap/replies/{id}"))
    }

    /// What the agreement about a pledge is called. It is for two, so nothing answers there.
    pub fn agreement(&self, id: PledgeId) -> Url {
        self.at(&format!("/ap/agreements/{id}"))
    }

    /// Where an offer of help is confirmed.
    pub fn offer(&self, secret: &str) -> Url {
        self.at(&format!("/offers/{secret}"))
    }

    /// Where a sign-in link leads.
    pub fn sign_in(&self, secret: &str) -> Url {
        self.at(&format!("/sign-in/{secret}"))
    }

    /// A collection or box under an id: `outbox`, `followers`, `replies`.
    pub fn under(&self, id: &Url, name: &str) -> Url {
        self.at(&format!("{}/{name}", id.path()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_pages_are_two() {
        let addresses = Addresses::new(&Url::parse("https://hyde.example/ignored?x#y").unwrap());
        let id = ItemId(crate::ids::uuid_from(1, [7; 10]));
        let uri = addresses.item(ItemKind::Call, id);
        assert_eq!(uri.as_str(), format!("https://hyde.example/ap/calls/{id}"));
        assert_eq!(addresses.item_page(ItemKind::Call, id).path(), format!("/calls/{id}"));
        assert_eq!(addresses.under(&uri, "replies").path(), format!("/ap/calls/{id}/replies"));
        assert_eq!(addresses.host(), "hyde.example");
        assert!(!addresses.is_ours(&Url::parse("http://hyde.example/ap/instance").unwrap()));
    }
}
