//! Everything a person, a peer or an operator can do: one function = one thing = one transaction.
//!
//! The only crate that begins and commits transactions. It knows no HTTP and no JSON shape; a web form, a command
//! and a remote activity for the same act call the same function here. What others must hear is a row in the same
//! transaction ([`changes`]).
//!
//! Start at [`calls`]; it reads from top to bottom as everything one can do with a call.

pub mod actors;
pub mod adoptions;
pub mod affiliations;
pub mod alliances;
pub mod arrivals;
pub mod associations;
pub mod blocks;
pub mod calls;
pub mod carries;
pub mod causes;
pub mod changes;
pub mod connections;
pub mod decisions;
pub mod deliveries;
pub mod drafts;
pub mod error;
pub mod events;
pub mod followers;
pub mod heard;
pub mod hosts;
pub mod instance;
pub mod invitations;
pub mod items;
pub mod keeping;
pub mod keys;
mod letters;
pub mod limits;
pub mod mails;
pub mod moves;
pub mod network;
pub mod nominations;
pub mod offers;
pub mod partnerships;
pub mod passwords;
pub mod people;
pub mod pictures;
pub mod pledges;
pub mod ports;
pub mod projects;
pub mod prose;
pub mod reactions;
pub mod remote;
pub mod replies;
pub mod reports;
pub mod rsvps;
pub mod rules;
pub mod streams;
#[cfg(test)]
mod tests;
pub mod updates;

use std::sync::{Arc, Mutex, PoisonError};

use folkmoot_domain::{
    ActorId, ArrivalId, ChangeId, Moment, Refusal,
    addresses::Addresses,
    changes::{Change, ChangeKind},
    ids::uuid_from,
    roles::{self, Act, Who},
};
use folkmoot_storage::{Store, Tx, blobs::Blobs};
use tokio::sync::Notify;
use uuid::Uuid;

pub use error::{Error, Result};
use keys::Vault;
use ports::{Clock, KeyMaker, Randomness};

/// One instance: its database, its addresses, and the ports to the world.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub store: Store,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where unpredictable bytes come from.
    pub random: Arc<dyn Randomness>,
    /// Where key pairs come from.
    pub key_maker: Arc<dyn KeyMaker>,
    /// What seals private keys.
    pub vault: Arc<Vault>,
    /// Where things live.
    pub addresses: Addresses,
    /// Where files are.
    pub blobs: Blobs,
    /// What is too much.
    pub limits: Arc<limits::Limits>,
    /// Wakes the workers when there is something to do; they look by themselves too.
    pub bells: Arc<Bells>,
    /// The way out to other servers.
    pub remote: Arc<remote::Way>,
    /// What keeps ids in the order in which they were asked for.
    pub ids: Arc<Ids>,
}

/// The last id that was given, so that the next one sorts behind it: many changes of one object are noted within
/// one millisecond, and are told in the order of their ids.
#[derive(Debug, Default)]
pub struct Ids(Mutex<(i64, u16)>);

impl Ids {
    /// The moment and the number within it for the next id (RFC 9562 6.2, a counter in `rand_a`).
    fn next(&self, now: i64) -> (i64, u16) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *last = match *last {
            (at, _) if at < now => (now, 0),
            (at, 0x0fff) => (at + 1, 0),
            (at, number) => (at, number + 1),
        };
        *last
    }
}

/// One bell for each worker, rung after a commit that gives it work.
#[derive(Debug, Default)]
pub struct Bells {
    /// There are changes to tell.
    pub changes: Notify,
    /// There are deliveries to make.
    pub deliveries: Notify,
    /// There are arrivals to take up.
    pub arrivals: Notify,
    /// There are letters to bring away.
    pub mails: Notify,
    /// There is something to ask elsewhere.
    pub errands: Notify,
}

/// By whom something is done, and with which arrival it came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct By {
    /// Who asks.
    pub who: Who,
    /// The stored activity that asks; it is finished in the same transaction, so that it takes effect once.
    pub arrival: Option<ArrivalId>,
}

impl By {
    /// Whoever runs the server.
    pub fn operator() -> Self {
        Self { who: Who::Operator, arrival: None }
    }

    /// A person signed in here.
    pub fn person(id: ActorId) -> Self {
        Self { who: Who::Person(id), arrival: None }
    }

    /// An actor elsewhere, through a stored arrival.
    pub fn remote(id: ActorId, arrival: ArrivalId) -> Self {
        Self { who: Who::Remote(id), arrival: Some(arrival) }
    }
}

