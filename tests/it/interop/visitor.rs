//! Somebody with a browser, who can only open pages and press their buttons; and a program that reads ids.

use std::{path::Path, time::Duration};

use reqwest::{Certificate, Client, Response, header};
use serde_json::Value;
use url::Url;

/// What a browser asks for.
const HTML: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// A visitor.
pub struct Visitor(Client);

impl Visitor {
    /// One who trusts the authority of this world.
    pub fn arrive(work: &Path) -> Self {
        let authority = Certificate::from_pem(&std::fs::read(work.join("ca.pem")).unwrap()).unwrap();
        // The front closes connections that nobody uses for a while; none is kept for a page that is opened much later.
        let client = Client::builder().no_proxy().pool_max_idle_per_host(0).tls_certs_merge([authority]);
        Self(client.redirect(reqwest::redirect::Policy::limited(3)).build().unwrap())
    }

    /// Opens a page.
    pub async fn opens(&self, page: &str) -> String {
        let answer = self.0.get(page).header(header::ACCEPT, HTML).send().await.unwrap();
        let status = answer.status();
        let kind = answer.headers()[header::CONTENT_TYPE].to_str().unwrap().to_owned();
        let text = answer.text().await.unwrap();
        assert!(status.is_success() && kind.starts_with("text/html"), "{page}: {status}, {kind}: {text}");
        text
    }

    /// Presses the one button of a page, and gives the page that it leads to.
    pub async fn presses_the_button(&self, page: &str) -> String {
        let text = self.opens(page).await;
        let form = between(&text, "<form", "</form>").unwrap_or_else(|| panic!("{page} has no form: {text}"));
        let opening = form.split_once('>').unwrap().0;
        assert!(opening.to_lowercase().contains("post"), "a form that is no POST: {opening}");
        let action = attribute(opening, "action").unwrap_or_default();
        let fields: Vec<(String, String)> = form
            .split('<')
            .filter(|tag| tag.starts_with("input") || tag.starts_with("button"))
            .filter_map(|tag| Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or_default())))
            .collect();
        let target = Url::parse(page).unwrap().join(&action).unwrap();
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        let answer = self
            .0
            .post(target.clone())
            .header(header::ACCEPT, HTML)
            .header(header::ORIGIN, target.origin().ascii_serialization())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body.extend_pairs(fields).finish());
        let answer = answer.send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{target}: {status}: {text}");
        text
    }

    /// Reads an object by its id, unsigned.
    pub async fn reads(&self, id: &str) -> Value {
        let answer = self.asks(id).await;
        let status = answer.status();
        let text = answer.text().await.unwrap();
        assert!(status.is_success(), "{id}: {status}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// Asks for an object by its id.
    pub async fn asks(&self, id: &str) -> Response {
        self.0.get(id).header(header::ACCEPT, "application/activity+json").send().await.unwrap()
    }

    /// Waits until a number in an object is this one: what was answered with 202 takes effect soon, not at once.
    pub async fn waits_for(&self, id: &str, pointer: &str, number: u64) {
        eventually(&format!("{number} at {pointer} of {id}"), async || {
            self.reads(id).await.pointer(pointer).and_then(Value::as_u64) == Some(number)
        })
        .await;
    }
}

/// Waits until something is so; it must be within half a minute.
pub async fn eventually(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    for _ in 0..300 {
        if is_so().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("still not so: {what}");
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    text.split_once(before)?.1.split_once(after).map(|(inner, _)| inner)
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    Some(between(tag, &format!(" {name}=\""), "\"")?.replace("&amp;", "&"))
}
