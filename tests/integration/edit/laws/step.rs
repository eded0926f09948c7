//! The steps of an editor, and the records that they change.

use std::collections::BTreeMap;

use dateline::{
    domain::{
        edit::{Edit, EditOptions, EditOutcome},
        queue::WriteQueue,
        write::{Author, WriteError},
    },
    store::Connection,
};
use entity::vocabulary::{RecordKind, UserErrorCode};
use proptest::{prelude::*, test_runner::TestCaseError};
use serde_json::{Map, Value, json};

use crate::support::lines::export_lines;

/// One step of an editor, before its records are selected.
#[derive(Debug, Clone)]
pub struct Step {
    what: u8,
    one: usize,
    other: usize,
}

/// The steps before the database is copied, and those after it.
pub fn steps() -> impl Strategy<Value = (Vec<Step>, Vec<Step>)> {
    let step = || (0u8..16, 0usize..64, 0usize..64).prop_map(|(what, one, other)| Step { what, one, other });
    (prop::collection::vec(step(), 1..14), prop::collection::vec(step(), 0..8))
}

const BODY: &str =
    "Libya asked Egypt for help. The army of Egypt sent planes to Derna in Libya on Monday. Cairo did not confirm it.";

pub fn world() -> Vec<Value> {
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

/// All records by id, and the history.
pub struct State {
    pub records: BTreeMap<String, Map<String, Value>>,
    pub revisions: Vec<Value>,
}

pub async fn state(connection: &Connection) -> State {
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

pub fn version(fields: &Map<String, Value>) -> i64 {
    fields["version"].as_i64().expect("every record has a version")
}

fn update(kind: RecordKind, (id, fields): &(String, &Map<String, Value>), input: Value) -> Edit {
    let Value::Object(input) = input else { unreachable!("an input is an object") };
    Edit::Update { kind, id: id.clone(), version: version(fields), input }
}

/// The edit of a step in a given state. It is the same for a copy. `number` is the number of the step, which gives new records their ids.
pub fn edit(step: &Step, state: &State, number: usize) -> Option<Edit> {
    let new_id = format!("00000000-0000-7000-8000-{number:012x}");
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
        11 => {
            // Consequences of one change have no order among each other.
            let mut revisions: Vec<&Value> = state.revisions.iter().collect();
            revisions.sort_by_key(|revision| (revision["record"].to_string(), revision["version"].as_i64()));
            Edit::Revert { revision: revisions[step.one % revisions.len()]["id"].as_str()?.to_owned() }
        }
        12 => {
            let Value::Object(input) = json!({"id": new_id, "name": format!("New {}", step.one), "nationalities": [pick("PLACE", step.other)?.0]})
            else {
                return None;
            };
            Edit::Create { kind: RecordKind::Person, input }
        }
        13 => {
            let mention = json!({"entity": any.0, "field": "HEADLINE", "start": 0, "end": 3});
            let Value::Object(input) =
                json!({"id": new_id, "headline": "New planes", "language": "en", "body": BODY, "mentions": [mention]})
            else {
                return None;
            };
            Edit::Create { kind: RecordKind::Article, input }
        }
        14 => {
            let article = pick("ARTICLE", step.one)?;
            let mut mentions = article.1.get("mentions").and_then(Value::as_array).cloned().unwrap_or_default();
            // Not in the order of their ids, which differ in a copy.
            mentions.sort_by_key(|mention| (mention["entity"].to_string(), mention["start"].as_i64()));
            if let Some(mention) = mentions.get(step.other % 4) {
                update(RecordKind::Article, &article, json!({"removeMentions": [mention["id"]]}))
            } else {
                let mention = json!({"entity": any.0, "field": "BODY", "start": 0, "end": 5});
                update(RecordKind::Article, &article, json!({"addMentions": [mention]}))
            }
        }
        _ => {
            let Value::Object(input) = json!({"id": new_id, "source": pick("PLACE", step.one)?.0, "kind": "BORDERS", "target": pick("PLACE", step.other)?.0})
            else {
                return None;
            };
            Edit::Create { kind: RecordKind::Relation, input }
        }
    })
}

pub const AUTHOR: Author<'_> = Author { actor: "editor", summary: None };

/// The answer to an edit: what was done, or the code, the field and the differing fields of each problem.
pub type Answer = Result<Vec<EditOutcome>, Vec<(UserErrorCode, Vec<String>, Option<Vec<String>>)>>;

/// Runs one edit. Problems are a valid answer, an error of the database is not.
pub async fn carry_out(connection: &Connection, edit: Edit) -> Result<Answer, TestCaseError> {
    let described = format!("{edit:?}");
    match WriteQueue::start(connection.clone()).apply(vec![edit], AUTHOR, EditOptions::default()).await {
        Ok(done) => Ok(Ok(done.outcomes)),
        Err(WriteError::Problems(problems)) => {
            let mut problems: Vec<_> =
                problems.into_iter().map(|found| (found.problem.code, found.problem.field, found.differs)).collect();
            problems.sort();
            Ok(Err(problems))
        }
        Err(error) => Err(TestCaseError::fail(format!("{described}: {error:?}"))),
    }
}
