//! Affiliations: a tie between two associations that both sides sign, and that either side ends.
//!
//! A tie is made of offers: one side proposes, the other answers. What an offer has come to depends only on what was said
//! about it, in whatever order and however often it came ([`Affiliation::hear`]). A tie counts while an offer of it is
//! accepted and the other side lists it. Start at [`Affiliation::propose`].

use url::Url;

use crate::{
    ActorId, AffiliationId, Moment, Refusal,
    actors::{Actor, ActorKind},
    associations::AssociationKind,
    moments::{DAY, HOUR, MINUTE},
    text,
};

/// The longest mandate, in characters.
pub const MANDATE: usize = 2_000;
/// Most offers that may be known between two associations for one kind of tie: more is play.
pub const OFFERS: usize = 20;
/// Most proposals that may wait for one association.
pub const WAITING: u64 = 200;
/// How long it takes the other side to list a tie after we said yes.
const SETTLES: i64 = MINUTE;
/// How often a tie that stands is checked.
const OFTEN: i64 = DAY;
/// How soon a tie that was not found is checked again.
const AGAIN: i64 = 36 * HOUR;
/// How often it may be missed, and for how long, before it counts no more.
const MISSES: i32 = 3;
const MISSED: i64 = 3 * DAY;
/// How long the other side may leave it out of its list before that is an end.
const LEFT_OUT: i64 = 30 * DAY;

/// What two associations are to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TieKind {
    /// The first is a member of the second, an alliance.
    Member,
    /// They work together; there is no first.
    Partner,
}

impl TieKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Member, Self::Partner];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Partner => "partner",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// Where an offer of a tie stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TieState {
    /// The other side has not answered.
    Proposed,
    /// Both sides said yes.
    Accepted,
    /// The other side said no.
    Declined,
    /// It was taken back, or ended after it had been accepted.
    Ended,
}

impl TieState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Proposed, Self::Accepted, Self::Declined, Self::Ended];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Ended => "ended",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// May it still become, or is it, a tie?
    pub fn lives(self) -> bool {
        matches!(self, Self::Proposed | Self::Accepted)
    }
}

/// What is said about an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// The other side says yes.
    Accept,
    /// The other side says no, or no more.
    Reject,
    /// Whoever offered takes it back, or wants no more of it.
    Undo,
}

/// One offer of a tie, and what came of it. At least one of the two lives here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Affiliation {
    /// Our id for it.
    pub id: AffiliationId,
    /// The id of the tie, of the origin of who proposed it.
    pub uri: Url,
    /// The member; of partners the one that proposed.
    pub member: ActorId,
    /// The alliance; of partners the other one.
    pub umbrella: ActorId,
    /// What they are to each other.
    pub kind: TieKind,
    /// What the tie is for, in the words of who proposed it: plain text.
    pub mandate: String,
    /// Where it stands.
    pub state: TieState,
    /// Who proposed it: one of the two.
    pub proposer: ActorId,
    /// The id of the activity that offered it.
    pub offer: String,
    /// When it was proposed.
    pub proposed: Moment,
    /// When the other side said yes or no.
    pub answered: Option<Moment>,
    /// When it ended.
    pub ended: Option<Moment>,
    /// Who ended it.
    pub ended_by: Option<ActorId>,
    /// Does the other side list it, as far as we last looked?
    pub listed: bool,
    /// When we last found it in their list.
    pub checked: Option<Moment>,
    /// When we look again.
    pub check: Option<Moment>,
    /// How often in a row we did not find it.
    pub missed: i32,
    /// Since when we do not find it.
    pub missed_since: Option<Moment>,
    /// The other side's consent to stand in our collection (FEP-7aa9).
    pub stamp: Option<String>,
}

/// What a look at the other side's list gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// It stands there.
    Listed,
    /// The list is there, and the tie does not stand in it; or the list, or the other side, is gone.
    LeftOut,
    /// Nobody answered.
    Silent,
}

/// What is proposed, before anybody answered.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// Our id for it.
    pub id: AffiliationId,
    /// The id of the tie.
    pub uri: Url,
    /// The id of the offer.
    pub offer: String,
    /// The member; of partners the one that proposes.
    pub member: ActorId,
    /// The alliance; of partners the other one.
    pub umbrella: ActorId,
    /// What they would be to each other.
    pub kind: TieKind,
    /// What for.
    pub mandate: String,
    /// Who proposes.
    pub proposer: ActorId,
    /// When.
    pub at: Moment,
}

