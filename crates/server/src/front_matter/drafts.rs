//! From what was written in a file to the drafts that `app` takes. Whether they are good is for `domain` to say.

use folkmoot_app::projects::ProjectDraft;
use folkmoot_domain::{
    ItemId, Moment, Refusal,
    calls::{CallDraft, HelpKind},
    events::EventDraft,
    items::Words,
    places::{Coarseness, Place},
    text::Language,
};
use jiff::tz::TimeZone;

use super::{
    CallFile, EventFile, HelpWritten, NeedWritten, PlaceWritten, ProjectFile, Show, Stage, UpdateFile, When,
    Zone,
};

impl CallFile {
    /// Its words.
    pub fn words(&self) -> Result<Words, Refusal> {
        words(&self.title, &self.text, self.language.as_deref(), self.place.as_ref(), &self.causes)
    }

    /// The call. `home` is the zone of the association, on whose clocks times are read when the file names none.
    pub fn draft(&self, home: &TimeZone, project: Option<ItemId>) -> Result<CallDraft, Refusal> {
        Ok(CallDraft {
            project,
            why: self.why.clone(),
            closes: moment("closes", self.closes, zone(self.timezone.as_ref(), home))?,
            one_tap: self.one_tap,
            needs: self.needs.iter().map(need).collect(),
        })
    }
}

impl EventFile {
    /// Its words.
    pub fn words(&self) -> Result<Words, Refusal> {
        words(&self.title, &self.text, self.language.as_deref(), self.place.as_ref(), &self.causes)
    }

    /// The event. `home` as for a call.
    pub fn draft(&self, home: &TimeZone, project: Option<ItemId>) -> Result<EventDraft, Refusal> {
        let zone = zone(self.timezone.as_ref(), home);
        Ok(EventDraft {
            project,
            starts: moment("starts", self.starts, zone)?,
            ends: moment("ends", self.ends, zone)?,
            zone: self.timezone.as_ref().map(|zone| zone.name().to_owned()),
            capacity: self.capacity,
            online: self.online.clone(),
        })
    }
}

impl ProjectFile {
    /// Its words.
    pub fn words(&self) -> Result<Words, Refusal> {
        words(&self.title, &self.text, self.language.as_deref(), self.place.as_ref(), &self.causes)
    }

    /// The project.
    pub fn draft(&self) -> Result<ProjectDraft, Refusal> {
        Ok(ProjectDraft {
            words: self.words()?,
            need: self.need.clone(),
            active: self.state == Stage::Active,
        })
    }
}

impl UpdateFile {
    /// Its words.
    pub fn words(&self) -> Result<Words, Refusal> {
        words("", &self.text, self.language.as_deref(), None, &[])
    }
}

/// The moment that was meant, in a sentence about `field` when there is none.
pub fn moment(field: &'static str, when: When, zone: &TimeZone) -> Result<Moment, Refusal> {
    let at = when.in_zone(zone).map_err(|_| Refusal::field(field, "is no time that a clock could show"))?;
    Ok(Moment(at.as_millisecond()))
}

fn words(
    title: &str,
    text: &str,
    language: Option<&str>,
    place: Option<&PlaceWritten>,
    causes: &[String],
) -> Result<Words, Refusal> {
    Ok(Words {
        title: title.to_owned(),
        text: text.to_owned(),
        language: language.map(Language::parse).transpose()?,
        place: place.map(place_of).transpose()?,
        causes: causes.to_vec(),
    })
}

fn place_of(written: &PlaceWritten) -> Result<Place, Refusal> {
    if written.latitude.is_some() != written.longitude.is_some() {
        return Err(Refusal::field("place", "write both latitude and longitude, or neither"));
    }
    Place::parse(&written.name, written.point(), written.show.into())
}

fn zone<'z>(written: Option<&'z Zone>, home: &'z TimeZone) -> &'z TimeZone {
    written.map_or(home, Zone::zone)
}

fn need(written: &NeedWritten) -> (HelpKind, String, Option<i32>) {
    (written.kind.into(), written.label.clone(), written.wanted)
}

impl From<HelpWritten> for HelpKind {
    fn from(written: HelpWritten) -> Self {
        match written {
            HelpWritten::Time => Self::Time,
            HelpWritten::Skill => Self::Skill,
            HelpWritten::Thing => Self::Thing,
            HelpWritten::Space => Self::Space,
            HelpWritten::Money => Self::Money,
            HelpWritten::Voice => Self::Voice,
        }
    }
}

impl From<Show> for Coarseness {
    fn from(written: Show) -> Self {
        match written {
            Show::Exact => Self::Exact,
            Show::Street => Self::Street,
            Show::Neighbourhood => Self::Neighbourhood,
            Show::Town => Self::Town,
        }
    }
}
