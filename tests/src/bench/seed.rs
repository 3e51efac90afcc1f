//! Fills the tables of an instance with as much as years would bring, as the shipped code writes it, only many rows to a
//! transaction. The server does not run meanwhile.

use std::ops::Range;

use anyhow::{Context as _, Result};
use folkmoot_app::prose::prose;
use folkmoot_domain::{
    ActivityId, ActorId, ItemId, Moment,
    actors::{Actor, ActorKind, Profile},
    addresses::Addresses,
    audiences::Reach,
    calls::{Call, CallDraft, CallSeen, HelpKind, NeedSeen},
    ids::uuid_from,
    items::{Item, ItemKind, ItemSeen},
    moments::{DAY, MINUTE},
    projects::{ProjectSeen, ProjectState},
    text::Language,
};
use folkmoot_storage::{
    Tx, activities, activities::Activity, actors, calls, followers as follower_rows, items, projects,
};
use folkmoot_wire as wire;
use url::Url;
use uuid::Uuid;

use super::site::Site;

/// Rows to a transaction.
const BATCH: usize = 1_000;
/// The first of them was published so long ago, in milliseconds.
const AGES: i64 = 400 * DAY;

/// So many followers, spread over the hosts, each with an inbox of its own.
pub(super) async fn followers(site: &Site, count: usize, hosts: &[String], port: u16) -> Result<()> {
    let now = now();
    for batch in (0..count).collect::<Vec<_>>().chunks(BATCH) {
        let tx = site.store.begin().await?;
        for &number in batch {
            let host = hosts.get(number % hosts.len()).context("there are hosts")?;
            let actor = stranger(number, &format!("{host}:{port}"), now)?;
            actors::insert(&tx, &actor, None, now).await?;
            let follow = actor.uri.join("#follow")?;
            follower_rows::insert(&tx, site.moor(), actor.id, &follow, now).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

fn stranger(number: usize, host: &str, now: Moment) -> Result<Actor> {
    let uri: Url = format!("http://{host}/users/{number}").parse()?;
    let below = |name: &str| Url::parse(&format!("{uri}/{name}"));
    Ok(Actor {
        id: ActorId(id(now, number)),
        local: false,
        kind: ActorKind::Person,
        handle: format!("user-{number}"),
        host: host.to_owned(),
        name: format!("User {number}"),
        summary: String::new(),
        page: uri.clone(),
        inbox: below("inbox")?,
        shared_inbox: None,
        followers: Some(below("followers")?),
        key_id: format!("{uri}#main-key"),
        public_key: String::new(),
        fetched: now,
        gone: None,
        paper: None,
        profile: Profile::default(),
        uri,
    })
}

/// The items of these numbers, calls and projects in turn, each with the activity that told of it. Gives the id of the
/// last call.
pub(super) async fn items(site: &Site, numbers: Range<usize>) -> Result<Url> {
    let addresses = Addresses::new(&site.moor.uri);
    let mut last = None;
    for batch in numbers.collect::<Vec<_>>().chunks(BATCH) {
        let tx = site.store.begin().await?;
        for &number in batch {
            let item = item(site, &addresses, number)?;
            last = (item.kind == ItemKind::Call).then(|| item.uri.clone()).or(last);
            publish(&tx, &addresses, seen(site, item), number).await?;
        }
        tx.commit().await?;
    }
    last.context("there is no call among them")
}

fn item(site: &Site, addresses: &Addresses, number: usize) -> Result<Item> {
    let kind = if number.is_multiple_of(2) { ItemKind::Project } else { ItemKind::Call };
    let published = now().plus(MINUTE * i64::try_from(number)? - AGES);
    let id = ItemId(id(published, number));
    Ok(Item {
        id,
        kind,
        home: site.moor(),
        uri: addresses.item(kind, id),
        page: addresses.item_page(kind, id),
        title: format!("A tree for street {number}"),
        text: prose(
            "We meet at the **bandstand** at ten. No experience is needed; there is tea, and gloves for small hands.",
        ),
        language: Language::english(),
        place: None,
        picture: None,
        published,
        edited: None,
        deleted: None,
        reach: Reach::Public,
        carriable: true,
        moved: None,
    })
}

fn seen(site: &Site, item: Item) -> ItemSeen {
    ItemSeen {
        item,
        home: site.moor.clone(),
        zone: "Europe/London".to_owned(),
        picture: None,
        causes: Vec::new(),
        replies: Vec::new(),
        reply_count: 0,
        likes: 0,
        boosts: 0,
        carries: 0,
    }
}

async fn publish(tx: &Tx, addresses: &Addresses, seen: ItemSeen, number: usize) -> Result<()> {
    let item = seen.item.clone();
    items::insert(tx, &item).await?;
    let object = if item.kind == ItemKind::Call {
        let call = Call::publish(item.id, &draft(), item.published)?;
        calls::insert(tx, &call).await?;
        let needs = call
            .needs
            .iter()
            .map(|need| NeedSeen { need: need.clone(), votes: 0, offered: 0, taken: 0 })
            .collect();
        wire::calls::object(
            &CallSeen { seen, call, needs, voters: 0, ended: None, project_uri: None },
            addresses,
        )
    } else {
        let need = "Two people who know how to talk to Highways";
        projects::insert(tx, item.id, need, &ProjectState::Active).await?;
        let project = ProjectSeen {
            seen,
            state: ProjectState::Active,
            need: need.to_owned(),
            nobodys: false,
            credit: None,
            credited: None,
            partners: Vec::new(),
        };
        wire::projects::object(&project, addresses)
    };
    let id = ActivityId(id(item.published, number));
    let activity = Activity {
        id,
        actor: item.home,
        item: Some(item.id),
        note: None,
        object: item.uri.to_string(),
        sequence: 1,
        verb: "Create".to_owned(),
        public: true,
        body: wire::document(&wire::activities::create(&addresses.activity(id), object)),
        created: item.published,
    };
    Ok(activities::append(tx, &activity).await?)
}

fn draft() -> CallDraft {
    CallDraft {
        project: None,
        why: "Summers get hotter.".to_owned(),
        closes: now().plus(400 * DAY),
        one_tap: true,
        needs: vec![
            (HelpKind::Time, "I can dig on Saturday".to_owned(), Some(12)),
            (HelpKind::Thing, "I can bring a spade".to_owned(), Some(6)),
            (HelpKind::Voice, String::new(), None),
        ],
    }
}

fn now() -> Moment {
    folkmoot_server::ports::Ports::real().clock.now()
}

/// An id for the moment, different for each number.
fn id(moment: Moment, number: usize) -> Uuid {
    let mut unique = [0; 10];
    let (_, last) = unique.split_at_mut(2);
    last.copy_from_slice(&(number as u64).to_be_bytes());
    uuid_from(moment.0, unique)
}
