//! The two forms about ties: an alliance with everybody in it at once, and one tie.

use askama::Template;
use axum::{
    Form, Router,
    extract::{Query, State, rejection::FormRejection},
    response::{IntoResponse, Redirect},
    routing::get,
};
use folkmoot_app::{
    By, Error,
    affiliations::{self, Asked, Wish},
    alliances, remote,
};
use folkmoot_domain::{
    ActorId, Refusal,
    associations::{AssociationKind, AssociationSeen, Founding},
    people::Person,
    text::{Handle, Language},
};
use serde::Deserialize;

use crate::{
    Web,
    assets::Sheet,
    desk::written::Typed,
    forms::{self, Wrong},
    frame::{Answer, Frame, draw},
    sessions::SignedIn,
};

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/desk/alliances/new", get(new).post(found))
        .route("/desk/alliances/propose", get(form).post(propose))
}

/// A form as it was typed.
pub(crate) struct Filled {
    typed: Typed,
    wrong: Option<Wrong>,
}

impl Filled {
    pub(crate) fn v(&self, name: &str) -> &str {
        self.typed.get(name)
    }

    pub(crate) fn why(&self, field: &str) -> Option<&str> {
        Wrong::at(&self.wrong, field)
    }

    pub(crate) fn is(&self, name: &str, value: &str) -> bool {
        self.typed.get(name) == value
    }
}

#[derive(Template)]
#[template(path = "desk/alliance.html")]
struct NewPage {
    frame: Frame,
    form: Filled,
    host: String,
}

/// What an address may fill in: addresses, with commas between them.
#[derive(Deserialize, Default)]
struct Members {
    #[serde(default)]
    members: String,
}

async fn new(State(web): State<Web>, SignedIn(person): SignedIn, Query(named): Query<Members>) -> Answer {
    let mut typed = Typed::default();
    let mut lines: Vec<String> = named.members.split(',').map(|one| one.trim().to_owned()).collect();
    lines.retain(|line| !line.is_empty());
    if lines.is_empty() {
        // Who founds one usually brings their own.
        let mine = crate::desk::organised(&web.rows(), &person).await?;
        lines.extend(mine.iter().filter(|seen| !is_alliance(seen)).map(|seen| seen.actor.address()));
    }
    lines.truncate(alliances::MOST);
    typed.set("members", lines.join("\n"));
    show_new(&web, typed, None)
}

fn is_alliance(seen: &AssociationSeen) -> bool {
    seen.association.kind == AssociationKind::Alliance
}

fn show_new(web: &Web, typed: Typed, wrong: Option<Wrong>) -> Answer {
    let host = format!("@{}", web.app.addresses.host());
    let frame = Frame::new(web, "Found an alliance").secret().with(Sheet::Desk);
    draw(&NewPage { frame, form: Filled { typed, wrong }, host })
}

