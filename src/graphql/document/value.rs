//! Checks values against input types: variables for every request, literals once per document.
//!
//! async-graphql itself accepts a missing required variable, integers of more than 32 bits, strings as enum literals,
//! and scalars for input objects.

use std::{convert::Infallible, fmt::Write as _};

use async_graphql::{
    Name, ServerError, Value, Variables,
    parser::types::{BaseType, ExecutableDocument, OperationDefinition, Type},
    registry::{MetaInputValue, MetaType, MetaTypeName, Registry},
};
use async_graphql_value::Value as Literal;

use super::{
    error::Code::{BadUserInput, LimitExceeded},
    lexical::MAX_VALUE_NESTING,
    usage,
};
use crate::text::article::with_article;

/// The path of a value in a variable or an argument.
struct Path<'a> {
    outer: Option<&'a Path<'a>>,
    step: Step<'a>,
}

enum Step<'a> {
    Root(&'a str),
    Key(&'a str),
    Index(usize),
}

/// The path and the problem: `"where.kind.in[1]": "X" is not a value of EventKind`.
type ValueProblem = String;

impl Path<'_> {
    fn write(&self, text: &mut String) {
        if let Some(outer) = self.outer {
            outer.write(text);
        }
        match self.step {
            Step::Root(name) => text.push_str(name),
            Step::Key(name) => {
                text.push('.');
                text.push_str(name);
            }
            // Writing to a String does not fail.
            Step::Index(index) => drop(write!(text, "[{index}]")),
        }
    }

    fn problem(&self, what: impl std::fmt::Display) -> ValueProblem {
        let mut text = String::from('"');
        self.write(&mut text);
        let _ = write!(text, "\": {what}");
        text
    }
}

/// Coerces the variables of an operation as the specification says: refuses missing and invalid values, and adds
/// defaults, which async-graphql forgets in `@skip` and `@include`. Gives the variables that are null although they have another
/// default: because of the default they may be in a position that does not allow null.
pub(super) fn coerce(
    registry: &Registry,
    document: &ExecutableDocument,
    operation: &OperationDefinition,
    variables: &mut Variables,
) -> Result<Vec<Name>, ServerError> {
    let mut nulls = vec![];
    for definition in &operation.variable_definitions {
        let (name, ty) = (&definition.node.name.node, &definition.node.var_type.node);
        let refuse = |message: String| Err(BadUserInput.server_error(message, Some(definition.pos)));
        match variables.get_mut(name) {
            None => match &definition.node.default_value {
                Some(default) => drop(variables.insert(name.clone(), default.node.clone())),
                None if !ty.nullable => {
                    return refuse(format!("Variable \"${name}\" of required type \"{ty}\" was not provided."));
                }
                None => {}
            },
            Some(Value::Null) if !ty.nullable => {
                return refuse(format!("Variable \"${name}\" of type \"{ty}\" must not be null."));
            }
            Some(Value::Null) => {
                if definition.node.default_value.as_ref().is_some_and(|default| default.node != Value::Null) {
                    nulls.push(name.clone());
                }
            }
            Some(value) => {
                if nesting(value) > MAX_VALUE_NESTING {
                    let message =
                        format!("Variable \"${name}\" has more than {MAX_VALUE_NESTING} nested lists and objects.");
                    return Err(LimitExceeded.server_error(message, Some(definition.pos)));
                }
                make_whole(value);
                let check = Check { registry, literal: false };
                if let Err(problem) = check.parsed(ty, value, &Path { outer: None, step: Step::Root(name) }) {
                    let used = usage::of_variable(document, operation, name);
                    let used = used.map(|argument| format!(" It is used for \"{argument}\".")).unwrap_or_default();
                    return refuse(format!("Variable \"${name}\" got an invalid value at {problem}.{used}"));
                }
            }
        }
    }
    Ok(nulls)
}

/// Turns numbers such as `10.0` into whole numbers. JSON has one type of number, and some clients write every number so.
fn make_whole(value: &mut Value) {
    /// The first number with a neighbour that a float cannot express.
    const FIRST_INEXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        Value::Number(number) if number.is_f64() => {
            let float = number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() < FIRST_INEXACT);
            if let Some(whole) = float.and_then(|float| format!("{float:.0}").parse::<i64>().ok()) {
                *number = whole.into();
            }
        }
        Value::List(items) => items.iter_mut().for_each(make_whole),
        Value::Object(fields) => fields.values_mut().for_each(make_whole),
        _ => {}
    }
}

/// The nesting of lists and objects.
fn nesting(value: &Value) -> usize {
    match value {
        Value::List(items) => 1 + items.iter().map(nesting).max().unwrap_or(0),
        Value::Object(fields) => 1 + fields.values().map(nesting).max().unwrap_or(0),
        _ => 0,
    }
}

/// Checks a literal, which may contain variables, against the type of its argument.
pub(super) fn literal(registry: &Registry, argument: &MetaInputValue, value: &Literal) -> Result<(), ValueProblem> {
    // Binary values, which no literal contains, represent variables. They are valid everywhere, because `rules` checks
    // their types.
    let variable = |_| Ok::<_, Infallible>(Value::Binary(Vec::new().into()));
    let Ok(value) = value.clone().into_const_with(variable);
    Check { registry, literal: true }.named(
        &argument.ty,
        &value,
        &Path { outer: None, step: Step::Root(&argument.name) },
    )
}

