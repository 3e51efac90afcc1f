//! Packing: everything that an association is, has and promised, into one file. Reads only, but for noting that a move
//! has begun.

use std::{collections::HashSet, io::Write};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use folkmoot_domain::{
    ActorId, PictureId, Refusal,
    associations::AssociationSeen,
    items::{Item, ItemKind},
    moves::Move,
    roles::Act,
};
use folkmoot_storage::{
    Rows, associations, moves as rows,
    moves::{
        leaves::{AssociationLeaf, HeadLeaf, Leaf, PersonLeaf, PictureLeaf, VERSION},
        packing as read,
    },
    people, pictures,
};

use super::archive::Writer;
use crate::{App, By, Result};

const NOTE: &str = "An association of Folkmoot, packed to move to another server: `folkmoot move unpack`. It holds names, \
                    mail addresses and telephone numbers of people who organise or help. Keep it safe, hand it to \
                    nobody but whoever runs the new server, and delete it when the move is done.";

/// What was packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Packed {
    /// Projects, calls, events and updates.
    pub items: u64,
    /// Pictures.
    pub pictures: u64,
    /// What was written back.
    pub replies: u64,
    /// Answers to calls.
    pub pledges: u64,
    /// Who comes to events.
    pub rsvps: u64,
    /// Affiliations and parts in projects.
    pub ties: u64,
    /// Who organises it.
    pub people: u64,
    /// Who follows it.
    pub followers: u64,
}

/// Packs an association into `out`. `progress` hears how many items are in, of how many.
pub async fn pack(
    app: &App,
    by: &By,
    id: ActorId,
    out: &mut (dyn Write + Send),
    progress: &mut (dyn FnMut(u64, u64) + Send),
) -> Result<Packed> {
    let moving = begin(app, by, id).await?;
    let seen = associations::seen(&app.store.rows(), id).await?.ok_or(Refusal::Unknown("association"))?;
    let mut packing =
        Packing { app, seen, out: Writer::new(out), named: HashSet::new(), packed: Packed::default() };
    packing.who().await?;
    packing.items(progress).await?;
    packing.ties().await?;
    let (_, sha256) = packing.out.finish()?;
    tracing::info!(association = %id, sha256, "an association was packed");
    let doing = app.begin(by).await?;
    rows::put(&doing.tx, &moving).await?;
    doing.done("an association was packed").await?;
    Ok(packing.packed)
}

async fn begin(app: &App, by: &By, id: ActorId) -> Result<Move> {
    let doing = app.begin(by).await?;
    let known = rows::find(&doing.tx.rows(), id).await?;
    let moving = Move::pack(known, id, doing.now)?;
    doing.authorise(id, Act::Organise).await?;
    crate::associations::open(&doing, id).await?;
    Ok(moving)
}

struct Packing<'a, W: Write> {
    app: &'a App,
    seen: AssociationSeen,
    out: Writer<W>,
    /// Actors that are in already.
    named: HashSet<String>,
    packed: Packed,
}

