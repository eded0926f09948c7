//! Validation rules that async-graphql lacks or gets wrong:
//!
//! - Types of variables that are unknown or not input types (async-graphql panics on some).
//! - Variables in positions of another type. This replaces the rule of async-graphql, which refuses `[T!]!` for `[T!]`.
//! - Literals and defaults of input types (see `value`).
//! - `__typename` with arguments, selections or unknown directives.

use std::collections::HashSet;

use async_graphql::{
    Name, Pos, Positioned, ServerError,
    parser::types::{
        BaseType, Directive, DocumentOperations, ExecutableDocument, InlineFragment, OperationDefinition,
        OperationType, Selection, SelectionSet, Type, VariableDefinition,
    },
    registry::{MetaField, MetaInputValue, MetaType, MetaTypeName, Registry},
};
use async_graphql_value::Value;

use super::{error::Code::BadUserInput, value};

/// Of async-graphql's errors, those that the rules here replace. Its check of values depends on the variables of the request, so its
/// result must not be cached.
pub(super) fn is_replaced(error: &ServerError) -> bool {
    error.message.contains("used in position expecting type") || error.message.starts_with("Invalid value for argument")
}

/// Moves directives of `__typename` to an inline fragment around it, because async-graphql ignores them on
/// `__typename`. The result is the same for the client.
pub(super) fn wrap_typenames(document: &mut ExecutableDocument) {
    fn wrap(set: &mut SelectionSet) {
        for selection in &mut set.items {
            let pos = selection.pos;
            match &mut selection.node {
                Selection::Field(field)
                    if field.node.name.node == "__typename" && !field.node.directives.is_empty() =>
                {
                    let directives = std::mem::take(&mut field.node.directives);
                    let inner = SelectionSet { items: vec![Positioned::new(Selection::Field(field.clone()), pos)] };
                    let inline =
                        InlineFragment { type_condition: None, directives, selection_set: Positioned::new(inner, pos) };
                    selection.node = Selection::InlineFragment(Positioned::new(inline, pos));
                }
                Selection::Field(field) => wrap(&mut field.node.selection_set.node),
                Selection::InlineFragment(inline) => wrap(&mut inline.node.selection_set.node),
                Selection::FragmentSpread(_) => {}
            }
        }
    }
    selection_sets(document).into_iter().for_each(wrap);
}

/// The selection sets of all operations and fragments.
pub(super) fn selection_sets(document: &mut ExecutableDocument) -> Vec<&mut SelectionSet> {
    let operations = match &mut document.operations {
        DocumentOperations::Single(operation) => vec![operation],
        DocumentOperations::Multiple(operations) => operations.values_mut().collect(),
    };
    let fragments = document.fragments.values_mut().map(|fragment| &mut fragment.node.selection_set.node);
    operations.into_iter().map(|operation| &mut operation.node.selection_set.node).chain(fragments).collect()
}

/// Refuses variables of unknown types and of types that are not input types. Must run before the other checks of
/// variables.
///
/// # Errors
/// The first such variable.
pub(super) fn check_variable_types(registry: &Registry, document: &ExecutableDocument) -> Result<(), ServerError> {
    let definitions = document.operations.iter().flat_map(|(_, operation)| &operation.node.variable_definitions);
    for definition in definitions {
        let mut ty = &definition.node.var_type.node;
        let name = loop {
            match &ty.base {
                BaseType::List(of) => ty = of,
                BaseType::Named(name) => break name,
            }
        };
        let message = match registry.types.get(name.as_str()) {
            None => format!("Unknown type \"{name}\"."),
            Some(known) if !known.is_input() => {
                format!("Variable \"${}\" cannot be of type \"{name}\": it is no input type.", definition.node.name)
            }
            Some(_) => continue,
        };
        return Err(BadUserInput.server_error(message, Some(definition.pos)));
    }
    Ok(())
}

/// All other rules, for a document whose fragments and variable types are valid. async-graphql reports unknown fields,
/// arguments and fragments.
pub(super) fn check(registry: &Registry, document: &ExecutableDocument) -> Vec<ServerError> {
    let mut errors = Vec::new();
    for (_, operation) in document.operations.iter() {
        walk(registry, document, &operation.node, &[], &mut errors);
    }
    errors
}

/// Refuses variables that are null in a position that does not allow null. `nulls` are the variables that are null although they have
/// another default. Must run on every request, after [`check`].
///
/// # Errors
/// The first such position.
pub(super) fn check_nulls(
    registry: &Registry,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    nulls: &[Name],
) -> Result<(), ServerError> {
    let mut errors = Vec::new();
    if !nulls.is_empty() {
        walk(registry, document, operation, nulls, &mut errors);
    }
    errors.into_iter().next().map_or(Ok(()), Err)
}

fn walk(
    registry: &Registry,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    nulls: &[Name],
    errors: &mut Vec<ServerError>,
) {
    let mut walk = Walk { registry, document, operation, nulls, spread: HashSet::new(), errors };
    for definition in &operation.variable_definitions {
        walk.default(&definition.node, definition.pos);
    }
    let root = match operation.ty {
        OperationType::Query => Some(&registry.query_type),
        OperationType::Mutation => registry.mutation_type.as_ref(),
        OperationType::Subscription => registry.subscription_type.as_ref(),
    };
    walk.directives(&operation.directives);
    walk.set(root.and_then(|root| registry.types.get(root)), &operation.selection_set.node);
}

/// One operation with the fragments that it reaches.
struct Walk<'a, 'e> {
    registry: &'a Registry,
    document: &'a ExecutableDocument,
    operation: &'a OperationDefinition,
    /// Variables that are null.
    nulls: &'a [Name],
    /// Fragments that were walked already.
    spread: HashSet<&'a str>,
    errors: &'e mut Vec<ServerError>,
}

