//! What the items of lists have in common: each is there once, and keeps its id.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    hash::Hash,
};

use entity::{Id, vocabulary::UserErrorCode};

use crate::domain::problem::{Path, Problem};

use super::Reference;

/// Reports items that have a key in common with one before them.
pub(crate) fn check_each_once<'a, T, K: Eq + Hash>(
    items: &'a [T],
    key: impl Fn(&'a T) -> K,
    path: &Path<'_>,
    what: &str,
    problems: &mut Vec<Problem>,
) {
    let mut seen = HashSet::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        if !seen.insert(key(item)) {
            let message = format!("{what} is already in the list");
            problems.push(Problem::new(UserErrorCode::Duplicate, &path.item(index), message));
        }
    }
}

/// The same of resolved references. One that could not be read, which was reported, is like no other.
pub(crate) fn check_references_once<'a, 'p>(
    references: impl Iterator<Item = (&'a Reference, Path<'p>)>,
    what: &str,
    problems: &mut Vec<Problem>,
) {
    let mut seen = HashSet::new();
    for (reference, path) in references {
        if !seen.insert(reference) && reference.id() != Id::NIL {
            problems.push(Problem::new(UserErrorCode::Duplicate, &path, format!("{what} is already in the list")));
        }
    }
}

/// Takes out items that have a key in common with one before them. Gives how many.
pub(crate) fn remove_equal<T, K: Eq + Hash>(items: &mut Vec<T>, key: impl Fn(&T) -> K) -> usize {
    let count = items.len();
    let mut seen = HashSet::with_capacity(count);
    items.retain(|item| seen.insert(key(item)));
    count - items.len()
}

/// Stored items whose ids nobody has claimed yet, by what they have to have in common with those that claim them.
pub(crate) struct FreeIds<'a, T, K> {
    items: HashMap<K, VecDeque<(Id, &'a T)>>,
    key: fn(&T) -> K,
}

impl<'a, T, K: Eq + Hash> FreeIds<'a, T, K> {
    pub(crate) fn new(stored: &'a [T], claimed: &HashSet<Id>, id: impl Fn(&T) -> Option<Id>, key: fn(&T) -> K) -> Self {
        let mut items: HashMap<K, VecDeque<(Id, &'a T)>> = HashMap::new();
        for item in stored {
            if let Some(id) = id(item).filter(|id| !claimed.contains(id)) {
                items.entry(key(item)).or_default().push_back((id, item));
            }
        }
        Self { items, key }
    }

    /// Gives each item without an id that of the first free one that is the same.
    pub(crate) fn hand_out(
        &mut self,
        items: &mut [T],
        id: impl Fn(&mut T) -> &mut Option<Id>,
        same: impl Fn(&T, &T) -> bool,
    ) {
        for item in items {
            if id(item).is_some() {
                continue;
            }
            if let Some(alike) = self.items.get_mut(&(self.key)(item))
                && let Some(index) = alike.iter().position(|(_, old)| same(item, old))
            {
                *id(item) = alike.remove(index).map(|(found, _)| found);
            }
        }
    }
}
