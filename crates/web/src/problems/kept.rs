//! What somebody had typed when a failure came in between: shown again, and one button sends it once more.
//!
//! Only plain forms from our own pages, and never what should be typed afresh: a password is not written into a page.

use axum::{
    body::{Body, HttpBody as _, to_bytes},
    extract::Request,
    http::{Method, Uri, header::CONTENT_TYPE},
};
use url::form_urlencoded;

/// A form as it came, with where it was going.
pub(super) struct Sent {
    action: Uri,
    bytes: Vec<u8>,
}

/// The same, for the page.
pub(super) struct Kept {
    pub action: String,
    /// Everything, to be sent again.
    pub fields: Vec<(String, String)>,
    /// What people type themselves, with a word for each.
    pub typed: Vec<(String, String)>,
}

/// Takes a copy of a form on its way to its handler; other requests pass as they are.
pub(super) async fn copy(request: Request, most: usize) -> (Request, Option<Sent>) {
    if !is_small_form(&request, most) {
        return (request, None);
    }
    let (head, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, most).await else {
        return (Request::from_parts(head, Body::empty()), None);
    };
    let sent = Sent { action: head.uri.clone(), bytes: bytes.to_vec() };
    (Request::from_parts(head, Body::from(bytes)), Some(sent))
}

fn is_small_form(request: &Request, most: usize) -> bool {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    // Said by browsers before they send it; what comes in unannounced is not kept.
    let length = request.body().size_hint().upper();
    request.method() == Method::POST
        && length.is_some_and(|length| length <= most as u64)
        && kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
}

impl Sent {
    /// What the page shows; none when something in it is for the handler's eyes alone.
    pub(super) fn kept(&self) -> Option<Kept> {
        let fields: Vec<(String, String)> = form_urlencoded::parse(&self.bytes).into_owned().collect();
        if fields.is_empty() || fields.iter().any(|(name, _)| name.contains("password")) {
            return None;
        }
        let shown = fields.iter().filter(|(_, value)| !value.trim().is_empty() && !is_code(value));
        let typed = shown.map(|(name, value)| (in_words(name), value.clone())).collect();
        let action = self.action.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Some(Kept { action, fields, typed })
    }
}

/// An id or a secret, which says nothing to people.
fn is_code(value: &str) -> bool {
    value.len() >= 20 && !value.contains(char::is_whitespace) && !value.contains(['@', '/'])
}

/// "E-mail" for `email`, "Meeting place" for `meeting_place`.
fn in_words(name: &str) -> String {
    if name == "email" {
        return "E-mail".to_owned();
    }
    let plain = name.replace(['_', '-'], " ");
    let mut letters = plain.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(form: &str) -> Sent {
        Sent { action: "/calls/7/help?from=list".parse().unwrap(), bytes: form.into() }
    }

    #[test]
    fn what_was_typed_is_shown_and_all_is_sent_again() {
        let kept =
            sent("name=Priya&email=priya%40post.example&need=01a2133b-5c63-7000-892e-d6e209e2e09d&words=")
                .kept();
        let kept = kept.unwrap();
        assert_eq!(kept.action, "/calls/7/help?from=list");
        assert_eq!(kept.fields.len(), 4);
        let typed = [("Name", "Priya"), ("E-mail", "priya@post.example")];
        assert_eq!(kept.typed, typed.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn a_password_is_never_written_into_a_page() {
        assert!(sent("email=a%40b.example&password=hunter2").kept().is_none());
        assert!(sent("new_password=hunter2").kept().is_none());
        assert!(sent("").kept().is_none());
    }

    #[tokio::test]
    async fn only_small_plain_forms_are_copied() {
        let post = |kind: &str, body: &'static str| {
            Request::post("/x").header(CONTENT_TYPE, kind).body(Body::from(body)).unwrap()
        };
        let form = "application/x-www-form-urlencoded";
        let (request, sent) = copy(post(form, "a=b"), 10).await;
        assert_eq!(sent.unwrap().bytes, b"a=b");
        assert_eq!(to_bytes(request.into_body(), 10).await.unwrap(), "a=b");
        assert!(copy(post(form, "a=bcdefghij"), 10).await.1.is_none());
        assert!(copy(post("multipart/form-data; boundary=x", "a=b"), 10).await.1.is_none());
        assert!(copy(Request::get("/x").body(Body::empty()).unwrap(), 10).await.1.is_none());
    }
}
