//! `didYouMean`: the query with other spellings of the words that no record has.

use crate::{
    store::read::{ReadCall, ReadError, Reader, search::FoundHits},
    text::{
        analysis::{query::Query, tokens},
        retrieval::{closest, spelling_keys},
    },
};
use std::collections::HashMap;

/// The text of the query with other spellings; nothing where all words were found or one has no other spelling.
pub(super) async fn suggest(
    reader: &Reader,
    text: &str,
    query: &Query,
    found: &FoundHits,
    call: &ReadCall,
) -> Result<Option<String>, ReadError> {
    let required = query.required.iter().flat_map(|clause| &clause.words);
    let unknown = required.zip(&found.terms).filter(|(word, terms)| terms.is_empty() && !word.is_prefix);
    let mut spellings: HashMap<&str, String> = HashMap::new();
    for (word, _) in unknown {
        if spellings.contains_key(word.form.as_str()) {
            continue;
        }
        let candidates = reader.find_spellings(&spelling_keys(&word.form), call).await?;
        let Some(spelling) = closest(&word.form, &candidates) else { return Ok(None) };
        spellings.insert(&word.form, spelling.to_owned());
    }
    if spellings.is_empty() {
        return Ok(None);
    }
    let letters: Vec<char> = text.chars().collect();
    let (mut suggestion, mut end) = (String::new(), 0);
    for token in tokens(text) {
        if let Some(spelling) = spellings.get(token.form.as_str()).filter(|_| token.start >= end) {
            suggestion.extend(&letters[end..token.start]);
            suggestion.push_str(spelling);
            end = token.end;
        }
    }
    suggestion.extend(&letters[end..]);
    Ok(Some(suggestion))
}
