//! Visitors: people who help without an account. A name and a way to reach them is all that is known, for the eyes of
//! the organisers they offered help to, and for a while.
//!
//! What a visitor says on a form is an [`Offer`] until the letter is answered, and then a pledge like any other.

use crate::{
    ActorId, ItemId, Moment, Refusal,
    calls::Call,
    moments::{DAY, HOUR},
    people, text,
};

/// How long an offer waits to be confirmed; then nothing is left of it.
pub const CONFIRM: i64 = 48 * HOUR;
/// For how long after the end of a call the organisers can reach those who offered help.
pub const KEPT: i64 = 90 * DAY;
/// What somebody is called whose name was forgotten.
pub const NAMELESS: &str = "a neighbour";

/// How to reach somebody: by mail, by telephone, or both.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reach {
    /// A mail address.
    pub email: Option<String>,
    /// A telephone number.
    pub phone: Option<String>,
}

impl Reach {
    /// Reads what was typed; one of the two is enough.
    pub fn parse(email: &str, phone: &str) -> Result<Self, Refusal> {
        let email = if email.trim().is_empty() { None } else { Some(people::email(email)?) };
        let reach = Self { email, phone: telephone(phone)? };
        if reach == Self::default() {
            return Err(Refusal::field("email", "leave an e-mail address, or a telephone number below"));
        }
        Ok(reach)
    }
}

/// A telephone number as people write them: digits in groups, with `+` before the country. None when left empty.
fn telephone(text: &str) -> Result<Option<String>, Refusal> {
    let spaced: String = text.chars().map(|c| if "-.()/".contains(c) { ' ' } else { c }).collect();
    let number = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    if number.is_empty() {
        return Ok(None);
    }
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let rest = number.strip_prefix('+').unwrap_or(&number);
    let fits = number.len() <= 30 && digits >= 5 && rest.chars().all(|c| c.is_ascii_digit() || c == ' ');
    if fits { Ok(Some(number)) } else { Err(Refusal::field("phone", "write a number such as 0113 496 0123")) }
}

/// Somebody who helped, or offered to, without an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// The id, the same as its actor's; nothing on the wire has it.
    pub id: ActorId,
    /// The name to be called by.
    pub name: String,
    /// How to reach them.
    pub reach: Reach,
    /// Since when they are known.
    pub since: Moment,
    /// When they confirmed that the mail address is theirs; never, when they left only a telephone number.
    pub confirmed: Option<Moment>,
}

/// What somebody offers on a form, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The call.
    pub call: ItemId,
    /// The needs they can answer, by position.
    pub needs: Vec<i16>,
    /// The name to be called by.
    pub name: String,
    /// How to reach them.
    pub reach: Reach,
    /// Words to the organisers; may be empty.
    pub note: String,
}

impl Offer {
    /// Checks a form, in the order of its fields.
    pub fn parse(
        call: &Call,
        needs: &[i16],
        (name, email, phone): (&str, &str, &str),
        note: &str,
    ) -> Result<Self, Refusal> {
        let needs = call.needs_at(needs)?;
        let name = self::name(name)?;
        let reach = Reach::parse(email, phone)?;
        Ok(Self { call: call.id, needs, name, reach, note: self::note(note)? })
    }
}

/// What to call somebody.
pub fn name(name: &str) -> Result<String, Refusal> {
    match text::line("name", name, 100) {
        Err(_) if name.trim().is_empty() => {
            Err(Refusal::field("name", "say what to call you; a first name will do"))
        }
        other => other,
    }
}

/// Words to the organisers.
pub fn note(words: &str) -> Result<String, Refusal> {
    text::paragraphs("note", words, 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::{CallDraft, HelpKind};

    fn call() -> Call {
        let needs = vec![
            (HelpKind::Time, "I can plant".to_owned(), Some(2)),
            (HelpKind::Thing, "I have a spade".to_owned(), None),
        ];
        let draft =
            CallDraft { project: None, why: String::new(), closes: Moment(1_000), one_tap: true, needs };
        Call::publish(ItemId(uuid::Uuid::nil()), &draft, Moment(0)).unwrap()
    }

    fn refused(needs: &[i16], name: &str, email: &str, phone: &str, note: &str) -> &'static str {
        match Offer::parse(&call(), needs, (name, email, phone), note) {
            Err(Refusal::Field { field, .. }) => field,
            Ok(_) => "",
            Err(_) => "no field",
        }
    }

    #[test]
    fn a_name_and_one_way_to_reach_somebody_are_enough() {
        let offer = Offer::parse(&call(), &[1, 0, 1], (" Jo\n", "Jo@Aire.example", ""), " Hi \r\nyou ");
        let offer = offer.unwrap();
        assert_eq!((offer.needs.as_slice(), offer.name.as_str()), ([0, 1].as_slice(), "Jo"));
        assert_eq!((offer.reach.email.as_deref(), offer.reach.phone), (Some("jo@aire.example"), None));
        assert_eq!(offer.note, "Hi \nyou");
        let phone = Offer::parse(&call(), &[0], ("Jo", " ", "+44 (0)113-496.0123"), "").unwrap();
        assert_eq!((phone.reach.email, phone.reach.phone.as_deref()), (None, Some("+44 0 113 496 0123")));
    }

    #[test]
    fn a_form_says_which_field_is_wrong() {
        assert_eq!(refused(&[], "Jo", "jo@aire.example", "", ""), "needs");
        assert_eq!(refused(&[2], "Jo", "jo@aire.example", "", ""), "needs");
        assert_eq!(refused(&[-1], "Jo", "jo@aire.example", "", ""), "needs");
        assert_eq!(refused(&[0], " ", "jo@aire.example", "", ""), "name");
        assert_eq!(refused(&[0], &"o".repeat(101), "jo@aire.example", "", ""), "name");
        assert_eq!(refused(&[0], "Jo", "", " ", ""), "email");
        assert_eq!(refused(&[0], "Jo", "jo", "", ""), "email");
        assert_eq!(refused(&[0], "Jo", "jo@aire.example", "", &"x".repeat(1_001)), "note");
        for number in ["12", "call me", "0113 496 0123; ext 4", "01+13 4960123", &"1".repeat(31)] {
            assert_eq!(refused(&[0], "Jo", "", number, ""), "phone", "{number}");
        }
    }
}
