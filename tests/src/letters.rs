//! The mail of a world: every letter that went out lies here to be read, and a server that fails can be played.
//!
//! Start at [`Letterbox::to`].

use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use folkmoot_app::ports::{Mail, Mailer, Undelivered};

/// Takes letters as a mail server would.
#[derive(Debug, Default)]
pub struct Letterbox {
    letters: Mutex<Vec<Mail>>,
    refusing: Mutex<Option<Undelivered>>,
}

impl Letterbox {
    /// The letters that this address got, oldest first.
    pub fn to(&self, address: &str) -> Vec<Mail> {
        locked(&self.letters).iter().filter(|mail| mail.to == address).cloned().collect()
    }

    /// From now on the server answers so, or takes everything again.
    pub fn refuse(&self, answer: Option<Undelivered>) {
        *locked(&self.refusing) = answer;
    }
}

#[async_trait]
impl Mailer for Letterbox {
    async fn send(&self, mail: &Mail) -> Result<(), Undelivered> {
        if let Some(answer) = locked(&self.refusing).clone() {
            return Err(answer);
        }
        locked(&self.letters).push(mail.clone());
        Ok(())
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nobody panics while holding letters")
}

/// The address of ours that a letter leads to: its path, with what is asked.
pub fn path_in(mail: &Mail, host: &str) -> String {
    let start = format!("https://{host}");
    let address = mail.text.split_whitespace().find(|word| {
        // The foot names the place itself.
        word.strip_prefix(&start).is_some_and(|path| path.len() > 1)
    });
    address.unwrap_or_else(|| panic!("no link in: {}", mail.text)).trim_start_matches(&start).to_owned()
}
