//! A citation as a document.

use entity::{
    Id,
    vocabulary::{AnchorState, Modality, QuoteForm, TextField},
};
use serde::{Deserialize, Serialize};

use super::{FuzzyDate, Reference, written};

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

fn body() -> TextField {
    TextField::Body
}

fn indirect() -> QuoteForm {
    QuoteForm::Indirect
}

fn fact() -> Modality {
    Modality::Fact
}
