//! Blocking a server: nothing is heard from it and nothing told to it.

use std::collections::HashSet;

use folkmoot_domain::{Refusal, roles::Act};
use folkmoot_storage::{
    Rows,
    blocks::{self, Block},
};

use crate::{App, By, Doing, Result, carries};

/// The longest list that is brought in at once.
const MANY: usize = 20_000;

/// Blocks a domain with its subdomains.
pub async fn block(app: &App, by: &By, domain: &str, reason: &str) -> Result<Block> {
    let doing = app.begin(by).await?;
    doing.authorise_board(Act::BlockServers).await?;
    let domain = normal(domain)?;
    if app.addresses.base().host_str() == Some(domain.as_str()) {
        return Err(Refusal::field("domain", "is this server itself").into());
    }
    let block = Block {
        domain,
        reason: folkmoot_domain::text::optional_line("reason", reason, 300)?,
        since: doing.now,
    };
    blocks::insert(&doing.tx, &block).await?;
    vanish(&doing, &HashSet::from([block.domain.clone()])).await?;
    doing.done("a server was blocked").await?;
    Ok(block)
}

/// What came of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Brought {
    /// How many servers are blocked that were not.
    pub new: usize,
    /// How many lines name no server, or this one.
    pub left_out: usize,
}

/// Blocks every domain of a list, all or none; those that are blocked already keep their reason.
pub async fn bring(app: &App, by: &By, wanted: &[(String, String)]) -> Result<Brought> {
    let doing = app.begin(by).await?;
    doing.authorise_board(Act::BlockServers).await?;
    if wanted.is_empty() {
        return Err(Refusal::field("list", "holds no domain; write one on each line").into());
    }
    if wanted.len() > MANY {
        return Err(
            Refusal::field("list", format!("holds more than {MANY} domains; bring in a part of it")).into()
        );
    }
    let own = app.addresses.base().host_str().map(str::to_owned);
    let known = blocks::list(&doing.tx.rows()).await?;
    let mut blocked: HashSet<String> = known.into_iter().map(|block| block.domain).collect();
    let mut new = HashSet::new();
    let mut brought = Brought { new: 0, left_out: 0 };
    for (domain, reason) in wanted {
        let Some(domain) = normal(domain).ok().filter(|domain| Some(domain) != own.as_ref()) else {
            brought.left_out += 1;
            continue;
        };
        if blocked.insert(domain.clone()) {
            new.insert(domain.clone());
            let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(300).collect();
            blocks::insert(&doing.tx, &Block { domain, reason, since: doing.now }).await?;
            brought.new += 1;
        }
    }
    vanish(&doing, &new).await?;
    doing.done("a list of servers was blocked").await?;
    Ok(brought)
}

/// What comes from these servers is carried and listened to no more, from this moment on.
async fn vanish(doing: &Doing<'_>, domains: &HashSet<String>) -> Result<()> {
    let blocked =
        |host: &str| normal(host).is_ok_and(|host| with_parents(&host).any(|name| domains.contains(name)));
    carries::leave_servers(doing, blocked).await
}

/// Every block, by domain.
pub async fn list(app: &App) -> Result<Vec<Block>> {
    Ok(blocks::list(&app.store.rows()).await?)
}

/// Lifts a block.
pub async fn unblock(app: &App, by: &By, domain: &str) -> Result<bool> {
    let doing = app.begin(by).await?;
    doing.authorise_board(Act::BlockServers).await?;
    let lifted = blocks::remove(&doing.tx, &normal(domain)?).await?;
    doing.done("a block was lifted").await?;
    Ok(lifted)
}

/// Is this host blocked, itself or by one of its parents?
pub async fn is_blocked(app: &App, host: &str) -> Result<bool> {
    among(&app.store.rows(), host).await
}

/// The same within something that is done.
pub(crate) async fn is_blocked_within(doing: &Doing<'_>, host: &str) -> Result<bool> {
    among(&doing.tx.rows(), host).await
}

async fn among(rows: &Rows<'_>, host: &str) -> Result<bool> {
    let Ok(host) = normal(host) else { return Ok(true) };
    let domains: Vec<_> = with_parents(&host).map(str::to_owned).collect();
    Ok(blocks::any(rows, &domains).await?)
}

/// Leaves out the inboxes of blocked servers.
pub async fn without_blocked(app: &App, inboxes: Vec<String>) -> Result<Vec<String>> {
    let blocked: HashSet<String> =
        blocks::list(&app.store.rows()).await?.into_iter().map(|block| block.domain).collect();
    let host = |inbox: &String| url::Url::parse(inbox).ok().and_then(|url| url.host_str().map(str::to_owned));
    let open = |inbox: &String| {
        host(inbox).is_some_and(|host| with_parents(&host).all(|name| !blocked.contains(name)))
    };
    Ok(inboxes.into_iter().filter(open).collect())
}

/// A host and each of its parents: `a.b.example`, `b.example`, `example`.
fn with_parents(host: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(host), |name| name.split_once('.').map(|(_, parent)| parent))
}

/// One spelling for one host: as a browser would read it, lower-case, punycode, no trailing dot, no port.
fn normal(domain: &str) -> Result<String> {
    let wrong = || {
        Refusal::field(
            "domain",
            format!("\u{201c}{domain}\u{201d} is no domain; write for example spam.example"),
        )
    };
    let url = url::Url::parse(&format!(
        "https://{}/",
        domain.trim().trim_start_matches("*.").trim_end_matches('.')
    ))
    .map_err(|_| wrong())?;
    let plain =
        url.path() == "/" && url.username().is_empty() && url.query().is_none() && url.fragment().is_none();
    let host = url.host_str().filter(|_| plain).ok_or_else(wrong)?;
    Ok(host.trim_end_matches('.').to_owned())
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn one_host_has_one_spelling() {
        for spelling in ["Spam.Example", "spam.example.", "*.spam.example", "spam.example:8443"] {
            assert_eq!(normal(spelling).unwrap(), "spam.example", "{spelling}");
        }
        assert_eq!(normal("späm.example").unwrap(), "xn--spm-rla.example");
        assert!(normal("spam.example/path").is_err());
        assert!(normal("").is_err());
    }
}
