//! Invitations. Only the hash of a link is stored.