async fn found(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    fields: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Answer {
    let Form(fields) = fields?;
    let typed = Typed(fields);
    match found_now(&web, &person, &typed).await {
        Ok(()) => Ok(Redirect::to("/desk/alliances").into_response()),
        Err(error) => {
            let wrong = Wrong::of(error)?;
            show_new(&web, typed, Some(wrong)).map(forms::again)
        }
    }
}

async fn found_now(web: &Web, person: &Person, typed: &Typed) -> folkmoot_app::Result<()> {
    let founding = founding(web, person, typed).await?;
    // Before anybody is asked elsewhere: what cannot be founded here costs nobody a look-up.
    let founding = founding.check()?;
    let named: Vec<&str> =
        typed.get("members").split(['\n', ',']).map(str::trim).filter(|line| !line.is_empty()).collect();
    if named.len() > alliances::MOST {
        let says = format!("are too many at once; at most {} can be asked in", alliances::MOST);
        return Err(Refusal::field("members", says).into());
    }
    let mut members: Vec<ActorId> = Vec::with_capacity(named.len());
    for line in named {
        let member = remote::find(&web.app, line).await.map_err(|error| not_found(line, error))?;
        members.push(member.id);
    }
    let mandate = typed.get("mandate");
    let by = By::person(person.id);
    alliances::found(&web.app, &by, founding, None, &members, mandate)
        .await
        .map(drop)
        .map_err(|error| about("members", error))
}

/// Which of the lines it was.
fn not_found(line: &str, error: Error) -> Error {
    match error {
        Error::Refused(Refusal::Field { problem, .. }) => {
            Refusal::field("members", format!("\u{201c}{line}\u{201d} {problem}")).into()
        }
        Error::Refused(refusal) => {
            Refusal::field("members", format!("\u{201c}{line}\u{201d} cannot be asked: {refusal}")).into()
        }
        other => other,
    }
}

fn about(field: &'static str, error: Error) -> Error {
    match error {
        Error::Refused(Refusal::Field { field: "with", problem }) => Refusal::field(field, problem).into(),
        other => other,
    }
}

async fn founding(web: &Web, person: &Person, typed: &Typed) -> folkmoot_app::Result<Founding> {
    let handle = match typed.get("handle").trim() {
        "" => Handle::suggested(typed.get("name")),
        typed => Some(Handle::parse(typed)?),
    };
    let handle = handle
        .ok_or_else(|| Refusal::field("handle", "write the part before the @, in letters a\u{2013}z and digits"))?;
    // Its clocks and its language are those of who founds it.
    let mine = folkmoot_storage::people::associations_of(&web.rows(), person.id).await?;
    let first = match mine.first() {
        Some((id, _)) => folkmoot_storage::associations::find(&web.rows(), *id).await?,
        None => None,
    };
    let (zone, language) = first.map_or_else(
        || ("Europe/London".to_owned(), Language::english()),
        |association| (association.zone, association.language),
    );
    Ok(Founding {
        handle,
        name: typed.get("name").to_owned(),
        about: typed.get("about").to_owned(),
        kind: AssociationKind::Alliance,
        language,
        zone,
        place: None,
        battles: Vec::new(),
        paper: None,
        joining: String::new(),
        safeguarding: String::new(),
        sample: false,
    })
}

#[derive(Template)]
#[template(path = "desk/propose.html")]
struct ProposePage {
    frame: Frame,
    form: Filled,
    /// Handle and name of those I organise.
    mine: Vec<(String, String)>,
}

/// For which of mine, and with whom.
#[derive(Deserialize, Default)]
struct Wanted {
    #[serde(default, rename = "for")]
    side: String,
    #[serde(default)]
    with: String,
}

async fn form(State(web): State<Web>, SignedIn(person): SignedIn, Query(wanted): Query<Wanted>) -> Answer {
    let mut typed = Typed::default();
    typed.set("for", wanted.side);
    typed.set("with", wanted.with);
    typed.set("wish", "join");
    show_form(&web, &person, typed, None).await
}

async fn show_form(web: &Web, person: &Person, typed: Typed, wrong: Option<Wrong>) -> Answer {
    let mine = crate::desk::organised(&web.rows(), person).await?;
    draw(&ProposePage {
        frame: Frame::new(web, "Propose a tie").secret().with(Sheet::Desk),
        form: Filled { typed, wrong },
        mine: mine.iter().map(|seen| (seen.actor.handle.clone(), seen.actor.name.clone())).collect(),
    })
}

async fn propose(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    fields: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Answer {
    let Form(fields) = fields?;
    let typed = Typed(fields);
    let side = crate::desk::my_association(&web.rows(), &person, typed.get("for")).await?;
    match propose_now(&web, &person, side.actor.id, &typed).await {
        Ok(()) => Ok(Redirect::to("/desk/alliances").into_response()),
        Err(error) => {
            let wrong = Wrong::of(error)?;
            show_form(&web, &person, typed, Some(wrong)).await.map(forms::again)
        }
    }
}

async fn propose_now(web: &Web, person: &Person, side: ActorId, typed: &Typed) -> folkmoot_app::Result<()> {
    let wish = match typed.get("wish") {
        "join" => Wish::Join,
        "invite" => Wish::Invite,
        "partner" => Wish::Partner,
        _ => return Err(Refusal::field("wish", "choose what you would be to each other").into()),
    };
    let found = remote::find(&web.app, typed.get("with")).await;
    let with = found.map_err(|error| match error {
        Error::Refused(refusal) => Error::Refused(refusal.about("with")),
        other => other,
    })?;
    let asked = Asked { side, with: with.id, wish, mandate: typed.get("mandate").to_owned() };
    affiliations::propose(&web.app, &By::person(person.id), &asked).await.map(drop)
}
