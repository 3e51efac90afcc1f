//! One association and what it publishes, as the reading shapes would show it.

use folkmoot_domain::{
    ActorId, AffiliationId, CauseId, DecisionId, ItemId, Moment, NoteId, PartnershipId, PledgeId, ReplyId,
    RsvpId,
    actors::{Actor, ActorKind, Profile},
    addresses::Addresses,
    adoptions::Credit,
    affiliations::{Affiliation, Proposal, TieKind, TieSeen, Word},
    associations::{Association, AssociationKind, AssociationSeen},
    audiences::Reach,
    calls::{Call, CallSeen, CallState, HelpKind, Need, NeedSeen},
    causes::Cause,
    decisions::{Ballot, Choice, Decision, DecisionSeen, Rule},
    events::{Event, EventSeen, EventState},
    ids::uuid_from,
    items::{Item, ItemKind, ItemSeen},
    partnerships::{Partnership, PartnershipSeen, PartnershipState},
    pictures::Picture,
    places::{Coarseness, Place, Point},
    pledges::{Door, Pledge, PledgeSeen, PledgeState},
    projects::{Partner, ProjectSeen, ProjectState},
    replies::{Reply, ReplySeen, ReplyState},
    rsvps::{Entry, Rsvp, RsvpSeen, RsvpState},
    text::{Handle, Language, Prose},
    updates::{About, UpdateSeen},
};
use folkmoot_wire::notes::NoteHead;
use url::Url;

const PEM: &str = "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----\n";

pub fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap()
}

pub fn addresses() -> Addresses {
    Addresses::new(&Url::parse("https://hyde.example/").unwrap())
}

pub fn item_id(number: u8) -> ItemId {
    ItemId(uuid_from(1_780_000_000_000, [number; 10]))
}

pub fn activity(number: u8) -> Url {
    addresses().activity(folkmoot_domain::ActivityId(uuid_from(1_780_000_000_000, [number; 10])))
}

pub fn group() -> Actor {
    let id = ActorId(uuid_from(1_770_000_000_000, [1; 10]));
    ours(id, ActorKind::Group, "park-friends", "Friends of Hyde Park", addresses().association(id))
}

pub fn instance() -> Actor {
    let id = ActorId(uuid_from(1_770_000_000_000, [2; 10]));
    ours(id, ActorKind::Application, "hyde.example", "hyde.example", addresses().instance())
}

pub fn ruth() -> Actor {
    let id = ActorId(uuid_from(1_770_000_000_000, [3; 10]));
    ours(id, ActorKind::Person, "ruth", "Ruth", addresses().person(id))
}

fn ours(id: ActorId, kind: ActorKind, handle: &str, name: &str, uri: Url) -> Actor {
    let page = match kind {
        ActorKind::Application => addresses().base().clone(),
        _ => addresses().profile(&Handle::parse(handle).unwrap()),
    };
    Actor {
        id,
        local: true,
        kind,
        handle: handle.to_owned(),
        host: addresses().host(),
        name: name.to_owned(),
        summary: "<p>We look after the park.</p>".to_owned(),
        page,
        inbox: addresses().under(&uri, "inbox"),
        shared_inbox: Some(addresses().shared_inbox()),
        followers: Some(addresses().under(&uri, "followers")),
        key_id: format!("{uri}#main-key"),
        public_key: PEM.to_owned(),
        fetched: at("2026-01-10T00:00:00Z"),
        gone: None,
        paper: None,
        profile: Profile { discoverable: true, ..Profile::default() },
        uri,
    }
}

pub fn bob() -> Actor {
    let url = |path: &str| Url::parse("https://social.example").unwrap().join(path).unwrap();
    Actor {
        id: ActorId(uuid_from(1_770_000_000_000, [9; 10])),
        uri: url("/users/bob"),
        local: false,
        kind: ActorKind::Person,
        handle: "bob".to_owned(),
        host: "social.example".to_owned(),
        name: "Bob & co".to_owned(),
        summary: String::new(),
        page: url("/@bob"),
        inbox: url("/users/bob/inbox"),
        shared_inbox: Some(url("/inbox")),
        followers: Some(url("/users/bob/followers")),
        key_id: "https://social.example/users/bob#main-key".to_owned(),
        public_key: PEM.to_owned(),
        fetched: at("2026-05-01T00:00:00Z"),
        gone: None,
        paper: None,
        profile: Profile { discoverable: true, ..Profile::default() },
    }
}

