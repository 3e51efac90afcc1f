//! Where something is, and how exactly it may be shown.

use crate::{Refusal, text};

/// A point on the globe in degrees (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Degrees north, −90 to 90.
    pub latitude: f64,
    /// Degrees east, −180 to 180.
    pub longitude: f64,
}

/// How exactly a place may be shown; what was given exactly is kept exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Coarseness {
    /// As given.
    Exact,
    /// To about a hundred metres.
    Street,
    /// To about a kilometre.
    Neighbourhood,
    /// To about ten kilometres.
    Town,
}

impl Coarseness {
    /// Every step, exact first.
    pub const ALL: [Self; 4] = [Self::Exact, Self::Street, Self::Neighbourhood, Self::Town];

    /// The word used in files, forms and the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Street => "street",
            Self::Neighbourhood => "neighbourhood",
            Self::Town => "town",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.word() == word)
    }

    fn decimals(self) -> i32 {
        match self {
            Self::Exact => 6,
            Self::Street => 3,
            Self::Neighbourhood => 2,
            Self::Town => 1,
        }
    }
}

/// A named place, perhaps with a point.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The name people use: "Hyde Park, by the bandstand".
    pub name: String,
    /// Where it is, as exactly as it was given.
    pub point: Option<Point>,
    /// How exactly to show it.
    pub shown: Coarseness,
}

impl Place {
    /// Checks the name and the degrees.
    pub fn parse(name: &str, point: Option<(f64, f64)>, shown: Coarseness) -> Result<Self, Refusal> {
        let name = text::line("place", name, 200)?;
        let point = point
            .map(|(latitude, longitude)| {
                let fits = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
                if fits {
                    Ok(Point { latitude, longitude })
                } else {
                    Err(Refusal::field(
                        "place",
                        "latitude goes from \u{2212}90 to 90, longitude from \u{2212}180 to 180",
                    ))
                }
            })
            .transpose()?;
        Ok(Self { name, point, shown })
    }

    /// The point rounded to what may be shown. The exact one never leaves this server.
    pub fn seen(&self) -> Option<Point> {
        let factor = 10f64.powi(self.shown.decimals());
        let round = |degrees: f64| (degrees * factor).round() / factor;
        self.point.map(|point| Point { latitude: round(point.latitude), longitude: round(point.longitude) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coarse_places_are_coarse() {
        let place =
            Place::parse("Allotment", Some((53.812_345_6, -1.567_891_2)), Coarseness::Neighbourhood).unwrap();
        assert_eq!(place.seen(), Some(Point { latitude: 53.81, longitude: -1.57 }));
        assert!(Place::parse("x", Some((91.0, 0.0)), Coarseness::Exact).is_err());
        assert!(Place::parse("x", Some((f64::NAN, 0.0)), Coarseness::Exact).is_err());
        for step in Coarseness::ALL {
            assert_eq!(Coarseness::parse(step.word()), Some(step));
        }
    }
}
