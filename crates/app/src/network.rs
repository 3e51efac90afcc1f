//! The association of associations, as far as it is known here: ties of ours, and ties of those we know.
//!
//! Nobody is shown who does not want to be found, nobody whose server is blocked, and no tie to one of ours that ours does
//! not list. Connections are private: only [`mine`] has them, for those whose they are. Start at [`known`].

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use folkmoot_domain::{
    ActorId, Moment,
    actors::{Actor, ActorKind},
    associations::AssociationKind,
    network::{AGAIN, AT_ONCE, Listed, Network, Node, PER_HOST, Relation, STEPS, Said, TIES},
};
use folkmoot_storage::{
    Rows, actors, associations,
    network::{self, Sighting, Walk},
    partnerships,
};
use url::Url;

use crate::{App, By, Result, blocks};

/// The most partnerships that are read for one network.
const PARTNERSHIPS: u64 = 2_000;

/// What everybody may see.
pub async fn known(app: &App) -> Result<Network> {
    read(app, &[]).await
}

/// The same with what is private to these of ours: whom they listen to, and those tied to them who are not to be found by
/// others. Whoever asks must organise them; that is for the caller to see to.
pub async fn mine(app: &App, mine: &[ActorId]) -> Result<Network> {
    read(app, mine).await
}

async fn read(app: &App, mine: &[ActorId]) -> Result<Network> {
    let rows = app.store.rows();
    let gathered = Gathered::read(&rows, mine).await?;
    let near: HashSet<ActorId> = gathered
        .affiliated
        .iter()
        .flat_map(|tie| [(tie.member, tie.umbrella), (tie.umbrella, tie.member)])
        .chain(gathered.listens.iter().copied())
        .filter(|(one, _)| mine.contains(one))
        .map(|(_, other)| other)
        .collect();
    let mut nodes = Vec::new();
    for actor in gathered.who.values() {
        let found = actor.profile.discoverable || actor.local || near.contains(&actor.id);
        let group = !matches!(actor.kind, ActorKind::Person | ActorKind::Application);
        if actor.gone.is_none() && group && found && gathered.is_open(actor) {
            nodes.push(node(actor, gathered.kinds.get(&actor.id).copied()));
        }
    }
    let nodes = without_blocked(app, nodes).await?;
    let mut network = Network::of(nodes);
    gathered.tie(&mut network);
    network.settle();
    Ok(network)
}

fn node(actor: &Actor, kind: Option<AssociationKind>) -> Node {
    Node {
        uri: actor.uri.clone(),
        name: if actor.name.trim().is_empty() { actor.address() } else { actor.name.clone() },
        address: actor.address(),
        page: actor.page.clone(),
        kind: kind.or(actor.profile.association),
        here: actor.local,
        paper: actor.paper(),
    }
}

async fn without_blocked(app: &App, nodes: Vec<Node>) -> Result<Vec<Node>> {
    let mut open: HashMap<String, bool> = HashMap::new();
    let mut left = Vec::with_capacity(nodes.len());
    for node in nodes {
        let host = node.uri.host_str().unwrap_or_default().to_owned();
        let open = if let Some(open) = open.get(&host) {
            *open
        } else {
            let free = node.here || !blocks::is_blocked(app, &host).await?;
            open.insert(host, free);
            free
        };
        if open {
            left.push(node);
        }
    }
    Ok(left)
}

/// Everything that is read before it is put together.
struct Gathered {
    who: HashMap<ActorId, Actor>,
    /// The kinds of those that live here and are open.
    kinds: HashMap<ActorId, AssociationKind>,
    affiliated: Vec<network::Affiliated>,
    sightings: Vec<Sighting>,
    partners: Vec<folkmoot_domain::partnerships::PartnershipSeen>,
    listens: Vec<(ActorId, ActorId)>,
}

