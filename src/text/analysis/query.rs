//! The language of search queries: words, "phrases", prefix* and -without.

use super::tokens;

/// Characters of a query at most.
pub const MAX_LENGTH: usize = 200;
/// Words of a query at most.
pub const MAX_WORDS: usize = 32;
/// Letters of a prefix at least: a single letter begins too many words.
pub const MIN_PREFIX: usize = 2;

/// A query: a text is found if it has all required clauses and no excluded one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// The different words, in the order in which they occur first.
    pub words: Vec<QueryWord>,
    /// What a text must have.
    pub required: Vec<Clause>,
    /// What it must not have.
    pub excluded: Vec<Clause>,
}

/// One word, or several that follow one another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// The numbers of the words in [`Query::words`], in their order; at least one.
    pub words: Vec<usize>,
}

/// A word of a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryWord {
    /// The folded word.
    pub form: String,
    /// Whether it stands for all words that begin with it.
    pub is_prefix: bool,
}

/// Why a query cannot be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryProblem {
    /// More characters than [`MAX_LENGTH`].
    TooLong(usize),
    /// More words than [`MAX_WORDS`].
    TooManyWords(usize),
    /// No letter and no digit.
    NoWords,
    /// Only words after a minus.
    OnlyExcludes,
    /// A prefix of one letter.
    ShortPrefix,
}

impl QueryProblem {
    /// The message for the client. `place` is where the query was given.
    #[must_use]
    pub fn message(self, place: &str) -> String {
        match self {
            Self::TooLong(length) => format!("`{place}` has {length} characters; the limit is {MAX_LENGTH}."),
            Self::TooManyWords(words) => format!("`{place}` has {words} words; the limit is {MAX_WORDS}."),
            Self::NoWords => format!("`{place}` has no words: give at least one letter or digit."),
            Self::OnlyExcludes => format!("`{place}` only excludes words: add a word to search for."),
            Self::ShortPrefix => format!("A prefix in `{place}` needs at least {MIN_PREFIX} letters before `*`."),
        }
    }
}

impl Query {
    /// Reads a query. Everything that is not part of the language separates words. A phrase without its closing mark ends with the
    /// query. A clause that is repeated counts once.
    ///
    /// # Errors
    /// See [`QueryProblem`].
    pub fn parse(text: &str) -> Result<Self, QueryProblem> {
        let length = text.chars().count();
        if length > MAX_LENGTH {
            return Err(QueryProblem::TooLong(length));
        }
        let mut query = Self::default();
        let mut rest = text;
        let mut words = 0;
        while let Some((part, after)) = next_part(rest) {
            rest = after;
            let of_part = part.words()?;
            words += of_part.len();
            let clause = Clause { words: of_part.into_iter().map(|word| query.number(word)).collect() };
            let clauses = if part.is_excluded { &mut query.excluded } else { &mut query.required };
            if !clause.words.is_empty() && !clauses.contains(&clause) {
                clauses.push(clause);
            }
        }
        match (query.required.is_empty(), query.excluded.is_empty()) {
            (true, true) => Err(QueryProblem::NoWords),
            (true, false) => Err(QueryProblem::OnlyExcludes),
            _ if words > MAX_WORDS => Err(QueryProblem::TooManyWords(words)),
            _ => Ok(query),
        }
    }

    /// The number of a word, which is added where it is missing.
    fn number(&mut self, word: QueryWord) -> usize {
        self.words.iter().position(|known| *known == word).unwrap_or_else(|| {
            self.words.push(word);
            self.words.len() - 1
        })
    }

    /// All clauses, the required ones first.
    pub fn clauses(&self) -> impl Iterator<Item = &Clause> {
        self.required.iter().chain(&self.excluded)
    }
}

/// A part of the text of a query.
struct Part<'a> {
    text: &'a str,
    is_excluded: bool,
    is_prefix: bool,
}

impl Part<'_> {
    fn words(&self) -> Result<Vec<QueryWord>, QueryProblem> {
        let words = tokens(self.text).into_iter().map(|token| QueryWord { form: token.form, is_prefix: false });
        let mut words: Vec<QueryWord> = words.collect();
        if let Some(last) = words.last_mut().filter(|_| self.is_prefix) {
            if last.form.chars().count() < MIN_PREFIX {
                return Err(QueryProblem::ShortPrefix);
            }
            last.is_prefix = true;
        }
        Ok(words)
    }
}

const fn opens_phrase(character: char) -> bool {
    matches!(character, '"' | '“' | '”' | '„' | '«' | '»')
}

