//! What alliances ask their members, who may answer, and what they said.

use folkmoot_domain::{
    ActorId, DecisionId, Moment,
    decisions::{Ballot, Choice, Decision, Rule},
    text::Prose,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, prelude::Expr, sea_query::OnConflict, sea_query::Query,
};

use crate::{
    Result, Rows, StorageError, Tx,
    entities::{ballots, decisions, electors},
    read,
};

impl TryFrom<decisions::Model> for Decision {
    type Error = StorageError;

    fn try_from(row: decisions::Model) -> Result<Self> {
        Ok(Self {
            id: DecisionId(row.id),
            uri: read::url(&row.uri)?,
            alliance: ActorId(row.alliance_id),
            title: row.title,
            text: Prose { source: row.source, html: row.html },
            rule: read::word("rule of a decision", &row.rule, Rule::parse)?,
            asked: Moment(row.asked_at),
            closes: Moment(row.closes_at),
            closed: read::moment(row.closed_at),
        })
    }
}

impl TryFrom<ballots::Model> for Ballot {
    type Error = StorageError;

    fn try_from(row: ballots::Model) -> Result<Self> {
        Ok(Self {
            association: ActorId(row.association_id),
            choice: read::word("choice", &row.choice, Choice::parse)?,
            words: row.words,
            vote: row.vote_uri,
            at: Moment(row.at),
        })
    }
}

/// Stores a new question with who may answer it.
pub async fn insert(tx: &Tx, decision: &Decision, asked: &[ActorId]) -> Result<()> {
    let row = decisions::ActiveModel {
        id: Set(decision.id.0),
        uri: Set(decision.uri.to_string()),
        alliance_id: Set(decision.alliance.0),
        title: Set(decision.title.clone()),
        source: Set(decision.text.source.clone()),
        html: Set(decision.text.html.clone()),
        rule: Set(decision.rule.word()),
        closes_at: Set(decision.closes.0),
        asked_at: Set(decision.asked.0),
        closed_at: Set(decision.closed.map(|at| at.0)),
        record: Set(String::new()),
    };
    decisions::Entity::insert(row).exec_without_returning(&tx.0).await?;
    for elector in asked {
        elect(tx, decision.id, *elector).await?;
    }
    Ok(())
}

/// One more that may answer.
pub async fn elect(tx: &Tx, decision: DecisionId, elector: ActorId) -> Result<()> {
    let row = electors::ActiveModel { decision_id: Set(decision.0), association_id: Set(elector.0) };
    electors::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(&tx.0)
        .await?;
    Ok(())
}

/// It is over; `record` is kept as it is given.
pub async fn close(tx: &Tx, id: DecisionId, at: Moment, record: &str) -> Result<()> {
    decisions::Entity::update_many()
        .col_expr(decisions::Column::ClosedAt, Expr::value(at.0))
        .col_expr(decisions::Column::Record, Expr::value(record))
        .filter(decisions::Column::Id.eq(id.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// One question.
pub async fn find(rows: &Rows<'_>, id: DecisionId) -> Result<Option<Decision>> {
    decisions::Entity::find_by_id(id.0).one(&rows.0).await?.map(Decision::try_from).transpose()
}

/// One question by its ActivityPub id.
pub async fn by_uri(rows: &Rows<'_>, uri: &str) -> Result<Option<Decision>> {
    let found = decisions::Entity::find().filter(decisions::Column::Uri.eq(uri)).one(&rows.0).await?;
    found.map(Decision::try_from).transpose()
}

/// The record as it was given; empty while it is open.
pub async fn record(rows: &Rows<'_>, id: DecisionId) -> Result<String> {
    let row = decisions::Entity::find_by_id(id.0).one(&rows.0).await?;
    Ok(row.map(|row| row.record).unwrap_or_default())
}

/// How many questions of this alliance are open.
pub async fn open(rows: &Rows<'_>, alliance: ActorId) -> Result<u64> {
    let open = decisions::Entity::find()
        .filter(decisions::Column::AllianceId.eq(alliance.0))
        .filter(decisions::Column::ClosedAt.is_null());
    Ok(open.count(&rows.0).await?)
}

/// The questions that this association asks or may answer, newest first.
pub async fn of(rows: &Rows<'_>, association: ActorId, limit: u64) -> Result<Vec<Decision>> {
    let asked = Query::select()
        .column(electors::Column::DecisionId)
        .from(electors::Entity)
        .and_where(electors::Column::AssociationId.eq(association.0))
        .to_owned();
    let either = Condition::any()
        .add(decisions::Column::AllianceId.eq(association.0))
        .add(decisions::Column::Id.in_subquery(asked));
    let found = decisions::Entity::find()
        .filter(either)
        .order_by_desc(decisions::Column::AskedAt)
        .order_by_desc(decisions::Column::Id)
        .limit(limit)
        .all(&rows.0)
        .await?;
    found.into_iter().map(Decision::try_from).collect()
}

/// Who may answer.
pub async fn electors(rows: &Rows<'_>, id: DecisionId) -> Result<Vec<ActorId>> {
    let found = electors::Entity::find()
        .filter(electors::Column::DecisionId.eq(id.0))
        .order_by_asc(electors::Column::AssociationId)
        .all(&rows.0)
        .await?;
    Ok(found.into_iter().map(|row| ActorId(row.association_id)).collect())
}

/// What was said.
pub async fn ballots(rows: &Rows<'_>, id: DecisionId) -> Result<Vec<Ballot>> {
    let found = ballots::Entity::find()
        .filter(ballots::Column::DecisionId.eq(id.0))
        .order_by_asc(ballots::Column::AssociationId)
        .all(&rows.0)
        .await?;
    found.into_iter().map(Ballot::try_from).collect()
}

/// What one says, in place of what it said before.
pub async fn vote(tx: &Tx, id: DecisionId, ballot: &Ballot) -> Result<()> {
    let row = ballots::ActiveModel {
        decision_id: Set(id.0),
        association_id: Set(ballot.association.0),
        choice: Set(ballot.choice.word().to_owned()),
        words: Set(ballot.words.clone()),
        vote_uri: Set(ballot.vote.clone()),
        at: Set(ballot.at.0),
    };
    let mut clash = OnConflict::columns([ballots::Column::DecisionId, ballots::Column::AssociationId]);
    clash.update_columns([
        ballots::Column::Choice,
        ballots::Column::Words,
        ballots::Column::VoteUri,
        ballots::Column::At,
    ]);
    ballots::Entity::insert(row).on_conflict(clash).exec_without_returning(&tx.0).await?;
    Ok(())
}
