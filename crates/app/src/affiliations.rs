//! Everything one can do with a tie between two associations: propose it, answer it, end it, look whether it stands.
//!
//! Only the two sides do anything; what the side elsewhere does comes in through the functions that end in `from_afar`.
//! A member's tie makes its alliance listen to it and carry it, and the end of the tie ends both ([`effects`]). Start at
//! [`propose`].

mod effects;
mod letters;
#[cfg(test)]
mod tests;

use folkmoot_domain::{
    ActivityId, ActorId, AffiliationId, Refusal,
    actors::Actor,
    affiliations::{
        self as rules, Affiliation, Look, OFFERS, Proposal, TieKind, TieSeen, TieState, WAITING, Word,
    },
    changes::ChangeKind,
    moments::HOUR,
    people::Person,
    roles::{Act, Role, Who},
};
use folkmoot_storage::{actors, affiliations, people, tombstones};
use url::Url;

use crate::{App, By, Doing, Result, associations};

/// What one of ours wants to be to somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// A member of that alliance.
    Join,
    /// The alliance of that member.
    Invite,
    /// One that works with them.
    Partner,
}

/// A tie that one of ours proposes.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Who proposes: one of ours.
    pub side: ActorId,
    /// To whom: an actor here or elsewhere.
    pub with: ActorId,
    /// What they would be to each other.
    pub wish: Wish,
    /// What for, in plain words; may be empty.
    pub mandate: String,
}

/// Proposes a tie, to be answered by the organisers of the other side. Where the same person organises both it stands at
/// once, and where the other side has proposed it already this is the answer.
pub async fn propose(app: &App, by: &By, asked: &Asked) -> Result<Affiliation> {
    let doing = app.begin(by).await?;
    let tie = Box::pin(propose_within(&doing, asked)).await?;
    doing.done("a tie was proposed").await?;
    Ok(tie)
}

/// The same, as part of something else that is done.
pub(crate) async fn propose_within(doing: &Doing<'_>, asked: &Asked) -> Result<Affiliation> {
    let Asked { side, with, wish, .. } = *asked;
    doing.authorise(side, Act::Organise).await?;
    associations::open(doing, side).await?;
    let (member, umbrella, kind) = match wish {
        Wish::Join => (side, with, TieKind::Member),
        Wish::Invite => (with, side, TieKind::Member),
        Wish::Partner => (side, with, TieKind::Partner),
    };
    may_be_tied(doing, member, umbrella, kind).await?;
    let id: AffiliationId = doing.app.id();
    let offer = doing.app.addresses.activity(doing.app.id::<ActivityId>()).into();
    let uri = doing.app.addresses.affiliation(id);
    let mandate = asked.mandate.clone();
    let proposal =
        Proposal { id, uri, offer, member, umbrella, kind, mandate, proposer: side, at: doing.now };
    let tie = Affiliation::propose(proposal)?;
    doing.tx.lock("folkmoot ties").await?;
    let known = affiliations::offers(&doing.tx.rows(), side, with).await?;
    if known.iter().any(|known| known.is_same_tie(&tie) && known.state == TieState::Accepted) {
        return Err(Refusal::field("with", "is tied to this association already").into());
    }
    // Twice is once, and what the other side proposed needs our yes alone.
    let waits = known.iter().find(|known| known.is_same_tie(&tie) && known.state == TieState::Proposed);
    if let Some(waits) = waits {
        let mut waits = waits.clone();
        if waits.asked() == side {
            say(doing, &mut waits, side, Word::Accept).await?;
        }
        return Ok(waits);
    }
    Box::pin(bring(doing, tie, known.len())).await
}

/// A new offer of ours.
async fn bring(doing: &Doing<'_>, mut tie: Affiliation, known: usize) -> Result<Affiliation> {
    if known >= OFFERS {
        return Err(Refusal::field("with", "and this association have tried this too often").into());
    }
    affiliations::insert(&doing.tx, &tie).await?;
    doing.change(ChangeKind::AffiliationProposed, tie.proposer, tie.id.0, None).await?;
    if organises(doing, tie.asked()).await? {
        hear(doing, &mut tie, Word::Accept).await?;
    } else {
        letters::proposed(doing, &tie).await?;
    }
    Ok(tie)
}

/// Does whoever asks organise this one of ours too? The operator stands for nobody here.
async fn organises(doing: &Doing<'_>, side: ActorId) -> Result<bool> {
    let Who::Person(person) = doing.by.who else { return Ok(false) };
    let roles = people::roles(&doing.tx.rows(), person, side).await?;
    Ok(roles.contains(&Role::Organiser))
}

