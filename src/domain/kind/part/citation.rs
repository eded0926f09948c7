//! Citations: passages of articles that support a record.

use std::{
    collections::{HashMap, HashSet},
    hash::Hash,
};

use entity::{
    Id, citation,
    vocabulary::{AnchorState, Modality, QuoteForm, TextField, UserErrorCode},
};
use serde::{Deserialize, Serialize};

use crate::domain::{
    kind::{ANCHOR_STATE, ARTICLE_ONLY, ENTITY, PLACE_ONLY, POSITION, RowReader, RowWriter, TEXT_FIELD},
    problem::{Path, Problem},
    shape::{Identity, MAX_LINE, Object, SelectionFields, Shape, VocabularyShape, optional, required},
};

use super::{CONTEXT, Context, FUZZY_DATE, FreeIds, FuzzyDate, Reference, ReferenceVisitor, json, visit_one};

static QUOTE_FORM: VocabularyShape = VocabularyShape::of::<QuoteForm>();
static MODALITY: VocabularyShape = VocabularyShape::of::<Modality>();
pub(crate) static CITATION: Object = Object::new(
    "Citation",
    "A passage of an article that supports the record, participation or field that owns the citation.",
    &[
        &[
            optional("id", Shape::Id, "The id of the citation. If it is missing, a new id is created.").read_only(),
            required("article", Shape::Reference(ARTICLE_ONLY), "The article."),
            optional("field", Shape::Vocabulary(&TEXT_FIELD), "The quoted text. The default is BODY."),
            required(
                "quote",
                Shape::SourceText(5_000),
                "The words of the passage, unchanged. Without start they must occur exactly once in the text.",
            ),
            optional("start", Shape::Integer(0, 10_000_000), "The position of the start in Unicode code points, from 0."),
            optional("end", Shape::Integer(1, 10_000_000), "The position of the end, exclusive. It is computed.")
                .read_only(),
            optional(
                "anchor",
                Shape::Vocabulary(&ANCHOR_STATE),
                "Whether the passage is at its position. The default is ANCHORED. A passage that is ORPHANED is not searched for.",
            )
            .read_only(),
        ],
        CONTEXT,
        &[
            optional(
                "lastStart",
                Shape::Integer(0, 10_000_000),
                "The position of the start when an ORPHANED passage was last anchored.",
            )
            .read_only(),
            optional("form", Shape::Vocabulary(&QUOTE_FORM), "Whether it is a direct quotation. The default is INDIRECT."),
            optional("modality", Shape::Vocabulary(&MODALITY), "How certain the source presents it. The default is FACT."),
            optional("attributedTo", Shape::Reference(ENTITY), "The source of the statement."),
            optional("attributedToText", Shape::SourceLine(MAX_LINE), "The source of the statement in the words of the article."),
            optional("attributedToCountry", Shape::Reference(PLACE_ONLY), "The country of that source."),
            optional("date", Shape::Object(&FUZZY_DATE), "The date that this source gives, if it differs."),
            optional("note", Shape::Prose(2_000), "A remark of the editor."),
            optional("subjectField", Shape::Line(MAX_LINE), "The field that it supports, such as date."),
        ],
    ],
)
.identified(Identity::Id { found_by: &["article", "quote"] })
.selects(&QUOTED);

static QUOTED: SelectionFields = SelectionFields {
    words: &["article", "field", "quote"],
    position: POSITION,
    selected_by: &["article", "field", "quote", "start"],
    derived: POSITION,
};

/// A passage of an article that supports its owner: a record, a participation or a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the shape describes the fields")]
pub struct Citation {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    pub article: Reference,
    #[serde(default = "body")]
    pub field: TextField,
    pub quote: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<i32>,
    #[serde(default = "json::anchored")]
    pub anchor: AnchorState,
    #[serde(flatten)]
    pub context: Context,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_start: Option<i32>,
    #[serde(default = "indirect")]
    pub form: QuoteForm,
    #[serde(default = "fact")]
    pub modality: Modality,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributed_to: Option<Reference>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributed_to_text: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributed_to_country: Option<Reference>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<FuzzyDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_field: Option<String>,
}

impl Citation {
    pub(crate) fn check(citations: &[Self], owner: &Path<'_>, problems: &mut Vec<Problem>) {
        let list = owner.field("citations");
        for (index, citation) in citations.iter().enumerate() {
            let path = list.item(index);
            FuzzyDate::check(citation.date.as_ref(), &path.field("date"), problems);
            let is_orphaned = citation.anchor == AnchorState::Orphaned;
            let (code, field, message) = match (citation.start, citation.end) {
                (None, Some(_)) => (UserErrorCode::Required, "start", "is missing: end needs it"),
                (Some(_), None) if is_orphaned => {
                    (UserErrorCode::Required, "end", "is missing: start of an orphaned citation needs it")
                }
                (Some(start), Some(end)) if start >= end => (UserErrorCode::Invalid, "end", "must be after start"),
                _ => continue,
            };
            problems.push(Problem::new(code, &path.field(field), message));
        }
    }

