//! Many at once: every change has its place in one order, in which nothing ever appears behind a reader.

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
    support::editor::{Editor, Kept, kept, told},
};

const WRITERS: usize = 8;
const EDITS: usize = 10;
const PAGE: &str = "query ($after: String) { changes(first: 7, after: $after) { nodes { id cursor snapshot } } }";

/// Reads on from a cursor until so many changes were seen. Gives their ids and cursors, in the order in which they came.
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

/// Reads on from a cursor until it is over and nothing more comes. Gives the place of every change, and the record as it left it.
async fn follow_until(editor: &Editor, mut after: Value, is_over: impl Fn() -> bool) -> Vec<(i64, Kept)> {
    let mut seen = Vec::new();
    loop {
        // looked at before the page is asked for, so that all of it stands there
        let was_over = is_over();
        let page = editor.read_with(PAGE, json!({ "after": after })).await["changes"]["nodes"].take();
        let page = page.as_array().expect("a list");
        if was_over && page.is_empty() {
            return seen;
        }
        for revision in page {
            after = revision["cursor"].clone();
            seen.push((position(&after), kept(&revision["snapshot"])));
        }
    }
}

/// The place in the order of all changes that a cursor stands for.
fn position(cursor: &Value) -> i64 {
    let decoded = URL_SAFE_NO_PAD.decode(cursor.as_str().expect("a cursor is a text")).expect("a cursor is base64");
    let parts: Vec<Value> = serde_json::from_slice(&decoded).expect("a cursor is JSON");
    parts[1].as_i64().expect("a place is a whole number")
}

