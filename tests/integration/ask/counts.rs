//! A naive evaluation of facets and histograms in memory.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike as _, NaiveDate};
use dateline::text::sort_key;
use serde_json::{Value, json};

use super::evaluate::{Objects, contained_in, items, text};

/// A facet of a type: its name and the path of its filter.
pub type FacetOf = (&'static str, &'static [&'static str]);

/// The types with facets, each with its root list and its facets.
pub const FACETS: [(&str, &[FacetOf]); 5] = [
    (
        "Event",
        &[
            ("KIND", &["kind"]),
            ("STATUS", &["status"]),
            ("PLACE", &["places", "within"]),
            ("COUNTRY", &["places", "within"]),
            ("PARTICIPANT", &["participants", "some", "participant", "id"]),
            ("ROLE", &["participants", "some", "role"]),
        ],
    ),
    (
        "Article",
        &[
            ("LANGUAGE", &["language"]),
            ("PUBLISHER", &["publisher", "is", "id"]),
            ("PLACE", &["places", "within"]),
            ("ORGANIZATION", &["organizations", "some", "id"]),
            ("PERSON", &["people", "some", "id"]),
            ("EVENT", &["events", "some", "id"]),
        ],
    ),
    ("Place", &[("KIND", &["kind"]), ("COUNTRY", &["countryCode"])]),
    ("Organization", &[("KIND", &["kind"]), ("COUNTRY", &["country", "is", "id"])]),
    ("Person", &[("NATIONALITY", &["nationalities", "some", "id"]), ("OCCUPATION", &["occupation"])]),
];

/// The facets of a type.
pub fn facets_of(ty: &str) -> &'static [FacetOf] {
    FACETS.iter().find(|(name, _)| *name == ty).map_or(&[], |(_, facets)| facets)
}

/// The values of an object.
fn values(objects: &Objects, ty: &str, facet: &str, object: &Value) -> BTreeSet<String> {
    let of_edges = |list: &str, field: &str| -> Vec<Value> {
        objects.items_of(list, object).into_iter().map(|(_, item)| item[field].clone()).collect()
    };
    let ids = |found: Vec<Value>| found.iter().map(|one| one["id"].clone()).collect();
    let containing = || -> Vec<Value> {
        let places = objects.items_of("places", object);
        places.iter().flat_map(|(_, place)| contained_in(place)).cloned().collect()
    };
    let found: Vec<Value> = match (ty, facet) {
        (_, "PLACE") => containing(),
        ("Event", "COUNTRY") => {
            let is_country = |id: &Value| objects.object(text(id)).is_some_and(|(_, place)| place["kind"] == "COUNTRY");
            containing().into_iter().filter(is_country).collect()
        }
        (_, "PARTICIPANT") => ids(of_edges("participants", "participant")),
        (_, "ROLE") => of_edges("participants", "role"),
        (_, "ORGANIZATION") => of_edges("organizations", "id"),
        (_, "PERSON") => of_edges("people", "id"),
        (_, "EVENT") => of_edges("events", "id"),
        (_, "NATIONALITY") => ids(items(&object["nationalities"]).cloned().collect()),
        ("Place", "COUNTRY") => vec![object["countryCode"].clone()],
        (_, "PUBLISHER" | "COUNTRY") => ids(vec![object[facet.to_lowercase()].clone()]),
        _ => vec![object[facet.to_lowercase()].clone()],
    };
    found.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// The label of a value without languages, and its place among values with equal counts.
fn label(objects: &Objects, facet: &str, value: &str) -> (String, String) {
    if let Some((_, record)) = objects.object(value) {
        let name = text(&record["names"][0]["text"]).to_owned();
        let key = sort_key(&name);
        return (name, key);
    }
    let label = match value {
        "en" => "English".to_owned(),
        "ar" => "Arabic".to_owned(),
        "LY" => "Libya".to_owned(),
        "EG" => "Egypt".to_owned(),
        _ if facet == "OCCUPATION" => value.to_owned(),
        value => value[..1].to_owned() + &value[1..].to_lowercase(),
    };
    let key = sort_key(&label);
    (label, key)
}

/// The `where` without the filter at a path, and without the objects that hold nothing else; and that filter.
fn without(condition: &Value, path: &[&str]) -> (Value, Value) {
    let mut rest = condition.clone();
    let mut holders = vec![];
    let mut place = &mut rest;
    for name in &path[..path.len() - 1] {
        holders.push((*name).to_owned());
        match place.get_mut(*name).filter(|inner| inner.is_object()) {
            Some(inner) => place = inner,
            None => return (condition.clone(), Value::Null),
        }
    }
    let leaf = place.as_object_mut().and_then(|object| object.remove(path[path.len() - 1])).unwrap_or_default();
    if leaf.is_null() {
        return (condition.clone(), Value::Null);
    }
    while let Some(name) = holders.pop() {
        let holder = holders.iter().fold(&mut rest, |place, name| &mut place[name]);
        if holder[&name].as_object().is_some_and(|holder| holder.values().all(Value::is_null)) {
            holder.as_object_mut().expect("an object").remove(&name);
        }
    }
    (rest, leaf)
}

/// The facet of the objects with these ids that satisfy a condition.
pub fn facet(objects: &Objects, ty: &str, facet: FacetOf, condition: &Value, ids: &[String], first: usize) -> Value {
    let (name, path) = facet;
    let (rest, leaf) = without(condition, path);
    let (mut counts, mut missing) = (BTreeMap::<String, usize>::new(), 0);
    for id in ids {
        let (filtered, object) = objects.object(id).expect("it is known");
        if !objects.holds(filtered, object, &rest) {
            continue;
        }
        let found = values(objects, ty, name, object);
        missing += usize::from(found.is_empty());
        for value in found {
            *counts.entry(value).or_default() += 1;
        }
    }
    let chosen: Vec<&Value> = match &leaf {
        Value::Object(filter) => ["equals", "in"].iter().filter_map(|name| filter.get(*name)).flat_map(items).collect(),
        list => items(list).collect(),
    };
    let is_selected = |value: &str| chosen.iter().any(|reference| objects.meaning(text(reference)) == value);
    let total = counts.len();
    let mut all: Vec<_> = counts
        .into_iter()
        .map(|(value, count)| {
            let (label, key) = label(objects, name, &value);
            (std::cmp::Reverse(count), key, value, label)
        })
        .collect();
    all.sort();
    let bucket = |(count, _, value, label): (std::cmp::Reverse<usize>, String, String, String)| {
        let record = objects.object(&value).map(|_| json!({ "id": value }));
        json!({ "value": value, "label": label, "count": count.0, "isSelected": is_selected(&value), "record": record })
    };
    let buckets: Vec<Value> = all.into_iter().take(first).map(bucket).collect();
    json!({ "by": name, "total": total, "missing": missing, "buckets": buckets })
}

/// Numbers that the days of one bar share.
fn bar_of(interval: &str, day: NaiveDate) -> (i32, u32) {
    match interval {
        "DAY" => (day.year(), day.ordinal()),
        "WEEK" => (day.iso_week().year(), day.iso_week().week()),
        "MONTH" => (day.year(), day.month()),
        "QUARTER" => (day.year(), day.month0() / 3),
        "YEAR" => (day.year(), 0),
        "DECADE" => (day.year().div_euclid(10), 0),
        _ => (day.year().div_euclid(100), 0),
    }
}

fn next(day: NaiveDate) -> NaiveDate {
    day.succ_opt().expect("the calendar goes on")
}

/// The bars of an interval, each with its first and last day.
fn bars(interval: &str, first: NaiveDate, last: NaiveDate) -> Vec<(NaiveDate, NaiveDate)> {
    let mut start = first;
    while let Some(before) = start.pred_opt().filter(|day| bar_of(interval, *day) == bar_of(interval, first)) {
        start = before;
    }
    let mut bars = vec![(start, start)];
    let mut day = next(start);
    while day <= last || bar_of(interval, day) == bar_of(interval, last) {
        match bars.last_mut() {
            Some((_, end)) if bar_of(interval, *end) == bar_of(interval, day) => *end = day,
            _ => bars.push((day, day)),
        }
        day = next(day);
    }
    bars
}

/// The histogram of the objects with these ids that satisfy a condition; none where it has more than 400 bars.
pub fn histogram(objects: &Objects, interval: &str, condition: &Value, ids: &[String]) -> Option<Value> {
    let day = |value: &Value| value.as_str().map(|day| day.parse::<NaiveDate>().expect("a day"));
    let (mut undated, mut dates) = (0, vec![]);
    for id in ids {
        let (ty, object) = objects.object(id).expect("it is known");
        if !objects.holds(ty, object, condition) {
            continue;
        }
        let (earliest, latest) = match object.get("publishedOn") {
            Some(published) => (day(published), day(published)),
            None => (day(&object["date"]["earliest"]), day(&object["date"]["latest"])),
        };
        if earliest.or(latest).is_none() { undated += 1 } else { dates.push((earliest, latest)) }
    }
    let (mut from, mut to) = (None, None);
    for range in [&condition["publishedOn"], &condition["date"]["overlaps"], &condition["date"]["within"]] {
        from = from.max(day(&range["from"]));
        to = [to, day(&range["to"])].into_iter().flatten().min();
    }
    let known = || dates.iter().flat_map(|(earliest, latest)| [*earliest, *latest]).flatten();
    let range = match (from, to) {
        (Some(from), Some(to)) => Some((from, to)).filter(|(from, to)| from <= to),
        (Some(from), None) => known().max().map(|last| (from, last.max(from))),
        (None, Some(to)) => known().min().map(|first| (first.min(to), to)),
        (None, None) => known().min().zip(known().max()),
    };
    let intervals = ["DAY", "WEEK", "MONTH", "QUARTER", "YEAR", "DECADE", "CENTURY"];
    let (interval, bars) = match range {
        None => (interval, vec![]),
        Some((first, last)) if interval == "AUTO" => intervals
            .into_iter()
            .map(|interval| (interval, bars(interval, first, last)))
            .find(|(_, bars)| bars.len() <= 60)?,
        Some((first, last)) => (interval, bars(interval, first, last)),
    };
    if bars.len() > 400 {
        return None;
    }
    let bar = |(from, to): (NaiveDate, NaiveDate)| {
        let is_within = |(earliest, latest): &&(Option<NaiveDate>, Option<NaiveDate>)| {
            earliest.is_some_and(|day| from <= day) && latest.is_some_and(|day| day <= to)
        };
        let may_be = |(earliest, latest): &&(Option<NaiveDate>, Option<NaiveDate>)| {
            earliest.is_none_or(|day| day <= to) && latest.is_none_or(|day| from <= day)
        };
        json!({ "from": from.to_string(), "to": to.to_string(), "count": dates.iter().filter(is_within).count(),
            "possibleCount": dates.iter().filter(may_be).count() })
    };
    let buckets: Vec<Value> = bars.into_iter().map(bar).collect();
    Some(json!({ "interval": interval, "undated": undated, "buckets": buckets }))
}
