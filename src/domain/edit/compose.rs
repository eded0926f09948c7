//! From a form that was filled in to a document: what was sent is laid over what is stored, and every part remembers
//! where it came from, so that what is wrong with it is told by its place in the form.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use entity::vocabulary::UserErrorCode;
use serde_json::{Map, Value};

use crate::domain::{
    problem::{Path, Problem},
    rule,
    shape::{Field, Object, Shape},
};

use super::{
    form::{Does, FORMS, Form},
    lead::is_nobody,
};

/// Where parts of a document came from: the way in the document, and the way in the form.
#[derive(Debug, Default)]
pub(super) struct Origins(HashMap<Vec<String>, Vec<String>>);

impl Origins {
    fn note(&mut self, document: &[&str], form: &[&str]) {
        let owned = |steps: &[&str]| steps.iter().map(|step| (*step).to_owned()).collect();
        self.0.insert(owned(document), owned(form));
    }

    /// Rewrites the way to a field of the document as the way to where it was filled in.
    pub(super) fn translate(&self, field: &mut Vec<String>) {
        let is_position = |step: &String| step.bytes().all(|byte| byte.is_ascii_digit());
        for length in (0..=field.len()).rev() {
            // A list as a whole is that of the form; its items are, too, only where they came from there.
            if length < field.len() && !field[..length].last().is_some_and(is_position) {
                continue;
            }
            if let Some(form) = self.0.get(&field[..length]) {
                let rest = field.split_off(length);
                field.clone_from(form);
                field.extend(rest);
                return;
            }
        }
    }
}

/// A new document.
pub(super) fn create(mut input: Map<String, Value>) -> Map<String, Value> {
    input.retain(|_, value| !value.is_null());
    fill_in(&mut input);
    input
}

/// What an editor need not say.
fn fill_in(fields: &mut Map<String, Value>) {
    for (name, item) in [("names", "language"), ("mentions", "origin")] {
        if let Some(Value::Array(items)) = fields.get_mut(name) {
            for value in items {
                fill_in_item(value, item);
            }
        }
    }
}

fn fill_in_item(value: &mut Value, name: &str) {
    if let Value::Object(fields) = value {
        let default = if name == "origin" { "EDITOR" } else { "und" };
        if fields.get(name).is_none_or(Value::is_null) {
            fields.insert(name.to_owned(), default.into());
        }
    }
}

/// Lays an update over a document.
pub(super) fn update(
    form: &Form,
    object: &'static Object,
    document: &mut Map<String, Value>,
    input: Map<String, Value>,
    origins: &mut Origins,
    problems: &mut Vec<Problem>,
) {
    rename(document, &input);
    Update { origins, problems }.apply(form, object, document, input, (&[], &[]), &Path::TOP);
}

/// A new main name keeps the language of the old one, unless another is said or it stands among the names already.
fn rename(document: &mut Map<String, Value>, input: &Map<String, Value>) {
    let Some(Value::String(name)) = input.get("name") else { return };
    let names = input.get("names").or_else(|| document.get("names"));
    let is_known =
        names.and_then(Value::as_array).is_some_and(|names| names.iter().any(|entry| entry["text"] == **name));
    if is_known && !input.contains_key("language") && document.get("name") != input.get("name") {
        document.remove("language");
    }
}

struct Update<'a> {
    origins: &'a mut Origins,
    problems: &'a mut Vec<Problem>,
}

