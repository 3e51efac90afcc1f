//! What organisers have begun to write.
