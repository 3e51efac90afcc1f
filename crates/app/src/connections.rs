//! Everything one can do with a connection: begin to listen to an association anywhere, hear the answer, end it.
//!
//! Between two of ours it needs no wire: it holds at once. To others it is a `Follow`, and each time one asks it is a new
//! one. It is private: nobody but the organisers sees whom they listen to. Start at [`connect`].

use folkmoot_domain::{
    ActivityId, ActorId, Moment, Refusal,
    actors::{Actor, ActorKind},
    changes::ChangeKind,
    connections::{self as rules, Connection, ConnectionSeen, ConnectionState},
    moments::{HOUR, MINUTE},
    roles::Act,
};
use folkmoot_storage::{
    actors, associations,
    connections::{self, Filling, ToFill},
    followers,
};

use crate::{App, By, Doing, Error, Result, blocks, carries};

/// So often filling in is tried before it is left at what comes anew.
const TRIES: i32 = 8;

/// One of ours begins to listen to somebody. Twice is once; after a no it asks anew.
pub async fn connect(app: &App, by: &By, seeker: ActorId, target: ActorId) -> Result<ConnectionSeen> {
    let doing = app.begin(by).await?;
    must_be_ours(&doing, seeker).await?;
    let target = actors::find(&doing.tx.rows(), target).await?.ok_or(Refusal::Unknown("association"))?;
    begin(&doing, seeker, &target).await?;
    doing.done("a connection was asked for").await?;
    seen(app, seeker, target.id).await
}

/// Asks somebody again who has not answered for long, or said no.
pub async fn ask_again(app: &App, by: &By, seeker: ActorId, target: ActorId) -> Result<ConnectionSeen> {
    let doing = app.begin(by).await?;
    must_be_ours(&doing, seeker).await?;
    let known = connections::find(&doing.tx.rows(), seeker, target).await?;
    if known.is_some_and(|known| known.state == ConnectionState::Asked) {
        end(&doing, seeker, target).await?;
    }
    let target = actors::find(&doing.tx.rows(), target).await?.ok_or(Refusal::Unknown("association"))?;
    begin(&doing, seeker, &target).await?;
    doing.done("a connection was asked for again").await?;
    seen(app, seeker, target.id).await
}

/// One of ours listens no more. What it carries stays carried until it is taken down.
pub async fn disconnect(app: &App, by: &By, seeker: ActorId, target: ActorId) -> Result<()> {
    let doing = app.begin(by).await?;
    must_be_ours(&doing, seeker).await?;
    if !end(&doing, seeker, target).await? {
        return Err(Refusal::Unknown("connection").into());
    }
    doing.done("a connection was ended").await
}