/// Makes a place and changes it, by one server and the other in turn. Gives every version that was acknowledged.
async fn write_by_turns(servers: [Editor; 2], writer: usize) -> Vec<Kept> {
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

fn sorted(mut records: Vec<Kept>) -> Vec<Kept> {
    records.sort_by_key(|record| (record.id.clone(), record.version));
    records
}

both_databases! {
    async fn who_follows_the_changes_while_many_write_misses_nothing_and_sees_nothing_twice(database: TestDatabase) {
        let editor = Editor::with(&database, &world()).await;
        let start = editor.changes().await.last().expect("the world was made")["cursor"].clone();
        let readers = [(); 2].map(|()| tokio::spawn(follow(editor.clone(), start.clone(), WRITERS * EDITS)));
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let editor = editor.clone();
                tokio::spawn(async move {
                    let editor = editor.also(&format!("writer {writer}"), Role::Editor).await;
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

    async fn who_follows_the_changes_of_two_servers_sees_all_that_either_acknowledged_once_and_in_order(database: TestDatabase) {
        let here = Editor::with(&database, &world()).await;
        let start = here.changes().await.last().expect("the world was made")["cursor"].clone();
        let servers = [here.clone(), here.beside(&database).await];
        let writers = (0..4).map(|writer| tokio::spawn(write_by_turns(servers.clone(), writer)));
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
            let (positions, records): (Vec<i64>, Vec<Kept>) = seen.into_iter().unzip();
            assert_eq!(positions, places, "each comes right behind the one before");
            assert_eq!(sorted(records), acknowledged, "nothing is missing, and nothing is there twice");
        }
    }

    async fn of_many_who_change_the_same_version_one_is_let_through(database: TestDatabase) {
        let editor = Editor::with(&database, &world()).await;
        let mut libya = editor.of("libya").await;
        for round in 0..3 {
            let tries: Vec<_> = (0..WRITERS)
                .map(|writer| {
                    let (editor, libya) = (editor.clone(), libya.clone());
                    tokio::spawn(async move {
                        let input = json!({ "population": 100 * round + writer });
                        editor.try_to("updatePlace", json!({ "id": libya.id, "version": libya.version, "input": input })).await
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
            libya = Kept { version: libya.version + 1, ..libya };
            assert_eq!(editor.of("libya").await, libya);
        }
        let versions: Vec<Value> = editor.history(&libya.id).await.iter().map(|revision| revision["snapshot"]["version"].clone()).collect();
        assert_eq!(versions, [1, 2, 3, 4]);
    }

    async fn of_many_who_make_a_record_with_the_same_key_one_is_let_through(database: TestDatabase) {
        let editor = Editor::at(&database).await;
        let tries: Vec<_> = (0..WRITERS)
            .map(|_| {
                let editor = editor.clone();
                tokio::spawn(async move {
                    editor.try_to("createPlace", json!({ "input": { "key": "one", "name": "One", "kind": "OTHER" } })).await
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

    async fn of_many_who_link_in_a_circle_the_last_is_refused(database: TestDatabase) {
        let editor = Editor::at(&database).await;
        let one = editor.create("Place", json!({ "name": "One", "kind": "OTHER" })).await;
        let other = editor.create("Place", json!({ "name": "Other", "kind": "OTHER" })).await;
        let link = |of: &Kept, to: &Kept| {
            let (editor, of, to) = (editor.clone(), of.clone(), to.id.clone());
            tokio::spawn(async move {
                editor.try_to("updatePlace", json!({ "id": of.id, "version": 1, "input": { "containedIn": to } })).await
            })
        };
        let (first, second) = (link(&one, &other), link(&other, &one));
        let outcomes = [first.await.unwrap(), second.await.unwrap()];
        let refused: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
        assert_eq!(refused.len(), 1);
        assert_eq!(refused[0][0].to_string(), "CYCLE containedIn: a place cannot be contained in itself, nor in what it contains");
    }

    async fn a_temporary_id_is_nothing_to_those_who_write_at_the_same_time(database: TestDatabase) {
        let editor = Editor::at(&database).await;
        let tries: Vec<_> = (0..2 * WRITERS)
            .map(|writer| {
                let editor = editor.clone();
                let place = if writer % 2 == 0 { json!({ "id": "_:x" }) } else { json!({ "containedIn": "_:x" }) };
                tokio::spawn(async move {
                    let mut input = place;
                    (input["name"], input["kind"]) = ("Place".into(), "OTHER".into());
                    editor.try_to("createPlace", json!({ "input": input })).await
                })
            })
            .collect();
        for (writer, attempt) in tries.into_iter().enumerate() {
            match attempt.await.expect("an answer") {
                Ok(_) => assert_eq!(writer % 2, 0),
                Err(refusals) => {
                    assert_eq!(told(&refusals), ["NOT_FOUND containedIn: no new record of this call has the temporary id \"_:x\""]);
                    assert_eq!(writer % 2, 1);
                }
            }
        }
    }

    async fn of_many_who_come_at_once_only_who_is_wrong_is_refused(database: TestDatabase) {
        const MANY: usize = 70;
        let editor = Editor::at(&database).await;
        let nowhere = uuid::Uuid::now_v7();
        // more than are written together have come by the time it is their turn
        let turn = editor.connection.begin_write().await.unwrap();
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
                editor.not_create("Place", json!({ "name": "Lost", "kind": "OTHER", "containedIn": nowhere })).await
            })
        };
        turn.roll_back().await.unwrap();
        let mut ids = HashSet::new();
        for record in made {
            ids.insert(record.await.expect("the record is made").id);
        }
        assert_eq!(ids.len(), MANY);
        let problems = refused.await.expect("the other one is told");
        assert!(problems.len() == 1 && problems[0].starts_with("NOT_FOUND"), "{problems:?}");
        assert_eq!(editor.changes().await.len(), MANY);
    }

    async fn who_waits_in_vain_for_a_turn_is_told_and_keeps_nobody_else_from_theirs(database: TestDatabase) {
        // the database gives up first, however busy the machine is
        let times = Times { run: Duration::from_mins(1), ..Times::default() };
        let editor = Editor::within(&database, &[], times).await;
        let turn = editor.connection.begin_write().await.unwrap();
        let input = json!({ "input": { "key": "late", "name": "Late", "kind": "OTHER" } });
        let document = "mutation ($input: CreatePlaceInput!) { createPlace(input: $input) { userErrors { code } } }";
        let answer = editor.answer(document, input).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAVAILABLE", "{answer}");
        turn.roll_back().await.unwrap();
        editor.create("Place", json!({ "key": "late", "name": "Late", "kind": "OTHER" })).await;
    }
}
