//! The root field `search`. The index gives the hits, `text::retrieval` ranks them, and a compiled read gives the records of the page.

mod answer;
mod declare;
mod facet;
mod hits;
mod json;
mod plan;
mod suggestion;

pub(super) use declare::{DESCRIPTION, declare};
pub(super) use plan::SearchPlan;

use super::{
    compiled::{RequestProblem, Selection},
    error::internal,
    request::RootFields,
    root_field::failed_read,
};
use crate::store::read::{ReadError, ReadResult, Reader, cost::Cost, plan::RootPlan};
use answer::Answer;
use async_graphql::{Context, ServerResult, Value};
use entity::{Id, Reference};
use hits::{Hits, on_page};
use serde_json::value::RawValue;
use uuid::Uuid;

/// The plan of the field; nothing if another occurrence of it answers for this one.
pub(super) fn plan(selection: &mut Selection<'_>) -> Result<Option<SearchPlan>, RequestProblem> {
    let Some(nodes) = plan::occurrences(selection) else { return Ok(None) };
    SearchPlan::new(selection, &nodes).map(Some)
}

/// Answers the field.
pub(super) async fn run(ctx: &Context<'_>, roots: &mut RootFields, plan: SearchPlan) -> ServerResult<Value> {
    let answer = answer(ctx, roots, plan).await.map_err(|error| match error {
        ReadError::Failed(cause) => ctx.set_error_path(internal(cause).into_server_error(ctx.item.pos)),
        error => failed_read(ctx, error),
    })?;
    Ok(Value::Binary(answer.into_bytes().into()))
}

async fn answer(ctx: &Context<'_>, roots: &mut RootFields, mut plan: SearchPlan) -> Result<String, ReadError> {
    let reader = ctx.data_unchecked::<Reader>();
    let call = roots.call(ctx, Cost::of_work(plan.other_cost()));
    let found = reader.find(&plan.query, &call).await?;
    let hits = Hits::new(reader, &plan, &found, &call).await?;
    let mut shown = on_page(&hits.all, &plan.page);
    let of_page = Hits::records(reader, &shown.hits, &call).await?;
    // A record that was deleted after the index was read is left out.
    shown.hits.retain(|hit| of_page.contains_key(&hit.record));
    let mut ids: Vec<Uuid> = shown.hits.iter().map(|hit| of_page[&hit.record].id).collect();
    let mut records: Vec<Vec<Box<RawValue>>> = vec![];
    for mut root in std::mem::take(&mut plan.records) {
        if let RootPlan::Many { references, .. } = &mut root {
            *references = ids.iter().map(|id| Reference::Id(Id(*id))).collect();
        }
        let ReadResult::Json(found) = roots.read(ctx, &mut root).await? else {
            return Err(ReadError::Failed("a page of hits gave no records".to_owned()));
        };
        records.push(serde_json::from_str(&found).map_err(|error| ReadError::Failed(error.to_string()))?);
    }
    let is_there = |at: usize| records.iter().all(|of_hits| of_hits.get(at).is_some_and(|found| found.get() != "null"));
    let there: Vec<bool> = (0..ids.len()).map(is_there).collect();
    keep(&mut shown.hits, &there);
    keep(&mut ids, &there);
    for of_hits in &mut records {
        keep(of_hits, &there);
    }
    let texts = if plan.has_matches { reader.read_texts(&ids, &call).await? } else { vec![] };
    let suggestion = if plan.has_suggestion {
        suggestion::suggest(reader, &plan.text, &plan.query, &found, &call).await?
    } else {
        None
    };
    let answer = Answer {
        plan: &plan,
        terms: &found.terms,
        hits: &hits,
        shown: &shown,
        ids: &ids,
        records: &records,
        texts: &texts,
        suggestion,
    };
    Ok(answer.connection())
}

/// Keeps the items at the places that are true.
fn keep<T>(items: &mut Vec<T>, there: &[bool]) {
    let mut there = there.iter().copied();
    items.retain(|_| there.next().unwrap_or(false));
}
