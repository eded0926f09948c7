//! The words for values that are no records: those of a vocabulary, languages, countries.

use super::scalar::Arguments;
use crate::text::{display_name, language, sort_key};
use entity::vocabulary::Vocabulary;
use serde_json::Value as Json;

/// The words for the values of one kind.
#[derive(Clone, Copy)]
pub struct Words {
    /// All known values.
    values: fn() -> Vec<&'static str>,
    /// The word for a value, in Arabic, French, or else English.
    label: fn(&str, &str) -> String,
    /// The column with the folded value, where values are words themselves.
    pub(super) folded: Option<&'static str>,
}

impl Words {
    /// Tags of languages.
    pub const LANGUAGES: Self =
        Self { values: || display_name::languages().collect(), label: display_name::of_language, folded: None };
    /// Codes of countries.
    pub const COUNTRIES: Self =
        Self { values: || display_name::countries().collect(), label: display_name::of_country, folded: None };
    /// Values that are words themselves. The column with this name has them folded.
    #[must_use]
    pub const fn themselves(folded: &'static str) -> Self {
        Self { values: Vec::new, label: |value, _| value.to_owned(), folded: Some(folded) }
    }

    /// The values of a vocabulary.
    #[must_use]
    pub fn of<V: Vocabulary>() -> Self {
        Self {
            values: || V::ALL.iter().map(|value| value.as_str()).collect(),
            label: |value, language| V::parse(value).map_or(value, |value| value.label(language)).to_owned(),
            folded: None,
        }
    }

    /// The label of the first input, in the best of the languages of the arguments.
    pub(super) fn best_label(&self, inputs: &[Json], arguments: &Arguments) -> Json {
        let value = inputs.first().and_then(Json::as_str).unwrap_or_default();
        Json::String((self.label)(value, language_of_labels(arguments)))
    }

    /// All known values in the order of their labels, in the best of the languages of the arguments.
    #[must_use]
    pub fn ordered(&self, arguments: &Arguments) -> Vec<String> {
        let language = language_of_labels(arguments);
        let mut values = (self.values)();
        values.sort_by_cached_key(|value| sort_key(&(self.label)(value, language)));
        values.into_iter().map(str::to_owned).collect()
    }
}

/// The best language for labels of those in the argument `languages`.
pub fn language_of_labels(arguments: &Arguments) -> &str {
    let languages = arguments.get("languages").and_then(Json::as_array);
    language::of_labels(languages.into_iter().flatten().filter_map(Json::as_str))
}
