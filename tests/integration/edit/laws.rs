//! Laws for any sequence of edits: no dangling links, no duplicates, rising versions, a history that gives the present state, and
//! reverts that restore the start.

use std::collections::{BTreeMap, HashMap};

use dateline::{
    domain::{
        edit::{Edit, EditOptions, EditOutcome},
        queue::WriteQueue,
        write::{Author, WriteError},
    },
    store::Connection,
};
use entity::vocabulary::RecordKind;
use proptest::{
    prelude::*,
    test_runner::{Config, TestCaseError, TestRunner},
};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Map, Value, json};

use crate::support::{
    database::TestDatabase,
    lines::{export_lines, export_text, import_all, try_import},
    search_index::differences_from_a_rebuild,
};

/// One step of an editor, before its records are selected.
#[derive(Debug, Clone)]
struct Step {
    what: u8,
    one: usize,
    other: usize,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0u8..14, 0usize..64, 0usize..64).prop_map(|(what, one, other)| Step { what, one, other });
    prop::collection::vec(step, 1..14)
}

const BODY: &str =
    "Libya asked Egypt for help. The army of Egypt sent planes to Derna in Libya on Monday. Cairo did not confirm it.";

fn world() -> Vec<Value> {
    vec![
        json!({"type": "PLACE", "key": "libya", "kind": "COUNTRY", "name": "Libya", "language": "en", "names": [{"text": "ليبيا", "language": "ar", "kind": "MAIN"}], "sameAs": ["http://www.wikidata.org/entity/Q1016"]}),
        json!({"type": "PLACE", "key": "libya-2", "kind": "COUNTRY", "name": "State of Libya", "language": "en", "location": {"latitude": 27, "longitude": 17}}),
        json!({"type": "PLACE", "key": "egypt", "kind": "COUNTRY", "name": "Egypt", "language": "en"}),
        json!({"type": "PLACE", "key": "derna", "kind": "CITY", "name": "Derna", "containedIn": "libya"}),
        json!({"type": "PLACE", "key": "darnah", "kind": "CITY", "name": "Darnah", "containedIn": "libya-2"}),
        json!({"type": "ORGANIZATION", "key": "army", "kind": "MILITARY", "name": "Egyptian army", "country": "egypt", "headquarters": "egypt"}),
        json!({"type": "ORGANIZATION", "key": "forces", "kind": "MILITARY", "name": "Egyptian Armed Forces", "parent": "army"}),
        json!({"type": "PERSON", "key": "ali", "name": "Ali", "nationalities": ["libya"], "born": {"edtf": "1950~"}}),
        json!({"type": "PERSON", "key": "aly", "name": "Aly", "nationalities": ["libya-2", "egypt"]}),
        json!({"type": "ARTICLE", "key": "news", "headline": "Planes over Derna", "language": "en", "body": BODY, "authors": ["ali", "aly"], "dateline": "egypt",
            "mentions": [
                {"entity": "libya", "field": "BODY", "start": 0, "end": 5}, {"entity": "libya-2", "field": "BODY", "start": 0, "end": 5},
                {"entity": "egypt", "field": "BODY", "start": 12, "end": 17}, {"entity": "egypt", "field": "BODY", "start": 40, "end": 45},
                {"entity": "derna", "field": "BODY", "start": 61, "end": 66, "meant": "darnah"}]}),
        json!({"type": "EVENT", "key": "strike", "kind": "AIRSTRIKE", "name": "Air strikes on Derna", "date": {"edtf": "2015-02-16"},
            "places": [{"place": "derna"}, {"place": "darnah", "description": "the east of"}],
            "participants": [
                {"participant": "army", "role": "ATTACKER", "citations": [{"article": "news", "quote": "sent planes"}]},
                {"participant": "forces", "role": "ATTACKER", "citations": [{"article": "news", "quote": "planes to Derna"}]},
                {"description": "21 people", "count": 21, "role": "VICTIM"}],
            "citations": [{"article": "news", "quote": "The army of Egypt sent planes to Derna", "attributedTo": "army"}]}),
        json!({"type": "EVENT", "key": "answer", "kind": "STATEMENT", "name": "An answer", "partOf": "strike",
            "date": {"relative": {"anchor": "strike", "relation": "AFTER", "duration": "P1W"}},
            "participants": [{"participant": "aly", "role": "SPEAKER"}]}),
        json!({"type": "RELATION", "key": "r1", "source": "libya", "kind": "BORDERS", "target": "egypt", "citations": [{"article": "news", "quote": "Libya asked Egypt"}]}),
        json!({"type": "RELATION", "key": "r2", "source": "egypt", "kind": "BORDERS", "target": "libya-2"}),
        json!({"type": "RELATION", "key": "r3", "source": "army", "kind": "ARMY_OF", "target": "egypt"}),
        json!({"type": "RELATION", "key": "r4", "source": "forces", "kind": "ARMY_OF", "target": "egypt"}),
        json!({"type": "RELATION", "key": "r5", "source": "libya", "kind": "ALLY_OF", "target": "libya-2"}),
    ]
}

