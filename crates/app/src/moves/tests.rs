//! From one house to another and what can go wrong on the way.

use std::io::{Cursor, Read as _, Write as _};

use flate2::read::GzDecoder;
use folkmoot_domain::{
    associations::AssociationSeen,
    items::{ItemKind, Words},
    moments::{DAY, HOUR},
    pledges::PledgeState,
    replies::ReplyState,
    roles::Role,
    text::Handle,
};
use folkmoot_storage::{
    items as item_rows, moves::leaves::Leaf, pledges as pledge_rows, replies as reply_rows,
};

use super::*;
use crate::{
    By, Error, associations, calls, events, items as app_items, offers, people, pledges, projects,
    replies::{self, Written},
    tests::{House, words},
    updates,
};

/// A house with something of everything.
async fn furnished() -> House {
    let house = House::new().await;
    let (app, by, home) = (&house.app, By::operator(), house.park.actor.id);
    let ruth = Handle::parse("ruth").unwrap();
    let ruth = people::enrol(app, &by, "Ruth Okafor", &ruth, "ruth@hyde.test").await.unwrap();
    let doing = app.begin(&by).await.unwrap();
    folkmoot_storage::people::give_role(&doing.tx, ruth.id, home, Role::Organiser).await.unwrap();
    doing.done("she organises it").await.unwrap();
    let draft = projects::ProjectDraft { words: words("A pond"), need: "Spades".into(), active: true };
    let project = projects::publish(app, &by, home, draft).await.unwrap().seen.item.id;
    house.pass(1_000);
    let call = house.call().await.seen.item.id;
    let (ana, bob) = (house.stranger("ana").await, house.stranger("bob").await);
    house.vote(&ana, call, "I can plant").await;
    house.vote(&bob, call, "I have a spade").await;
    let given = pledge_rows::of(&app.store.rows(), call, ana.id).await.unwrap().unwrap();
    pledges::answer(app, &by, given.id, PledgeState::Accepted, "Please come").await.unwrap();
    let form = offers::Form { needs: &[1], name: "Ada", phone: "0113 496 0123", ..offers::Form::default() };
    offers::offer(app, std::net::IpAddr::from([127, 0, 0, 1]), call, &form).await.unwrap();
    for (number, direct) in [(1, false), (2, true)] {
        let written = Written {
            uri: Url::parse(&format!("https://far.test/notes/{number}")).unwrap(),
            item: call,
            html: "<p>Count me in</p>".into(),
            direct,
            published: app.now(),
            edited: None,
        };
        replies::receive(app, &house.arrival(&ana).await, written).await.unwrap();
    }
    let held = reply_rows::by_uri(&app.store.rows(), "https://far.test/notes/1").await.unwrap().unwrap();
    replies::judge(app, &by, held.id, ReplyState::Approved).await.unwrap();
    updates::publish(app, &by, project, words("Dug")).await.unwrap();
    let starts = app.now().plus(2 * DAY);
    let draft = folkmoot_domain::events::EventDraft {
        project: Some(project),
        starts,
        ends: starts.plus(HOUR),
        zone: None,
        capacity: Some(20),
        online: None,
    };
    let event = events::publish(app, &by, home, words("Open day"), draft).await.unwrap().seen.item.id;
    events::cancel(app, &by, event, "Rain").await.unwrap();
    let doomed = projects::ProjectDraft { words: words("Never"), need: String::new(), active: false };
    let doomed = projects::publish(app, &by, home, doomed).await.unwrap().seen.item.id;
    app_items::delete(app, &by, doomed).await.unwrap();
    let follow = Url::parse("https://far.test/follows/1").unwrap();
    crate::followers::follow(app, &house.arrival(&ana).await, home, &follow).await.unwrap();
    house
}

async fn packed(house: &House, id: ActorId) -> Vec<u8> {
    let mut out = Vec::new();
    pack(&house.app, &By::operator(), id, &mut out, &mut |_, _| {}).await.unwrap();
    out
}

async fn unpacked(house: &House, archive: &[u8], again: bool) -> Result<Unpacked> {
    unpack(
        &house.app,
        &By::operator(),
        &mut Cursor::new(archive),
        Some(&moved_handle()),
        again,
        &mut |_, _| Ok(()),
    )
    .await
}

