//! The answer to a search as JSON.

use super::plan::{ConnectionPart, EdgePart, MatchPart};
use crate::{
    store::read::{page, search::RecordText},
    text::{
        analysis::query::Query,
        retrieval::{Field, Hit, Passage, find_passage},
    },
};
use serde_json::{Value as Json, json, value::RawValue};
use std::collections::HashSet;

/// Matches of a hit at most, so that a record with many names has a short answer.
const MAX_MATCHES: usize = 10;

/// What the answer is made from.
pub(super) struct Answer<'a> {
    pub(super) query: &'a Query,
    pub(super) tag: &'a Json,
    /// The terms of each word of the query.
    pub(super) terms: &'a [HashSet<&'a str>],
    /// The hits of the page.
    pub(super) hits: &'a [Hit<'a>],
    /// The number of all hits.
    pub(super) total: usize,
    pub(super) has_previous: bool,
    pub(super) has_next: bool,
    /// The records of the page, for each selection of records.
    pub(super) records: &'a [Vec<Box<RawValue>>],
    /// The texts of the records of the page.
    pub(super) texts: &'a [RecordText],
}

impl Answer<'_> {
    /// The connection.
    pub(super) fn connection(&self, fields: &[(String, ConnectionPart)]) -> String {
        object(fields, |part| match part {
            ConnectionPart::TypeName => text("SearchConnection"),
            ConnectionPart::TotalCount => self.total.to_string(),
            ConnectionPart::Nodes(selection) => list((0..self.hits.len()).map(|at| self.record(*selection, at))),
            ConnectionPart::PageInfo(fields) => self.page_info(fields),
            ConnectionPart::Edges(fields) => list((0..self.hits.len()).map(|at| self.edge(at, fields))),
        })
    }

    fn record(&self, selection: usize, at: usize) -> String {
        self.records[selection][at].get().to_owned()
    }

    fn cursor(&self, hit: &Hit<'_>) -> String {
        page::encode(self.tag, &[json!(hit.score), json!(hit.record)])
    }

    fn page_info(&self, fields: &[(String, String)]) -> String {
        let cursor = |hit: Option<&Hit<'_>>| hit.map_or_else(|| "null".to_owned(), |hit| text(&self.cursor(hit)));
        object(fields, |name| match name.as_str() {
            "hasNextPage" => self.has_next.to_string(),
            "hasPreviousPage" => self.has_previous.to_string(),
            "startCursor" => cursor(self.hits.first()),
            "endCursor" => cursor(self.hits.last()),
            _ => text("PageInfo"),
        })
    }

    fn edge(&self, at: usize, fields: &[(String, EdgePart)]) -> String {
        let hit = &self.hits[at];
        object(fields, |part| match part {
            EdgePart::TypeName => text("SearchEdge"),
            EdgePart::Cursor => text(&self.cursor(hit)),
            EdgePart::Score => json!(hit.score).to_string(),
            EdgePart::Node(selection) => self.record(*selection, at),
            EdgePart::Matches(fields) => {
                let matches = self.matches(hit).into_iter();
                list(matches.map(|(field, language, passage)| match_text(field, language, &passage, fields)))
            }
        })
    }

    /// The texts of a hit with words of the query, the most important field first.
    fn matches(&self, hit: &Hit<'_>) -> Vec<(Field, &str, Passage)> {
        let mut matches = vec![];
        for field in Field::ALL {
            let of_field = |(record, letter, ..): &&RecordText| record == hit.record && *letter == field.letter();
            for (_, _, language, text) in self.texts.iter().filter(of_field) {
                if let Some(passage) = find_passage(text, language, self.query, self.terms) {
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
