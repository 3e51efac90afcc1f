//! Everything one can do with a tie between two associations: propose it, answer it, end it, check it.
