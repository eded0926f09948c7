//! The root field `search`. The index gives the hits, `text::retrieval` ranks them, and a compiled read gives the records of the page.

mod answer;
mod declare;
mod facet;
mod hits;
mod matches;
mod plan;
mod suggestion;

pub(super) use declare::{DESCRIPTION, declare};
pub(super) use plan::SearchPlan;

use super::{
    compiled::{RequestProblem, Selection},
    request::RootFields,
};
use crate::store::read::{ReadError, ReadResult, Reader, plan::RootPlan};
use answer::Answer;
use async_graphql::Context;
use entity::{Id, Reference};
use hits::{Hits, numbers, on_page};
use suggestion::keys_of_unknown_words;
use uuid::Uuid;

/// The plan of the field; nothing if another occurrence of it answers for this one.
pub(super) fn plan(selection: &mut Selection<'_>) -> Result<Option<SearchPlan>, RequestProblem> {
    let Some(nodes) = plan::occurrences(selection) else { return Ok(None) };
    SearchPlan::new(selection, &nodes).map(Some)
}

/// Answers the field.
pub(super) async fn answer(
    ctx: &Context<'_>,
    roots: &mut RootFields,
    mut plan: SearchPlan,
) -> Result<ReadResult, ReadError> {
    let reader = ctx.data_unchecked::<Reader>();
    let call = roots.call(ctx, plan.other_cost());
    let found = reader.find(&plan.query, &call).await?;
    let hits = Hits::new(reader, &plan, &found, &call).await?;
    let mut shown = on_page(&hits.all, &plan.page);
    let of_page = reader.ids_of(&numbers(&shown.hits), &call).await?;
    // A record that was deleted after the index was read is left out.
    shown.hits.retain(|hit| of_page.contains_key(&hit.record));
    let ids: Vec<Uuid> = shown.hits.iter().map(|hit| of_page[&hit.record]).collect();
    let bytes_before = roots.bytes;
    let mut records = vec![];
    for mut root in std::mem::take(&mut plan.records) {
        if let RootPlan::Many { references, .. } = &mut root {
            *references = ids.iter().map(|id| Reference::Id(Id(*id))).collect();
        }
        let ReadResult::Json(found) = roots.read(ctx, &mut root).await? else {
            return Err(ReadError::Failed("a page of hits gave no records".to_owned()));
        };
        records.push(found);
    }
    let keys = if plan.has_suggestion { keys_of_unknown_words(&plan.query, &found) } else { vec![] };
    let spellings = if keys.is_empty() { vec![] } else { reader.find_spellings(&keys, &call).await? };
    let texts = if plan.has_matches { reader.read_texts(&ids, &call).await? } else { ("[]".to_owned(), None) };
    let answer = Answer { plan, found, hits, shown, ids, records, texts, spellings };
    let json = answer.write(call.max_bytes).await?;
    // The records are counted as parts of the answer.
    roots.bytes = bytes_before;
    roots.count(ReadResult::Json(json), call.max_bytes)
}
