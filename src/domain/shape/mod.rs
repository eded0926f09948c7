//! What a document may look like: one declaration per kind of record, from which reading, checking and the JSON Schema
//! of the interchange format all follow.
//!
//! [`check`] walks a JSON value along its declaration, reports everything that is wrong with its form, and brings what
//! is right into canonical form. Whatever needs other records (that a reference exists, that a quote stands in its
//! article) is left to [`crate::domain::write`].

mod check;
mod declare;
mod declare_article;
mod declare_event;
mod mend;
mod schema;

use entity::vocabulary::{RecordKind, Vocabulary};

pub use check::check;
pub(crate) use check::quoted;
pub(crate) use declare::{
    ARTICLE_ONLY, DATED, ENTITY, EVENT_ONLY, LAST_POSITION, LAST_VERSION, ORGANIZATION_ONLY, PERSON_ONLY, PLACE_ONLY,
};
pub use declare::{REVISION, of_kind};
pub(crate) use declare_article::MENTION_TEXT;
pub use mend::mend;
pub use schema::json_schema;

/// The form of a value.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// One line of the editor's own: trimmed, normalized to NFC, at most so many characters.
    Line(usize),
    /// Several lines of the editor's own, likewise.
    Prose(usize),
    /// One line of a source, kept letter for letter.
    SourceLine(usize),
    /// A text of a source, kept letter for letter.
    SourceText(usize),
    /// A part of a text of a source, kept letter for letter; it may be blank.
    SourcePart(usize),
    /// A stable name of the owner's own.
    Key,
    /// A UUID.
    Id,
    /// A reference to a record of one of these kinds, by id or key.
    Reference(&'static [RecordKind]),
    /// An absolute http or https address.
    Url,
    /// A BCP 47 language tag.
    Language,
    /// Two capital letters.
    CountryCode,
    /// `YYYY-MM-DD`.
    Day,
    /// An RFC 3339 time.
    Time,
    /// A date in EDTF.
    Edtf,
    /// An ISO 8601 duration.
    Duration,
    /// A whole number in a range, both ends included.
    Integer(i64, i64),
    /// A number in a range, both ends included.
    Number(f64, f64),
    /// True or false.
    Boolean,
    /// A value of a vocabulary.
    Vocabulary(&'static VocabularyShape),
    /// One fixed word.
    Constant(&'static str),
    /// An object.
    Object(&'static Object),
    /// A list of at most so many items.
    List(&'static Shape, usize),
    /// Any JSON.
    Any,
}

/// A vocabulary, as a value rather than a type.
#[derive(Debug)]
pub struct VocabularyShape {
    /// Its public name.
    pub name: &'static str,
    /// What it says.
    pub doc: &'static str,
    /// Its values, each with its meaning.
    pub values: &'static [(&'static str, &'static str)],
}

impl VocabularyShape {
    /// The shape of a vocabulary.
    #[must_use]
    pub const fn of<V: Vocabulary>() -> Self {
        Self { name: V::NAME, doc: V::DOC, values: V::VALUES }
    }
}

/// An object with its fields in canonical order. Other fields are refused.
#[derive(Debug)]
pub struct Object {
    /// Its name in the JSON Schema.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// The fields, in groups that several objects share.
    pub fields: &'static [&'static [Field]],
}

impl Object {
    /// The fields of all groups, in canonical order.
    pub fn all_fields(&self) -> impl Iterator<Item = &'static Field> + use<> {
        self.fields.iter().copied().flatten()
    }
}

/// A field of an object.
#[derive(Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// The form of its value.
    pub shape: Shape,
    /// Whether it has to be there.
    pub required: bool,
    /// What it means.
    pub doc: &'static str,
}

/// A field that has to be there.
const fn required(name: &'static str, shape: Shape, doc: &'static str) -> Field {
    Field { name, shape, required: true, doc }
}

/// A field that may be missing.
const fn optional(name: &'static str, shape: Shape, doc: &'static str) -> Field {
    Field { name, shape, required: false, doc }
}
