//! Unpacking: an archive becomes an association here, some lines at a time, each some in one transaction.
//!
//! The archive is read whole before anything is written. Every line can be brought in twice and is there once, and how
//! many are in is stored with them, so that what broke off is taken up again. What cannot be taken along is said.

use std::{
    collections::BTreeMap,
    io::{Read, Seek, SeekFrom},
    net::{IpAddr, Ipv4Addr},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use folkmoot_domain::{
    Moment, Refusal,
    actors::Actor,
    associations::{AssociationKind, Founding},
    papers::Paper,
    pictures::Picture,
    roles::{Act, Role},
    text::{Handle, Language},
};
use folkmoot_storage::{
    actors, invitations as invitation_rows, moves as rows,
    moves::{
        Import,
        leaves::{AssociationLeaf, Leaf, PersonLeaf, PictureLeaf},
        unpacking as write,
    },
};
use url::Url;

use super::{
    applying::{self, Home},
    archive::{self, Checked, Lines},
    map::Pair,
};
use crate::{App, By, Doing, Error, Result, associations, invitations, pictures};

/// So many lines are brought in at once: few, since each some hold the one writer of SQLite.
const SOME: usize = 50;

/// What came of an archive.
#[derive(Debug, Clone, PartialEq)]
pub struct Unpacked {
    /// What it is here.
    pub actor: Actor,
    /// Which id each item had, and which it has.
    pub pairs: Vec<Pair>,
    /// How many followers it had where it comes from.
    pub followers: u64,
    /// Who was asked in.
    pub invited: Vec<String>,
    /// What could not be taken along, in words.
    pub left: Vec<String>,
}

/// Brings an archive in, under the handle it had or another. `again` takes up what broke off, or adds what is new in a
/// later archive of the same association. `progress` hears how many lines are in, of how many; what it refuses breaks off.
pub async fn unpack<R: Read + Seek + Send>(
    app: &App,
    by: &By,
    archive: &mut R,
    handle: Option<&Handle>,
    again: bool,
    progress: &mut (dyn FnMut(u64, u64) -> Result<()> + Send),
) -> Result<Unpacked> {
    let checked = archive::check(&mut *archive)?;
    archive.seek(SeekFrom::Start(0)).map_err(|error| unreadable(&error))?;
    let mut lines = Lines::new(archive);
    let (head, association) = (lines.next()?, lines.next()?);
    let (Some(Leaf::Archive(_)), Some(Leaf::Association(leaf))) = (head, association) else {
        return Err(Refusal::field("archive", "changed while it was read").into());
    };
    let (mut import, home) = begin(app, by, &checked, leaf, handle, again).await?;
    let mut coming = Coming { app, by, home, left: Vec::new(), people: Vec::new(), followers: 0 };
    coming.lines(&mut lines, &mut import, progress).await?;
    let invited = coming.ask_people_in().await?;
    let pairs = rows::mapping(&app.store.rows(), import.association).await?;
    let actor = actors::find(&app.store.rows(), import.association).await?;
    Ok(Unpacked {
        actor: actor.ok_or(Refusal::Unknown("association"))?,
        pairs: pairs.into_iter().map(|(old, new)| Pair { old, new }).collect(),
        followers: coming.followers,
        invited,
        left: coming.left,
    })
}

fn unreadable(error: &std::io::Error) -> Error {
    Refusal::field("archive", format!("cannot be read: {error}")).into()
}

/// Founds the association, or finds the one that an archive of the same became before.
async fn begin(
    app: &App,
    by: &By,
    checked: &Checked,
    leaf: AssociationLeaf,
    handle: Option<&Handle>,
    again: bool,
) -> Result<(Import, Home)> {
    let source = Url::parse(&checked.head.uri)
        .ok()
        .filter(|url| matches!(url.scheme(), "https" | "http") && !app.addresses.is_ours(url))
        .ok_or_else(|| Refusal::field("archive", "comes from this very server, or from nowhere"))?;
    let total = i64::try_from(checked.lines).unwrap_or(i64::MAX);
    let known = rows::import_of(&app.store.rows(), source.as_str()).await?;
    let founded = Moment(leaf.founded);
    let fresh = match &known {
        Some(_) => None,
        None => Some(associations::prepare(app, founding(leaf, handle)?)?),
    };
    let doing = app.begin(by).await?;
    doing.authorise_board(Act::Operate).await?;
    let import = match (known, fresh) {
        (None, Some(mut fresh)) => {
            // One half of a move: the old one must say it too before anybody believes it.
            fresh.actor.profile.also_known_as = vec![source.clone()];
            let id = associations::found_within(&doing, fresh, None).await?;
            write::founded(&doing.tx, id, founded.min(doing.now)).await?;
            let (archive, begun) = (checked.sha256.clone(), doing.now);
            Import {
                association: id,
                source: source.to_string(),
                archive,
                done: 2,
                total,
                begun,
                ended: None,
            }
        }
        (Some(known), _) => taken_up(&doing, known, checked, total, handle, again).await?,
        (None, None) => return Err(Refusal::Unknown("archive").into()),
    };
    rows::put_import(&doing.tx, &import).await?;
    doing.done("an archive is brought in").await?;
    let home = Home { id: import.association, source };
    Ok((import, home))
}

/// The same archive goes on where it broke off; another one is looked through from its beginning.
async fn taken_up(
    doing: &Doing<'_>,
    mut known: Import,
    checked: &Checked,
    total: i64,
    handle: Option<&Handle>,
    again: bool,
) -> Result<Import> {
    let actor = actors::find(&doing.tx.rows(), known.association).await?;
    let actor = actor.ok_or(Refusal::Unknown("association"))?;
    folkmoot_domain::moves::must_be_here(&actor)?;
    if !again {
        let says = format!(
            "was brought in before, as {}; take it up again, or add what is new, with --again",
            actor.address()
        );
        return Err(Refusal::field("archive", says).into());
    }
    if handle.is_some_and(|handle| handle.as_str() != actor.handle) {
        let says = format!("is {} already; change it with `folkmoot association change`", actor.handle);
        return Err(Refusal::field("handle", says).into());
    }
    if known.archive != checked.sha256 || known.ended.is_some() {
        known.done = 2;
        known.archive.clone_from(&checked.sha256);
    }
    (known.total, known.ended) = (total, None);
    Ok(known)
}

/// What the founding form would say.
fn founding(leaf: AssociationLeaf, handle: Option<&Handle>) -> Result<Founding> {
    Ok(Founding {
        handle: handle.cloned().map_or_else(|| Handle::parse(&leaf.handle), Ok)?,
        name: leaf.name,
        about: leaf.about,
        kind: AssociationKind::parse(&leaf.kind)
            .ok_or_else(|| Refusal::field("kind", "is no kind of association"))?,
        language: Language::parse(&leaf.language)?,
        zone: leaf.zone,
        place: leaf.place.as_ref().map(applying::place).transpose()?,
        battles: leaf.battles,
        paper: leaf.paper.as_deref().and_then(Paper::parse),
        joining: leaf.joining,
        safeguarding: leaf.safeguarding,
        sample: leaf.sample,
    })
}

/// One archive on its way in.
struct Coming<'a> {
    app: &'a App,
    by: &'a By,
    home: Home,
    left: Vec<String>,
    people: Vec<PersonLeaf>,
    followers: u64,
}

