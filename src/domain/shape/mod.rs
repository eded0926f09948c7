//! Shapes: the declarations of what each kind of record may contain. Checks, the JSON Schema of the interchange format and the
//! forms of editors are derived from them.
//!
//! [`check`] needs no other record. [`crate::domain::write`] checks the rest, such as whether a reference exists and whether an
//! article contains a quote.

mod check;
mod identity;
mod link;
mod repair;
mod schema;

use entity::vocabulary::{RecordKind, Vocabulary};

pub use check::check;
pub use identity::{Identity, SelectionFields};
pub use link::{remove_links, remove_links_of};
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

/// The shape of a value.
#[derive(Debug, Clone, Copy)]
pub enum Shape {
    /// One line that an editor writes: trimmed, normalized to NFC, with a maximum number of characters.
    Line(usize),
    /// Several lines that an editor writes, with a maximum number of characters.
    Prose(usize),
    /// One line of a source, stored unchanged.
    SourceLine(usize),
    /// A text of a source, stored unchanged.
    SourceText(usize),
    /// A part of a text of a source, stored unchanged. It may be blank.
    SourcePart(usize),
    /// A key: a stable name that the editor chooses.
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
    /// A whole number from a minimum to a maximum.
    Integer(i64, i64),
    /// A number from a minimum to a maximum.
    Number(f64, f64),
    /// True or false.
    Boolean,
    /// A value of a vocabulary.
    Vocabulary(&'static VocabularyShape),
    /// A fixed word.
    Constant(&'static str),
    /// An object.
    Object(&'static Object),
    /// A list with a maximum number of items.
    List(&'static Shape, usize),
    /// Any JSON.
    Any,
}

/// A vocabulary as a value, so that a shape can contain it.
#[derive(Debug)]
pub struct VocabularyShape {
    /// Its public name.
    pub name: &'static str,
    /// What it means.
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

/// An object with its fields in canonical order. It has no other fields.
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
    /// At least one of these fields is required. Empty if there is no such rule.
    pub needs_one_of: &'static [&'static str],
    /// The name of its form for editors, if that is not its name with `Input`.
    pub form_name: Option<&'static str>,
    /// How the object selects a passage of a text, if it does.
    pub selector: Option<&'static SelectionFields>,
}

impl Object {
    /// An object with no identity as an item of a list.
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

    pub(super) const fn selects(mut self, selector: &'static SelectionFields) -> Self {
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
    /// The shape of its value.
    pub shape: Shape,
    /// Whether it is required.
    pub required: bool,
    /// What it means.
    pub doc: &'static str,
    /// Whether only the program sets it. Then no form of an editor contains it.
    pub read_only: bool,
    /// The value that it gets if an editor leaves it out.
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

/// A required field.
pub(super) const fn required(name: &'static str, shape: Shape, doc: &'static str) -> Field {
    Field { name, shape, required: true, doc, read_only: false, form_default: None, resolution: None }
}

/// A field that may be missing.
pub(super) const fn optional(name: &'static str, shape: Shape, doc: &'static str) -> Field {
    Field { required: false, ..required(name, shape, doc) }
}
