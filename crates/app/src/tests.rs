//! Use cases against a real SQLite file: what each leaves in the database and in the outbox.

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use folkmoot_domain::{
    ActorId, ItemId, Moment,
    actors::{Actor, ActorKind, Profile},
    associations::{AssociationKind, AssociationSeen, Founding},
    calls::{CallDraft, CallSeen, CallState, HelpKind},
    changes::ChangeKind,
    items::Words,
    moments::{HOUR, MINUTE},
    pledges::{Door, PledgeState},
    reactions::Reaction,
    replies::ReplyState,
    text::{Handle, Language},
};
use folkmoot_storage::{arrivals::Arrival, changes as change_rows, replies as reply_rows};
use url::Url;

use super::*;
use crate::{
    pledges::{Answer, Taken},
    ports::KeyPair,
    replies::Written,
};

const NOON: i64 = 1_780_000_000_000;

#[derive(Default)]
struct StoppedClock(AtomicI64);
impl Clock for StoppedClock {
    fn now(&self) -> Moment {
        Moment(NOON + self.0.load(Ordering::SeqCst))
    }
}

#[derive(Default)]
struct Counter(AtomicU64);
impl Randomness for Counter {
    fn fill(&self, buffer: &mut [u8]) {
        let next = self.0.fetch_add(1, Ordering::SeqCst).to_be_bytes();
        buffer.fill(0);
        let start = buffer.len().saturating_sub(8);
        buffer[start..].copy_from_slice(&next);
    }
}

struct NoKeys;
impl KeyMaker for NoKeys {
    fn make(&self) -> std::result::Result<KeyPair, String> {
        Ok(KeyPair { private: vec![1, 2, 3], public: "a key".into() })
    }
}

pub(crate) struct House {
    pub(crate) app: App,
    clock: Arc<StoppedClock>,
    pub(crate) park: AssociationSeen,
    _folder: tempfile::TempDir,
}

impl House {
    pub(crate) async fn new() -> Self {
        Self::at("https://hyde.test").await
    }

    /// A house under another address.
    pub(crate) async fn at(base: &str) -> Self {
        let (app, clock, folder) = Self::empty(base).await;
        let park = associations::found(&app, &By::operator(), founding("park-friends"), None).await.unwrap();
        Self { app, clock, park, _folder: folder }
    }

    async fn empty(base: &str) -> (App, Arc<StoppedClock>, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let store =
            Store::open(&format!("sqlite://{}/folkmoot.sqlite", folder.path().display())).await.unwrap();
        store.migrate().await.unwrap();
        let clock = Arc::new(StoppedClock::default());
        let app = App {
            store,
            clock: clock.clone(),
            random: Arc::new(Counter::default()),
            key_maker: Arc::new(NoKeys),
            vault: Arc::new(Vault::new([7; 32]).unwrap()),
            addresses: Addresses::new(&Url::parse(base).unwrap()),
            bells: Arc::default(),
            remote: Arc::default(),
            ids: Arc::default(),
            blobs: folkmoot_storage::blobs::Blobs::in_memory(),
            limits: Arc::default(),
        };
        instance::establish(&app).await.unwrap();
        (app, clock, folder)
    }

    pub(crate) fn pass(&self, milliseconds: i64) {
        self.clock.0.fetch_add(milliseconds, Ordering::SeqCst);
    }

    pub(crate) async fn call(&self) -> CallSeen {
        let draft = CallDraft {
            project: None,
            why: String::new(),
            closes: self.app.now().plus(48 * HOUR),
            one_tap: true,
            needs: vec![
                (HelpKind::Time, "I can plant".into(), Some(1)),
                (HelpKind::Thing, "I have a spade".into(), None),
            ],
        };
        calls::publish(&self.app, &By::operator(), self.park.actor.id, words("Plant trees"), draft)
            .await
            .unwrap()
    }

    pub(crate) async fn stranger(&self, name: &str) -> Actor {
        let uri = Url::parse(&format!("https://far.test/{name}")).unwrap();
        let actor = Actor {
            id: self.app.id(),
            local: false,
            kind: ActorKind::Person,
            handle: name.into(),
            host: "far.test".into(),
            name: name.into(),
            summary: String::new(),
            page: uri.clone(),
            inbox: uri.join("inbox").unwrap(),
            shared_inbox: None,
            followers: None,
            key_id: format!("{uri}#main-key"),
            public_key: String::new(),
            fetched: self.app.now(),
            gone: None,
            paper: None,
            profile: Profile::default(),
            uri,
        };
        actors::remember(&self.app, actor).await.unwrap()
    }