impl Affiliation {
    /// A tie is proposed by one of its sides.
    pub fn propose(proposal: Proposal) -> Result<Self, Refusal> {
        let Proposal { id, uri, offer, member, umbrella, kind, mandate, proposer, at } = proposal;
        if member == umbrella {
            return Err(Refusal::field("with", "is the same association; a tie needs two"));
        }
        if proposer != member && proposer != umbrella {
            return Err(Refusal::NotTheOwner("the tie".into()));
        }
        Ok(Self {
            id,
            uri,
            member,
            umbrella,
            kind,
            mandate: self::mandate(&mandate)?,
            state: TieState::Proposed,
            proposer,
            offer,
            proposed: at,
            answered: None,
            ended: None,
            ended_by: None,
            listed: false,
            checked: None,
            check: None,
            missed: 0,
            missed_since: None,
            stamp: None,
        })
    }

    /// The side that is not this one.
    pub fn other(&self, side: ActorId) -> ActorId {
        if side == self.member { self.umbrella } else { self.member }
    }

    /// Who answers: the side that did not propose.
    pub fn asked(&self) -> ActorId {
        self.other(self.proposer)
    }

    /// Is this one of the two?
    pub fn is_of(&self, side: ActorId) -> bool {
        side == self.member || side == self.umbrella
    }

    /// Both said yes, and both list it.
    pub fn counts(&self) -> bool {
        self.state == TieState::Accepted && self.listed
    }

    /// Is it between the same two, and the same tie? Partners have no first.
    pub fn is_same_tie(&self, other: &Self) -> bool {
        let same = (self.member, self.umbrella) == (other.member, other.umbrella);
        let crossed = (self.member, self.umbrella) == (other.umbrella, other.member);
        self.kind == other.kind && (same || self.kind == TieKind::Partner && crossed)
    }

    /// Something is said about the offer by one of its sides. Where it stands then follows from all that was ever said,
    /// in any order and repetition: a no or a taking back is for good. True when something is new.
    pub fn hear(&mut self, by: ActorId, word: Word, now: Moment) -> Result<bool, Refusal> {
        let speaks = if word == Word::Undo { self.proposer } else { self.asked() };
        if by != speaks {
            return Err(Refusal::NotTheOwner("the answer to this tie".into()));
        }
        let was = self.state;
        self.state = match (was, word) {
            (TieState::Proposed | TieState::Accepted, Word::Accept) => TieState::Accepted,
            (TieState::Proposed, Word::Reject) => TieState::Declined,
            // An answer that was overtaken: there had been a tie before the no.
            _ => TieState::Ended,
        };
        if self.state == was {
            return Ok(false);
        }
        match self.state {
            TieState::Ended => self.end(by, now),
            TieState::Declined => {
                self.answered = Some(now);
                self.check = None;
            }
            TieState::Proposed | TieState::Accepted => {
                self.answered = Some(now);
                // Both have just signed; whether both list it is looked up from now on.
                self.listed = true;
            }
        }
        Ok(true)
    }

    fn end(&mut self, by: ActorId, now: Moment) {
        self.ended = Some(now);
        self.ended_by = Some(by);
        self.listed = false;
        self.check = None;
    }

    /// From when on the other side's list is looked at; it needs a moment to hear our yes.
    pub fn look_from(&mut self, we_answered: bool, now: Moment) {
        self.check = Some(if we_answered { now.plus(SETTLES) } else { now });
    }

    /// A look at the other side's list. `other` is whose it is, `spread` up to an hour that keeps many looks apart. An absence of a month is
    /// the other side's end of the tie; silence never is, since a server may come back.
    pub fn looked(&mut self, other: ActorId, look: Look, spread: i64, now: Moment) {
        if self.state != TieState::Accepted {
            self.check = None;
            return;
        }
        if look == Look::Listed {
            (self.listed, self.missed, self.missed_since) = (true, 0, None);
            self.checked = Some(now);
            self.check = Some(now.plus(OFTEN + spread));
            return;
        }
        self.missed = self.missed.saturating_add(1);
        let since = *self.missed_since.get_or_insert(now);
        self.listed = self.listed && !(self.missed >= MISSES && now.0 - since.0 >= MISSED);
        if look == Look::LeftOut && self.missed >= MISSES && now.0 - since.0 >= LEFT_OUT {
            self.state = TieState::Ended;
            self.end(other, now);
        } else {
            self.check = Some(now.plus(AGAIN + spread));
        }
    }
}

