//! The way of one host's deliveries: one after the other over one connection, each signed, posted and reported.

use std::{pin::pin, sync::Arc, time::Duration};

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, header},
};
use folkmoot_app::{App, deliveries::Outcome};
use folkmoot_domain::deliveries::{Answer, LEASE};
use folkmoot_storage::deliveries::Claimed;
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, timeout},
};
use url::Url;

use super::{
    keys::Keys,
    signers::{Post, Signers},
    slots::{PROMPT, Slot, Slots},
};
use crate::egress::{Egress, NotAllowed, SendError};

/// ActivityPub 7: what a delivery is.
const TYPE: HeaderValue = HeaderValue::from_static("application/activity+json");

/// RFC 9112 9.6: no further request follows on this connection.
const CLOSE: HeaderValue = HeaderValue::from_static("close");

/// An attempt that is over; its slot is free once this is on record.
pub(super) type Ended = (Outcome, Slot);

/// What all lanes share.
pub(super) struct Lanes {
    pub(super) app: App,
    pub(super) egress: Egress,
    pub(super) keys: Keys,
    pub(super) signers: Signers,
    pub(super) slots: Slots,
    pub(super) ended: mpsc::Sender<Ended>,
    pub(super) stop: watch::Receiver<bool>,
}

impl Lanes {
    /// Sends these, all to one host, in their order. Returns those that were not sent: because it is time to
    /// stop, because the host just failed, or because the lease is no longer long enough.
    pub(super) async fn go(self: Arc<Self>, deliveries: Vec<Claimed>, claimed_at: Instant) -> Vec<Claimed> {
        let mut waiting = deliveries.into_iter();
        let mut stop = self.stop.clone();
        while let [next, others @ ..] = waiting.as_slice() {
            let last = others.is_empty();
            let slot = tokio::select! {
                biased;
                _ = stop.wait_for(|stop| *stop) => None,
                slot = self.slots.take() => slot,
            };
            let Some(slot) = slot.filter(|_| claimed_at.elapsed() < half_a_lease()) else { break };
            let (outcome, slot) = self.attempt(next.clone(), last, slot).await;
            let lives = outcome.answer.server_lives() != Some(false);
            waiting.next();
            if self.ended.send((outcome, slot)).await.is_err() || !lives {
                break;
            }
        }
        waiting.collect()
    }

    async fn attempt(&self, claimed: Claimed, last: bool, slot: Slot) -> Ended {
        let Ok(url) = Url::parse(&claimed.inbox) else {
            return ended(claimed, Answer::Forbidden, "the inbox is no address".to_owned(), slot);
        };
        let mut headers = match self.sign(&claimed, &url).await {
            Ok(headers) => headers,
            Err(problem) => return ended(claimed, Answer::Unsent, problem, slot),
        };
        if last {
            // Kept connections to thousands of hosts would use up all the files a process may open.
            headers.insert(header::CONNECTION, CLOSE);
        }
        let body = Bytes::copy_from_slice(claimed.body.as_bytes());
        let mut posting = pin!(self.egress.post(&url, body, headers));
        let (answer, slot) = if let Ok(answer) = timeout(PROMPT, &mut posting).await {
            (answer, slot)
        } else {
            let slot = self.slots.move_aside(slot);
            (posting.await, slot)
        };
        let (answer, problem) = self.understand(answer);
        ended(claimed, answer, problem, slot)
    }

    async fn sign(&self, claimed: &Claimed, url: &Url) -> Result<HeaderMap, String> {
        let key = self.keys.of(claimed.sender).await?;
        let (url, body, now) = (url.clone(), Arc::clone(&claimed.body), self.app.now().0);
        let mut headers = self.signers.sign(Post { key, url, body, now }).await?;
        headers.insert(header::CONTENT_TYPE, TYPE);
        Ok(headers)
    }

    /// The answer as the rules know it, and in words for operators when it is no success.
    fn understand(&self, answer: Result<crate::egress::Answer, SendError>) -> (Answer, String) {
        match answer {
            Ok(answer) => {
                let retry_after = answer.retry_after.map(|after| after.wait(self.app.now().0));
                let problem = match answer.status {
                    200..=299 => String::new(),
                    status if answer.excerpt.is_empty() => format!("answered {status}"),
                    status => format!("answered {status}: {}", answer.excerpt),
                };
                (Answer::Status { code: answer.status, retry_after }, problem)
            }
            // What a name leads to may change; what is wrong with the address itself stays wrong.
            Err(SendError::NotAllowed(rule)) if rule != NotAllowed::Address => {
                (Answer::Forbidden, rule.to_string())
            }
            Err(error) => (Answer::Silence, error.to_string()),
        }
    }
}

fn ended(claimed: Claimed, answer: Answer, problem: String, slot: Slot) -> Ended {
    (Outcome { claimed, answer, problem }, slot)
}

/// Nothing is begun in the second half of its lease, since it must end well before another worker may begin it.
fn half_a_lease() -> Duration {
    Duration::from_millis(u64::try_from(LEASE / 2).unwrap_or_default())
}
