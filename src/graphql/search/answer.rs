//! The answer to a search as JSON.

use super::{
    hits::{Hits, Shown},
    label::label,
    plan::{ConnectionPart, EdgePart, FacetField, MatchPart, SearchPlan},
};
use crate::{
    graphql::facet::{BucketField, FacetPart},
    store::read::{page, search::RecordText},
    text::retrieval::{Field, Passage, find_passage},
};
use serde_json::{Value as Json, json, value::RawValue};
use std::collections::HashSet;
use uuid::Uuid;

/// Matches of a hit at most, so that a record with many names has a short answer.
const MAX_MATCHES: usize = 10;

/// What the answer is made from.
pub(super) struct Answer<'a> {
    pub(super) plan: &'a SearchPlan,
    /// The terms of each word of the query.
    pub(super) terms: &'a [HashSet<String>],
    pub(super) hits: &'a Hits,
    /// The hits of the page.
    pub(super) shown: &'a Shown,
    /// Their records.
    pub(super) ids: &'a [Uuid],
    /// The records of the page, for each selection of records.
    pub(super) records: &'a [Vec<Box<RawValue>>],
    /// The texts of the records of the page.
    pub(super) texts: &'a [RecordText],
    /// Another query, for words that were not found.
    pub(super) suggestion: Option<String>,
}

impl Answer<'_> {
    /// The connection.
    pub(super) fn connection(&self) -> String {
        let places = 0..self.ids.len();
        object(&self.plan.fields, |part| match part {
            ConnectionPart::TypeName => text("SearchConnection"),
            ConnectionPart::TotalCount => self.hits.all.len().to_string(),
            ConnectionPart::Nodes(selection) => list(places.clone().map(|at| self.record(*selection, at))),
            ConnectionPart::PageInfo(fields) => self.page_info(fields),
            ConnectionPart::Edges(fields) => list(places.clone().map(|at| self.edge(at, fields))),
            ConnectionPart::Suggestion => json!(self.suggestion).to_string(),
            ConnectionPart::Facets { by, first, fields } => {
                list(by.iter().map(|field| self.facet(*field, *first, fields)))
            }
        })
    }

    fn record(&self, selection: usize, at: usize) -> String {
        self.records[selection][at].get().to_owned()
    }

    fn cursor(&self, at: usize) -> String {
        let hit = &self.shown.hits[at];
        page::encode(&self.plan.tag, &[json!(hit.score), json!(hit.record)])
    }

    fn page_info(&self, fields: &[(String, String)]) -> String {
        let cursor = |at: Option<usize>| at.map_or_else(|| "null".to_owned(), |at| text(&self.cursor(at)));
        let places = 0..self.ids.len();
        object(fields, |name| match name.as_str() {
            "hasNextPage" => self.shown.has_next.to_string(),
            "hasPreviousPage" => self.shown.has_previous.to_string(),
            "startCursor" => cursor(places.clone().next()),
            "endCursor" => cursor(places.clone().last()),
            _ => text("PageInfo"),
        })
    }

    fn edge(&self, at: usize, fields: &[(String, EdgePart)]) -> String {
        object(fields, |part| match part {
            EdgePart::TypeName => text("SearchEdge"),
            EdgePart::Cursor => text(&self.cursor(at)),
            EdgePart::Score => json!(self.shown.hits[at].score).to_string(),
            EdgePart::Node(selection) => self.record(*selection, at),
            EdgePart::Matches(fields) => {
                let matches = self.matches(&self.ids[at].to_string()).into_iter();
                list(matches.map(|(field, language, passage)| match_text(field, language, &passage, fields)))
            }
        })
    }

    /// The texts of a record with words of the query, the most important field first.
    fn matches(&self, record: &str) -> Vec<(Field, &str, Passage)> {
        let mut matches = vec![];
        for field in Field::ALL {
            let of_field = |(id, number, ..): &&RecordText| id == record && *number == field.number();
            for (_, _, language, text) in self.texts.iter().filter(of_field) {
                if let Some(passage) = find_passage(text, language, &self.plan.query, self.terms) {
                    matches.push((field, language.as_str(), passage));
                }
                if matches.len() == MAX_MATCHES {
                    return matches;
                }
            }
        }
        matches
    }

    fn facet(&self, by: FacetField, first: usize, fields: &[(String, FacetPart)]) -> String {
        let counts = self.hits.facets.get(&by).into_iter().flatten();
        let (missing, mut values) = (self.hits.facets.get(&by).and_then(|counts| counts.get(&None)), vec![]);
        for (value, count) in counts {
            values.extend(value.as_deref().map(|value| (value, *count)));
        }
        // Equally frequent values stay in the order of the alphabet.
        values.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        object(fields, |part| match part {
            FacetPart::TypeName => text("Facet"),
            FacetPart::By => text(if by == FacetField::Type { "TYPE" } else { "LANGUAGE" }),
            FacetPart::Total => values.len().to_string(),
            FacetPart::Missing => missing.copied().unwrap_or_default().to_string(),
            FacetPart::Buckets(fields) => list(values.iter().take(first).map(|(value, count)| {
                object(fields, |field| match field {
                    BucketField::TypeName => text("FacetBucket"),
                    BucketField::Value => text(value),
                    BucketField::Label(languages) => text(label(value, languages)),
                    BucketField::Record => "null".to_owned(),
                    BucketField::Count => count.to_string(),
                    BucketField::IsSelected => self.plan.is_selected(by, value).to_string(),
                })
            })),
        })
    }
}

fn match_text(field: Field, language: &str, passage: &Passage, fields: &[(String, MatchPart)]) -> String {
    object(fields, |part| match part {
        MatchPart::TypeName => text("SearchMatch"),
        MatchPart::Field => text(field.name()),
        MatchPart::Language => text(language),
        MatchPart::Text => text(&passage.text),
        MatchPart::Highlights(fields) => list(passage.highlights.iter().map(|(start, end)| {
            object(fields, |name| match name.as_str() {
                "start" => start.to_string(),
                "end" => end.to_string(),
                _ => text("SearchHighlight"),
            })
        })),
    })
}

fn text(text: &str) -> String {
    Json::from(text).to_string()
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}

fn object<T>(fields: &[(String, T)], value: impl Fn(&T) -> String) -> String {
    let fields: Vec<String> = fields.iter().map(|(key, part)| format!("{}:{}", text(key), value(part))).collect();
    format!("{{{}}}", fields.join(","))
}
