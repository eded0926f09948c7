//! The arguments of a mutation -> edits for `domain::edit`. And back: where in the arguments the field stands that is wrong.

use super::{
    declare::{CHANGES, Declared, Does, Takes},
    input::{filled, filled_list, id},
};
use crate::{
    domain::edit::{
        Edit,
        form::{of_create, of_update},
    },
    graphql::compiled::{Planned, Selection},
};
use async_graphql::parser::types::Field as Selected;
use entity::vocabulary::RecordKind;
use serde_json::{Map, Value as Json};

/// The most changes that `applyChanges` takes.
const MANY: usize = 1_000;

/// What a mutation is asked to do.
pub(super) struct Asked {
    pub(super) edits: Vec<Edit>,
    /// What each of them does.
    pub(super) does: Vec<Does>,
    pub(super) summary: Option<String>,
    pub(super) dry_run: bool,
}

/// Reads the arguments of a mutation.
///
/// # Errors
/// Where there are too many changes. What else is wrong with them is for the domain to tell.
pub(super) fn asked(selection: &Selection<'_>, field: &Selected, declared: &Declared) -> Planned<Asked> {
    let mut given = Map::new();
    for argument in &declared.arguments {
        if let Some(value) = selection.argument(field, argument.name) {
            given.insert(argument.name.to_owned(), value);
        }
    }
    let summary = given.get("summary").and_then(Json::as_str).map(str::to_owned);
    let dry_run = given.get("dryRun").and_then(Json::as_bool).unwrap_or_default();
    let (does, edits) = if declared.does == Does::ApplyChanges {
        let changes = match given.remove("changes") {
            Some(Json::Array(changes)) => changes,
            Some(one @ Json::Object(_)) => vec![one],
            _ => vec![],
        };
        if changes.len() > MANY {
            return Err(selection.fault(format!("`changes` takes at most {MANY} changes, not {}.", changes.len())));
        }
        changes.into_iter().filter_map(change).unzip()
    } else {
        (vec![declared.does], vec![edit(declared.does, given)])
    };
    Ok(Asked { edits, does, summary, dry_run })
}

/// One of many changes: an object of exactly one field, as validation has seen to.
fn change(given: Json) -> Option<(Does, Edit)> {
    let Json::Object(given) = given else {
        return None;
    };
    let (name, value) = given.into_iter().next()?;
    let change = CHANGES.iter().find(|change| change.name == name)?;
    let arguments = match (&change.takes, value) {
        (Takes::Input, input) => Map::from_iter([("input".to_owned(), input)]),
        (Takes::Arguments(_), Json::Object(arguments)) => arguments,
        (Takes::Arguments(_), _) => return None,
    };
    Some((change.does, edit(change.does, arguments)))
}

fn edit(does: Does, mut given: Map<String, Json>) -> Edit {
    let mut taken = |name: &str| given.remove(name).unwrap_or_default();
    let text = |value: Json| if let Json::String(text) = id(value) { text } else { String::new() };
    // A missing version is none that any record has.
    let number = |value: Json| value.as_i64().unwrap_or_default();
    match does {
        Does::Create(kind) => Edit::Create { kind, input: filled(of_create(kind), taken("input")) },
        Does::Update(kind) => Edit::Update {
            kind,
            id: text(taken("id")),
            version: number(taken("version")),
            input: filled(of_update(kind), taken("input")),
        },
        Does::DeleteRecord | Does::DeleteRelation => Edit::Delete {
            relation: does == Does::DeleteRelation,
            id: text(taken("id")),
            version: number(taken("version")),
        },
        Does::RestoreRecord => Edit::Restore { id: text(taken("id")) },
        Does::MergeEntities => Edit::Merge {
            from: text(taken("from")),
            from_version: number(taken("fromVersion")),
            into: text(taken("into")),
            into_version: number(taken("intoVersion")),
        },
        Does::RevertRevision => Edit::Revert { revision: text(taken("id")) },
        Does::LinkMentions | Does::UnlinkMentions | Does::ApplyChanges => {
            let input = match does {
                Does::LinkMentions => ("addMentions", filled_list("MentionInput", taken("mentions"))),
                _ => ("removeMentions", ids(taken("mentionIds"))),
            };
            Edit::Update {
                kind: RecordKind::Article,
                id: text(taken("articleId")),
                version: number(taken("version")),
                input: Map::from_iter([(input.0.to_owned(), input.1)]),
            }
        }
    }
}

fn ids(given: Json) -> Json {
    match given {
        Json::Array(ids) => ids.into_iter().map(id).collect(),
        one => Json::Array(vec![id(one)]),
    }
}

