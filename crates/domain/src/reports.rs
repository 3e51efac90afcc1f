//! Reports: what somebody asked the stewards to look at, and what they decided.
//!
//! A report about what an association published lies with its organisers and stewards, and with the stewards of the
//! board; everything else with the stewards of the board alone. Nobody tells the author. Start at [`Report::judge`].

use crate::{ActorId, ItemId, Moment, Refusal, ReplyId, ReportId, people, text};

/// Why something was reported: a closed list, so that it can be a row of boxes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Category {
    /// Selling something, or the same thing again and again.
    Spam,
    /// Hateful, or bullying somebody.
    Hateful,
    /// Somebody could come to harm.
    Unsafe,
    /// Against the law.
    Illegal,
    /// Shows something private about somebody.
    Personal,
    /// Not true, or pretends to be somebody else.
    Untrue,
    /// Something else, said in words.
    Other,
}

impl Category {
    /// Every category, as forms offer them.
    pub const ALL: [Self; 7] =
        [Self::Unsafe, Self::Hateful, Self::Personal, Self::Untrue, Self::Spam, Self::Illegal, Self::Other];

    /// The word in the database and in forms.
    pub fn word(self) -> &'static str {
        match self {
            Self::Spam => "spam",
            Self::Hateful => "hateful",
            Self::Unsafe => "unsafe",
            Self::Illegal => "illegal",
            Self::Personal => "personal-data",
            Self::Untrue => "untrue",
            Self::Other => "other",
        }
    }

    /// What it means, for people.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Spam => "It is advertising or spam",
            Self::Hateful => "It is hateful or bullies somebody",
            Self::Unsafe => "Somebody could come to harm",
            Self::Illegal => "It is against the law",
            Self::Personal => "It shows something private about somebody",
            Self::Untrue => "It is not true, or pretends to be somebody else",
            Self::Other => "Something else",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.word() == word)
    }
}

/// What is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reported {
    /// A project, call, event or update.
    Item(ItemId),
    /// What somebody wrote back.
    Reply(ReplyId),
    /// An association here, or anybody elsewhere.
    Actor(ActorId),
}

/// Where a report stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportState {
    /// Waits for the association's stewards or the board's.
    Open,
    /// The association's stewards passed it on: it waits for the board's.
    WithBoard,
    /// Looked at; what was reported stays.
    Kept,
    /// What was reported is taken down.
    TakenDown,
    /// The board's stewards passed it on to somebody who can do more.
    PassedOn,
}

impl ReportState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Open, Self::WithBoard, Self::Kept, Self::TakenDown, Self::PassedOn];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::WithBoard => "with-board",
            Self::Kept => "kept",
            Self::TakenDown => "taken-down",
            Self::PassedOn => "passed-on",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }

    /// Is somebody still to look at it?
    pub fn waits(self) -> bool {
        matches!(self, Self::Open | Self::WithBoard)
    }
}

/// What a steward can decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Looked at, stays.
    Keep,
    /// Take it down.
    TakeDown,
    /// Pass it on: from an association to the board, and from the board to somebody who can do more.
    PassOn,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 3] = [Self::Keep, Self::TakeDown, Self::PassOn];

    /// The word in forms and in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::TakeDown => "take-down",
            Self::PassOn => "pass-on",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.word() == word)
    }
}

/// What somebody asked the stewards to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Its id.
    pub id: ReportId,
    /// What is reported.
    pub about: Reported,
    /// What it was called when it was reported.
    pub title: String,
    /// The association that published it, whose stewards see the report too.
    pub association: Option<ActorId>,
    /// Why.
    pub category: Category,
    /// In the reporter's words; may be empty.
    pub words: String,
    /// Who reported, when they were signed in.
    pub reporter: Option<ActorId>,
    /// Where an answer goes, until it was given.
    pub email: Option<String>,
    /// Where it stands.
    pub state: ReportState,
    /// When it came in.
    pub since: Moment,
}

