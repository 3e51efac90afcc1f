//! Everything one can do with a role in another's project: offer to take it, answer, end it; here and from afar.
//!
//! Only the partner offers and takes back, only the project's home answers, either ends it. Between two of ours it needs
//! no wire; otherwise each side keeps the row of it and tells the other. Start at [`offer`].

#[cfg(test)]
mod tests;

use folkmoot_domain::{
    ActivityId, ActorId, ItemId, Moment, PartnershipId, Refusal,
    actors::{Actor, ActorKind},
    audiences::Reach,
    changes::ChangeKind,
    heard::{Heard, HeardNoun},
    items::{Item, ItemKind},
    partnerships::{self as rules, Partnership, PartnershipSeen, PartnershipState},
    roles::{Act, Who},
};
use folkmoot_storage::{
    Rows, actors, associations as association_rows, items as item_rows, partnerships, tombstones,
};
use url::Url;

use crate::{App, By, Doing, Result, associations, blocks, items, letters};

/// One of ours offers to take a role in a project, here or elsewhere.
pub async fn offer(
    app: &App,
    by: &By,
    partner: ActorId,
    project: ItemId,
    role: &str,
    words: &str,
) -> Result<PartnershipSeen> {
    let doing = app.begin(by).await?;
    doing.authorise(partner, Act::Organise).await?;
    associations::open(&doing, partner).await?;
    let (item, home) = partnered(&doing.tx.rows(), project).await?;
    if home.id == partner {
        return Err(Refusal::field("project", "is your own; it needs no offer").into());
    }
    if !home.local && blocks::is_blocked(app, &home.host).await? {
        return Err(Refusal::Blocked(home.host).into());
    }
    if let Some(known) = partnerships::between(&doing.tx.rows(), project, partner).await?
        && known.state.is_alive()
    {
        return Err(Refusal::field("project", "is one that you have offered to take part in already").into());
    }
    let id: PartnershipId = app.id();
    let offered = Partnership {
        id,
        uri: app.addresses.partnership(id).into(),
        project: item.id,
        partner,
        role: rules::role(role)?,
        words: rules::said("words", words)?,
        answer: String::new(),
        state: PartnershipState::Offered,
        offer: app.addresses.activity(ActivityId(id.0)).into(),
        offered: doing.now,
        answered: None,
        ended: None,
        ended_by: None,
    };
    partnerships::insert(&doing.tx, &offered).await?;
    if home.local {
        letters::partnership_waits(&doing, id).await?;
    } else {
        doing.change(ChangeKind::PartnershipOffered, partner, id.0, Some(project.0)).await?;
    }
    doing.done("a role in a project was offered").await?;
    seen(app, id).await
}

/// The home of a project says yes or no.
pub async fn answer(
    app: &App,
    by: &By,
    id: PartnershipId,
    yes: bool,
    words: &str,
) -> Result<PartnershipSeen> {
    let doing = app.begin(by).await?;
    let found = partnerships::seen(&doing.tx.rows(), id).await?.ok_or(Refusal::Unknown("offer"))?;
    if !found.home.local {
        return Err(Refusal::NotHere.into());
    }
    doing.authorise(found.home.id, Act::Organise).await?;
    let mut partnership = found.partnership;
    partnership.answer(yes, words, doing.now)?;
    partnerships::update(&doing.tx, &partnership).await?;
    if found.partner.local {
        letters::partnership_answered(&doing, id).await?;
    } else {
        doing.change(ChangeKind::PartnershipAnswered, found.home.id, id.0, Some(found.project.id.0)).await?;
    }
    if yes {
        partners_changed(&doing, found.project).await?;
    }
    doing.done("a role in a project was answered").await?;
    seen(app, id).await
}

/// Either side ends it: the partner takes its offer or its part back, the home lets it go. Twice is once.
pub async fn end(app: &App, by: &By, id: PartnershipId) -> Result<()> {
    let doing = app.begin(by).await?;
    let found = partnerships::seen(&doing.tx.rows(), id).await?.ok_or(Refusal::Unknown("offer"))?;
    let (speaker, other) = side(&doing, &found).await?;
    let held = found.partnership.state == PartnershipState::Accepted;
    let mut partnership = found.partnership;
    if !partnership.end(speaker.id, doing.now) {
        return doing.done("a role in a project that was over already").await;
    }
    partnerships::update(&doing.tx, &partnership).await?;
    if other.local {
        letters::partnership_ended(&doing, id, other.id).await?;
    } else {
        doing.change(ChangeKind::PartnershipEnded, speaker.id, id.0, Some(found.project.id.0)).await?;
    }
    if held && found.home.local {
        partners_changed(&doing, found.project).await?;
    }
    doing.done("a role in a project was ended").await
}

/// For which side whoever asks may end it, and who is on the other. Whoever runs the server speaks for the one that is
/// here, for the home when both are.
async fn side(doing: &Doing<'_>, found: &PartnershipSeen) -> Result<(Actor, Actor)> {
    let mut refused = Refusal::NotHere.into();
    for (one, other) in [(&found.home, &found.partner), (&found.partner, &found.home)] {
        if !one.local {
            continue;
        }
        match doing.authorise(one.id, Act::Organise).await {
            Ok(()) => return Ok((one.clone(), other.clone())),
            Err(error) => refused = error,
        }
    }
    Err(refused)
}

