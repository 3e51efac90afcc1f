//! Whoever can act, here or elsewhere: one row each.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "actors")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub uri: String,
    pub local: bool,
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    #[sea_orm(column_type = "Text")]
    pub handle: String,
    #[sea_orm(column_type = "Text")]
    pub host: String,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    #[sea_orm(column_type = "Text")]
    pub summary: String,
    #[sea_orm(column_type = "Text")]
    pub page: String,
    #[sea_orm(column_type = "Text")]
    pub inbox: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub shared_inbox: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub followers_uri: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub key_id: String,
    #[sea_orm(column_type = "Text")]
    pub public_key: String,
    pub private_key: Option<Vec<u8>>,
    pub published_count: i64,
    pub follower_count: i64,
    pub fetched_at: i64,
    pub gone_at: Option<i64>,
    pub created_at: i64,
    #[sea_orm(column_type = "Text", nullable)]
    pub paper: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub outbox_uri: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub featured_uri: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub affiliates_uri: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub association_kind: Option<String>,
    pub discoverable: bool,
    #[sea_orm(column_type = "Text", nullable)]
    pub moved_to: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub also_known_as: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
