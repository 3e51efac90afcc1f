//! Offers of ties between two associations.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "affiliations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub uri: String,
    pub member_id: Uuid,
    pub umbrella_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    #[sea_orm(column_type = "Text")]
    pub mandate: String,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    pub proposer_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub offer_uri: String,
    pub proposed_at: i64,
    pub answered_at: Option<i64>,
    pub ended_at: Option<i64>,
    pub ended_by: Option<Uuid>,
    pub listed: bool,
    pub checked_at: Option<i64>,
    pub check_at: Option<i64>,
    pub missed: i32,
    pub missed_since: Option<i64>,
    #[sea_orm(column_type = "Text", nullable)]
    pub stamp_uri: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
