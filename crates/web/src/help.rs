//! "I can help" for anyone: the form of a call, and the page behind the link of the letter that confirms it.
//!
//! Programs fetch links, so opening the one in the letter confirms nothing: that is a button. Who is signed in gets a
//! shorter form. Every path ends at the receipt ([`crate::pledges`]).

use askama::Template;
use axum::{
    Router,
    extract::{RawForm, State, rejection::RawFormRejection},
    http::StatusCode,
    middleware::map_response,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use folkmoot_app::{
    By, Error,
    offers::{self, Confirmed, Form, Offered, Waiting},
};
use folkmoot_domain::{ItemId, Refusal, calls::CallSeen, calls::HelpKind, items::ItemKind, people::Person};
use folkmoot_storage::items as item_rows;

use crate::{
    Web,
    forms::{self, Wrong},
    frame::{Answer, Frame, Section, draw},
    headers, items, mine,
    paths::Named,
    problems::Problem,
    rows,
    sessions::{Asker, MaybeSignedIn},
    words,
};

pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/calls/{id}/help", get(form).post(send))
        .route("/offers/{secret}", get(letter).post(confirm))
        .layer(map_response(headers::secret))
}

#[derive(Template)]
#[template(path = "help/form.html")]
struct FormPage {
    frame: Frame,
    /// Who calls, and on which paper.
    by: rows::By,
    title: String,
    language: String,
    /// The call's page; the form is sent to the same with `/help` behind.
    path: String,
    choices: Vec<Choice>,
    sent: Sent,
    /// How whoever is signed in is called, and where letters to them go.
    person: Option<(String, String)>,
    /// The host where it lives, when that is not here.
    elsewhere: Option<String>,
    wrong: Option<Wrong>,
}

/// A need that can be ticked.
struct Choice {
    position: i16,
    label: String,
    found: String,
    ticked: bool,
}

/// What was typed.
#[derive(Debug, Default)]
struct Sent {
    needs: Vec<i16>,
    name: String,
    email: String,
    phone: String,
    note: String,
    once: String,
}

impl Sent {
    /// Boxes come one by one under the same name, which the usual reader of forms does not know.
    fn read(bytes: &[u8]) -> Self {
        let mut sent = Self::default();
        for (name, value) in url::form_urlencoded::parse(bytes) {
            match name.as_ref() {
                "need" => sent.needs.extend(value.parse::<i16>()),
                "name" => sent.name = value.into_owned(),
                "email" => sent.email = value.into_owned(),
                "phone" => sent.phone = value.into_owned(),
                "note" => sent.note = value.into_owned(),
                "once" => sent.once = value.into_owned(),
                _ => {}
            }
        }
        sent
    }

    fn form(&self) -> Form<'_> {
        let Self { needs, name, email, phone, note, once } = self;
        Form { needs, name, email, phone, note, once }
    }
}

impl FormPage {
    fn new(web: &Web, seen: &CallSeen, person: Option<&Person>, sent: Sent, wrong: Option<Wrong>) -> Self {
        let item = &seen.seen.item;
        let choices = seen.needs.iter().map(|need| Choice {
            position: need.need.position,
            label: need.need.label.clone(),
            found: words::found(need),
            ticked: sent.needs.contains(&need.need.position),
        });
        Self {
            frame: Frame::new(web, "I can help").under(Section::Calls).secret(),
            by: rows::By::new(&seen.seen.home),
            title: item.title.clone(),
            language: item.language.as_str().to_owned(),
            path: format!("/calls/{}", item.id),
            choices: choices.collect(),
            sent,
            person: person.map(|person| (person.name.clone(), person.email.clone())),
            elsewhere: mine::elsewhere(web, item).map(|(host, _)| host),
            wrong,
        }
    }

    /// Why this field needs another look.
    fn why(&self, field: &str) -> Option<&str> {
        Wrong::at(&self.wrong, field)
    }
}

async fn form(
    State(web): State<Web>,
    Named(id): Named<ItemId>,
    MaybeSignedIn(person): MaybeSignedIn,
) -> Answer {
    let seen = match answerable(&web, id).await {
        Err(Error::Refused(Refusal::Unknown(_))) => {
            return Err(items::absent(&web.rows(), ItemKind::Call, id).await);
        }
        // Its page says why.
        Err(Error::Refused(Refusal::CallOver)) => {
            return Ok(Redirect::to(&format!("/calls/{id}")).into_response());
        }
        other => other?,
    };
    items::must_hang_here(&seen.seen)?;
    if let (None, Some((host, page))) = (&person, mine::form_elsewhere(&web, &seen.seen.item)) {
        return draw(&ElsewherePage::new(&web, &seen, host, page));
    }
    let sent = Sent { needs: likely(&seen), once: web.app.secret(), ..Sent::default() };
    draw(&FormPage::new(&web, &seen, person.as_ref(), sent, None))
}

/// A call that can be answered here by somebody, wherever it lives.
async fn answerable(web: &Web, id: ItemId) -> Result<CallSeen, Error> {
    offers::answerable_by_people(&web.app, id).await
}

#[derive(Template)]
#[template(path = "help/elsewhere.html")]
struct ElsewherePage {
    frame: Frame,
    by: rows::By,
    title: String,
    language: String,
    path: String,
    host: String,
    /// The form there.
    page: String,
}

impl ElsewherePage {
    fn new(web: &Web, seen: &CallSeen, host: String, page: String) -> Self {
        let item = &seen.seen.item;
        Self {
            frame: Frame::new(web, "I can help").under(Section::Calls).secret(),
            by: rows::By::new(&seen.seen.home),
            title: item.title.clone(),
            language: item.language.as_str().to_owned(),
            path: format!("/calls/{}", item.id),
            host,
            page,
        }
    }
}

