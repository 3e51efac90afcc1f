//! What binds it to others: ties, roles in projects, and what it carries by itself.

use folkmoot_domain::{Refusal, items::ItemKind, text};
use folkmoot_storage::moves::{
    leaves::{AffiliationLeaf, PartnershipLeaf, RuleLeaf},
    unpacking as write,
};

use super::Home;
use crate::{Doing, Result};

/// A tie of its own. It counts only when the other side is found to list it, so nothing is made up here.
pub(super) async fn affiliation(doing: &Doing<'_>, home: &Home, leaf: &AffiliationLeaf) -> Result<()> {
    let ends = write::Ends {
        member: home.actor(doing, &leaf.member).await?,
        umbrella: home.actor(doing, &leaf.umbrella).await?,
        proposer: home.actor(doing, &leaf.proposer).await?,
    };
    if ends.member == ends.umbrella || (ends.member != home.id && ends.umbrella != home.id) {
        return Err(Refusal::field("tie", "is not its own").into());
    }
    let leaf = AffiliationLeaf {
        kind: text::line("kind", &leaf.kind, 40)?,
        mandate: text::paragraphs("mandate", &leaf.mandate, 5_000)?,
        ..leaf.clone()
    };
    let id = home.derived(leaf.proposed, &leaf.uri);
    write::insert_affiliation(&doing.tx, id, ends, &leaf, doing.now).await?;
    Ok(())
}

pub(super) async fn partnership(doing: &Doing<'_>, home: &Home, leaf: &PartnershipLeaf) -> Result<()> {
    let project = home.item(doing, &leaf.project).await?;
    let partner = home.actor(doing, &leaf.partner).await?;
    if project.kind != ItemKind::Project || (project.home != home.id && partner != home.id) {
        return Err(Refusal::field("part", "is not its own").into());
    }
    let leaf = PartnershipLeaf {
        role: text::line("role", &leaf.role, 200)?,
        words: text::paragraphs("words", &leaf.words, 5_000)?,
        answer: text::paragraphs("answer", &leaf.answer, 5_000)?,
        ..leaf.clone()
    };
    let id = home.derived(leaf.offered, &leaf.uri);
    write::insert_partnership(&doing.tx, id, project.id, partner, &leaf).await?;
    Ok(())
}

pub(super) async fn rule(doing: &Doing<'_>, home: &Home, leaf: &RuleLeaf) -> Result<()> {
    let source = home.actor(doing, &leaf.source).await?;
    if source == home.id {
        return Err(Refusal::field("source", "is itself").into());
    }
    let kinds = leaf.kinds.split(',').filter(|word| !word.is_empty());
    if kinds.clone().any(|word| ItemKind::parse(word).is_none()) {
        return Err(Refusal::field("kinds", "names none").into());
    }
    let named = format!("{}\n{}\n{}\n{:?}", leaf.source, leaf.kinds, leaf.cause, leaf.near);
    let id = home.derived(leaf.created, &named).into();
    write::insert_rule(&doing.tx, id, home.id, source, leaf).await.map_err(Into::into)
}