impl Gathered {
    async fn read(rows: &Rows<'_>, mine: &[ActorId]) -> Result<Self> {
        let here = associations::list(rows).await?;
        let affiliated = network::affiliated(rows).await?;
        let sightings = network::sightings(rows, None).await?;
        let partners = partnerships::holding(rows, PARTNERSHIPS).await?;
        let listens = if mine.is_empty() { Vec::new() } else { network::listens(rows, mine).await? };
        let named = affiliated.iter().flat_map(|tie| [tie.member, tie.umbrella]);
        let named = named.chain(sightings.iter().map(|seen| seen.actor));
        let named: HashSet<ActorId> = named.chain(listens.iter().map(|(_, target)| *target)).collect();
        let mut who = actors::many(rows, named).await?;
        let mut others: Vec<String> = sightings.iter().map(|seen| seen.other.clone()).collect();
        others.sort_unstable();
        others.dedup();
        who.extend(network::known(rows, others).await?.into_iter().map(|actor| (actor.id, actor)));
        who.extend(partners.iter().flat_map(|seen| [&seen.home, &seen.partner]).map(|a| (a.id, a.clone())));
        let open = here.into_iter().filter(|seen| seen.association.closed.is_none());
        let mut kinds = HashMap::new();
        for seen in open {
            kinds.insert(seen.actor.id, seen.association.kind);
            who.insert(seen.actor.id, seen.actor);
        }
        Ok(Self { who, kinds, affiliated, sightings, partners, listens })
    }

    fn is_open(&self, actor: &Actor) -> bool {
        !actor.local || self.kinds.contains_key(&actor.id)
    }

    fn tie(&self, network: &mut Network) {
        for tie in &self.affiliated {
            let (Some(member), Some(umbrella)) = (self.who.get(&tie.member), self.who.get(&tie.umbrella))
            else {
                continue;
            };
            let relation = if tie.kind == "partner" { Relation::WorksWith } else { Relation::Member };
            let said = Said { from: member.local || tie.listed, to: umbrella.local || tie.listed };
            network.add(member.uri.as_str(), umbrella.uri.as_str(), relation, said, None);
        }
        for seen in &self.sightings {
            self.tie_seen(network, seen);
        }
        for seen in &self.partners {
            let (both, page) = (Said { from: true, to: true }, seen.project.page.clone());
            let project = Some((seen.project.title.clone(), page)).filter(|_| seen.project.deleted.is_none());
            network.add(
                seen.partner.uri.as_str(),
                seen.home.uri.as_str(),
                Relation::TakesPart,
                both,
                project,
            );
        }
        for (seeker, target) in &self.listens {
            let (Some(seeker), Some(target)) = (self.who.get(seeker), self.who.get(target)) else { continue };
            let said = Said { from: true, to: true };
            network.add(seeker.uri.as_str(), target.uri.as_str(), Relation::ListensTo, said, None);
        }
    }

    /// What somebody lists. Of ours alone we know the truth: a tie to one of ours that ours does not list is none.
    fn tie_seen(&self, network: &mut Network, seen: &Sighting) {
        let Some(actor) = self.who.get(&seen.actor) else { return };
        let ours = self.who.values().find(|other| other.local && other.uri.as_str() == seen.other);
        if let Some(ours) = ours
            && !self.affiliated.iter().any(|tie| {
                [(tie.member, tie.umbrella), (tie.umbrella, tie.member)].contains(&(ours.id, actor.id))
            })
        {
            return;
        }
        let (actor, other) = (actor.uri.as_str(), seen.other.as_str());
        let (by_from, by_to) = (Said { from: true, to: false }, Said { from: false, to: true });
        match seen.listed {
            Listed::Umbrella => network.add(actor, other, Relation::Member, by_from, None),
            Listed::Member => network.add(other, actor, Relation::Member, by_to, None),
            Listed::WorksWith => network.add(actor, other, Relation::WorksWith, by_from, None),
        }
    }
}

/// The lists that are to be read now: those tied to ours come on the list by themselves, of one server only a few at once,
/// and whoever is near no more, or is not to be found, is forgotten.
pub async fn walks_due(app: &App) -> Result<Vec<Walk>> {
    let rows = app.store.rows();
    let new = network::unwalked(&rows, AT_ONCE).await?;
    if !new.is_empty() {
        let doing = app.begin(&By::operator()).await?;
        for actor in new {
            network::walk(&doing.tx, actor, 1, doing.now).await?;
        }
        doing.tx.commit().await?;
    }
    let mut due: Vec<Walk> = Vec::new();
    for walk in network::due(&rows, app.now(), 4 * AT_ONCE).await? {
        let actor = &walk.actor;
        let wanted = actor.gone.is_none()
            && actor.profile.discoverable
            && network::is_near(&rows, actor, walk.steps).await?
            && !blocks::is_blocked(app, &actor.host).await?;
        if !wanted {
            forget(app, actor.id).await?;
        } else if (due.len() as u64) < AT_ONCE
            && due.iter().filter(|other| other.actor.host == actor.host).count() < PER_HOST
        {
            due.push(walk);
        }
    }
    Ok(due)
}

