//! Connections: one of ours listens to an association anywhere, before it carries anything. Private.
//!
//! asked → connected, or refused; either side ends it, and then there is no connection.

use jiff::tz::TimeZone;

use crate::{ActivityId, ActorId, Moment, Refusal, actors::Actor, moments::DAY};

/// So many connections one association may have: what it can still read, and what a list still costs little.
pub const MOST: u64 = 200;
/// After so long without a word they count as silent.
const SILENT: i64 = 60 * DAY;
/// So long an answer may take before we say that it takes long.
const LONG: i64 = 14 * DAY;

/// Where a connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionState {
    /// We asked, and nobody answered yet.
    Asked,
    /// They said yes: what they publish arrives.
    Connected,
    /// They said no, or ended it.
    Refused,
}

impl ConnectionState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Asked, Self::Connected, Self::Refused];

    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Connected => "connected",
            Self::Refused => "refused",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// One of ours listens to somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Who listens: an association here, or the instance.
    pub seeker: ActorId,
    /// Whom it listens to: an actor here or elsewhere.
    pub target: ActorId,
    /// Where it stands.
    pub state: ConnectionState,
    /// The id of our `Follow`; none between two of ours, which need no wire.
    pub follow: Option<ActivityId>,
    /// When we asked.
    pub asked: Moment,
    /// When they answered.
    pub answered: Option<Moment>,
    /// When their newest items were filled in.
    pub filled: Option<Moment>,
    /// When we last heard from them.
    pub heard: Option<Moment>,
    /// What went wrong last, in plain words.
    pub problem: Option<String>,
}

/// A connection with both its ends, and what is known of the server of the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionSeen {
    /// The connection.
    pub connection: Connection,
    /// Who listens.
    pub seeker: Actor,
    /// Whom it listens to.
    pub target: Actor,
    /// Since when their server does not answer us, if it does not.
    pub unreachable: Option<Moment>,
    /// When their newest item that is kept here was published.
    pub newest: Option<Moment>,
}

/// How a connection stands, from what is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// All is well.
    Alive,
    /// We asked; they have not answered.
    Pending,
    /// They said no, or ended it.
    Refused,
    /// We are connected, and nothing has come for long.
    Silent,
    /// Their server does not answer.
    Broken,
    /// They have closed, or are gone.
    Gone,
}

impl Standing {
    /// One or two words for a list.
    pub fn label(self) -> &'static str {
        match self {
            Self::Alive => "connected",
            Self::Pending => "waiting for their answer",
            Self::Refused => "not connected",
            Self::Silent => "silent",
            Self::Broken => "out of reach",
            Self::Gone => "gone",
        }
    }
}

impl ConnectionSeen {
    /// How it stands at a moment.
    pub fn standing(&self, now: Moment) -> Standing {
        match self.connection.state {
            _ if self.target.gone.is_some() => Standing::Gone,
            ConnectionState::Refused => Standing::Refused,
            _ if self.unreachable.is_some() => Standing::Broken,
            ConnectionState::Asked => Standing::Pending,
            ConnectionState::Connected if !self.target.local && self.last_word().plus(SILENT) < now => {
                Standing::Silent
            }
            ConnectionState::Connected => Standing::Alive,
        }
    }

    /// When we last had a word of them: an item, or at least their yes.
    pub fn last_word(&self) -> Moment {
        let connection = &self.connection;
        let known = [connection.heard, self.newest, connection.answered];
        known.into_iter().flatten().max().unwrap_or(connection.asked)
    }

    /// How it stands, in a sentence or two, with what to do.
    pub fn words(&self, now: Moment, zone: &TimeZone) -> String {
        let (name, host) = (&self.target.name, &self.target.host);
        let day = |at: Moment| at.day_in_words(zone);
        match self.standing(now) {
            Standing::Alive if self.target.local => {
                "Connected. They are on this board too, so everything is here at once.".to_owned()
            }
            Standing::Alive => match (&self.connection.problem, self.connection.filled) {
                (Some(problem), None) => format!(
                    "Connected. What they published before could not be fetched yet ({problem}); we try again. What \
                     is new arrives."
                ),
                (_, None) => "Connected. Their newest items are on their way.".to_owned(),
                _ => "Connected. What they publish arrives in your stream.".to_owned(),
            },
            Standing::Pending if self.connection.asked.plus(LONG) < now => format!(
                "We asked on {} and nobody has answered. They look at each request themselves, or never saw it: write \
                 to {name}, or end this and ask again.",
                day(self.connection.asked)
            ),
            Standing::Pending => format!(
                "We asked on {}. Some approve each request by hand, so this can take some days; there is nothing to do.",
                day(self.connection.asked)
            ),
            Standing::Refused => format!(
                "{name} said no, or ended it{}. Talk to them first; you can ask again afterwards.",
                self.connection.answered.map_or_else(String::new, |at| format!(" on {}", day(at)))
            ),
            Standing::Silent => format!(
                "Connected, but nothing has come since {}. Look at their page whether they are still active there.",
                day(self.last_word())
            ),
            Standing::Broken => format!(
                "The server {host} has not answered us since {}. We keep trying; if it stays away, ask {name} whether \
                 they have moved.",
                self.unreachable.map_or_else(String::new, day)
            ),
            Standing::Gone => "They are gone from there for good. You can end this.".to_owned(),
        }
    }
}