    /// An activity that has come in from this actor, to be finished by what it does.
    pub(crate) async fn arrival(&self, actor: &Actor) -> By {
        let id: ArrivalId = self.app.id();
        let arrival = Arrival {
            id,
            activity: id.to_string(),
            digest: String::new(),
            actor: actor.uri.to_string(),
            verb: "Create".into(),
            body: "{}".into(),
            attempts: 0,
            received: self.app.now(),
        };
        assert!(arrivals::store(&self.app, &arrival).await.unwrap());
        By::remote(actor.id, id)
    }

    pub(crate) async fn vote(&self, actor: &Actor, call: ItemId, option: &str) -> Taken {
        let answer = Answer { call, giver: actor.id, option: option.into(), vote: None, door: Door::Vote };
        pledges::take(&self.app, &self.arrival(actor).await, answer).await.unwrap()
    }

    /// The kinds of the changes that are due, in the order they will be told; they are told by that.
    pub(crate) async fn told(&self) -> Vec<ChangeKind> {
        let due = changes::due(&self.app, 100).await.unwrap();
        for change in &due {
            assert!(changes::tell(&self.app, change, Vec::new()).await.unwrap());
        }
        due.into_iter().map(|change| change.kind).collect()
    }
}

pub(crate) fn founding(handle: &str) -> Founding {
    Founding {
        handle: Handle::parse(handle).unwrap(),
        name: "Park Friends".into(),
        about: "We look after **Hyde Park**.".into(),
        kind: AssociationKind::Residents,
        language: Language::english(),
        zone: "Europe/London".into(),
        place: None,
        battles: vec!["#Trees".into()],
        paper: None,
        joining: String::new(),
        safeguarding: String::new(),
        sample: false,
    }
}

pub(crate) fn words(title: &str) -> Words {
    Words {
        title: title.into(),
        text: "On Saturday.".into(),
        language: None,
        place: None,
        causes: vec!["trees".into()],
    }
}

#[tokio::test]
async fn founding_says_welcome_and_takes_the_handle_for_good() {
    let house = House::new().await;
    assert_eq!(house.told().await, [ChangeKind::Founded]);
    assert_eq!(house.park.battles.len(), 1);
    let again = associations::found(&house.app, &By::operator(), founding("park-friends"), None).await;
    assert!(matches!(again, Err(Error::Refused(Refusal::HandleTaken(_)))));
    let renamed =
        associations::Changes { handle: Some(Handle::parse("park").unwrap()), ..Default::default() };
    associations::change(&house.app, &By::operator(), house.park.actor.id, renamed).await.unwrap();
    let rows = house.app.store.rows();
    for handle in ["park", "park-friends"] {
        let seen = folkmoot_storage::associations::seen_by_handle(&rows, handle).await.unwrap().unwrap();
        assert_eq!(seen.actor.page.path(), "/@park");
    }
}

#[tokio::test]
async fn only_organisers_publish() {
    let house = House::new().await;
    let somebody = By::person(house.app.id::<ActorId>());
    let draft = projects::ProjectDraft { words: words("Trees"), need: String::new(), active: true };
    let refused = projects::publish(&house.app, &somebody, house.park.actor.id, draft.clone()).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::NotAnOrganiser))));
    let nobody = items::nobody(&house.app).await.unwrap();
    let project = projects::publish(&house.app, &By::operator(), nobody, draft).await.unwrap();
    assert!(project.nobodys);
}

#[tokio::test]
async fn ticks_of_one_giver_are_one_pledge_with_one_receipt() {
    let house = House::new().await;
    let call = house.call().await.call.id;
    house.told().await;
    let ann = house.stranger("ann").await;
    let first = house.vote(&ann, call, "I can plant").await;
    let second = house.vote(&ann, call, "I have a spade").await;
    assert_eq!(first, second);
    assert_eq!(house.vote(&ann, call, "I can plant").await, first);
    assert_eq!(house.told().await, []);
    house.pass(MINUTE);
    assert_eq!(house.told().await, [ChangeKind::PledgeOffered, ChangeKind::Tallied]);
    let seen = calls::seen(&house.app, call).await.unwrap();
    assert_eq!(seen.voters, 1);
    assert_eq!(
        seen.needs.iter().map(|need| (need.votes, need.offered)).collect::<Vec<_>>(),
        [(1, 1), (1, 1)]
    );
    // The next tally waits for a quarter of an hour.
    house.vote(&house.stranger("ben").await, call, "I can plant").await;
    house.pass(MINUTE);
    assert_eq!(house.told().await, [ChangeKind::PledgeOffered]);
    house.pass(14 * MINUTE);
    assert_eq!(house.told().await, [ChangeKind::Tallied]);
}

