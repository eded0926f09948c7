//! What mutations there are: the name, the arguments and the payload of each, declared once. The schema, the reading of arguments and
//! the planning of payloads all go by these tables.

use crate::{
    domain::edit::form::{of_create, of_update, title},
    graphql::{ARTICLE, ENTITY, EVENT, ORGANIZATION, PERSON, PLACE, RECORD, RELATION, compiled::records},
    store::read::declare::{Interface, Type},
};
use entity::vocabulary::{RecordKind, Vocabulary as _};
use std::sync::LazyLock;

/// What a mutation, or one of many changes, does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the mutations")]
pub(super) enum Does {
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
pub(super) struct Declared {
    pub(super) name: String,
    pub(super) doc: String,
    pub(super) does: Does,
    pub(super) arguments: Vec<Argument>,
    /// The name of its payload.
    pub(super) payload: String,
    pub(super) fields: Vec<Field>,
}

/// One argument of a mutation, or one field of the input that stands for its arguments in `applyChanges`.
#[derive(Clone)]
pub(super) struct Argument {
    pub(super) name: &'static str,
    pub(super) ty: String,
    pub(super) doc: &'static str,
    pub(super) default: Option<&'static str>,
}

/// One field of a payload.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) doc: &'static str,
    pub(super) gives: Gives,
}

