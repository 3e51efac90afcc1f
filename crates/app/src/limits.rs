//! What is too much: how often one address, one account or one mail address may ask. Kept in memory: a restart forgives.

/// How often each has asked lately.
#[derive(Debug, Default)]
pub struct Limits {}
