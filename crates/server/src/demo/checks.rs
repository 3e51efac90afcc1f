//! `demo --once`: the main job, from end to end and over real sockets, as people and servers would see it.
//!
//! Start at [`run`].

use anyhow::Context as _;
use axum::http::{StatusCode, header};
use folkmoot_app::{By, calls, items, remote};
use folkmoot_domain::{actors::Actor, calls::CallSeen};
use folkmoot_federation::signatures::BodyDigest;
use folkmoot_storage::{activities, arrivals, associations, deliveries};
use serde_json::Value;
use url::Url;

use super::{
    allying,
    places::Places,
    samples,
    steps::{Steps, ensure, until},
};
use crate::instance::Instance;

/// Lists that every place has.
const LISTS: [&str; 5] = ["/", "/calls", "/projects", "/events", "/associations"];
/// How far back in a log it is looked.
const BACK: u64 = 200;

/// Tries everything out.
pub async fn run(places: &Places, steps: &mut Steps<'_, '_>) -> anyhow::Result<()> {
    let [hyde, holbeck, leeds] = places.all().map(|running| &running.instance);
    let followed = places.followed().await?;
    steps.step("the pages of hyde.localhost can be read", pages(hyde, 4)).await?;
    steps.step("the pages of holbeck.localhost can be read", pages(holbeck, 4)).await?;
    steps.step("the pages of leeds.localhost can be read", pages(leeds, 1)).await?;
    let address = followed.address();
    let found = async {
        let id = remote::find(&holbeck.app, &address).await?.uri;
        ensure(id == followed.uri, || format!("it leads to {id} and not to {}", followed.uri))
    };
    steps.step(&format!("{address} leads to its actor"), found).await?;
    let call = steps.step("a call is published at hyde.localhost", publish(hyde, &followed)).await?;
    let page = page(hyde, &call.seen.item.page);
    steps.step("its page can be read", page).await?;
    let arrived = told(places, &followed, &call, "Create");
    steps.step("it has been delivered to holbeck.localhost, signature and all", arrived).await?;
    let carried = carried(places, &call);
    steps
        .step("the alliance at leeds.localhost carries it, and its board shows whose it is", carried)
        .await?;
    let deleted = async { Ok(items::delete(&hyde.app, &By::operator(), call.call.id).await?) };
    steps.step("the call is deleted again", deleted).await?;
    let arrived = told(places, &followed, &call, "Delete");
    steps.step("its deletion has been delivered, too", arrived).await?;
    let taken_down = until(async || Ok(!allying::carries(places, call.seen.item.uri.as_str()).await?));
    steps.step("the alliance carries it no more", taken_down).await?;
    let settled = until(async || {
        Ok(is_settled(hyde).await? && is_settled(holbeck).await? && is_settled(leeds).await?)
    });
    steps.step("nothing waits any more on any side", settled).await
}

/// The alliance has it, and its list of calls shows it under the name of whoever published it.
async fn carried(places: &Places, call: &CallSeen) -> anyhow::Result<()> {
    let uri = call.seen.item.uri.as_str();
    until(async || allying::carries(places, uri).await).await?;
    let leeds = &places.leeds.instance;
    let list = leeds.app.addresses.at("/calls");
    let shown = read(leeds, &list).await?;
    for word in [&call.seen.item.title, &call.seen.home.name] {
        ensure(shown.contains(word), || format!("{list} does not show {word}"))?;
    }
    Ok(())
}

/// Every list, every association and everything published: read as a browser would.
async fn pages(at: &Instance, least: usize) -> anyhow::Result<()> {
    let (rows, base) = (at.app.store.rows(), at.app.addresses.base());
    let mut pages: Vec<Url> = LISTS.iter().map(|path| at.app.addresses.at(path)).collect();
    pages.extend(associations::list(&rows).await?.into_iter().map(|seen| seen.actor.page));
    let filter = folkmoot_storage::items::Filter { limit: BACK, ..Default::default() };
    let listed = folkmoot_storage::items::list(&rows, filter).await?;
    pages.extend(listed.into_iter().map(|seen| seen.item.page));
    // What the alliance carries has its pages at home.
    pages.retain(|page| at.app.addresses.is_ours(page));
    ensure(pages.len() >= LISTS.len() + least, || format!("there is little to see at {base}"))?;
    for url in pages {
        page(at, &url).await?;
    }
    Ok(())
}

async fn page(at: &Instance, url: &Url) -> anyhow::Result<()> {
    read(at, url).await.map(drop)
}

async fn read(at: &Instance, url: &Url) -> anyhow::Result<String> {
    let answer =
        browser(at)?.get(url.clone()).send().await.with_context(|| format!("{url} does not answer"))?;
    ensure(answer.status() == StatusCode::OK, || format!("{url} answers {}", answer.status()))?;
    let kind =
        answer.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    ensure(kind.starts_with("text/html"), || format!("{url} answers with {kind}"))?;
    let text = answer.text().await?;
    ensure(text.contains("</html>"), || format!("{url} breaks off"))?;
    Ok(text)
}

/// A client that finds `.localhost` where browsers find it.
fn browser(at: &Instance) -> anyhow::Result<reqwest::Client> {
    let base = at.app.addresses.base();
    let (host, port) = (base.host_str().unwrap_or_default(), base.port().unwrap_or(80));
    let client = reqwest::Client::builder().no_proxy().resolve(host, ([127, 0, 0, 1], port).into());
    Ok(client.build()?)
}

async fn publish(at: &Instance, home: &Actor) -> anyhow::Result<CallSeen> {
    let (words, draft) = samples::trial_call(at.app.now());
    Ok(calls::publish(&at.app, &By::operator(), home.id, words, draft).await?)
}

/// Waits until the activity of this type about the call stands, byte for byte, in the other place's log.
async fn told(places: &Places, home: &Actor, call: &CallSeen, verb: &str) -> anyhow::Result<()> {
    let (said, heard) = (&places.hyde.instance.app.store, &places.holbeck.instance.app.store);
    until(async || {
        let log = activities::outbox(&said.rows(), home.id, None, BACK).await?;
        let object = call.seen.item.uri.as_str();
        let Some(activity) = log.into_iter().find(|one| one.verb == verb && one.object == object) else {
            return Ok(false);
        };
        let id: Value = serde_json::from_str(&activity.body)?;
        let id = id.get("id").and_then(Value::as_str).context("an activity without an id was said")?;
        let digest = BodyDigest::of(activity.body.as_bytes()).header();
        Ok(arrivals::is_known(&heard.rows(), id, &digest).await?)
    })
    .await
}

/// Has an activity of this type arrived?
pub async fn has_arrived(at: &Instance, verb: &str) -> anyhow::Result<bool> {
    let log = arrivals::outcomes(&at.app.store.rows(), BACK).await?;
    Ok(log.iter().any(|(known, ..)| known == verb))
}

async fn is_settled(at: &Instance) -> anyhow::Result<bool> {
    let (rows, now) = (at.app.store.rows(), at.app.now());
    let waiting = deliveries::counts(&rows, now).await?.waiting + arrivals::waiting_count(&rows).await?;
    let (_, due) = folkmoot_storage::changes::waiting(&rows, now).await?;
    Ok(waiting + due == 0)
}
