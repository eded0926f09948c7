//! A naive evaluation of `where` in memory, over all objects as the API shows them without filters.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate};
use dateline::text::sort_key;
use serde_json::{Map, Value, json};

use super::fields::{Filtered, Kind, TYPES, filtered};
use crate::support::service::Service;

/// All objects, by type and id.
pub struct Objects {
    by_id: HashMap<String, (&'static Filtered, Value)>,
    /// The ids of each type.
    pub ids: HashMap<&'static str, Vec<String>>,
    /// The id of each key and of each merged id.
    names: HashMap<String, String>,
}

impl Objects {
    /// Reads all objects.
    pub async fn read(service: &Service) -> Self {
        let mut objects = Self { by_id: HashMap::new(), ids: HashMap::new(), names: HashMap::new() };
        for ty in TYPES.iter().filter(|ty| !ty.list.is_empty()) {
            let is_record = !ty.orders.is_empty();
            let record = if is_record { "id key createdAt updatedAt mergedIds" } else { "id" };
            let document = format!("{{ {}(first: 100) {{ nodes {{ {record} {} }} }} }}", ty.list, ty.selection);
            let data = service.data(&document).await;
            objects.add(ty, &data[ty.list]["nodes"]);
        }
        let ty = filtered("Participation");
        let document = format!(
            "{{ events(first: 100) {{ nodes {{ participants(first: 100) {{ nodes {{ id {} }} }} }} }} }}",
            ty.selection
        );
        let data = service.data(&document).await;
        for event in items(&data["events"]["nodes"]) {
            objects.add(ty, &event["participants"]["nodes"]);
        }
        objects
    }

    fn add(&mut self, ty: &'static Filtered, nodes: &Value) {
        for node in items(nodes) {
            let id = text(&node["id"]).to_owned();
            for other in node["key"].as_str().into_iter().chain(items(&node["mergedIds"]).filter_map(Value::as_str)) {
                self.names.insert(other.to_owned(), id.clone());
            }
            self.ids.entry(ty.name).or_default().push(id.clone());
            self.by_id.insert(id, (ty, node.clone()));
        }
    }

    /// Some values of a field, to ask for.
    pub fn values(&self, ty: &str, field: &str) -> Vec<Value> {
        let of = self.ids.get(ty).into_iter().flatten().map(|id| &self.by_id[id].1);
        if field == "name" {
            return of.flat_map(|object| items(&object["names"]).map(|name| name["text"].clone())).collect();
        }
        of.map(|object| object[field].clone()).filter(|value| !value.is_null()).collect()
    }

    /// An object with its type.
    pub fn object(&self, id: &str) -> Option<&(&'static Filtered, Value)> {
        self.by_id.get(id)
    }

    /// Whether an object satisfies a `where`.
    pub fn holds(&self, ty: &Filtered, object: &Value, condition: &Value) -> bool {
        let Some(condition) = condition.as_object() else { return true };
        condition.iter().filter(|(_, value)| !value.is_null()).all(|(name, value)| match name.as_str() {
            "and" => items(value).all(|inner| self.holds(ty, object, inner)),
            "or" => items(value).any(|inner| self.holds(ty, object, inner)),
            "not" => !self.holds(ty, object, value),
            name => {
                let (_, kind) = ty.filters.iter().find(|(field, _)| *field == name).expect("a filter of the type");
                self.matches(*kind, name, object, value)
            }
        })
    }

    fn matches(&self, kind: Kind, name: &str, object: &Value, value: &Value) -> bool {
        let field = &object[name];
        match kind {
            Kind::Id => self.is_id(text(&object["id"]), value),
            Kind::Subject => self.is_id(text(&field["id"]), value),
            Kind::Names => is_text(&items(&object["names"]).map(|name| text(&name["text"])).collect::<Vec<_>>(), value),
            Kind::Text | Kind::Enum(_) => is_text(field.as_str().as_slice(), value),
            Kind::Number => compares(field.as_f64(), value, Value::as_f64),
            Kind::Boolean => compares(field.as_bool(), value, Value::as_bool),
            Kind::Time => compares(time(field), value, time),
            Kind::FuzzyDate => is_fuzzy_date(field, value),
            Kind::Day => is_day(field, value),
            Kind::Many(target, _) => self.is_many(target, name, object, value),
            Kind::One(target) => self.is_one(target, field, value),
            Kind::Where(target) => {
                self.related(field).is_some_and(|related| self.holds(filtered(target), related, value))
            }
            Kind::Entity(fields) => fields.iter().any(|field| self.is_entity(&object[*field], value)),
            Kind::Within => self.is_within(object, value),
            Kind::Near => is_near(object, value),
            Kind::InBox => is_in_box(object, value),
            Kind::At => {
                let day = day(value).expect("a day");
                object["since"]["earliest"].as_str().is_none_or(|since| since <= day)
                    && object["until"]["latest"].as_str().is_none_or(|until| day <= until)
            }
        }
    }

