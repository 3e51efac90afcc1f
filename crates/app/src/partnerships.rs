//! Everything one can do with a role in another's project: offer to take it, answer, end it.
