//! The kinds of record. Each file declares one kind: its fields, references, own rules, rows, and what a merge takes over.
//!
//! To add a kind: a value of [`RecordKind`], a file here that implements [`Kind`], and a line in [`kinds`]. The compiler or a test
//! names the rest.

mod article;
mod event;
mod organization;
mod part;
mod person;
mod place;
mod relation;
mod rows;

use std::{
    collections::HashMap,
    ops::{Deref, DerefMut},
};

use entity::{
    Id,
    vocabulary::{AnchorState, RecordKind, TextField},
};
use serde::Serialize;
use serde_json::Value;

use crate::{
    date::Edtf,
    domain::{
        problem::{Path, Problem},
        shape::{Field, MAX_ITEMS, MAX_VERSION, Object, Shape, VocabularyShape, optional},
    },
    store::write::{Rows, Tree},
};

pub use article::Article;
pub use event::{Event, EventPlace};
pub use organization::Organization;
pub(crate) use part::MENTION_TEXT;
pub use part::{
    Citation, Context, Description, FuzzyDate, Items, ItemsMut, Location, Mention, Name, Participation, Reference,
    ReferenceVisitor, RelativeDate, Thing,
};
pub(super) use part::{add_citations, json};
pub use person::Person;
pub use place::Place;
pub use relation::Relation;
use rows::RowReader;
pub use rows::{Dates, RowWriter};

