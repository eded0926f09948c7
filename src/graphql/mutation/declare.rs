//! The declarations of all mutations: name, arguments and payload. The schema, the reading of arguments and the
//! planning of payloads use them.

use crate::{
    domain::edit::form::{of_create, of_update, title},
    graphql::{ARTICLE, ENTITY, RECORD, RELATION, compiled::records, of_kind},
    store::read::declare::{Interface, Type},
};
use entity::vocabulary::{RecordKind, Vocabulary as _};
use std::sync::LazyLock;

/// The action of a mutation, or of one of many changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the mutations")]
pub(super) enum Action {
    Create(RecordKind),
    Update(RecordKind),
    DeleteRelation,
    DeleteRecord,
    RestoreRecord,
    MergeEntities,
    RevertRevision,
    LinkMentions,
    UnlinkMentions,
    ApplyChanges,
}

/// One mutation.
pub(super) struct MutationDeclaration {
    pub(super) name: String,
    pub(super) doc: String,
    pub(super) action: Action,
    pub(super) arguments: Vec<MutationArgument>,
    /// The name of its payload.
    pub(super) payload: String,
    pub(super) fields: Vec<PayloadField>,
}

/// An argument of a mutation, or the field of an input of `applyChanges` for it.
#[derive(Clone)]
pub(super) struct MutationArgument {
    pub(super) name: &'static str,
    pub(super) ty: String,
    pub(super) doc: &'static str,
    pub(super) default: Option<&'static str>,
}

/// One field of a payload.
pub(super) struct PayloadField {
    pub(super) name: &'static str,
    pub(super) doc: &'static str,
    pub(super) value: PayloadValue,
}

