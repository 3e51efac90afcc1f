//! Somebody at the web's door: what browsers send, with a cookie or without, from our own pages or from elsewhere.

use std::sync::Mutex;

use folkmoot_app::{By, people};
use folkmoot_tests::{
    instance::Instance,
    network::Network,
    peers::{Answered, Request},
    tables::Tables,
    world::World,
};

/// What browsers say of a button on one of our own pages.
pub const OURS: [(&str, &str); 2] = [("sec-fetch-site", "same-origin"), ("origin", "https://hyde.test")];

/// What they say of one on somebody else's.
pub const FORGED: [&[(&str, &str)]; 6] = [
    &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.test")],
    &[("sec-fetch-site", "same-site"), ("origin", "https://media.hyde.test")],
    &[("sec-fetch-site", "cross-site"), ("origin", "https://hyde.test")],
    &[("origin", "null")],
    &[("referer", "https://evil.test/?https://hyde.test/")],
    &[],
];

/// A visitor of `hyde.test`.
pub struct Visitor<'a> {
    instance: &'a Instance,
    network: &'a Network,
    cookie: Mutex<Option<String>>,
}

impl<'a> Visitor<'a> {
    /// Anybody.
    pub fn anybody(world: &'a World) -> Self {
        Self { instance: world.home(), network: &world.network, cookie: Mutex::default() }
    }

    /// Somebody who signs in through a link, as in a browser.
    pub async fn signed_in(world: &'a World, email: &str) -> Self {
        let visitor = Self::anybody(world);
        let link = people::sign_in_link(&visitor.instance.app, &By::operator(), email).await.unwrap();
        let answer = visitor.presses(link.path(), "").await;
        let cookies: Vec<_> =
            answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
        assert_eq!(cookies.len(), 1, "{}: {}", answer.status, answer.text());
        assert!(cookies[0].starts_with("__Host-"), "{cookies:?}");
        visitor
    }

    /// Opens a page.
    pub async fn opens(&self, path: &str) -> Answered {
        self.asks("GET", path, &[]).await
    }

    /// Asks with any method and more headers.
    pub async fn asks(&self, method: &str, path: &str, said: &[(&str, &str)]) -> Answered {
        let mut request = self.request(method, path);
        for (name, value) in said {
            request.set(name, value);
        }
        self.keeps(request.send(self.network).await)
    }

    /// Presses a button on one of our own pages.
    pub async fn presses(&self, path: &str, form: &str) -> Answered {
        self.sends(path, form, &OURS).await
    }

    /// Sends a form, saying this of where it stands.
    pub async fn sends(&self, path: &str, form: &str, said: &[(&str, &str)]) -> Answered {
        let mut request = self.request("POST", path);
        request.body = form.as_bytes().to_vec();
        request.set("content-type", "application/x-www-form-urlencoded");
        for (name, value) in said {
            request.set(name, value);
        }
        self.keeps(request.send(self.network).await)
    }

    /// Sends these bytes, saying this of what they are and where the form stands.
    pub async fn sends_bytes(
        &self,
        path: &str,
        kind: &str,
        body: Vec<u8>,
        said: &[(&str, &str)],
    ) -> Answered {
        let mut request = self.request("POST", path);
        request.body = body;
        request.set("content-type", kind);
        for (name, value) in said {
            request.set(name, value);
        }
        self.keeps(request.send(self.network).await)
    }

    /// Sends a file in a form on one of our own pages.
    pub async fn uploads(&self, path: &str, field: &str, bytes: &[u8]) -> Answered {
        let mut request = self.request("POST", path);
        let head = format!(
            "--border\r\nContent-Disposition: form-data; name=\"alt\"\r\n\r\nA pond\r\n\
             --border\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"file\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        request.body = [head.as_bytes(), bytes, b"\r\n--border--\r\n"].concat();
        request.set("content-type", "multipart/form-data; boundary=border");
        for (name, value) in OURS {
            request.set(name, value);
        }
        self.keeps(request.send(self.network).await)
    }

    /// Keeps the cookie that comes with an answer, as browsers do.
    fn keeps(&self, answer: Answered) -> Answered {
        if let Some(cookie) = answer.headers.get("set-cookie") {
            let pair = cookie.to_str().unwrap().split(';').next().map(str::to_owned);
            *self.cookie.lock().unwrap() = pair;
        }
        answer
    }

    fn request(&self, method: &str, path: &str) -> Request {
        let mut request =
            Request::get(&self.instance.at("/"), "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");
        method.clone_into(&mut request.method);
        path.clone_into(&mut request.target);
        if let Some(cookie) = self.cookie.lock().unwrap().as_ref() {
            request.set("cookie", cookie);
        }
        request
    }
}

/// What changed, save when each session was last seen.
pub fn changes(before: &Tables, after: &Tables) -> Vec<String> {
    assert_eq!(before.rows("sessions").len(), after.rows("sessions").len(), "sessions came or went");
    let mut changes = before.changes(after);
    changes.retain(|change| !change.contains(" sessions: "));
    changes
}
