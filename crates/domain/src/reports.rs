//! Reports: what somebody asked the stewards to look at, and what they decided.
