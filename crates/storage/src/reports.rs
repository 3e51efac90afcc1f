//! What stewards were asked to look at.
