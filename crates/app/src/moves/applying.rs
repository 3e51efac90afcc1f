//! What each line of an archive becomes here. Everything is checked as if it had been typed, HTML is made or cleaned anew,
//! keys and counts are not believed, and what is there already stays as it is.

use folkmoot_domain::{
    ActorId, ItemId, Moment, PledgeId, Refusal, ReplyId,
    actors::{Actor, ActorKind, Profile},
    adoptions::Credit,
    audiences::Reach,
    calls::{Call, CallState, HelpKind, Need},
    changes::ChangeKind,
    events::{Event, EventState},
    ids::uuid_from,
    items::{AnotherDay, Item, ItemKind, Words},
    pictures::Picture,
    places::{Coarseness, Place},
    pledges::{Door, Pledge, PledgeState},
    projects::ProjectState,
    replies::{Reply, ReplyState},
    text::{self, Language},
    visitors::{self as visiting, Visitor},
};
use folkmoot_storage::{
    actors, calls, causes as cause_rows, events, items,
    moves::{
        leaves::{
            ActorLeaf, AffiliationLeaf, ItemLeaf, Leaf, NeedLeaf, NounLeaf, PartnershipLeaf, PlaceLeaf,
            PledgeLeaf, ReplyLeaf, RsvpLeaf, RuleLeaf, StateLeaf,
        },
        unpacking as write,
    },
    pictures as picture_rows, pledges, projects, replies, updates, visitors,
};
use ring::digest::{SHA256, digest};
use url::Url;
use uuid::Uuid;

use crate::{Doing, Result, carries, causes, connections, offers, prose};

/// The association that an archive becomes.
pub(super) struct Home {
    /// What it is here.
    pub id: ActorId,
    /// The id it had.
    pub source: Url,
}

impl Home {
    /// An id that is the same whenever the same archive is read, and sorts by time as all others.
    fn derived(&self, at: i64, of: &str) -> Uuid {
        let sum = digest(&SHA256, format!("{}\n{}\n{of}", self.id, self.source).as_bytes());
        let mut random = [0; 10];
        for (byte, from) in random.iter_mut().zip(sum.as_ref()) {
            *byte = *from;
        }
        uuid_from(at, random)
    }

    fn lives_there(&self, uri: &str) -> std::result::Result<Url, Refusal> {
        let url = Url::parse(uri).ok().filter(|url| url.origin() == self.source.origin());
        url.ok_or_else(|| Refusal::field("uri", format!("{uri} does not live where the archive comes from")))
    }

    /// Somebody whom a line names: the association itself, a visitor, or whoever is known.
    async fn actor(&self, doing: &Doing<'_>, uri: &str) -> Result<ActorId> {
        if uri == self.source.as_str() {
            return Ok(self.id);
        }
        let visitor = ActorId(self.derived(0, uri));
        if self.lives_there(uri).is_ok() && actors::find(&doing.tx.rows(), visitor).await?.is_some() {
            return Ok(visitor);
        }
        let known = actors::by_uri(&doing.tx.rows(), uri).await?;
        Ok(known.ok_or_else(|| Refusal::field("who", format!("{uri} is not known here")))?.id)
    }

    async fn item(&self, doing: &Doing<'_>, uri: &str) -> Result<Item> {
        let rows = doing.tx.rows();
        let found = match write::came(&rows, self.id, uri).await? {
            Some(came) => Some(came),
            None => items::by_uri(&rows, uri).await?,
        };
        let found = found.filter(|item| item.deleted.is_none());
        Ok(found.ok_or_else(|| Refusal::field("what", format!("{uri} is not known here")))?)
    }
}

/// What a line is called when it has to be named.
pub(super) fn name(leaf: &Leaf) -> String {
    match leaf {
        Leaf::Item(item) => format!("\u{201c}{}\u{201d} ({})", item.title, item.uri),
        Leaf::Reply(reply) => format!("the reply {}", reply.uri),
        Leaf::Pledge(pledge) => format!("a pledge of {}", pledge.giver),
        Leaf::Rsvp(rsvp) => format!("the coming of {}", rsvp.goer),
        Leaf::Affiliation(tie) => format!("the tie of {} to {}", tie.member, tie.umbrella),
        Leaf::Partnership(part) => format!("the part of {} in {}", part.partner, part.project),
        Leaf::Connection(connection) => format!("listening to {}", connection.target),
        Leaf::Rule(rule) => format!("the rule about {}", rule.source),
        Leaf::Carry(carry) => format!("the carry of {}", carry.item),
        Leaf::Actor(actor) => actor.uri.clone(),
        _ => "a line".to_owned(),
    }
}

