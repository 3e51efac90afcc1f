//! The association of associations as far as it is known here: who is tied to whom, who says so, and a drawing of it.
//!
//! There is no list of everybody anywhere. What is known are the ties of ours, and what those that are tied to ours list
//! as theirs. A tie counts when both sides list it; what only one side says is shown as that. The drawing is computed
//! with fixed steps and no chance, so that the same ties always make the same picture. Start at [`Network::add`].

use std::collections::HashMap;

use url::Url;

use crate::{associations::AssociationKind, moments::DAY, papers::Paper};

/// The most associations that are drawn at once; beyond that, those around one of them.
pub const DRAWN: usize = 120;
/// How far from one of ours we read what others list, in steps.
pub const STEPS: i32 = 2;
/// So many lists are read at one go.
pub const AT_ONCE: u64 = 20;
/// So many ties of one list are kept.
pub const TIES: usize = 200;
/// So many lists of one server are read at one go.
pub const PER_HOST: usize = 4;
/// A list is read again after this time.
pub const AGAIN: i64 = DAY;

/// What two associations are to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Relation {
    /// The one is a member of the other.
    Member,
    /// They work together.
    WorksWith,
    /// The one takes a role in a project of the other.
    TakesPart,
    /// The one listens to the other. Private.
    ListensTo,
}

impl Relation {
    /// The word in data for programs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Member => "memberOf",
            Self::WorksWith => "worksWith",
            Self::TakesPart => "takesPartIn",
            Self::ListensTo => "listensTo",
        }
    }

    /// Is it the same from both sides?
    fn is_mutual(self) -> bool {
        self == Self::WorksWith
    }
}

/// Whom an actor lists, and as what, seen from that actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// The actor is a member of the other.
    Umbrella,
    /// The other is a member of the actor.
    Member,
    /// They work together, or it does not say.
    WorksWith,
}

impl Listed {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Umbrella, Self::Member, Self::WorksWith];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Umbrella => "umbrella",
            Self::Member => "member",
            Self::WorksWith => "works-with",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.word() == word)
    }
}

/// An association in the network.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Its ActivityPub id.
    pub uri: Url,
    /// Its name.
    pub name: String,
    /// `@handle@host`.
    pub address: String,
    /// Its page.
    pub page: Url,
    /// What kind, where it says so.
    pub kind: Option<AssociationKind>,
    /// Does it live here?
    pub here: bool,
    /// The paper it prints on.
    pub paper: Paper,
}

/// Who says that there is a tie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Said {
    /// The one it is seen from.
    pub from: bool,
    /// The other.
    pub to: bool,
}

/// A tie between two of the network.
#[derive(Debug, Clone, PartialEq)]
pub struct Tie {
    /// The place of the one among the nodes: the member, or whoever takes part.
    pub from: usize,
    /// The place of the other.
    pub to: usize,
    /// What they are to each other.
    pub relation: Relation,
    /// Who says so.
    pub said: Said,
    /// The project, its title and its page.
    pub project: Option<(String, Url)>,
}

impl Tie {
    /// Do both sides say so?
    pub fn is_confirmed(&self) -> bool {
        self.said.from && self.said.to
    }
}

/// Everything that is known.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Network {
    /// Who is in it, in the order of their addresses.
    pub nodes: Vec<Node>,
    /// How they are tied.
    pub ties: Vec<Tie>,
}

impl Network {
    /// A network of these, without ties. The order is that of their addresses, whoever came first.
    pub fn of(mut nodes: Vec<Node>) -> Self {
        nodes.sort_by(|a, b| (a.address.as_str(), a.uri.as_str()).cmp(&(b.address.as_str(), b.uri.as_str())));
        nodes.dedup_by(|a, b| a.uri == b.uri);
        Self { nodes, ties: Vec::new() }
    }

    /// The place of an association.
    pub fn at(&self, uri: &str) -> Option<usize> {
        self.nodes.iter().position(|node| node.uri.as_str() == uri)
    }

