//! References to other records.

use std::fmt;

use entity::{Id, vocabulary::RecordKind};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::problem::Path;

/// A function that is called with each reference in the order of the document, the kinds of record that it allows, and its path.
/// It may change the reference.
pub type ReferenceVisitor<'v> = dyn FnMut(&mut Reference, &'static [RecordKind], &Path<'_>) + 'v;

/// Calls the visitor with a reference, if there is one.
pub(crate) fn visit_one(
    reference: &mut Option<Reference>,
    kinds: &'static [RecordKind],
    path: &Path<'_>,
    visitor: &mut ReferenceVisitor<'_>,
) {
    if let Some(reference) = reference {
        visitor(reference, kinds, path);
    }
}

/// Calls the visitor with each reference of a list.
pub(crate) fn visit_all(
    references: &mut [Reference],
    kinds: &'static [RecordKind],
    path: &Path<'_>,
    visitor: &mut ReferenceVisitor<'_>,
) {
    for (index, reference) in references.iter_mut().enumerate() {
        visitor(reference, kinds, &path.item(index));
    }
}

/// A reference to a record: its key or its id.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reference {
    /// By id. Every resolved reference has an id.
    Id(Id),
    /// By key.
    Key(String),
}

impl Reference {
    /// The id of a resolved reference.
    ///
    /// # Panics
    ///
    /// If it was not resolved. The write path resolves all references first.
    #[must_use]
    pub fn id(&self) -> Id {
        match self {
            Self::Id(id) => *id,
            Self::Key(key) => unreachable!("the reference {key} is resolved before it is used"),
        }
    }
}

impl From<String> for Reference {
    fn from(text: String) -> Self {
        match text.parse() {
            Ok(id) => Self::Id(id),
            Err(_) => Self::Key(text),
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(formatter),
            Self::Key(key) => formatter.write_str(key),
        }
    }
}

impl Serialize for Reference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Reference {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from(String::deserialize(deserializer)?))
    }
}
