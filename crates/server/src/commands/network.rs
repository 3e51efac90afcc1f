//! `folkmoot network`: who is tied to whom, as a list or as data.

use anyhow::bail;
use folkmoot_app::{App, network};
use folkmoot_domain::network::{Network, Relation, Tie};
use serde_json::{Value, json};

use super::Answers;
use crate::cli::ShowNetwork;

/// Does what was asked.
pub async fn run(what: &ShowNetwork, app: &App, answers: &mut Answers<'_>) -> anyhow::Result<()> {
    let mut known = network::known(app).await?;
    if let Some(address) = &what.around {
        let wanted = format!("@{}", address.trim_start_matches('@'));
        let found = known.nodes.iter().position(|node| node.address.eq_ignore_ascii_case(&wanted));
        let Some(centre) = found else { bail!("{wanted} is not known here, or does not want to be found") };
        known = known.around(centre, 1);
    }
    if known.ties.is_empty() {
        answers.word("No ties are known here yet.")?;
    }
    for tie in &known.ties {
        if let Some((words, object)) = said(&known, tie) {
            answers.thing(words, &object)?;
        }
    }
    Ok(())
}

fn said(network: &Network, tie: &Tie) -> Option<(String, Value)> {
    let (from, to) = (network.nodes.get(tie.from)?, network.nodes.get(tie.to)?);
    let verb = match tie.relation {
        Relation::Member => "is a member of",
        Relation::WorksWith => "works with",
        Relation::TakesPart => "takes part in a project of",
        Relation::ListensTo => "listens to",
    };
    let mut words = format!("{} {} {verb} {} {}", from.name, from.address, to.name, to.address);
    if let Some((title, _)) = &tie.project {
        words = format!("{words}: {title}");
    }
    if !tie.is_confirmed() {
        let only = if tie.said.from { from } else { to };
        words = format!("{words} (not confirmed: only {} lists it)", only.name);
    }
    let sides = [(tie.said.from, &from.uri), (tie.said.to, &to.uri)];
    let object = json!({
        "from": { "id": from.uri, "name": from.name, "address": from.address },
        "to": { "id": to.uri, "name": to.name, "address": to.address },
        "relation": tie.relation.word(),
        "confirmed": tie.is_confirmed(),
        "saidBy": sides.iter().filter(|(said, _)| *said).map(|(_, uri)| uri).collect::<Vec<_>>(),
        "project": tie.project.as_ref().map(|(title, page)| json!({ "title": title, "page": page })),
    });
    Some((words, object))
}
