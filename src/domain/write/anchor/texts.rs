//! The texts that are quoted, each indexed once.

use std::{
    collections::{HashMap, HashSet},
    sync::OnceLock,
};

use entity::{Id, vocabulary::TextField};

use crate::{
    domain::kind::Article,
    store::write::Texts,
    text::{SearchBudget, Spans, Text},
};

use super::follow::{ChangedTexts, Span};

/// Texts that have problems.
pub(super) type InvalidTexts = HashSet<(Id, TextField)>;

/// The only place of a quote in a text, or how often it occurs there; nothing if the budget does not suffice.
pub(super) fn find_only(quote: &str, text: &Spans<'_>, budget: &SearchBudget) -> Option<Result<Span, usize>> {
    budget.take(text.len()).map(|()| text.only(quote))
}

/// Whether words of a text occur there more than once; yes if the budget does not suffice to know.
pub(super) fn has_twin(words: &str, text: &Spans<'_>, budget: &SearchBudget) -> bool {
    !matches!(find_only(words, text, budget), Some(Ok(_)))
}

/// The texts of all cited articles.
pub(super) struct CitedTexts<'a> {
    texts: HashMap<Id, [Option<CitedText<'a>>; 3]>,
    invalid: &'a InvalidTexts,
}

/// A text, indexed when it is first used.
pub(super) struct CitedText<'a> {
    text: &'a str,
    spans: OnceLock<Spans<'a>>,
    search: OnceLock<Text>,
}

/// The result of looking up a text.
pub(super) enum TextLookup<'t, 'a> {
    /// The article or its text has other problems.
    Invalid,
    /// The article has no such text.
    Missing,
    Found(&'t CitedText<'a>),
}

impl<'a> CitedText<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, spans: OnceLock::new(), search: OnceLock::new() }
    }

    /// The text with an index of its code points.
    pub(super) fn spans(&self) -> &Spans<'a> {
        self.spans.get_or_init(|| Spans::new(self.text))
    }

    /// The text with an index of its passages.
    pub(super) fn search(&self, changed: &ChangedTexts) -> &Text {
        self.search.get_or_init(|| changed.text(self.text))
    }
}

impl<'a> CitedTexts<'a> {
    pub(super) fn new(texts: [&'a HashMap<Id, Texts>; 2], invalid: &'a InvalidTexts) -> Self {
        let of_article =
            |(id, texts): (&Id, &'a Texts)| (*id, Article::TEXTS.map(|field| texts.text(field).map(CitedText::new)));
        Self { texts: texts.into_iter().flatten().map(of_article).collect(), invalid }
    }

    pub(super) fn find(&self, article: Id, field: TextField) -> TextLookup<'_, 'a> {
        let Some(texts) = self.texts.get(&article).filter(|_| !self.invalid.contains(&(article, field))) else {
            return TextLookup::Invalid;
        };
        let text = Article::TEXTS.into_iter().zip(texts).find(|(of, _)| *of == field);
        text.and_then(|(_, text)| text.as_ref()).map_or(TextLookup::Missing, TextLookup::Found)
    }
}
