//! Everything one can do with a draft: keep it, look how it would read, publish it, throw it away.
//!
//! A rehearsal does what publishing does, reads what came of it, and takes it all back: what the desk shows before is
//! what others read after. Start at [`rehearse`].

#[cfg(test)]
mod tests;

use folkmoot_domain::{
    ActorId, DraftId, ItemId, Refusal,
    calls::{CallDraft, CallSeen},
    drafts::{self as rules, Draft},
    events::{EventDraft, EventSeen},
    items::{ItemKind, Words},
    projects::ProjectSeen,
    roles::{Act, Who},
    text,
    updates::UpdateSeen,
};
use folkmoot_storage::{
    calls as call_rows, drafts, events as event_rows, items, projects as project_rows, updates as update_rows,
};

use crate::{App, By, Doing, Result, adoptions, calls, events, projects, projects::ProjectDraft, updates};

/// A form as it was left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// For which association.
    pub home: ActorId,
    /// What it becomes.
    pub kind: ItemKind,
    /// One line to know it by.
    pub title: String,
    /// Names and values in their order.
    pub fields: Vec<(String, String)>,
}

/// What a draft says, once it could be read.
#[derive(Debug, Clone)]
pub enum Content {
    /// A call.
    Call(Words, CallDraft),
    /// A project.
    Project(ProjectDraft),
    /// A project that takes up another.
    Adoption(ProjectDraft, ItemId),
    /// An event.
    Event(Words, EventDraft),
    /// News about an item.
    Update(ItemId, Words),
}

/// What it reads like.
#[derive(Debug, Clone, PartialEq)]
pub enum Seen {
    /// A call.
    Call(Box<CallSeen>),
    /// A project.
    Project(Box<ProjectSeen>),
    /// An event.
    Event(Box<EventSeen>),
    /// News.
    Update(Box<UpdateSeen>),
}

/// Keeps a form under an id, right or wrong, in place of what was kept there.
pub async fn keep(app: &App, by: &By, id: DraftId, form: Form) -> Result<Draft> {
    let doing = app.begin(by).await?;
    doing.authorise(form.home, Act::Organise).await?;
    let Who::Person(author) = by.who else { return Err(Refusal::NotAnOrganiser.into()) };
    let known = drafts::find(&doing.tx.rows(), id).await?;
    match &known {
        Some(known) => may_go_on(&doing, known).await?,
        None => has_room(&doing, form.home).await?,
    }
    let size: usize = form.fields.iter().map(|(name, value)| name.len() + value.len()).sum();
    if size > rules::BYTES {
        return Err(Refusal::field("text", "is too long to be kept").into());
    }
    let draft = Draft {
        id,
        home: form.home,
        author: known.as_ref().map_or(author, |known| known.author),
        kind: form.kind,
        title: text::optional_line("title", &form.title, usize::MAX)?.chars().take(120).collect(),
        fields: form.fields,
        created: known.as_ref().map_or(doing.now, |known| known.created),
        changed: doing.now,
        item: None,
    };
    drafts::keep(&doing.tx, &draft).await?;
    doing.done("a draft was kept").await?;
    Ok(draft)
}

/// One draft of an association that whoever asks organises. For everybody else there is none.
pub async fn find(app: &App, by: &By, id: DraftId) -> Result<Draft> {
    find_in(&app.begin(by).await?, id).await
}

/// Throws it away.
pub async fn throw_away(app: &App, by: &By, id: DraftId) -> Result<()> {
    let doing = app.begin(by).await?;
    let draft = find_in(&doing, id).await?;
    may_go_on(&doing, &draft).await?;
    drafts::remove(&doing.tx, id).await?;
    doing.done("a draft was thrown away").await
}

/// How it would read, were it published now. Nothing of it stays.
pub async fn rehearse(app: &App, by: &By, id: DraftId, content: Content) -> Result<Seen> {
    let doing = app.begin(by).await?;
    let draft = find_in(&doing, id).await?;
    may_go_on(&doing, &draft).await?;
    let item = pin(&doing, draft.home, content).await?;
    read(&doing, draft.kind, item).await
}

/// Publishes it. Twice is once: the draft remembers what it became.
pub async fn publish(app: &App, by: &By, id: DraftId, content: Content) -> Result<ItemId> {
    let doing = app.begin(by).await?;
    let draft = find_in(&doing, id).await?;
    if let Some(item) = draft.item {
        return Ok(item);
    }
    let item = pin(&doing, draft.home, content).await?;
    let became = Draft { item: Some(item), fields: Vec::new(), changed: doing.now, ..draft };
    drafts::keep(&doing.tx, &became).await?;
    doing.done("a draft was published").await?;
    Ok(item)
}

async fn pin(doing: &Doing<'_>, home: ActorId, content: Content) -> Result<ItemId> {
    if let Content::Update(about, _) = content {
        let about = items::find(&doing.tx.rows(), about).await?;
        if about.is_none_or(|about| about.home != home) {
            return Err(Refusal::field("about", "choose something that this association has pinned").into());
        }
    }
    match content {
        Content::Call(words, draft) => calls::pin(doing, home, words, draft).await,
        Content::Project(draft) => projects::pin(doing, home, draft).await,
        Content::Adoption(draft, parent) => adoptions::pin(doing, home, draft, parent).await,
        Content::Event(words, draft) => events::pin(doing, home, words, draft).await,
        Content::Update(about, words) => updates::pin(doing, about, words).await,
    }
}

async fn read(doing: &Doing<'_>, kind: ItemKind, item: ItemId) -> Result<Seen> {
    let rows = doing.tx.rows();
    let seen = match kind {
        ItemKind::Call => call_rows::seen(&rows, item).await?.map(|seen| Seen::Call(Box::new(seen))),
        ItemKind::Project => project_rows::seen(&rows, item).await?.map(|seen| Seen::Project(Box::new(seen))),
        ItemKind::Event => event_rows::seen(&rows, item).await?.map(|seen| Seen::Event(Box::new(seen))),
        ItemKind::Update => update_rows::seen(&rows, item).await?.map(|seen| Seen::Update(Box::new(seen))),
    };
    Ok(seen.ok_or(Refusal::Unknown("draft"))?)
}

async fn find_in(doing: &Doing<'_>, id: DraftId) -> Result<Draft> {
    let draft = drafts::find(&doing.tx.rows(), id).await?.ok_or(Refusal::Unknown("draft"))?;
    // Whose draft it is, is nobody else's business: for them there is none.
    doing.authorise(draft.home, Act::Organise).await.map_err(|_| Refusal::Unknown("draft"))?;
    Ok(draft)
}

/// It is theirs, and not published yet.
async fn may_go_on(doing: &Doing<'_>, draft: &Draft) -> Result<()> {
    doing.authorise(draft.home, Act::Organise).await.map_err(|_| Refusal::Unknown("draft"))?;
    if draft.item.is_some() { Err(Refusal::Over("published").into()) } else { Ok(()) }
}

async fn has_room(doing: &Doing<'_>, home: ActorId) -> Result<()> {
    if drafts::count(&doing.tx.rows(), home).await? >= rules::MANY {
        let full = format!("{} drafts are kept already; throw one away on your desk", rules::MANY);
        return Err(Refusal::field("title", full).into());
    }
    Ok(())
}
