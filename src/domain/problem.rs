//! What is wrong with a document, told so that its writer can mend it.

use std::{borrow::Cow, fmt};

use entity::vocabulary::UserErrorCode;

use super::shape::quoted;

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What sort of thing is wrong.
    pub code: UserErrorCode,
    /// The way to the field from the top of the document: names of fields and positions in lists. Empty for the whole.
    pub field: Vec<String>,
    /// What is wrong, in a sentence without a full stop.
    pub message: String,
}

impl Problem {
    /// A problem of the field that a path leads to.
    pub fn new(code: UserErrorCode, path: &Path<'_>, message: impl Into<String>) -> Self {
        Self { code, field: path.steps(), message: message.into() }
    }
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

/// A step as a message shows it. Names that no declaration knows are quoted where they are more than a word: a terminal
/// obeys some characters, and some turn around what follows.
fn shown(step: &str) -> Cow<'_, str> {
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_' || character == '-';
    if !step.is_empty() && step.len() <= 60 && step.chars().all(is_word) { step.into() } else { quoted(step).into() }
}

/// The way to a field, kept on the stack while a document is walked and written out only where something is wrong.
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

    /// A field of the object that this path leads to.
    #[must_use]
    pub fn field<'a>(&'a self, name: &'a str) -> Path<'a> {
        Path { parent: Some(self), step: Step::Field(name) }
    }

    /// An item, counted from 0, of the list that this path leads to.
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
