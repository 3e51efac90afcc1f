//! What one can do with a stream: read it, if one organises whose it is.

use folkmoot_domain::streams::{StreamAsked, StreamPage};
use folkmoot_storage::streams;

use crate::{App, By, Result, connections};

/// A page of what those that these listen to publish and pass on. All of them must be the reader's to organise.
pub async fn read(app: &App, by: &By, asked: &StreamAsked) -> Result<StreamPage> {
    let doing = app.begin(by).await?;
    for seeker in &asked.seekers {
        connections::must_be_ours(&doing, *seeker).await?;
    }
    drop(doing);
    Ok(streams::page(&app.store.rows(), asked).await?)
}
