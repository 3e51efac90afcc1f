//! Boards on real sockets that find each other: what a browser needs to walk from one to the next.

use std::{net::Ipv4Addr, sync::Arc};

use anyhow::{Result, anyhow};
use folkmoot_server::{config::Config, instance::Instance, ports::Ports, serve::Running};
use tokio::net::TcpListener;
use url::Url;

use super::Board;
use crate::keys::FixedKeys;

/// Opens a board under each of these names, which end in `.localhost`; each can ask the others.
pub async fn open<const N: usize>(names: [&str; N]) -> Result<Vec<Board>> {
    let mut seats = Vec::with_capacity(N);
    for name in names {
        seats.push((name, TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?));
    }
    let mut lines = Vec::with_capacity(N);
    for (name, listener) in &seats {
        lines.push((*name, format!("\"{name}\" = \"{}\"\n", listener.local_addr()?)));
    }
    let mut boards = Vec::with_capacity(N);
    for (name, listener) in seats {
        let others = lines.iter().filter(|(other, _)| *other != name).map(|(_, line)| line.as_str());
        boards.push(start(name, listener, &others.collect::<String>()).await?);
    }
    Ok(boards)
}

async fn start(name: &str, listener: TcpListener, hosts: &str) -> Result<Board> {
    let folder = tempfile::Builder::new().prefix("folkmoot-board-").tempdir()?;
    let base: Url = format!("http://{name}:{}", listener.local_addr()?.port()).parse()?;
    let at = |file: &str| folder.path().join(file).display().to_string();
    let database = format!("sqlite://{}", at("folkmoot.sqlite"));
    let text = format!(
        "base_url = \"{}\"\nname = \"{name}\"\n[contact]\nname = \"Ruth Okafor\"\nemail = \"ruth@{name}\"\n\
         [database]\nurl = \"{database}\"\n[keys]\nfile = \"{}\"\n[files]\nfolder = \"{}\"\n\
         [limits]\nforms_per_minute = 100000\n[federation.hosts]\n{hosts}",
        base.as_str().trim_end_matches('/'),
        at("folkmoot.key"),
        at("files"),
    );
    let config = Config::read(&text, std::iter::empty()).map_err(|problems| anyhow!("{problems:?}"))?;
    let ports = Ports { key_maker: Arc::new(FixedKeys::default()), ..Ports::real() };
    let instance = Instance::build(&config, ports, None).await?;
    let app = instance.app.clone();
    Ok(Board { base, app, database, running: Running::start(instance, listener), _folder: folder })
}
