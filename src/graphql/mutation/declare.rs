//! What mutations there are: the name, the arguments and the payload of each, declared once. The schema, the reading of arguments and
//! the planning of payloads all go by these tables.

use crate::{
    domain::edit::form::{KINDS, of_create, of_update, title},
    graphql::{ARTICLE, ENTITY, EVENT, ORGANIZATION, PERSON, PLACE, RECORD, RELATION, compiled::records},
    store::read::declare::{Interface, Type},
};
use entity::vocabulary::{RecordKind, Vocabulary as _};
use std::sync::LazyLock;

/// What a mutation, or one of many changes, does.
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

/// One argument of a mutation, or one field of the input that stands for its arguments in `applyChanges`.
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

/// What a field of a payload gives.
#[derive(Clone, Copy)]
pub(super) enum PayloadValue {
    /// The record that was written, where it is of this family.
    Record(OutputTypes),
    /// Its id.
    Id,
    /// Its version.
    Version,
    /// When it was put into the bin.
    DeletedAt,
    /// What is wrong with the input.
    UserErrors,
    /// What became of each of many changes.
    Results,
    /// Whether nothing was meant to be written.
    IsDryRun,
}

/// Types of which a record may be.
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

/// The type of a kind, and the name that fields of it have.
fn of_kind(kind: RecordKind) -> (&'static str, OutputTypes) {
    match kind {
        RecordKind::Article => ("article", OutputTypes::One(|| &ARTICLE)),
        RecordKind::Place => ("place", OutputTypes::One(|| &PLACE)),
        RecordKind::Organization => ("organization", OutputTypes::One(|| &ORGANIZATION)),
        RecordKind::Person => ("person", OutputTypes::One(|| &PERSON)),
        RecordKind::Event => ("event", OutputTypes::One(|| &EVENT)),
        RecordKind::Relation => ("relation", ANY_RELATION),
    }
}

// ---- arguments

fn argument(name: &'static str, ty: impl Into<String>, doc: &'static str) -> MutationArgument {
    MutationArgument { name, ty: ty.into(), doc, default: None }
}

fn summary() -> MutationArgument {
    argument("summary", "String", "Why, in a few words: it stands in the history.")
}

const VERSION: &str = "The version that the change was made from. If the record has another one by now, nothing is changed, and a \
    CONFLICT tells what differs.";

/// The arguments of what does one thing to records that are there.
fn arguments(action: Action) -> Vec<MutationArgument> {
    let id = |doc| argument("id", "ID!", doc);
    let version = || argument("version", "Int!", VERSION);
    match action {
        Action::Create(kind) => {
            vec![argument("input", format!("{}!", of_create(kind).name), "What it says.")]
        }
        Action::Update(kind) => vec![
            id("Its id."),
            version(),
            argument("input", format!("{}!", of_update(kind).name), "What is to change of it."),
        ],
        Action::DeleteRelation | Action::DeleteRecord => vec![id("Its id."), version()],
        Action::RestoreRecord => vec![id("The id of what is in the bin.")],
        Action::MergeEntities => vec![
            argument("from", "ID!", "The entity that leads on to the other one afterwards."),
            argument("fromVersion", "Int!", "Its version, as in updates."),
            argument("into", "ID!", "The entity that stays, of the same type."),
            argument("intoVersion", "Int!", "Its version, as in updates."),
        ],
        Action::RevertRevision => vec![id("The revision's id.")],
        Action::LinkMentions => vec![
            argument("articleId", "ID!", "The article's id."),
            version(),
            argument("mentions", "[MentionInput!]!", "The places in its text, and who is named there."),
        ],
        Action::UnlinkMentions => vec![
            argument("articleId", "ID!", "The article's id."),
            version(),
            argument("mentionIds", "[ID!]!", "The ids of the mentions that are taken out."),
        ],
        Action::ApplyChanges => vec![
            argument(
                "changes",
                "[ChangeInput!]!",
                "The changes, at most 1,000. A record can be the subject of one of them.",
            ),
            MutationArgument {
                default: Some("false"),
                ..argument("dryRun", "Boolean", "Whether only to tell what would happen: nothing is written.")
            },
        ],
    }
}

// ---- payloads

fn value(name: &'static str, doc: &'static str, value: PayloadValue) -> PayloadField {
    PayloadField { name, doc, value }
}