#[tokio::test]
async fn an_accepted_pledge_fills_the_call_and_taking_it_back_opens_it() {
    let house = House::new().await;
    let call = house.call().await.call.id;
    let ann = house.stranger("ann").await;
    let Taken::Pledge(pledge) = house.vote(&ann, call, "I can plant").await else { panic!("not taken") };
    let accepted = PledgeState::Accepted;
    let seen = pledges::answer(&house.app, &By::operator(), pledge, accepted, "Bring gloves").await.unwrap();
    assert_eq!(seen.labels, ["I can plant"]);
    assert_eq!(calls::seen(&house.app, call).await.unwrap().call.state, CallState::Filled);
    pledges::withdraw(&house.app, &seen.pledge.receipt).await.unwrap();
    let after = calls::seen(&house.app, call).await.unwrap();
    assert_eq!(after.call.state, CallState::Open);
    assert_eq!((after.needs[0].votes, after.needs[0].offered, after.needs[0].taken), (1, 0, 0));
    // Voting again offers it again.
    house.vote(&ann, call, "I have a spade").await;
    let again = calls::seen(&house.app, call).await.unwrap();
    assert_eq!((again.needs[0].offered, again.needs[1].offered, again.voters), (1, 1, 1));
}

#[tokio::test]
async fn a_late_vote_is_told_so_once() {
    let house = House::new().await;
    let call = house.call().await.call.id;
    let ann = house.stranger("ann").await;
    calls::close(&house.app, &By::operator(), call, "Forty trees stand.", "").await.unwrap();
    house.told().await;
    assert_eq!(house.vote(&ann, call, "I can plant").await, Taken::Late);
    assert_eq!(house.vote(&ann, call, "I can plant").await, Taken::Late);
    assert_eq!(house.told().await, [ChangeKind::VotedLate]);
}

#[tokio::test]
async fn an_arrival_takes_effect_once() {
    let house = House::new().await;
    let call = house.call().await.call.id;
    let ann = house.stranger("ann").await;
    let by = house.arrival(&ann).await;
    for _ in 0..2 {
        reactions::react(&house.app, &by, Reaction::Like, call, "https://far.test/like").await.unwrap();
    }
    reactions::unreact(&house.app, &by, Reaction::Like, call, None).await.unwrap();
    // The second and third came with an arrival that was finished: they left no trace.
    assert_eq!(calls::seen(&house.app, call).await.unwrap().seen.likes, 1);
    let later = house.arrival(&ann).await;
    reactions::unreact(&house.app, &later, Reaction::Like, call, None).await.unwrap();
    assert_eq!(calls::seen(&house.app, call).await.unwrap().seen.likes, 0);
}

#[tokio::test]
async fn replies_are_held_edited_by_time_and_stay_dead() {
    let house = House::new().await;
    let call = house.call().await.call.id;
    let (ann, eve) = (house.stranger("ann").await, house.stranger("eve").await);
    let uri = Url::parse("https://far.test/note/1").unwrap();
    let written = |direct| Written {
        uri: uri.clone(),
        item: call,
        html: "<p>Hello</p>".into(),
        direct,
        published: house.app.now(),
        edited: None,
    };
    replies::receive(&house.app, &house.arrival(&ann).await, written(false)).await.unwrap();
    let found = || async { reply_rows::by_uri(&house.app.store.rows(), uri.as_str()).await.unwrap() };
    let id = found().await.unwrap().id;
    replies::judge(&house.app, &By::operator(), id, ReplyState::Approved).await.unwrap();
    assert_eq!(calls::seen(&house.app, call).await.unwrap().seen.replies, std::slice::from_ref(&uri));
    let later = Some(house.app.now().plus(5_000));
    let stolen =
        replies::edit(&house.app, &house.arrival(&eve).await, &uri, "<p>Mine</p>", later, false).await;
    assert!(matches!(stolen, Err(Error::Refused(Refusal::NotTheOwner(_)))));
    for edited in [later, Some(house.app.now())] {
        replies::edit(&house.app, &house.arrival(&ann).await, &uri, "<p>Hello you</p>", edited, false)
            .await
            .unwrap();
    }
    let reply = found().await.unwrap();
    assert_eq!(
        (reply.html.as_str(), reply.state, reply.edited),
        ("<p>Hello you</p>", ReplyState::Held, later)
    );
    assert_eq!(calls::seen(&house.app, call).await.unwrap().seen.reply_count, 0);
    replies::remove(&house.app, &house.arrival(&ann).await, &uri).await.unwrap();
    replies::receive(&house.app, &house.arrival(&ann).await, written(false)).await.unwrap();
    assert!(found().await.is_none());
}

#[tokio::test]
async fn what_is_deleted_has_lost_its_words() {
    let house = House::new().await;
    let call = house.call().await.call.id;
    items::delete(&house.app, &By::operator(), call).await.unwrap();
    let item = folkmoot_storage::items::find(&house.app.store.rows(), call).await.unwrap().unwrap();
    assert_eq!((item.title.as_str(), item.text.html.as_str()), ("", ""));
    assert!(matches!(calls::seen(&house.app, call).await, Err(Error::Refused(Refusal::Unknown("call")))));
    assert!(items::delete(&house.app, &By::operator(), call).await.is_err());
}

