//! What waits at one association: read once, drawn as it stands. Nothing is counted here but what is to be done.
//!
//! Pledges, and replies to the organisers alone, are for organisers; other replies are for stewards too.

use folkmoot_domain::{
    Moment,
    associations::AssociationSeen,
    calls::CallSeen,
    events::EventSeen,
    items::{ItemKind, ItemSeen},
    moments::HOUR,
    people::Person,
    pledges::{Door, PledgeSeen, PledgeState},
    replies::ReplySeen,
    roles::{self, Act, Role, Who},
};
use folkmoot_storage::{Rows, calls, desks, drafts, pledges, replies};
use jiff::tz::TimeZone;

use super::carrying::{self, Thing as ToCarry};
use crate::{
    assets::Icon,
    problems::Problem,
    rows::By,
    shapes,
    words::{self, Leaf},
};

/// How many pledges, and how many replies, of one association are shown at once.
const AT_ONCE: u64 = 50;
/// Calls that close within this time are looked at today.
const SOON: i64 = 48 * HOUR;

/// One of my associations, with what waits there.
pub(crate) struct Mine {
    pub by: By,
    pub zone: TimeZone,
    pub handle: String,
    pub organises: bool,
    pub pledges: Vec<Waiting>,
    pub replies: Vec<Held>,
    pub today: Vec<Thing>,
    pub owed: Vec<Thing>,
    pub to_carry: Vec<ToCarry>,
    pub drafts: Vec<Begun>,
}

/// A pledge, with what can be said to it.
pub(crate) struct Waiting {
    pub action: String,
    pub giver: By,
    /// By which door it came, in words.
    pub door: &'static str,
    pub call: String,
    pub path: String,
    pub labels: String,
    /// What they said besides.
    pub note: String,
    /// How to reach them: words, and the address.
    pub reach: Vec<(String, String)>,
    pub when: String,
    pub state: PledgeState,
    /// What the organisers answered.
    pub answer: String,
    /// The call's page of the desk, to come back to.
    pub back: String,
}

/// A reply that waits to be looked at.
pub(crate) struct Held {
    pub action: String,
    pub author: By,
    pub about: String,
    pub path: String,
    /// Safe HTML, sanitised when it came in.
    pub html: String,
    /// Written to the organisers alone: it can never be shown.
    pub direct: bool,
    pub when: String,
}

/// Something that is on, or owed.
pub(crate) struct Thing {
    pub icon: Icon,
    pub leaf: Option<Leaf>,
    /// "Closes tomorrow", "Thanks".
    pub heading: &'static str,
    /// What stands beside it.
    pub beside: String,
    pub title: String,
    pub path: String,
    pub line: String,
    /// What to do about it: where, and in which words; the first is a button.
    pub acts: Vec<(String, &'static str)>,
}

/// A draft.
pub(crate) struct Begun {
    pub path: String,
    pub title: String,
    pub kind: &'static str,
    pub when: String,
}

impl Mine {
    pub(super) async fn read(
        rows: &Rows<'_>,
        me: &Person,
        seen: &AssociationSeen,
        held: &[Role],
        now: Moment,
    ) -> Result<Self, Problem> {
        let (id, zone) = (seen.actor.id, seen.association.time_zone());
        let may = |act| roles::may(Who::Person(me.id), held, act).is_ok();
        let organises = may(Act::Organise);
        let mut mine = Self {
            by: By::new(&seen.actor),
            handle: seen.actor.handle.clone(),
            organises,
            pledges: Vec::new(),
            replies: Vec::new(),
            today: Vec::new(),
            owed: Vec::new(),
            to_carry: Vec::new(),
            drafts: Vec::new(),
            zone,
        };
        if may(Act::AnswerPledges) {
            let waiting = pledges::list(rows, id, Some(PledgeState::Offered), AT_ONCE).await?;
            mine.pledges = waiting.iter().map(|pledge| Waiting::new(pledge, now, &mine.zone)).collect();
        }
        if may(Act::Moderate) {
            let waiting = replies::held(rows, id, AT_ONCE).await?;
            let waiting = waiting.iter().filter(|held| organises || !held.reply.direct);
            mine.replies = waiting.map(|reply| Held::new(reply, now, &mine.zone)).collect();
        }
        if organises {
            mine.read_things(rows, seen, now).await?;
            mine.to_carry = carrying::waiting(rows, id, now).await?;
        }
        Ok(mine)
    }

