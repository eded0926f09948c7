//! Splits texts into words, for search and for names alike.

use super::fold::{Folded, fold};

/// Letters of a word that count. Longer words are cut, in texts as in queries.
pub(super) const MAX_LETTERS: usize = 64;

/// A text whose letters are folded.
#[derive(Debug)]
pub(super) struct FoldedText {
    letters: Vec<Folded>,
    /// Code points of the text.
    length: usize,
}

/// A word of a text: a run of letters and digits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<'a> {
    text: &'a FoldedText,
    /// The first of its folded letters, and the one after the last.
    range: (usize, usize),
}

impl FoldedText {
    pub(super) fn new(text: &str) -> Self {
        Self { letters: fold(text), length: text.chars().count() }
    }

    /// The words, in order.
    pub(super) fn words(&self) -> impl Iterator<Item = Word<'_>> {
        let mut next = 0;
        std::iter::from_fn(move || {
            let is_in_word = |folded: &Folded| folded.letter.is_alphanumeric();
            let start = next + self.letters[next..].iter().position(is_in_word)?;
            let length = self.letters[start..].iter().take_while(|folded| is_in_word(folded)).count();
            next = start + length;
            Some(Word { text: self, range: (start, next) })
        })
    }

    /// The code point after a folded letter. Marks belong to the letter before them.
    fn end_of(&self, index: usize) -> usize {
        let at = self.letters[index].at;
        let later = self.letters[index + 1..].iter().map(|next| next.at);
        later.into_iter().find(|next| *next > at).unwrap_or(self.length)
    }
}

impl<'a> Word<'a> {
    /// The letters that count.
    pub(super) fn letters(&self) -> impl Iterator<Item = char> + use<'a> {
        let (start, end) = self.range;
        self.text.letters[start..end].iter().take(MAX_LETTERS).map(|folded| folded.letter)
    }

    /// The code points that each letter stands for: the first one, and the one after the last.
    pub(super) fn places(&self) -> impl Iterator<Item = (usize, usize)> + use<'a> {
        let (text, (start, end)) = (self.text, self.range);
        (start..end).take(MAX_LETTERS).map(move |index| (text.letters[index].at, text.end_of(index)))
    }

    /// The first code point of the word, and the one after it.
    pub(super) fn place(&self) -> (usize, usize) {
        let (start, end) = self.range;
        (self.text.letters[start].at, self.text.end_of(end - 1))
    }

    /// How many letters it has, with those that do not count.
    pub(super) const fn length(&self) -> usize {
        self.range.1 - self.range.0
    }

    /// The sign right before the word.
    pub(super) fn before(&self) -> Option<char> {
        self.range.0.checked_sub(1).map(|index| self.text.letters[index].letter)
    }

    /// The sign right after the word.
    pub(super) fn after(&self) -> Option<char> {
        self.text.letters.get(self.range.1).map(|folded| folded.letter)
    }
}