/// An association of another Folkmoot.
pub fn moor() -> Actor {
    let url = |path: &str| Url::parse("https://moot.example").unwrap().join(path).unwrap();
    Actor {
        id: ActorId(uuid_from(1_770_000_000_000, [10; 10])),
        uri: url("/ap/associations/moor"),
        kind: ActorKind::Group,
        handle: "moor".to_owned(),
        host: "moot.example".to_owned(),
        name: "Friends of the Moor".to_owned(),
        page: url("/@moor"),
        inbox: url("/ap/associations/moor/inbox"),
        shared_inbox: Some(url("/ap/inbox")),
        followers: Some(url("/ap/associations/moor/followers")),
        key_id: "https://moot.example/ap/associations/moor#main-key".to_owned(),
        ..bob()
    }
}

/// What it published.
pub fn walk() -> Item {
    let url = |path: &str| Url::parse("https://moot.example").unwrap().join(path).unwrap();
    let seen = seen(ItemKind::Event, 20, "Walk the <moor>", "<p>Boots.</p>");
    Item { home: moor().id, uri: url("/ap/events/20"), page: url("/events/20"), ..seen.item }
}

pub fn cause() -> Cause {
    let id = CauseId(uuid_from(1_770_000_000_000, [5; 10]));
    Cause {
        id,
        home: group().id,
        uri: addresses().cause(id),
        page: addresses().cause_page("urbantrees"),
        tag: "UrbanTrees".to_owned(),
    }
}

pub fn bandstand() -> Place {
    let point = Some(Point { latitude: 53.811_234, longitude: -1.0 });
    Place { name: "Hyde Park, by the bandstand".to_owned(), point, shown: Coarseness::Street }
}

pub fn association() -> AssociationSeen {
    AssociationSeen {
        actor: group(),
        association: Association {
            id: group().id,
            kind: AssociationKind::MutualAid,
            about: "We look after the park.".to_owned(),
            language: Language::english(),
            zone: "Europe/London".to_owned(),
            place: Some(bandstand()),
            joining: String::new(),
            safeguarding: String::new(),
            founded: at("2026-01-10T00:00:00Z"),
            closed: None,
            sample: false,
        },
        battles: vec![cause()],
        followers: 12,
        published: 4,
    }
}

pub fn seen(kind: ItemKind, number: u8, title: &str, html: &str) -> ItemSeen {
    let id = item_id(number);
    ItemSeen {
        item: Item {
            id,
            kind,
            home: group().id,
            uri: addresses().item(kind, id),
            page: addresses().item_page(kind, id),
            title: title.to_owned(),
            text: Prose { source: String::new(), html: html.to_owned() },
            language: Language::english(),
            place: Some(bandstand()),
            picture: None,
            published: at("2026-05-20T08:00:00Z"),
            edited: None,
            deleted: None,
            reach: Reach::Public,
            carriable: true,
            moved: None,
        },
        home: group(),
        zone: "Europe/London".to_owned(),
        picture: None,
        causes: vec![cause()],
        replies: vec![Url::parse("https://social.example/users/bob/statuses/1").unwrap()],
        reply_count: 1,
        likes: 3,
        boosts: 2,
        carries: 0,
    }
}

pub fn picture() -> Picture {
    Picture {
        id: uuid_from(1_780_000_000_000, [9; 10]).into(),
        home: group().id,
        alt: "Two people plant a tree by the bandstand".to_owned(),
        width: 1_600,
        height: 1_067,
    }
}

pub fn project() -> ProjectSeen {
    ProjectSeen {
        seen: seen(ItemKind::Project, 1, "An orchard for everyone", "<p>Forty fruit trees.</p>"),
        state: ProjectState::Active,
        need: "spades and people".to_owned(),
        nobodys: false,
        credit: None,
        credited: None,
        partners: Vec::new(),
    }
}

/// An association elsewhere that works with ours.
pub fn growers() -> Actor {
    let url = |path: &str| Url::parse("https://kirkstall.example").unwrap().join(path).unwrap();
    Actor {
        id: ActorId(uuid_from(1_770_000_000_000, [8; 10])),
        uri: url("/ap/associations/8"),
        kind: ActorKind::Group,
        handle: "growers".to_owned(),
        host: "kirkstall.example".to_owned(),
        name: "Kirkstall Growers".to_owned(),
        page: url("/@growers"),
        inbox: url("/ap/associations/8/inbox"),
        shared_inbox: Some(url("/ap/inbox")),
        followers: Some(url("/ap/associations/8/followers")),
        key_id: "https://kirkstall.example/ap/associations/8#main-key".to_owned(),
        ..bob()
    }
}

