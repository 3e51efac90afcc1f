//! One typed id for each noun. Ids are UUIDs of version 7: opaque to readers, ordered by time.
//!
//! This module must not make ids up: randomness and time belong to the caller.

use uuid::Uuid;

/// Builds a version 7 UUID from epoch milliseconds and ten random bytes (RFC 9562 5.7).
pub fn uuid_from(milliseconds: i64, random: [u8; 10]) -> Uuid {
    let milliseconds = u64::try_from(milliseconds).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(milliseconds, &random).into_uuid()
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )*};
}

ids! {
    /// Whoever can act: an association, a person, the instance itself, or anyone elsewhere.
    ActorId,
    /// A cause that associations fight for.
    CauseId,
    /// A project, call, event or update: everything that is published.
    ItemId,
    /// An answer to a call.
    PledgeId,
    /// What somebody wrote back.
    ReplyId,
    /// A Note that is no noun: a receipt, an outcome, a cancellation.
    NoteId,
    /// Something that became true and that others must hear.
    ChangeId,
    /// What was said, once, in its final bytes.
    ActivityId,
    /// One activity on its way to one inbox.
    DeliveryId,
    /// One activity that came in.
    ArrivalId,
    /// A letter on its way by mail.
    MailId,
    /// A picture that goes with an item.
    PictureId,
    /// What somebody asked the stewards to look at.
    ReportId,
    /// A project that somebody proposed and nobody runs yet.
    NominationId,
    /// What an organiser has begun to write.
    DraftId,
    /// An item that somebody passes on.
    CarryId,
    /// A rule by which an association carries.
    RuleId,
    /// A tie between two associations.
    AffiliationId,
    /// A role of another association in a project.
    PartnershipId,
    /// What an alliance asks its members.
    DecisionId,
    /// Somebody who wants to come to an event.
    RsvpId,
}
