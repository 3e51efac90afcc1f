//! Everything one can do with an invitation: make it, look at it, take it up.
