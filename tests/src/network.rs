//! A whole internet in one process: names lead to routers, and nothing opens a socket.
//!
//! The seam is the client's middleware ([`Network::client`]), so everything above it is the code that ships. What
//! passed is written down, so that tests can say what was asked for and what was not. Start at [`Network::serve`].

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard},
};

use anyhow::anyhow;
use axum::{
    Router,
    body::{Body, Bytes},
    http::{self, HeaderValue, Method, StatusCode, header},
};
use http_body_util::BodyExt;
use reqwest::ResponseBuilderExt;
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware, Middleware, Next};
use tower::ServiceExt;
use url::Url;

/// The names and what passed between them. Cheap to clone; every clone is the same network.
#[derive(Clone, Default)]
pub struct Network(Arc<Mutex<Wires>>);

#[derive(Default)]
struct Wires {
    routers: BTreeMap<String, Router>,
    cut: BTreeSet<String>,
    passed: Vec<Passed>,
    /// Letters that lie at the post office, when it keeps them.
    held: Option<Vec<Held>>,
}

/// A letter at the post office.
#[derive(Clone)]
struct Held {
    host: String,
    method: Method,
    uri: http::Uri,
    headers: http::HeaderMap,
    body: Bytes,
}

/// One request that somebody made.
#[derive(Clone, Debug)]
pub struct Passed {
    /// Whose client made it.
    pub from: String,
    /// How.
    pub method: Method,
    /// Where to.
    pub url: Url,
    /// What was sent, byte for byte.
    pub body: Bytes,
    /// What was answered; none when the host could not be reached.
    pub status: Option<StatusCode>,
}

impl Network {
    /// From now on this name leads to this router.
    pub fn serve(&self, host: &str, router: Router) {
        self.wires().routers.insert(host.to_owned(), router);
    }

    /// This host can no longer be reached.
    pub fn cut(&self, host: &str) {
        self.wires().cut.insert(host.to_owned());
    }

    /// It can be reached again.
    pub fn mend(&self, host: &str) {
        self.wires().cut.remove(host);
    }

    /// Takes every host off the network: whoever is served here holds the network in turn, and would live for ever.
    pub fn end(&self) {
        self.wires().routers.clear();
    }

    /// What this client asked for since the beginning.
    pub fn asked_by(&self, host: &str) -> Vec<Passed> {
        self.wires().passed.iter().filter(|passed| passed.from == host).cloned().collect()
    }

    /// Everything that passed since the beginning or since this was asked last. It is not remembered any more.
    pub fn take_passed(&self) -> Vec<Passed> {
        std::mem::take(&mut self.wires().passed)
    }

    /// From now on nothing that is posted arrives by itself: its sender hears that it was taken, and it lies here.
    pub fn hold(&self) {
        self.wires().held = Some(Vec::new());
    }

    /// How many letters lie here. One that was handed over lies here still, and can be handed over again.
    pub fn held(&self) -> usize {
        self.wires().held.as_ref().map_or(0, Vec::len)
    }

    /// Hands over the letter with this number.
    pub async fn hand_over(&self, number: usize) {
        let letter = self.wires().held.as_ref().and_then(|held| held.get(number)).cloned();
        let letter = letter.expect("a letter with this number lies here");
        let mut request = http::Request::new(Body::from(letter.body));
        *request.method_mut() = letter.method;
        *request.uri_mut() = letter.uri;
        *request.headers_mut() = letter.headers;
        self.ask(&letter.host, request).await;
    }

    /// Keeps a letter, when letters are kept. True when it was.
    fn keeps(&self, host: &str, request: &http::Request<Body>, body: &Bytes) -> bool {
        let mut wires = self.wires();
        let Some(held) = wires.held.as_mut().filter(|_| request.method() == Method::POST) else {
            return false;
        };
        held.push(Held {
            host: host.to_owned(),
            method: request.method().clone(),
            uri: request.uri().clone(),
            headers: request.headers().clone(),
            body: body.clone(),
        });
        true
    }

    /// A client whose every request stays in this network.
    pub fn client(&self, from: &str) -> ClientWithMiddleware {
        // The client wants a provider although it never opens a connection.
        let _already_set = rustls::crypto::ring::default_provider().install_default();
        let wire = Wire { network: self.clone(), from: from.to_owned() };
        ClientBuilder::new(reqwest::Client::new()).with(wire).build()
    }

    /// Hands a request to the host, as a web server would that has just read it.
    pub async fn ask(&self, host: &str, request: http::Request<Body>) -> Option<http::Response<Body>> {
        let router = {
            let wires = self.wires();
            wires.routers.get(host).filter(|_| !wires.cut.contains(host)).cloned()?
        };
        // A task of its own, as on a machine of its own: else the stack of who asks would hold both.
        let answer = tokio::spawn(router.oneshot(request)).await;
        let answer = answer.unwrap_or_else(|failed| std::panic::resume_unwind(failed.into_panic()));
        Some(answer.unwrap_or_else(|never| match never {}))
    }

    fn wires(&self) -> MutexGuard<'_, Wires> {
        self.0.lock().expect("nobody panics while holding the wires")
    }
}

/// Stands where the sockets would be.
struct Wire {
    network: Network,
    from: String,
}

#[async_trait::async_trait]
impl Middleware for Wire {
    async fn handle(
        &self,
        request: reqwest::Request,
        _: &mut http::Extensions,
        _: Next<'_>,
    ) -> reqwest_middleware::Result<reqwest::Response> {
        let (method, url) = (request.method().clone(), request.url().clone());
        let host = authority(&url);
        let (request, body) = arriving(request, &host).await?;
        let answer = if self.network.keeps(&host, &request, &body) {
            let mut taken = http::Response::new(Body::empty());
            *taken.status_mut() = StatusCode::ACCEPTED;
            Some(taken)
        } else {
            self.network.ask(&host, request).await
        };
        let status = answer.as_ref().map(http::Response::status);
        self.network.wires().passed.push(Passed {
            from: self.from.clone(),
            method,
            url: url.clone(),
            body,
            status,
        });
        match answer {
            Some(answer) => returning(answer, url).await,
            None => Err(reqwest_middleware::Error::Middleware(anyhow!("{host} cannot be reached"))),
        }
    }
}

/// The request as it comes out at the other end: the address in two parts, and the body whole.
async fn arriving(request: reqwest::Request, host: &str) -> anyhow::Result<(http::Request<Body>, Bytes)> {
    let request: http::Request<reqwest::Body> = request.try_into()?;
    let (mut parts, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    parts.uri = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str).parse()?;
    if !parts.headers.contains_key(header::HOST) {
        parts.headers.insert(header::HOST, HeaderValue::from_str(host)?);
    }
    Ok((http::Request::from_parts(parts, Body::from(body.clone())), body))
}

async fn returning(answer: http::Response<Body>, url: Url) -> reqwest_middleware::Result<reqwest::Response> {
    let (parts, body) = answer.into_parts();
    let body = body.collect().await.map_err(|error| anyhow!(error))?.to_bytes();
    // Without its address the answer would seem to come from nowhere.
    let mut back =
        http::Response::builder().status(parts.status).url(url).body(body).map_err(|error| anyhow!(error))?;
    *back.headers_mut() = parts.headers;
    Ok(reqwest::Response::from(back))
}

/// The host with its port, if that is not the scheme's own.
fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
