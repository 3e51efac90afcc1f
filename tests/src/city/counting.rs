//! What passed over the network in one part of a city's life. Start at [`Traffic::of`].

use std::collections::{BTreeMap, BTreeSet};

use axum::http::{Method, StatusCode};
use serde_json::Value;

use crate::network::Passed;

/// Requests of one part.
#[derive(Clone, Debug, Default)]
pub struct Traffic {
    /// Activities sent, by type.
    pub activities: BTreeMap<String, usize>,
    /// Those of them that went to another instance of the city, not to a reader's server.
    pub between: usize,
    /// Those that were not taken at once.
    pub not_taken: usize,
    /// Everything that was asked for.
    pub fetched: usize,
}

impl Traffic {
    /// What these requests were. `instances` are the names of the instances.
    pub fn of(passed: &[Passed], instances: &BTreeSet<String>) -> Self {
        let mut traffic = Self::default();
        for one in passed {
            if one.method != Method::POST {
                traffic.fetched += 1;
                continue;
            }
            let activity: Value = serde_json::from_slice(&one.body).unwrap_or_default();
            let kind = activity["type"].as_str().unwrap_or("nothing").to_owned();
            *traffic.activities.entry(kind).or_default() += 1;
            traffic.between += usize::from(one.url.host_str().is_some_and(|host| instances.contains(host)));
            traffic.not_taken += usize::from(one.status != Some(StatusCode::ACCEPTED));
        }
        traffic
    }

    /// All activities.
    pub fn sent(&self) -> usize {
        self.activities.values().sum()
    }
}
