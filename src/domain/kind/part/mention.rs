//! Mentions: passages of articles that name entities.

use std::collections::HashSet;

use entity::{
    Id, mention,
    vocabulary::{AnchorState, MentionClass, MentionOrigin, TextField, UserErrorCode},
};
use serde::{Deserialize, Serialize};

use crate::domain::{
    kind::{ANCHOR_STATE, ENTITY, POSITION, RowReader, RowWriter, TEXT_FIELD},
    problem::{Path, Problem},
    shape::{Identity, Object, SelectionFields, Shape, VocabularyShape, optional, required},
};

use super::{CONTEXT, Context, FreeIds, Reference, ReferenceVisitor, json, remove_equal, visit_one};

/// The words of a mention.
pub(crate) const MENTION_TEXT: Shape = Shape::SourceText(5_000);

static MENTION_CLASS: VocabularyShape = VocabularyShape::of::<MentionClass>();
static MENTION_ORIGIN: VocabularyShape = VocabularyShape::of::<MentionOrigin>();
pub(crate) static MENTION: Object = Object::new(
    "Mention",
    "A passage of an article that names an entity.",
    &[
        &[
            optional("id", Shape::Id, "The id of the mention. If it is missing, a new id is created.").read_only(),
            required("entity", Shape::Reference(ENTITY), "The named entity."),
            optional(
                "meant",
                Shape::Reference(ENTITY),
                "The entity that is meant, if it is another one: a capital may represent its country.",
            ),
            required("field", Shape::Vocabulary(&TEXT_FIELD), "The text of the article."),
            required(
                "start",
                Shape::Integer(0, 10_000_000),
                "The position of the start in Unicode code points, from 0.",
            ),
            required("end", Shape::Integer(1, 10_000_000), "The position of the end, exclusive."),
            optional(
                "text",
                MENTION_TEXT,
                "The words of the passage. If they are given, they must be equal to the text at the position.",
            ),
            optional("class", Shape::Vocabulary(&MENTION_CLASS), "How it refers to the entity. The default is NAME."),
            optional("origin", Shape::Vocabulary(&MENTION_ORIGIN), "Who or what created it. The default is IMPORT.")
                .read_only()
                .form_default("EDITOR"),
            optional(
                "anchor",
                Shape::Vocabulary(&ANCHOR_STATE),
                "Whether the passage is at its position. The default is ANCHORED.",
            )
            .read_only(),
        ],
        CONTEXT,
    ],
)
.identified(Identity::Id { found_by: &["entity", "field", "start", "end"] })
.selects(&MENTIONED);

static MENTIONED: SelectionFields = SelectionFields {
    words: &["field", "text"],
    position: POSITION,
    selected_by: &["field", "start", "end"],
    derived: &["text", "anchor", "prefix", "suffix", "hasTwin"],
};

/// A passage of an article that names an entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the shape describes the fields")]
pub struct Mention {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    pub entity: Reference,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meant: Option<Reference>,
    pub field: TextField,
    pub start: i32,
    pub end: i32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    #[serde(default = "name")]
    pub class: MentionClass,
    #[serde(default = "import")]
    pub origin: MentionOrigin,
    #[serde(default = "json::anchored")]
    pub anchor: AnchorState,
    #[serde(flatten)]
    pub context: Context,
}

impl Mention {
    /// The sort key of mentions: the position in the texts, then ids, so that the order is the same on both databases.
    #[must_use]
    pub fn order(&self) -> (TextField, i32, i32, Id, Option<Id>) {
        (self.field, self.start, self.end, self.entity.id(), self.id)
    }

    pub(crate) fn check(mentions: &[Self], problems: &mut Vec<Problem>) {
        let list = Path::TOP.field("mentions");
        for (index, mention) in mentions.iter().enumerate() {
            let path = list.item(index);
            if mention.start >= mention.end {
                problems.push(Problem::new(UserErrorCode::Invalid, &path.field("end"), "must be after start"));
            }
            if mention.anchor == AnchorState::Orphaned && mention.text.is_none() {
                let message = "is missing: an orphaned mention needs its text";
                problems.push(Problem::new(UserErrorCode::Required, &path.field("text"), message));
            }
        }
    }