impl Report {
    /// Decides it. `board` is true when a steward of the board decides, who alone decides what was passed on to them.
    pub fn judge(&mut self, verdict: Verdict, board: bool) -> Result<(), Refusal> {
        if !self.state.waits() {
            return Err(Refusal::Over("decided"));
        }
        if self.state == ReportState::WithBoard && !board {
            return Err(Refusal::NotASteward);
        }
        self.state = match verdict {
            Verdict::Keep => ReportState::Kept,
            Verdict::TakeDown if matches!(self.about, Reported::Actor(_)) => {
                let instead = "cannot be taken down from here; block its server, or pass this on to whoever runs the board";
                return Err(Refusal::field("verdict", instead));
            }
            Verdict::TakeDown => ReportState::TakenDown,
            Verdict::PassOn if board => ReportState::PassedOn,
            Verdict::PassOn => ReportState::WithBoard,
        };
        Ok(())
    }
}

/// One decision about a report; each stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// Who decided; none when it was whoever runs the server.
    pub by: Option<ActorId>,
    /// When.
    pub at: Moment,
    /// What.
    pub verdict: Verdict,
    /// Why, in words that the reporter reads too.
    pub reason: String,
}

/// What the form says, already parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// Why.
    pub category: Category,
    /// In the reporter's words.
    pub words: String,
    /// Where an answer goes.
    pub email: Option<String>,
}

impl Complaint {
    /// Something else needs words; an address is not needed.
    pub fn parse(category: &str, words: &str, email: &str) -> Result<Self, Refusal> {
        let category = Category::parse(category)
            .ok_or_else(|| Refusal::field("category", "choose what is wrong with it"))?;
        let words = text::paragraphs("words", words, 2_000)?;
        if words.is_empty() && category == Category::Other {
            return Err(Refusal::field("words", "say what is wrong with it"));
        }
        let email = if email.trim().is_empty() { None } else { Some(people::email(email)?) };
        Ok(Self { category, words, email })
    }
}

/// Why a steward decides so; it is needed.
pub fn reason(words: &str) -> Result<String, Refusal> {
    let words = text::paragraphs("reason", words, 1_000)?;
    if words.is_empty() {
        return Err(Refusal::field("reason", "say why, in a sentence; whoever reported it reads it"));
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::uuid_from;

    fn report(about: Reported) -> Report {
        Report {
            id: ReportId(uuid_from(1, [1; 10])),
            about,
            title: "Plant trees".into(),
            association: Some(ActorId(uuid_from(1, [2; 10]))),
            category: Category::Spam,
            words: String::new(),
            reporter: None,
            email: None,
            state: ReportState::Open,
            since: Moment(0),
        }
    }

    #[test]
    fn what_an_association_passes_on_only_the_board_decides() {
        let mut report = report(Reported::Item(ItemId(uuid_from(1, [3; 10]))));
        report.judge(Verdict::PassOn, false).unwrap();
        assert_eq!(report.state, ReportState::WithBoard);
        assert_eq!(report.judge(Verdict::Keep, false), Err(Refusal::NotASteward));
        report.judge(Verdict::TakeDown, true).unwrap();
        assert_eq!(report.state, ReportState::TakenDown);
        assert!(report.judge(Verdict::Keep, true).is_err(), "decided once");
    }

    #[test]
    fn an_association_is_not_taken_down_with_a_button() {
        let mut report = report(Reported::Actor(ActorId(uuid_from(1, [3; 10]))));
        assert!(report.judge(Verdict::TakeDown, true).is_err());
        assert!(report.state.waits());
        report.judge(Verdict::PassOn, true).unwrap();
        assert_eq!(report.state, ReportState::PassedOn);
    }

    #[test]
    fn a_complaint_needs_a_reason_and_no_address() {
        assert!(Complaint::parse("spam", "", "").unwrap().email.is_none());
        assert!(Complaint::parse("other", " ", "").is_err());
        assert!(Complaint::parse("", "words", "").is_err());
        assert!(Complaint::parse("spam", "", "nobody").is_err());
        for category in Category::ALL {
            assert_eq!(Category::parse(category.word()), Some(category));
        }
    }
}
