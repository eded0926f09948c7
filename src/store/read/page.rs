//! Pages and cursors. A cursor contains a tag of its list and order, and the values of the sort keys at its row. So
//! paging is by keyset, not by offset, and another list refuses the cursor.

use super::{
    declare::{Arguments, Key, KeyColumn, Scalar, Type},
    filter::Bound,
    sql::builder::whole,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use serde_json::Value as Json;

/// The default page size.
pub const DEFAULT_SIZE: u64 = 20;
/// The maximum page size.
pub const MAX_SIZE: u64 = 100;

/// The requested part of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The maximum number of rows.
    pub size: u64,
    /// From the end of the list instead of the start.
    pub backward: bool,
    /// Only rows after this position.
    pub after: Option<Vec<Bound>>,
    /// Only rows before this position.
    pub before: Option<Vec<Bound>>,
}

/// A problem of the paging arguments; the text is for the client.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum PageProblem {
    /// A size outside the range.
    #[error("`{0}` must be from 0 to {MAX_SIZE}, not {1}.")]
    Size(&'static str, i64),
    /// Both directions at once.
    #[error("Use `first` or `last`, not both.")]
    BothDirections,
    /// Not a cursor.
    #[error("`{0}` is not a cursor of this service.")]
    Broken(&'static str),
    /// A cursor of another list or order.
    #[error("`{0}` is a cursor of another list or another order.")]
    Foreign(&'static str),
}

/// The four arguments of a connection as they were given.
#[derive(Default)]
#[allow(missing_docs, reason = "the names are those of the arguments")]
pub struct PageArguments<'a> {
    pub first: Option<i64>,
    pub after: Option<&'a str>,
    pub last: Option<i64>,
    pub before: Option<&'a str>,
}

impl Page {
    /// Checks the arguments against the list and its order.
    ///
    /// # Errors
    /// See [`PageProblem`].
    pub fn new(asked: &PageArguments<'_>, list: &str, order: &[Key]) -> Result<Self, PageProblem> {
        if asked.first.is_some() && asked.last.is_some() {
            return Err(PageProblem::BothDirections);
        }
        let (name, size) = match (asked.first, asked.last) {
            (_, Some(n)) => ("last", Some(n)),
            (n, None) => ("first", n),
        };
        let size = match size {
            None => DEFAULT_SIZE,
            Some(n) => u64::try_from(n).ok().filter(|n| *n <= MAX_SIZE).ok_or(PageProblem::Size(name, n))?,
        };
        let at = |name, cursor: Option<&str>| cursor.map(|c| decode(name, c, list, order)).transpose();
        Ok(Self {
            size,
            backward: asked.last.is_some(),
            after: at("after", asked.after)?,
            before: at("before", asked.before)?,
        })
    }
}

/// The order of a list: the requested keys (or the default order), with the id as the last key.
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
        keys.push(Key { column: KeyColumn::Own("id"), scalar: Scalar::Id, descending });
    }
    keys
}

/// A short hash of a list and its order.
#[must_use]
pub fn tag(list: &str, order: &[Key]) -> String {
    // FNV-1a, because the hasher of the standard library may change between versions. It need not resist attacks.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut eat = |text: &str| {
        for byte in text.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    eat(list);
    for key in order {
        let (KeyColumn::Own(column)
        | KeyColumn::Long(column)
        | KeyColumn::Record(column)
        | KeyColumn::Number(column, _)) = key.column;
        eat(column);
        eat(if key.descending { "desc" } else { "asc" });
    }
    format!("{:08x}", hash >> 32)
}

/// The argument of [`cursor`] for a list in an order.
#[must_use]
pub fn cursor_arguments(list: &str, order: &[Key]) -> Arguments {
    Arguments::from_iter([("tag".to_owned(), tag(list, order).into())])
}

/// The cursor of a row, from the values of its sort keys.
#[must_use]
pub fn cursor(keys: &[Json], arguments: &Arguments) -> Json {
    // numbers as Rust writes them, the same on both databases
    let keys: Vec<Json> = keys.iter().map(whole).collect();
    Json::String(encode(arguments.get("tag").unwrap_or(&Json::Null), &keys))
}

/// A cursor for a row whose keys have these values.
#[must_use]
pub fn encode(tag: &Json, keys: &[Json]) -> String {
    let all: Vec<&Json> = std::iter::once(tag).chain(keys).collect();
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(&all).unwrap_or_default())
}

fn decode(name: &'static str, cursor: &str, list: &str, order: &[Key]) -> Result<Vec<Bound>, PageProblem> {
    let broken = || PageProblem::Broken(name);
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| broken())?;
    let all: Vec<Json> = serde_json::from_slice(&bytes).map_err(|_| broken())?;
    let (found, keys) = all.split_first().ok_or_else(broken)?;
    if found.as_str() != Some(&tag(list, order)) || keys.len() != order.len() {
        return Err(if found.is_string() { PageProblem::Foreign(name) } else { broken() });
    }
    keys.iter().zip(order).map(|(value, key)| bound(value, key)).collect::<Option<_>>().ok_or_else(broken)
}