impl<'a> Walk<'a, '_> {
    fn refuse(&mut self, at: Pos, message: String) {
        self.errors.push(BadUserInput.server_error(message, Some(at)));
    }

    fn default(&mut self, definition: &VariableDefinition, at: Pos) {
        let Some(default) = &definition.default_value else {
            return;
        };
        if let Err(problem) =
            value::default(self.registry, &definition.name.node, &definition.var_type.node, &default.node)
        {
            self.refuse(
                at,
                format!("Variable \"${}\" has an invalid default value at {problem}.", definition.name.node),
            );
        }
    }

    fn set(&mut self, parent: Option<&'a MetaType>, set: &'a SelectionSet) {
        for selection in &set.items {
            self.directives(selection.node.directives());
            match &selection.node {
                Selection::Field(field) if field.node.name.node == "__typename" => {
                    if !field.node.arguments.is_empty() || !field.node.selection_set.node.items.is_empty() {
                        self.refuse(field.pos, "Field \"__typename\" takes no arguments and has no fields.".to_owned());
                    }
                }
                Selection::Field(field) => {
                    let known = parent.and_then(|parent| parent.field_by_name(&field.node.name.node));
                    if let Some(known) = known {
                        for (name, given) in &field.node.arguments {
                            if let Some(argument) = known.args.get(name.node.as_str()) {
                                self.argument(argument, given);
                            }
                        }
                    }
                    self.set(known.and_then(|known| self.type_of(known)), &field.node.selection_set.node);
                }
                Selection::FragmentSpread(spread) => {
                    let name = spread.node.fragment_name.node.as_str();
                    if let Some(fragment) = self.document.fragments.get(name)
                        && self.spread.insert(name)
                    {
                        let on = self.registry.types.get(fragment.node.type_condition.node.on.node.as_str());
                        self.directives(&fragment.node.directives);
                        self.set(on, &fragment.node.selection_set.node);
                    }
                }
                Selection::InlineFragment(inline) => {
                    let on = match &inline.node.type_condition {
                        Some(condition) => self.registry.types.get(condition.node.on.node.as_str()),
                        None => parent,
                    };
                    self.set(on, &inline.node.selection_set.node);
                }
            }
        }
    }

    fn type_of(&self, field: &MetaField) -> Option<&'a MetaType> {
        self.registry.types.get(MetaTypeName::concrete_typename(&field.ty))
    }

    fn directives(&mut self, directives: &'a [Positioned<Directive>]) {
        for directive in directives {
            let Some(known) = self.registry.directives.get(directive.node.name.node.as_str()) else {
                continue;
            };
            for (name, given) in &directive.node.arguments {
                if let Some(argument) = known.args.get(name.node.as_str()) {
                    self.argument(argument, given);
                }
            }
        }
    }

    fn argument(&mut self, argument: &'a MetaInputValue, given: &'a Positioned<Value>) {
        if let Err(problem) = value::literal(self.registry, argument, &given.node) {
            self.refuse(given.pos, format!("Invalid value for argument {problem}."));
        }
        self.positions(&argument.ty, argument.default_value.is_some(), false, &given.node, given.pos);
    }

    /// Checks the type of each variable in a value against the type of its position. `has_default`: the position has a
    /// default; `oneof`: the position is the field of a `@oneOf` object.
    fn positions(&mut self, ty: &'a str, has_default: bool, oneof: bool, given: &'a Value, at: Pos) {
        let bare = ty.strip_suffix('!').unwrap_or(ty);
        match given {
            Value::Variable(name) => {
                let operation = self.operation;
                // async-graphql reports undefined variables.
                let Some(definition) =
                    operation.variable_definitions.iter().find(|definition| definition.node.name.node == *name)
                else {
                    return;
                };
                let variable = &definition.node.var_type.node;
                let optional = has_default
                    || definition
                        .node
                        .default_value
                        .as_ref()
                        .is_some_and(|default| default.node != async_graphql::Value::Null);
                if ty.ends_with('!') && self.nulls.contains(name) {
                    let message = format!("Variable \"${name}\" must not be null where \"{ty}\" is expected.");
                    return self.refuse(at, message);
                }
                let wanted = if variable.nullable && optional { bare } else { ty };
                if !is_subtype(variable, wanted) || (oneof && variable.nullable) {
                    let wanted = if oneof { format!("{bare}!") } else { ty.to_owned() };
                    self.refuse(
                        at,
                        format!("Variable \"${name}\" of type \"{variable}\" is used where \"{wanted}\" is expected."),
                    );
                }
            }
            Value::List(items) => {
                let of = bare.strip_prefix('[').and_then(|of| of.strip_suffix(']')).unwrap_or(bare);
                for item in items {
                    self.positions(of, false, false, item, at);
                }
            }
            Value::Object(fields) => {
                let Some(MetaType::InputObject { input_fields, oneof, .. }) =
                    self.registry.types.get(MetaTypeName::concrete_typename(bare))
                else {
                    return;
                };
                for (name, given) in fields {
                    if let Some(field) = input_fields.get(name.as_str()) {
                        self.positions(&field.ty, field.default_value.is_some(), *oneof, given, at);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Whether every value of a variable's type is allowed in a position of type `place`.
fn is_subtype(variable: &Type, place: &str) -> bool {
    let bare = match (place.strip_suffix('!'), variable.nullable) {
        (Some(_), true) => return false,
        (Some(bare), false) => bare,
        (None, _) => place,
    };
    match (&variable.base, bare.strip_prefix('[').and_then(|of| of.strip_suffix(']'))) {
        (BaseType::List(of), Some(place)) => is_subtype(of, place),
        (BaseType::Named(name), None) => name == bare,
        _ => false,
    }
}