    async fn read_things(
        &mut self,
        rows: &Rows<'_>,
        seen: &AssociationSeen,
        now: Moment,
    ) -> Result<(), Problem> {
        let (id, zone) = (seen.actor.id, &self.zone);
        let tonight = super::midnight(now, zone);
        let events = desks::events_between(rows, id, now, tonight).await?;
        self.today.extend(events.iter().map(|event| on(event, now)));
        let closing = desks::calls_closing(rows, id, now, now.plus(SOON)).await?;
        self.today.extend(closing.iter().map(|call| closes(call, now)));

        let thanks = desks::thanks_owed(rows, id, now).await?;
        let ended = desks::calls_owing_an_outcome(rows, id, now).await?;
        for call in &ended {
            let helped = thanks.iter().find(|(owed, _)| *owed == call.call.id).map_or(0, |(_, many)| *many);
            self.owed.push(outcome(call, helped, now));
        }
        for (owed, many) in thanks {
            if ended.iter().all(|call| call.call.id != owed)
                && let Some(call) = calls::seen(rows, owed).await?
            {
                self.owed.push(thanks_for(&call, many));
            }
        }
        let waking = desks::calls_waking(rows, id, now).await?;
        self.owed.extend(waking.iter().map(|call| woken(&call.seen)));
        let waking = desks::projects_waking(rows, id, now).await?;
        self.owed.extend(waking.iter().map(|project| woken(&project.seen)));
        let begun = drafts::list(rows, id).await?;
        self.drafts = begun
            .into_iter()
            .map(|draft| Begun {
                path: format!("/desk/new/{}", draft.id),
                title: draft.title,
                kind: shapes::heading(draft.kind),
                when: words::moment(draft.changed, now, zone),
            })
            .collect();
        Ok(())
    }

    /// Is there something to answer, and something to do besides?
    pub(crate) fn has_two_sides(&self) -> bool {
        let answers = !self.pledges.is_empty() || !self.replies.is_empty();
        answers && (!self.today.is_empty() || !self.owed.is_empty() || !self.to_carry.is_empty())
    }

    /// Is there nothing to do?
    pub(crate) fn is_clear(&self) -> bool {
        self.pledges.is_empty()
            && self.replies.is_empty()
            && self.today.is_empty()
            && self.owed.is_empty()
            && self.to_carry.is_empty()
    }
}

fn page(seen: &ItemSeen) -> String {
    format!("/desk/items/{}", seen.item.id)
}

fn on(event: &EventSeen, now: Moment) -> Thing {
    let (zone, item) = (event.event.time_zone(), &event.seen.item);
    let place = item.place.as_ref().map(|place| format!(", {}", place.name)).unwrap_or_default();
    let (heading, from) = if event.event.starts <= now { ("On now", "since ") } else { ("Event", "") };
    Thing {
        icon: shapes::icon(ItemKind::Event),
        leaf: Some(Leaf::new(event.event.starts, &zone)),
        heading,
        beside: String::new(),
        title: item.title.clone(),
        path: page(&event.seen),
        line: format!("{from}{}{place}", event.event.starts.time_in_words(&zone)),
        acts: vec![
            (format!("/desk/new?kind=update&about={}", item.id), "Tell people something"),
            (format!("{}/cancel", page(&event.seen)), "Call it off"),
        ],
    }
}

fn closes(call: &CallSeen, now: Moment) -> Thing {
    let zone = call.seen.time_zone();
    let found = words::counts(&call.needs).map(|(wanted, found)| format!("{found} of {wanted} found"));
    Thing {
        icon: shapes::icon(ItemKind::Call),
        leaf: None,
        heading: "Answers end",
        beside: words::moment(call.call.closes, now, &zone),
        title: call.seen.item.title.clone(),
        path: page(&call.seen),
        line: found.unwrap_or_default(),
        acts: vec![
            (format!("/desk/new?kind=update&about={}", call.call.id), "Ask again"),
            (format!("{}/park", page(&call.seen)), "Give it another day"),
        ],
    }
}

fn outcome(call: &CallSeen, helped: i64, now: Moment) -> Thing {
    let zone = call.seen.time_zone();
    let line = match helped {
        0 => "Tell people what came of it, even when it is little.".to_owned(),
        1 => "One person helped. Tell everyone what came of it: two lines are enough.".to_owned(),
        many => format!("{many} people helped. Tell everyone what came of it: two lines are enough."),
    };
    Thing {
        icon: shapes::icon(ItemKind::Call),
        leaf: None,
        heading: "An outcome",
        beside: format!("owed since {}", words::day(call.ends(), now, &zone)),
        title: call.seen.item.title.clone(),
        path: page(&call.seen),
        line,
        acts: vec![
            (format!("{}/close", page(&call.seen)), "Say what came of it"),
            (format!("{}/park", page(&call.seen)), "Give it another day"),
        ],
    }
}

fn thanks_for(call: &CallSeen, many: i64) -> Thing {
    Thing {
        icon: shapes::icon(ItemKind::Call),
        leaf: None,
        heading: "Thanks",
        beside: String::new(),
        title: call.seen.item.title.clone(),
        path: page(&call.seen),
        line: if many == 1 {
            "One person said they would help. Did they?".to_owned()
        } else {
            format!("{many} people said they would help. Did they?")
        },
        acts: vec![(format!("{}#pledges", page(&call.seen)), "Thank them")],
    }
}

fn woken(seen: &ItemSeen) -> Thing {
    Thing {
        icon: shapes::icon(seen.item.kind),
        leaf: None,
        heading: "Another day",
        beside: "has come".to_owned(),
        title: seen.item.title.clone(),
        path: page(seen),
        line: "You left it for today. Take it up, or name a later day.".to_owned(),
        acts: vec![(page(seen), "Look at it"), (format!("{}/park", page(seen)), "Give it another day")],
    }
}

impl Waiting {
    pub(super) fn new(seen: &PledgeSeen, now: Moment, zone: &TimeZone) -> Self {
        let reach = seen.reach.iter().flat_map(|reach| {
            let mail = reach.email.iter().map(|email| (email.clone(), format!("mailto:{email}")));
            let phone =
                reach.phone.iter().map(|phone| (phone.clone(), format!("tel:{}", phone.replace(' ', ""))));
            mail.chain(phone).collect::<Vec<_>>()
        });
        Self {
            action: format!("/desk/pledges/{}", seen.pledge.id),
            giver: By::new(&seen.giver),
            door: match seen.pledge.door {
                Door::Vote => "from a poll",
                Door::Page => "has an account here",
                Door::Mail => "by e-mail, confirmed",
                Door::Phone => "wants to be called",
                Door::Offer => "from another instance",
            },
            call: seen.call.title.clone(),
            path: format!("/desk/items/{}", seen.call.id),
            labels: seen.labels.join("; "),
            note: seen.pledge.note.clone(),
            reach: reach.collect(),
            when: words::moment(seen.pledge.offered, now, zone),
            state: seen.pledge.state,
            answer: seen.pledge.answer.clone(),
            back: String::new(),
        }
    }

