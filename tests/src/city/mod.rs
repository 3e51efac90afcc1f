//! `cargo xtask city`: a whole city of associations in one process, and what passing on costs and brings there.
//!
//! A city is drawn from a seed: associations spread over instances, alliances that overlap, nest and go in a ring, and
//! readers on other servers who follow one of them. It is built of the same instances, network and clock as the stories;
//! time passes only when it is told to. Start at [`run`]; what is counted stands in [`report`].

mod counting;
mod plan;
mod readers;
mod report;
mod town;

use std::io::Write;

use anyhow::{Context as _, Result, ensure};

use plan::Plan;
use town::Town;

const USAGE: &str = "usage: city [--associations N] [--instances N] [--items N] [--seed N] [--json]";
/// How large a city may be.
const MOST: usize = 10_000;

/// How large a city is, and which of all cities of this size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Associations that publish.
    pub associations: usize,
    /// Instances they live on.
    pub instances: usize,
    /// What each publishes.
    pub items: usize,
    /// What the city is drawn from.
    pub seed: u64,
}

/// The city of the issue: large enough that what goes wrong with numbers goes wrong here.
const USUAL: Size = Size { associations: 300, instances: 60, items: 3, seed: 1 };

/// Builds the city that the words ask for, lets it live, and prints what was counted. Progress goes to `progress`.
pub async fn run(words: &[String], out: &mut dyn Write, progress: &mut dyn Write) -> Result<()> {
    let (size, json) = read(words)?;
    let plan = Plan::draw(size);
    // Boxed: a life in one future would be too large to lay out.
    let mut town = Box::pin(Town::build(plan, size, progress)).await?;
    let tied = Box::pin(town.tie(progress)).await?;
    Box::pin(town.read(progress)).await?;
    let published = Box::pin(town.publish(size.items, progress)).await?;
    let changed = Box::pin(town.change(progress)).await?;
    let left = Box::pin(town.leave(progress)).await?;
    let report = report::Report { size, tied, published, changed, left };
    report.print(json, out)?;
    report.hold()
}

fn read(words: &[String]) -> Result<(Size, bool)> {
    let (mut size, mut json, mut words) = (USUAL, false, words.iter());
    while let Some(word) = words.next() {
        if word == "--json" {
            json = true;
            continue;
        }
        let number: u64 = words.next().and_then(|number| number.parse().ok()).context(USAGE)?;
        let count = usize::try_from(number)?;
        match word.as_str() {
            "--associations" => size.associations = count,
            "--instances" => size.instances = count,
            "--items" => size.items = count,
            "--seed" => size.seed = number,
            _ => anyhow::bail!(USAGE),
        }
    }
    let fits = (4..=MOST).contains(&size.associations) && (1..=size.associations).contains(&size.instances);
    ensure!(
        fits,
        "a city has at least 4 associations, at most {MOST}, and no more instances than associations"
    );
    ensure!((1..=100).contains(&size.items), "each association publishes 1 to 100 items");
    Ok((size, json))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn the_words_say_how_large_and_the_rest_is_usual() {
        assert_eq!(read(&[]).unwrap(), (USUAL, false));
        let (size, json) = read(&words("--associations 12 --instances 4 --json --seed 7")).unwrap();
        assert_eq!((size, json), (Size { associations: 12, instances: 4, seed: 7, ..USUAL }, true));
        for wrong in
            ["--associations", "--associations many", "--cities 3", "--instances 0", "--items 0", "12"]
        {
            assert!(read(&words(wrong)).is_err(), "{wrong}");
        }
    }
}
