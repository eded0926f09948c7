//! Work on many drafts, shared among the cores.

use rayon::{iter::ParallelIterator, slice::ParallelSliceMut};

use super::{Complaint, Draft};

/// Up to so many, as the edits of one call with what they pull in, are seen to on the spot: to wake other cores is for imports.
const FEW: usize = 2_000;

/// The shares of each core, so that one which is done early takes over what others have left.
const SHARES: usize = 4;

/// Has each core work on a share of the items at a time. What comes of them stands in their order.
pub(super) fn share<T: Send, R: Send>(items: &mut [T], work: impl Fn(&mut [T]) -> R + Send + Sync) -> Vec<R> {
    if items.len() <= FEW {
        return vec![work(items)];
    }
    let shares = SHARES * rayon::current_num_threads();
    items.par_chunks_mut(items.len().div_ceil(shares)).map(work).collect()
}

/// Has each draft looked at by itself, and adds what is wrong with it.
pub(super) fn check_each(
    drafts: &mut [Draft],
    complaints: &mut Vec<Complaint>,
    check: impl Fn(&mut Draft, &mut Vec<Complaint>) + Send + Sync,
) {
    let found = share(drafts, |drafts| {
        let mut complaints = Vec::new();
        for draft in drafts {
            check(draft, &mut complaints);
        }
        complaints
    });
    complaints.extend(found.into_iter().flatten());
}

#[cfg(test)]
mod tests {
    use super::{FEW, share};

    #[test]
    fn every_item_is_in_one_share_and_they_keep_their_order() {
        for count in [0, 1, FEW, FEW + 1, 12_345] {
            let mut items: Vec<usize> = (0..count).collect();
            let shares = share(&mut items, |items| {
                for item in &mut *items {
                    *item += 1;
                }
                items.to_vec()
            });
            assert_eq!(shares.concat(), items);
            assert!(items.iter().copied().eq(1..=count));
            assert_eq!(shares.len() > 1, count > FEW, "{count}");
        }
    }
}
