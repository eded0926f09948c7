//! A bounded cache by text: of parsed documents, and of the texts of persisted queries. Entries that were not used since
//! the last sweep are removed first.

use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};

/// The maximum number of entries.
const MAX_ENTRIES: usize = 1_000;
/// The maximum size of the texts of all documents. A parsed document takes about twenty times the size of its text.
const MAX_BYTES: usize = 1024 * 1024;

pub(super) struct Cache<T: ?Sized>(RwLock<Entries<T>>);

struct Entries<T: ?Sized> {
    /// The hasher has a random seed, because clients choose the keys.
    by_key: HashMap<Box<str>, Entry<T>, foldhash::fast::RandomState>,
    bytes: usize,
}

struct Entry<T: ?Sized> {
    value: Arc<T>,
    /// The size of the text of its document.
    bytes: usize,
    /// Whether it was used since the last sweep.
    used: AtomicBool,
}

impl<T: ?Sized> Default for Cache<T> {
    fn default() -> Self {
        Self(RwLock::new(Entries { by_key: HashMap::default(), bytes: 0 }))
    }
}

impl<T: ?Sized> Cache<T> {
    pub(super) fn find(&self, key: &str) -> Option<Arc<T>> {
        // A panic cannot leave the map half-changed in a way that matters: at worst an entry is missing.
        let entries = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.by_key.get(key)?;
        // Written only where it changes, so that readers share the cache line.
        if !entry.used.load(Relaxed) {
            entry.used.store(true, Relaxed);
        }
        Some(entry.value.clone())
    }

    /// `bytes`: the size of the text of the document.
    pub(super) fn insert(&self, key: &str, value: Arc<T>, bytes: usize) {
        let mut entries = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if entries.by_key.len() >= MAX_ENTRIES || entries.bytes + bytes > MAX_BYTES {
            entries.sweep();
        }
        // The same key always has a document of the same size.
        if entries.by_key.insert(key.into(), Entry { value, bytes, used: AtomicBool::new(false) }).is_none() {
            entries.bytes += bytes;
        }
    }
}

impl<T: ?Sized> Entries<T> {
    /// Removes entries that were not used since the last sweep, and further entries until a quarter is free.
    fn sweep(&mut self) {
        self.by_key.retain(|_, entry| entry.used.swap(false, Relaxed));
        let (mut entries, mut bytes) = (0, 0);
        self.by_key.retain(|_, entry| {
            let keep = entries < MAX_ENTRIES / 4 * 3 && bytes + entry.bytes <= MAX_BYTES / 4 * 3;
            if keep {
                entries += 1;
                bytes += entry.bytes;
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
        cache.insert("in use", Arc::new(0), 6);
        for number in 0..MAX_ENTRIES * 3 {
            assert!(cache.find("in use").is_some());
            cache.insert(&number.to_string(), Arc::new(number), 4);
        }
        assert!(cache.0.read().unwrap().by_key.len() <= MAX_ENTRIES);
        assert!(cache.find("0").is_none());
    }

    #[test]
    fn it_is_bounded_by_bytes_too_even_where_everything_is_in_use() {
        let cache = Cache::default();
        let text = |number: usize| format!("{number:030000}");
        for number in 0..200 {
            cache.insert(&text(number), Arc::new(number), 30_000);
            assert_eq!(*cache.find(&text(number)).unwrap(), number);
        }
        let entries = cache.0.read().unwrap();
        assert_eq!(entries.bytes, entries.by_key.len() * 30_000);
        assert!(entries.bytes <= MAX_BYTES && entries.by_key.len() > 10);
    }
}
