//! The map of a move: which id each item had, and which it has now. The new side writes it, the old side reads it, so
//! that old addresses go on leading somewhere.

use std::io::{BufRead, BufReader, Read, Write};

use folkmoot_domain::Refusal;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{Error, Result};

/// More lines than anybody has.
const MOST: usize = 1_000_000;

/// Where one item went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// The id it had.
    pub old: Url,
    /// The id it has.
    pub new: Url,
}

/// Writes a map, one pair a line.
pub fn write_map(out: &mut (dyn Write + Send), pairs: &[Pair]) -> Result<()> {
    let unwritten =
        |error: &dyn std::fmt::Display| Refusal::field("map", format!("cannot be written: {error}"));
    for pair in pairs {
        let line = serde_json::to_string(pair).map_err(|error| unwritten(&error))?;
        writeln!(out, "{line}").map_err(|error| unwritten(&error))?;
    }
    out.flush().map_err(|error| unwritten(&error))?;
    Ok(())
}

/// Reads a map.
pub fn read_map(map: impl Read) -> Result<Vec<Pair>> {
    let mut pairs = Vec::new();
    for (number, line) in BufReader::new(map.take(512 * 1024 * 1024)).lines().take(MOST).enumerate() {
        let unread = |error: &dyn std::fmt::Display| {
            Error::from(Refusal::field("map", format!("cannot be read in line {}: {error}", number + 1)))
        };
        let line = line.map_err(|error| unread(&error))?;
        if !line.trim().is_empty() {
            pairs.push(serde_json::from_str(&line).map_err(|error| unread(&error))?);
        }
    }
    Ok(pairs)
}
