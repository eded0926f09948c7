//! Problems: what is wrong with a document, and where, so that its author can correct it.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    fmt,
};

use entity::{Id, vocabulary::UserErrorCode};
use unicode_normalization::char::is_combining_mark;

/// How many characters of a text a message shows.
const MAX_QUOTED: usize = 60;

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The kind of problem.
    pub code: UserErrorCode,
    /// The path from the top of the document to the field: names of fields and positions in lists. Empty for the whole document.
    pub field: Vec<String>,
    /// What is wrong and what to do, without a full stop.
    pub message: String,
}

impl Problem {
    /// A problem of the field with this path.
    pub fn new(code: UserErrorCode, path: &Path<'_>, message: impl Into<String>) -> Self {
        Self { code, field: path.steps(), message: message.into() }
    }
}

/// A problem of one line of an import, or of one edit of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputProblem {
    /// The line or the edit, counted from 0.
    pub index: usize,
    /// The problem. The field of an edit is a path in its input, or the name of another argument (`id`, `version`, `from`).
    pub problem: Problem,
    /// The stored record that the line or edit conflicts with.
    pub current: Option<Id>,
    /// The fields of that record that changed since the version that the edit was made from.
    pub differs: Option<Vec<String>>,
}

impl InputProblem {
    /// A problem that concerns no other record.
    #[must_use]
    pub fn new(index: usize, problem: Problem) -> Self {
        Self { index, problem, current: None, differs: None }
    }
}

/// Fields of one object that are checked together: a problem of one explains what is wrong with the others.
const RELATED_FIELDS: [&[&str]; 4] = [
    &["article", "field", "quote", "start", "end", "text"],
    &["participant", "description"],
    &["edtf", "relative"],
    &["text", "language", "kind"],
];

fn are_related(one: &str, other: &str) -> bool {
    RELATED_FIELDS.iter().any(|fields| fields.contains(&one) && fields.contains(&other))
}

/// Fields with a reported problem. Each of them explains further problems of the field itself, of every object around it, and of
/// the fields that are checked together with it.
pub(super) struct ReportedFields<'a> {
    /// The paths of the fields, and of all objects around them.
    paths: HashSet<&'a [String]>,
    /// The fields of each object.
    by_object: HashMap<&'a [String], Vec<&'a str>>,
}

impl<'a> ReportedFields<'a> {
    pub(super) fn new(fields: impl Iterator<Item = &'a [String]>) -> Self {
        let mut reported = Self { paths: HashSet::new(), by_object: HashMap::new() };
        for field in fields {
            reported.paths.extend((0..=field.len()).map(|length| &field[..length]));
            if let Some((last, object)) = field.split_last() {
                reported.by_object.entry(object).or_default().push(last);
            }
        }
        reported
    }

    /// Whether the reported problems explain a problem of this field.
    pub(super) fn explain(&self, field: &[String]) -> bool {
        self.paths.contains(field)
            || field.split_last().is_some_and(|(last, object)| {
                self.by_object.get(object).into_iter().flatten().any(|other| are_related(last, other))
            })
    }
}

/// Adds problems that do not follow from those that were reported for the same line.
pub(super) fn with_unexplained(mut reported: Vec<InputProblem>, mut found: Vec<InputProblem>) -> Vec<InputProblem> {
    let mut fields: HashMap<usize, Vec<&[String]>> = HashMap::new();
    for problem in &reported {
        fields.entry(problem.index).or_default().push(&problem.problem.field);
    }
    let fields: HashMap<usize, ReportedFields<'_>> =
        fields.into_iter().map(|(line, fields)| (line, ReportedFields::new(fields.into_iter()))).collect();
    found.retain(|problem| !fields.get(&problem.index).is_some_and(|fields| fields.explain(&problem.problem.field)));
    reported.append(&mut found);
    reported
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.field.is_empty() {
            let steps: Vec<_> = self.field.iter().map(|step| shown(step)).collect();
            write!(formatter, "{}: ", steps.join("."))?;
        }
        formatter.write_str(&self.message)
    }
}

/// A step as a message shows it. A name that is not a plain word is quoted, because it may contain control characters, which a
/// terminal obeys.
fn shown(step: &str) -> Cow<'_, str> {
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_' || character == '-';
    if !step.is_empty() && step.len() <= 60 && step.chars().all(is_word) { step.into() } else { quoted(step).into() }
}

/// A text as a message shows it: in quotes, shortened, with control and invisible characters escaped. Marks stay at their letters.
pub(crate) fn quoted(text: &str) -> String {
    let mut shown = String::from('"');
    for character in text.chars().take(MAX_QUOTED) {
        if character == '\'' || is_combining_mark(character) {
            shown.push(character);
        } else {
            shown.extend(character.escape_debug());
        }
    }
    if text.chars().nth(MAX_QUOTED).is_some() {
        shown.push('…');
    }
    shown.push('"');
    shown
}

/// The path to a field. It is a linked list on the stack, so that only a problem allocates memory for it.
#[derive(Debug, Clone, Copy)]
pub struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    step: Step<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    Top,
    Field(&'a str),
    Item(usize),
}

impl Path<'_> {
    /// The document itself.
    pub const TOP: Path<'static> = Path { parent: None, step: Step::Top };

    /// A field of the object at this path.
    #[must_use]
    pub fn field<'a>(&'a self, name: &'a str) -> Path<'a> {
        Path { parent: Some(self), step: Step::Field(name) }
    }

    /// An item of the list at this path, counted from 0.
    #[must_use]
    pub fn item(&self, index: usize) -> Path<'_> {
        Path { parent: Some(self), step: Step::Item(index) }
    }

    fn steps(&self) -> Vec<String> {
        let mut steps = self.parent.map(Path::steps).unwrap_or_default();
        match self.step {
            Step::Top => {}
            Step::Field(name) => steps.push(name.to_owned()),
            Step::Item(index) => steps.push(index.to_string()),
        }
        steps
    }
}

#[cfg(test)]
mod tests {
    use super::ReportedFields;

    #[test]
    fn a_reported_field_explains_the_fields_that_are_checked_with_it() {
        let path = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
        let follows =
            |field: &[String], reported: &[String]| ReportedFields::new([reported].into_iter()).explain(field);
        for (field, reported) in [
            ("name", "name"),
            ("names.1", "names.1.text"),
            ("names.1.kind", "names.1.language"),
            ("citations.0.quote", "citations.0.start"),
            ("participants.2.participant", "participants.2.description"),
        ] {
            assert!(follows(&path(field), &path(reported)), "{field} follows from {reported}");
        }
        for (field, reported) in [
            ("name", "kind"),
            ("names.1.text", "names.2.text"),
            ("citations.0.attributedTo", "citations.0.quote"),
            ("citations.0.date.edtf", "citations.0.quote"),
            ("participants.2.participant", "participants.2.count"),
        ] {
            assert!(!follows(&path(field), &path(reported)), "{field} does not follow from {reported}");
        }
    }
}
