//! What anyone wrote back.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "replies")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub uri: String,
    pub home: Uuid,
    pub item_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub html: String,
    pub direct: bool,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    pub published_at: i64,
    pub edited_at: Option<i64>,
    pub received_at: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
