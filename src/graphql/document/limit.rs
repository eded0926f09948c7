//! Limits of a parsed document, checked before validation.
//!
//! The checks of async-graphql expand fragments again at every spread, which takes exponential time.

use std::collections::HashMap;

use async_graphql::{
    Pos, ServerError,
    parser::types::{ExecutableDocument, Selection, SelectionSet},
};

use super::super::error::Code;

/// Limits on one document. See [`Limits::DEFAULT`].
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of the document.
    pub document_bytes: usize,
    /// Lexical tokens of the document.
    pub tokens: usize,
    /// Levels of fields.
    pub depth: usize,
    /// Fragment spreads in the document, each counted once where it stands.
    pub spreads: usize,
    /// Fields and fragments of an operation once its fragments are expanded.
    pub selections: usize,
    /// Aliases of an operation once its fragments are expanded.
    pub aliases: usize,
    /// Fields at the root of an operation, those of fragments included.
    pub root_fields: usize,
    /// Directives in the document, each counted once where it stands.
    pub directives: usize,
    /// Cost of an operation, which the planner of reads checks.
    pub cost: u64,
    /// Bytes of an answer, all root fields together.
    pub answer_bytes: usize,
    /// Whether `__schema` and `__type` answer.
    pub introspection: bool,
}

impl Limits {
    /// The service's defaults.
    pub const DEFAULT: Self = Self {
        document_bytes: 32 * 1024,
        tokens: 4_000,
        depth: 16,
        spreads: 300,
        selections: 2_000,
        aliases: 100,
        root_fields: 20,
        directives: 20,
        cost: 25_000,
        answer_bytes: 16 * 1024 * 1024,
        introspection: true,
    };

    /// Levels of fields and fragments together, for the recursion limit of async-graphql.
    pub(super) fn levels(&self) -> usize {
        self.depth.saturating_mul(4)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// The size of a selection set with expanded fragments. Sums saturate.
#[derive(Debug, Clone, Copy, Default)]
struct Size {
    selections: usize,
    aliases: usize,
    /// Fields of the set itself and of the fragments in it.
    fields: usize,
    /// Levels of fields.
    depth: usize,
    /// Levels of fields and fragments.
    levels: usize,
}

/// Measures a document: each fragment once, so that the time is linear in the size of the document.
struct Measure<'a> {
    document: &'a ExecutableDocument,
    limits: &'a Limits,
    /// `None` while a fragment is being measured: to meet it again is a cycle.
    fragments: HashMap<&'a str, Option<Size>>,
    /// Selections looked at; never more than the document has.
    work: usize,
}

/// Refuses a document that is too large once its fragments are expanded, and cyclic fragments.
///
/// # Errors
/// The first limit that is exceeded, with the place of the operation; or the spread that closes a cycle.
pub(super) fn check(document: &ExecutableDocument, limits: &Limits) -> Result<(), ServerError> {
    measure(document, limits).map(drop)
}

/// As [`check`]; gives the number of selections that were looked at.
fn measure(document: &ExecutableDocument, limits: &Limits) -> Result<usize, ServerError> {
    let mut measure = Measure { document, limits, fragments: HashMap::new(), work: 0 };
    for (name, fragment) in &document.fragments {
        let size = measure.fragment(name, fragment.pos, 0)?;
        // unused fragments count as well, because validation visits them
        within(size.selections, limits.selections, "selections once its fragments are expanded", Some(fragment.pos))?;
    }
    for (_, operation) in document.operations.iter() {
        let size = measure.set(&operation.node.selection_set.node, 0)?;
        let at = Some(operation.pos);
        within(size.depth, limits.depth, "levels of fields", at)?;
        within(size.selections, limits.selections, "selections once its fragments are expanded", at)?;
        within(size.aliases, limits.aliases, "aliases once its fragments are expanded", at)?;
        within(size.fields, limits.root_fields, "fields at its root", at)?;
    }
    Ok(measure.work)
}

fn within(count: usize, limit: usize, what: &str, at: Option<Pos>) -> Result<(), ServerError> {
    if count <= limit {
        return Ok(());
    }
    Err(Code::LimitExceeded.server_error(format!("The document has more than {limit} {what}."), at))
}

impl<'a> Measure<'a> {
    fn fragment(&mut self, name: &'a str, at: Pos, level: usize) -> Result<Size, ServerError> {
        match self.fragments.get(name) {
            Some(Some(size)) => return Ok(*size),
            Some(None) => {
                return Err(Code::BadUserInput
                    .server_error(format!("Cannot spread fragment \"{name}\" within itself."), Some(at)));
            }
            None => {}
        }
        // An unknown fragment is left to validation.
        let Some(fragment) = self.document.fragments.get(name) else {
            return Ok(Size::default());
        };
        self.fragments.insert(name, None);
        let size = self.set(&fragment.node.selection_set.node, level)?;
        self.fragments.insert(name, Some(size));
        Ok(size)
    }

