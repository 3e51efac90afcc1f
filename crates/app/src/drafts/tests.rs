//! Drafts against a real file: what a rehearsal leaves, what pressing twice does, whose they are; and what changes after.

use folkmoot_domain::{
    calls::HelpKind, changes::ChangeKind, moments::HOUR, papers::Paper, people::Person, text::Handle,
};

use super::*;
use crate::{
    Error, associations, people,
    tests::{House, founding, words},
};

async fn person(house: &House, handle: &str) -> Person {
    let (handle, email) = (Handle::parse(handle).unwrap(), format!("{handle}@hyde.test"));
    people::enrol(&house.app, &By::operator(), "Somebody", &handle, &email).await.unwrap()
}

fn form(home: ActorId) -> Form {
    let fields = vec![("title".to_owned(), "Plant\ntrees".to_owned())];
    Form { home, kind: ItemKind::Call, title: "Plant\ntrees".to_owned(), fields }
}

fn call(house: &House) -> Content {
    let draft = CallDraft {
        project: None,
        why: String::new(),
        closes: house.app.now().plus(HOUR),
        one_tap: true,
        needs: vec![(HelpKind::Time, String::new(), Some(2))],
    };
    Content::Call(words("Plant trees"), draft)
}

#[tokio::test]
async fn a_rehearsal_leaves_nothing_and_reads_like_what_follows() {
    let house = House::new().await;
    let ruth = person(&house, "ruth").await;
    let by = By::person(ruth.id);
    let home = associations::found(&house.app, &by, founding("moor"), None).await.unwrap().actor.id;
    house.told().await;
    let id: DraftId = house.app.id();
    let draft = keep(&house.app, &by, id, form(home)).await.unwrap();
    assert_eq!((draft.title.as_str(), draft.fields.len()), ("Plant trees", 1));
    let Seen::Call(seen) = rehearse(&house.app, &by, id, call(&house)).await.unwrap() else {
        panic!("it is a call")
    };
    assert_eq!(call_rows::seen(&house.app.store.rows(), seen.call.id).await.unwrap(), None);
    assert_eq!(house.told().await, [], "nobody hears of a rehearsal");

    let item = publish(&house.app, &by, id, call(&house)).await.unwrap();
    let out = call_rows::seen(&house.app.store.rows(), item).await.unwrap().unwrap();
    assert_eq!((&out.needs, &out.seen.item.text), (&seen.needs, &seen.seen.item.text));
    assert_eq!(publish(&house.app, &by, id, call(&house)).await.unwrap(), item, "twice is once");
    let known = find(&house.app, &by, id).await.unwrap();
    assert!(known.item == Some(item) && known.fields.is_empty());
    let kept = keep(&house.app, &by, id, form(home)).await;
    assert!(matches!(kept, Err(Error::Refused(Refusal::Over("published")))));
    assert!(throw_away(&house.app, &by, id).await.is_err());
}

#[tokio::test]
async fn drafts_are_for_the_organisers_of_their_association() {
    let house = House::new().await;
    let (ruth, tom) = (person(&house, "ruth").await, person(&house, "tom").await);
    let (ruth, tom) = (By::person(ruth.id), By::person(tom.id));
    let home = associations::found(&house.app, &ruth, founding("moor"), None).await.unwrap().actor.id;
    let other = associations::found(&house.app, &tom, founding("other"), None).await.unwrap().actor.id;
    let id: DraftId = house.app.id();
    keep(&house.app, &ruth, id, form(home)).await.unwrap();
    let unknown = |error| matches!(error, Error::Refused(Refusal::Unknown("draft")));
    assert!(unknown(find(&house.app, &tom, id).await.unwrap_err()));
    assert!(unknown(keep(&house.app, &tom, id, form(other)).await.unwrap_err()));
    assert!(unknown(throw_away(&house.app, &tom, id).await.unwrap_err()));
    assert!(unknown(rehearse(&house.app, &tom, id, call(&house)).await.unwrap_err()));
    assert!(unknown(publish(&house.app, &tom, id, call(&house)).await.unwrap_err()));
    let theirs = keep(&house.app, &tom, house.app.id(), form(home)).await;
    assert!(matches!(theirs, Err(Error::Refused(Refusal::NotAnOrganiser))));
    // News of one association is not pinned by another.
    let news = Content::Update(house.call().await.call.id, words(""));
    assert!(publish(&house.app, &ruth, id, news).await.is_err());
    throw_away(&house.app, &ruth, id).await.unwrap();
    assert_eq!(drafts::list(&house.app.store.rows(), home).await.unwrap(), []);
}

#[tokio::test]
async fn a_call_changes_its_reason_and_its_project_but_not_its_poll() {
    let house = House::new().await;
    let (app, by) = (&house.app, By::operator());
    let before = house.call().await;
    let draft = ProjectDraft { words: words("A wood"), need: String::new(), active: true };
    let project = projects::publish(app, &by, house.park.actor.id, draft).await.unwrap().seen.item.id;
    let id = before.call.id;
    calls::change(app, &by, id, words("Plant oaks"), "It is hot.", Some(project), "Oaks now.").await.unwrap();
    let after = calls::seen(app, id).await.unwrap();
    assert_eq!((after.call.why.as_str(), after.call.project), ("It is hot.", Some(project)));
    assert_eq!((after.call.closes, &after.call.needs), (before.call.closes, &before.call.needs));
    assert_eq!(house.told().await.last(), Some(&ChangeKind::Edited));
    let nowhere = Some(ItemId(uuid::Uuid::nil()));
    assert!(calls::change(app, &by, id, words("Plant oaks"), "", nowhere, "").await.is_err());
    projects::change(app, &by, project, words("A wood"), "A van", "").await.unwrap();
    assert_eq!(projects::seen(app, project).await.unwrap().need, "A van");
}

#[tokio::test]
async fn an_association_says_how_to_join_and_on_which_paper() {
    let house = House::new().await;
    let (app, by, id) = (&house.app, By::operator(), house.park.actor.id);
    assert_eq!(house.park.actor.paper, None);
    let changes = associations::Changes {
        paper: Some(Paper::Lilac),
        joining: Some("Come along.".to_owned()),
        safeguarding: Some("Marion".to_owned()),
        zone: Some("Europe/Warsaw".to_owned()),
        ..associations::Changes::default()
    };
    let seen = associations::change(app, &by, id, changes).await.unwrap();
    assert_eq!((seen.actor.paper(), seen.association.zone.as_str()), (Paper::Lilac, "Europe/Warsaw"));
    assert_eq!(
        (seen.association.joining.as_str(), seen.association.safeguarding.as_str()),
        ("Come along.", "Marion")
    );
    assert_eq!(seen.actor.name, house.park.actor.name);
    for changes in [
        associations::Changes { zone: Some("Leeds".to_owned()), ..associations::Changes::default() },
        associations::Changes { joining: Some("x".repeat(1_001)), ..associations::Changes::default() },
        associations::Changes {
            battles: Some(["a", "b", "c", "d"].map(str::to_owned).into()),
            ..associations::Changes::default()
        },
    ] {
        assert!(associations::change(app, &by, id, changes).await.is_err());
    }
}
