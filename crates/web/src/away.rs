//! From here to the reader's own server: they say where they are at home, and get the links that do there what they
//! want to do about something of ours.
//!
//! Nobody is sent on unseen: the page names the server, and one presses a link. (A form that ended in a redirect
//! elsewhere would also be stopped by our own `form-action`.) Nothing is asked of the other server, since this door has
//! no way out: `authorize_interaction` and `share` are where Mastodon, Pleroma, Friendica and others take such links.

use askama::Template;
use axum::{
    Router,
    extract::{Query, State, rejection::QueryRejection},
    http::StatusCode,
    response::{IntoResponse, Redirect},
    routing::get,
};
use folkmoot_domain::{ItemId, items::ItemSeen};
use folkmoot_storage::{actors, blocks, items};
use serde::Deserialize;
use url::{Host, Url};

use crate::{
    Web,
    forms::Wrong,
    frame::{Answer, Frame, draw},
    problems::Problem,
    rows::By,
    words,
};

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/away", get(page))
}

#[derive(Deserialize)]
struct Wanted {
    /// The id of an item here.
    #[serde(default)]
    item: String,
    /// Or the handle of an association here.
    #[serde(default)]
    by: String,
    /// A handle or a server, as people type it.
    #[serde(default)]
    server: String,
}

/// What it is about.
struct About {
    /// The item: its id, title, page and word.
    item: Option<(ItemId, String, Url, &'static str)>,
    /// What to search for on another server.
    uri: Url,
    by: By,
    /// The id of whoever pinned it; none for the board itself.
    actor: Option<Url>,
}

impl About {
    fn of(seen: &ItemSeen) -> Self {
        let item = &seen.item;
        let title =
            if item.title.is_empty() { words::excerpt(&item.text.html, 60) } else { item.title.clone() };
        let by = By::new(&seen.home);
        Self {
            item: Some((item.id, title, item.page.clone(), item.kind.word())),
            uri: item.uri.clone(),
            actor: (!by.nobody).then(|| seen.home.uri.clone()),
            by,
        }
    }

    async fn read(web: &Web, wanted: &Wanted) -> Result<Self, Problem> {
        let rows = web.rows();
        if let Ok(id) = wanted.item.parse::<ItemId>() {
            return Ok(Self::of(&items::seen(&rows, id).await?.ok_or(Problem::Missing)?));
        }
        let plain = !wanted.by.chars().any(char::is_control);
        let actor = if plain { actors::by_handle(&rows, &wanted.by).await? } else { None };
        let actor = actor.filter(|actor| !actor.is_visitor()).ok_or(Problem::Missing)?;
        Ok(Self { item: None, uri: actor.uri.clone(), by: By::new(&actor), actor: Some(actor.uri) })
    }

