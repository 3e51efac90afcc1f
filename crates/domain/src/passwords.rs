//! Passwords: how long they may be. How soon one would be guessed is measured in `app`.

use crate::Refusal;

/// The shortest password, in bytes.
pub const SHORTEST: usize = 10;
/// The longest, in bytes: enough for any sentence, and hashing it stays cheap.
pub const LONGEST: usize = 256;

/// Is it of a length that can be used? Everything else may stand in it.
pub fn fits(password: &str) -> Result<(), Refusal> {
    match password.len() {
        SHORTEST..=LONGEST => Ok(()),
        short if short < SHORTEST => Err(Refusal::field(
            "password",
            "is too short: four words that do not belong together are long enough, and easy to keep",
        )),
        _ => Err(Refusal::field("password", format!("is too long: at most {LONGEST} letters fit"))),
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn there_is_a_shortest_and_a_longest() {
        assert!(fits("kites spin").is_ok());
        assert!(fits("kites spi").is_err());
        assert!(fits(&"k".repeat(256)).is_ok());
        assert!(fits(&"k".repeat(257)).is_err());
    }
}
