//! Who may do what: one table for the whole house, closed by default.

use crate::{ActorId, Refusal};

/// What a person is to an association.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Publishes, answers pledges, changes the association.
    Organiser,
    /// Looks after what others write.
    Steward,
    /// Looks after the whole board. It stands with the person, not with an association, and holds for each of them.
    Board,
}

impl Role {
    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Organiser => "organiser",
            Self::Steward => "steward",
            Self::Board => "steward of the board",
        }
    }

    /// Reads the word. Stewards of the board are not in the table of roles.
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
    /// Approve or decline what others wrote; judge a report about what an association published.
    Moderate,
    /// Ask people in as organisers or stewards of an association, or let them go.
    Invite,
    /// Ask people in who run no association here yet.
    InviteToBoard,
    /// Found an association: everybody with an account was asked in.
    FoundAssociation,
    /// Block a server, or let it in again.
    BlockServers,
    /// Look after what belongs to nobody: projects that were proposed, reports about strangers.
    LookAfterBoard,
    /// Run the queues, make stewards of the board.
    Operate,
}

/// The table: may somebody with these roles in the association do this? What concerns the board is asked with the roles
/// that somebody has without one.
pub fn may(who: Who, roles: &[Role], act: Act) -> Result<(), Refusal> {
    let holds = |role| roles.contains(&role);
    let (allowed, otherwise) = match (who, act) {
        (Who::Operator, _) | (Who::Person(_), Act::FoundAssociation) => return Ok(()),
        (Who::Person(_), Act::Organise | Act::AnswerPledges | Act::Invite) => {
            (holds(Role::Organiser), Refusal::NotAnOrganiser)
        }
        (Who::Person(_), Act::Moderate) => (!roles.is_empty(), Refusal::NotAnOrganiser),
        (Who::Person(_), Act::InviteToBoard | Act::BlockServers | Act::LookAfterBoard) => {
            (holds(Role::Board), Refusal::NotASteward)
        }
        (Who::Person(_), Act::Operate) => (false, Refusal::NotASteward),
        (Who::Remote(_), _) => (false, Refusal::NotAnOrganiser),
    };
    if allowed { Ok(()) } else { Err(otherwise) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_closed_by_default() {
        let somebody = ActorId(uuid::Uuid::nil());
        let every = [Role::Organiser, Role::Steward, Role::Board];
        let acts = [
            Act::Organise,
            Act::AnswerPledges,
            Act::Moderate,
            Act::Invite,
            Act::InviteToBoard,
            Act::BlockServers,
            Act::LookAfterBoard,
            Act::Operate,
        ];
        for act in acts {
            assert!(may(Who::Remote(somebody), &every, act).is_err());
            assert!(may(Who::Person(somebody), &[], act).is_err());
            assert!(may(Who::Operator, &[], act).is_ok());
        }
        assert!(may(Who::Remote(somebody), &every, Act::FoundAssociation).is_err());
        assert!(may(Who::Person(somebody), &[], Act::FoundAssociation).is_ok());
        assert!(may(Who::Person(somebody), &every, Act::Operate).is_err());
        let person = Who::Person(somebody);
        assert!(may(person, &[Role::Steward], Act::Moderate).is_ok());
        assert!(may(person, &[Role::Steward], Act::Organise).is_err());
        assert!(may(person, &[Role::Organiser], Act::AnswerPledges).is_ok());
        assert!(may(person, &[Role::Organiser], Act::Operate).is_err());
        for act in [Act::Moderate, Act::InviteToBoard, Act::BlockServers, Act::LookAfterBoard] {
            assert!(may(person, &[Role::Board], act).is_ok());
        }
        // Whoever looks after the board does not run its associations, nor can they make themselves do so.
        for act in [Act::Organise, Act::AnswerPledges, Act::Invite] {
            assert!(may(person, &[Role::Board, Role::Steward], act).is_err());
        }
        for act in [Act::InviteToBoard, Act::BlockServers, Act::LookAfterBoard] {
            assert!(may(person, &[Role::Organiser, Role::Steward], act).is_err());
        }
    }

    #[test]
    fn nobody_looks_after_the_board_by_the_table_of_roles() {
        assert_eq!(Role::parse(Role::Board.word()), None);
        assert_eq!(Role::parse("steward"), Some(Role::Steward));
    }
}
