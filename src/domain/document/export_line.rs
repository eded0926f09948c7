//! The first and the last line of an export. They show whether a file is complete.

use entity::vocabulary::UserErrorCode;
use serde::{Deserialize, Serialize};

use crate::domain::{
    problem::{Path, Problem},
    shape::{Object, Shape, required},
};

use super::MAX_POSITION;

/// A line that is no record: the beginning or the end of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum ExportLine {
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

impl ExportLine {
    /// The line, in its canonical form.
    #[must_use]
    pub fn to_json(self) -> String {
        serde_json::to_string(&self).expect("it has string keys and whole numbers")
    }

    /// The problem of a last line without a first one, or of a first line without a last one.
    #[must_use]
    pub fn alone(self) -> Problem {
        let message = match self {
            Self::First {} => {
                "is the first line of an export, but the last line (END) is missing, so the file is not complete: export again, or remove this line to import the others as they are"
            }
            Self::Last { .. } => {
                "is the last line of an export, but the first line (EXPORT) is missing: export again, or remove this line to import the others as they are"
            }
        };
        problem("type", message)
    }

    /// The problem of a last line where other numbers of lines were found.
    #[must_use]
    pub fn check(self, found_records: usize, found_revisions: usize) -> Option<Problem> {
        let Self::Last { records, revisions } = self else { return None };
        let counts = [("records", records, found_records), ("revisions", revisions, found_revisions)];
        let (field, said, found) = counts.into_iter().find(|(_, said, found)| said != found)?;
        let message = format!(
            "is {said}, but {found} are in the file: export again, or remove the lines EXPORT and END to import the others as they are"
        );
        Some(problem(field, &message))
    }
}

fn problem(field: &'static str, message: &str) -> Problem {
    Problem::new(UserErrorCode::Invalid, &Path::TOP.field(field), message)
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
