//! Checks a JSON value against its shape. Reports every problem, and brings correct values into canonical form.

use std::borrow::Cow;

use entity::{Id, vocabulary::UserErrorCode};
use serde_json::Value;

use crate::{
    date::Duration,
    domain::{
        problem::{Path, Problem, quoted},
        rule,
    },
};

use super::{Field, Object, Shape, VocabularyShape};

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
        Shape::Url => code(value, path, problems, rule::url),
        Shape::Language => code(value, path, problems, rule::language),
        Shape::CountryCode => code(value, path, problems, |text| rule::country_code(text).map(|()| text.to_owned())),
        Shape::Day => code(value, path, problems, |text| rule::day(text).map(|_| text.to_owned())),
        Shape::Time => code(value, path, problems, |text| rule::time(text).map(|_| text.to_owned())),
        Shape::Edtf => code(value, path, problems, rule::edtf),
        Shape::Duration => code(value, path, problems, |text| match text.parse::<Duration>() {
            Ok(duration) => Ok(duration.to_string()),
            Err(error) => Err(format!("is not a duration in ISO 8601: {error}")),
        }),
        Shape::Integer(min, max) => match whole_number(value) {
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

/// The most characters of a code: an address, a language tag, the code of a country, a date or a duration.
const MAX_CODE: usize = 300;

/// Applies a rule to a code. Blanks around it do not count.
fn code(
    value: &mut Value,
    path: &Path<'_>,
    problems: &mut Vec<Problem>,
    rule: impl FnOnce(&str) -> Result<String, String>,
) -> Result<(), String> {
    text(value, MAX_CODE, path, problems, |text| rule(text.trim()).map(Some))
}

/// A whole number. JSON has one kind of number, so that `2.0` is a whole number, too, and becomes `2`.
fn whole_number(value: &mut Value) -> Option<i64> {
    // Larger numbers are outside of every range, and the conversion would round them.
    #[expect(clippy::cast_possible_truncation, reason = "the number is whole and small")]
    let whole =
        value.as_f64().filter(|number| number.fract() == 0.0 && number.abs() < 1e15).map(|number| number as i64);
    if value.as_i64().is_none()
        && let Some(number) = whole
    {
        *value = number.into();
    }
    value.as_i64()
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
    // Null and an empty optional text mean absent.
    fields.retain(|name, value| {
        let is_empty = value.is_null() || value.as_str().is_some_and(rule::is_blank);
        !is_empty || object.field(name).map_or(!value.is_null(), |field| !is_absent(value, field))
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

/// Whether an empty value of a field means that the field is absent. Any JSON may be null or blank, and so may a part of a text.
fn is_absent(value: &Value, field: &Field) -> bool {
    match field.shape {
        Shape::Any => false,
        _ if value.is_null() => true,
        Shape::Line(_)
        | Shape::Prose(_)
        | Shape::SourceLine(_)
        | Shape::SourceText(_)
        | Shape::Key
        | Shape::Reference(_)
        | Shape::Url
        | Shape::Language
        | Shape::CountryCode
        | Shape::Day
        | Shape::Time
        | Shape::Edtf
        | Shape::Duration => !field.required,
        _ => false,
    }
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
