//! Many writers at once: all changes have one order, and a reader of that order never misses a change.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use dateline::{domain::access::Role, http::Times};
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::world::world;
use crate::{
    both_databases,
    support::editor::{Editor, SavedRecord, messages, saved_record},
};

const WRITERS: usize = 8;
const EDITS: usize = 10;
const PAGE: &str = "query ($after: String) { changes(first: 7, after: $after) { nodes { id cursor snapshot } } }";

/// Reads changes after a cursor until there are `count` of them. Gives their ids and cursors, in order.
async fn follow(editor: Editor, mut after: Value, count: usize) -> Vec<(String, Value)> {
    let mut seen = Vec::new();
    while seen.len() < count {
        let page = editor.read_with(PAGE, json!({ "after": after })).await["changes"]["nodes"].take();
        for revision in page.as_array().expect("a list") {
            after = revision["cursor"].clone();
            seen.push((revision["id"].as_str().expect("an id").to_owned(), revision["snapshot"].clone()));
        }
    }
    seen
}

/// Reads changes after a cursor until `is_over` and there are no more. Gives the position and the record of every change.
async fn follow_until(editor: &Editor, mut after: Value, is_over: impl Fn() -> bool) -> Vec<(i64, SavedRecord)> {
    let mut seen = Vec::new();
    loop {
        // asked before the page is read, so that the last page is complete
        let was_over = is_over();
        let page = editor.read_with(PAGE, json!({ "after": after })).await["changes"]["nodes"].take();
        let page = page.as_array().expect("a list");
        if was_over && page.is_empty() {
            return seen;
        }
        for revision in page {
            after = revision["cursor"].clone();
            seen.push((position(&after), saved_record(&revision["snapshot"])));
        }
    }
}

/// The position of a cursor in the order of all changes.
fn position(cursor: &Value) -> i64 {
    let decoded = URL_SAFE_NO_PAD.decode(cursor.as_str().expect("a cursor is a text")).expect("a cursor is base64");
    let parts: Vec<Value> = serde_json::from_slice(&decoded).expect("a cursor is JSON");
    parts[1].as_i64().expect("a place is a whole number")
}

/// Creates a place and updates it, on the two servers alternately. Gives every version that was answered.
async fn write_alternately(servers: [Editor; 2], writer: usize) -> Vec<SavedRecord> {
    const TIMES: usize = 25;
    let new = json!({ "name": format!("Place {writer}"), "kind": "OTHER" });
    let mut record = servers[writer % 2].create("Place", new).await;
    let mut acknowledged = vec![record.clone()];
    for edit in 1..TIMES {
        record = servers[(writer + edit) % 2].update("Place", &record, json!({ "population": edit })).await;
        acknowledged.push(record.clone());
    }
    acknowledged
}

fn sorted(mut records: Vec<SavedRecord>) -> Vec<SavedRecord> {
    records.sort_by_key(|record| (record.id.clone(), record.version));
    records
}