/// One tie for each pair and kind out of all the offers between them: the accepted one before one that waits, that
/// before one that is over; of several accepted ones the same on both sides.
pub fn ties(offers: Vec<Affiliation>) -> Vec<Affiliation> {
    let mut ties: Vec<Affiliation> = Vec::with_capacity(offers.len());
    for offer in offers {
        match ties.iter_mut().find(|tie| tie.is_same_tie(&offer)) {
            Some(tie) if stands_before(&offer, tie) => *tie = offer,
            Some(_) => {}
            None => ties.push(offer),
        }
    }
    ties
}

fn stands_before(one: &Affiliation, other: &Affiliation) -> bool {
    let rank = |tie: &Affiliation| match tie.state {
        TieState::Accepted => 0,
        TieState::Proposed => 1,
        TieState::Declined | TieState::Ended => 2,
    };
    match rank(one).cmp(&rank(other)) {
        std::cmp::Ordering::Equal if one.state.lives() => one.uri < other.uri,
        std::cmp::Ordering::Equal => one.proposed > other.proposed,
        order => order.is_lt(),
    }
}

/// What a tie is for: plain text that may be empty.
pub fn mandate(words: &str) -> Result<String, Refusal> {
    text::paragraphs("mandate", words, MANDATE)
}

/// May these two be tied so? Only an alliance has members, and only groups are tied.
pub fn may_be_tied(member: &Actor, umbrella: &Actor, kind: TieKind) -> Result<(), Refusal> {
    let group = |actor: &Actor| {
        matches!(actor.kind, ActorKind::Group | ActorKind::Organization) && actor.gone.is_none()
    };
    if !group(member) || !group(umbrella) {
        return Err(Refusal::field(
            "with",
            "is not an association; only associations are tied to each other",
        ));
    }
    if kind == TieKind::Member && umbrella.profile.association != Some(AssociationKind::Alliance) {
        return Err(Refusal::field(
            "with",
            "is not an alliance, and only an alliance has members; choose \u{201c}works with\u{201d} instead",
        ));
    }
    Ok(())
}

/// A tie as one of its sides sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct TieSeen {
    /// The tie.
    pub tie: Affiliation,
    /// The member; of partners the one that proposed.
    pub member: Actor,
    /// The alliance; of partners the other one.
    pub umbrella: Actor,
}

