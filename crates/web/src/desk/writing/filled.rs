//! A form with what was typed in it, and what there is to choose.

use folkmoot_domain::{ActorId, associations::AssociationSeen, items::ItemKind, moments};
use folkmoot_storage::{Rows, desks, items, items::Filter, partnerships};

use crate::{
    desk::written::{MORE_NEEDS, Typed},
    forms::Wrong,
    problems::Problem,
};

/// One of a few things to choose.
pub(crate) struct Choice {
    pub value: String,
    pub words: String,
}

/// A form with what was typed, for its templates.
pub(crate) struct Written {
    pub kind: ItemKind,
    pub typed: Typed,
    pub wrong: Option<Wrong>,
    /// On whose clocks times are read: "In UK time."
    pub clock: String,
    pub projects: Vec<Choice>,
    pub abouts: Vec<Choice>,
    /// The idea that it takes up: its title.
    pub takes_up: Option<String>,
    /// What cannot be changed any more, in words; none while it is new.
    pub frozen: Option<Vec<(&'static str, String)>>,
}

impl Written {
    pub(crate) async fn new(
        rows: &Rows<'_>,
        home: &AssociationSeen,
        kind: ItemKind,
        typed: Typed,
    ) -> Result<Self, Problem> {
        let id = home.actor.id;
        let (projects, abouts) = match kind {
            ItemKind::Call | ItemKind::Event => (projects(rows, id).await?, Vec::new()),
            ItemKind::Update => (Vec::new(), subjects(rows, id).await?),
            ItemKind::Project => (Vec::new(), Vec::new()),
        };
        let takes_up = match typed.get("parent").parse() {
            Ok(parent) => items::find(rows, parent).await?.map(|item| item.title),
            Err(_) => None,
        };
        let clock = clock(&home.association.time_zone());
        Ok(Self { kind, typed, wrong: None, clock, projects, abouts, takes_up, frozen: None })
    }

    pub(crate) fn v(&self, name: &str) -> &str {
        self.typed.get(name)
    }

    pub(crate) fn is(&self, name: &str, value: &str) -> bool {
        self.typed.get(name) == value
    }

    pub(crate) fn why(&self, field: &str) -> Option<&str> {
        Wrong::at(&self.wrong, field)
    }

    pub(crate) fn need(&self, name: &str, line: &str) -> &str {
        self.typed.get(&format!("{name}-{line}"))
    }

    /// Is there something in one of these, so that it is not to be folded away?
    pub(crate) fn any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.typed.has(name) || self.why(name).is_some())
    }

    pub(crate) fn more_than_one_need(&self) -> bool {
        let fields = ["kind", "label", "wanted"];
        MORE_NEEDS.iter().any(|line| fields.iter().any(|name| !self.need(name, line).is_empty()))
    }
}

/// "In UK time."
pub(crate) fn clock(zone: &jiff::tz::TimeZone) -> String {
    format!("In {}.", moments::zone_in_words(zone))
}

async fn projects(rows: &Rows<'_>, home: ActorId) -> Result<Vec<Choice>, Problem> {
    let going = desks::projects_going(rows, home).await?.into_iter();
    let choice = |seen: folkmoot_domain::projects::ProjectSeen| Choice {
        value: seen.seen.item.id.to_string(),
        words: seen.seen.item.title,
    };
    let mut choices: Vec<Choice> = going.map(choice).collect();
    // What it takes part in.
    let taken = partnerships::taken_by(rows, home).await?.into_iter();
    choices.extend(taken.filter(|seen| seen.project.deleted.is_none()).map(|seen| Choice {
        value: seen.project.id.to_string(),
        words: format!("{} ({})", seen.project.title, seen.home.name),
    }));
    Ok(choices)
}

/// What news can be about: the last things that were pinned.
async fn subjects(rows: &Rows<'_>, home: ActorId) -> Result<Vec<Choice>, Problem> {
    let filter = Filter { home: Some(home), limit: 40, ..Filter::default() };
    let pinned =
        items::list(rows, filter).await?.into_iter().filter(|seen| seen.item.kind != ItemKind::Update);
    let choice = |seen: folkmoot_domain::items::ItemSeen| Choice {
        words: format!("{} \u{2013} {}", seen.item.title, seen.item.kind.word()),
        value: seen.item.id.to_string(),
    };
    Ok(pinned.take(20).map(choice).collect())
}
