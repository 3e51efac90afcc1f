//! Pictures: their files for everyone, and the form that hangs one on an item.
//!
//! Files are JPEG that we wrote ourselves and nothing else is ever served from `/media`; still they go out so that no
//! browser could take them for a page. The form is a part for the desk (`parts/picture_form.html`, [`PictureForm`]), and
//! a page of its own when something needs another look.

use askama::Template;
use axum::{
    Router,
    extract::{DefaultBodyLimit, Multipart, Path, State, multipart::MultipartError},
    http::{HeaderName, StatusCode, header},
    middleware::map_response,
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use folkmoot_app::{By, Error, pictures};
use folkmoot_domain::{ItemId, PictureId, Refusal, items::ItemSeen, pictures::Picture};

use crate::{
    Web,
    assets::Sheet,
    forms::{self, Wrong},
    frame::{Answer, Frame, draw},
    headers,
    paths::Named,
    problems::Problem,
    sessions::SignedIn,
};

/// The largest form with a picture that is read, in bytes. More than a picture may have, so that one that is a little too
/// large is refused with words.
pub const UPLOAD: usize = 16 * 1024 * 1024;

/// Is this where pictures are sent to? There, and only there, more is read than a form needs.
pub fn takes_pictures(path: &str) -> bool {
    let inner = path.strip_prefix("/desk/items/").and_then(|rest| rest.strip_suffix("/picture"));
    inner.is_some_and(|id| !id.contains('/'))
}

pub(crate) fn routes() -> Router<Web> {
    let desk = Router::new()
        .route("/desk/items/{id}/picture", get(page).post(bring).layer(DefaultBodyLimit::max(UPLOAD)))
        .route("/desk/items/{id}/picture/remove", post(remove))
        .layer(map_response(headers::secret));
    Router::new().route("/media/{picture}/{file}", get(file)).merge(desk)
}

async fn file(State(web): State<Web>, Path((picture, file)): Path<(String, String)>) -> Answer {
    let named =
        picture.parse::<PictureId>().ok().zip(file.strip_suffix(".jpg").and_then(|width| width.parse().ok()));
    // One spelling, so that what is kept for ever is kept once.
    let (id, width) = named
        .filter(|(id, width): &(PictureId, u32)| picture == id.to_string() && file == format!("{width}.jpg"))
        .ok_or(Problem::Missing)?;
    let bytes = pictures::file(&web.app, id, width).await?.ok_or(Problem::Missing)?;
    let said = [
        (header::CONTENT_TYPE, "image/jpeg"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"),
        (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
    ];
    Ok((said, bytes).into_response())
}

/// A picture as pages show it.
pub(crate) struct Hung {
    pub src: String,
    pub srcset: String,
    /// The largest of its files.
    pub whole: String,
    pub width: u32,
    pub height: u32,
    pub alt: String,
}

impl Hung {
    pub(crate) fn new(picture: &Picture) -> Self {
        let path = |width: u32| format!("/media/{}/{width}.jpg", picture.id);
        let widths = picture.widths();
        let middle = widths.iter().copied().find(|width| *width >= 960).unwrap_or(picture.width);
        let srcset: Vec<_> = widths.iter().map(|width| format!("{} {width}w", path(*width))).collect();
        Self {
            src: path(middle),
            srcset: srcset.join(", "),
            whole: path(picture.width),
            width: picture.width,
            height: picture.height,
            alt: picture.alt.clone(),
        }
    }
}

/// The form that hangs a picture on an item, for the desk.
pub(crate) struct PictureForm {
    /// Where it is sent.
    pub path: String,
    /// What hangs there now.
    pub picture: Option<Hung>,
    /// What is on it.
    pub alt: String,
    /// What needs another look.
    pub wrong: Option<Wrong>,
}

impl PictureForm {
    /// The form as it stands for an item.
    pub(crate) fn of(seen: &ItemSeen) -> Self {
        Self {
            path: format!("/desk/items/{}/picture", seen.item.id),
            picture: seen.picture.as_ref().map(Hung::new),
            alt: seen.picture.as_ref().map(|picture| picture.alt.clone()).unwrap_or_default(),
            wrong: None,
        }
    }

    /// Why this field needs another look.
    pub(crate) fn why(&self, field: &str) -> Option<&str> {
        Wrong::at(&self.wrong, field)
    }
}

#[derive(Template)]
#[template(path = "pictures/page.html")]
struct PicturePage {
    frame: Frame,
    form: PictureForm,
    title: String,
    back: String,
}

async fn page(State(web): State<Web>, SignedIn(person): SignedIn, Named(id): Named<ItemId>) -> Answer {
    let seen = pictures::item(&web.app, &By::person(person.id), id).await?;
    shown(&web, &seen, PictureForm::of(&seen))
}

fn shown(web: &Web, seen: &ItemSeen, form: PictureForm) -> Answer {
    let frame = Frame::new(web, "A picture").secret().with(Sheet::Item);
    let title = if seen.item.title.is_empty() { "the update".to_owned() } else { seen.item.title.clone() };
    draw(&PicturePage { frame, form, title, back: format!("/desk/items/{}", seen.item.id) })
}

/// Takes a picture with its words. Without a picture, the words are for the one that hangs there.
async fn bring(
    State(web): State<Web>,
    SignedIn(person): SignedIn,
    Named(id): Named<ItemId>,
    form: Multipart,
) -> Answer {
    let by = By::person(person.id);
    // Whoever may not is refused before their picture is read.
    let seen = pictures::item(&web.app, &by, id).await?;
    let sent = match read(form).await {
        Ok(sent) => sent,
        Err(Unread::TooLarge) => {
            let wrong = Refusal::field("picture", "is larger than 10 MB; send a smaller copy").into();
            return not_taken(&web, &seen, String::new(), wrong);
        }
        Err(Unread::Broken) => return Err(Problem::Unreadable),
    };
    let done = match (sent.picture, seen.item.picture) {
        (Some(bytes), _) => pictures::bring(&web.app, &by, id, bytes, &sent.alt).await.map(|_| ()),
        (None, Some(_)) => pictures::describe(&web.app, &by, id, &sent.alt).await,
        (None, None) => Err(Refusal::field("picture", "choose a picture from your device").into()),
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/desk/items/{id}")).into_response()),
        Err(error) => not_taken(&web, &seen, sent.alt, error),
    }
}

fn not_taken(web: &Web, seen: &ItemSeen, alt: String, error: Error) -> Answer {
    let wrong = Some(Wrong::of(error)?);
    let form = PictureForm { alt, wrong, ..PictureForm::of(seen) };
    shown(web, seen, form).map(forms::again)
}

async fn remove(State(web): State<Web>, SignedIn(person): SignedIn, Named(id): Named<ItemId>) -> Answer {
    pictures::remove(&web.app, &By::person(person.id), id).await?;
    Ok(Redirect::to(&format!("/desk/items/{id}")).into_response())
}

/// What the form sent.
#[derive(Default)]
struct Sent {
    /// The bytes of the picture; none when no file was chosen. What the file is called does not matter.
    picture: Option<Vec<u8>>,
    alt: String,
}

/// Why a form cannot be read.
enum Unread {
    TooLarge,
    Broken,
}

impl From<MultipartError> for Unread {
    fn from(error: MultipartError) -> Self {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE { Self::TooLarge } else { Self::Broken }
    }
}

async fn read(mut form: Multipart) -> Result<Sent, Unread> {
    let mut sent = Sent::default();
    while let Some(field) = form.next_field().await? {
        match field.name() {
            Some("picture") => {
                sent.picture = Some(field.bytes().await?.to_vec()).filter(|bytes| !bytes.is_empty());
            }
            Some("alt") => sent.alt = field.text().await?,
            _ => {}
        }
    }
    Ok(sent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_one_form_may_be_large() {
        assert!(takes_pictures("/desk/items/0190/picture"));
        for path in [
            "/desk/items/picture",
            "/desk/items/a/b/picture",
            "/desk/items/a/picture/remove",
            "/ap/inbox",
            "/",
        ] {
            assert!(!takes_pictures(path), "{path}");
        }
    }
}
