//! Connections: taken up to a bound, each with a time limit for its request heads, and ended calmly.
//!
//! `axum::serve` would do most of it, but waits without end for whoever stops in the middle of a request head. Start at
//! [`listen`].

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    extract::{ConnectInfo, Request, State},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto::Builder,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::JoinSet,
};
use tower::ServiceExt as _;

use crate::workers::Stop;

/// Most connections at once; who comes then waits until one ends. A web server in front keeps far fewer.
const MOST: usize = 2_000;
/// How long is waited when the system has no connection to give (no more files, most often).
const SHORT_OF_FILES: Duration = Duration::from_millis(250);
/// How long nothing may be under way, after stop was said, until who still holds a connection is cut off. Answers
/// that are written by then have time to leave.
const QUIET: Duration = Duration::from_secs(1);

/// Requests that are being answered.
#[derive(Clone, Default)]
struct UnderWay(Arc<AtomicUsize>);

/// Answers until `stop` says so, then until everything under way is answered. `head` bounds how long a request head
/// may take to arrive, and how long a connection may be idle.
pub async fn listen(listener: TcpListener, router: Router, head: Duration, mut stop: Stop) {
    let under_way = UnderWay::default();
    let router = router.layer(from_fn_with_state(under_way.clone(), counted));
    let room = Arc::new(Semaphore::new(MOST));
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &room) => accepted,
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let (stream, peer, place) = accepted;
        let answering = answer(stream, peer, router.clone(), head, stop.clone());
        connections.spawn(async move {
            answering.await;
            drop(place);
        });
        // Ended ones are let go of, or the set would grow.
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    tokio::select! {
        () = async { while connections.join_next().await.is_some() {} } => {}
        () = under_way.quiet() => {}
    }
}

async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit) {
    loop {
        let Ok(place) = room.clone().acquire_owned().await else {
            // Nobody closes it.
            std::future::pending::<()>().await;
            continue;
        };
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer, place),
            Err(error) if is_of_the_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection could be taken; is the limit of open files too low?");
                tokio::time::sleep(SHORT_OF_FILES).await;
            }
        }
    }
}

fn is_of_the_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

async fn answer(stream: TcpStream, peer: SocketAddr, router: Router, head: Duration, mut stop: Stop) {
    // Small answers leave at once.
    let _ = stream.set_nodelay(true);
    let with_peer = router.map_request(move |mut request: axum::http::Request<_>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request
    });
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(head);
    let connection = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(with_peer));
    let mut connection = std::pin::pin!(connection);
    // How a connection ends badly is the other side's affair.
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stop.wait_for(|stop| *stop) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

async fn counted(State(under_way): State<UnderWay>, request: Request, next: Next) -> Response {
    let _one = under_way.one();
    next.run(request).await
}

/// One request; dropped when it is answered, or when whoever asked has gone.
struct One(UnderWay);

impl UnderWay {
    fn one(&self) -> One {
        self.0.fetch_add(1, Ordering::SeqCst);
        One(self.clone())
    }

    /// Returns when nothing has been under way for a while.
    async fn quiet(&self) {
        let looks = 10;
        let mut quiet = 0;
        while quiet < looks {
            tokio::time::sleep(QUIET / looks).await;
            quiet = if self.0.load(Ordering::SeqCst) == 0 { quiet + 1 } else { 0 };
        }
    }
}

impl Drop for One {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        sync::{Notify, watch},
        time::{Instant, timeout},
    };

    use super::*;

    const HEAD: Duration = Duration::from_millis(300);
    const LONG: Duration = Duration::from_secs(10);

    struct Place {
        address: SocketAddr,
        say_stop: watch::Sender<bool>,
        listening: tokio::task::JoinHandle<()>,
        go_on: Arc<Notify>,
        asked: Arc<Notify>,
    }

    async fn place() -> Place {
        let (go_on, asked) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (wait, ring) = (go_on.clone(), asked.clone());
        let router = Router::new()
            .route("/", get(async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.ip().to_string()))
            .route(
                "/slow",
                get(async move || {
                    ring.notify_one();
                    wait.notified().await;
                    "at last"
                }),
            );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (say_stop, stop) = watch::channel(false);
        let address = listener.local_addr().unwrap();
        let listening = tokio::spawn(listen(listener, router, HEAD, stop));
        Place { address, say_stop, listening, go_on, asked }
    }

    impl Place {
        async fn send(&self, bytes: &str) -> TcpStream {
            let mut stream = TcpStream::connect(self.address).await.unwrap();
            stream.write_all(bytes.as_bytes()).await.unwrap();
            stream
        }
    }

    async fn rest(mut stream: TcpStream) -> String {
        let mut read = String::new();
        let _ = timeout(LONG, stream.read_to_string(&mut read)).await.expect("the connection stays open");
        read
    }

    #[tokio::test]
    async fn requests_are_answered_and_know_their_peer() {
        let place = place().await;
        let answer = rest(place.send("GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await).await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("127.0.0.1"), "{answer}");
    }

    #[tokio::test]
    async fn a_head_that_does_not_end_is_not_waited_for() {
        let place = place().await;
        for beginning in ["", "GET / HTT", "GET / HTTP/1.1\r\nhost: x\r\n"] {
            let answer = rest(place.send(beginning).await).await;
            assert!(!answer.contains("200"), "{answer}");
        }
    }

    #[tokio::test]
    async fn what_is_under_way_is_answered_and_nobody_else_waited_for() {
        let place = place().await;
        let idle = place.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        let slow = place.send("GET /slow HTTP/1.1\r\nhost: x\r\n\r\n").await;
        place.asked.notified().await;
        let halting = place.send("GET / HTT").await;
        place.say_stop.send(true).unwrap();
        tokio::time::sleep(QUIET + HEAD).await;
        assert!(!place.listening.is_finished(), "a request is under way");
        let began = Instant::now();
        place.go_on.notify_one();
        assert!(rest(slow).await.ends_with("at last"));
        timeout(LONG, place.listening).await.unwrap().unwrap();
        assert!(began.elapsed() < 3 * QUIET);
        assert!(TcpStream::connect(place.address).await.is_err(), "nobody is taken any more");
        drop((idle, halting));
    }
}