    /// The id that a reference means.
    pub fn meaning<'a>(&'a self, reference: &'a str) -> &'a str {
        self.names.get(reference).map_or(reference, String::as_str)
    }

    fn is_id(&self, id: &str, filter: &Value) -> bool {
        let is = |value: &Value| self.meaning(text(value)) == id;
        operators(filter).all(|(operator, value)| match operator {
            "equals" => is(value),
            "in" => items(value).any(is),
            _ => !items(value).any(is),
        })
    }

    fn related(&self, field: &Value) -> Option<&Value> {
        field["id"].as_str().and_then(|id| self.by_id.get(id)).map(|(_, object)| object)
    }

    fn is_one(&self, target: &str, field: &Value, filter: &Value) -> bool {
        operators(filter).all(|(operator, value)| match operator {
            "isNull" => field.is_null() == (*value == json!(true)),
            _ => self.related(field).is_some_and(|related| self.holds(filtered(target), related, value)),
        })
    }

    /// An absent entity satisfies no comparison, so only complements of comparisons hold.
    fn is_entity(&self, field: &Value, filter: &Value) -> bool {
        let found = field["id"].as_str().and_then(|id| self.by_id.get(id));
        operators(filter).all(|(name, value)| match (name, found) {
            ("id", found) => self.is_id(found.map_or("", |(_, object)| text(&object["id"])), value),
            ("type", found) => is_text(found.map(|(ty, _)| ty.name.to_uppercase()).as_deref().as_slice(), value),
            ("key", found) => is_text(found.and_then(|(_, object)| object["key"].as_str()).as_slice(), value),
            ("name", found) => {
                let names = found
                    .map_or(vec![], |(_, object)| items(&object["names"]).map(|name| text(&name["text"])).collect());
                is_text(&names, value)
            }
            (_, found) => {
                found.is_some_and(|(ty, object)| ty.name.to_lowercase() == name && self.holds(ty, object, value))
            }
        })
    }

    /// The items of the list with the name of the filter, with their edges.
    pub fn items_of(&self, name: &str, object: &Value) -> Vec<(Value, &Value)> {
        let of = |ids: Vec<Value>| {
            let found = |id: Value| Some((json!({}), &self.by_id.get(text(&id["id"]))?.1));
            ids.into_iter().filter_map(found).collect()
        };
        match &object[name] {
            Value::Array(list) => of(list.clone()),
            connection => items(&connection["edges"])
                .filter_map(|edge| Some((edge.clone(), self.related(&edge["node"])?)))
                .collect(),
        }
    }

    fn is_many(&self, target: &str, name: &str, object: &Value, filter: &Value) -> bool {
        let (target, list) = (filtered(target), self.items_of(name, object));
        let mentioned: Vec<&str> = list
            .iter()
            .flat_map(|(_, item)| [&item["entity"]["id"], &item["meant"]["id"]])
            .filter_map(Value::as_str)
            .collect();
        let is_mentioned = |id: &Value| mentioned.contains(&self.meaning(text(id)));
        let mut same: Vec<(&str, &Value)> = vec![];
        let rest = operators(filter).all(|(operator, value)| match operator {
            "none" => !list.iter().any(|(_, item)| self.holds(target, item, value)),
            "any" => items(value).any(is_mentioned),
            "all" => items(value).all(is_mentioned),
            "isCertain" if value.as_object().is_none_or(Map::is_empty) => true,
            _ => {
                same.push((operator, value));
                true
            }
        });
        rest && (same.is_empty()
            || list.iter().any(|(edge, item)| {
                same.iter().all(|(operator, value)| match *operator {
                    "some" => self.holds(target, item, value),
                    "within" => self.is_within(item, value),
                    "near" => is_near(item, value),
                    "inBox" => is_in_box(item, value),
                    _ => compares(edge["isCertain"].as_bool(), value, Value::as_bool),
                })
            }))
    }

    fn is_within(&self, place: &Value, places: &Value) -> bool {
        contained_in(place).any(|id| items(places).any(|wanted| self.meaning(text(wanted)) == text(id)))
    }
}

/// The id of a place and of all that contain it.
pub fn contained_in(place: &Value) -> impl Iterator<Item = &Value> {
    std::iter::once(&place["id"]).chain(items(&place["ancestors"]).map(|ancestor| &ancestor["id"]))
}

/// The items of a list; one value is a list as well.
pub fn items(value: &Value) -> std::slice::Iter<'_, Value> {
    match value {
        Value::Array(items) => items.iter(),
        Value::Null => [].iter(),
        one => std::slice::from_ref(one).iter(),
    }
}

fn operators(filter: &Value) -> impl Iterator<Item = (&str, &Value)> {
    filter
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| (name.as_str(), value))
}

