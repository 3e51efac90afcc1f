//! What the actor row of an association does not say.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "associations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    #[sea_orm(column_type = "Text")]
    pub about: String,
    #[sea_orm(column_type = "Text")]
    pub language: String,
    #[sea_orm(column_type = "Text")]
    pub zone: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub place_name: Option<String>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    #[sea_orm(column_type = "Text", nullable)]
    pub coarseness: Option<String>,
    pub welcome_id: Option<Uuid>,
    pub founded_at: i64,
    pub closed_at: Option<i64>,
    #[sea_orm(column_type = "Text", nullable)]
    pub farewell: Option<String>,
    pub sample: bool,
    #[sea_orm(column_type = "Text")]
    pub joining: String,
    #[sea_orm(column_type = "Text")]
    pub safeguarding: String,
    #[sea_orm(column_type = "Text")]
    pub name_key: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
