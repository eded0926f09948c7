//! What is wrong with a document, told so that its writer can mend it.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    fmt,
};

use entity::vocabulary::UserErrorCode;

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

/// Fields of one object that are judged together: where one of them is wrong, what is said of the others follows from it.
const KIN: [&[&str]; 4] = [
    &["article", "field", "quote", "start", "end", "text"],
    &["participant", "description"],
    &["edtf", "relative"],
    &["text", "language", "kind"],
];

fn are_kin(one: &str, other: &str) -> bool {
    KIN.iter().any(|kin| kin.contains(&one) && kin.contains(&other))
}

/// What was told, to find out whether what is wrong with a field merely follows from that: it is the same field, has one that was
/// told within it, or is judged together with one.
pub(super) struct Told<'a> {
    /// The ways to everything that was told, and to all around it.
    around: HashSet<&'a [String]>,
    /// The fields that were told, by the object that they are of.
    fields: HashMap<&'a [String], Vec<&'a str>>,
}

impl<'a> Told<'a> {
    pub(super) fn new(told: impl Iterator<Item = &'a [String]>) -> Self {
        let mut known = Self { around: HashSet::new(), fields: HashMap::new() };
        for field in told {
            known.around.extend((0..=field.len()).map(|length| &field[..length]));
            if let Some((last, object)) = field.split_last() {
                known.fields.entry(object).or_default().push(last);
            }
        }
        known
    }

    /// Whether what is wrong with a field merely follows.
    pub(super) fn leads_to(&self, field: &[String]) -> bool {
        self.around.contains(field)
            || field.split_last().is_some_and(|(last, object)| {
                self.fields.get(object).into_iter().flatten().any(|other| are_kin(last, other))
            })
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

/// A text as a message shows it: shortened, and with nothing in it that a terminal obeys.
pub(crate) fn quoted(text: &str) -> String {
    let shown: String = text.chars().take(60).collect();
    let more = if shown.len() < text.len() { "…" } else { "" };
    format!("{:?}", format!("{shown}{more}"))
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

#[cfg(test)]
mod tests {
    use super::Told;

    #[test]
    fn what_follows_from_a_wrong_field_is_told_from_what_does_not() {
        let way = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
        let follows = |field: &[String], told: &[String]| Told::new([told].into_iter()).leads_to(field);
        for (field, told) in [
            ("name", "name"),
            ("names.1", "names.1.text"),
            ("names.1.kind", "names.1.language"),
            ("citations.0.quote", "citations.0.start"),
            ("participants.2.participant", "participants.2.description"),
        ] {
            assert!(follows(&way(field), &way(told)), "{field} follows from {told}");
        }
        for (field, told) in [
            ("name", "kind"),
            ("names.1.text", "names.2.text"),
            ("citations.0.attributedTo", "citations.0.quote"),
            ("citations.0.date.edtf", "citations.0.quote"),
            ("participants.2.participant", "participants.2.count"),
        ] {
            assert!(!follows(&way(field), &way(told)), "{field} does not follow from {told}");
        }
    }
}
