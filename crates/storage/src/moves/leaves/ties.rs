//! What binds an association to others, as it travels: ties, roles, whom it listens to, what it carries.

use serde::{Deserialize, Serialize};

/// A tie that holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AffiliationLeaf {
    /// Its id.
    pub uri: String,
    /// Who is part.
    pub member: String,
    /// Of whom.
    pub umbrella: String,
    /// What kind of tie.
    pub kind: String,
    /// What it is for.
    pub mandate: String,
    /// Who proposed it.
    pub proposer: String,
    /// The `Offer` that said it.
    pub offer: String,
    /// When it was proposed.
    pub proposed: i64,
    /// When it was accepted.
    pub answered: Option<i64>,
}

/// A role in a project that holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PartnershipLeaf {
    /// Its id.
    pub uri: String,
    /// The project.
    pub project: String,
    /// The partner.
    pub partner: String,
    /// The role.
    pub role: String,
    /// What was said with the offer.
    pub words: String,
    /// What was answered.
    pub answer: String,
    /// The `Offer` that said it.
    pub offer: String,
    /// When it was offered.
    pub offered: i64,
    /// When it was accepted.
    pub answered: Option<i64>,
}

/// Whom it listens to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConnectionLeaf {
    /// Whom.
    pub target: String,
}

/// What it carries by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleLeaf {
    /// From whom.
    pub source: String,
    /// Words of kinds with commas between; empty for all.
    pub kinds: String,
    /// The key of a cause; empty for all.
    pub cause: String,
    /// Near what: name, degrees north, degrees east, metres.
    pub near: Option<(String, f64, f64, i32)>,
    /// Does an organiser look first?
    pub review: bool,
    /// The tie that made it.
    pub affiliation: Option<String>,
    /// When it was made.
    pub created: i64,
}

/// What it carries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CarryLeaf {
    /// The item.
    pub item: String,
    /// Why.
    pub reason: String,
    /// Since when.
    pub since: i64,
}