    /// Adds what somebody says. What is known of the tie already grows by it; who is not in the network is left out.
    pub fn add(
        &mut self,
        from: &str,
        to: &str,
        relation: Relation,
        said: Said,
        project: Option<(String, Url)>,
    ) {
        let (Some(mut from), Some(mut to)) = (self.at(from), self.at(to)) else { return };
        let mut said = said;
        if from == to {
            return;
        }
        if relation.is_mutual() && from > to {
            (from, to) = (to, from);
            said = Said { from: said.to, to: said.from };
        }
        let same = |tie: &&mut Tie| {
            (tie.from, tie.to, tie.relation) == (from, to, relation) && tie.project == project
        };
        match self.ties.iter_mut().find(same) {
            Some(known) => {
                known.said.from |= said.from;
                known.said.to |= said.to;
            }
            None => self.ties.push(Tie { from, to, relation, said, project }),
        }
    }

    /// The ties in an order that does not depend on who said what first.
    pub fn settle(&mut self) {
        self.ties.sort_by(|a, b| {
            let key =
                |tie: &Tie| (tie.relation, tie.to, tie.from, tie.project.clone().map(|(title, _)| title));
            key(a).cmp(&key(b))
        });
    }

    /// Those that have members, or call themselves alliances.
    pub fn alliances(&self) -> Vec<usize> {
        let has_members =
            |place: usize| self.ties.iter().any(|tie| tie.relation == Relation::Member && tie.to == place);
        (0..self.nodes.len())
            .filter(|place| {
                has_members(*place)
                    || self.nodes.get(*place).is_some_and(|node| node.kind == Some(AssociationKind::Alliance))
            })
            .collect()
    }

    /// The part of it around one of them: those at most so many steps away, and the ties among these.
    #[must_use]
    pub fn around(&self, centre: usize, steps: usize) -> Self {
        let mut near = vec![centre];
        for _ in 0..steps {
            let next: Vec<usize> = self
                .ties
                .iter()
                .flat_map(|tie| [(tie.from, tie.to), (tie.to, tie.from)])
                .filter(|(one, other)| near.contains(one) && !near.contains(other))
                .map(|(_, other)| other)
                .collect();
            near.extend(next);
            near.sort_unstable();
            near.dedup();
        }
        self.only(&near)
    }

    /// The part that holds these alone.
    #[must_use]
    pub fn only(&self, places: &[usize]) -> Self {
        let nodes: Vec<Node> = places.iter().filter_map(|place| self.nodes.get(*place).cloned()).collect();
        let moved: HashMap<usize, usize> = places.iter().enumerate().map(|(new, old)| (*old, new)).collect();
        let ties = self
            .ties
            .iter()
            .filter_map(|tie| {
                let (from, to) = (*moved.get(&tie.from)?, *moved.get(&tie.to)?);
                Some(Tie { from, to, ..tie.clone() })
            })
            .collect();
        Self { nodes, ties }
    }

    /// The part that can be drawn legibly: those that are tied, the most tied when there are too many. With their places
    /// here, in its order.
    #[must_use]
    pub fn drawable(&self) -> (Self, Vec<usize>) {
        let ties_of =
            |place: usize| self.ties.iter().filter(|tie| tie.from == place || tie.to == place).count();
        let mut tied: Vec<usize> = (0..self.nodes.len()).filter(|place| ties_of(*place) > 0).collect();
        if tied.len() > DRAWN {
            tied.sort_by_key(|place| (std::cmp::Reverse(ties_of(*place)), *place));
            tied.truncate(DRAWN);
            tied.sort_unstable();
        }
        (self.only(&tied), tied)
    }
}

/// How wide the ring is, in units of the drawing: what fits a phone at full size.
const ACROSS: f64 = 300.0;
/// How far two neighbours on the ring stand apart at least.
const APART: f64 = 30.0;
/// How often neighbours are looked at for a better order.
const ROUNDS: usize = 60;

/// A drawing: everybody on a ring, and nobody in the middle. Many make it longer, never denser, so that numbers stay
/// legible on a phone.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// How wide the ring is.
    pub width: f64,
    /// How high.
    pub height: f64,
    /// Who stands there, in the order of the ring, clockwise from the top: their places among the nodes.
    pub order: Vec<usize>,
    /// Where each of them stands, in the same order.
    pub spots: Vec<(f64, f64)>,
}

