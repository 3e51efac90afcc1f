//! Who may do what: one table for the whole house, closed by default.

use crate::{ActorId, Refusal};

/// What a person is to an association.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Publishes, answers pledges, changes the association.
    Organiser,
    /// Looks after what others write.
    Steward,
}

impl Role {
    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Organiser => "organiser",
            Self::Steward => "steward",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Organiser, Self::Steward].into_iter().find(|role| role.word() == word)
    }
}

/// Who asks for something to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Whoever runs the server, at its command line.
    Operator,
    /// A person signed in here.
    Person(ActorId),
    /// An actor elsewhere, whose signature was checked.
    Remote(ActorId),
}

/// What can be asked for on behalf of an association.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Publish, edit, park, close, cancel, delete; change or close the association.
    Organise,
    /// Accept, decline, thank.
    AnswerPledges,
    /// Approve or decline what others wrote.
    Moderate,
    /// Block a server, run the queues.
    Operate,
}

/// The table: may somebody with these roles in the association do this?
pub fn may(who: Who, roles: &[Role], act: Act) -> Result<(), Refusal> {
    let allowed = match (who, act) {
        (Who::Operator, _) => true,
        (Who::Person(_), Act::Organise | Act::AnswerPledges) => roles.contains(&Role::Organiser),
        (Who::Person(_), Act::Moderate) => !roles.is_empty(),
        (Who::Person(_), Act::Operate) | (Who::Remote(_), _) => false,
    };
    if allowed { Ok(()) } else { Err(Refusal::NotAnOrganiser) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_closed_by_default() {
        let somebody = ActorId(uuid::Uuid::nil());
        let acts = [Act::Organise, Act::AnswerPledges, Act::Moderate, Act::Operate];
        for act in acts {
            assert!(may(Who::Remote(somebody), &[Role::Organiser, Role::Steward], act).is_err());
            assert!(may(Who::Person(somebody), &[], act).is_err());
            assert!(may(Who::Operator, &[], act).is_ok());
        }
        let person = Who::Person(somebody);
        assert!(may(person, &[Role::Steward], Act::Moderate).is_ok());
        assert!(may(person, &[Role::Steward], Act::Organise).is_err());
        assert!(may(person, &[Role::Organiser], Act::AnswerPledges).is_ok());
        assert!(may(person, &[Role::Organiser], Act::Operate).is_err());
    }
}
