//! What waits for somebody: letters with links, offers, reports, proposals, drafts.
//!
//! Start at [`wait`].

use std::net::{IpAddr, Ipv4Addr};

use anyhow::{Context as _, Result};
use folkmoot_app::{App, By, drafts, invitations, mails, nominations, offers, people, pictures, reports};
use folkmoot_domain::{
    items::ItemKind,
    moments::DAY,
    nominations::Proposal,
    reports::{Complaint, Reported},
    roles::Role,
};
use serde_json::Value;
use url::Url;

use super::samples::Samples;

/// Where everybody here sent their forms from (RFC 5737), so that nothing counts against the browser's own address.
pub const FROM: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7));

/// A small picture in which one colour runs into another.
pub const PIXELS: &[u8] = include_bytes!("pixels.png");

/// Paths of pages that only their links lead to, by name.
pub struct Waiting(pub Vec<(&'static str, String)>);

/// Lets all of it wait.
pub async fn wait(app: &App, samples: &Samples) -> Result<Waiting> {
    let (ruth, call) = (By::person(samples.ruth.id), samples.item("call")?);
    let mut paths = Vec::new();
    let form = offers::Form {
        needs: &[0, 1],
        name: "Yusuf Abdi",
        email: "yusuf@example.org",
        note: "I have a bicycle trailer.",
        ..offers::Form::default()
    };
    offers::offer(app, FROM, call, &form).await?;
    paths.push(("offer", link_in_letter(app, "yusuf@example.org").await?));
    let spare = offers::Form { name: "Mo", email: "", phone: "0113 496 0000", ..form };
    if let offers::Offered::Stands(receipt) = offers::offer(app, FROM, call, &spare).await? {
        paths.push(("receipt-visitor", app.addresses.receipt(&receipt).path().to_owned()));
    }
    let place = Some((samples.trees, Role::Organiser));
    let invited = invitations::invite(app, &ruth, FROM, "new@example.org", place).await?;
    paths.push(("invitation", invited.path().to_owned()));
    people::ask_for_address(app, FROM, &samples.ruth, "ruth@example.org").await?;
    paths.push(("address", link_in_letter(app, "ruth@example.org").await?));
    let link = people::sign_in_link(app, &By::operator(), &samples.ruth.email).await?;
    paths.push(("sign-in-link", link.path().to_owned()));
    let complaint =
        Complaint::parse("untrue", "The council has not agreed to this.", "neighbour@example.org")?;
    reports::make(app, FROM, None, Reported::Item(call), complaint).await?;
    nominations::propose(app, FROM, proposal()).await?;
    let closes = app.now().plus(12 * DAY).rfc3339();
    let closes = closes.split('T').next().unwrap_or_default();
    paths.push(("draft", draft(app, samples, closes).await?));
    paths.push(("draft-unfinished", draft(app, samples, "").await?));
    pictures::bring(app, &ruth, samples.item("project")?, PIXELS.to_vec(), "Two saplings in the rain")
        .await?;
    let letters = mails::list(app, None, 100).await?;
    let (letter, _) = letters.first().context("no letter was written")?;
    paths.push(("letter", format!("/mail/{}", letter.id)));
    Ok(Waiting(paths))
}

fn proposal() -> Proposal {
    Proposal {
        title: "A water tap on the Moor".to_owned(),
        text: "For bottles, and for dogs.".to_owned(),
        place: None,
        name: "Ida Holt".to_owned(),
        email: "ida@example.org".to_owned(),
    }
}

/// A call that was begun; without a day it is not finished.
async fn draft(app: &App, samples: &Samples, closes: &str) -> Result<String> {
    let title = "Help paint the bandstand";
    let fields = [
        ("title", title),
        ("text", "Brushes are there."),
        ("kind-1", "time"),
        ("label-1", "I can paint"),
        ("wanted-1", "3"),
        ("closes-day", closes),
        ("closes-time", "18:00"),
        ("place", "The bandstand"),
    ];
    let form = drafts::Form {
        home: samples.trees,
        kind: ItemKind::Call,
        title: title.to_owned(),
        fields: fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
    };
    let kept = drafts::keep(app, &By::person(samples.ruth.id), app.id(), form).await?;
    Ok(format!("/desk/new/{}", kept.id))
}

/// The path of the link in the newest letter to somebody.
pub async fn link_in_letter(app: &App, to: &str) -> Result<String> {
    let letters = mails::list(app, None, 100).await?;
    let letter = letters.into_iter().find(|(stored, _)| stored.recipient == to);
    let (_, letter) = letter.with_context(|| format!("nobody wrote to {to}"))?;
    let letter: Value = serde_json::to_value(letter.context("the letter was blanked")?)?;
    let link: Url = letter["link"].as_str().context("a letter without a link")?.parse()?;
    Ok(link.path().to_owned())
}
