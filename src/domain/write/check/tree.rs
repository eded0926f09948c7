//! Records form no cycle where one contains the other, is a part of it, or has a date relative to it.

use std::collections::{HashMap, HashSet};

use entity::{
    Id,
    vocabulary::{RecordKind, UserErrorCode},
};

use crate::{
    domain::{
        kind::{AnchorDate, Body, FuzzyDate, Reference},
        problem::Path,
    },
    store::{
        self,
        write::{Tree, anchors_of, children, events_with_dates_relative_to, parents},
    },
};

use crate::domain::write::{Draft, WriteState, report};

/// The most steps of a chain. The derived table of places has a row for each place and each place above it.
const MAX_STEPS: usize = 64;
/// The most steps of a chain of relative dates. A change of its first date changes all of them.
const MAX_STEPS_OF_DATES: usize = 256;

/// A field by which records form chains that must not be cycles.
#[derive(Clone, Copy)]
enum Chain {
    Tree(Tree),
    /// Events whose dates are relative to that of another event.
    Dates,
}

impl Chain {
    const ALL: [Self; 4] =
        [Self::Tree(Tree::ContainedIn), Self::Tree(Tree::Parent), Self::Tree(Tree::PartOf), Self::Dates];

    const fn max_steps(self) -> usize {
        match self {
            Self::Tree(_) => MAX_STEPS,
            Self::Dates => MAX_STEPS_OF_DATES,
        }
    }

    /// The field of a document, and why it must not lead back to its own record.
    const fn field_and_message(self) -> (&'static str, &'static str) {
        match self {
            Self::Tree(Tree::ContainedIn) => {
                ("containedIn", "a place cannot be contained in itself or in a place that it contains")
            }
            Self::Tree(Tree::Parent) => ("parent", "an organization cannot be a part of itself or of its own parts"),
            Self::Tree(Tree::PartOf) => ("partOf", "an event cannot be a part of itself or of its own parts"),
            Self::Dates => ("date", "a date cannot be relative to itself, directly or through other dates"),
        }
    }
}

/// Refuses cycles and chains that are too long.
pub(in crate::domain::write) async fn check(state: &mut WriteState<'_>) -> Result<(), store::Error> {
    for chain in Chain::ALL {
        let mut above: HashMap<Id, Id> = HashMap::new();
        let mut seen: HashSet<Id> = HashSet::new();
        for draft in &state.drafts {
            if let Some(next) = next_above(chain, &draft.document.body, state) {
                seen.insert(draft.id);
                above.extend(next.map(|next| (draft.id, next)));
            }
        }
        read_above(state, chain, &mut above, &mut seen).await?;
        let (field, message) = chain.field_and_message();
        let path = Path::TOP.field(field);
        let cycles = in_cycles(&above);
        for draft in cycles.iter().filter_map(|id| state.draft_by_id.get(id)) {
            let line = state.drafts[*draft].input_index;
            report(&mut state.input_problems, line, UserErrorCode::Cycle, &path, message);
        }
        if !cycles.is_empty() {
            continue;
        }
        let max_steps = chain.max_steps();
        let below = Box::pin(read_below(state, chain)).await?;
        for draft in &state.drafts {
            let steps_below = below.get(&draft.id).copied();
            if (steps_below.is_some() || above.contains_key(&draft.id))
                && steps_above(draft.id, &above, max_steps) + steps_below.unwrap_or(0) > max_steps
            {
                let message =
                    format!("makes a chain of more than {max_steps} steps: choose a record with a shorter chain");
                report(&mut state.input_problems, draft.input_index, UserErrorCode::Invalid, &path, message);
            }
        }
    }
    Ok(())
}

/// The record above one in a chain; nothing if its kind has no such field.
#[expect(clippy::option_option, reason = "without the field, with an empty one, or with a record")]
fn next_above(chain: Chain, body: &Body, state: &WriteState<'_>) -> Option<Option<Id>> {
    let facts = body.facts();
    match (chain, facts.parent, facts.anchor_date) {
        (Chain::Tree(wanted), Some((tree, parent)), _) => (tree == wanted).then(|| parent.map(Reference::id)),
        (Chain::Dates, _, AnchorDate::Fuzzy(date)) => {
            let anchor = date.and_then(FuzzyDate::anchor);
            Some(anchor.filter(|anchor| state.kind(*anchor) == Some(RecordKind::Event)))
        }
        _ => None,
    }
}

