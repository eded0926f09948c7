//! What places, organizations, people and events share: names, descriptions and addresses in other databases.

use std::collections::HashSet;

use entity::{
    Id, record_description, record_name,
    vocabulary::{NameKind, UserErrorCode},
};
use serde::{Deserialize, Serialize};

use crate::{
    domain::{
        kind::{IMAGE, RowReader, RowWriter, SAME_AS},
        problem::{Path, Problem},
        shape::{Field, Identity, MAX_ITEMS, MAX_LINE, Object, Shape, VocabularyShape, optional, required},
    },
    text::sort_key,
};

use super::item::check_each_once;

pub(crate) static THING: &[Field] = &[
    required("name", Shape::Line(MAX_LINE), "The main name."),
    optional(
        "language",
        Shape::Language,
        "The language of the main name. The default is the language of the first entry in names with the same text, or else und.",
    ),
    optional(
        "names",
        Shape::List(&Shape::Object(&NAME), MAX_ITEMS),
        "The other names, without the main name. Each other language may have one name of the kind MAIN.",
    ),
    optional(
        "descriptions",
        Shape::List(&Shape::Object(&DESCRIPTION), MAX_ITEMS),
        "Short descriptions, one for each language.",
    ),
    SAME_AS,
    IMAGE,
];

static NAME: Object = Object::new(
    "Name",
    "One name in one language.",
    &[&[
        required("text", Shape::Line(MAX_LINE), "The name."),
        required("language", Shape::Language, "The language of the name; und if it is not known.").form_default("und"),
        optional("kind", Shape::Vocabulary(&NAME_KIND), "The kind of name. The default is ALIAS."),
    ]],
)
.identified(Identity::Whole {
    add_doc: "Names to add.",
    remove_doc: "Names to remove, found by their text and, if given, their language and kind.",
});
static NAME_KIND: VocabularyShape = VocabularyShape::of::<NameKind>();

static DESCRIPTION: Object = Object::new(
    "Description",
    "A description in one language.",
    &[&[
        required("text", Shape::Prose(5_000), "The description."),
        required("language", Shape::Language, "The language of the description."),
    ]],
)
.identified(Identity::Field {
    name: "language",
    add_doc: "Descriptions to add. A description in the same language is replaced.",
    remove_doc: "The languages of the descriptions to remove.",
});

/// What places, organizations, people and events share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the shape describes the fields")]
pub struct Thing {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<Name>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub descriptions: Vec<Description>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub same_as: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
}

/// One name in one language.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the shape describes the fields")]
pub struct Name {
    pub text: String,
    pub language: String,
    #[serde(default = "alias")]
    pub kind: NameKind,
}

/// A description in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the shape describes the fields")]
pub struct Description {
    pub text: String,
    pub language: String,
}

fn alias() -> NameKind {
    NameKind::Alias
}

impl Thing {
    /// Sets the language of the main name, if it is missing, from the first name with the same text. Then removes the main name
    /// from the other names. Returns the positions that the remaining names had before.
    pub fn separate_main_name(&mut self) -> Vec<usize> {
        let language = self.language.take().unwrap_or_else(|| {
            self.names
                .iter()
                .find(|name| name.text == self.name)
                .map_or_else(|| "und".to_owned(), |name| name.language.clone())
        });
        let mut kept = Vec::with_capacity(self.names.len());
        let mut position = 0;
        self.names.retain(|name| {
            let is_kept = name.text != self.name
                || name.language != language
                || !matches!(name.kind, NameKind::Main | NameKind::Alias);
            if is_kept {
                kept.push(position);
            }
            position += 1;
            is_kept
        });
        self.language = Some(language);
        kept
    }

    /// The language of the main name.
    #[must_use]
    pub fn main_language(&self) -> &str {
        self.language.as_deref().unwrap_or("und")
    }

    /// Fills in the main language, and reports duplicates.
    pub(crate) fn check(&mut self, problems: &mut Vec<Problem>) {
        // A problem has the position in the document, where the main name may be among the others.
        let positions = self.separate_main_name();
        let names = Path::TOP.field("names");
        let mut seen = HashSet::with_capacity(self.names.len());
        let mut main = HashSet::from([self.main_language()]);
        for (index, name) in positions.into_iter().zip(&self.names) {
            if !seen.insert(name) {
                problems.push(Problem::new(
                    UserErrorCode::Duplicate,
                    &names.item(index),
                    "the name is already in the list",
                ));
            }
            if name.kind == NameKind::Main && !main.insert(&name.language) {
                let message = format!("must not be MAIN: another name in {} is MAIN", name.language);
                problems.push(Problem::new(UserErrorCode::Duplicate, &names.item(index).field("kind"), message));
            }
        }
        let descriptions = Path::TOP.field("descriptions");
        let what = "a description in that language";
        check_each_once(&self.descriptions, |description| &description.language, &descriptions, what, problems);
        check_each_once(&self.same_as, |url| url, &Path::TOP.field("sameAs"), "the address", problems);
    }

    /// In a merge: takes over the names as aliases, and every value that this record does not have.
    pub(crate) fn take_over(&mut self, from: &mut Self) {
        let main = Name { text: from.name.clone(), language: from.main_language().to_owned(), kind: NameKind::Alias };
        let others = from.names.iter().map(|name| match name.kind {
            NameKind::Main => Name { kind: NameKind::Alias, ..name.clone() },
            _ => name.clone(),
        });
        for name in std::iter::once(main).chain(others) {
            let is_main = name.text == self.name && name.language == self.main_language();
            if !is_main && self.names.iter().all(|known| known.text != name.text || known.language != name.language) {
                self.names.push(name);
            }
        }
        for description in &from.descriptions {
            if self.descriptions.iter().all(|known| known.language != description.language) {
                self.descriptions.push(description.clone());
            }
        }
        self.same_as.append(&mut from.same_as);
        self.image = self.image.take().or_else(|| from.image.clone());
    }
}

impl RowWriter<'_> {
    pub(crate) fn thing(&mut self, id: Id, thing: &Thing) {
        let main = (thing.name.clone(), thing.main_language().to_owned(), NameKind::Main);
        let others = thing.names.iter().map(|name| (name.text.clone(), name.language.clone(), name.kind));
        for (position, (text, language, kind)) in (0..).zip(std::iter::once(main).chain(others)) {
            self.rows.record_name.push(record_name::Model {
                record_id: id,
                position,
                text_key: sort_key(&text),
                text,
                language,
                kind,
            });
        }
        for (position, description) in (0..).zip(&thing.descriptions) {
            self.rows.record_description.push(record_description::Model {
                record_id: id,
                language: description.language.clone(),
                position,
                text: description.text.clone(),
            });
        }
        self.same_as(id, &thing.same_as);
    }
}

impl RowReader<'_> {
    pub(crate) fn thing(&self, id: Id, name: &str, language: &str, image: Option<&String>) -> Thing {
        let mut names: Vec<Name> = self.list(
            &self.names,
            id,
            |row| row.position,
            |row| Name { text: row.text.clone(), language: row.language.clone(), kind: row.kind },
        );
        let is_main = |other: &Name| other.kind == NameKind::Main && other.text == name && other.language == language;
        if let Some(at) = names.iter().position(is_main) {
            names.remove(at);
        }
        Thing {
            name: name.to_owned(),
            language: Some(language.to_owned()),
            names,
            descriptions: self.list(
                &self.descriptions,
                id,
                |row| row.position,
                |row| Description { text: row.text.clone(), language: row.language.clone() },
            ),
            same_as: self.same_as(id),
            image: image.cloned(),
        }
    }
}