fn payload(action: Action) -> Vec<PayloadField> {
    const AFTER: &str = "As it is after the change; null where nothing was changed because of userErrors.";
    let mut fields = match action {
        Action::Create(kind) | Action::Update(kind) => {
            let (name, family) = of_kind(kind);
            vec![value(name, AFTER, PayloadValue::Record(family))]
        }
        Action::LinkMentions | Action::UnlinkMentions => {
            vec![value("article", AFTER, PayloadValue::Record(OutputTypes::One(|| &ARTICLE)))]
        }
        Action::DeleteRecord => vec![
            value("id", "The id of what was deleted; null where nothing was.", PayloadValue::Id),
            value("version", "Its version in the bin.", PayloadValue::Version),
            value("deletedAt", "When it was put into the bin.", PayloadValue::DeletedAt),
        ],
        Action::DeleteRelation => vec![
            value("id", "The id of what was deleted; null where nothing was.", PayloadValue::Id),
            value("version", "Its version in the bin.", PayloadValue::Version),
        ],
        Action::MergeEntities => {
            vec![value(
                "entity",
                "The one that stays, as it is after the change.",
                PayloadValue::Record(OutputTypes::Any(|| &ENTITY)),
            )]
        }
        Action::RestoreRecord | Action::RevertRevision => vec![
            value(
                "record",
                "As it is after the change; null where it is a relation, or was not changed.",
                PayloadValue::Record(ANY_RECORD),
            ),
            value("relation", "The same, where it is a relation.", PayloadValue::Record(ANY_RELATION)),
        ],
        Action::ApplyChanges => vec![
            value(
                "results",
                "What became of each change, in their order; empty where there are userErrors.",
                PayloadValue::Results,
            ),
            value("isDryRun", "Whether this only tells what would happen.", PayloadValue::IsDryRun),
        ],
    };
    let doc = "All that is wrong with the input. Where there is any, nothing was changed.";
    fields.push(value("userErrors", doc, PayloadValue::UserErrors));
    fields
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
                "Makes {word}, with all that belongs to it. A `key` that is taken is a DUPLICATE, so that a retry is safe."
            );
        }
        Action::Update(kind) => {
            return format!("Changes {}: what is absent is left, null clears. Links to it stay.", word(kind));
        }
        Action::DeleteRelation => "Puts a relation into the bin.",
        Action::DeleteRecord => {
            "Puts a record into the bin. Its links are kept: `restoreRecord` brings them back as they were."
        }
        Action::RestoreRecord => "Takes a record or a relation out of the bin, with its links.",
        Action::MergeEntities => {
            "Makes one entity of two that turned out to be the same: links move without doubling, names become aliases, and the old id leads on. \
             Reverting the revision undoes it."
        }
        Action::RevertRevision => {
            "Undoes a change by a new one. It is refused with the reason where later changes stand in the way."
        }
        Action::LinkMentions => "Links places in an article's text with the entities that are named there.",
        Action::UnlinkMentions => "Takes mentions out of an article.",
        Action::ApplyChanges => {
            "Makes many changes at once, all of them or none. New records may have temporary ids (`_:meeting`), by which the other changes refer \
             to them."
        }
    };
    text.to_owned()
}

/// A name with its first letter large.
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
    let creates = KINDS.iter().map(|(kind, title)| declared(format!("create{title}"), Action::Create(*kind)));
    let updates = KINDS.iter().map(|(kind, title)| declared(format!("update{title}"), Action::Update(*kind)));
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

/// What stands for the arguments of a change.
pub(super) enum ChangeArguments {
    /// The input of a new record.
    Input,
    /// An object of the arguments that the mutation would have.
    Arguments(Vec<MutationArgument>),
}

/// What can be one of many changes.
pub(super) static CHANGES: LazyLock<Vec<ChangeDeclaration>> = LazyLock::new(|| {
    let change = |name: &str, action, input: String, input_doc, arguments| ChangeDeclaration {
        name: name.to_owned(),
        doc: doc(action),
        action,
        input,
        input_doc,
        arguments,
    };
    let creates = KINDS.iter().map(|(kind, title)| {
        change(
            &format!("create{title}"),
            Action::Create(*kind),
            of_create(*kind).name.clone(),
            "",
            ChangeArguments::Input,
        )
    });
    let updates = KINDS.iter().map(|(kind, _)| {
        let (action, title) = (Action::Update(*kind), title(*kind));
        let arguments = ChangeArguments::Arguments(arguments(action));
        change(
            &format!("update{title}"),
            action,
            format!("{title}ChangeInput"),
            "A record, and what is to change of it.",
            arguments,
        )
    });
    let others = [
        ("deleteRecord", Action::DeleteRecord, "DeletionInput", "What is to be put into the bin."),
        ("deleteRelation", Action::DeleteRelation, "DeletionInput", "What is to be put into the bin."),
        ("restoreRecord", Action::RestoreRecord, "RestorationInput", "What is to be taken out of the bin."),
        (
            "mergeEntities",
            Action::MergeEntities,
            "MergeInput",
            "Two entities that are the same. A merge is the only change of its call: it touches many records.",
        ),
        (
            "revertRevision",
            Action::RevertRevision,
            "ReversionInput",
            "What is to be undone. No other change of the call is of a record that is changed thereby.",
        ),
        ("linkMentions", Action::LinkMentions, "LinkMentionsInput", "An article, and places in its text to link."),
        (
            "unlinkMentions",
            Action::UnlinkMentions,
            "UnlinkMentionsInput",
            "An article, and mentions to take out of it.",
        ),
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
    fn every_mutation_says_what_it_does_and_what_it_gives() {
        assert_eq!(MUTATIONS.len(), 20);
        for declared in &*MUTATIONS {
            assert!(declared.doc.ends_with('.'), "{}", declared.name);
            assert!(declared.arguments.iter().all(|argument| argument.doc.ends_with('.')), "{}", declared.name);
            assert!(declared.fields.iter().all(|field| field.doc.ends_with('.')), "{}", declared.name);
            assert!(
                declared.fields.iter().any(|field| matches!(field.value, PayloadValue::UserErrors)),
                "{}",
                declared.name
            );
        }
    }
}