/// Brings one line in. What is there already stays as it is.
pub(super) async fn apply(
    doing: &Doing<'_>,
    home: &Home,
    leaf: &Leaf,
    picture: Option<Picture>,
) -> Result<()> {
    match leaf {
        Leaf::Actor(leaf) => actor(doing, home, leaf).await,
        Leaf::Item(leaf) => item(doing, home, leaf, picture).await,
        Leaf::Reply(leaf) => reply(doing, home, leaf).await,
        Leaf::Pledge(leaf) => pledge(doing, home, leaf).await,
        Leaf::Rsvp(leaf) => rsvp(doing, home, leaf).await,
        Leaf::Affiliation(leaf) => affiliation(doing, home, leaf).await,
        Leaf::Partnership(leaf) => partnership(doing, home, leaf).await,
        Leaf::Connection(leaf) => {
            let target = home.actor(doing, &leaf.target).await?;
            connections::connect_within(doing, home.id, target).await.map(drop)
        }
        Leaf::Rule(leaf) => rule(doing, home, leaf).await,
        Leaf::Carry(leaf) => {
            let item = home.item(doing, &leaf.item).await?;
            let reason = text::paragraphs("reason", &leaf.reason, 1_000)?;
            carries::carry_within(doing, home.id, item.id, &reason, None).await.map(drop)
        }
        // Followers come by themselves; people are asked in when everything is there.
        Leaf::Archive(_)
        | Leaf::Association(_)
        | Leaf::Person(_)
        | Leaf::Follower { .. }
        | Leaf::End { .. } => Ok(()),
    }
}

/// Remembers somebody whom later lines name. Of somebody elsewhere only what lives where they live is believed, and no
/// key: it is read at their home before it is used.
async fn actor(doing: &Doing<'_>, home: &Home, leaf: &ActorLeaf) -> Result<()> {
    if leaf.handle.is_empty() {
        return visitor(doing, home, leaf).await;
    }
    let bad = |what: &'static str| Refusal::field(what, format!("of {} cannot be", leaf.uri));
    let uri = Url::parse(&leaf.uri).map_err(|_| bad("uri"))?;
    if doing.app.addresses.is_ours(&uri) || actors::by_uri(&doing.tx.rows(), uri.as_str()).await?.is_some() {
        return Ok(());
    }
    let same = |text: &str| Url::parse(text).ok().filter(|url| url.origin() == uri.origin());
    if uri.scheme() != doing.app.addresses.base().scheme() && uri.scheme() != "https" {
        return Err(bad("uri").into());
    }
    let host = uri.host_str().ok_or_else(|| bad("uri"))?;
    let actor = Actor {
        id: doing.app.id(),
        local: false,
        kind: ActorKind::parse(&leaf.kind).ok_or_else(|| bad("kind"))?,
        handle: text::line("handle", &leaf.handle, 200)?,
        host: uri.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")),
        name: text::line("name", &leaf.name, 500)?,
        summary: String::new(),
        page: same(&leaf.page).unwrap_or_else(|| uri.clone()),
        inbox: same(&leaf.inbox).ok_or_else(|| bad("inbox"))?,
        shared_inbox: leaf.shared_inbox.as_deref().and_then(same),
        followers: None,
        key_id: String::new(),
        public_key: String::new(),
        // Never read: it is read at its home as soon as it is used.
        fetched: Moment(0),
        gone: None,
        paper: None,
        profile: Profile::default(),
        uri,
    };
    Ok(actors::insert(&doing.tx, &actor, None, doing.now).await?)
}

