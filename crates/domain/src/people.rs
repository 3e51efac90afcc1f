//! Persons with an account here. Private by default: a `Person` actor that is not discoverable.

use crate::{ActorId, Moment, Refusal, text::Handle};

/// Somebody with an account here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The id, the same as its actor's.
    pub id: ActorId,
    /// The handle.
    pub handle: Handle,
    /// The name to be called by.
    pub name: String,
    /// Where mail goes; never shown.
    pub email: String,
    /// Since when.
    pub since: Moment,
    /// Do they look after the whole board?
    pub steward: bool,
}

/// An e-mail address that could be delivered to: one `@`, something on both sides, no spaces.
pub fn email(text: &str) -> Result<String, Refusal> {
    let address = text.trim();
    let fits = address.len() <= 254
        && !address.chars().any(|c| c.is_whitespace() || c.is_control())
        && address.rsplit_once('@').is_some_and(|(name, host)| {
            !name.is_empty()
                && !host.starts_with('.')
                && !host.ends_with('.')
                && !host.is_empty()
                && !name.contains('@')
        });
    if fits {
        Ok(address.to_lowercase())
    } else {
        Err(Refusal::field("email", "write an address such as ruth@hyde.example"))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn addresses_need_two_sides() {
        assert_eq!(super::email(" Ruth@Hyde.example ").unwrap(), "ruth@hyde.example");
        for bad in ["ruth", "@hyde.example", "ruth@", "a b@c.d", "a@b@c", "a@.b"] {
            assert!(super::email(bad).is_err(), "{bad}");
        }
    }
}
