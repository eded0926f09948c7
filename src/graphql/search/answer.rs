//! The answer to a search as JSON.

use super::{
    hits::{Hits, Shown},
    matches::{Match, find_matches},
    plan::{ConnectionPart, EdgePart, MatchPart, SearchPlan},
    suggestion::other_spelling,
};
use crate::store::read::{
    ReadError,
    budget::Reservation,
    json::{JsonWriter, Written},
    page,
    search::{FoundHits, RecordText},
};
use serde_json::{json, value::RawValue};
use uuid::Uuid;

/// What the database gave for a search.
pub(super) struct Answer {
    pub(super) plan: SearchPlan,
    pub(super) found: FoundHits,
    pub(super) hits: Hits,
    /// The hits of the page.
    pub(super) shown: Shown,
    /// Their records.
    pub(super) ids: Vec<Uuid>,
    /// The records of the page as a JSON list, for each selection of records. A record that is gone is null.
    pub(super) records: Vec<String>,
    /// The texts of the records of the page, as JSON, and the memory in which they are analysed.
    pub(super) texts: (String, Option<Reservation>),
    /// The spellings of names that are similar to words that were not found, with their frequencies.
    pub(super) spellings: Vec<(String, u64)>,
}

impl Answer {
    /// Writes the answer on a thread of its own, because analysing long texts takes a while.
    pub(super) async fn write(self, max_bytes: usize) -> Result<String, ReadError> {
        let (reply, written) = tokio::sync::oneshot::channel();
        tokio::task::spawn_blocking(move || {
            let answer = self.json(max_bytes, &|| !reply.is_closed());
            let _ = reply.send(answer);
        });
        written.await.map_err(|_| ReadError::Failed("an answer was not written".to_owned()))?
    }

    fn json(mut self, max_bytes: usize, is_waited_for: &dyn Fn() -> bool) -> Result<String, ReadError> {
        let failed = |error: serde_json::Error| ReadError::Failed(error.to_string());
        let records: Result<Vec<Vec<Box<RawValue>>>, _> =
            self.records.iter().map(|list| serde_json::from_str(list)).collect();
        let mut records = records.map_err(failed)?;
        let is_there = |at: usize| records.iter().all(|list| list.get(at).is_some_and(|record| record.get() != "null"));
        let there: Vec<bool> = (0..self.ids.len()).map(is_there).collect();
        keep(&mut self.shown.hits, &there);
        keep(&mut self.ids, &there);
        for list in &mut records {
            keep(list, &there);
        }
        let texts: Vec<RecordText> = serde_json::from_str(&self.texts.0).map_err(failed)?;
        let matches = find_matches(&self.plan, &self.found.terms, &self.ids, &texts, is_waited_for)?;
        let page = Page { answer: &self, records, matches };
        let mut json = JsonWriter::new(max_bytes);
        page.connection(&mut json)?;
        Ok(json.finish())
    }
}

/// Keeps the items at the places that are true.
fn keep<T>(items: &mut Vec<T>, there: &[bool]) {
    let mut there = there.iter().copied();
    items.retain(|_| there.next().unwrap_or(false));
}

/// The page that is shown.
struct Page<'a> {
    answer: &'a Answer,
    /// The records, for each selection of records.
    records: Vec<Vec<Box<RawValue>>>,
    /// The matches of each hit.
    matches: Vec<Vec<Match<'a>>>,
}

impl Page<'_> {
    fn connection(&self, json: &mut JsonWriter) -> Written {
        let Answer { plan, found, hits, shown, spellings, .. } = self.answer;
        let places = 0..shown.hits.len();
        json.object(&plan.fields, |json, part| match part {
            ConnectionPart::TypeName => json.value("SearchConnection"),
            ConnectionPart::TotalCount => json.value(hits.all.len()),
            ConnectionPart::Nodes(selection) => {
                json.list(places.clone(), |json, at| json.raw(self.records[*selection][at].get()))
            }
            ConnectionPart::PageInfo(fields) => self.page_info(json, fields),
            ConnectionPart::Edges(fields) => json.list(places.clone(), |json, at| self.edge(json, at, fields)),
            ConnectionPart::Suggestion => json.value(other_spelling(&plan.text, &plan.query, found, spellings)),
            ConnectionPart::Facets(facets) => {
                facets.answer(json, &hits.facets, &|field, value| plan.is_selected(field, value))
            }
        })
    }

    fn cursor(&self, at: usize) -> String {
        let hit = &self.answer.shown.hits[at];
        page::encode(&self.answer.plan.tag, &[json!(hit.score), json!(hit.record)])
    }

    fn page_info(&self, json: &mut JsonWriter, fields: &[(String, String)]) -> Written {
        let shown = &self.answer.shown;
        json.object(fields, |json, name| match name.as_str() {
            "hasNextPage" => json.value(shown.has_next),
            "hasPreviousPage" => json.value(shown.has_previous),
            "startCursor" => json.value((!shown.hits.is_empty()).then(|| self.cursor(0))),
            "endCursor" => json.value(shown.hits.len().checked_sub(1).map(|last| self.cursor(last))),
            _ => json.value("PageInfo"),
        })
    }

    fn edge(&self, json: &mut JsonWriter, at: usize, fields: &[(String, EdgePart)]) -> Written {
        json.object(fields, |json, part| match part {
            EdgePart::TypeName => json.value("SearchEdge"),
            EdgePart::Cursor => json.value(self.cursor(at)),
            EdgePart::Score => json.value(self.answer.shown.hits[at].score),
            EdgePart::Node(selection) => json.raw(self.records[*selection][at].get()),
            EdgePart::Matches(fields) => json.list(&self.matches[at], |json, found| write_match(json, found, fields)),
        })
    }
}

fn write_match(json: &mut JsonWriter, found: &Match<'_>, fields: &[(String, MatchPart)]) -> Written {
    json.object(fields, |json, part| match part {
        MatchPart::TypeName => json.value("SearchMatch"),
        MatchPart::Field => json.value(found.field.name()),
        MatchPart::Language => json.value(found.language),
        MatchPart::Text => json.value(found.passage.text.as_str()),
        MatchPart::Highlights(fields) => json.list(&found.passage.highlights, |json, (start, end)| {
            json.object(fields, |json, name| match name.as_str() {
                "start" => json.value(*start),
                "end" => json.value(*end),
                _ => json.value("Highlight"),
            })
        }),
    })
}