async fn visitor(doing: &Doing<'_>, home: &Home, leaf: &ActorLeaf) -> Result<()> {
    home.lives_there(&leaf.uri)?;
    let id = ActorId(home.derived(0, &leaf.uri));
    if actors::find(&doing.tx.rows(), id).await?.is_some() {
        return Ok(());
    }
    let reach = leaf.visitor.as_ref();
    let known = Visitor {
        id,
        name: text::line("name", &leaf.name, 200)?,
        reach: match reach {
            Some(way) if way.email.is_some() || way.phone.is_some() => visiting::Reach::parse(
                way.email.as_deref().unwrap_or_default(),
                way.phone.as_deref().unwrap_or_default(),
            )?,
            _ => visiting::Reach::default(),
        },
        since: Moment(reach.map_or(doing.now.0, |reach| reach.since)).min(doing.now),
        confirmed: reach.and_then(|reach| reach.confirmed).map(Moment),
    };
    actors::insert(&doing.tx, &offers::actor(doing.app, &known), None, doing.now).await?;
    if let Some(reach) = reach {
        visitors::insert(&doing.tx, &known, Moment(reach.forget)).await?;
    }
    Ok(())
}

/// A place as it was typed.
pub(super) fn place(leaf: &PlaceLeaf) -> Result<Place> {
    let shown = Coarseness::parse(&leaf.shown).unwrap_or(Coarseness::Town);
    Ok(Place::parse(&leaf.name, leaf.point, shown)?)
}

async fn item(doing: &Doing<'_>, home: &Home, leaf: &ItemLeaf, picture: Option<Picture>) -> Result<()> {
    let old = home.lives_there(&leaf.uri)?;
    if write::came(&doing.tx.rows(), home.id, old.as_str()).await?.is_some() {
        return Ok(());
    }
    let (kind, noun) = noun(doing, home, leaf).await?;
    let words = Words {
        title: leaf.title.clone(),
        text: leaf.text.clone(),
        language: Some(Language::parse(&leaf.language)?),
        place: leaf.place.as_ref().map(place).transpose()?,
        causes: leaf.causes.clone(),
    };
    let words = words.check(kind)?;
    let published = Moment(leaf.published).min(doing.now);
    let mut random = [0; 10];
    doing.app.random.fill(&mut random);
    let id = ItemId(uuid_from(published.0, random));
    let item = Item {
        id,
        kind,
        home: home.id,
        uri: doing.app.addresses.item(kind, id),
        page: doing.app.addresses.item_page(kind, id),
        title: words.title,
        text: prose::prose(&words.text),
        language: words.language.unwrap_or_else(Language::english),
        place: words.place,
        picture: picture.as_ref().map(|picture| picture.id),
        published,
        edited: leaf.edited.map(|at| Moment(at).min(doing.now)),
        deleted: None,
        reach: Reach::Public,
        carriable: leaf.carriable,
        moved: None,
    };
    if let Some(picture) = &picture {
        picture_rows::insert(&doing.tx, picture, doing.now).await?;
    }
    items::insert(&doing.tx, &item).await?;
    write::came_from(&doing.tx, id, &old).await?;
    let named = causes::named(doing, home.id, &words.causes).await?;
    cause_rows::set_for_item(&doing.tx, id, &named).await?;
    store(doing, &item, noun).await
}

/// What an item is, checked, before anything of it is written.
enum Noun {
    Project(String, Option<Credit>, ProjectState),
    Call(Call, Option<Moment>),
    Event(Event, i64),
    Update(ItemId),
}

async fn noun(doing: &Doing<'_>, home: &Home, leaf: &ItemLeaf) -> Result<(ItemKind, Noun)> {
    let id = ItemId(Uuid::nil());
    Ok(match &leaf.noun {
        NounLeaf::Project { need, parent, credit, state } => {
            let need = text::optional_line("need", need, 300)?;
            let words = text::optional_line("credit", credit, 400)?;
            let parent = parent.as_deref().and_then(|parent| Url::parse(parent).ok());
            let credit = parent.map(|uri| Credit { uri, words });
            (ItemKind::Project, Noun::Project(need, credit, project_state(state)?))
        }
        NounLeaf::Call { why, closes, one_tap, ended, needs, project, state } => {
            let call = Call {
                id,
                project: project_of(doing, home, project.as_deref()).await?,
                why: text::optional_line("why", why, 300)?,
                closes: Moment(*closes),
                one_tap: *one_tap,
                needs: needs_of(needs)?,
                state: call_state(state)?,
            };
            (ItemKind::Call, Noun::Call(call, ended.map(Moment)))
        }
        NounLeaf::Event { starts, ends, zone, capacity, online, project, going, state } => {
            folkmoot_domain::associations::zone(zone)?;
            if ends <= starts {
                return Err(Refusal::field("ends", "must be later than the start").into());
            }
            let event = Event {
                id,
                project: project_of(doing, home, project.as_deref()).await?,
                starts: Moment(*starts),
                ends: Moment(*ends),
                zone: zone.clone(),
                capacity: capacity.filter(|capacity| *capacity > 0),
                online: online
                    .as_deref()
                    .and_then(|url| Url::parse(url).ok())
                    .filter(|url| matches!(url.scheme(), "https" | "http")),
                state: event_state(state)?,
            };
            (ItemKind::Event, Noun::Event(event, (*going).max(0)))
        }
        NounLeaf::Update { about } => (ItemKind::Update, Noun::Update(home.item(doing, about).await?.id)),
    })
}

