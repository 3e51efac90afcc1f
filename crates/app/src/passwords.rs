//! Passwords: strong enough, hashed with argon2id as OWASP asks, and never more than two at work at once, since each
//! takes 19 MiB and a fifth of a second.
//!
//! Nothing here knows whose password it is. Start at [`check`] and [`is_it`].

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier},
};
use folkmoot_domain::{Refusal, passwords};
use tokio::sync::Semaphore;
use zxcvbn::{Score, zxcvbn};

use crate::{App, Error, Result};

/// How every hash of today begins; one that begins otherwise is made anew when its password is known.
const TODAY: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

/// Hashing takes memory: others wait.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Could this become a password of somebody who is known by these words?
pub async fn check(password: &str, known_by: &[&str]) -> Result<()> {
    passwords::fits(password)?;
    let known_by: Vec<String> = known_by.iter().map(|&word| word.to_owned()).collect();
    let password = password.to_owned();
    apart(move || advice(&password, &known_by)).await?.map_or(Ok(()), |advice| Err(advice.into()))
}

/// What to do better; none when it is strong enough.
fn advice(password: &str, known_by: &[String]) -> Option<Refusal> {
    let between = ['@', ' ', '.', '-'];
    let joined: Vec<String> = known_by.iter().map(|word| word.replace(between, "")).collect();
    let parts = known_by.iter().flat_map(|word| word.split(between));
    let known_by: Vec<&str> = known_by.iter().chain(&joined).map(String::as_str).chain(parts).collect();
    let estimate = zxcvbn(password, &known_by);
    if estimate.score() >= Score::Three {
        return None;
    }
    let mut sentences = vec!["would be guessed too soon.".to_owned()];
    if let Some(feedback) = estimate.feedback() {
        sentences.extend(feedback.warning().map(|warning| warning.to_string()));
        sentences.extend(feedback.suggestions().iter().map(ToString::to_string));
    }
    if sentences.len() == 1 {
        sentences.push("Add another word or two. Uncommon words are better.".to_owned());
    }
    Some(Refusal::field("password", sentences.join(" ")))
}

/// What is stored of a password.
pub async fn hash(app: &App, password: &str) -> Result<String> {
    let mut salt = [0; 16];
    app.random.fill(&mut salt);
    let password = password.to_owned();
    apart(move || {
        let hash =
            argon()?.hash_password_with_salt(password.as_bytes(), &salt).map_err(|error| broken(&error))?;
        Ok(hash.to_string())
    })
    .await?
}

/// Is this the password? Where there is none to compare with, finding that out takes as long.
pub async fn is_it(password: &str, hash: Option<String>) -> Result<bool> {
    if passwords::LONGEST < password.len() {
        return Ok(false);
    }
    let password = password.to_owned();
    apart(move || {
        let (argon, password) = (argon()?, password.as_bytes());
        Ok(match hash {
            Some(hash) => argon.verify_password(password, hash.as_str()).is_ok(),
            None => argon.hash_password_with_salt(password, &[0; 16]).is_err(),
        })
    })
    .await?
}

/// Was it hashed as passwords are hashed today?
pub fn is_of_today(hash: &str) -> bool {
    hash.starts_with(TODAY)
}

/// Does long work on a thread of its own, when it is its turn.
async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let turn = AT_ONCE.acquire().await.map_err(|error| broken(&error))?;
    let done = tokio::task::spawn_blocking(work).await.map_err(|error| broken(&error));
    drop(turn);
    done
}

fn argon() -> Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|error| broken(&error))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn broken(error: &impl ToString) -> Error {
    Error::Broken(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_belong_together_are_guessed() {
        let known_by = ["Ruth Okafor".to_owned(), "ruth.okafor@hyde.example".to_owned()];
        for weak in ["password12", "qwertyuiop", "ruthokafor1", "aaaaaaaaaaaa", "1234567890"] {
            let Some(Refusal::Field { field: "password", problem }) = advice(weak, &known_by) else {
                panic!("{weak} is strong enough");
            };
            assert!(problem.starts_with("would be guessed too soon. "), "{problem}");
        }
        assert_eq!(advice("kettle marmalade otter nine", &known_by), None);
    }

    #[tokio::test]
    async fn only_the_password_is_it() {
        let argon = argon().unwrap();
        let hash = argon.hash_password_with_salt(b"kettle marmalade", &[7; 16]).unwrap().to_string();
        assert!(is_of_today(&hash), "{hash}");
        assert!(is_it("kettle marmalade", Some(hash.clone())).await.unwrap());
        assert!(!is_it("kettle marmalade ", Some(hash.clone())).await.unwrap());
        assert!(!is_it("", Some(hash)).await.unwrap());
        assert!(!is_it("kettle marmalade", None).await.unwrap());
        assert!(!is_it(&"k".repeat(1_000_000), None).await.unwrap());
        assert!(!is_it("kettle marmalade", Some("not a hash".to_owned())).await.unwrap());
    }
}
