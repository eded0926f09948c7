//! Forms: what the input of an edit may contain. They are derived from the shapes of documents, so that a field is declared only once.
//!
//! GraphQL registers an input type for each form, and [`super::compose`] applies an input by its form.

use std::{collections::BTreeMap, sync::LazyLock};

use entity::vocabulary::{RecordKind, Vocabulary};
use serde_json::{Map, Value};

use crate::domain::{
    kind::of_kind,
    shape::{Field, Identity, Object, Shape},
};

/// One form: a GraphQL input type.
#[derive(Debug)]
pub struct Form {
    /// Its name, such as `CreatePlaceInput`.
    pub name: String,
    /// Its purpose.
    pub doc: String,
    /// Its fields.
    pub entries: Vec<Entry>,
}

impl Form {
    /// Whether an input replaces a list as a whole, its own or that of an item.
    pub(super) fn replaces_a_list(&self, input: &Map<String, Value>) -> bool {
        self.entries.iter().filter(|entry| input.contains_key(&entry.name)).any(|entry| match entry.action {
            FieldAction::Set => matches!(entry.input_type, InputType::List(_)),
            FieldAction::Update(_) => true,
            FieldAction::Add(_) | FieldAction::Remove(_) | FieldAction::Id => false,
        })
    }
}

/// One field of a form.
#[derive(Debug)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// What it means.
    pub doc: String,
    /// Whether it is required.
    pub required: bool,
    /// The type of its value.
    pub input_type: InputType,
    /// What compose does with its value.
    pub(super) action: FieldAction,
}

/// The type of a value.
#[derive(Debug, Clone)]
pub enum InputType {
    /// A single value: neither an object nor a list.
    One(Shape),
    /// Another form, by its name.
    Form(String),
    /// A list without null items.
    List(Box<InputType>),
}

/// What compose does with the value of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FieldAction {
    /// Set the field of the same name.
    Set,
    /// Add the items to the list of this name.
    Add(&'static str),
    /// Update the items of this list with these ids.
    Update(&'static str),
    /// Remove these items from the list.
    Remove(&'static str),
    /// Find the item to update by this id.
    Id,
}

/// All forms by their names.
pub static FORMS: LazyLock<BTreeMap<String, Form>> = LazyLock::new(|| {
    let mut forms = BTreeMap::new();
    for kind in RecordKind::ALL {
        add_forms(*kind, &mut forms);
    }
    forms
});

/// The form of creating a record of a kind.
#[must_use]
pub fn of_create(kind: RecordKind) -> &'static Form {
    &FORMS[&format!("Create{}Input", title(kind))]
}

/// The form of updating a record of a kind.
#[must_use]
pub fn of_update(kind: RecordKind) -> &'static Form {
    &FORMS[&format!("Update{}Input", title(kind))]
}

/// The name of a kind in the names of types and mutations.
#[must_use]
pub fn title(kind: RecordKind) -> &'static str {
    of_kind(kind).name
}

