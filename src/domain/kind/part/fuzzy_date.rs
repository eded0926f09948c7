//! Dates that are not exact, or that are relative to another record.

use entity::{
    Id, relative_date,
    vocabulary::{TemporalRelation, UserErrorCode},
};
use serde::{Deserialize, Serialize};

use crate::{
    date::{Edtf, Ranks, ranks},
    domain::{
        kind::{DATED, RowReader, RowWriter},
        problem::{Path, Problem},
        shape::{MAX_LINE, Object, Shape, VocabularyShape, optional, required},
    },
};

use super::{Reference, ReferenceVisitor, json};

pub(crate) static FUZZY_DATE: Object = Object::new(
    "FuzzyDate",
    "A date that need not be exact. It has edtf, relative or both. If it has both, edtf is stored unchanged.",
    &[&[
        optional(
            "edtf",
            Shape::Edtf,
            "The date in EDTF (ISO 8601-2:2019), such as 2015-02~, 2014/.. or [2015-02-16,2015-02-17].",
        ),
        optional("original", Shape::SourceLine(MAX_LINE), "The words of the source."),
        optional(
            "relative",
            Shape::Object(&RELATIVE_DATE),
            "The relation to the date of another record. Without edtf the date is computed from it.",
        ),
        optional(
            "resolved",
            Shape::Edtf,
            "The resolved date of a relative date without edtf. Each write computes it; the value in an input is ignored.",
        )
        .read_only()
        .resolves("relative", "edtf"),
    ]],
)
.needs_one_of(&["edtf", "relative"]);

static TEMPORAL_RELATION: VocabularyShape = VocabularyShape::of::<TemporalRelation>();
static RELATIVE_DATE: Object = Object::new(
    "RelativeDate",
    "A date relative to that of an event, or to the day of publication of an article.",
    &[&[
        required("anchor", Shape::Reference(DATED), "The event or article."),
        required("relation", Shape::Vocabulary(&TEMPORAL_RELATION), "The relation to the date of the anchor."),
        optional("duration", Shape::Duration, "The distance from the anchor: an ISO 8601 duration, such as P1W."),
        optional("isApproximate", Shape::Boolean, "Whether the distance is approximate. The default is false."),
    ]],
);

/// A date as a document gives it: in EDTF, relative to another record, or both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the shape describes the fields")]
pub struct FuzzyDate {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edtf: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relative: Option<RelativeDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved: Option<String>,
}

impl FuzzyDate {
    /// Whether the other date is equal, except for the resolved date.
    #[must_use]
    pub fn is_given_as(&self, other: &Self) -> bool {
        self.edtf == other.edtf && self.original == other.original && self.relative == other.relative
    }

    /// The date in EDTF: as it is given, or as it was resolved from its anchor.
    #[must_use]
    pub fn edtf_or_resolved(&self) -> Option<&str> {
        self.edtf.as_deref().or(self.resolved.as_deref())
    }

    pub(crate) fn check(date: Option<&Self>, path: &Path<'_>, problems: &mut Vec<Problem>) {
        if date.is_some_and(|date| date.edtf.is_none() && date.relative.is_none()) {
            let message = "is missing: give edtf, relative or both";
            problems.push(Problem::new(UserErrorCode::Required, &path.field("edtf"), message));
        }
    }

    pub(crate) fn visit_references(date: &mut Option<Self>, path: &Path<'_>, visitor: &mut ReferenceVisitor<'_>) {
        if let Some(relative) = date.as_mut().and_then(|date| date.relative.as_mut()) {
            visitor(&mut relative.anchor, DATED, &path.field("relative").field("anchor"));
        }
    }

    /// The id of its anchor: the record that it is relative to.
    #[must_use]
    pub fn anchor(&self) -> Option<Id> {
        self.relative.as_ref().map(|relative| relative.anchor.id())
    }
}

/// A fuzzy date as columns.
#[derive(Default)]
pub(crate) struct DateColumns {
    pub(crate) edtf: Option<String>,
    pub(crate) earliest: Option<chrono::NaiveDate>,
    pub(crate) latest: Option<chrono::NaiveDate>,
    pub(crate) flags: i16,
    pub(crate) original: Option<String>,
}

impl RowWriter<'_> {
    /// The columns of a date of a record. Its relation to an anchor becomes a row of its own.
    pub(crate) fn date(&mut self, record: Id, field: &'static str, date: Option<&FuzzyDate>) -> (DateColumns, Ranks) {
        self.date_of((Some(record), None), field, date)
    }

    /// As [`Self::date`], for the date of a citation.
    pub(crate) fn date_of_citation(&mut self, citation: Id, date: Option<&FuzzyDate>) -> DateColumns {
        self.date_of((None, Some(citation)), "date", date).0
    }

    fn date_of(
        &mut self,
        (record, citation): (Option<Id>, Option<Id>),
        field: &'static str,
        date: Option<&FuzzyDate>,
    ) -> (DateColumns, Ranks) {
        let Some((owner, date)) = record.or(citation).zip(date) else {
            return (DateColumns::default(), Ranks::UNDATED);
        };
        if let Some(relative) = &date.relative {
            let stored = self.relative.get(&(owner, field)).copied();
            self.rows.relative_date.push(relative_date::Model {
                id: stored.unwrap_or_else(Id::new),
                record_id: record,
                citation_id: citation,
                field: field.to_owned(),
                anchor_id: relative.anchor.id(),
                relation: relative.relation,
                duration: relative.duration.clone(),
                is_approximate: relative.is_approximate,
                is_asserted: date.edtf.is_some(),
            });
        }
        let resolved: Option<&Edtf> = self.dates.get(&(owner, field));
        let columns = DateColumns {
            edtf: resolved.map(ToString::to_string),
            earliest: resolved.and_then(Edtf::earliest),
            latest: resolved.and_then(Edtf::latest),
            flags: resolved.map_or(0, Edtf::flags),
            original: date.original.clone(),
        };
        (columns, ranks(resolved))
    }
}

impl RowReader<'_> {
    /// The date of a record or a citation, from its columns.
    pub(crate) fn date(
        &self,
        owner: Id,
        field: &str,
        edtf: Option<&String>,
        original: Option<&String>,
    ) -> Option<FuzzyDate> {
        let relative = self.relative.get(&(owner, field)).copied();
        if edtf.is_none() && relative.is_none() {
            return None;
        }
        let is_given = relative.is_none_or(|relative| relative.is_asserted);
        Some(FuzzyDate {
            edtf: edtf.filter(|_| is_given).cloned(),
            original: original.cloned(),
            relative: relative.map(|row| RelativeDate {
                anchor: Reference::Id(row.anchor_id),
                relation: row.relation,
                duration: row.duration.clone(),
                is_approximate: row.is_approximate,
            }),
            resolved: edtf.filter(|_| !is_given).cloned(),
        })
    }
}

/// A date relative to that of an event, or to the publication of an article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the shape describes the fields")]
pub struct RelativeDate {
    pub anchor: Reference,
    pub relation: TemporalRelation,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<String>,
    #[serde(default, skip_serializing_if = "json::is_false")]
    pub is_approximate: bool,
}
