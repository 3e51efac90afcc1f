//! Letters: what becomes one, and the queue that brings them away.
//!
//! A letter is a row in the transaction of the deed it tells of ([`Doing::write_to`]); `web` puts it into words, a
//! worker hands it to the [`crate::ports::Mailer`]. The row of a letter that went is blanked, since letters hold
//! links. Start at [`Letter`]; the worker's side is [`claim_due`], then [`sent`], [`failed`] or [`kept`].

mod letter;

use folkmoot_domain::{
    MailId, Moment,
    mails::{LEASE, MailState, next_try},
    moments::DAY,
    roles::Act,
};
use folkmoot_storage::mails::{self, Ending, Stored};

use crate::{App, By, Doing, Error, Result, ports::Undelivered};

pub use letter::Letter;

/// How long letters that went, were given up or were kept can be looked at, in milliseconds.
const KEPT: i64 = 7 * DAY;

impl Doing<'_> {
    /// Writes a letter to a mail address; it goes when this counts.
    pub(crate) async fn write_to(&self, recipient: &str, letter: &Letter) -> Result<()> {
        self.queue(recipient, letter).await?;
        Ok(())
    }

    /// As much work as [`Doing::write_to`] does, for an address that is nobody's, and nothing comes of it.
    pub(crate) async fn write_to_nobody(&self, recipient: &str, letter: &Letter) -> Result<()> {
        let id = self.queue(recipient, letter).await?;
        Ok(mails::remove(&self.tx, id).await?)
    }

    async fn queue(&self, recipient: &str, letter: &Letter) -> Result<MailId> {
        let content = serde_json::to_value(letter).map_err(|error| Error::Broken(error.to_string()))?;
        let kind = content.get("kind").and_then(serde_json::Value::as_str).unwrap_or_default();
        let id = self.app.id();
        mails::insert(&self.tx, id, kind, recipient, &content.to_string(), self.now).await?;
        Ok(id)
    }
}

/// A letter that is ours to bring away until its lease ends.
#[derive(Debug, Clone)]
pub struct Due {
    /// Its row.
    pub stored: Stored,
    /// What it is about.
    pub letter: Letter,
}

/// Claims letters that are due. The attempt is on record when this returns: send them now, then say what came of it.
pub async fn claim_due(app: &App, limit: u32) -> Result<Vec<Due>> {
    if !mails::is_due(&app.store.rows(), app.now()).await? {
        return Ok(Vec::new());
    }
    let doing = app.begin(&By::operator()).await?;
    let claimed = mails::claim(&doing.tx, app.id(), limit, doing.now, LEASE).await?;
    let mut due = Vec::with_capacity(claimed.len());
    for stored in claimed {
        match serde_json::from_str(&stored.letter) {
            Ok(letter) => due.push(Due { stored, letter }),
            Err(error) => {
                tracing::error!(mail = %stored.id, kind = stored.kind, "a letter cannot be read and is given up");
                settle(&doing.tx, &stored, &Ending::Failed, Some(&error.to_string()), doing.now).await?;
            }
        }
    }
    doing.done("letters were taken up").await?;
    Ok(due)
}

/// The mail server took it.
pub async fn sent(app: &App, due: &Due) -> Result<()> {
    record(app, &due.stored, &Ending::Sent, None).await
}

/// No mail server is named: it is kept to be read here.
pub async fn kept(app: &App, due: &Due) -> Result<()> {
    record(app, &due.stored, &Ending::Kept, None).await
}

/// It did not go: it is tried again, or given up.
pub async fn failed(app: &App, due: &Due, why: &Undelivered) -> Result<()> {
    let (id, kind, attempts) = (due.stored.id, due.stored.kind.as_str(), due.stored.attempts);
    let (next, problem) = match why {
        Undelivered::Later(problem) => {
            (next_try(attempts, due.stored.since, due.letter.good_for(), app.now()), problem)
        }
        Undelivered::Never(problem) => (None, problem),
    };
    if let Some(next) = next {
        tracing::info!(mail = %id, kind, attempts, next = next.rfc3339(), "a letter waits");
    } else {
        tracing::warn!(mail = %id, kind, attempts, "a letter is given up");
    }
    record(app, &due.stored, &next.map_or(Ending::Failed, Ending::Again), Some(problem)).await
}

async fn record(app: &App, stored: &Stored, ending: &Ending, problem: Option<&str>) -> Result<()> {
    let doing = app.begin(&By::operator()).await?;
    settle(&doing.tx, stored, ending, problem, doing.now).await?;
    doing.done("what became of a letter").await
}

async fn settle(
    tx: &folkmoot_storage::Tx,
    stored: &Stored,
    ending: &Ending,
    problem: Option<&str>,
    now: Moment,
) -> Result<()> {
    // Without a token it was never claimed, and there is nothing to write.
    if let Some(token) = stored.token
        && !mails::settle(tx, stored.id, token, ending, problem, now).await?
    {
        tracing::info!(mail = %stored.id, "a letter took longer than its lease");
    }
    Ok(())
}

/// Tries letters again that wait, were given up or were kept: one, or all. Returns how many.
pub async fn retry(app: &App, by: &By, which: Option<MailId>) -> Result<u64> {
    let doing = app.begin(by).await?;
    doing.authorise_board(Act::Operate).await?;
    let retried = mails::retry(&doing.tx, which, doing.now).await?;
    doing.done("letters are tried again").await?;
    Ok(retried)
}

/// Letters for whoever may read them all, newest first; one that went has no words any more.
pub async fn list(app: &App, state: Option<MailState>, limit: u64) -> Result<Vec<(Stored, Option<Letter>)>> {
    let found = mails::list(&app.store.rows(), state, limit).await?;
    Ok(found
        .into_iter()
        .map(|stored| (read(&stored), stored))
        .map(|(letter, stored)| (stored, letter))
        .collect())
}

/// One of them.
pub async fn find(app: &App, id: MailId) -> Result<Option<(Stored, Option<Letter>)>> {
    let found = mails::find(&app.store.rows(), id).await?;
    Ok(found.map(|stored| (read(&stored), stored)).map(|(letter, stored)| (stored, letter)))
}

fn read(stored: &Stored) -> Option<Letter> {
    serde_json::from_str(&stored.letter).ok()
}

/// Forgets what is done with, a week later; of an offer of help that nobody confirmed nothing is left after two days.
pub(crate) async fn sweep(doing: &Doing<'_>) -> Result<()> {
    let unconfirmed = doing.now.plus(-folkmoot_domain::visitors::CONFIRM);
    mails::sweep_kind(&doing.tx, "confirm-offer", unconfirmed).await?;
    Ok(mails::sweep(&doing.tx, doing.now.plus(-KEPT)).await?)
}

#[cfg(test)]
mod tests;
