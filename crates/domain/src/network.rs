//! The association of associations as far as it is known here: who is tied to whom, who says so, and a drawing of it.
//!
//! There is no list of everybody anywhere. What is known are the ties of ours, and what those that are tied to ours list
//! as theirs. A tie counts when both sides list it; what only one side says is shown as that. The drawing is computed
//! with fixed steps and no chance, so that the same ties always make the same picture. Start at [`Network::add`].

use std::collections::HashMap;

use url::Url;

use crate::{associations::AssociationKind, moments::DAY};

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

    /// The part that can be drawn legibly: those that are tied, the most tied first when there are too many.
    #[must_use]
    pub fn drawable(&self) -> Self {
        let ties_of =
            |place: usize| self.ties.iter().filter(|tie| tie.from == place || tie.to == place).count();
        let mut tied: Vec<usize> = (0..self.nodes.len()).filter(|place| ties_of(*place) > 0).collect();
        if tied.len() > DRAWN {
            tied.sort_by_key(|place| (std::cmp::Reverse(ties_of(*place)), *place));
            tied.truncate(DRAWN);
            tied.sort_unstable();
        }
        self.only(&tied)
    }
}

/// The width of a drawing, in its own units: what fits a phone at full size.
pub const WIDTH: f64 = 360.0;
/// Room around it.
const MARGIN: f64 = 24.0;
/// The size of a label and of the mark above it.
const LABEL: (f64, f64) = (6.0, 30.0);
/// The longest label, in characters.
const LETTERS: usize = 24;
/// So many steps are computed, whatever the network looks like.
const ROUNDS: usize = 150;

/// A drawing: where each stands, with its label.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// The height that it needs.
    pub height: f64,
    /// Places in the order of the nodes.
    pub places: Vec<Spot>,
}

/// Where one stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Spot {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
    /// The name, cut to what fits.
    pub label: String,
}

impl Drawing {
    /// Draws a network. Those that are tied stand near each other, and no label lies on another.
    pub fn of(network: &Network) -> Self {
        let many = network.nodes.len();
        let labels: Vec<String> = network.nodes.iter().map(|node| short(&node.name)).collect();
        let height = (count(many) * 26.0).max(180.0);
        let mut spots = ring(many, height);
        for round in 0..ROUNDS {
            let heat = 24.0 * (1.0 - count(round) / count(ROUNDS));
            step(&mut spots, &network.ties, height, heat);
        }
        let (places, height) = apart(spots, labels);
        Self { height, places }
    }
}

fn count(many: usize) -> f64 {
    f64::from(u32::try_from(many).unwrap_or(u32::MAX))
}

fn short(name: &str) -> String {
    if name.chars().count() <= LETTERS {
        return name.to_owned();
    }
    let mut short: String = name.chars().take(LETTERS - 1).collect();
    short.push('\u{2026}');
    short
}

/// Everybody on a ring, in their order.
fn ring(many: usize, height: f64) -> Vec<(f64, f64)> {
    (0..many)
        .map(|place| {
            let angle = std::f64::consts::TAU * count(place) / count(many.max(1));
            let (across, down) =
                ((WIDTH / 2.0 - MARGIN) * angle.cos(), (height / 2.0 - MARGIN) * angle.sin());
            (WIDTH / 2.0 + across, height / 2.0 + down)
        })
        .collect()
}

/// One step of Fruchterman and Reingold: everybody away from everybody, those that are tied towards each other.
fn step(spots: &mut [(f64, f64)], ties: &[Tie], height: f64, heat: f64) {
    let ideal = (WIDTH * height / count(spots.len().max(1))).sqrt() * 0.7;
    let mut moves: Vec<(f64, f64)> = vec![(0.0, 0.0); spots.len()];
    let before: Vec<(f64, f64)> = spots.to_vec();
    for (one, moving) in before.iter().zip(&mut moves) {
        for other in &before {
            let (across, down, far) = between(*one, *other);
            moving.0 += across / far * (ideal * ideal / far);
            moving.1 += down / far * (ideal * ideal / far);
        }
    }
    for tie in ties {
        let (Some(one), Some(other)) = (before.get(tie.from), before.get(tie.to)) else { continue };
        let (across, down, far) = between(*one, *other);
        let (across, down) = (across / far * (far * far / ideal), down / far * (far * far / ideal));
        for (place, sign) in [(tie.from, -1.0), (tie.to, 1.0)] {
            if let Some(moving) = moves.get_mut(place) {
                moving.0 += sign * across;
                moving.1 += sign * down;
            }
        }
    }
    for (spot, (across, down)) in spots.iter_mut().zip(moves) {
        let length = across.hypot(down).max(0.01);
        let by = length.min(heat);
        spot.0 = (spot.0 + across / length * by).clamp(MARGIN, WIDTH - MARGIN);
        spot.1 = (spot.1 + down / length * by).clamp(MARGIN, height - MARGIN);
    }
}

