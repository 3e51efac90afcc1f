//! A small instance with a fixed clock and counted randomness, so that every page is the same on every run.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use folkmoot_app::{
    App, Bells, By, actors, associations, calls, events, instance,
    keys::Vault,
    mails::{self, Letter},
    people, pledges,
    ports::{Clock, KeyMaker, KeyPair, Randomness},
    projects, replies, updates,
};
use folkmoot_domain::{
    ActorId, ItemId, Moment, PledgeId, ReplyId,
    actors::{Actor, ActorKind, Profile},
    addresses::Addresses,
    associations::{AssociationKind, AssociationSeen, Founding},
    calls::{CallDraft, HelpKind},
    events::EventDraft,
    items::Words,
    moments::{DAY, HOUR},
    people::Person,
    places::{Coarseness, Place},
    pledges::Door,
    roles::{Role, Who},
    text::{Handle, Language},
};
use folkmoot_storage::Store;
use folkmoot_web::{Contact, Settings};
use http_body_util::BodyExt;
use tower::ServiceExt;
use url::Url;

/// Thursday 11 June 2026, 9 am in Leeds.
pub const NOW: i64 = 1_781_164_800_000;

struct Hands(AtomicI64);

impl Clock for Hands {
    fn now(&self) -> Moment {
        Moment(self.0.load(Ordering::SeqCst))
    }
}

struct Counted(AtomicU64);

impl Randomness for Counted {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill(0);
        let count = self.0.fetch_add(1, Ordering::SeqCst).to_be_bytes();
        for (to, from) in buffer.iter_mut().rev().zip(count.iter().rev()) {
            *to = *from;
        }
    }
}

struct OneKey;

impl KeyMaker for OneKey {
    fn make(&self) -> Result<KeyPair, String> {
        Ok(KeyPair { private: vec![1, 2, 3], public: "-----BEGIN PUBLIC KEY-----".to_owned() })
    }
}

pub struct House {
    pub app: App,
    hands: Arc<Hands>,
    router: Router,
    folder: tempfile::TempDir,
}

/// What came back.
pub struct Answered {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answered {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The skeleton of the page: its main element, without the lines that templates leave empty.
    pub fn main(&self) -> String {
        let start = self.body.find("<main").expect("a page has a main element");
        let end = self.body.find("</main>").expect("a page has a main element");
        let lines = self.body[start..end].lines().filter(|line| !line.trim().is_empty());
        lines.collect::<Vec<_>>().join("\n")
    }
}

impl House {
    pub async fn new() -> Self {
        Self::at("https://hyde.example").await
    }

    /// A place for trying out, where letters are kept and shown.
    pub async fn showing_mail() -> Self {
        Self::made("https://hyde.example", true).await
    }

    pub async fn at(base: &str) -> Self {
        Self::made(base, false).await
    }

    async fn made(base: &str, shows_mail: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("folkmoot.sqlite").display());
        let store = Store::open(&url).await.unwrap();
        store.migrate().await.unwrap();
        let hands = Arc::new(Hands(AtomicI64::new(NOW)));
        let app = App {
            store,
            clock: hands.clone(),
            random: Arc::new(Counted(AtomicU64::new(1))),
            key_maker: Arc::new(OneKey),
            vault: Arc::new(Vault::new([7; 32]).unwrap()),
            addresses: Addresses::new(&Url::parse(base).unwrap()),
            bells: Arc::new(Bells::default()),
            remote: Arc::default(),
            ids: Arc::default(),
            blobs: folkmoot_storage::blobs::Blobs::in_memory(),
            limits: Arc::default(),
        };
        instance::establish(&app).await.unwrap();
        let settings = Settings {
            place: "Hyde Park, Leeds".to_owned(),
            contact: Contact { name: "Ruth Okafor".to_owned(), email: "ruth@hyde.example".to_owned() },
            source: None,
            secure_cookies: true,
            shows_mail,
            tiles: None,
        };
        let router = folkmoot_web::routes(app.clone(), settings);
        Self { app, hands, router, folder }
    }

    /// Lets time pass.
    pub fn later(&self, milliseconds: i64) {
        self.hands.0.fetch_add(milliseconds, Ordering::SeqCst);
    }

