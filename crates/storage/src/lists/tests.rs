//! Every filter, read both ways, against a plain search in memory; and that each finds its index.

use folkmoot_domain::{
    CauseId,
    actors::ActorKind,
    audiences::Reach,
    calls::{Call, CallDraft, CallState, HelpKind},
    causes::Cause,
    events::{Event, EventDraft},
    items::ItemKind,
    moments::DAY,
    places::{Coarseness, Place, Point},
    projects::ProjectState,
    text::{Language, Prose},
};
use url::Url;

use super::*;
use crate::{
    actors, calls, causes,
    deliveries::tests::fixture::{NOW, World, everywhere, id},
    events, projects,
};

const LEEDS: Point = Point { latitude: 53.81, longitude: -1.56 };

/// A board with two homes, one of them elsewhere, and three causes.
struct Board {
    world: World,
    elsewhere: ActorId,
    causes: Vec<CauseId>,
}

impl Board {
    async fn on(world: World) -> Self {
        let mut stranger = actors::find(&world.store.rows(), world.actor).await.unwrap().unwrap();
        stranger.id = id().into();
        stranger.local = false;
        stranger.kind = ActorKind::Group;
        stranger.uri = Url::parse("https://aire.example/ap/1").unwrap();
        let tx = world.store.begin().await.unwrap();
        actors::insert(&tx, &stranger, None, NOW).await.unwrap();
        let mut board = Self { world, elsewhere: stranger.id, causes: Vec::new() };
        for tag in ["Trees", "Food", "Homes"] {
            let cause = Cause {
                id: id().into(),
                home: board.world.actor,
                uri: Url::parse(&format!("https://home.example/ap/causes/{tag}")).unwrap(),
                page: Url::parse(&format!("https://home.example/causes/{tag}")).unwrap(),
                tag: tag.to_owned(),
            };
            causes::insert(&tx, &cause, true, NOW).await.unwrap();
            board.causes.push(cause.id);
        }
        tx.commit().await.unwrap();
        board
    }

    fn item(&self, kind: ItemKind, number: usize) -> Item {
        let id = ItemId(id());
        let url = |path: &str| Url::parse(&format!("https://home.example/{path}/{id}")).unwrap();
        let steps = i32::try_from(number % 20).unwrap();
        let point = (number % 3 != 2)
            .then(|| (LEEDS.latitude + f64::from(steps) * 0.011, LEEDS.longitude - f64::from(steps) * 0.007));
        Item {
            id,
            kind,
            home: if number % 4 == 1 { self.elsewhere } else { self.world.actor },
            uri: url("ap/calls"),
            page: url("calls"),
            title: format!("Number {number}"),
            text: Prose { source: String::new(), html: String::new() },
            language: Language::english(),
            place: Some(Place::parse("The Moor", point, Coarseness::Neighbourhood).unwrap()),
            picture: None,
            // Of some, several were published at once.
            published: NOW.plus(-1_000 * i64::try_from(number / 3).unwrap()),
            edited: None,
            deleted: (number % 11 == 10).then_some(NOW),
            reach: Reach::Public,
            carriable: true,
            moved: None,
        }
    }

    async fn head(&self, tx: &Tx, kind: ItemKind, number: usize) -> Item {
        let item = self.item(kind, number);
        items::insert(tx, &item).await.unwrap();
        items::show(tx, item.id, true).await.unwrap();
        // Half of them are tagged before they have a place in lists, as forms may do it.
        causes::set_for_item(tx, item.id, &self.causes[..number % 4]).await.unwrap();
        item
    }

