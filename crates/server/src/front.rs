//! What stands before every request: is it for us, has its sender sent enough, is it small enough, does it end in time,
//! and does a panic stay a single failure.
//!
//! Start at [`before`].

use std::{any::Any, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, Method, StatusCode, Uri, header},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use folkmoot_app::ports::Clock;
use folkmoot_federation::guard::OwnHosts;
use folkmoot_web::Asker;
use tower::{ServiceExt as _, service_fn};
use tower_http::{catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer, timeout::TimeoutLayer};

use crate::{config::Config, strangers::Strangers, workers::words_of};

/// The one path that answers under any name: whoever watches over the server asks by its address.
const HEALTH: &str = "/health";

/// Where other servers post; they have budgets of their own.
const SERVERS: &str = "/ap/";

/// How long a picture may be on its way.
const PICTURE: Duration = Duration::from_secs(3 * 60);

/// What the checks need to know.
struct Front {
    own: OwnHosts,
    strangers: Strangers,
    clock: Arc<dyn Clock>,
}

/// Puts the checks in front of the doors.
pub fn before(doors: Router, own: OwnHosts, config: &Config, clock: Arc<dyn Clock>) -> Router {
    let limits = &config.limits;
    let seconds = Duration::from_secs(limits.request_seconds.into());
    let bytes = usize::try_from(limits.body_bytes).unwrap_or(usize::MAX);
    let strangers = Strangers::new(config.trusted_proxies.clone(), limits.forms_per_minute);
    let front = Arc::new(Front { own, strangers, clock });
    let doors = doors.layer(from_fn_with_state(front.clone(), comes_from));
    let doors = doors.layer(CatchPanicLayer::custom(fell));
    let pictures = bounded(doors.clone(), seconds.max(PICTURE), bytes.max(folkmoot_web::UPLOAD));
    let doors = bounded(doors, seconds, bytes);
    // Chosen before anything is routed: what one router has found in an address, another would find again.
    let either = service_fn(move |request: Request| {
        if takes_a_picture(&request) { pictures.clone() } else { doors.clone() }.oneshot(request)
    });
    Router::new()
        .fallback_service(either)
        .layer(from_fn_with_state(front.clone(), has_not_sent_enough))
        .layer(from_fn_with_state(front, is_for_us))
}

/// How long and how large a request may be.
fn bounded(doors: Router, time: Duration, bytes: usize) -> Router {
    doors
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, time))
        .layer(RequestBodyLimitLayer::new(bytes))
}

/// A picture takes more room than any form, and more time on a slow line.
fn takes_a_picture(request: &Request) -> bool {
    request.method() == Method::POST && folkmoot_web::takes_pictures(request.uri().path())
}

/// A request under a name that is not ours was meant for somebody else, or wants to be mistaken (RFC 9110 7.4).
async fn is_for_us(State(front): State<Arc<Front>>, request: Request, next: Next) -> Response {
    let ours = host(request.uri(), request.headers()).is_some_and(|host| front.own.include(host));
    if ours || request.uri().path() == HEALTH {
        return next.run(request).await;
    }
    let words = "This server answers under its own name only. Whatever is in front of it must pass the Host header on as it came.\n";
    (StatusCode::MISDIRECTED_REQUEST, words).into_response()
}

/// The pages count how often each address asks for some things.
async fn comes_from(State(front): State<Arc<Front>>, mut request: Request, next: Next) -> Response {
    if let Some(ConnectInfo(peer)) = request.extensions().get::<ConnectInfo<SocketAddr>>() {
        let asker = Asker(front.strangers.source(peer.ip(), request.headers()));
        request.extensions_mut().insert(asker);
    }
    next.run(request).await
}

/// A request that may change something, and does not come from a server. In the process there is no address.
async fn has_not_sent_enough(State(front): State<Arc<Front>>, request: Request, next: Next) -> Response {
    let counts = !request.method().is_safe() && !request.uri().path().starts_with(SERVERS);
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().filter(|_| counts);
    if let Some(ConnectInfo(peer)) = peer
        && let Err(seconds) = front.strangers.admit(peer.ip(), request.headers(), front.clock.now())
    {
        let words = "Too much came from your address just now. Nothing was changed; try again in a minute.\n";
        return (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, seconds.to_string())], words)
            .into_response();
    }
    next.run(request).await
}

