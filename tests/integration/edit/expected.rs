//! A new record that comes right after another is written without a look at what stands: what was expected has to be the present,
//! or it is looked.

use std::{collections::HashMap, time::Duration};

use dateline::{
    domain::edit::{Edit, Failure, How, Writer},
    store::{
        self, Connection,
        write::{Inserts, Sought, insert_revisions, standing},
    },
};
use entity::{
    Id, record, revision,
    vocabulary::{RecordKind, UserErrorCode, Vocabulary as _},
};
use futures_util::future::join_all;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::json;
use tokio::time::timeout;

use super::{
    overtaken::{AUTHOR, CLOSE_ALL, MAKE, RECORD, a_while_goes_by, create, history, keys, organization},
    turns::revision as added,
};
use crate::{
    both_databases,
    support::{
        database::TestDatabase,
        lines::{export_text, import_all, try_import},
    },
};

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
        // one that is several statements, and one that is one
        let mut new = Box::pin(join_all([RecordKind::Place, RecordKind::Organization].map(|kind| {
            create(&writer, kind, json!({ "key": kind.as_str().to_lowercase(), "name": "New", "kind": "OTHER" }))
        })));
        assert!(timeout(Duration::from_millis(100), &mut new).await.is_err(), "another process has the turn");
        other.execute_unprepared(MAKE).await.unwrap();
        other.execute_unprepared(&RECORD.replace(", 1, 1,", ", 1, 500,")).await.unwrap();
        other.commit().await.unwrap();
        for outcome in new.await {
            outcome.unwrap();
        }
        assert_eq!(history(&connection).await, [1, 500, 501, 502]);
        assert_eq!(keys_in_order(&connection).await, ["first", "taken", "place", "organization"]);
    }

    async fn whatever_this_process_did_last_the_next_record_comes_at_the_end_of_the_history(database: TestDatabase) {
        let connection = database.open().await;
        let writer = Writer::new(connection.clone());
        organization(&writer, "a").await.unwrap();
        let dry = How { dry_run: true, ..How::default() };
        let input = || json!({ "key": "dry", "name": "Dry", "kind": "OTHER" }).as_object().expect("fields").clone();
        let edit = Edit::Create { kind: RecordKind::Organization, input: input() };
        writer.apply(vec![edit], AUTHOR, dry).await.unwrap();
        organization(&writer, "b").await.unwrap();
        assert!(organization(&writer, "b").await.is_err());
        organization(&writer, "c").await.unwrap();

        let c = record::Entity::find().filter(record::Column::Key.eq("c")).one(&connection).await.unwrap().expect("it");
        let edit = Edit::Delete { id: c.id.to_string(), version: 1, relation: false };
        writer.apply(vec![edit], AUTHOR, How::default()).await.unwrap();
        organization(&writer, "d").await.unwrap();
        drop(connection.begin_write().await.unwrap());
        organization(&writer, "e").await.unwrap();

        let (other, gap) = (TestDatabase::sqlite().await, json!({ "type": "PLACE", "key": "gap", "name": "Gap", "kind": "SITE" }));
        let elsewhere = other.open().await;
        import_all(&elsewhere, &[gap]).await;
        let line = export_text(&elsewhere, true).await.replace(r#""position":1"#, r#""position":1000"#);
        try_import(&connection, &line).await.unwrap();
        organization(&writer, "f").await.unwrap();
        assert_eq!(history(&connection).await, [1, 2, 3, 4, 5, 6, 1000, 1001]);
        assert_eq!(keys_in_order(&connection).await, ["a", "b", "c", "c", "d", "e", "gap", "f"]);
    }

    async fn what_relies_on_what_is_no_more_writes_nothing(database: TestDatabase) {
        let (connection, elsewhere) = (database.open().await, database.open().await);
        let (writer, other) = (Writer::new(connection.clone()), Writer::new(elsewhere.clone()));
        organization(&writer, "taken").await.unwrap();
        for is_one_statement in [true, false] {
            // a machine that is busy elsewhere may be too late once
            let mut tries = 0..50;
            let write = loop {
                tries.next().expect("it looks each time");
                organization(&writer, &format!("k-{}", Id::new())).await.unwrap();
                let write = connection.begin_write_lightly(true).await.unwrap();
                let sought = Sought { keys: vec!["taken".to_owned()], is_to_be_free: true, ..Sought::default() };
                if standing(&write, sought).await.unwrap().records.is_empty() {
                    assert!(write.is_tentative());
                    break write;
                }
                write.roll_back().await.unwrap();
            };
            organization(&other, &format!("k-{}", Id::new())).await.unwrap();
            let before = history(&connection).await;
            let record = record::Entity::find().one(&elsewhere).await.unwrap().expect("there is one");
            let mut inserts = Inserts::new(&write);
            insert_revisions(&mut inserts, 2000, [added(record.id, 2000)]).await.unwrap();
            inserts.finish().await.unwrap();
            if is_one_statement {
                let outcome = write.commit().await;
                assert!(matches!(outcome, Err(store::Error::Overtaken)), "{outcome:?}");
            } else {
                let rename = write.execute_unprepared("UPDATE record SET key = 'z'").await;
                assert!(matches!(rename.map_err(store::Error::from), Err(store::Error::Overtaken)));
                assert!(write.commit().await.is_err(), "nothing follows");
            }
            assert_eq!(history(&connection).await, before);
        }
    }
}

