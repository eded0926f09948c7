//! Passages of articles that support what a record says.

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
    shape::{Identity, MAX_LINE, Object, Selector, Shape, VocabularyShape, optional, required},
};

use super::{CONTEXT, Context, FUZZY_DATE, FreeIds, FuzzyDate, Reference, ReferenceVisitor, json, visit_one};

static QUOTE_FORM: VocabularyShape = VocabularyShape::of::<QuoteForm>();
static MODALITY: VocabularyShape = VocabularyShape::of::<Modality>();
pub(crate) static CITATION: Object = Object::new(
    "Citation",
    "A passage of an article that supports what its owner says.",
    &[
        &[
            optional("id", Shape::Id, "The citation's id; a new one is made where it is missing.").read_only(),
            required("article", Shape::Reference(ARTICLE_ONLY), "The article."),
            optional("field", Shape::Vocabulary(&TEXT_FIELD), "The text that is quoted; BODY where it is not said."),
            required(
                "quote",
                Shape::SourceText(5_000),
                "The passage, letter for letter. Without start it has to occur exactly once.",
            ),
            optional("start", Shape::Integer(0, 10_000_000), "Where it starts: a number of Unicode code points."),
            optional("end", Shape::Integer(1, 10_000_000), "Where it ends, exclusive. It follows from the rest.")
                .read_only(),
            optional(
                "anchor",
                Shape::Vocabulary(&ANCHOR_STATE),
                "Whether it still stands there; ANCHORED where it is not said. An ORPHANED one is not looked up.",
            )
            .read_only(),
        ],
        CONTEXT,
        &[
            optional(
                "lastStart",
                Shape::Integer(0, 10_000_000),
                "Where an ORPHANED one started when it was last anchored.",
            )
            .read_only(),
            optional("form", Shape::Vocabulary(&QUOTE_FORM), "How the article puts it; INDIRECT where it is not said."),
            optional("modality", Shape::Vocabulary(&MODALITY), "How the source puts it; FACT where it is not said."),
            optional("attributedTo", Shape::Reference(ENTITY), "Who is said to have said it."),
            optional("attributedToText", Shape::SourceLine(MAX_LINE), "The same in the words of the article."),
            optional("attributedToCountry", Shape::Reference(PLACE_ONLY), "The country of that source."),
            optional("date", Shape::Object(&FUZZY_DATE), "The dating that this source gives, if it differs."),
            optional("note", Shape::Prose(2_000), "A remark of the editor."),
            optional("subjectField", Shape::Line(MAX_LINE), "The field of the owner that it supports, such as date."),
        ],
    ],
)
.identified(Identity::Id)
.selects(&QUOTED);

static QUOTED: Selector = Selector {
    words: &["article", "field", "quote"],
    position: POSITION,
    selected_by: &["article", "field", "quote", "start"],
    derived: POSITION,
};

/// A passage of an article that supports what its owner says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Citation {
    /// Its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// The article.
    pub article: Reference,
    /// The text of the article that is quoted.
    #[serde(default = "body")]
    pub field: TextField,
    /// The passage, letter for letter.
    pub quote: String,
    /// Where it starts, in Unicode code points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<i32>,
    /// Where it ends, exclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<i32>,
    /// Whether it still stands there.
    #[serde(default = "json::anchored")]
    pub anchor: AnchorState,
    /// What stood around it.
    #[serde(flatten)]
    pub context: Context,
    /// Where it started when it was last anchored, if it is orphaned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_start: Option<i32>,
    /// How the article puts it.
    #[serde(default = "indirect")]
    pub form: QuoteForm,
    /// How the source puts it.
    #[serde(default = "fact")]
    pub modality: Modality,
    /// Who is said to have said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributed_to: Option<Reference>,
    /// The same in the words of the article.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributed_to_text: Option<String>,
    /// The country of that source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributed_to_country: Option<Reference>,
    /// The dating that this source gives, if it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<FuzzyDate>,
    /// A remark of the editor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The field of the owner that it supports.
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

    /// The words that it quotes.
    fn passage(&self) -> impl Eq + Hash + use<> {
        (self.article.clone(), self.field, self.quote.clone())
    }

    /// Whether it says the same of the same passage as another one, whatever their ids and contexts.
    pub(crate) fn says_the_same_as(&self, old: &Self) -> bool {
        let Self { id, context, last_start, .. } = old.clone();
        let mut citation = Self { id, context, last_start, ..self.clone() };
        if let (Some(date), Some(old)) = (&mut citation.date, &old.date) {
            date.resolved.clone_from(&old.resolved);
        }
        citation == *old
    }

    /// Gives each citation its id. `given` holds the ids of citations that the line gives, in this list or another one.
    pub(crate) fn keep_ids(citations: &mut [Self], stored: &[Self], given: &HashSet<Id>) {
        let mut free = FreeIds::new(stored, given, |item| item.id, Self::passage);
        free.hand_out(citations, |item| &mut item.id, Self::says_the_same_as);
        // A citation of the same passage is the same citation, put in another way.
        free.hand_out(citations, |item| &mut item.id, |_, _| true);
        for citation in citations {
            citation.id.get_or_insert_with(Id::new);
        }
    }
}

/// Adds citations, but for those that say the same as one that is there.
pub(crate) fn add_citations(into: &mut Vec<Citation>, more: Vec<Citation>) {
    let mut places: HashMap<_, Vec<usize>> = HashMap::new();
    for (at, citation) in into.iter().enumerate() {
        places.entry(citation.passage()).or_default().push(at);
    }
    for citation in more {
        let alike = places.entry(citation.passage()).or_default();
        let is_known = alike.iter().any(|at| citation.says_the_same_as(&into[*at]));
        if !is_known {
            alike.push(into.len());
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
