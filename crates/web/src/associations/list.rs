//! Who is here, by name: a page at a time, by kind and by cause.

use askama::Template;
use axum::extract::{Query, State, rejection::QueryRejection};
use folkmoot_domain::{
    associations::{AssociationKind, AssociationSeen},
    causes::Cause,
};
use folkmoot_storage::{
    associations::{self, Named},
    causes,
};
use serde::Deserialize;

use super::{AssociationRow, kind};
use crate::{
    Web,
    filters::panel::{Group, Pick, Removable},
    frame::{Answer, Frame, Section, draw},
};

/// How many associations are on a page.
const PAGE: usize = 30;

#[derive(Template)]
#[template(path = "associations/list.html")]
struct ListPage {
    frame: Frame,
    associations: Vec<AssociationRow>,
    groups: Vec<Group>,
    chosen: Vec<Removable>,
    done: &'static str,
    next: Option<String>,
    back: Option<String>,
    turned: bool,
    whole: bool,
    contact_email: String,
}

/// What the address of the list says.
#[derive(Deserialize, Default, Clone)]
pub(super) struct Wanted {
    kind: Option<String>,
    cause: Option<String>,
    after: Option<String>,
    before: Option<String>,
}

/// What it means: what names nothing here is left out.
struct Chosen {
    kind: Option<AssociationKind>,
    cause: Option<Cause>,
}

impl Chosen {
    fn query(&self, more: Option<(&str, &Named)>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if let Some(kind) = self.kind {
            query.append_pair("kind", kind.word());
        }
        if let Some(cause) = &self.cause {
            query.append_pair("cause", &folkmoot_domain::causes::key(&cause.tag));
        }
        if let Some((way, named)) = more {
            query.append_pair(way, &format!("{}.{}", named.id, named.key));
        }
        let query = query.finish();
        if query.is_empty() { "/associations".to_owned() } else { format!("/associations?{query}") }
    }
}

/// `<id>.<name in small letters>`.
fn named(text: Option<&String>) -> Option<Named> {
    let (id, key) = text?.split_once('.')?;
    let fits = !key.chars().any(char::is_control);
    fits.then_some(())?;
    Some(Named { id: id.parse().ok()?, key: key.to_owned() })
}

pub(super) async fn list(State(web): State<Web>, wanted: Result<Query<Wanted>, QueryRejection>) -> Answer {
    let wanted = wanted.map(|Query(wanted)| wanted).unwrap_or_default();
    let rows = web.rows();
    let chosen = Chosen {
        kind: wanted.kind.as_deref().and_then(AssociationKind::parse),
        cause: match wanted.cause.as_deref().filter(|tag| !tag.chars().any(char::is_control)) {
            Some(tag) => causes::by_tag(&rows, tag).await?,
            None => None,
        },
    };
    let (after, before) = (named(wanted.after.as_ref()), named(wanted.before.as_ref()));
    let before = before.filter(|_| after.is_none());
    let (turned, backwards) = (after.is_some() || before.is_some(), before.is_some());
    let asked = associations::Asked {
        kind: chosen.kind,
        cause: chosen.cause.as_ref().map(|cause| cause.id),
        after,
        before,
        limit: PAGE as u64 + 1,
    };
    let mut seen = associations::page(&rows, &asked).await?;
    let more = seen.len() > PAGE;
    if more && backwards {
        seen.remove(0);
    }
    seen.truncate(PAGE);
    let edge = |seen: Option<&AssociationSeen>, way, there: bool| {
        seen.filter(|_| there).map(|seen| chosen.query(Some((way, &Named::of(seen)))))
    };
    let next = edge(seen.last(), "after", more || backwards);
    let back = edge(seen.first(), "before", if backwards { more } else { turned });
    draw(&ListPage {
        frame: Frame::new(&web, "Associations")
            .describing("The associations and groups that pin their notices here.")
            .under(Section::Associations),
        associations: seen.iter().map(AssociationRow::new).collect(),
        groups: groups(&chosen),
        whole: chosen.kind.is_none() && chosen.cause.is_none(),
        chosen: removable(&chosen),
        done: "Show the list",
        next,
        back,
        turned,
        contact_email: web.settings.contact.email.clone(),
    })
}

/// Kinds of groups, as links.
fn groups(chosen: &Chosen) -> Vec<Group> {
    let pick = |label: &str, kind: Option<AssociationKind>| Pick {
        label: label.to_owned(),
        href: Chosen { kind, cause: chosen.cause.clone() }.query(None),
        count: None,
        current: chosen.kind == kind,
    };
    let mut options = vec![pick("Any kind", None)];
    options.extend(AssociationKind::ALL.map(|(known, _)| pick(kind(known), Some(known))));
    vec![Group { heading: "What kind", options }]
}

fn removable(chosen: &Chosen) -> Vec<Removable> {
    let mut all = Vec::new();
    if let Some(known) = chosen.kind {
        let href = Chosen { kind: None, cause: chosen.cause.clone() }.query(None);
        all.push(Removable { label: kind(known).to_owned(), href });
    }
    if let Some(cause) = &chosen.cause {
        let href = Chosen { kind: chosen.kind, cause: None }.query(None);
        all.push(Removable { label: cause.hashtag(), href });
    }
    all
}