/// What each kind of record implements. There are no default methods, so that no kind forgets one.
pub trait Kind {
    /// The fields that the write path reads from a record of any kind.
    fn facts(&self) -> Facts<'_>;
    /// The fields that the write path sets.
    fn facts_mut(&mut self) -> FactsMut<'_>;
    /// Fills in values that follow from the record itself, and reports problems that need no other record.
    fn check(&mut self, problems: &mut Vec<Problem>);
    /// Reports duplicate references. It is called when all references are resolved.
    fn check_references(&self, is_deleted: bool, problems: &mut Vec<Problem>);
    /// Calls the visitor with every reference. The visitor may change it.
    fn visit_references(&mut self, visitor: &mut ReferenceVisitor<'_>);
    /// Adds the rows of the record.
    fn write_rows(&self, id: Id, is_deleted: bool, writer: &mut RowWriter<'_>);
    /// In a merge: takes over the values of the merged record that this record does not have.
    fn take_over(&mut self, from: &mut Body, merge: Merge);
    /// Removes items that a merge made equal. Returns the number of removed items, without citations of participants.
    fn deduplicate(&mut self) -> usize;
}

/// The fields that the write path reads from a record of any kind. References may be unresolved.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The addresses of the same thing in other databases.
    pub same_as: &'a [String],
    /// Its own address, which no other record has.
    pub url: Option<&'a str>,
    /// Its items with ids: mentions, participations, citations.
    pub items: Items<'a>,
    /// Its dates by their fields, without the dates of citations.
    pub dates: Vec<(&'static str, &'a Option<FuzzyDate>)>,
    /// The fields of its start and its end, if its kind has both.
    pub period: Option<[&'static str; 2]>,
    /// The date that resolves the dates relative to this record.
    pub anchor_date: AnchorDate<'a>,
    /// The places that it names as its countries, each with its field.
    pub countries: Vec<(Vec<String>, &'a Reference)>,
    /// The tree that records of its kind form, and the parent of the record.
    pub parent: Option<(Tree, Option<&'a Reference>)>,
}

/// The fields that the write path sets.
#[derive(Debug)]
pub struct FactsMut<'a> {
    /// Its items with ids: mentions, participations, citations.
    pub items: ItemsMut<'a>,
    /// Its dates by their fields, without the dates of citations.
    pub dates: Vec<(&'static str, &'a mut Option<FuzzyDate>)>,
}

/// The date that resolves the dates relative to a record.
#[derive(Debug, Clone)]
pub enum AnchorDate<'a> {
    /// No date can be relative to a record of this kind.
    None,
    /// A day, if it is known.
    Day(Option<Edtf>),
    /// A date that may be relative itself.
    Fuzzy(Option<&'a FuzzyDate>),
}

/// A merge of two records.
#[derive(Debug, Clone, Copy)]
pub struct Merge {
    /// The record that is merged away.
    pub from: Id,
    /// The survivor.
    pub into: Id,
    /// Whether the survivor is an ancestor of the other record.
    pub survivor_is_ancestor: bool,
}

impl Merge {
    /// Takes over the parent, if the survivor has none or is a child of the merged record. A record never becomes its own ancestor.
    fn take_over_parent(self, into: &mut Option<Reference>, from: Option<&Reference>) {
        if into.as_ref().is_none_or(|parent| parent.id() == self.from) {
            *into = from.filter(|parent| !self.survivor_is_ancestor && parent.id() != self.into).cloned();
        }
    }
}

/// Takes over a value if there is none.
fn fill<T: Clone>(into: &mut Option<T>, from: Option<&T>) {
    if into.is_none() {
        *into = from.cloned();
    }
}

/// Lists the kinds, each with its file. The file has the name of the table.
macro_rules! kinds {
    ($($kind:ident: $file:ident,)+) => {
        /// The body of a record: everything that depends on its kind.
        #[derive(Debug, Clone, PartialEq, Serialize)]
        #[serde(untagged)]
        pub enum Body {
            $(#[doc = concat!("A record of the kind ", stringify!($kind), ".")] $kind(Box<$kind>),)+
        }

        impl Body {
            /// Reads a body from JSON that passed the check of its shape.
            pub(crate) fn from_json(kind: RecordKind, value: Value) -> serde_json::Result<Self> {
                Ok(match kind { $(RecordKind::$kind => Self::$kind(serde_json::from_value(value)?),)+ })
            }

            /// Reads the bodies of records from their rows.
            pub(crate) fn from_rows(rows: &Rows) -> HashMap<Id, Self> {
                let reader = RowReader::new(rows);
                let mut bodies = HashMap::with_capacity(rows.record.len());
                $(for row in &rows.$file {
                    bodies.insert(row.id, Self::$kind(Box::new($kind::from_row(row, &reader))));
                })+
                bodies
            }
        }

        impl Deref for Body {
            type Target = dyn Kind;

            fn deref(&self) -> &Self::Target {
                match self { $(Self::$kind(record) => record.as_ref(),)+ }
            }
        }

        impl DerefMut for Body {
            fn deref_mut(&mut self) -> &mut Self::Target {
                match self { $(Self::$kind(record) => record.as_mut(),)+ }
            }
        }

        /// The shape of a kind of record.
        #[must_use]
        pub fn of_kind(kind: RecordKind) -> &'static Object {
            match kind { $(RecordKind::$kind => &$file::SHAPE,)+ }
        }
    };
}

kinds! {
    Article: article,
    Place: place,
    Organization: organization,
    Person: person,
    Event: event,
    Relation: relation,
}

impl Body {
    /// All citations, including those of participants.
    pub fn citations(&self) -> impl Iterator<Item = &Citation> {
        self.facts().items.all_citations()
    }

    /// Calls the visitor with every citation and its path.
    pub fn visit_citations(&mut self, visitor: &mut dyn FnMut(&mut Citation, &Path<'_>)) {
        self.facts_mut().items.visit_citations(visitor);
    }
}

/// The kinds with names: these can be mentioned, take part in events, and be merged.
pub(crate) const ENTITY: &[RecordKind] =
    &[RecordKind::Place, RecordKind::Organization, RecordKind::Person, RecordKind::Event];
/// The kinds that a date can be relative to.
const DATED: &[RecordKind] = &[RecordKind::Event, RecordKind::Article];
const PLACE_ONLY: &[RecordKind] = &[RecordKind::Place];
const ORGANIZATION_ONLY: &[RecordKind] = &[RecordKind::Organization];
const PERSON_ONLY: &[RecordKind] = &[RecordKind::Person];
const EVENT_ONLY: &[RecordKind] = &[RecordKind::Event];
const ARTICLE_ONLY: &[RecordKind] = &[RecordKind::Article];

/// The fields that identify a record in a line. One of them is needed.
const ID_OR_KEY: &[&str] = &["id", "key"];

pub(super) const HEADER: &[Field] = &[
    optional("id", Shape::Id, "The record's id, a UUID. An id or a key is required."),
    optional("key", Shape::Key, "A stable name of your choice, unique over all records."),
    optional(
        "version",
        Shape::Integer(1, MAX_VERSION as i64),
        "The version: 1 for a new record, incremented by every change. If the stored version is higher, an import of a changed line is refused.",
    )
    .read_only(),
    optional("createdAt", Shape::Time, "When the record was created.").read_only(),
    optional("updatedAt", Shape::Time, "When the record was last changed.").read_only(),
    optional("deletedAt", Shape::Time, "When the record was put into the bin; absent if it is not in the bin.").read_only(),
    optional("mergedIds", Shape::List(&Shape::Id, MAX_ITEMS), "The ids of the records that were merged into this record.").read_only(),
    optional(
        "mergedInto",
        Shape::Id,
        "The id of the record that this record was merged into. That record lists this id in its mergedIds.",
    )
    .read_only(),
];

const SAME_AS: Field = optional(
    "sameAs",
    Shape::List(&Shape::Url, MAX_ITEMS),
    "Addresses of the same thing in other databases. Each address belongs to one record only.",
);

const IMAGE: Field = optional("image", Shape::Url, "The address of an image.");

static TEXT_FIELD: VocabularyShape = VocabularyShape::of::<TextField>();
static ANCHOR_STATE: VocabularyShape = VocabularyShape::of::<AnchorState>();

/// The fields for the position of a mention or citation.
const POSITION: &[&str] = &["start", "end", "anchor", "prefix", "suffix", "hasTwin", "lastStart"];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use entity::vocabulary::Vocabulary;

    use crate::{domain::shape::placeholder, store::write::COUNTRY_COLUMNS};

    use super::*;

    /// The value of a shape in which nothing is missing: every field has a value, every list an item.
    fn complete(shape: Shape) -> Value {
        match shape {
            Shape::Object(object) => {
                object.all_fields().map(|field| (field.name.to_owned(), complete(field.shape))).collect()
            }
            Shape::List(item, _) => vec![complete(*item)].into(),
            _ => placeholder(shape, 0),
        }
    }

    fn complete_body(kind: RecordKind) -> Body {
        Body::from_json(kind, complete(Shape::Object(of_kind(kind)))).unwrap()
    }

    /// The references that a shape declares: the path of each, and the kinds that it allows.
    fn declared_references(shape: Shape, path: &[String]) -> BTreeSet<(Vec<String>, &'static [RecordKind])> {
        let inner = |shape, name: &str| declared_references(shape, &[path, &[name.to_owned()]].concat());
        match shape {
            Shape::Reference(kinds) => BTreeSet::from([(path.to_vec(), kinds)]),
            Shape::Object(object) => object.all_fields().flat_map(|field| inner(field.shape, field.name)).collect(),
            Shape::List(item, _) => inner(*item, "0"),
            _ => BTreeSet::new(),
        }
    }

    #[test]
    fn every_declared_reference_is_visited_with_its_kinds() {
        for kind in RecordKind::ALL {
            let mut visited = BTreeSet::new();
            complete_body(*kind).visit_references(&mut |_, kinds, path| {
                visited.insert((Problem::new(entity::vocabulary::UserErrorCode::Invalid, path, "").field, kinds));
            });
            assert_eq!(visited, declared_references(Shape::Object(of_kind(*kind)), &[]), "{kind}");
        }
    }

    #[test]
    fn a_date_can_be_relative_to_every_kind_that_has_an_anchor_date() {
        let has_date = |kind: &RecordKind| !matches!(complete_body(*kind).facts().anchor_date, AnchorDate::None);
        let dated: BTreeSet<_> = RecordKind::ALL.iter().copied().filter(has_date).collect();
        assert_eq!(DATED.iter().copied().collect::<BTreeSet<_>>(), dated);
    }

    #[test]
    fn every_declared_date_is_read_and_written() {
        for kind in RecordKind::ALL {
            let is_date = |field: &&Field| matches!(field.shape, Shape::Object(object) if object.name == "FuzzyDate");
            let declared: Vec<_> = of_kind(*kind).all_fields().filter(is_date).map(|field| field.name).collect();
            let mut body = complete_body(*kind);
            assert_eq!(body.facts().dates.iter().map(|(field, _)| *field).collect::<Vec<_>>(), declared, "{kind}");
            assert_eq!(body.facts_mut().dates.iter().map(|(field, _)| *field).collect::<Vec<_>>(), declared, "{kind}");
        }
    }

    #[test]
    fn a_survivor_takes_over_every_field_that_it_lacks() {
        for kind in ENTITY {
            let required = of_kind(*kind).all_fields().filter(|field| field.required);
            let required = required.map(|field| (field.name.to_owned(), complete(field.shape))).collect();
            let mut survivor = Body::from_json(*kind, required).unwrap();
            let merge = Merge { from: Id::new(), into: Id::new(), survivor_is_ancestor: false };
            survivor.take_over(&mut complete_body(*kind), merge);
            let survivor = serde_json::to_value(survivor).unwrap();
            let complete = serde_json::to_value(complete_body(*kind)).unwrap();
            let names = complete.as_object().unwrap().keys();
            let lacking: Vec<_> = names.filter(|name| survivor.get(name).is_none()).collect();
            // The names of the two are equal, and the language is that of the name.
            assert_eq!(lacking, ["language", "names"], "{kind}");
        }
    }

    #[test]
    fn every_field_that_names_a_country_is_a_country_column() {
        let named = RecordKind::ALL.iter().flat_map(|kind| vec![*kind; complete_body(*kind).facts().countries.len()]);
        let columns: Vec<_> = COUNTRY_COLUMNS.iter().map(|(kind, ..)| *kind).collect();
        assert_eq!(named.collect::<Vec<_>>(), columns);
    }

    #[test]
    fn entities_are_the_kinds_with_names() {
        let named: Vec<_> =
            RecordKind::ALL.iter().copied().filter(|kind| of_kind(*kind).field("names").is_some()).collect();
        assert_eq!(ENTITY, named);
    }

    #[test]
    fn each_kind_has_its_own_type() {
        for kind in RecordKind::ALL {
            let shape = of_kind(*kind).field("type").map(|field| field.shape);
            assert!(matches!(shape, Some(Shape::Constant(word)) if word == kind.as_str()), "{kind}");
        }
    }
}
