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

    fn lines(&self) -> Vec<Line> {
        [self.of_ties(), self.of_items(), self.of_changes()].concat()
    }

    fn of_ties(&self) -> Vec<Line> {
        let Self { size, tied, .. } = self;
        vec![
            line("associations", json!(size.associations), ""),
            line("instances", json!(size.instances), ""),
            line("seed", json!(size.seed), ""),
            line("ties", json!(tied.ties), "proposed and accepted"),
            line("ties agreed", json!(tied.agreed), "both sides list them, and no other"),
            line("activities per tie", ratio(tied.part.traffic.sent(), tied.ties), ""),
        ]
    }

    fn of_items(&self) -> Vec<Line> {
        let Self { published, changed, left: (_, gone), .. } = self;
        let (traffic, items) = (&published.part.traffic, published.items);
        let (twice, unasked) =
            (published.twice + changed.twice + gone.twice, published.unasked + gone.unasked);
        let reach = ratio(published.reached * 100, published.expected);
        let mut lines = vec![
            line("items", json!(items), "calls, events and projects"),
            line("reach", reach, "% of readers who should see an item"),
            line("readers of an item", ratio(published.reached, items), ""),
            line("seen twice", json!(twice), "same item, same reader, same carrier"),
            line("seen unasked", json!(unasked), "item of no member of who is followed"),
            line("waited usually", seconds(&published.waited, 2), "s of simulated time, half of the readers"),
            line("waited longest", seconds(&published.waited, 1), "s of simulated time"),
            line("activities per item", ratio(traffic.sent(), items), "sent"),
            line("activities between instances", ratio(traffic.between, items), "for each item"),
            line("activities not taken at once", json!(traffic.not_taken), "tried again later"),
            line("fetches per item", ratio(traffic.fetched, items), ""),
        ];
        let kinds = traffic.activities.iter();
        lines.extend(kinds.map(|(kind, count)| line(&format!("{kind} per item"), ratio(*count, items), "")));
        lines
    }

    fn of_changes(&self) -> Vec<Line> {
        let Self { tied, published, changed, left: (left, gone), .. } = self;
        let sent = ratio(changed.part.traffic.sent(), changed.edited + changed.deleted);
        let wall = |part: &Part| json!(part.wall.as_secs_f64());
        vec![
            line("edited", json!(changed.edited), "items"),
            line("deleted", json!(changed.deleted), "items"),
            line("stale copies", json!(changed.stale), "that did not follow"),
            line("activities per change", sent, ""),
            line("ties after leaving", json!(left.ties), ""),
            line("ties agreed after leaving", json!(left.agreed), ""),
            line("reach after leaving", ratio(gone.reached * 100, gone.expected), "%"),
            line("wall ties", wall(&tied.part), "s"),
            line("wall items", wall(&published.part), "s"),
            line("wall changes", wall(&changed.part), "s"),
            line("wall leaving", wall(&left.part), "s"),
        ]
    }
}

/// A name, a number, and what it counts.
type Line = (String, Value, &'static str);

fn line(name: &str, value: Value, counts: &'static str) -> Line {
    (name.to_owned(), value, counts)
}

fn ratio(of: usize, to: usize) -> Value {
    let number = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    json!(number(of) / number(to.max(1)))
}

/// The longest, or with 2 the median.
fn seconds(waited: &[i64], part: usize) -> Value {
    let mut waited = waited.to_vec();
    waited.sort_unstable();
    let at = (waited.len() / part).min(waited.len().saturating_sub(1));
    let milliseconds = waited.get(at).and_then(|waited| i32::try_from(*waited).ok());
    json!(f64::from(milliseconds.unwrap_or_default()) / 1_000.0)
}
