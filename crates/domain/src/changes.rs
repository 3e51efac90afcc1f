//! Changes: what just became true and others must hear. Each is a row in the transaction that made it true.
//!
//! A kind never changes its meaning, since rows outlive releases. `federation/outbox.rs` turns each into activities.

use uuid::Uuid;

use crate::{ActorId, ChangeId, Moment};

/// What became true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// An association was founded; `subject` is the Note that welcomes.
    Founded,
    /// An association's name, text or handle changed.
    AssociationChanged,
    /// An association closed for good; its farewell goes out.
    AssociationClosed,
    /// An association is gone: some days after its farewell, so that it can be read.
    AssociationGone,
    /// Somebody follows an association; `subject` is the follower.
    Followed,
    /// A follow cannot be; `subject` is who asked, `words` the follow's id.
    FollowRefused,
    /// An item was published.
    Published,
    /// An item's words changed; `words`, when there are any, go out as a Note too.
    Edited,
    /// An item was deleted.
    Deleted,
    /// A call or project was left for another day.
    Parked,
    /// A call or project was taken up again.
    Resumed,
    /// A call or an event was called off.
    Cancelled,
    /// A call was closed with outcome and thanks.
    Closed,
    /// A project is done.
    Finished,
    /// The time to answer a call is over.
    Ended,
    /// Tallies moved: those of a poll, or how many come to an event.
    Tallied,
    /// How far the need is met moved.
    Progressed,
    /// A pledge came in; `subject` is the pledge.
    PledgeOffered,
    /// The organisers answered a pledge; `subject` is the pledge.
    PledgeAnswered,
    /// Somebody voted too late; `subject` is the voter. `words` is the id of the `Offer`, when it came as one.
    VotedLate,
    /// A reply waits to be looked at; only a letter says so.
    ReplyHeld,
    /// One of ours wants to listen to somebody; the object is the target, `subject` too.
    ConnectionAsked,
    /// One of ours listens to somebody no more; `subject` is the target, `words` the id of the `Follow`.
    ConnectionEnded,
    /// An association passes an item on, or news about one; the object is the carry.
    Carried,
    /// It passes it on no more; the object is the carry.
    CarryEnded,
    /// The home of an item does not want it carried by somebody elsewhere; the object is the carry.
    CarryRefused,
    /// A tie is proposed; the object is the affiliation.
    AffiliationProposed,
    /// A tie is accepted or declined; the object is the affiliation.
    AffiliationAnswered,
    /// A tie is ended; the object is the affiliation.
    AffiliationEnded,
    /// One of ours offers to take a role in a project; the object is the partnership.
    PartnershipOffered,
    /// A role in a project of ours is accepted or declined; the object is the partnership.
    PartnershipAnswered,
    /// A role in a project is ended; the object is the partnership.
    PartnershipEnded,
    /// Somebody here answers a call elsewhere; `subject` is the pledge, `words` the id of the `Offer`.
    PledgeGiven,
    /// Somebody here takes back what they offered elsewhere; `subject` is the pledge, `words` the id of the `Offer`.
    PledgeTakenBack,
    /// Somebody here wants to come to an event elsewhere; `subject` is the RSVP, `words` the id of the `Join`.
    RsvpAsked,
    /// Who wants to come to an event of ours is answered; `subject` is the RSVP.
    RsvpAnswered,
    /// Somebody here does not come after all; `subject` is the RSVP, `words` the id of the `Join`.
    RsvpTakenBack,
    /// Somebody here answers something elsewhere; the object is the item, `subject` the reply.
    Replied,
    /// Somebody here takes back what they wrote elsewhere; the object is the item, `words` the id of the reply.
    ReplyTakenBack,
    /// An alliance asks its members; the object is the decision.
    DecisionAsked,
    /// A member here answers an alliance elsewhere; the object is the decision, `subject` the member.
    DecisionAnswered,
    /// The time to decide is over; the object is the decision.
    DecisionClosed,
    /// An association moves; `words` is where to.
    Moved,
}

impl ChangeKind {
    /// Every kind with its word in the database.
    pub const ALL: [(Self, &'static str); 43] = [
        (Self::Founded, "founded"),
        (Self::AssociationChanged, "association-changed"),
        (Self::AssociationClosed, "association-closed"),
        (Self::AssociationGone, "association-gone"),
        (Self::Followed, "followed"),
        (Self::FollowRefused, "follow-refused"),
        (Self::Published, "published"),
        (Self::Edited, "edited"),
        (Self::Deleted, "deleted"),
        (Self::Parked, "parked"),
        (Self::Resumed, "resumed"),
        (Self::Cancelled, "cancelled"),
        (Self::Closed, "closed"),
        (Self::Finished, "finished"),
        (Self::Ended, "ended"),
        (Self::Tallied, "tallied"),
        (Self::Progressed, "progressed"),
        (Self::PledgeOffered, "pledge-offered"),
        (Self::PledgeAnswered, "pledge-answered"),
        (Self::VotedLate, "voted-late"),
        (Self::ReplyHeld, "reply-held"),
        (Self::ConnectionAsked, "connection-asked"),
        (Self::ConnectionEnded, "connection-ended"),
        (Self::Carried, "carried"),
        (Self::CarryEnded, "carry-ended"),
        (Self::CarryRefused, "carry-refused"),
        (Self::AffiliationProposed, "affiliation-proposed"),
        (Self::AffiliationAnswered, "affiliation-answered"),
        (Self::AffiliationEnded, "affiliation-ended"),
        (Self::PartnershipOffered, "partnership-offered"),
        (Self::PartnershipAnswered, "partnership-answered"),
        (Self::PartnershipEnded, "partnership-ended"),
        (Self::PledgeGiven, "pledge-given"),
        (Self::PledgeTakenBack, "pledge-taken-back"),
        (Self::RsvpAsked, "rsvp-asked"),
        (Self::RsvpAnswered, "rsvp-answered"),
        (Self::RsvpTakenBack, "rsvp-taken-back"),
        (Self::Replied, "replied"),
        (Self::ReplyTakenBack, "reply-taken-back"),
        (Self::DecisionAsked, "decision-asked"),
        (Self::DecisionAnswered, "decision-answered"),
        (Self::DecisionClosed, "decision-closed"),
        (Self::Moved, "moved"),
    ];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        Self::ALL.into_iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == word).map(|(kind, _)| kind)
    }
}

/// One thing that became true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its id. Changes of one object are told as they are due, and those of one moment in the order of their ids.
    pub id: ChangeId,
    /// What became true.
    pub kind: ChangeKind,
    /// Who speaks: the association, or the instance.
    pub speaker: ActorId,
    /// The object it is about, an item or an actor: the key of the order.
    pub object: Uuid,
    /// A second thing, as its kind says.
    pub subject: Option<Uuid>,
    /// Words that are kept nowhere else, as its kind says; may be empty.
    pub words: String,
    /// Not to be told before this moment.
    pub due: Moment,
}
