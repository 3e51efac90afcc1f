//! Letters on their way.

use folkmoot_domain::{MailId, Moment};
use sea_orm::{ActiveValue::Set, EntityTrait};

use crate::{Result, Tx, entities::mails};

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
        state: Set("waiting".to_owned()),
        attempts: Set(0),
        next_at: Set(now.0),
        created_at: Set(now.0),
        ..Default::default()
    };
    mails::Entity::insert(row).exec_without_returning(&tx.0).await?;
    Ok(())
}