impl TieSeen {
    /// The side that is not this one.
    pub fn other(&self, side: ActorId) -> &Actor {
        if side == self.member.id { &self.umbrella } else { &self.member }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOON: Moment = Moment(1_780_000_000_000);

    fn who(number: u128) -> ActorId {
        ActorId(uuid::Uuid::from_u128(number))
    }

    fn offer(number: u128, proposer: u128) -> Affiliation {
        Affiliation::propose(Proposal {
            id: AffiliationId(uuid::Uuid::from_u128(number)),
            uri: Url::parse(&format!("https://a.example/ties/{number}")).unwrap(),
            offer: format!("https://a.example/offers/{number}"),
            member: who(1),
            umbrella: who(2),
            kind: TieKind::Member,
            mandate: "Trees".into(),
            proposer: who(proposer),
            at: NOON,
        })
        .unwrap()
    }

    #[test]
    fn only_the_two_sides_make_a_tie() {
        let mut tie = offer(7, 1);
        assert!(tie.hear(who(3), Word::Accept, NOON).is_err(), "an outsider");
        assert!(tie.hear(who(1), Word::Accept, NOON).is_err(), "who proposed cannot say yes for the other");
        assert!(tie.hear(who(2), Word::Undo, NOON).is_err(), "only who proposed takes it back");
        assert_eq!(tie.hear(who(2), Word::Accept, NOON), Ok(true));
        assert!(tie.counts());
        assert_eq!(tie.hear(who(2), Word::Accept, NOON), Ok(false), "twice is once");
        assert_eq!(tie.hear(who(2), Word::Reject, NOON), Ok(true));
        assert_eq!((tie.state, tie.counts(), tie.ended_by), (TieState::Ended, false, Some(who(2))));
        assert_eq!(tie.hear(who(2), Word::Accept, NOON), Ok(false), "an end is for good");
        let outside = Proposal {
            id: AffiliationId(uuid::Uuid::nil()),
            uri: tie.uri.clone(),
            offer: String::new(),
            member: who(1),
            umbrella: who(2),
            kind: TieKind::Partner,
            mandate: String::new(),
            proposer: who(3),
            at: NOON,
        };
        assert!(Affiliation::propose(outside.clone()).is_err());
        assert!(Affiliation::propose(Proposal { umbrella: who(1), proposer: who(1), ..outside }).is_err());
    }

    #[test]
    fn a_tie_that_is_not_found_stops_counting_and_ends_after_a_month() {
        let mut tie = offer(7, 1);
        tie.hear(who(2), Word::Accept, NOON).unwrap();
        tie.looked(who(2), Look::Listed, 0, NOON);
        let mut now = NOON.plus(DAY);
        for missed in 0..3 {
            assert!(tie.counts(), "{missed}");
            tie.looked(who(2), Look::Silent, 0, now);
            now = tie.check.unwrap();
        }
        assert!(!tie.counts(), "three looks over three days");
        for _ in 0..40 {
            tie.looked(who(2), Look::Silent, 0, now);
            now = tie.check.unwrap();
        }
        assert_eq!(tie.state, TieState::Accepted, "silence ends nothing");
        tie.looked(who(2), Look::Listed, 0, now);
        assert!(tie.counts(), "it is back");
        for _ in 0..30 {
            let Some(next) = tie.check else { break };
            tie.looked(who(2), Look::LeftOut, 0, next);
        }
        assert_eq!((tie.state, tie.check), (TieState::Ended, None));
    }

    #[test]
    fn crossing_offers_are_one_tie() {
        let (mut one, mut other) = (offer(7, 1), offer(8, 2));
        one.hear(who(2), Word::Accept, NOON).unwrap();
        other.hear(who(1), Word::Accept, NOON).unwrap();
        for order in [vec![one.clone(), other.clone()], vec![other.clone(), one.clone()]] {
            let ties = ties(order);
            assert_eq!(ties.len(), 1);
            assert_eq!(ties[0].uri, one.uri, "the same on both sides");
        }
        one.hear(who(1), Word::Undo, NOON).unwrap();
        assert_eq!(ties(vec![one, other.clone()])[0].uri, other.uri);
        let partner = |member, umbrella| Affiliation {
            member: who(member),
            umbrella: who(umbrella),
            kind: TieKind::Partner,
            ..other.clone()
        };
        assert!(partner(1, 2).is_same_tie(&partner(2, 1)));
        assert!(!partner(1, 2).is_same_tie(&other));
    }

    proptest! {
        /// Whatever is said, in whatever order and however often: where the offer stands is the same.
        #[test]
        fn order_and_repetition_change_nothing(said in proptest::collection::vec(0..3usize, 0..12), turn in 0..12usize) {
            let words = [Word::Accept, Word::Reject, Word::Undo];
            let hear = |order: &[usize]| {
                let mut tie = offer(7, 1);
                for word in order {
                    let by = if words[*word] == Word::Undo { who(1) } else { who(2) };
                    tie.hear(by, words[*word], NOON).unwrap();
                }
                (tie.state.lives(), tie.counts())
            };
            let mut turned = said.clone();
            turned.rotate_left(turn.min(said.len()));
            let mut doubled: Vec<usize> = said.iter().flat_map(|word| [*word, *word]).collect();
            doubled.reverse();
            prop_assert_eq!(hear(&said), hear(&turned));
            prop_assert_eq!(hear(&said), hear(&doubled));
        }
    }

    #[test]
    fn words_are_read_back() {
        for kind in TieKind::ALL {
            assert_eq!(TieKind::parse(kind.word()), Some(kind));
        }
        for state in TieState::ALL {
            assert_eq!(TieState::parse(state.word()), Some(state));
        }
    }
}
