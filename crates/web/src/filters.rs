//! What a list shows: filters that are plain links, each with an address that can be kept and passed on.
//!
//! [`Chosen`] is what an address says, [`Asked`] what the database is asked for. What an address says that means
//! nothing here is left out, and the page names the address without it. The choices are in [`panel`].

use folkmoot_domain::{
    ActorId, ItemId, Moment,
    calls::HelpKind,
    causes::Cause,
    items::ItemKind,
    lists::{Asked, Mark, Time, Turn},
    moments::DAY,
    places::{Around, Point},
};
use folkmoot_storage::{actors, associations, causes};
use jiff::{civil::Date, tz::TimeZone};
use url::form_urlencoded::{Serializer, parse};

use crate::{Web, problems::Problem};

mod labels;
pub(crate) mod panel;

/// How far around a place one may look, in miles; the one in the middle is taken when none is said.
pub(crate) const MILES: [u32; 4] = [1, 3, 10, 30];
const USUAL_MILES: u32 = 3;
const METRES_A_MILE: f64 = 1_609.344;

/// The words for where a thing stands, as addresses and as pages say them.
pub(crate) fn stages(kind: ItemKind) -> &'static [(&'static str, &'static str)] {
    match kind {
        ItemKind::Call => &[
            ("open", "Hands wanted"),
            ("filled", "Enough found"),
            ("another-day", "Left for another day"),
            ("cancelled", "Cancelled"),
            ("closed", "Closed, with what came of it"),
        ],
        ItemKind::Project => &[
            ("idea", "An idea"),
            ("active", "Active"),
            ("another-day", "Left for another day"),
            ("done", "Done"),
        ],
        ItemKind::Event => &[("planned", "As planned"), ("cancelled", "Cancelled")],
        ItemKind::Update => &[],
    }
}

/// What time a list is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum When {
    /// What is open or ahead.
    #[default]
    Ahead,
    /// Of that, what is due within seven days.
    Week,
    /// Of that, what is due within thirty days.
    Month,
    /// What is over.
    Over,
    /// One day, in the zone of this place.
    Day(Date),
}

/// What the address of a list says.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Chosen {
    /// Of several kinds, this one; on the map.
    pub kind: Option<ItemKind>,
    pub when: When,
    pub near: Option<Point>,
    pub miles: Option<u32>,
    pub help: Option<HelpKind>,
    pub stage: Option<&'static str>,
    /// The key of a cause.
    pub cause: Option<String>,
    /// The handle of an association here, or the id of whoever pinned it elsewhere.
    pub by: Option<String>,
    pub here: Option<bool>,
}

impl Chosen {
    /// Reads an address. Of what is said twice, the first counts.
    pub(crate) fn read(query: &str) -> (Self, Turn) {
        let (mut chosen, mut turn) = (Self::default(), Turn::Start);
        for (key, value) in parse(query.as_bytes()) {
            if value.is_empty() || value.chars().any(char::is_control) {
                continue;
            }
            match &*key {
                "kind" => chosen.kind = chosen.kind.or_else(|| ItemKind::parse(&value)),
                "when" if chosen.when == When::Ahead => chosen.when = when(&value),
                "on" if chosen.when == When::Ahead => {
                    chosen.when = value.parse().map_or(When::Ahead, When::Day);
                }
                "near" => chosen.near = chosen.near.or_else(|| point(&value)),
                "miles" => {
                    let far = value.parse().ok().filter(|miles| MILES.contains(miles));
                    chosen.miles = chosen.miles.or(far);
                }
                "help" => chosen.help = chosen.help.or_else(|| HelpKind::parse(&value)),
                "state" => {
                    let all = ItemKind::ALL.into_iter().flat_map(stages);
                    let known = all.map(|(word, _)| *word).find(|word| *word == value);
                    chosen.stage = chosen.stage.or(known);
                }
                "cause" => chosen.cause = chosen.cause.or_else(|| Some(folkmoot_domain::causes::key(&value))),
                "by" => chosen.by = chosen.by.or_else(|| Some(value.to_lowercase())),
                "whose" => {
                    let here = match &*value {
                        "here" => Some(true),
                        "elsewhere" => Some(false),
                        _ => None,
                    };
                    chosen.here = chosen.here.or(here);
                }
                "after" if turn == Turn::Start => turn = mark(&value).map_or(turn, Turn::After),
                "before" if turn == Turn::Start => turn = mark(&value).map_or(turn, Turn::Before),
                _ => {}
            }
        }
        (chosen, turn)
    }

    /// As it stands in an address, with its `?`; empty when nothing is chosen.
    pub(crate) fn query(&self) -> String {
        self.turned(Turn::Start)
    }

