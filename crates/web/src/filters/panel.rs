//! The choices beside a list: made of what is there, with how many of each, and without a choice that finds nothing.
//!
//! They are read from the first of the list alone. When that is all of it the counts are right; when there is more,
//! nothing is counted.

use std::collections::HashMap;

use folkmoot_domain::{
    ActorId, CauseId, actors::Actor, calls::HelpKind, items::ItemKind, lists::Asked, places::Point,
};
use folkmoot_storage::{
    actors, causes,
    lists::{self, Choice},
};

use super::{
    Chosen, Listing, MILES, When, by, is_stage,
    labels::{help, name, name_of, time, within},
    rounded, stages,
};
use crate::{Web, problems::Problem};

/// So many of a list are looked at; with more, nothing is counted.
const LOOKED_AT: usize = 100;
/// So many causes, places and associations are offered.
const OFFERED: usize = 8;

/// Some choices, of which one holds.
pub(crate) struct Group {
    pub heading: &'static str,
    pub options: Vec<Pick>,
}

/// One choice.
pub(crate) struct Pick {
    pub label: String,
    pub href: String,
    /// How many there are.
    pub count: Option<usize>,
    pub current: bool,
}

/// What is chosen, and the list without it.
pub(crate) struct Removable {
    pub label: String,
    pub href: String,
}

/// What stands beside a list.
pub(crate) struct Panel {
    pub groups: Vec<Group>,
    pub chosen: Vec<Removable>,
    /// How many the list holds, when that is known.
    pub count: Option<usize>,
}

/// What was found of a list before anything was chosen.
struct Sample {
    found: Vec<(ItemKind, Choice)>,
    /// Is that all of it?
    whole: bool,
}

struct Drawing<'a> {
    listing: &'a Listing,
    sample: Sample,
}

/// Reads what is there and lays out the choices.
pub(crate) async fn panel(web: &Web, listing: &Listing, all: &[ItemKind]) -> Result<Panel, Problem> {
    let mut sample = Sample { found: Vec::new(), whole: true };
    for &kind in all {
        let time = match listing.chosen.when {
            When::Week | When::Month => When::Ahead,
            when => when,
        };
        let asked = Asked { placed: all.len() > 1, ..Asked::at(listing.time(kind, time)) };
        let mut found = lists::choices(&web.rows(), kind, &asked, LOOKED_AT as u64 + 1).await?;
        sample.whole &= found.len() <= LOOKED_AT;
        found.truncate(LOOKED_AT);
        sample.found.extend(found.into_iter().map(|choice| (kind, choice)));
    }
    let drawing = Drawing { listing, sample };
    let causes = drawing.causes(web).await?;
    let homes = drawing.homes(web).await?;
    let places = drawing.places();
    let mut groups = Vec::new();
    groups.extend(drawing.kinds(all));
    groups.extend(drawing.near(&places));
    groups.extend(drawing.far());
    groups.extend(drawing.help());
    groups.extend(drawing.stage());
    groups.extend(drawing.when());
    groups.extend(drawing.cause(&causes));
    groups.extend(drawing.whose());
    groups.extend(drawing.by(&homes));
    Ok(Panel {
        groups,
        chosen: drawing.chosen(&places),
        count: drawing.count(&listing.chosen).filter(|_| drawing.sample.whole),
    })
}