impl Update<'_> {
    /// `ways` lead to this object, in the document and in the form.
    fn apply(
        &mut self,
        form: &Form,
        object: &'static Object,
        document: &mut Map<String, Value>,
        mut input: Map<String, Value>,
        ways: (&[&str], &[&str]),
        path: &Path<'_>,
    ) {
        let field_of = |name: &str| object.all_fields().find(|field| field.name == name);
        for wanted in [Step::Set, Step::Remove, Step::Update, Step::Add] {
            for entry in form.entries.iter().filter(|entry| Step::of(entry.does) == Some(wanted)) {
                let Some(value) = input.remove(&entry.name) else { continue };
                let here = path.field(&entry.name);
                match (entry.does, value) {
                    (Does::Set, Value::Null) if field_of(&entry.name).is_some_and(|field| field.required) => {
                        self.problems.push(Problem::new(UserErrorCode::Required, &here, "cannot be cleared"));
                    }
                    (Does::Set, Value::Null) => drop(document.shift_remove(entry.name.as_str())),
                    (Does::Set, mut value) => {
                        clean(&mut value, &entry.name);
                        document.insert(entry.name.clone(), value);
                    }
                    (Does::Add(list) | Does::Remove(list) | Does::Update(list), Value::Array(given)) => {
                        let Some(field) = field_of(list) else { continue };
                        if let Shape::List(_, most) = field.shape
                            && given.len() > most
                        {
                            let message = format!("has {} items; at most {most} are allowed", given.len());
                            self.problems.push(Problem::new(UserErrorCode::Invalid, &here, message));
                            continue;
                        }
                        let slot = document.entry(list).or_insert_with(|| Value::Array(Vec::new()));
                        if !slot.is_array() {
                            *slot = Value::Array(Vec::new());
                        }
                        if let Value::Array(items) = slot {
                            match wanted {
                                Step::Remove => self.remove(field, items, given, &here),
                                Step::Update => self.update(field, items, given, ways, &entry.name, &here),
                                _ => self.add(field, items, given, ways, &entry.name),
                            }
                        }
                        if document.get(list).and_then(Value::as_array).is_some_and(Vec::is_empty) {
                            document.shift_remove(list);
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    fn note(&mut self, (document, form): (&[&str], &[&str]), list: &str, at: usize, entry: &str, from: usize) {
        let (at, from) = (at.to_string(), from.to_string());
        self.origins.note(&[document, &[list, &at]].concat(), &[form, &[entry, &from]].concat());
    }

    fn add(
        &mut self,
        field: &'static Field,
        items: &mut Vec<Value>,
        given: Vec<Value>,
        ways: (&[&str], &[&str]),
        entry: &str,
    ) {
        self.origins.note(&[ways.0, &[field.name]].concat(), &[ways.1, &[entry]].concat());
        let mut places: HashMap<String, usize> = HashMap::new();
        let has_keys = !matches!(field.name, "names" | "participants" | "citations" | "mentions");
        if has_keys {
            for (at, item) in items.iter().enumerate() {
                places.entry(key_of(field, item)).or_insert(at);
            }
        }
        for (from, mut value) in given.into_iter().enumerate() {
            clean_item(&mut value, field.name);
            let mut at = items.len();
            if has_keys {
                match places.entry(key_of(field, &value)) {
                    Entry::Occupied(known) if value.is_object() => at = *known.get(),
                    // A plain value that is there already is there.
                    Entry::Occupied(_) => continue,
                    Entry::Vacant(free) => drop(free.insert(at)),
                }
            }
            if at < items.len() {
                items[at] = value;
            } else {
                items.push(value);
            }
            self.note(ways, field.name, at, entry, from);
        }
    }

    fn remove(&mut self, field: &Field, items: &mut Vec<Value>, given: Vec<Value>, path: &Path<'_>) {
        if matches!(field.name, "participants" | "citations" | "mentions") {
            return self.remove_by_id(items, &given, path);
        }
        let mut places: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, item) in items.iter().enumerate() {
            places.entry(meant(field, &item[main_part(field)], item)).or_default().push(at);
        }
        let mut gone = HashSet::new();
        for (from, value) in given.into_iter().enumerate() {
            let is_meant = |item: &Value| {
                field.name != "names"
                    || ["language", "kind"].iter().all(|name| {
                        value.get(*name).is_none_or(|wanted| wanted.is_null() || same_text(wanted, &item[*name]))
                    })
            };
            let known = places.get(&meant(field, &value["text"], &value)).into_iter().flatten();
            let meant: Vec<usize> = known.copied().filter(|at| !gone.contains(at) && is_meant(&items[*at])).collect();
            if meant.is_empty() && !is_nobody(&value) {
                let message = "is not there, so that it cannot be taken out";
                self.problems.push(Problem::new(UserErrorCode::NotFound, &path.item(from), message));
            }
            gone.extend(meant);
        }
        let mut at = 0..;
        items.retain(|_| at.next().is_some_and(|at| !gone.contains(&at)));
    }

    fn remove_by_id(&mut self, items: &mut Vec<Value>, given: &[Value], path: &Path<'_>) {
        let wanted: HashSet<&str> = given.iter().filter_map(Value::as_str).collect();
        let mut found = HashSet::new();
        items.retain(|item| {
            let id = item["id"].as_str().unwrap_or_default();
            !wanted.contains(id) || !found.insert(id.to_owned())
        });
        for (from, value) in given.iter().enumerate() {
            // Who is named twice is not there any more the second time.
            if value.as_str().is_some_and(|id| !found.remove(id)) && !is_nobody(value) {
                let message = "is not there, so that it cannot be taken out";
                self.problems.push(Problem::new(UserErrorCode::NotFound, &path.item(from), message));
            }
        }
    }

    fn update(
        &mut self,
        field: &'static Field,
        items: &mut [Value],
        given: Vec<Value>,
        ways: (&[&str], &[&str]),
        entry: &str,
        path: &Path<'_>,
    ) {
        let Shape::List(Shape::Object(object), _) = field.shape else { return };
        let Some(form) = FORMS.get(&format!("Update{}Input", object.name)) else { return };
        let places: HashMap<String, usize> =
            items.iter().enumerate().filter_map(|(at, item)| Some((item["id"].as_str()?.to_owned(), at))).collect();
        let mut changed = HashSet::new();
        for (from, value) in given.into_iter().enumerate() {
            let Value::Object(changes) = value else { continue };
            let place = path.item(from);
            let wanted = changes.get("id").and_then(Value::as_str).unwrap_or_default();
            let Some(at) = places.get(wanted).copied() else {
                if !changes.get("id").is_some_and(is_nobody) {
                    let message = format!("is the id of none of the {}", field.name);
                    self.problems.push(Problem::new(UserErrorCode::NotFound, &place.field("id"), message));
                }
                continue;
            };
            if !changed.insert(at) {
                let message = "another change of the list has the same id";
                self.problems.push(Problem::new(UserErrorCode::Duplicate, &place.field("id"), message));
                continue;
            }
            self.note(ways, field.name, at, entry, from);
            let (at_text, from_text) = (at.to_string(), from.to_string());
            let document_way = [ways.0, &[field.name, &at_text]].concat();
            let form_way = [ways.1, &[entry, &from_text]].concat();
            if let Value::Object(item) = &mut items[at] {
                look_up_again(item, &changes);
                self.apply(form, object, item, changes, (&document_way, &form_way), &place);
            }
        }
    }
}

/// A citation that gets other words, or is of another text, is looked up anew.
fn look_up_again(item: &mut Map<String, Value>, changes: &Map<String, Value>) {
    if item.contains_key("quote")
        && ["article", "field", "quote", "start"].iter().any(|name| changes.contains_key(*name))
    {
        for name in ["start", "end", "anchor", "prefix", "suffix", "hasTwin", "lastStart"] {
            item.shift_remove(name);
        }
    } else if item.contains_key("entity")
        && (["field", "start", "end"].iter().any(|name| changes.contains_key(*name))
            || changes.get("text").is_some_and(|text| Some(text) != item.get("text")))
    {
        for name in ["text", "anchor", "prefix", "suffix", "hasTwin"] {
            item.shift_remove(name);
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Set,
    Remove,
    Update,
    Add,
}

impl Step {
    fn of(does: Does) -> Option<Self> {
        match does {
            Does::Set => Some(Self::Set),
            Does::Remove(_) => Some(Self::Remove),
            Does::Update(_) => Some(Self::Update),
            Does::Add(_) => Some(Self::Add),
            Does::Id => None,
        }
    }
}

fn clean(value: &mut Value, field: &str) {
    if let Value::Array(items) = value {
        for item in items {
            clean_item(item, field);
        }
    }
}

fn clean_item(item: &mut Value, field: &str) {
    match field {
        "names" => fill_in_item(item, "language"),
        "mentions" => fill_in_item(item, "origin"),
        _ => {}
    }
}

/// The part of an item by which it is told from the others of its list; of a plain value, the whole.
fn main_part(field: &Field) -> &'static str {
    match field.name {
        "names" => "text",
        "descriptions" => "language",
        "places" => "place",
        _ => "",
    }
}

fn key_of(field: &Field, item: &Value) -> String {
    match field.name {
        "descriptions" => folded(&item["language"], item),
        "places" => item["place"].to_string(),
        _ => item.to_string(),
    }
}

/// What is meant by a text that is to be taken out, in the form in which it is stored: a name's letters count as they are, in
/// whichever normal form they were typed in; an address is written in several ways, and so are language tags and ids. Where there
/// is no such part, that is the whole.
fn meant(field: &Field, part: &Value, whole: &Value) -> String {
    let text = if part.is_null() { whole } else { part };
    let stored = match (field.name, text.as_str()) {
        ("names", Some(text)) => rule::line(text).ok(),
        ("sameAs", Some(text)) => rule::url(text).ok(),
        _ => None,
    };
    stored.unwrap_or_else(|| folded(part, whole))
}

/// A language tag or an id in one of the ways in which it may be written. Where there is no such part, that is the whole.
fn folded(part: &Value, whole: &Value) -> String {
    let text = if part.is_null() { whole } else { part };
    text.as_str().map_or_else(|| text.to_string(), |text| text.trim().to_ascii_lowercase())
}

fn same_text(one: &Value, other: &Value) -> bool {
    folded(one, one) == folded(other, other)
}
