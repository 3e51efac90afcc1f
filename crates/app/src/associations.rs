//! Everything one can do with an association: found, change, close.

use folkmoot_domain::{
    ActorId, NoteId, Refusal,
    actors::{Actor, ActorKind},
    associations::{self as rules, Association, AssociationKind, AssociationSeen, Founding},
    changes::ChangeKind,
    moments::DAY,
    papers::Paper,
    places::Place,
    roles::{Act, Role, Who},
    text::{self, Handle, Language},
};
use folkmoot_storage::{StorageError, actors, associations, people};

use crate::{App, By, Doing, Result, affiliations, carries, causes, connections, instance, prose::prose};

/// How long a farewell can be read before the actor is deleted everywhere.
const FAREWELL: i64 = 7 * DAY;

/// Founds an association, with its first organiser: a person who founds one is that. Its welcome is the first thing it
/// says.
pub async fn found(
    app: &App,
    by: &By,
    founding: Founding,
    organiser: Option<ActorId>,
) -> Result<AssociationSeen> {
    let fresh = prepare(app, founding)?;
    let doing = app.begin(by).await?;
    let id = found_within(&doing, fresh, organiser).await?;
    doing.done("an association was founded").await?;
    seen(app, id).await
}

/// An association that is about to be founded: its form, checked, its actor, and its key, sealed.
pub(crate) struct Fresh {
    founding: Founding,
    pub(crate) actor: Actor,
    sealed: Vec<u8>,
}

/// Makes ready what takes a while, its key above all, before anybody waits for the transaction.
pub(crate) fn prepare(app: &App, founding: Founding) -> Result<Fresh> {
    let founding = founding.check()?;
    let id: ActorId = app.id();
    let uri = app.addresses.association(id);
    let (mut actor, sealed) = instance::make(app, id, ActorKind::Group, founding.handle.as_str(), &uri)?;
    present(app, &mut actor, &founding);
    Ok(Fresh { founding, actor, sealed })
}

/// Founds it as part of something that is done.
pub(crate) async fn found_within(
    doing: &Doing<'_>,
    fresh: Fresh,
    organiser: Option<ActorId>,
) -> Result<ActorId> {
    let Fresh { founding, actor, sealed } = fresh;
    let id = actor.id;
    doing.authorise_board(Act::FoundAssociation).await?;
    let organiser = match doing.by.who {
        Who::Person(person) => Some(person),
        _ => organiser,
    };
    actors::insert(&doing.tx, &actor, Some(sealed), doing.now).await?;
    take_handle(doing, id, &founding.handle).await?;
    associations::insert(&doing.tx, &Association::found(id, &founding, doing.now)).await?;
    let battles = causes::named(doing, id, &founding.battles).await?;
    associations::set_battles(&doing.tx, id, &battles).await?;
    if let Some(organiser) = organiser {
        people::give_role(&doing.tx, organiser, id, Role::Organiser).await?;
    }
    let welcome: NoteId = doing.app.id();
    associations::pin_welcome(&doing.tx, id, welcome).await?;
    doing.change(ChangeKind::Founded, id, id.0, Some(welcome.0)).await?;
    Ok(id)
}

/// What everybody sees of it.
fn present(app: &App, actor: &mut Actor, founding: &Founding) {
    actor.name.clone_from(&founding.name);
    actor.paper = founding.paper;
    actor.summary = prose(&founding.about).html;
    actor.page = app.addresses.profile(&founding.handle);
    actor.profile.discoverable = true;
    actor.profile.association = Some(founding.kind);
}

/// What can be changed about an association. None leaves a thing as it is.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Another handle; the old one keeps leading here.
    pub handle: Option<Handle>,
    /// Another name.
    pub name: Option<String>,
    /// Other words about it, in Markdown.
    pub about: Option<String>,
    /// Another place.
    pub place: Option<Place>,
    /// Other battles.
    pub battles: Option<Vec<String>>,
    /// Another kind of group.
    pub kind: Option<AssociationKind>,
    /// Another language to write in, from now on.
    pub language: Option<Language>,
    /// Another time zone (IANA name).
    pub zone: Option<String>,
    /// Another paper.
    pub paper: Option<Paper>,
    /// Other words on how to join.
    pub joining: Option<String>,
    /// Somebody else to turn to.
    pub safeguarding: Option<String>,
}

