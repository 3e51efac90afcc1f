//! Persons with an account here, their roles, and the links that sign them in.

use folkmoot_domain::{ActorId, Moment, people::Person, roles::Role, text::Handle};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder,
    prelude::Expr,
    sea_query::{OnConflict, SimpleExpr},
};

use crate::{
    Result, Rows, Tx, actors,
    entities::{people, roles},
    read,
};

/// Stores a new person; the actor must be stored already.
pub async fn insert(tx: &Tx, person: &Person) -> Result<()> {
    let row = people::ActiveModel {
        id: Set(person.id.0),
        name: Set(person.name.clone()),
        email: Set(person.email.clone()),
        created_at: Set(person.since.0),
        password_hash: Set(None),
        steward: Set(person.steward),
    };
    people::Entity::insert(row).exec_without_returning(&tx.0).await?;
    Ok(())
}

/// One person.
pub async fn find(rows: &Rows<'_>, id: ActorId) -> Result<Option<Person>> {
    match people::Entity::find_by_id(id.0).one(&rows.0).await? {
        Some(row) => complete(rows, row).await,
        None => Ok(None),
    }
}

/// One person by mail address.
pub async fn by_email(rows: &Rows<'_>, email: &str) -> Result<Option<Person>> {
    match people::Entity::find().filter(people::Column::Email.eq(email)).one(&rows.0).await? {
        Some(row) => complete(rows, row).await,
        None => Ok(None),
    }
}

async fn complete(rows: &Rows<'_>, row: people::Model) -> Result<Option<Person>> {
    let actor = actors::find(rows, ActorId(row.id)).await?;
    Ok(actor.filter(|actor| actor.gone.is_none()).map(|actor| Person {
        id: actor.id,
        handle: Handle::stored(actor.handle),
        name: row.name,
        email: row.email,
        since: Moment(row.created_at),
        steward: row.steward,
    }))
}

/// What a person is to an association: what the table of roles says, and whether they look after the board.
pub async fn roles(rows: &Rows<'_>, person: ActorId, association: ActorId) -> Result<Vec<Role>> {
    let held = roles::Entity::find()
        .filter(roles::Column::PersonId.eq(person.0))
        .filter(roles::Column::AssociationId.eq(association.0))
        .all(&rows.0)
        .await?;
    let mut held: Vec<Role> =
        held.iter().map(|row| read::word("role", &row.role, Role::parse)).collect::<Result<_>>()?;
    held.extend(board_role(rows, person).await?);
    Ok(held)
}

/// What a person is to the board as a whole: [`Role::Board`], or nothing.
pub async fn board_role(rows: &Rows<'_>, person: ActorId) -> Result<Option<Role>> {
    let row = people::Entity::find_by_id(person.0).one(&rows.0).await?;
    Ok(row.filter(|row| row.steward).map(|_| Role::Board))
}

/// Everybody who looks after the board.
pub async fn stewards(rows: &Rows<'_>) -> Result<Vec<Person>> {
    let found = people::Entity::find()
        .filter(people::Column::Steward.eq(true))
        .order_by_asc(people::Column::Id)
        .all(&rows.0)
        .await?;
    all_complete(rows, found).await
}

/// Everybody with an account here, oldest first.
pub async fn list(rows: &Rows<'_>) -> Result<Vec<Person>> {
    let found = people::Entity::find().order_by_asc(people::Column::Id).all(&rows.0).await?;
    all_complete(rows, found).await
}

/// Everybody with a role in an association, with their roles, oldest account first.
pub async fn of_association(rows: &Rows<'_>, association: ActorId) -> Result<Vec<(Person, Vec<Role>)>> {
    let held = roles::Entity::find()
        .filter(roles::Column::AssociationId.eq(association.0))
        .order_by_asc(roles::Column::PersonId)
        .order_by_asc(roles::Column::Role)
        .all(&rows.0)
        .await?;
    let found = people::Entity::find()
        .filter(people::Column::Id.is_in(held.iter().map(|row| row.person_id)))
        .order_by_asc(people::Column::Id)
        .all(&rows.0)
        .await?;
    let mut of = Vec::with_capacity(found.len());
    for person in all_complete(rows, found).await? {
        let mine = held.iter().filter(|row| row.person_id == person.id.0);
        let mine = mine.map(|row| read::word("role", &row.role, Role::parse)).collect::<Result<_>>()?;
        of.push((person, mine));
    }
    Ok(of)
}

