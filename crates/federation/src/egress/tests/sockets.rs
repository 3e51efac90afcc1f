//! The real client over real sockets of this machine.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener},
    process::Command,
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use url::Url;

use super::{NOW, url};
use crate::egress::{Accept, ClientFault, Egress, FetchError, NotAllowed, Relaxations, Wishes};

const AUTHORITY: &str = include_str!("../../../fixtures/tls/ca.pem");
const ANSWER: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/activity+json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";

fn real(wishes: Wishes) -> Egress {
    let base_url = url("http://leeds.localhost:8002");
    Egress::real(Arc::new(Relaxations::parse(wishes, &base_url).unwrap()), &base_url, "0.1.0").unwrap()
}

fn mapped(address: SocketAddr) -> Wishes {
    Wishes { hosts: [("peer.localhost".to_owned(), address)].into(), ..Wishes::default() }
}

async fn get(egress: &Egress, from: &str) -> Result<serde_json::Value, FetchError> {
    egress.get_json(&url(from), Accept::Activity, None, NOW).await.map(|found| found.body)
}

/// Serves one connection; what was read from it comes out of the channel.
fn serve_once(answer: impl FnOnce(&mut dyn Write) + Send + 'static) -> (SocketAddr, mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        tell.send(read_head(&mut stream)).unwrap();
        answer(&mut stream);
    });
    (address, told)
}

fn read_head(stream: &mut impl Read) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}

/// SSRF-06: the name is public, the address is not; nothing is connected to.
#[tokio::test]
async fn a_name_that_leads_home_is_refused_at_connect() {
    let found = get(&real(Wishes::default()), "https://localhost/x").await;
    assert!(matches!(found, Err(FetchError::NotAllowed(NotAllowed::Address))), "{found:?}");
    // With the range allowed the same name is connected to, and nobody is there.
    let wishes =
        Wishes { allowed_ranges: vec!["127.0.0.0/8".to_owned(), "::1/128".to_owned()], ..Wishes::default() };
    let found = get(&real(wishes), "https://localhost/x").await;
    assert!(matches!(found, Err(FetchError::Unreachable(_))), "{found:?}");
}

#[tokio::test]
async fn a_mapped_host_is_reached_without_tls_only_when_told() {
    let (address, told) = serve_once(|stream| stream.write_all(ANSWER.as_bytes()).unwrap());
    let plain = Wishes { plain_http: true, ..mapped(address) };
    assert_eq!(get(&real(plain), "http://peer.localhost/x").await.unwrap(), serde_json::json!({}));
    let head = told.recv().unwrap().to_ascii_lowercase();
    assert!(head.starts_with("get /x http/1.1\r\n"), "{head}");
    assert!(head.contains("user-agent: folkmoot/0.1.0 (+http://leeds.localhost:8002/)\r\n"), "{head}");
    assert!(head.contains("host: peer.localhost\r\n"), "{head}");
    assert!(!head.contains("accept-encoding"), "{head}");
    let strict = get(&real(mapped(address)), "http://peer.localhost/x").await;
    assert!(matches!(strict, Err(FetchError::NotAllowed(NotAllowed::Scheme))), "{strict:?}");
}

/// An endless answer is cut off at the cap, however it is sent.
#[tokio::test]
async fn an_endless_answer_ends() {
    let (address, _told) = serve_once(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/activity+json\r\ntransfer-encoding: chunked\r\n\r\n");
        while stream.write_all(format!("10000\r\n{}\r\n", " ".repeat(0x10000)).as_bytes()).is_ok() {}
    });
    let plain = Wishes { plain_http: true, ..mapped(address) };
    let found = get(&real(plain), "http://peer.localhost/x").await;
    assert!(matches!(found, Err(FetchError::TooLarge)), "{found:?}");
}

#[tokio::test]
async fn an_announced_size_is_enough_to_refuse() {
    let (address, _told) = serve_once(|stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: application/activity+json\r\ncontent-length: 99999999\r\n\r\n").unwrap();
        thread::sleep(Duration::from_secs(3));
    });
    let plain = Wishes { plain_http: true, ..mapped(address) };
    let found = get(&real(plain), "http://peer.localhost/x").await;
    assert!(matches!(found, Err(FetchError::TooLarge)), "{found:?}");
}

/// An extra certificate authority is trusted when it is named, and only then.
#[tokio::test]
async fn tls_is_checked_against_the_authorities_named() {
    let trusting = Wishes { extra_authorities: vec![AUTHORITY.to_owned()], ..mapped(serve_tls()) };
    assert_eq!(get(&real(trusting), "https://peer.localhost/x").await.unwrap(), serde_json::json!({}));
    let found = get(&real(mapped(serve_tls())), "https://peer.localhost/x").await;
    assert!(matches!(&found, Err(FetchError::Unreachable(why)) if why.contains("certificate")), "{found:?}");
}

fn serve_tls() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let chain =
        vec![CertificateDer::from_pem_slice(include_bytes!("../../../fixtures/tls/peer.pem")).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("../../../fixtures/tls/peer.key.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config =
        rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap());
    thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut tls = rustls::StreamOwned::new(rustls::ServerConnection::new(config).unwrap(), stream);
        let mut head = [0; 2048];
        if tls.read(&mut head).is_ok() {
            tls.write_all(ANSWER.as_bytes()).unwrap();
            tls.conn.send_close_notify();
            tls.flush().unwrap();
        }
    });
    address
}

#[test]
fn authorities_that_are_none_are_refused() {
    let wishes = Wishes {
        extra_authorities: vec!["-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".to_owned()],
        ..Wishes::default()
    };
    let base_url = url("https://leeds.example");
    let relaxations = Arc::new(Relaxations::parse(wishes, &base_url).unwrap());
    let fault = Egress::real(relaxations, &base_url, "0.1.0").err().unwrap();
    assert!(matches!(fault, ClientFault::Authority(_) | ClientFault::Tls(_)), "{fault}");
}

/// SSRF-20: runs itself with a proxy in the environment, and waits whether anybody comes to the proxy.
#[test]
fn a_proxy_in_the_environment_is_not_used() {
    const CHILD: &str = "FOLKMOOT_TEST_BEHIND_A_PROXY";
    if let Ok(peer) = std::env::var(CHILD) {
        let peer: SocketAddr = peer.parse().unwrap();
        let egress = real(Wishes { plain_http: true, ..mapped(peer) });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        assert_eq!(runtime.block_on(get(&egress, "http://peer.localhost/x")).unwrap(), serde_json::json!({}));
        return;
    }
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    proxy.set_nonblocking(true).unwrap();
    let proxy_url = Url::parse(&format!("http://{}", proxy.local_addr().unwrap())).unwrap();
    let (peer, told) = serve_once(|stream| stream.write_all(ANSWER.as_bytes()).unwrap());
    let mut child = Command::new(std::env::current_exe().unwrap());
    child
        .args(["--exact", "egress::tests::sockets::a_proxy_in_the_environment_is_not_used"])
        .env(CHILD, peer.to_string());
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        child.env(name, proxy_url.as_str()).env(name.to_ascii_lowercase(), proxy_url.as_str());
    }
    let output = child.env_remove("NO_PROXY").env_remove("no_proxy").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"));
    assert!(told.recv().unwrap().starts_with("GET /x "));
    assert_eq!(proxy.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
}
