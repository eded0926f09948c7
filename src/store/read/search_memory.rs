//! The memory of searches: what they may take from the index, and the budget that all of them share.

use super::budget::{Budget, PARTS_OF_CLIENT};
use std::{sync::Arc, time::Duration};

/// Bytes that a search may take from the index.
pub(super) const MAX_INDEX_BYTES: usize = 16 * 1024 * 1024;
/// Bytes of memory in which a byte of the index is ranked: at least seven of them make a posting, for which 40 bytes are kept.
pub(super) const MEMORY_OF_BYTE: usize = 8;
/// How long a search waits for its memory.
const MEMORY_WAIT: Duration = Duration::from_secs(2);

/// The memory in which the postings of frequent words are ranked, and long texts are analysed.
pub(super) fn memory_of_searches() -> Arc<Budget> {
    Budget::new(MAX_INDEX_BYTES * MEMORY_OF_BYTE * PARTS_OF_CLIENT, MEMORY_WAIT)
}
