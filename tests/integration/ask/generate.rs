//! Random `where`s, with values that occur and values that do not.

use serde_json::{Map, Value, json};

use super::{
    evaluate::Objects,
    fields::{Filtered, Kind, filtered},
    random::Random,
};
use crate::support::crowd::id_of;

const DAYS: [&str; 7] =
    ["2010-12-31", "2014-12-31", "2015-02-16", "2015-02-17", "2015-02-18", "2015-12-31", "2019-12-31"];
const TIMES: [&str; 6] = [
    "0000-01-01T00:00:00Z",
    "2020-01-01T00:00:00Z",
    "2020-01-01T00:00:00.0005Z",
    "2020-01-01T02:00:00.001+02:00",
    "2021-06-01T12:00:00.000Z",
    "9999-12-31T23:59:59.9995Z",
];
/// Centres and corners of areas.
const POINTS: [(f64, f64); 6] =
    [(31.2, 16.58), (-17.8, 180.0), (-17.5, -180.0), (90.0, 0.0), (0.0, 0.0), (-33.9, 151.2)];

/// Makes random filters about some objects.
pub struct Generator<'a> {
    pub random: Random,
    pub objects: &'a Objects,
}

impl Generator<'_> {
    /// A `where` of a type, at most that deep.
    pub fn condition(&mut self, ty: &'static Filtered, depth: usize) -> Value {
        let mut all = Map::new();
        for _ in 0..=self.random.below(2) {
            let (name, kind) = *self.random.pick(ty.filters);
            if let Some(value) = self.filter(ty, name, kind, depth) {
                all.insert(name.to_owned(), value);
            }
        }
        // Clients with variables send null for what they leave out.
        if self.random.once_in(4) {
            all.entry(self.random.pick(ty.filters).0).or_insert(Value::Null);
        }
        if depth > 0 && self.random.once_in(3) {
            let inner = depth - 1;
            match self.random.below(3) {
                0 => {
                    let list: Vec<_> = (0..self.random.below(3)).map(|_| self.condition(ty, inner)).collect();
                    all.insert("and".to_owned(), list.into());
                }
                1 => {
                    let list: Vec<_> = (0..self.random.below(4)).map(|_| self.condition(ty, inner)).collect();
                    all.insert("or".to_owned(), list.into());
                }
                _ => {
                    all.insert("not".to_owned(), self.condition(ty, inner));
                }
            }
        }
        Value::Object(all)
    }

    /// A filter; none where it would be too deep.
    fn filter(&mut self, ty: &'static Filtered, name: &str, kind: Kind, depth: usize) -> Option<Value> {
        if self.random.once_in(20) {
            return Some(
                if self.random.once_in(2)
                    && !matches!(kind, Kind::Near | Kind::InBox | Kind::Within | Kind::At | Kind::Where(_))
                {
                    json!({})
                } else {
                    Value::Null
                },
            );
        }
        Some(match kind {
            Kind::Id | Kind::Subject => {
                let ids = match (kind, ty.name) {
                    (Kind::Subject, _) => [self.references("Event", 2), self.plain_ids("Participation", 2)].concat(),
                    (_, "Participation" | "Citation" | "Mention") => self.plain_ids(ty.name, 3),
                    (_, name) => self.references(name, 3),
                };
                self.equality(ids)
            }
            Kind::Enum(values) => self.equality(values.iter().map(|value| json!(value)).collect()),
            Kind::Text | Kind::Names => {
                let values = self.objects.values(ty.name, name);
                let mut filter = self.text(values);
                if self.random.once_in(3) {
                    filter["isNull"] = self.random.once_in(2).into();
                }
                filter
            }
            Kind::Number => {
                let values = self.objects.values(ty.name, name);
                self.comparison(&values, &["equals", "gte", "lte", "gt", "lt"])
            }
            Kind::Boolean => self.comparison(&[json!(true), json!(false)], &["equals"]),
            Kind::Time => {
                let operator = *self.random.pick(&["gte", "lte", "gt", "lt"]);
                json!({ operator: self.random.pick(&TIMES) })
            }
            Kind::FuzzyDate => match self.random.below(6) {
                0 => json!({ "isNull": self.random.once_in(2) }),
                1 => json!({ "isApproximate": self.random.once_in(2) }),
                2 => json!({ "isUncertain": self.random.once_in(2) }),
                3 => json!({ "within": self.range(), "isUncertain": false }),
                4 => json!({ "within": self.range() }),
                _ => json!({ "overlaps": self.range() }),
            },
            Kind::Day => {
                let mut range = self.range();
                if self.random.once_in(4) {
                    range["isNull"] = self.random.once_in(2).into();
                }
                range
            }
            Kind::One(target) => {
                let nullable = name != "article";
                if nullable && self.random.once_in(3) {
                    return Some(json!({ "isNull": self.random.once_in(2) }));
                }
                json!({ "is": self.below(target, depth)? })
            }
            Kind::Where(target) => self.below(target, depth)?,
            Kind::Entity(_) => self.entity(depth),
            Kind::Many(target, extras) => self.many(target, extras, depth)?,
            Kind::Within => self.references("Place", 2).into(),
            Kind::Near => self.near(),
            Kind::InBox => self.in_box(),
            Kind::At => json!(self.random.pick(&DAYS)),
        })
    }

    fn below(&mut self, target: &str, depth: usize) -> Option<Value> {
        (depth > 0)
            .then(|| if self.random.once_in(6) { json!({}) } else { self.condition(filtered(target), depth - 1) })
    }

    fn many(&mut self, target: &str, extras: &[&str], depth: usize) -> Option<Value> {
        let mut all = Map::new();
        for name in extras {
            if self.random.once_in(3) {
                let value = match *name {
                    "within" => self.references("Place", 2).into(),
                    "near" => self.near(),
                    "inBox" => self.in_box(),
                    "isCertain" => json!({ "equals": self.random.once_in(2) }),
                    _ => [self.references("Place", 1), self.references("Person", 1)].concat().into(),
                };
                all.insert((*name).to_owned(), value);
            }
        }
        if all.is_empty() || self.random.once_in(2) {
            let name = if self.random.once_in(3) { "none" } else { "some" };
            all.insert(name.to_owned(), self.below(target, depth)?);
        }
        Some(Value::Object(all))
    }

    fn entity(&mut self, depth: usize) -> Value {
        let kind = *self.random.pick(&["Place", "Organization", "Person"]);
        match self.random.below(5) {
            0 => {
                let ids = self.references(kind, 2);
                json!({ "id": self.equality(ids) })
            }
            1 => json!({ "type": self.equality(vec![json!("PLACE"), json!("PERSON"), json!("EVENT")]) }),
            2 => {
                let keys = self.objects.values(kind, "key");
                json!({ "key": self.text(keys) })
            }
            3 => {
                let names = self.objects.values(kind, "name");
                json!({ "name": self.text(names), "type": { "equals": kind.to_uppercase() } })
            }
            _ => match self.below(kind, depth) {
                Some(condition) => json!({ kind.to_lowercase(): condition }),
                None => json!({}),
            },
        }
    }

    /// Ids, keys and merged ids of records, and some of nothing.
    pub fn references(&mut self, ty: &str, most: usize) -> Vec<Value> {
        let all = &self.objects.ids[ty];
        (0..self.random.below(most + 1))
            .map(|_| match self.random.below(8) {
                0 => json!(id_of(&format!("merged/{}", ty.to_uppercase()))),
                1 => json!("nothing has this key"),
                2 => json!(id_of("nothing")),
                3 | 4 => {
                    let id: &String = self.random.pick(all);
                    let (_, object) = self.objects.object(id).expect("it is one of them");
                    object.get("key").filter(|key| !key.is_null()).cloned().unwrap_or_else(|| object["id"].clone())
                }
                _ => json!(self.random.pick(all)),
            })
            .collect()
    }

    fn plain_ids(&mut self, ty: &str, most: usize) -> Vec<Value> {
        let all: Vec<Value> = self.objects.ids[ty].iter().map(|id| json!(id)).collect();
        self.random.some(&all, most)
    }

    /// `equals`, `in` or `notIn`.
    #[expect(clippy::needless_pass_by_value, reason = "callers make the list")]
    pub fn equality(&mut self, values: Vec<Value>) -> Value {
        match self.random.below(4) {
            0 => json!({ "notIn": self.random.some(&values, 3) }),
            1 | 2 => json!({ "in": self.random.some(&values, 3) }),
            _ if values.is_empty() => json!({ "in": [] }),
            _ => json!({ "equals": self.random.pick(&values) }),
        }
    }

    /// A filter by a text or a part of one.
    fn text(&mut self, values: Vec<Value>) -> Value {
        if values.is_empty() || self.random.once_in(2) {
            return self.equality(values);
        }
        let value = self.random.pick(&values).as_str().expect("a text").to_owned();
        let letters: Vec<char> = value.chars().collect();
        let from = if self.random.once_in(2) { 0 } else { self.random.below(letters.len()) };
        let length = self.random.below(6);
        let part: String = letters[from..].iter().take(length).collect();
        let part = match self.random.below(3) {
            0 => part.to_uppercase(),
            // other forms of Arabic letters
            1 => part.replace(['ا', 'أ'], "إ").replace('ة', "ه"),
            _ => part,
        };
        let operator = if self.random.once_in(2) { "startsWith" } else { "contains" };
        json!({ operator: part })
    }

    fn comparison(&mut self, values: &[Value], operators: &[&str]) -> Value {
        if values.is_empty() || self.random.once_in(5) {
            return json!({ "isNull": self.random.once_in(2) });
        }
        let mut all = Map::new();
        for _ in 0..=self.random.below(2) {
            all.insert((*self.random.pick(operators)).to_owned(), self.random.pick(values).clone());
        }
        Value::Object(all)
    }

    fn range(&mut self) -> Value {
        let mut range = Map::new();
        for name in ["from", "to"] {
            if !self.random.once_in(4) {
                range.insert(name.to_owned(), json!(self.random.pick(&DAYS)));
            }
        }
        Value::Object(range)
    }

    fn near(&mut self) -> Value {
        let (latitude, longitude) = *self.random.pick(&POINTS);
        let radius = *self.random.pick(&[0.0, 5.0, 100.0, 1_000.0, 15_000.0, 40_000.0]);
        json!({ "latitude": latitude, "longitude": longitude, "radiusKm": radius })
    }

    fn in_box(&mut self) -> Value {
        let (south, west) = *self.random.pick(&POINTS);
        let (north, east) = *self.random.pick(&POINTS);
        json!({ "south": south.min(north), "west": west, "north": south.max(north), "east": east })
    }
}