/// Our project with a partner, which takes up an idea of theirs.
pub fn shared_project() -> ProjectSeen {
    let uri = Url::parse("https://kirkstall.example/ap/projects/1").unwrap();
    ProjectSeen {
        credit: Some(Credit { uri, words: "A wood for everyone, by Kirkstall Growers".to_owned() }),
        credited: Some(growers()),
        partners: vec![Partner { actor: growers(), role: "host".to_owned() }],
        ..project()
    }
}

/// A role in our project that they offered, and one in theirs that we did.
pub fn partnership(ours: bool) -> PartnershipSeen {
    let (home, partner) = if ours { (group(), growers()) } else { (growers(), group()) };
    let base = if ours { "https://kirkstall.example" } else { "https://hyde.example" };
    let mut project = project().seen.item;
    if !ours {
        project.uri = Url::parse("https://kirkstall.example/ap/projects/1").unwrap();
    }
    PartnershipSeen {
        partnership: Partnership {
            id: PartnershipId(uuid_from(1_780_000_000_000, [5; 10])),
            uri: format!("{base}/ap/partnerships/5"),
            project: project.id,
            partner: partner.id,
            role: "host".to_owned(),
            words: "We have a yard\nand <forty> pots.".to_owned(),
            answer: "Wonderful.".to_owned(),
            state: PartnershipState::Offered,
            offer: format!("{base}/ap/activities/5"),
            offered: at("2026-05-20T09:00:00Z"),
            answered: None,
            ended: None,
            ended_by: None,
        },
        project,
        home,
        partner,
    }
}

pub fn call() -> CallSeen {
    let needs = vec![
        need(0, HelpKind::Time, "I can plant on Saturday", Some(4), 2),
        need(1, HelpKind::Thing, "I can bring a spade", Some(2), 0),
        need(2, HelpKind::Voice, "I can pass this on", None, 1),
    ];
    CallSeen {
        seen: seen(ItemKind::Call, 2, "Plant 40 trees & smile", "<p>Bring gloves.</p>"),
        call: Call {
            id: item_id(2),
            project: Some(item_id(1)),
            why: "Shade in July".to_owned(),
            closes: at("2026-06-13T17:00:00Z"),
            one_tap: true,
            needs: needs.iter().map(|need| need.need.clone()).collect(),
            state: CallState::Open,
        },
        needs,
        voters: 2,
        ended: None,
        project_uri: Some(addresses().item(ItemKind::Project, item_id(1))),
    }
}

fn need(position: i16, kind: HelpKind, label: &str, wanted: Option<i32>, taken: i64) -> NeedSeen {
    NeedSeen {
        need: Need { position, kind, label: label.to_owned(), wanted },
        votes: taken,
        offered: 0,
        taken,
    }
}

pub fn event() -> EventSeen {
    EventSeen {
        seen: seen(ItemKind::Event, 3, "Planting day", "<p>Tea at eleven.</p>"),
        event: Event {
            id: item_id(3),
            project: Some(item_id(1)),
            starts: at("2026-06-13T10:00:00+01:00"),
            ends: at("2026-06-13T12:00:00+01:00"),
            zone: "Europe/London".to_owned(),
            capacity: Some(20),
            online: None,
            state: EventState::Planned,
        },
        project_uri: Some(addresses().item(ItemKind::Project, item_id(1))),
        going: 7,
    }
}

pub fn update() -> UpdateSeen {
    UpdateSeen {
        seen: seen(ItemKind::Update, 4, "", "<p>Half of the trees stand.</p>"),
        about: Some(about()),
    }
}

pub fn about() -> About {
    About {
        id: item_id(2),
        kind: ItemKind::Call,
        uri: addresses().item(ItemKind::Call, item_id(2)),
        page: addresses().item_page(ItemKind::Call, item_id(2)),
        title: "Plant 40 trees & smile".to_owned(),
    }
}