/// The name the request is for: `:authority` of HTTP/2 stands in the address, else the one `Host` header.
fn host<'r>(uri: &'r Uri, headers: &'r HeaderMap) -> Option<&'r str> {
    let mut said = headers.get_all(header::HOST).iter();
    match (uri.authority(), said.next(), said.next()) {
        (_, _, Some(_)) => None,
        (Some(authority), ..) => Some(authority.as_str()),
        (None, host, None) => host?.to_str().ok(),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the layer hands over what it caught")]
fn fell(panic: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!(cause = words_of(panic.as_ref()), "answering a request fell over");
    let words = "Something went wrong here, and nothing was changed. Trying again later may help.\n";
    (StatusCode::INTERNAL_SERVER_ERROR, words).into_response()
}

#[cfg(test)]
mod tests {
    use axum::{
        body::Body,
        extract::{DefaultBodyLimit, Path},
        routing::{any, get},
    };

    use super::*;
    use crate::ports::Ports;

    fn front() -> Router {
        let roomy = DefaultBodyLimit::max(folkmoot_web::UPLOAD);
        let doors = Router::new()
            .route("/", get(async || "here").post(async |body: axum::body::Bytes| body))
            .route("/health", get(async || "well"))
            .route(
                "/desk/items/{id}/picture",
                any(async |Path(id): Path<String>, body: axum::body::Bytes| format!("{id} {}", body.len()))
                    .layer(roomy),
            )
            .route("/whence", get(async |asker: axum::Extension<Asker>| asker.0.0.to_string()))
            .route("/slow", get(std::future::pending::<()>))
            .route("/falls", get(async || -> &'static str { panic!("fell") }));
        let text = "base_url = \"https://hyde.example\"\nname = \"Hyde\"\ncontact = { name = \"R\", email = \"r@hyde.example\" }\n\
                    limits = { request_seconds = 1, forms_per_minute = 2 }";
        let config = Config::read(text, std::iter::empty()).unwrap();
        before(doors, OwnHosts::of(config.base_url.as_url()), &config, Ports::real().clock)
    }

    async fn status(request: axum::http::request::Builder, body: Body) -> u16 {
        front().oneshot(request.body(body).unwrap()).await.unwrap().status().as_u16()
    }

    #[tokio::test]
    async fn only_requests_for_us_are_answered() {
        let get = |host: &str, path: &str| Request::get(path).header("host", host);
        assert_eq!(status(get("hyde.example", "/"), Body::empty()).await, 200);
        assert_eq!(status(get("HYDE.example", "/"), Body::empty()).await, 200);
        for other in ["127.0.0.1:8080", "evil.example", "hyde.example:8080", ""] {
            assert_eq!(status(get(other, "/"), Body::empty()).await, 421, "{other}");
        }
        let two = get("hyde.example", "/").header("host", "hyde.example");
        assert_eq!(status(two, Body::empty()).await, 421);
        assert_eq!(status(Request::get("/"), Body::empty()).await, 421);
        assert_eq!(status(Request::get("https://hyde.example/"), Body::empty()).await, 200);
        assert_eq!(status(get("127.0.0.1:8080", "/health"), Body::empty()).await, 200);
    }

    #[tokio::test]
    async fn too_much_too_long_and_a_panic_end_calmly() {
        let to = |path: &str| Request::post(path).header("host", "hyde.example");
        let most = 1_048_576;
        assert_eq!(status(to("/"), Body::from(vec![0; most])).await, 200);
        assert_eq!(status(to("/"), Body::from(vec![0; most + 1])).await, 413);
        assert_eq!(status(to("/").header("content-length", "99999999"), Body::empty()).await, 413);
        // Pictures, and only they, may be larger.
        let picture = "/desk/items/1/picture";
        assert_eq!(status(to(picture), Body::from(vec![0; most + 1])).await, 200);
        assert_eq!(status(to(picture), Body::from(vec![0; folkmoot_web::UPLOAD + 1])).await, 413);
        assert_eq!(status(to(picture).method("PUT"), Body::from(vec![0; most + 1])).await, 413);
        assert_eq!(status(to("/slow").method("GET"), Body::empty()).await, 503);
        assert_eq!(status(to("/falls").method("GET"), Body::empty()).await, 500);
    }

    #[tokio::test]
    async fn pages_count_where_requests_come_from_and_not_where_they_say() {
        for (peer, whence) in [([203, 0, 113, 9], "203.0.113.9"), ([127, 0, 0, 1], "198.51.100.7")] {
            let request = Request::get("/whence")
                .header("host", "hyde.example")
                .header("x-forwarded-for", "192.0.2.1, 198.51.100.7")
                .header("x-real-ip", "192.0.2.2")
                .header("forwarded", "for=192.0.2.3")
                .header("cf-connecting-ip", "192.0.2.4")
                .extension(ConnectInfo(SocketAddr::from((peer, 9))));
            let answer = front().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
            let body = axum::body::to_bytes(answer.into_body(), 99).await.unwrap();
            assert_eq!(body, whence);
        }
    }

    #[tokio::test]
    async fn one_address_cannot_send_forms_without_end() {
        let front = front();
        let send = async |method: &str, path: &str, port: u16| {
            let peer = ConnectInfo(SocketAddr::from(([203, 0, 113, 9], port)));
            let request =
                Request::builder().method(method).uri(path).header("host", "hyde.example").extension(peer);
            front.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
        };
        // When the minute turns between two of these, the third is let through: then another three are not.
        let mut statuses = Vec::new();
        for port in 0..6 {
            statuses.push(send("POST", "/", port).await.status().as_u16());
        }
        assert!(statuses.contains(&429) && statuses[..2] == [200, 200], "{statuses:?}");
        assert_eq!(send("GET", "/", 9).await.status(), 200);
        assert_eq!(send("POST", "/ap/inbox", 9).await.status(), 404, "servers are not counted");
        let waits = send("POST", "/", 10).await;
        assert!(waits.status() == 200 || waits.headers().contains_key("retry-after"));
    }
}
