//! The searchable texts of records.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use entity::{
    Id, record_description, record_name,
    vocabulary::{RecordKind, RecordType, Vocabulary as _},
};

use crate::{
    store::write::{Rows, by_owner},
    text::retrieval::{Document, Field, FieldText, Spelling, spellings},
};

/// The searchable texts of a record.
#[derive(PartialEq)]
pub(super) struct RecordTexts<'a> {
    pub(super) kind: RecordKind,
    pub(super) language: Option<&'a str>,
    texts: Vec<FieldText<'a>>,
}

impl RecordTexts<'_> {
    pub(super) fn document(&self) -> Document {
        let kind = RecordType::VALUES.iter().position(|(name, _)| *name == self.kind.as_str());
        Document::new(kind.and_then(|kind| u8::try_from(kind).ok()).unwrap_or_default(), &self.texts)
    }

    /// The words of its names.
    pub(super) fn spellings(&self) -> BTreeSet<Spelling> {
        self.texts.iter().filter(|text| text.field == Field::Name).flat_map(|name| spellings(name.text)).collect()
    }
}

/// The names and descriptions of records.
struct EntityTexts<'a> {
    names: HashMap<Id, Vec<&'a record_name::Model>>,
    descriptions: HashMap<Id, Vec<&'a record_description::Model>>,
}

impl<'a> EntityTexts<'a> {
    fn new(rows: &'a Rows) -> Self {
        Self {
            names: by_owner(&rows.record_name, |row| row.record_id),
            descriptions: by_owner(&rows.record_description, |row| row.record_id),
        }
    }

    fn of(&self, id: Id, kind: RecordKind, occupation: Option<&'a str>) -> RecordTexts<'a> {
        let mut names = self.names.get(&id).cloned().unwrap_or_default();
        names.sort_unstable_by_key(|row| row.position);
        let mut descriptions = self.descriptions.get(&id).cloned().unwrap_or_default();
        descriptions.sort_unstable_by_key(|row| row.position);
        let text = |field, language: &'a str, text: &'a str| FieldText { field, language, text };
        let names = names.into_iter().map(|row| text(Field::Name, &row.language, &row.text));
        let occupation = occupation.into_iter().map(|occupation| text(Field::Occupation, "und", occupation));
        let descriptions = descriptions.into_iter().map(|row| text(Field::Description, &row.language, &row.text));
        RecordTexts { kind, language: None, texts: names.chain(occupation).chain(descriptions).collect() }
    }
}

/// Records that can be found, by id. Hidden ones are left out.
pub(super) fn searchable(rows: &Rows) -> BTreeMap<Id, RecordTexts<'_>> {
    let entities = EntityTexts::new(rows);
    let mut records = BTreeMap::new();
    for row in rows.place.iter().filter(|row| !row.is_deleted) {
        records.insert(row.id, entities.of(row.id, RecordKind::Place, None));
    }
    for row in rows.organization.iter().filter(|row| !row.is_deleted) {
        records.insert(row.id, entities.of(row.id, RecordKind::Organization, None));
    }
    for row in rows.event.iter().filter(|row| !row.is_deleted) {
        records.insert(row.id, entities.of(row.id, RecordKind::Event, None));
    }
    for row in rows.person.iter().filter(|row| !row.is_deleted) {
        records.insert(row.id, entities.of(row.id, RecordKind::Person, row.occupation.as_deref()));
    }
    for row in rows.article.iter().filter(|row| !row.is_deleted) {
        let language = row.language.as_str();
        let fields = [
            (Field::Headline, Some(&row.headline)),
            (Field::Abstract, row.r#abstract.as_ref()),
            (Field::Body, row.body.as_ref()),
        ];
        let texts = fields.into_iter().filter_map(|(field, text)| Some(FieldText { field, language, text: text? }));
        let texts = texts.collect();
        records.insert(row.id, RecordTexts { kind: RecordKind::Article, language: Some(language), texts });
    }
    records
}
