//! Whose key is whose: from memory, from the table of actors, or asked for at the actor's home, rarely.
//!
//! Whoever can send us a request can make us look here, so every way to make us ask somebody is counted. An
//! actor is written down only once a signature of theirs was right: a stranger's claim leaves nothing.
//! Start at [`verify`].

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use axum::http::StatusCode;
use folkmoot_app::actors::remember;
use folkmoot_domain::{
    Moment,
    actors::Actor,
    moments::{HOUR, MINUTE},
};
use folkmoot_storage::actors;

use crate::{
    door::{Here, lock},
    fetch::{self, Allowance, Found, LookupFault},
    guard::{Checked, Refused},
    keys::PublicKey,
    memory::Memory,
    problem::Problem,
};

/// Most keys, and most actors, that are remembered.
const MOST: usize = 10_000;
/// A key is read from the table again after so long.
const KEPT: i64 = HOUR;
/// An actor that could not be looked up is not asked for again for so long.
const NOWHERE: i64 = 10 * MINUTE;
/// An actor whose signature was wrong is asked for its key once in so long.
const ASKED: i64 = 5 * MINUTE;

/// What we remember about keys, and about asking for them.
pub(crate) struct KeyBook {
    keys: Mutex<Memory<Kept>>,
    /// Actors that could not be looked up, and whether that may pass.
    nowhere: Mutex<Memory<bool>>,
    /// How often an actor was asked for since a signature of theirs was right.
    asked: Mutex<Memory<u32>>,
    turns: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
}

impl Default for KeyBook {
    fn default() -> Self {
        Self {
            keys: Mutex::new(Memory::new(MOST, KEPT)),
            nowhere: Mutex::new(Memory::new(MOST, NOWHERE)),
            asked: Mutex::new(Memory::new(MOST, ASKED)),
            turns: Mutex::default(),
        }
    }
}

/// A key, and its actor as long as that is not in the table as we read it.
#[derive(Clone, Debug)]
struct Kept {
    key: PublicKey,
    unsaved: Option<Arc<Actor>>,
}

/// Believes a request when the actor's key made its signature (ActivityPub 3, security.B.1).
pub(crate) async fn verify(here: &Here, checked: &Checked) -> Result<(), Problem> {
    let wrong = match known_key(here, checked).await? {
        Some(kept) => match checked.verify(&kept.key) {
            Ok(()) => return believe(here, checked, kept).await,
            Err(refused) => Some((kept.key, refused)),
        },
        None => None,
    };
    let _turn = here.door.keys.turn(checked.envelope.actor.as_str()).await;
    // Two votes of somebody new arrive together: the second waits for the key that the first asked for.
    let meanwhile = here.door.keys.kept(checked, here.app.now());
    if let Some(kept) = meanwhile
        && wrong.as_ref().is_none_or(|(key, _)| *key != kept.key)
        && checked.verify(&kept.key).is_ok()
    {
        return believe(here, checked, kept).await;
    }
    let kept = ask(here, checked, wrong.map(|(_, refused)| refused)).await?;
    checked.verify(&kept.key)?;
    believe(here, checked, kept).await
}

/// The key as we know it, without asking anybody.
async fn known_key(here: &Here, checked: &Checked) -> Result<Option<Kept>, Problem> {
    let (book, now) = (&here.door.keys, here.app.now());
    if let Some(kept) = book.kept(checked, now) {
        return Ok(Some(kept));
    }
    let known = known_actor(here, checked).await?.filter(|known| known.key_id == checked.key_id.as_str());
    let owner = checked.envelope.actor.as_str().to_owned();
    let kept = known.map(|known| Kept {
        key: PublicKey { id: known.key_id, owner, pem: known.public_key },
        unsaved: None,
    });
    if let Some(kept) = &kept {
        book.keep(kept.clone(), now);
    }
    Ok(kept)
}

async fn known_actor(here: &Here, checked: &Checked) -> Result<Option<Actor>, Problem> {
    let known = actors::by_uri(&here.app.store.rows(), checked.envelope.actor.url().as_str()).await?;
    Ok(known.filter(|known| known.gone.is_none()))
}

