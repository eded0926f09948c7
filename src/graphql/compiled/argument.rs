//! The arguments of fields: values with variables replaced, defaults, and the reader's languages.

use super::{
    scalar::check,
    select::{PlanResult, RequestProblem, Selection},
};
use crate::{
    store::read::declare::{ArgumentDeclaration, Arguments, FieldDeclaration},
    text::language,
};
use async_graphql::{Positioned, Value, parser::types::Field as Selected};
use async_graphql_value::Value as InputValue;
use serde_json::Value as Json;

impl<'a> Selection<'a> {
    /// The coerced arguments of a field. Validation has checked their types already.
    ///
    /// # Errors
    /// Where a text is none of its scalar's.
    pub(super) fn arguments(&self, field: &FieldDeclaration, at: &'a Positioned<Selected>) -> PlanResult<Arguments> {
        let mut arguments = Arguments::new();
        for declared in &field.args {
            let value = self.argument(&at.node, declared.name).filter(|value| !value.is_null());
            if let Some(value) = &value {
                check(declared.scalar, value, declared.name)
                    .map_err(|message| RequestProblem::new(message, at.pos, &self.path))?;
            }
            if let Some(value) = value.or_else(|| default(declared)) {
                let value = if declared.list && !value.is_array() { Json::Array(vec![value]) } else { value };
                arguments.insert(declared.name.to_owned(), value);
            }
        }
        if field.reader_languages {
            // requested languages first, then the reader's
            let mut wanted: Vec<String> = match (arguments.get("languages"), arguments.get("language")) {
                (Some(Json::Array(tags)), _) => {
                    tags.iter().filter_map(|tag| tag.as_str().map(str::to_owned)).take(10).collect()
                }
                (_, Some(Json::String(tag))) => vec![tag.clone()],
                _ => vec![],
            };
            if !arguments.contains_key("language") {
                wanted.extend_from_slice(self.languages);
            }
            arguments.insert("languages".to_owned(), language::lookup(&wanted).into());
        }
        Ok(arguments)
    }

    /// The value of an argument, with variables replaced.
    #[must_use]
    pub fn argument(&self, field: &Selected, name: &str) -> Option<Json> {
        let (_, value) = field.arguments.iter().find(|(n, _)| n.node.as_str() == name)?;
        self.value(&value.node)
    }

    fn value(&self, value: &InputValue) -> Option<Json> {
        Some(match value {
            InputValue::Variable(name) => {
                let definitions = &self.ctx.query_env.operation.node.variable_definitions;
                let known: Option<Value> = self.ctx.query_env.variables.get(name).cloned().or_else(|| {
                    let definition = definitions.iter().find(|d| d.node.name.node == *name)?;
                    definition.node.default_value.as_ref().map(|value| value.node.clone())
                });
                return known.and_then(|value| value.into_json().ok());
            }
            InputValue::List(items) => {
                Json::Array(items.iter().map(|item| self.value(item).unwrap_or_default()).collect())
            }
            InputValue::Object(entries) => Json::Object(
                entries.iter().filter_map(|(name, value)| Some((name.to_string(), self.value(value)?))).collect(),
            ),
            InputValue::Null => Json::Null,
            InputValue::Number(number) => Json::Number(number.clone()),
            InputValue::String(text) => Json::String(text.clone()),
            InputValue::Boolean(truth) => Json::Bool(*truth),
            InputValue::Enum(name) => Json::String(name.to_string()),
            InputValue::Binary(_) => return None,
        })
    }
}

fn default(declared: &ArgumentDeclaration) -> Option<Json> {
    let literal = declared.default?;
    // defaults are numbers, booleans and enum values
    Some(serde_json::from_str(literal).unwrap_or_else(|_| Json::String(literal.to_owned())))
}
