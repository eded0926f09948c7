//! Applies the input of an edit to a document. [`Origins`] records which input field each part comes from, so that a problem is
//! reported at that field.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use entity::vocabulary::UserErrorCode;
use serde_json::{Map, Value};

use crate::domain::{
    problem::{Path, Problem},
    rule,
    shape::{Field, Identity, Object, Shape},
};

use super::{
    form::{FORMS, FieldAction, Form},
    hidden::keep_hidden,
    resolve_id::is_placeholder,
};

/// The origins of parts of a document: the path in the document, and the path in the input.
#[derive(Debug, Default)]
pub(super) struct Origins(HashMap<Vec<String>, Vec<String>>);

impl Origins {
    fn add(&mut self, document: &[&str], input: &[&str]) {
        let owned = |steps: &[&str]| steps.iter().map(|step| (*step).to_owned()).collect();
        self.0.insert(owned(document), owned(input));
    }

    /// Replaces the path of a document field by the path of the input field that it comes from.
    pub(super) fn translate(&self, field: &mut Vec<String>) {
        let is_position = |step: &String| step.bytes().all(|byte| byte.is_ascii_digit());
        for length in (0..=field.len()).rev() {
            // The origin of a list is that of the whole list only: its items may be stored ones.
            if length < field.len() && !field[..length].last().is_some_and(is_position) {
                continue;
            }
            if let Some(input) = self.0.get(&field[..length]) {
                let rest = field.split_off(length);
                field.clone_from(input);
                field.extend(rest);
                return;
            }
        }
    }
}

/// Makes a new document.
pub(super) fn create(object: &'static Object, mut input: Map<String, Value>) -> Map<String, Value> {
    input.retain(|_, value| !value.is_null());
    fill_in_fields(object, &mut input);
    input
}

/// Sets the defaults of fields that the editor left out.
fn fill_in(shape: Shape, value: &mut Value) {
    match (shape, value) {
        (Shape::List(item, _), Value::Array(items)) => items.iter_mut().for_each(|value| fill_in(*item, value)),
        (Shape::Object(object), Value::Object(fields)) => fill_in_fields(object, fields),
        _ => {}
    }
}

fn fill_in_fields(object: &'static Object, fields: &mut Map<String, Value>) {
    for field in object.all_fields() {
        let given = fields.get_mut(field.name).filter(|value| !value.as_str().is_some_and(rule::is_blank));
        match (field.form_default, given) {
            (Some(default), None | Some(Value::Null)) => drop(fields.insert(field.name.to_owned(), default.into())),
            (_, Some(value)) => fill_in(field.shape, value),
            (None, None) => {}
        }
    }
}

/// Applies an update to a document. `in_bin` holds the ids of the deleted records that it links to.
pub(super) fn update(
    form: &Form,
    object: &'static Object,
    document: &mut Map<String, Value>,
    input: Map<String, Value>,
    in_bin: &HashSet<String>,
    origins: &mut Origins,
    problems: &mut Vec<Problem>,
) {
    rename(document, &input);
    Update { in_bin, origins, problems }.apply(form, object, document, input, (&[], &[]), &Path::TOP);
}

/// A new main name keeps the language of the old one. If `names` has the new name, its language is used, unless the input has
/// `language`.
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
    in_bin: &'a HashSet<String>,
    origins: &'a mut Origins,
    problems: &'a mut Vec<Problem>,
}