async fn forget(app: &App, actor: ActorId) -> Result<()> {
    let doing = app.begin(&By::operator()).await?;
    network::forget(&doing.tx, actor).await?;
    Ok(doing.tx.commit().await?)
}

/// A list was read: what it names, and who of those is to be read next.
pub async fn walked(app: &App, walk: &Walk, listed: &[(Url, Listed)]) -> Result<()> {
    let mut kept: Vec<(String, Listed)> = Vec::new();
    for (other, way) in listed {
        if *other != walk.actor.uri
            && kept.iter().all(|(known, _)| known != other.as_str())
            && kept.len() < TIES
        {
            kept.push((other.to_string(), *way));
        }
    }
    let doing = app.begin(&By::operator()).await?;
    let rows = doing.tx.rows();
    network::see(&doing.tx, walk.actor.id, &kept, doing.now).await?;
    network::walked(&doing.tx, walk.actor.id, Some(doing.now), doing.now.plus(AGAIN), None).await?;
    if walk.steps < STEPS {
        let others = kept.into_iter().map(|(other, _)| other).collect();
        for other in network::known(&rows, others).await? {
            if !other.local && other.profile.discoverable && other.profile.affiliates.is_some() {
                network::walk(&doing.tx, other.id, walk.steps + 1, doing.now).await?;
            }
        }
    }
    Ok(doing.tx.commit().await?)
}

/// A list could not be read. What it said before is kept: its server may be gone for good, and its members look for each
/// other then.
pub async fn not_walked(app: &App, walk: &Walk, problem: &str) -> Result<()> {
    let doing = app.begin(&By::operator()).await?;
    let problem: String = problem.chars().take(300).collect();
    network::walked(&doing.tx, walk.actor.id, None, doing.now.plus(AGAIN), Some(&problem)).await?;
    Ok(doing.tx.commit().await?)
}

/// An alliance that one of ours is a member of, with the members that are known from here.
#[derive(Debug, Clone, PartialEq)]
pub struct AllianceKnown {
    /// The alliance.
    pub alliance: Actor,
    /// Its members, ours among them, by address.
    pub members: Vec<Actor>,
    /// When its own list was last read.
    pub read: Option<Moment>,
    /// Why it could not be read since.
    pub problem: Option<String>,
}

impl AllianceKnown {
    /// Where it is founded again with the members that are known, as a path.
    pub fn founding(&self) -> String {
        let members: Vec<String> = self.members.iter().map(Actor::address).collect();
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("members", &members.join(","));
        format!("/desk/alliances/new?{}", query.finish())
    }
}

/// So many members are handed to the founding of another alliance.
const FOUNDING: usize = 50;

/// The alliances elsewhere that these of ours are members of, and who else is: as the alliance listed them when it could
/// last be read, and as they say themselves. Should its server vanish, they can found another.
pub async fn alliances_of(app: &App, mine: &[ActorId]) -> Result<Vec<AllianceKnown>> {
    let rows = app.store.rows();
    let (affiliated, sightings) = (network::affiliated(&rows).await?, network::sightings(&rows, None).await?);
    let mut found: Vec<AllianceKnown> = Vec::new();
    for tie in affiliated.iter().filter(|tie| tie.kind != "partner" && mine.contains(&tie.member)) {
        let Some(alliance) = actors::find(&rows, tie.umbrella).await?.filter(|actor| !actor.local) else {
            continue;
        };
        if found.iter().any(|known| known.alliance.id == alliance.id) {
            continue;
        }
        let ours = affiliated.iter().filter(|other| other.umbrella == alliance.id).map(|other| other.member);
        let says = sightings
            .iter()
            .filter(|seen| seen.other == alliance.uri.as_str() && seen.listed == Listed::Umbrella)
            .map(|seen| seen.actor);
        let mut members = actors::many(&rows, ours.chain(says)).await?;
        let listed =
            sightings.iter().filter(|seen| seen.actor == alliance.id && seen.listed == Listed::Member);
        let listed = network::known(&rows, listed.map(|seen| seen.other.clone()).collect()).await?;
        members.extend(listed.into_iter().map(|actor| (actor.id, actor)));
        let mut members: Vec<Actor> = members.into_values().filter(|actor| actor.gone.is_none()).collect();
        members.sort_by_key(Actor::address);
        members.truncate(FOUNDING);
        let (read, problem) = network::last_walk(&rows, alliance.id).await?.unwrap_or_default();
        found.push(AllianceKnown { alliance, members, read, problem });
    }
    Ok(found)
}