/// The way from a mutation's arguments to what an edit's problem is of; none where it is of the whole. `of` is what the edit does,
/// which is another thing where it is one of many.
pub(super) fn path(does: Does, of: Does, edit: usize, field: Vec<String>) -> Option<Vec<String>> {
    let mut path = field;
    let renamed = match (of, path.first().map(String::as_str)) {
        // of all changes together
        (_, Some("summary")) => return Some(path),
        (Does::LinkMentions, Some("addMentions")) => Some("mentions"),
        (Does::UnlinkMentions, Some("removeMentions")) => Some("mentionIds"),
        (Does::LinkMentions | Does::UnlinkMentions, Some("id")) => Some("articleId"),
        _ => None,
    };
    if let Some(name) = renamed {
        name.clone_into(&mut path[0]);
    }
    if does == Does::ApplyChanges {
        path.splice(0..0, ["changes".to_owned(), edit.to_string()]);
    }
    (!path.is_empty()).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_change_becomes_the_edit_that_its_mutation_would_be() {
        for known in &*CHANGES {
            let given = match &known.takes {
                Takes::Input => json!({ "key": "k" }),
                Takes::Arguments(_) => {
                    json!({ "id": 5, "version": 3, "input": { "key": "k" }, "from": "a", "fromVersion": 1, "into": "b", "intoVersion": 2,
                        "articleId": 8, "mentions": { "entity": "e" }, "mentionIds": 9 })
                }
            };
            let (does, made) = change(json!({ known.name.clone(): given })).expect("it is known");
            assert_eq!(does, known.does);
            match (known.does, made) {
                (Does::Create(kind), Edit::Create { kind: made, input }) => {
                    assert_eq!((made, input), (kind, Map::from_iter([("key".to_owned(), json!("k"))])));
                }
                (Does::Update(kind), Edit::Update { kind: made, id, version, .. }) => {
                    assert_eq!((made, id.as_str(), version), (kind, "5", 3));
                }
                (Does::DeleteRecord, Edit::Delete { relation, version, .. }) => assert!(!relation && version == 3),
                (Does::DeleteRelation, Edit::Delete { relation, .. }) => assert!(relation),
                (Does::RestoreRecord, Edit::Restore { id }) => assert_eq!(id, "5"),
                (Does::MergeEntities, Edit::Merge { from, into, from_version, into_version }) => {
                    assert_eq!((from.as_str(), from_version, into.as_str(), into_version), ("a", 1, "b", 2));
                }
                (Does::RevertRevision, Edit::Revert { revision }) => assert_eq!(revision, "5"),
                (Does::LinkMentions, Edit::Update { kind: RecordKind::Article, id, version, input }) => {
                    assert_eq!((id.as_str(), version), ("8", 3));
                    assert_eq!(Json::from(input), json!({ "addMentions": [{ "entity": "e" }] }));
                }
                (Does::UnlinkMentions, Edit::Update { kind: RecordKind::Article, id, version, input }) => {
                    assert_eq!((id.as_str(), version), ("8", 3));
                    assert_eq!(Json::from(input), json!({ "removeMentions": ["9"] }));
                }
                (does, edit) => panic!("{does:?} became {edit:?}"),
            }
        }
    }

    #[test]
    fn a_problem_is_told_where_its_field_was_given() {
        let path_of =
            |does, of, field: &[&str]| path(does, of, 3, field.iter().map(|step| (*step).to_owned()).collect());
        let path = |does, field: &[&str]| path_of(does, does, field);
        let told = |field: &[&str]| Some(field.iter().map(|step| (*step).to_owned()).collect::<Vec<_>>());
        assert_eq!(path(Does::Create(RecordKind::Place), &["names", "1", "text"]), told(&["names", "1", "text"]));
        assert_eq!(path(Does::RestoreRecord, &[]), None);
        assert_eq!(path(Does::LinkMentions, &["addMentions", "0", "start"]), told(&["mentions", "0", "start"]));
        assert_eq!(path(Does::UnlinkMentions, &["removeMentions", "0"]), told(&["mentionIds", "0"]));
        assert_eq!(path(Does::UnlinkMentions, &["id"]), told(&["articleId"]));
        assert_eq!(path(Does::ApplyChanges, &["version"]), told(&["changes", "3", "version"]));
        assert_eq!(path(Does::ApplyChanges, &[]), told(&["changes", "3"]));
        assert_eq!(path(Does::ApplyChanges, &["summary"]), told(&["summary"]));
        let one_of_many = path_of(Does::ApplyChanges, Does::LinkMentions, &["addMentions", "0", "end"]);
        assert_eq!(one_of_many, told(&["changes", "3", "mentions", "0", "end"]));
    }
}
