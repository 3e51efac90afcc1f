//! What runs beside the answering of requests: telling changes, delivering, taking up arrivals, forgetting.
//!
//! A worker that panics or ends by itself is said aloud and started again; it is never silently gone. All of them
//! end when the stop signal turns true. Start at [`Workers::spawn`].

use std::{any::Any, future::Future, time::Duration};

use tokio::{
    sync::watch,
    task::{JoinError, JoinSet},
};

/// How long a worker that fell waits before it gets up again: doubled each time, up to [`LONGEST`].
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// The longest of these waits. A worker that stood this long has a clean record again.
const LONGEST: Duration = Duration::from_secs(60);

/// Says stop; every worker and the server listen. True once it is said.
pub type Stop = watch::Receiver<bool>;

/// The workers of one instance.
pub struct Workers {
    standing: JoinSet<()>,
    first_wait: Duration,
}

impl Default for Workers {
    fn default() -> Self {
        Self { standing: JoinSet::new(), first_wait: FIRST_WAIT }
    }
}

impl Workers {
    /// Starts a worker and keeps it running until `stop` says so. `work` is called again whenever it fell.
    pub fn spawn<F>(&mut self, name: &'static str, stop: Stop, work: impl Fn() -> F + Send + 'static)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        self.standing.spawn(keep(name, stop, self.first_wait, work));
    }

    /// Waits until all have ended, which they do after the stop signal, or for this long. How many were left.
    pub async fn end(mut self, patience: Duration) -> usize {
        let all = async { while self.standing.join_next().await.is_some() {} };
        let in_time = tokio::time::timeout(patience, all).await.is_ok();
        let left = if in_time { 0 } else { self.standing.len() };
        // Whatever they hold is leased and taken up again by whoever starts next.
        self.standing.shutdown().await;
        left
    }
}

async fn keep<F>(name: &'static str, mut stop: Stop, first_wait: Duration, work: impl Fn() -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let mut wait = first_wait;
    loop {
        let began = tokio::time::Instant::now();
        // Dropped with the set, the task would run on; so it is held here and ended with its keeper.
        let mut task = JoinSet::new();
        task.spawn(work());
        let ended = task.join_next().await;
        if *stop.borrow() {
            return;
        }
        if began.elapsed() >= LONGEST {
            wait = first_wait;
        }
        let cause =
            ended.map_or_else(String::new, |ended| ended.map_or_else(why, |()| "it ended".to_owned()));
        tracing::error!(worker = name, cause, seconds = wait.as_secs(), "a worker fell and is started again");
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        wait = (wait * 2).min(LONGEST);
    }
}

fn why(error: JoinError) -> String {
    match error.try_into_panic() {
        Ok(panic) => words_of(panic.as_ref()),
        Err(error) => error.to_string(),
    }
}

/// What a panic said.
pub fn words_of(panic: &(dyn Any + Send)) -> String {
    let word = panic.downcast_ref::<&str>().map(|words| (*words).to_owned());
    word.or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without words".to_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    };

    use super::*;

    #[tokio::test]
    async fn a_worker_that_falls_gets_up_and_ends_when_told() {
        let (say_stop, stop) = watch::channel(false);
        let (falls, stands) = (Arc::new(AtomicU32::new(0)), Arc::new(tokio::sync::Notify::new()));
        let mut workers = Workers { first_wait: Duration::from_millis(1), ..Workers::default() };
        workers.spawn("test", stop.clone(), {
            let (falls, stands) = (falls.clone(), stands.clone());
            move || {
                let (falls, stands, mut stop) = (falls.clone(), stands.clone(), stop.clone());
                async move {
                    match falls.fetch_add(1, Ordering::SeqCst) {
                        0 => panic!("fell"),
                        1 => {}
                        _ => {
                            stands.notify_one();
                            let _ = stop.wait_for(|stop| *stop).await;
                        }
                    }
                }
            }
        });
        stands.notified().await;
        assert_eq!(falls.load(Ordering::SeqCst), 3);
        say_stop.send(true).unwrap();
        assert_eq!(workers.end(Duration::from_secs(5)).await, 0);
    }

    #[tokio::test]
    async fn a_worker_that_does_not_listen_is_left_behind() {
        let (say_stop, stop) = watch::channel(false);
        let mut workers = Workers::default();
        workers.spawn("deaf", stop.clone(), std::future::pending);
        workers.spawn("good", stop.clone(), move || {
            let mut stop = stop.clone();
            async move {
                let _ = stop.wait_for(|stop| *stop).await;
            }
        });
        say_stop.send(true).unwrap();
        assert_eq!(workers.end(Duration::from_millis(50)).await, 1);
    }
}
