//! Turns `where` and `orderBy` into conditions and sort keys. Validation has checked their types already. This module
//! checks the format of ids and the length of lists.

use crate::{
    date::{self, DayRanks, Ranks},
    domain::rule,
    store::read::{
        declare::{FilterKind, Key, KeyColumn, Scalar, Type},
        filter::{Bound, Predicate, Set, Subject, Test},
    },
};
use chrono::NaiveDate;
use serde_json::{Map, Value as Json};
use unicode_normalization::UnicodeNormalization as _;
use uuid::Uuid;

/// The maximum number of values of a list in a filter.
const MAX_FILTER_VALUES: usize = 1_000;

/// A message with the path of the value.
type FilterProblem = String;

/// The sort keys of `orderBy`.
pub(super) fn order(ty: &Type, asked: Option<&Json>) -> Vec<Key> {
    let mut keys: Vec<Key> = vec![];
    let criteria = match asked {
        Some(Json::Array(criteria)) => criteria.as_slice(),
        Some(one @ Json::Object(_)) => std::slice::from_ref(one),
        _ => &[],
    };
    for criterion in criteria {
        let field = criterion.get("field").and_then(Json::as_str).unwrap_or_default();
        let descending = criterion.get("direction").and_then(Json::as_str) == Some("DESC");
        for key in ty.keys(field, descending).unwrap_or_default() {
            // a column that is a sort key already has no further effect
            if !keys.iter().any(|known| known.column == key.column) {
                keys.push(key);
            }
        }
    }
    keys
}

/// The condition of a `where`.
pub(super) fn condition(ty: &Type, asked: &Json, order: &[Key]) -> Result<Option<Predicate>, FilterProblem> {
    let Json::Object(asked) = asked else {
        return Ok(None);
    };
    let predicate = where_condition(ty, asked, order, "where")?;
    Ok((predicate != Predicate::All(vec![])).then_some(predicate))
}

fn where_condition(
    ty: &Type,
    asked: &Map<String, Json>,
    order: &[Key],
    path: &str,
) -> Result<Predicate, FilterProblem> {
    let mut all = vec![];
    for (name, value) in asked {
        if value.is_null() {
            continue;
        }
        let path = format!("{path}.{name}");
        let nested = || -> Result<Vec<Predicate>, FilterProblem> {
            let Json::Array(items) = value else {
                let one = value.as_object().map(|object| where_condition(ty, object, order, &path));
                return one.into_iter().collect();
            };
            items
                .iter()
                .enumerate()
                .filter_map(|(i, item)| {
                    item.as_object().map(|object| where_condition(ty, object, order, &format!("{path}.{i}")))
                })
                .collect()
        };
        match name.as_str() {
            "and" => all.extend(nested()?),
            "or" => all.push(Predicate::Any(nested()?)),
            "not" => all.push(Predicate::Not(Box::new(Predicate::All(nested()?)))),
            name => {
                if let (Some(filter), Json::Object(value)) = (ty.filters.iter().find(|f| f.name == name), value) {
                    all.extend(filter_condition(filter.kind, value, order, &path)?);
                }
            }
        }
    }
    Ok(if all.len() == 1 { all.remove(0) } else { Predicate::All(all) })
}

fn filter_condition(
    kind: FilterKind,
    value: &Map<String, Json>,
    order: &[Key],
    path: &str,
) -> Result<Vec<Predicate>, FilterProblem> {
    let mut all = vec![];
    for (operator, operand) in value {
        if operand.is_null() {
            continue;
        }
        let path = format!("{path}.{operator}");
        match kind {
            FilterKind::Id(subject) => all.push(match operator.as_str() {
                "equals" => Predicate::Test(subject, Test::Equals(Bound::Id(id(operand, &path)?))),
                _ => Predicate::Test(subject, Test::In(Set::Ids(list(operand, &path, id)?))),
            }),
            FilterKind::Text(subject) => all.push(text(subject, operator, operand, &path)?),
            FilterKind::Enumeration(column) => {
                all.push(text(Subject::Own(column.name), operator, operand, &path)?);
            }
            FilterKind::FuzzyDate { asc, desc, start, end, flags } => all.push(match operator.as_str() {
                "isNull" => if_asked(operand, Predicate::own(start, Test::Equals(Bound::Int(Ranks::NO_DATE.into())))),
                "isApproximate" => {
                    // an undated row has no qualifier, and is not exact either
                    Predicate::All(vec![dated(start), if_asked(operand, approximate(flags))])
                }
                "isUncertain" => Predicate::All(vec![dated(start), if_asked(operand, uncertain(flags))]),
                _ => range_condition((indexed_column(order, asc, desc), start, end), operator, operand, &path)?,
            }),
            FilterKind::Day { asc, .. } if operator == "isNull" => {
                all.push(if_asked(
                    operand,
                    Predicate::own(asc, Test::Equals(Bound::Int(DayRanks::UNDATED.asc.into()))),
                ));
            }
            FilterKind::Day { .. } => {}
        }
    }
    if let FilterKind::Day { asc, desc } = kind {
        let (from, to) = range(&Json::Object(value.clone()), path)?;
        if from.is_some() || to.is_some() {
            let days = date::days(from, to);
            all.push(between(indexed_column(order, asc, desc), *days.start(), *days.end()));
        }
    }
    Ok(all)
}