    /// Where it is here.
    fn path(&self) -> String {
        match &self.item {
            Some((_, _, page, _)) => page.to_string(),
            None => self.by.href.clone().unwrap_or_else(|| "/".to_owned()),
        }
    }
}

#[derive(Template)]
#[template(path = "away/page.html")]
struct AwayPage {
    frame: Frame,
    about: About,
    path: String,
    /// As it was typed.
    typed: String,
    handle: String,
    wrong: Option<Wrong>,
    /// The server, and what can be done there: the words and where they lead.
    there: Option<(String, Vec<(String, String)>)>,
}

async fn page(State(web): State<Web>, wanted: Result<Query<Wanted>, QueryRejection>) -> Answer {
    let Ok(Query(wanted)) = wanted else { return Err(Problem::Missing) };
    let about = About::read(&web, &wanted).await?;
    let typed = wanted.server.trim();
    let (mut wrong, mut there) = (None, None);
    match server(typed) {
        _ if typed.is_empty() => {}
        Some(host) if host == web.app.addresses.host() => {
            return Ok(Redirect::to(&about.path()).into_response());
        }
        Some(host) if is_blocked(&web, &host).await? => {
            wrong = Some(Wrong { field: "server", why: format!("This board does not talk to {host}.") });
        }
        Some(host) => there = Some((host.clone(), links(&host, &about)?)),
        None => {
            let why = "Write your handle or your server, such as @jo@social.example or social.example.";
            wrong = Some(Wrong { field: "server", why: why.to_owned() });
        }
    }
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let frame = Frame::new(&web, "Go on from your own server").secret();
    let handle = about.by.address.clone();
    let typed = typed.chars().filter(|c| !c.is_control()).take(300).collect();
    let page = draw(&AwayPage { frame, path: about.path(), about, typed, handle, wrong, there })?;
    Ok((status, page).into_response())
}

async fn is_blocked(web: &Web, host: &str) -> Result<bool, Problem> {
    // A block of a domain holds for what is below it.
    let mut domains = vec![host.to_owned()];
    domains.extend(host.match_indices('.').filter_map(|(dot, _)| host.get(dot + 1..)).map(str::to_owned));
    Ok(blocks::any(&web.rows(), &domains).await?)
}

/// What can be done about it on that server.
fn links(host: &str, about: &About) -> Result<Vec<(String, String)>, Problem> {
    let link = |path: &str, key: &str, value: &str| {
        let mut url = Url::parse(&format!("https://{host}/")).map_err(|error| Problem::broken(&error))?;
        url.set_path(path);
        url.query_pairs_mut().append_pair(key, value);
        Ok::<_, Problem>(url.to_string())
    };
    let mut links = Vec::new();
    if let Some((_, title, page, word)) = &about.item {
        let find = link("/authorize_interaction", "uri", about.uri.as_str())?;
        links.push((format!("Find this {word} there, to reply or to pass it on"), find));
        links.push(("Write about it there".to_owned(), link("/share", "text", &format!("{title}\n{page}"))?));
    }
    if let Some(actor) = &about.actor {
        let follow = link("/authorize_interaction", "uri", actor.as_str())?;
        links.insert(0, (format!("Follow {} there", about.by.name), follow));
    }
    Ok(links)
}

/// The name of a server in what people type: `@jo@social.example`, `social.example`, `https://social.example/@jo`. Only
/// a public name in letters will do: no address in numbers, no port, nothing of a network at home.
fn server(typed: &str) -> Option<String> {
    if typed.len() > 300 || typed.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
        return None;
    }
    let host = match typed.split_once("://") {
        Some((scheme, rest)) if ["http", "https"].contains(&scheme) => rest.split('/').next()?,
        Some(_) => return None,
        None => typed.trim_start_matches('@').rsplit('@').next()?.split('/').next()?,
    };
    if host.is_empty() || host.contains(['\\', ':', '@', '?', '#', '%', '[']) {
        return None;
    }
    let url = Url::parse(&format!("https://{host}/")).ok()?;
    let Some(Host::Domain(name)) = url.host() else { return None };
    let name = name.trim_end_matches('.');
    let last = name.rsplit('.').next()?;
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'-')
    };
    let home = ["localhost", "local", "internal", "lan", "home", "arpa", "onion", "invalid", "test"];
    let fits = name.contains('.')
        && name.len() <= 253
        && name.split('.').all(label)
        && last.bytes().any(|letter| letter.is_ascii_alphabetic())
        && !home.contains(&last);
    (fits && url.port().is_none() && url.path() == "/").then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_found_in_what_people_type() {
        for typed in [
            "social.example",
            "@jo@social.example",
            "jo@social.example",
            "https://social.example/@jo",
            "SOCIAL.example",
            "social.example/",
        ] {
            assert_eq!(server(typed).as_deref(), Some("social.example"), "{typed}");
        }
        assert_eq!(server("@jo@b\u{fc}cher.example").as_deref(), Some("xn--bcher-kva.example"));
    }

    #[test]
    fn only_public_names_are_servers() {
        for typed in [
            "",
            "jo",
            "localhost",
            "box.local",
            "127.0.0.1",
            "0x7f.1",
            "2130706433",
            "[::1]",
            "https://[::1]/",
            "social.example:8443",
            "https://social.example:8443/",
            "javascript:alert(1)",
            "javascript://social.example/%0aalert(1)",
            "//evil.example",
            "https://good.example@evil.example/",
            "evil.example\\@good.example",
            "a..example",
            "social.example?x=y",
            "social.example#x",
            "so cial.example",
            "social.example\r\nlocation: x",
            "%6c.example",
            "a_b.example",
        ] {
            let found = server(typed);
            assert_eq!(found, None, "{typed}");
        }
    }
}
