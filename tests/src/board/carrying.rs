//! What an association elsewhere published, and one here carries already.

use anyhow::{Context as _, Result};
use folkmoot_app::{App, By, actors, carries, heard, people};
use folkmoot_domain::{
    ItemId,
    actors::ActorKind,
    audiences::Reach,
    events::EventState,
    heard::{Heard, HeardNoun},
    moments::{DAY, HOUR},
    places::{Coarseness, Place},
    roles::Who,
};
use url::Url;

use super::{
    Board,
    samples::{self, Samples},
};

/// An event of an association elsewhere, carried by the repair caf\u{e9}.
pub async fn carried(app: &App, samples: &Samples, title: &str) -> Result<ItemId> {
    let mut beck = samples::stranger(app, "beck", "Keepers of the Beck").await?;
    beck.kind = ActorKind::Group;
    let beck = actors::remember(app, beck).await?;
    let uri = Url::parse(&format!("https://{}/events/{}", beck.host, title.replace(' ', "-")))?;
    let starts = app.now().plus(4 * DAY);
    let place = Place::parse("By the mill race", Some((53.82, -1.55)), Coarseness::Street)?;
    let told = Heard {
        page: uri.clone(),
        uri,
        title: title.to_owned(),
        html: "<p>We look at the water, and at what lives in it.</p>".to_owned(),
        language: None,
        place: Some(place),
        causes: vec!["Becks".to_owned()],
        published: app.now(),
        edited: None,
        reach: Reach::Public,
        carriable: true,
        noun: HeardNoun::Event {
            starts,
            ends: starts.plus(2 * HOUR),
            zone: "Europe/London".to_owned(),
            capacity: None,
            online: None,
            state: EventState::Planned,
            project: None,
            going: 0,
        },
    };
    let by = By { who: Who::Remote(beck.id), arrival: None };
    let item = heard::take(app, &by, beck.id, &told).await?.context("it is kept")?;
    carries::carry(app, &By::operator(), samples.repair, item, "We mend their boats").await?;
    Ok(item)
}

/// One more link with which Ruth signs in: each is good once.
pub async fn another_link(board: &Board) -> Result<Url> {
    people::sign_in_link(&board.app, &By::operator(), "ruth@hyde.example").await.map_err(Into::into)
}