    fn set(&mut self, set: &'a SelectionSet, level: usize) -> Result<Size, ServerError> {
        let mut sum = Size::default();
        for selection in &set.items {
            self.work += 1;
            // the depth is known after the recursion; this limits the recursion itself
            within(level, self.limits.levels(), "levels of fields and fragments", Some(selection.pos))?;
            let (inner, is_field) = match &selection.node {
                Selection::Field(field) => {
                    sum.aliases = sum.aliases.saturating_add(usize::from(field.node.alias.is_some()));
                    (self.set(&field.node.selection_set.node, level + 1)?, true)
                }
                Selection::FragmentSpread(spread) => {
                    (self.fragment(&spread.node.fragment_name.node, spread.pos, level + 1)?, false)
                }
                Selection::InlineFragment(inline) => (self.set(&inline.node.selection_set.node, level + 1)?, false),
            };
            sum.selections = sum.selections.saturating_add(inner.selections).saturating_add(1);
            sum.aliases = sum.aliases.saturating_add(inner.aliases);
            sum.fields = sum.fields.saturating_add(if is_field { 1 } else { inner.fields });
            sum.depth = sum.depth.max(inner.depth + usize::from(is_field));
            sum.levels = sum.levels.max(inner.levels + 1);
            within(level + sum.levels, self.limits.levels(), "levels of fields and fragments", Some(selection.pos))?;
        }
        Ok(sum)
    }
}

/// Lists of types and fields that may nest in an introspection query; graphql-js allows the same.
const MAX_INTROSPECTED_LISTS: usize = 2;

/// Refuses introspection where it is turned off, and introspection that nests lists of types and fields more than twice.
/// The document must have passed [`check`].
///
/// # Errors
/// The offending `__schema` or `__type`, with its place.
pub(super) fn check_introspection(document: &ExecutableDocument, limits: &Limits) -> Result<(), ServerError> {
    let operations = document.operations.iter().map(|(_, operation)| &operation.node.selection_set.node);
    let fragments = document.fragments.values().map(|fragment| &fragment.node.selection_set.node);
    operations.chain(fragments).try_for_each(|set| find_introspection(document, limits, set))
}

fn find_introspection(document: &ExecutableDocument, limits: &Limits, set: &SelectionSet) -> Result<(), ServerError> {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) if matches!(&*field.node.name.node, "__schema" | "__type") => {
                if !limits.introspection {
                    return Err(Code::Forbidden
                        .server_error("Introspection is turned off on this server.", Some(selection.pos)));
                }
                if lists(document, &field.node.selection_set.node) > MAX_INTROSPECTED_LISTS {
                    let message = format!(
                        "Introspection may nest lists of types and fields {MAX_INTROSPECTED_LISTS} times, not more."
                    );
                    return Err(Code::LimitExceeded.server_error(message, Some(selection.pos)));
                }
            }
            Selection::Field(field) => {
                find_introspection(document, limits, &field.node.selection_set.node)?;
            }
            Selection::InlineFragment(inline) => {
                find_introspection(document, limits, &inline.node.selection_set.node)?;
            }
            // Fragments are looked at by themselves.
            Selection::FragmentSpread(_) => {}
        }
    }
    Ok(())
}

