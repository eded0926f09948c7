//! Pages and cursors. A cursor is opaque to clients: it carries the list and the order that it belongs to and the values of
//! the order's keys at its row, so that paging is by key, never by offset, and any other list refuses it.

use super::{
    declare::{Key, KeyColumn, Scalar, Type},
    filter::Bound,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use serde_json::Value as Json;

/// The page size where none is asked for.
pub const DEFAULT_SIZE: u64 = 20;
/// The greatest page size.
pub const MAX_SIZE: u64 = 100;

/// Which part of a list is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// At most so many rows.
    pub size: u64,
    /// The last ones instead of the first ones.
    pub backward: bool,
    /// Only rows behind this position.
    pub after: Option<Vec<Bound>>,
    /// Only rows before this position.
    pub before: Option<Vec<Bound>>,
}

/// Why a page cannot be given; the text is for the client.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum PageError {
    /// A size outside the range.
    #[error("`{0}` must be from 1 to {MAX_SIZE}, not {1}.")]
    Size(&'static str, i64),
    /// Both directions at once.
    #[error("Use `first` or `last`, not both.")]
    BothDirections,
    /// No cursor at all.
    #[error("`{0}` is not a cursor of this service.")]
    Broken(&'static str),
    /// A cursor of something else.
    #[error("`{0}` is a cursor of another list or another order.")]
    Foreign(&'static str),
}

/// The four arguments of a connection as they were given.
#[derive(Default)]
#[allow(missing_docs, reason = "the names are those of the arguments")]
pub struct Asked<'a> {
    pub first: Option<i64>,
    pub after: Option<&'a str>,
    pub last: Option<i64>,
    pub before: Option<&'a str>,
}

impl Page {
    /// Checks the arguments against the list and its order.
    ///
    /// # Errors
    /// What [`PageError`] tells.
    pub fn new(asked: &Asked<'_>, list: &str, order: &[Key]) -> Result<Self, PageError> {
        if asked.first.is_some() && asked.last.is_some() {
            return Err(PageError::BothDirections);
        }
        let (name, size) = match (asked.first, asked.last) {
            (_, Some(n)) => ("last", Some(n)),
            (n, None) => ("first", n),
        };
        let size = match size {
            None => DEFAULT_SIZE,
            Some(n) => u64::try_from(n)
                .ok()
                .filter(|n| (1..=MAX_SIZE).contains(n))
                .ok_or(PageError::Size(name, n))?,
        };
        let at =
            |name, cursor: Option<&str>| cursor.map(|c| decode(name, c, list, order)).transpose();
        Ok(Self {
            size,
            backward: asked.last.is_some(),
            after: at("after", asked.after)?,
            before: at("before", asked.before)?,
        })
    }
}

/// The order that a list has: the keys asked for (or the type's own), made total by the id.
#[must_use]
pub fn total(mut keys: Vec<Key>, ty: &Type) -> Vec<Key> {
    if keys.is_empty() {
        keys.clone_from(&ty.default_order);
    }
    let is_id = |k: &Key| k.column == KeyColumn::Own("id");
    if let Some(at) = keys.iter().position(is_id) {
        keys.truncate(at + 1);
    } else {
        let descending = keys.last().is_some_and(|k| k.descending);
        keys.push(Key {
            column: KeyColumn::Own("id"),
            scalar: Scalar::Id,
            descending,
        });
    }
    keys
}

/// Names a list with its order: short, and the same for as long as both mean the same.
#[must_use]
pub fn tag(list: &str, order: &[Key]) -> String {
    // FNV-1a: the tag guards against mistakes, not against attackers, and must not change with the standard library's hasher.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut eat = |text: &str| {
        for byte in text.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    eat(list);
    for key in order {
        let (KeyColumn::Own(column) | KeyColumn::Record(column) | KeyColumn::Number(column, _)) =
            key.column;
        eat(column);
        eat(if key.descending { "desc" } else { "asc" });
    }
    format!("{:08x}", hash >> 32)
}

/// A cursor for a row whose keys have these values.
#[must_use]
pub fn encode(tag: &Json, keys: &[Json]) -> String {
    let all: Vec<&Json> = std::iter::once(tag).chain(keys).collect();
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(&all).unwrap_or_default())
}

fn decode(
    name: &'static str,
    cursor: &str,
    list: &str,
    order: &[Key],
) -> Result<Vec<Bound>, PageError> {
    let broken = || PageError::Broken(name);
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| broken())?;
    let all: Vec<Json> = serde_json::from_slice(&bytes).map_err(|_| broken())?;
    let (found, keys) = all.split_first().ok_or_else(broken)?;
    if found.as_str() != Some(&tag(list, order)) || keys.len() != order.len() {
        return Err(if found.is_string() {
            PageError::Foreign(name)
        } else {
            broken()
        });
    }
    keys.iter()
        .zip(order)
        .map(|(value, key)| bound(value, key.scalar))
        .collect::<Option<_>>()
        .ok_or_else(broken)
}

fn bound(value: &Json, scalar: Scalar) -> Option<Bound> {
    Some(match scalar {
        Scalar::Id => Bound::Id(value.as_str()?.parse().ok()?),
        Scalar::Int | Scalar::Boolean => {
            Bound::Int(value.as_i64().filter(|n| i32::try_from(*n).is_ok())?)
        }
        Scalar::Float => Bound::Float(value.as_f64()?),
        Scalar::Date => Bound::Date(value.as_str()?.parse().ok()?),
        Scalar::DateTime => Bound::Time(value.as_str()?.parse::<DateTime<Utc>>().ok()?),
        _ => Bound::Text(
            value
                .as_str()
                .filter(|text| !text.contains('\0'))?
                .to_owned(),
        ),
    })
}
