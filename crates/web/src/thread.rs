//! What was said about an item: the association's own updates and the replies that were approved, oldest first.

use folkmoot_domain::{ItemId, Moment, ReplyId, replies::ReplySeen, reports::Reported, updates::UpdateSeen};
use folkmoot_storage::{Rows, replies, updates};
use jiff::tz::TimeZone;

use crate::{problems::Problem, reports, rows::By, words};

/// One of them.
pub(crate) struct Said {
    pub by: By,
    /// An update of the association itself.
    pub update: bool,
    pub when: String,
    pub datetime: String,
    /// Where it stands: here, or where it was written.
    pub href: Option<String>,
    pub title: String,
    pub html: String,
    /// Where it is reported; an update has a page that says so.
    pub report: Option<String>,
    /// The language, where it is known.
    pub language: Option<String>,
    /// The reply that it is.
    pub reply: Option<ReplyId>,
    /// Only its author sees it so far.
    pub waits: bool,
    /// Where its author deletes it.
    pub delete: Option<String>,
    at: Moment,
}

impl Said {
    fn update(seen: &UpdateSeen, now: Moment, zone: &TimeZone) -> Self {
        let item = &seen.seen.item;
        Self {
            by: By::new(&seen.seen.home),
            update: true,
            when: words::moment(item.published, now, zone),
            datetime: item.published.rfc3339_in(zone),
            href: Some(format!("/updates/{}", item.id)),
            title: item.title.clone(),
            html: item.text.html.clone(),
            report: None,
            language: Some(item.language.as_str().to_owned()),
            reply: None,
            waits: false,
            delete: None,
            at: item.published,
        }
    }

    fn reply(seen: &ReplySeen, now: Moment, zone: &TimeZone) -> Self {
        let reply = &seen.reply;
        Self {
            by: By::new(&seen.author),
            update: false,
            when: words::moment(reply.published, now, zone),
            datetime: reply.published.rfc3339_in(zone),
            // What was written here stands here.
            href: words::web_link(&reply.uri).filter(|_| !seen.author.local),
            title: String::new(),
            html: reply.html.clone(),
            report: Some(reports::path(Reported::Reply(reply.id))),
            language: None,
            reply: Some(reply.id),
            waits: false,
            delete: None,
            at: reply.published,
        }
    }

    /// What somebody wrote, for their own eyes, while others do not see it.
    pub(crate) fn waiting(seen: &ReplySeen, now: Moment, zone: &TimeZone) -> Self {
        let delete = Some(format!("/replies/{}/delete", seen.reply.id));
        Self { waits: true, report: None, delete, ..Self::reply(seen, now, zone) }
    }

    /// When it was said.
    pub(crate) fn at(&self) -> Moment {
        self.at
    }
}

/// What was said about this item.
pub(crate) async fn under(
    rows: &Rows<'_>,
    item: ItemId,
    now: Moment,
    zone: &TimeZone,
) -> Result<Vec<Said>, Problem> {
    let (updates, replies) = (updates::about_item(rows, item).await?, replies::shown(rows, item).await?);
    let mut said: Vec<_> = updates.iter().map(|update| Said::update(update, now, zone)).collect();
    said.extend(replies.iter().map(|reply| Said::reply(reply, now, zone)));
    said.sort_by_key(|said| said.at);
    Ok(said)
}
