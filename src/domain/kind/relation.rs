//! Relations between two records.

use entity::{
    Id, relation, relation_end,
    vocabulary::{RelationDirection, RelationKind, UserErrorCode},
};
use serde::{Deserialize, Serialize};

use crate::{
    domain::{
        problem::{Path, Problem},
        shape::{MAX_ITEMS, MAX_LINE, Object, Shape, VocabularyShape, optional, required},
    },
    text::sort_key,
};

use super::{
    AnchorDate, Body, Citation, ENTITY, Facts, FactsMut, HEADER, ID_OR_KEY, Kind, Merge, RowReader, RowWriter,
    part::{CITATION, FUZZY_DATE, FuzzyDate, Items, ItemsMut, Reference, ReferenceVisitor},
};

static RELATION_KIND: VocabularyShape = VocabularyShape::of::<RelationKind>();
pub(super) static SHAPE: Object = Object::new(
    "Relation",
    "A relation between two records, read as \"source kind target\".",
    &[
        &[required("type", Shape::Constant("RELATION"), "The kind of record.").read_only()],
        HEADER,
        &[
            required("source", Shape::Reference(ENTITY), "The source of the relation."),
            required("kind", Shape::Vocabulary(&RELATION_KIND), "The kind of the relation, from source to target."),
            required("target", Shape::Reference(ENTITY), "The target of the relation."),
            optional("description", Shape::Line(MAX_LINE), "A description of the relation."),
            optional(
                "isSymmetric",
                Shape::Boolean,
                "Whether it holds in both directions. The default is true for BORDERS, ALLY_OF, COOPERATES_WITH, OPPOSES and RELATIVE_OF, and false for all others.",
            ),
            optional("since", Shape::Object(&FUZZY_DATE), "When it began."),
            optional("until", Shape::Object(&FUZZY_DATE), "When it ended."),
            optional("citations", Shape::List(&Shape::Object(&CITATION), MAX_ITEMS), "The evidence for it."),
        ],
    ],
)
.needs_one_of(ID_OR_KEY);

/// A relation between two records, read as "source kind target".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the shape describes the fields")]
pub struct Relation {
    pub source: Reference,
    pub kind: RelationKind,
    pub target: Reference,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_symmetric: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<FuzzyDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<FuzzyDate>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub citations: Vec<Citation>,
}

impl Relation {
    /// Whether it holds in both directions.
    #[must_use]
    pub fn holds_in_both_directions(&self) -> bool {
        self.is_symmetric.unwrap_or_else(|| self.kind.is_symmetric())
    }

    pub(super) fn from_row(row: &relation::Model, reader: &RowReader<'_>) -> Self {
        let id = row.id;
        Self {
            source: Reference::Id(row.source_id),
            kind: row.kind,
            target: Reference::Id(row.target_id),
            description: row.description.clone(),
            is_symmetric: (row.is_symmetric != row.kind.is_symmetric()).then_some(row.is_symmetric),
            since: reader.date(id, "since", row.since_edtf.as_ref(), row.since_original.as_ref()),
            until: reader.date(id, "until", row.until_edtf.as_ref(), row.until_original.as_ref()),
            citations: reader.citations(id),
        }
    }
}

impl Kind for Relation {
    fn facts(&self) -> Facts<'_> {
        Facts {
            same_as: &[],
            url: None,
            items: Items { citations: &self.citations, ..Items::default() },
            dates: vec![("since", &self.since), ("until", &self.until)],
            period: Some(["since", "until"]),
            anchor_date: AnchorDate::None,
            countries: Vec::new(),
            parent: None,
        }
    }

    fn facts_mut(&mut self) -> FactsMut<'_> {
        FactsMut {
            items: ItemsMut { citations: &mut self.citations, ..ItemsMut::default() },
            dates: vec![("since", &mut self.since), ("until", &mut self.until)],
        }
    }

    fn check(&mut self, problems: &mut Vec<Problem>) {
        FuzzyDate::check(self.since.as_ref(), &Path::TOP.field("since"), problems);
        FuzzyDate::check(self.until.as_ref(), &Path::TOP.field("until"), problems);
        if self.is_symmetric == Some(self.kind.is_symmetric()) {
            self.is_symmetric = None;
        }
        Citation::check(&self.citations, &Path::TOP, problems);
    }

    fn check_references(&self, is_deleted: bool, problems: &mut Vec<Problem>) {
        if self.source == self.target && self.source.id() != Id::NIL && !is_deleted {
            let message = "must not be the same record as source";
            problems.push(Problem::new(UserErrorCode::Invalid, &Path::TOP.field("target"), message));
        }
    }

    fn visit_references(&mut self, visitor: &mut ReferenceVisitor<'_>) {
        let top = Path::TOP;
        visitor(&mut self.source, ENTITY, &top.field("source"));
        visitor(&mut self.target, ENTITY, &top.field("target"));
        FuzzyDate::visit_references(&mut self.since, &top.field("since"), visitor);
        FuzzyDate::visit_references(&mut self.until, &top.field("until"), visitor);
        Citation::visit_references(&mut self.citations, &top, visitor);
    }

    fn write_rows(&self, id: Id, is_deleted: bool, writer: &mut RowWriter<'_>) {
        let (source_id, source_kind) = writer.target(&self.source);
        let (target_id, target_kind) = writer.target(&self.target);
        let (since, _) = writer.date(id, "since", self.since.as_ref());
        let (until, _) = writer.date(id, "until", self.until.as_ref());
        writer.rows.relation.push(relation::Model {
            id,
            source_id,
            source_kind,
            kind: self.kind,
            target_id,
            target_kind,
            description: self.description.clone(),
            description_key: self.description.as_deref().map(sort_key),
            is_symmetric: self.holds_in_both_directions(),
            since_edtf: since.edtf,
            since_earliest: since.earliest,
            since_latest: since.latest,
            since_flags: since.flags,
            since_original: since.original,
            until_edtf: until.edtf,
            until_earliest: until.earliest,
            until_latest: until.latest,
            until_flags: until.flags,
            until_original: until.original,
            is_deleted,
        });
        writer.citations(id, None, &self.citations);
        // A relation in the bin is not listed at either end.
        if is_deleted {
            return;
        }
        // A relation in both directions is listed at both ends, for every requested direction.
        let (at_source, at_target) = if self.holds_in_both_directions() {
            (RelationDirection::Any, RelationDirection::Any)
        } else {
            (RelationDirection::Outgoing, RelationDirection::Incoming)
        };
        let ends = [(source_id, at_source, target_id, target_kind), (target_id, at_target, source_id, source_kind)];
        for (record_id, direction, other_id, other_kind) in ends {
            writer.rows.relation_end.push(relation_end::Model {
                record_id,
                relation_id: id,
                direction,
                kind: self.kind,
                other_id,
                other_kind,
            });
        }
    }

    fn take_over(&mut self, _from: &mut Body, _merge: Merge) {}

    fn deduplicate(&mut self) -> usize {
        0
    }
}