/// Others see who takes part, so that this is an edit of the project.
async fn partners_changed(doing: &Doing<'_>, mut project: Item) -> Result<()> {
    if project.deleted.is_some() || !doing.app.addresses.is_ours(&project.uri) {
        return Ok(());
    }
    items::touch(doing, &mut project).await?;
    doing.change(ChangeKind::Edited, project.home, project.id.0, None).await
}

/// A project that somebody runs, and who does.
async fn partnered(rows: &Rows<'_>, project: ItemId) -> Result<(Item, Actor)> {
    let item = item_rows::find(rows, project).await?;
    let item = item
        .filter(|item| item.kind == ItemKind::Project && item.deleted.is_none() && item.reach.may_be_shown())
        .ok_or(Refusal::Unknown("project"))?;
    let home = actors::find(rows, item.home).await?.filter(|home| home.gone.is_none());
    let home = home.ok_or(Refusal::Unknown("project"))?;
    if home.kind == ActorKind::Application {
        let why = "is one that nobody runs yet; ask the stewards of the board whether you can take it up";
        return Err(Refusal::field("project", why).into());
    }
    Ok((item, home))
}

/// An offer that came from elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FromAfar<'a> {
    /// The id of the `Offer`.
    pub offer: &'a str,
    /// The id of the tie.
    pub tie: &'a str,
    /// The project, one of ours.
    pub project: ItemId,
    /// As what.
    pub role: &'a str,
    /// What they say.
    pub words: &'a str,
    /// When they say they offered.
    pub published: Option<Moment>,
}

/// An association elsewhere offers to take a role in a project of ours. Twice is once; of two offers the newer counts; what
/// was taken back stays so.
pub async fn offered(app: &App, by: &By, afar: &FromAfar<'_>) -> Result<()> {
    let doing = app.begin(by).await?;
    let partner = doing.remote()?;
    let rows = doing.tx.rows();
    let (item, home) = partnered(&rows, afar.project).await?;
    let kind = actors::find(&rows, partner).await?.map(|partner| partner.kind);
    if !home.local || !matches!(kind, Some(ActorKind::Group | ActorKind::Organization)) {
        return Err(Refusal::Unknown("project").into());
    }
    if tombstones::is_dead(&rows, afar.offer).await? {
        return doing.done("an offer that was taken back before").await;
    }
    let offered = afar.published.map_or(doing.now, |at| at.min(doing.now));
    if let Some(known) = partnerships::between(&rows, item.id, partner).await? {
        if known.offer == afar.offer {
            return doing.done("an offer that is here already").await;
        }
        let (dead, newer) = match known.is_older_than(offered, afar.offer) {
            true => (known.offer.as_str(), true),
            false => (afar.offer, false),
        };
        tombstones::insert(&doing.tx, dead, doing.now).await?;
        if !newer {
            return doing.done("an offer that made way for a newer one").await;
        }
    }
    if partnerships::by_offer(&rows, afar.offer).await?.is_some()
        || partnerships::by_uri(&rows, afar.tie)
            .await?
            .is_some_and(|known| known.partner != partner || known.project != item.id)
    {
        return Err(Refusal::NotTheOwner(afar.offer.to_owned()).into());
    }
    if partnerships::waiting_at(&rows, item.id).await? >= rules::WAITING {
        return Err(Refusal::TooOften { seconds: 3_600 }.into());
    }
    take(&doing, partner, &item, afar, offered).await?;
    doing.done("a role in a project was offered").await
}

async fn take(
    doing: &Doing<'_>,
    partner: ActorId,
    item: &Item,
    afar: &FromAfar<'_>,
    offered: Moment,
) -> Result<()> {
    let held = partnerships::takes_part(&doing.tx.rows(), item.id, partner).await?;
    let role: String = afar.role.chars().take(rules::ROLE).collect();
    let words: String = afar.words.chars().take(rules::WORDS).collect();
    let id: PartnershipId = doing.app.id();
    let partnership = Partnership {
        id,
        uri: afar.tie.to_owned(),
        project: item.id,
        partner,
        role: if role.trim().is_empty() { "partner".to_owned() } else { role.trim().to_owned() },
        words,
        answer: String::new(),
        state: PartnershipState::Offered,
        offer: afar.offer.to_owned(),
        offered,
        answered: None,
        ended: None,
        ended_by: None,
    };
    partnerships::insert(&doing.tx, &partnership).await?;
    if held {
        partners_changed(doing, item.clone()).await?;
    }
    letters::partnership_waits(doing, id).await
}