both_databases! {
    async fn following_the_changes_of_many_writers_misses_and_repeats_nothing(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let start = editor.changes().await.last().expect("the world was made")["cursor"].clone();
        let readers = [(); 2].map(|()| tokio::spawn(follow(editor.clone(), start.clone(), WRITERS * EDITS)));
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let editor = editor.clone();
                tokio::spawn(async move {
                    let editor = editor.as_user(&format!("writer {writer}"), Role::Editor).await;
                    let mut record = editor.create("Place", json!({ "name": format!("Place {writer}"), "kind": "OTHER" })).await;
                    for edit in 1..EDITS {
                        record = editor.update("Place", &record, json!({ "population": edit })).await;
                    }
                    record
                })
            })
            .collect();
        let mut written = HashMap::new();
        for writer in writers {
            let record = writer.await.expect("the writer is done");
            assert_eq!(record.version, i64::try_from(EDITS).unwrap());
            written.insert(record.id, 0);
        }
        let whole: Vec<String> = editor.changes().await.iter().map(|revision| revision["id"].as_str().unwrap().to_owned()).collect();
        let expected = &whole[whole.len() - WRITERS * EDITS..];
        for reader in readers {
            let seen = reader.await.expect("the reader is done");
            let ids: Vec<&String> = seen.iter().map(|(id, _)| id).collect();
            assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len(), "nothing twice");
            assert_eq!(ids, expected.iter().collect::<Vec<_>>(), "all, in the order that it stays in");
            let mut versions = written.clone();
            for (_, snapshot) in &seen {
                let version = versions.get_mut(snapshot["id"].as_str().unwrap()).expect("one of the writers");
                *version += 1;
                assert_eq!(snapshot["version"], *version, "the versions of one record come one after the other");
            }
        }
    }

    async fn following_the_changes_of_two_servers_shows_every_answered_change_once_and_in_order(database: TestDatabase) {
        let here = Editor::with_records(&database, &world()).await;
        let start = here.changes().await.last().expect("the world was made")["cursor"].clone();
        let servers = [here.clone(), here.on_another_server(&database).await];
        let writers = (0..4).map(|writer| tokio::spawn(write_alternately(servers.clone(), writer)));
        let writing = tokio::spawn(join_all(writers));
        let is_over = || writing.is_finished();
        let readers = join_all(servers.iter().map(|server| follow_until(server, start.clone(), &is_over))).await;
        let mut acknowledged = Vec::new();
        for writer in writing.await.expect("all writers are done") {
            acknowledged.extend(writer.expect("the writer is done"));
        }
        let acknowledged = sorted(acknowledged);
        let first = position(&start) + 1;
        let places: Vec<i64> = (first..).take(acknowledged.len()).collect();
        for seen in readers {
            let (positions, records): (Vec<i64>, Vec<SavedRecord>) = seen.into_iter().unzip();
            assert_eq!(positions, places, "each comes directly after the one before");
            assert_eq!(sorted(records), acknowledged, "nothing is missing, and nothing is there twice");
        }
    }

    async fn of_many_changes_of_the_same_version_one_succeeds(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let mut libya = editor.record("libya").await;
        for round in 0..3 {
            let tries: Vec<_> = (0..WRITERS)
                .map(|writer| {
                    let (editor, libya) = (editor.clone(), libya.clone());
                    tokio::spawn(async move {
                        let input = json!({ "population": 100 * round + writer });
                        editor.try_mutation("updatePlace", json!({ "id": libya.id, "version": libya.version, "input": input })).await
                    })
                })
                .collect();
            let (mut done, mut refused) = (0, 0);
            for attempt in tries {
                match attempt.await.expect("an answer") {
                    Ok(_) => done += 1,
                    Err(refusals) => {
                        assert_eq!((refusals.len(), refusals[0].code.as_str()), (1, "CONFLICT"));
                        assert_eq!(refusals[0].current["version"], libya.version + 1);
                        refused += 1;
                    }
                }
            }
            assert_eq!((done, refused), (1, WRITERS - 1));
            libya = SavedRecord { version: libya.version + 1, ..libya };
            assert_eq!(editor.record("libya").await, libya);
        }
        let versions: Vec<Value> = editor.history(&libya.id).await.iter().map(|revision| revision["snapshot"]["version"].clone()).collect();
        assert_eq!(versions, [1, 2, 3, 4]);
    }

    async fn of_many_new_records_with_the_same_key_one_succeeds(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let tries: Vec<_> = (0..WRITERS)
            .map(|_| {
                let editor = editor.clone();
                tokio::spawn(async move {
                    editor.try_mutation("createPlace", json!({ "input": { "key": "one", "name": "One", "kind": "OTHER" } })).await
                })
            })
            .collect();
        let mut ids = HashSet::new();
        let mut made = 0;
        for attempt in tries {
            match attempt.await.expect("an answer") {
                Ok(payload) => {
                    made += 1;
                    ids.insert(payload["place"]["id"].as_str().unwrap().to_owned());
                }
                Err(refusals) => {
                    assert_eq!((refusals.len(), refusals[0].code.as_str()), (1, "DUPLICATE"));
                    ids.insert(refusals[0].current["id"].as_str().expect("the one that is there").to_owned());
                }
            }
        }
        assert_eq!((made, ids.len()), (1, 1));
    }

    async fn of_many_links_that_form_a_cycle_the_last_is_refused(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let one = editor.create("Place", json!({ "name": "One", "kind": "OTHER" })).await;
        let other = editor.create("Place", json!({ "name": "Other", "kind": "OTHER" })).await;
        let link = |of: &SavedRecord, to: &SavedRecord| {
            let (editor, of, to) = (editor.clone(), of.clone(), to.id.clone());
            tokio::spawn(async move {
                editor.try_mutation("updatePlace", json!({ "id": of.id, "version": 1, "input": { "containedIn": to } })).await
            })
        };
        let (first, second) = (link(&one, &other), link(&other, &one));
        let outcomes = [first.await.unwrap(), second.await.unwrap()];
        let refused: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
        assert_eq!(refused.len(), 1);
        assert_eq!(refused[0][0].to_string(), "CYCLE containedIn: a place cannot be contained in itself or in a place that it contains");
    }

    async fn a_temporary_id_means_nothing_to_other_writers(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let tries: Vec<_> = (0..2 * WRITERS)
            .map(|writer| {
                let editor = editor.clone();
                let place = if writer % 2 == 0 { json!({ "id": "_:x" }) } else { json!({ "containedIn": "_:x" }) };
                tokio::spawn(async move {
                    let mut input = place;
                    (input["name"], input["kind"]) = ("Place".into(), "OTHER".into());
                    editor.try_mutation("createPlace", json!({ "input": input })).await
                })
            })
            .collect();
        for (writer, attempt) in tries.into_iter().enumerate() {
            match attempt.await.expect("an answer") {
                Ok(_) => assert_eq!(writer % 2, 0),
                Err(refusals) => {
                    assert_eq!(messages(&refusals), ["NOT_FOUND containedIn: no new record of this call has the temporary id \"_:x\""]);
                    assert_eq!(writer % 2, 1);
                }
            }
        }
    }

    async fn of_many_edits_at_once_only_the_wrong_one_is_refused(database: TestDatabase) {
        const MANY: usize = 70;
        let editor = Editor::start(&database).await;
        let nowhere = uuid::Uuid::now_v7();
        // more edits than one transaction takes are waiting when the lock is released
        let lock = editor.connection.begin_write().await.unwrap();
        let made: Vec<_> = (0..MANY)
            .map(|place| {
                let editor = editor.clone();
                tokio::spawn(async move {
                    editor.create("Place", json!({ "key": format!("place/{place}"), "name": "Place", "kind": "OTHER" })).await
                })
            })
            .collect();
        let refused = {
            let editor = editor.clone();
            tokio::spawn(async move {
                editor.failed_create("Place", json!({ "name": "Lost", "kind": "OTHER", "containedIn": nowhere })).await
            })
        };
        lock.roll_back().await.unwrap();
        let mut ids = HashSet::new();
        for record in made {
            ids.insert(record.await.expect("the record is made").id);
        }
        assert_eq!(ids.len(), MANY);
        let problems = refused.await.expect("the other one fails");
        assert!(problems.len() == 1 && problems[0].starts_with("NOT_FOUND"), "{problems:?}");
        assert_eq!(editor.changes().await.len(), MANY);
    }

    async fn an_edit_that_waits_too_long_fails_and_does_not_block_others(database: TestDatabase) {
        // the database reports the timeout first, even on a busy machine
        let times = Times { run: Duration::from_mins(1), ..Times::default() };
        let editor = Editor::with_times(&database, &[], times).await;
        let lock = editor.connection.begin_write().await.unwrap();
        let input = json!({ "input": { "key": "late", "name": "Late", "kind": "OTHER" } });
        let document = "mutation ($input: CreatePlaceInput!) { createPlace(input: $input) { userErrors { code } } }";
        let answer = editor.answer(document, input).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{answer}");
        lock.roll_back().await.unwrap();
        editor.create("Place", json!({ "key": "late", "name": "Late", "kind": "OTHER" })).await;
    }
}
