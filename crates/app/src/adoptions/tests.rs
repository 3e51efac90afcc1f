//! Ideas that are taken up: the credit, who is asked, and lineages that go in circles.

use folkmoot_domain::{items::ItemKind, projects::ProjectState};

use super::*;
use crate::{
    Error, items as item_steps,
    tests::{House, founding, words},
};

fn draft(title: &str) -> ProjectDraft {
    ProjectDraft { words: words(title), need: String::new(), active: true }
}

#[tokio::test]
async fn an_idea_is_taken_up_with_credit_and_its_outcome_is_seen_at_the_origin() {
    let house = House::new().await;
    let (app, by) = (&house.app, By::operator());
    let idea = projects::publish(app, &by, house.park.actor.id, draft("Street breakfast")).await.unwrap();
    let growers = crate::associations::found(app, &by, founding("growers"), None).await.unwrap();
    let child =
        start(app, &by, growers.actor.id, draft("Breakfast in Kirkstall"), idea.seen.item.id).await.unwrap();
    assert_eq!(child.credit.clone().unwrap().words, "Street breakfast, by Park Friends");
    assert_eq!(child.credited.as_ref().unwrap().id, house.park.actor.id);
    let waiting = of(app, &by, house.park.actor.id).await.unwrap();
    assert_eq!((waiting.len(), waiting[0].state), (1, AdoptionState::Told));
    assert!(lineage(app, &idea).await.unwrap().is_empty(), "its organisers have not looked yet");

    judge(app, &by, child.seen.item.id, true).await.unwrap();
    projects::finish(app, &by, child.seen.item.id, "Sixty came.").await.unwrap();
    let seen = lineage(app, &idea).await.unwrap();
    assert_eq!(seen.adopters.len(), 1);
    assert_eq!((seen.adopters[0].state.as_str(), seen.adopters[0].outcome.as_str()), ("done", "Sixty came."));
    let child = projects::seen(app, child.seen.item.id).await.unwrap();
    let seen = lineage(app, &child).await.unwrap();
    assert_eq!((seen.ancestors.len(), seen.ancestors[0].title.as_str()), (1, "Street breakfast"));

    // The credit outlives the idea.
    item_steps::delete(app, &by, idea.seen.item.id).await.unwrap();
    let seen = lineage(app, &child).await.unwrap();
    assert!(seen.ancestors[0].gone);
    assert_eq!(seen.ancestors[0].title, "Street breakfast, by Park Friends");
    let gone = start(app, &by, growers.actor.id, draft("Once more"), idea.seen.item.id).await;
    assert!(matches!(gone, Err(Error::Refused(Refusal::Unknown("project")))));

    judge(app, &by, child.seen.item.id, false).await.unwrap();
    assert_eq!(of(app, &by, house.park.actor.id).await.unwrap()[0].state, AdoptionState::Declined);
}

#[tokio::test]
async fn only_projects_are_taken_up_and_only_their_organisers_judge() {
    let house = House::new().await;
    let (app, by) = (&house.app, By::operator());
    let call = house.call().await;
    assert_eq!(call.seen.item.kind, ItemKind::Call);
    assert!(start(app, &by, house.park.actor.id, draft("x"), call.seen.item.id).await.is_err());
    let idea = projects::publish(app, &by, house.park.actor.id, draft("A pond")).await.unwrap();
    let again = start(app, &by, house.park.actor.id, draft("Another pond"), idea.seen.item.id).await.unwrap();
    let seen = lineage(app, &idea).await.unwrap();
    assert_eq!(seen.adopters.len(), 1, "their own idea once more needs nobody's leave");
    let bob = house.stranger("bob").await;
    let judged = judge(app, &house.arrival(&bob).await, again.seen.item.id, false).await;
    assert!(matches!(judged, Err(Error::Refused(Refusal::NotAnOrganiser))));
}

#[tokio::test]
async fn lineages_are_bounded_and_circles_end() {
    let house = House::new().await;
    let (app, by) = (&house.app, By::operator());
    let first = projects::publish(app, &by, house.park.actor.id, draft("0")).await.unwrap();
    let mut last = first.clone();
    for number in 1..=14 {
        last = start(app, &by, house.park.actor.id, draft(&number.to_string()), last.seen.item.id)
            .await
            .unwrap();
    }
    assert_eq!(last.state, ProjectState::Active);
    assert_eq!(lineage(app, &last).await.unwrap().ancestors.len(), folkmoot_domain::adoptions::ANCESTORS);
    // Somebody elsewhere could say anything of theirs: here the first takes up the last.
    let doing = app.begin(&by).await.unwrap();
    let circle = Credit { uri: last.seen.item.uri.clone(), words: String::new() };
    project_rows::credit(&doing.tx, first.seen.item.id, &circle).await.unwrap();
    let itself = Credit { uri: first.seen.item.uri.clone(), words: String::new() };
    doing.done("a circle").await.unwrap();
    assert_eq!(lineage(app, &last).await.unwrap().ancestors.len(), folkmoot_domain::adoptions::ANCESTORS);
    let doing = app.begin(&by).await.unwrap();
    project_rows::credit(&doing.tx, first.seen.item.id, &itself).await.unwrap();
    doing.done("a circle of one").await.unwrap();
    let seen = projects::seen(app, first.seen.item.id).await.unwrap();
    assert!(lineage(app, &seen).await.unwrap().ancestors.is_empty());
}
