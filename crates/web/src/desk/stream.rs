//! What those an association listens to publish and pass on: its private stream, or those of all of mine together.
//!
//! `?for=` names one of mine, `?from=` one connection, `?kind=` a noun; `?before=` reads on. Start at [`page`].

use askama::Template;
use axum::{
    Router,
    extract::{Query, State, rejection::QueryRejection},
    routing::get,
};
use folkmoot_app::{By, connections, streams};
use folkmoot_domain::{
    ActorId, ItemId, Moment,
    associations::AssociationSeen,
    carries::CarryState,
    items::ItemKind,
    streams::{NounSeen, StreamAsked, StreamEntry, StreamMark},
};
use serde::Deserialize;

use crate::{
    Web,
    assets::Sheet,
    calls, events,
    frame::{Answer, Frame, draw},
    problems::Problem,
    projects,
    rows::Row,
    sessions::SignedIn,
    shapes, words,
};

/// How many things are on a page.
const PAGE: usize = 20;

pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/desk/stream", get(page))
}

#[derive(Deserialize, Default)]
struct Wanted {
    #[serde(default, rename = "for")]
    handle: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    before: String,
}

/// One thing in the stream.
struct Line {
    row: Row,
    heading: &'static str,
    /// Where it can be read: here when it is shown here, else where it lives.
    href: Option<String>,
    here: bool,
    when: String,
    /// Through whom it came, when not from its home.
    via: String,
    excerpt: String,
    pinned: bool,
    /// What my associations made of it: a name and a word.
    carried: Vec<(String, &'static str)>,
    /// Where it can be carried, for each of mine that does not carry it: a name and an address.
    carry: Vec<(String, String)>,
}

/// A way to see less: words, an address, and whether it is the one that is taken.
struct Way {
    words: String,
    href: String,
    taken: bool,
}

#[derive(Template)]
#[template(path = "desk/stream.html")]
struct StreamPage {
    frame: Frame,
    lead: String,
    connections: String,
    whose: Vec<Way>,
    kinds: Vec<Way>,
    from: Vec<Way>,
    lines: Vec<Line>,
    older: Option<String>,
    listens: bool,
}

async fn page(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Answer {
    let wanted = wanted.map(|Query(wanted)| wanted).unwrap_or_default();
    let mine = super::organised(&web.rows(), &person).await?;
    if mine.is_empty() {
        return Err(Problem::Missing);
    }
    let chosen: Vec<&AssociationSeen> =
        mine.iter().filter(|seen| wanted.handle.is_empty() || seen.actor.handle == wanted.handle).collect();
    let Some(first) = chosen.first() else { return Err(Problem::Missing) };
    let by = By::person(person.id);
    let asked = asked(&wanted, &chosen);
    let found = streams::read(&web.app, &by, &asked).await?;
    let zone = &first.association.zone;
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let from = targets(&web, &by, &chosen, &wanted).await?;
    let connections = match chosen.as_slice() {
        [only] => format!("/desk/@{}/connections", only.actor.handle),
        _ => "/desk/connections".to_owned(),
    };
    draw(&StreamPage {
        frame: Frame::new(&web, "Your stream").secret().with(Sheet::Desk),
        lead: lead(&chosen),
        connections,
        whose: whose(&mine, &wanted),
        kinds: kinds(&wanted),
        listens: from.len() > 1,
        from,
        older: found.next.map(|mark| wanted.at(|wanted| wanted.before = marked(mark))),
        lines: found.entries.iter().map(|entry| line(&web, entry, &chosen, &zone)).collect(),
    })
}

fn lead(chosen: &[&AssociationSeen]) -> String {
    match chosen {
        [only] => format!("What those {} listens to publish. Only its organisers see this.", only.actor.name),
        _ => "What those your associations listen to publish. Only organisers see this.".to_owned(),
    }
}

fn asked(wanted: &Wanted, chosen: &[&AssociationSeen]) -> StreamAsked {
    StreamAsked {
        seekers: chosen.iter().map(|seen| seen.actor.id).collect(),
        from: wanted.from.parse().ok(),
        kind: ItemKind::parse(&wanted.kind),
        before: mark(&wanted.before),
        limit: PAGE,
    }
}

/// `<milliseconds>-<id>`.
fn mark(text: &str) -> Option<StreamMark> {
    let (at, item) = text.split_once('-')?;
    Some(StreamMark { at: Moment(at.parse().ok()?), item: item.parse::<ItemId>().ok()? })
}

fn marked(mark: StreamMark) -> String {
    format!("{}-{}", mark.at.0, mark.item)
}

impl Wanted {
    /// The address of this page with something else wanted; it begins at the newest.
    fn at(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut next = Self {
            handle: self.handle.clone(),
            from: self.from.clone(),
            kind: self.kind.clone(),
            before: String::new(),
        };
        change(&mut next);
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in
            [("for", &next.handle), ("from", &next.from), ("kind", &next.kind), ("before", &next.before)]
        {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        if query.is_empty() { "/desk/stream".to_owned() } else { format!("/desk/stream?{query}") }
    }
}

fn whose(mine: &[AssociationSeen], wanted: &Wanted) -> Vec<Way> {
    if mine.len() < 2 {
        return Vec::new();
    }
    let all = Way {
        words: "All of mine".to_owned(),
        href: wanted.at(|wanted| wanted.handle = String::new()),
        taken: wanted.handle.is_empty(),
    };
    let each = mine.iter().map(|seen| Way {
        words: seen.actor.name.clone(),
        href: wanted.at(|wanted| wanted.handle.clone_from(&seen.actor.handle)),
        taken: seen.actor.handle == wanted.handle,
    });
    std::iter::once(all).chain(each).collect()
}

fn kinds(wanted: &Wanted) -> Vec<Way> {
    let all = Way {
        words: "Everything".to_owned(),
        href: wanted.at(|wanted| wanted.kind = String::new()),
        taken: wanted.kind.is_empty(),
    };
    let each = ItemKind::ALL.into_iter().map(|kind| Way {
        words: if kind == ItemKind::Update { "News".to_owned() } else { capital(kind.plural()) },
        href: wanted.at(|wanted| kind.word().clone_into(&mut wanted.kind)),
        taken: kind.word() == wanted.kind,
    });
    std::iter::once(all).chain(each).collect()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Whom one can look at alone.
async fn targets(
    web: &Web,
    by: &By,
    chosen: &[&AssociationSeen],
    wanted: &Wanted,
) -> Result<Vec<Way>, Problem> {
    let mut ways = vec![Way {
        words: "Everybody".to_owned(),
        href: wanted.at(|wanted| wanted.from = String::new()),
        taken: wanted.from.is_empty(),
    }];
    let mut known: Vec<ActorId> = Vec::new();
    for seen in chosen {
        for one in connections::list(&web.app, by, seen.actor.id).await? {
            let id = one.target.id;
            if !known.contains(&id) {
                known.push(id);
                ways.push(Way {
                    words: one.target.name.clone(),
                    href: wanted.at(|wanted| wanted.from = id.to_string()),
                    taken: wanted.from == id.to_string(),
                });
            }
        }
    }
    Ok(ways)
}

fn line(web: &Web, entry: &StreamEntry, chosen: &[&AssociationSeen], zone: &jiff::tz::TimeZone) -> Line {
    let (seen, now) = (entry.noun.seen(), web.now());
    let row = match &entry.noun {
        NounSeen::Project(project) => projects::row(project),
        NounSeen::Call(call) => calls::row(call, now),
        NounSeen::Event(event) => events::row(event, now),
        NounSeen::Update(_) => Row::new(seen, String::new()),
    };
    let here = seen.home.local || entry.carried.iter().any(|(_, state)| *state == CarryState::Carried);
    let href = if here { Some(row.path.clone()) } else { words::web_link(&seen.item.page) };
    let passing: Vec<&str> =
        entry.via.iter().filter(|actor| actor.id != seen.home.id).map(|actor| actor.name.as_str()).collect();
    let named = |id: ActorId| chosen.iter().find(|mine| mine.actor.id == id);
    let carried = entry.carried.iter().filter_map(|(id, state)| {
        let word = match state {
            CarryState::Carried => "carries it",
            CarryState::Waiting => "may carry it: a rule found it",
            CarryState::Ended => "carries it no more",
            CarryState::Refused => "may not carry it",
        };
        Some((named(*id)?.actor.name.clone(), word))
    });
    let free = |id: ActorId| {
        entry.carried.iter().all(|(carrier, state)| *carrier != id || *state == CarryState::Ended)
    };
    let may = seen.item.reach.may_be_carried() && seen.item.carriable;
    let carry = chosen.iter().filter(|mine| may && free(mine.actor.id)).map(|mine| {
        let href = format!("/desk/carry?item={}&association={}", seen.item.id, mine.actor.handle);
        (mine.actor.name.clone(), href)
    });
    Line {
        heading: shapes::heading(seen.item.kind),
        href,
        here,
        when: words::moment(entry.mark.at, now, zone),
        via: passing.join(", "),
        excerpt: words::excerpt(&seen.item.text.html, 240),
        pinned: entry.pinned,
        carried: carried.collect(),
        carry: carry.collect(),
        row,
    }
}