    pub(crate) fn visit(citations: &mut [Self], owner: &Path<'_>, visitor: &mut dyn FnMut(&mut Self, &Path<'_>)) {
        let list = owner.field("citations");
        for (index, citation) in citations.iter_mut().enumerate() {
            visitor(citation, &list.item(index));
        }
    }

    pub(crate) fn visit_references(citations: &mut [Self], owner: &Path<'_>, visitor: &mut ReferenceVisitor<'_>) {
        Self::visit(citations, owner, &mut |citation, path| {
            visitor(&mut citation.article, ARTICLE_ONLY, &path.field("article"));
            visit_one(&mut citation.attributed_to, ENTITY, &path.field("attributedTo"), visitor);
            visit_one(&mut citation.attributed_to_country, PLACE_ONLY, &path.field("attributedToCountry"), visitor);
            FuzzyDate::visit_references(&mut citation.date, &path.field("date"), visitor);
        });
    }

    /// The article, the text and the words that it quotes.
    pub(crate) fn passage(&self) -> impl Eq + Hash + use<> {
        (self.article.clone(), self.field, self.quote.clone())
    }

    /// Whether it is equal to a stored citation, except for ids, contexts and resolved dates.
    pub(crate) fn is_equal_to_stored(&self, old: &Self) -> bool {
        let Self { id, context, last_start, .. } = old.clone();
        let mut citation = Self { id, context, last_start, ..self.clone() };
        if let (Some(date), Some(old)) = (&mut citation.date, &old.date) {
            date.resolved.clone_from(&old.resolved);
        }
        citation == *old
    }

    /// Whether it says the same about the same passage as another citation, whatever the text around it was.
    pub(crate) fn is_identical_to(&self, other: &Self) -> bool {
        Self { anchor: other.anchor, ..self.clone() }.is_equal_to_stored(other)
    }

    /// Gives each citation its id. `given` contains the ids that the document itself gives to citations, in any list.
    pub(crate) fn keep_ids(citations: &mut [Self], stored: &[Self], given: &HashSet<Id>) {
        let mut free = FreeIds::new(stored, given, |item| item.id, Self::passage);
        free.assign(citations, |item| &mut item.id, Self::is_equal_to_stored);
        // A citation of the same passage is the same citation with other values.
        free.assign(citations, |item| &mut item.id, |_, _| true);
        for citation in citations {
            citation.id.get_or_insert_with(Id::new);
        }
    }
}

/// Adds citations, except those that are identical to one in the list.
pub(crate) fn add_citations(into: &mut Vec<Citation>, more: Vec<Citation>) {
    let mut known: HashMap<_, Vec<usize>> = HashMap::new();
    for (at, citation) in into.iter().enumerate() {
        known.entry(citation.passage()).or_default().push(at);
    }
    for citation in more {
        let of_passage = known.entry(citation.passage()).or_default();
        let is_known = of_passage.iter().any(|at| citation.is_identical_to(&into[*at]));
        if !is_known {
            of_passage.push(into.len());
            into.push(citation);
        }
    }
}

impl RowWriter<'_> {
    pub(crate) fn citations(&mut self, subject: Id, participation: Option<Id>, citations: &[Citation]) {
        for (position, citation) in (0..).zip(citations) {
            let id = citation.id.unwrap_or_else(Id::new);
            let date = self.date_of_citation(id, citation.date.as_ref());
            let attributed_to = citation.attributed_to.as_ref().map(|record| self.target(record));
            self.rows.citation.push(citation::Model {
                id,
                article_id: citation.article.id(),
                subject_id: subject,
                participation_id: participation,
                subject_field: citation.subject_field.clone(),
                position,
                field: citation.field,
                quote: citation.quote.clone(),
                span_start: citation.start,
                span_end: citation.end,
                anchor: citation.anchor,
                prefix: citation.context.prefix.clone(),
                suffix: citation.context.suffix.clone(),
                has_twin: citation.context.has_twin,
                last_start: citation.last_start,
                form: citation.form,
                modality: citation.modality,
                attributed_to_id: attributed_to.map(|(id, _)| id),
                attributed_to_kind: attributed_to.map(|(_, kind)| kind),
                attributed_to_text: citation.attributed_to_text.clone(),
                attributed_to_country_id: citation.attributed_to_country.as_ref().map(Reference::id),
                date_edtf: date.edtf,
                date_earliest: date.earliest,
                date_latest: date.latest,
                date_flags: date.flags,
                date_original: date.original,
                note: citation.note.clone(),
            });
        }
    }
}

impl RowReader<'_> {
    /// The citations of a record or a participation.
    pub(crate) fn citations(&self, owner: Id) -> Vec<Citation> {
        self.list(
            &self.citations,
            owner,
            |row| row.position,
            |row| Citation {
                id: Some(row.id),
                article: Reference::Id(row.article_id),
                field: row.field,
                quote: row.quote.clone(),
                start: row.span_start,
                end: row.span_end,
                anchor: row.anchor,
                context: Context { prefix: row.prefix.clone(), suffix: row.suffix.clone(), has_twin: row.has_twin },
                last_start: row.last_start,
                form: row.form,
                modality: row.modality,
                attributed_to: row.attributed_to_id.map(Reference::Id),
                attributed_to_text: row.attributed_to_text.clone(),
                attributed_to_country: row.attributed_to_country_id.map(Reference::Id),
                date: self.date(row.id, "date", row.date_edtf.as_ref(), row.date_original.as_ref()),
                note: row.note.clone(),
                subject_field: row.subject_field.clone(),
            },
        )
    }
}

fn body() -> TextField {
    TextField::Body
}

fn indirect() -> QuoteForm {
    QuoteForm::Indirect
}

fn fact() -> Modality {
    Modality::Fact
}
