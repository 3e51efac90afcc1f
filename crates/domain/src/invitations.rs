//! Invitations: who may come in, and as what.
