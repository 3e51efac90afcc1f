//! The worker for letters: each that is due is put into words, handed to the mail server, and what came of it written down.
//!
//! A server that hangs holds up nothing but letters, and those not for ever. Where no mail server is named, letters are kept
//! to be read here. Start at [`Mailing::run`].

use std::{sync::Arc, time::Duration};

use folkmoot_app::{
    App, Result,
    mails::{self, Due},
    ports::{Mailer, Undelivered},
};
use folkmoot_web::Settings;
use tokio::task::JoinSet;

use crate::workers::Stop;

/// How many letters are under way at once.
const AT_ONCE: u32 = 4;
/// How often the worker looks by itself, when nobody rings.
const LOOK: Duration = Duration::from_secs(10);
/// How long handing over one letter may take in all; less than the lease.
const LONGEST: Duration = Duration::from_secs(4 * 60);

/// Brings the letters of one instance away.
#[derive(Clone)]
pub struct Mailing {
    /// Whose letters.
    pub app: App,
    /// What the letters say of this place.
    pub settings: Arc<Settings>,
    /// Who takes them; without one they are kept.
    pub mailer: Option<Arc<dyn Mailer>>,
}

impl Mailing {
    /// Brings letters away until `stop` says so.
    pub async fn run(self, mut stop: Stop) {
        while !*stop.borrow() {
            // What is under way when the stop comes is tried again when its lease ends; twice is better than never.
            tokio::select! {
                brought = self.bring_due() => if let Err(error) = brought {
                    tracing::error!(%error, "letters wait: the queue cannot be read or written");
                },
                _ = stop.wait_for(|stop| *stop) => return,
            }
            tokio::select! {
                () = self.app.bells.mails.notified() => {}
                () = tokio::time::sleep(LOOK) => {}
                _ = stop.wait_for(|stop| *stop) => return,
            }
        }
    }

    /// Brings everything away that can go now. How many letters were taken up.
    pub async fn bring_due(&self) -> Result<usize> {
        let mut brought = 0;
        loop {
            let due = mails::claim_due(&self.app, AT_ONCE).await?;
            if due.is_empty() {
                return Ok(brought);
            }
            brought += due.len();
            let mut under_way = JoinSet::new();
            for one in due {
                let mailing = self.clone();
                under_way.spawn(async move { mailing.bring(&one).await });
            }
            while let Some(ended) = under_way.join_next().await {
                match ended {
                    Ok(recorded) => recorded?,
                    // Its lease ends, and it is tried again.
                    Err(error) => tracing::error!(%error, "bringing a letter away fell over"),
                }
            }
        }
    }

    async fn bring(&self, due: &Due) -> Result<()> {
        let Some(mailer) = &self.mailer else { return mails::kept(&self.app, due).await };
        let handed = match folkmoot_web::mails::render(&self.app, &self.settings, due) {
            Ok(mail) => tokio::time::timeout(LONGEST, mailer.send(&mail))
                .await
                .unwrap_or_else(|_| Err(Undelivered::Later("the mail server took too long".to_owned()))),
            Err(error) => Err(Undelivered::Later(format!("it could not be put into words: {error}"))),
        };
        match handed {
            Ok(()) => mails::sent(&self.app, due).await,
            Err(why) => mails::failed(&self.app, due, &why).await,
        }
    }
}