/// Changes what an association says of itself.
pub async fn change(app: &App, by: &By, id: ActorId, changes: Changes) -> Result<AssociationSeen> {
    let doing = app.begin(by).await?;
    doing.authorise(id, Act::Organise).await?;
    let mut association = open(&doing, id).await?;
    let mut actor = actors::find(&doing.tx.rows(), id).await?.ok_or(Refusal::Unknown("association"))?;
    if let Some(handle) = &changes.handle {
        take_handle(&doing, id, handle).await?;
    }
    if let Some(battles) = &changes.battles {
        let battles = causes::named(&doing, id, &rules::battles(battles)?).await?;
        associations::set_battles(&doing.tx, id, &battles).await?;
    }
    changes.apply(app, &mut association, &mut actor)?;
    actors::update(&doing.tx, &actor).await?;
    associations::update(&doing.tx, &association).await?;
    doing.change(ChangeKind::AssociationChanged, id, id.0, None).await?;
    doing.done("an association was changed").await?;
    seen(app, id).await
}

impl Changes {
    /// What stands in the two rows; handle and battles have tables of their own besides.
    fn apply(
        self,
        app: &App,
        association: &mut Association,
        actor: &mut Actor,
    ) -> std::result::Result<(), Refusal> {
        if let Some(handle) = self.handle {
            actor.page = app.addresses.profile(&handle);
            handle.as_str().clone_into(&mut actor.handle);
        }
        if let Some(name) = self.name {
            actor.name = text::line("name", &name, 100)?;
        }
        if let Some(about) = self.about {
            association.about = text::paragraphs("about", &about, 5_000)?;
            actor.summary = prose(&association.about).html;
        }
        if let Some(zone) = self.zone {
            rules::zone(&zone)?;
            association.zone = zone;
        }
        if let Some(joining) = self.joining {
            association.joining = rules::joining(&joining)?;
        }
        if let Some(safeguarding) = self.safeguarding {
            association.safeguarding = rules::safeguarding(&safeguarding)?;
        }
        actor.paper = self.paper.or(actor.paper);
        association.kind = self.kind.unwrap_or(association.kind);
        actor.profile.association = Some(association.kind);
        association.place = self.place.or(association.place.take());
        if let Some(language) = self.language {
            association.language = language;
        }
        Ok(())
    }
}

/// Closes an association for good, with a farewell to its followers.
pub async fn close(app: &App, by: &By, id: ActorId, farewell: &str) -> Result<()> {
    let doing = app.begin(by).await?;
    doing.authorise(id, Act::Organise).await?;
    let mut association = open(&doing, id).await?;
    association.close(farewell, doing.now)?;
    associations::update(&doing.tx, &association).await?;
    connections::close(&doing, id).await?;
    affiliations::end_all_within(&doing, id).await?;
    carries::carrier_closed(&doing, id).await?;
    doing.change(ChangeKind::AssociationClosed, id, id.0, None).await?;
    let gone = doing.now.plus(FAREWELL);
    doing.change_later(ChangeKind::AssociationGone, id, id.0, None, gone).await?;
    doing.done("an association was closed").await
}

/// The reading shape of one association.
pub async fn seen(app: &App, id: ActorId) -> Result<AssociationSeen> {
    Ok(associations::seen(&app.store.rows(), id).await?.ok_or(Refusal::Unknown("association"))?)
}

/// One association that does things still.
pub(crate) async fn open(doing: &Doing<'_>, id: ActorId) -> Result<Association> {
    let association =
        associations::find(&doing.tx.rows(), id).await?.ok_or(Refusal::Unknown("association"))?;
    association.must_be_open()?;
    Ok(association)
}

async fn take_handle(doing: &Doing<'_>, id: ActorId, handle: &Handle) -> Result<()> {
    match actors::take_handle(&doing.tx, id, handle).await {
        Err(StorageError::Duplicate(_)) => Err(Refusal::HandleTaken(handle.to_string()).into()),
        other => Ok(other?),
    }
}
