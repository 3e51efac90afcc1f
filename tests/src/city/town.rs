//! The city itself: built as planned, then it lives, part by part. Start at [`Town::build`].

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
    time::Instant as Stopwatch,
};

use anyhow::Result;
use folkmoot_app::By;
use folkmoot_domain::{ItemId, Moment, actors::Actor, moments::MINUTE};

use super::{
    Size,
    counting::Traffic,
    plan::{Party, Plan},
    readers::Readers,
    report::{Changed, Part, Published, Tied},
};
use crate::{associations::Association, clock::BEGINNING, database::Database, peers::Server, world::World};

/// In so many waves everybody does the same thing.
const WAVES: usize = 10;
/// So much time goes by at once: a city has something due at almost every moment, and nobody waits for each of them.
const STEP: i64 = 10 * MINUTE;
/// What is sent may come later, when somebody was asked too much at once; after so many steps it is there or does not come.
const LATER: usize = 12;
/// On so many servers the readers live.
const SERVERS: usize = 8;
/// Every so many items are edited, and as many others deleted.
const EDITED: usize = 9;

/// A party's seat: its actor, and its organiser.
struct Seat {
    actor: Actor,
    by: By,
}

/// Something that was published.
struct Item {
    id: ItemId,
    uri: String,
    home: Party,
    at: Moment,
}

/// A living city.
pub struct Town {
    plan: Plan,
    world: World,
    seats: Vec<Seat>,
    /// Actors by address.
    names: BTreeMap<String, Party>,
    /// The names of the instances.
    hosts: BTreeSet<String>,
    readers: Readers,
    items: Vec<Item>,
}

impl Town {
    /// Builds every instance and founds every association.
    pub async fn build(plan: Plan, size: Size, progress: &mut dyn Write) -> Result<Self> {
        let mut world = World::empty(BEGINNING);
        writeln!(
            progress,
            "» a city of {} associations and {} alliances on {} instances, seed {}",
            plan.associations,
            plan.alliances().len(),
            plan.instances,
            size.seed
        )?;
        let hosts: Vec<String> = (0..plan.instances).map(|number| format!("moot-{number}.test")).collect();
        for host in &hosts {
            world.add(Database::Sqlite, host).await;
        }
        let mut seats = Vec::new();
        for (party, home) in plan.homes.iter().enumerate() {
            let instance = &world.instances()[*home];
            let founded = if plan.alliances().contains(&party) {
                instance.found_alliance(&format!("alliance-{party}")).await
            } else {
                instance.found(&format!("group-{party}")).await
            };
            seats.push(Seat { actor: founded.actor, by: founded.by });
        }
        world.settle().await;
        let names =
            seats.iter().enumerate().map(|(party, seat)| (seat.actor.uri.to_string(), party)).collect();
        let hosts = hosts.into_iter().collect();
        Ok(Self { plan, world, seats, names, hosts, readers: Readers { all: Vec::new() }, items: Vec::new() })
    }

    /// Proposes and accepts every tie.
    pub async fn tie(&mut self, progress: &mut dyn Write) -> Result<Tied> {
        let began = self.begin(progress, "ties are proposed and accepted")?;
        let ties: Vec<_> = self.plan.ties.iter().copied().collect();
        for wave in ties.chunks(ties.len().div_ceil(WAVES)) {
            for (member, alliance) in wave {
                self.party(*alliance).invites(&self.seats[*member].actor).await;
            }
            self.lives(1).await;
            for (member, alliance) in wave {
                self.party(*member).agrees_with(&self.seats[*alliance].actor).await;
            }
            self.lives(1).await;
            write!(progress, ".")?;
            progress.flush()?;
        }
        self.lives(LATER).await;
        let part = self.end(&began, progress)?;
        Ok(Tied { ties: ties.len(), agreed: self.agreed(&self.plan.ties).await, part })
    }

    /// Lets strangers follow.
    pub async fn read(&mut self, progress: &mut dyn Write) -> Result<()> {
        let began = self.begin(progress, "readers on other servers follow")?;
        let servers: Vec<Server> =
            (0..SERVERS).map(|number| self.world.server(&format!("reader-{number}.test"))).collect();
        for (number, follows) in self.plan.readers.iter().enumerate() {
            let reader = servers[number % SERVERS].person(&format!("reader{number}"));
            for party in follows {
                let actor = &self.seats[*party].actor;
                reader.tells(actor, &reader.follow(actor)).await;
            }
            self.readers.all.push((reader, follows.clone()));
        }
        self.lives(LATER).await;
        self.end(&began, progress).map(drop)
    }

    /// Every association publishes so many items: a call, an event, a project, and so on.
    pub async fn publish(&mut self, each: usize, progress: &mut dyn Write) -> Result<Published> {
        let began = self.begin(progress, "everybody publishes")?;
        let everybody: Vec<Party> = (0..self.plan.associations).collect();
        for round in 0..each {
            for wave in everybody.chunks(everybody.len().div_ceil(WAVES)) {
                for party in wave {
                    let item = self.publish_one(*party, round).await;
                    self.items.push(item);
                }
                self.lives(1).await;
                write!(progress, ".")?;
                progress.flush()?;
            }
        }
        self.lives(LATER).await;
        let part = self.end(&began, progress)?;
        let published = self.seen(&self.items, &self.plan.ties, part);
        Ok(published)
    }

