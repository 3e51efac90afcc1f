//! Items: what each is, checked before anything of it is written.

use folkmoot_domain::{
    ItemId, Moment, Refusal,
    adoptions::Credit,
    audiences::Reach,
    calls::{Call, HelpKind, Need},
    changes::ChangeKind,
    events::Event,
    ids::uuid_from,
    items::{Item, ItemKind, Words},
    pictures::Picture,
    projects::ProjectState,
    text::{self, Language},
};
use folkmoot_storage::{
    calls, causes as cause_rows, events, items,
    moves::{
        leaves::{ItemLeaf, NeedLeaf, NounLeaf},
        unpacking as write,
    },
    pictures as picture_rows, projects, updates,
};
use url::Url;
use uuid::Uuid;

use super::{
    Home, place,
    states::{call_state, event_state, project_state},
};
use crate::{Doing, Result, causes, prose};

pub(super) async fn item(
    doing: &Doing<'_>,
    home: &Home,
    leaf: &ItemLeaf,
    picture: Option<Picture>,
) -> Result<()> {
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
            events::set_going(tx, item.id, going).await?;
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