/// What a field of a payload gives.
#[derive(Clone, Copy)]
pub(super) enum Gives {
    /// The record that was written, where it is of this family.
    Record(Family),
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
pub(super) enum Family {
    One(fn() -> &'static Type),
    Any(fn() -> &'static Interface),
}

impl Family {
    pub(super) fn types(self) -> Vec<&'static Type> {
        match self {
            Self::One(ty) => vec![ty()],
            Self::Any(family) => records(family()),
        }
    }
}

pub(super) const ANY_RECORD: Family = Family::Any(|| &RECORD);
pub(super) const ANY_RELATION: Family = Family::One(|| &RELATION);

/// The type of a kind, and the name that fields of it have.
fn of_kind(kind: RecordKind) -> (&'static str, Family) {
    match kind {
        RecordKind::Article => ("article", Family::One(|| &ARTICLE)),
        RecordKind::Place => ("place", Family::One(|| &PLACE)),
        RecordKind::Organization => ("organization", Family::One(|| &ORGANIZATION)),
        RecordKind::Person => ("person", Family::One(|| &PERSON)),
        RecordKind::Event => ("event", Family::One(|| &EVENT)),
        RecordKind::Relation => ("relation", ANY_RELATION),
    }
}

// ---- arguments

fn argument(name: &'static str, ty: impl Into<String>, doc: &'static str) -> Argument {
    Argument { name, ty: ty.into(), doc, default: None }
}

fn summary() -> Argument {
    argument("summary", "String", "Why, in a few words: it stands in the history.")
}

const VERSION: &str = "The version that the change was made from. If the record has another one by now, nothing is changed, and a \
    CONFLICT tells what differs.";

/// The arguments of what does one thing to records that are there.
fn arguments(does: Does) -> Vec<Argument> {
    let id = |doc| argument("id", "ID!", doc);
    let version = || argument("version", "Int!", VERSION);
    match does {
        Does::Create(kind) => {
            vec![argument("input", format!("{}!", of_create(kind).name), "What it says.")]
        }
        Does::Update(kind) => vec![
            id("Its id."),
            version(),
            argument("input", format!("{}!", of_update(kind).name), "What is to change of it."),
        ],
        Does::DeleteRelation | Does::DeleteRecord => vec![id("Its id."), version()],
        Does::RestoreRecord => vec![id("The id of what is in the bin.")],
        Does::MergeEntities => vec![
            argument("from", "ID!", "The entity that leads on to the other one afterwards."),
            argument("fromVersion", "Int!", "Its version, as in updates."),
            argument("into", "ID!", "The entity that stays, of the same type."),
            argument("intoVersion", "Int!", "Its version, as in updates."),
        ],
        Does::RevertRevision => vec![id("The revision's id.")],
        Does::LinkMentions => vec![
            argument("articleId", "ID!", "The article's id."),
            version(),
            argument("mentions", "[MentionInput!]!", "The places in its text, and who is named there."),
        ],
        Does::UnlinkMentions => vec![
            argument("articleId", "ID!", "The article's id."),
            version(),
            argument("mentionIds", "[ID!]!", "The ids of the mentions that are taken out."),
        ],
        Does::ApplyChanges => vec![
            argument(
                "changes",
                "[ChangeInput!]!",
                "The changes, at most 1,000. A record can be the subject of one of them.",
            ),
            Argument {
                default: Some("false"),
                ..argument("dryRun", "Boolean", "Whether only to tell what would happen: nothing is written.")
            },
        ],
    }
}

// ---- payloads

fn gives(name: &'static str, doc: &'static str, gives: Gives) -> Field {
    Field { name, doc, gives }
}

fn payload(does: Does) -> Vec<Field> {
    const AFTER: &str = "As it is after the change; null where nothing was changed because of userErrors.";
    let mut fields = match does {
        Does::Create(kind) | Does::Update(kind) => {
            let (name, family) = of_kind(kind);
            vec![gives(name, AFTER, Gives::Record(family))]
        }
        Does::LinkMentions | Does::UnlinkMentions => {
            vec![gives("article", AFTER, Gives::Record(Family::One(|| &ARTICLE)))]
        }
        Does::DeleteRecord => vec![
            gives("id", "The id of what was deleted; null where nothing was.", Gives::Id),
            gives("version", "Its version in the bin.", Gives::Version),
            gives("deletedAt", "When it was put into the bin.", Gives::DeletedAt),
        ],
        Does::DeleteRelation => vec![
            gives("id", "The id of what was deleted; null where nothing was.", Gives::Id),
            gives("version", "Its version in the bin.", Gives::Version),
        ],
        Does::MergeEntities => {
            vec![gives(
                "entity",
                "The one that stays, as it is after the change.",
                Gives::Record(Family::Any(|| &ENTITY)),
            )]
        }
        Does::RestoreRecord | Does::RevertRevision => vec![
            gives(
                "record",
                "As it is after the change; null where it is a relation, or was not changed.",
                Gives::Record(ANY_RECORD),
            ),
            gives("relation", "The same, where it is a relation.", Gives::Record(ANY_RELATION)),
        ],
        Does::ApplyChanges => vec![
            gives(
                "results",
                "What became of each change, in their order; empty where there are userErrors.",
                Gives::Results,
            ),
            gives("isDryRun", "Whether this only tells what would happen.", Gives::IsDryRun),
        ],
    };
    let doc = "All that is wrong with the input. Where there is any, nothing was changed.";
    fields.push(gives("userErrors", doc, Gives::UserErrors));
    fields
}

// ---- mutations

fn word(kind: RecordKind) -> String {
    let word = kind.as_str().to_lowercase();
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {word}")
}

fn doc(does: Does) -> String {
    let text = match does {
        Does::Create(kind) => {
            let word = word(kind);
            return format!(
                "Makes {word}, with all that belongs to it. A `key` that is taken is a DUPLICATE, so that a retry is safe."
            );
        }
        Does::Update(kind) => {
            return format!("Changes {}: what is absent is left, null clears. Links to it stay.", word(kind));
        }
        Does::DeleteRelation => "Puts a relation into the bin.",
        Does::DeleteRecord => {
            "Puts a record into the bin. Its links are kept: `restoreRecord` brings them back as they were."
        }
        Does::RestoreRecord => "Takes a record or a relation out of the bin, with its links.",
        Does::MergeEntities => {
            "Makes one entity of two that turned out to be the same: links move without doubling, names become aliases, and the old id leads on. \
             Reverting the revision undoes it."
        }
        Does::RevertRevision => {
            "Undoes a change by a new one. It is refused with the reason where later changes stand in the way."
        }
        Does::LinkMentions => "Links places in an article's text with the entities that are named there.",
        Does::UnlinkMentions => "Takes mentions out of an article.",
        Does::ApplyChanges => {
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

fn declared(name: impl Into<String>, does: Does) -> Declared {
    let name = name.into();
    let mut arguments = arguments(does);
    arguments.push(summary());
    let payload_name = format!("{}Payload", capitalized(&name));
    Declared { doc: doc(does), arguments, payload: payload_name, fields: payload(does), does, name }
}

/// All mutations.
pub(super) static MUTATIONS: LazyLock<Vec<Declared>> = LazyLock::new(|| {
    let creates = RecordKind::ALL.iter().map(|kind| declared(format!("create{}", title(*kind)), Does::Create(*kind)));
    let updates = RecordKind::ALL.iter().map(|kind| declared(format!("update{}", title(*kind)), Does::Update(*kind)));
    let others = [
        declared("deleteRelation", Does::DeleteRelation),
        declared("deleteRecord", Does::DeleteRecord),
        declared("restoreRecord", Does::RestoreRecord),
        declared("mergeEntities", Does::MergeEntities),
        declared("revertRevision", Does::RevertRevision),
        declared("linkMentions", Does::LinkMentions),
        declared("unlinkMentions", Does::UnlinkMentions),
        declared("applyChanges", Does::ApplyChanges),
    ];
    creates.chain(updates).chain(others).collect()
});

/// The mutation of that name.
pub(super) fn find(name: &str) -> Option<&'static Declared> {
    MUTATIONS.iter().find(|declared| declared.name == name)
}

// ---- changes

/// One field of `ChangeInput`.
pub(super) struct Change {
    pub(super) name: String,
    pub(super) doc: String,
    pub(super) does: Does,
    /// The name of its input.
    pub(super) input: String,
    pub(super) input_doc: &'static str,
    pub(super) takes: Takes,
}

/// What stands for the arguments of a change.
pub(super) enum Takes {
    /// The input of a new record.
    Input,
    /// An object of the arguments that the mutation would have.
    Arguments(Vec<Argument>),
}

/// What can be one of many changes.
pub(super) static CHANGES: LazyLock<Vec<Change>> = LazyLock::new(|| {
    let change = |name: &str, does, input: String, input_doc, takes| Change {
        name: name.to_owned(),
        doc: doc(does),
        does,
        input,
        input_doc,
        takes,
    };
    let creates = RecordKind::ALL.iter().map(|kind| {
        let name = format!("create{}", title(*kind));
        change(&name, Does::Create(*kind), of_create(*kind).name.clone(), "", Takes::Input)
    });
    let updates = RecordKind::ALL.iter().map(|kind| {
        let (does, title) = (Does::Update(*kind), title(*kind));
        let takes = Takes::Arguments(arguments(does));
        change(
            &format!("update{title}"),
            does,
            format!("{title}ChangeInput"),
            "A record, and what is to change of it.",
            takes,
        )
    });
    let others = [
        ("deleteRecord", Does::DeleteRecord, "DeletionInput", "What is to be put into the bin."),
        ("deleteRelation", Does::DeleteRelation, "DeletionInput", "What is to be put into the bin."),
        ("restoreRecord", Does::RestoreRecord, "RestorationInput", "What is to be taken out of the bin."),
        (
            "mergeEntities",
            Does::MergeEntities,
            "MergeInput",
            "Two entities that are the same. A merge is the only change of its call: it touches many records.",
        ),
        (
            "revertRevision",
            Does::RevertRevision,
            "ReversionInput",
            "What is to be undone. No other change of the call is of a record that is changed thereby.",
        ),
        ("linkMentions", Does::LinkMentions, "LinkMentionsInput", "An article, and places in its text to link."),
        ("unlinkMentions", Does::UnlinkMentions, "UnlinkMentionsInput", "An article, and mentions to take out of it."),
    ];
    let others = others.map(|(name, does, input, input_doc)| {
        change(name, does, input.to_owned(), input_doc, Takes::Arguments(arguments(does)))
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
            assert!(declared.fields.iter().any(|field| matches!(field.gives, Gives::UserErrors)), "{}", declared.name);
        }
    }
}