/// The value of a field of a payload.
#[derive(Clone, Copy)]
pub(super) enum PayloadValue {
    /// The written record, if it has one of these types.
    Record(OutputTypes),
    /// An edge of its list of all records, with the node and its cursor.
    Edge(fn() -> &'static Type),
    /// Its id.
    Id,
    /// Its version.
    Version,
    /// When it was put into the bin.
    DeletedAt,
    /// The problems of the input.
    UserErrors,
    /// The result of each of many changes.
    Results,
    /// What the change takes along.
    Consequences,
    /// Whether it was a dry run.
    IsDryRun,
}

/// The possible types of a record.
#[derive(Clone, Copy)]
pub(super) enum OutputTypes {
    One(fn() -> &'static Type),
    Any(fn() -> &'static Interface),
}

impl OutputTypes {
    pub(super) fn types(self) -> Vec<&'static Type> {
        match self {
            Self::One(ty) => vec![ty()],
            Self::Any(family) => records(family()),
        }
    }
}

pub(super) const ANY_RECORD: OutputTypes = OutputTypes::Any(|| &RECORD);
pub(super) const ANY_RELATION: OutputTypes = OutputTypes::One(|| &RELATION);

// ---- arguments

fn argument(name: &'static str, ty: impl Into<String>, doc: &'static str) -> MutationArgument {
    MutationArgument { name, ty: ty.into(), doc, default: None }
}

fn summary() -> MutationArgument {
    argument("summary", "String", "Why the change is made, in a few words. The history stores it.")
}

const VERSION: &str = "The version of the record that the change was made from. If the record has another version now, nothing is \
    changed, and a CONFLICT lists the fields that differ.";

/// The arguments of an action, without `summary`.
fn arguments(action: Action) -> Vec<MutationArgument> {
    let id = |doc| argument("id", "ID!", doc);
    let version = || argument("version", "Int!", VERSION);
    match action {
        Action::Create(kind) => {
            vec![argument("input", format!("{}!", of_create(kind).name), "The fields of the new record.")]
        }
        Action::Update(kind) => vec![
            id("The id or key of the record."),
            version(),
            argument("input", format!("{}!", of_update(kind).name), "The fields to change."),
        ],
        Action::DeleteRelation | Action::DeleteRecord => vec![id("The id or key of the record."), version()],
        Action::RestoreRecord => vec![id("The id or key of the deleted record.")],
        Action::MergeEntities => vec![
            argument("from", "ID!", "The id or key of the entity to merge away. Both then refer to the other entity."),
            argument("fromVersion", "Int!", "The version of this entity that the merge was made from."),
            argument("into", "ID!", "The id or key of the entity that remains. It must have the same type."),
            argument("intoVersion", "Int!", "The version of this entity that the merge was made from."),
        ],
        Action::RevertRevision => vec![id("The id of the revision.")],
        Action::LinkMentions => vec![
            argument("articleId", "ID!", "The id or key of the article."),
            version(),
            argument("mentions", "[MentionInput!]!", "The passages of the text, with the entity that each names."),
        ],
        Action::UnlinkMentions => vec![
            argument("articleId", "ID!", "The id or key of the article."),
            version(),
            argument("mentionIds", "[ID!]!", "The ids of the mentions to remove."),
        ],
        Action::ApplyChanges => vec![
            argument(
                "changes",
                "[ChangeInput!]!",
                "The changes, at most 1,000. Each record may be the subject of one change only.",
            ),
            MutationArgument {
                default: Some("false"),
                ..argument("dryRun", "Boolean", "Whether to report the results without writing anything.")
            },
        ],
    }
}

// ---- payloads

fn value(name: &'static str, doc: &'static str, value: PayloadValue) -> PayloadField {
    PayloadField { name, doc, value }
}

fn payload(action: Action) -> Vec<PayloadField> {
    const AFTER: &str = "The record after the change; null where userErrors prevented the change.";
    const EDGE: &str = "The record as an edge, which a client can add to a list that it shows. The cursor is valid in the list of all records \
        of this type in its default order; for a relation, in the list `relations` of its entities. Data about a link to a parent is null.";
    let mut fields = match action {
        Action::Create(kind) => {
            let (name, ty) = of_kind(kind);
            let node = value(name, AFTER, PayloadValue::Record(OutputTypes::One(ty)));
            vec![node, value(edge_name(kind), EDGE, PayloadValue::Edge(ty))]
        }
        Action::Update(kind) => {
            let (name, ty) = of_kind(kind);
            vec![value(name, AFTER, PayloadValue::Record(OutputTypes::One(ty)))]
        }
        Action::LinkMentions | Action::UnlinkMentions => {
            vec![value("article", AFTER, PayloadValue::Record(OutputTypes::One(|| &ARTICLE)))]
        }
        Action::DeleteRecord => vec![
            value("deletedId", "The id of the deleted record; null where nothing was deleted.", PayloadValue::Id),
            value("version", "The version of the deleted record.", PayloadValue::Version),
            value("deletedAt", "When the record was deleted.", PayloadValue::DeletedAt),
        ],
        Action::DeleteRelation => vec![
            value("deletedId", "The id of the deleted record; null where nothing was deleted.", PayloadValue::Id),
            value("version", "The version of the deleted record.", PayloadValue::Version),
        ],
        Action::MergeEntities => {
            vec![value(
                "entity",
                "The remaining entity after the merge; null where userErrors prevented the merge.",
                PayloadValue::Record(OutputTypes::Any(|| &ENTITY)),
            )]
        }
        Action::RestoreRecord | Action::RevertRevision => vec![
            value(
                "record",
                "The record after the change; null where it is a relation or was not changed.",
                PayloadValue::Record(ANY_RECORD),
            ),
            value(
                "relation",
                "The relation after the change; null where it is a record or was not changed.",
                PayloadValue::Record(ANY_RELATION),
            ),
        ],
        Action::ApplyChanges => vec![
            value(
                "results",
                "The result of each change, in the order of the changes; empty where there are userErrors.",
                PayloadValue::Results,
            ),
            value("isDryRun", "Whether this was a dry run, which writes nothing.", PayloadValue::IsDryRun),
        ],
    };
    let doc = "What the change takes along: passages that lost their place, dates that follow, and other records that change.";
    fields.push(value("consequences", doc, PayloadValue::Consequences));
    let doc = "All problems of the input. If there are any, nothing was changed.";
    fields.push(value("userErrors", doc, PayloadValue::UserErrors));
    fields
}

/// The name of the field with the edge of a new record.
const fn edge_name(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Article => "articleEdge",
        RecordKind::Place => "placeEdge",
        RecordKind::Organization => "organizationEdge",
        RecordKind::Person => "personEdge",
        RecordKind::Event => "eventEdge",
        RecordKind::Relation => "relationEdge",
    }
}

// ---- mutations

fn word(kind: RecordKind) -> String {
    let word = kind.as_str().to_lowercase();
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {word}")
}

fn doc(action: Action) -> String {
    let text = match action {
        Action::Create(kind) => {
            let word = word(kind);
            return format!(
                "Creates {word} with everything that belongs to it. If another record has the `key`, the result is a DUPLICATE, so that a retry is safe."
            );
        }
        Action::Update(kind) => {
            return format!("Updates {}. Absent fields stay unchanged; null clears a field.", word(kind));
        }
        Action::DeleteRelation => "Deletes a relation: moves it to the bin, from which `restoreRecord` restores it.",
        Action::DeleteRecord => {
            "Deletes a record: moves it to the bin with its links, from which `restoreRecord` restores both."
        }
        Action::RestoreRecord => "Restores a record or a relation from the bin, with its links.",
        Action::MergeEntities => {
            "Merges two records of the same entity. Links move to the remaining entity without duplicates, names become aliases, and the \
             old id refers to the remaining entity. `revertRevision` reverts a merge."
        }
        Action::RevertRevision => {
            "Reverts a change with a new change. If later changes prevent that, userErrors list them."
        }
        Action::LinkMentions => {
            "Adds mentions to an article: passages of its text, each with the entity that it names."
        }
        Action::UnlinkMentions => "Removes mentions from an article.",
        Action::ApplyChanges => {
            "Applies many changes in one transaction: all or none. A new record may have a temporary id, such as `_:meeting`, by which the \
             other changes refer to it."
        }
    };
    text.to_owned()
}

/// A name with its first letter in upper case.
fn capitalized(name: &str) -> String {
    let (first, rest) = name.split_at(name.len().min(1));
    first.to_ascii_uppercase() + rest
}

fn declared(name: impl Into<String>, action: Action) -> MutationDeclaration {
    let name = name.into();
    let mut arguments = arguments(action);
    arguments.push(summary());
    let payload_name = format!("{}Payload", capitalized(&name));
    MutationDeclaration { doc: doc(action), arguments, payload: payload_name, fields: payload(action), action, name }
}

/// All mutations.
pub(super) static MUTATIONS: LazyLock<Vec<MutationDeclaration>> = LazyLock::new(|| {
    let creates = RecordKind::ALL.iter().map(|kind| declared(format!("create{}", title(*kind)), Action::Create(*kind)));
    let updates = RecordKind::ALL.iter().map(|kind| declared(format!("update{}", title(*kind)), Action::Update(*kind)));
    let others = [
        declared("deleteRelation", Action::DeleteRelation),
        declared("deleteRecord", Action::DeleteRecord),
        declared("restoreRecord", Action::RestoreRecord),
        declared("mergeEntities", Action::MergeEntities),
        declared("revertRevision", Action::RevertRevision),
        declared("linkMentions", Action::LinkMentions),
        declared("unlinkMentions", Action::UnlinkMentions),
        declared("applyChanges", Action::ApplyChanges),
    ];
    creates.chain(updates).chain(others).collect()
});

/// The mutation of that name.
pub(super) fn find(name: &str) -> Option<&'static MutationDeclaration> {
    MUTATIONS.iter().find(|declared| declared.name == name)
}

