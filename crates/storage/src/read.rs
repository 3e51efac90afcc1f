//! Turning stored words back into values, with an error that names what cannot be read.

use folkmoot_domain::{
    Moment,
    places::{Coarseness, Place, Point},
};
use sea_orm::Value;
use url::Url;
use uuid::Uuid;

use crate::{Result, StorageError};

pub(crate) fn url(text: &str) -> Result<Url> {
    Url::parse(text).map_err(|_| StorageError::unreadable("address", text))
}

pub(crate) fn optional_url(text: Option<&String>) -> Result<Option<Url>> {
    text.map(|text| url(text)).transpose()
}

pub(crate) fn word<T>(what: &str, text: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T> {
    parse(text).ok_or_else(|| StorageError::unreadable(what, text))
}

pub(crate) fn moment(at: Option<i64>) -> Option<Moment> {
    at.map(Moment)
}

pub(crate) fn place(
    name: Option<String>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    coarseness: Option<&String>,
) -> Result<Option<Place>> {
    let Some(name) = name else { return Ok(None) };
    let point = latitude.zip(longitude).map(|(latitude, longitude)| Point { latitude, longitude });
    let shown = match coarseness {
        Some(step) => word("coarseness", step, Coarseness::parse)?,
        None => Coarseness::Town,
    };
    Ok(Some(Place { name, point, shown }))
}

/// The four columns of a place.
pub(crate) fn place_columns(
    place: Option<&Place>,
) -> (Option<String>, Option<f64>, Option<f64>, Option<String>) {
    let point = place.and_then(|place| place.point);
    (
        place.map(|place| place.name.clone()),
        point.map(|point| point.latitude),
        point.map(|point| point.longitude),
        place.map(|place| place.shown.word().to_owned()),
    )
}

pub(crate) fn id(id: Uuid) -> Value {
    Value::from(id)
}
