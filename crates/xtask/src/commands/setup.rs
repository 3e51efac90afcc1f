//! `cargo xtask setup`: installs what the tests need and this machine lacks.
//!
//! Quick when all is there. It never installs in silence, and never anything that is there already. Folkmoot itself and
//! its demo need none of this: a Rust toolchain is enough for them.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use super::postgres;
use crate::programs::{answers, find, output, run as run_program};
use crate::repository::{cargo, root};
use crate::steps::say;

/// Install what the tests need and this machine lacks
///
/// Debian packages through apt-get (PostgreSQL, which is only ever started privately, Chromium, and a few small tools),
/// the independent ActivityPub peer of the tests, their mail server and what drives the browser through npm, rustfmt and clippy through
/// rustup. `cargo xtask test` does this by itself; the demo needs none of it.
#[derive(clap::Args)]
pub struct Arguments {}

/// Runs the command.
///
/// # Errors
/// When something is missing and cannot be installed from here; the error says what to run by hand.
pub fn run(_: &Arguments) -> Result<()> {
    install_packages()?;
    install_components()?;
    install_from_npm("tests/peer", "the independent peer")?;
    install_from_npm("tests/mail", "the mail server of the tests")?;
    install_from_npm("tests/browser", "the driver of the browser")?;
    if !has_nextest() {
        say(
            "  cargo-nextest is not there, so cargo's own test runner is used. `cargo install --locked cargo-nextest` \
             brings it: each test in a process of its own, with a time limit.",
        );
    }
    Ok(())
}

/// Whether the test runner of our choice is installed.
pub fn has_nextest() -> bool {
    find("cargo-nextest").is_some() || answers(&mut cargo(["nextest", "--version"]))
}

/// Something from the system that the tests use.
struct Need {
    package: &'static str,
    because: &'static str,
    is_there: fn() -> bool,
}

const NEEDS: &[Need] = &[
    Need {
        package: "postgresql",
        because: "the second database that every story is told on",
        is_there: || postgres::programs().is_some(),
    },
    Need {
        package: "iproute2",
        because: "gives the independent peer a network of its own",
        is_there: || find("ip").is_some(),
    },
    Need { package: "util-linux", because: "unshare, for the same", is_there: || find("unshare").is_some() },
    Need {
        package: "openssl",
        because: "makes the certificates of the test hosts",
        is_there: || find("openssl").is_some(),
    },
    Need {
        package: "ca-certificates",
        because: "the roots that the egress client trusts",
        is_there: || ["/etc/ssl/certs", "/etc/pki/tls/certs"].iter().any(|folder| Path::new(folder).is_dir()),
    },
    Need { package: "nodejs", because: "runs the independent peer", is_there: || find("node").is_some() },
    Need {
        package: "npm",
        because: "installs the independent peer and the driver of the browser",
        is_there: || find("npm").is_some(),
    },
    Need {
        package: "chromium",
        because: "the browser in which every page is looked at",
        is_there: || find("chromium").is_some(),
    },
];

fn install_packages() -> Result<()> {
    let missing: Vec<_> = NEEDS.iter().filter(|need| !(need.is_there)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    for need in &missing {
        say(format!("  missing: {} ({})", need.package, need.because));
    }
    let packages: Vec<_> = missing.iter().map(|need| need.package).collect();
    let packages = packages.join(" ");
    if find("apt-get").is_none() {
        bail!(
            "this machine has no apt-get; please install these with its own tool, then try again: {packages}"
        );
    }
    let install = format!("apt-get install --yes --no-install-recommends {packages}");
    if output(Command::new("id").arg("-u"))?.trim() != "0" {
        bail!(
            "you are not root; please run this once, then try again:\n  sudo apt-get update && sudo {install}"
        );
    }
    say("  installing them with apt-get; a minute or two");
    let line = format!("apt-get update -qq && {install} -qq >/dev/null");
    run_program(Command::new("sh").args(["-c", &line]).env("DEBIAN_FRONTEND", "noninteractive"))?;
    let still: Vec<_> = missing.iter().filter(|need| !(need.is_there)()).map(|need| need.package).collect();
    ensure!(still.is_empty(), "apt-get installed them, and yet these are not found: {}", still.join(" "));
    Ok(())
}

/// A minimal toolchain comes without the formatter and the linter.
fn install_components() -> Result<()> {
    let there = |component: &str| answers(&mut cargo([component, "--version"]));
    let missing: Vec<_> = [("fmt", "rustfmt"), ("clippy", "clippy")]
        .into_iter()
        .filter(|(command, _)| !there(command))
        .map(|(_, component)| component)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    ensure!(find("rustup").is_some(), "your Rust toolchain lacks {}; please add it", missing.join(" and "));
    say(format!("  installing {} with rustup", missing.join(" and ")));
    run_program(Command::new("rustup").args(["component", "add"]).args(missing))
}

/// Installs the packages of a folder when its lock file is not the one they were installed from.
pub fn install_from_npm(name: &str, what: &str) -> Result<()> {
    let folder = root().join(name);
    let lock = fs::read(folder.join("package-lock.json"))
        .with_context(|| format!("{name} has no package-lock.json"))?;
    let stamp = folder.join("node_modules/.installed-from");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    say(format!("  installing {what} with npm ({name}); under a minute"));
    let options = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
    run_program(Command::new("npm").args(options).current_dir(folder))?;
    fs::write(stamp, lock).with_context(|| format!("npm left no {name}/node_modules"))
}
