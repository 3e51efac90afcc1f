//! Persons with an account here, their roles, and the links that sign them in.

use folkmoot_domain::{ActorId, Moment, people::Person, roles::Role, text::Handle};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, sea_query::OnConflict};

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
        steward: Set(false),
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
    Ok(actor.map(|actor| Person {
        id: actor.id,
        handle: Handle::stored(actor.handle),
        name: row.name,
        email: row.email,
        since: Moment(row.created_at),
    }))
}

/// What a person is to an association.
pub async fn roles(rows: &Rows<'_>, person: ActorId, association: ActorId) -> Result<Vec<Role>> {
    roles::Entity::find()
        .filter(roles::Column::PersonId.eq(person.0))
        .filter(roles::Column::AssociationId.eq(association.0))
        .all(&rows.0)
        .await?
        .iter()
        .map(|row| read::word("role", &row.role, Role::parse))
        .collect()
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
