//! Turns the arguments of a mutation into edits for `domain::edit`, and the paths of problems back into paths of the
//! arguments.

use super::{
    declare::{Action, CHANGES, ChangeArguments, MutationDeclaration},
    input::{id, normalized, normalized_list},
};
use crate::{
    domain::edit::{
        Edit,
        form::{of_create, of_update},
    },
    graphql::compiled::{PlanResult, Selection},
};
use async_graphql::parser::types::Field as Selected;
use entity::vocabulary::RecordKind;
use serde_json::{Map, Value as Json};

/// The maximum number of changes of `applyChanges`.
const MAX_CHANGES: usize = 1_000;

/// The arguments of a call of a mutation.
pub(super) struct MutationCall {
    pub(super) edits: Vec<Edit>,
    /// The action of each edit.
    pub(super) action: Vec<Action>,
    pub(super) summary: Option<String>,
    pub(super) dry_run: bool,
}

/// Reads the arguments of a mutation.
///
/// # Errors
/// Too many changes. The domain reports all other problems.
pub(super) fn read_call(
    selection: &Selection<'_>,
    field: &Selected,
    declared: &MutationDeclaration,
) -> PlanResult<MutationCall> {
    let mut given = Map::new();
    for argument in &declared.arguments {
        if let Some(value) = selection.argument(field, argument.name) {
            given.insert(argument.name.to_owned(), value);
        }
    }
    let summary = given.get("summary").and_then(Json::as_str).map(str::to_owned);
    let dry_run = given.get("dryRun").and_then(Json::as_bool).unwrap_or_default();
    let (action, edits) = if declared.action == Action::ApplyChanges {
        let changes = match given.remove("changes") {
            Some(Json::Array(changes)) => changes,
            Some(one @ Json::Object(_)) => vec![one],
            _ => vec![],
        };
        if changes.len() > MAX_CHANGES {
            return Err(
                selection.problem(format!("`changes` takes at most {MAX_CHANGES} changes, not {}.", changes.len()))
            );
        }
        changes.into_iter().filter_map(change).unzip()
    } else {
        (vec![declared.action], vec![edit(declared.action, given)])
    };
    Ok(MutationCall { edits, action, summary, dry_run })
}

/// One of many changes: an object with exactly one field, as validation guarantees.
fn change(given: Json) -> Option<(Action, Edit)> {
    let Json::Object(given) = given else {
        return None;
    };
    let (name, value) = given.into_iter().next()?;
    let change = CHANGES.iter().find(|change| change.name == name)?;
    let arguments = match (&change.arguments, value) {
        (ChangeArguments::Input, input) => Map::from_iter([("input".to_owned(), input)]),
        (ChangeArguments::Arguments(_), Json::Object(arguments)) => arguments,
        (ChangeArguments::Arguments(_), _) => return None,
    };
    Some((change.action, edit(change.action, arguments)))
}

