//! What contains, owns or dates another thing forms no circle.

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
        write::{Tree, anchors_of, children, dated_by, parents},
    },
};

use crate::domain::write::{Draft, WriteState, report};

/// The most steps of a chain. Places, for one, are kept with all that contain them.
const DEEPEST: usize = 64;
/// The same for dates that are relative to one another: a change of the first moves all of them.
const DEEPEST_DATES: usize = 256;

/// A field along which there must be no circle.
#[derive(Clone, Copy)]
enum Line {
    Tree(Tree),
    Anchor,
}

/// Refuses circles.
pub(in crate::domain::write) async fn check(state: &mut WriteState<'_>) -> Result<(), store::Error> {
    for line in [Line::Tree(Tree::ContainedIn), Line::Tree(Tree::Parent), Line::Tree(Tree::PartOf), Line::Anchor] {
        let mut above: HashMap<Id, Id> = HashMap::new();
        let mut settled: HashSet<Id> = HashSet::new();
        for draft in &state.drafts {
            if let Some(up) = upwards(draft, line, state) {
                settled.insert(draft.id);
                if let Some(up) = up {
                    above.insert(draft.id, up);
                }
            }
        }
        read_upwards(state, line, &mut above, &mut settled).await?;
        let circles = in_circles(&above);
        let has_ends = circles.is_empty();
        for draft in circles.into_iter().filter_map(|id| state.index.get(&id)) {
            let draft = &state.drafts[*draft];
            let message = match line {
                Line::Tree(Tree::ContainedIn) => "a place cannot be contained in itself, nor in what it contains",
                Line::Tree(Tree::Parent) => "an organization cannot be a part of itself, nor of its own parts",
                Line::Tree(Tree::PartOf) => "an event cannot be a part of itself, nor of its own parts",
                Line::Anchor => "a date cannot be relative to itself, nor to one that is relative to it",
            };
            let path = Path::TOP.field(field_of(line));
            report(&mut state.input_problems, draft.line, UserErrorCode::Cycle, &path, message);
        }
        if has_ends {
            let deepest = deepest(line);
            let below = Box::pin(read_downwards(state, line)).await?;
            for draft in &state.drafts {
                if below.contains_key(&draft.id) || above.contains_key(&draft.id) {
                    let depth = depth(draft.id, &above, deepest) + below.get(&draft.id).copied().unwrap_or(0);
                    if depth > deepest {
                        report(
                            &mut state.input_problems,
                            draft.line,
                            UserErrorCode::Invalid,
                            &Path::TOP.field(field_of(line)),
                            format!("makes a chain of more than {deepest} steps"),
                        );
                    }
                }
            }
        }
    }
    Ok(())
}

/// What a draft has above it along a line; nothing where the line is none of its kind.
#[expect(clippy::option_option, reason = "not of that kind, of that kind without any, or with one")]
fn upwards(draft: &Draft, line: Line, state: &WriteState<'_>) -> Option<Option<Id>> {
    up_along(line, &draft.document.body, state)
}

/// What a record has above it along a line, as [`upwards`] tells it.
#[expect(clippy::option_option, reason = "as above")]
fn up_along(line: Line, body: &Body, state: &WriteState<'_>) -> Option<Option<Id>> {
    let facts = body.facts();
    match (line, facts.parent, facts.anchor_date) {
        (Line::Tree(wanted), Some((tree, up)), _) => (tree == wanted).then(|| up.map(Reference::id)),
        (Line::Anchor, _, AnchorDate::Fuzzy(date)) => {
            let anchor = date.and_then(FuzzyDate::anchor);
            Some(anchor.filter(|anchor| state.kind(*anchor) == Some(RecordKind::Event)))
        }
        _ => None,
    }
}

const fn deepest(line: Line) -> usize {
    match line {
        Line::Tree(_) => DEEPEST,
        Line::Anchor => DEEPEST_DATES,
    }
}

/// The field of a document that a line goes by.
fn field_of(line: Line) -> &'static str {
    match line {
        Line::Tree(Tree::ContainedIn) => "containedIn",
        Line::Tree(Tree::Parent) => "parent",
        Line::Tree(Tree::PartOf) => "partOf",
        Line::Anchor => "date",
    }
}

