//! Every payload captured from other programs, and what we understand of it.
//!
//! The corpus stands outside of the repository (`../shared/corpus`, or `FOLKMOOT_CORPUS`). Without it this
//! test cannot run, and says so.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use folkmoot_domain::addresses::Addresses;
use folkmoot_wire::{
    Envelope, Incoming, Refused,
    actors::ActorRead,
    foreign::{ForeignItem, Said},
    incoming::{Act, Answer},
    nodeinfo::{NodeLinks, Software},
    understand, webfinger,
};
use serde_json::Value;
use url::Url;

fn corpus() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let corpus = std::env::var_os("FOLKMOOT_CORPUS").map_or(beside, PathBuf::from);
    corpus.is_dir().then_some(corpus)
}

#[test]
fn every_captured_payload_is_understood_or_calmly_declined() {
    let Some(corpus) = corpus() else {
        // Written past the capture of the test runner: nobody shall believe that this ran.
        let why = "no captured payloads at ../shared/corpus, and FOLKMOOT_CORPUS is not set";
        writeln!(std::io::stderr(), "\n*** LEFT OUT: {why}.\n").unwrap();
        return;
    };
    let mut read = 0;
    for group in groups(&corpus) {
        let mut report = String::new();
        for file in files(&group) {
            let name = file.strip_prefix(&group).unwrap().display();
            writeln!(report, "{name}\n    {}", outcome(&file)).unwrap();
            read += 1;
        }
        let name = group.strip_prefix(&corpus).unwrap().to_str().unwrap().replace(['/', '-'], "_");
        insta::assert_snapshot!(name, report);
    }
    assert!(read >= 200, "only {read} payloads found");
}

/// One group for each program.
fn groups(corpus: &Path) -> Vec<PathBuf> {
    let mut groups = Vec::new();
    for folder in ["live", "lemmy-tests"] {
        groups.extend(entries(&corpus.join(folder)).into_iter().filter(|path| path.is_dir()));
    }
    groups.extend([corpus.join("mobilizon-tests"), corpus.join("wordpress-tests")]);
    groups
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    entries
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let (folders, files): (Vec<_>, Vec<_>) = entries(folder).into_iter().partition(|path| path.is_dir());
    let mut all: Vec<_> =
        files.into_iter().filter(|file| file.extension().is_some_and(|kind| kind == "json")).collect();
    all.extend(folders.iter().flat_map(|folder| self::files(folder)));
    all
}

fn outcome(file: &Path) -> String {
    let bytes = fs::read(file).unwrap();
    let name = file.file_name().unwrap().to_str().unwrap();
    if name.ends_with(".headers.json") {
        return "headers of a request, not a body".to_owned();
    }
    let value: Value = serde_json::from_slice(&bytes).unwrap();
    // Two of the payloads were stored together with the answer they came in.
    match value.get("body").and_then(Value::as_str) {
        Some(body) => document(serde_json::from_str(body).unwrap(), name),
        None => document(value, name),
    }
}

fn document(value: Value, name: &str) -> String {
    let kind = value.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    let id = value.get("id").and_then(Value::as_str).and_then(|id| Url::parse(id).ok());
    match kind.as_str() {
        "" if name.contains("webfinger") => webfinger::Found::read(&value).map_or_else(
            |refused| refusal(&refused),
            |found| format!("{} is {}", found.subject, found.actor),
        ),
        "" => Software::read(&value)
            .map(|software| format!("runs {} {}", software.name, software.version))
            .or_else(|_| {
                let links = NodeLinks::read(&value)?;
                let [document, actor] =
                    [links.document, links.application].map(|url| url.map_or("-".to_owned(), String::from));
                Ok(format!("document {document}, own actor {actor}"))
            })
            .unwrap_or_else(|refused| refusal(&refused)),
        "OrderedCollection" | "Collection" => "a collection; none are read yet".to_owned(),
        "Person" | "Group" | "Service" | "Application" | "Organization" => {
            ActorRead::fetched(&value, &id.unwrap())
                .map_or_else(|refused| refusal(&refused), |actor| self::actor(&actor))
        }
        "Note" | "Page" | "Article" | "Event" | "Video" | "ChatMessage" => {
            ForeignItem::fetched(&value, &id.unwrap(), &ours())
                .map_or_else(|refused| refusal(&refused), |item| self::item(&item))
        }
        _ => activity(value).unwrap_or_else(|refused| refusal(&refused)),
    }
}

/// The server that the live payloads were sent to.
fn ours() -> Addresses {
    Addresses::new(&Url::parse("https://sut.test/").unwrap())
}

