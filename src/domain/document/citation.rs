//! A citation as a document.

use entity::{
    Id,
    vocabulary::{AnchorState, Modality, QuoteForm, TextField},
};
use serde::{Deserialize, Serialize};

use super::{Context, FuzzyDate, Reference, written};

/// A passage of an article that supports what its owner says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Citation {
    /// Its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// The article.
    pub article: Reference,
    /// The text of the article that is quoted.
    #[serde(default = "body")]
    pub field: TextField,
    /// The passage, letter for letter.
    pub quote: String,
    /// Where it starts, in Unicode code points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<i32>,
    /// Where it ends, exclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<i32>,
    /// Whether it still stands there.
    #[serde(default = "written::anchored")]
    pub anchor: AnchorState,
    /// What stood around it.
    #[serde(flatten)]
    pub context: Context,
    /// Where it started when it was last anchored, if it is orphaned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_start: Option<i32>,
    /// How the article puts it.
    #[serde(default = "indirect")]
    pub form: QuoteForm,
    /// How the source puts it.
    #[serde(default = "fact")]
    pub modality: Modality,
    /// Who is said to have said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributed_to: Option<Reference>,
    /// The same in the words of the article.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributed_to_text: Option<String>,
    /// The country of that source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributed_to_country: Option<Reference>,
    /// The dating that this source gives, if it differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<FuzzyDate>,
    /// A remark of the editor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The field of the owner that it supports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject_field: Option<String>,
}

impl Citation {
    /// Whether the other one says the same of the same passage, whatever their ids and contexts.
    #[must_use]
    pub fn says_the_same_as(&self, other: &Self) -> bool {
        let Self { id, context, last_start, .. } = other.clone();
        Self { id, context, last_start, ..self.clone() } == *other
    }
}

fn body() -> TextField {
    TextField::Body
}

fn indirect() -> QuoteForm {
    QuoteForm::Indirect
}

fn fact() -> Modality {
    Modality::Fact
}
