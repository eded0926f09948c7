//! From a line of JSON to a document, with everything that is wrong with its form.

use entity::vocabulary::{RecordKind, UserErrorCode, Vocabulary};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::domain::{
    kind::{Body, HEADER, of_kind},
    problem::{Path, Problem, ReportedFields, quoted},
    shape::{self, Shape},
};

use super::{Document, Header, REVISION, Revision, parse};

/// What a line of an interchange file holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Line {
    /// A record.
    Record(Box<Document>),
    /// A line of the history.
    Revision(Box<Revision>),
}

/// Reads one line.
///
/// # Errors
///
/// Everything that is wrong with the line as far as it can be told without other records.
pub fn read(line: &str) -> Result<Line, Vec<Problem>> {
    from_value(parse::parse(line)?)
}

/// Reads the JSON of one line.
fn from_value(mut value: Value) -> Result<Line, Vec<Problem>> {
    let kind = kind_of(&value).map_err(|problem| vec![problem])?;
    let shape = match kind {
        Some(kind) => of_kind(kind),
        None => &REVISION,
    };
    let mut problems = Vec::new();
    shape::check(&mut value, Shape::Object(shape), &Path::TOP, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    let line = match kind {
        None => Line::Revision(Box::new(typed(value)?)),
        Some(kind) => {
            let mut document = typed_record(kind, value)?;
            document.check(&mut problems);
            Line::Record(Box::new(document))
        }
    };
    if problems.is_empty() { Ok(line) } else { Err(problems) }
}

/// Reads a record as far as it can be read: what is wrong is told, and the rest is there to be looked at further. With any
/// problem the document is of no other use.
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
            // What was taken away because it was wrong is not missing, nor is what was put in its place there twice.
            let outcomes = ReportedFields::new(problems.iter().map(|problem| problem.field.as_slice()));
            more.retain(|problem| !outcomes.explain(&problem.field));
            problems.extend(more);
            (Some(document), problems)
        }
        Err(untyped) => {
            problems.extend(untyped);
            (None, problems)
        }
    }
}

/// The document of a value that has the shape of its kind.
fn typed_record(kind: RecordKind, mut value: Value) -> Result<Document, Vec<Problem>> {
    let header: Header = typed(take_header(&mut value))?;
    let body = Body::from_json(kind, value).map_err(unreadable)?;
    Ok(Document { header, body })
}

/// The kind of record, or nothing for a revision.
fn kind_of(value: &Value) -> Result<Option<RecordKind>, Problem> {
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
    match kind.as_str() {
        Some("REVISION") => Ok(None),
        Some(text) if RecordKind::parse(text).is_some() => Ok(RecordKind::parse(text)),
        _ => {
            let known: Vec<_> = RecordKind::VALUES.iter().map(|(value, _)| *value).collect();
            Err(Problem::new(
                UserErrorCode::Invalid,
                &path,
                format!(
                    "{} is no type of record: {}, REVISION",
                    quoted(kind.as_str().unwrap_or(&kind.to_string())),
                    known.join(", ")
                ),
            ))
        }
    }
}

fn take_header(value: &mut Value) -> Value {
    let mut header = serde_json::Map::new();
    if let Value::Object(fields) = value {
        for name in HEADER.iter().map(|field| field.name).chain(["type"]) {
            // The order of what is left does not matter: it is read by name.
            if let Some(value) = fields.swap_remove(name) {
                header.insert(name.to_owned(), value);
            }
        }
    }
    Value::Object(header)
}

/// What passed the check of its shape has the type that stands for the shape. Should the two ever differ, the line is
/// refused rather than the program stopped.
fn typed<T: DeserializeOwned>(value: Value) -> Result<T, Vec<Problem>> {
    serde_json::from_value(value).map_err(unreadable)
}

#[expect(clippy::needless_pass_by_value, reason = "it is what an error is mapped by")]
fn unreadable(error: serde_json::Error) -> Vec<Problem> {
    vec![Problem::new(UserErrorCode::Invalid, &Path::TOP, format!("cannot be read: {error}"))]
}