fn activity(value: Value) -> Result<String, Refused> {
    let envelope = Envelope::read(value)?;
    Ok(match understand(&envelope, &ours())? {
        Incoming::Item(item) => format!("Item {}", self::item(&item)),
        Incoming::UpdateObject(item) => format!("UpdateObject {}", self::item(&item)),
        Incoming::UpdateActor(actor) => format!("UpdateActor {}", self::actor(&actor)),
        Incoming::Reply(reply) => {
            format!("Reply {} to {}, {}", reply.uri, reply.in_reply_to, said(&reply.said))
        }
        Incoming::Vote(vote) => {
            format!(
                "Vote {:?} on {} by {}, id {:?}, says more: {}",
                vote.option,
                vote.question,
                vote.actor,
                vote.id,
                vote.reply.is_some()
            )
        }
        Incoming::NotUnderstood { verb, object_type, why } => {
            format!("not understood: {verb} of {}: {why}", object_type.as_deref().unwrap_or("an id"))
        }
        Incoming::Follow(act) => self::act("Follow", &act),
        Incoming::UndoFollow(act) => self::act("UndoFollow", &act),
        Incoming::Like(act) => self::act("Like", &act),
        Incoming::UndoLike(act) => self::act("UndoLike", &act),
        Incoming::Announce(act) => self::act("Announce", &act),
        Incoming::UndoAnnounce(act) => self::act("UndoAnnounce", &act),
        Incoming::Forwarded(act) => self::act("Forwarded", &act),
        Incoming::Block(act) => self::act("Block", &act),
        Incoming::UndoBlock(act) => self::act("UndoBlock", &act),
        Incoming::Join(joined) => self::act("Join", &joined.act),
        Incoming::Leave(act) => self::act("Leave", &act),
        Incoming::Accept(answer) => self::answer("Accept", &answer),
        Incoming::Reject(answer) => self::answer("Reject", &answer),
        Incoming::Delete { actor, object, former_type } => {
            format!("Delete {object} by {actor}, was {former_type:?}")
        }
        Incoming::Flag { actor, objects, words } => {
            format!("Flag of {:?} by {actor}: {words:?}", objects.iter().map(Url::as_str).collect::<Vec<_>>())
        }
        other => format!("{other:?}"),
    })
}

fn act(what: &str, act: &Act) -> String {
    format!("{what} {} by {}, id {:?}", act.object, act.actor, act.id)
}

fn answer(what: &str, answer: &Answer) -> String {
    let [asker, about] = [&answer.asker, &answer.about].map(|url| url.as_ref().map_or("-", Url::as_str));
    format!("{what} {:?} {:?} by {}, asked by {asker} about {about}", answer.kind, answer.id, answer.actor)
}

fn refusal(refused: &Refused) -> String {
    format!("refused: {refused}")
}

fn actor(actor: &ActorRead) -> String {
    format!(
        "{} {} @{} {:?} inbox {} shared {} followers {} page {} keys {:?} moved {:?} approves {}",
        actor.kind.word(),
        actor.id,
        actor.username,
        actor.name,
        actor.inbox,
        actor.shared_inbox.as_ref().map_or("-", Url::as_str),
        actor.followers.as_ref().map_or("-", Url::as_str),
        actor.page,
        actor.keys.iter().map(|key| &key.id).collect::<Vec<_>>(),
        actor.moved_to.as_ref().map(Url::as_str),
        actor.approves_followers,
    )
}

fn item(item: &ForeignItem) -> String {
    let event = item.event.as_ref().map(|event| {
        let starts = event.starts.map(folkmoot_domain::Moment::rfc3339);
        format!(
            " starts {starts:?} zone {:?} at {:?} {:?} cancelled {}",
            event.zone, event.place, event.point, event.cancelled
        )
    });
    format!(
        "{:?} {} by {} answers {} title {:?}{} {}",
        item.kind,
        item.uri,
        item.author,
        item.in_reply_to.as_ref().map_or("nothing", Url::as_str),
        item.title,
        event.unwrap_or_default(),
        said(&item.said)
    )
}

fn said(said: &Said) -> String {
    let html: String = said.html.chars().take(120).collect();
    format!(
        "{:?} {} published {} updated {} for {:?} mentions {} tags {:?} page {} warning {:?}: {html:?}",
        said.reach,
        said.language.as_ref().map_or("-", |tag| tag.as_str()),
        said.published.map_or("-".to_owned(), folkmoot_domain::Moment::rfc3339),
        said.updated.map_or("-".to_owned(), folkmoot_domain::Moment::rfc3339),
        said.ours.iter().map(Url::path).collect::<Vec<_>>(),
        said.mentions.len(),
        said.hashtags,
        said.page.path(),
        said.summary.as_ref().map(|text| text.chars().take(40).collect::<String>()),
    )
}
