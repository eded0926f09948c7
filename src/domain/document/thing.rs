//! What places, organizations, people and events share: names, descriptions and addresses elsewhere.

use entity::vocabulary::NameKind;
use serde::{Deserialize, Serialize};

/// What places, organizations, people and events share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Thing {
    /// The main name.
    pub name: String,
    /// The language of the main name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The other names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<Name>,
    /// A few sentences for each language.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub descriptions: Vec<Description>,
    /// The same thing elsewhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub same_as: Vec<String>,
    /// The address of a picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
}

/// One name in one language.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Name {
    /// The name.
    pub text: String,
    /// Its language; `und` where none is known.
    pub language: String,
    /// What it is to the thing.
    #[serde(default = "alias")]
    pub kind: NameKind,
}

/// A description in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Description {
    /// The description.
    pub text: String,
    /// Its language.
    pub language: String,
}

fn alias() -> NameKind {
    NameKind::Alias
}

impl Thing {
    /// Gives the main name its language and takes its double out of the other names: it is either said outright, or that
    /// of the first entry with the same text, or not known. Gives the positions that the names which are left had.
    pub fn settle_main_name(&mut self) -> Vec<usize> {
        let language = self.language.take().unwrap_or_else(|| {
            self.names
                .iter()
                .find(|name| name.text == self.name)
                .map_or_else(|| "und".to_owned(), |name| name.language.clone())
        });
        let mut written = Vec::with_capacity(self.names.len());
        let mut position = 0;
        self.names.retain(|name| {
            let is_kept = name.text != self.name
                || name.language != language
                || !matches!(name.kind, NameKind::Main | NameKind::Alias);
            if is_kept {
                written.push(position);
            }
            position += 1;
            is_kept
        });
        self.language = Some(language);
        written
    }

    /// The language of the main name.
    #[must_use]
    pub fn main_language(&self) -> &str {
        self.language.as_deref().unwrap_or("und")
    }
}