/// The home of a project elsewhere says yes or no to one of ours, or ends it later. False when nothing of that id was
/// offered from here.
pub async fn heard(app: &App, by: &By, offer: &str, yes: bool, words: &str) -> Result<bool> {
    let doing = app.begin(by).await?;
    let sender = doing.remote()?;
    let Some(known) = partnerships::by_offer(&doing.tx.rows(), offer).await? else { return Ok(false) };
    let found = partnerships::seen(&doing.tx.rows(), known.id).await?.ok_or(Refusal::Unknown("offer"))?;
    if !found.partner.local {
        return Ok(false);
    }
    if found.home.id != sender {
        return Err(Refusal::NotTheOwner(offer.to_owned()).into());
    }
    let mut partnership = found.partnership;
    if !partnership.heard(yes, words, sender, doing.now) {
        doing.done("an answer that is known").await?;
        return Ok(true);
    }
    partnerships::update(&doing.tx, &partnership).await?;
    match partnership.state {
        PartnershipState::Ended => {
            letters::partnership_ended(&doing, partnership.id, found.partner.id).await?
        }
        _ => letters::partnership_answered(&doing, partnership.id).await?,
    }
    doing.done("a role in a project elsewhere was answered").await?;
    Ok(true)
}

/// A partner elsewhere takes its offer or its part back: by the id of the offer, or of the tie. False when there is none.
pub async fn taken_back(app: &App, by: &By, offer: Option<&str>, tie: &str) -> Result<bool> {
    let doing = app.begin(by).await?;
    let sender = doing.remote()?;
    let rows = doing.tx.rows();
    let known = match offer {
        Some(offer) => partnerships::by_offer(&rows, offer).await?,
        None => partnerships::by_uri(&rows, tie).await?,
    };
    let Some(mut known) = known else { return Ok(false) };
    if known.partner != sender {
        return Err(Refusal::NotTheOwner(known.offer).into());
    }
    let held = known.state == PartnershipState::Accepted;
    if known.end(sender, doing.now) {
        partnerships::update(&doing.tx, &known).await?;
        let project = item_rows::find(&doing.tx.rows(), known.project).await?;
        if let Some(project) = project.filter(|_| held) {
            letters::partnership_ended(&doing, known.id, project.home).await?;
            partners_changed(&doing, project).await?;
        }
    }
    doing.done("a role in a project was taken back").await?;
    Ok(true)
}

/// An actor is gone: its roles end with it.
pub(crate) async fn end_all_of(doing: &Doing<'_>, gone: ActorId) -> Result<()> {
    for mut partnership in partnerships::by_partner(&doing.tx.rows(), gone).await? {
        if partnership.end(gone, doing.now) {
            partnerships::update(&doing.tx, &partnership).await?;
        }
    }
    Ok(())
}

/// May an association publish under this project? It is its own, it takes part in it, or it is nobody's on this board yet.
pub(crate) async fn may_publish_under(doing: &Doing<'_>, home: ActorId, project: ItemId) -> Result<()> {
    let rows = doing.tx.rows();
    let item = item_rows::find(&rows, project).await?;
    let item = item
        .filter(|item| {
            item.kind == ItemKind::Project && item.deleted.is_none() && item.reach != Reach::Direct
        })
        .ok_or_else(|| Refusal::field("project", "there is no such project here"))?;
    let here = doing.app.addresses.is_ours(&item.uri);
    let nobodys = here && association_rows::find(&rows, item.home).await?.is_none();
    if item.home == home || nobodys || partnerships::takes_part(&rows, project, home).await? {
        return Ok(());
    }
    let why = "belongs to somebody else; offer to take part in it first";
    Err(Refusal::field("project", why).into())
}

/// Is something that was published elsewhere bound for here, although nobody here listens to its author? It takes up an
/// idea of ours, or a partner publishes it under a project of ours.
pub async fn is_bound_here(app: &App, author: &Actor, heard: &Heard) -> Result<bool> {
    let rows = app.store.rows();
    let group = matches!(author.kind, ActorKind::Group | ActorKind::Organization);
    let ours = async |uri: &Url| -> Result<Option<ItemId>> {
        if !group || !app.addresses.is_ours(uri) {
            return Ok(None);
        }
        let known = item_rows::by_uri(&rows, uri.as_str()).await?;
        Ok(known.filter(|item| item.kind == ItemKind::Project && item.deleted.is_none()).map(|item| item.id))
    };
    match &heard.noun {
        HeardNoun::Project { parent: Some(parent), .. } => Ok(ours(parent).await?.is_some()),
        HeardNoun::Call { project: Some(project), .. } | HeardNoun::Event { project: Some(project), .. } => {
            match ours(project).await? {
                Some(project) => Ok(partnerships::takes_part(&rows, project, author.id).await?),
                None => Ok(false),
            }
        }
        _ => Ok(false),
    }
}

/// One partnership with both sides.
pub async fn seen(app: &App, id: PartnershipId) -> Result<PartnershipSeen> {
    Ok(partnerships::seen(&app.store.rows(), id).await?.ok_or(Refusal::Unknown("offer"))?)
}

/// Everything that concerns an association, for those who organise it.
pub async fn of(app: &App, by: &By, association: ActorId) -> Result<Vec<PartnershipSeen>> {
    let doing = app.begin(&By { who: by.who, arrival: None }).await?;
    if !matches!(by.who, Who::Operator) {
        doing.authorise(association, Act::Organise).await?;
    }
    Ok(partnerships::of(&doing.tx.rows(), association).await?)
}
