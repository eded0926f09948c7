//! Checks a JSON value against its shape. Reports every problem, and brings correct values into canonical form.

use std::borrow::Cow;

use entity::{Id, vocabulary::UserErrorCode};
use serde_json::Value;

use crate::{
    date::{Duration, Edtf},
    domain::{
        problem::{Path, Problem, quoted},
        rule,
    },
};

use super::{Object, Shape, VocabularyShape};

/// Checks a value against its shape and brings it into canonical form. Adds every problem to the list. A value with a problem must
/// not be used.
pub fn check(value: &mut Value, shape: Shape, path: &Path<'_>, problems: &mut Vec<Problem>) {
    let outcome = match shape {
        Shape::Line(max) => text(value, max, path, problems, |text| rule::line(text).map(Some)),
        Shape::Prose(max) => text(value, max, path, problems, |text| rule::prose(text).map(Some)),
        Shape::SourceLine(max) => text(value, max, path, problems, |text| rule::source_line(text).map(|()| None)),
        Shape::SourceText(max) => text(value, max, path, problems, |text| rule::source_text(text).map(|()| None)),
        Shape::SourcePart(max) => text(value, max, path, problems, |text| rule::source_part(text).map(|()| None)),
        Shape::Key => text(value, 200, path, problems, |text| rule::key(text).map(|()| None)),
        Shape::Id => text(value, 36, path, problems, |text| {
            text.parse::<Id>()
                .map(|id| Some(id.to_string()))
                .map_err(|_| "is not an id: use a UUID with hyphens".into())
        }),
        Shape::Reference(_) => text(value, 200, path, problems, |text| {
            if text.parse::<Id>().is_ok() {
                Ok(Some(text.to_ascii_lowercase()))
            } else {
                rule::key(text).map(|()| None)
            }
        }),
        Shape::Url => text(value, 300, path, problems, |text| rule::url(text).map(Some)),
        Shape::Language => text(value, 300, path, problems, |text| rule::language(text).map(Some)),
        Shape::CountryCode => text(value, 300, path, problems, |text| rule::country_code(text).map(|()| None)),
        Shape::Day => text(value, 300, path, problems, |text| rule::day(text).map(|_| None)),
        Shape::Time => text(value, 300, path, problems, |text| rule::time(text).map(|_| None)),
        Shape::Edtf => text(value, 300, path, problems, |text| match text.parse::<Edtf>() {
            Ok(date) => Ok(Some(date.to_string())),
            Err(error) => Err(format!("is not a date in EDTF: {error}")),
        }),
        Shape::Duration => text(value, 300, path, problems, |text| match text.parse::<Duration>() {
            Ok(duration) => Ok(Some(duration.to_string())),
            Err(error) => Err(format!("is not a duration in ISO 8601: {error}")),
        }),
        Shape::Integer(min, max) => match value.as_i64() {
            Some(number) if (min..=max).contains(&number) => Ok(()),
            Some(_) => Err(format!("must be from {min} to {max}")),
            None => Err(expected("a whole number", value)),
        },
        Shape::Number(min, max) => match value.as_f64() {
            Some(number) if (min..=max).contains(&number) => Ok(()),
            Some(_) => Err(format!("must be from {min} to {max}")),
            None => Err(expected("a number", value)),
        },
        Shape::Boolean if value.is_boolean() => Ok(()),
        Shape::Boolean => Err(expected("true or false", value)),
        Shape::Vocabulary(vocabulary) => one_of(value, vocabulary),
        Shape::Constant(constant) if value == constant => Ok(()),
        Shape::Constant(constant) => Err(expected(constant, value)),
        Shape::Object(object) => object_of(value, object, path, problems),
        Shape::List(item, max) => list(value, *item, max, path, problems),
        Shape::Any => Ok(()),
    };
    if let Err(message) = outcome {
        problems.push(Problem::new(UserErrorCode::Invalid, path, message));
    }
}

/// A text this many times longer than its limit is refused before it is normalized.
const MAX_LENGTH_FACTOR: usize = 4;

