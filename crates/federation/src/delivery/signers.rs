//! Signatures are made on threads of their own, one for each core, so that nobody waits behind them: a signature
//! takes as long as everything else about a delivery together.
//!
//! A thread signs as long as there is something to sign and is then given back: handing each signature to a
//! sleeping thread would cost a tenth of the signature.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use axum::http::HeaderMap;
use tokio::{runtime::Handle, sync::oneshot};
use url::Url;

use crate::signatures::{SignFault, SigningKey};

/// What is to be signed: a POST to this address.
pub(super) struct Post {
    pub(super) key: SigningKey,
    pub(super) url: Url,
    pub(super) body: Arc<str>,
    /// Epoch milliseconds.
    pub(super) now: i64,
}

type Signed = Result<HeaderMap, SignFault>;

/// The threads that sign, and what waits for them: never more than there are slots for requests.
#[derive(Clone)]
pub(super) struct Signers {
    cores: usize,
    desk: Arc<Mutex<Desk>>,
}

#[derive(Default)]
struct Desk {
    waiting: VecDeque<(Post, oneshot::Sender<Signed>)>,
    at_work: usize,
}

impl Signers {
    pub(super) fn new() -> Self {
        Self { cores: Handle::current().metrics().num_workers().max(1), desk: Arc::default() }
    }

    /// The headers of a signed POST, or in words why there are none.
    pub(super) async fn sign(&self, post: Post) -> Result<HeaderMap, String> {
        let (sender, signed) = oneshot::channel();
        if self.put(post, sender) {
            let signers = self.clone();
            tokio::task::spawn_blocking(move || signers.work());
        }
        match signed.await {
            Ok(signed) => signed.map_err(|fault| fault.to_string()),
            Err(_) => Err("the signature could not be made".to_owned()),
        }
    }

    /// True when one more thread should begin.
    fn put(&self, post: Post, sender: oneshot::Sender<Signed>) -> bool {
        let mut desk = self.desk.lock().unwrap_or_else(PoisonError::into_inner);
        desk.waiting.push_back((post, sender));
        let begin = desk.at_work < self.cores;
        desk.at_work += usize::from(begin);
        begin
    }

    fn work(&self) {
        while let Some((post, sender)) = self.next() {
            // Whoever asked may have gone.
            let _gone = sender.send(post.key.sign_post(&post.url, post.body.as_bytes(), post.now));
        }
    }

    fn next(&self) -> Option<(Post, oneshot::Sender<Signed>)> {
        let mut desk = self.desk.lock().unwrap_or_else(PoisonError::into_inner);
        let next = desk.waiting.pop_front();
        desk.at_work -= usize::from(next.is_none());
        next
    }
}
