//! How many requests may be under way. A request that is slow moves aside after a second, so that slow and dead
//! hosts, however many, do not use up what live ones need.

use std::{sync::Arc, time::Duration};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

/// A request that takes longer moves aside.
pub(super) const PROMPT: Duration = Duration::from_secs(1);
/// How many slow requests may be under way. Each holds a socket; files are limited too.
const SLOW: usize = 400;

/// The places for requests.
#[derive(Debug)]
pub(super) struct Slots {
    prompt: Arc<Semaphore>,
    slow: Arc<Semaphore>,
    count: usize,
    moved: Notify,
}

/// One request may be under way while this lives; it is kept until its result is on record, so that never
/// more than the places are repeated after a crash.
#[derive(Debug)]
pub(super) struct Slot {
    _place: OwnedSemaphorePermit,
}

impl Slots {
    pub(super) fn new(count: usize) -> Self {
        let count = count.max(1);
        let [prompt, slow] = [count, SLOW].map(|places| Arc::new(Semaphore::new(places)));
        Self { prompt, slow, count, moved: Notify::new() }
    }

    /// Waits for a place. `None` never happens: nobody closes the semaphore.
    pub(super) async fn take(&self) -> Option<Slot> {
        let place = Arc::clone(&self.prompt).acquire_owned().await.ok()?;
        Some(Slot { _place: place })
    }

    /// Moves a slow request aside, if there is room.
    pub(super) fn move_aside(&self, slot: Slot) -> Slot {
        match Arc::clone(&self.slow).try_acquire_owned() {
            Ok(place) => {
                drop(slot);
                self.moved.notify_one();
                Slot { _place: place }
            }
            Err(_) => slot,
        }
    }

    /// Waits until a request moves aside.
    pub(super) async fn moved(&self) {
        self.moved.notified().await;
    }

    /// How many requests are under way.
    pub(super) fn taken(&self) -> usize {
        self.count - self.prompt.available_permits() + SLOW - self.slow.available_permits()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_is_slow_makes_room() {
        let slots = Slots::new(1);
        let slow = slots.take().await.unwrap();
        assert_eq!(slots.taken(), 1);
        assert!(tokio::time::timeout(Duration::from_millis(5), slots.take()).await.is_err());
        let slow = slots.move_aside(slow);
        let prompt = slots.take().await.unwrap();
        assert_eq!(slots.taken(), 2);
        drop((slow, prompt));
        assert_eq!(slots.taken(), 0);
    }

    #[tokio::test]
    async fn there_is_an_end_to_patience() {
        let slots = Slots::new(SLOW + 1);
        let mut held = Vec::new();
        for _ in 0..=SLOW {
            let slot = slots.take().await.unwrap();
            held.push(slots.move_aside(slot));
        }
        assert_eq!(slots.taken(), SLOW + 1);
        assert_eq!(slots.prompt.available_permits(), SLOW, "the last one found no room and stayed");
    }
}