/// Checks the default of a variable against its type.
pub(super) fn default(registry: &Registry, name: &str, ty: &Type, value: &Value) -> Result<(), ValueProblem> {
    Check { registry, literal: true }.parsed(ty, value, &Path { outer: None, step: Step::Root(name) })
}

struct Check<'a> {
    registry: &'a Registry,
    /// In a literal an enum value is a name; in JSON it is a string.
    literal: bool,
}

impl Check<'_> {
    /// Against a type as a document writes it.
    fn parsed(&self, ty: &Type, value: &Value, path: &Path) -> Result<(), ValueProblem> {
        match (value, &ty.base) {
            (Value::Null, _) if ty.nullable => Ok(()),
            (Value::Null, _) => Err(path.problem(format_args!("{ty} must not be null"))),
            (Value::List(items), BaseType::List(of)) => each(items, path, |item, path| self.parsed(of, item, path)),
            (value, BaseType::List(of)) => self.parsed(of, value, path),
            (value, BaseType::Named(name)) => self.bare(name, value, path),
        }
    }

    /// Against a type as the registry writes it.
    fn named(&self, ty: &str, value: &Value, path: &Path) -> Result<(), ValueProblem> {
        match (MetaTypeName::create(ty), value) {
            (MetaTypeName::NonNull(_), Value::Null) => Err(path.problem(format_args!("{ty} must not be null"))),
            (MetaTypeName::NonNull(of), value) => self.named(of, value, path),
            (_, Value::Null) => Ok(()),
            (MetaTypeName::List(of), Value::List(items)) => each(items, path, |item, path| self.named(of, item, path)),
            (MetaTypeName::List(of), value) => self.named(of, value, path),
            (MetaTypeName::Named(name), value) => self.bare(name, value, path),
        }
    }

    fn bare(&self, name: &str, value: &Value, path: &Path) -> Result<(), ValueProblem> {
        if self.literal && matches!(value, Value::Binary(_)) {
            return Ok(());
        }
        let fits = match (name, self.registry.types.get(name)) {
            ("Int", _) => match value {
                Value::Number(number) => {
                    let fits = number.as_i64().is_some_and(|number| i32::try_from(number).is_ok());
                    return if fits {
                        Ok(())
                    } else {
                        Err(path.problem(format_args!("{number} is not an Int (a whole number of 32 bits)")))
                    };
                }
                _ => false,
            },
            ("Float", _) => matches!(value, Value::Number(_)),
            ("String", _) => matches!(value, Value::String(_)),
            ("Boolean", _) => matches!(value, Value::Boolean(_)),
            ("ID", _) => {
                matches!(value, Value::String(_))
                    || matches!(value, Value::Number(number) if number.is_i64() || number.is_u64())
            }
            (_, Some(MetaType::Scalar { is_valid, .. })) => is_valid.as_ref().is_none_or(|is_valid| is_valid(value)),
            (_, Some(MetaType::Enum { enum_values, .. })) => {
                let known = match value {
                    Value::Enum(given) => enum_values.contains_key(given.as_str()),
                    Value::String(given) => !self.literal && enum_values.contains_key(given),
                    _ => false,
                };
                return if known {
                    Ok(())
                } else {
                    Err(path.problem(format_args!("{} is not a value of {name}", short(value))))
                };
            }
            (_, Some(MetaType::InputObject { input_fields, oneof, .. })) => {
                let Value::Object(fields) = value else {
                    return Err(path.problem(format_args!("{} is not an object, as {name} is", short(value))));
                };
                return self.object(name, input_fields.values(), *oneof, fields, path);
            }
            _ => false,
        };
        if fits { Ok(()) } else { Err(path.problem(format_args!("{} is not {}", short(value), with_article(name)))) }
    }

    fn object<'f>(
        &self,
        name: &str,
        known: impl Iterator<Item = &'f MetaInputValue> + Clone,
        oneof: bool,
        given: &async_graphql::indexmap::IndexMap<Name, Value>,
        path: &Path,
    ) -> Result<(), ValueProblem> {
        if oneof && (given.len() != 1 || given.values().any(|value| *value == Value::Null)) {
            return Err(path.problem(format_args!("{name} takes exactly one field, and no null")));
        }
        if let Some(stranger) = given.keys().find(|key| known.clone().all(|field| field.name != key.as_str())) {
            return Err(path.problem(format_args!("{name} has no field \"{stranger}\"")));
        }
        for field in known {
            let path = Path { outer: Some(path), step: Step::Key(&field.name) };
            match given.get(field.name.as_str()) {
                Some(value) => self.named(&field.ty, value, &path)?,
                None if field.ty.ends_with('!') && field.default_value.is_none() => {
                    return Err(path.problem(format_args!("{} is required", field.ty)));
                }
                None => {}
            }
        }
        Ok(())
    }
}

fn each(
    items: &[Value],
    path: &Path,
    check: impl Fn(&Value, &Path) -> Result<(), ValueProblem>,
) -> Result<(), ValueProblem> {
    items
        .iter()
        .enumerate()
        .try_for_each(|(index, item)| check(item, &Path { outer: Some(path), step: Step::Index(index) }))
}

/// A value for a message, shortened.
fn short(value: &Value) -> String {
    const LONGEST: usize = 60;
    let text = match value {
        Value::List(_) => return "a list".to_owned(),
        Value::Object(_) => return "an object".to_owned(),
        value => value.to_string(),
    };
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}
