//! What a city looks like before anybody lives in it: who is where, who stands together with whom, who reads whom.
//!
//! A plan is nothing but numbers, the same for the same seed. Start at [`Plan::draw`].

use std::collections::{BTreeMap, BTreeSet};

use folkmoot_app::ports::Randomness as _;

use super::Size;
use crate::randomness::SeededRandomness;

/// An alliance to so many associations.
const TO_AN_ALLIANCE: usize = 10;
/// In how many alliances an association is at most.
const MOST_ALLIANCES: usize = 3;
/// Every so many associations have a reader of their own.
const READ: usize = 4;
/// Every so many readers of an alliance read a second one besides.
const READS_TWO: usize = 3;
/// Every so many alliances stand in another one.
const NESTED: usize = 3;
/// Every so many members leave in the end.
const LEAVES: usize = 12;

/// Who is asked for by number: first the associations, then the alliances.
pub type Party = usize;

/// A city on paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// How many instances there are.
    pub instances: usize,
    /// How many parties are associations; the others are alliances.
    pub associations: usize,
    /// Where each party lives.
    pub homes: Vec<usize>,
    /// Every tie: a member, and the alliance it is in.
    pub ties: BTreeSet<(Party, Party)>,
    /// The ties that are ended again.
    pub ended: BTreeSet<(Party, Party)>,
    /// Whom each reader follows.
    pub readers: Vec<Vec<Party>>,
}

impl Plan {
    /// The plan of this size and seed.
    pub fn draw(size: Size) -> Self {
        let mut chance = Chance(SeededRandomness::new(&format!("city {}", size.seed)));
        let associations = size.associations;
        let alliances = (associations / TO_AN_ALLIANCE).max(3);
        // Everybody's first home in turn, so that no instance is empty; alliances live anywhere.
        let mut homes: Vec<usize> = (0..associations).map(|number| number % size.instances).collect();
        homes.extend((0..alliances).map(|_| chance.below(size.instances)));
        let mut plan = Self {
            instances: size.instances,
            associations,
            homes,
            ties: BTreeSet::new(),
            ended: BTreeSet::new(),
            readers: Vec::new(),
        };
        plan.tie(&mut chance);
        plan.ended =
            plan.ties.iter().copied().filter(|(member, _)| *member < associations).step_by(LEAVES).collect();
        plan.read(&mut chance);
        plan
    }

    /// The alliances.
    pub fn alliances(&self) -> std::ops::Range<Party> {
        self.associations..self.homes.len()
    }

    /// Associations in up to three alliances, alliances in alliances, and three that stand in each other in a ring.
    fn tie(&mut self, chance: &mut Chance) {
        let alliances = self.alliances();
        for member in 0..self.associations {
            for _ in 0..=chance.below(MOST_ALLIANCES) {
                self.ties.insert((member, alliances.start + chance.below(alliances.len())));
            }
        }
        for member in alliances.clone().step_by(NESTED) {
            let other = alliances.start + chance.below(alliances.len());
            if other != member {
                self.ties.insert((member, other));
            }
        }
        let ring: Vec<Party> = alliances.take(3).collect();
        for (number, member) in ring.iter().enumerate() {
            self.ties.insert((*member, ring[(number + 1) % ring.len()]));
        }
    }

    /// One reader for each alliance, some of whom read another one too, and one for some of the associations.
    fn read(&mut self, chance: &mut Chance) {
        let alliances = self.alliances();
        for (number, alliance) in alliances.clone().enumerate() {
            let mut follows = vec![alliance];
            let other = alliances.start + chance.below(alliances.len());
            if number.is_multiple_of(READS_TWO) && other != alliance {
                follows.push(other);
            }
            self.readers.push(follows);
        }
        self.readers.extend((0..self.associations).step_by(READ).map(|association| vec![association]));
    }

    /// For each party: all who are in it, near or far, and itself.
    pub fn within(&self, ties: &BTreeSet<(Party, Party)>) -> Vec<BTreeSet<Party>> {
        let mut members: BTreeMap<Party, Vec<Party>> = BTreeMap::new();
        for (member, alliance) in ties {
            members.entry(*alliance).or_default().push(*member);
        }
        let all = |party: Party| {
            let (mut found, mut next) = (BTreeSet::from([party]), vec![party]);
            while let Some(party) = next.pop() {
                let more = members.get(&party).into_iter().flatten().filter(|member| found.insert(**member));
                next.extend(more);
            }
            found
        };
        (0..self.homes.len()).map(all).collect()
    }

    /// The ties that are left when those that end have ended.
    pub fn kept(&self) -> BTreeSet<(Party, Party)> {
        self.ties.difference(&self.ended).copied().collect()
    }
}

/// Chance that comes out the same for the same seed.
struct Chance(SeededRandomness);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        let mut bytes = [0; 4];
        self.0.fill(&mut bytes);
        u32::from_be_bytes(bytes) as usize % end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size { associations: 60, instances: 12, items: 1, seed: 5 };

    #[test]
    fn a_seed_gives_the_same_city_again_and_another_one_another() {
        assert_eq!(Plan::draw(SIZE), Plan::draw(SIZE));
        assert_ne!(Plan::draw(SIZE), Plan::draw(Size { seed: 6, ..SIZE }));
    }

    #[test]
    fn a_city_has_what_is_hard_alliances_that_overlap_and_nest_and_go_in_a_ring() {
        let plan = Plan::draw(SIZE);
        let alliances = plan.alliances();
        let in_two = (0..plan.associations)
            .filter(|one| plan.ties.iter().filter(|(member, _)| member == one).count() > 1)
            .count();
        assert!(in_two > 5, "{in_two} associations are in two alliances");
        assert!(
            plan.ties.iter().all(|(member, alliance)| member != alliance && alliances.contains(alliance))
        );
        let within = plan.within(&plan.ties);
        let [first, second] = [alliances.start, alliances.start + 1];
        assert!(within[first].contains(&second) && within[second].contains(&first), "a ring");
        assert!(plan.readers.iter().any(|follows| follows.len() == 2));
        assert!(!plan.ended.is_empty() && plan.kept().len() + plan.ended.len() == plan.ties.len());
    }
}
