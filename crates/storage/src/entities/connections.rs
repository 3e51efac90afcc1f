//! Whom one of ours follows to look.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "connections")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub seeker_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub target_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub state: String,
    pub follow_id: Option<Uuid>,
    pub asked_at: i64,
    pub answered_at: Option<i64>,
    pub filled_at: Option<i64>,
    pub heard_at: Option<i64>,
    #[sea_orm(column_type = "Text", nullable)]
    pub problem: Option<String>,
    pub fill_at: Option<i64>,
    pub fill_tries: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
