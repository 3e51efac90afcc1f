//! Everything one can do with a draft: keep it, go on with it, throw it away.
