//! What each kind of change says: one line for each kind, and how a saying is made of a document.

use folkmoot_app::{App, Error, Result, changes::Saying};
use folkmoot_domain::{
    ActivityId, ActorId, ItemId, Moment, NoteId,
    actors::Actor,
    associations::AssociationSeen,
    changes::{Change, ChangeKind},
    items::Item,
    text::Language,
    updates::About,
};
use folkmoot_storage::{actors, associations, items as item_rows};
use folkmoot_wire::{self as wire, notes::NoteHead};
use serde_json::Value;
use url::Url;

use super::{answers, carries, connections, decisions, items, moves, partners, people, ties};

/// What is said about a change; nothing when it is about something that is gone meanwhile.
pub(super) async fn render(app: &App, change: &Change) -> Result<Vec<Saying>> {
    match change.kind {
        ChangeKind::Founded => people::welcome(app, change).await,
        ChangeKind::AssociationChanged => people::profile(app, change).await,
        ChangeKind::AssociationClosed => people::farewell(app, change).await,
        ChangeKind::AssociationGone => people::gone(app, change).await,
        ChangeKind::Followed => people::accept(app, change).await,
        ChangeKind::FollowRefused => people::reject(app, change).await,
        ChangeKind::PledgeOffered => people::receipt(app, change).await,
        ChangeKind::PledgeAnswered => people::answer(app, change).await,
        ChangeKind::VotedLate => people::voted_late(app, change).await,
        ChangeKind::ConnectionAsked | ChangeKind::ConnectionEnded => connections::render(app, change).await,
        ChangeKind::Carried | ChangeKind::CarryEnded | ChangeKind::CarryRefused => {
            carries::render(app, change).await
        }
        ChangeKind::AffiliationProposed | ChangeKind::AffiliationAnswered | ChangeKind::AffiliationEnded => {
            ties::render(app, change).await
        }
        ChangeKind::PartnershipOffered | ChangeKind::PartnershipAnswered | ChangeKind::PartnershipEnded => {
            partners::render(app, change).await
        }
        ChangeKind::PledgeGiven
        | ChangeKind::PledgeTakenBack
        | ChangeKind::RsvpAsked
        | ChangeKind::RsvpAnswered
        | ChangeKind::RsvpTakenBack
        | ChangeKind::Replied
        | ChangeKind::ReplyTakenBack => answers::render(app, change).await,
        ChangeKind::DecisionAsked | ChangeKind::DecisionAnswered | ChangeKind::DecisionClosed => {
            decisions::render(app, change).await
        }
        ChangeKind::Moved => moves::render(app, change).await,
        // For the people of this board alone.
        ChangeKind::ReplyHeld => Ok(Vec::new()),
        ChangeKind::Published => items::published(app, change).await,
        ChangeKind::Edited => items::edited(app, change).await,
        ChangeKind::Deleted => items::deleted(app, change).await,
        ChangeKind::Tallied => items::tallied(app, change).await,
        ChangeKind::Progressed => items::progressed(app, change).await,
        ChangeKind::Ended => items::ended(app, change).await,
        ChangeKind::Parked
        | ChangeKind::Resumed
        | ChangeKind::Cancelled
        | ChangeKind::Closed
        | ChangeKind::Finished => items::stepped(app, change).await,
    }
}

/// Who speaks, in which language, and when: what every saying about a change needs.
pub(super) struct Speaker<'a> {
    pub app: &'a App,
    pub actor: Actor,
    pub language: Language,
    pub now: Moment,
}

impl<'a> Speaker<'a> {
    /// The speaker of a change.
    pub async fn of(app: &'a App, change: &Change) -> Result<Self> {
        let rows = app.store.rows();
        let actor = actors::find(&rows, change.speaker).await?;
        let actor = actor.ok_or_else(|| Error::Broken(format!("speaker {} is missing", change.speaker)))?;
        let association = associations::find(&rows, change.speaker).await?;
        let language = association.map_or_else(Language::english, |association| association.language);
        Ok(Self { app, actor, language, now: app.now() })
    }

    /// The head of a Note with this id.
    pub fn head(&self, id: NoteId) -> NoteHead<'_> {
        let (speaker, language, addresses) = (&self.actor, &self.language, &self.app.addresses);
        NoteHead { id, at: self.now, speaker, language, addresses }
    }

    /// The id of a fresh activity, and its address.
    pub fn activity(&self) -> (ActivityId, Url) {
        let id: ActivityId = self.app.id();
        (id, self.app.addresses.activity(id))
    }

    /// A Note that is no noun, published to these inboxes. `item` is what it is about.
    pub fn note(
        &self,
        id: NoteId,
        item: Option<ItemId>,
        note: Value,
        inboxes: Vec<String>,
        public: bool,
    ) -> Saying {
        let object = self.app.addresses.note(id);
        let (activity, address) = self.activity();
        let said = wire::activities::create(&address, note);
        Saying { note: Some(id), item, public, ..self.saying(activity, "Create", &object, &said, inboxes) }
    }

    /// A saying about an object, for everyone.
    pub fn saying(
        &self,
        activity: ActivityId,
        verb: &'static str,
        object: &Url,
        said: &Value,
        inboxes: Vec<String>,
    ) -> Saying {
        Saying {
            activity,
            actor: self.actor.id,
            item: None,
            note: None,
            object: object.to_string(),
            verb,
            public: true,
            body: wire::document(said),
            inboxes,
        }
    }
}

/// The association a change is about.
pub(super) async fn association(app: &App, id: ActorId) -> Result<AssociationSeen> {
    let seen = associations::seen(&app.store.rows(), id).await?;
    seen.ok_or_else(|| Error::Broken(format!("association {id} is missing")))
}

/// The item a change is about, deleted or not.
pub(super) async fn item(app: &App, change: &Change) -> Result<Item> {
    let item = item_rows::find(&app.store.rows(), ItemId(change.object)).await?;
    item.ok_or_else(|| Error::Broken(format!("item {} is missing", change.object)))
}

/// The item as Notes refer to it.
pub(super) fn about(item: &Item) -> About {
    About {
        id: item.id,
        kind: item.kind,
        uri: item.uri.clone(),
        page: item.page.clone(),
        title: item.title.clone(),
    }
}