fn edit(action: Action, mut given: Map<String, Json>) -> Edit {
    let mut take = |name: &str| given.remove(name).unwrap_or_default();
    let text = |value: Json| if let Json::String(text) = id(value) { text } else { String::new() };
    // no record has the version 0
    let number = |value: Json| value.as_i64().unwrap_or_default();
    match action {
        Action::Create(kind) => Edit::Create { kind, input: normalized(of_create(kind), take("input")) },
        Action::Update(kind) => Edit::Update {
            kind,
            id: text(take("id")),
            version: number(take("version")),
            input: normalized(of_update(kind), take("input")),
        },
        Action::DeleteRecord | Action::DeleteRelation => Edit::Delete {
            relation: action == Action::DeleteRelation,
            id: text(take("id")),
            version: number(take("version")),
        },
        Action::RestoreRecord => Edit::Restore { id: text(take("id")) },
        Action::MergeEntities => Edit::Merge {
            from: text(take("from")),
            from_version: number(take("fromVersion")),
            into: text(take("into")),
            into_version: number(take("intoVersion")),
        },
        Action::RevertRevision => Edit::Revert { revision: text(take("id")) },
        Action::LinkMentions | Action::UnlinkMentions | Action::ApplyChanges => {
            let input = match action {
                Action::LinkMentions => ("addMentions", normalized_list("MentionInput", take("mentions"))),
                _ => ("removeMentions", ids(take("mentionIds"))),
            };
            Edit::Update {
                kind: RecordKind::Article,
                id: text(take("articleId")),
                version: number(take("version")),
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

/// The path of a problem in the arguments of the mutation; `None` where the problem concerns the whole. `of` is the
/// action of the edit, which differs from that of the mutation in `applyChanges`.
pub(super) fn path(action: Action, of: Action, edit: usize, field: Vec<String>) -> Option<Vec<String>> {
    let mut path = field;
    let renamed = match (of, path.first().map(String::as_str)) {
        // the summary belongs to all changes
        (_, Some("summary")) => return Some(path),
        (Action::LinkMentions, Some("addMentions")) => Some("mentions"),
        (Action::UnlinkMentions, Some("removeMentions")) => Some("mentionIds"),
        (Action::LinkMentions | Action::UnlinkMentions, Some("id")) => Some("articleId"),
        _ => None,
    };
    if let Some(name) = renamed {
        name.clone_into(&mut path[0]);
    }
    if action == Action::ApplyChanges {
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
            let given = match &known.arguments {
                ChangeArguments::Input => json!({ "key": "k" }),
                ChangeArguments::Arguments(_) => {
                    json!({ "id": 5, "version": 3, "input": { "key": "k" }, "from": "a", "fromVersion": 1, "into": "b", "intoVersion": 2,
                        "articleId": 8, "mentions": { "entity": "e" }, "mentionIds": 9 })
                }
            };
            let (action, built) = change(json!({ known.name.clone(): given })).expect("it is known");
            assert_eq!(action, known.action);
            match (known.action, built) {
                (Action::Create(kind), Edit::Create { kind: expression, input }) => {
                    assert_eq!((expression, input), (kind, Map::from_iter([("key".to_owned(), json!("k"))])));
                }
                (Action::Update(kind), Edit::Update { kind: expression, id, version, .. }) => {
                    assert_eq!((expression, id.as_str(), version), (kind, "5", 3));
                }
                (Action::DeleteRecord, Edit::Delete { relation, version, .. }) => assert!(!relation && version == 3),
                (Action::DeleteRelation, Edit::Delete { relation, .. }) => assert!(relation),
                (Action::RestoreRecord, Edit::Restore { id }) => assert_eq!(id, "5"),
                (Action::MergeEntities, Edit::Merge { from, into, from_version, into_version }) => {
                    assert_eq!((from.as_str(), from_version, into.as_str(), into_version), ("a", 1, "b", 2));
                }
                (Action::RevertRevision, Edit::Revert { revision }) => assert_eq!(revision, "5"),
                (Action::LinkMentions, Edit::Update { kind: RecordKind::Article, id, version, input }) => {
                    assert_eq!((id.as_str(), version), ("8", 3));
                    assert_eq!(Json::from(input), json!({ "addMentions": [{ "entity": "e" }] }));
                }
                (Action::UnlinkMentions, Edit::Update { kind: RecordKind::Article, id, version, input }) => {
                    assert_eq!((id.as_str(), version), ("8", 3));
                    assert_eq!(Json::from(input), json!({ "removeMentions": ["9"] }));
                }
                (action, edit) => panic!("{action:?} became {edit:?}"),
            }
        }
    }

    #[test]
    fn a_problem_has_the_path_of_the_argument() {
        let path_of =
            |action, of, field: &[&str]| path(action, of, 3, field.iter().map(|step| (*step).to_owned()).collect());
        let path = |action, field: &[&str]| path_of(action, action, field);
        let expected = |field: &[&str]| Some(field.iter().map(|step| (*step).to_owned()).collect::<Vec<_>>());
        assert_eq!(path(Action::Create(RecordKind::Place), &["names", "1", "text"]), expected(&["names", "1", "text"]));
        assert_eq!(path(Action::RestoreRecord, &[]), None);
        assert_eq!(path(Action::LinkMentions, &["addMentions", "0", "start"]), expected(&["mentions", "0", "start"]));
        assert_eq!(path(Action::UnlinkMentions, &["removeMentions", "0"]), expected(&["mentionIds", "0"]));
        assert_eq!(path(Action::UnlinkMentions, &["id"]), expected(&["articleId"]));
        assert_eq!(path(Action::ApplyChanges, &["version"]), expected(&["changes", "3", "version"]));
        assert_eq!(path(Action::ApplyChanges, &[]), expected(&["changes", "3"]));
        assert_eq!(path(Action::ApplyChanges, &["summary"]), expected(&["summary"]));
        let one_of_many = path_of(Action::ApplyChanges, Action::LinkMentions, &["addMentions", "0", "end"]);
        assert_eq!(one_of_many, expected(&["changes", "3", "mentions", "0", "end"]));
    }
}
