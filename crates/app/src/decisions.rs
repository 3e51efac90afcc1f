//! Everything one can do with a decision of an alliance: ask, answer as a member, close, read the record.
