//! The common head of projects, calls, events and updates.

use sea_orm::entity::prelude::*;

#[expect(clippy::struct_excessive_bools, reason = "each is a column that says one thing about an item")]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "items")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    pub home: Uuid,
    #[sea_orm(column_type = "Text")]
    pub uri: String,
    #[sea_orm(column_type = "Text")]
    pub page: String,
    #[sea_orm(column_type = "Text")]
    pub title: String,
    #[sea_orm(column_type = "Text")]
    pub source: String,
    #[sea_orm(column_type = "Text")]
    pub html: String,
    #[sea_orm(column_type = "Text")]
    pub language: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub place_name: Option<String>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    #[sea_orm(column_type = "Text", nullable)]
    pub coarseness: Option<String>,
    pub published_at: i64,
    pub edited_at: Option<i64>,
    pub deleted_at: Option<i64>,
    pub like_count: i64,
    pub boost_count: i64,
    pub reply_count: i64,
    pub picture_id: Option<Uuid>,
    pub here: bool,
    #[sea_orm(column_type = "Text")]
    pub stage: String,
    pub due_at: i64,
    pub ends_at: Option<i64>,
    pub shown_latitude: Option<f64>,
    pub shown_longitude: Option<f64>,
    pub cell: Option<i64>,
    pub replies_told_at: Option<i64>,
    #[sea_orm(column_type = "Text")]
    pub reach: String,
    pub carriable: bool,
    pub shown: bool,
    pub carry_count: i64,
    #[sea_orm(column_type = "Text", nullable)]
    pub moved_to: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub moved_from: Option<String>,
    pub pinned: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