const AUTHOR: Author<'_> = Author { actor: "editor", summary: None };

/// All records by id, and the history.
struct State {
    records: BTreeMap<String, Map<String, Value>>,
    revisions: Vec<Value>,
}

async fn state(connection: &Connection) -> State {
    let mut state = State { records: BTreeMap::new(), revisions: Vec::new() };
    for line in export_lines(connection, true).await {
        if line["type"] == "REVISION" {
            state.revisions.push(line);
        } else {
            let Value::Object(fields) = line else { unreachable!("a line is an object") };
            state.records.insert(fields["id"].as_str().expect("every line has an id").to_owned(), fields);
        }
    }
    state
}

impl State {
    fn of_kind(&self, kind: &str) -> Vec<(String, &Map<String, Value>)> {
        self.records
            .iter()
            .filter(|(_, fields)| fields["type"] == kind)
            .map(|(id, fields)| (id.clone(), fields))
            .collect()
    }
}

fn version(fields: &Map<String, Value>) -> i64 {
    fields["version"].as_i64().expect("every record has a version")
}

fn update(kind: RecordKind, (id, fields): &(String, &Map<String, Value>), input: Value) -> Edit {
    let Value::Object(input) = input else { unreachable!("an input is an object") };
    Edit::Update { kind, id: id.clone(), version: version(fields), input }
}

/// The edit of a step in a given state.
fn edit(step: &Step, state: &State) -> Option<Edit> {
    let pick = |kind: &str, at: usize| {
        let all = state.of_kind(kind);
        (!all.is_empty()).then(|| all[at % all.len()].clone())
    };
    let all: Vec<_> = state.records.iter().map(|(id, fields)| (id.clone(), fields)).collect();
    let any = all[step.one % all.len()].clone();
    Some(match step.what {
        0 => update(
            RecordKind::Place,
            &pick("PLACE", step.one)?,
            json!({"name": format!("Place {}", step.other), "addNames": [{"text": format!("Alias {}", step.other), "language": "fr"}]}),
        ),
        1 => update(RecordKind::Place, &pick("PLACE", step.one)?, json!({"containedIn": pick("PLACE", step.other)?.0})),
        2 => update(
            RecordKind::Event,
            &pick("EVENT", step.one)?,
            json!({"addParticipants": [{"participant": pick("PERSON", step.other)?.0, "role": "HOST"}], "addPlaces": [{"place": pick("PLACE", step.other)?.0}]}),
        ),
        3 => {
            let event = pick("EVENT", step.one)?;
            let participants = event.1.get("participants")?.as_array()?;
            let chosen = &participants[step.other % participants.len()]["id"];
            if step.other.is_multiple_of(2) {
                update(RecordKind::Event, &event, json!({"removeParticipants": [chosen]}))
            } else {
                update(
                    RecordKind::Event,
                    &event,
                    json!({"updateParticipants": [{"id": chosen, "role": "AFFECTED", "count": null}]}),
                )
            }
        }
        4 => update(
            RecordKind::Event,
            &pick("EVENT", step.one)?,
            json!({"date": {"edtf": format!("2015-{:02}", step.other % 12 + 1)}}),
        ),
        5 => {
            let article = pick("ARTICLE", step.one)?;
            let body = article.1.get("body")?.as_str()?;
            let body = match step.other % 3 {
                0 => format!("Cairo, {}. {body}", step.other),
                1 => body.replace(" in Libya on Monday", ""),
                _ => body.replace("Egypt sent", "Egypt has sent"),
            };
            update(RecordKind::Article, &article, json!({"body": body}))
        }
        6 | 7 => Edit::Delete { relation: any.1["type"] == "RELATION", id: any.0, version: version(any.1) },
        8 => Edit::Restore {
            id: all.iter().filter(|(_, fields)| fields.contains_key("deletedAt")).nth(step.one % 3)?.0.clone(),
        },
        9 | 10 => {
            let (from, into) = (&any, &all[step.other % all.len()]);
            Edit::Merge {
                from: from.0.clone(),
                from_version: version(from.1),
                into: into.0.clone(),
                into_version: version(into.1),
            }
        }
        11 => Edit::Revert { revision: state.revisions[step.one % state.revisions.len()]["id"].as_str()?.to_owned() },
        12 => {
            let Value::Object(input) =
                json!({"name": format!("New {}", step.one), "nationalities": [pick("PLACE", step.other)?.0]})
            else {
                return None;
            };
            Edit::Create { kind: RecordKind::Person, input }
        }
        _ => {
            let Value::Object(input) = json!({"source": pick("PLACE", step.one)?.0, "kind": "BORDERS", "target": pick("PLACE", step.other)?.0})
            else {
                return None;
            };
            Edit::Create { kind: RecordKind::Relation, input }
        }
    })
}

