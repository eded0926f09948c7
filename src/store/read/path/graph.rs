//! The links that a search for paths has read, and the paths in them.

use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// How one entity is linked to another one: by a relation, a participation or an event. If two are linked in several ways, the first
/// one of this order counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PathLink {
    /// Relations come first, then participations, then places of events.
    pub(super) rank: usize,
    /// The relation or the participation; for a place of an event, the event.
    pub(super) via: Uuid,
}

/// The entities and links that are known. A link leads both ways.
#[derive(Debug, Default)]
pub(super) struct Graph(HashMap<Uuid, BTreeMap<Uuid, PathLink>>);

impl Graph {
    pub(super) fn add(&mut self, one: Uuid, other: Uuid, link: PathLink) {
        for (one, other) in [(one, other), (other, one)] {
            let known = self.0.entry(one).or_default().entry(other).or_insert(link);
            *known = link.min(*known);
        }
    }

    pub(super) fn neighbours(&self, entity: Uuid) -> impl Iterator<Item = Uuid> {
        self.0.get(&entity).into_iter().flat_map(|links| links.keys().copied())
    }

    pub(super) fn link(&self, one: Uuid, other: Uuid) -> Option<PathLink> {
        self.0.get(&one)?.get(&other).copied()
    }

    /// Whether links of both entities are known. Else no path leads from one to the other.
    pub(super) fn are_linked(&self, one: Uuid, other: Uuid) -> bool {
        self.0.contains_key(&one) && self.0.contains_key(&other)
    }

    /// The paths of this length without a repeated entity, in the order of their ids, at most so many. `steps` is how many steps may
    /// be tried; where it ends at 0, some paths may be missing.
    pub(super) fn paths(&self, ends: [Uuid; 2], length: usize, most: usize, steps: &mut usize) -> Vec<Vec<Uuid>> {
        let [from, to] = ends;
        // The entities from which so many links lead to the end.
        let mut within = vec![HashSet::from([to])];
        for _ in 1..length {
            let last = &within[within.len() - 1];
            let before = last.iter().flat_map(|entity| self.neighbours(*entity)).collect();
            within.push(before);
        }
        let mut walk = Walk { graph: self, to, within, most, steps, path: vec![from], found: vec![] };
        walk.extend(length);
        walk.found
    }
}

/// Looks for paths step by step.
struct Walk<'a> {
    graph: &'a Graph,
    to: Uuid,
    within: Vec<HashSet<Uuid>>,
    most: usize,
    steps: &'a mut usize,
    path: Vec<Uuid>,
    found: Vec<Vec<Uuid>>,
}

impl Walk<'_> {
    /// Adds the paths that continue the present one with so many links.
    fn extend(&mut self, left: usize) {
        let Some(at) = self.path.last().copied() else { return };
        if left == 0 {
            self.found.push(self.path.clone());
            return;
        }
        for next in self.graph.neighbours(at) {
            if self.found.len() >= self.most || *self.steps == 0 {
                return;
            }
            let is_early = next == self.to && left > 1;
            if is_early || self.path.contains(&next) || !self.within[left - 1].contains(&next) {
                continue;
            }
            *self.steps -= 1;
            self.path.push(next);
            self.extend(left - 1);
            self.path.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id(n: u8) -> Uuid {
        Uuid::from_u128(n.into())
    }

    /// All paths without a repeated entity, by trying everything.
    fn naive(links: &[(u8, u8)], path: &[u8], to: u8, length: usize, found: &mut Vec<Vec<Uuid>>) {
        let at = path[path.len() - 1];
        if path.len() == length + 1 {
            if at == to {
                found.push(path.iter().map(|n| id(*n)).collect());
            }
            return;
        }
        let is_linked =
            |next: u8| links.iter().any(|(one, other)| (*one, *other) == (at, next) || (*other, *one) == (at, next));
        for next in (0..8).filter(|next| is_linked(*next) && !path.contains(next) && at != to) {
            naive(links, &[path, &[next]].concat(), to, length, found);
        }
    }

    proptest! {
        #[test]
        fn all_paths_of_a_length_are_found_in_the_order_of_ids(links in prop::collection::vec((0u8..8, 0u8..8), 0..20), length in 1usize..6, most in 0usize..9) {
            let links: Vec<(u8, u8)> = links.into_iter().filter(|(one, other)| one != other).collect();
            let mut graph = Graph::default();
            for (n, (one, other)) in (0..).zip(&links) {
                graph.add(id(*one), id(*other), PathLink { rank: 0, via: id(n) });
            }
            let mut expected = vec![];
            naive(&links, &[0], 1, length, &mut expected);
            expected.truncate(most);
            prop_assert_eq!(graph.paths([id(0), id(1)], length, most, &mut 10_000), expected);
        }
    }

    #[test]
    fn two_entities_are_linked_by_the_first_of_their_links() {
        let mut graph = Graph::default();
        let [first, second] = [PathLink { rank: 0, via: id(9) }, PathLink { rank: 1, via: id(1) }];
        graph.add(id(0), id(1), second);
        graph.add(id(1), id(0), first);
        graph.add(id(0), id(1), second);
        assert_eq!((graph.link(id(0), id(1)), graph.link(id(1), id(0))), (Some(first), Some(first)));
    }

    #[test]
    fn no_path_is_found_when_the_steps_are_used_up() {
        let mut graph = Graph::default();
        for (one, other) in [(0, 2), (2, 1), (0, 3), (3, 1)] {
            graph.add(id(one), id(other), PathLink { rank: 0, via: id(0) });
        }
        let mut steps = 2;
        assert_eq!(graph.paths([id(0), id(1)], 2, 9, &mut steps), [[id(0), id(2), id(1)]]);
        assert_eq!(steps, 0);
    }
}
