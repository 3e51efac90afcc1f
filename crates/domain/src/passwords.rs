//! Passwords: what is strong enough.