/// Runs one edit. Problems are a valid answer, an error of the database is not.
async fn carry_out(connection: &Connection, edit: Edit) -> Result<Option<Vec<EditOutcome>>, TestCaseError> {
    let described = format!("{edit:?}");
    match WriteQueue::start(connection.clone()).apply(vec![edit], AUTHOR, EditOptions::default()).await {
        Ok(done) => Ok(Some(done)),
        Err(WriteError::Problems(_)) => Ok(None),
        Err(error) => Err(TestCaseError::fail(format!("{described}: {error:?}"))),
    }
}

/// The fields of a record without those that every change sets.
fn content(fields: &Map<String, Value>) -> Map<String, Value> {
    let mut content = fields.clone();
    for name in ["version", "updatedAt", "createdAt"] {
        content.remove(name);
    }
    content
}

/// Asserts that the revisions of each record give its present state, version by version.
fn history_matches_the_records(state: &State) -> Result<(), TestCaseError> {
    let mut described: HashMap<&str, (i64, Map<String, Value>)> = HashMap::new();
    let mut keys: HashMap<&str, &str> = HashMap::new();
    for (id, fields) in &state.records {
        if let Some(key) = fields.get("key").and_then(Value::as_str) {
            keys.insert(key, id);
        }
    }
    for revision in &state.revisions {
        let record = revision["record"].as_str().expect("a revision is of a record");
        let record = keys.get(record).copied().unwrap_or(record);
        let version = revision["version"].as_i64().expect("a revision has a version");
        let snapshot = revision["snapshot"].as_object().expect("a revision keeps the record as it then was");
        let (last, content_before) = described.remove(record).unwrap_or_default();
        prop_assert!(version > last, "versions rise: {last}, then {version}");
        let mut after = content_before;
        for change in revision["changes"].as_array().expect("a list") {
            let field = change["field"].as_str().expect("a name").to_owned();
            prop_assert_eq!(
                after.get(&field).cloned().unwrap_or_default(),
                change["before"].clone(),
                "{} before",
                field
            );
            match &change["after"] {
                Value::Null => drop(after.remove(&field)),
                value => drop(after.insert(field, value.clone())),
            }
        }
        let mut whole = content(snapshot);
        whole.retain(|name, _| name != "type" && name != "id");
        prop_assert_eq!(&after, &whole, "the changes give the snapshot");
        described.insert(record, (version, after));
    }
    for (id, fields) in &state.records {
        let (last, after) = &described[id.as_str()];
        prop_assert_eq!(*last, version(fields), "the last revision is that of the present version");
        let mut present = content(fields);
        present.retain(|name, _| name != "type" && name != "id");
        prop_assert_eq!(
            by_id(after.clone().into(), &keys),
            by_id(present.into(), &keys),
            "the history gives the present state"
        );
    }
    Ok(())
}

/// The same with ids instead of keys, because the history names records by their ids.
fn by_id(value: Value, keys: &HashMap<&str, &str>) -> Value {
    match value {
        Value::String(text) => keys.get(text.as_str()).map_or(Value::String(text.clone()), |id| (*id).into()),
        Value::Array(items) => items.into_iter().map(|item| by_id(item, keys)).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, by_id(value, keys))).collect(),
        other => other,
    }
}

const DERIVED: [&str; 4] = [
    "SELECT CAST(place_id AS text) AS a, CAST(event_id AS text) AS b, rank_asc AS c FROM place_event ORDER BY 1, 2",
    "SELECT CAST(entity_id AS text) AS a, CAST(event_id AS text) AS b, rank_asc AS c FROM event_entity ORDER BY 1, 2",
    "SELECT CAST(article_id AS text) AS a, CAST(entity_id AS text) AS b, mention_count * 1000 + citation_count AS c FROM article_entity ORDER BY 1, 2",
    "SELECT CAST(record_id AS text) AS a, CAST(relation_id AS text) AS b, 0 AS c FROM relation_end ORDER BY 1, 2",
];

