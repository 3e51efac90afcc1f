//! Everything one can do with a picture: bring one, say what is on it, take it away.
//!
//! A picture is decoded and written anew, so that nothing of the file that came is ever kept or served: no place,
//! no name of a camera, no second format hidden in it ([`darkroom`]). Its files are stored before its row and deleted
//! after it; what is left between, [`sweep`] finds. Start at [`bring`].

mod darkroom;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use folkmoot_domain::{
    ActorId, ItemId, PictureId, Refusal,
    changes::ChangeKind,
    items::{Item, ItemSeen},
    moments::DAY,
    pictures::{self as rules, Picture},
};
use folkmoot_storage::{items as item_rows, pictures};

use crate::{App, By, Doing, Result, items};

/// Hangs a picture on an item, in place of the one before. The bytes are whatever was sent; the words say what is on it.
pub async fn bring(app: &App, by: &By, id: ItemId, bytes: Vec<u8>, alt: &str) -> Result<Picture> {
    let alt = rules::alt(alt)?;
    // Decoding is work: only for those who may.
    let home = {
        let doing = app.begin(by).await?;
        let item = items::changeable(&doing, id, None).await?;
        has_room(&doing, item.home).await?;
        item.home
    };
    let prints = darkroom::develop(bytes).await?;
    let picture = Picture { id: app.id(), home, alt, width: prints.width, height: prints.height };
    store(app, &picture, &prints).await?;
    let hung = hang(app, by, id, &picture).await;
    match &hung {
        Ok(Some(old)) => discard(app, old).await,
        Ok(None) => {}
        Err(_) => discard(app, &picture).await,
    }
    hung.map(|_| picture)
}

/// Develops a picture that came in an archive and stores its files; its row is the caller's.
pub(crate) async fn develop(app: &App, home: ActorId, bytes: Vec<u8>, alt: &str) -> Result<Picture> {
    let alt = rules::alt(alt)?;
    let prints = darkroom::develop(bytes).await?;
    let picture = Picture { id: app.id(), home, alt, width: prints.width, height: prints.height };
    store(app, &picture, &prints).await?;
    Ok(picture)
}

/// Puts the picture's row beside the item's, and answers with the picture that hung there before.
async fn hang(app: &App, by: &By, id: ItemId, picture: &Picture) -> Result<Option<Picture>> {
    let doing = app.begin(by).await?;
    let mut item = items::changeable(&doing, id, None).await?;
    let old = forget(&doing, &mut item).await?;
    has_room(&doing, item.home).await?;
    pictures::insert(&doing.tx, picture, doing.now).await?;
    item.picture = Some(picture.id);
    changed(doing, item, "a picture was hung").await?;
    Ok(old)
}

/// Says anew what is on the picture of an item.
pub async fn describe(app: &App, by: &By, id: ItemId, alt: &str) -> Result<()> {
    let alt = rules::alt(alt)?;
    let doing = app.begin(by).await?;
    let item = items::changeable(&doing, id, None).await?;
    let picture = item.picture.ok_or(Refusal::Unknown("picture"))?;
    pictures::describe(&doing.tx, picture, &alt).await?;
    changed(doing, item, "a picture was described").await
}

/// Takes the picture of an item away.
pub async fn remove(app: &App, by: &By, id: ItemId) -> Result<()> {
    let doing = app.begin(by).await?;
    let mut item = items::changeable(&doing, id, None).await?;
    let old = forget(&doing, &mut item).await?.ok_or(Refusal::Unknown("picture"))?;
    changed(doing, item, "a picture was taken away").await?;
    discard(app, &old).await;
    Ok(())
}

async fn changed(doing: Doing<'_>, mut item: Item, what: &str) -> Result<()> {
    items::touch(&doing, &mut item).await?;
    doing.change(ChangeKind::Edited, item.home, item.id.0, None).await?;
    doing.done(what).await
}

/// Takes the picture off an item, in its transaction; the item is the caller's to store. When that counts, the files
/// can be [`discard`]ed.
pub(crate) async fn forget(doing: &Doing<'_>, item: &mut Item) -> Result<Option<Picture>> {
    let Some(id) = item.picture.take() else { return Ok(None) };
    let old = pictures::find(&doing.tx.rows(), id).await?;
    pictures::remove(&doing.tx, id).await?;
    Ok(old)
}

async fn has_room(doing: &Doing<'_>, home: ActorId) -> Result<()> {
    if pictures::count(&doing.tx.rows(), home).await? >= rules::MANY {
        let full = format!(
            "this association keeps {} pictures already; take one away that is no longer needed",
            rules::MANY
        );
        return Err(Refusal::field("picture", full).into());
    }
    Ok(())
}

async fn store(app: &App, picture: &Picture, prints: &darkroom::Prints) -> Result<()> {
    for (width, file) in &prints.files {
        app.blobs.put(&picture.file(*width), file.clone()).await?;
    }
    Ok(())
}

/// Deletes the files of a picture that is nobody's any more. What cannot be deleted now is found by [`sweep`].
pub(crate) async fn discard(app: &App, picture: &Picture) {
    for width in picture.widths() {
        if let Err(error) = app.blobs.delete(&picture.file(width)).await {
            tracing::warn!(%error, picture = %picture.id, "a file of a picture stays for now");
        }
    }
}

/// An item as whoever may change its picture sees it; refused to everybody else.
pub async fn item(app: &App, by: &By, id: ItemId) -> Result<ItemSeen> {
    let doing = app.begin(by).await?;
    items::changeable(&doing, id, None).await?;
    Ok(item_rows::seen(&doing.tx.rows(), id).await?.ok_or(Refusal::Unknown("item"))?)
}

/// One file of a picture; none when there is no such picture, or it is not kept in this width.
pub async fn file(app: &App, id: PictureId, width: u32) -> Result<Option<Vec<u8>>> {
    match pictures::find(&app.store.rows(), id).await? {
        Some(picture) if picture.widths().contains(&width) => Ok(app.blobs.get(&picture.file(width)).await?),
        _ => Ok(None),
    }
}

/// Deletes files that belong to no picture: left by a crash between file and row. Young ones may be on their way.
pub async fn sweep(app: &App) -> Result<u64> {
    let before = app.now().plus(-DAY);
    let files = app.blobs.list(rules::FOLDER, before).await?;
    let ids: HashSet<PictureId> = files.iter().filter_map(|name| rules::id_of(name)).collect();
    let known = pictures::many(&app.store.rows(), ids.iter().map(|id| id.0).collect()).await?;
    let mut swept = 0;
    for name in &files {
        if !rules::id_of(name).is_some_and(|id| known.contains_key(&id.0)) {
            app.blobs.delete(name).await?;
            swept += 1;
        }
    }
    Ok(swept)
}
