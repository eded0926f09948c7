//! The rule "field selection merging" of the specification: fields with the same response key must be the same field
//! with the same arguments, or be on types that exclude each other. async-graphql compares within one selection set
//! only: it accepts `{ place { x: name } place { x: id } }`.

use async_graphql::{
    Pos, ServerError,
    indexmap::IndexMap,
    parser::types::{ExecutableDocument, Field, OperationType, Selection, SelectionSet},
    registry::{MetaType, MetaTypeName, Registry},
};

use super::super::error::Code;

/// The maximum number of compared selections, because nested abstract types multiply them.
const MAX_COMPARED_SELECTIONS: usize = 50_000;

/// Refuses fields that cannot be merged. The document's fragments must be known not to be cyclic, and its expanded selections be bounded.
///
/// # Errors
/// The first conflict, with the places of both fields; or that the document is too large to compare.
pub(super) fn check(registry: &Registry, document: &ExecutableDocument) -> Result<(), ServerError> {
    let mut merge = Merge { registry, document, work: 0 };
    for (_, operation) in document.operations.iter() {
        let root = match operation.node.ty {
            OperationType::Query => Some(registry.query_type.as_str()),
            OperationType::Mutation => registry.mutation_type.as_deref(),
            OperationType::Subscription => registry.subscription_type.as_deref(),
        };
        let Some(root) = root.and_then(|root| registry.types.get(root)) else {
            continue;
        };
        merge.sets(&[(root, &operation.node.selection_set.node)], true, operation.pos)?;
    }
    Ok(())
}

struct Merge<'a> {
    registry: &'a Registry,
    document: &'a ExecutableDocument,
    work: usize,
}

/// A field, with the type on which it is selected.
#[derive(Clone, Copy)]
struct Placed<'a> {
    on: &'a MetaType,
    field: &'a Field,
    at: Pos,
}

type Sets<'a> = [(&'a MetaType, &'a SelectionSet)];
type Groups<'a> = IndexMap<&'a str, Vec<Placed<'a>>>;

impl<'a> Merge<'a> {
    /// Compares several selection sets. `same`: the sets may apply to one object, so that fields must be the same.
    /// Otherwise only their response shapes must agree.
    fn sets(&mut self, sets: &Sets<'a>, same: bool, at: Pos) -> Result<(), ServerError> {
        let mut groups = Groups::new();
        for (on, set) in sets {
            self.collect(on, set, &mut groups, at)?;
        }
        for group in groups.values() {
            self.group(group, same)?;
        }
        Ok(())
    }

    fn collect(
        &mut self,
        on: &'a MetaType,
        set: &'a SelectionSet,
        groups: &mut Groups<'a>,
        at: Pos,
    ) -> Result<(), ServerError> {
        self.work += set.items.len();
        if self.work > MAX_COMPARED_SELECTIONS {
            return Err(Code::LimitExceeded.server_error(
                "The document repeats response keys on too many types. Split it into several documents.",
                Some(at),
            ));
        }
        for selection in &set.items {
            let (condition, inner) = match &selection.node {
                Selection::Field(field) => {
                    let placed = Placed { on, field: &field.node, at: field.pos };
                    groups.entry(field.node.response_key().node.as_str()).or_default().push(placed);
                    continue;
                }
                Selection::FragmentSpread(spread) => {
                    match self.document.fragments.get(&spread.node.fragment_name.node) {
                        Some(fragment) => (Some(&fragment.node.type_condition), &fragment.node.selection_set),
                        None => continue,
                    }
                }
                Selection::InlineFragment(inline) => (inline.node.type_condition.as_ref(), &inline.node.selection_set),
            };
            let on = match condition {
                Some(condition) => self.registry.types.get(condition.node.on.node.as_str()),
                None => Some(on),
            };
            if let Some(on) = on {
                self.collect(on, &inner.node, groups, at)?;
            }
        }
        Ok(())
    }

    /// Fields of one response key.
    fn group(&mut self, group: &[Placed<'a>], same: bool) -> Result<(), ServerError> {
        let [first, others @ ..] = group else {
            return Ok(());
        };
        for other in others {
            self.same_shape(*first, *other)?;
        }
        if !same {
            return self.inner(group, false);
        }
        // Fields on an interface may apply to any object type. Fields on different object types never apply to the same
        // object.
        let mut objects: Vec<&str> =
            group.iter().filter(|placed| !placed.on.is_abstract()).map(|placed| placed.on.name()).collect();
        objects.sort_unstable();
        objects.dedup();
        if objects.len() <= 1 {
            for other in others {
                same_field(*first, *other)?;
            }
            return self.inner(group, true);
        }
        for object in objects {
            let meeting: Vec<_> =
                group.iter().filter(|placed| placed.on.is_abstract() || placed.on.name() == object).copied().collect();
            for other in &meeting[1..] {
                same_field(meeting[0], *other)?;
            }
            self.inner(&meeting, true)?;
        }
        self.inner(group, false)
    }

    /// The selection sets of fields with one response key.
    fn inner(&mut self, group: &[Placed<'a>], same: bool) -> Result<(), ServerError> {
        let sets: Vec<_> = group
            .iter()
            .filter(|placed| !placed.field.selection_set.node.items.is_empty())
            .filter_map(|placed| Some((self.type_of(*placed)?.1?, &placed.field.selection_set.node)))
            .collect();
        if sets.is_empty() { Ok(()) } else { self.sets(&sets, same, group[0].at) }
    }

    /// A field's type, as written and as registered; `None` for unknown fields, which are left to async-graphql.
    fn type_of(&self, placed: Placed<'a>) -> Option<(&'a str, Option<&'a MetaType>)> {
        if placed.field.name.node == "__typename" {
            return Some(("String!", None));
        }
        let ty = placed.on.field_by_name(&placed.field.name.node)?.ty.as_str();
        Some((ty, self.registry.types.get(MetaTypeName::concrete_typename(ty))))
    }

    /// Lists and nulls must agree, and scalars be the same, even on types that exclude each other.
    fn same_shape(&self, one: Placed<'a>, other: Placed<'a>) -> Result<(), ServerError> {
        let (Some((a, a_type)), Some((b, b_type))) = (self.type_of(one), self.type_of(other)) else {
            return Ok(());
        };
        let frame = |ty: &str| ty.replace(MetaTypeName::concrete_typename(ty), "");
        let composite = |ty: Option<&MetaType>| ty.is_some_and(MetaType::is_composite);
        let agree = if composite(a_type) && composite(b_type) { frame(a) == frame(b) } else { a == b };
        if agree {
            return Ok(());
        }
        conflict(one, other, &format!("they return conflicting types \"{a}\" and \"{b}\""))
    }
}

fn same_field(one: Placed, other: Placed) -> Result<(), ServerError> {
    let (a, b) = (&one.field.name.node, &other.field.name.node);
    if a != b {
        return conflict(one, other, &format!("\"{a}\" and \"{b}\" are different fields"));
    }
    let (a, b) = (&one.field.arguments, &other.field.arguments);
    let same = a.len() == b.len()
        && a.iter().all(|(name, value)| other.field.get_argument(&name.node).is_some_and(|b| b.node == value.node));
    if same { Ok(()) } else { conflict(one, other, "they have differing arguments") }
}

fn conflict(one: Placed, other: Placed, why: &str) -> Result<(), ServerError> {
    let key = &one.field.response_key().node;
    let message = format!(
        "Fields \"{key}\" conflict because {why}. Use different aliases on the fields to fetch both if this was intentional."
    );
    let mut error = Code::BadUserInput.server_error(message, Some(one.at));
    error.locations.push(other.at);
    Err(error)
}
