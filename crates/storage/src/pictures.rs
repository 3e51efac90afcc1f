//! What pictures say and measure; their files are in [`crate::blobs`].

use std::collections::HashMap;

use folkmoot_domain::{ActorId, Moment, PictureId, pictures::Picture};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, prelude::Expr};
use uuid::Uuid;

use crate::{Result, Rows, StorageError, Tx, entities::pictures};

impl TryFrom<pictures::Model> for Picture {
    type Error = StorageError;

    fn try_from(row: pictures::Model) -> Result<Self> {
        let measure = |side: i32| {
            u32::try_from(side).map_err(|_| StorageError::unreadable("side of picture", &side.to_string()))
        };
        Ok(Self {
            id: PictureId(row.id),
            home: ActorId(row.home),
            width: measure(row.width)?,
            height: measure(row.height)?,
            alt: row.alt,
        })
    }
}

/// Stores a new picture.
pub async fn insert(tx: &Tx, picture: &Picture, now: Moment) -> Result<()> {
    let side = |length: u32| i32::try_from(length).unwrap_or(i32::MAX);
    let row = pictures::ActiveModel {
        id: Set(picture.id.0),
        home: Set(picture.home.0),
        alt: Set(picture.alt.clone()),
        width: Set(side(picture.width)),
        height: Set(side(picture.height)),
        created_at: Set(now.0),
    };
    pictures::Entity::insert(row).exec_without_returning(&tx.0).await?;
    Ok(())
}

/// Says anew what is on it.
pub async fn describe(tx: &Tx, id: PictureId, alt: &str) -> Result<()> {
    pictures::Entity::update_many()
        .col_expr(pictures::Column::Alt, Expr::value(alt))
        .filter(pictures::Column::Id.eq(id.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// Forgets a picture; its files are for the caller.
pub async fn remove(tx: &Tx, id: PictureId) -> Result<()> {
    pictures::Entity::delete_by_id(id.0).exec(&tx.0).await?;
    Ok(())
}

/// One picture.
pub async fn find(rows: &Rows<'_>, id: PictureId) -> Result<Option<Picture>> {
    pictures::Entity::find_by_id(id.0).one(&rows.0).await?.map(Picture::try_from).transpose()
}

/// How many pictures this association keeps.
pub async fn count(rows: &Rows<'_>, home: ActorId) -> Result<u64> {
    Ok(pictures::Entity::find().filter(pictures::Column::Home.eq(home.0)).count(&rows.0).await?)
}

/// These pictures, by id.
pub async fn many(rows: &Rows<'_>, ids: Vec<Uuid>) -> Result<HashMap<Uuid, Picture>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found = pictures::Entity::find().filter(pictures::Column::Id.is_in(ids)).all(&rows.0).await?;
    found.into_iter().map(|row| Ok((row.id, Picture::try_from(row)?))).collect()
}
