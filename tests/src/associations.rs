//! An association as its organiser has it at hand: what a story lets it do, in few words.
//!
//! Every deed goes through the same functions as the pages and the command line. Start at [`Association::call`].

use folkmoot_app::{By, calls, events, items, pledges, projects, replies, updates};
use folkmoot_domain::{
    ItemId, Moment,
    actors::Actor,
    calls::{CallDraft, CallSeen, HelpKind},
    events::{EventDraft, EventSeen},
    items::Words,
    moments::{DAY, HOUR},
    places::{Coarseness, Place},
    pledges::{PledgeSeen, PledgeState},
    projects::ProjectSeen,
    replies::{ReplySeen, ReplyState},
    updates::UpdateSeen,
};
use folkmoot_storage::{pledges as pledge_rows, replies as reply_rows};

use crate::instance::Instance;

/// The first option of [`Association::call`], of which two are wanted.
pub const DIG: &str = "I can dig";
/// Its second option, of which any number helps.
pub const SPADE: &str = "I can bring a spade";

/// An association and its organiser.
pub struct Association<'a> {
    /// Where it lives.
    pub instance: &'a Instance,
    /// Its actor.
    pub actor: Actor,
    /// Its organiser.
    pub by: By,
}

/// Words with this title.
pub fn words(title: &str) -> Words {
    Words {
        title: title.to_owned(),
        text: format!("{title}: come and **help**."),
        language: None,
        place: Some(
            Place::parse("Hyde Park, by the bandstand", Some((53.8123, -1.5678)), Coarseness::Street)
                .unwrap(),
        ),
        causes: vec!["TreesForLeeds".to_owned()],
    }
}

impl Association<'_> {
    /// Publishes a project.
    pub async fn project(&self, title: &str) -> ProjectSeen {
        let draft = projects::ProjectDraft { words: words(title), need: "Saplings".to_owned(), active: true };
        projects::publish(&self.instance.app, &self.by, self.actor.id, draft).await.unwrap()
    }

    /// Publishes a call for two who [`DIG`] and any number of [`SPADE`]s, open for a week.
    pub async fn call(&self, title: &str) -> CallSeen {
        self.call_for(title, &[(HelpKind::Time, DIG, Some(2)), (HelpKind::Thing, SPADE, None)]).await
    }

    /// Publishes a call for these kinds of help, open for a week.
    pub async fn call_for(&self, title: &str, needs: &[(HelpKind, &str, Option<i32>)]) -> CallSeen {
        let draft = CallDraft {
            project: None,
            why: "Shade for all".to_owned(),
            closes: self.now().plus(7 * DAY),
            one_tap: true,
            needs: needs.iter().map(|(kind, label, wanted)| (*kind, (*label).to_owned(), *wanted)).collect(),
        };
        calls::publish(&self.instance.app, &self.by, self.actor.id, words(title), draft).await.unwrap()
    }

    /// The call as it is now.
    pub async fn see(&self, call: ItemId) -> CallSeen {
        calls::seen(&self.instance.app, call).await.unwrap()
    }

    /// Publishes an event in three days, for two hours.
    pub async fn event(&self, title: &str) -> EventSeen {
        events::publish(&self.instance.app, &self.by, self.actor.id, words(title), self.event_draft(3 * DAY))
            .await
            .unwrap()
    }

    /// An event that begins so many milliseconds from now.
    pub fn event_draft(&self, ahead: i64) -> EventDraft {
        let starts = self.now().plus(ahead);
        EventDraft {
            project: None,
            starts,
            ends: starts.plus(2 * HOUR),
            zone: None,
            capacity: None,
            online: None,
        }
    }

    /// Publishes news about one of its items.
    pub async fn update(&self, about: ItemId, title: &str) -> UpdateSeen {
        updates::publish(&self.instance.app, &self.by, about, words(title)).await.unwrap()
    }

    /// Gives an item another title, and tells followers why when there is a note.
    pub async fn edit(&self, item: ItemId, title: &str, note: &str) {
        Box::pin(items::edit(&self.instance.app, &self.by, item, words(title), note)).await.unwrap();
    }

    /// Deletes an item.
    pub async fn delete(&self, item: ItemId) {
        Box::pin(items::delete(&self.instance.app, &self.by, item)).await.unwrap();
    }

    /// Pledges to its calls, newest first.
    pub async fn pledges(&self) -> Vec<PledgeSeen> {
        pledge_rows::list(&self.instance.app.store.rows(), self.actor.id, None, 100).await.unwrap()
    }

    /// Answers a pledge.
    pub async fn answer(&self, pledge: &PledgeSeen, next: PledgeState, words: &str) {
        pledges::answer(&self.instance.app, &self.by, pledge.pledge.id, next, words).await.unwrap();
    }

    /// Replies that wait to be looked at.
    pub async fn held(&self) -> Vec<ReplySeen> {
        reply_rows::held(&self.instance.app.store.rows(), self.actor.id, 100).await.unwrap()
    }

    /// Shows a reply, or does not.
    pub async fn judge(&self, reply: &ReplySeen, state: ReplyState) {
        replies::judge(&self.instance.app, &self.by, reply.reply.id, state).await.unwrap();
    }

    fn now(&self) -> Moment {
        self.instance.app.now()
    }
}
