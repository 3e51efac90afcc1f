//! Visitors: people who help without an account, and what they have not confirmed yet.
