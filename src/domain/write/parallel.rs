//! Checks and conversions of many drafts, on all cores.

use rayon::{iter::ParallelIterator, slice::ParallelSliceMut};

use super::{Draft, InputProblem};

/// How many items one core takes at a time. Fewer are not worth a second core.
const CHUNK: usize = 2_000;

/// Calls a function with chunks of the items. The results are in the order of the items.
pub(super) fn map_chunks<T: Send, R: Send>(items: &mut [T], map: impl Fn(&mut [T]) -> R + Send + Sync) -> Vec<R> {
    if items.len() <= CHUNK {
        return vec![map(items)];
    }
    items.par_chunks_mut(CHUNK).map(map).collect()
}

/// Checks each draft by itself, and adds the problems that are found.
pub(super) fn check_each(
    drafts: &mut [Draft],
    input_problems: &mut Vec<InputProblem>,
    check: impl Fn(&mut Draft, &mut Vec<InputProblem>) + Send + Sync,
) {
    let found = map_chunks(drafts, |drafts| {
        let mut input_problems = Vec::new();
        for draft in drafts {
            check(draft, &mut input_problems);
        }
        input_problems
    });
    input_problems.extend(found.into_iter().flatten());
}