impl Drawing {
    /// Draws a network. Those that are tied stand near each other.
    pub fn of(network: &Network) -> Self {
        let order = ordered(network);
        let around = count(order.len()) * APART;
        let straight = ((around - std::f64::consts::PI * ACROSS) / 2.0).max(0.0);
        let spots = (0..order.len()).map(|place| spot(count(place) / count(order.len()), straight)).collect();
        Self { width: ACROSS, height: tenth(ACROSS + straight), order, spots }
    }

    /// Where a node stands.
    pub fn spot(&self, node: usize) -> Option<(f64, f64)> {
        let place = self.order.iter().position(|known| *known == node)?;
        self.spots.get(place).copied()
    }
}

fn count(many: usize) -> f64 {
    f64::from(u32::try_from(many).unwrap_or(u32::MAX))
}

/// As exact as anybody sees.
fn tenth(at: f64) -> f64 {
    (at * 10.0).round() / 10.0
}

/// A part of the way around: a circle whose sides are straight for so long, clockwise from the top.
fn spot(part: f64, straight: f64) -> (f64, f64) {
    let radius = ACROSS / 2.0;
    let quarter = radius * std::f64::consts::FRAC_PI_2;
    let mut way = part * (4.0 * quarter + 2.0 * straight);
    // The upper right, the right side, the lower half, the left side, the upper left.
    let arc = |middle: f64, angle: f64| (radius + radius * angle.sin(), middle - radius * angle.cos());
    let (x, y) = if way <= quarter {
        arc(radius, way / radius)
    } else if way <= quarter + straight {
        (ACROSS, radius + way - quarter)
    } else if way <= 3.0 * quarter + straight {
        way -= straight;
        arc(radius + straight, way / radius)
    } else if way <= 3.0 * quarter + 2.0 * straight {
        (0.0, radius + straight - (way - 3.0 * quarter - straight))
    } else {
        way -= 2.0 * straight;
        arc(radius, way / radius)
    };
    (tenth(x), tenth(y))
}

/// An order in which ties are short: neighbours change places as long as that helps, for so many rounds.
fn ordered(network: &Network) -> Vec<usize> {
    let many = network.nodes.len();
    let mut order: Vec<usize> = (0..many).collect();
    let mut at: Vec<usize> = order.clone();
    let mut tied: Vec<Vec<usize>> = vec![Vec::new(); many];
    for tie in &network.ties {
        for (one, other) in [(tie.from, tie.to), (tie.to, tie.from)] {
            if let Some(known) = tied.get_mut(one) {
                known.push(other);
            }
        }
    }
    for round in 0..ROUNDS {
        // Far ones are tried first, then nearer ones.
        let step = (many / 2).checked_shr(u32::try_from(round / 6).unwrap_or(u32::MAX)).unwrap_or(0).max(1);
        for place in 0..many {
            let other = (place + step) % many;
            swap_if_better(&mut order, &mut at, &tied, place, other);
        }
    }
    order
}