/// How many lists nest in a set. Expands fragments: bounded, since the document's expanded selections are.
fn lists(document: &ExecutableDocument, set: &SelectionSet) -> usize {
    let deepest = set.items.iter().map(|selection| match &selection.node {
        Selection::Field(field) => {
            let is_list = matches!(&*field.node.name.node, "fields" | "interfaces" | "possibleTypes" | "inputFields");
            lists(document, &field.node.selection_set.node) + usize::from(is_list)
        }
        Selection::InlineFragment(inline) => lists(document, &inline.node.selection_set.node),
        Selection::FragmentSpread(spread) => {
            let fragment = document.fragments.get(&spread.node.fragment_name.node);
            fragment.map_or(0, |fragment| lists(document, &fragment.node.selection_set.node))
        }
    });
    deepest.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use async_graphql::parser::parse_query;

    use super::*;

    fn refusal(document: &str, limits: &Limits) -> Option<String> {
        let document = parse_query(document).unwrap();
        check(&document, limits).and_then(|()| check_introspection(&document, limits)).err().map(|error| error.message)
    }

    /// Fragments that spread the next one eight times, twelve levels deep: 8^12 selections.
    fn bomb() -> String {
        let mut document = "{ ...F0 }".to_owned();
        for level in 0..12 {
            write!(document, " fragment F{level} on Query {{ {} }}", format!("...F{} ", level + 1).repeat(8)).unwrap();
        }
        document + " fragment F12 on Query { a }"
    }

    #[test]
    fn a_fragment_bomb_is_counted_without_being_expanded() {
        let document = parse_query(bomb()).unwrap();
        let unlimited =
            Limits { selections: usize::MAX, aliases: usize::MAX, root_fields: usize::MAX, ..Limits::DEFAULT };
        assert_eq!(
            measure(&document, &unlimited).unwrap(),
            1 + 12 * 8 + 1,
            "each selection of the text is looked at once"
        );
        assert!(refusal(&bomb(), &Limits::DEFAULT).unwrap().contains("more than 2000 selections"));
    }

    #[test]
    fn fragments_that_contain_themselves_are_refused() {
        let error = "Cannot spread fragment";
        assert!(refusal("{ ...A } fragment A on Query { a ...A }", &Limits::DEFAULT).unwrap().contains(error));
        assert!(
            refusal("{ ...A } fragment A on Query { ...B } fragment B on Query { a { ...A } }", &Limits::DEFAULT)
                .unwrap()
                .contains(error)
        );
        assert!(
            refusal("{ a } fragment A on Query { ...B } fragment B on Query { ...A }", &Limits::DEFAULT)
                .unwrap()
                .contains(error)
        );
        assert_eq!(refusal("{ ...A ...A b { ...A } } fragment A on Query { a }", &Limits::DEFAULT), None);
    }

    #[test]
    fn depth_counts_fields_through_fragments() {
        let deep = |n: usize| {
            format!("{} {} {}", "{ a".repeat(n - 1), "{ ...F }", "}".repeat(n - 1) + " fragment F on Query { b }")
        };
        assert_eq!(refusal(&deep(16), &Limits::DEFAULT), None);
        assert!(refusal(&deep(17), &Limits::DEFAULT).unwrap().contains("more than 16 levels of fields"));
        let inline = format!("{{ {} a {} }}", "... {".repeat(62), "}".repeat(62));
        assert_eq!(refusal(&inline, &Limits::DEFAULT), None);
    }

    #[test]
    fn aliases_and_root_fields_count_wherever_they_come_from() {
        let aliases = |n: usize| format!("{{ a {{ {} }} }}", "x: b ".repeat(n));
        assert_eq!(refusal(&aliases(100), &Limits::DEFAULT), None);
        assert!(refusal(&aliases(101), &Limits::DEFAULT).unwrap().contains("more than 100 aliases"));
        let spread = "{ b { ...F } c { ...F } } fragment F on Query { ".to_owned() + &"x: b ".repeat(51) + "}";
        assert!(refusal(&spread, &Limits::DEFAULT).unwrap().contains("more than 100 aliases"));
        let root = |n: usize| format!("{{ a ...F }} fragment F on Query {{ ... {{ {} }} }}", "b ".repeat(n));
        assert_eq!(refusal(&root(19), &Limits::DEFAULT), None);
        assert!(refusal(&root(20), &Limits::DEFAULT).unwrap().contains("more than 20 fields at its root"));
    }

    #[test]
    fn introspection_nests_lists_twice_or_not_at_all() {
        let twice = "{ __schema { types { fields { type { fields { name } } } } } }";
        assert_eq!(refusal(twice, &Limits::DEFAULT), None);
        let thrice = "{ __type(name: \"A\") { ...F } } fragment F on __Type { fields { type { fields { type { interfaces { name } } } } } }";
        assert!(refusal(thrice, &Limits::DEFAULT).unwrap().contains("not more"));
        let off = Limits { introspection: false, ..Limits::DEFAULT };
        assert!(refusal("{ a ... { __schema { queryType { name } } } }", &off).unwrap().contains("turned off"));
        assert_eq!(refusal("{ __typename a }", &off), None);
    }
}
