//! What came back to items, as it travels: replies, pledges and who comes.

use serde::{Deserialize, Serialize};

/// What somebody wrote back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReplyLeaf {
    /// Its id.
    pub uri: String,
    /// What it answers.
    pub item: String,
    /// Who wrote it.
    pub author: String,
    /// Its words.
    pub html: String,
    /// For the organisers only?
    pub direct: bool,
    /// Where it stands.
    pub state: String,
    /// When it was written.
    pub published: i64,
    /// When it last changed.
    pub edited: Option<i64>,
    /// When it came in.
    pub received: i64,
}

/// An answer to a call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PledgeLeaf {
    /// The call.
    pub call: String,
    /// Who gives.
    pub giver: String,
    /// Where it stands.
    pub state: String,
    /// Through which door it came.
    pub door: String,
    /// The needs it answers: position, the vote that said it, when.
    pub needs: Vec<(i16, Option<String>, i64)>,
    /// What the giver said besides.
    pub note: String,
    /// What the organisers answered.
    pub answer: String,
    /// The secret of the receipt: its link goes on leading to it.
    pub receipt: String,
    /// When it was offered.
    pub offered: i64,
    /// When it was answered.
    pub answered: Option<i64>,
    /// When the giver got a receipt.
    pub told: Option<i64>,
    /// The `Offer` that said it.
    pub offer: Option<String>,
    /// The agreement it led to.
    pub agreement: Option<String>,
}

/// Who comes to an event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RsvpLeaf {
    /// The event.
    pub event: String,
    /// Who comes.
    pub goer: String,
    /// Where it stands.
    pub state: String,
    /// Through which door it came.
    pub door: String,
    /// What they said besides.
    pub note: String,
    /// What its home answered.
    pub answer: String,
    /// The secret of the receipt.
    pub receipt: String,
    /// The `Join` that said it.
    pub join: Option<String>,
    /// When it was asked.
    pub asked: i64,
    /// When it was answered.
    pub answered: Option<i64>,
}