fn swap_if_better(order: &mut [usize], at: &mut [usize], tied: &[Vec<usize>], place: usize, other: usize) {
    let many = order.len();
    let (Some(&one), Some(&two)) = (order.get(place), order.get(other)) else { return };
    let far = |from: usize, to: usize| from.abs_diff(to).min(many - from.abs_diff(to));
    let length = |node: usize, stands: usize, beside: usize| -> usize {
        let ties = tied.get(node).into_iter().flatten().filter(|other| **other != beside);
        ties.filter_map(|other| at.get(*other)).map(|there| far(stands, *there)).sum()
    };
    let now = length(one, place, two) + length(two, other, one);
    let then = length(one, other, two) + length(two, place, one);
    if then < now {
        order.swap(place, other);
        at.swap(one, two);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(name: &str) -> Node {
        let uri = Url::parse(&format!("https://{name}.test/ap/associations/1")).unwrap();
        Node {
            name: format!("The friends of {name}"),
            address: format!("@{name}@{name}.test"),
            page: uri.clone(),
            kind: None,
            here: false,
            paper: Paper::Mint,
            uri,
        }
    }

    fn city(many: usize) -> Network {
        let mut network = Network::of((0..many).map(|n| node(&format!("n{n:03}"))).collect());
        for n in 1..many {
            let (from, to) = (
                format!("https://n{n:03}.test/ap/associations/1"),
                format!("https://n{:03}.test/ap/associations/1", n % 7),
            );
            network.add(&from, &to, Relation::Member, Said { from: true, to: n % 2 == 0 }, None);
        }
        network.settle();
        network
    }

    #[test]
    fn a_tie_counts_when_both_say_so() {
        let mut network = Network::of(vec![node("b"), node("a")]);
        let (a, b) = ("https://a.test/ap/associations/1", "https://b.test/ap/associations/1");
        network.add(a, b, Relation::WorksWith, Said { from: true, to: false }, None);
        assert!(!network.ties[0].is_confirmed());
        network.add(b, a, Relation::WorksWith, Said { from: true, to: false }, None);
        assert_eq!(network.ties.len(), 1, "the same tie from the other side");
        assert!(network.ties[0].is_confirmed());
        network.add(a, a, Relation::WorksWith, Said { from: true, to: true }, None);
        network.add(a, "https://unknown.test/", Relation::Member, Said { from: true, to: true }, None);
        assert_eq!(network.ties.len(), 1, "nobody is tied to themselves, nor to somebody who is not shown");
        network.add(a, b, Relation::Member, Said { from: true, to: false }, None);
        assert!(!network.ties[1].is_confirmed());
        assert_eq!(network.alliances(), [1]);
    }

    #[test]
    fn the_same_ties_make_the_same_picture() {
        let network = city(40);
        let drawing = Drawing::of(&network);
        assert_eq!(drawing, Drawing::of(&network));
        let mut turned = Network::of(network.nodes.iter().rev().cloned().collect());
        for tie in network.ties.iter().rev() {
            let (from, to) = (&network.nodes[tie.from].uri, &network.nodes[tie.to].uri);
            turned.add(from.as_str(), to.as_str(), tie.relation, tie.said, None);
        }
        turned.settle();
        assert_eq!(turned, network, "the order in which it was heard leaves no trace");
        assert_eq!(Drawing::of(&turned), drawing);
    }

    #[test]
    fn nobody_stands_in_the_middle_nor_on_another() {
        for many in [1, 2, 3, 12, 40, DRAWN] {
            let drawing = Drawing::of(&city(many));
            assert_eq!(drawing.spots.len(), many);
            for (at, one) in drawing.spots.iter().enumerate() {
                assert!(
                    (0.0..=drawing.width).contains(&one.0) && (0.0..=drawing.height).contains(&one.1),
                    "{one:?}"
                );
                let edge = one.0.min(drawing.width - one.0).min(one.1).min(drawing.height - one.1);
                assert!(edge < 60.0, "{one:?} of {many} is on the ring");
                for other in &drawing.spots[at + 1..] {
                    assert!(
                        (one.0 - other.0).hypot(one.1 - other.1) > 26.0,
                        "{one:?} lies on {other:?} of {many}"
                    );
                }
            }
            let mut everybody = drawing.order.clone();
            everybody.sort_unstable();
            assert_eq!(everybody, (0..many).collect::<Vec<_>>());
        }
    }

    #[test]
    fn those_that_are_tied_stand_near_each_other() {
        let network = city(40);
        let far = |order: &[usize]| -> usize {
            let at = |node| order.iter().position(|known| *known == node).unwrap();
            network
                .ties
                .iter()
                .map(|tie| at(tie.from).abs_diff(at(tie.to)))
                .map(|far| far.min(40 - far))
                .sum()
        };
        let drawing = Drawing::of(&network);
        assert!(far(&drawing.order) < far(&(0..40).collect::<Vec<_>>()));
    }

    #[test]
    fn what_is_too_much_is_cut_to_what_is_most_tied() {
        let network = city(300);
        let (drawn, places) = network.drawable();
        assert!(drawn.nodes.iter().zip(places).all(|(node, at)| *node == network.nodes[at]));
        assert_eq!(drawn.nodes.len(), DRAWN);
        assert!(
            (0..7).all(|n| drawn.nodes.iter().any(|node| node.address.starts_with(&format!("@n{n:03}"))))
        );
        let near = network.around(0, 1);
        assert!(near.nodes.len() < 60 && near.ties.iter().all(|tie| near.nodes.get(tie.from).is_some()));
    }
}