async fn may_be_tied(doing: &Doing<'_>, member: ActorId, umbrella: ActorId, kind: TieKind) -> Result<()> {
    Ok(rules::may_be_tied(&actor(doing, member).await?, &actor(doing, umbrella).await?, kind)?)
}

async fn actor(doing: &Doing<'_>, id: ActorId) -> Result<Actor> {
    Ok(actors::find(&doing.tx.rows(), id).await?.ok_or(Refusal::Unknown("association"))?)
}

/// An organiser of the side that was asked says yes or no.
pub async fn answer(app: &App, by: &By, id: AffiliationId, yes: bool) -> Result<Affiliation> {
    let doing = app.begin(by).await?;
    doing.tx.lock("folkmoot ties").await?;
    let mut tie = known(&doing, id).await?;
    let side = tie.asked();
    ours(&doing, side).await?;
    doing.authorise(side, Act::Organise).await?;
    if tie.state != TieState::Proposed {
        return Err(Refusal::Over(tie.state.word()).into());
    }
    say(&doing, &mut tie, side, if yes { Word::Accept } else { Word::Reject }).await?;
    doing.done("a tie was answered").await?;
    Ok(tie)
}

/// An organiser of one side wants no more of it, whether it was answered or not. It ends at once, here and for those who
/// hear of it; should the other side be silent for good it is over all the same.
pub async fn end(app: &App, by: &By, side: ActorId, id: AffiliationId) -> Result<()> {
    let doing = app.begin(by).await?;
    doing.tx.lock("folkmoot ties").await?;
    let tie = known(&doing, id).await?;
    if !tie.is_of(side) {
        return Err(Refusal::Unknown("tie").into());
    }
    ours(&doing, side).await?;
    doing.authorise(side, Act::Organise).await?;
    if !tie.state.lives() {
        return Err(Refusal::Over(tie.state.word()).into());
    }
    end_within(&doing, side, &tie).await?;
    doing.done("a tie was ended").await
}

/// Every offer that makes this tie ends, said by one side.
async fn end_within(doing: &Doing<'_>, side: ActorId, tie: &Affiliation) -> Result<()> {
    let offers = affiliations::offers(&doing.tx.rows(), tie.member, tie.umbrella).await?;
    for mut offer in offers.into_iter().filter(|offer| offer.is_same_tie(tie) && offer.state.lives()) {
        let word = if offer.proposer == side { Word::Undo } else { Word::Reject };
        say(doing, &mut offer, side, word).await?;
    }
    Ok(())
}

/// Everything that ties this one of ours to others ends: it closes.
pub(crate) async fn end_all_within(doing: &Doing<'_>, side: ActorId) -> Result<()> {
    for tie in affiliations::living(&doing.tx.rows(), side).await? {
        end_within(doing, side, &tie).await?;
    }
    Ok(())
}

/// Somebody elsewhere is gone: what tied it to ours is over, and nobody is told but us.
pub(crate) async fn gone_within(doing: &Doing<'_>, gone: ActorId) -> Result<()> {
    for mut tie in affiliations::living(&doing.tx.rows(), gone).await? {
        let word = if tie.proposer == gone { Word::Undo } else { Word::Reject };
        hear(doing, &mut tie, word).await?;
    }
    Ok(())
}

/// One of ours says something, and others hear it.
async fn say(doing: &Doing<'_>, tie: &mut Affiliation, side: ActorId, word: Word) -> Result<()> {
    if !Box::pin(hear(doing, tie, word)).await? {
        return Ok(());
    }
    let (kind, words) = match word {
        Word::Accept => (ChangeKind::AffiliationAnswered, "accept"),
        // Before it was a tie a no is an answer, after that an end; on the wire it is the same.
        Word::Reject if tie.state == TieState::Declined => (ChangeKind::AffiliationAnswered, "reject"),
        Word::Reject => (ChangeKind::AffiliationEnded, "reject"),
        Word::Undo => (ChangeKind::AffiliationEnded, "undo"),
    };
    doing.change_saying(kind, side, tie.id.0, None, words).await?;
    letters::said(doing, tie, side).await
}

