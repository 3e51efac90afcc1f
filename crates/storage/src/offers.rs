//! What visitors offer and have not confirmed yet.
