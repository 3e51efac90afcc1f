//! Lists of one kind, filtered and read on from a mark: each costs the same however much is stored.
//!
//! What is asked for most narrowly leads: its index gives items in the order of the list, and the rest is looked at
//! one by one until the page is full. Nothing is counted or skipped. Visibility is [`items::VISIBLE`]; the columns
//! that lists read are copies, kept true by [`stand`] and by `items`. Start at [`marks`].

use folkmoot_domain::{
    ActorId, ItemId, Moment,
    items::{Item, ItemKind},
    lists::{Asked, LONGEST, Mark, Standing, Time, Turn},
    places::{Around, Bounds, Point},
};
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, Value, prelude::Expr};
use uuid::Uuid;

use crate::{
    Result, Rows, Tx,
    entities::{actors as actor_rows, item_causes, items as item_rows, needs},
    items, statement,
};

mod choices;
#[cfg(test)]
mod tests;

pub use choices::{Choice, choices};

/// What stands in a list of one kind, in its order: at most so many from where one reads on.
pub async fn marks(
    rows: &Rows<'_>,
    kind: ItemKind,
    asked: &Asked,
    turn: Turn,
    limit: u64,
) -> Result<Vec<Mark>> {
    let query = Query::new(rows.0.get_database_backend(), kind, asked, turn, limit);
    let found = rows.0.query_all_raw(statement(&rows.0, &query.sql, query.values)).await?;
    let mut marks = found
        .iter()
        .map(|row| Ok(Mark { due: Moment(row.try_get("", "due_at")?), item: ItemId(row.try_get("", "id")?) }))
        .collect::<Result<Vec<_>>>()?;
    if matches!(turn, Turn::Before(_)) {
        marks.reverse();
    }
    Ok(marks)
}

/// The ids of some marks.
pub(crate) fn ids(marks: &[Mark]) -> Vec<Uuid> {
    marks.iter().map(|mark| mark.item.0).collect()
}

