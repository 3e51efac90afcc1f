//! A form of the desk as it was typed, right or wrong: read into what `app` takes, and filled from what is there.
//!
//! Names of fields are those that a [`Refusal`] names, so that what is wrong is said beside its field. Start at
//! [`Typed::content`].

use folkmoot_app::{drafts::Content, projects::ProjectDraft};
use folkmoot_domain::{
    ItemId, Moment, Refusal,
    associations::AssociationSeen,
    calls::{CallDraft, CallSeen, HelpKind},
    causes::Cause,
    events::{EventDraft, EventSeen},
    items::{ItemKind, ItemSeen, Words},
    places::{Coarseness, Place},
    projects::{ProjectSeen, ProjectState},
};
use jiff::{civil, tz::TimeZone};
use url::Url;

/// Lines of needs that a call can have besides its first.
pub(crate) const MORE_NEEDS: [&str; 4] = ["2", "3", "4", "5"];

/// Names and values in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Typed(pub Vec<(String, String)>);

impl Typed {
    /// The first value of this name; empty when there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        !self.get(name).trim().is_empty()
    }

    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.set(name, value);
        self
    }

    /// What it says, for this kind; times are on the clocks of this zone.
    pub(crate) fn content(&self, kind: ItemKind, zone: &TimeZone) -> Result<Content, Refusal> {
        Ok(match kind {
            ItemKind::Call => Content::Call(self.words()?, self.call(zone)?),
            ItemKind::Event => Content::Event(self.words()?, self.event(zone)?),
            ItemKind::Project => {
                let draft = ProjectDraft {
                    words: self.words()?,
                    need: self.get("need").to_owned(),
                    active: self.get("state") != "idea",
                };
                match self.get("parent").parse() {
                    Ok(parent) => Content::Adoption(draft, parent),
                    Err(_) => Content::Project(draft),
                }
            }
            ItemKind::Update => {
                let about = self.get("about").parse();
                let about = about.map_err(|_| Refusal::field("about", "choose what your news is about"))?;
                Content::Update(about, self.words()?)
            }
        })
    }

    /// The words that every kind has.
    pub(crate) fn words(&self) -> Result<Words, Refusal> {
        Ok(Words {
            title: self.get("title").to_owned(),
            text: self.get("text").to_owned(),
            language: None,
            place: self.place()?,
            causes: self.causes("causes"),
        })
    }

    /// Hashtags in one line, between commas or spaces.
    pub(crate) fn causes(&self, name: &str) -> Vec<String> {
        let words = self.get(name).split([',', ';', ' ', '\t', '\n']).map(str::trim);
        words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
    }

    /// A place by its name, and with both degrees a point.
    pub(crate) fn place(&self) -> Result<Option<Place>, Refusal> {
        let degrees = |name| {
            let text = self.get(name).trim().replace(',', ".");
            match text.as_str() {
                "" => Ok(None),
                text => text.parse::<f64>().map(Some).map_err(|_| {
                    Refusal::field(
                        "latitude",
                        "write degrees as a map shows them: 53.8123 and \u{2212}1.5603",
                    )
                }),
            }
        };
        let (latitude, longitude) = (degrees("latitude")?, degrees("longitude")?);
        if latitude.is_some() != longitude.is_some() {
            return Err(Refusal::field("latitude", "write both numbers, or neither"));
        }
        if !self.has("place") {
            return match latitude {
                None => Ok(None),
                Some(_) => Err(Refusal::field("place", "give the place a name that people use")),
            };
        }
        let shown = Coarseness::parse(self.get("show")).unwrap_or(Coarseness::Neighbourhood);
        let place = Place::parse(self.get("place"), latitude.zip(longitude), shown);
        // A number that is out of bounds stands in the fields of the map.
        place
            .map(Some)
            .map_err(|refusal| if latitude.is_some() { refusal.about("latitude") } else { refusal })
    }

    pub(crate) fn project(&self) -> Result<Option<ItemId>, Refusal> {
        match self.get("project") {
            "" => Ok(None),
            id => id.parse().map(Some).map_err(|_| Refusal::field("project", "choose one of the list")),
        }
    }

    /// A day and a time on the clocks of a zone. `field` is what a refusal names.
    fn moment(&self, field: &'static str, zone: &TimeZone) -> Result<Moment, Refusal> {
        self.moment_or(field, "", zone)?.ok_or_else(|| Refusal::field(field, "choose a day"))
    }

    /// The same; none when no day is named. `time` stands for a time that was left out.
    pub(crate) fn moment_or(
        &self,
        field: &'static str,
        time: &str,
        zone: &TimeZone,
    ) -> Result<Option<Moment>, Refusal> {
        let (day, typed) =
            (self.get(&format!("{field}-day")).trim(), self.get(&format!("{field}-time")).trim());
        if day.is_empty() {
            return Ok(None);
        }
        let day: civil::Date =
            day.parse().map_err(|_| Refusal::field(field, "write the day as 2027-03-20"))?;
        let time: civil::Time = if typed.is_empty() { time } else { typed }
            .parse()
            .map_err(|_| Refusal::field(field, "write a time such as 18:00"))?;
        let at = zone.to_timestamp(day.to_datetime(time));
        let at = at.map_err(|_| Refusal::field(field, "is no time that a clock could show"))?;
        Ok(Some(Moment(at.as_millisecond())))
    }

    fn call(&self, zone: &TimeZone) -> Result<CallDraft, Refusal> {
        let mut needs = Vec::new();
        for line in ["1"].into_iter().chain(MORE_NEEDS) {
            needs.extend(self.need(line)?);
        }
        Ok(CallDraft {
            project: self.project()?,
            why: self.get("why").to_owned(),
            closes: self.moment("closes", zone)?,
            one_tap: self.get("answers") != "reply",
            needs,
        })
    }

    /// One line of needs; the first counts always, the others when something was chosen.
    fn need(&self, line: &str) -> Result<Option<(HelpKind, String, Option<i32>)>, Refusal> {
        let field = |name| format!("{name}-{line}");
        let (kind, label, wanted) =
            (self.get(&field("kind")), self.get(&field("label")).trim(), self.get(&field("wanted")).trim());
        if line != "1" && kind.is_empty() && label.is_empty() && wanted.is_empty() {
            return Ok(None);
        }
        let kind = HelpKind::parse(kind)
            .ok_or_else(|| Refusal::field("needs", "choose what kind of help each of them is"))?;
        let wanted = match wanted {
            "" => None,
            number => Some(number.parse().map_err(|_| {
                Refusal::field("needs", "write how many as a number, such as 4, or leave it out")
            })?),
        };
        Ok(Some((kind, label.to_owned(), wanted)))
    }

    /// An event, on the clocks of this zone.
    pub(crate) fn event(&self, zone: &TimeZone) -> Result<EventDraft, Refusal> {
        let starts = self.moment("starts", zone)?;
        let mut ends = self.clone();
        if !ends.has("ends-day") {
            ends.set("ends-day", self.get("starts-day"));
        }
        let capacity = match self.get("capacity").trim() {
            "" => None,
            number => {
                Some(number.parse().map_err(|_| Refusal::field("capacity", "write a number, such as 40"))?)
            }
        };
        Ok(EventDraft {
            project: self.project()?,
            starts,
            ends: ends.moment("ends", zone)?,
            zone: None,
            capacity,
            online: self.online()?,
        })
    }

    fn online(&self) -> Result<Option<Url>, Refusal> {
        match self.get("online").trim() {
            "" => Ok(None),
            text => Url::parse(text)
                .ok()
                .filter(|url| ["http", "https"].contains(&url.scheme()) && url.has_host())
                .map(Some)
                .ok_or_else(|| Refusal::field("online", "write an address that begins with https://")),
        }
    }

    /// An empty form of an association: what it fights for stands there already.
    pub(crate) fn fresh(kind: ItemKind, home: &AssociationSeen) -> Self {
        let typed = Self::default();
        match kind {
            ItemKind::Call => typed.with("kind-1", "time").with("closes-time", "18:00"),
            ItemKind::Event | ItemKind::Project => typed,
            ItemKind::Update => return typed,
        }
        .with("causes", causes(&home.battles))
    }

    fn of_item(seen: &ItemSeen) -> Self {
        let item = &seen.item;
        let typed = Self::default()
            .with("title", &item.title)
            .with("text", &item.text.source)
            .with("causes", causes(&seen.causes));
        let Some(place) = &item.place else { return typed };
        let typed = typed.with("place", &place.name).with("show", place.shown.word());
        match place.point {
            Some(point) => typed
                .with("latitude", point.latitude.to_string())
                .with("longitude", point.longitude.to_string()),
            None => typed,
        }
    }

    /// A call as its form. Its needs and closing time are there for a call like it.
    pub(crate) fn of_call(seen: &CallSeen, zone: &TimeZone) -> Self {
        let call = &seen.call;
        let mut typed = Self::of_item(&seen.seen)
            .with("why", &call.why)
            .with("answers", if call.one_tap { "tap" } else { "reply" })
            .with("project", call.project.map(|id| id.to_string()).unwrap_or_default());
        for (line, need) in (1..).zip(&call.needs) {
            typed.set(&format!("kind-{line}"), need.kind.word());
            typed.set(&format!("label-{line}"), &need.label);
            typed.set(
                &format!("wanted-{line}"),
                need.wanted.map(|wanted| wanted.to_string()).unwrap_or_default(),
            );
        }
        typed.set_moment("closes", call.closes, zone);
        typed
    }

    /// A project as its form.
    pub(crate) fn of_project(seen: &ProjectSeen) -> Self {
        let state = if seen.state == ProjectState::Idea { "idea" } else { "active" };
        Self::of_item(&seen.seen).with("need", &seen.need).with("state", state)
    }

    /// An event as its form.
    pub(crate) fn of_event(seen: &EventSeen) -> Self {
        let (event, zone) = (&seen.event, seen.event.time_zone());
        let mut typed = Self::of_item(&seen.seen)
            .with("capacity", event.capacity.map(|capacity| capacity.to_string()).unwrap_or_default())
            .with("online", event.online.as_ref().map(Url::to_string).unwrap_or_default())
            .with("project", event.project.map(|id| id.to_string()).unwrap_or_default());
        typed.set_moment("starts", event.starts, &zone);
        typed.set_moment("ends", event.ends, &zone);
        typed
    }

    /// An update as its form.
    pub(crate) fn of_update(seen: &ItemSeen) -> Self {
        Self::of_item(seen)
    }

    /// Without its day, for something like it on another.
    pub(crate) fn on_another_day(mut self) -> Self {
        for name in ["closes-day", "starts-day", "ends-day"] {
            self.0.retain(|(known, _)| known != name);
        }
        self
    }

    fn set_moment(&mut self, field: &str, at: Moment, zone: &TimeZone) {
        let local = at.timestamp().to_zoned_datetime(zone.clone());
        self.set(&format!("{field}-day"), local.strftime("%Y-%m-%d").to_string());
        self.set(&format!("{field}-time"), local.strftime("%H:%M").to_string());
    }
}

