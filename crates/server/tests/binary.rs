//! The binary itself, as operators and service managers meet it: exit codes, signals, what is said where.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

fn folkmoot(line: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_folkmoot"));
    command.args(line).stdin(Stdio::null()).env_clear();
    command
}

fn say(line: &[&str]) -> Output {
    folkmoot(line).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A place for trying out, at a port that was free a moment ago.
fn quickstart(folder: &Path) -> (String, SocketAddr) {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let base = format!("hyde.localhost:{}", address.port());
    let done = say(&["quickstart", "--yes", "--base-url", &base, "--folder", folder.to_str().unwrap()]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    (folder.join("folkmoot.toml").to_str().unwrap().to_owned(), address)
}

/// A server that is ended with the test.
struct Server {
    child: Child,
    address: SocketAddr,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn start(config: &str, address: SocketAddr) -> Self {
        let child = folkmoot(&["serve", "--config", config]).stderr(Stdio::piped()).spawn().unwrap();
        let server = Self { child, address };
        let began = Instant::now();
        while server.try_get("/health").is_none() {
            assert!(began.elapsed() < Duration::from_secs(20), "the server does not answer");
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    fn try_get(&self, path: &str) -> Option<String> {
        let mut stream = TcpStream::connect(self.address).ok()?;
        let host = format!("hyde.localhost:{}", self.address.port());
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        Some(answer)
    }

    /// Sends a signal; the exit code, what was logged, and how long it took.
    fn end(mut self, signal: &str) -> (Option<i32>, String, Duration) {
        let began = Instant::now();
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        let code = self.child.wait().unwrap().code();
        (code, said, began.elapsed())
    }
}

#[test]
fn it_serves_until_told_to_stop_and_again() {
    let folder = tempfile::tempdir().unwrap();
    let (config, address) = quickstart(folder.path());
    for signal in ["-TERM", "-INT"] {
        let server = Server::start(&config, address);
        let home = server.try_get("/").unwrap();
        assert!(home.starts_with("HTTP/1.1 200") && home.contains("Park Friends"), "{home}");
        let taken = say(&["serve", "--config", &config]);
        assert_eq!(taken.status.code(), Some(1));
        assert!(text(&taken.stderr).contains("another folkmoot"), "{}", text(&taken.stderr));
        // One who says nothing and one who stops in the middle of a word must not hold it up.
        let silent = server.connect();
        let mut halting = server.connect();
        halting.write_all(b"GET / HTT").unwrap();
        let (code, said, took) = server.end(signal);
        assert_eq!(code, Some(0), "{said}");
        assert!(took < Duration::from_secs(30), "{took:?}");
        assert!(said.contains("Nothing is encrypted") && said.contains("stopped"), "{said}");
        drop((silent, halting));
    }
}

#[test]
fn exit_codes_tell_what_kind_of_no_it_is() {
    assert_eq!(say(&["check", "--config", "/nowhere/folkmoot.toml"]).status.code(), Some(1));
    assert_eq!(say(&["aply"]).status.code(), Some(2));
    assert_eq!(say(&["pledges", "list", "--state", "keptt"]).status.code(), Some(2));
    let help = say(&["--help"]);
    assert_eq!((help.status.code(), help.stderr.len()), (Some(0), 0));
}

#[test]
fn refusals_go_to_standard_error_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let (config, _) = quickstart(folder.path());
    let refused = say(&["association", "show", "nobody", "--config", &config, "--json"]);
    assert_eq!((refused.status.code(), refused.stdout.len()), (Some(1), 0));
    assert!(text(&refused.stderr).starts_with("there is no association with the handle nobody"));
    let listed =
        folkmoot(&["association", "list", "--json"]).env("FOLKMOOT_CONFIG", &config).output().unwrap();
    assert!(text(&listed.stdout).contains("\"handle\":\"park-friends\""), "{listed:?}");
}