    /// The same, read on from a mark.
    pub(crate) fn turned(&self, turn: Turn) -> String {
        let mut query = Serializer::new(String::new());
        let mut say = |key: &str, value: Option<&str>| {
            if let Some(value) = value {
                query.append_pair(key, value);
            }
        };
        say("kind", self.kind.map(ItemKind::word));
        match self.when {
            When::Ahead => {}
            When::Week => say("when", Some("week")),
            When::Month => say("when", Some("month")),
            When::Over => say("when", Some("over")),
            When::Day(date) => say("on", Some(&date.to_string())),
        }
        say("near", self.near.map(said).as_deref());
        say("miles", self.near.and(self.miles).map(|miles| miles.to_string()).as_deref());
        say("help", self.help.map(HelpKind::word));
        say("state", self.stage);
        say("cause", self.cause.as_deref());
        say("by", self.by.as_deref());
        say("whose", self.here.map(|here| if here { "here" } else { "elsewhere" }));
        match turn {
            Turn::Start => {}
            Turn::After(mark) => say("after", Some(&marked(mark))),
            Turn::Before(mark) => say("before", Some(&marked(mark))),
        }
        let query = query.finish();
        if query.is_empty() { query } else { format!("?{query}") }
    }

    /// How far around its place it looks.
    pub(crate) fn far(&self) -> u32 {
        self.miles.unwrap_or(USUAL_MILES)
    }

    /// The place and how far around it.
    pub(crate) fn around(&self) -> Option<Around> {
        Some(Around { point: self.near?, metres: metres(self.far()) })
    }

    /// What lists of one kind cannot be narrowed by.
    fn keep_to(&mut self, kinds: &[ItemKind]) {
        let listed = |kind| kinds.contains(&kind) && self.kind.is_none_or(|chosen| chosen == kind);
        if !listed(ItemKind::Call) {
            self.help = None;
        }
        let known = |word| kinds.iter().any(|kind| listed(*kind) && is_stage(*kind, word));
        self.stage = self.stage.filter(|word| known(word));
        if !listed(ItemKind::Call) && !listed(ItemKind::Event) {
            self.when = When::Ahead;
        }
        if self.near.is_none() {
            self.miles = None;
        }
    }
}

fn is_stage(kind: ItemKind, word: &str) -> bool {
    stages(kind).iter().any(|(known, _)| *known == word)
}

fn when(word: &str) -> When {
    match word {
        "week" => When::Week,
        "month" => When::Month,
        "over" => When::Over,
        _ => When::Ahead,
    }
}

/// `53.81,-1.56`, to about a kilometre.
fn point(text: &str) -> Option<Point> {
    let (latitude, longitude) = text.split_once(',')?;
    let degrees = |text: &str| text.trim().parse::<f64>().ok();
    Point::parse(degrees(latitude)?, degrees(longitude)?).map(rounded)
}

/// To about a kilometre: more would make many addresses of one place.
pub(crate) fn rounded(point: Point) -> Point {
    let round = |degrees: f64| (degrees * 100.0).round() / 100.0;
    Point { latitude: round(point.latitude), longitude: round(point.longitude) }
}

