//! For any text and any query: nothing panics, and highlights are code points of the passage.
#![no_main]

use dateline::text::{
    analysis::{query::Query, query_terms, tokens},
    fold::fold,
    retrieval::{Document, Field, FieldText, find_passage, read_block, spellings},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    // The query is the first line, the text is the rest.
    let (query, text) = input.split_once('\n').unwrap_or((input, ""));
    let count = text.chars().count();
    for token in tokens(text) {
        assert!(token.start < token.end && token.end <= count && !token.form.is_empty());
    }
    assert!(fold(text).iter().all(|folded| folded.at < count));
    for language in ["ar", "en", "fr", "de"] {
        let document = Document::new(0, &[FieldText { field: Field::Body, language, text }]);
        let _ = document.terms.iter().map(|(_, posting)| read_block(posting).count()).sum::<usize>();
    }
    let _ = (spellings(text), read_block(text).count());
    let Ok(query) = Query::parse(query) else { return };
    let terms: Vec<_> = query.words.iter().map(|word| query_terms(&word.form).into_iter().collect()).collect();
    if let Some(passage) = find_passage(text, "en", &query, &terms) {
        let length = passage.text.chars().count();
        assert!(length <= 200 && text.contains(&passage.text));
        assert!(passage.highlights.iter().all(|(start, end)| start < end && *end <= length));
    }
});
