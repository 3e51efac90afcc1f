//! Use cases of deliveries: being written right now.