fn said(point: Point) -> String {
    format!("{:.2},{:.2}", point.latitude, point.longitude)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most some tens of miles")]
fn metres(miles: u32) -> u32 {
    (f64::from(miles) * METRES_A_MILE) as u32
}

/// `<milliseconds>-<id>`.
fn marked(mark: Mark) -> String {
    format!("{}.{}", mark.due.0, mark.item)
}

fn mark(text: &str) -> Option<Mark> {
    let (due, item) = text.split_once('.')?;
    let item: ItemId = item.parse().ok()?;
    Some(Mark { due: Moment(due.parse().ok()?), item })
}

/// A list as it was asked for: of one kind, or of several on the map.
pub(crate) struct Listing {
    /// Where it is: `/calls`.
    pub path: &'static str,
    pub kinds: Vec<ItemKind>,
    pub chosen: Chosen,
    pub turn: Turn,
    pub now: Moment,
    /// The cause that is chosen.
    pub cause: Option<Cause>,
    /// Who pinned it, when that is chosen.
    pub home: Option<folkmoot_domain::actors::Actor>,
    zone: TimeZone,
}

impl Listing {
    /// Reads an address, and leaves out what names nothing here.
    pub(crate) async fn read(
        web: &Web,
        path: &'static str,
        kinds: &[ItemKind],
        query: &str,
    ) -> Result<Self, Problem> {
        let (mut chosen, turn) = Chosen::read(query);
        if let [_] = kinds {
            chosen.kind = None;
        }
        chosen.kind = chosen.kind.filter(|kind| kinds.contains(kind));
        chosen.keep_to(kinds);
        let rows = web.rows();
        let cause = match &chosen.cause {
            Some(key) => causes::by_tag(&rows, key).await?,
            None => None,
        };
        let home = match &chosen.by {
            Some(by) => home(web, by).await?,
            None => None,
        };
        chosen.cause = cause.as_ref().map(|cause| folkmoot_domain::causes::key(&cause.tag));
        chosen.by = home.as_ref().map(by);
        let zone = match chosen.when {
            When::Day(_) => zone(web).await?,
            _ => TimeZone::UTC,
        };
        let kinds = chosen.kind.map_or_else(|| kinds.to_vec(), |kind| vec![kind]);
        Ok(Self { path, kinds, chosen, turn, now: web.now(), cause, home, zone })
    }

    /// What the database is asked for; nothing when no thing of this kind can be meant.
    pub(crate) fn asked(&self, kind: ItemKind) -> Option<Asked> {
        self.asked_for(kind, &self.chosen)
    }

    /// The same for another choice of what is known already.
    fn asked_for(&self, kind: ItemKind, chosen: &Chosen) -> Option<Asked> {
        let foreign = (chosen.help.is_some() && kind != ItemKind::Call)
            || chosen.stage.is_some_and(|word| !is_stage(kind, word));
        (!foreign).then(|| Asked {
            home: chosen.by.as_ref().and(self.home.as_ref()).map(|home| home.id),
            here: chosen.here,
            cause: chosen.cause.as_ref().and(self.cause.as_ref()).map(|cause| cause.id),
            help: chosen.help,
            stage: chosen.stage,
            around: chosen.around(),
            ..Asked::at(self.time(kind, chosen.when))
        })
    }

    fn time(&self, kind: ItemKind, when: When) -> Time {
        let until = |days: i64| Time::Ahead { from: self.now, until: Some(self.now.plus(days * DAY)) };
        match when {
            _ if kind == ItemKind::Project => Time::Any,
            When::Ahead => Time::Ahead { from: self.now, until: None },
            When::Week => until(7),
            When::Month => until(30),
            When::Over => Time::Over(self.now),
            When::Day(date) => {
                let start = |date: Date| {
                    self.zone.to_timestamp(date.at(0, 0, 0, 0)).map(jiff::Timestamp::as_millisecond)
                };
                match (start(date), date.tomorrow().and_then(start)) {
                    (Ok(from), Ok(until)) => Time::Ahead { from: Moment(from), until: Some(Moment(until)) },
                    _ => Time::Ahead { from: self.now, until: None },
                }
            }
        }
    }

    /// Its own address, without the place in it.
    pub(crate) fn address(&self) -> String {
        format!("{}{}", self.path, self.chosen.query())
    }

    /// The same list in another form: `/calls.atom?cause=trees`.
    pub(crate) fn as_file(&self, ending: &str) -> String {
        format!("{}.{ending}{}", self.path, self.chosen.query())
    }

    /// The same list from another place in it.
    pub(crate) fn turned(&self, turn: Turn) -> String {
        format!("{}{}", self.path, self.chosen.turned(turn))
    }

    /// Is nothing chosen?
    pub(crate) fn is_whole(&self) -> bool {
        self.chosen == Chosen::default()
    }
}

/// How whoever pinned something is named in an address.
fn by(actor: &folkmoot_domain::actors::Actor) -> String {
    if actor.local { actor.handle.clone() } else { actor.id.to_string() }
}

async fn home(web: &Web, by: &str) -> Result<Option<folkmoot_domain::actors::Actor>, Problem> {
    let rows = web.rows();
    let found = match by.parse::<ActorId>() {
        Ok(id) => actors::find(&rows, id).await?,
        Err(_) => actors::by_handle(&rows, by).await?,
    };
    Ok(found.filter(|actor| !actor.is_visitor()))
}

/// The zone of this place: that of the first association here.
async fn zone(web: &Web) -> Result<TimeZone, Problem> {
    let first =
        associations::page(&web.rows(), &associations::Asked { limit: 1, ..Default::default() }).await?;
    Ok(first.first().map_or(TimeZone::UTC, |seen| seen.association.time_zone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_means_the_same_when_it_is_written_again() {
        for clean in [
            "",
            "?when=week&near=53.81,-1.56&miles=10&help=skill&cause=streettrees&by=park-friends&whose=here",
            "?on=2026-06-13",
            "?kind=event&when=over",
            "?state=another-day",
        ] {
            let (chosen, turn) = Chosen::read(clean.trim_start_matches('?'));
            assert_eq!((chosen.query().replace("%2C", ","), turn), (clean.to_owned(), Turn::Start));
        }
    }

    #[test]
    fn what_means_nothing_is_left_out() {
        for odd in [
            "x=y&help=magic&when=never&on=2026-02-30&near=nowhere&miles=7&whose=theirs&state=odd",
            "near=91,0",
            "near=NaN,NaN&miles=3",
            "cause=%00&by=a%0Ab",
            "after=x&before=1.2",
            "%ff=%ff&&&=",
            "miles=10",
        ] {
            let (chosen, turn) = Chosen::read(odd);
            assert_eq!((chosen.query(), turn), (String::new(), Turn::Start), "{odd}");
        }
        assert_eq!(Chosen::read("help=time&help=skill").0.help, Some(HelpKind::Time));
        assert_eq!(Chosen::read("near=53.812345,-1.560321").0.query(), "?near=53.81%2C-1.56");
    }

    #[test]
    fn a_mark_comes_back() {
        let mark = Mark { due: Moment(-5), item: ItemId(uuid::Uuid::from_u128(7)) };
        let query = Chosen::default().turned(Turn::After(mark));
        assert_eq!(Chosen::read(query.trim_start_matches('?')).1, Turn::After(mark));
    }
}