/// May somebody listen to one more?
pub fn room(have: u64) -> Result<(), Refusal> {
    if have < MOST {
        return Ok(());
    }
    Err(Refusal::field(
        "handle",
        format!(
            "you are connected to {MOST} already, and more than that nobody can read; end one that is silent"
        ),
    ))
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::actors::{ActorKind, Profile};

    fn actor(local: bool) -> Actor {
        let url = Url::parse("https://kirkgate.example/ap/associations/1").unwrap();
        Actor {
            id: ActorId(uuid::Uuid::nil()),
            uri: url.clone(),
            local,
            kind: ActorKind::Group,
            handle: "cooks".into(),
            host: "kirkgate.example".into(),
            name: "Kirkgate Cooks".into(),
            summary: String::new(),
            page: url.clone(),
            inbox: url,
            shared_inbox: None,
            followers: None,
            key_id: String::new(),
            public_key: String::new(),
            fetched: Moment(0),
            gone: None,
            paper: None,
            profile: Profile::default(),
        }
    }

    fn seen(state: ConnectionState) -> ConnectionSeen {
        let connection = Connection {
            seeker: ActorId(uuid::Uuid::nil()),
            target: ActorId(uuid::Uuid::nil()),
            state,
            follow: None,
            asked: Moment(0),
            answered: None,
            filled: Some(Moment(0)),
            heard: None,
            problem: None,
        };
        ConnectionSeen {
            connection,
            seeker: actor(true),
            target: actor(false),
            unreachable: None,
            newest: None,
        }
    }

    #[test]
    fn how_it_stands_follows_from_what_is_known() {
        use ConnectionState::{Asked, Connected, Refused};
        let standing = |state, now| seen(state).standing(Moment(now));
        assert_eq!(standing(Asked, DAY), Standing::Pending);
        assert_eq!(standing(Refused, DAY), Standing::Refused);
        assert_eq!(standing(Connected, DAY), Standing::Alive);
        assert_eq!(standing(Connected, 61 * DAY), Standing::Silent);
        let mut heard = seen(Connected);
        heard.newest = Some(Moment(50 * DAY));
        assert_eq!(heard.standing(Moment(61 * DAY)), Standing::Alive);
        heard.unreachable = Some(Moment(60 * DAY));
        assert_eq!(heard.standing(Moment(61 * DAY)), Standing::Broken);
        heard.target.gone = Some(Moment(60 * DAY));
        assert_eq!(heard.standing(Moment(61 * DAY)), Standing::Gone);
        let mut ours = seen(Connected);
        ours.target.local = true;
        assert_eq!(ours.standing(Moment(100 * DAY)), Standing::Alive);
    }

    #[test]
    fn each_way_it_stands_is_said_with_what_to_do() {
        let words = |state, now| seen(state).words(Moment(now), &TimeZone::UTC);
        assert!(words(ConnectionState::Asked, DAY).contains("approve each request by hand"));
        assert!(words(ConnectionState::Asked, 15 * DAY).contains("ask again"));
        assert!(words(ConnectionState::Refused, DAY).starts_with("Kirkgate Cooks said no"));
        assert!(words(ConnectionState::Connected, 61 * DAY).contains("Thursday 1 January 1970"));
        let mut unfilled = seen(ConnectionState::Connected);
        (unfilled.connection.filled, unfilled.connection.problem) = (None, Some("it is too slow".into()));
        assert!(unfilled.words(Moment(DAY), &TimeZone::UTC).contains("it is too slow"));
    }

    #[test]
    fn there_is_room_for_so_many() {
        assert!(room(MOST - 1).is_ok());
        assert!(room(MOST).is_err());
    }
}