fn text(subject: Subject, operator: &str, operand: &Json, path: &str) -> Result<Predicate, FilterProblem> {
    let one = |value: &Json, path: &str| {
        let text = value.as_str().unwrap_or_default();
        if text.contains('\0') {
            Err(format!("{path} must not contain the character NUL."))
        } else {
            Ok(text.to_owned())
        }
    };
    Ok(match operator {
        "equals" => Predicate::Test(subject, Test::In(Set::Texts(stored_forms(&one(operand, path)?)))),
        "in" => {
            let texts = list(operand, path, one)?;
            Predicate::Test(subject, Test::In(Set::Texts(texts.iter().flat_map(|text| stored_forms(text)).collect())))
        }
        _ => {
            let wanted = operand.as_bool().unwrap_or_default();
            match subject {
                Subject::Own(_) | Subject::Of { .. } => Predicate::Test(subject, Test::IsNull(wanted)),
                // no row in the other table, or null in it
                Subject::Other { .. } => {
                    let there = Predicate::Test(subject, Test::IsNull(false));
                    if wanted { Predicate::Not(Box::new(there)) } else { there }
                }
            }
        }
    })
}

/// The forms in which a text may be stored: a name is normalized when it is written, a headline is stored as it came.
fn stored_forms(text: &str) -> Vec<String> {
    let mut forms = vec![text.to_owned(), text.nfd().collect()];
    forms.extend(rule::line(text).ok());
    forms.sort_unstable();
    forms.dedup();
    forms
}

fn list<T>(
    value: &Json,
    path: &str,
    one: impl Fn(&Json, &str) -> Result<T, FilterProblem>,
) -> Result<Vec<T>, FilterProblem> {
    let items = if let Json::Array(items) = value { items.as_slice() } else { std::slice::from_ref(value) };
    if items.len() > MAX_FILTER_VALUES {
        return Err(format!("{path} takes at most {MAX_FILTER_VALUES} values, not {}.", items.len()));
    }
    items.iter().enumerate().map(|(i, item)| one(item, &format!("{path}.{i}"))).collect()
}

fn id(value: &Json, path: &str) -> Result<Uuid, FilterProblem> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    super::select::uuid(&text).ok_or_else(|| format!("{path}: \"{}\" is not an id.", super::select::shortened(&text)))
}

fn range(value: &Json, path: &str) -> Result<(Option<NaiveDate>, Option<NaiveDate>), FilterProblem> {
    let day = |name: &str| -> Result<Option<NaiveDate>, FilterProblem> {
        let Some(day) = value.get(name) else {
            return Ok(None);
        };
        super::scalar::check(Scalar::Date, day, &format!("{path}.{name}"))?;
        Ok(day.as_str().and_then(|text| text.parse().ok()))
    };
    Ok((day("from")?, day("to")?))
}

/// The two rank columns of an order are equal where there is a day. The filter uses the one of the order, so that one index serves
/// both.
fn indexed_column(order: &[Key], asc: &'static str, desc: &'static str) -> &'static str {
    if order.first().is_some_and(|key| key.column == KeyColumn::Own(desc)) { desc } else { asc }
}

fn between(column: &'static str, least: i32, most: i32) -> Predicate {
    let least = Predicate::own(column, Test::AtLeast(Bound::Int(least.into())));
    Predicate::All(vec![least, Predicate::own(column, Test::AtMost(Bound::Int(most.into())))])
}

/// The ranks of a fuzzy date in a range: see `date::overlaps` for the truth table.
fn range_condition(
    (indexed_column, start, end): (&'static str, &'static str, &'static str),
    operator: &str,
    operand: &Json,
    path: &str,
) -> Result<Predicate, FilterProblem> {
    let (from, to) = range(operand, path)?;
    let is_within = operator == "within";
    let ranks = if is_within { date::within(from, to) } else { date::overlaps(from, to) };
    let mut all = vec![between(start, ranks.start_min, ranks.start_max), between(end, ranks.end_min, ranks.end_max)];
    if is_within {
        all.push(between(indexed_column, ranks.start_min, ranks.start_max));
    }
    Ok(Predicate::All(all))
}

fn dated(start: &'static str) -> Predicate {
    Predicate::own(start, Test::AtMost(Bound::Int((Ranks::NO_DATE - 1).into())))
}

/// The bit 16 of the flags of a fuzzy date, which has the bit 32 as well where it is uncertain.
fn approximate(flags: &'static str) -> Predicate {
    Predicate::Any(vec![between(flags, 16, 31), between(flags, 48, 63)])
}

/// The highest bit of the flags, 32.
fn uncertain(flags: &'static str) -> Predicate {
    between(flags, 32, 63)
}

/// The condition, or its complement where `false` is asked for.
fn if_asked(operand: &Json, predicate: Predicate) -> Predicate {
    if operand.as_bool() == Some(true) { predicate } else { Predicate::Not(Box::new(predicate)) }
}
