//! A bounded cache of parsed documents by their text. Entries that were not used since the last sweep are removed
//! first.

use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};

/// The maximum number of entries.
const MAX_ENTRIES: usize = 1_000;
/// The maximum size of all texts. A parsed document takes about twenty times the size of its text.
const MAX_BYTES: usize = 1024 * 1024;

pub(super) struct Cache<T>(RwLock<Entries<T>>);

struct Entries<T> {
    /// The hasher has a random seed, because clients choose the texts.
    by_text: HashMap<Box<str>, Entry<T>, foldhash::fast::RandomState>,
    bytes: usize,
}

struct Entry<T> {
    value: Arc<T>,
    /// Whether it was used since the last sweep.
    used: AtomicBool,
}

impl<T> Default for Cache<T> {
    fn default() -> Self {
        Self(RwLock::new(Entries { by_text: HashMap::default(), bytes: 0 }))
    }
}

impl<T> Cache<T> {
    pub(super) fn find(&self, text: &str) -> Option<Arc<T>> {
        // A panic cannot leave the map half-changed in a way that matters: at worst an entry is missing.
        let entries = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.by_text.get(text)?;
        // Written only where it changes, so that readers share the cache line.
        if !entry.used.load(Relaxed) {
            entry.used.store(true, Relaxed);
        }
        Some(entry.value.clone())
    }

    pub(super) fn insert(&self, text: &str, value: Arc<T>) {
        let mut entries = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if entries.by_text.len() >= MAX_ENTRIES || entries.bytes + text.len() > MAX_BYTES {
            entries.sweep();
        }
        if entries.by_text.insert(text.into(), Entry { value, used: AtomicBool::new(false) }).is_none() {
            entries.bytes += text.len();
        }
    }
}

impl<T> Entries<T> {
    /// Removes entries that were not used since the last sweep, and further entries until a quarter is free.
    fn sweep(&mut self) {
        self.by_text.retain(|_, entry| entry.used.swap(false, Relaxed));
        let (mut entries, mut bytes) = (0, 0);
        self.by_text.retain(|text, _| {
            let keep = entries < MAX_ENTRIES / 4 * 3 && bytes + text.len() <= MAX_BYTES / 4 * 3;
            if keep {
                entries += 1;
                bytes += text.len();
            }
            keep
        });
        self.bytes = bytes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_use_outlives_what_is_not() {
        let cache = Cache::default();
        cache.insert("in use", Arc::new(0));
        for number in 0..MAX_ENTRIES * 3 {
            assert!(cache.find("in use").is_some());
            cache.insert(&number.to_string(), Arc::new(number));
        }
        assert!(cache.0.read().unwrap().by_text.len() <= MAX_ENTRIES);
        assert!(cache.find("0").is_none());
    }

    #[test]
    fn it_is_bounded_by_bytes_too_even_where_everything_is_in_use() {
        let cache = Cache::default();
        let text = |number: usize| format!("{number:030000}");
        for number in 0..200 {
            cache.insert(&text(number), Arc::new(number));
            assert_eq!(*cache.find(&text(number)).unwrap(), number);
        }
        let entries = cache.0.read().unwrap();
        assert_eq!(entries.bytes, entries.by_text.keys().map(|text| text.len()).sum::<usize>());
        assert!(entries.bytes <= MAX_BYTES && entries.by_text.len() > 10);
    }
}
