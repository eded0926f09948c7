//! The English indefinite article, for messages that name a type.

/// `an article`, `a place`: by the first letter. Words of the schema with the first letter u take "a" (`a Url`).
#[must_use]
pub fn with_article(word: &str) -> String {
    let begins_with_vowel = word.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']);
    format!("{} {word}", if begins_with_vowel { "an" } else { "a" })
}

#[cfg(test)]
mod tests {
    use super::with_article;

    #[test]
    fn the_article_goes_by_the_sound_of_the_word() {
        for (word, named) in
            [("event", "an event"), ("Organization", "an Organization"), ("place", "a place"), ("Url", "a Url")]
        {
            assert_eq!(with_article(word), named);
        }
    }
}