    /// Some items are edited, some deleted: every copy follows, and nobody is shown anything again.
    pub async fn change(&mut self, progress: &mut dyn Write) -> Result<Changed> {
        let began = self.begin(progress, "some of it is edited, some deleted")?;
        let (mut edited, mut deleted) = (BTreeSet::new(), BTreeSet::new());
        self.lives(1).await;
        for item in self.items.iter().step_by(EDITED) {
            self.party(item.home).edit(item.id, "With other words", "").await;
            edited.insert(item.uri.clone());
        }
        for item in self.items.iter().skip(1).step_by(EDITED) {
            self.party(item.home).delete(item.id).await;
            deleted.insert(item.uri.clone());
        }
        self.lives(LATER).await;
        let part = self.end(&began, progress)?;
        let mut stale = 0;
        for instance in self.world.instances() {
            let old = instance
                .look("SELECT uri FROM items WHERE deleted_at IS NULL AND title <> 'With other words'");
            stale += old.await.iter().filter(|uri| edited.contains(*uri) || deleted.contains(*uri)).count();
        }
        let (edited, deleted) = (edited.len(), deleted.len());
        Ok(Changed { edited, deleted, stale, twice: self.readers.look(&self.names).twice.len(), part })
    }

    /// Some leave their alliances, and publish once more.
    pub async fn leave(&mut self, progress: &mut dyn Write) -> Result<(Tied, Published)> {
        let began = self.begin(progress, "some leave their alliances, and publish once more")?;
        for (member, alliance) in self.plan.ended.clone() {
            self.party(member).leaves(&self.seats[alliance].actor).await;
        }
        self.lives(LATER).await;
        let mut items = Vec::new();
        for (member, _) in self.plan.ended.clone() {
            items.push(self.publish_one(member, 0).await);
        }
        self.lives(LATER).await;
        let part = self.end(&began, progress)?;
        let kept = self.plan.kept();
        let tied = Tied { ties: kept.len(), agreed: self.agreed(&kept).await, part: part.clone() };
        Ok((tied, self.seen(&items, &kept, part)))
    }

    async fn publish_one(&self, party: Party, round: usize) -> Item {
        let (who, title) = (self.party(party), format!("Number {round} of {party}"));
        let item = match (party + round) % 3 {
            0 => who.call(&title).await.seen.item,
            1 => who.event(&title).await.seen.item,
            _ => who.project(&title).await.seen.item,
        };
        Item { id: item.id, uri: item.uri.to_string(), home: party, at: self.world.now() }
    }

    /// So many steps go by.
    async fn lives(&self, steps: usize) {
        self.world.settle().await;
        for _ in 0..steps {
            self.world.set_clock(self.world.now().plus(STEP));
            self.world.settle().await;
        }
    }

    fn party(&self, party: Party) -> Association<'_> {
        let (instance, seat) = (&self.world.instances()[self.plan.homes[party]], &self.seats[party]);
        Association { instance, actor: seat.actor.clone(), by: seat.by }
    }

    /// How many of these ties both sides say they have. Each that somebody says besides takes one away.
    async fn agreed(&self, ties: &BTreeSet<(Party, Party)>) -> i64 {
        let mut said: BTreeMap<(Party, Party), usize> = BTreeMap::new();
        for party in 0..self.seats.len() {
            for (member, alliance) in self.party(party).ties().await {
                if let (Some(member), Some(alliance)) = (self.names.get(&member), self.names.get(&alliance)) {
                    *said.entry((*member, *alliance)).or_default() += 1;
                }
            }
        }
        let agreed = ties.iter().filter(|tie| said.get(tie) == Some(&2)).count();
        let besides = said.keys().filter(|tie| !ties.contains(tie)).count();
        i64::try_from(agreed).unwrap_or_default() - i64::try_from(besides).unwrap_or_default()
    }

    /// Who should have seen these items, and who did.
    fn seen(&self, items: &[Item], ties: &BTreeSet<(Party, Party)>, part: Part) -> Published {
        let (within, seen) = (self.plan.within(ties), self.readers.look(&self.names));
        let mut published = Published { items: items.len(), part, ..Published::default() };
        for item in items {
            for (reader, (_, follows)) in self.readers.all.iter().enumerate() {
                let asked = follows.iter().any(|party| within[*party].contains(&item.home));
                let got = seen.first.get(&(reader, item.uri.clone()));
                published.expected += usize::from(asked);
                published.reached += usize::from(asked && got.is_some());
                published.unasked += usize::from(!asked && got.is_some());
                published.waited.extend(got.map(|at| at - item.at.0));
            }
        }
        let among = |uri: &String| items.iter().any(|item| item.uri == *uri);
        published.twice = seen.twice.iter().filter(|(.., uri)| among(uri)).count();
        published
    }

    fn begin(&self, progress: &mut dyn Write, what: &str) -> Result<(Stopwatch, Moment)> {
        write!(progress, "» {what} ")?;
        progress.flush()?;
        self.world.network.take_passed();
        Ok((Stopwatch::now(), self.world.now()))
    }

    fn end(&self, began: &(Stopwatch, Moment), progress: &mut dyn Write) -> Result<Part> {
        let wall = began.0.elapsed();
        let traffic = Traffic::of(&self.world.network.take_passed(), &self.hosts);
        writeln!(progress, " {} activities, {:.1} s", traffic.sent(), wall.as_secs_f64())?;
        Ok(Part { traffic, wall })
    }
}