async fn derived(connection: &Connection) -> Vec<(String, String, i32)> {
    let mut rows = Vec::new();
    for sql in DERIVED {
        let statement = Statement::from_string(connection.get_database_backend(), sql);
        for row in connection.query_all_raw(statement).await.expect("the table can be read") {
            rows.push((
                row.try_get("", "a").expect("a text"),
                row.try_get("", "b").expect("a text"),
                row.try_get("", "c").expect("a number"),
            ));
        }
    }
    rows
}

/// The number of revisions without the creation time of their record, by which its history finds them.
async fn revisions_without_creation_time(connection: &Connection) -> usize {
    let sql = "SELECT revision.position FROM revision LEFT JOIN record ON record.id = revision.record_id
        WHERE record.id IS NULL";
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    connection.query_all_raw(statement).await.expect("the tables can be read").len()
}

async fn new_database(is_postgres: bool) -> TestDatabase {
    if is_postgres { TestDatabase::postgres().await.expect("the server answers") } else { TestDatabase::sqlite().await }
}

async fn assert_laws(is_postgres: bool, steps: Vec<Step>) -> Result<(), TestCaseError> {
    let database = new_database(is_postgres).await;
    let connection = database.open().await;
    import_all(&connection, &world()).await;
    let start = state(&connection).await;
    let mut now = state(&connection).await;
    for step in &steps {
        if let Some(edit) = edit(step, &now)
            && carry_out(&connection, edit).await?.is_some()
        {
            now = state(&connection).await;
            history_matches_the_records(&now)?;
        }
    }

    // An import checks everything. It refuses dangling references and duplicates.
    let text = export_text(&connection, true).await;
    let elsewhere = new_database(false).await;
    let copy = elsewhere.open().await;
    if let Err(problems) = try_import(&copy, &text).await {
        return Err(TestCaseError::fail(format!("what is stored is not right: {problems:#?}")));
    }
    prop_assert_eq!(&export_text(&copy, true).await, &text, "a copy is the same");
    prop_assert_eq!(
        (revisions_without_creation_time(&copy).await, revisions_without_creation_time(&connection).await),
        (0, 0),
        "every revision is found by its record"
    );
    prop_assert_eq!(derived(&copy).await, derived(&connection).await, "derived tables follow every edit");
    prop_assert_eq!(differences_from_a_rebuild(&connection).await, [""; 0], "the search index follows every edit");

    for revision in now.revisions.iter().skip(start.revisions.len()).rev() {
        // An update without a difference has a revision, but nothing to revert.
        let changes_nothing = revision["operation"] == "UPDATE" && revision["changes"] == json!([]);
        if revision.get("cause").is_none() && !changes_nothing {
            let id = revision["id"].as_str().expect("a revision has an id").to_owned();
            let done = WriteQueue::start(connection.clone())
                .apply(vec![Edit::Revert { revision: id }], AUTHOR, EditOptions::default())
                .await;
            prop_assert!(done.is_ok(), "{:#} cannot be reverted: {:#?}", revision, done);
        }
    }
    let end = state(&connection).await;
    for (id, fields) in &end.records {
        match start.records.get(id) {
            Some(before) => prop_assert_eq!(content(fields), content(before), "reverting everything gives the start"),
            None => prop_assert!(fields.contains_key("deletedAt"), "what was made is in the bin"),
        }
    }
    prop_assert!(start.records.keys().all(|id| end.records.contains_key(id)), "all are back");
    prop_assert_eq!(differences_from_a_rebuild(&connection).await, [""; 0], "the search index follows every revert");
    history_matches_the_records(&end)
}

fn assert_laws_for_any_edits(is_postgres: bool, cases: u32) {
    // PROPTEST_CASES changes the number.
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(cases);
    let config = Config { cases, max_shrink_iters: 60, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let outcome = runner.run(&steps(), |steps| {
        tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(assert_laws(is_postgres, steps)))
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

crate::both_databases! {
    async fn any_edits_keep_the_invariants_and_can_be_reverted(database: TestDatabase) {
        let is_postgres = database.is_postgres();
        assert_laws_for_any_edits(is_postgres, if is_postgres { 8 } else { 24 });
    }
}