async fn store(doing: &Doing<'_>, item: &Item, noun: Noun) -> Result<()> {
    let tx = &doing.tx;
    match noun {
        Noun::Project(need, credit, state) => {
            projects::insert(tx, item.id, &need, &state).await?;
            if let Some(credit) = credit {
                projects::credit(tx, item.id, &credit).await?;
            }
        }
        Noun::Call(call, ended) => {
            let call = Call { id: item.id, ..call };
            calls::insert(tx, &call).await?;
            match ended {
                Some(at) => calls::mark_ended(tx, item.id, at).await?,
                None => {
                    doing.change_later(ChangeKind::Ended, item.home, item.id.0, None, call.closes).await?;
                }
            }
        }
        Noun::Event(event, going) => {
            events::insert(tx, &Event { id: item.id, ..event }).await?;
            write::set_going(tx, item.id, going).await?;
        }
        Noun::Update(about) => updates::insert(tx, item.id, about).await?,
    }
    Ok(())
}

/// A project that is not known here is left out: the rest of the item is good without it.
async fn project_of(doing: &Doing<'_>, home: &Home, uri: Option<&str>) -> Result<Option<ItemId>> {
    let Some(uri) = uri else { return Ok(None) };
    match home.item(doing, uri).await {
        Ok(item) => Ok((item.kind == ItemKind::Project).then_some(item.id)),
        Err(crate::Error::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn needs_of(leaves: &[NeedLeaf]) -> Result<Vec<Need>> {
    if leaves.is_empty() || leaves.len() > 10 {
        return Err(Refusal::field("needs", "a call asks for one to ten kinds of help").into());
    }
    let needs = (0i16..).zip(leaves).map(|(position, leaf)| {
        let kind = HelpKind::parse(&leaf.kind).ok_or_else(|| Refusal::field("needs", "no kind of help"))?;
        let wanted = leaf.wanted.filter(|wanted| *wanted > 0);
        Ok(Need { position, kind, label: text::line("needs", &leaf.label, 200)?, wanted })
    });
    Ok(needs.collect::<std::result::Result<_, Refusal>>()?)
}

fn no_state() -> Refusal {
    Refusal::field("state", "is none that it can be in")
}

fn over(leaf: &StateLeaf) -> std::result::Result<(String, Moment), Refusal> {
    Ok((text::paragraphs("reason", &leaf.reason, 2_000)?, Moment(leaf.at.unwrap_or_default())))
}

fn another_day(leaf: &StateLeaf) -> std::result::Result<AnotherDay, Refusal> {
    Ok(AnotherDay { reason: text::line("reason", &leaf.reason, 300)?, wake: leaf.wake.map(Moment) })
}

fn project_state(leaf: &StateLeaf) -> std::result::Result<ProjectState, Refusal> {
    Ok(match leaf.word.as_str() {
        "idea" => ProjectState::Idea,
        "active" => ProjectState::Active,
        "another-day" => ProjectState::AnotherDay(another_day(leaf)?),
        "done" => ProjectState::Done {
            outcome: text::paragraphs("outcome", &leaf.outcome, 2_000)?,
            at: over(leaf)?.1,
        },
        _ => return Err(no_state()),
    })
}

fn call_state(leaf: &StateLeaf) -> std::result::Result<CallState, Refusal> {
    Ok(match leaf.word.as_str() {
        "open" => CallState::Open,
        "filled" => CallState::Filled,
        "another-day" => CallState::AnotherDay(another_day(leaf)?),
        "cancelled" => {
            let (reason, at) = over(leaf)?;
            CallState::Cancelled { reason, at }
        }
        "closed" => CallState::Closed {
            outcome: text::paragraphs("outcome", &leaf.outcome, 2_000)?,
            thanks: text::paragraphs("thanks", &leaf.thanks, 2_000)?,
            at: over(leaf)?.1,
        },
        _ => return Err(no_state()),
    })
}

fn event_state(leaf: &StateLeaf) -> std::result::Result<EventState, Refusal> {
    match leaf.word.as_str() {
        "planned" => Ok(EventState::Planned),
        "cancelled" => over(leaf).map(|(reason, at)| EventState::Cancelled { reason, at }),
        _ => Err(no_state()),
    }
}

async fn reply(doing: &Doing<'_>, home: &Home, leaf: &ReplyLeaf) -> Result<()> {
    let uri = Url::parse(&leaf.uri).map_err(|_| Refusal::field("uri", "is no address"))?;
    let rows = doing.tx.rows();
    if replies::by_uri(&rows, uri.as_str()).await?.is_some() {
        return Ok(());
    }
    let state = ReplyState::parse(&leaf.state).ok_or_else(no_state)?;
    let reply = Reply {
        id: ReplyId(home.derived(leaf.received, &leaf.uri)),
        home: home.actor(doing, &leaf.author).await?,
        item: home.item(doing, &leaf.item).await?.id,
        html: prose::clean(&leaf.html),
        direct: leaf.direct,
        // A message to the organisers can never be shown.
        state: if leaf.direct && state == ReplyState::Approved { ReplyState::Held } else { state },
        published: Moment(leaf.published).min(doing.now),
        edited: leaf.edited.map(Moment),
        received: Moment(leaf.received).min(doing.now),
        uri,
    };
    Ok(replies::insert(&doing.tx, &reply).await?)
}

/// A secret for a link: what could be guessed is none.
fn receipt(text: &str) -> std::result::Result<String, Refusal> {
    let fits = (16..=100).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    if fits { Ok(text.to_owned()) } else { Err(Refusal::field("receipt", "is no secret")) }
}

async fn pledge(doing: &Doing<'_>, home: &Home, leaf: &PledgeLeaf) -> Result<()> {
    let call = home.item(doing, &leaf.call).await?;
    if call.home != home.id || call.kind != ItemKind::Call {
        return Err(Refusal::Unknown("call").into());
    }
    let giver = home.actor(doing, &leaf.giver).await?;
    let rows = doing.tx.rows();
    if pledges::of(&rows, call.id, giver).await?.is_some()
        || pledges::by_receipt(&rows, &leaf.receipt).await?.is_some()
    {
        return Ok(());
    }
    let pledge = Pledge {
        id: PledgeId(home.derived(leaf.offered, &leaf.receipt)),
        call: call.id,
        giver,
        state: PledgeState::parse(&leaf.state).ok_or_else(no_state)?,
        door: Door::parse(&leaf.door).ok_or_else(no_state)?,
        needs: Vec::new(),
        note: text::paragraphs("note", &leaf.note, 2_000)?,
        answer: text::paragraphs("answer", &leaf.answer, 1_000)?,
        receipt: receipt(&leaf.receipt)?,
        offered: Moment(leaf.offered).min(doing.now),
        answered: leaf.answered.map(Moment),
        offer: leaf.offer.clone(),
        agreement: leaf.agreement.clone(),
    };
    pledges::insert(&doing.tx, &pledge).await?;
    write::complete_pledge(&doing.tx, pledge.id, leaf).await?;
    tick(doing, &pledge, &leaf.needs).await
}

/// Ticks what it answers, and counts it as it would have been counted.
async fn tick(doing: &Doing<'_>, pledge: &Pledge, needs: &[(i16, Option<String>, i64)]) -> Result<()> {
    let seen = calls::seen(&doing.tx.rows(), pledge.call).await?.ok_or(Refusal::Unknown("call"))?;
    let (offered, taken) = match pledge.state {
        PledgeState::Offered => (1, 0),
        PledgeState::Accepted | PledgeState::Kept => (0, 1),
        PledgeState::Declined | PledgeState::Withdrawn => (0, 0),
    };
    for (position, vote, at) in needs {
        let there = seen.call.needs.iter().any(|need| need.position == *position);
        if there && pledges::tick(&doing.tx, pledge.id, *position, vote.as_deref(), Moment(*at)).await? {
            let votes = i64::from(pledge.door == Door::Vote);
            calls::count_need(&doing.tx, pledge.call, *position, calls::Moved { votes, offered, taken })
                .await?;
        }
    }
    if pledge.door == Door::Vote {
        calls::count_voter(&doing.tx, pledge.call).await?;
    }
    Ok(())
}

async fn rsvp(doing: &Doing<'_>, home: &Home, leaf: &RsvpLeaf) -> Result<()> {
    let event = home.item(doing, &leaf.event).await?;
    if event.home != home.id || event.kind != ItemKind::Event {
        return Err(Refusal::Unknown("event").into());
    }
    let goer = home.actor(doing, &leaf.goer).await?;
    let leaf = RsvpLeaf {
        state: text::line("state", &leaf.state, 20)?,
        door: text::line("door", &leaf.door, 20)?,
        note: text::paragraphs("note", &leaf.note, 2_000)?,
        receipt: receipt(&leaf.receipt)?,
        ..leaf.clone()
    };
    let id = home.derived(leaf.asked, &leaf.receipt).into();
    write::insert_rsvp(&doing.tx, id, event.id, goer, &leaf).await.map(drop).map_err(Into::into)
}

/// A tie of its own. It counts only when the other side is found to list it, so nothing is made up here.
async fn affiliation(doing: &Doing<'_>, home: &Home, leaf: &AffiliationLeaf) -> Result<()> {
    let ends = write::Ends {
        member: home.actor(doing, &leaf.member).await?,
        umbrella: home.actor(doing, &leaf.umbrella).await?,
        proposer: home.actor(doing, &leaf.proposer).await?,
    };
    if ends.member == ends.umbrella || (ends.member != home.id && ends.umbrella != home.id) {
        return Err(Refusal::field("tie", "is not its own").into());
    }
    let leaf = AffiliationLeaf {
        kind: text::line("kind", &leaf.kind, 40)?,
        mandate: text::paragraphs("mandate", &leaf.mandate, 5_000)?,
        ..leaf.clone()
    };
    let id = home.derived(leaf.proposed, &leaf.uri);
    write::insert_affiliation(&doing.tx, id, ends, &leaf, doing.now).await?;
    Ok(())
}

async fn partnership(doing: &Doing<'_>, home: &Home, leaf: &PartnershipLeaf) -> Result<()> {
    let project = home.item(doing, &leaf.project).await?;
    let partner = home.actor(doing, &leaf.partner).await?;
    if project.kind != ItemKind::Project || (project.home != home.id && partner != home.id) {
        return Err(Refusal::field("part", "is not its own").into());
    }
    let leaf = PartnershipLeaf {
        role: text::line("role", &leaf.role, 200)?,
        words: text::paragraphs("words", &leaf.words, 5_000)?,
        answer: text::paragraphs("answer", &leaf.answer, 5_000)?,
        ..leaf.clone()
    };
    let id = home.derived(leaf.offered, &leaf.uri);
    write::insert_partnership(&doing.tx, id, project.id, partner, &leaf).await?;
    Ok(())
}

async fn rule(doing: &Doing<'_>, home: &Home, leaf: &RuleLeaf) -> Result<()> {
    let source = home.actor(doing, &leaf.source).await?;
    if source == home.id {
        return Err(Refusal::field("source", "is itself").into());
    }
    let kinds = leaf.kinds.split(',').filter(|word| !word.is_empty());
    if kinds.clone().any(|word| ItemKind::parse(word).is_none()) {
        return Err(Refusal::field("kinds", "names none").into());
    }
    let named = format!("{}\n{}\n{}\n{:?}", leaf.source, leaf.kinds, leaf.cause, leaf.near);
    let id = home.derived(leaf.created, &named).into();
    write::insert_rule(&doing.tx, id, home.id, source, leaf).await.map_err(Into::into)
}