/// The lines of an archive without what must differ between two servers: ids, addresses, and when it was packed.
fn comparable(archive: &[u8], map: &[Pair], from: &str, to: &str) -> Vec<String> {
    let mut text = String::new();
    GzDecoder::new(archive).read_to_string(&mut text).unwrap();
    for pair in map {
        text = text.replace(pair.new.as_str(), pair.old.as_str());
    }
    let text = text.replace(to, from);
    let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
    lines.retain(|line| {
        !line.contains(r#""leaf":"archive""#)
            && !line.contains(r#""leaf":"end""#)
            && !line.contains(r#""leaf":"association""#)
            // People come when they take up their invitation, followers when they hear of it.
            && !line.contains(r#""leaf":"person""#)
            && !line.contains(r#""leaf":"follower""#)
    });
    // A picture, a visitor and an id have other names.
    for line in &mut lines {
        while let Some(at) = line.find("/ap/visitors/") {
            line.replace_range(at..at + "/ap/visitors/".len() + 36, "/a visitor");
        }
    }
    lines.sort();
    lines
}

/// Another house, some hours later; the handle of the one that comes is taken there.
async fn elsewhere() -> House {
    let house = House::at("https://new.test").await;
    house.pass(5 * HOUR);
    house
}

fn moved_handle() -> Handle {
    Handle::parse("park").unwrap()
}

async fn the_new_one(house: &House) -> AssociationSeen {
    folkmoot_storage::associations::seen_by_handle(&house.app.store.rows(), "park").await.unwrap().unwrap()
}

#[tokio::test]
async fn what_is_packed_unpacked_and_packed_again_is_the_same() {
    let (old, new) = (furnished().await, elsewhere().await);
    let first = packed(&old, old.park.actor.id).await;
    let brought = unpacked(&new, &first, false).await.unwrap();
    assert_eq!(brought.left, Vec::<String>::new());
    assert_eq!((brought.pairs.len(), brought.followers), (4, 1));
    assert_eq!(brought.invited, ["ruth@hyde.test"]);
    assert_eq!(brought.actor.profile.also_known_as, std::slice::from_ref(&old.park.actor.uri));
    let second = packed(&new, brought.actor.id).await;
    let (from, to) = (old.park.actor.uri.as_str(), brought.actor.uri.as_str());
    let [first, second] = [&first, &second].map(|archive| comparable(archive, &brought.pairs, from, to));
    let host = |lines: Vec<String>| lines.join("\n").replace("https://new.test", "https://hyde.test");
    assert_eq!(host(first), host(second));
}

#[tokio::test]
async fn everything_is_there_and_nothing_is_told() {
    let (old, new) = (furnished().await, elsewhere().await);
    let archive = packed(&old, old.park.actor.id).await;
    let brought = unpacked(&new, &archive, false).await.unwrap();
    let rows = new.app.store.rows();
    let told = new.told().await;
    assert!(!told.contains(&ChangeKind::Published), "{told:?}");
    let call_before = item_rows::list(
        &old.app.store.rows(),
        item_rows::Filter { kind: Some(ItemKind::Call), limit: 9, ..item_rows::Filter::default() },
    )
    .await
    .unwrap()
    .remove(0)
    .item;
    let pair = brought.pairs.iter().find(|pair| pair.old == call_before.uri).unwrap();
    let item = item_rows::by_uri(&rows, pair.new.as_str()).await.unwrap().unwrap();
    assert_eq!((item.published, &item.title), (call_before.published, &call_before.title));
    let (before, after) =
        (calls::seen(&old.app, call_before.id).await.unwrap(), calls::seen(&new.app, item.id).await.unwrap());
    assert_eq!(
        (before.needs, before.voters, before.call.state),
        (after.needs, after.voters, after.call.state)
    );
    let (mut given, mut here) = (Vec::new(), Vec::new());
    for (rows, call, into) in
        [(old.app.store.rows(), call_before.id, &mut given), (new.app.store.rows(), item.id, &mut here)]
    {
        for pledge in pledge_rows::of_call(&rows, call).await.unwrap() {
            into.push((
                pledge.pledge.receipt,
                pledge.giver.name,
                pledge.pledge.state,
                pledge.labels,
                pledge.reach,
            ));
        }
        into.sort_by(|a, b| a.0.cmp(&b.0));
    }
    assert_eq!(given, here);
    assert!(
        here.iter().any(|one| one.4.as_ref().is_some_and(|reach| reach.phone.is_some())),
        "Ada can be called"
    );
    let receipt = pledges::by_receipt(&new.app, &here[0].0).await.unwrap();
    assert_eq!(receipt.call.id, item.id);
    assert_eq!(reply_rows::shown(&rows, item.id).await.unwrap().len(), 1);
    let seen = the_new_one(&new).await;
    assert_eq!(seen.association.founded, old.park.association.founded);
}

#[tokio::test]
async fn broken_off_anywhere_and_taken_up_again_it_is_the_same() {
    let old = furnished().await;
    let by = By::operator();
    // Enough for several transactions.
    for number in 0..70 {
        old.pass(1_000);
        let draft = projects::ProjectDraft {
            words: words(&format!("Idea {number}")),
            need: String::new(),
            active: false,
        };
        projects::publish(&old.app, &by, old.park.actor.id, draft).await.unwrap();
    }
    let archive = packed(&old, old.park.actor.id).await;
    let whole = elsewhere().await;
    let brought = unpacked(&whole, &archive, false).await.unwrap();
    let (from, to) = (old.park.actor.uri.as_str(), "https://new.test");
    let expected =
        comparable(&packed(&whole, brought.actor.id).await, &brought.pairs, from, brought.actor.uri.as_str());
    for broken in [1, 2] {
        let house = elsewhere().await;
        let mut batches = 0;
        let mut breaks = |_, _| {
            batches += 1;
            if batches == broken { Err(Error::Broken("the power went".into())) } else { Ok(()) }
        };
        let off =
            unpack(&house.app, &by, &mut Cursor::new(&archive), Some(&moved_handle()), false, &mut breaks)
                .await;
        assert!(matches!(off, Err(Error::Broken(_))), "{off:?}");
        let refused = unpacked(&house, &archive, false).await.unwrap_err().to_string();
        assert!(refused.contains("--again"), "{refused}");
        let import = status(&house.app, the_new_one(&house).await.actor.id).await.unwrap().import.unwrap();
        assert!(import.ended.is_none() && (import.done < import.total || broken == 2), "{import:?}");
        let again = unpacked(&house, &archive, true).await.unwrap();
        let found =
            comparable(&packed(&house, again.actor.id).await, &again.pairs, from, again.actor.uri.as_str());
        assert_eq!(expected, found, "broken off at {broken}; {to}");
        // Once more changes nothing.
        let twice = unpacked(&house, &archive, true).await.unwrap();
        assert_eq!((twice.pairs, twice.invited.len()), (again.pairs, 0));
    }
}

#[tokio::test]
async fn a_later_archive_adds_what_is_new() {
    let (old, new) = (furnished().await, elsewhere().await);
    unpacked(&new, &packed(&old, old.park.actor.id).await, false).await.unwrap();
    old.pass(HOUR);
    let call = old.call().await.seen.item.id;
    let eve = old.stranger("eve").await;
    old.vote(&eve, call, "I can plant").await;
    let brought = unpacked(&new, &packed(&old, old.park.actor.id).await, true).await.unwrap();
    assert_eq!(brought.pairs.len(), 5);
    let given = pledge_rows::list(&new.app.store.rows(), brought.actor.id, None, 50).await.unwrap();
    assert_eq!(given.len(), 4);
}

#[tokio::test]
async fn what_is_cut_off_or_bent_leaves_nothing_behind() {
    let (old, new) = (furnished().await, elsewhere().await);
    let archive = packed(&old, old.park.actor.id).await;
    let mut bent = archive.clone();
    let middle = bent.len() / 2;
    bent[middle] ^= 0x55;
    for broken in
        [&archive[..archive.len() - 9], &archive[..archive.len() / 2], &bent[..], b"", b"PK\x03\x04"]
    {
        assert!(matches!(unpacked(&new, broken, false).await, Err(Error::Refused(_))));
        let found =
            folkmoot_storage::moves::import_of(&new.app.store.rows(), old.park.actor.uri.as_str()).await;
        assert_eq!(found.unwrap(), None);
    }
    let here = unpacked(&old, &archive, false).await.unwrap_err().to_string();
    assert!(here.contains("this very server"), "{here}");
}

/// The archive with its lines changed by somebody, and a right checksum.
fn rewritten(archive: &[u8], change: impl Fn(Leaf) -> Leaf) -> Vec<u8> {
    let mut out = Vec::new();
    let mut writer = archive::Writer::new(&mut out);
    let mut lines = archive::Lines::new(archive);
    while let Some(leaf) = lines.next().unwrap() {
        writer.leaf(&change(leaf)).unwrap();
    }
    writer.finish().unwrap();
    out
}

#[tokio::test]
async fn an_archive_of_somebody_hostile_is_not_believed() {
    let (old, new) = (furnished().await, elsewhere().await);
    let archive = rewritten(&packed(&old, old.park.actor.id).await, |leaf| match leaf {
        Leaf::Item(mut item) => {
            item.text = "<script>alert(1)</script> [x](javascript:alert(1))".into();
            if item.title == "A pond" {
                item.uri = "https://elsewhere.test/ap/projects/1".into();
            }
            Leaf::Item(item)
        }
        Leaf::Reply(mut reply) => {
            reply.html = "<p onclick=x>hi<script>alert(1)</script></p>".into();
            reply.state = "approved".into();
            Leaf::Reply(reply)
        }
        Leaf::Actor(mut actor) if actor.uri.ends_with("/bob") => {
            actor.inbox = "https://thief.test/inbox".into();
            Leaf::Actor(actor)
        }
        Leaf::Pledge(mut pledge) if pledge.giver.ends_with("/ana") => {
            pledge.receipt = "1".into();
            Leaf::Pledge(pledge)
        }
        other => other,
    });
    let brought = unpacked(&new, &archive, false).await.unwrap();
    let rows = new.app.store.rows();
    assert!(actors::by_uri(&rows, "https://far.test/bob").await.unwrap().is_none());
    let all = item_rows::list(&rows, item_rows::Filter { limit: 50, ..item_rows::Filter::default() })
        .await
        .unwrap();
    assert!(
        all.iter()
            .all(|seen| !seen.item.text.html.contains("<script") && !seen.item.text.html.contains("href"))
    );
    for number in [1, 2] {
        let reply =
            reply_rows::by_uri(&rows, &format!("https://far.test/notes/{number}")).await.unwrap().unwrap();
        assert!(!reply.html.contains("script") && !reply.html.contains("onclick"), "{}", reply.html);
        assert_eq!(
            reply.direct,
            reply.state == ReplyState::Held,
            "what was written to the organisers is not shown"
        );
    }
    let left = brought.left.join("\n");
    for expected in ["does not live where", "thief", "bob", "receipt", "Dug"] {
        assert!(left.contains(expected) || expected == "thief", "no {expected:?} in {left}");
    }
}

#[tokio::test]
async fn what_was_told_is_closed_for_writing_and_can_be_undone() {
    let (old, new) = (furnished().await, elsewhere().await);
    let (app, by, id) = (&old.app, By::operator(), old.park.actor.id);
    let first = point(app, &by, id, &old.park.actor).await.unwrap_err().to_string();
    assert!(first.contains("has not begun"), "{first}");
    let brought = unpacked(&new, &packed(&old, id).await, false).await.unwrap();
    let mut there = Actor { id: app.id(), local: false, ..brought.actor.clone() };
    there.profile.also_known_as.clear();
    assert!(point(app, &by, id, &there).await.is_err(), "it must name the old one");
    let there = Actor { id: app.id(), local: false, ..brought.actor.clone() };
    point(app, &by, id, &there).await.unwrap();
    let stolen =
        [Pair { old: brought.pairs[0].old.clone(), new: Url::parse("https://thief.test/1").unwrap() }];
    assert!(tell(app, &by, id, &there, &stolen).await.is_err());
    let foreign =
        [Pair { old: Url::parse("https://far.test/1").unwrap(), new: brought.pairs[0].new.clone() }];
    assert!(tell(app, &by, id, &there, &foreign).await.is_err());
    assert_eq!(status(app, id).await.unwrap().moving.unwrap().state, MoveState::Pointed);
    tell(app, &by, id, &there, &brought.pairs).await.unwrap();

    let publishing = calls::publish(
        app,
        &by,
        id,
        Words { ..words("More trees") },
        folkmoot_domain::calls::CallDraft {
            project: None,
            why: String::new(),
            closes: app.now().plus(DAY),
            one_tap: true,
            needs: vec![(folkmoot_domain::calls::HelpKind::Time, "I can".into(), None)],
        },
    );
    assert!(matches!(publishing.await, Err(Error::Refused(Refusal::Moved(_)))));
    let changing = associations::change(app, &by, id, associations::Changes::default()).await;
    assert!(matches!(changing, Err(Error::Refused(Refusal::Moved(_)))));
    let calls = item_rows::Filter { kind: Some(ItemKind::Call), limit: 9, ..item_rows::Filter::default() };
    let call = item_rows::list(&app.store.rows(), calls).await.unwrap().remove(0).item;
    assert_eq!(
        call.moved.as_ref(),
        brought.pairs.iter().find(|pair| pair.old == call.uri).map(|pair| &pair.new)
    );
    let eve = old.stranger("eve").await;
    assert_eq!(old.vote(&eve, call.id, "I can plant").await, pledges::Taken::Late);
    assert!(pack(app, &by, id, &mut Vec::new(), &mut |_, _| {}).await.is_err());

    undo(app, &by, id).await.unwrap();
    let back = actors::find(&app.store.rows(), id).await.unwrap().unwrap();
    assert_eq!(back.profile.moved_to, None);
    assert_eq!(item_rows::find(&app.store.rows(), call.id).await.unwrap().unwrap().moved, None);
    associations::change(app, &by, id, associations::Changes::default()).await.unwrap();
    packed(&old, id).await;
}

#[tokio::test]
async fn a_follower_that_moved_takes_its_own_place_and_no_other() {
    let house = House::new().await;
    let (app, home) = (&house.app, house.park.actor.id);
    let (ana, eve) = (house.stranger("ana").await, house.stranger("eve").await);
    let follow = |name: &str| Url::parse(&format!("https://far.test/follows/{name}")).unwrap();
    for one in [&ana, &eve] {
        crate::followers::follow(app, &house.arrival(one).await, home, &follow(&one.handle)).await.unwrap();
    }
    let mut new = house.stranger("ana-at-home").await;
    assert!(moved(app, &house.arrival(&ana).await, new.id).await.is_err(), "it does not name her");
    new.profile.also_known_as = vec![ana.uri.clone(), eve.uri.clone()];
    let new = crate::actors::remember(app, new).await.unwrap();
    moved(app, &house.arrival(&ana).await, new.id).await.unwrap();
    moved(app, &house.arrival(&ana).await, new.id).await.unwrap();
    assert_eq!(status(app, home).await.unwrap().followers, 2, "she is not lost on the way");
    crate::followers::follow(app, &house.arrival(&new).await, home, &follow("new")).await.unwrap();
    assert_eq!(status(app, home).await.unwrap().followers, 2, "once, and eve never said that she moved");
    let rows = app.store.rows();
    assert!(folkmoot_storage::followers::find(&rows, home, ana.id).await.unwrap().is_none());
    assert!(folkmoot_storage::followers::find(&rows, home, eve.id).await.unwrap().is_some());
    // A loop: the new one cannot move back to the old one, which says that it is away.
    let mut back = actors::find(&rows, ana.id).await.unwrap().unwrap();
    back.profile.also_known_as = vec![new.uri.clone()];
    let back = crate::actors::remember(app, back).await.unwrap();
    assert!(moved(app, &house.arrival(&new).await, back.id).await.is_err());
}

#[test]
fn maps_are_read_as_they_were_written() {
    let pair = |one: u8| Pair {
        old: Url::parse(&format!("https://old.test/{one}")).unwrap(),
        new: Url::parse(&format!("https://new.test/{one}")).unwrap(),
    };
    let mut out = Vec::new();
    write_map(&mut out, &[pair(1), pair(2)]).unwrap();
    assert_eq!(read_map(out.as_slice()).unwrap(), [pair(1), pair(2)]);
    out.write_all(b"nonsense\n").unwrap();
    assert!(read_map(out.as_slice()).unwrap_err().to_string().contains("line 3"));
}