    /// Calls that close one after the other from half in the past; some ended early, some are filled.
    async fn calls(&self, count: usize) {
        let tx = self.world.store.begin().await.unwrap();
        for number in 0..count {
            let item = self.head(&tx, ItemKind::Call, number).await;
            let kinds = [HelpKind::Time, HelpKind::Skill, HelpKind::Money];
            let mut needs = vec![(kinds[number % 3], "first".to_owned(), Some(2))];
            needs.push((kinds[number % 2], "second".to_owned(), None));
            let closes = NOW.plus(DAY / 8 * (i64::try_from(number / 2).unwrap() - 20));
            let draft = CallDraft { project: None, why: String::new(), closes, one_tap: false, needs };
            let mut call = Call::publish(item.id, &draft, Moment(0)).unwrap();
            calls::insert(&tx, &call).await.unwrap();
            call.state = match number % 7 {
                1 => CallState::Filled,
                3 => call.cancel("rain", NOW.plus(-DAY)).unwrap(),
                _ => continue,
            };
            calls::update(&tx, &call).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    async fn events(&self, count: usize) {
        let tx = self.world.store.begin().await.unwrap();
        for number in 0..count {
            let item = self.head(&tx, ItemKind::Event, number).await;
            let starts = NOW.plus(DAY / 6 * (i64::try_from(number).unwrap() - 30));
            let days = if number % 9 == 8 { 30 } else { i64::try_from(number % 3).unwrap() };
            let ends = starts.plus(DAY / 12 + DAY * days);
            let draft = EventDraft { project: None, starts, ends, zone: None, capacity: None, online: None };
            let event = Event::publish(item.id, &draft, "Europe/London", Moment(0)).unwrap();
            events::insert(&tx, &event).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    async fn projects(&self, count: usize) {
        let tx = self.world.store.begin().await.unwrap();
        for number in 0..count {
            let item = self.head(&tx, ItemKind::Project, number).await;
            let state = if number % 5 == 4 { ProjectState::Idea } else { ProjectState::Active };
            projects::insert(&tx, item.id, "", &state).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    fn questions(&self, kind: ItemKind) -> Vec<Asked> {
        let (ahead, week) = (Time::Ahead { from: NOW, until: None }, Some(NOW.plus(2 * DAY)));
        let week = Time::Ahead { from: NOW, until: week };
        let times = match kind {
            ItemKind::Project => vec![Time::Any],
            _ => vec![ahead, week, Time::Over(NOW), Time::Any],
        };
        let around = |metres| Some(Around { point: LEEDS, metres });
        let mut all = Vec::new();
        for time in times {
            let plain = Asked::at(time);
            all.extend([
                plain.clone(),
                Asked { home: Some(self.world.actor), ..plain.clone() },
                Asked { home: Some(self.world.actor), around: around(9_000), ..plain.clone() },
                Asked { here: Some(false), ..plain.clone() },
                Asked { cause: self.causes.first().copied(), ..plain.clone() },
                Asked { cause: self.causes.get(1).copied(), here: Some(true), ..plain.clone() },
                Asked { around: around(4_000), ..plain.clone() },
                Asked { around: around(9_000), cause: self.causes.first().copied(), ..plain.clone() },
                Asked { around: around(900_000), ..plain.clone() },
                Asked { placed: true, ..plain.clone() },
                Asked { within: Bounds::parse(53.8, -1.7, 53.9, -1.5), ..plain.clone() },
                Asked {
                    stage: Some(if kind == ItemKind::Project { "idea" } else { "open" }),
                    ..plain.clone()
                },
            ]);
            if kind == ItemKind::Call {
                all.extend([
                    Asked { help: Some(HelpKind::Skill), ..plain.clone() },
                    Asked { help: Some(HelpKind::Time), stage: Some("open"), ..plain.clone() },
                    Asked { help: Some(HelpKind::Time), around: around(9_000), here: Some(true), ..plain },
                ]);
            }
        }
        all
    }

    /// Each question, read whole, page by page, and back again.
    async fn ask(&self, kind: ItemKind) {
        let rows = self.world.store.rows();
        let mut found = 0;
        for asked in self.questions(kind) {
            let everything = choices(&rows, kind, &Asked::at(Time::Any), 1_000).await.unwrap();
            let mut expected: Vec<_> =
                everything.iter().filter(|choice| choice.fits(&asked)).map(|choice| choice.mark).collect();
            expected.sort_unstable();
            if falls(&asked) {
                expected.reverse();
            }
            let marks = async |turn, limit| marks(&rows, kind, &asked, turn, limit).await.unwrap();
            assert_eq!(marks(Turn::Start, 1_000).await, expected, "{kind:?} {asked:?}");
            let (mut turn, mut pages) = (Turn::Start, Vec::new());
            loop {
                let page = marks(turn, 3).await;
                let Some(last) = page.last() else { break };
                turn = Turn::After(*last);
                pages.push(page);
            }
            assert_eq!(pages.concat(), expected, "forwards: {kind:?} {asked:?}");
            for (page, next) in pages.iter().zip(pages.iter().skip(1)) {
                assert_eq!(&marks(Turn::Before(next[0]), 3).await, page, "back: {kind:?} {asked:?}");
            }
            if let Some(first) = expected.first() {
                assert_eq!(marks(Turn::Before(*first), 3).await, []);
            }
            found += expected.len();
        }
        assert!(found > 100, "these questions find something: {found}");
    }
}

#[tokio::test]
async fn calls_are_found_by_every_filter_both_ways() {
    everywhere(async |world| {
        let board = Board::on(world).await;
        board.calls(90).await;
        board.ask(ItemKind::Call).await;
        let wanting = calls::wanting(&board.world.store.rows(), NOW, 5).await.unwrap();
        assert_eq!(wanting.len(), 5);
        assert!(wanting.iter().all(|seen| seen.call.state == CallState::Open && seen.call.closes > NOW));
        assert!(wanting.is_sorted_by_key(|seen| seen.call.closes));
    })
    .await;
}

#[tokio::test]
async fn events_are_found_by_every_filter_both_ways() {
    everywhere(async |world| {
        let board = Board::on(world).await;
        board.events(90).await;
        board.ask(ItemKind::Event).await;
        let upcoming = events::upcoming(&board.world.store.rows(), NOW, 100).await.unwrap();
        // One that lasts a month and began days ago is among them.
        assert!(upcoming.iter().any(|seen| seen.event.starts < NOW.plus(-3 * DAY)));
        assert!(upcoming.iter().all(|seen| seen.event.ends > NOW));
    })
    .await;
}

#[tokio::test]
async fn projects_are_found_by_every_filter_both_ways() {
    everywhere(async |world| {
        let board = Board::on(world).await;
        board.projects(90).await;
        board.ask(ItemKind::Project).await;
    })
    .await;
}

#[tokio::test]
async fn places_are_found_by_what_is_shown_alone() {
    everywhere(async |world| {
        let board = Board::on(world).await;
        let tx = board.world.store.begin().await.unwrap();
        let mut item = board.item(ItemKind::Project, 0);
        let exact = (53.849_9, -1.549_9);
        item.place = Some(Place::parse("A home", Some(exact), Coarseness::Town).unwrap());
        items::insert(&tx, &item).await.unwrap();
        items::show(&tx, item.id, true).await.unwrap();
        projects::insert(&tx, item.id, "", &ProjectState::Active).await.unwrap();
        tx.commit().await.unwrap();
        let rows = board.world.store.rows();
        let near = async |latitude, longitude| {
            let point = Point { latitude, longitude };
            let asked = Asked { around: Some(Around { point, metres: 500 }), ..Asked::at(Time::Any) };
            marks(&rows, ItemKind::Project, &asked, Turn::Start, 9).await.unwrap().len()
        };
        assert_eq!(near(exact.0, exact.1).await, 0, "the exact place must not be told");
        assert_eq!(near(53.8, -1.5).await, 1);
    })
    .await;
}

/// 20 000 items, and every kind of question: SQLite says which index it takes, and sorts nothing but a page.
#[tokio::test]
async fn lists_are_read_from_their_index() {
    let board = Board::on(World::on_sqlite().await).await;
    let tx = board.world.store.begin().await.unwrap();
    fill(&tx, &board, 20_000).await;
    tx.commit().await.unwrap();
    let rows = board.world.store.rows();
    let plain = Asked::at(Time::Ahead { from: NOW, until: None });
    let around = Some(Around { point: LEEDS, metres: 5_000 });
    let mark = Mark { due: NOW.plus(DAY), item: ItemId(id()) };
    for (asked, index) in [
        (plain.clone(), "items_kind_due_at_id (kind=?"),
        (
            Asked { home: Some(board.world.actor), ..plain.clone() },
            "items_kind_home_due_at_id (kind=? AND home=?",
        ),
        (Asked { here: Some(true), ..plain.clone() }, "items_kind_here_due_at_id (kind=? AND here=?"),
        (Asked { stage: Some("open"), ..plain.clone() }, "items_kind_stage_due_at_id (kind=? AND stage=?"),
        (
            Asked {
                cause: board.causes.first().copied(),
                here: Some(true),
                stage: Some("open"),
                ..plain.clone()
            },
            "item_causes_cause_id_kind_due_at_item_id (cause_id=? AND kind=?",
        ),
        (Asked { help: Some(HelpKind::Time), ..plain.clone() }, "needs_kind_due_at_call_id (kind=?"),
        (
            Asked { around, stage: Some("open"), here: Some(true), ..plain.clone() },
            "items_kind_cell_due_at_id (kind=? AND cell=?",
        ),
    ] {
        for turn in [Turn::Start, Turn::After(mark), Turn::Before(mark)] {
            let query = Query::new(rows.0.get_database_backend(), ItemKind::Call, &asked, turn, 21);
            let sql = format!("EXPLAIN QUERY PLAN {}", query.sql);
            let plan = rows.0.query_all_raw(statement(&rows.0, &sql, query.values)).await.unwrap();
            let plan: Vec<String> = plan.iter().map(|row| row.try_get("", "detail").unwrap()).collect();
            let plan = plan.join("\n");
            let search = plan.lines().find(|line| line.contains(index));
            let bound = search.is_some_and(|line| {
                ["due_at>", "due_at,id)>", "_id)>"].iter().any(|bound| line.contains(bound))
            });
            assert!(bound, "{asked:?} {turn:?}\n{}\n{plan}", query.sql);
            assert!(!plan.contains("SCAN items"), "{plan}");
            let cells = asked.around.is_some();
            assert!(cells || !plan.contains("TEMP B-TREE"), "{asked:?} {turn:?} sorts:\n{plan}");
        }
    }
}

/// Rows as they would be, without the words.
async fn fill(tx: &Tx, board: &Board, count: usize) {
    let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) \
               INSERT INTO items (id, kind, home, uri, page, title, source, html, language, published_at, like_count, \
               boost_count, reply_count, here, stage, due_at, shown_latitude, shown_longitude, cell) \
               SELECT randomblob(16), 'call', $2, 'https://home.example/' || i, 'https://home.example/p', 't', '', '', 'en', \
               $3, 0, 0, 0, i % 2, CASE i % 9 WHEN 0 THEN 'filled' ELSE 'open' END, $3 + (i % 5000) * 100000 - 250000000, \
               53 + (i % 90) / 100.0, -1.5, (143 + 0) * 36000 + i % 50 FROM n";
    let values: [Value; 3] = [i64::try_from(count).unwrap().into(), board.world.actor.0.into(), NOW.0.into()];
    tx.0.execute_raw(statement(&tx.0, sql, values)).await.unwrap();
    let sql = "INSERT INTO calls (id, why, closes_at, one_tap, state, voter_count) \
               SELECT id, '', due_at, 0, stage, 0 FROM items";
    tx.0.execute_raw(statement(&tx.0, sql, [])).await.unwrap();
    let sql = "INSERT INTO needs (call_id, position, kind, label, vote_count, offered_count, taken_count, due_at) \
               SELECT id, 0, 'time', 'l', 0, 0, 0, due_at FROM items";
    tx.0.execute_raw(statement(&tx.0, sql, [])).await.unwrap();
    let sql =
        "INSERT INTO item_causes (item_id, cause_id, kind, due_at) SELECT id, $1, 'call', due_at FROM items";
    tx.0.execute_raw(statement(&tx.0, sql, [board.causes.first().unwrap().0.into()])).await.unwrap();
}

/// What the release before stored stands in lists, too.
#[tokio::test]
async fn what_was_stored_before_has_its_place_in_lists() {
    use folkmoot_migrations::{Migrator, MigratorTrait};
    use sea_orm::Database;

    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("old.db").display());
    let old = Database::connect(&url).await.unwrap();
    Migrator::up(&old, Some(1)).await.unwrap();
    let at = NOW.0;
    for sql in [
        "INSERT INTO actors (id, uri, local, kind, handle, host, name, summary, page, inbox, key_id, public_key, \
         published_count, follower_count, fetched_at, created_at) VALUES (x'00000000000000000000000000000001', 'https://h.example/1', \
         1, 'Group', 'friends', 'h.example', 'FRIENDS', '', 'https://h.example/@friends', 'https://h.example/i', '', '', 0, 0, 0, 0)"
            .to_owned(),
        "INSERT INTO associations (id, kind, about, language, zone, founded_at, sample) VALUES \
         (x'00000000000000000000000000000001', 'club', '', 'en', 'UTC', 0, 0)"
            .to_owned(),
        "INSERT INTO causes (id, home, uri, page, tag, tag_key, created_at) VALUES (x'00000000000000000000000000000002', \
         x'00000000000000000000000000000001', 'https://h.example/c', 'https://h.example/c', 'Trees', 'trees', 0)"
            .to_owned(),
        format!(
            "INSERT INTO items (id, kind, home, uri, page, title, source, html, language, place_name, latitude, longitude, \
             coarseness, published_at, like_count, boost_count, reply_count) \
             SELECT id, kind, x'00000000000000000000000000000001', 'https://h.example/' || kind, 'https://h.example/p', 't', '', '', \
             'en', 'The Moor', 53.812345, -1.567891, 'neighbourhood', {at}, 0, 0, 0 FROM \
             (SELECT x'00000000000000000000000000000003' AS id, 'call' AS kind UNION ALL \
             SELECT x'00000000000000000000000000000004', 'event' UNION ALL SELECT x'00000000000000000000000000000005', 'project')"
        ),
        format!(
            "INSERT INTO calls (id, why, closes_at, one_tap, state, voter_count) \
             VALUES (x'00000000000000000000000000000003', '', {}, 0, 'open', 0)",
            at + DAY
        ),
        "INSERT INTO needs (call_id, position, kind, label, vote_count, offered_count, taken_count) \
         VALUES (x'00000000000000000000000000000003', 0, 'time', 'l', 0, 0, 0)"
            .to_owned(),
        format!(
            "INSERT INTO events (id, starts_at, ends_at, zone, state) \
             VALUES (x'00000000000000000000000000000004', {}, {}, 'UTC', 'planned')",
            at + DAY,
            at + 30 * DAY
        ),
        "INSERT INTO projects (id, need, state) VALUES (x'00000000000000000000000000000005', '', 'idea')".to_owned(),
        "INSERT INTO item_causes (item_id, cause_id) SELECT id, x'00000000000000000000000000000002' FROM items".to_owned(),
    ] {
        old.execute_unprepared(&sql).await.unwrap();
    }
    old.close().await.unwrap();

    let store = crate::Store::open(&url.replace("?mode=rwc", "")).await.unwrap();
    store.migrate().await.unwrap();
    let rows = store.rows();
    let cause = Some(CauseId(Uuid::from_u128(2)));
    let around = Some(Around { point: Point { latitude: 53.81, longitude: -1.57 }, metres: 500 });
    let ahead = Asked { here: Some(true), around, ..Asked::at(Time::Ahead { from: NOW, until: None }) };
    let due = async |kind, asked: &Asked| {
        marks(&rows, kind, asked, Turn::Start, 9)
            .await
            .unwrap()
            .iter()
            .map(|mark| mark.due)
            .collect::<Vec<_>>()
    };
    let call = Asked { help: Some(HelpKind::Time), stage: Some("open"), ..ahead.clone() };
    assert_eq!(due(ItemKind::Call, &call).await, [NOW.plus(DAY)]);
    let fought = Asked { cause, ..ahead.clone() };
    assert_eq!(due(ItemKind::Call, &fought).await, [NOW.plus(DAY)]);
    assert_eq!(due(ItemKind::Event, &ahead).await, [NOW.plus(30 * DAY - LONGEST)]);
    let idea = Asked { stage: Some("idea"), cause, ..Asked::at(Time::Any) };
    assert_eq!(due(ItemKind::Project, &idea).await, [NOW]);
    let behind = async |key: &str| {
        let after = Some(crate::associations::Named { key: key.to_owned(), id: ActorId(Uuid::nil()) });
        let asked = crate::associations::Asked { after, limit: 9, ..Default::default() };
        crate::associations::page(&rows, &asked).await.unwrap().len()
    };
    assert_eq!((behind("e").await, behind("g").await), (1, 0));
}
