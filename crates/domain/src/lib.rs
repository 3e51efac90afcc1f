//! The nouns of associations and the rules about them, as plain Rust.
//!
//! This floor does no IO, knows no clock and draws no random numbers: what time it is and which id is
//! next come in as arguments. It must not name a database, a JSON shape or an HTTP status.
//!
//! Start reading at [`calls`], the noun the rest exists for; a value that exists is valid, and a rule
//! answers with a value or a [`Refusal`].

pub mod actors;
pub mod addresses;
pub mod adoptions;
pub mod affiliations;
pub mod associations;
pub mod audiences;
pub mod calls;
pub mod carries;
pub mod causes;
pub mod changes;
pub mod characters;
pub mod connections;
pub mod decisions;
pub mod deliveries;
pub mod drafts;
pub mod events;
pub mod followers;
pub mod heard;
pub mod ids;
pub mod invitations;
pub mod items;
pub mod lists;
pub mod mails;
pub mod moments;
pub mod moves;
pub mod network;
pub mod nominations;
pub mod papers;
pub mod partnerships;
pub mod passwords;
pub mod people;
pub mod pictures;
pub mod places;
pub mod pledges;
pub mod posts;
pub mod projects;
pub mod reactions;
pub mod refusal;
pub mod replies;
pub mod reports;
pub mod roles;
pub mod rsvps;
pub mod rules;
pub mod streams;
pub mod text;
pub mod updates;
pub mod visitors;

pub use ids::{
    ActivityId, ActorId, AffiliationId, ArrivalId, CarryId, CauseId, ChangeId, DecisionId, DeliveryId,
    DraftId, ItemId, MailId, NominationId, NoteId, PartnershipId, PictureId, PledgeId, ReplyId, ReportId,
    RsvpId, RuleId,
};
pub use moments::Moment;
pub use refusal::Refusal;
