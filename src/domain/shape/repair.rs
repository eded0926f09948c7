//! Replaces wrong fields by placeholders, so that the other fields can be checked too. A repaired value is never stored.

use entity::Id;
use serde_json::{Map, Value, json};

use super::{Object, Shape};

/// Removes the field of a problem, or replaces it by a placeholder if it is required.
pub fn repair(value: &mut Value, object: &'static Object, field: &[String]) {
    let [name, rest @ ..] = field else { return };
    let (Value::Object(fields), Some(declared)) = (value, object.field(name)) else {
        return;
    };
    if rest.is_empty() {
        if declared.required {
            fields.insert(name.clone(), placeholder(declared.shape, 0));
        } else {
            fields.shift_remove(name.as_str());
        }
    } else if let Some(inner) = fields.get_mut(name.as_str()) {
        repair_inner(inner, declared.shape, rest);
    }
}

fn repair_inner(value: &mut Value, shape: Shape, field: &[String]) {
    match shape {
        Shape::Object(object) => repair(value, object, field),
        Shape::List(item, _) => {
            let [position, rest @ ..] = field else { return };
            let Some((index, inner)) =
                position.parse::<usize>().ok().and_then(|index| Some((index, value.as_array_mut()?.get_mut(index)?)))
            else {
                return;
            };
            if rest.is_empty() {
                *inner = placeholder(*item, index);
            } else {
                repair_inner(inner, *item, rest);
            }
        }
        _ => {}
    }
}

pub(crate) fn placeholder(shape: Shape, index: usize) -> Value {
    match shape {
        Shape::Line(_)
        | Shape::Prose(_)
        | Shape::SourceLine(_)
        | Shape::SourceText(_)
        | Shape::SourcePart(_)
        | Shape::Any => json!("?"),
        Shape::Key => format!("placeholder-{index}").into(),
        Shape::Id | Shape::Reference(_) => Id::NIL.to_string().into(),
        Shape::Url => format!("http://placeholder.invalid/{index}").into(),
        Shape::Language => "und".into(),
        Shape::CountryCode => "LY".into(),
        Shape::Day | Shape::Edtf => "2000-01-01".into(),
        Shape::Time => "2000-01-01T00:00:00.000Z".into(),
        Shape::Duration => "P1D".into(),
        Shape::Integer(least, _) => least.into(),
        Shape::Number(least, _) => least.into(),
        Shape::Boolean => false.into(),
        Shape::Vocabulary(vocabulary) => vocabulary.values.first().map_or("", |(value, _)| value).into(),
        Shape::Constant(constant) => constant.into(),
        Shape::List(..) => json!([]),
        Shape::Object(object) => object
            .all_fields()
            .filter(|field| field.required)
            .map(|field| (field.name.to_owned(), placeholder(field.shape, index)))
            .collect::<Map<_, _>>()
            .into(),
    }
}
