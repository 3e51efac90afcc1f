//! What a list shows: filters that are plain links.
