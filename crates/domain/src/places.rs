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

/// Degrees of latitude in a metre.
const DEGREES: f64 = 1.0 / 111_195.0;

impl Point {
    /// A point, when the degrees are of this globe.
    pub fn parse(latitude: f64, longitude: f64) -> Option<Self> {
        (latitude.abs() <= 90.0 && longitude.abs() <= 180.0).then_some(Self { latitude, longitude })
    }

    /// The square of a tenth of a degree that it is in.
    pub fn cell(self) -> i64 {
        row(self.latitude) * COLUMNS + column(self.longitude)
    }

    /// The way along a great circle, in metres.
    pub fn metres_to(self, other: Self) -> f64 {
        let (a, b) = (self.latitude.to_radians(), other.latitude.to_radians());
        let turn = (other.longitude - self.longitude).to_radians();
        let half = ((b - a) / 2.0).sin().powi(2) + a.cos() * b.cos() * (turn / 2.0).sin().powi(2);
        2.0 * 6_371_000.0 * half.sqrt().min(1.0).asin()
    }
}

/// Cells around the globe.
const COLUMNS: i64 = 3_600;
/// More cells than this are not worth looking into one by one.
const MOST_CELLS: usize = 48;

#[expect(clippy::cast_possible_truncation, reason = "a cell is a whole number of at most 1 800 times 3 600")]
fn row(latitude: f64) -> i64 {
    ((latitude + 90.0) * 10.0).floor() as i64
}

#[expect(clippy::cast_possible_truncation, reason = "a cell is a whole number of at most 1 800 times 3 600")]
fn column(longitude: f64) -> i64 {
    ((longitude + 180.0) * 10.0).floor() as i64
}

/// A point and what is around it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Around {
    /// The middle.
    pub point: Point,
    /// How far around, in metres.
    pub metres: u32,
}

impl Around {
    /// The bounds that hold all of it.
    pub fn bounds(self) -> Bounds {
        let up = f64::from(self.metres) * DEGREES;
        let out = (up / self.narrowing()).min(180.0);
        let Point { latitude, longitude } = self.point;
        Bounds { south: latitude - up, west: longitude - out, north: latitude + up, east: longitude + out }
    }

    /// How much narrower a degree of longitude is here than one of latitude.
    pub fn narrowing(self) -> f64 {
        self.point.latitude.to_radians().cos().max(0.01)
    }

    /// Is it within?
    pub fn holds(self, point: Point) -> bool {
        self.point.metres_to(point) <= f64::from(self.metres)
    }

    /// How far around, in degrees of latitude.
    pub fn degrees(self) -> f64 {
        f64::from(self.metres) * DEGREES
    }
}

/// Two parallels and two meridians.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// The southern edge, in degrees.
    pub south: f64,
    /// The western edge, in degrees.
    pub west: f64,
    /// The northern edge, in degrees.
    pub north: f64,
    /// The eastern edge, in degrees; not west of the western one.
    pub east: f64,
}

impl Bounds {
    /// Bounds of this globe, the right way round.
    pub fn parse(south: f64, west: f64, north: f64, east: f64) -> Option<Self> {
        let (low, high) = (Point::parse(south, west)?, Point::parse(north, east)?);
        let fits = low.latitude <= high.latitude && low.longitude <= high.longitude;
        fits.then_some(Self { south, west, north, east })
    }

    /// Is it within?
    pub fn hold(self, point: Point) -> bool {
        (self.south..=self.north).contains(&point.latitude)
            && (self.west..=self.east).contains(&point.longitude)
    }

    /// The cells that they touch, unless there are very many.
    pub fn cells(self) -> Option<Vec<i64>> {
        let rows = row(self.south.max(-90.0))..=row(self.north.min(90.0));
        let columns = column(self.west.max(-180.0))..=column(self.east.min(180.0));
        let count =
            |range: &std::ops::RangeInclusive<i64>| usize::try_from(range.end() - range.start() + 1).ok();
        let all = count(&rows)?.checked_mul(count(&columns)?)?;
        (all <= MOST_CELLS)
            .then(|| rows.flat_map(|row| columns.clone().map(move |column| row * COLUMNS + column)).collect())
    }
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

    /// About how far what is shown may be from what is so, in metres.
    pub fn metres(self) -> u32 {
        match self {
            Self::Exact => 0,
            Self::Street => 100,
            Self::Neighbourhood => 1_000,
            Self::Town => 10_000,
        }
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
    fn what_is_near_is_in_a_cell_that_is_looked_into() {
        let moor = Point::parse(53.81, -1.56).unwrap();
        let near = Around { point: moor, metres: 5_000 };
        let cells = near.bounds().cells().unwrap();
        assert!(cells.len() <= 6 && cells.contains(&moor.cell()));
        let other = Point::parse(53.84, -1.52).unwrap();
        assert!((moor.metres_to(other) - 4_254.0).abs() < 10.0, "{}", moor.metres_to(other));
        assert!(near.bounds().hold(other) && cells.contains(&other.cell()));
        assert!(!near.bounds().hold(Point::parse(53.86, -1.56).unwrap()));
        assert_eq!(Around { point: moor, metres: 500_000 }.bounds().cells(), None);
        for (latitude, longitude) in [(90.0, 180.0), (-90.0, -180.0), (0.0, 0.0)] {
            let edge = Around { point: Point::parse(latitude, longitude).unwrap(), metres: 1_000 };
            assert!(edge.bounds().cells().is_none_or(|cells| cells.contains(&edge.point.cell())));
        }
        assert!(Point::parse(f64::NAN, 0.0).is_none());
        assert!(Bounds::parse(1.0, 0.0, 0.0, 1.0).is_none());
    }

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
