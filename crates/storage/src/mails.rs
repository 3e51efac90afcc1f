//! Letters on their way.
//!
//! A row is claimed by pushing its `next_at` ahead by the lease and writing a `token`, and only an ending that carries
//! the token counts. The words of a letter that went are blanked, since they hold links. Nothing here decides what
//! follows from an attempt; that is [`folkmoot_domain::mails`]. Start at [`insert`], then [`claim`] and [`settle`].

use folkmoot_domain::{MailId, Moment, mails::MailState};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, prelude::Expr,
};
use uuid::Uuid;

use crate::{Result, Rows, StorageError, Tx, entities::mails, read, statement};

/// Puts a letter into the queue; `letter` is its content as JSON.
pub async fn insert(
    tx: &Tx,
    id: MailId,
    kind: &str,
    recipient: &str,
    letter: &str,
    now: Moment,
) -> Result<()> {
    let row = mails::ActiveModel {
        id: Set(id.0),
        kind: Set(kind.to_owned()),
        recipient: Set(recipient.to_owned()),
        letter: Set(letter.to_owned()),
        state: Set(MailState::Waiting.word().to_owned()),
        attempts: Set(0),
        next_at: Set(now.0),
        created_at: Set(now.0),
        ..Default::default()
    };
    mails::Entity::insert(row).exec_without_returning(&tx.0).await?;
    Ok(())
}

/// A letter as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its id.
    pub id: MailId,
    /// What it is about, in one word.
    pub kind: String,
    /// Where it goes.
    pub recipient: String,
    /// Its content as JSON; empty once it went.
    pub letter: String,
    /// Where it stands.
    pub state: MailState,
    /// How often it was tried, counting what is under way.
    pub attempts: u32,
    /// When it is tried next, or until when it is claimed.
    pub next: Moment,
    /// The token of the claim, while there is one.
    pub token: Option<Uuid>,
    /// What went wrong last.
    pub problem: Option<String>,
    /// Since when it is there.
    pub since: Moment,
    /// When the mail server took it.
    pub sent: Option<Moment>,
}

impl TryFrom<mails::Model> for Stored {
    type Error = StorageError;

    fn try_from(row: mails::Model) -> Result<Self> {
        Ok(Self {
            id: MailId(row.id),
            kind: row.kind,
            recipient: row.recipient,
            letter: row.letter,
            state: read::word("state of a letter", &row.state, MailState::parse)?,
            attempts: u32::try_from(row.attempts).unwrap_or_default(),
            next: Moment(row.next_at),
            token: row.token,
            problem: row.problem,
            since: Moment(row.created_at),
            sent: read::moment(row.sent_at),
        })
    }
}

/// Is there anything to claim?
pub async fn is_due(rows: &Rows<'_>, now: Moment) -> Result<bool> {
    let first = mails::Entity::find()
        .select_only()
        .column(mails::Column::Id)
        .filter(mails::Column::State.eq(MailState::Waiting.word()))
        .filter(mails::Column::NextAt.lte(now.0))
        .limit(1)
        .into_tuple::<Uuid>()
        .one(&rows.0)
        .await?;
    Ok(first.is_some())
}

/// Claims letters that are due, oldest first, until the lease ends. The attempt counts from now on.
pub async fn claim(tx: &Tx, token: Uuid, limit: u32, now: Moment, lease: i64) -> Result<Vec<Stored>> {
    let lock = match tx.0.get_database_backend() {
        DbBackend::Postgres => " FOR UPDATE SKIP LOCKED",
        _ => "",
    };
    let sql = format!(
        "UPDATE mails SET token = $1, next_at = $2, attempts = attempts + 1
         WHERE id IN (SELECT id FROM mails WHERE state = 'waiting' AND next_at <= $3
                      ORDER BY next_at, id LIMIT {limit}{lock})"
    );
    let values = [read::id(token), now.plus(lease).0.into(), now.0.into()];
    tx.0.execute_raw(statement(&tx.0, &sql, values)).await?;
    let claimed = mails::Entity::find()
        .filter(mails::Column::Token.eq(token))
        .order_by_asc(mails::Column::Id)
        .all(&tx.0)
        .await?;
    claimed.into_iter().map(Stored::try_from).collect()
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// The mail server took it: its words go.
    Sent,
    /// It is tried again, not before this.
    Again(Moment),
    /// It is given up; its words stay a while, so that it can be tried again by hand.
    Failed,
    /// It stays here to be read.
    Kept,
}

