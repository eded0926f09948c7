//! The words of names: by which a picker finds a name, and where they stand in it.

use std::{cmp::Reverse, collections::BTreeSet};

use super::word::FoldedText;

/// How many letters must be typed.
const MIN_LETTERS: usize = 2;
/// The Arabic article, also behind a particle. One or two of its letters are written together with لـ.
const ARTICLES: [&str; 6] = ["ال", "لل", "وال", "بال", "كال", "فال"];

/// A word of a text.
struct Word {
    letters: Vec<Letter>,
}

/// A folded letter, and the code points of the text that it stands for.
struct Letter {
    folded: char,
    start: usize,
    end: usize,
}

/// What was typed to find a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedWords {
    /// Folded words that the name must have.
    pub whole: Vec<String>,
    /// How another word must begin, folded.
    pub prefix: String,
    /// Whether the article was typed before it.
    pub has_article: bool,
}

/// The words by which a name is found: each of its words, folded, and once more without the Arabic article.
#[must_use]
pub fn name_words(name: &str) -> BTreeSet<String> {
    words(name).iter().flat_map(Word::keys).collect()
}

/// The words that were typed; none for less than two letters. The Arabic article is left out where two letters follow it.
#[must_use]
pub fn typed_words(typed: &str) -> Option<TypedWords> {
    let mut words = words(typed);
    let letters: usize = words.iter().map(|word| word.letters.len()).sum();
    let last = words.pop().filter(|_| letters >= MIN_LETTERS)?;
    let whole: BTreeSet<String> = words.iter().map(Word::typed).collect();
    let has_article = last.article(&ARTICLES[..1]).is_some();
    Some(TypedWords { whole: whole.into_iter().collect(), prefix: last.typed(), has_article })
}

/// Where a name has what was typed: start and end of each place, in code points.
#[must_use]
pub fn find_typed(name: &str, typed: &TypedWords) -> Vec<(usize, usize)> {
    let words = words(name);
    let is_whole = |word: &&Word| word.keys().any(|key| typed.whole.contains(&key));
    let mut found: Vec<(usize, usize)> =
        words.iter().filter(is_whole).filter_map(|word| word.span(0, word.letters.len())).collect();
    // The next word after the whole ones that begins as typed, else another such word, else one of them: "Ali Ali".
    let last = found.last().copied().unwrap_or_default();
    let prefixed = words.iter().filter_map(|word| Some((is_whole(&word), word.prefix_span(typed)?)));
    found.extend(prefixed.min_by_key(|(is_whole, span)| (*is_whole, *span < last)).map(|(_, span)| span));
    found.sort_unstable_by_key(|(start, end)| (*start, Reverse(*end)));
    found.dedup_by_key(|(start, _)| *start);
    found
}

impl Word {
    fn key(&self, skipped: usize) -> String {
        self.letters.iter().skip(skipped).map(|letter| letter.folded).collect()
    }

    /// The letters of the article at its start, if two letters follow.
    fn article(&self, articles: &[&str]) -> Option<usize> {
        let lengths = articles.iter().filter(|article| {
            let mut letters = self.letters.iter().map(|letter| letter.folded);
            article.chars().all(|letter| letters.next() == Some(letter))
        });
        lengths.map(|article| article.chars().count()).find(|length| self.letters.len() >= length + MIN_LETTERS)
    }

    /// The whole word, and the word without its article.
    fn keys(&self) -> impl Iterator<Item = String> + use<> {
        let rest = self.article(&ARTICLES).map(|skipped| self.key(skipped));
        std::iter::once(self.key(0)).chain(rest)
    }

    /// The word as it is looked for.
    fn typed(&self) -> String {
        self.key(self.article(&ARTICLES[..1]).unwrap_or(0))
    }

    /// Where the letters of this range are in the text.
    fn span(&self, from: usize, to: usize) -> Option<(usize, usize)> {
        Some((self.letters.get(from)?.start, self.letters.get(to.checked_sub(1)?)?.end))
    }

    /// Where the word has the typed beginning.
    fn prefix_span(&self, typed: &TypedWords) -> Option<(usize, usize)> {
        let skips = std::iter::once(0).chain(self.article(&ARTICLES));
        let skipped = skips.into_iter().find(|skipped| self.key(*skipped).starts_with(&typed.prefix))?;
        let is_typed = typed.has_article && self.article(&ARTICLES[..1]) == Some(skipped);
        self.span(if is_typed { 0 } else { skipped }, skipped + typed.prefix.chars().count())
    }
}

