//! Parses JSON in which no object has a field more than once. Most parsers ignore all but the last one without an error.

use std::{cell::RefCell, fmt};

use entity::vocabulary::UserErrorCode;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value, map::Entry};

use crate::domain::problem::{Path, Problem};

/// Parses a text of JSON. Reports every field that an object has more than once; the first one counts.
pub(super) fn parse(text: &str) -> Result<(Value, Vec<Problem>), Problem> {
    let problems = RefCell::new(Vec::new());
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Strict { path: &Path::TOP, problems: &problems }
        .deserialize(&mut reader)
        .and_then(|value| reader.end().map(|()| value))
        .map_err(|error| {
            Problem::new(UserErrorCode::Invalid, &Path::TOP, format!("is not JSON: {}", without_position(&error)))
        })?;
    Ok((value, problems.into_inner()))
}

fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place).map_or(text.clone(), |message| format!("{message} (column {})", error.column()))
}

#[derive(Clone, Copy)]
struct Strict<'a> {
    path: &'a Path<'a>,
    problems: &'a RefCell<Vec<Problem>>,
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(Strict { path: &self.path.item(items.len()), ..self })? {
            items.push(item);
        }
        Ok(items.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(name) = access.next_key::<String>()? {
            let value = access.next_value_seed(Strict { path: &self.path.field(&name), ..self })?;
            match fields.entry(name) {
                Entry::Vacant(entry) => {
                    entry.insert(value);
                }
                Entry::Occupied(entry) => {
                    let path = self.path.field(entry.key());
                    let problem = Problem::new(UserErrorCode::Duplicate, &path, "is given more than once");
                    self.problems.borrow_mut().push(problem);
                }
            }
        }
        Ok(fields.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duplicate_field_is_reported_with_its_path() {
        let problems = |text: &str| parse(text).unwrap().1.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(problems(r#"{"a":1,"a":2}"#), ["a: is given more than once"]);
        assert_eq!(problems(r#"{"a":[{},{"b":{"c":1,"c":null,"c":1}}]}"#), ["a.1.b.c: is given more than once"; 2]);
        assert!(parse("{\"a\nb\":1}").unwrap_err().to_string().starts_with("is not JSON: control character"));
        assert!(parse("{} {}").unwrap_err().to_string().starts_with("is not JSON: trailing characters"));
    }

    #[test]
    fn every_kind_of_value_is_parsed() {
        let text = r#"{"z":null,"a":[true,-1,18446744073709551615,0.25,"\u00e9"],"b":{}}"#;
        assert_eq!(parse(text).unwrap().0.to_string(), text.replace("\\u00e9", "é"));
    }
}