    pub(super) fn on_its_page(mut self) -> Self {
        self.back = self.path.trim_start_matches("/desk/items/").to_owned();
        self
    }

    pub(crate) fn waits(&self) -> bool {
        self.state == PledgeState::Offered
    }

    pub(crate) fn counts_on(&self) -> bool {
        self.state == PledgeState::Accepted
    }
}

impl Held {
    fn new(seen: &ReplySeen, now: Moment, zone: &TimeZone) -> Self {
        let about = &seen.about;
        Self {
            action: format!("/desk/replies/{}", seen.reply.id),
            author: By::new(&seen.author),
            about: about.title.clone(),
            path: format!("/{}/{}", about.kind.plural(), about.id),
            html: seen.reply.html.clone(),
            direct: seen.reply.direct,
            when: words::moment(seen.reply.received, now, zone),
        }
    }
}

/// What is there to do, in one sentence.
pub(super) fn lead(mine: &[Mine], reports: u64) -> String {
    let sum = |of: fn(&Mine) -> usize| mine.iter().map(of).sum::<usize>();
    let parts = [
        counted(sum(|mine| mine.pledges.len()), "person waits for an answer", "people wait for an answer"),
        counted(sum(|mine| mine.replies.len()), "reply is to be read", "replies are to be read"),
        counted(sum(|mine| mine.today.len()), "thing is on", "things are on"),
        counted(sum(|mine| mine.owed.len()), "thing is owed", "things are owed"),
        counted(sum(|mine| mine.to_carry.len()), "thing is to carry", "things are to carry"),
        counted(usize::try_from(reports).unwrap_or(usize::MAX), "report waits", "reports wait"),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        return "Nothing waits for you today.".to_owned();
    }
    let sentence = match parts.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => parts.concat(),
    };
    let mut letters = sentence.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

fn counted(many: usize, one: &str, more: &str) -> Option<String> {
    const WORDS: [&str; 11] =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let word = WORDS.get(many).map_or_else(|| many.to_string(), |word| (*word).to_owned());
    match many {
        0 => None,
        1 => Some(format!("{word} {one}")),
        _ => Some(format!("{word} {more}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_do_is_one_sentence() {
        assert_eq!(lead(&[], 0), "Nothing waits for you today.");
        assert_eq!(lead(&[], 1), "One report waits.");
        assert_eq!(lead(&[], 12), "12 reports wait.");
        assert_eq!(counted(3, "person waits", "people wait").as_deref(), Some("three people wait"));
    }
}
