//! This place at a glance: what needs hands now, what is on, what is being made, who is here.

use askama::Template;
use axum::{Router, extract::State, routing::get};
use folkmoot_storage::{associations, calls as call_rows, events as event_rows, items::Filter};

use crate::{
    Web,
    associations::AssociationRow,
    calls, events,
    frame::{Answer, Frame, draw},
    problems::Problem,
    rows::{self, Row},
};

/// How many of each are shown.
const SOME: usize = 6;
/// Among how many of the newest calls those that want hands are looked for.
const LOOKED_AT: u64 = 50;

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/", get(page))
}

#[derive(Template)]
#[template(path = "home/page.html")]
struct HomePage {
    frame: Frame,
    calls: Vec<Row>,
    events: Vec<Row>,
    projects: Vec<Row>,
    associations: Vec<AssociationRow>,
    contact_email: String,
}

async fn page(State(web): State<Web>) -> Answer {
    let place = &web.settings.place;
    let here = associations::list(&web.rows()).await?;
    draw(&HomePage {
        frame: Frame::new(&web, "This place at a glance")
            .describing(&format!("What needs hands, what is on and who is here: {place}."))
            .of(web.app.addresses.base(), &web.app.addresses.instance()),
        calls: wanting_hands(&web).await?,
        events: upcoming(&web).await?,
        projects: rows::projects(&web, Filter { limit: SOME as u64, ..Filter::default() }).await?,
        associations: here.iter().map(AssociationRow::new).collect(),
        contact_email: web.settings.contact.email.clone(),
    })
}

async fn wanting_hands(web: &Web) -> Result<Vec<Row>, Problem> {
    let newest = call_rows::list(&web.rows(), Filter { limit: LOOKED_AT, ..Filter::default() }).await?;
    let wanting = newest.iter().filter(|call| calls::wants_hands(call, web.now())).take(SOME);
    rows::mark_samples(web, wanting.map(|call| calls::row(call, web.now())).collect()).await
}

async fn upcoming(web: &Web) -> Result<Vec<Row>, Problem> {
    let upcoming = event_rows::upcoming(&web.rows(), web.now(), SOME as u64).await?;
    rows::mark_samples(web, upcoming.iter().map(|event| events::row(event, web.now())).collect()).await
}
