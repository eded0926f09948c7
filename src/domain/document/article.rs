//! An article as a document.

use chrono::NaiveDate;
use entity::{
    Id,
    vocabulary::{AnchorState, MentionClass, MentionOrigin, TextField},
};
use serde::{Deserialize, Serialize};

use super::{Context, Reference, written};

/// An article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Article {
    /// The headline, as it stands.
    pub headline: String,
    /// The abstract, as it stands.
    #[serde(default, rename = "abstract", skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// The body, as it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The language of its texts.
    pub language: String,
    /// The day of publication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_on: Option<NaiveDate>,
    /// Its own address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The address of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// The organization that published it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher: Option<Reference>,
    /// The people who wrote it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<Reference>,
    /// The place that it is dated from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dateline: Option<Reference>,
    /// The same article elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub same_as: Vec<String>,
    /// Where its texts name records, in the order of the texts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Mention>,
}

/// A place in an article's text where a record is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// Its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// The record that is named.
    pub entity: Reference,
    /// The record that is meant, where it is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meant: Option<Reference>,
    /// The text that it is in.
    pub field: TextField,
    /// Where it starts, in Unicode code points.
    pub start: i32,
    /// Where it ends, exclusive.
    pub end: i32,
    /// What stands there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// How it names.
    #[serde(default = "name")]
    pub class: MentionClass,
    /// Who found it.
    #[serde(default = "import")]
    pub origin: MentionOrigin,
    /// Whether it still stands there.
    #[serde(default = "written::anchored")]
    pub anchor: AnchorState,
    /// What stood around it.
    #[serde(flatten)]
    pub context: Context,
}

impl Mention {
    /// By what mentions stand in order: that of the texts, and at one place that of ids, which is the same everywhere.
    #[must_use]
    pub fn order(&self) -> (TextField, i32, i32, Id, Option<Id>) {
        (self.field, self.start, self.end, self.entity.id(), self.id)
    }
}

impl Article {
    /// The fields that are its texts.
    pub const TEXTS: [TextField; 3] = [TextField::Headline, TextField::Abstract, TextField::Body];

    /// One of its texts.
    #[must_use]
    pub fn text(&self, field: TextField) -> Option<&str> {
        match field {
            TextField::Headline => Some(&self.headline),
            TextField::Abstract => self.summary.as_deref(),
            TextField::Body => self.body.as_deref(),
        }
    }
}

fn name() -> MentionClass {
    MentionClass::Name
}

fn import() -> MentionOrigin {
    MentionOrigin::Import
}