/// Adds the stored records above the drafts, one step of all chains at a time.
async fn read_above(
    state: &WriteState<'_>,
    chain: Chain,
    above: &mut HashMap<Id, Id>,
    seen: &mut HashSet<Id>,
) -> Result<(), store::Error> {
    let mut next: Vec<Id> = above.values().copied().filter(|id| seen.insert(*id)).collect();
    // A draft without this field ends its chain.
    next.retain(|id| !state.draft_by_id.contains_key(id));
    while !next.is_empty() {
        let found: Vec<(Id, Id)> = match chain {
            Chain::Tree(tree) => {
                let rows = parents(state.transaction, tree, &next).await?;
                rows.into_iter().filter_map(|(id, parent)| Some((id, parent?))).collect()
            }
            Chain::Dates => anchors_of(state.transaction, &next).await?,
        };
        next = found.iter().map(|(_, id)| *id).filter(|id| seen.insert(*id)).collect();
        above.extend(found);
    }
    Ok(())
}

/// How many steps are above a record. Counting stops beyond the limit, which ends it for cycles as well.
fn steps_above(mut id: Id, above: &HashMap<Id, Id>, max_steps: usize) -> usize {
    let mut steps = 0;
    while let Some(next) = above.get(&id)
        && steps <= max_steps
    {
        id = *next;
        steps += 1;
    }
    steps
}

/// How many steps are below each draft that moves to another place of its chain.
async fn read_below(state: &WriteState<'_>, chain: Chain) -> Result<HashMap<Id, usize>, store::Error> {
    let next_of = |draft: &Draft| next_above(chain, &draft.document.body, state);
    let moves = |draft: &&Draft| {
        let before = draft.stored.as_deref().map(|stored| next_above(chain, &stored.body, state));
        before.is_some_and(|before| before != next_of(draft))
    };
    let mut below = HashMap::new();
    // Each record of a step with the draft that is above it.
    let mut step_of: HashMap<Id, Id> = state.drafts.iter().filter(moves).map(|draft| (draft.id, draft.id)).collect();
    for step in 1..=chain.max_steps() + 1 {
        if step_of.is_empty() {
            break;
        }
        let ids: Vec<Id> = step_of.keys().copied().collect();
        let found = match chain {
            Chain::Tree(tree) => children(state.transaction, tree, &ids).await?,
            Chain::Dates => events_with_dates_relative_to(state.transaction, &ids).await?,
        };
        let mut next = HashMap::new();
        for (id, parent) in found {
            // For a record of this write, its draft counts.
            if let Some(top) = step_of.get(&parent)
                && state.draft(id).is_none_or(|draft| next_of(draft) == Some(Some(parent)))
            {
                below.insert(*top, step);
                next.insert(id, *top);
            }
        }
        step_of = next;
    }
    Ok(below)
}

/// All records that are part of a cycle.
fn in_cycles(above: &HashMap<Id, Id>) -> Vec<Id> {
    let mut done: HashSet<Id> = HashSet::with_capacity(above.len());
    let mut cycles = Vec::new();
    for start in above.keys() {
        let mut path = Vec::new();
        let mut on_path = HashSet::new();
        let mut id = *start;
        while !done.contains(&id) && on_path.insert(id) {
            path.push(id);
            match above.get(&id) {
                Some(next) => id = *next,
                None => break,
            }
        }
        if let Some(first) = path.iter().position(|other| *other == id)
            && !done.contains(&id)
            && above.contains_key(&id)
        {
            cycles.extend(&path[first..]);
        }
        done.extend(path);
    }
    cycles
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::many_single_char_names, reason = "a drawing of the graph")]
    fn only_records_of_a_cycle_are_found() {
        let [a, b, c, d, e] = std::array::from_fn(|_| Id::new());
        let above = HashMap::from([(a, b), (b, c), (c, b), (d, e)]);
        let mut found = in_cycles(&above);
        found.sort_unstable();
        let mut expected = vec![b, c];
        expected.sort_unstable();
        assert_eq!(found, expected);
        assert_eq!(in_cycles(&HashMap::from([(a, a)])), [a]);
        assert!(in_cycles(&HashMap::from([(a, b), (b, c)])).is_empty());
        assert_eq!((steps_above(d, &above, MAX_STEPS), steps_above(e, &above, MAX_STEPS)), (1, 0));
    }
}