fn between(one: (f64, f64), other: (f64, f64)) -> (f64, f64, f64) {
    let (across, down) = (one.0 - other.0, one.1 - other.1);
    (across, down, across.hypot(down).max(0.01))
}

/// Moves what would lie on each other downwards, from the top on, and keeps labels within the picture.
fn apart(spots: Vec<(f64, f64)>, labels: Vec<String>) -> (Vec<Spot>, f64) {
    let mut places: Vec<Spot> =
        spots.into_iter().zip(labels).map(|((x, y), label)| Spot { x, y, label }).collect();
    let half = |spot: &Spot| (count(spot.label.chars().count()) * LABEL.0 / 2.0).max(8.0) + 3.0;
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by(|a, b| {
        let of = |place: &usize| places.get(*place).map_or((0.0, 0.0), |spot| (spot.y, spot.x));
        let ((ya, xa), (yb, xb)) = (of(a), of(b));
        ya.total_cmp(&yb).then(xa.total_cmp(&xb)).then(a.cmp(b))
    });
    let mut set: Vec<Spot> = Vec::with_capacity(places.len());
    for place in order {
        let Some(spot) = places.get_mut(place) else { continue };
        let room = half(spot).min(WIDTH / 2.0);
        spot.x = spot.x.clamp(room, WIDTH - room);
        while let Some(other) = set.iter().find(|other| {
            (other.x - spot.x).abs() < half(other) + half(spot) && (other.y - spot.y).abs() < LABEL.1
        }) {
            spot.y = other.y + LABEL.1 + 0.5;
        }
        set.push(spot.clone());
    }
    let lowest = places.iter().map(|spot| spot.y).fold(0.0, f64::max);
    let highest = places.iter().map(|spot| spot.y).fold(f64::INFINITY, f64::min);
    let up = if highest.is_finite() { highest - MARGIN } else { 0.0 };
    for spot in &mut places {
        spot.x = tenth(spot.x);
        spot.y = tenth(spot.y - up);
    }
    (places, (lowest - up + MARGIN + LABEL.1 / 2.0).max(2.0 * MARGIN).ceil())
}

/// As exact as anybody sees.
fn tenth(at: f64) -> f64 {
    (at * 10.0).round() / 10.0
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
    fn no_label_lies_on_another_and_all_are_in_the_picture() {
        for many in [1, 2, 3, 12, DRAWN] {
            let drawing = Drawing::of(&city(many));
            for (at, one) in drawing.places.iter().enumerate() {
                let half = |spot: &Spot| count(spot.label.chars().count()) * LABEL.0 / 2.0;
                assert!(one.x - half(one) >= 0.0 && one.x + half(one) <= WIDTH, "{one:?}");
                assert!(one.y >= 0.0 && one.y <= drawing.height, "{one:?} in {}", drawing.height);
                for other in &drawing.places[at + 1..] {
                    let apart = (one.x - other.x).abs() >= half(one) + half(other)
                        || (one.y - other.y).abs() >= LABEL.1;
                    assert!(apart, "{one:?} lies on {other:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_too_much_is_cut_to_what_is_most_tied() {
        let network = city(300);
        let drawn = network.drawable();
        assert_eq!(drawn.nodes.len(), DRAWN);
        assert!(
            (0..7).all(|n| drawn.nodes.iter().any(|node| node.address.starts_with(&format!("@n{n:03}"))))
        );
        let near = network.around(0, 1);
        assert!(near.nodes.len() < 60 && near.ties.iter().all(|tie| near.nodes.get(tie.from).is_some()));
    }
}
