//! The first and the last line of an export. They show whether a file is complete.

use serde::{Deserialize, Serialize};

use crate::domain::shape::{Object, Shape, required};

use super::MAX_POSITION;

/// A line that is no record: the beginning or the end of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Bound {
    /// The first line.
    #[serde(rename = "EXPORT")]
    First {},
    /// The last line.
    #[serde(rename = "END")]
    Last {
        /// How many lines of records are between the two.
        records: usize,
        /// How many lines of the history.
        revisions: usize,
    },
}

impl Bound {
    /// The line, in its canonical form.
    #[must_use]
    pub fn to_json(self) -> String {
        serde_json::to_string(&self).expect("it has string keys and whole numbers")
    }
}

/// The shape of the first line.
pub static FIRST: Object = Object::new(
    "Export",
    "The first line of an export. A file with this line is imported only if its last line is there, too.",
    &[&[required("type", Shape::Constant("EXPORT"), "What the line is.")]],
);

/// The shape of the last line.
pub static LAST: Object = Object::new(
    "End",
    "The last line of an export. It counts the lines after the first one.",
    &[&[
        required("type", Shape::Constant("END"), "What the line is."),
        required("records", Shape::Integer(0, MAX_POSITION), "The number of records."),
        required("revisions", Shape::Integer(0, MAX_POSITION), "The number of lines of the history."),
    ]],
);
