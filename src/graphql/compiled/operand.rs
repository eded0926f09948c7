//! The values that clients give to filters.

use super::select::{shortened, uuid};
use crate::{
    domain::rule,
    store::read::{declare::Scalar, filter::Bound},
};
use chrono::{DateTime, Utc};
use entity::Reference;
use serde_json::{Map, Value as Json};
use unicode_normalization::UnicodeNormalization as _;
use uuid::Uuid;

/// The maximum number of values of a list in a filter.
const MAX_VALUES: usize = 1_000;

/// Why a filter is refused: a message for the client.
#[derive(Debug, PartialEq)]
pub(super) enum FilterProblem {
    /// A value is wrong. The message has its path.
    Value(String),
    /// The whole is too large.
    Limit(String),
}

impl From<String> for FilterProblem {
    fn from(message: String) -> Self {
        Self::Value(message)
    }
}

impl FilterProblem {
    pub(super) fn into_message(self) -> String {
        let (Self::Value(message) | Self::Limit(message)) = self;
        message
    }
}

/// An input object.
pub(super) fn object(value: &Json) -> Option<&Map<String, Json>> {
    value.as_object()
}

/// Whether a truth value is given as true.
pub(super) fn is_true(value: &Json) -> bool {
    value.as_bool() == Some(true)
}

/// One value of a scalar. Validation has checked its JSON type.
pub(super) fn bound(scalar: Scalar, value: &Json, path: &str) -> Result<Bound, FilterProblem> {
    Ok(match scalar {
        Scalar::Int => Bound::Int(value.as_i64().unwrap_or_default()),
        Scalar::Float => Bound::Float(value.as_f64().unwrap_or_default()),
        Scalar::Boolean => Bound::Boolean(value.as_bool().unwrap_or_default()),
        Scalar::DateTime => {
            super::scalar::check(scalar, value, path)?;
            let time = value.as_str().and_then(|text| DateTime::parse_from_rfc3339(text).ok());
            Bound::Time(time.map_or(DateTime::<Utc>::MIN_UTC, |time| time.to_utc()))
        }
        _ => Bound::Text(text(value, path)?),
    })
}

/// A list of texts as they are.
pub(super) fn texts(value: &Json, path: &str) -> Result<Vec<String>, FilterProblem> {
    list(value, path, text)
}

/// The forms in which a list of texts may be stored: a name is normalized when it is written, a headline is stored as it came.
pub(super) fn stored_forms(value: &Json, path: &str) -> Result<Vec<String>, FilterProblem> {
    let mut forms = vec![];
    for text in texts(value, path)? {
        forms.extend(rule::line(&text).ok());
        forms.push(text.nfd().collect());
        forms.push(text.nfc().collect());
        forms.push(text);
    }
    forms.sort_unstable();
    forms.dedup();
    Ok(forms)
}

/// A list of ids of objects that have no key.
pub(super) fn ids(value: &Json, path: &str) -> Result<Vec<Uuid>, FilterProblem> {
    list(value, path, |value, path| {
        let text = id_text(value);
        uuid(&text).ok_or_else(|| format!("{path}: \"{}\" is not an id.", shortened(&text)).into())
    })
}

/// A list of ids and keys of records.
pub(super) fn records(value: &Json, path: &str) -> Result<Vec<Reference>, FilterProblem> {
    list(value, path, |value, path| {
        let text = text(&Json::String(id_text(value)), path)?;
        // keys are normalized when they are written
        Ok(Reference::from(rule::line(&text).unwrap_or(text)))
    })
}

/// The text of an ID, which may be given as a number.
fn id_text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// One text.
pub(super) fn text(value: &Json, path: &str) -> Result<String, FilterProblem> {
    let text = value.as_str().unwrap_or_default();
    if text.contains('\0') {
        return Err(format!("{path} must not contain the character NUL.").into());
    }
    Ok(text.to_owned())
}

fn list<T>(
    value: &Json,
    path: &str,
    one: impl Fn(&Json, &str) -> Result<T, FilterProblem>,
) -> Result<Vec<T>, FilterProblem> {
    let Json::Array(items) = value else {
        return Ok(vec![one(value, path)?]);
    };
    if items.len() > MAX_VALUES {
        return Err(format!("{path} takes at most {MAX_VALUES} values, not {}.", items.len()).into());
    }
    items.iter().enumerate().map(|(i, item)| one(item, &format!("{path}.{i}"))).collect()
}
