//! A new record that comes right after another is written without a look at what stands: what was expected has to be the present,
//! or it is looked.

use std::{collections::HashMap, time::Duration};

use dateline::{
    domain::edit::{Failure, Writer},
    store::{
        self, Connection,
        write::{Inserts, insert_revisions},
    },
};
use entity::{
    record, revision,
    vocabulary::{RecordKind, UserErrorCode},
};
use futures_util::future::join_all;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::json;
use tokio::time::timeout;

use super::{
    overtaken::{MAKE, RECORD, create, history, keys, organization},
    turns::revision as added,
};
use crate::{both_databases, support::database::TestDatabase};

/// The keys of the records in the order of the history.
async fn keys_in_order(connection: &Connection) -> Vec<String> {
    let records: HashMap<_, _> = record::Entity::find()
        .all(connection)
        .await
        .unwrap()
        .into_iter()
        .map(|record| (record.id, record.key))
        .collect();
    let revisions = revision::Entity::find().order_by_asc(revision::Column::Position).all(connection).await.unwrap();
    revisions.iter().filter_map(|revision| records[&revision.record_id].clone()).collect()
}

/// What is in the way of a new record, by the field that is told, and the key of the record that has it.
async fn in_the_way(connection: &Connection, outcome: Result<(), Failure>) -> (Vec<String>, String) {
    let Err(Failure::Refused(objections)) = outcome else { panic!("{outcome:?}") };
    let [objection] = objections.as_slice() else { panic!("{objections:?}") };
    assert_eq!(objection.problem.code, UserErrorCode::Duplicate);
    let current = objection.current.expect("what stands");
    let current = record::Entity::find_by_id(current).one(connection).await.unwrap().expect("a record");
    (objection.problem.field.clone(), current.key.expect("a key"))
}

both_databases! {
    async fn what_is_taken_is_told_right_after_another_record_was_made(database: TestDatabase) {
        let connection = database.open().await;
        let writer = Writer::new(connection.clone());
        let here = "https://here.example/";
        create(&writer, RecordKind::Article, json!({ "key": "first", "headline": "One", "language": "en", "url": here })).await.unwrap();
        create(&writer, RecordKind::Place, json!({ "key": "second", "name": "Two", "kind": "OTHER", "sameAs": [here] }))
            .await
            .unwrap();
        let second = record::Entity::find().filter(record::Column::Key.eq("second")).one(&connection).await.unwrap();
        let second = second.expect("the second").id.to_string();
        let taken = [
            (RecordKind::Article, json!({ "headline": "New", "language": "en", "url": here }), "url", "first"),
            (RecordKind::Organization, json!({ "name": "New", "kind": "OTHER", "sameAs": [here] }), "sameAs", "second"),
            (RecordKind::Organization, json!({ "name": "New", "kind": "OTHER", "key": "first" }), "key", "first"),
            (RecordKind::Organization, json!({ "name": "New", "kind": "OTHER", "id": second }), "id", "second"),
        ];
        for (number, (kind, input, field, by)) in (1..).zip(taken) {
            organization(&writer, &format!("before-{number}")).await.unwrap();
            let (told, current) = in_the_way(&connection, create(&writer, kind, input).await).await;
            assert_eq!((told[0].as_str(), current.as_str()), (field, by));
            assert_eq!(history(&connection).await, (1..=2 + number).collect::<Vec<_>>());
        }
    }

    async fn of_those_who_are_written_together_right_after_another_one_alone_is_told_of_its_own(database: TestDatabase) {
        let connection = database.open().await;
        let writer = Writer::new(connection.clone());
        organization(&writer, "taken").await.unwrap();
        let outcomes = join_all(["left", "taken", "right"].map(|key| organization(&writer, key))).await;
        let [left, refused, right] = outcomes.try_into().expect("three");
        left.unwrap();
        right.unwrap();
        assert_eq!(in_the_way(&connection, refused).await, (vec!["key".to_owned()], "taken".to_owned()));
        assert_eq!(history(&connection).await, [1, 2, 3]);
        assert_eq!(keys(&connection).await, ["left", "right", "taken"]);
    }

    async fn what_another_process_has_written_in_between_stays_before_the_next(database: TestDatabase) {
        let (here, elsewhere) = (database.open().await, database.open().await);
        let (writer, other) = (Writer::new(here.clone()), Writer::new(elsewhere.clone()));
        for (writer, key) in [(&writer, "a"), (&other, "b"), (&writer, "c"), (&writer, "d"), (&other, "e"), (&writer, "f")] {
            organization(writer, key).await.unwrap();
        }
        assert_eq!(keys_in_order(&here).await, ["a", "b", "c", "d", "e", "f"]);
        assert_eq!(history(&here).await, [1, 2, 3, 4, 5, 6]);

        // a history that is imported may leave gaps
        let gap = elsewhere.begin_write().await.unwrap();
        gap.execute_unprepared(MAKE).await.unwrap();
        gap.execute_unprepared(&RECORD.replace(", 1, 1,", ", 1, 1000,")).await.unwrap();
        gap.commit().await.unwrap();
        organization(&writer, "g").await.unwrap();
        assert_eq!(history(&here).await[6..], [1000, 1001]);
        let times = revision::Entity::find().order_by_asc(revision::Column::Position).all(&here).await.unwrap();
        assert!(times.iter().filter(|revision| revision.position != 1000).is_sorted_by_key(|revision| revision.at));
    }

    async fn who_waits_for_another_process_right_after_a_record_was_made_is_written_behind_it(database: TestDatabase) {
        let (connection, elsewhere) = (database.open().await, database.open().await);
        let writer = Writer::new(connection.clone());
        organization(&writer, "first").await.unwrap();
        let other = elsewhere.begin_write().await.unwrap();
        let mut new = Box::pin(join_all(["new", "next"].map(|key| organization(&writer, key))));
        assert!(timeout(Duration::from_millis(100), &mut new).await.is_err(), "another process has the turn");
        other.execute_unprepared(MAKE).await.unwrap();
        other.execute_unprepared(&RECORD.replace(", 1, 1,", ", 1, 500,")).await.unwrap();
        other.commit().await.unwrap();
        for outcome in new.await {
            outcome.unwrap();
        }
        assert_eq!(history(&connection).await, [1, 500, 501, 502]);
        assert_eq!(keys_in_order(&connection).await, ["first", "taken", "new", "next"]);
    }
}

#[tokio::test]
async fn on_sqlite_the_history_grows_at_its_end_alone() {
    let database = TestDatabase::sqlite().await;
    let connection = database.open().await;
    organization(&Writer::new(connection.clone()), "a").await.unwrap();
    let record = record::Entity::find().one(&connection).await.unwrap().expect("the record").id;
    for positions in [vec![1], vec![5, 4], vec![2, 3, 3]] {
        let transaction = connection.begin_write().await.unwrap();
        let mut inserts = Inserts::new(&transaction);
        let rows = positions.iter().map(|position| added(record, *position)).collect();
        insert_revisions(&mut inserts, rows).await.unwrap();
        inserts.finish().await.unwrap();
        let outcome = transaction.commit().await;
        assert!(matches!(outcome, Err(store::Error::Overtaken)), "{positions:?}: {outcome:?}");
        assert_eq!(history(&connection).await, [1]);
    }
}
