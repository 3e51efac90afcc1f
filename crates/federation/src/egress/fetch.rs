//! Fetching: one JSON document, by hand through its redirects, believed only where it says it lives.

use axum::http::{HeaderMap, StatusCode, header};
use reqwest::{Method, Response};
use serde_json::Value;
use url::Url;

use super::{Egress, FetchError, LARGEST_DOCUMENT, MOST_REQUESTS, TOTAL, errors::Trouble};
use crate::{media_type::MediaType, remote_id::RemoteId, signatures::SigningKey, strict_json};

/// What kind of document is asked for; nothing else is taken for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accept {
    /// An ActivityPub document (ActivityPub 3.2).
    Activity,
    /// A WebFinger answer (RFC 7033 10.2).
    WebFinger,
    /// A NodeInfo document, or the list that leads to it.
    NodeInfo,
}

impl Accept {
    fn header(self) -> &'static str {
        match self {
            Self::Activity => {
                r#"application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams""#
            }
            Self::WebFinger => "application/jrd+json, application/json",
            Self::NodeInfo => "application/json",
        }
    }

    fn takes(self, found: &MediaType) -> bool {
        match self {
            Self::Activity => found.is_activity(),
            Self::WebFinger | Self::NodeInfo => found.is_description(),
        }
    }
}

/// A JSON document and where it was found.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The address that answered, after redirects.
    pub final_url: Url,
    /// What it was called.
    pub media_type: MediaType,
    /// The document.
    pub body: Value,
}

/// An ActivityPub document that lives at its own id.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its id, which is also the address that answered.
    pub id: RemoteId,
    /// The document.
    pub body: Value,
}

impl Egress {
    /// Fetches one JSON document, signed when a key is given. `now` in epoch milliseconds, for the signature.
    pub async fn get_json(
        &self,
        url: &Url,
        accept: Accept,
        sign: Option<&SigningKey>,
        now: i64,
    ) -> Result<Fetched, FetchError> {
        let fetching = self.follow(url.clone(), accept, sign, now);
        tokio::time::timeout(TOTAL, fetching).await.map_err(|_| FetchError::TooSlow)?
    }

    /// Fetches an ActivityPub document and believes it only under the id it was found at (FEP-fe34). When it
    /// names another id of the same origin, that one is asked once and must then agree.
    pub async fn fetch_document(
        &self,
        url: &Url,
        sign: Option<&SigningKey>,
        now: i64,
    ) -> Result<Document, FetchError> {
        let first = self.get_json(url, Accept::Activity, sign, now).await?;
        let id = id_of(&first)?;
        if *id.url() == first.final_url {
            return Ok(Document { id, body: first.body });
        }
        // ORI-05: another origin's id is no reason to ask anybody.
        if !crate::remote_id::same_origin(id.url(), &first.final_url) {
            return Err(FetchError::OtherDocument);
        }
        let second = self.get_json(id.url(), Accept::Activity, sign, now).await?;
        let same = id_of(&second)? == id && *id.url() == second.final_url;
        if same { Ok(Document { id, body: second.body }) } else { Err(FetchError::OtherDocument) }
    }

    async fn follow(
        &self,
        mut url: Url,
        accept: Accept,
        sign: Option<&SigningKey>,
        now: i64,
    ) -> Result<Fetched, FetchError> {
        url.set_fragment(None);
        for _ in 0..MOST_REQUESTS {
            let answer = self.ask(&url, accept, sign, now).await?;
            match answer.status() {
                StatusCode::OK => return read(answer, url, accept).await,
                StatusCode::MOVED_PERMANENTLY
                | StatusCode::FOUND
                | StatusCode::SEE_OTHER
                | StatusCode::TEMPORARY_REDIRECT
                | StatusCode::PERMANENT_REDIRECT => {
                    let next = location(answer.headers(), &url).ok_or(FetchError::Location)?;
                    if next == url {
                        return Err(FetchError::Redirects);
                    }
                    url = next;
                }
                gone @ (StatusCode::NOT_FOUND | StatusCode::GONE) => {
                    return Err(FetchError::Gone(gone.as_u16()));
                }
                other => return Err(FetchError::Status(other.as_u16())),
            }
        }
        Err(FetchError::Redirects)
    }

    /// One request, checked and signed for exactly this address.
    async fn ask(
        &self,
        url: &Url,
        accept: Accept,
        sign: Option<&SigningKey>,
        now: i64,
    ) -> Result<Response, FetchError> {
        self.may_fetch(url)?;
        let signed = sign.map(|key| key.sign_get(url, now)).transpose()?.unwrap_or_default();
        let request = self
            .client
            .request(Method::GET, url.clone())
            .headers(signed)
            .header(header::ACCEPT, accept.header())
            .header(header::USER_AGENT, &self.user_agent);
        request.send().await.map_err(|error| Trouble::of(&error, error.is_timeout()).into())
    }
}

/// Where a redirect leads, without fragment; relative addresses are allowed (RFC 9110 10.2.2).
fn location(headers: &HeaderMap, from: &Url) -> Option<Url> {
    let mut next = from.join(single(headers, header::LOCATION)?).ok()?;
    next.set_fragment(None);
    Some(next)
}

/// The value of a header that stands exactly once.
fn single(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(first)
}

async fn read(mut answer: Response, final_url: Url, accept: Accept) -> Result<Fetched, FetchError> {
    let media_type = single(answer.headers(), header::CONTENT_TYPE).and_then(MediaType::parse);
    let media_type = media_type.filter(|found| accept.takes(found)).ok_or(FetchError::MediaType)?;
    // Nothing compressed was asked for: small bytes must not become large ones here.
    if answer.headers().get(header::CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
        return Err(FetchError::MediaType);
    }
    if answer.content_length().is_some_and(|length| length > LARGEST_DOCUMENT as u64) {
        return Err(FetchError::TooLarge);
    }
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| Trouble::of(&error, error.is_timeout()))? {
        if body.len() + chunk.len() > LARGEST_DOCUMENT {
            return Err(FetchError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    let body = strict_json::read(&body, LARGEST_DOCUMENT)?;
    Ok(Fetched { final_url, media_type, body })
}

/// The id a document gives itself; ORI-07: one without is nobody's.
fn id_of(found: &Fetched) -> Result<RemoteId, FetchError> {
    let text = found.body.get("id").and_then(Value::as_str).ok_or(FetchError::OtherDocument)?;
    let id = RemoteId::parse(text).map_err(|_| FetchError::OtherDocument)?;
    // Something inside another document cannot live at an address of its own.
    if id.url().fragment().is_some() { Err(FetchError::OtherDocument) } else { Ok(id) }
}
