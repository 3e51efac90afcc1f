//! The map of calls, events and projects with the list beside it, and map data (`GeoJSON`, RFC 7946) of every list.
//!
//! Only what may be shown leaves this server: a place goes out as coarse as its association chose, with how far off
//! that may be. The map is drawn in the browser; without a script the list says the same.

use askama::Template;
use axum::{
    Router,
    extract::{RawQuery, State},
    http::HeaderMap,
    routing::get,
};
use folkmoot_domain::{
    items::{ItemKind, ItemSeen},
    lists::{Asked, Mark},
    places::Bounds,
};
use folkmoot_storage::lists as list_rows;
use serde_json::{Value, json};

use crate::{
    Web,
    assets::{Script, Sheet},
    documents::Document,
    filters::{
        Listing,
        panel::{self, Group, Removable},
    },
    frame::{Answer, Frame, draw},
    lists::{self, Said},
    problems::Problem,
    rows::{self, Row},
    shapes,
};

/// What is on the map, in the order of the list beside it.
const KINDS: [ItemKind; 3] = [ItemKind::Call, ItemKind::Event, ItemKind::Project];
/// So many of each kind are in the list beside the map, and carry its number.
const LISTED: usize = 20;
/// So many of each kind are drawn, and go out as map data.
const DRAWN: u64 = 200;
const GEOJSON: &str = "application/geo+json; charset=utf-8";

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/map", get(page))
        .route("/map.geojson", get(data))
        .route("/calls.geojson", get(|web, query, asked| list(ItemKind::Call, web, query, asked)))
        .route("/projects.geojson", get(|web, query, asked| list(ItemKind::Project, web, query, asked)))
        .route("/events.geojson", get(|web, query, asked| list(ItemKind::Event, web, query, asked)))
}

