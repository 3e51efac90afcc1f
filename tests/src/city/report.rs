//! What was counted, as a table or as JSON; and whether the city keeps what the design promises. Start at [`Report`].

use std::{io::Write, time::Duration};

use anyhow::{Result, ensure};
use serde_json::{Value, json};

use super::{Size, counting::Traffic};

/// What one part of the city's life cost.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// What passed over the network.
    pub traffic: Traffic,
    /// How long it took, on the clock on the wall.
    pub wall: Duration,
}

/// What became of ties.
#[derive(Clone, Debug)]
pub struct Tied {
    /// How many there should be.
    pub ties: usize,
    /// How many both sides have, less those that nobody should have.
    pub agreed: i64,
    /// What it cost.
    pub part: Part,
}

/// What became of items.
#[derive(Clone, Debug, Default)]
pub struct Published {
    /// How many were published.
    pub items: usize,
    /// How many pairs of an item and a reader there should be.
    pub expected: usize,
    /// How many of those pairs there are.
    pub reached: usize,
    /// Pairs that there should not be.
    pub unasked: usize,
    /// How often the same one passed the same item to the same reader again.
    pub twice: usize,
    /// How long each reader waited for each item, in simulated milliseconds.
    pub waited: Vec<i64>,
    /// What it cost.
    pub part: Part,
}

/// What became of edits and deletions.
#[derive(Clone, Debug)]
pub struct Changed {
    /// How many items got other words.
    pub edited: usize,
    /// How many went.
    pub deleted: usize,
    /// Copies that still say or are what they were.
    pub stale: usize,
    /// How often a reader was shown something again, until now.
    pub twice: usize,
    /// What it cost.
    pub part: Part,
}

/// Everything.
pub struct Report {
    /// Of which city.
    pub size: Size,
    /// All ties.
    pub tied: Tied,
    /// What everybody published.
    pub published: Published,
    /// What was changed of it.
    pub changed: Changed,
    /// Those who left, and what they published then.
    pub left: (Tied, Published),
}

impl Report {
    /// Prints it.
    pub fn print(&self, as_json: bool, out: &mut dyn Write) -> Result<()> {
        if as_json {
            writeln!(
                out,
                "{}",
                Value::Object(
                    self.lines()
                        .into_iter()
                        .map(|(name, value, _)| (name.replace(' ', "_"), value))
                        .collect()
                )
            )?;
            return Ok(());
        }
        for (name, value, unit) in self.lines() {
            let value = value
                .as_f64()
                .filter(|_| value.is_f64())
                .map_or_else(|| value.to_string(), |value| format!("{value:.2}"));
            writeln!(out, "{name:<34} {value:>10}  {unit}")?;
        }
        Ok(())
    }

    /// An error when the city does not keep what the design promises.
    pub fn hold(&self) -> Result<()> {
        let (left, gone) = &self.left;
        for tied in [&self.tied, left] {
            ensure!(
                tied.agreed == i64::try_from(tied.ties)?,
                "both sides agree on {} of {} ties",
                tied.agreed,
                tied.ties
            );
        }
        for published in [&self.published, gone] {
            ensure!(
                published.reached == published.expected,
                "{} of {} reached",
                published.reached,
                published.expected
            );
            ensure!(published.twice == 0, "readers were shown {} things twice", published.twice);
            ensure!(published.unasked == 0, "{} things came to readers who had not asked", published.unasked);
        }
        ensure!(self.changed.stale == 0, "{} copies did not follow", self.changed.stale);
        ensure!(self.changed.twice == 0, "edits or deletions showed {} things again", self.changed.twice);
        Ok(())
    }

    fn lines(&self) -> Vec<(String, Value, &'static str)> {
        let Self { size, tied, published, changed, left: (left, gone) } = self;
        let line = |name: &str, value: Value, unit| (name.to_owned(), value, unit);
        let mut lines = vec![
            line("associations", json!(size.associations), ""),
            line("instances", json!(size.instances), ""),
            line("seed", json!(size.seed), ""),
            line("ties", json!(tied.ties), "proposed and accepted"),
            line("ties agreed", json!(tied.agreed), "both sides list them, and no other"),
            line("activities per tie", ratio(tied.part.traffic.sent(), tied.ties), ""),
            line("items", json!(published.items), "calls, events and projects"),
            line(
                "reach",
                ratio(published.reached * 100, published.expected),
                "% of readers who should see an item",
            ),
            line("readers of an item", ratio(published.reached, published.items), ""),
            line(
                "seen twice",
                json!(published.twice + changed.twice + gone.twice),
                "same item, same reader, same carrier",
            ),
            line(
                "seen unasked",
                json!(published.unasked + gone.unasked),
                "item of no member of who is followed",
            ),
            line("waited usually", seconds(&published.waited, 2), "s of simulated time, half of the readers"),
            line("waited longest", seconds(&published.waited, 1), "s of simulated time"),
            line("activities per item", ratio(published.part.traffic.sent(), published.items), "sent"),
            line(
                "activities between instances",
                ratio(published.part.traffic.between, published.items),
                "for each item",
            ),
            line(
                "activities not taken at once",
                json!(published.part.traffic.not_taken),
                "tried again later",
            ),
            line("fetches per item", ratio(published.part.traffic.fetched, published.items), ""),
        ];
        let by_kind = &published.part.traffic.activities;
        lines.extend(
            by_kind
                .iter()
                .map(|(kind, count)| line(&format!("{kind} per item"), ratio(*count, published.items), "")),
        );
        lines.extend([
            line("edited", json!(changed.edited), "items"),
            line("deleted", json!(changed.deleted), "items"),
            line("stale copies", json!(changed.stale), "that did not follow"),
            line(
                "activities per change",
                ratio(changed.part.traffic.sent(), changed.edited + changed.deleted),
                "",
            ),
            line("ties after leaving", json!(left.ties), ""),
            line("ties agreed after leaving", json!(left.agreed), ""),
            line("reach after leaving", ratio(gone.reached * 100, gone.expected), "%"),
            line("wall ties", json!(tied.part.wall.as_secs_f64()), "s"),
            line("wall items", json!(published.part.wall.as_secs_f64()), "s"),
            line("wall changes", json!(changed.part.wall.as_secs_f64()), "s"),
            line("wall leaving", json!(left.part.wall.as_secs_f64()), "s"),
        ]);
        lines
    }
}

fn ratio(of: usize, to: usize) -> Value {
    json!(of as f64 / to.max(1) as f64)
}

/// The longest, or with 2 the median.
fn seconds(waited: &[i64], part: usize) -> Value {
    let mut waited = waited.to_vec();
    waited.sort_unstable();
    let at = (waited.len() / part).min(waited.len().saturating_sub(1));
    json!(waited.get(at).copied().unwrap_or_default() as f64 / 1_000.0)
}
