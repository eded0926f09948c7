//! The root field `search`. The index gives the hits, `text::retrieval` ranks them, and a compiled read gives the records of the page.

mod answer;
mod declare;
mod plan;

pub(super) use declare::{DESCRIPTION, declare};

use super::{
    compiled::{RequestProblem, Selection},
    error::internal,
    request::RootFields,
    root_field::failed_read,
};
use crate::{
    store::read::{
        ReadResult, Reader,
        filter::Bound,
        page::Page,
        plan::RootPlan,
        search::{IndexLookup, RecordText},
    },
    text::{
        analysis::{prefixes, query::Query, query_terms},
        retrieval::{Corpus, Hit, Postings},
    },
};
use answer::Answer;
use async_graphql::{Context, Error, ServerResult, Value};
use entity::{Id, Reference};
pub(super) use plan::SearchPlan;
use plan::{MATCHES_COST, SEARCH_COST};
use serde_json::value::RawValue;
use uuid::Uuid;

/// The plan of the field; nothing if another occurrence of it answers for this one.
pub(super) fn plan(selection: &mut Selection<'_>) -> Result<Option<SearchPlan>, RequestProblem> {
    let Some(nodes) = plan::occurrences(selection) else { return Ok(None) };
    SearchPlan::new(selection, &nodes).map(Some)
}

/// Answers the field.
pub(super) async fn run(ctx: &Context<'_>, roots: &mut RootFields, plan: SearchPlan) -> ServerResult<Value> {
    let broken = |error: Error| ctx.set_error_path(error.into_server_error(ctx.item.pos));
    let reader = ctx.data_unchecked::<Reader>();
    let found = reader.find_postings(&lookup(&plan.query, &plan.kinds), roots.call(ctx, SEARCH_COST)).await;
    let found = found.map_err(|error| failed_read(ctx, error))?;
    let (corpus, lines) = read_corpus(&found).ok_or_else(|| broken(internal("the index has no size")))?;
    let postings =
        Postings::read(lines, &plan.query).map_err(|line| broken(internal(format!("the index gave {line:?}"))))?;
    let hits = postings.rank(&plan.query, corpus);
    let mut shown = on_page(&hits, &plan.page);
    let (has_previous, has_next) = (shown.has_previous, shown.has_next);
    let ids: Vec<Uuid> = shown.hits.iter().filter_map(|hit| hit.record.parse().ok()).collect();

    let mut records: Vec<Vec<Box<RawValue>>> = vec![];
    for mut root in plan.records {
        if let RootPlan::Many { references, .. } = &mut root {
            *references = ids.iter().map(|id| Reference::Id(Id(*id))).collect();
        }
        let ReadResult::Json(found) = roots.read(ctx, &mut root).await.map_err(|error| failed_read(ctx, error))? else {
            return Err(broken(internal("a page of hits gave no records")));
        };
        records.push(serde_json::from_str(&found).map_err(|error| broken(internal(error)))?);
    }
    let mut texts: Vec<RecordText> = vec![];
    if plan.has_matches {
        let read = reader.read_texts(&ids, roots.call(ctx, MATCHES_COST)).await;
        texts = read.map_err(|error| failed_read(ctx, error))?;
    }
    // A record that was deleted after the index was read is left out.
    let is_there =
        |at: usize| records.iter().all(|records| records.get(at).is_some_and(|record| record.get() != "null"));
    let there: Vec<bool> = (0..shown.hits.len()).map(is_there).collect();
    let mut keep = there.iter().copied();
    shown.hits.retain(|_| keep.next().unwrap_or(false));
    for records in &mut records {
        let mut keep = there.iter().copied();
        records.retain(|_| keep.next().unwrap_or(false));
    }
    let answer = Answer {
        query: &plan.query,
        tag: &plan.tag,
        terms: postings.terms(),
        hits: &shown.hits,
        total: hits.len(),
        has_previous,
        has_next,
        records: &records,
        texts: &texts,
    };
    Ok(Value::Binary(answer.connection(&plan.fields).into_bytes().into()))
}

/// What the words of a query are looked up by.
fn lookup(query: &Query, kinds: &[String]) -> IndexLookup {
    let mut lookup = IndexLookup { kinds: kinds.to_vec(), ..IndexLookup::default() };
    for (number, word) in query.clauses().flat_map(|clause| &clause.words).enumerate() {
        if word.is_prefix {
            lookup.prefixes.extend(prefixes(&word.form).into_iter().map(|prefix| (number, prefix)));
        } else {
            lookup.terms.extend(query_terms(&word.form).into_iter().map(|term| (number, term)));
        }
    }
    lookup
}

/// The first line: the size of the index. The rest are postings.
fn read_corpus(found: &str) -> Option<(Corpus, &str)> {
    let (size, lines) = found.split_once('\n')?;
    let (documents, words) = size.split_once('\t')?;
    Some((Corpus { documents: documents.parse().ok()?, words: words.parse().ok()? }, lines))
}

/// The hits of a page.
struct Shown<'a> {
    hits: Vec<Hit<'a>>,
    has_previous: bool,
    has_next: bool,
}

fn on_page<'a>(hits: &[Hit<'a>], page: &Page) -> Shown<'a> {
    // The score and the id of a cursor.
    let position = |cursor: &Option<Vec<Bound>>| match cursor.as_deref() {
        Some([Bound::Float(score), Bound::Id(id)]) => Some((*score, id.to_string())),
        _ => None,
    };
    let from = position(&page.after).map_or(0, |(score, id)| hits.partition_point(|hit| hit.order(score, &id).is_le()));
    let to = position(&page.before)
        .map_or(hits.len(), |(score, id)| hits.partition_point(|hit| hit.order(score, &id).is_lt()))
        .max(from);
    let size = usize::try_from(page.size).unwrap_or(usize::MAX);
    let (from, to) =
        if page.backward { (from.max(to.saturating_sub(size)), to) } else { (from, to.min(from.saturating_add(size))) };
    Shown { hits: hits[from..to].to_vec(), has_previous: from > 0, has_next: to < hits.len() }
}
