//! For any text and any query: nothing panics, and highlights are code points of the passage.
#![no_main]

use dateline::text::{
    analysis::{query::Query, query_terms, tokens},
    retrieval::{Document, Field, FieldText, find_passage},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    // The query is the first line, the text is the rest.
    let (query, text) = input.split_once('\n').unwrap_or((input, ""));
    let count = text.chars().count();
    for token in tokens(text) {
        assert!(token.start < token.end && token.end <= count && !token.form.is_empty());
    }
    for language in ["ar", "en", "fr", "de"] {
        let document = Document::new(&[FieldText { field: Field::Body, language, text }]);
        assert!(document.terms.values().all(|positions| positions.starts_with('b')));
    }
    let Ok(query) = Query::parse(query) else { return };
    let terms: Vec<Vec<String>> =
        query.clauses().flat_map(|clause| &clause.words).map(|word| query_terms(&word.form)).collect();
    let terms: Vec<_> = terms.iter().map(|terms| terms.iter().map(String::as_str).collect()).collect();
    if let Some(passage) = find_passage(text, "en", &query, &terms) {
        let length = passage.text.chars().count();
        assert!(length <= 200 && text.contains(&passage.text));
        assert!(passage.highlights.iter().all(|(start, end)| start < end && *end <= length));
    }
});
