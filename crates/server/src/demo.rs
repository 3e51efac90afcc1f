//! `folkmoot demo`: three places on this machine, with samples: one follows another, the third brings both together, over real
//! sockets.
//!
//! Everything is the real thing, in one process: three configurations, three databases, three sealing keys, signed requests
//! between them. Only the names are looked up in a small map, which the configuration says aloud. Start at [`run`].

mod allying;
mod checks;
mod following;
mod places;
mod samples;
mod steps;
#[cfg(test)]
mod tests;

use std::path::Path;

use anyhow::{anyhow, bail};
use folkmoot_app::{By, people};
use folkmoot_storage::associations;
use serde_json::json;

use crate::{
    cli,
    commands::Answers,
    config::{Log, LogLevels},
    serve::{self, Running},
    telemetry,
};
use places::Places;
use steps::Steps;

/// Shows the places until told to stop, or tries everything out once.
pub async fn run(asked: cli::Demo, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    // Whoever logs already (a test) goes on doing so.
    let _ = telemetry::start(&Log { level: LogLevels::warnings(), ..Log::default() });
    let mut told = std::pin::pin!(serve::told_to_stop()?);
    // Deleted at the end, when it was not needed it holds nothing.
    let scratch = tempfile::tempdir()?;
    let folder = asked.folder.as_deref().unwrap_or(scratch.path());
    let mut steps = Steps::new(answers);
    let places = tokio::select! {
        places = Places::start(folder, &mut steps) => places?,
        () = &mut told => bail!("told to stop before it began"),
    };
    let outcome = if asked.once {
        tokio::select! {
            outcome = checks::run(&places, &mut steps) => outcome,
            () = told => Err(anyhow!("told to stop before all was tried")),
        }
    } else {
        show_until(&places, asked.folder.as_deref(), told, answers).await
    };
    places.stop().await;
    outcome
}

async fn show_until(
    places: &Places,
    kept: Option<&Path>,
    told: impl Future<Output = ()>,
    answers: &mut Answers<'_>,
) -> anyhow::Result<()> {
    show(places, kept, answers).await?;
    told.await;
    answers.word("\nStopping; what is under way is finished first.")?;
    Ok(())
}

/// Says where to look, and how to sign in.
async fn show(places: &Places, kept: Option<&Path>, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    answers
        .word("\nThree places on this machine, with samples. Nothing leaves it. Look, in a browser, at:")?;
    for running in places.all() {
        show_place(running, answers).await?;
    }
    answers.word(format!(
        "\n{} follows {}: what is published there is delivered here, signed and over the wire.\n\
         Both are members of {}, which passes on what its members publish: follow that one and hear of them all.",
        places.follower().await?.address(),
        places.followed().await?.address(),
        places.alliance().await?.address()
    ))?;
    match kept {
        Some(folder) => {
            let config = folder.join(places::HYDE.name).join("folkmoot.toml");
            answers.word(format!(
                "Publish something, from another terminal:\n  folkmoot publish call config/examples/call.md --association {} --config {}\n\n\
                 Ctrl-C ends it. Everything stays in {}; the same command goes on from there.",
                samples::FOLLOWED,
                config.display(),
                folder.display()
            ))?;
        }
        None => answers.word("\nCtrl-C ends it, and everything is forgotten; with --folder it is kept.")?,
    }
    answers.flush()?;
    Ok(())
}

async fn show_place(running: &Running, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let app = &running.instance.app;
    let (name, base) = (places::name_of(app), app.addresses.base());
    answers.word(format!("\n{name}   {base}"))?;
    for seen in associations::list(&app.store.rows()).await? {
        let object = json!({ "place": base, "association": seen.actor.address(), "page": seen.actor.page, "name": seen.actor.name });
        answers.thing(format!("  {}   {}", seen.actor.page, seen.actor.name), &object)?;
    }
    answers.word("  To sign in (each link works once, within a day):")?;
    for (organiser, email) in samples::organisers(app) {
        let link = people::sign_in_link(app, &By::operator(), &email).await?;
        let object = json!({ "place": base, "organiser": organiser, "sign_in": link });
        answers.thing(format!("    {organiser}   {link}"), &object)?;
    }
    Ok(())
}
