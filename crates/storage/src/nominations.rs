//! Projects that nobody here runs yet.