    /// The bytes of the database: equal only when nothing was written.
    pub fn bytes(&self) -> Vec<Vec<u8>> {
        let file = |name| -> PathBuf { self.folder.path().join(name) };
        ["folkmoot.sqlite", "folkmoot.sqlite-wal"].map(|name| std::fs::read(file(name)).unwrap()).into()
    }

    pub async fn send(&self, request: Request<Body>) -> Answered {
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = answer.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let body = String::from_utf8(body.to_vec()).unwrap();
        Answered { status: head.status, headers: head.headers, body }
    }

    /// What comes back when it is no text.
    pub async fn raw(&self, request: Request<Body>) -> (axum::http::response::Parts, Vec<u8>) {
        let (head, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        (head, body.collect().await.unwrap().to_bytes().to_vec())
    }

    pub async fn get(&self, path: &str) -> Answered {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub async fn get_as(&self, cookie: &str, path: &str) -> Answered {
        let request = Request::get(path).header(header::COOKIE, cookie);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Presses a button on one of our own pages.
    pub async fn press(&self, cookie: Option<&str>, path: &str, form: &str) -> Answered {
        let said = [("sec-fetch-site", "same-origin"), ("origin", "https://hyde.example")];
        self.post(cookie, path, form, &said).await
    }

    pub async fn post(
        &self,
        cookie: Option<&str>,
        path: &str,
        form: &str,
        said: &[(&str, &str)],
    ) -> Answered {
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in said {
            request = request.header(*name, *value);
        }
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
        }
        self.send(request.body(Body::from(form.to_owned())).unwrap()).await
    }

    pub async fn person(&self, name: &str, handle: &str) -> Person {
        let (handle, email) = (Handle::parse(handle).unwrap(), format!("{handle}@hyde.example"));
        people::enrol(&self.app, &By::operator(), name, &handle, &email).await.unwrap()
    }

    /// The path of a fresh sign-in link.
    pub async fn sign_in_link(&self, person: &Person) -> String {
        let link = people::sign_in_link(&self.app, &By::operator(), &person.email).await.unwrap();
        link.path().to_owned()
    }

    /// Signs somebody in; the cookie as a browser sends it back.
    pub async fn sign_in(&self, person: &Person) -> String {
        let answer = self.press(None, &self.sign_in_link(person).await, "").await;
        let cookie = answer.header("set-cookie");
        cookie.split(';').next().unwrap().to_owned()
    }

    /// The letters that wait for this address, oldest first.
    pub async fn letters_to(&self, address: &str) -> Vec<Letter> {
        let all = mails::list(&self.app, None, 100).await.unwrap().into_iter().rev();
        all.filter(|(stored, _)| stored.recipient == address).filter_map(|(_, letter)| letter).collect()
    }

    pub async fn association(&self, handle: &str, organiser: Option<ActorId>) -> AssociationSeen {
        associations::found(&self.app, &By::operator(), founding(handle), organiser).await.unwrap()
    }

    pub async fn make_steward(&self, person: ActorId, association: ActorId) {
        let tx = self.app.store.begin().await.unwrap();
        folkmoot_storage::people::give_role(&tx, person, association, Role::Steward).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn call(&self, home: ActorId, title: &str) -> ItemId {
        self.call_for(home, title, None).await
    }

    pub async fn call_for(&self, home: ActorId, title: &str, project: Option<ItemId>) -> ItemId {
        let draft = CallDraft { project, ..call_draft() };
        let seen = calls::publish(&self.app, &By::operator(), home, words(title), draft).await.unwrap();
        seen.seen.item.id
    }

    pub async fn project(&self, home: ActorId, title: &str) -> ItemId {
        let need = "Two people who know how to talk to Highways".to_owned();
        let draft = projects::ProjectDraft { words: words(title), need, active: true };
        projects::publish(&self.app, &By::operator(), home, draft).await.unwrap().seen.item.id
    }

    pub async fn event(&self, home: ActorId, title: &str, project: Option<ItemId>) -> ItemId {
        let starts = Moment(NOW + 2 * DAY + HOUR);
        let draft = EventDraft {
            project,
            starts,
            ends: starts.plus(2 * HOUR),
            zone: None,
            capacity: Some(40),
            online: Some(Url::parse("https://meet.example/trees").unwrap()),
        };
        let published = events::publish(&self.app, &By::operator(), home, words(title), draft).await;
        published.unwrap().seen.item.id
    }

    pub async fn update(&self, about: ItemId, text: &str) -> ItemId {
        let words = Words { title: String::new(), place: None, causes: Vec::new(), ..words("") };
        let words = Words { text: text.to_owned(), ..words };
        updates::publish(&self.app, &By::operator(), about, words).await.unwrap().seen.item.id
    }

    /// Somebody on another server.
    pub async fn stranger(&self, handle: &str, name: &str) -> Actor {
        let uri = Url::parse(&format!("https://aire.example/users/{handle}")).unwrap();
        let actor = Actor {
            id: self.app.id(),
            local: false,
            kind: ActorKind::Person,
            handle: handle.to_owned(),
            host: "aire.example".to_owned(),
            name: name.to_owned(),
            summary: String::new(),
            page: Url::parse(&format!("https://aire.example/@{handle}")).unwrap(),
            inbox: uri.join("inbox").unwrap(),
            shared_inbox: None,
            followers: None,
            key_id: format!("{uri}#main-key"),
            public_key: String::new(),
            fetched: Moment(NOW),
            gone: None,
            paper: None,
            profile: Profile::default(),
            uri,
        };
        actors::remember(&self.app, actor).await.unwrap()
    }

    /// A vote: the pledge, and the path of its receipt.
    pub async fn vote(&self, call: ItemId, giver: ActorId, option: &str) -> (PledgeId, String) {
        let answer = pledges::Answer {
            call,
            giver,
            option: option.to_owned(),
            vote: Some(format!("https://aire.example/votes/{giver}/{option}").replace(' ', "-")),
            door: Door::Vote,
        };
        let taken = pledges::take(&self.app, &By::operator(), answer).await.unwrap();
        let pledges::Taken::Pledge(id) = taken else { panic!("the call is over") };
        let pledge = folkmoot_storage::pledges::find(&self.app.store.rows(), id).await.unwrap().unwrap();
        (id, self.app.addresses.receipt(&pledge.receipt).path().to_owned())
    }

    /// A reply, held until somebody looks at it.
    pub async fn reply(&self, author: &Actor, item: ItemId, html: &str, direct: bool) -> ReplyId {
        let uri = Url::parse(&format!("{}/notes/{}", author.uri, self.app.secret())).unwrap();
        let written = replies::Written {
            uri: uri.clone(),
            item,
            html: html.to_owned(),
            direct,
            published: self.app.now(),
            edited: None,
        };
        let by = By { who: Who::Remote(author.id), arrival: None };
        replies::receive(&self.app, &by, written).await.unwrap();
        let known = folkmoot_storage::replies::by_uri(&self.app.store.rows(), uri.as_str()).await;
        known.unwrap().unwrap().id
    }
}

pub fn founding(handle: &str) -> Founding {
    Founding {
        handle: Handle::parse(handle).unwrap(),
        name: "Park Friends".to_owned(),
        about: "We look after **Woodhouse Moor**.".to_owned(),
        kind: AssociationKind::Residents,
        language: Language::english(),
        zone: "Europe/London".to_owned(),
        place: Some(place()),
        battles: vec!["StreetTrees".to_owned()],
        paper: None,
        joining: String::new(),
        safeguarding: String::new(),
        sample: false,
    }
}

pub fn place() -> Place {
    let point = Some((53.812_345, -1.560_321));
    Place::parse("Woodhouse Moor, by the bandstand", point, Coarseness::Neighbourhood).unwrap()
}

pub fn words(title: &str) -> Words {
    Words {
        title: title.to_owned(),
        text: "We meet at the **bandstand** at ten. There is tea.".to_owned(),
        language: None,
        place: Some(place()),
        causes: vec!["StreetTrees".to_owned(), "CoolerLeeds".to_owned()],
    }
}

/// Closes on Friday 12 June 2026 at 6 pm.
pub fn call_draft() -> CallDraft {
    CallDraft {
        project: None,
        why: "The storm took a third of our trees.".to_owned(),
        closes: Moment(NOW + DAY + 9 * HOUR),
        one_tap: true,
        needs: vec![
            (HelpKind::Time, "I can dig".to_owned(), Some(3)),
            (HelpKind::Voice, String::new(), None),
        ],
    }
}
