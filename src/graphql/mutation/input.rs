//! The input types of mutations: the forms of `domain::edit::form`, and the input of `applyChanges`. Also normalizes
//! given values to the format of the forms.

use super::declare::{CHANGES, ChangeArguments};
use crate::{
    domain::{
        edit::form::{Entry, FORMS, Form, InputType},
        shape::Shape,
    },
    graphql::compiled::scalar,
    store::read::declare::{Enumeration, Scalar},
};
use async_graphql::registry::{InputObjectBuilder, MetaInputValue, Registry};
use serde_json::{Map, Value as Json};

// ---- schema

/// Registers all input types.
pub(super) fn register(registry: &mut Registry) {
    for form in FORMS.values() {
        let fields = form.entries.iter().map(|entry| {
            let ty = format!("{}{}", type_of(registry, &entry.input_type), if entry.required { "!" } else { "" });
            (entry.name.clone(), ty, entry.doc.clone())
        });
        let fields = fields.collect::<Vec<_>>();
        object(registry, &form.name, &form.doc, fields, false);
    }
    let mut fields = vec![];
    for change in &*CHANGES {
        if let ChangeArguments::Arguments(arguments) = &change.arguments {
            let of = arguments.iter().map(|a| (a.name.to_owned(), a.ty.clone(), a.doc.to_owned())).collect();
            object(registry, &change.input, change.input_doc, of, false);
        }
        fields.push((change.name.clone(), change.input.clone(), change.doc.clone()));
    }
    object(registry, "ChangeInput", "One of many changes. Exactly one field must be given.", fields, true);
}

fn object(registry: &mut Registry, name: &str, doc: &str, fields: Vec<(String, String, String)>, is_one_of: bool) {
    let fields = fields.into_iter().map(|(name, ty, doc)| {
        let mut meta = MetaInputValue::new(name.as_str(), ty);
        meta.description = Some(doc);
        (name, meta)
    });
    let built = InputObjectBuilder::new(name, fields.collect());
    registry.types.insert(name.to_owned(), built.description(Some(doc.to_owned())).oneof(is_one_of).build());
}

fn type_of(registry: &mut Registry, input_type: &InputType) -> String {
    match input_type {
        InputType::One(shape) => scalar(registry, scalar_of(*shape)),
        InputType::Form(name) => name.clone(),
        InputType::List(of) => format!("[{}!]", type_of(registry, of)),
    }
}

fn scalar_of(shape: Shape) -> Scalar {
    match shape {
        Shape::Line(_)
        | Shape::Prose(_)
        | Shape::SourceLine(_)
        | Shape::SourceText(_)
        | Shape::SourcePart(_)
        | Shape::Key
        | Shape::CountryCode
        | Shape::Duration
        | Shape::Constant(_) => Scalar::Text,
        Shape::Id | Shape::Reference(_) => Scalar::Id,
        Shape::Url => Scalar::Url,
        Shape::Language => Scalar::LanguageTag,
        Shape::Day => Scalar::Date,
        Shape::Time => Scalar::DateTime,
        Shape::Edtf => Scalar::Edtf,
        Shape::Integer(..) => Scalar::Int,
        Shape::Number(..) => Scalar::Float,
        Shape::Boolean => Scalar::Boolean,
        Shape::Vocabulary(of) => Scalar::Enumeration(Enumeration { name: of.name, doc: of.doc, values: of.values }),
        // forms have other variants for objects and lists
        Shape::Object(_) | Shape::List(..) | Shape::Any => Scalar::Json,
    }
}

// ---- values

/// A given value in the format of a form: lists as lists, ids as texts. Validation has checked its types already.
pub(super) fn normalized(form: &Form, given: Json) -> Map<String, Json> {
    let Json::Object(mut fields) = given else {
        return Map::new();
    };
    normalize_fields(&form.entries, &mut fields);
    fields
}

/// The same for a list of forms.
pub(super) fn normalized_list(form: &str, given: Json) -> Json {
    normalize(&InputType::List(Box::new(InputType::Form(form.to_owned()))), given)
}

/// An id as text. GraphQL accepts integers for ids as well.
pub(super) fn id(given: Json) -> Json {
    if let Json::Number(number) = given { Json::String(number.to_string()) } else { given }
}

fn normalize_fields(entries: &[Entry], fields: &mut Map<String, Json>) {
    for entry in entries {
        if let Some(value) = fields.get_mut(&entry.name) {
            *value = normalize(&entry.input_type, value.take());
        }
    }
}

fn normalize(input_type: &InputType, given: Json) -> Json {
    match (input_type, given) {
        (_, Json::Null) => Json::Null,
        (InputType::List(of), Json::Array(items)) => items.into_iter().map(|item| normalize(of, item)).collect(),
        // GraphQL accepts a single value as a list of one
        (InputType::List(of), one) => Json::Array(vec![normalize(of, one)]),
        (InputType::Form(name), Json::Object(mut fields)) => {
            if let Some(form) = FORMS.get(name) {
                normalize_fields(&form.entries, &mut fields);
            }
            Json::Object(fields)
        }
        (InputType::One(Shape::Id | Shape::Reference(_)), given) => id(given),
        (_, given) => given,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::edit::form::{of_create, of_update};
    use entity::vocabulary::RecordKind;
    use serde_json::json;

    #[test]
    fn a_single_value_becomes_a_list_at_any_depth() {
        let given = json!({ "names": { "text": "a" }, "participants": { "role": "HOST", "citations": { "article": 7, "quote": "q" } } });
        let normalized = normalized(of_create(RecordKind::Event), given);
        assert_eq!(
            Json::Object(normalized),
            json!({ "names": [{ "text": "a" }], "participants": [{ "role": "HOST", "citations": [{ "article": "7", "quote": "q" }] }] })
        );
    }

    #[test]
    fn null_stays_null_and_absent_stays_absent() {
        let normalized = normalized(
            of_update(RecordKind::Person),
            json!({ "born": null, "nationalities": null, "removeNationalities": [1, "b"] }),
        );
        assert_eq!(
            Json::Object(normalized),
            json!({ "born": null, "nationalities": null, "removeNationalities": ["1", "b"] })
        );
    }
}
