//! What a list could be narrowed down to: read from the first of what is there, so that it costs the same however
//! much is stored.

use std::collections::HashMap;

use folkmoot_domain::{
    ActorId, CauseId, Moment,
    calls::HelpKind,
    items::ItemKind,
    lists::{Asked, LONGEST, Mark, Time, Turn},
    places::Point,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{ids, marks};
use crate::{
    Result, Rows,
    entities::{
        item_causes,
        items::{
            self,
            Column::{EndsAt, Here, Home, Id, PlaceName, ShownLatitude, ShownLongitude, Stage},
        },
        needs,
    },
    read,
};

/// What is read of an item: not its words.
type Head = (Uuid, Uuid, bool, String, Option<i64>, Option<String>, Option<f64>, Option<f64>);

/// What an item says to those who narrow a list down.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// Where it stands.
    pub mark: Mark,
    /// Who pinned it.
    pub home: ActorId,
    /// Does it hang on its own board?
    pub here: bool,
    /// The word of its state.
    pub stage: String,
    /// When it is over; events alone.
    pub ends: Option<Moment>,
    /// The name of its place.
    pub place: Option<String>,
    /// Where it may be shown.
    pub point: Option<Point>,
    /// What it fights for.
    pub causes: Vec<CauseId>,
    /// What kinds of help it asks for.
    pub help: Vec<HelpKind>,
}

impl Choice {
    /// Does it stand in this list, too?
    pub fn fits(&self, asked: &Asked) -> bool {
        let near = |point: Point| {
            asked.within.is_none_or(|bounds| bounds.hold(point))
                && asked.around.is_none_or(|around| around.point.metres_to(point) <= f64::from(around.metres))
        };
        self.is_on(asked.time)
            && asked.home.is_none_or(|home| self.home == home)
            && asked.here.is_none_or(|here| self.here == here)
            && asked.cause.is_none_or(|cause| self.causes.contains(&cause))
            && asked.help.is_none_or(|help| self.help.contains(&help))
            && asked.stage.is_none_or(|stage| self.stage == stage)
            && match self.point {
                Some(point) => near(point),
                None => !asked.placed && asked.within.is_none() && asked.around.is_none(),
            }
    }

    fn is_on(&self, time: Time) -> bool {
        let due = self.mark.due;
        match (time, self.ends) {
            (Time::Ahead { from, until }, ends) => {
                let ahead = ends.map_or(due > from, |ends| ends > from && due > from.plus(-LONGEST));
                ahead && until.is_none_or(|until| due < until)
            }
            (Time::Over(now), ends) => ends.unwrap_or(due) <= now,
            (Time::Any, _) => true,
        }
    }
}

/// The first of a list, with what each could be found by.
pub async fn choices(rows: &Rows<'_>, kind: ItemKind, asked: &Asked, limit: u64) -> Result<Vec<Choice>> {
    let marks = marks(rows, kind, asked, Turn::Start, limit).await?;
    let ids = ids(&marks);
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found: Vec<Head> = items::Entity::find()
        .select_only()
        .columns([Id, Home, Here, Stage, EndsAt, PlaceName, ShownLatitude, ShownLongitude])
        .filter(Id.is_in(ids.clone()))
        .into_tuple()
        .all(&rows.0)
        .await?;
    let mut found: HashMap<Uuid, Head> = found.into_iter().map(|row| (row.0, row)).collect();
    let mut causes = causes(rows, &ids).await?;
    let mut help = if kind == ItemKind::Call { help(rows, &ids).await? } else { HashMap::new() };
    let choice = |mark: Mark| {
        let (id, home, here, stage, ends, place, latitude, longitude) = found.remove(&mark.item.0)?;
        let point = latitude.zip(longitude);
        Some(Choice {
            mark,
            home: ActorId(home),
            here,
            stage,
            ends: ends.map(Moment),
            place,
            point: point.map(|(latitude, longitude)| Point { latitude, longitude }),
            causes: causes.remove(&id).unwrap_or_default(),
            help: help.remove(&id).unwrap_or_default(),
        })
    };
    Ok(marks.into_iter().filter_map(choice).collect())
}

async fn causes(rows: &Rows<'_>, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<CauseId>>> {
    let mut causes: HashMap<_, Vec<_>> = HashMap::new();
    let links = item_causes::Entity::find().filter(item_causes::Column::ItemId.is_in(ids.to_vec()));
    for link in links.all(&rows.0).await? {
        causes.entry(link.item_id).or_default().push(CauseId(link.cause_id));
    }
    Ok(causes)
}

async fn help(rows: &Rows<'_>, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<HelpKind>>> {
    let mut help: HashMap<_, Vec<_>> = HashMap::new();
    let wanted = needs::Entity::find().filter(needs::Column::CallId.is_in(ids.to_vec()));
    for need in wanted.all(&rows.0).await? {
        let kind = read::word("kind of help", &need.kind, HelpKind::parse)?;
        let kinds = help.entry(need.call_id).or_default();
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    Ok(help)
}
