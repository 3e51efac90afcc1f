//! One association follows another, through the doors that a stranger would take.
//!
//! Following from our side is not built yet, so the demo itself says the `Follow`: the follower's own key signs it,
//! its own instance's client looks up, fetches and posts. The other side knows nothing of that and does what it
//! always does: fetches the follower, takes the follow in, and delivers its `Accept`.

use anyhow::Context as _;
use axum::http::{HeaderValue, header};
use folkmoot_app::keys;
use folkmoot_domain::{ChangeId, actors::Actor};
use folkmoot_federation::{egress::Accept, signatures::SigningKey};
use folkmoot_storage::{actors, followers};
use serde_json::{Value, json};
use url::Url;

use super::{
    checks,
    places::Places,
    steps::{Steps, ensure, until},
};
use crate::instance::Instance;

/// The type of what is posted (ActivityPub 7).
const ACTIVITY: HeaderValue = HeaderValue::from_static("application/activity+json");

/// Follows, unless it was done before.
pub async fn ensure_followed(places: &Places, steps: &mut Steps<'_, '_>) -> anyhow::Result<()> {
    let (follower, followed) = (places.follower().await?, places.followed().await?);
    if is_followed(&places.hyde.instance, &followed, &follower.uri).await? {
        return Ok(());
    }
    let here = &places.holbeck.instance;
    let address = followed.address();
    let found = steps.step(&format!("{address} is found by its address"), look_up(here, &address)).await?;
    let inbox = steps.step("its actor is fetched, with a signed request", inbox(here, &found)).await?;
    steps
        .step(
            &format!("{} asks to follow it, signed", follower.address()),
            follow(here, &follower, &found, &inbox),
        )
        .await?;
    let accepted = until(async || {
        let counted = is_followed(&places.hyde.instance, &followed, &follower.uri).await?;
        Ok(counted && checks::has_arrived(&places.holbeck.instance, "Accept").await?)
    });
    steps.step("the follow is accepted, and the answer has arrived", accepted).await
}

async fn is_followed(instance: &Instance, followed: &Actor, follower: &Url) -> anyhow::Result<bool> {
    let rows = instance.app.store.rows();
    match actors::by_uri(&rows, follower.as_str()).await? {
        Some(known) => Ok(followers::find(&rows, followed.id, known.id).await?.is_some()),
        None => Ok(false),
    }
}

/// The id behind `@handle@host`, by WebFinger (RFC 7033).
pub async fn look_up(from: &Instance, address: &str) -> anyhow::Result<Url> {
    let account = address.trim_start_matches('@');
    let host = account.split_once('@').map(|(_, host)| host).context("an address has an @")?;
    let mut url = Url::parse(&format!("http://{host}/.well-known/webfinger"))?;
    url.query_pairs_mut().append_pair("resource", &format!("acct:{account}"));
    let found = from.door.egress.get_json(&url, Accept::WebFinger, None, from.app.now().0).await?;
    let links = found.body.get("links").and_then(Value::as_array).context("the answer has no links")?;
    let own = links.iter().find(|link| link.get("rel").and_then(Value::as_str) == Some("self"));
    let href = own
        .and_then(|link| link.get("href"))
        .and_then(Value::as_str)
        .context("no link leads to the actor")?;
    Ok(href.parse()?)
}

/// The inbox of an actor, out of its document.
async fn inbox(from: &Instance, actor: &Url) -> anyhow::Result<Url> {
    let own = folkmoot_app::instance::actor(&from.app).await?;
    let key = signing_key(from, &own).await?;
    let document = from.door.egress.fetch_document(actor, Some(&key), from.app.now().0).await?;
    let kind = document.body.get("type").and_then(Value::as_str);
    ensure(kind == Some("Group"), || format!("the actor is a {}", kind.unwrap_or("nothing")))?;
    let inbox = document.body.get("inbox").and_then(Value::as_str).context("the actor has no inbox")?;
    Ok(inbox.parse()?)
}

async fn follow(from: &Instance, follower: &Actor, followed: &Url, inbox: &Url) -> anyhow::Result<()> {
    let id: ChangeId = from.app.id();
    let activity = json!({
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": format!("{}#follows/{id}", follower.uri),
        "type": "Follow",
        "actor": follower.uri,
        "object": followed,
        "to": [followed],
    });
    let body = activity.to_string().into_bytes();
    let mut headers = signing_key(from, follower).await?.sign_post(inbox, &body, from.app.now().0)?;
    headers.insert(header::CONTENT_TYPE, ACTIVITY);
    let answer = from.door.egress.post(inbox, body.into(), headers).await?;
    ensure(answer.status == 202, || format!("the inbox answered {}: {}", answer.status, answer.excerpt))
}

async fn signing_key(instance: &Instance, actor: &Actor) -> anyhow::Result<SigningKey> {
    let (id, key) = keys::signing_key(&instance.app, actor.id).await?;
    Ok(SigningKey::from_pkcs8_der(&id, &key)?)
}
