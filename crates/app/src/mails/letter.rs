//! What a letter is about, with everything that its words need.

use serde::{Deserialize, Serialize};

use crate::people;

/// What a letter is about, with everything that its words need. A kind never changes its meaning, since rows outlive
/// releases; fields may be added with a default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Letter {
    /// The link that signs in.
    SignIn {
        /// Whom we write to.
        name: String,
        /// The link, good for an hour and for once.
        link: String,
    },
    /// Somebody wants letters to go to this address from now on, and confirms it from here.
    NewAddress {
        /// Whom we write to.
        name: String,
        /// The link, good for an hour and for once.
        link: String,
    },
    /// To the address that was left: letters go elsewhere now.
    AddressChanged {
        /// Whom we write to.
        name: String,
    },
    /// Somebody's password is another now, and they are signed out everywhere else.
    PasswordChanged {
        /// Whom we write to.
        name: String,
        /// Where one signs in.
        link: String,
    },
    /// Somebody is asked in.
    Invitation {
        /// Who asks, when it was a person.
        inviter: Option<String>,
        /// For which association, and as what ("organiser", "steward"); none is the board itself.
        association: Option<(String, String)>,
        /// The link, good for seven days and for once.
        link: String,
    },
    /// A visitor offered help, and confirms it from here.
    ConfirmOffer {
        /// Whom we write to.
        name: String,
        /// The association that calls.
        association: String,
        /// The call's title.
        call: String,
        /// What they can do, as the call names it.
        needs: Vec<String>,
        /// The link, good for 48 hours and for once.
        link: String,
    },
    /// A visitor's pledge stands; the way back.
    Receipt {
        /// Whom we write to.
        name: String,
        /// The association that calls.
        association: String,
        /// The call's title.
        call: String,
        /// What they can do, as the call names it.
        needs: Vec<String>,
        /// The page of the receipt, with its way back.
        link: String,
    },
    /// A visitor wants to come to an event, and confirms it from here.
    ConfirmComing {
        /// Whom we write to.
        name: String,
        /// Whose event it is.
        association: String,
        /// The event's title.
        event: String,
        /// When it is, in words.
        when: String,
        /// The link, good for 48 hours and for once.
        link: String,
    },
    /// How it stands with somebody who wants to come to an event.
    RsvpStands {
        /// Whom we write to.
        name: String,
        /// Whose event it is.
        association: String,
        /// The event's title.
        event: String,
        /// When it is, in words.
        when: String,
        /// "going", "maybe", "waiting" or "refused".
        state: String,
        /// What was answered besides; may be empty.
        words: String,
        /// The page of the receipt.
        link: String,
    },
    /// An event is called off, for those who wanted to come.
    EventOff {
        /// Whom we write to.
        name: String,
        /// Whose event it was.
        association: String,
        /// The event's title.
        event: String,
        /// When it would have been, in words.
        when: String,
        /// Why.
        reason: String,
        /// The event's page.
        link: String,
    },
    /// The organisers answered a pledge.
    PledgeAnswered {
        /// Whom we write to.
        name: String,
        /// The association that called.
        association: String,
        /// The call's title.
        call: String,
        /// The state it is in now: "accepted", "declined", "kept".
        state: String,
        /// What the organisers said; may be empty.
        words: String,
        /// The page of the receipt.
        link: String,
    },
    /// A call is over, for those who pledged to it.
    CallOver {
        /// Whom we write to.
        name: String,
        /// The association that called.
        association: String,
        /// The call's title.
        call: String,
        /// "closed", "cancelled" or "another-day".
        how: String,
        /// The outcome, or the reason; may be empty.
        words: String,
        /// Thanks; may be empty.
        thanks: String,
        /// The call's page.
        link: String,
    },
    /// Organisers: a pledge waits for an answer.
    PledgeWaits {
        /// The association.
        association: String,
        /// Who offers.
        giver: String,
        /// The call's title.
        call: String,
        /// What they can do.
        needs: Vec<String>,
        /// What they said besides; may be empty.
        note: String,
        /// The desk.
        link: String,
    },
    /// Organisers and stewards: a reply waits to be looked at.
    ReplyWaits {
        /// The association.
        association: String,
        /// Who wrote it.
        author: String,
        /// The title of what it answers.
        about: String,
        /// The desk.
        link: String,
    },
    /// Stewards: something was reported.
    Reported {
        /// Whose thing it is; none when it is the board's.
        association: Option<String>,
        /// The title or the name of what was reported.
        what: String,
        /// Why, from the list.
        category: String,
        /// In the reporter's words; may be empty.
        words: String,
        /// The stewards' page.
        link: String,
    },
    /// Whoever reported: what was decided.
    ReportDecided {
        /// The title or the name of what was reported.
        what: String,
        /// What was decided, in words.
        decision: String,
    },
    /// The stewards of the board: a project was proposed.
    Nominated {
        /// Its title.
        title: String,
        /// Who proposes it.
        name: String,
        /// The stewards' page.
        link: String,
    },
    /// Whoever proposed a project: what became of it.
    NominationDecided {
        /// Whom we write to.
        name: String,
        /// Its title.
        title: String,
        /// The project's page, when it hangs here now.
        link: Option<String>,
        /// Why not, when it does not; may be empty.
        #[serde(default)]
        reason: String,
    },
    /// Organisers of a project: somebody offers to take a role in it.
    PartnershipWaits {
        /// Whose project it is.
        association: String,
        /// Who offers.
        partner: String,
        /// As what.
        role: String,
        /// The project's title.
        project: String,
        /// What they say besides; may be empty.
        words: String,
        /// Where it is answered.
        link: String,
    },
    /// Organisers of a partner: what the project's home said.
    PartnershipAnswered {
        /// The partner.
        association: String,
        /// Whose project it is.
        home: String,
        /// As what.
        role: String,
        /// The project's title.
        project: String,
        /// "accepted" or "declined".
        state: String,
        /// What they say besides; may be empty.
        words: String,
        /// Where it stands.
        link: String,
    },
    /// Organisers of either side: the other ended it.
    PartnershipEnded {
        /// The association that is written to.
        association: String,
        /// Who ended it.
        other: String,
        /// As what.
        role: String,
        /// The project's title.
        project: String,
        /// Where it stands.
        link: String,
    },
    /// Organisers of an idea: somebody takes it up.
    IdeaTakenUp {
        /// Whose idea it is.
        association: String,
        /// What it is called.
        project: String,
        /// Who takes it up.
        by: String,
        /// What it is called there.
        child: String,
        /// Where they choose whether it is shown.
        link: String,
    },
    /// Organisers: another association proposes a tie.
    TieProposed {
        /// The association that is asked.
        association: String,
        /// Who proposes.
        other: String,
        /// "join" when the reader's association would be the member, "take-in" when it would be the alliance, "partner".
        how: String,
        /// What for, in their words; may be empty.
        mandate: String,
        /// Where it is answered.
        link: String,
    },
    /// Organisers: the other side answered a tie, or ended it.
    TieAnswered {
        /// The reader's association.
        association: String,
        /// The other one.
        other: String,
        /// "join", "take-in" or "partner", as above.
        how: String,
        /// "accepted", "declined" or "ended".
        state: String,
        /// Where ties stand.
        link: String,
    },
    /// Organisers: an alliance asks for their association's vote.
    DecisionAsked {
        /// Who asks.
        alliance: String,
        /// What, in one line.
        title: String,
        /// By which rule it is decided, as a sentence.
        rule: String,
        /// Until when (RFC 3339).
        until: String,
        /// Where it is answered.
        link: String,
    },
    /// Organisers: what came of a decision.
    DecisionClosed {
        /// Who asked.
        alliance: String,
        /// What, in one line.
        title: String,
        /// "agreed" or "not agreed".
        outcome: String,
        /// The record.
        link: String,
    },
}

impl Letter {
    /// For how long its link is good, when that decides how long it is worth sending.
    pub(super) fn good_for(&self) -> Option<i64> {
        match self {
            Self::SignIn { .. } | Self::NewAddress { .. } => Some(people::ASKED_LINK),
            Self::ConfirmOffer { .. } => Some(folkmoot_domain::visitors::CONFIRM),
            _ => None,
        }
    }
}