fn words(text: &str) -> Vec<Word> {
    let text = FoldedText::new(text);
    let words = text.words().map(|word| {
        let letters = word.letters().zip(word.places());
        Word { letters: letters.map(|(folded, (start, end))| Letter { folded, start, end }).collect() }
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found_words(name: &str) -> Vec<String> {
        name_words(name).into_iter().collect()
    }

    /// What is highlighted; nothing if the name is not found.
    fn highlighted(name: &str, typed: &str) -> Vec<String> {
        let Some(typed) = typed_words(typed) else { return vec![] };
        let all = name_words(name);
        let is_found =
            typed.whole.iter().all(|word| all.contains(word)) && all.iter().any(|word| word.starts_with(&typed.prefix));
        let spans = if is_found { find_typed(name, &typed) } else { vec![] };
        spans.into_iter().map(|(start, end)| name.chars().skip(start).take(end - start).collect()).collect()
    }

    #[test]
    fn a_name_is_found_by_each_word_and_without_the_article() {
        assert_eq!(found_words("People's Army of Émigrés"), ["army", "emigres", "of", "people", "s"]);
        assert_eq!(found_words("الجزائر"), ["الجزاءر", "جزاءر"]);
        assert_eq!(found_words("حزب العدالة والتنمية"), ["العداله", "تنميه", "حزب", "عداله", "والتنميه"]);
        assert_eq!(found_words("ʿAlī U.S.-2"), ["2", "ali", "s", "u"]);
        assert_eq!(found_words("%_?\0"), [""; 0]);
    }

    #[test]
    fn the_highlights_cover_what_was_typed() {
        for (name, typed, expected) in [
            ("Council of Europe", "EUR", &["Eur"] as &[_]),
            ("Islamic State", "islamic st", &["Islamic", "St"]),
            ("Islamic State", "state is", &["Is", "State"]),
            ("Islamic State", "islam st", &[]),
            ("State of Islamic State", "islamic st", &["Islamic", "St"]),
            ("Ali Ali", "ali al", &["Ali", "Ali"]),
            ("Émirats arabes unis", "emi", &["Émi"]),
            ("الجيش اللِّيبيّ", "ليب", &["لِّيب"]),
            ("الليبية", "ليب", &["ليب"]),
            ("الجزائر", "جزا", &["جزا"]),
            ("الجزائر", "الجزا", &["الجزا"]),
            ("جزائر", "الجزا", &["جزا"]),
            ("الجزائر", "الج", &["الج"]),
            ("المجلس الأعلى للدولة", "الدول", &["دول"]),
            ("السلطان", "ال", &["ال"]),
            ("درنة", "درنه", &["درنة"]),
            ("ﷲ", "الل", &["ﷲ"]),
            ("Europe", "rope", &[]),
            ("Europe", "e", &[]),
            ("Europe", "", &[]),
            ("Europe", "%", &[]),
        ] {
            assert_eq!(highlighted(name, typed), expected, "{name} {typed}");
        }
    }

    proptest! {
        #[test]
        fn what_is_found_is_highlighted_within_the_name(name in "[ A-Za-zé'ʿاليبدرنةِّـ\u{200f}0-9ﷲ]{0,20}", typed in "[ A-Za-zاليبدرنة]{0,6}") {
            let length = name.chars().count();
            if let Some(words) = typed_words(&typed) {
                let all = name_words(&name);
                let is_found = words.whole.iter().all(|word| all.contains(word)) && all.iter().any(|word| word.starts_with(&words.prefix));
                let spans = find_typed(&name, &words);
                prop_assert!(!is_found || !spans.is_empty());
                prop_assert!(spans.iter().all(|(start, end)| start < end && *end <= length));
                prop_assert!(spans.windows(2).all(|two| two[0].1 <= two[1].0));
            }
        }

        #[test]
        fn any_text_can_be_typed(typed in any::<String>(), name in any::<String>()) {
            if let Some(words) = typed_words(&typed) {
                prop_assert!(find_typed(&name, &words).iter().all(|(_, end)| *end <= name.chars().count()));
            }
        }
    }
}