/// The fields that editors may set.
fn editable(object: &'static Object) -> impl Iterator<Item = &'static Field> {
    object.all_fields().filter(|field| !field.read_only)
}

fn add_forms(kind: RecordKind, forms: &mut BTreeMap<String, Form>) {
    let (object, title) = (of_kind(kind), title(kind));
    let word = kind.as_str().to_lowercase();
    let mut entries = Vec::new();
    for field in editable(object) {
        let mut entry = set(field, forms);
        if field.name == "id" {
            "A UUID of your choice. If it is missing, a new id is created. In applyChanges also a temporary id, such as _:meeting: other changes of the call use it to refer to the record.".clone_into(&mut entry.doc);
        }
        entries.push(entry);
    }
    let name = format!("Create{title}Input");
    let doc = format!("A new {word}.");
    forms.insert(name.clone(), Form { name, doc, entries });

    let mut entries = Vec::new();
    for field in editable(object).filter(|field| field.name != "id") {
        changes(field, &mut entries, forms);
    }
    let name = format!("Update{title}Input");
    let doc = format!(
        "The fields of the {word} to change. Absent fields stay unchanged; null clears a field. A list is replaced as a whole, or changed item by item with add, update and remove."
    );
    forms.insert(name.clone(), Form { name, doc, entries });
}

/// The entry that sets a field.
fn set(field: &Field, forms: &mut BTreeMap<String, Form>) -> Entry {
    Entry {
        name: field.name.to_owned(),
        doc: field.doc.to_owned(),
        required: field.required && field.form_default.is_none(),
        input_type: input_type(field.shape, forms),
        action: FieldAction::Set,
    }
}

fn input_type(shape: Shape, forms: &mut BTreeMap<String, Form>) -> InputType {
    match shape {
        Shape::Object(object) => {
            let name = object.form_name.map_or_else(|| format!("{}Input", object.name), str::to_owned);
            if !forms.contains_key(&name) {
                let entries = editable(object).map(|field| set(field, forms)).collect();
                forms.insert(name.clone(), Form { name: name.clone(), doc: object.doc.to_owned(), entries });
            }
            InputType::Form(name)
        }
        Shape::List(item, _) => InputType::List(Box::new(input_type(*item, forms))),
        one => InputType::One(one),
    }
}

/// The form for an update of an item that has an id.
fn update_form(object: &'static Object, forms: &mut BTreeMap<String, Form>) -> String {
    let name = format!("Update{}Input", object.name);
    if !forms.contains_key(&name) {
        let mut entries = vec![Entry {
            name: "id".to_owned(),
            doc: "The id of the item.".to_owned(),
            required: true,
            input_type: InputType::One(Shape::Id),
            action: FieldAction::Id,
        }];
        for field in editable(object) {
            changes(field, &mut entries, forms);
        }
        let doc = format!(
            "An item and its fields to change. {} Absent fields stay unchanged; null clears a field.",
            object.doc
        );
        forms.insert(name.clone(), Form { name: name.clone(), doc, entries });
    }
    name
}

/// The entries that change a field: as a whole and, for a list, item by item.
fn changes(field: &'static Field, entries: &mut Vec<Entry>, forms: &mut BTreeMap<String, Form>) {
    entries.push(Entry { required: false, ..set(field, forms) });
    let Shape::List(item, _) = field.shape else {
        return;
    };
    let items = input_type(field.shape, forms);
    let title = capitalized(field.name);
    let mut entry = |verb: &str, doc: String, input_type: InputType, action: FieldAction| {
        entries.push(Entry { name: format!("{verb}{title}"), doc, required: false, input_type, action });
    };
    let list_of = |shape: Shape| InputType::List(Box::new(InputType::One(shape)));
    let name = field.name;
    let Shape::Object(object) = item else {
        entry(
            "add",
            format!("Values to add to {name}. A value that is already in the list is ignored."),
            items.clone(),
            FieldAction::Add(name),
        );
        entry("remove", format!("Values to remove from {name}."), items, FieldAction::Remove(name));
        return;
    };
    match object.identity {
        Identity::None => {}
        Identity::Whole { add_doc, remove_doc } => {
            entry("add", add_doc.to_owned(), items.clone(), FieldAction::Add(name));
            entry("remove", remove_doc.to_owned(), items, FieldAction::Remove(name));
        }
        Identity::Field { add_doc, remove_doc, .. } => {
            entry("add", add_doc.to_owned(), items, FieldAction::Add(name));
            let identifying = object.identifying_field().map_or(Shape::Any, |field| field.shape);
            entry("remove", remove_doc.to_owned(), list_of(identifying), FieldAction::Remove(name));
        }
        Identity::Id { .. } => {
            let form = InputType::List(Box::new(InputType::Form(update_form(object, forms))));
            entry("add", format!("Items to add to {name}."), items, FieldAction::Add(name));
            entry(
                "update",
                format!("Items of {name} to update, each found by its id."),
                form,
                FieldAction::Update(name),
            );
            let removed = format!("The ids of the items to remove from {name}.");
            entry("remove", removed, list_of(Shape::Id), FieldAction::Remove(name));
        }
    }
}

fn capitalized(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_that_is_referred_to_is_there() {
        fn named(input_type: &InputType) -> Option<&str> {
            match input_type {
                InputType::One(_) => None,
                InputType::Form(name) => Some(name),
                InputType::List(of) => named(of),
            }
        }
        for entry in FORMS.values().flat_map(|form| &form.entries) {
            assert!(named(&entry.input_type).is_none_or(|name| FORMS.contains_key(name)), "{}", entry.name);
        }
    }

    #[test]
    fn an_update_takes_the_parts_of_lists() {
        let names: Vec<_> = of_update(RecordKind::Event).entries.iter().map(|entry| entry.name.as_str()).collect();
        for name in [
            "addNames",
            "removeNames",
            "addPlaces",
            "removePlaces",
            "addParticipants",
            "updateParticipants",
            "removeParticipants",
            "updateCitations",
        ] {
            assert!(names.contains(&name), "{name} of {names:?}");
        }
        assert!(!names.contains(&"id") && !names.contains(&"version"));
    }
}
