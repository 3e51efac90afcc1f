//! Invitations: who may come in, and as what. Only hashes of the links are stored.

use folkmoot_domain::{ActorId, Moment, invitations::Invitation, roles::Role};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QueryTrait, prelude::Expr,
};

use crate::{Result, Rows, StorageError, Tx, entities::invitations, read};

impl TryFrom<invitations::Model> for Invitation {
    type Error = StorageError;

    fn try_from(row: invitations::Model) -> Result<Self> {
        let role = row.role.map(|word| read::word("role", &word, Role::parse)).transpose()?;
        Ok(Self {
            hash: row.secret_hash,
            email: row.email,
            place: row.association_id.map(ActorId).zip(role),
            inviter: row.invited_by.map(ActorId),
            since: Moment(row.created_at),
            expires: Moment(row.expires_at),
            used: read::moment(row.used_at),
        })
    }
}

/// Stores an invitation.
pub async fn insert(tx: &Tx, invitation: &Invitation) -> Result<()> {
    let row = invitations::ActiveModel {
        secret_hash: Set(invitation.hash.clone()),
        email: Set(invitation.email.clone()),
        association_id: Set(invitation.place.map(|(association, _)| association.0)),
        role: Set(invitation.place.map(|(_, role)| role.word().to_owned())),
        invited_by: Set(invitation.inviter.map(|inviter| inviter.0)),
        created_at: Set(invitation.since.0),
        expires_at: Set(invitation.expires.0),
        used_at: Set(None),
    };
    invitations::Entity::insert(row).exec_without_returning(&tx.0).await?;
    Ok(())
}

/// The invitation with this hash, used or not.
pub async fn find(rows: &Rows<'_>, secret_hash: &str) -> Result<Option<Invitation>> {
    invitations::Entity::find_by_id(secret_hash).one(&rows.0).await?.map(Invitation::try_from).transpose()
}

/// Those that wait to be taken up: into this association, or onto the board alone. Newest first.
pub async fn pending(rows: &Rows<'_>, association: Option<ActorId>, now: Moment) -> Result<Vec<Invitation>> {
    let found = invitations::Entity::find()
        .filter(match association {
            Some(association) => invitations::Column::AssociationId.eq(association.0),
            None => invitations::Column::AssociationId.is_null(),
        })
        .filter(invitations::Column::UsedAt.is_null())
        .filter(invitations::Column::ExpiresAt.gt(now.0))
        .order_by_desc(invitations::Column::CreatedAt)
        .all(&rows.0)
        .await?;
    found.into_iter().map(Invitation::try_from).collect()
}

/// Spends an invitation. False when it is unknown, used or too old.
pub async fn spend(tx: &Tx, secret_hash: &str, now: Moment) -> Result<bool> {
    let spent = invitations::Entity::update_many()
        .col_expr(invitations::Column::UsedAt, Expr::value(now.0))
        .filter(invitations::Column::SecretHash.eq(secret_hash))
        .filter(invitations::Column::UsedAt.is_null())
        .filter(invitations::Column::ExpiresAt.gt(now.0))
        .exec(&tx.0)
        .await?;
    Ok(spent.rows_affected > 0)
}

/// Takes an invitation back.
pub async fn remove(tx: &Tx, secret_hash: &str) -> Result<()> {
    invitations::Entity::delete_by_id(secret_hash).exec(&tx.0).await?;
    Ok(())
}

/// Takes back those that wait for this address, into this association or onto the board.
pub async fn remove_pending(tx: &Tx, email: &str, association: Option<ActorId>) -> Result<()> {
    invitations::Entity::delete_many()
        .filter(invitations::Column::Email.eq(email))
        .filter(invitations::Column::UsedAt.is_null())
        .apply_if(association, |delete, id| delete.filter(invitations::Column::AssociationId.eq(id.0)))
        .apply_if(association.is_none().then_some(()), |delete, ()| {
            delete.filter(invitations::Column::AssociationId.is_null())
        })
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// Takes back everything that somebody gave out, since they leave; what was used is forgotten.
pub async fn remove_by(tx: &Tx, inviter: ActorId) -> Result<()> {
    invitations::Entity::delete_many()
        .filter(invitations::Column::InvitedBy.eq(inviter.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// Takes back what somebody gave out into this association and nobody took up.
pub async fn remove_pending_by(tx: &Tx, inviter: ActorId, association: ActorId) -> Result<()> {
    invitations::Entity::delete_many()
        .filter(invitations::Column::InvitedBy.eq(inviter.0))
        .filter(invitations::Column::AssociationId.eq(association.0))
        .filter(invitations::Column::UsedAt.is_null())
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// Forgets those that ran out before this.
pub async fn sweep(tx: &Tx, before: Moment) -> Result<()> {
    invitations::Entity::delete_many()
        .filter(invitations::Column::ExpiresAt.lt(before.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}
