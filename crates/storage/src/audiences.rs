//! Inboxes of those who hear: shared inboxes once, nobody who lives here, nobody who is gone.

use folkmoot_domain::{ActorId, ItemId};
use sea_orm::{ConnectionTrait, Value};

use crate::{Result, Rows, statement};

const OF: &str = "SELECT DISTINCT COALESCE(actors.shared_inbox, actors.inbox) AS inbox FROM actors
    WHERE actors.gone_at IS NULL AND NOT actors.local AND actors.id IN";

/// The followers of one of ours.
pub async fn followers(rows: &Rows<'_>, followed: ActorId) -> Result<Vec<String>> {
    let who = "(SELECT follower_id FROM followers WHERE followed_id = $1)";
    inboxes(rows, who, vec![followed.0.into()]).await
}

/// The followers of one of ours that carries something, and the home of what it carries.
pub async fn carried(rows: &Rows<'_>, carrier: ActorId, home: ActorId) -> Result<Vec<String>> {
    let who = "(SELECT follower_id FROM followers WHERE followed_id = $1 UNION SELECT id FROM actors WHERE id = $2)";
    inboxes(rows, who, vec![carrier.0.into(), home.0.into()]).await
}

/// The followers of its home, and those who liked, boosted, answered or voted: an item's news reaches them all. So it does
/// those who take part in a project, whoever publishes the one that it takes up, and the home of a project elsewhere under
/// which this is published. Of what everybody may see they hear too who ever carried it, since their followers may have it
/// still; whom we refused has no part in anything else.
pub async fn item(rows: &Rows<'_>, home: ActorId, item: ItemId) -> Result<Vec<String>> {
    let who = "(SELECT follower_id FROM followers WHERE followed_id = $1
        UNION SELECT actor_id FROM reactions WHERE item_id = $2
        UNION SELECT home FROM replies WHERE item_id = $2
        UNION SELECT giver_id FROM pledges WHERE call_id = $2
        UNION SELECT carrier_id FROM carries JOIN items ON items.id = carries.item_id
            WHERE items.id = $2 AND items.reach IN ('public', 'unlisted')
        UNION SELECT partner_id FROM partnerships WHERE project_id = $2 AND state = 'accepted'
        UNION SELECT parents.home FROM projects JOIN items parents ON parents.uri = projects.parent_uri
            WHERE projects.id = $2
        UNION SELECT whole.home FROM calls JOIN items whole ON whole.id = calls.project_id WHERE calls.id = $2
        UNION SELECT whole.home FROM events JOIN items whole ON whole.id = events.project_id WHERE events.id = $2
        UNION SELECT goer_id FROM rsvps WHERE event_id = $2)";
    inboxes(rows, who, vec![home.0.into(), item.0.into()]).await
}

/// Those who voted in a call or offered from another instance, whose servers show its tallies.
pub async fn voters(rows: &Rows<'_>, call: ItemId) -> Result<Vec<String>> {
    let who = "(SELECT giver_id FROM pledges WHERE call_id = $1 AND door IN ('vote', 'offer'))";
    inboxes(rows, who, vec![call.0.into()]).await
}

async fn inboxes(rows: &Rows<'_>, who: &str, values: Vec<Value>) -> Result<Vec<String>> {
    let sql = format!("{OF} {who} ORDER BY 1");
    let found = rows.0.query_all_raw(statement(&rows.0, &sql, values)).await?;
    found.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}
