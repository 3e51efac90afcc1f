//! Nominations: projects that somebody proposes and nobody here runs yet.