/// A text; an empty one for null.
pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn day(value: &Value) -> Option<&str> {
    value.as_str()
}

fn time(value: &Value) -> Option<i64> {
    let time = value.as_str().and_then(|text| DateTime::parse_from_rfc3339(text).ok());
    time.map(|time| time.timestamp_micros())
}

fn is_text(texts: &[&str], filter: &Value) -> bool {
    let is = |value: &Value| texts.contains(&text(value));
    operators(filter).all(|(operator, value)| match operator {
        "equals" => is(value),
        "in" => items(value).any(is),
        "notIn" => !items(value).any(is),
        "startsWith" => texts.iter().any(|one| sort_key(one).starts_with(&sort_key(text(value)))),
        "contains" => texts.iter().any(|one| contains(&sort_key(one), &sort_key(text(value)))),
        _ => texts.is_empty() == (*value == json!(true)),
    })
}

/// One or two letters mean the beginning of a word.
fn contains(text: &str, part: &str) -> bool {
    if part.chars().count() > 2 { text.contains(part) } else { text.split(' ').any(|word| word.starts_with(part)) }
}

#[expect(clippy::needless_pass_by_value, reason = "callers make the value")]
fn compares<T: PartialOrd>(field: Option<T>, filter: &Value, read: impl Fn(&Value) -> Option<T>) -> bool {
    operators(filter).all(|(operator, value)| match (operator, &field) {
        ("isNull", field) => field.is_none() == (*value == json!(true)),
        (_, None) => false,
        (operator, Some(field)) => {
            let value = read(value).expect("a value of the type");
            match operator {
                "equals" => *field == value,
                "gte" => *field >= value,
                "lte" => *field <= value,
                "gt" => *field > value,
                _ => *field < value,
            }
        }
    })
}

fn range(value: &Value) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let bound = |name: &str| value[name].as_str().map(|day| day.parse().expect("a day"));
    (bound("from"), bound("to"))
}

fn is_fuzzy_date(date: &Value, filter: &Value) -> bool {
    let known = |name: &str| date[name].as_str().map(|day| day.parse::<NaiveDate>().expect("a day"));
    let (earliest, latest) = (known("earliest"), known("latest"));
    operators(filter).all(|(operator, value)| {
        let (from, to) = range(value);
        match operator {
            "isNull" => date.is_null() == (*value == json!(true)),
            "isApproximate" | "isUncertain" => date[operator] == *value,
            "within" => earliest.zip(latest).is_some_and(|(earliest, latest)| {
                from.is_none_or(|from| from <= earliest) && to.is_none_or(|to| latest <= to)
            }),
            _ => {
                !date.is_null()
                    && to.zip(earliest).is_none_or(|(to, earliest)| earliest <= to)
                    && from.zip(latest).is_none_or(|(from, latest)| from <= latest)
                    && from.zip(to).is_none_or(|(from, to)| from <= to)
            }
        }
    })
}

fn is_day(field: &Value, filter: &Value) -> bool {
    let (from, to) = range(filter);
    let is_asked = filter["isNull"].as_bool().is_none_or(|wanted| field.is_null() == wanted);
    let day = field.as_str().map(|day| day.parse::<NaiveDate>().expect("a day"));
    is_asked
        && from.is_none_or(|from| day.is_some_and(|day| from <= day))
        && to.is_none_or(|to| day.is_some_and(|day| day <= to))
}

/// By the haversine formula.
fn is_near(place: &Value, filter: &Value) -> bool {
    let of = |object: &Value, name: &str| object[name].as_f64().map(f64::to_radians);
    let point = &place["location"];
    let Some((latitude, longitude)) = of(point, "latitude").zip(of(point, "longitude")) else { return false };
    let (other, east) = of(filter, "latitude").zip(of(filter, "longitude")).expect("a point");
    let half = |angle: f64| (angle / 2.0).sin().powi(2);
    let part = half(latitude - other) + latitude.cos() * other.cos() * half(longitude - east);
    2.0 * 6371.0088 * part.sqrt().min(1.0).asin() <= filter["radiusKm"].as_f64().expect("a radius") + 1e-6
}

fn is_in_box(place: &Value, filter: &Value) -> bool {
    let of = |name: &str| filter[name].as_f64().expect("an edge");
    let point = &place["location"];
    let Some((latitude, longitude)) = point["latitude"].as_f64().zip(point["longitude"].as_f64()) else { return false };
    let (west, east) = (of("west"), of("east"));
    let is_between = |longitude: f64| {
        if west <= east { west <= longitude && longitude <= east } else { west <= longitude || longitude <= east }
    };
    // both numbers mean the date line
    let is_on_date_line = longitude.abs() >= 180.0;
    let is_between = is_between(longitude) || is_on_date_line && is_between(-longitude);
    of("south") <= latitude && latitude <= of("north") && is_between
}
