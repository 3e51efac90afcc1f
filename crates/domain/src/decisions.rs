//! Decisions: an alliance asks its members one question, each association has one vote, and the record stays.
//!
//! Who may vote is fixed when it is asked; the rule is stated then too, and what comes of it follows from the votes alone
//! ([`Rule::outcome`]). Start at [`Decision`].

use url::Url;

use crate::{
    ActorId, DecisionId, Moment, Refusal,
    actors::Actor,
    moments::{DAY, MINUTE},
    text::{self, Prose},
};

/// The longest time for an answer.
const LONGEST: i64 = 180 * DAY;
/// The longest words that go with a vote, in characters.
pub const WORDS: usize = 1_000;
/// Most questions of one alliance that may be open at once.
pub const OPEN: usize = 50;

/// By which rule a decision is made. Each association has one vote, however large it is; whoever abstains or is silent
/// stands in nobody's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// More are for it than against.
    Majority,
    /// At least twice as many are for it as against.
    TwoThirds,
    /// Somebody is for it, and at most so many are against.
    ConsensusMinus(u8),
}

impl Rule {
    /// The word in files, forms and the database: `majority`, `two-thirds`, `consensus-minus-1`.
    pub fn word(self) -> String {
        match self {
            Self::Majority => "majority".to_owned(),
            Self::TwoThirds => "two-thirds".to_owned(),
            Self::ConsensusMinus(n) => format!("consensus-minus-{n}"),
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "majority" => Some(Self::Majority),
            "two-thirds" => Some(Self::TwoThirds),
            "consensus" => Some(Self::ConsensusMinus(0)),
            _ => word.strip_prefix("consensus-minus-")?.parse().ok().map(Self::ConsensusMinus),
        }
    }

    /// The rule as a sentence.
    pub fn sentence(self) -> String {
        match self {
            Self::Majority => "It is agreed when more associations are for it than against it.".to_owned(),
            Self::TwoThirds => {
                "It is agreed when at least two thirds of those that are for or against are for it."
                    .to_owned()
            }
            Self::ConsensusMinus(0) => "It is agreed when nobody is against it.".to_owned(),
            Self::ConsensusMinus(1) => "It is agreed when at most one association is against it.".to_owned(),
            Self::ConsensusMinus(n) => format!("It is agreed when at most {n} associations are against it."),
        }
    }

    /// What comes of these votes.
    pub fn outcome(self, tally: Tally) -> Outcome {
        let Tally { yes, no, .. } = tally;
        let agreed = match self {
            Self::Majority => yes > no,
            Self::TwoThirds => yes > 0 && yes >= no.saturating_mul(2),
            Self::ConsensusMinus(n) => yes > 0 && no <= usize::from(n),
        };
        if agreed { Outcome::Agreed } else { Outcome::NotAgreed }
    }
}

/// What an association says to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Yes.
    For,
    /// No.
    Against,
    /// It has looked, and leaves it to the others.
    Abstain,
}

impl Choice {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::For, Self::Against, Self::Abstain];

    /// The word in the database, in forms, and as an option of the poll.
    pub fn word(self) -> &'static str {
        match self {
            Self::For => "For",
            Self::Against => "Against",
            Self::Abstain => "Abstain",
        }
    }

    /// Reads the word, however it is written.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.word().eq_ignore_ascii_case(word.trim()))
    }
}

/// How many said what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// For it.
    pub yes: usize,
    /// Against it.
    pub no: usize,
    /// Neither.
    pub abstained: usize,
}

impl Tally {
    /// Counts choices.
    pub fn of(choices: impl IntoIterator<Item = Choice>) -> Self {
        let mut tally = Self::default();
        for choice in choices {
            match choice {
                Choice::For => tally.yes += 1,
                Choice::Against => tally.no += 1,
                Choice::Abstain => tally.abstained += 1,
            }
        }
        tally
    }
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is agreed by the rule that was stated.
    Agreed,
    /// It is not.
    NotAgreed,
}

impl Outcome {
    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Agreed => "agreed",
            Self::NotAgreed => "not agreed",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Agreed, Self::NotAgreed].into_iter().find(|outcome| outcome.word() == word)
    }
}

/// A question to the members of an alliance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Our id for it.
    pub id: DecisionId,
    /// Its ActivityPub id.
    pub uri: Url,
    /// Who asks: an alliance here, or one elsewhere of which one of ours is a member.
    pub alliance: ActorId,
    /// The question in one line.
    pub title: String,
    /// What there is to know, as written and as safe HTML.
    pub text: Prose,
    /// The rule, stated when it is asked.
    pub rule: Rule,
    /// When it was asked.
    pub asked: Moment,
    /// Until when one can answer.
    pub closes: Moment,
    /// When it was closed, with its record.
    pub closed: Option<Moment>,
}

impl Decision {
    /// Checks the question and when it closes.
    pub fn check(title: &str, text: &str, closes: Moment, now: Moment) -> Result<(String, String), Refusal> {
        let (title, text) = (text::line("title", title, 200)?, text::paragraphs("text", text, 10_000)?);
        if closes < now.plus(MINUTE) || closes > now.plus(LONGEST) {
            return Err(Refusal::field("closes", "must be between now and half a year from now"));
        }
        Ok((title, text))
    }