impl Update<'_> {
    /// Applies an input to an object. `paths` are the paths of the object in the document and in the input.
    fn apply(
        &mut self,
        form: &Form,
        object: &'static Object,
        document: &mut Map<String, Value>,
        mut input: Map<String, Value>,
        paths: (&[&str], &[&str]),
        path: &Path<'_>,
    ) {
        for wanted in [Step::Set, Step::Remove, Step::Update, Step::Add] {
            for entry in form.entries.iter().filter(|entry| Step::of(entry.action) == Some(wanted)) {
                let Some(value) = input.remove(&entry.name) else { continue };
                let here = path.field(&entry.name);
                match (entry.action, value) {
                    (FieldAction::Set, Value::Null)
                        if object.field(&entry.name).is_some_and(|field| field.required) =>
                    {
                        self.problems.push(Problem::new(
                            UserErrorCode::Required,
                            &here,
                            "is required: it cannot be cleared",
                        ));
                    }
                    (FieldAction::Set, mut value) => {
                        let Some(field) = object.field(&entry.name) else { continue };
                        fill_in(field.shape, &mut value);
                        self.set(field, document, value, paths);
                    }
                    (
                        FieldAction::Add(list) | FieldAction::Remove(list) | FieldAction::Update(list),
                        Value::Array(given),
                    ) => {
                        let Some(field) = object.field(list) else { continue };
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
                                Step::Update => self.update(field, items, given, paths, &entry.name, &here),
                                _ => self.add(field, items, given, paths, &entry.name),
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

    /// Sets a field. A list keeps the items that the bin hides from the editor.
    fn set(
        &mut self,
        field: &'static Field,
        document: &mut Map<String, Value>,
        value: Value,
        paths: (&[&str], &[&str]),
    ) {
        let stored = document.shift_remove(field.name);
        let (Shape::List(item, _), Some(Value::Array(stored))) = (field.shape, stored) else {
            if !value.is_null() {
                document.insert(field.name.to_owned(), value);
            }
            return;
        };
        let given = match value {
            Value::Array(items) => items,
            Value::Null => Vec::new(),
            other => return drop(document.insert(field.name.to_owned(), other)),
        };
        let kept = keep_hidden(*item, &stored, given, self.in_bin);
        let moved = kept.iter().enumerate().filter_map(|(at, (from, _))| from.map(|from| (at, from)));
        for (at, from) in moved.filter(|(at, from)| at != from) {
            self.add_origin(paths, field.name, at, field.name, from);
        }
        if !kept.is_empty() {
            document.insert(field.name.to_owned(), kept.into_iter().map(|(_, item)| item).collect());
        }
    }

    fn add_origin(&mut self, (document, input): (&[&str], &[&str]), list: &str, at: usize, entry: &str, from: usize) {
        let (at, from) = (at.to_string(), from.to_string());
        self.origins.add(&[document, &[list, &at]].concat(), &[input, &[entry, &from]].concat());
    }

    fn add(
        &mut self,
        field: &'static Field,
        items: &mut Vec<Value>,
        given: Vec<Value>,
        paths: (&[&str], &[&str]),
        entry: &str,
    ) {
        self.origins.add(&[paths.0, &[field.name]].concat(), &[paths.1, &[entry]].concat());
        let mut positions: HashMap<String, usize> = HashMap::new();
        let item_shape = field.shape.item();
        // An added item with an id is always new. A duplicate of an item that is identified as a whole is reported by a later check.
        let has_keys = match item_shape {
            Shape::Object(object) => matches!(object.identity, Identity::Field { .. }),
            _ => true,
        };
        if has_keys {
            for (at, item) in items.iter().enumerate() {
                positions.entry(item_shape.key(item)).or_insert(at);
            }
        }
        for (from, mut value) in given.into_iter().enumerate() {
            fill_in(item_shape, &mut value);
            let mut at = items.len();
            if has_keys {
                match positions.entry(item_shape.key(&value)) {
                    Entry::Occupied(known) if value.is_object() => at = *known.get(),
                    // A value that is in the list already is not added again.
                    Entry::Occupied(_) => continue,
                    Entry::Vacant(free) => drop(free.insert(at)),
                }
            }
            if at < items.len() {
                items[at] = value;
            } else {
                items.push(value);
            }
            self.add_origin(paths, field.name, at, entry, from);
        }
    }

    fn remove(&mut self, field: &Field, items: &mut Vec<Value>, given: Vec<Value>, path: &Path<'_>) {
        let item_shape = field.shape.item();
        let object = if let Shape::Object(object) = item_shape { Some(object) } else { None };
        if object.is_some_and(|object| matches!(object.identity, Identity::Id { .. })) {
            return self.remove_by_id(items, &given, path);
        }
        let identifying = object.and_then(Object::identifying_field);
        // An item is identified by one field. The input has the item, or only the value of that field.
        let key = |value: &Value| match identifying {
            Some(field) => field.shape.canonical(value.get(field.name).unwrap_or(value)),
            None => item_shape.canonical(value),
        };
        let mut positions: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, item) in items.iter().enumerate() {
            positions.entry(key(item)).or_default().push(at);
        }
        let mut removed = HashSet::new();
        for (from, value) in given.into_iter().enumerate() {
            let matches = |item: &Value| {
                object.into_iter().flat_map(Object::all_fields).all(|field| {
                    value.get(field.name).is_none_or(|wanted| {
                        wanted.is_null() || field.shape.canonical(wanted) == field.shape.canonical(&item[field.name])
                    })
                })
            };
            let candidates = positions.get(&key(&value)).into_iter().flatten();
            let found: Vec<usize> =
                candidates.copied().filter(|at| !removed.contains(at) && matches(&items[*at])).collect();
            if found.is_empty() && !is_placeholder(&value) {
                let message = "is not in the list, so it cannot be removed";
                self.problems.push(Problem::new(UserErrorCode::NotFound, &path.item(from), message));
            }
            removed.extend(found);
        }
        let mut at = 0..;
        items.retain(|_| at.next().is_some_and(|at| !removed.contains(&at)));
    }

    fn remove_by_id(&mut self, items: &mut Vec<Value>, given: &[Value], path: &Path<'_>) {
        let wanted: HashSet<&str> = given.iter().filter_map(Value::as_str).collect();
        let mut found = HashSet::new();
        items.retain(|item| {
            let id = item["id"].as_str().unwrap_or_default();
            !wanted.contains(id) || !found.insert(id.to_owned())
        });
        for (from, value) in given.iter().enumerate() {
            // An id that is listed twice is not found the second time.
            if value.as_str().is_some_and(|id| !found.remove(id)) && !is_placeholder(value) {
                let message = "is not in the list, so it cannot be removed";
                self.problems.push(Problem::new(UserErrorCode::NotFound, &path.item(from), message));
            }
        }
    }

    fn update(
        &mut self,
        field: &'static Field,
        items: &mut [Value],
        given: Vec<Value>,
        paths: (&[&str], &[&str]),
        entry: &str,
        path: &Path<'_>,
    ) {
        let Shape::List(Shape::Object(object), _) = field.shape else { return };
        let Some(form) = FORMS.get(&format!("Update{}Input", object.name)) else { return };
        let positions: HashMap<String, usize> =
            items.iter().enumerate().filter_map(|(at, item)| Some((item["id"].as_str()?.to_owned(), at))).collect();
        let mut changed = HashSet::new();
        for (from, value) in given.into_iter().enumerate() {
            let Value::Object(changes) = value else { continue };
            let path = path.item(from);
            let wanted = changes.get("id").and_then(Value::as_str).unwrap_or_default();
            let Some(at) = positions.get(wanted).copied() else {
                if !changes.get("id").is_some_and(is_placeholder) {
                    let message = format!("no item of {} has this id: add it, or read the record again", field.name);
                    self.problems.push(Problem::new(UserErrorCode::NotFound, &path.field("id"), message));
                }
                continue;
            };
            if !changed.insert(at) {
                let message = "another item of this list has the same id";
                self.problems.push(Problem::new(UserErrorCode::Duplicate, &path.field("id"), message));
                continue;
            }
            self.add_origin(paths, field.name, at, entry, from);
            let (at_text, from_text) = (at.to_string(), from.to_string());
            let document_path = [paths.0, &[field.name, &at_text]].concat();
            let input_path = [paths.1, &[entry, &from_text]].concat();
            if let Value::Object(item) = &mut items[at] {
                clear_derived(object, item, &changes);
                self.apply(form, object, item, changes, (&document_path, &input_path), &path);
            }
        }
    }
}

/// Removes the derived fields of an item that selects another passage, so that the passage is searched for again.
fn clear_derived(object: &Object, item: &mut Map<String, Value>, changes: &Map<String, Value>) {
    let Some(selector) = object.selector else { return };
    if selector.selected_by.iter().any(|name| changes.contains_key(*name))
        || selector.derived.iter().any(|name| changes.get(*name).is_some_and(|value| Some(value) != item.get(*name)))
    {
        for name in selector.derived {
            item.shift_remove(*name);
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
    fn of(action: FieldAction) -> Option<Self> {
        match action {
            FieldAction::Set => Some(Self::Set),
            FieldAction::Remove(_) => Some(Self::Remove),
            FieldAction::Update(_) => Some(Self::Update),
            FieldAction::Add(_) => Some(Self::Add),
            FieldAction::Id => None,
        }
    }
}
