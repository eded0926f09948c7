//! The answer to a search as JSON.

use super::{
    hits::{Hits, Shown},
    json::{list, object, text},
    plan::{ConnectionPart, EdgePart, MatchPart, SearchPlan},
};
use crate::{
    store::read::{page, search::RecordText},
    text::retrieval::{Field, Passage, find_passage},
};
use serde_json::{json, value::RawValue};
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
            ConnectionPart::Facets(facets) => {
                facets.answer(&self.hits.facets, |field, value| self.plan.is_selected(field, value))
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