/// One of ours begins to listen to somebody, as part of something else that is done. Twice is once. None when it cannot
/// be: the other is gone or blocked, or there is no room.
pub(crate) async fn connect_within(
    doing: &Doing<'_>,
    seeker: ActorId,
    target: ActorId,
) -> Result<Option<Connection>> {
    let Some(target) = actors::find(&doing.tx.rows(), target).await? else { return Ok(None) };
    match begin(doing, seeker, &target).await {
        Ok(connection) => Ok(Some(connection)),
        Err(Error::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// One of ours listens no more, as part of something else that is done.
pub(crate) async fn disconnect_within(doing: &Doing<'_>, seeker: ActorId, target: ActorId) -> Result<()> {
    end(doing, seeker, target).await.map(drop)
}

/// One of ours begins to listen to somebody, or it says why that cannot be.
pub(crate) async fn begin(doing: &Doing<'_>, seeker: ActorId, target: &Actor) -> Result<Connection> {
    let rows = doing.tx.rows();
    may_listen(doing, seeker, target).await?;
    let known = connections::find(&rows, seeker, target.id).await?;
    if let Some(known) = known.as_ref().filter(|known| known.state != ConnectionState::Refused) {
        return Ok(known.clone());
    }
    if known.is_none() {
        rules::room(connections::count(&rows, seeker).await?)?;
    }
    let (state, follow) = if target.local {
        (ConnectionState::Connected, None)
    } else {
        (ConnectionState::Asked, Some(doing.app.id::<ActivityId>()))
    };
    let connection = Connection {
        seeker,
        target: target.id,
        state,
        follow,
        asked: doing.now,
        answered: target.local.then_some(doing.now),
        filled: target.local.then_some(doing.now),
        heard: None,
        problem: None,
    };
    connections::store(&doing.tx, &connection, None).await?;
    if let Some(follow) = follow {
        let (kind, subject) = (ChangeKind::ConnectionAsked, Some(target.id.0));
        doing.change_saying(kind, seeker, target.id.0, subject, &follow.to_string()).await?;
    }
    Ok(connection)
}

/// A closed association listens to nobody, and nobody listens to what is gone, blocked, closed, or a person here.
async fn may_listen(doing: &Doing<'_>, seeker: ActorId, target: &Actor) -> Result<()> {
    let rows = doing.tx.rows();
    if let Some(association) = associations::find(&rows, seeker).await? {
        association.must_be_open()?;
    }
    if seeker == target.id {
        return Err(Refusal::field("handle", "is yourselves; name another association").into());
    }
    if target.gone.is_some() {
        return Err(Refusal::field("handle", "belongs to somebody who is gone from there for good").into());
    }
    if target.local {
        if target.kind != ActorKind::Group {
            return Err(
                Refusal::field("handle", "is no association; only associations here can be heard").into()
            );
        }
        let association =
            associations::find(&rows, target.id).await?.ok_or(Refusal::Unknown("association"))?;
        return Ok(association.must_be_open()?);
    }
    let host = target.uri.host_str().unwrap_or_default();
    if blocks::is_blocked_within(doing, host).await? {
        return Err(Refusal::Blocked(host.to_owned()).into());
    }
    Ok(())
}

/// False when there was no connection.
async fn end(doing: &Doing<'_>, seeker: ActorId, target: ActorId) -> Result<bool> {
    let Some(known) = connections::find(&doing.tx.rows(), seeker, target).await? else { return Ok(false) };
    connections::remove(&doing.tx, seeker, target).await?;
    // Who refused has forgotten the question; to undo it would only puzzle them.
    if let Some(follow) = known.follow.filter(|_| known.state != ConnectionState::Refused) {
        let (kind, subject) = (ChangeKind::ConnectionEnded, Some(target.0));
        doing.change_saying(kind, seeker, target.0, subject, &follow.to_string()).await?;
    }
    Ok(true)
}

/// Which of our questions is answered: by the id of its `Follow`, or where that is not said by who asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Asked {
    /// The id of the `Follow`.
    pub follow: Option<ActivityId>,
    /// Who asked.
    pub seeker: Option<ActorId>,
}

/// Somebody elsewhere says yes or no to one of ours, or no after a yes. False when it answers nothing of ours.
pub async fn answered(app: &App, by: &By, asked: Asked, yes: bool) -> Result<bool> {
    let doing = app.begin(by).await?;
    let target = doing.remote()?;
    let Some(known) = asked_of(&doing, asked, target).await? else { return Ok(false) };
    let state = if yes { ConnectionState::Connected } else { ConnectionState::Refused };
    if known.state != state {
        let fill = (yes && known.filled.is_none()).then_some(doing.now);
        let answered = Connection { state, answered: Some(doing.now), problem: None, ..known };
        connections::store(&doing.tx, &answered, fill).await?;
    }
    doing.done(if yes { "a connection holds" } else { "a connection was refused" }).await?;
    Ok(true)
}

async fn asked_of(doing: &Doing<'_>, asked: Asked, target: ActorId) -> Result<Option<Connection>> {
    let rows = doing.tx.rows();
    let by_follow = match asked.follow {
        Some(follow) => connections::by_follow(&rows, follow).await?,
        None => None,
    };
    let by_seeker = match (&by_follow, asked.follow, asked.seeker) {
        // An answer to a question that was taken back is no answer to the next one.
        (None, None, Some(seeker)) => connections::find(&rows, seeker, target).await?,
        _ => None,
    };
    Ok(by_follow.or(by_seeker).filter(|known| known.target == target))
}

/// Somebody elsewhere blocks one of ours: it neither listens to them nor they to it.
pub async fn blocked(app: &App, by: &By, ours: ActorId) -> Result<()> {
    let doing = app.begin(by).await?;
    let blocker = doing.remote()?;
    followers::remove(&doing.tx, ours, blocker).await?;
    if let Some(known) = connections::find(&doing.tx.rows(), ours, blocker).await? {
        let refused = Connection { state: ConnectionState::Refused, answered: Some(doing.now), ..known };
        connections::store(&doing.tx, &refused, None).await?;
    }
    carries::end_between(&doing, ours, blocker, "whoever published it blocks its carrier").await?;
    doing.done("one of ours was blocked").await
}

/// An association here closes: it listens to nobody any more, and nobody here to it.
pub(crate) async fn close(doing: &Doing<'_>, association: ActorId) -> Result<()> {
    for connection in connections::of_seekers(&doing.tx.rows(), &[association]).await? {
        end(doing, association, connection.target).await?;
    }
    for connection in connections::to(&doing.tx.rows(), association).await? {
        end(doing, connection.seeker, association).await?;
    }
    Ok(())
}

/// One connection as its organisers see it.
pub async fn seen(app: &App, seeker: ActorId, target: ActorId) -> Result<ConnectionSeen> {
    let found = connections::seen_one(&app.store.rows(), seeker, target).await?;
    Ok(found.ok_or(Refusal::Unknown("connection"))?)
}

/// The connections of one of ours, by name; for its organisers.
pub async fn list(app: &App, by: &By, seeker: ActorId) -> Result<Vec<ConnectionSeen>> {
    let doing = app.begin(by).await?;
    must_be_ours(&doing, seeker).await?;
    Ok(connections::seen(&doing.tx.rows(), &[seeker]).await?)
}

/// Connections whose newest items are to be fetched now.
pub async fn to_fill(app: &App, limit: u64) -> Result<Vec<ToFill>> {
    Ok(connections::to_fill(&app.store.rows(), app.now(), limit).await?)
}

/// Their newest items are here.
pub async fn filled(app: &App, to_fill: &ToFill) -> Result<()> {
    write_down(app, to_fill, &Filling::Done(app.now())).await
}

/// Their newest items could not be fetched; it is tried again, later each time, and not for ever.
pub async fn not_filled(app: &App, to_fill: &ToFill, problem: &str) -> Result<()> {
    let again = (to_fill.tries + 1 < TRIES).then(|| app.now().plus(pause(to_fill.tries)));
    let problem: String = problem.chars().take(200).collect();
    write_down(app, to_fill, &Filling::Failed(again, problem)).await
}

/// Five minutes, then twice as long each time, at most half a day.
fn pause(tries: i32) -> i64 {
    let doubled = 5 * MINUTE * (1 << tries.clamp(0, 10));
    doubled.min(12 * HOUR)
}

async fn write_down(app: &App, to_fill: &ToFill, filling: &Filling) -> Result<()> {
    let doing = app.begin(&By::operator()).await?;
    let (seeker, target) = (to_fill.connection.seeker, to_fill.connection.target);
    connections::filled(&doing.tx, seeker, target, filling).await?;
    // No bell: an errand that failed would ring for itself.
    doing.tx.commit().await?;
    Ok(())
}

/// When the newest items of somebody were last filled in for anybody here: not twice for two who listen to them.
pub async fn last_filled(app: &App, target: ActorId) -> Result<Option<Moment>> {
    let all = connections::to(&app.store.rows(), target).await?;
    Ok(all.into_iter().filter_map(|connection| connection.filled).max())
}

/// An association is its organisers', the instance its stewards'.
pub(crate) async fn must_be_ours(doing: &Doing<'_>, seeker: ActorId) -> Result<()> {
    let actor = actors::find(&doing.tx.rows(), seeker).await?.filter(|actor| actor.local);
    match actor.map(|actor| actor.kind) {
        Some(ActorKind::Group) => doing.authorise(seeker, Act::Organise).await,
        Some(ActorKind::Application) => doing.authorise(seeker, Act::LookAfterBoard).await,
        _ => Err(Refusal::Unknown("association").into()),
    }
}
