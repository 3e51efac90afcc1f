//! Finding actors elsewhere by what people type: a handle through WebFinger, or an address.
//!
//! WebFinger says only where to look. The actor is then asked for at its own id and stands under the host of that id, so
//! that no answer lends it another name. Start at [`by_name`].

use std::sync::Arc;

use async_trait::async_trait;
use folkmoot_app::{App, Error, Result, blocks, ports::Remote};
use folkmoot_domain::{Refusal, actors::Actor};
use folkmoot_wire::webfinger::{Account, Found};
use serde_json::Value;
use url::Url;

use crate::{
    door::Door,
    egress::{Accept, FetchError},
    fetch::{self, Allowance, LookupFault},
};

/// The way out to other servers, for pages and commands.
pub struct Lookups(pub Arc<Door>);

#[async_trait]
impl Remote for Lookups {
    async fn find(&self, app: &App, what: &str) -> Result<Actor> {
        by_name(app, &self.0, what, &Allowance::whole()).await.map_err(|fault| in_words(what, fault))
    }
}

/// Whoever goes by this handle or lives at this address; remembered.
pub async fn by_name(
    app: &App,
    door: &Door,
    what: &str,
    allowance: &Allowance,
) -> std::result::Result<Actor, LookupFault> {
    let url = Url::parse(what).ok().filter(|url| matches!(url.scheme(), "https" | "http"));
    let id = if let Some(url) = url {
        at_address(app, door, &url, allowance).await?
    } else {
        let bare = what.trim_start_matches('@');
        let account = Account::parse(bare).ok_or_else(unreadable)?;
        at_handle(app, door, &account.host, &format!("acct:{}@{}", account.user, account.host), allowance)
            .await?
    };
    fetch::actor(app, door, &id, allowance).await
}

fn unreadable() -> LookupFault {
    let problem = "is no handle and no address; write one such as @cooks@kirkgate.example";
    LookupFault::House(Refusal::field("handle", problem).into())
}

/// Where WebFinger says that the actor lives (RFC 7033 4.1).
async fn at_handle(
    app: &App,
    door: &Door,
    host: &str,
    resource: &str,
    allowance: &Allowance,
) -> std::result::Result<Url, LookupFault> {
    must_not_be_blocked(app, host.split(':').next().unwrap_or(host)).await?;
    let address = |scheme: &str| {
        let mut url =
            Url::parse(&format!("{scheme}://{host}/.well-known/webfinger")).map_err(|_| unreadable())?;
        url.query_pairs_mut().append_pair("resource", resource);
        Ok::<_, LookupFault>(url)
    };
    // Without TLS only where this server is told that it may, on a network of its own.
    let own = app.addresses.base().scheme();
    let plain = address(own)?;
    let url = if door.egress.may_fetch(&plain).is_ok() { plain } else { address("https")? };
    allowance.spend()?;
    let answer = door.egress.get_json(&url, Accept::WebFinger, None, app.now().0).await?;
    Ok(Found::read(&answer.body)?.actor)
}

/// The actor at an address, the author of what stands there, or whom its server names for it.
async fn at_address(
    app: &App,
    door: &Door,
    url: &Url,
    allowance: &Allowance,
) -> std::result::Result<Url, LookupFault> {
    let host = url.host_str().unwrap_or_default().to_owned();
    must_not_be_blocked(app, &host).await?;
    allowance.spend()?;
    let key = door.own_key(app).await?;
    match door.egress.get_json(url, Accept::Activity, Some(&key), app.now().0).await {
        Ok(found) => {
            let id = |key: &str| {
                let value = found.body.get(key)?;
                value.as_str().or_else(|| value.get("id")?.as_str()).and_then(|id| Url::parse(id).ok())
            };
            let is_actor = found.body.get("inbox").is_some_and(Value::is_string);
            let named = if is_actor { id("id") } else { id("attributedTo").or_else(|| id("actor")) };
            named.ok_or(LookupFault::NotAnActor(folkmoot_wire::Refused::Missing("inbox")))
        }
        Err(FetchError::MediaType | FetchError::Status(406) | FetchError::Gone(404)) => {
            let port = url.port().map_or_else(String::new, |port| format!(":{port}"));
            at_handle(app, door, &format!("{host}{port}"), url.as_str(), allowance).await
        }
        Err(fault) => Err(fault.into()),
    }
}

async fn must_not_be_blocked(app: &App, host: &str) -> std::result::Result<(), LookupFault> {
    if blocks::is_blocked(app, host).await? { Err(LookupFault::Blocked) } else { Ok(()) }
}

/// For whoever typed it: what went wrong and what to try.
fn in_words(what: &str, fault: LookupFault) -> Error {
    let problem = match fault {
        LookupFault::House(error) => return error,
        LookupFault::Blocked => "is on a server that is blocked here".to_owned(),
        LookupFault::Fetch(FetchError::Gone(_)) => format!(
            "\u{201c}{what}\u{201d} was not found; look at the spelling, or paste the address of their page"
        ),
        LookupFault::Fetch(fault) if fault.may_pass() => {
            format!("their server does not answer just now ({fault}); try again in a while")
        }
        LookupFault::Fetch(FetchError::NotAllowed(fault)) => format!("cannot be asked for: {fault}"),
        fault => format!("\u{201c}{what}\u{201d} leads to nobody one can follow ({fault})"),
    };
    Refusal::field("handle", problem).into()
}