/// What is ticked at first: the one thing that is wanted, beside passing it on.
fn likely(seen: &CallSeen) -> Vec<i16> {
    let mut wanted = seen.call.needs.iter().filter(|need| need.kind != HelpKind::Voice);
    match (wanted.next(), wanted.next()) {
        (Some(only), None) => vec![only.position],
        _ => Vec::new(),
    }
}

#[derive(Template)]
#[template(path = "help/sent.html")]
struct SentPage {
    frame: Frame,
    by: rows::By,
    email: String,
    path: String,
    /// Where letters can be read on this very board, while it is only tried out.
    mail: bool,
}

async fn send(
    State(web): State<Web>,
    Named(id): Named<ItemId>,
    MaybeSignedIn(person): MaybeSignedIn,
    Asker(from): Asker,
    body: Result<RawForm, RawFormRejection>,
) -> Answer {
    let sent = Sent::read(&body.map_err(|_| Problem::Unreadable)?.0);
    let done = match &person {
        Some(person) => offers::help(&web.app, &By::person(person.id), id, &sent.needs, &sent.note)
            .await
            .map(Offered::Stands),
        None => offers::offer(&web.app, from, id, &sent.form()).await,
    };
    match done {
        Ok(Offered::Stands(receipt)) => Ok(to_receipt(&receipt)),
        Ok(Offered::LetterSent) => look_into_your_mail(&web, id, sent).await,
        Err(Error::Refused(Refusal::Unknown(_))) => Err(items::absent(&web.rows(), ItemKind::Call, id).await),
        Err(error) => {
            let (wait, wrong) = (forms::wait(&error), Wrong::of(error)?);
            let seen = answerable(&web, id).await?;
            draw(&FormPage::new(&web, &seen, person.as_ref(), sent, Some(wrong)))
                .map(forms::again_after(wait))
        }
    }
}

async fn look_into_your_mail(web: &Web, id: ItemId, sent: Sent) -> Answer {
    let seen = offers::answerable(&web.app, id).await?;
    draw(&SentPage {
        frame: Frame::new(web, "Look into your mail").under(Section::Calls).secret(),
        by: rows::By::new(&seen.seen.home),
        email: sent.email.trim().to_owned(),
        path: format!("/calls/{id}"),
        mail: web.settings.shows_mail,
    })
}

fn to_receipt(receipt: &str) -> Response {
    Redirect::to(&format!("/pledges/{receipt}")).into_response()
}

#[derive(Template)]
#[template(path = "help/confirm.html")]
struct ConfirmPage {
    frame: Frame,
    by: rows::By,
    name: String,
    title: String,
    language: String,
    needs: Vec<String>,
    path: String,
    action: String,
}

async fn letter(State(web): State<Web>, Named(secret): Named<String>) -> Answer {
    match offers::waiting(&web.app, &secret).await {
        Ok(Waiting::Offer(offer, seen)) => {
            let (item, needs) = (&seen.seen.item, &seen.call.needs);
            let ticked = needs.iter().filter(|need| offer.needs.contains(&need.position));
            draw(&ConfirmPage {
                frame: Frame::new(&web, "Confirm that you can help").under(Section::Calls).secret(),
                by: rows::By::new(&seen.seen.home),
                name: offer.name,
                title: item.title.clone(),
                language: item.language.as_str().to_owned(),
                needs: ticked.map(|need| need.label.clone()).collect(),
                path: format!("/calls/{}", item.id),
                action: format!("/offers/{secret}"),
            })
        }
        Ok(Waiting::Confirmed(receipt)) => Ok(to_receipt(&receipt)),
        Ok(Waiting::Late(call)) => too_late(&web, Some(call)).await,
        Err(Error::Refused(Refusal::LinkSpent)) => too_late(&web, None).await,
        Err(error) => Err(error.into()),
    }
}

async fn confirm(State(web): State<Web>, Named(secret): Named<String>) -> Answer {
    match offers::confirm(&web.app, &secret).await {
        Ok(Confirmed::Pledge(receipt)) => Ok(to_receipt(&receipt)),
        Ok(Confirmed::Late(call)) => too_late(&web, Some(call)).await,
        Err(Error::Refused(Refusal::LinkSpent)) => too_late(&web, None).await,
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "help/late.html")]
struct LatePage {
    frame: Frame,
    /// The call that is over and still has a page: its title and its path. None when the letter itself is too old.
    call: Option<(String, String)>,
    old: bool,
}

/// The call was over, or the letter too old.
async fn too_late(web: &Web, call: Option<ItemId>) -> Answer {
    let item = match call {
        Some(id) => item_rows::find(&web.rows(), id).await?.filter(|item| item.deleted.is_none()),
        None => None,
    };
    let page = draw(&LatePage {
        frame: Frame::new(web, "Too late").under(Section::Calls).secret(),
        call: item.map(|item| (item.title, format!("/calls/{}", item.id))),
        old: call.is_none(),
    })?;
    Ok((StatusCode::GONE, page).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_come_one_by_one() {
        let sent = Sent::read(b"need=0&name=Jo+Lee&need=2&need=x&need=99999&email=jo%40aire.example&other=1");
        assert_eq!((sent.needs.as_slice(), sent.name.as_str()), ([0, 2].as_slice(), "Jo Lee"));
        assert_eq!((sent.email.as_str(), sent.phone.as_str()), ("jo@aire.example", ""));
    }
}
