//! What stewards were asked to look at, and what they decided.

use std::collections::HashMap;

use folkmoot_domain::{
    ActorId, ItemId, Moment, ReplyId, ReportId,
    reports::{Category, Judgement, Report, ReportState, Reported, Verdict},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::SimpleExpr,
};
use uuid::Uuid;

use crate::{
    Result, Rows, StorageError, Tx,
    entities::{judgements, reports},
    read,
};

impl TryFrom<reports::Model> for Report {
    type Error = StorageError;

    fn try_from(row: reports::Model) -> Result<Self> {
        let about = match (row.item_id, row.reply_id, row.actor_id) {
            (Some(id), None, None) => Reported::Item(ItemId(id)),
            (None, Some(id), None) => Reported::Reply(ReplyId(id)),
            (None, None, Some(id)) => Reported::Actor(ActorId(id)),
            _ => return Err(StorageError::unreadable("what is reported", &row.id.to_string())),
        };
        Ok(Self {
            id: ReportId(row.id),
            about,
            title: row.title,
            association: row.association_id.map(ActorId),
            category: read::word("category of report", &row.category, Category::parse)?,
            words: row.words,
            reporter: row.reporter_id.map(ActorId),
            email: row.reporter_email,
            state: read::word("state of report", &row.state, ReportState::parse)?,
            since: Moment(row.created_at),
        })
    }
}

fn row(report: &Report) -> reports::ActiveModel {
    let (mut item, mut reply, mut actor) = (None, None, None);
    match report.about {
        Reported::Item(id) => item = Some(id.0),
        Reported::Reply(id) => reply = Some(id.0),
        Reported::Actor(id) => actor = Some(id.0),
    }
    reports::ActiveModel {
        id: Set(report.id.0),
        association_id: Set(report.association.map(|id| id.0)),
        item_id: Set(item),
        reply_id: Set(reply),
        actor_id: Set(actor),
        title: Set(report.title.clone()),
        category: Set(report.category.word().to_owned()),
        words: Set(report.words.clone()),
        reporter_id: Set(report.reporter.map(|id| id.0)),
        reporter_email: Set(report.email.clone()),
        state: Set(report.state.word().to_owned()),
        created_at: Set(report.since.0),
        ..Default::default()
    }
}

/// Stores a new report, and whether a letter told the stewards of it.
pub async fn insert(tx: &Tx, report: &Report, told: bool) -> Result<()> {
    let row = reports::ActiveModel { told: Set(told), ..row(report) };
    reports::Entity::insert(row).exec_without_returning(&tx.0).await?;
    Ok(())
}

/// Stores what changed.
pub async fn update(tx: &Tx, report: &Report) -> Result<()> {
    reports::Entity::update(row(report)).exec(&tx.0).await?;
    Ok(())
}

/// Stores a decision.
pub async fn judged(tx: &Tx, report: ReportId, judgement: &Judgement) -> Result<()> {
    let row = judgements::ActiveModel {
        report_id: Set(report.0),
        at: Set(judgement.at.0),
        by_id: Set(judgement.by.map(|by| by.0)),
        verdict: Set(judgement.verdict.word().to_owned()),
        reason: Set(judgement.reason.clone()),
    };
    judgements::Entity::insert(row).exec_without_returning(&tx.0).await?;
    Ok(())
}

/// One report.
pub async fn find(rows: &Rows<'_>, id: ReportId) -> Result<Option<Report>> {
    reports::Entity::find_by_id(id.0).one(&rows.0).await?.map(Report::try_from).transpose()
}

fn same(about: Reported) -> SimpleExpr {
    match about {
        Reported::Item(id) => reports::Column::ItemId.eq(id.0),
        Reported::Reply(id) => reports::Column::ReplyId.eq(id.0),
        Reported::Actor(id) => reports::Column::ActorId.eq(id.0),
    }
}

/// Did a letter tell the stewards of the same thing since then?
pub async fn told_since(rows: &Rows<'_>, about: Reported, since: Moment) -> Result<bool> {
    let found = reports::Entity::find()
        .filter(same(about))
        .filter(reports::Column::Told.eq(true))
        .filter(reports::Column::CreatedAt.gt(since.0));
    Ok(found.one(&rows.0).await?.is_some())
}

/// Every report about this thing that waits.
pub async fn waiting_about(rows: &Rows<'_>, about: Reported) -> Result<Vec<Report>> {
    let waits = reports::Column::State.is_in(WAITING.map(ReportState::word));
    let found = reports::Entity::find().filter(same(about)).filter(waits).all(&rows.0).await?;
    found.into_iter().map(Report::try_from).collect()
}

/// Whose reports a list shows.
#[derive(Debug, Clone, Copy)]
pub enum Whose<'a> {
    /// Every report: for the stewards of the board.
    Everyones,
    /// Those about what these associations published.
    Of(&'a [ActorId]),
}

fn of(whose: Whose<'_>) -> Select<reports::Entity> {
    match whose {
        Whose::Everyones => reports::Entity::find(),
        Whose::Of(associations) => reports::Entity::find()
            .filter(reports::Column::AssociationId.is_in(associations.iter().map(|id| id.0))),
    }
}

const WAITING: [ReportState; 2] = [ReportState::Open, ReportState::WithBoard];

/// What waits, longest first.
pub async fn waiting(rows: &Rows<'_>, whose: Whose<'_>, limit: u64) -> Result<Vec<Report>> {
    let states = WAITING.map(ReportState::word);
    let found = of(whose)
        .filter(reports::Column::State.is_in(states))
        .order_by_asc(reports::Column::CreatedAt)
        .order_by_asc(reports::Column::Id)
        .limit(limit)
        .all(&rows.0)
        .await?;
    found.into_iter().map(Report::try_from).collect()
}

/// How many wait.
pub async fn count_waiting(rows: &Rows<'_>, whose: Whose<'_>) -> Result<u64> {
    let states = WAITING.map(ReportState::word);
    Ok(of(whose).filter(reports::Column::State.is_in(states)).count(&rows.0).await?)
}

/// What was decided, the newest report first.
pub async fn decided(rows: &Rows<'_>, whose: Whose<'_>, limit: u64) -> Result<Vec<Report>> {
    let states = WAITING.map(ReportState::word);
    let found = of(whose)
        .filter(reports::Column::State.is_not_in(states))
        .order_by_desc(reports::Column::CreatedAt)
        .order_by_desc(reports::Column::Id)
        .limit(limit)
        .all(&rows.0)
        .await?;
    found.into_iter().map(Report::try_from).collect()
}

/// Every decision about these reports, oldest first.
pub async fn judgements(rows: &Rows<'_>, of: &[ReportId]) -> Result<HashMap<ReportId, Vec<Judgement>>> {
    let ids: Vec<Uuid> = of.iter().map(|id| id.0).collect();
    let found = judgements::Entity::find()
        .filter(judgements::Column::ReportId.is_in(ids))
        .order_by_asc(judgements::Column::At)
        .all(&rows.0)
        .await?;
    let mut by_report: HashMap<ReportId, Vec<Judgement>> = HashMap::new();
    for row in found {
        by_report.entry(ReportId(row.report_id)).or_default().push(Judgement {
            by: row.by_id.map(ActorId),
            at: Moment(row.at),
            verdict: read::word("verdict", &row.verdict, Verdict::parse)?,
            reason: row.reason,
        });
    }
    Ok(by_report)
}
