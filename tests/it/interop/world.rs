//! The small internet that the stranger and we live in: `tests/peer/net.sh` makes it, and the test runs itself again
//! inside, since no port outside can be reached from there. Start at [`enter`].

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process,
};

/// Set inside: the folder with the hosts' certificates.
const INSIDE: &str = "FOLKMOOT_TEST_WORLD";

/// The folder with the certificates, when this process runs inside.
pub fn inside() -> Option<PathBuf> {
    env::var_os(INSIDE).map(PathBuf::from)
}

/// Runs one test of this binary, by its full name, inside a world that ends with it. These hosts are there, each at an
/// address of its own.
pub fn enter(test: &str, hosts: &[&str]) {
    assert_possible();
    let work = tempfile::tempdir().unwrap();
    let named = hosts.iter().zip(1..).map(|(host, number)| format!("{host}=127.0.1.{number}"));
    let status = Command::new("bash")
        .arg(peer("net.sh"))
        .arg(work.path())
        .args(named)
        .arg("--")
        .arg(env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture"])
        .env(INSIDE, work.path())
        .status()
        .unwrap();
    assert!(status.success(), "{test} failed inside; what it said stands above");
}

fn assert_possible() {
    // As root, or else in a user namespace: the same two ways that net.sh knows.
    let possible = [&[][..], &["--map-root-user"]].into_iter().any(|way| {
        let mut unshare = Command::new("unshare");
        unshare.args(way).args(["--mount", "--net", "--pid", "--fork", "true"]).stderr(Stdio::null());
        unshare.status().is_ok_and(|status| status.success())
    });
    assert!(
        possible,
        "this test needs a network of its own, and this machine does not let us make one: run it as root, or allow \
         unprivileged user namespaces (it uses `unshare` of util-linux)"
    );
    assert!(
        peer("node_modules").is_dir(),
        "the independent peer is not installed: `cargo xtask setup` does it, or `npm ci` in tests/peer"
    );
}

fn peer(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peer").join(name)
}

/// One of the programs of `tests/peer`, running until it is dropped.
pub struct Neighbour {
    _child: process::Child,
    /// What it said when it was ready.
    pub said: Value,
}

/// Starts one of them and waits until it is ready.
pub async fn start(program: &str, work: &Path, flags: &[&str]) -> Neighbour {
    let mut child = process::Command::new("node")
        .arg(peer(program))
        .arg("--certificates")
        .arg(work)
        .args(flags)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let ready = lines.next_line().await.unwrap();
    let ready = ready.unwrap_or_else(|| panic!("{program} ended before it was ready"));
    Neighbour { _child: child, said: serde_json::from_str(&ready).unwrap() }
}
