//! Drafts: what an organiser has begun to write and has not published.