// ---- changes

/// One field of `ChangeInput`.
pub(super) struct ChangeDeclaration {
    pub(super) name: String,
    pub(super) doc: String,
    pub(super) action: Action,
    /// The name of its input.
    pub(super) input: String,
    pub(super) input_doc: &'static str,
    pub(super) arguments: ChangeArguments,
}

/// The arguments of a change.
pub(super) enum ChangeArguments {
    /// The input of a new record.
    Input,
    /// An object with the arguments of the mutation.
    Arguments(Vec<MutationArgument>),
}

/// The fields of `ChangeInput`.
pub(super) static CHANGES: LazyLock<Vec<ChangeDeclaration>> = LazyLock::new(|| {
    let change = |name: &str, action, input: String, input_doc, arguments| ChangeDeclaration {
        name: name.to_owned(),
        doc: doc(action),
        action,
        input,
        input_doc,
        arguments,
    };
    let creates = RecordKind::ALL.iter().map(|kind| {
        let name = format!("create{}", title(*kind));
        change(&name, Action::Create(*kind), of_create(*kind).name.clone(), "", ChangeArguments::Input)
    });
    let updates = RecordKind::ALL.iter().map(|kind| {
        let (action, title) = (Action::Update(*kind), title(*kind));
        let arguments = ChangeArguments::Arguments(arguments(action));
        change(
            &format!("update{title}"),
            action,
            format!("{title}ChangeInput"),
            "A record and the fields to change.",
            arguments,
        )
    });
    let others = [
        ("deleteRecord", Action::DeleteRecord, "DeletionInput", "A record to delete."),
        ("deleteRelation", Action::DeleteRelation, "DeletionInput", "A record to delete."),
        ("restoreRecord", Action::RestoreRecord, "RestorationInput", "A record to restore from the bin."),
        (
            "mergeEntities",
            Action::MergeEntities,
            "MergeInput",
            "Two records of the same entity. A merge must be the only change of its call.",
        ),
        (
            "revertRevision",
            Action::RevertRevision,
            "ReversionInput",
            "A revision to revert. No other change of the call may concern a record that this changes.",
        ),
        ("linkMentions", Action::LinkMentions, "LinkMentionsInput", "An article and the mentions to add."),
        ("unlinkMentions", Action::UnlinkMentions, "UnlinkMentionsInput", "An article and the mentions to remove."),
    ];
    let others = others.map(|(name, action, input, input_doc)| {
        change(name, action, input.to_owned(), input_doc, ChangeArguments::Arguments(arguments(action)))
    });
    creates.chain(updates).chain(others).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mutation_argument_and_payload_field_is_documented() {
        assert_eq!(MUTATIONS.len(), 20);
        for declared in &*MUTATIONS {
            assert!(declared.doc.ends_with('.'), "{}", declared.name);
            assert!(declared.arguments.iter().all(|argument| argument.doc.ends_with('.')), "{}", declared.name);
            assert!(declared.fields.iter().all(|field| field.doc.ends_with('.')), "{}", declared.name);
            let has = |wanted: fn(&PayloadValue) -> bool| declared.fields.iter().any(|field| wanted(&field.value));
            assert!(has(|value| matches!(value, PayloadValue::UserErrors)), "{}", declared.name);
            assert!(has(|value| matches!(value, PayloadValue::Consequences)), "{}", declared.name);
        }
    }
}