    pub(crate) fn visit_references(mentions: &mut [Self], visitor: &mut ReferenceVisitor<'_>) {
        let list = Path::TOP.field("mentions");
        for (index, mention) in mentions.iter_mut().enumerate() {
            let path = list.item(index);
            visitor(&mut mention.entity, ENTITY, &path.field("entity"));
            visit_one(&mut mention.meant, ENTITY, &path.field("meant"), visitor);
        }
    }

    /// Gives each mention its id, and sorts them.
    pub(crate) fn keep_ids(mentions: &mut [Self], stored: &[Self]) {
        let given: HashSet<Id> = mentions.iter().filter_map(|mention| mention.id).collect();
        let position = |mention: &Self| (mention.field, mention.start, mention.end, mention.entity.id());
        let is_orphaned = |mention: &Self| mention.anchor == AnchorState::Orphaned;
        let mut free = FreeIds::new(stored, &given, |mention| mention.id, position);
        // Several orphans may have the same last position, and an anchored mention may have it as well.
        let is_equal =
            |mention: &Self, old: &Self| is_orphaned(mention) == is_orphaned(old) && mention.text == old.text;
        free.assign(mentions, |mention| &mut mention.id, is_equal);
        free.assign(mentions, |mention| &mut mention.id, |_, _| true);
        for mention in mentions.iter_mut() {
            mention.id.get_or_insert_with(Id::new);
        }
        mentions.sort_unstable_by_key(Self::order);
    }

    /// Removes the mentions that a merge made equal. Returns their number.
    pub(crate) fn deduplicate(mentions: &mut Vec<Self>) -> usize {
        let count = remove_equal(mentions, |mention| {
            // Orphans have no position; their words distinguish them.
            let orphaned_text = (mention.anchor == AnchorState::Orphaned).then(|| mention.text.clone());
            (mention.field, mention.start, mention.end, mention.entity.clone(), orphaned_text)
        });
        for mention in mentions {
            if mention.meant.as_ref() == Some(&mention.entity) {
                mention.meant = None;
            }
        }
        count
    }
}

impl RowWriter<'_> {
    pub(crate) fn mentions(&mut self, article: Id, mentions: &[Mention]) {
        for mention in mentions {
            let (entity_id, entity_kind) = self.target(&mention.entity);
            let meant = mention.meant.as_ref().map(|meant| self.target(meant));
            self.rows.mention.push(mention::Model {
                id: mention.id.unwrap_or_else(Id::new),
                article_id: article,
                entity_id,
                entity_kind,
                meant_id: meant.map(|(id, _)| id),
                meant_kind: meant.map(|(_, kind)| kind),
                field: mention.field,
                span_start: mention.start,
                span_end: mention.end,
                text: mention.text.clone().unwrap_or_default(),
                class: mention.class,
                origin: mention.origin,
                anchor: mention.anchor,
                prefix: mention.context.prefix.clone(),
                suffix: mention.context.suffix.clone(),
                has_twin: mention.context.has_twin,
            });
        }
    }
}

impl RowReader<'_> {
    pub(crate) fn mentions(&self, article: Id) -> Vec<Mention> {
        self.list(
            &self.mentions,
            article,
            |row| (row.field, row.span_start, row.span_end, row.entity_id, row.id),
            |row| Mention {
                id: Some(row.id),
                entity: Reference::Id(row.entity_id),
                meant: row.meant_id.map(Reference::Id),
                field: row.field,
                start: row.span_start,
                end: row.span_end,
                text: Some(row.text.clone()),
                class: row.class,
                origin: row.origin,
                anchor: row.anchor,
                context: Context { prefix: row.prefix.clone(), suffix: row.suffix.clone(), has_twin: row.has_twin },
            },
        )
    }
}

fn name() -> MentionClass {
    MentionClass::Name
}

fn import() -> MentionOrigin {
    MentionOrigin::Import
}
