//! Reads a document from a line of JSON, and reports all problems of its form.

use entity::vocabulary::{RecordKind, UserErrorCode, Vocabulary};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::domain::{
    kind::{Body, HEADER, of_kind},
    problem::{Path, Problem, ReportedFields, quoted},
    shape::{self, Object, Shape},
};

use super::{
    Document, ExportLine, Header, REVISION, Revision,
    export_line::{FIRST, LAST},
    parse,
};

/// The content of a line of an interchange file.
#[derive(Debug, Clone, PartialEq)]
pub enum Line {
    /// A record.
    Record(Box<Document>),
    /// A line of the history.
    Revision(Box<Revision>),
    /// The first or the last line of an export.
    Export(ExportLine),
}

/// What a line says that it is.
#[derive(Clone, Copy)]
enum LineType {
    Record(RecordKind),
    Revision,
    First,
    Last,
}

impl LineType {
    /// The types of lines that are no records.
    const OTHERS: [(&str, Self); 3] = [("REVISION", Self::Revision), ("EXPORT", Self::First), ("END", Self::Last)];

    fn parse(text: &str) -> Option<Self> {
        let other = || Self::OTHERS.iter().find(|(name, _)| *name == text).map(|(_, line_type)| *line_type);
        RecordKind::parse(text).map(Self::Record).or_else(other)
    }
}

/// Reads one line, as far as possible. Reports all problems that do not depend on other records. A line with problems must not be
/// written.
#[must_use]
pub fn read(line: &str) -> (Option<Line>, Vec<Problem>) {
    let (value, mut problems) = match parse::parse(line) {
        Ok(parsed) => parsed,
        Err(problem) => return (None, vec![problem]),
    };
    let (content, more) = from_value(value);
    problems.extend(more);
    (content, problems)
}

/// Reads the JSON of one line.
fn from_value(value: Value) -> (Option<Line>, Vec<Problem>) {
    match type_of(&value) {
        Err(problem) => (None, vec![problem]),
        Ok(LineType::Record(kind)) => {
            let (document, problems) = as_far_as_possible(kind, value);
            (document.map(|document| Line::Record(Box::new(document))), problems)
        }
        Ok(LineType::Revision) => whole(value, &REVISION, |revision| Line::Revision(Box::new(revision))),
        Ok(LineType::First) => whole(value, &FIRST, Line::Export),
        Ok(LineType::Last) => whole(value, &LAST, Line::Export),
    }
}

/// Reads a line that is not read at all if it has a problem.
fn whole<T: DeserializeOwned>(
    mut value: Value,
    shape: &'static Object,
    line: impl FnOnce(T) -> Line,
) -> (Option<Line>, Vec<Problem>) {
    let mut problems = Vec::new();
    shape::check(&mut value, Shape::Object(shape), &Path::TOP, &mut problems);
    if !problems.is_empty() {
        return (None, problems);
    }
    match typed(value) {
        Ok(content) => (Some(line(content)), problems),
        Err(untyped) => (None, untyped),
    }
}

/// Reads a record, and leaves out what has a problem, so that the rest can be checked as well. A document with problems must not be
/// written.
#[must_use]
pub fn as_far_as_possible(kind: RecordKind, mut value: Value) -> (Option<Document>, Vec<Problem>) {
    let object = of_kind(kind);
    let mut problems = Vec::new();
    shape::check(&mut value, Shape::Object(object), &Path::TOP, &mut problems);
    if !problems.is_empty() {
        for problem in &problems {
            shape::repair(&mut value, object, &problem.field);
        }
        let mut left = Vec::new();
        shape::check(&mut value, Shape::Object(object), &Path::TOP, &mut left);
        if !left.is_empty() {
            return (None, problems);
        }
    }
    match typed_record(kind, value) {
        Ok(mut document) => {
            let mut more = Vec::new();
            document.check(&mut more);
            // A field that was left out for its problem is not missing as well.
            let reported = ReportedFields::new(problems.iter().map(|problem| problem.field.as_slice()));
            more.retain(|problem| !reported.explain(&problem.field));
            problems.extend(more);
            (Some(document), problems)
        }
        Err(untyped) => {
            problems.extend(untyped);
            (None, problems)
        }
    }
}

/// The document of a value with the shape of its kind.
fn typed_record(kind: RecordKind, mut value: Value) -> Result<Document, Vec<Problem>> {
    let header: Header = typed(take_header(&mut value))?;
    let body = Body::from_json(kind, value).map_err(unreadable)?;
    Ok(Document { header, body })
}

fn type_of(value: &Value) -> Result<LineType, Problem> {
    let path = Path::TOP.field("type");
    let Value::Object(fields) = value else {
        return Err(Problem::new(UserErrorCode::Invalid, &Path::TOP, "is not a JSON object"));
    };
    let kind = match fields.get("type") {
        None | Some(Value::Null) => {
            return Err(Problem::new(UserErrorCode::Required, &path, "is missing"));
        }
        Some(kind) => kind,
    };
    kind.as_str().and_then(LineType::parse).ok_or_else(|| {
        let known: Vec<_> = RecordKind::VALUES.iter().map(|(value, _)| *value).collect();
        let message = format!(
            "{} is not a type of record: use one of {}, REVISION",
            quoted(kind.as_str().unwrap_or(&kind.to_string())),
            known.join(", ")
        );
        Problem::new(UserErrorCode::Invalid, &path, message)
    })
}

fn take_header(value: &mut Value) -> Value {
    let mut header = serde_json::Map::new();
    if let Value::Object(fields) = value {
        for name in HEADER.iter().map(|field| field.name).chain(["type"]) {
            // The order of the other fields does not matter.
            if let Some(value) = fields.swap_remove(name) {
                header.insert(name.to_owned(), value);
            }
        }
    }
    Value::Object(header)
}

/// Converts a value that has the shape of this type. If the shape and the type differ, the line is refused.
fn typed<T: DeserializeOwned>(value: Value) -> Result<T, Vec<Problem>> {
    serde_json::from_value(value).map_err(unreadable)
}

#[expect(clippy::needless_pass_by_value, reason = "the signature that map_err needs")]
fn unreadable(error: serde_json::Error) -> Vec<Problem> {
    vec![Problem::new(UserErrorCode::Invalid, &Path::TOP, format!("cannot be read: {error}"))]
}
