//! A record as a document: the form in which records are imported, exported, kept in the history and edited.
//!
//! The structs here are the typed form. They are written with their fields in a fixed order and without what is empty,
//! so that equal records have equal text. Their JSON is read through [`crate::domain::shape`], which reports everything
//! that is wrong at once; only what passes there is turned into these structs.

mod article;
mod citation;
mod context;
mod event;
mod fuzzy_date;
mod json;
mod organization;
mod person;
mod place;
mod read;
mod refer;
mod reference;
mod relation;
mod revision;
mod settle;
mod thing;
mod written;

use chrono::{DateTime, Utc};
use entity::{Id, vocabulary::RecordKind};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use article::{Article, Mention};
pub use citation::Citation;
pub use context::Context;
pub use event::{Event, EventPlace, Participation};
pub use fuzzy_date::{FuzzyDate, RelativeDate};
pub use organization::Organization;
pub use person::Person;
pub use place::{Location, Place};
pub use read::{Line, as_far_as_possible, read};
pub use reference::Reference;
pub use relation::Relation;
pub use revision::{FieldChange, Revision, RevisionType};
pub use thing::{Description, Name, Thing};

/// A record with everything that it owns.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Document {
    /// What every record has.
    #[serde(flatten)]
    pub header: Header,
    /// What its kind has.
    #[serde(flatten)]
    pub body: Body,
}

/// What every record has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Header {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: RecordKind,
    /// Its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// Its key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// How often it was changed, its making included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i32>,
    /// When it was made.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "written::time")]
    pub created_at: Option<DateTime<Utc>>,
    /// When it was last changed.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "written::time")]
    pub updated_at: Option<DateTime<Utc>>,
    /// When it was put into the bin.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "written::time")]
    pub deleted_at: Option<DateTime<Utc>>,
    /// The ids that were merged into it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub merged_ids: Vec<Id>,
    /// The record that it was merged into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<Id>,
}

/// What a record of each kind has.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Body {
    /// An article.
    Article(Box<Article>),
    /// A place.
    Place(Box<Place>),
    /// An organization.
    Organization(Box<Organization>),
    /// A person.
    Person(Box<Person>),
    /// An event.
    Event(Box<Event>),
    /// A relation.
    Relation(Box<Relation>),
}

impl Document {
    /// The document in JSON, on one line, in its canonical form.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self)
            .expect("a document has string keys and finite numbers only, so that it can be written")
    }

    /// The main name, or the headline of an article, or the kind of a relation: for messages.
    #[must_use]
    pub fn label(&self) -> &str {
        match &self.body {
            Body::Article(article) => &article.headline,
            Body::Relation(relation) => entity::vocabulary::Vocabulary::as_str(relation.kind),
            Body::Place(_) | Body::Organization(_) | Body::Person(_) | Body::Event(_) => {
                self.body.thing().map_or("", |thing| &thing.name)
            }
        }
    }

    /// Its fields as JSON.
    #[must_use]
    pub fn fields(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(fields)) => fields,
            other => unreachable!("a document is written as an object, not as {other:?}"),
        }
    }

    /// Whether the other says the same of the record, whatever its version and times.
    #[must_use]
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        self.header.key == other.header.key
            && self.header.deleted_at == other.header.deleted_at
            && self.header.merged_ids == other.header.merged_ids
            && self.header.merged_into == other.header.merged_into
            && self.body == other.body
    }
}

impl Body {
    /// All citations, those of participants included.
    pub fn citations(&self) -> impl Iterator<Item = &Citation> {
        let (own, participants): (&[Citation], &[Participation]) = match self {
            Self::Event(event) => (&event.citations, &event.participants),
            Self::Relation(relation) => (&relation.citations, &[]),
            Self::Article(_) | Self::Place(_) | Self::Organization(_) | Self::Person(_) => (&[], &[]),
        };
        own.iter().chain(participants.iter().flat_map(|item| &item.citations))
    }

    /// What places, organizations, people and events share.
    #[must_use]
    pub fn thing(&self) -> Option<&Thing> {
        match self {
            Self::Place(place) => Some(&place.thing),
            Self::Organization(organization) => Some(&organization.thing),
            Self::Person(person) => Some(&person.thing),
            Self::Event(event) => Some(&event.thing),
            Self::Article(_) | Self::Relation(_) => None,
        }
    }

    /// The same, to be changed.
    pub fn thing_mut(&mut self) -> Option<&mut Thing> {
        match self {
            Self::Place(place) => Some(&mut place.thing),
            Self::Organization(organization) => Some(&mut organization.thing),
            Self::Person(person) => Some(&mut person.thing),
            Self::Event(event) => Some(&mut event.thing),
            Self::Article(_) | Self::Relation(_) => None,
        }
    }

    /// The address of an article.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        match self {
            Self::Article(article) => article.url.as_deref(),
            _ => None,
        }
    }

    /// The addresses of the same thing elsewhere.
    #[must_use]
    pub fn same_as(&self) -> &[String] {
        match self {
            Self::Article(article) => &article.same_as,
            Self::Relation(_) => &[],
            Self::Place(_) | Self::Organization(_) | Self::Person(_) | Self::Event(_) => {
                self.thing().map_or(&[], |thing| &thing.same_as)
            }
        }
    }
}
