//! Who may come in: a mail address, and what it is for. Only the hash of the link is kept.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub secret_hash: String,
    #[sea_orm(column_type = "Text")]
    pub email: String,
    pub association_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub role: Option<String>,
    pub invited_by: Option<Uuid>,
    pub created_at: i64,
    pub expires_at: i64,
    pub used_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
