//! Proposing a project that nobody here runs yet. What becomes of it is in [`crate::stewards`].

use askama::Template;
use axum::{
    Form, Router,
    extract::{State, rejection::FormRejection},
    middleware::map_response,
    response::{IntoResponse, Redirect},
    routing::get,
};
use folkmoot_app::nominations;
use folkmoot_domain::{
    Refusal,
    nominations::Proposal,
    places::{Coarseness, Place},
};
use serde::Deserialize;

use crate::{
    Web,
    forms::{self, Wrong},
    frame::{Answer, Frame, Section, draw},
    headers,
    sessions::{Asker, MaybeSignedIn},
};

pub(crate) fn routes() -> Router<Web> {
    let form = Router::new()
        .route("/projects/nominate", get(page).post(propose))
        .layer(map_response(headers::secret));
    Router::new().route("/projects/nominate/thanks", get(thanks)).merge(form)
}

/// What was typed, or nothing yet.
#[derive(Deserialize, Default)]
struct Typed {
    #[serde(default)]
    title: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
}

impl Typed {
    fn parse(&self) -> Result<Proposal, Refusal> {
        let named = !self.place.trim().is_empty();
        let place = named.then(|| Place::parse(&self.place, None, Coarseness::Neighbourhood)).transpose()?;
        let proposal = Proposal {
            title: self.title.clone(),
            text: self.text.clone(),
            place,
            name: self.name.clone(),
            email: self.email.clone(),
        };
        proposal.check()
    }
}

/// One field of the form, as the template draws it.
struct Field<'a> {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    most: u32,
    value: &'a str,
    needed: bool,
    why: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "nominations/page.html")]
struct NominatePage {
    frame: Frame,
    typed: Typed,
    wrong: Option<Wrong>,
}

impl NominatePage {
    fn why(&self, field: &str) -> Option<&str> {
        Wrong::at(&self.wrong, field)
    }

    fn first(&self) -> Field<'_> {
        Field {
            name: "title",
            label: "1. Say it in one line",
            hint: "What could be done here? Start with a verb.",
            kind: "text",
            autocomplete: "off",
            most: 120,
            value: &self.typed.title,
            needed: true,
            why: self.why("title"),
        }
    }

    fn last(&self) -> [Field<'_>; 3] {
        [
            Field {
                name: "place",
                label: "3. Where?",
                hint: "A place people know. May stay empty.",
                kind: "text",
                autocomplete: "off",
                most: 200,
                value: &self.typed.place,
                needed: false,
                why: self.why("place"),
            },
            Field {
                name: "name",
                label: "4. Your name",
                hint: "Only the stewards of this board see it.",
                kind: "text",
                autocomplete: "name",
                most: 100,
                value: &self.typed.name,
                needed: true,
                why: self.why("name"),
            },
            Field {
                name: "email",
                label: "5. Your e-mail address",
                hint: "For the answer, and then it is forgotten.",
                kind: "email",
                autocomplete: "email",
                most: 254,
                value: &self.typed.email,
                needed: true,
                why: self.why("email"),
            },
        ]
    }
}

async fn page(State(web): State<Web>, MaybeSignedIn(person): MaybeSignedIn) -> Answer {
    let (name, email) = person.map(|person| (person.name, person.email)).unwrap_or_default();
    draw(&form(&web, Typed { name, email, ..Typed::default() }, None))
}

fn form(web: &Web, typed: Typed, wrong: Option<Wrong>) -> NominatePage {
    let frame = Frame::new(web, "Propose a project")
        .describing("Say what could be done here. Somebody may take it up.")
        .under(Section::Projects);
    NominatePage { frame, typed, wrong }
}

async fn propose(
    State(web): State<Web>,
    Asker(from): Asker,
    typed: Result<Form<Typed>, FormRejection>,
) -> Answer {
    let Form(typed) = typed?;
    let proposed = match typed.parse() {
        Ok(proposal) => nominations::propose(&web.app, from, proposal).await,
        Err(refusal) => Err(refusal.into()),
    };
    match proposed {
        Ok(_) => Ok(Redirect::to("/projects/nominate/thanks").into_response()),
        Err(error) => {
            let (wait, wrong) = (forms::wait(&error), Wrong::of(error)?);
            draw(&form(&web, typed, Some(wrong))).map(forms::again_after(wait))
        }
    }
}

#[derive(Template)]
#[template(path = "nominations/thanks.html")]
struct ThanksPage {
    frame: Frame,
}

async fn thanks(State(web): State<Web>) -> Answer {
    draw(&ThanksPage { frame: Frame::new(&web, "Thank you").secret().under(Section::Projects) })
}
