//! Items of lists: each occurs once, and keeps its id.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    hash::Hash,
};

use entity::{Id, vocabulary::UserErrorCode};

use crate::domain::problem::{Path, Problem};

use super::Reference;

/// Reports items with the same key as an item before them.
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

/// As [`check_each_once`], for resolved references. A reference that could not be read was reported already and is ignored.
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

/// Removes items with the same key as an item before them. Returns their number.
pub(crate) fn remove_equal<T, K: Eq + Hash>(items: &mut Vec<T>, key: impl Fn(&T) -> K) -> usize {
    let count = items.len();
    let mut seen = HashSet::with_capacity(count);
    items.retain(|item| seen.insert(key(item)));
    count - items.len()
}

/// Stored items whose ids are not assigned to an item of the new list yet. Only an item with the same key may take the id.
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

    /// Gives each item without an id the first free id of an item that `same` accepts.
    pub(crate) fn assign(
        &mut self,
        items: &mut [T],
        id: impl Fn(&mut T) -> &mut Option<Id>,
        same: impl Fn(&T, &T) -> bool,
    ) {
        for item in items {
            if id(item).is_some() {
                continue;
            }
            if let Some(candidates) = self.items.get_mut(&(self.key)(item))
                && let Some(index) = candidates.iter().position(|(_, old)| same(item, old))
            {
                *id(item) = candidates.remove(index).map(|(found, _)| found);
            }
        }
    }
}
