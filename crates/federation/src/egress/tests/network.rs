//! A network in the process: canned answers by address, and a record of what was asked.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::http::{self, Extensions, HeaderMap};
use reqwest::{Request, Response};
use reqwest_middleware::{ClientBuilder, Error, Middleware, Next, Result};
use serde_json::Value;

use super::url;
use crate::{
    egress::{Egress, user_agent},
    guard::OwnHosts,
};

#[derive(Clone)]
pub struct Canned {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    pub delay: Duration,
}

impl Canned {
    pub fn new(status: u16, media_type: &str, body: &str) -> Self {
        let headers = [(http::header::CONTENT_TYPE, media_type.parse().unwrap())].into_iter().collect();
        Self { status, headers, body: body.into(), delay: Duration::ZERO }
    }

    pub fn activity(body: &Value) -> Self {
        Self::new(200, "application/activity+json", &body.to_string())
    }

    pub fn redirect(status: u16, location: &str) -> Self {
        let mut canned = Self::new(status, "text/html", "moved");
        canned.headers.insert("location", location.parse().unwrap());
        canned
    }
}

pub struct Seen {
    pub method: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

#[derive(Clone, Default)]
pub struct Network {
    answers: BTreeMap<String, Canned>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Network {
    pub fn of<'a>(answers: impl IntoIterator<Item = (&'a str, Canned)>) -> Self {
        let answers = answers.into_iter().map(|(url, canned)| (url.to_owned(), canned)).collect();
        Self { answers, ..Self::default() }
    }

    /// A client of `hyde.example` whose network is this one.
    pub fn egress(&self) -> Egress {
        let _already_set = rustls::crypto::ring::default_provider().install_default();
        let base_url = url("https://hyde.example");
        let client = ClientBuilder::new(reqwest::Client::new()).with(self.clone()).build();
        Egress::new(client, Arc::default(), user_agent("0.1.0", &base_url).unwrap())
            .never_asking(OwnHosts::of(&base_url))
    }

    /// What was asked since the last look.
    pub fn seen(&self) -> std::sync::MutexGuard<'_, Vec<Seen>> {
        self.seen.lock().unwrap()
    }
}

#[async_trait::async_trait]
impl Middleware for Network {
    async fn handle(&self, request: Request, _: &mut Extensions, _: Next<'_>) -> Result<Response> {
        let body = request.body().and_then(|body| body.as_bytes()).unwrap_or_default().to_vec();
        let method = request.method().to_string();
        self.seen().push(Seen { method, headers: request.headers().clone(), body });
        let canned = self.answers.get(request.url().as_str());
        let canned = canned.ok_or_else(|| Error::middleware(std::io::Error::other("no such host")))?;
        tokio::time::sleep(canned.delay).await;
        let mut response = http::Response::new(canned.body.clone());
        *response.status_mut() = canned.status.try_into().unwrap();
        *response.headers_mut() = canned.headers.clone();
        Ok(response.into())
    }
}
