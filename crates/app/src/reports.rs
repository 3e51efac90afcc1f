//! Everything one can do with a report: make one, decide it.
