//! References: how a text names a record.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Id;

/// What a temporary id of a new record begins with. No key does.
const TEMPORARY: &str = "_:";

/// Whether a text is meant as a temporary id: the name of a new record within one call.
#[must_use]
pub fn is_temporary_id(text: &str) -> bool {
    text.starts_with(TEMPORARY)
}

/// A reference to a record: its id or its key. A text of the form of a UUID is an id, everything else is a key. A key has no such
/// form, so that no text can mean two records.
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

    /// Sorts references into ids and keys.
    #[must_use]
    pub fn split(references: impl IntoIterator<Item = Self>) -> (Vec<Id>, Vec<String>) {
        let (mut ids, mut keys) = (Vec::new(), Vec::new());
        for reference in references {
            match reference {
                Self::Id(id) => ids.push(id),
                Self::Key(key) => keys.push(key),
            }
        }
        (ids, keys)
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

impl From<&str> for Reference {
    fn from(text: &str) -> Self {
        text.parse().map_or_else(|_| Self::Key(text.to_owned()), Self::Id)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_the_form_of_a_uuid_is_an_id_and_everything_else_a_key() {
        let id = Id::new();
        assert_eq!(Reference::from(id.to_string()), Reference::Id(id));
        assert_eq!(Reference::from(id.to_string().to_uppercase().as_str()), Reference::Id(id));
        for key in ["country/ly", "", "_:new", &id.0.simple().to_string(), &format!("{{{id}}}")] {
            assert_eq!(Reference::from(key), Reference::Key(key.to_owned()));
        }
    }
}