async fn all_complete(rows: &Rows<'_>, found: Vec<people::Model>) -> Result<Vec<Person>> {
    let mut people = Vec::with_capacity(found.len());
    for row in found {
        people.extend(complete(rows, row).await?);
    }
    Ok(people)
}

/// The associations in which a person has a role.
pub async fn associations_of(rows: &Rows<'_>, person: ActorId) -> Result<Vec<(ActorId, Role)>> {
    roles::Entity::find()
        .filter(roles::Column::PersonId.eq(person.0))
        .all(&rows.0)
        .await?
        .iter()
        .map(|row| Ok((ActorId(row.association_id), read::word("role", &row.role, Role::parse)?)))
        .collect()
}

/// Makes somebody a steward of the board, or no longer one.
pub async fn set_steward(tx: &Tx, person: ActorId, steward: bool) -> Result<()> {
    set(tx, person, people::Column::Steward, Expr::value(steward)).await
}

/// Changes by what name and at which address somebody is known.
pub async fn set_name(tx: &Tx, person: ActorId, name: &str) -> Result<()> {
    set(tx, person, people::Column::Name, Expr::value(name)).await
}

/// Another mail address; [`crate::StorageError::Duplicate`] when somebody has it.
pub async fn set_email(tx: &Tx, person: ActorId, email: &str) -> Result<()> {
    set(tx, person, people::Column::Email, Expr::value(email)).await
}

/// The hash of a new password.
pub async fn set_password(tx: &Tx, person: ActorId, hash: &str) -> Result<()> {
    set(tx, person, people::Column::PasswordHash, Expr::value(hash)).await
}

/// Forgets everything about somebody who left; the row stays, since others name it. [`find`] finds it no more when its
/// actor is gone.
pub async fn forget(tx: &Tx, person: ActorId) -> Result<()> {
    people::Entity::update_many()
        .col_expr(people::Column::Name, Expr::value(""))
        // No address is without an @, and no two rows have the same.
        .col_expr(people::Column::Email, Expr::value(format!("gone {person}")))
        .col_expr(people::Column::PasswordHash, Expr::value(None::<String>))
        .col_expr(people::Column::Steward, Expr::value(false))
        .filter(people::Column::Id.eq(person.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

async fn set(tx: &Tx, person: ActorId, column: people::Column, value: SimpleExpr) -> Result<()> {
    people::Entity::update_many()
        .col_expr(column, value)
        .filter(people::Column::Id.eq(person.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// The hash of somebody's password, when they have one.
pub async fn password(rows: &Rows<'_>, person: ActorId) -> Result<Option<String>> {
    let row = people::Entity::find_by_id(person.0).one(&rows.0).await?;
    Ok(row.and_then(|row| row.password_hash))
}

/// Takes a role away; taking it twice changes nothing.
pub async fn take_role(tx: &Tx, person: ActorId, association: ActorId, role: Role) -> Result<()> {
    roles::Entity::delete_many()
        .filter(roles::Column::PersonId.eq(person.0))
        .filter(roles::Column::AssociationId.eq(association.0))
        .filter(roles::Column::Role.eq(role.word()))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// Gives a role; giving it twice changes nothing.
pub async fn give_role(tx: &Tx, person: ActorId, association: ActorId, role: Role) -> Result<()> {
    let row = roles::ActiveModel {
        person_id: Set(person.0),
        association_id: Set(association.0),
        role: Set(role.word().to_owned()),
    };
    roles::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&tx.0)
        .await?;
    Ok(())
}