fn separates(character: char) -> bool {
    character.is_whitespace() || character.is_control() || ",;،؛()[]{}|".contains(character)
}

/// The next part of a query, and what follows it.
fn next_part(text: &str) -> Option<(Part<'_>, &str)> {
    let text = text.trim_start_matches(separates);
    let (is_excluded, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let first = text.chars().next().filter(|first| !separates(*first));
    if first.is_some_and(opens_phrase) {
        let inner = &text[first.map_or(0, char::len_utf8)..];
        let end = inner.find(opens_phrase).unwrap_or(inner.len());
        let after = inner[end..].trim_start_matches(opens_phrase);
        return Some((Part { text: &inner[..end], is_excluded, is_prefix: false }, after));
    }
    if text.is_empty() && !is_excluded {
        return None;
    }
    let end = text.find(|character| separates(character) || opens_phrase(character)).unwrap_or(text.len());
    let (word, after) = text.split_at(end);
    let stem = word.trim_end_matches('*');
    Some((Part { text: stem, is_excluded, is_prefix: stem.len() < word.len() }, after))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(query: &Query, clauses: &[Clause]) -> Vec<String> {
        let word = |number: &usize| {
            let QueryWord { form, is_prefix } = &query.words[*number];
            format!("{form}{}", if *is_prefix { "*" } else { "" })
        };
        clauses.iter().map(|clause| clause.words.iter().map(word).collect::<Vec<_>>().join(" ")).collect()
    }

    fn parse(text: &str) -> (Vec<String>, Vec<String>) {
        let query = Query::parse(text).unwrap();
        (shown(&query, &query.required), shown(&query, &query.excluded))
    }

    fn owned(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn words_phrases_prefixes_and_exclusions_are_read() {
        for (text, required, excluded) in [
            ("Libya  Egypt", &["libya", "egypt"] as &[&str], &[] as &[&str]),
            ("\"air strikes\" Derna", &["air strikes", "derna"], &[]),
            ("«الدولة الإسلامية» -درنة", &["الدوله الاسلاميه"], &["درنه"]),
            ("meet* -\"in Cairo\"", &["meet*"], &["in cairo"]),
            ("al-Qaeda", &["al qaeda"], &[]),
            ("ليبيا،مصر", &["ليبيا", "مصر"], &[]),
            ("\"not closed", &["not closed"], &[]),
            ("a AND b OR NOT c", &["a", "and", "b", "or", "not", "c"], &[]),
            ("NEAR(a, b)", &["near", "a", "b"], &[]),
            ("- a * % _ \"\" \"", &["a"], &[]),
            ("a\0b\u{202e}", &["a", "b"], &[]),
            ("-x \"a\"b", &["a", "b"], &["x"]),
        ] {
            assert_eq!(parse(text), (owned(required), owned(excluded)), "{text}");
        }
    }

    #[test]
    fn a_repeated_word_or_clause_counts_once() {
        let query = Query::parse("في \"في في من\" FI في من -من -من").unwrap();
        let forms: Vec<&str> = query.words.iter().map(|word| word.form.as_str()).collect();
        assert_eq!(forms, ["في", "من", "fi"]);
        assert_eq!(shown(&query, &query.required), ["في", "في في من", "fi", "من"]);
        assert_eq!(shown(&query, &query.excluded), ["من"]);
        assert_eq!(Query::parse(&"في ".repeat(33)), Err(QueryProblem::TooManyWords(33)));
    }

    #[test]
    fn a_query_that_cannot_be_answered_is_refused() {
        for (text, problem) in [
            ("", QueryProblem::NoWords),
            (" \t", QueryProblem::NoWords),
            ("*", QueryProblem::NoWords),
            ("-", QueryProblem::NoWords),
            ("%_\"'😀\0", QueryProblem::NoWords),
            ("-a -\"b c\"", QueryProblem::OnlyExcludes),
            ("a*", QueryProblem::ShortPrefix),
        ] {
            assert_eq!(Query::parse(text), Err(problem), "{text}");
        }
        assert_eq!(Query::parse(&"ا".repeat(10_000)), Err(QueryProblem::TooLong(10_000)));
        assert_eq!(Query::parse(&"a ".repeat(100)), Err(QueryProblem::TooManyWords(100)));
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_fail(text in any::<String>()) {
            if let Ok(query) = Query::parse(&text) {
                prop_assert!(!query.required.is_empty());
                prop_assert!(query.clauses().all(|clause| !clause.words.is_empty()));
            }
        }

        #[test]
        fn signs_of_the_language_are_read_in_any_order(text in "[-a*\"« ,]{0,40}") {
            let _ = Query::parse(&text);
        }
    }
}
