//! What only raw bytes can carry: requests whose length or headers can be read in two ways.
//!
//! A web server and a proxy in front of it must never disagree on where a request ends, so each of these is refused. The
//! bytes go to the web server that ships, through a pipe: a socket that is closed early resets, and the answer is lost.

use std::{io, net::SocketAddr};

use axum::{Router, serve::Listener};
use folkmoot_tests::{database::Database, peers::Request, world::World};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex},
    sync::mpsc,
};

use super::Siege;

on_both_databases!(sig_31_request_smuggling);

/// Waits for pipes as others wait for connections.
struct Pipes(mpsc::UnboundedReceiver<DuplexStream>);

impl Listener for Pipes {
    type Io = DuplexStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.0.recv().await {
            Some(pipe) => (pipe, SocketAddr::from(([127, 0, 0, 1], 1))),
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        Ok(SocketAddr::from(([127, 0, 0, 1], 443)))
    }
}

/// Lets the web server answer whoever is put in here.
fn listen(router: Router) -> mpsc::UnboundedSender<DuplexStream> {
    let (connect, pipes) = mpsc::unbounded_channel();
    tokio::spawn(async move { axum::serve(Pipes(pipes), router).await });
    connect
}

/// The status of the first answer to these bytes; none when there was no answer.
async fn says(door: &mpsc::UnboundedSender<DuplexStream>, bytes: &[u8]) -> Option<u16> {
    let (mut ours, theirs) = duplex(1 << 20);
    door.send(theirs).unwrap();
    ours.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    ours.read_to_end(&mut answer).await.unwrap();
    let text = String::from_utf8_lossy(&answer);
    text.split(' ').nth(1).and_then(|status| status.parse().ok())
}

/// The request as it travels, with these further lines in its head.
fn written(request: &Request, lines: &[&str], body: &[u8]) -> Vec<u8> {
    let mut head = format!("{} {} HTTP/1.1\r\n", request.method, request.target);
    for (name, value) in &request.headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    for line in lines.iter().chain(&["connection: close"]) {
        head.push_str(line);
        head.push_str("\r\n");
    }
    [head.as_bytes(), b"\r\n", body].concat()
}

async fn sig_31_request_smuggling(database: Database) {
    let world = World::new(database, ["hyde.test"]).await;
    let siege = Siege::lay(&world, true).await;
    let door = listen(siege.park.instance.router());
    let request = siege.honest();
    let body = request.body.clone();
    let length = format!("content-length: {}", body.len());
    let chunks = [format!("{:x}\r\n", body.len()).as_bytes(), &body, b"\r\n0\r\n\r\n"].concat();
    let chunked = "transfer-encoding: chunked";
    let shapes: [(&str, Vec<u8>); 8] = [
        ("length and chunks", written(&request, &[&length, chunked], &chunks)),
        ("chunks and length", written(&request, &[chunked, &length], &chunks)),
        ("chunks alone", written(&request, &[chunked], &chunks)),
        ("chunks and identity", written(&request, &[chunked, "transfer-encoding: identity"], &chunks)),
        ("two lengths", written(&request, &[&length, "content-length: 5"], &body)),
        ("two lengths in one line", written(&request, &[&format!("{length}, {}", body.len())], &body)),
        ("a folded header", written(&request, &[&length, "x-folded: one\r\n two"], &body)),
        ("a blank before the colon", written(&request, &["content-length : 5", &length], &body)),
    ];
    for (what, bytes) in shapes {
        let status = says(&door, &bytes).await;
        world.settle().await;
        assert_eq!(status, Some(400), "{what}");
        let changes = siege.before.changes(&siege.park.instance.tables().await);
        assert_eq!(changes, Vec::<String>::new(), "{what}: nothing stored");
        assert_eq!(siege.asked(), 0, "{what}: no outbound");
    }

    // Two shapes the web server (hyper) reads before anything of ours sees them, and cannot be told to refuse: the same
    // length twice is one length (RFC 9110 8.6), and a bare line feed ends a line (RFC 9112 2.2). What counts is that
    // what follows the body is no second request.
    let bare =
        String::from_utf8(written(&request, &[&length], &[])).unwrap().replace("\r\n", "\n").into_bytes();
    for head in [written(&request, &[&length, &length], &[]), bare] {
        let smuggled = siege.by_eve(&siege.eve.reply(&siege.item.uri, &siege.park.actor, "Smuggled"));
        let bytes = [head, body.clone(), written(&smuggled, &[], &[])].concat();
        assert_eq!(says(&door, &bytes).await, Some(202));
        world.settle().await;
        assert_eq!(siege.park.held().await.len(), 1, "the honest one is taken, and nothing else");
    }
}