/// Applies a rule to a text. The rule returns a new text only if the canonical text differs.
fn text(
    value: &mut Value,
    max: usize,
    path: &Path<'_>,
    problems: &mut Vec<Problem>,
    rule: impl FnOnce(&str) -> Result<Option<String>, String>,
) -> Result<(), String> {
    let Value::String(text) = value else {
        return Err(expected("a text", value));
    };
    // Bytes are counted first, because that is faster and most texts are far below their limit.
    let length = |text: &str| if text.len() > max { text.chars().count() } else { 0 };
    let given = length(text);
    let mut too_long = |length: usize, how: &str| {
        let message = format!("has {length} characters{how}; at most {max} are allowed");
        problems.push(Problem::new(UserErrorCode::TooLong, path, message));
        Ok(())
    };
    // Trimming and normalizing change the length. A text that is much too long is refused before them.
    if given > max.saturating_mul(MAX_LENGTH_FACTOR) {
        return too_long(given, "");
    }
    match rule(text) {
        Ok(Some(canonical)) => {
            let normalized = length(&canonical);
            *text = canonical;
            if normalized > max {
                return too_long(normalized, if normalized == given { "" } else { " when normalized" });
            }
            Ok(())
        }
        Ok(None) | Err(_) if given > max => too_long(given, ""),
        Ok(None) => Ok(()),
        Err(message) => Err(format!("{} {message}", quoted(text))),
    }
}

fn one_of(value: &Value, vocabulary: &VocabularyShape) -> Result<(), String> {
    let Value::String(text) = value else {
        return Err(expected(&format!("a value of {}", vocabulary.name), value));
    };
    if vocabulary.values.iter().any(|(value, _)| value == text) {
        return Ok(());
    }
    let values: Vec<_> = vocabulary.values.iter().map(|(value, _)| *value).collect();
    Err(format!("{} is not a value of {}: use one of {}", quoted(text), vocabulary.name, values.join(", ")))
}

fn object_of(value: &mut Value, object: &Object, path: &Path<'_>, problems: &mut Vec<Problem>) -> Result<(), String> {
    let Value::Object(fields) = value else {
        return Err(expected("an object", value));
    };
    // Null means absent, unless any JSON is allowed.
    fields.retain(|name, value| {
        !value.is_null() || object.all_fields().any(|field| field.name == name && matches!(field.shape, Shape::Any))
    });
    let mut given: Vec<(usize, &mut Value)> = Vec::with_capacity(fields.len());
    let mut unknown = Vec::new();
    for (name, value) in fields.iter_mut() {
        match object.all_fields().position(|field| field.name == name) {
            Some(number) => given.push((number, value)),
            None => unknown.push(name),
        }
    }
    given.sort_unstable_by_key(|(number, _)| *number);
    let mut given = given.into_iter().peekable();
    for (number, field) in object.all_fields().enumerate() {
        if let Some((_, value)) = given.next_if(|(given, _)| *given == number) {
            if field.required && value.as_str().is_some_and(rule::is_blank) {
                problems.push(Problem::new(UserErrorCode::Required, &path.field(field.name), "is empty"));
                continue;
            }
            check(value, field.shape, &path.field(field.name), problems);
        } else if field.required {
            problems.push(Problem::new(UserErrorCode::Required, &path.field(field.name), "is missing"));
        }
    }
    for name in unknown {
        problems.push(Problem::new(
            UserErrorCode::Invalid,
            &path.field(name),
            format!("is not a field of {}{}", object.name, suggestion(name, object)),
        ));
    }
    Ok(())
}

/// The field with the most similar name, if it differs in at most two letters. Most typing errors keep the first letter.
fn suggestion(name: &str, object: &Object) -> String {
    object
        .all_fields()
        .map(|field| {
            (distance(name, field.name), !field.name.starts_with(name.chars().next().unwrap_or(' ')), field.name)
        })
        .filter(|(distance, _, known)| *distance <= 2 && *distance < known.len())
        .min()
        .map_or_else(String::new, |(_, _, known)| format!("; did you mean {known}?"))
}

fn distance(left: &str, right: &str) -> usize {
    if left.len() > 64 {
        return usize::MAX;
    }
    let right: Vec<char> = right.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, letter) in left.to_lowercase().chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], index + 1);
        for (column, other) in right.iter().enumerate() {
            let cost = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = cost.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}

fn list(
    value: &mut Value,
    item: Shape,
    max: usize,
    path: &Path<'_>,
    problems: &mut Vec<Problem>,
) -> Result<(), String> {
    let Value::Array(items) = value else {
        return Err(expected("a list", value));
    };
    if items.len() > max {
        return Err(format!("has {} items; at most {max} are allowed", items.len()));
    }
    for (index, value) in items.iter_mut().enumerate() {
        check(value, item, &path.item(index), problems);
    }
    Ok(())
}

fn expected(what: &str, value: &Value) -> String {
    let found = match value {
        Value::Null => Cow::Borrowed("null"),
        Value::Bool(value) => value.to_string().into(),
        Value::Number(number) => format!("the number {number}").into(),
        Value::String(text) => quoted(text).into(),
        Value::Array(_) => "a list".into(),
        Value::Object(_) => "an object".into(),
    };
    format!("must be {what}, not {found}")
}