    /// May one answer it still?
    pub fn must_be_open(&self, now: Moment) -> Result<(), Refusal> {
        if self.closed.is_some() || now >= self.closes { Err(Refusal::Over("closed")) } else { Ok(()) }
    }
}

/// What one association said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ballot {
    /// Who.
    pub association: ActorId,
    /// What.
    pub choice: Choice,
    /// Why, in its words; of those against it stands in the minority report. May be empty.
    pub words: String,
    /// The id of the vote, when it came over the wire.
    pub vote: Option<String>,
    /// When.
    pub at: Moment,
}

/// The words that go with a vote.
pub fn words(words: &str) -> Result<String, Refusal> {
    text::paragraphs("words", words, WORDS)
}

/// The record of a decision, complete in itself: it stays when associations are gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// What came of it.
    pub outcome: Outcome,
    /// Each association that was asked, with what it said.
    pub lines: Vec<RecordLine>,
}

/// What one association said, as the record keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordLine {
    /// Its id.
    pub association: Url,
    /// Its name then.
    pub name: String,
    /// What it said; none when it was silent.
    pub choice: Option<Choice>,
    /// Why, in its words.
    pub words: String,
}

impl Record {
    /// How many said what.
    pub fn tally(&self) -> Tally {
        Tally::of(self.lines.iter().filter_map(|line| line.choice))
    }

    /// How many were asked and said nothing.
    pub fn silent(&self) -> usize {
        self.lines.iter().filter(|line| line.choice.is_none()).count()
    }

    /// What those who were against have to say.
    pub fn minority(&self) -> impl Iterator<Item = &RecordLine> {
        self.lines.iter().filter(|line| line.choice == Some(Choice::Against) && !line.words.is_empty())
    }
}

/// A decision as those it concerns see it.
#[derive(Debug, Clone, PartialEq)]
pub struct DecisionSeen {
    /// The decision.
    pub decision: Decision,
    /// Who asks.
    pub alliance: Actor,
    /// Who was asked, as far as we know: at home all, elsewhere those of ours.
    pub electors: Vec<Actor>,
    /// What those said whose votes are here.
    pub ballots: Vec<Ballot>,
    /// The record, once it is closed.
    pub record: Option<Record>,
}

impl DecisionSeen {
    /// What this association said.
    pub fn ballot(&self, association: ActorId) -> Option<&Ballot> {
        self.ballots.iter().find(|ballot| ballot.association == association)
    }

    /// The record as it follows from the votes that are here.
    pub fn counted(&self) -> Record {
        let line = |elector: &Actor| {
            let ballot = self.ballot(elector.id);
            RecordLine {
                association: elector.uri.clone(),
                name: elector.name.clone(),
                choice: ballot.map(|ballot| ballot.choice),
                words: ballot.map(|ballot| ballot.words.clone()).unwrap_or_default(),
            }
        };
        let lines: Vec<RecordLine> = self.electors.iter().map(line).collect();
        let tally = Tally::of(lines.iter().filter_map(|line| line.choice));
        Record { outcome: self.decision.rule.outcome(tally), lines }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn outcome(rule: Rule, yes: usize, no: usize, abstained: usize) -> Outcome {
        rule.outcome(Tally { yes, no, abstained })
    }

    #[test]
    fn rules_are_what_they_say() {
        assert_eq!(outcome(Rule::Majority, 2, 1, 9), Outcome::Agreed);
        assert_eq!(outcome(Rule::Majority, 2, 2, 0), Outcome::NotAgreed);
        assert_eq!(outcome(Rule::TwoThirds, 4, 2, 0), Outcome::Agreed);
        assert_eq!(outcome(Rule::TwoThirds, 3, 2, 0), Outcome::NotAgreed);
        assert_eq!(outcome(Rule::ConsensusMinus(1), 5, 1, 0), Outcome::Agreed);
        assert_eq!(outcome(Rule::ConsensusMinus(1), 5, 2, 0), Outcome::NotAgreed);
        assert_eq!(outcome(Rule::ConsensusMinus(0), 0, 0, 3), Outcome::NotAgreed);
        for rule in [Rule::Majority, Rule::TwoThirds, Rule::ConsensusMinus(2)] {
            assert_eq!(outcome(rule, 0, 0, 0), Outcome::NotAgreed, "silence decides nothing");
            assert_eq!(Rule::parse(&rule.word()), Some(rule));
        }
        assert_eq!(Rule::parse("consensus"), Some(Rule::ConsensusMinus(0)));
        assert_eq!(Rule::parse("the loudest"), None);
        assert_eq!(Choice::parse(" against "), Some(Choice::Against));
    }

    proptest! {
        /// A vote for it never turns a yes into a no, one against never a no into a yes, and abstaining changes nothing.
        #[test]
        fn a_vote_never_works_against_itself(yes in 0..50usize, no in 0..50usize, abstained in 0..50usize, n in 0..9u8) {
            for rule in [Rule::Majority, Rule::TwoThirds, Rule::ConsensusMinus(n)] {
                let now = outcome(rule, yes, no, abstained);
                if now == Outcome::Agreed {
                    prop_assert_eq!(outcome(rule, yes + 1, no, abstained), Outcome::Agreed);
                } else {
                    prop_assert_eq!(outcome(rule, yes, no + 1, abstained), Outcome::NotAgreed);
                }
                prop_assert_eq!(outcome(rule, yes, no, abstained + 1), now);
            }
        }
    }
}