impl<W: Write> Packing<'_, W> {
    fn rows(&self) -> Rows<'_> {
        self.app.store.rows()
    }

    /// What it is, and who organises it.
    async fn who(&mut self) -> Result<()> {
        let actor = &self.seen.actor;
        self.named.insert(actor.uri.to_string());
        self.out.leaf(&Leaf::Archive(HeadLeaf {
            version: VERSION,
            uri: actor.uri.to_string(),
            address: actor.address(),
            packed: self.app.now().0,
            note: NOTE.to_owned(),
        }))?;
        self.out.leaf(&Leaf::Association(association(&self.seen)))?;
        for (person, roles) in people::of_association(&self.app.store.rows(), actor.id).await? {
            self.packed.people += 1;
            for role in roles {
                let (name, email) = (person.name.clone(), person.email.clone());
                self.out.leaf(&Leaf::Person(PersonLeaf { name, email, role: role.word().to_owned() }))?;
            }
        }
        Ok(())
    }

    /// Projects first, since calls and events name them, and updates last, since they name all others.
    async fn items(&mut self, progress: &mut (dyn FnMut(u64, u64) + Send)) -> Result<()> {
        let home = self.seen.actor.id;
        let total = read::count(&self.rows(), home).await?;
        for kind in ItemKind::ALL {
            let mut after = None;
            loop {
                let some = read::items(&self.rows(), home, kind, after).await?;
                let Some(last) = some.last() else { break };
                after = Some(last.id);
                for item in &some {
                    self.item(item).await?;
                    progress(self.packed.items, total);
                }
            }
        }
        Ok(())
    }

    async fn item(&mut self, item: &Item) -> Result<()> {
        let Some((mut leaf, picture)) = read::item(&self.rows(), item).await? else { return Ok(()) };
        if let Some(picture) = picture {
            leaf.picture = self.picture(picture).await?;
        }
        self.packed.items += 1;
        self.out.leaf(&Leaf::Item(Box::new(leaf)))?;
        for reply in read::replies(&self.rows(), item).await? {
            self.name(&reply.author).await?;
            self.packed.replies += 1;
            self.out.leaf(&Leaf::Reply(reply))?;
        }
        if item.kind == ItemKind::Call {
            for pledge in read::pledges(&self.rows(), item).await? {
                self.name(&pledge.giver).await?;
                self.packed.pledges += 1;
                self.out.leaf(&Leaf::Pledge(pledge))?;
            }
        }
        if item.kind == ItemKind::Event {
            for rsvp in read::rsvps(&self.rows(), item).await? {
                self.name(&rsvp.goer).await?;
                self.packed.rsvps += 1;
                self.out.leaf(&Leaf::Rsvp(rsvp))?;
            }
        }
        Ok(())
    }

    async fn picture(&mut self, id: PictureId) -> Result<Option<PictureLeaf>> {
        let Some(picture) = pictures::find(&self.rows(), id).await? else { return Ok(None) };
        let file = self.app.blobs.get(&picture.file(picture.width)).await?;
        let Some(file) = file else { return Ok(None) };
        self.packed.pictures += 1;
        Ok(Some(PictureLeaf { alt: picture.alt, file: BASE64_STANDARD.encode(file) }))
    }

    /// Says once who an actor is, before anything names it.
    async fn name(&mut self, uri: &str) -> Result<()> {
        if self.named.insert(uri.to_owned())
            && let Some(actor) = read::actor(&self.rows(), uri).await?
        {
            self.out.leaf(&Leaf::Actor(actor))?;
        }
        Ok(())
    }

    async fn ties(&mut self) -> Result<()> {
        let id = self.seen.actor.id;
        for tie in read::affiliations(&self.rows(), id).await? {
            for end in [&tie.member, &tie.umbrella] {
                self.name(end).await?;
            }
            self.packed.ties += 1;
            self.out.leaf(&Leaf::Affiliation(tie))?;
        }
        for part in read::partnerships(&self.rows(), id).await? {
            self.name(&part.partner).await?;
            self.packed.ties += 1;
            self.out.leaf(&Leaf::Partnership(part))?;
        }
        for connection in read::connections(&self.rows(), id).await? {
            self.name(&connection.target).await?;
            self.out.leaf(&Leaf::Connection(connection))?;
        }
        for rule in read::rules(&self.rows(), id).await? {
            self.name(&rule.source).await?;
            self.out.leaf(&Leaf::Rule(rule))?;
        }
        for carry in read::carries(&self.rows(), id).await? {
            self.out.leaf(&Leaf::Carry(carry))?;
        }
        for uri in read::followers(&self.rows(), id).await? {
            self.packed.followers += 1;
            self.out.leaf(&Leaf::Follower { uri })?;
        }
        Ok(())
    }
}

fn association(seen: &AssociationSeen) -> AssociationLeaf {
    let (actor, association) = (&seen.actor, &seen.association);
    AssociationLeaf {
        handle: actor.handle.clone(),
        name: actor.name.clone(),
        about: association.about.clone(),
        kind: association.kind.word().to_owned(),
        language: association.language.as_str().to_owned(),
        zone: association.zone.clone(),
        place: association.place.as_ref().map(read::place),
        joining: association.joining.clone(),
        safeguarding: association.safeguarding.clone(),
        paper: Some(actor.paper().word().to_owned()),
        battles: seen.battles.iter().map(|cause| cause.tag.clone()).collect(),
        founded: association.founded.0,
        discoverable: actor.profile.discoverable,
        sample: association.sample,
    }
}
