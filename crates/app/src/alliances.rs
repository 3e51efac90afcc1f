//! Everything one can do with an alliance besides what every association can: found it with its members.
//!
//! An alliance is an ordinary association whose members' items are carried by rule. It owns nothing: what members publish
//! stays theirs, and if the alliance vanishes they lose nothing.

use folkmoot_domain::{
    ActorId, Refusal,
    affiliations::Affiliation,
    associations::{AssociationKind, AssociationSeen, Founding},
};

use crate::{
    App, By, Result,
    affiliations::{self, Asked, Wish},
    associations,
};

/// The fewest associations that make an alliance.
pub const FEWEST: usize = 2;
/// The most that are asked in at once.
pub const MOST: usize = 50;

/// An alliance with what it proposed.
#[derive(Debug, Clone)]
pub struct Founded {
    /// The alliance.
    pub seen: AssociationSeen,
    /// What it proposed to each of those that were named.
    pub proposed: Vec<Affiliation>,
}

/// Founds an alliance and asks its members in, all in one: each is an association here or elsewhere that is known here
/// already. Whose member the founder organises too is a member at once; the others answer on their own boards.
pub async fn found(
    app: &App,
    by: &By,
    founding: Founding,
    organiser: Option<ActorId>,
    members: &[ActorId],
    mandate: &str,
) -> Result<Founded> {
    if members.len() < FEWEST || members.len() > MOST {
        let says = format!("must name {FEWEST} to {MOST} associations, each on a line of its own");
        return Err(Refusal::field("members", says).into());
    }
    let fresh = associations::prepare(app, Founding { kind: AssociationKind::Alliance, ..founding })?;
    let doing = app.begin(by).await?;
    let id = associations::found_within(&doing, fresh, organiser).await?;
    let mut proposed: Vec<Affiliation> = Vec::with_capacity(members.len());
    for with in members {
        let asked = Asked { side: id, with: *with, wish: Wish::Invite, mandate: mandate.to_owned() };
        if proposed.iter().all(|tie| tie.member != *with) {
            proposed.push(Box::pin(affiliations::propose_within(&doing, &asked)).await?);
        }
    }
    doing.done("an alliance was founded").await?;
    Ok(Founded { seen: associations::seen(app, id).await?, proposed })
}
