//! People without an account who help, and how to reach them.
