//! What an edit may say: the forms of creating and updating each kind of record, made from the shapes of documents.
//!
//! GraphQL registers its input types from these forms, and [`super::compose`] reads what was filled in by them, so that a
//! field of a document is declared once, in its shape.

use std::{collections::BTreeMap, sync::LazyLock};

use entity::vocabulary::{RecordKind, Vocabulary};

use crate::domain::shape::{Field, Object, Shape, of_kind};

/// One form: a GraphQL input type.
#[derive(Debug)]
pub struct Form {
    /// Its name, such as `CreatePlaceInput`.
    pub name: String,
    /// What it is for.
    pub doc: String,
    /// What may be filled in.
    pub entries: Vec<Entry>,
}

/// One field of a form.
#[derive(Debug)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// What it means.
    pub doc: String,
    /// Whether it has to be there, and not null.
    pub required: bool,
    /// What it takes.
    pub takes: Takes,
    /// What becomes of it.
    pub(super) does: Does,
}

/// What a field takes.
#[derive(Debug, Clone)]
pub enum Takes {
    /// A single value: neither an object nor a list.
    One(Shape),
    /// Another form, by its name.
    Form(String),
    /// A list, none of whose items may be null.
    List(Box<Takes>),
}

/// What becomes of the value of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Does {
    /// It is set as the field of the same name.
    Set,
    /// Its items are added to the list of this name.
    Add(&'static str),
    /// The items of the list with these ids are changed.
    Update(&'static str),
    /// Such items are taken out of the list.
    Remove(&'static str),
    /// It names the item that an update is of.
    Id,
}

/// The kinds of record that can be edited, with the name that forms and mutations use.
pub const KINDS: [(RecordKind, &str); 6] = [
    (RecordKind::Article, "Article"),
    (RecordKind::Place, "Place"),
    (RecordKind::Organization, "Organization"),
    (RecordKind::Person, "Person"),
    (RecordKind::Event, "Event"),
    (RecordKind::Relation, "Relation"),
];

/// All forms by their names.
pub static FORMS: LazyLock<BTreeMap<String, Form>> = LazyLock::new(|| {
    let mut forms = BTreeMap::new();
    for (kind, _) in KINDS {
        record(kind, &mut forms);
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
    KINDS.iter().find(|(known, _)| *known == kind).map_or("", |(_, title)| title)
}

/// What the program keeps for itself: these are never filled in.
fn is_kept(object: &Object, field: &Field) -> bool {
    let own: &[&str] = match object.name {
        "Citation" => &["id", "end", "anchor", "prefix", "suffix", "hasTwin", "lastStart"],
        "Participation" => &["id"],
        "FuzzyDate" => &["resolved"],
        "Mention" => &["id", "anchor", "origin", "prefix", "suffix", "hasTwin"],
        _ => &["type", "version", "createdAt", "updatedAt", "deletedAt", "mergedIds", "mergedInto"],
    };
    own.contains(&field.name)
}

/// The name of the form of an object that stands inside of a record.
fn nested_name(object: &Object) -> String {
    match object.name {
        "Location" => "GeoPointInput".to_owned(),
        name => format!("{name}Input"),
    }
}

fn record(kind: RecordKind, forms: &mut BTreeMap<String, Form>) {
    let (object, title) = (of_kind(kind), title(kind));
    let word = kind.as_str().to_lowercase();
    let mut entries = Vec::new();
    for field in object.all_fields().filter(|field| !is_kept(object, field)) {
        let mut entry = set(field, forms);
        if field.name == "id" {
            "A UUID of your own; a new one is made where it is missing. In applyChanges also a temporary id such as _:meeting, by which the other changes of the call refer to the record.".clone_into(&mut entry.doc);
        }
        entries.push(entry);
    }
    let name = format!("Create{title}Input");
    let doc = format!("A new {word}.");
    forms.insert(name.clone(), Form { name, doc, entries });

    let mut entries = Vec::new();
    for field in object.all_fields().filter(|field| !is_kept(object, field) && field.name != "id") {
        changes(field, &mut entries, forms);
    }
    let name = format!("Update{title}Input");
    let doc = format!(
        "What is to change of the {word}. What is absent is left as it is, null clears. A list is replaced as a whole, or by add, update and remove in parts."
    );
    forms.insert(name.clone(), Form { name, doc, entries });
}

/// The entry that sets a field.
fn set(field: &Field, forms: &mut BTreeMap<String, Form>) -> Entry {
    Entry {
        name: field.name.to_owned(),
        doc: field.doc.to_owned(),
        required: field.required,
        takes: takes(field.shape, forms),
        does: Does::Set,
    }
}

fn takes(shape: Shape, forms: &mut BTreeMap<String, Form>) -> Takes {
    match shape {
        Shape::Object(object) => {
            let name = nested_name(object);
            if !forms.contains_key(&name) {
                let entries = object
                    .all_fields()
                    .filter(|field| !is_kept(object, field))
                    .map(|field| Entry {
                        // Names whose language is not known are common: it need not be said.
                        required: field.required && !(object.name == "Name" && field.name == "language"),
                        ..set(field, forms)
                    })
                    .collect();
                forms.insert(name.clone(), Form { name: name.clone(), doc: object.doc.to_owned(), entries });
            }
            Takes::Form(name)
        }
        Shape::List(item, _) => Takes::List(Box::new(takes(*item, forms))),
        one => Takes::One(one),
    }
}

/// The form of changing an item that has an id.
fn update_form(object: &'static Object, forms: &mut BTreeMap<String, Form>) -> String {
    let name = format!("Update{}Input", object.name);
    if !forms.contains_key(&name) {
        let mut entries = vec![Entry {
            name: "id".to_owned(),
            doc: "Its id.".to_owned(),
            required: true,
            takes: Takes::One(Shape::Id),
            does: Does::Id,
        }];
        for field in object.all_fields().filter(|field| !is_kept(object, field)) {
            changes(field, &mut entries, forms);
        }
        let doc = format!(
            "What is to change of one of the owner's items: {} What is absent is left, null clears.",
            object.doc
        );
        forms.insert(name.clone(), Form { name: name.clone(), doc, entries });
    }
    name
}

/// The entries by which a field is changed: as a whole and, for a list, in parts.
fn changes(field: &'static Field, entries: &mut Vec<Entry>, forms: &mut BTreeMap<String, Form>) {
    entries.push(Entry { required: false, ..set(field, forms) });
    let Shape::List(item, _) = field.shape else {
        return;
    };
    let items = takes(field.shape, forms);
    let title = capitalized(field.name);
    let mut entry = |verb: &str, doc: String, takes: Takes, does: Does| {
        entries.push(Entry { name: format!("{verb}{title}"), doc, required: false, takes, does });
    };
    let list_of = |shape: Shape| Takes::List(Box::new(Takes::One(shape)));
    let name = field.name;
    if let Shape::Object(object) = item {
        match object.name {
            "Name" => {
                entry("add", "Names to add.".to_owned(), items.clone(), Does::Add(name));
                entry(
                    "remove",
                    "Names to take out, found by their text and, where given, their language and kind.".to_owned(),
                    items,
                    Does::Remove(name),
                );
            }
            "Description" => {
                entry(
                    "add",
                    "Descriptions to add; one that is there in the same language is replaced.".to_owned(),
                    items,
                    Does::Add(name),
                );
                let doc = "The languages whose descriptions are taken out.".to_owned();
                entry("remove", doc, list_of(Shape::Language), Does::Remove(name));
            }
            "EventPlace" => {
                let doc = "Places to add; one that is there already is described anew.".to_owned();
                entry("add", doc, items, Does::Add(name));
                let doc = "The ids of places to take out.".to_owned();
                entry("remove", doc, list_of(Shape::Reference(&[RecordKind::Place])), Does::Remove(name));
            }
            _ => {
                entry("add", format!("Entries to add to {name}."), items, Does::Add(name));
                let form = update_form(object, forms);
                let changed = Takes::List(Box::new(Takes::Form(form)));
                entries.push(Entry {
                    name: format!("update{title}"),
                    doc: format!("Changes of entries of {name}, each found by its id."),
                    required: false,
                    takes: changed,
                    does: Does::Update(name),
                });
                entries.push(Entry {
                    name: format!("remove{title}"),
                    doc: format!("The ids of entries of {name} to take out."),
                    required: false,
                    takes: list_of(Shape::Id),
                    does: Does::Remove(name),
                });
            }
        }
    } else {
        entry("add", format!("To add to {name}; what is there already is left."), items.clone(), Does::Add(name));
        entry("remove", format!("To take out of {name}."), items, Does::Remove(name));
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
        fn named(takes: &Takes) -> Option<&str> {
            match takes {
                Takes::One(_) => None,
                Takes::Form(name) => Some(name),
                Takes::List(of) => named(of),
            }
        }
        for entry in FORMS.values().flat_map(|form| &form.entries) {
            assert!(named(&entry.takes).is_none_or(|name| FORMS.contains_key(name)), "{}", entry.name);
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
