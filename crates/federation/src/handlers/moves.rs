//! Somebody we listen to, or are tied to, has moved.

use folkmoot_app::{actors as app_actors, moves};
use folkmoot_domain::actors::Actor;
use folkmoot_storage::actors;
use folkmoot_wire::incoming::Act;
use url::Url;

use super::{Ended, Job, Unknown};
use crate::{
    fetch::{self, LookupFault},
    remote_id::RemoteId,
};

/// `Move`. It counts when the new one, read at its home just now, names the old one too; who signed it is the old one.
pub(super) async fn moved(job: &Job<'_>, act: &Act) -> Result<Ended, Unknown> {
    let sender = job.sender().await?;
    // Nobody makes us look up strangers by moving to them.
    if !moves::concerns(job.app, sender.actor.id).await? {
        return Ok(Ended::ignored("left alone: Move", "nothing of ours is bound to whoever moves"));
    }
    let new = match target(job, &act.object).await {
        Ok(new) => new,
        Err(fault) if fault.may_pass() => return Err(Unknown::Later(format!("where they move to: {fault}"))),
        Err(LookupFault::House(error)) => return Err(Unknown::House(error)),
        Err(fault) => return Ok(Ended::ignored("left alone: Move", format!("where they move to: {fault}"))),
    };
    moves::moved(job.app, &sender.by, new.id).await?;
    Ok(Ended::Done)
}

/// The new one as its home describes it now. One of ours is asked nobody for.
async fn target(job: &Job<'_>, uri: &Url) -> Result<Actor, LookupFault> {
    if job.app.addresses.is_ours(uri) {
        let found = actors::by_uri(&job.app.store.rows(), uri.as_str()).await?;
        let gone = || folkmoot_app::Error::from(folkmoot_domain::Refusal::Unknown("actor"));
        return Ok(found.filter(|actor| !actor.is_visitor()).ok_or_else(gone)?);
    }
    let found = fetch::look_up(job.app, job.door, &RemoteId::parse(uri.as_str())?, &job.allowance).await?;
    Ok(app_actors::remember(job.app, found.actor).await?)
}

#[cfg(test)]
mod tests {
    use folkmoot_storage::{actors, followers};
    use serde_json::{Value, json};

    use crate::testing::{House, Stranger};

    const OLD: &str = "https://far.example/users/bob";
    const NEW: &str = "https://new.example/users/bob";

    async fn ended(house: &House, from: &Stranger, activity: &Value) -> (String, String) {
        house.pass(1_000);
        assert_eq!(house.deliver(from, activity).await, 202, "{activity}");
        let (_, state, outcome) = house.settle().await.remove(0);
        (state, outcome)
    }

    fn moves(who: &Stranger, id: &str, target: &str) -> Value {
        let mut activity = who.says(id, "Move", &json!(who.id));
        activity["target"] = json!(target);
        activity
    }

    async fn moved_to(house: &House, uri: &str) -> Option<String> {
        let known = actors::by_uri(&house.app.store.rows(), uri).await.unwrap();
        known.and_then(|actor| actor.profile.moved_to).map(|to| to.to_string())
    }

    async fn follow(house: &House, who: &Stranger) {
        let follow = who.says("follow", "Follow", &json!(house.park.actor.uri));
        assert_eq!(ended(house, who, &follow).await.0, "done");
    }

    async fn follows(house: &House, uri: &str) -> bool {
        let rows = house.app.store.rows();
        let Some(actor) = actors::by_uri(&rows, uri).await.unwrap() else { return false };
        followers::find(&rows, house.park.actor.id, actor.id).await.unwrap().is_some()
    }

    /// The new one, naming whom it was before.
    fn naming(house: &House, also: &Value) -> Stranger {
        let new = house.stranger(NEW);
        let mut document = new.document();
        document["alsoKnownAs"] = also.clone();
        house.network.answers(NEW, 200, document);
        new
    }

    #[tokio::test]
    async fn a_move_counts_when_both_name_each_other() {
        let house = House::new().await;
        let bob = house.stranger(OLD);
        let new = naming(&house, &json!([OLD]));
        let (state, why) = ended(&house, &bob, &moves(&bob, "0", NEW)).await;
        assert_eq!(state, "ignored", "{why}");
        assert!(
            !house.network.asked().iter().any(|url| url.as_str() == NEW),
            "a stranger's move looks nobody up"
        );

        follow(&house, &bob).await;
        for id in ["1", "2", "2"] {
            assert_eq!(ended(&house, &bob, &moves(&bob, id, NEW)).await.0, "done");
        }
        assert_eq!(moved_to(&house, OLD).await.as_deref(), Some(NEW));
        assert!(follows(&house, OLD).await, "not lost on the way");
        follow(&house, &new).await;
        assert!(follows(&house, NEW).await && !follows(&house, OLD).await);
    }

    #[tokio::test]
    async fn without_the_way_back_by_another_or_in_a_loop_nothing_moves() {
        let house = House::new().await;
        let bob = house.stranger(OLD);
        follow(&house, &bob).await;
        let others = [json!([]), json!("https://far.example/users/eve"), json!([NEW])];
        for (number, also) in others.iter().enumerate() {
            naming(&house, also);
            let (state, why) = ended(&house, &bob, &moves(&bob, &format!("to/{number}"), NEW)).await;
            assert_eq!(state, "refused", "{why}");
            assert!(why.contains("alsoKnownAs"), "{why}");
        }
        // Somebody else says that Bob has moved.
        let eve = house.stranger("https://far.example/users/eve");
        follow(&house, &eve).await;
        naming(&house, &json!([OLD, eve.id]));
        let mut stolen = moves(&eve, "1", NEW);
        stolen["object"] = json!(OLD);
        let (state, why) = ended(&house, &eve, &stolen).await;
        assert_ne!(state, "done", "{why}");
        // To himself, to one of ours, and to nobody.
        let gone = "https://new.example/users/nobody";
        house.network.answers(gone, 404, json!({}));
        for (number, target) in [OLD, house.park.actor.uri.as_str(), gone].into_iter().enumerate() {
            let (state, why) = ended(&house, &bob, &moves(&bob, &format!("away/{number}"), target)).await;
            assert_ne!(state, "done", "{target}: {why}");
        }
        assert_eq!(moved_to(&house, OLD).await, None);
        // Round and round: the new one says that it is away itself.
        let new = naming(&house, &json!([OLD]));
        let mut away = new.document();
        away["alsoKnownAs"] = json!([OLD]);
        away["movedTo"] = json!(OLD);
        house.network.answers(NEW, 200, away);
        let (state, why) = ended(&house, &bob, &moves(&bob, "loop", NEW)).await;
        assert_eq!(state, "refused", "{why}");
        assert!(follows(&house, OLD).await && moved_to(&house, OLD).await.is_none());
    }
}