/// Asks the actor's home, if we may. `wrong` is what was wrong with the key we had.
async fn ask(here: &Here, checked: &Checked, wrong: Option<Refused>) -> Result<Kept, Problem> {
    let (book, actor, now) = (&here.door.keys, checked.envelope.actor.as_str(), here.app.now());
    book.may_ask(actor, known_actor(here, checked).await?.is_some(), wrong, now)?;
    if let Some(seconds) = here.door.lookups().wait(checked.envelope.actor.host(), now) {
        let reason = "too many unknown actors of your domain just now";
        return Err(Problem::later(StatusCode::TOO_MANY_REQUESTS, reason, seconds));
    }
    here.door.lookups().spend(checked.envelope.actor.host(), now);
    book.count_asking(actor, now);
    match fetch::look_up(&here.app, &here.door, &checked.envelope.actor, &Allowance::whole()).await {
        Ok(found) => {
            book.keep_all(found, now);
            book.kept(checked, now).ok_or_else(|| unsigned("the actor does not publish that key").into())
        }
        Err(LookupFault::House(error)) => Err(error.into()),
        Err(fault) => {
            lock(&book.nowhere).put(actor, fault.may_pass(), now);
            Err(book.is_nowhere(actor, now).unwrap_or_else(|| unsigned(fault.to_string()).into()))
        }
    }
}

/// The signature was right: whoever made it is somebody we know from now on.
async fn believe(here: &Here, checked: &Checked, kept: Kept) -> Result<(), Problem> {
    let Some(unsaved) = kept.unsaved else { return Ok(()) };
    let mut actor = Actor::clone(&unsaved);
    fetch::use_key(&mut actor, &kept.key);
    remember(&here.app, actor).await?;
    let (book, now) = (&here.door.keys, here.app.now());
    book.keep(Kept { key: kept.key, unsaved: None }, now);
    lock(&book.asked).forget(checked.envelope.actor.as_str());
    Ok(())
}

impl KeyBook {
    /// A key is no longer believed from memory.
    pub(crate) fn forget(&self, key_id: &str) {
        lock(&self.keys).forget(key_id);
    }

    fn kept(&self, checked: &Checked, now: Moment) -> Option<Kept> {
        let keys = lock(&self.keys);
        let kept = keys.get(checked.key_id.as_str(), now)?;
        (kept.key.owner == checked.envelope.actor.as_str()).then(|| kept.clone())
    }

    fn keep(&self, kept: Kept, now: Moment) {
        let name = kept.key.id.clone();
        lock(&self.keys).put(&name, kept, now);
    }

    fn keep_all(&self, found: Found, now: Moment) {
        let unsaved = Some(Arc::new(found.actor));
        for key in found.keys {
            self.keep(Kept { key, unsaved: unsaved.clone() }, now);
        }
    }

    /// KEY-07: somebody new is asked for twice at most, somebody known once, in five minutes.
    fn may_ask(&self, actor: &str, known: bool, wrong: Option<Refused>, now: Moment) -> Result<(), Problem> {
        if let Some(nowhere) = self.is_nowhere(actor, now) {
            return Err(nowhere);
        }
        let most = if known { 1 } else { 2 };
        let asked = lock(&self.asked).get(actor, now).copied().unwrap_or_default();
        if asked < most {
            return Ok(());
        }
        Err(wrong.unwrap_or_else(|| unsigned("the actor does not publish that key")).into())
    }

    fn count_asking(&self, actor: &str, now: Moment) {
        let mut asked = lock(&self.asked);
        let before = asked.get(actor, now).copied().unwrap_or_default();
        asked.put(actor, before.saturating_add(1), now);
    }

    fn is_nowhere(&self, actor: &str, now: Moment) -> Option<Problem> {
        let nowhere = lock(&self.nowhere);
        let seconds = u32::try_from(nowhere.left(actor, now)? / 1_000 + 1).unwrap_or(u32::MAX);
        Some(if *nowhere.get(actor, now)? {
            let reason = "the actor cannot be reached just now, so nobody knows its key";
            Problem::later(StatusCode::SERVICE_UNAVAILABLE, reason, seconds)
        } else {
            unsigned("the actor could not be read at its address").into()
        })
    }

    /// One request at a time asks for an actor.
    async fn turn(&self, actor: &str) -> Turn<'_> {
        let queue = Arc::clone(lock(&self.turns).entry(actor.to_owned()).or_default());
        let mut waiting = Turn { book: self, actor: actor.to_owned(), mine: None, queue };
        waiting.mine = Some(Arc::clone(&waiting.queue).lock_owned().await);
        waiting
    }
}

/// A place in the queue, given up when it is dropped, also by somebody who hangs up.
struct Turn<'a> {
    book: &'a KeyBook,
    actor: String,
    mine: Option<tokio::sync::OwnedMutexGuard<()>>,
    queue: Arc<tokio::sync::Mutex<()>>,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        drop(self.mine.take());
        let mut turns = lock(&self.book.turns);
        // The map has one, and so have we; nobody else waits.
        if Arc::strong_count(&self.queue) <= 2 {
            turns.remove(&self.actor);
        }
    }
}

fn unsigned(reason: impl Into<std::borrow::Cow<'static, str>>) -> Refused {
    Refused::new(StatusCode::UNAUTHORIZED, reason)
}