/// Whether a write that comes now is told of a record whose key is to be free.
async fn looks(connection: &Connection, key: &str) -> bool {
    let write = connection.begin_write_lightly(true).await.unwrap();
    let sought = Sought { keys: vec![key.to_owned()], is_to_be_free: true, ..Sought::default() };
    let standing = standing(&write, sought).await.unwrap();
    assert_eq!(standing.position, *history(connection).await.last().expect("there is a history"));
    write.roll_back().await.unwrap();
    !standing.records.is_empty()
}

/// The same of a write that has asked for something before: what it relied on could not be looked after any more.
async fn looks_after_a_question(connection: &Connection, key: &str) -> bool {
    let write = connection.begin_write_lightly(true).await.unwrap();
    write.execute_unprepared("SELECT 1").await.unwrap();
    let sought = Sought { keys: vec![key.to_owned()], is_to_be_free: true, ..Sought::default() };
    !standing(&write, sought).await.unwrap().records.is_empty()
}

async fn who_comes_right_after_another_does_not_look(database: TestDatabase) {
    let connection = database.open().await;
    let writer = Writer::new(connection.clone());
    // a machine that is busy elsewhere may be too late once
    for number in 1.. {
        organization(&writer, &format!("key-{number}")).await.unwrap();
        if !looks(&connection, "key-1").await {
            break;
        }
        assert!(number < 50, "it looks each time");
    }
    organization(&writer, "another").await.unwrap();
    assert!(looks_after_a_question(&connection, "key-1").await);
    assert!(looks(&connection, "key-1").await, "a write that was taken back says nothing of the history");
    organization(&writer, "last").await.unwrap();
    a_while_goes_by().await;
    assert!(looks(&connection, "last").await, "it was a while ago");
}

#[tokio::test]
async fn who_comes_right_after_another_does_not_look_on_sqlite() {
    who_comes_right_after_another_does_not_look(TestDatabase::sqlite().await).await;
}

#[tokio::test]
async fn who_comes_right_after_another_does_not_look_on_postgres() {
    if let Some(database) = TestDatabase::postgres().await {
        who_comes_right_after_another_does_not_look(database).await;
    }
}

#[tokio::test]
async fn who_comes_right_after_another_on_a_connection_that_was_closed_is_written_or_told() {
    let Some(database) = TestDatabase::postgres().await else { return };
    let (connection, server) = (database.open().await, database.raw().await);
    let writer = Writer::new(connection.clone());
    let mut written = Vec::new();
    for key in ["a", "b", "c", "d", "e"] {
        match organization(&writer, key).await {
            Ok(()) => written.push(key),
            Err(failure) => {
                assert!(matches!(failure, Failure::Store(store::Error::Unavailable(_))), "{failure}");
                organization(&writer, &format!("after-{key}")).await.expect("the next one gets another connection");
            }
        }
        server.execute_unprepared(CLOSE_ALL).await.unwrap();
    }
    let connection = database.open().await;
    let keys = keys(&connection).await;
    assert_eq!(keys.iter().filter(|key| key.len() == 1).collect::<Vec<_>>(), written);
    assert!(history(&connection).await.iter().copied().eq(1..=i64::try_from(keys.len()).unwrap()));
}
