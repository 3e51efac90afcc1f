//! Moves: an association goes to live on another instance, with its followers, items, ties and pledges.
//!
//! packed → pointed → told, and undone from each of them. A move counts for others only when both ends name each other:
//! the new one in `alsoKnownAs`, the old one by saying it. Start at [`Move::pack`] and [`must_name_each_other`].

use url::Url;

use crate::{ActorId, Moment, Refusal, actors::Actor};

/// How far a move has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoveState {
    /// An archive was written. Nobody else knows.
    Packed,
    /// Where it goes is known, and the new one names the old one.
    Pointed,
    /// Followers and ties were told. Here it is closed for writing.
    Told,
    /// It stays here after all.
    Undone,
}

impl MoveState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Packed, Self::Pointed, Self::Told, Self::Undone];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Packed => "packed",
            Self::Pointed => "pointed",
            Self::Told => "told",
            Self::Undone => "undone",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// The move of one of ours to another instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Who moves.
    pub association: ActorId,
    /// How far it has come.
    pub state: MoveState,
    /// The id of the new one, as soon as it is known.
    pub target: Option<Url>,
    /// When it was first packed.
    pub begun: Moment,
    /// When everyone was told.
    pub told: Option<Moment>,
    /// When it was undone.
    pub ended: Option<Moment>,
}

impl Move {
    /// An archive was written: the beginning. Packing once more on the way changes nothing; after an undo it begins anew.
    pub fn pack(known: Option<Self>, association: ActorId, now: Moment) -> Result<Self, Refusal> {
        match known {
            Some(known) if known.state == MoveState::Told => Err(known.away()),
            Some(known) if known.state != MoveState::Undone => Ok(known),
            _ => Ok(Self {
                association,
                state: MoveState::Packed,
                target: None,
                begun: now,
                told: None,
                ended: None,
            }),
        }
    }

    /// Says where it goes. Pointing elsewhere is possible until everyone was told.
    pub fn point(&mut self, old: &Actor, new: &Actor) -> Result<(), Refusal> {
        match self.state {
            MoveState::Told => return Err(self.away()),
            MoveState::Undone => {
                return Err(Refusal::field("move", "was undone; begin again with packing"));
            }
            MoveState::Packed | MoveState::Pointed => {}
        }
        must_name_each_other(old, new)?;
        self.state = MoveState::Pointed;
        self.target = Some(new.uri.clone());
        Ok(())
    }

    /// Everyone is told now. Telling twice is telling again, for those who did not hear.
    pub fn tell(&mut self, old: &Actor, new: &Actor, now: Moment) -> Result<(), Refusal> {
        let pointed = matches!(self.state, MoveState::Pointed | MoveState::Told);
        if !pointed || self.target.as_ref() != Some(&new.uri) {
            return Err(Refusal::field("move", "say first where it goes, with `folkmoot move point`"));
        }
        must_name_each_other(old, new)?;
        self.state = MoveState::Told;
        self.told = self.told.or(Some(now));
        Ok(())
    }

    /// It stays here. Those who followed the new one already stay there.
    pub fn undo(&mut self, now: Moment) -> Result<(), Refusal> {
        if self.state == MoveState::Undone {
            return Err(Refusal::Over("undone"));
        }
        self.state = MoveState::Undone;
        self.told = None;
        self.ended = Some(now);
        Ok(())
    }

    fn away(&self) -> Refusal {
        Refusal::Moved(self.target.as_ref().map(Url::to_string).unwrap_or_default())
    }
}

/// A move from one to the other counts only when the new one names the old one, is somebody else, and stays where it is.
/// That the old one said it is for the caller to know: it signed it.
pub fn must_name_each_other(old: &Actor, new: &Actor) -> Result<(), Refusal> {
    if old.uri == new.uri {
        return Err(Refusal::field("target", "is the same one"));
    }
    if !new.profile.also_known_as.contains(&old.uri) {
        let says = format!("{} does not name {} in alsoKnownAs", new.uri, old.uri);
        return Err(Refusal::field("target", says));
    }
    // A chain is followed by the next Move, which its own actor must say; a loop ends here.
    if let Some(further) = &new.profile.moved_to {
        return Err(Refusal::field("target", format!("has itself moved on to {further}")));
    }
    if new.gone.is_some() {
        return Err(Refusal::field("target", "is gone"));
    }
    Ok(())
}

/// One of ours that has moved does nothing more here.
pub fn must_be_here(actor: &Actor) -> Result<(), Refusal> {
    match &actor.profile.moved_to {
        Some(to) if actor.local => Err(Refusal::Moved(to.to_string())),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actors::{ActorKind, Profile};

    fn actor(uri: &str, also: &[&str]) -> Actor {
        let uri = Url::parse(uri).unwrap();
        Actor {
            id: ActorId(uuid::Uuid::from_u128(u128::from(uri.as_str().len() as u64))),
            local: false,
            kind: ActorKind::Group,
            handle: "park".into(),
            host: "x.example".into(),
            name: "Park".into(),
            summary: String::new(),
            page: uri.clone(),
            inbox: uri.clone(),
            shared_inbox: None,
            followers: None,
            key_id: String::new(),
            public_key: String::new(),
            fetched: Moment(0),
            gone: None,
            paper: None,
            profile: Profile {
                also_known_as: also.iter().map(|one| Url::parse(one).unwrap()).collect(),
                ..Profile::default()
            },
            uri,
        }
    }

    const OLD: &str = "https://old.example/ap/associations/1";
    const NEW: &str = "https://new.example/ap/associations/22";

    #[test]
    fn a_move_goes_step_by_step_and_back() {
        let (old, new) = (actor(OLD, &[]), actor(NEW, &[OLD]));
        let mut moving = Move::pack(None, old.id, Moment(1)).unwrap();
        assert!(moving.tell(&old, &new, Moment(2)).is_err(), "not without knowing where");
        moving.point(&old, &new).unwrap();
        moving.tell(&old, &new, Moment(3)).unwrap();
        moving.tell(&old, &new, Moment(4)).unwrap();
        assert_eq!(moving.told, Some(Moment(3)));
        assert!(moving.point(&old, &new).is_err());
        assert!(Move::pack(Some(moving.clone()), old.id, Moment(5)).is_err(), "it lives elsewhere");
        moving.undo(Moment(6)).unwrap();
        assert!(moving.undo(Moment(7)).is_err());
        assert!(moving.point(&old, &new).is_err());
        let again = Move::pack(Some(moving), old.id, Moment(8)).unwrap();
        assert_eq!((again.state, again.begun), (MoveState::Packed, Moment(8)));
        for state in MoveState::ALL {
            assert_eq!(MoveState::parse(state.word()), Some(state));
        }
    }

    #[test]
    fn both_ends_must_name_each_other() {
        let old = actor(OLD, &[]);
        assert!(must_name_each_other(&old, &actor(NEW, &[])).is_err());
        assert!(must_name_each_other(&old, &actor(NEW, &["https://old.example/ap/associations/2"])).is_err());
        assert!(must_name_each_other(&old, &actor(OLD, &[OLD])).is_err());
        let mut further = actor(NEW, &[OLD]);
        further.profile.moved_to = Some(old.uri.clone());
        assert!(must_name_each_other(&old, &further).is_err(), "a loop leads nowhere");
        assert!(must_name_each_other(&old, &actor(NEW, &["https://x.example/", OLD])).is_ok());
    }
}