/// Follows the line beyond the drafts, one step for all at a time.
async fn read_upwards(
    state: &WriteState<'_>,
    line: Line,
    above: &mut HashMap<Id, Id>,
    settled: &mut HashSet<Id>,
) -> Result<(), store::Error> {
    let beyond = |ids: &mut dyn Iterator<Item = Id>, settled: &mut HashSet<Id>| -> Vec<Id> {
        ids.filter(|id| settled.insert(*id)).collect()
    };
    let mut frontier = beyond(&mut above.values().copied(), settled);
    // What is new in this write is no further along the line than its own documents say.
    frontier.retain(|id| !state.index.contains_key(id));
    while !frontier.is_empty() {
        let found: Vec<(Id, Id)> = match line {
            Line::Tree(tree) => parents(state.transaction, tree, &frontier)
                .await?
                .into_iter()
                .filter_map(|(id, up)| Some((id, up?)))
                .collect(),
            Line::Anchor => anchors_of(state.transaction, &frontier).await?,
        };
        above.extend(found.iter().copied());
        frontier = beyond(&mut found.iter().map(|(_, up)| *up), settled);
    }
    Ok(())
}

/// How many steps lie above a record; circles are cut off above the limit.
fn depth(id: Id, above: &HashMap<Id, Id>, deepest: usize) -> usize {
    let mut at = id;
    let mut depth = 0;
    while let Some(up) = above.get(&at)
        && depth <= deepest
    {
        at = *up;
        depth += 1;
    }
    depth
}

/// How many steps of records that stay where they are hang below each draft that goes elsewhere.
async fn read_downwards(state: &WriteState<'_>, line: Line) -> Result<HashMap<Id, usize>, store::Error> {
    let goes_elsewhere = |draft: &&Draft| {
        let before = draft.stored.as_deref().map(|stored| up_along(line, &stored.body, state));
        before.is_some_and(|before| before != upwards(draft, line, state))
    };
    let mut below = HashMap::new();
    let mut frontier: HashMap<Id, Id> =
        state.drafts.iter().filter(goes_elsewhere).map(|draft| (draft.id, draft.id)).collect();
    for step in 1..=deepest(line) + 1 {
        if frontier.is_empty() {
            break;
        }
        let ids: Vec<Id> = frontier.keys().copied().collect();
        let mut next = HashMap::new();
        let found = match line {
            Line::Tree(tree) => children(state.transaction, tree, &ids).await?,
            Line::Anchor => dated_by(state.transaction, &ids).await?,
        };
        for (id, up) in found {
            // What is part of the write hangs there if it says so, whatever else it changes.
            if let Some(top) = frontier.get(&up)
                && state.draft(id).is_none_or(|draft| upwards(draft, line, state) == Some(Some(up)))
            {
                below.insert(*top, step);
                next.insert(id, *top);
            }
        }
        frontier = next;
    }
    Ok(below)
}

/// All that lies on a circle.
fn in_circles(above: &HashMap<Id, Id>) -> Vec<Id> {
    let mut done: HashSet<Id> = HashSet::with_capacity(above.len());
    let mut circles = Vec::new();
    for start in above.keys() {
        let mut way = Vec::new();
        let mut on_way = HashSet::new();
        let mut at = *start;
        while !done.contains(&at) && on_way.insert(at) {
            way.push(at);
            match above.get(&at) {
                Some(up) => at = *up,
                None => break,
            }
        }
        if let Some(first) = way.iter().position(|id| *id == at)
            && !done.contains(&at)
            && above.contains_key(&at)
        {
            circles.extend(&way[first..]);
        }
        done.extend(way);
    }
    circles
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::many_single_char_names, reason = "as one would draw them")]
    fn only_what_lies_on_a_circle_is_named() {
        let [a, b, c, d, e] = std::array::from_fn(|_| Id::new());
        let above = HashMap::from([(a, b), (b, c), (c, b), (d, e)]);
        let mut found = in_circles(&above);
        found.sort_unstable();
        let mut expected = vec![b, c];
        expected.sort_unstable();
        assert_eq!(found, expected);
        assert_eq!(in_circles(&HashMap::from([(a, a)])), [a]);
        assert!(in_circles(&HashMap::from([(a, b), (b, c)])).is_empty());
        assert_eq!((depth(d, &above, DEEPEST), depth(e, &above, DEEPEST)), (1, 0));
    }
}
