//! The JSON Schema of the interchange format, derived from the shapes.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Object, Shape};

/// The JSON Schema (draft 2020-12) of one line. A line is one of these objects.
pub fn json_schema(lines: impl Iterator<Item = &'static Object>) -> Value {
    let mut definitions = BTreeMap::new();
    let lines: Vec<Value> = lines.map(|object| reference(object, &mut definitions)).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A line of a Dateline interchange file",
        "description": "Files are JSON Lines in UTF-8: one record per line, in any order. Null and an empty optional text mean absent. Blanks around dates, language tags, codes and addresses do not count. A schema cannot express rules about other records, such as that a reference exists or that a quote occurs in its article.",
        "oneOf": lines,
        "$defs": definitions,
    })
}

fn reference(object: &'static Object, definitions: &mut BTreeMap<String, Value>) -> Value {
    if !definitions.contains_key(object.name) {
        // Inserted first, so that a recursive object ends here.
        definitions.insert(object.name.to_owned(), Value::Null);
        let definition = define(object, definitions);
        definitions.insert(object.name.to_owned(), definition);
    }
    json!({ "$ref": format!("#/$defs/{}", object.name) })
}

fn define(object: &'static Object, definitions: &mut BTreeMap<String, Value>) -> Value {
    let mut properties = Map::new();
    for field in object.all_fields() {
        let mut schema = schema_of(field.shape, definitions);
        if !field.required {
            make_optional(&mut schema, field.shape);
        }
        if let Value::Object(schema) = &mut schema {
            schema.insert("description".into(), field.doc.into());
        }
        properties.insert(field.name.into(), schema);
    }
    let required: Vec<_> = object.all_fields().filter(|field| field.required).map(|field| field.name).collect();
    let mut definition = json!({
        "type": "object",
        "description": object.doc,
        "properties": properties,
        "additionalProperties": false,
    });
    if !required.is_empty() {
        definition["required"] = required.into();
    }
    if !object.needs_one_of.is_empty() {
        // Null and an empty text mean absent. The pattern concerns texts only.
        let given = json!({ "not": { "type": "null" }, "pattern": SOMETHING });
        let needs = |name: &&str| json!({ "required": [name], "properties": { *name: given } });
        definition["anyOf"] = object.needs_one_of.iter().map(needs).collect();
    }
    definition
}

/// A text that is not blank.
const SOMETHING: &str = "\\S";

/// Allows null, and for a text also an empty one: both mean absent.
fn make_optional(schema: &mut Value, shape: Shape) {
    let is_part = matches!(shape, Shape::SourcePart(_));
    let Value::Object(rules) = schema else { return };
    match rules.get("type").cloned() {
        Some(ty) => {
            if ty == "string" && !is_part && !matches!(shape, Shape::Id) {
                rules.remove("minLength");
                match rules.remove("pattern") {
                    Some(Value::String(pattern)) if pattern != SOMETHING => {
                        rules.insert("pattern".to_owned(), format!(r"^\s*$|{pattern}").into());
                    }
                    _ => {}
                }
            }
            rules.insert("type".to_owned(), json!([ty, "null"]));
        }
        // Any JSON is null as well.
        None if rules.is_empty() => {}
        None => *schema = json!({ "anyOf": [schema.take(), { "type": "null" }] }),
    }
}

fn schema_of(shape: Shape, definitions: &mut BTreeMap<String, Value>) -> Value {
    const ID: &str = "^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$";
    const KEY: &str = "^[A-Za-z0-9][A-Za-z0-9._:/-]{0,199}$";
    match shape {
        Shape::Line(max) | Shape::Prose(max) | Shape::SourceLine(max) | Shape::SourceText(max) => {
            json!({ "type": "string", "minLength": 1, "pattern": SOMETHING, "maxLength": max })
        }
        Shape::SourcePart(max) => json!({ "type": "string", "maxLength": max }),
        Shape::Id => json!({ "type": "string", "format": "uuid", "pattern": ID }),
        // The pattern of keys matches ids as well.
        Shape::Key | Shape::Reference(_) => json!({ "type": "string", "pattern": KEY }),
        Shape::Url => {
            json!({ "type": "string", "format": "iri", "pattern": r"^\s*[Hh][Tt][Tt][Pp][Ss]?://", "maxLength": 300 })
        }
        Shape::Language => json!({ "type": "string", "pattern": r"^\s*[A-Za-z0-9-]{2,35}\s*$" }),
        Shape::CountryCode => json!({ "type": "string", "pattern": r"^\s*[A-Z]{2}\s*$" }),
        Shape::Day => {
            json!({ "type": "string", "format": "date", "pattern": r"^\s*[0-9]{4}-[0-9]{2}-[0-9]{2}\s*$" })
        }
        Shape::Time => json!({ "type": "string", "format": "date-time" }),
        Shape::Edtf => json!({ "type": "string", "maxLength": 300 }),
        Shape::Duration => json!({ "type": "string", "format": "duration", "pattern": r"^\s*P" }),
        Shape::Integer(min, max) => json!({ "type": "integer", "minimum": min, "maximum": max }),
        Shape::Number(min, max) => json!({ "type": "number", "minimum": min, "maximum": max }),
        Shape::Boolean => json!({ "type": "boolean" }),
        Shape::Constant(constant) => json!({ "const": constant }),
        Shape::Object(object) => reference(object, definitions),
        Shape::List(item, max) => {
            json!({ "type": "array", "items": schema_of(*item, definitions), "maxItems": max })
        }
        Shape::Any => json!({}),
        Shape::Vocabulary(vocabulary) => {
            definitions.entry(vocabulary.name.to_owned()).or_insert_with(|| {
                let values: Vec<_> = vocabulary
                    .values
                    .iter()
                    .map(|(value, doc)| json!({ "const": value, "description": doc }))
                    .collect();
                json!({ "description": vocabulary.doc, "oneOf": values })
            });
            json!({ "$ref": format!("#/$defs/{}", vocabulary.name) })
        }
    }
}
