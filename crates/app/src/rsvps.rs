//! Everything one can do with an RSVP: say that one comes, answer, take it back.
