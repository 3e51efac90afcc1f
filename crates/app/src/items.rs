//! What is the same for everything published: putting it into the world, changing its words, deleting it.

use folkmoot_domain::{
    ActorId, ItemId, Moment, Refusal,
    audiences::Reach,
    changes::ChangeKind,
    items::{Item, ItemKind, Words},
    pictures::Picture,
    roles::Act,
    text::Prose,
};
use folkmoot_storage::{associations as association_rows, causes as cause_rows, items};

use crate::{App, By, Doing, Result, carries, causes, instance, letters, pictures, prose::prose};

/// Checks who publishes and what, and stores the common head. The change that tells others is the caller's.
pub(crate) async fn publish(doing: &Doing<'_>, home: ActorId, kind: ItemKind, words: Words) -> Result<Item> {
    let words = words.check(kind)?;
    let language = if let Some(association) = association_rows::find(&doing.tx.rows(), home).await? {
        doing.authorise(home, Act::Organise).await?;
        association.must_be_open()?;
        association.language
    } else {
        // The instance itself publishes projects that are nobody's yet; whoever looks after it may do that.
        doing.authorise(home, Act::LookAfterBoard).await?;
        folkmoot_domain::text::Language::english()
    };
    let id: ItemId = doing.app.id();
    let item = Item {
        id,
        kind,
        home,
        uri: doing.app.addresses.item(kind, id),
        page: doing.app.addresses.item_page(kind, id),
        title: words.title,
        text: prose(&words.text),
        language: words.language.unwrap_or(language),
        place: words.place,
        picture: None,
        published: doing.now,
        edited: None,
        deleted: None,
        reach: Reach::Public,
        carriable: true,
        moved: None,
    };
    items::insert(&doing.tx, &item).await?;
    let named = causes::named(doing, home, &words.causes).await?;
    cause_rows::set_for_item(&doing.tx, id, &named).await?;
    carries::item_changed(doing, id).await?;
    Ok(item)
}

/// Finds an item that whoever asks may change: it lives here, and they organise its home, or look after the board.
pub(crate) async fn changeable(doing: &Doing<'_>, id: ItemId, kind: Option<ItemKind>) -> Result<Item> {
    let unknown = Refusal::Unknown(kind.map_or("item", ItemKind::word));
    let item = items::find(&doing.tx.rows(), id)
        .await?
        .filter(|item| item.deleted.is_none())
        .ok_or(unknown.clone())?;
    if kind.is_some_and(|kind| kind != item.kind) {
        return Err(unknown.into());
    }
    if !doing.app.addresses.is_ours(&item.uri) {
        return Err(Refusal::NotHere.into());
    }
    // What is nobody's yet is looked after by whoever looks after the board.
    let nobodys = association_rows::find(&doing.tx.rows(), item.home).await?.is_none();
    let act = if nobodys { Act::LookAfterBoard } else { Act::Organise };
    doing.authorise(item.home, act).await?;
    Ok(item)
}

/// Marks an item as changed at this moment, later than ever before: peers compare whole seconds.
pub(crate) async fn touch(doing: &Doing<'_>, item: &mut Item) -> Result<()> {
    item.edited = Some(next_edit(item, doing.now));
    Ok(items::update(&doing.tx, item).await?)
}

/// The time of the next edit: now, but at least a second after publishing and after the last edit.
pub fn next_edit(item: &Item, now: Moment) -> Moment {
    let last = item.edited.unwrap_or(item.published);
    now.max(last.plus(1_000))
}

/// Replaces the words of an item that whoever asks may change.
pub(crate) async fn reword(doing: &Doing<'_>, item: &mut Item, words: Words) -> Result<()> {
    let words = words.check(item.kind)?;
    item.title = words.title;
    item.text = prose(&words.text);
    if let Some(language) = words.language {
        item.language = language;
    }
    item.place = words.place;
    let named = causes::named(doing, item.home, &words.causes).await?;
    cause_rows::set_for_item(&doing.tx, item.id, &named).await?;
    touch(doing, item).await?;
    carries::item_changed(doing, item.id).await
}

/// Changes the words of an item. `note`, when not empty, tells followers what changed.
pub async fn edit(app: &App, by: &By, id: ItemId, words: Words, note: &str) -> Result<()> {
    let doing = app.begin(by).await?;
    let mut item = changeable(&doing, id, None).await?;
    reword(&doing, &mut item, words).await?;
    tell_of_edit(&doing, &item, note).await?;
    doing.done("an item was changed").await
}

/// Whoever has a copy hears of the change; with a note, followers hear what it is.
pub(crate) async fn tell_of_edit(doing: &Doing<'_>, item: &Item, note: &str) -> Result<()> {
    let note = folkmoot_domain::text::paragraphs("note", note, 1_000)?;
    doing.change_saying(ChangeKind::Edited, item.home, item.id.0, None, &note).await
}

/// Deletes an item: its words are gone, its id answers that there was something.
pub async fn delete(app: &App, by: &By, id: ItemId) -> Result<()> {
    let doing = app.begin(by).await?;
    let item = changeable(&doing, id, None).await?;
    let picture = erase(&doing, item).await?;
    doing.done("an item was deleted").await?;
    if let Some(picture) = picture {
        pictures::discard(app, &picture).await;
    }
    Ok(())
}

/// Takes the words away, here and, when it is ours, everywhere. The files of its picture are the caller's to discard,
/// once this counts. Whether it may be is for the caller to ask.
pub(crate) async fn erase(doing: &Doing<'_>, mut item: Item) -> Result<Option<Picture>> {
    letters::call_is_taken_down(doing, item.id).await?;
    item.deleted = Some(doing.now);
    item.title = String::new();
    item.text = Prose::default();
    item.place = None;
    let picture = pictures::forget(doing, &mut item).await?;
    items::update(&doing.tx, &item).await?;
    cause_rows::set_for_item(&doing.tx, item.id, &[]).await?;
    if doing.app.addresses.is_ours(&item.uri) {
        doing.change(ChangeKind::Deleted, item.home, item.id.0, None).await?;
    }
    carries::item_changed(doing, item.id).await?;
    Ok(picture)
}

/// The home of what is nobody's yet: the instance itself.
pub async fn nobody(app: &App) -> Result<ActorId> {
    Ok(instance::actor(app).await?.id)
}
