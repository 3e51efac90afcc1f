//! `folkmoot move`: pack, unpack, point, tell, undo, status.

use std::{
    fs::{self, File, OpenOptions},
    io::{BufReader, BufWriter, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use folkmoot_app::{
    App, By,
    moves::{self, Pair, Unpacked},
};
use folkmoot_domain::{
    associations::AssociationSeen,
    moves::{Move, MoveState},
    text::Handle,
};
use folkmoot_federation::{door::Door, moving};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use url::Url;

use super::{Answers, answers::sheet, asking, finding};
use crate::{cli::Moving, config::Config, instance};

/// Does what was asked.
pub async fn run(
    what: Moving,
    config: &Config,
    app: &App,
    somebody_there: bool,
    answers: &mut Answers<'_>,
) -> anyhow::Result<()> {
    match what {
        Moving::Pack { handle, to } => pack(app, &handle, &to, answers).await,
        Moving::Unpack { file, handle, map, again } => {
            let map = map.unwrap_or_else(|| beside(&file, "map"));
            unpack(app, &file, handle.as_ref(), &map, again, answers).await
        }
        Moving::Point { handle, to } => point(app, &instance::door(config)?, &handle, &to, answers).await,
        Moving::Tell { handle, map, yes } => {
            let seen = finding::association(app, &handle).await?;
            let question = format!(
                "Tell the {} followers of {} that it has moved, and close it here for writing?",
                seen.followers, seen.actor.name
            );
            asking::sure(&question, yes, somebody_there)?;
            tell(app, &instance::door(config)?, &seen, map.as_deref(), answers).await
        }
        Moving::Undo { handle, yes } => {
            let seen = finding::association(app, &handle).await?;
            asking::sure(&format!("Undo the move of {}?", seen.actor.name), yes, somebody_there)?;
            undo(app, &seen, answers).await
        }
        Moving::Status { handle } => status(app, &handle, answers).await,
    }
}

/// Another file of the same name.
fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

/// A bar on standard error, when somebody looks at it.
fn bar(what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(0).with_message(what);
    match ProgressStyle::with_template("{msg}  [{bar:30}] {pos} of {len}  {elapsed}") {
        Ok(style) => bar.with_style(style.progress_chars("=> ")),
        Err(_) => bar,
    }
}

async fn pack(app: &App, handle: &Handle, to: &Path, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let seen = finding::association(app, handle).await?;
    if to.exists() {
        bail!("{} is there already; nothing is written over, so name another file", to.display());
    }
    // Under another name until it is whole, and for nobody else's eyes.
    let part = beside(to, "part");
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part);
    let mut file = BufWriter::new(file.with_context(|| format!("{} cannot be made", part.display()))?);
    let bar = bar("packing");
    let mut progress = |done, total| {
        bar.set_length(total);
        bar.set_position(done);
    };
    let packed = moves::pack(app, &By::operator(), seen.actor.id, &mut file, &mut progress).await;
    bar.finish_and_clear();
    let packed = match packed {
        Ok(packed) => packed,
        Err(error) => {
            let _ = fs::remove_file(&part);
            return Err(error.into());
        }
    };
    file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
    fs::rename(&part, to).with_context(|| format!("{} cannot be made", to.display()))?;
    let words = sheet(
        &format!("{} is packed into {}", seen.actor.name, to.display()),
        &[
            ("items", packed.items.to_string()),
            ("pictures", packed.pictures.to_string()),
            ("replies", packed.replies.to_string()),
            ("pledges", packed.pledges.to_string()),
            ("who comes", packed.rsvps.to_string()),
            ("ties", packed.ties.to_string()),
            ("to be asked in", packed.people.to_string()),
            ("followers", packed.followers.to_string()),
        ],
    );
    answers.thing(
        words,
        &json!({
            "file": to, "items": packed.items, "pictures": packed.pictures, "replies": packed.replies,
            "pledges": packed.pledges, "rsvps": packed.rsvps, "ties": packed.ties, "people": packed.people,
            "followers": packed.followers,
        }),
    )?;
    answers.word(
        "The file holds personal data: hand it to whoever runs the new server and to nobody else, and delete it in the end.\n\
         Next, on the new server: folkmoot move unpack FILE.",
    )?;
    Ok(())
}

async fn unpack(
    app: &App,
    file: &Path,
    handle: Option<&Handle>,
    map: &Path,
    again: bool,
    answers: &mut Answers<'_>,
) -> anyhow::Result<()> {
    let opened = File::open(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let bar = bar("bringing in");
    let mut progress = |done, total| {
        bar.set_length(total);
        bar.set_position(done);
        Ok(())
    };
    let mut archive = BufReader::new(opened);
    let unpacked = moves::unpack(app, &By::operator(), &mut archive, handle, again, &mut progress).await;
    bar.finish_and_clear();
    let unpacked = unpacked.map_err(|error| match error {
        folkmoot_app::Error::Refused(_) => anyhow::Error::from(error),
        other => anyhow::Error::from(other).context("this broke off; take it up with --again"),
    })?;
    write_map(map, &unpacked.pairs)?;
    answers.thing(
        unpacked_words(&unpacked, map),
        &json!({
            "uri": unpacked.actor.uri, "page": unpacked.actor.page, "address": unpacked.actor.address(),
            "items": unpacked.pairs.len(), "followers": unpacked.followers, "invited": unpacked.invited,
            "left": unpacked.left, "map": map,
        }),
    )?;
    for left in &unpacked.left {
        answers.word(format!("Left behind: {left}"))?;
    }
    answers.word(format!(
        "Next: bring {} to the old server, and say there: folkmoot move point HANDLE {}",
        map.display(),
        unpacked.actor.uri
    ))?;
    Ok(())
}

fn unpacked_words(unpacked: &Unpacked, map: &Path) -> String {
    sheet(
        &format!("{} lives here now", unpacked.actor.name),
        &[
            ("address", unpacked.actor.address()),
            ("page", unpacked.actor.page.to_string()),
            ("id", unpacked.actor.uri.to_string()),
            ("items", unpacked.pairs.len().to_string()),
            ("to follow", format!("{} followers, when the old server tells them", unpacked.followers)),
            ("asked in", unpacked.invited.join(" ")),
            ("map", map.display().to_string()),
        ],
    )
}

/// Replaced as a whole: it is the same, or has more, each time.
fn write_map(map: &Path, pairs: &[Pair]) -> anyhow::Result<()> {
    let part = beside(map, "part");
    let mut file =
        BufWriter::new(File::create(&part).with_context(|| format!("{} cannot be made", part.display()))?);
    moves::write_map(&mut file, pairs)?;
    file.flush()?;
    fs::rename(&part, map).with_context(|| format!("{} cannot be made", map.display()))
}

async fn point(
    app: &App,
    door: &Door,
    handle: &Handle,
    to: &Url,
    answers: &mut Answers<'_>,
) -> anyhow::Result<()> {
    let seen = finding::association(app, handle).await?;
    let new = moving::look(app, door, to).await.with_context(|| format!("{to} cannot be read"))?;
    let moving = moves::point(app, &By::operator(), seen.actor.id, &new).await?;
    say(&seen, &moving, answers)?;
    answers.word(format!("Nobody was told yet. Next: folkmoot move tell {handle} --map FILE"))?;
    Ok(())
}

async fn tell(
    app: &App,
    door: &Door,
    seen: &AssociationSeen,
    map: Option<&Path>,
    answers: &mut Answers<'_>,
) -> anyhow::Result<()> {
    let pairs = match map {
        Some(map) => {
            let file = File::open(map).with_context(|| format!("{} cannot be read", map.display()))?;
            moves::read_map(file)?
        }
        None => Vec::new(),
    };
    let handle = &seen.actor.handle;
    let Some(new) = moving::target(app, door, seen.actor.id).await? else {
        bail!("say first where it goes: folkmoot move point {handle} ID");
    };
    let moving = moves::tell(app, &By::operator(), seen.actor.id, &new, &pairs).await?;
    say(seen, &moving, answers)?;
    if pairs.is_empty() {
        answers.word(
            "Without a map its items answer as before. Say it once more with --map FILE to lead them on.",
        )?;
    }
    answers.word(format!(
        "Followers are told as soon as `folkmoot serve` runs. Keep this server running: it answers with where to go.\n\
         Next: folkmoot move status {handle}"
    ))?;
    Ok(())
}

async fn undo(app: &App, seen: &AssociationSeen, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let before = moves::status(app, seen.actor.id).await?.moving;
    let moving = moves::undo(app, &By::operator(), seen.actor.id).await?;
    say(seen, &moving, answers)?;
    if before.is_some_and(|before| before.state == MoveState::Told) {
        answers.word(
            "It can be written to again, and its followers here hear of it. Those who went along stay with the new one:\n\
             close that one there, or let both live.",
        )?;
    }
    Ok(())
}

async fn status(app: &App, handle: &Handle, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let seen = finding::association(app, handle).await?;
    let status = moves::status(app, seen.actor.id).await?;
    if let Some(moving) = &status.moving {
        say(&seen, moving, answers)?;
    }
    if let Some(import) = &status.import {
        let stands = match import.ended {
            Some(_) => "all of it is in".to_owned(),
            None => format!("broke off at {} of {}; take it up with --again", import.done, import.total),
        };
        let words = sheet(
            &format!("{} came here", seen.actor.name),
            &[("from", import.source.clone()), ("so far", stands)],
        );
        let done = import.ended.is_some();
        answers.thing(
            words,
            &json!({"from": import.source, "done": import.done, "total": import.total, "whole": done}),
        )?;
    }
    if status.moving.is_none() && status.import.is_none() {
        answers.word(format!("{} lives here, and no move has begun.", seen.actor.name))?;
    }
    Ok(())
}

fn say(seen: &AssociationSeen, moving: &Move, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let stands = match moving.state {
        MoveState::Packed => "packed; nobody else knows",
        MoveState::Pointed => "pointed; the new one names the old one, and nobody else knows",
        MoveState::Told => "told; closed for writing here",
        MoveState::Undone => "undone; it lives here",
    };
    let zone = seen.association.time_zone();
    let words = sheet(
        &format!("The move of {}", seen.actor.name),
        &[
            ("stands", stands.to_owned()),
            ("to", moving.target.as_ref().map(Url::to_string).unwrap_or_default()),
            ("begun", moving.begun.day_in_words(&zone)),
            ("told", moving.told.map(|at| at.day_in_words(&zone)).unwrap_or_default()),
            ("followers here", seen.followers.to_string()),
        ],
    );
    answers.thing(
        words,
        &json!({
            "handle": seen.actor.handle, "state": moving.state.word(), "target": moving.target,
            "begun": moving.begun.rfc3339(), "told": moving.told.map(folkmoot_domain::Moment::rfc3339), "followers": seen.followers,
        }),
    )?;
    Ok(())
}
