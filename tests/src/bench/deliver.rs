//! `deliver`: one post to ten thousand followers on a thousand hosts, each with an inbox of its own, beside the rate at
//! which this machine can sign.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use serde_json::Value;
use url::Url;

use super::{Figure, Report, Size, name, parts, seed, signing, site::Site};
use crate::database::Database;

/// Measures it on one database.
pub(super) async fn run(database: Database, size: Size, report: &mut Report<'_>) -> Result<()> {
    let neighbours = parts::start("neighbours", &[]).await?;
    let names: Vec<String> = (0..size.hosts).map(|host| format!("peer-{host}.localhost")).collect();
    let hosts: BTreeMap<String, u16> = names.iter().map(|name| (name.clone(), neighbours.port)).collect();
    let site = Site::found(database, &hosts).await?;
    seed::followers(&site, size.followers, &names, neighbours.port).await?;
    let post = site.place.write(
        "post.md",
        "+++\ntitle = \"A tree for every street\"\nstate = \"active\"\n+++\nCome and dig.\n",
    )?;

    let server = site.serve().await?;
    let signing_before = signing::rate(size.sample).await?;
    let before = server.processor_time()?;
    site.place.say_one(&["publish", "project", &post, "--association", "moor"]).await?;
    site.is_quiet().await?;
    let used = server.processor_time()?.saturating_sub(before);
    let signing_after = signing::rate(size.sample).await?;
    ensure!(server.stop().await?.success(), "the server did not end well");

    let heard = heard(neighbours.port).await?;
    let count = u64::try_from(size.followers)?;
    ensure!(
        heard == (Heard { posts: count, inboxes: count, unsigned: 0 }),
        "{count} inboxes should have got the post once each, signed: {heard:?}"
    );
    let value = count_of(size.followers) / used.as_secs_f64().max(0.01);
    let baseline = f64::midpoint(signing_before, signing_after);
    let unit = "deliveries, signatures / CPU s";
    report.add(&Figure {
        bench: "deliver".into(),
        database: name(database),
        value,
        unit,
        baseline,
        ratio: value / baseline,
    })
}

/// What reached the neighbours.
#[derive(Debug, PartialEq, Eq)]
struct Heard {
    posts: u64,
    inboxes: u64,
    unsigned: u64,
}

async fn heard(port: u16) -> Result<Heard> {
    let url: Url = format!("http://127.0.0.1:{port}/heard").parse()?;
    let said: Value = reqwest::get(url).await?.json().await?;
    let count = |name: &str| said[name].as_u64().unwrap_or_default();
    Ok(Heard { posts: count("posts"), inboxes: count("inboxes"), unsigned: count("unsigned") })
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn count_of(many: usize) -> f64 {
    many as f64
}
