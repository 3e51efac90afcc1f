//! One association begins to listen to another, as an organiser does at their desk: found by its address, asked, accepted.
//!
//! The other side knows nothing of a demo: it fetches the follower, takes the follow in, and delivers its `Accept`.

use folkmoot_app::{By, connections, remote};
use folkmoot_domain::{actors::Actor, connections::ConnectionState};
use folkmoot_storage::{actors, connections as rows};

use super::{
    checks,
    places::Places,
    steps::{Steps, until},
};
use crate::instance::Instance;

/// Follows, unless it was done before.
pub async fn ensure_followed(places: &Places, steps: &mut Steps<'_, '_>) -> anyhow::Result<()> {
    let (follower, followed) = (places.follower().await?, places.followed().await?);
    let here = &places.holbeck.instance;
    if is_connected(here, &follower, &followed).await? {
        return Ok(());
    }
    let address = followed.address();
    let found = async { Ok(remote::find(&here.app, &address).await?) };
    let found = steps.step(&format!("{address} is found by its address"), found).await?;
    let asked = async {
        connections::connect(&here.app, &By::operator(), follower.id, found.id).await?;
        Ok(())
    };
    steps.step(&format!("{} asks to follow it, signed", follower.address()), asked).await?;
    let accepted = until(async || {
        let connected = is_connected(here, &follower, &followed).await?;
        Ok(connected && checks::has_arrived(here, "Accept").await?)
    });
    steps.step("the follow is accepted, and the answer has arrived", accepted).await
}

async fn is_connected(here: &Instance, follower: &Actor, followed: &Actor) -> anyhow::Result<bool> {
    let known = actors::by_uri(&here.app.store.rows(), followed.uri.as_str()).await?;
    let Some(known) = known else { return Ok(false) };
    let connection = rows::find(&here.app.store.rows(), follower.id, known.id).await?;
    Ok(connection.is_some_and(|connection| connection.state == ConnectionState::Connected))
}