fn causes(causes: &[Cause]) -> String {
    causes.iter().map(|cause| cause.tag.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(fields: &[(&str, &str)]) -> Typed {
        Typed(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn times_are_on_the_clocks_of_the_association() {
        let london = TimeZone::get("Europe/London").unwrap();
        let form = typed(&[("closes-day", "2026-06-13"), ("closes-time", "18:00")]);
        let at = form.moment("closes", &london).unwrap();
        assert_eq!(at.rfc3339(), "2026-06-13T17:00:00Z");
        for bad in [
            &[("closes-day", ""), ("closes-time", "18:00")][..],
            &[("closes-day", "13/06/2026"), ("closes-time", "18:00")],
            &[("closes-day", "2026-06-13"), ("closes-time", "six")],
            &[("closes-day", "2026-06-13")],
        ] {
            assert!(typed(bad).moment("closes", &london).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_line_of_needs_counts_when_something_is_chosen() {
        let form = typed(&[("kind-1", "time"), ("wanted-1", "4"), ("label-3", "I can bring it")]);
        assert_eq!(form.need("1").unwrap(), Some((HelpKind::Time, String::new(), Some(4))));
        assert_eq!(form.need("2").unwrap(), None);
        assert!(form.need("3").is_err());
        assert!(typed(&[("kind-1", "time"), ("wanted-1", "a few")]).need("1").is_err());
    }

    #[test]
    fn places_have_names_before_they_have_points() {
        let place = |fields: &[(&str, &str)]| typed(fields).place();
        assert_eq!(place(&[]).unwrap(), None);
        let moor =
            place(&[("place", "The Moor"), ("latitude", "53,8"), ("longitude", "-1.56")]).unwrap().unwrap();
        assert!(moor.point.is_some_and(|point| point.latitude > 53.79));
        assert!(place(&[("latitude", "53.8"), ("longitude", "-1.56")]).is_err());
        assert!(place(&[("place", "The Moor"), ("latitude", "53.8")]).is_err());
        assert!(place(&[("place", "The Moor"), ("latitude", "north"), ("longitude", "0")]).is_err());
    }

    #[test]
    fn links_are_never_scripts() {
        assert!(typed(&[("online", "javascript:alert(1)")]).online().is_err());
        assert!(typed(&[("online", "https://meet.example/trees")]).online().unwrap().is_some());
    }
}