impl Drawing<'_> {
    /// How many a choice finds, when all of it is known.
    fn count(&self, chosen: &Chosen) -> Option<usize> {
        self.sample.whole.then(|| self.fitting(chosen, |_| true))
    }

    fn fitting(&self, chosen: &Chosen, fits: impl Fn(&Choice) -> bool) -> usize {
        let found = self.sample.found.iter().filter(|(kind, choice)| {
            chosen.kind.is_none_or(|chosen| chosen == *kind)
                && self.listing.asked_for(*kind, chosen).is_some_and(|asked| choice.fits(&asked))
                && fits(choice)
        });
        found.count()
    }

    fn option(&self, label: impl Into<String>, change: impl FnOnce(&mut Chosen)) -> Pick {
        let mut chosen = self.listing.chosen.clone();
        change(&mut chosen);
        Pick {
            label: label.into(),
            href: format!("{}{}", self.listing.path, chosen.query()),
            count: self.count(&chosen),
            current: chosen == self.listing.chosen,
        }
    }

    /// The same, for what is not chosen yet and so is not known to the database: it is counted by hand.
    fn counted(
        &self,
        label: impl Into<String>,
        change: impl FnOnce(&mut Chosen),
        clear: impl FnOnce(&mut Chosen),
        fits: impl Fn(&Choice) -> bool,
    ) -> Pick {
        let mut without = self.listing.chosen.clone();
        clear(&mut without);
        let count = self.sample.whole.then(|| self.fitting(&without, fits));
        Pick { count, ..self.option(label, change) }
    }

    /// A group is worth its room when it leads somewhere: to more than one place, or away from where one is.
    fn group(heading: &'static str, mut options: Vec<Pick>) -> Option<Group> {
        options.retain(|option| option.current || option.count != Some(0));
        (options.len() > 1).then_some(Group { heading, options })
    }

    fn kinds(&self, all: &[ItemKind]) -> Option<Group> {
        let set = |kind: Option<ItemKind>| {
            move |chosen: &mut Chosen| {
                chosen.kind = kind;
                chosen.help = chosen.help.filter(|_| kind == Some(ItemKind::Call));
                chosen.stage = chosen.stage.filter(|word| kind.is_none_or(|kind| is_stage(kind, word)));
            }
        };
        let mut options = vec![self.option("Everything", set(None))];
        for &kind in all.iter().filter(|_| all.len() > 1) {
            let label = match kind {
                ItemKind::Call => "Calls",
                ItemKind::Event => "Events",
                ItemKind::Project => "Projects",
                ItemKind::Update => "Updates",
            };
            options.push(self.option(label, set(Some(kind))));
        }
        Self::group("What", options)
    }

    /// Places that things hang at, by how many, with the name that most of them say.
    fn places(&self) -> Vec<(Point, String)> {
        let mut places: Vec<(Point, HashMap<String, usize>)> = Vec::new();
        for (_, choice) in &self.sample.found {
            let (Some(point), Some(name)) = (choice.point.map(rounded), &choice.place) else { continue };
            let name = name.split(',').next().unwrap_or(name).trim().to_owned();
            match places.iter_mut().find(|(known, _)| *known == point) {
                Some((_, names)) => *names.entry(name).or_default() += 1,
                None => places.push((point, HashMap::from([(name, 1)]))),
            }
        }
        places.sort_by_key(|(_, names)| std::cmp::Reverse(names.values().sum::<usize>()));
        let named = |names: HashMap<String, usize>| {
            names.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0))).map(|(name, _)| name)
        };
        places.into_iter().filter_map(|(point, names)| Some((point, named(names)?))).collect()
    }

    fn near(&self, places: &[(Point, String)]) -> Option<Group> {
        let anywhere = self.option("Anywhere", |chosen| (chosen.near, chosen.miles) = (None, None));
        let mut options = vec![anywhere];
        for (point, name) in places.iter().take(OFFERED) {
            options.push(self.option(format!("Near {name}"), |chosen| chosen.near = Some(*point)));
        }
        let listed = |point: &Point| places.iter().take(OFFERED).any(|(known, _)| known == point);
        if let Some(point) = self.listing.chosen.near.filter(|point| !listed(point)) {
            options.push(self.option(name_of(point, places), |chosen| chosen.near = Some(point)));
        }
        Self::group("Where", options)
    }

    fn far(&self) -> Option<Group> {
        self.listing.chosen.near?;
        let usual = |miles: u32| Some(miles).filter(|miles| *miles != super::USUAL_MILES);
        let now = self.listing.chosen.far();
        let options = MILES.map(|miles| Pick {
            current: miles == now,
            ..self.option(within(miles), |chosen| chosen.miles = usual(miles))
        });
        Self::group("How far", options.into())
    }

    fn help(&self) -> Option<Group> {
        if self.listing.kinds != [ItemKind::Call] {
            return None;
        }
        let mut options = vec![self.option("Any", |chosen| chosen.help = None)];
        for (kind, ..) in HelpKind::ALL {
            options.push(self.option(help(kind), |chosen| chosen.help = Some(kind)));
        }
        Self::group("Kind of help", options)
    }

    fn stage(&self) -> Option<Group> {
        let &[kind] = self.listing.kinds.as_slice() else { return None };
        let mut options = vec![self.option("All of them", |chosen| chosen.stage = None)];
        for (word, label) in stages(kind) {
            options.push(self.option(*label, |chosen| chosen.stage = Some(word)));
        }
        let heading = if kind == ItemKind::Project { "How far along" } else { "How it stands" };
        // When all stand alike there is nothing to choose.
        Self::group(heading, options)
            .filter(|group| group.options.len() > 2 || self.listing.chosen.stage.is_some())
    }

    fn when(&self) -> Option<Group> {
        if !self.listing.kinds.iter().any(|kind| *kind != ItemKind::Project) {
            return None;
        }
        let all = [When::Ahead, When::Week, When::Month, When::Over];
        let mut options: Vec<_> = all
            .map(|when| {
                let label = time(self.listing, when);
                let option = self.option(label, |chosen| chosen.when = when);
                // The other side of now was not looked at.
                let known = (when == When::Over) == (self.listing.chosen.when == When::Over)
                    && !matches!(self.listing.chosen.when, When::Day(_));
                Pick { count: option.count.filter(|_| known), ..option }
            })
            .into();
        if let When::Day(_) = self.listing.chosen.when {
            options.push(self.option(time(self.listing, self.listing.chosen.when), |_| {}));
        }
        Self::group("When", options)
    }

    /// The causes that most of what is there fights for.
    async fn causes(&self, web: &Web) -> Result<Vec<(CauseId, String)>, Problem> {
        let mut often: HashMap<CauseId, usize> = HashMap::new();
        for cause in self.sample.found.iter().flat_map(|(_, choice)| &choice.causes) {
            *often.entry(*cause).or_default() += 1;
        }
        let mut often: Vec<_> = often.into_iter().collect();
        often.sort_by_key(|(id, count)| (std::cmp::Reverse(*count), *id));
        let mut ids: Vec<_> = often.into_iter().take(OFFERED).map(|(id, _)| id).collect();
        if let Some(cause) = &self.listing.cause
            && !ids.contains(&cause.id)
        {
            ids.push(cause.id);
        }
        let found = causes::many(&web.rows(), &ids).await?;
        Ok(found.into_iter().map(|cause| (cause.id, cause.tag)).collect())
    }

    fn cause(&self, causes: &[(CauseId, String)]) -> Option<Group> {
        let mut options = vec![self.option("All causes", |chosen| chosen.cause = None)];
        for (id, tag) in causes {
            options.push(self.counted(
                format!("#{tag}"),
                |chosen| chosen.cause = Some(folkmoot_domain::causes::key(tag)),
                |chosen| chosen.cause = None,
                |choice| choice.causes.contains(id),
            ));
        }
        Self::group("Cause", options)
    }

    fn whose(&self) -> Option<Group> {
        let here = self.sample.found.iter().filter(|(_, choice)| choice.here).count();
        let mixed = here > 0 && here < self.sample.found.len();
        if !mixed && self.listing.chosen.here.is_none() {
            return None;
        }
        let options = [("Any board", None), ("This board", Some(true)), ("Other boards", Some(false))];
        let options = options.map(|(label, here)| self.option(label, |chosen| chosen.here = here));
        Self::group("Pinned on", options.into())
    }

    /// Who has pinned most of what is there.
    async fn homes(&self, web: &Web) -> Result<Vec<Actor>, Problem> {
        let mut often: HashMap<ActorId, usize> = HashMap::new();
        for (_, choice) in &self.sample.found {
            *often.entry(choice.home).or_default() += 1;
        }
        let mut often: Vec<_> = often.into_iter().collect();
        often.sort_by_key(|(id, count)| (std::cmp::Reverse(*count), *id));
        let mut ids: Vec<_> = often.into_iter().take(OFFERED).map(|(id, _)| id).collect();
        if let Some(home) = &self.listing.home
            && !ids.contains(&home.id)
        {
            ids.push(home.id);
        }
        let mut found = actors::many(&web.rows(), ids.iter().copied()).await?;
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    fn by(&self, homes: &[Actor]) -> Option<Group> {
        let mut options = vec![self.option("Anyone", |chosen| chosen.by = None)];
        for actor in homes {
            options.push(self.counted(
                name(actor),
                |chosen| chosen.by = Some(by(actor)),
                |chosen| chosen.by = None,
                |choice| choice.home == actor.id,
            ));
        }
        Self::group("Pinned by", options)
    }

    /// Every choice, to be taken off.
    fn chosen(&self, places: &[(Point, String)]) -> Vec<Removable> {
        let chosen = &self.listing.chosen;
        let mut all = Vec::new();
        let mut say = |label: String, change: &dyn Fn(&mut Chosen)| {
            let mut without = chosen.clone();
            change(&mut without);
            all.push(Removable { label, href: format!("{}{}", self.listing.path, without.query()) });
        };
        if let Some(kind) = chosen.kind {
            say(crate::shapes::heading(kind).to_owned() + "s", &|chosen| {
                *chosen = Chosen { kind: None, help: None, stage: None, ..chosen.clone() };
            });
        }
        if let Some(point) = chosen.near {
            let place = name_of(point, places);
            let place = place.strip_prefix("Near ").unwrap_or(&place);
            say(format!("{} of {place}", within(chosen.far())), &|chosen| {
                (chosen.near, chosen.miles) = (None, None);
            });
        }
        if let Some(kind) = chosen.help {
            say(help(kind).to_owned(), &|chosen| chosen.help = None);
        }
        let known = self.listing.kinds.iter().flat_map(|kind| stages(*kind));
        if let Some((_, label)) = known.into_iter().find(|(word, _)| Some(*word) == chosen.stage) {
            say((*label).to_owned(), &|chosen| chosen.stage = None);
        }
        if chosen.when != When::Ahead {
            say(time(self.listing, chosen.when), &|chosen| chosen.when = When::Ahead);
        }
        if let Some(cause) = &self.listing.cause {
            say(cause.hashtag(), &|chosen| chosen.cause = None);
        }
        if let Some(here) = chosen.here {
            let label = if here { "This board" } else { "Other boards" };
            say(label.to_owned(), &|chosen| chosen.here = None);
        }
        if let Some(home) = &self.listing.home {
            say(format!("By {}", name(home)), &|chosen| chosen.by = None);
        }
        all
    }
}