impl Coming<'_> {
    async fn lines<R: Read>(
        &mut self,
        lines: &mut Lines<R>,
        import: &mut Import,
        progress: &mut (dyn FnMut(u64, u64) -> Result<()> + Send),
    ) -> Result<()> {
        let (mut number, total) = (2, u64::try_from(import.total).unwrap_or_default());
        loop {
            let mut some = Vec::with_capacity(SOME);
            while some.len() < SOME
                && let Some(leaf) = lines.next()?
            {
                number += 1;
                self.note(&leaf);
                // What is in already is read once more only for what is said in the end.
                if number > import.done {
                    some.push((number, leaf));
                }
            }
            if some.is_empty() {
                break;
            }
            import.done = number;
            self.bring_in(some, import).await?;
            progress(u64::try_from(number).unwrap_or_default(), total)?;
        }
        import.ended = Some(self.app.now());
        let doing = self.app.begin(self.by).await?;
        rows::put_import(&doing.tx, import).await?;
        doing.done("an archive is in").await
    }

    fn note(&mut self, leaf: &Leaf) {
        match leaf {
            Leaf::Person(person) => self.people.push(person.clone()),
            Leaf::Follower { .. } => self.followers += 1,
            _ => {}
        }
    }

    /// Some lines, in one transaction with how many are in. The files of pictures are stored before, as always.
    async fn bring_in(&mut self, some: Vec<(i64, Leaf)>, import: &Import) -> Result<()> {
        let mut hung = BTreeMap::new();
        for (number, leaf) in &some {
            if let Leaf::Item(item) = leaf
                && let Some(picture) = &item.picture
                && write::came(&self.app.store.rows(), self.home.id, &item.uri).await?.is_none()
            {
                match self.picture(picture).await {
                    Ok(picture) => drop(hung.insert(*number, picture)),
                    Err(Error::Refused(refusal)) => {
                        self.left.push(format!("the picture of \u{201c}{}\u{201d}: {refusal}", item.title));
                    }
                    Err(error) => return Err(error),
                }
            }
        }
        let doing = self.app.begin(self.by).await?;
        for (number, leaf) in some {
            match applying::apply(&doing, &self.home, &leaf, hung.remove(&number)).await {
                Ok(()) => {}
                // It is said, and the rest is brought in all the same.
                Err(Error::Refused(refusal)) => {
                    self.left.push(format!("{}: {refusal}", applying::name(&leaf)));
                }
                Err(error) => return Err(error),
            }
        }
        rows::put_import(&doing.tx, import).await?;
        doing.done("a part of an archive is in").await
    }

    async fn picture(&self, leaf: &PictureLeaf) -> Result<Picture> {
        let file = BASE64_STANDARD
            .decode(&leaf.file)
            .map_err(|error| Refusal::field("picture", error.to_string()))?;
        pictures::develop(self.app, self.home.id, file, &leaf.alt).await
    }

    /// Whoever had a role gets an invitation to the same role: accounts and passwords do not travel.
    async fn ask_people_in(&mut self) -> Result<Vec<String>> {
        let association = self.home.id;
        let waiting =
            invitation_rows::pending(&self.app.store.rows(), Some(association), self.app.now()).await?;
        let mut invited = Vec::new();
        for person in std::mem::take(&mut self.people) {
            let Some(role) = Role::parse(&person.role) else { continue };
            if waiting.iter().any(|one| one.email.eq_ignore_ascii_case(&person.email)) {
                continue;
            }
            let from = IpAddr::V4(Ipv4Addr::LOCALHOST);
            match invitations::invite(self.app, self.by, from, &person.email, Some((association, role))).await
            {
                Ok(_) => invited.push(person.email),
                // They are in already.
                Err(Error::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(invited)
    }
}