/// Writes down what became of a claimed letter. False when the claim was no longer ours.
pub async fn settle(
    tx: &Tx,
    id: MailId,
    token: Uuid,
    ending: &Ending,
    problem: Option<&str>,
    now: Moment,
) -> Result<bool> {
    let (state, next) = match ending {
        Ending::Sent => (MailState::Sent, now),
        Ending::Again(at) => (MailState::Waiting, *at),
        Ending::Failed => (MailState::Failed, now),
        Ending::Kept => (MailState::Kept, now),
    };
    let mut update = mails::Entity::update_many()
        .col_expr(mails::Column::State, Expr::value(state.word()))
        .col_expr(mails::Column::NextAt, Expr::value(next.0))
        .col_expr(mails::Column::Token, Expr::value(None::<Uuid>))
        .col_expr(mails::Column::Problem, Expr::value(problem));
    if *ending == Ending::Sent {
        update = update
            .col_expr(mails::Column::Letter, Expr::value(""))
            .col_expr(mails::Column::SentAt, Expr::value(now.0));
    }
    let settled =
        update.filter(mails::Column::Id.eq(id.0)).filter(mails::Column::Token.eq(token)).exec(&tx.0).await?;
    Ok(settled.rows_affected > 0)
}

/// One letter.
pub async fn find(rows: &Rows<'_>, id: MailId) -> Result<Option<Stored>> {
    mails::Entity::find_by_id(id.0).one(&rows.0).await?.map(Stored::try_from).transpose()
}

/// Letters, newest first, in one state or all.
pub async fn list(rows: &Rows<'_>, state: Option<MailState>, limit: u64) -> Result<Vec<Stored>> {
    let found = mails::Entity::find()
        .apply_if(state, |select, state| select.filter(mails::Column::State.eq(state.word())))
        .order_by_desc(mails::Column::CreatedAt)
        .order_by_desc(mails::Column::Id)
        .limit(limit)
        .all(&rows.0)
        .await?;
    found.into_iter().map(Stored::try_from).collect()
}

/// How many letters stand so.
pub async fn count(rows: &Rows<'_>, state: MailState) -> Result<u64> {
    Ok(mails::Entity::find().filter(mails::Column::State.eq(state.word())).count(&rows.0).await?)
}

/// Tries letters anew that wait, were given up or were kept: one, or all. Returns how many.
pub async fn retry(tx: &Tx, which: Option<MailId>, now: Moment) -> Result<u64> {
    let retried = mails::Entity::update_many()
        .col_expr(mails::Column::State, Expr::value(MailState::Waiting.word()))
        .col_expr(mails::Column::NextAt, Expr::value(now.0))
        .col_expr(mails::Column::CreatedAt, Expr::value(now.0))
        .col_expr(mails::Column::Attempts, Expr::value(0))
        .filter(mails::Column::State.ne(MailState::Sent.word()))
        .filter(mails::Column::Token.is_null())
        .apply_if(which, |update, id| update.filter(mails::Column::Id.eq(id.0)))
        .exec(&tx.0)
        .await?;
    Ok(retried.rows_affected)
}

/// Forgets letters that are done with and older than this.
pub async fn sweep(tx: &Tx, before: Moment) -> Result<()> {
    mails::Entity::delete_many()
        .filter(mails::Column::State.ne(MailState::Waiting.word()))
        .filter(mails::Column::CreatedAt.lt(before.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// Takes one away.
pub async fn remove(tx: &Tx, id: MailId) -> Result<()> {
    mails::Entity::delete_by_id(id.0).exec(&tx.0).await?;
    Ok(())
}

/// Forgets letters of one kind that are older than this, whether they went or not.
pub async fn sweep_kind(tx: &Tx, kind: &str, before: Moment) -> Result<()> {
    mails::Entity::delete_many()
        .filter(mails::Column::Kind.eq(kind))
        .filter(mails::Column::CreatedAt.lte(before.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// Takes away what waits for somebody who is gone.
pub async fn forget_recipient(tx: &Tx, recipient: &str) -> Result<()> {
    mails::Entity::delete_many().filter(mails::Column::Recipient.eq(recipient)).exec(&tx.0).await?;
    Ok(())
}