pub fn pledge(state: PledgeState, answer: &str) -> PledgeSeen {
    PledgeSeen {
        pledge: Pledge {
            offer: None,
            agreement: None,
            id: PledgeId(uuid_from(1_780_000_000_000, [7; 10])),
            call: item_id(2),
            giver: bob().id,
            state,
            door: Door::Vote,
            needs: vec![0, 2],
            note: String::new(),
            answer: answer.to_owned(),
            receipt: "s3cr3t".to_owned(),
            offered: at("2026-05-21T09:00:00Z"),
            answered: None,
        },
        giver: bob(),
        home: group(),
        call: about(),
        labels: vec!["I can plant on Saturday".to_owned(), "I can pass this on".to_owned()],
        reach: None,
    }
}

pub fn rsvp(state: RsvpState, answer: &str) -> RsvpSeen {
    RsvpSeen {
        rsvp: Rsvp {
            id: RsvpId(uuid_from(1_780_000_000_000, [8; 10])),
            event: item_id(3),
            goer: bob().id,
            state,
            entry: Entry::Elsewhere,
            note: String::new(),
            answer: answer.to_owned(),
            receipt: "s3cr3t".to_owned(),
            join: None,
            asked: at("2026-05-21T09:00:00Z"),
            answered: None,
        },
        goer: bob(),
        home: group(),
        event: About {
            id: item_id(3),
            kind: ItemKind::Event,
            uri: addresses().item(ItemKind::Event, item_id(3)),
            page: addresses().item_page(ItemKind::Event, item_id(3)),
            title: "Planting day".to_owned(),
        },
        reach: None,
    }
}

pub fn reply() -> ReplySeen {
    let id = ReplyId(uuid_from(1_780_000_000_000, [9; 10]));
    ReplySeen {
        reply: Reply {
            id,
            uri: addresses().reply(id),
            home: ruth().id,
            item: item_id(2),
            html: "<p>Is there <strong>tea</strong>?</p>".to_owned(),
            direct: false,
            state: ReplyState::Held,
            published: at("2026-06-02T08:00:00Z"),
            edited: None,
            received: at("2026-06-02T08:00:00Z"),
        },
        author: ruth(),
        about: about(),
    }
}

/// Calls `say` with the head of a Note by our association.
pub fn note<T>(number: u8, say: impl FnOnce(NoteHead<'_>) -> T) -> T {
    let (speaker, language, addresses) = (group(), Language::english(), addresses());
    say(NoteHead {
        id: NoteId(uuid_from(1_780_000_000_000, [number; 10])),
        at: at("2026-06-14T08:00:00Z"),
        speaker: &speaker,
        language: &language,
        addresses: &addresses,
    })
}

/// The growers are a member of the group's alliance: the group proposed it.
pub fn tie() -> TieSeen {
    let (umbrella, member) = (group(), growers());
    let tie = Affiliation::propose(Proposal {
        id: AffiliationId(item_id(90).0),
        uri: addresses().affiliation(AffiliationId(item_id(90).0)),
        offer: activity(90).into(),
        member: member.id,
        umbrella: umbrella.id,
        kind: TieKind::Member,
        mandate: "Trees for every street.\nTogether.".into(),
        proposer: umbrella.id,
        at: at("2026-06-01T10:00:00Z"),
    });
    let mut tie = tie.unwrap();
    tie.hear(member.id, Word::Accept, at("2026-06-02T10:00:00Z")).unwrap();
    tie.stamp = Some(format!("{}/stamps/1", member.uri));
    TieSeen { tie, member, umbrella }
}

/// The group asks the growers, who are against it.
pub fn decision() -> DecisionSeen {
    let (alliance, member) = (group(), growers());
    let id = DecisionId(item_id(91).0);
    let ballot = Ballot {
        association: member.id,
        choice: Choice::Against,
        words: "The bats would lose their roost.".into(),
        vote: None,
        at: at("2026-06-03T10:00:00Z"),
    };
    DecisionSeen {
        decision: Decision {
            id,
            uri: addresses().decision(id),
            alliance: alliance.id,
            title: "Shall we plant the Headrow?".into(),
            text: Prose { source: "It costs nothing.".into(), html: "<p>It costs nothing.</p>".into() },
            rule: Rule::TwoThirds,
            asked: at("2026-06-02T10:00:00Z"),
            closes: at("2026-06-16T10:00:00Z"),
            closed: None,
        },
        alliance,
        electors: vec![member],
        ballots: vec![ballot],
        record: None,
    }
}
