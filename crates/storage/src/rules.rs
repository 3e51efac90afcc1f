//! What one of ours passes on by itself.

use folkmoot_domain::{
    ActorId, AffiliationId, ItemId, Moment, RuleId,
    items::ItemKind,
    places::{Around, Point},
    rules::{Near, Rule},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, prelude::Expr,
};

use crate::{Result, Rows, StorageError, Tx, causes, entities::rules, read};

impl TryFrom<rules::Model> for Rule {
    type Error = StorageError;

    fn try_from(row: rules::Model) -> Result<Self> {
        let words = row.kinds.split(',').filter(|word| !word.is_empty());
        let point = row.latitude.zip(row.longitude);
        let near =
            row.place_name.zip(point).zip(row.radius).map(|((name, (latitude, longitude)), radius)| {
                let metres = u32::try_from(radius).unwrap_or_default();
                Near { name, around: Around { point: Point { latitude, longitude }, metres } }
            });
        Ok(Self {
            id: RuleId(row.id),
            carrier: ActorId(row.carrier_id),
            source: ActorId(row.source_id),
            kinds: words
                .map(|word| read::word("kind of item", word, ItemKind::parse))
                .collect::<Result<_>>()?,
            cause: Some(row.cause).filter(|cause| !cause.is_empty()),
            near,
            review: row.review,
            affiliation: row.affiliation_id.map(AffiliationId),
            created: Moment(row.created_at),
        })
    }
}

/// Stores a new rule.
pub async fn insert(tx: &Tx, rule: &Rule) -> Result<()> {
    let near = rule.near.as_ref();
    let row = rules::ActiveModel {
        id: Set(rule.id.0),
        carrier_id: Set(rule.carrier.0),
        source_id: Set(rule.source.0),
        kinds: Set(rule.kinds.iter().map(|kind| kind.word()).collect::<Vec<_>>().join(",")),
        cause: Set(rule.cause.clone().unwrap_or_default()),
        place_name: Set(near.map(|near| near.name.clone())),
        latitude: Set(near.map(|near| near.around.point.latitude)),
        longitude: Set(near.map(|near| near.around.point.longitude)),
        radius: Set(near.map(|near| i32::try_from(near.around.metres).unwrap_or(i32::MAX))),
        review: Set(rule.review),
        affiliation_id: Set(rule.affiliation.map(|id| id.0)),
        created_at: Set(rule.created.0),
        ended_at: Set(None),
    };
    rules::Entity::insert(row).exec_without_returning(&tx.0).await?;
    Ok(())
}

/// Ends a rule. False when it had ended.
pub async fn end(tx: &Tx, id: RuleId, at: Moment) -> Result<bool> {
    let ended = rules::Entity::update_many()
        .col_expr(rules::Column::EndedAt, Expr::value(at.0))
        .filter(rules::Column::Id.eq(id.0))
        .filter(rules::Column::EndedAt.is_null())
        .exec(&tx.0)
        .await?;
    Ok(ended.rows_affected == 1)
}

/// One rule, ended or not.
pub async fn find(rows: &Rows<'_>, id: RuleId) -> Result<Option<Rule>> {
    rules::Entity::find_by_id(id.0).one(&rows.0).await?.map(Rule::try_from).transpose()
}

/// One living rule.
pub async fn living(rows: &Rows<'_>, id: RuleId) -> Result<Option<Rule>> {
    living_where(rows, rules::Column::Id.eq(id.0)).await.map(|mut found| found.pop())
}

/// The living rules of a carrier, oldest first.
pub async fn of_carrier(rows: &Rows<'_>, carrier: ActorId) -> Result<Vec<Rule>> {
    living_where(rows, rules::Column::CarrierId.eq(carrier.0)).await
}

/// The living rules about what somebody publishes or carries, oldest first.
pub async fn of_source(rows: &Rows<'_>, source: ActorId) -> Result<Vec<Rule>> {
    living_where(rows, rules::Column::SourceId.eq(source.0)).await
}

/// The living rules of a carrier for a source.
pub async fn between(rows: &Rows<'_>, carrier: ActorId, source: ActorId) -> Result<Vec<Rule>> {
    let both = Condition::all()
        .add(rules::Column::CarrierId.eq(carrier.0))
        .add(rules::Column::SourceId.eq(source.0));
    living_where(rows, both).await
}

async fn living_where(rows: &Rows<'_>, which: impl sea_orm::sea_query::IntoCondition) -> Result<Vec<Rule>> {
    let found = rules::Entity::find()
        .filter(which)
        .filter(rules::Column::EndedAt.is_null())
        .order_by_asc(rules::Column::CreatedAt)
        .order_by_asc(rules::Column::Id)
        .all(&rows.0)
        .await?;
    found.into_iter().map(Rule::try_from).collect()
}

/// The keys of what an item fights for, as rules name them.
pub async fn causes_of(rows: &Rows<'_>, item: ItemId) -> Result<Vec<String>> {
    let causes = causes::of_item(rows, item).await?;
    Ok(causes.iter().map(|cause| folkmoot_domain::causes::key(&cause.tag)).collect())
}
