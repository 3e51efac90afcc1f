//! What was said, once, in its final bytes.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "activities")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub actor_id: Uuid,
    pub item_id: Option<Uuid>,
    pub note_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub object_uri: String,
    pub sequence: i64,
    #[sea_orm(column_type = "Text")]
    pub verb: String,
    pub public: bool,
    #[sea_orm(column_type = "Text")]
    pub body: String,
    pub created_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
