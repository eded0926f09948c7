//! The hits of a search: those that satisfy its conditions, their facets, and the hits of a page.

use super::{
    facet::{FacetCounts, SearchFacet},
    plan::SearchPlan,
};
use crate::store::read::{
    ReadCall, ReadError, Reader,
    filter::{Bound, Predicate},
    page::Page,
    search::FoundHits,
};
use crate::text::retrieval::Hit;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The hits of a search.
pub(super) struct Hits {
    /// The best first.
    pub(super) all: Vec<Hit>,
    pub(super) facets: FacetCounts,
}

impl Hits {
    /// The hits that satisfy the conditions of the plan.
    pub(super) async fn new(
        reader: &Reader,
        plan: &SearchPlan,
        found: &FoundHits,
        call: &ReadCall,
    ) -> Result<Self, ReadError> {
        let is_of_types = |hit: &Hit| plan.types.contains(&hit.kind);
        let counts_types = plan.has_facet(SearchFacet::Type);
        // The facet of types counts hits of all types.
        let wanted = found.hits.iter().copied().filter(|hit| counts_types || is_of_types(hit)).collect();
        let mut all = satisfying(reader, wanted, &plan.only, call).await?;
        let mut facets = HashMap::new();
        if counts_types {
            facets.insert(SearchFacet::Type, counted(all.iter().map(|hit| Some(SearchPlan::name_of_type(hit.kind)))));
            all.retain(is_of_types);
        }
        if plan.has_facet(SearchFacet::Language) {
            let hits: Vec<Hit> = found.hits.iter().copied().filter(is_of_types).collect();
            let records = reader.satisfying(&numbers(&hits), &plan.only_without_language, call).await?;
            facets.insert(SearchFacet::Language, counted(records.into_iter().map(|(_, language)| language)));
        }
        Ok(Self { all, facets })
    }
}

/// The numbers of the records of hits.
pub(super) fn numbers(hits: &[Hit]) -> Vec<i32> {
    hits.iter().map(|hit| hit.record).collect()
}

async fn satisfying(
    reader: &Reader,
    mut hits: Vec<Hit>,
    only: &[Predicate],
    call: &ReadCall,
) -> Result<Vec<Hit>, ReadError> {
    if !only.is_empty() {
        let records = reader.satisfying(&numbers(&hits), only, call).await?;
        let records: HashSet<i32> = records.into_iter().map(|(number, _)| number).collect();
        hits.retain(|hit| records.contains(&hit.record));
    }
    Ok(hits)
}

fn counted(values: impl Iterator<Item = Option<String>>) -> BTreeMap<Option<String>, usize> {
    let mut counts = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    counts
}

/// The hits of a page.
pub(super) struct Shown {
    pub(super) hits: Vec<Hit>,
    pub(super) has_previous: bool,
    pub(super) has_next: bool,
}

/// The hits of a page.
pub(super) fn on_page(hits: &[Hit], page: &Page) -> Shown {
    // The score and the number of a cursor.
    let position = |cursor: &Option<Vec<Bound>>| match cursor.as_deref() {
        Some([Bound::Float(score), Bound::Int(record)]) => Some((*score, i32::try_from(*record).unwrap_or(i32::MAX))),
        _ => None,
    };
    let from =
        position(&page.after).map_or(0, |(score, record)| hits.partition_point(|hit| hit.order(score, record).is_le()));
    let to = position(&page.before)
        .map_or(hits.len(), |(score, record)| hits.partition_point(|hit| hit.order(score, record).is_lt()))
        .max(from);
    let size = usize::try_from(page.size).unwrap_or(usize::MAX);
    let (from, to) =
        if page.backward { (from.max(to.saturating_sub(size)), to) } else { (from, to.min(from.saturating_add(size))) };
    Shown { hits: hits[from..to].to_vec(), has_previous: from > 0, has_next: to < hits.len() }
}
