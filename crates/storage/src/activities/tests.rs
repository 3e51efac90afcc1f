//! Appending, finding and paging the log, and that a page costs the same however long the log is.

use folkmoot_domain::ids::uuid_from;
use sea_orm::{QueryTrait, sea_query::SqliteQueryBuilder};

use super::*;
use crate::deliveries::tests::fixture::{World, everywhere, id};

#[tokio::test]
async fn the_outbox_is_public_and_newest_first() {
    everywhere(async |world| {
        let tx = world.store.begin().await.unwrap();
        let mut said = Vec::new();
        for sequence in 3..9 {
            let activity = Activity { public: sequence != 5, ..world.activity(sequence, "Create") };
            append(&tx, &activity).await.unwrap();
            said.push(activity);
        }
        let sequences = async |before, limit| -> Vec<i64> {
            let page = outbox(&tx.rows(), world.actor, before, limit).await.unwrap();
            page.iter().map(|activity| activity.sequence).collect()
        };
        assert_eq!(sequences(None, 3).await, [8, 7, 6]);
        assert_eq!(sequences(Some(said[3].id), 3).await, [4, 3, 2]);
        assert_eq!(outbox(&tx.rows(), id().into(), None, 3).await.unwrap(), []);
        // Of these, one is private, and the fixture said one Create before.
        assert_eq!(crate::actors::counts(&tx.rows(), world.actor).await.unwrap(), (0, 6));
        assert_eq!(find(&tx.rows(), said[0].id).await.unwrap().as_ref(), Some(&said[0]));
        assert_eq!(find(&tx.rows(), id().into()).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_note_is_found_by_the_create_that_carries_it() {
    everywhere(async |world| {
        let note = NoteId(uuid_from(1, [1; 10]));
        let tx = world.store.begin().await.unwrap();
        let create = Activity { note: Some(note), ..world.activity(3, "Create") };
        append(&tx, &create).await.unwrap();
        append(&tx, &Activity { note: Some(note), ..world.activity(4, "Delete") }).await.unwrap();
        assert_eq!(by_note(&tx.rows(), note).await.unwrap(), Some(create));
        assert_eq!(by_note(&tx.rows(), NoteId(id())).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn two_activities_never_share_a_place() {
    everywhere(async |world| {
        let tx = world.store.begin().await.unwrap();
        let twice = append(&tx, &world.activity(1, "Create")).await;
        assert!(matches!(twice, Err(crate::StorageError::Duplicate(_))), "{twice:?}");
    })
    .await;
}

#[tokio::test]
async fn a_page_of_the_outbox_costs_the_same_however_much_was_said() {
    let world = World::on_sqlite().await;
    let sql = activities::Entity::find()
        .filter(activities::Column::ActorId.eq(world.actor.0))
        .filter(activities::Column::Public.eq(true))
        .filter(activities::Column::Id.lt(id()))
        .order_by_desc(activities::Column::Id)
        .limit(20)
        .into_query()
        .to_string(SqliteQueryBuilder);
    let plan = world.explain(&sql).await;
    assert!(plan.contains("activities_actor_id_public_id (actor_id=? AND public=? AND id<?)"), "{plan}");
    assert!(!plan.contains("TEMP B-TREE"), "{plan}");
}