impl App {
    /// What time it is.
    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// A fresh id, behind every one given before.
    pub fn id<T: From<Uuid>>(&self) -> T {
        let mut random = [0; 10];
        self.random.fill(&mut random);
        let (at, number) = self.ids.next(self.now().0);
        let [high, low] = number.to_be_bytes();
        let [first, second, ..] = &mut random;
        (*first, *second) = (high, low);
        T::from(uuid_from(at, random))
    }

    /// A fresh secret of 128 bits, for links.
    pub fn secret(&self) -> String {
        let mut random = [0; 16];
        self.random.fill(&mut random);
        keys::text(&random)
    }

    /// Begins one thing that is done. Nothing counts until [`Doing::done`].
    async fn begin(&self, by: &By) -> Result<Doing<'_>> {
        Ok(Doing { app: self, tx: self.store.begin().await?, by: *by, now: self.now() })
    }
}

/// One thing being done, in one transaction.
struct Doing<'a> {
    app: &'a App,
    tx: Tx,
    by: By,
    now: Moment,
}

impl Doing<'_> {
    /// May whoever asks do this for the association? One that has moved is looked after, and does nothing more here.
    async fn authorise(&self, association: ActorId, act: Act) -> Result<()> {
        self.authorise_although_moved(association, act).await?;
        if matches!(act, Act::Organise | Act::AnswerPledges | Act::Invite)
            && let Some(actor) = folkmoot_storage::actors::find(&self.tx.rows(), association).await?
        {
            folkmoot_domain::moves::must_be_here(&actor)?;
        }
        Ok(())
    }

    /// The same, wherever it lives by now.
    async fn authorise_although_moved(&self, association: ActorId, act: Act) -> Result<()> {
        let held = match self.by.who {
            Who::Person(person) => {
                folkmoot_storage::people::roles(&self.tx.rows(), person, association).await?
            }
            _ => Vec::new(),
        };
        Ok(roles::may(self.by.who, &held, act)?)
    }

    /// May whoever asks do this for the board as a whole?
    async fn authorise_board(&self, act: Act) -> Result<()> {
        let held = match self.by.who {
            Who::Person(person) => folkmoot_storage::people::board_role(&self.tx.rows(), person).await?,
            _ => None,
        };
        Ok(roles::may(self.by.who, held.as_slice(), act)?)
    }

    /// The remote actor that asks; anyone else is refused.
    fn remote(&self) -> Result<ActorId> {
        match self.by.who {
            Who::Remote(actor) => Ok(actor),
            _ => Err(Refusal::Unknown("sender").into()),
        }
    }

    /// Notes what others must hear, at once.
    async fn change(
        &self,
        kind: ChangeKind,
        speaker: ActorId,
        object: Uuid,
        subject: Option<Uuid>,
    ) -> Result<()> {
        self.change_saying(kind, speaker, object, subject, "").await
    }

    /// The same, with words that are kept nowhere else.
    async fn change_saying(
        &self,
        kind: ChangeKind,
        speaker: ActorId,
        object: Uuid,
        subject: Option<Uuid>,
        words: &str,
    ) -> Result<()> {
        let (id, words, due) = (self.app.id::<ChangeId>(), words.to_owned(), self.now);
        let change = Change { id, kind, speaker, object, subject, words, due };
        Ok(folkmoot_storage::changes::insert(&self.tx, &change, self.now).await?)
    }

    /// Notes what others must hear later; when it waits already, once is enough.
    async fn change_later(
        &self,
        kind: ChangeKind,
        speaker: ActorId,
        object: Uuid,
        subject: Option<Uuid>,
        due: Moment,
    ) -> Result<()> {
        if folkmoot_storage::changes::waits(&self.tx.rows(), kind, object, subject).await? {
            return Ok(());
        }
        let change = Change { id: self.app.id(), kind, speaker, object, subject, words: String::new(), due };
        Ok(folkmoot_storage::changes::insert(&self.tx, &change, self.now).await?)
    }

    /// Makes it count. `what` is a sentence about it for whoever looks at arrivals.
    async fn done(self, what: &str) -> Result<()> {
        if let Some(arrival) = self.by.arrival
            && !folkmoot_storage::arrivals::finish(&self.tx, arrival, "done", what).await?
        {
            // Another worker finished it: this transaction must leave no trace.
            return Ok(());
        }
        self.tx.commit().await?;
        self.app.bells.changes.notify_one();
        self.app.bells.mails.notify_one();
        self.app.bells.errands.notify_one();
        Ok(())
    }
}