/// Something is said about an offer, by whom only its word can be. True when it is new; what follows from it is done.
async fn hear(doing: &Doing<'_>, tie: &mut Affiliation, word: Word) -> Result<bool> {
    let by = if word == Word::Undo { tie.proposer } else { tie.asked() };
    let before = tie.clone();
    if !tie.hear(by, word, doing.now)? {
        return Ok(false);
    }
    if tie.state == TieState::Accepted {
        let other = sides(doing, tie).await?.into_iter().find(|side| !side.local);
        if let Some(other) = other {
            tie.look_from(other.id == tie.proposer, doing.now);
        }
    }
    affiliations::update(&doing.tx, tie).await?;
    Box::pin(effects::follow(doing, &before, tie)).await?;
    Ok(true)
}

async fn sides(doing: &Doing<'_>, tie: &Affiliation) -> Result<Vec<Actor>> {
    Ok(actors::many(&doing.tx.rows(), [tie.member, tie.umbrella]).await?.into_values().collect())
}

async fn known(doing: &Doing<'_>, id: AffiliationId) -> Result<Affiliation> {
    Ok(affiliations::find(&doing.tx.rows(), id).await?.ok_or(Refusal::Unknown("tie"))?)
}

async fn ours(doing: &Doing<'_>, side: ActorId) -> Result<()> {
    if actor(doing, side).await?.local { Ok(()) } else { Err(Refusal::NotHere.into()) }
}

/// A tie that somebody elsewhere proposes to one of ours.
#[derive(Debug, Clone)]
pub struct FromAfar {
    /// The id of the activity.
    pub offer: String,
    /// The id of the tie, of the origin of who proposes.
    pub uri: Url,
    /// Who would be the member; of partners the one that proposes.
    pub member: ActorId,
    /// Who would be the alliance; of partners the other one.
    pub umbrella: ActorId,
    /// What they would be to each other.
    pub kind: TieKind,
    /// What for.
    pub mandate: String,
    /// The consent of who proposes to stand in the other's collection (FEP-7aa9).
    pub stamp: Option<Url>,
}

/// An association elsewhere proposes a tie to one of ours. Repeated it is answered again, since the answer may have been
/// lost; where ours has proposed the same, both have said yes.
pub async fn proposed_from_afar(app: &App, by: &By, proposed: FromAfar) -> Result<()> {
    let doing = app.begin(by).await?;
    let (proposer, rows) = (doing.remote()?, doing.tx.rows());
    doing.tx.lock("folkmoot ties").await?;
    let FromAfar { offer, uri, member, umbrella, kind, mandate, stamp } = proposed;
    let (mandate, id, at) = (mandate.chars().take(rules::MANDATE).collect(), app.id(), doing.now);
    let proposal = Proposal { id, uri, offer, member, umbrella, kind, mandate, proposer, at };
    let tie = Affiliation { stamp: stamp.map(String::from), ..Affiliation::propose(proposal)? };
    ours(&doing, tie.asked()).await?;
    if tombstones::is_dead(&rows, &tie.offer).await? {
        return doing.done("this tie was taken back before it was offered").await;
    }
    if let Some(known) = affiliations::by_offer(&rows, &tie.offer).await? {
        return repeated(doing, &tie, &known).await;
    }
    may_be_tied(&doing, member, umbrella, kind).await?;
    associations::open(&doing, tie.asked()).await?;
    let offers = affiliations::offers(&rows, member, umbrella).await?;
    let full = affiliations::waiting(&rows, tie.asked()).await? >= WAITING;
    if full || offers.len() >= OFFERS || affiliations::by_uri(&rows, tie.uri.as_str()).await?.is_some() {
        return Err(Refusal::field("tie", "cannot be taken: there are too many, or this one is known").into());
    }
    Box::pin(arrive(doing, tie, &offers)).await
}

/// Repeated, an offer changes nothing; a yes that was given is given again.
async fn repeated(doing: Doing<'_>, tie: &Affiliation, known: &Affiliation) -> Result<()> {
    if !known.is_same_tie(tie) || known.proposer != tie.proposer {
        return Err(Refusal::NotTheOwner("this tie".into()).into());
    }
    if known.state == TieState::Accepted {
        let kind = ChangeKind::AffiliationAnswered;
        doing.change_saying(kind, known.asked(), known.id.0, None, "accept").await?;
    }
    doing.done("a tie was offered again").await
}

async fn arrive(doing: Doing<'_>, mut tie: Affiliation, offers: &[Affiliation]) -> Result<()> {
    affiliations::insert(&doing.tx, &tie).await?;
    let wanted = offers
        .iter()
        .any(|offer| offer.is_same_tie(&tie) && offer.state.lives() && offer.proposer == tie.asked());
    if wanted {
        let side = tie.asked();
        say(&doing, &mut tie, side, Word::Accept).await?;
    } else {
        letters::proposed(&doing, &tie).await?;
    }
    doing.done("a tie is proposed").await
}