/// Where an item stands from now on.
pub(crate) async fn stand(tx: &Tx, id: ItemId, standing: Standing) -> Result<()> {
    item_rows::Entity::update_many()
        .col_expr(item_rows::Column::Stage, Expr::value(standing.stage))
        .col_expr(item_rows::Column::DueAt, Expr::value(standing.due.0))
        .col_expr(item_rows::Column::EndsAt, Expr::value(standing.ends.map(|at| at.0)))
        .filter(item_rows::Column::Id.eq(id.0))
        .exec(&tx.0)
        .await?;
    item_causes::Entity::update_many()
        .col_expr(item_causes::Column::DueAt, Expr::value(standing.due.0))
        .filter(item_causes::Column::ItemId.eq(id.0))
        .filter(item_causes::Column::DueAt.ne(standing.due.0))
        .exec(&tx.0)
        .await?;
    needs::Entity::update_many()
        .col_expr(needs::Column::DueAt, Expr::value(standing.due.0))
        .filter(needs::Column::CallId.eq(id.0))
        .filter(needs::Column::DueAt.ne(standing.due.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// The word of its state, when nothing else about its place in lists changes.
pub(crate) async fn stage(tx: &Tx, id: ItemId, word: &str) -> Result<()> {
    item_rows::Entity::update_many()
        .col_expr(item_rows::Column::Stage, Expr::value(word))
        .filter(item_rows::Column::Id.eq(id.0))
        .exec(&tx.0)
        .await?;
    Ok(())
}

/// Where an item may be shown, and the cell of that; never the exact place, or asking from many sides would find it.
pub(crate) fn shown(item: &Item) -> (Option<f64>, Option<f64>, Option<i64>) {
    let point = item.place.as_ref().and_then(folkmoot_domain::places::Place::seen);
    (point.map(|point| point.latitude), point.map(|point| point.longitude), point.map(Point::cell))
}

/// Does this home live here?
pub(crate) async fn lives_here(rows: &Rows<'_>, home: ActorId) -> Result<bool> {
    Ok(actor_rows::Entity::find_by_id(home.0).one(&rows.0).await?.is_some_and(|actor| actor.local))
}

/// A query and its values, as it grows.
struct Query {
    sql: String,
    values: Vec<Value>,
}

/// What leads: the table, the columns of the order in it, and its conditions.
struct Lead {
    due: &'static str,
    id: &'static str,
    conditions: Vec<String>,
    /// One branch for each; joined in the order of the list.
    cells: Vec<i64>,
    by: By,
}

impl Lead {
    /// SQLite, which does not know how many there are of what, is told its index, and keeps the order of a CROSS JOIN.
    /// PostgreSQL chooses for itself.
    fn from(&self, database: DbBackend) -> String {
        let (table, columns, join) = match self.by {
            By::Home => ("items", "kind_home_due_at_id", ""),
            By::Cause => ("item_causes", "cause_id_kind_due_at_item_id", " CROSS JOIN items"),
            By::Cell => ("items", "kind_cell_due_at_id", ""),
            By::Help => ("needs", "kind_due_at_call_id", " CROSS JOIN items"),
            By::Stage => ("items", "kind_stage_due_at_id", ""),
            By::Here => ("items", "kind_here_due_at_id", ""),
            By::Kind => ("items", "kind_due_at_id", ""),
        };
        let name = if join.is_empty() { "items" } else { "lead" };
        let told = match database {
            DbBackend::Sqlite => format!(" INDEXED BY {table}_{columns}"),
            _ => String::new(),
        };
        format!("{table} AS {name}{told}{join}")
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Home,
    Cause,
    Cell,
    Help,
    Stage,
    Here,
    Kind,
}

impl Query {
    fn new(database: DbBackend, kind: ItemKind, asked: &Asked, turn: Turn, limit: u64) -> Self {
        let mut query = Self { sql: String::new(), values: Vec::new() };
        let mut lead = query.lead(kind, asked);
        query.range(&mut lead, kind, asked, turn);
        query.rest(&mut lead, kind, asked);
        let from = lead.from(database);
        let down = descending(asked, turn);
        let order = |due: &str, id: &str| {
            let way = if down { " DESC" } else { "" };
            format!(" ORDER BY {due}{way}, {id}{way} LIMIT {limit}")
        };
        let branch = |cell: &str| {
            format!(
                "SELECT {} AS id, {} AS due_at FROM {from} WHERE {}{cell}{}",
                lead.id,
                lead.due,
                lead.conditions.join(" AND "),
                order(lead.due, lead.id)
            )
        };
        query.sql = if lead.by == By::Cell {
            let branches = lead.cells.iter().map(|cell| {
                let cell = query_value(&mut query.values, *cell);
                format!(
                    "SELECT id, due_at FROM ({}) AS cell_{}",
                    branch(&format!(" AND items.cell = {cell}")),
                    &cell[1..]
                )
            });
            let all = branches.collect::<Vec<_>>().join(" UNION ALL ");
            format!("SELECT id, due_at FROM ({all}) AS found{}", order("due_at", "id"))
        } else {
            branch("")
        };
        query
    }

    fn value(&mut self, value: impl Into<Value>) -> String {
        query_value(&mut self.values, value)
    }

    /// What is asked for most narrowly.
    fn lead(&mut self, kind: ItemKind, asked: &Asked) -> Lead {
        let cells = asked.around.map(Around::bounds).or(asked.within).and_then(Bounds::cells);
        let mut lead = Lead {
            due: "items.due_at",
            id: "items.id",
            conditions: Vec::new(),
            cells: Vec::new(),
            by: By::Kind,
        };
        let own = |query: &mut Self| format!("items.kind = {}", query.value(kind.word()));
        if let Some(home) = asked.home {
            lead.by = By::Home;
            lead.conditions = vec![own(self), format!("items.home = {}", self.value(home.0))];
        } else if let Some(cause) = asked.cause {
            lead = Lead { due: "lead.due_at", id: "lead.item_id", by: By::Cause, ..lead };
            lead.conditions = vec![
                format!("lead.cause_id = {}", self.value(cause.0)),
                format!("lead.kind = {}", self.value(kind.word())),
                "items.id = lead.item_id".to_owned(),
            ];
        } else if let Some(cells) = cells {
            lead.by = By::Cell;
            lead.cells = cells;
            lead.conditions = vec![own(self)];
        } else if let Some(help) = asked.help {
            lead = Lead { due: "lead.due_at", id: "lead.call_id", by: By::Help, ..lead };
            lead.conditions = vec![
                format!("lead.kind = {}", self.value(help.word())),
                "items.id = lead.call_id".to_owned(),
                // A call that asks twice for the same kind stands once.
                "NOT EXISTS (SELECT 1 FROM needs AS twin WHERE twin.call_id = lead.call_id \
                 AND twin.kind = lead.kind AND twin.position < lead.position)"
                    .to_owned(),
            ];
        } else if let Some(stage) = asked.stage {
            lead.by = By::Stage;
            lead.conditions = vec![own(self), format!("items.stage = {}", self.value(stage))];
        } else if let Some(here) = asked.here {
            lead.by = By::Here;
            lead.conditions = vec![own(self), format!("items.here = {}", self.value(here))];
        } else {
            lead.conditions = vec![own(self)];
        }
        lead
    }

    /// From where to where the index is read: one bound at each end, since a second one would only hide the better.
    fn range(&mut self, lead: &mut Lead, kind: ItemKind, asked: &Asked, turn: Turn) {
        let event = kind == ItemKind::Event;
        let (mut low, mut high) = match asked.time {
            Time::Ahead { from, until } => {
                let from = if event { from.plus(-LONGEST) } else { from };
                (Some((from, None)), until.map(|until| (until, None)))
            }
            Time::Over(now) => (None, Some((now.plus(1), None))),
            Time::Any => (None, None),
        };
        let falling = falls(asked);
        match turn {
            Turn::Start => {}
            Turn::After(mark) if falling => high = tighter(high, mark, |mark, bound| mark < bound),
            Turn::Before(mark) if !falling => high = tighter(high, mark, |mark, bound| mark < bound),
            Turn::After(mark) | Turn::Before(mark) => low = tighter(low, mark, |mark, bound| mark >= bound),
        }
        for (bound, sign) in [(low, ">"), (high, "<")] {
            let condition = match bound {
                Some((due, Some(item))) => {
                    let (due, item) = (self.value(due.0), self.value(item.0));
                    format!("({}, {}) {sign} ({due}, {item})", lead.due, lead.id)
                }
                Some((due, None)) => format!("{} {sign} {}", lead.due, self.value(due.0)),
                None => continue,
            };
            lead.conditions.push(condition);
        }
        if event {
            match asked.time {
                Time::Ahead { from, .. } => {
                    let from = self.value(from.0);
                    lead.conditions.push(format!("items.ends_at > {from}"));
                }
                Time::Over(now) => {
                    let now = self.value(now.0);
                    lead.conditions.push(format!("items.ends_at <= {now}"));
                }
                Time::Any => {}
            }
        }
    }

    /// What does not lead.
    fn rest(&mut self, lead: &mut Lead, kind: ItemKind, asked: &Asked) {
        let mut rest = vec![items::VISIBLE.to_owned()];
        if lead.by == By::Help && kind != ItemKind::Call {
            rest.push("1 = 0".to_owned());
        }
        if let Some(cause) = asked.cause.filter(|_| lead.by != By::Cause) {
            let cause = self.value(cause.0);
            rest.push(format!(
                "EXISTS (SELECT 1 FROM item_causes AS tag WHERE tag.item_id = items.id AND tag.cause_id = {cause})"
            ));
        }
        if let Some(help) = asked.help.filter(|_| lead.by != By::Help) {
            let help = self.value(help.word());
            rest.push(format!(
                "EXISTS (SELECT 1 FROM needs AS need WHERE need.call_id = items.id AND need.kind = {help})"
            ));
        }
        if let Some(stage) = asked.stage.filter(|_| lead.by != By::Stage) {
            rest.push(format!("items.stage = {}", self.value(stage)));
        }
        if let Some(here) = asked.here.filter(|_| lead.by != By::Here) {
            rest.push(format!("items.here = {}", self.value(here)));
        }
        if asked.placed {
            rest.push("items.shown_latitude IS NOT NULL".to_owned());
        }
        if let Some(bounds) = asked.around.map(Around::bounds).or(asked.within) {
            self.within(&mut rest, bounds);
        }
        if let Some(around) = asked.around {
            self.around(&mut rest, around);
        }
        lead.conditions.append(&mut rest);
    }

    fn within(&mut self, rest: &mut Vec<String>, bounds: Bounds) {
        for (column, low, high) in [
            ("items.shown_latitude", bounds.south, bounds.north),
            ("items.shown_longitude", bounds.west, bounds.east),
        ] {
            let (low, high) = (self.value(low), self.value(high));
            rest.push(format!("{column} BETWEEN {low} AND {high}"));
        }
    }

    /// Flat within these bounds: over a few dozen kilometres the globe is flat to one part in a thousand, and both
    /// databases can reckon it.
    fn around(&mut self, rest: &mut Vec<String>, around: Around) {
        let latitude = self.value(around.point.latitude);
        let longitude = self.value(around.point.longitude);
        let narrowing = self.value(around.narrowing().powi(2));
        let far = self.value(around.degrees().powi(2));
        let square = |column: &str, middle: &str| format!("({column} - {middle}) * ({column} - {middle})");
        rest.push(format!(
            "{} + {} * {narrowing} <= {far}",
            square("items.shown_latitude", &latitude),
            square("items.shown_longitude", &longitude)
        ));
    }
}

fn query_value(values: &mut Vec<Value>, value: impl Into<Value>) -> String {
    values.push(value.into());
    format!("${}", values.len())
}

/// Does the list begin with the latest?
fn falls(asked: &Asked) -> bool {
    !matches!(asked.time, Time::Ahead { .. })
}

/// Is the index read from its end?
fn descending(asked: &Asked, turn: Turn) -> bool {
    falls(asked) != matches!(turn, Turn::Before(_))
}

type Bound = Option<(Moment, Option<ItemId>)>;

/// The mark, when it lies within the bound.
fn tighter(bound: Bound, mark: Mark, within: impl Fn(Moment, Moment) -> bool) -> Bound {
    match bound {
        Some((edge, _)) if !within(mark.due, edge) => bound,
        _ => Some((mark.due, Some(mark.item))),
    }
}
