//! The language in which each kind of record declares what it may hold. Reading, checking, the JSON Schema of the interchange
//! format and the forms of editors all follow from these declarations.
//!
//! [`check`] walks a JSON value along its declaration, reports everything that is wrong with its form, and brings what
//! is right into canonical form. Whatever needs other records (that a reference exists, that a quote stands in its
//! article) is left to [`crate::domain::write`].

mod check;
mod identity;
mod repair;
mod schema;

use entity::vocabulary::{RecordKind, Vocabulary};

pub use check::check;
pub use identity::{Identity, Selector};
#[cfg(test)]
pub(super) use repair::placeholder;
pub use repair::repair;
pub use schema::json_schema;

/// The most characters of a name, a headline, an address or another line.
pub(super) const MAX_LINE: usize = 300;
/// The most items of a list that people write by hand.
pub(super) const MAX_ITEMS: usize = 1_000;
/// The highest version of a record.
pub(super) const MAX_VERSION: i32 = 1_000_000_000;

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
    /// How it is identified as an item of a list.
    pub identity: Identity,
    /// At least one of these fields has to be there. Empty where there is no such rule.
    pub needs_one_of: &'static [&'static str],
    /// The name of its form for editors, where that is not its own name with `Input`.
    pub form_name: Option<&'static str>,
    /// Which passage of a text it is of, where it is of one.
    pub selector: Option<&'static Selector>,
}

impl Object {
    /// An object that is no item of a list that editors change in parts.
    pub(super) const fn new(name: &'static str, doc: &'static str, fields: &'static [&'static [Field]]) -> Self {
        Self { name, doc, fields, identity: Identity::None, needs_one_of: &[], form_name: None, selector: None }
    }

    pub(super) const fn identified(mut self, identity: Identity) -> Self {
        self.identity = identity;
        self
    }

    pub(super) const fn needs_one_of(mut self, fields: &'static [&'static str]) -> Self {
        self.needs_one_of = fields;
        self
    }

    pub(super) const fn form_name(mut self, name: &'static str) -> Self {
        self.form_name = Some(name);
        self
    }

    pub(super) const fn selects(mut self, selector: &'static Selector) -> Self {
        self.selector = Some(selector);
        self
    }

    /// The field of a name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.all_fields().find(|field| field.name == name)
    }

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
    /// Whether only the program sets it: no form of an editor has it.
    pub read_only: bool,
    /// What it holds where the form of an editor leaves it out.
    pub form_default: Option<&'static str>,
    /// What it resolves, where a write computes it from another field.
    pub resolution: Option<Resolution>,
}

/// What a field that a write computes depends on.
#[derive(Debug, Clone, Copy)]
pub struct Resolution {
    /// The field that is resolved.
    pub of: &'static str,
    /// The field that keeps the value in an export that leaves out the first one.
    pub becomes: &'static str,
}

impl Field {
    pub(super) const fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    pub(super) const fn form_default(mut self, value: &'static str) -> Self {
        self.form_default = Some(value);
        self
    }

    pub(super) const fn resolves(mut self, of: &'static str, becomes: &'static str) -> Self {
        self.resolution = Some(Resolution { of, becomes });
        self
    }
}

/// A field that has to be there.
pub(super) const fn required(name: &'static str, shape: Shape, doc: &'static str) -> Field {
    Field { name, shape, required: true, doc, read_only: false, form_default: None, resolution: None }
}

/// A field that may be missing.
pub(super) const fn optional(name: &'static str, shape: Shape, doc: &'static str) -> Field {
    Field { required: false, ..required(name, shape, doc) }
}