/// The side elsewhere says yes or no to what one of ours proposed; a no after a yes ends it. With a yes may come its consent
/// to stand in our collection (FEP-7aa9).
pub async fn answered_from_afar(
    app: &App,
    by: &By,
    id: AffiliationId,
    yes: bool,
    stamp: Option<&Url>,
) -> Result<()> {
    said_from_afar(app, by, id, if yes { Word::Accept } else { Word::Reject }, stamp).await
}

/// The side elsewhere takes back what it proposed, or ends it.
pub async fn taken_back_from_afar(app: &App, by: &By, id: AffiliationId) -> Result<()> {
    said_from_afar(app, by, id, Word::Undo, None).await
}

async fn said_from_afar(
    app: &App,
    by: &By,
    id: AffiliationId,
    word: Word,
    stamp: Option<&Url>,
) -> Result<()> {
    let doing = app.begin(by).await?;
    let speaker = doing.remote()?;
    doing.tx.lock("folkmoot ties").await?;
    let mut tie = known(&doing, id).await?;
    let speaks = if word == Word::Undo { tie.proposer } else { tie.asked() };
    if speaker != speaks {
        return Err(Refusal::NotTheOwner("this tie".into()).into());
    }
    tie.stamp = stamp.map(Url::to_string).or(tie.stamp);
    if Box::pin(hear(&doing, &mut tie, word)).await? {
        letters::said(&doing, &tie, speaker).await?;
    }
    doing.done("the other side of a tie has spoken").await
}

/// Ties whose other side is to be asked whether it lists them.
pub async fn to_look_at(app: &App, limit: u64) -> Result<Vec<TieSeen>> {
    let rows = app.store.rows();
    let due = affiliations::due(&rows, app.now(), limit).await?;
    Ok(affiliations::seen(&rows, due).await?)
}

/// What a look at the list of the other side gave.
pub async fn looked(app: &App, id: AffiliationId, look: Look) -> Result<()> {
    let doing = app.begin(&By::operator()).await?;
    doing.tx.lock("folkmoot ties").await?;
    let mut tie = known(&doing, id).await?;
    let Some(other) = sides(&doing, &tie).await?.into_iter().find(|side| !side.local) else {
        return Err(Refusal::Unknown("other side of this tie").into());
    };
    let mut random = [0; 2];
    app.random.fill(&mut random);
    let spread = HOUR * i64::from(u16::from_be_bytes(random)) / i64::from(u16::MAX);
    let before = tie.clone();
    tie.looked(other.id, look, spread, doing.now);
    affiliations::update(&doing.tx, &tie).await?;
    Box::pin(effects::follow(&doing, &before, &tie)).await?;
    if before.state != tie.state {
        letters::said(&doing, &tie, other.id).await?;
    }
    doing.done("a tie was looked at").await
}

/// The ties of one of ours, for its organisers: one for each other and kind.
pub async fn of(app: &App, by: &By, side: ActorId) -> Result<Vec<TieSeen>> {
    let doing = app.begin(by).await?;
    doing.authorise(side, Act::Organise).await?;
    let rows = doing.tx.rows();
    Ok(affiliations::seen(&rows, affiliations::of(&rows, side).await?).await?)
}

/// What waits for an answer of somebody who organises: whose association, and what is proposed to it.
pub async fn waiting(app: &App, person: &Person) -> Result<Vec<(ActorId, TieSeen)>> {
    let rows = app.store.rows();
    let mut waiting = Vec::new();
    for (side, role) in people::associations_of(&rows, person.id).await? {
        if role != Role::Organiser {
            continue;
        }
        let ties = affiliations::of(&rows, side).await?;
        let asked = |tie: &Affiliation| tie.state == TieState::Proposed && tie.asked() == side;
        let ties = ties.into_iter().filter(asked).collect();
        waiting.extend(affiliations::seen(&rows, ties).await?.into_iter().map(|tie| (side, tie)));
    }
    Ok(waiting)
}

/// Whom one of ours is tied to, for everyone: both said yes.
pub async fn shown(app: &App, side: ActorId) -> Result<Vec<TieSeen>> {
    let rows = app.store.rows();
    Ok(affiliations::seen(&rows, affiliations::accepted(&rows, side).await?).await?)
}
