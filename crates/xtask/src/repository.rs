//! This repository: where it is, and cargo run inside it.
//!
//! Every path and every cargo command of the other files comes from here.

use std::env;
use std::ffi::OsStr;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use cargo_metadata::{Message, Metadata, MetadataCommand};

/// The folder that holds the workspace manifest.
pub fn root() -> PathBuf {
    // At run time first: a binary from a shared target folder may have been built in another clone.
    let here = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&here).ancestors().nth(2).map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// A cargo command at the root of the repository.
pub fn cargo<Argument: AsRef<OsStr>>(arguments: impl IntoIterator<Item = Argument>) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root()).args(arguments);
    for (name, _) in env::vars_os() {
        if belongs_to_xtask(&name.to_string_lossy()) {
            command.env_remove(name);
        }
    }
    command
}

/// What `cargo run` tells a program about its own package. Handed on, it would reach build scripts that watch these
/// variables, and they would rebuild half the tree on every change between `cargo` and `cargo xtask`.
fn belongs_to_xtask(variable: &str) -> bool {
    variable.starts_with("CARGO_PKG_") || variable.starts_with("CARGO_MANIFEST_")
}

/// The graph of crates, ours and others', for this kind of machine.
///
/// # Errors
/// When cargo cannot read the workspace, or when `Cargo.lock` is not up to date.
pub fn metadata() -> Result<Metadata> {
    let version = crate::programs::output(Command::new("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc names no host")?;
    MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .other_options(["--locked".into(), "--filter-platform".into(), host.to_owned()])
        .exec()
        .context("cargo could not read the workspace (is Cargo.lock up to date?)")
}

/// Where cargo builds to.
///
/// # Errors
/// As [`metadata`].
pub fn target_folder() -> Result<PathBuf> {
    Ok(metadata()?.target_directory.into_std_path_buf())
}

/// Builds with the given cargo arguments and answers where the binary `folkmoot` is.
///
/// # Errors
/// When it does not compile, or the build contains no such binary.
pub fn build_folkmoot(arguments: &[&str]) -> Result<PathBuf> {
    let mut child = cargo(["build", "--message-format", "json-render-diagnostics"])
        .args(arguments)
        .stdout(Stdio::piped())
        .spawn()
        .context("could not start cargo")?;
    let told = BufReader::new(child.stdout.take().context("cargo has no standard output")?);
    let mut binary = None;
    for message in Message::parse_stream(told) {
        if let Message::CompilerArtifact(artifact) = message?
            && artifact.target.is_bin()
            && artifact.target.name == "folkmoot"
            && !artifact.profile.test
        {
            binary = artifact.executable.or(binary);
        }
    }
    ensure!(child.wait()?.success(), "`cargo build {}` did not succeed", arguments.join(" "));
    Ok(binary.context("the build has no binary named folkmoot")?.into_std_path_buf())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_holds_the_workspace() {
        assert!(root().join("crates/xtask/Cargo.toml").is_file());
    }

    #[test]
    fn cargo_is_not_told_about_our_own_package() {
        assert!(belongs_to_xtask("CARGO_PKG_NAME") && belongs_to_xtask("CARGO_MANIFEST_DIR"));
        assert!(!belongs_to_xtask("CARGO_TARGET_DIR") && !belongs_to_xtask("CARGO_HOME"));
    }
}