#[tokio::test]
async fn whoever_is_gone_leaves_nothing_behind() {
    let house = House::new().await;
    let call = house.call().await.call.id;
    let ann = house.stranger("ann").await;
    followers::follow(&house.app, &house.arrival(&ann).await, house.park.actor.id, &ann.uri).await.unwrap();
    reactions::react(&house.app, &house.arrival(&ann).await, Reaction::Boost, call, "https://far.test/b")
        .await
        .unwrap();
    house.vote(&ann, call, "I can plant").await;
    actors::forget(&house.app, &house.arrival(&ann).await).await.unwrap();
    let seen = calls::seen(&house.app, call).await.unwrap();
    assert_eq!((seen.seen.boosts, seen.needs[0].offered), (0, 0));
    assert_eq!(associations::seen(&house.app, house.park.actor.id).await.unwrap().followers, 0);
}

#[tokio::test]
async fn a_change_that_cannot_be_said_holds_back_only_its_own_object() {
    let house = House::new().await;
    house.told().await;
    let (stuck, free) = (house.call().await.call.id, house.call().await.call.id);
    items::edit(&house.app, &By::operator(), stuck, words("Plant more trees"), "").await.unwrap();
    let due = changes::due(&house.app, 10).await.unwrap();
    changes::postpone(&house.app, &due[0], "no words").await.unwrap();
    let due = changes::due(&house.app, 10).await.unwrap();
    assert_eq!(due.iter().map(|change| change.object).collect::<Vec<_>>(), [free.0]);
    house.pass(5 * MINUTE);
    assert_eq!(house.told().await, [ChangeKind::Published, ChangeKind::Published, ChangeKind::Edited]);
    let (waiting, due) = change_rows::waiting(&house.app.store.rows(), house.app.now()).await.unwrap();
    assert_eq!((waiting, due), (2, 0), "only the two ends of the calls are still ahead");
}

#[tokio::test]
async fn sign_in_links_work_once() {
    let house = House::new().await;
    let handle = Handle::parse("ruth").unwrap();
    people::enrol(&house.app, &By::operator(), "Ruth", &handle, "ruth@hyde.test").await.unwrap();
    let link = people::sign_in_link(&house.app, &By::operator(), "Ruth@hyde.test").await.unwrap();
    let secret = link.path_segments().unwrap().next_back().unwrap();
    assert!(people::link_is_good(&house.app, secret).await.unwrap());
    let session = people::sign_in(&house.app, secret, "Firefox on Linux").await.unwrap();
    assert_eq!(people::signed_in(&house.app, &session).await.unwrap().unwrap().handle, handle);
    assert!(!people::link_is_good(&house.app, secret).await.unwrap());
    let again = people::sign_in(&house.app, secret, "").await;
    assert!(matches!(again, Err(Error::Refused(Refusal::LinkSpent))));
    people::sign_out(&house.app, &session).await.unwrap();
    assert!(people::signed_in(&house.app, &session).await.unwrap().is_none());
}

#[tokio::test]
async fn a_blocked_server_is_told_nothing() {
    let house = House::new().await;
    blocks::block(&house.app, &By::operator(), "*.Far.test", "spam").await.unwrap();
    for (host, blocked) in
        [("far.test", true), ("a.far.test", true), ("notfar.test", false), ("FAR.test.", true)]
    {
        assert_eq!(blocks::is_blocked(&house.app, host).await.unwrap(), blocked, "{host}");
    }
    let inboxes = ["https://a.far.test/inbox", "https://near.test/inbox"].map(str::to_owned).to_vec();
    assert_eq!(blocks::without_blocked(&house.app, inboxes).await.unwrap(), ["https://near.test/inbox"]);
}

#[tokio::test]
async fn ids_of_one_millisecond_keep_their_order() {
    let house = House::new().await;
    let ids: Vec<Uuid> = (0..10_000).map(|_| house.app.id()).collect();
    assert!(ids.is_sorted_by(|one, next| one < next));
}

#[tokio::test]
async fn what_was_noted_early_and_is_due_late_holds_up_nothing() {
    let house = House::new().await;
    let call = house.call().await.call.id;
    house.told().await;
    // The second tally waits for a quarter of an hour; many receipts noted after it are due before it.
    house.vote(&house.stranger("ann").await, call, "I can plant").await;
    house.pass(MINUTE);
    house.told().await;
    for name in 0..3 {
        house.vote(&house.stranger(&format!("ben{name}")).await, call, "I can plant").await;
    }
    house.pass(HOUR);
    let [receipts @ .., tally] = house.told().await.try_into().unwrap_or([ChangeKind::Ended; 4]);
    assert_eq!((receipts, tally), ([ChangeKind::PledgeOffered; 3], ChangeKind::Tallied));
}
