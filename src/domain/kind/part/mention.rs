//! Where the texts of articles name records.

use std::collections::HashSet;

use entity::{
    Id, mention,
    vocabulary::{AnchorState, MentionClass, MentionOrigin, TextField, UserErrorCode},
};
use serde::{Deserialize, Serialize};

use crate::domain::{
    kind::{ANCHOR_STATE, ENTITY, POSITION, RowReader, RowWriter, TEXT_FIELD},
    problem::{Path, Problem},
    shape::{Identity, Object, Selector, Shape, VocabularyShape, optional, required},
};

use super::{CONTEXT, Context, FreeIds, Reference, ReferenceVisitor, json, remove_equal, visit_one};

/// The text that is covered.
pub(crate) const MENTION_TEXT: Shape = Shape::SourceText(5_000);

static MENTION_CLASS: VocabularyShape = VocabularyShape::of::<MentionClass>();
static MENTION_ORIGIN: VocabularyShape = VocabularyShape::of::<MentionOrigin>();
pub(crate) static MENTION: Object = Object::new(
    "Mention",
    "A place in an article's text where a record is named.",
    &[
        &[
            optional("id", Shape::Id, "The mention's id; a new one is made where it is missing.").read_only(),
            required("entity", Shape::Reference(ENTITY), "The record that is named."),
            optional(
                "meant",
                Shape::Reference(ENTITY),
                "The record that is meant, where it is another: a capital may stand for its country.",
            ),
            required("field", Shape::Vocabulary(&TEXT_FIELD), "The text that it is in."),
            required("start", Shape::Integer(0, 10_000_000), "Where it starts: a number of Unicode code points."),
            required("end", Shape::Integer(1, 10_000_000), "Where it ends, exclusive."),
            optional("text", MENTION_TEXT, "What stands there. If it is given it is compared."),
            optional("class", Shape::Vocabulary(&MENTION_CLASS), "How it names; NAME where it is not said."),
            optional("origin", Shape::Vocabulary(&MENTION_ORIGIN), "Who found it; IMPORT where it is not said.")
                .read_only()
                .form_default("EDITOR"),
            optional(
                "anchor",
                Shape::Vocabulary(&ANCHOR_STATE),
                "Whether it still stands there; ANCHORED where it is not said.",
            )
            .read_only(),
        ],
        CONTEXT,
    ],
)
.identified(Identity::Id)
.selects(&MENTIONED);

static MENTIONED: Selector = Selector {
    words: &["field", "text"],
    position: POSITION,
    selected_by: &["field", "start", "end"],
    derived: &["text", "anchor", "prefix", "suffix", "hasTwin"],
};

/// A place in an article's text where a record is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// Its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// The record that is named.
    pub entity: Reference,
    /// The record that is meant, where it is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meant: Option<Reference>,
    /// The text that it is in.
    pub field: TextField,
    /// Where it starts, in Unicode code points.
    pub start: i32,
    /// Where it ends, exclusive.
    pub end: i32,
    /// What stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// How it names.
    #[serde(default = "name")]
    pub class: MentionClass,
    /// Who found it.
    #[serde(default = "import")]
    pub origin: MentionOrigin,
    /// Whether it still stands there.
    #[serde(default = "json::anchored")]
    pub anchor: AnchorState,
    /// What stood around it.
    #[serde(flatten)]
    pub context: Context,
}

impl Mention {
    /// By what mentions stand in order: that of the texts, and at one place that of ids, which is the same everywhere.
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

    /// Gives each mention its id, and brings them in order.
    pub(crate) fn keep_ids(mentions: &mut [Self], stored: &[Self]) {
        let given: HashSet<Id> = mentions.iter().filter_map(|mention| mention.id).collect();
        let place = |mention: &Self| (mention.field, mention.start, mention.end, mention.entity.id());
        let is_lost = |mention: &Self| mention.anchor == AnchorState::Orphaned;
        let mut free = FreeIds::new(stored, &given, |mention| mention.id, place);
        // Several may have been lost at one place, one after the other, and another one may stand there.
        let says_the_same = |mention: &Self, old: &Self| is_lost(mention) == is_lost(old) && mention.text == old.text;
        free.hand_out(mentions, |mention| &mut mention.id, says_the_same);
        free.hand_out(mentions, |mention| &mut mention.id, |_, _| true);
        for mention in mentions.iter_mut() {
            mention.id.get_or_insert_with(Id::new);
        }
        mentions.sort_unstable_by_key(Self::order);
    }

    /// Takes out what a merge has made equal. Gives how many.
    pub(crate) fn deduplicate(mentions: &mut Vec<Self>) -> usize {
        let count = remove_equal(mentions, |mention| {
            // Of what was lost the words are all that tells one from another.
            let lost = (mention.anchor == AnchorState::Orphaned).then(|| mention.text.clone());
            (mention.field, mention.start, mention.end, mention.entity.clone(), lost)
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
