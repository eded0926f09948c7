//! What the index stores of a record.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Field, positions};
use crate::text::analysis::{TextLanguage, index_terms, tokens};

/// A text of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldText<'a> {
    /// Its field. A record may have several texts of a field.
    pub field: Field,
    /// Its language, a BCP 47 tag.
    pub language: &'a str,
    /// The text.
    pub text: &'a str,
}

/// Positions between two texts of a field, so that no phrase spans both.
const GAP: u32 = 100;

/// What the index stores of a record.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The terms, each with the stored form of its positions.
    pub terms: BTreeMap<String, String>,
    /// The folded words with their terms, by which prefixes find terms.
    pub forms: BTreeSet<(String, String)>,
    /// The number of words. Of an entity, only its first name counts: many names do not make it fit less.
    pub length: i32,
}

impl Document {
    /// Analyses the texts of a record.
    #[must_use]
    pub fn new(texts: &[FieldText<'_>]) -> Self {
        let mut document = Self::default();
        let mut terms: BTreeMap<String, Vec<(Field, u32)>> = BTreeMap::new();
        let mut known: HashMap<(String, TextLanguage), Vec<String>> = HashMap::new();
        let mut next_positions: BTreeMap<Field, u32> = BTreeMap::new();
        for FieldText { field, language, text } in texts {
            let language = TextLanguage::of(language);
            let next = next_positions.entry(*field).or_default();
            let counts = match field {
                Field::Headline | Field::Abstract | Field::Body => true,
                Field::Name => *next == 0,
                Field::Occupation | Field::Description => false,
            };
            for token in tokens(text) {
                // A text repeats its words, so each form is analysed once.
                let of_form =
                    known.entry((token.form, language)).or_insert_with_key(|(form, _)| index_terms(form, language));
                for term in of_form {
                    match terms.get_mut(term) {
                        Some(positions) => positions.push((*field, *next)),
                        None => drop(terms.insert(term.clone(), vec![(*field, *next)])),
                    }
                }
                *next += 1;
                document.length = document.length.saturating_add(i32::from(counts));
            }
            *next += GAP;
        }
        for ((form, _), terms) in known {
            document.forms.extend(terms.into_iter().map(|term| (form.clone(), term)));
        }
        document.terms = terms
            .into_iter()
            .map(|(term, mut positions)| {
                positions.sort_unstable();
                (term, positions::write(&positions))
            })
            .collect();
        document
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_has_its_terms_with_positions() {
        let name = |text| FieldText { field: Field::Name, language: "en", text };
        let document = Document::new(&[
            name("Tripoli"),
            name("City of Tripoli"),
            FieldText { field: Field::Description, language: "ar", text: "طرابلس" },
        ]);
        let terms: Vec<(&str, &str)> = document.terms.iter().map(|(term, at)| (term.as_str(), at.as_str())).collect();
        assert_eq!(terms, [("citi.en", "n101"), ("of.en", "n102"), ("tripoli.en", "n0,103"), ("طرابلس", "d0")]);
        assert!(document.forms.contains(&("city".to_owned(), "citi.en".to_owned())));
        assert_eq!(document.length, 1);
    }
}