fn bound(value: &Json, key: &Key) -> Option<Bound> {
    if let KeyColumn::Long(_) = key.column {
        return value.as_i64().map(Bound::Int);
    }
    Some(match key.scalar {
        Scalar::Id => Bound::Id(value.as_str()?.parse().ok()?),
        Scalar::Int | Scalar::Boolean => Bound::Int(value.as_i64().filter(|n| i32::try_from(*n).is_ok())?),
        Scalar::Float => Bound::Float(value.as_f64()?),
        Scalar::Date => Bound::Date(value.as_str()?.parse().ok()?),
        Scalar::DateTime => Bound::Time(value.as_str()?.parse::<DateTime<Utc>>().ok()?),
        _ => Bound::Text(value.as_str().filter(|text| !text.contains('\0'))?.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::read::declare::{asc, desc};
    use proptest::prelude::*;
    use serde_json::json;

    fn ty() -> Type {
        Type::new("Thing", "thing", "").default_order(vec![asc("name_key", Scalar::Text)])
    }

    /// A key with a value that a row may have, as JSON and as it is bound.
    fn key() -> impl Strategy<Value = (Key, Json, Bound)> {
        let whole = any::<i32>().prop_map(|n| (asc("n", Scalar::Int), json!(n), Bound::Int(n.into())));
        let number = any::<f64>().prop_filter("a database stores no other", |n| n.is_finite());
        let number = number.prop_map(|n| (desc("f", Scalar::Float), json!(n), Bound::Float(n)));
        let text = any::<String>().prop_filter("no text has it", |text| !text.contains('\0'));
        let text = text.prop_map(|text| (asc("t", Scalar::Text), json!(text), Bound::Text(text)));
        let id = any::<u128>().prop_map(|n| {
            let id = uuid::Uuid::from_u128(n);
            (desc("id", Scalar::Id), json!(id), Bound::Id(id))
        });
        let day = (0..3_652_058_i32).prop_map(|n| {
            let day = chrono::NaiveDate::from_num_days_from_ce_opt(n).expect("a day up to 9999");
            (asc("d", Scalar::Date), json!(day), Bound::Date(day))
        });
        let time = (0..253_402_300_800_000_i64).prop_map(|n| {
            let time = DateTime::from_timestamp_millis(n).expect("a time up to 9999");
            let text = time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
            (desc("at", Scalar::DateTime), json!(text), Bound::Time(time))
        });
        prop_oneof![whole, number, text, id, day, time]
    }

    proptest! {
        #[test]
        fn a_cursor_carries_the_values_of_its_row(keys in prop::collection::vec(key(), 1..5)) {
            let order: Vec<Key> = keys.iter().map(|(key, ..)| *key).collect();
            let values: Vec<Json> = keys.iter().map(|(_, value, _)| value.clone()).collect();
            let bound: Vec<Bound> = keys.into_iter().map(|(.., bound)| bound).collect();
            let cursor = encode(&json!(tag("A.list", &order)), &values);
            prop_assert_eq!(decode("after", &cursor, "A.list", &order), Ok(bound));
            prop_assert_eq!(decode("after", &cursor, "B.list", &order), Err(PageProblem::Foreign("after")));
            let turned: Vec<Key> = order.iter().map(|key| key.reversed()).collect();
            prop_assert_eq!(decode("after", &cursor, "A.list", &turned), Err(PageProblem::Foreign("after")));
            for end in 0..cursor.len() {
                prop_assert!(decode("before", &cursor[..end], "A.list", &order).is_err());
            }
        }

        #[test]
        fn any_text_is_a_cursor_or_refused(text in any::<String>(), json in "[\\[\\]{}\",0-9a-f:]{0,40}") {
            let order = total(vec![], &ty());
            for cursor in [text.clone(), URL_SAFE_NO_PAD.encode(&text), URL_SAFE_NO_PAD.encode(&json)] {
                prop_assert!(decode("after", &cursor, "A.list", &order).is_err());
            }
        }
    }

    #[test]
    fn every_order_ends_with_the_id_and_decides_with_it() {
        let id = |descending| Key { column: KeyColumn::Own("id"), scalar: Scalar::Id, descending };
        let name = asc("name_key", Scalar::Text);
        assert_eq!(total(vec![], &ty()), [name, id(false)], "the type's own order");
        assert_eq!(total(vec![name.reversed()], &ty()), [name.reversed(), id(true)], "ties go the way of the last key");
        assert_eq!(total(vec![id(true), name], &ty()), [id(true)], "behind the id nothing decides any more");
        let mixed = [name, desc("rank", Scalar::Int)];
        assert_eq!(total(mixed.to_vec(), &ty()), [mixed[0], mixed[1], id(true)]);
        assert_eq!(total(vec![], &Type::new("Bare", "bare", "")), [id(false)]);
    }

    #[test]
    fn the_size_of_a_page_is_the_one_asked_for_else_20() {
        let page = |first, last| {
            Page::new(&PageArguments { first, last, ..PageArguments::default() }, "A.list", &[])
                .map(|page| (page.size, page.backward))
        };
        assert_eq!(page(None, None), Ok((20, false)));
        assert_eq!(page(Some(100), None), Ok((100, false)));
        assert_eq!(page(None, Some(1)), Ok((1, true)));
        assert_eq!(page(Some(0), None), Ok((0, false)));
        assert_eq!(page(Some(-1), None), Err(PageProblem::Size("first", -1)));
        assert_eq!(page(None, Some(101)), Err(PageProblem::Size("last", 101)));
        assert_eq!(page(Some(i64::MIN), None), Err(PageProblem::Size("first", i64::MIN)));
        assert_eq!(page(Some(1), Some(1)), Err(PageProblem::BothDirections));
    }
}
