//! Finds the argument for which a variable is used, for messages.

use std::collections::HashSet;

use async_graphql::{
    Name, Positioned,
    parser::types::{ExecutableDocument, OperationDefinition, Selection, SelectionSet},
};
use async_graphql_value::Value as Literal;

/// The path of the first argument that takes a variable as a part: `input.participants[0].count`. Nothing if the variable is the whole
/// argument of the same name, or is not used.
pub(super) fn of_variable(
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variable: &Name,
) -> Option<String> {
    let mut search = Search { document, variable, seen: HashSet::new() };
    let path = search.in_selection(&operation.selection_set)?;
    (path != [variable.to_string()]).then(|| path.concat())
}

struct Search<'a> {
    document: &'a ExecutableDocument,
    variable: &'a Name,
    /// The fragments that were searched.
    seen: HashSet<&'a Name>,
}

impl<'a> Search<'a> {
    fn in_selection(&mut self, set: &'a Positioned<SelectionSet>) -> Option<Vec<String>> {
        set.node.items.iter().find_map(|item| match &item.node {
            Selection::Field(field) => {
                let of_argument = |(name, value): &(Positioned<Name>, Positioned<Literal>)| {
                    self.in_value(&value.node).map(|path| [vec![name.node.to_string()], path].concat())
                };
                let found = field.node.arguments.iter().find_map(of_argument);
                found.or_else(|| self.in_selection(&field.node.selection_set))
            }
            Selection::InlineFragment(fragment) => self.in_selection(&fragment.node.selection_set),
            Selection::FragmentSpread(spread) => {
                let (name, fragment) = self.document.fragments.get_key_value(&spread.node.fragment_name.node)?;
                if self.seen.insert(name) { self.in_selection(&fragment.node.selection_set) } else { None }
            }
        })
    }

    /// The path of the variable in a literal.
    fn in_value(&self, value: &Literal) -> Option<Vec<String>> {
        let below = |step: String, value: &Literal| self.in_value(value).map(|path| [vec![step], path].concat());
        match value {
            Literal::Variable(name) => (name == self.variable).then(Vec::new),
            Literal::List(items) => {
                items.iter().enumerate().find_map(|(index, item)| below(format!("[{index}]"), item))
            }
            Literal::Object(fields) => fields.iter().find_map(|(name, field)| below(format!(".{name}"), field)),
            _ => None,
        }
    }
}
