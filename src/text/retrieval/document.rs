//! What the index stores of a record.

use std::collections::HashMap;

use super::{
    Field,
    length::class_of,
    posting::{Positions, write_posting},
};
use crate::text::analysis::{TextLanguage, each_word, index_terms};

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
#[derive(Debug, Default)]
pub struct Document {
    /// The terms, each with the stored form of its posting. They are in no order.
    pub terms: Vec<(String, String)>,
    /// The folded words with their terms, by which prefixes find terms. They are in no order.
    pub forms: Vec<(String, String)>,
    /// The number of words. Of an entity, only its first name counts: many names do not make it fit less.
    pub length: i32,
}

impl Document {
    /// Analyses the texts of a record. `kind` is a number for its kind.
    #[must_use]
    pub fn new(kind: u8, texts: &[FieldText<'_>]) -> Self {
        let mut words = Words::default();
        let mut length = 0_i32;
        let mut next_positions = [0_u32; Field::ALL.len()];
        for FieldText { field, language, text } in texts {
            let language = TextLanguage::of(language);
            let next = &mut next_positions[field.number() as usize];
            let counts = match field {
                Field::Headline | Field::Abstract | Field::Body => true,
                Field::Name => *next == 0,
                Field::Occupation | Field::Description => false,
            };
            each_word(text, |form| {
                words.add(form, language, (*field, *next));
                *next += 1;
                length = length.saturating_add(i32::from(counts));
            });
            *next += GAP;
        }
        words.document(kind, length)
    }
}

/// The words of a record. A text repeats its words, so that each form is analysed once.
#[derive(Default)]
struct Words {
    /// The numbers of the terms of each form, by language.
    forms: HashMap<TextLanguage, HashMap<String, Vec<usize>>>,
    numbers: HashMap<String, usize>,
    /// The positions of each term.
    positions: Vec<Positions>,
}

impl Words {
    fn add(&mut self, form: &str, language: TextLanguage, position: (Field, u32)) {
        let Self { forms, numbers, positions } = self;
        let forms = forms.entry(language).or_default();
        if let Some(terms) = forms.get(form) {
            for term in terms {
                positions[*term].push(position);
            }
            return;
        }
        let mut of_form = vec![];
        for term in index_terms(form, language) {
            let number = *numbers.entry(term).or_insert(positions.len());
            if number == positions.len() {
                positions.push(vec![]);
            }
            positions[number].push(position);
            of_form.push(number);
        }
        forms.insert(form.to_owned(), of_form);
    }

    fn document(mut self, kind: u8, length: i32) -> Document {
        let mut names = vec![""; self.positions.len()];
        for (term, number) in &self.numbers {
            names[*number] = term;
        }
        let forms = self.forms.values().flatten();
        let forms = forms.flat_map(|(form, terms)| terms.iter().map(move |term| (form, *term)));
        let forms = forms.map(|(form, term)| (form.clone(), names[term].to_owned())).collect();
        let class = class_of(length);
        let terms = self.numbers.into_iter().map(|(term, number)| {
            let positions = &mut self.positions[number];
            positions.sort_unstable();
            (term, write_posting(kind, class, positions))
        });
        Document { terms: terms.collect(), forms, length }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::posting::Stored, *};

    #[test]
    fn a_record_has_its_terms_with_positions() {
        let name = |text| FieldText { field: Field::Name, language: "en", text };
        let document = Document::new(
            1,
            &[
                name("Tripoli"),
                name("City of Tripoli"),
                FieldText { field: Field::Description, language: "ar", text: "طرابلس" },
            ],
        );
        let positions = |posting: &String| {
            let mut positions = vec![];
            Stored::of(posting).unwrap().add_positions(&mut positions);
            positions
        };
        let mut terms: Vec<_> =
            document.terms.iter().map(|(term, posting)| (term.as_str(), positions(posting))).collect();
        terms.sort_unstable();
        let expected = [
            ("citi.en", vec![(Field::Name, 101)]),
            ("of.en", vec![(Field::Name, 102)]),
            ("tripoli.en", vec![(Field::Name, 0), (Field::Name, 103)]),
            ("طرابلس", vec![(Field::Description, 0)]),
        ];
        assert_eq!(terms, expected);
        assert!(document.forms.contains(&("city".to_owned(), "citi.en".to_owned())));
        assert_eq!(document.length, 1);
    }
}
