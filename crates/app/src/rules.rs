//! Everything one can do with a rule by which an association carries: make it, end it; and what it finds.

use folkmoot_domain::{
    ActorId, Refusal, RuleId,
    actors::Actor,
    causes as cause_rules,
    items::ItemKind,
    roles::Act,
    rules::{Near, Rule},
};
use folkmoot_storage::{actors, rules};

use crate::{App, By, Doing, Result, associations, carries, connections};

/// So many of the newest things of its source a new rule looks back at.
const LOOKS_BACK: u64 = 50;
/// More rules than this one association does not keep in mind.
const MANY: usize = 200;

/// What a rule is to find; empty and none for everything.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Draft {
    /// Only these kinds.
    pub kinds: Vec<ItemKind>,
    /// Only what fights for this cause, as a hashtag.
    pub cause: Option<String>,
    /// Only what is near.
    pub near: Option<Near>,
    /// Does an organiser look first?
    pub review: bool,
}

/// One rule and whom it is about.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleSeen {
    /// The rule.
    pub rule: Rule,
    /// From whom it carries.
    pub source: Actor,
}

/// An organiser makes a rule. Their association listens to the source from then on, if it did not.
pub async fn make(app: &App, by: &By, carrier: ActorId, source: ActorId, draft: Draft) -> Result<Rule> {
    let doing = app.begin(by).await?;
    doing.authorise(carrier, Act::Organise).await?;
    associations::open(&doing, carrier).await?;
    let cause = draft.cause.filter(|cause| !cause.trim().is_empty());
    let cause = cause.map(|cause| cause_rules::tag(&cause)).transpose()?;
    let rule = Rule {
        id: app.id(),
        carrier,
        source,
        kinds: draft.kinds,
        cause: cause.map(|cause| cause_rules::key(&cause)),
        near: draft.near,
        review: draft.review,
        affiliation: None,
        created: doing.now,
    };
    let known = rules::of_carrier(&doing.tx.rows(), carrier).await?;
    if let Some(same) = known.iter().find(|known| same(known, &rule)) {
        return Ok(same.clone());
    }
    if known.len() >= MANY {
        return Err(Refusal::field("rule", format!("there are {MANY} already; end one first")).into());
    }
    connections::begin(&doing, carrier, &source_of(&doing, &rule).await?).await?;
    make_within(&doing, &rule).await?;
    doing.done("a rule was made").await?;
    Ok(rule)
}

/// Does one find just what the other finds?
fn same(one: &Rule, other: &Rule) -> bool {
    let key =
        |rule: &Rule| (rule.source, rule.kinds.clone(), rule.cause.clone(), rule.review, rule.affiliation);
    key(one) == key(other) && one.near == other.near
}

/// An organiser ends a rule. With `carries`, what it carried is taken down too.
pub async fn end(app: &App, by: &By, id: RuleId, carries: bool) -> Result<()> {
    let doing = app.begin(by).await?;
    let rule = rules::living(&doing.tx.rows(), id).await?.ok_or(Refusal::Unknown("rule"))?;
    doing.authorise(rule.carrier, Act::Organise).await?;
    if rule.affiliation.is_some() {
        let words = "belongs to an affiliation, and ends with it; end the affiliation";
        return Err(Refusal::field("rule", words).into());
    }
    end_within(&doing, id, carries).await?;
    doing.done("a rule was ended").await
}

/// The living rules of one of ours, oldest first, with whom they are about.
pub async fn list(app: &App, carrier: ActorId) -> Result<Vec<RuleSeen>> {
    let rows = app.store.rows();
    let found = rules::of_carrier(&rows, carrier).await?;
    let sources = actors::many(&rows, found.iter().map(|rule| rule.source)).await?;
    let seen = found.into_iter().filter_map(|rule| {
        let source = sources.get(&rule.source)?.clone();
        Some(RuleSeen { rule, source })
    });
    Ok(seen.collect())
}

/// Makes a rule as part of something else that is done; what its source published lately is looked at too.
pub(crate) async fn make_within(doing: &Doing<'_>, rule: &Rule) -> Result<()> {
    rules::insert(&doing.tx, rule).await?;
    carries::back_to(doing, rule, LOOKS_BACK).await
}

async fn source_of(doing: &Doing<'_>, rule: &Rule) -> Result<Actor> {
    if rule.carrier == rule.source {
        return Err(Refusal::field("source", "is the association itself; its followers have it all").into());
    }
    Ok(actors::find(&doing.tx.rows(), rule.source).await?.ok_or(Refusal::Unknown("source"))?)
}

/// Ends a rule as part of something else that is done. With `carries`, what it carried is taken down too.
pub(crate) async fn end_within(doing: &Doing<'_>, rule: RuleId, carries: bool) -> Result<()> {
    if rules::end(&doing.tx, rule, doing.now).await? && carries {
        carries::without_rule(doing, rule, "the rule that carried it was ended").await?;
    }
    Ok(())
}

/// The living rules of a carrier for a source.
pub(crate) async fn between(doing: &Doing<'_>, carrier: ActorId, source: ActorId) -> Result<Vec<Rule>> {
    Ok(rules::between(&doing.tx.rows(), carrier, source).await?)
}
