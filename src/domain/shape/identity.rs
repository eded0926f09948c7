//! How an item of a list is identified, and which passage of a text it selects.

use serde_json::Value;

use crate::domain::rule;

use super::{Field, Object, Shape};

/// How an item is identified in its list. Edits of lists, their documentation and reverts follow from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identity {
    /// It is not an item of a list that editors change item by item.
    None,
    /// By its field `id`. The program sets it. In a list that is given as a whole, items have no ids: a stored item is found again by
    /// other fields.
    Id {
        /// These fields.
        found_by: &'static [&'static str],
    },
    /// By one field. An item that is added replaces the one with the same value.
    Field {
        /// The field.
        name: &'static str,
        /// The documentation of adding items.
        add_doc: &'static str,
        /// The documentation of removing items.
        remove_doc: &'static str,
    },
    /// As a whole. An item is removed by its first field, and by the others where they are given.
    Whole {
        /// The documentation of adding items.
        add_doc: &'static str,
        /// The documentation of removing items.
        remove_doc: &'static str,
    },
}

/// The fields by which an item selects a passage of a text.
#[derive(Debug)]
pub struct SelectionFields {
    /// The fields that hold the quoted words and name their text.
    pub words: &'static [&'static str],
    /// The fields that hold its position. They change with the text.
    pub position: &'static [&'static str],
    /// An editor who changes one of these fields selects another passage.
    pub selected_by: &'static [&'static str],
    /// The fields that are computed again for another passage.
    pub derived: &'static [&'static str],
}

impl Object {
    /// The field that identifies an item, alone or with others.
    pub(crate) fn identifying_field(&self) -> Option<&'static Field> {
        match self.identity {
            Identity::None => None,
            Identity::Id { .. } => self.field("id"),
            Identity::Field { name, .. } => self.field(name),
            Identity::Whole { .. } => self.all_fields().next(),
        }
    }
}

impl Shape {
    /// The key of a value in a list. Two values with the same key are the same item.
    pub(crate) fn key(self, item: &Value) -> String {
        let Self::Object(object) = self else { return self.canonical(item) };
        let field = match object.identity {
            Identity::None | Identity::Whole { .. } => None,
            Identity::Id { .. } | Identity::Field { .. } => object.identifying_field(),
        };
        let part = field.and_then(|field| Some((field, item.get(field.name)?)));
        part.map_or_else(|| item.to_string(), |(field, value)| field.shape.canonical(value))
    }

    /// The canonical form of a single value: addresses, language tags and ids can be written in several forms.
    pub(crate) fn canonical(self, value: &Value) -> String {
        let Value::String(text) = value else { return value.to_string() };
        let stored = match self {
            Self::Line(_) => rule::line(text).ok(),
            Self::Url => rule::url(text.trim()).ok(),
            _ => None,
        };
        stored.unwrap_or_else(|| text.trim().to_ascii_lowercase())
    }

    /// The shape of the items of a list; for other shapes, any JSON.
    pub(crate) const fn item(self) -> Self {
        match self {
            Self::List(item, _) => *item,
            _ => Self::Any,
        }
    }
}