#[derive(Template)]
#[template(path = "maps/page.html")]
struct MapPage {
    frame: Frame,
    heading: String,
    lead: Option<String>,
    groups: Vec<Group>,
    chosen: Vec<Removable>,
    done: String,
    /// The number on the map, and the row.
    rows: Vec<(usize, Row)>,
    /// Is there more than is listed?
    more: bool,
    data: String,
    as_list: (String, &'static str),
    whole: bool,
}

async fn page(State(web): State<Web>, RawQuery(query): RawQuery) -> Answer {
    let query = query.unwrap_or_default();
    let listing = Listing::read(&web, "/map", &KINDS, &query).await?;
    let panel = panel::panel(&web, &listing, &KINDS).await?;
    let (mut rows, mut more) = (Vec::new(), false);
    for &kind in &listing.kinds {
        let Some(asked) = placed(&listing, kind, None) else { continue };
        let mut marks = list_rows::marks(&web.rows(), kind, &asked, listing.turn, LISTED as u64 + 1).await?;
        more |= marks.len() > LISTED;
        marks.truncate(LISTED);
        let mut found = rows::at(&web, kind, &marks).await?;
        for row in &mut found {
            row.heading = Some(shapes::heading(kind));
        }
        rows.extend(found);
    }
    let heading = match listing.chosen.kind {
        Some(kind) => format!("{} on the map", Said::of(kind).heading),
        None => "On the map".to_owned(),
    };
    let data = listing.as_file("geojson");
    let mut frame = Frame::new(&web, &heading)
        .describing("Calls, events and projects, where they are.")
        .with(Sheet::Drawings)
        .with(Sheet::Map)
        .running(Script::Map)
        .also("application/geo+json", &data, &heading);
    frame.page = Some(lists::address(&web, &listing.address()));
    draw(&MapPage {
        frame,
        heading,
        lead: panel.count.map(|count| places(count, listing.chosen.kind)),
        groups: panel.groups,
        chosen: panel.chosen,
        done: "Show the map".to_owned(),
        rows: (1..).zip(rows).collect(),
        more,
        data,
        as_list: as_list(&listing),
        whole: listing.is_whole(),
    })
}

fn places(count: usize, kind: Option<ItemKind>) -> String {
    let said = match kind {
        Some(kind) => lists::counted(kind, count),
        None if count == 1 => "one thing".to_owned(),
        None => format!("{count} things"),
    };
    let mut letters = said.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The same without a map: the list of the kind that is chosen, or of calls.
fn as_list(listing: &Listing) -> (String, &'static str) {
    let mut chosen = listing.chosen.clone();
    let kind = chosen.kind.take();
    let path = Said::of(kind.unwrap_or(ItemKind::Call)).path;
    (format!("{path}{}", chosen.query()), if kind.is_some() { "As a list" } else { "All calls, as a list" })
}

fn placed(listing: &Listing, kind: ItemKind, within: Option<Bounds>) -> Option<Asked> {
    listing.asked(kind).map(|asked| Asked { placed: true, within, ..asked })
}

/// Everything on the map, or within `bbox=west,south,east,north`.
async fn data(State(web): State<Web>, RawQuery(query): RawQuery, asked: HeaderMap) -> Answer {
    let query = query.unwrap_or_default();
    let listing = Listing::read(&web, "/map", &KINDS, &query).await?;
    let within = bounds(&query);
    let (mut features, mut number) = (Vec::new(), 0);
    for &kind in &listing.kinds {
        let Some(question) = placed(&listing, kind, within) else { continue };
        let marks = list_rows::marks(&web.rows(), kind, &question, listing.turn, DRAWN).await?;
        for (index, feature) in of(&web, kind, &marks).await?.into_iter().enumerate() {
            // The list beside the map shows the first of each kind.
            let listed = within.is_none() && index < LISTED;
            number += usize::from(listed);
            features.push(feature.numbered(listed.then_some(number)));
        }
    }
    Ok(collection(&features).answer(&asked))
}

/// A list as its page shows it, with or without a place.
async fn list(kind: ItemKind, State(web): State<Web>, RawQuery(query): RawQuery, asked: HeaderMap) -> Answer {
    let listing =
        Listing::read(&web, Said::of(kind).path, &[kind], query.as_deref().unwrap_or_default()).await?;
    let marks = lists::first(&web, &listing, kind, DRAWN).await?;
    let features = of(&web, kind, &marks).await?.into_iter().map(|feature| feature.numbered(None));
    Ok(collection(&features.collect::<Vec<_>>()).answer(&asked))
}

/// RFC 7946 5: west, south, east, north.
fn bounds(query: &str) -> Option<Bounds> {
    let (_, said) = url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "bbox")?;
    let degrees: Vec<f64> = said.split(',').map(|text| text.trim().parse().ok()).collect::<Option<_>>()?;
    match degrees.as_slice() {
        &[west, south, east, north] => Bounds::parse(south, west, north, east),
        _ => None,
    }
}

struct Feature(Value);

impl Feature {
    fn numbered(mut self, number: Option<usize>) -> Value {
        if let Some(number) = number
            && let Some(properties) = self.0.get_mut("properties").and_then(Value::as_object_mut)
        {
            properties.insert("number".to_owned(), number.into());
        }
        self.0
    }
}

async fn of(web: &Web, kind: ItemKind, marks: &[Mark]) -> Result<Vec<Feature>, Problem> {
    let found = rows::seen_at(web, kind, marks).await?;
    Ok(found.iter().map(|(seen, row)| feature(seen, row)).collect())
}

fn feature(seen: &ItemSeen, row: &Row) -> Feature {
    let item = &seen.item;
    let point = item.place.as_ref().and_then(|place| Some((place.seen()?, place.shown.metres())));
    let geometry = point.map_or(
        Value::Null,
        |(point, _)| json!({ "type": "Point", "coordinates": [point.longitude, point.latitude] }),
    );
    let mut properties = json!({
        "kind": item.kind.word(),
        "title": row.title,
        "language": row.language,
        "page": item.page,
        "line": row.line,
        "by": row.by.name,
        "by_page": seen.home.page,
        "published": item.published.rfc3339(),
    });
    if let Some(said) = properties.as_object_mut() {
        if let Some(place) = &item.place {
            said.insert("place".to_owned(), place.name.clone().into());
        }
        if let Some((_, metres)) = point.filter(|(_, metres)| *metres > 0) {
            // About so many metres around the point.
            said.insert("within".to_owned(), metres.into());
        }
        if !seen.home.local {
            said.insert("from".to_owned(), seen.home.host.clone().into());
            let names: Vec<_> = row.carried.iter().map(|carrier| carrier.by.name.clone()).collect();
            said.insert("carried_by".to_owned(), names.into());
        }
        if let Some(state) = &row.state {
            said.insert("state".to_owned(), state.alone().into());
        }
        if let Some(count) = &row.count {
            said.insert("count".to_owned(), count.clone().into());
        }
    }
    Feature(json!({ "type": "Feature", "id": item.uri, "geometry": geometry, "properties": properties }))
}

fn collection(features: &[Value]) -> Document {
    let body = json!({ "type": "FeatureCollection", "features": features });
    Document { kind: GEOJSON, body: body.to_string(), changed: None, name: None }
}
