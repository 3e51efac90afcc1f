//! Letters: what becomes one, and the queue that brings them away.
//!
//! A letter is a row in the transaction of the deed it tells of ([`Doing::write_to`]); `web` puts it into words, a
//! worker hands it to the [`crate::ports::Mailer`]. The row of a letter that went is blanked, since letters hold
//! links. Start at [`Letter`].

use folkmoot_storage::mails;
use serde::{Deserialize, Serialize};

use crate::{Doing, Error, Result};

/// What a letter is about, with everything that its words need. A kind never changes its meaning, since rows outlive
/// releases; fields may be added with a default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Letter {
    /// The link that signs in.
    SignIn {
        /// Whom we write to.
        name: String,
        /// The link, good for a day and for once.
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
    },
}

impl Doing<'_> {
    /// Writes a letter to a mail address; it goes when this counts.
    pub(crate) async fn write_to(&self, recipient: &str, letter: &Letter) -> Result<()> {
        let content = serde_json::to_value(letter).map_err(|error| Error::Broken(error.to_string()))?;
        let kind = content.get("kind").and_then(serde_json::Value::as_str).unwrap_or_default();
        mails::insert(&self.tx, self.app.id(), kind, recipient, &content.to_string(), self.now).await?;
        Ok(())
    }
}
