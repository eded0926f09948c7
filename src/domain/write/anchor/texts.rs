//! The texts that are quoted, each prepared once.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use entity::{Id, vocabulary::TextField};

use crate::{
    domain::kind::Article,
    store::write::Texts as Stored,
    text::{Spans, Text},
};

use super::follow::{ChangedTexts, Span};

/// Texts with which something is wrong.
pub(super) type Wrong = HashSet<(Id, TextField)>;

/// How many characters of texts may still be looked through.
pub(super) struct Budget(AtomicUsize);

impl Budget {
    pub(super) fn of(characters: usize) -> Self {
        Self(characters.into())
    }

    /// Where a quote stands, or how often; nothing where too much was looked through already.
    pub(super) fn look_for(&self, quote: &str, text: &Spans<'_>) -> Option<Result<Span, usize>> {
        let take = |left: usize| left.checked_sub(text.len());
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).ok().map(|_| text.only(quote))
    }

    /// Whether words that stand in a text stand there more than once. They are taken to, where too much was looked through already.
    pub(super) fn has_twin(&self, words: &str, text: &Spans<'_>) -> bool {
        !matches!(self.look_for(words, text), Some(Ok(_)))
    }
}

/// The texts of all cited articles.
pub(super) struct Texts<'a> {
    texts: HashMap<Id, [Option<Prepared<'a>>; 3]>,
    wrong: &'a Wrong,
}

/// A text, prepared when it is first asked for.
pub(super) struct Prepared<'a> {
    text: &'a str,
    spans: OnceLock<Spans<'a>>,
    search: OnceLock<Text>,
}

pub(super) enum Found<'t, 'a> {
    /// The article, or its text, was left out because of other problems.
    Nothing,
    NoText,
    Text(&'t Prepared<'a>),
}

impl<'a> Prepared<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, spans: OnceLock::new(), search: OnceLock::new() }
    }

    /// The text, to look up spans in.
    pub(super) fn spans(&self) -> &Spans<'a> {
        self.spans.get_or_init(|| Spans::new(self.text))
    }

    /// The text, to look for passages in.
    pub(super) fn to_search(&self, changed: &ChangedTexts) -> &Text {
        self.search.get_or_init(|| changed.text(self.text))
    }
}

impl<'a> Texts<'a> {
    pub(super) fn new(texts: [&'a HashMap<Id, Stored>; 2], wrong: &'a Wrong) -> Self {
        let of_article =
            |(id, texts): (&Id, &'a Stored)| (*id, Article::TEXTS.map(|field| texts.text(field).map(Prepared::new)));
        Self { texts: texts.into_iter().flatten().map(of_article).collect(), wrong }
    }

    pub(super) fn find(&self, article: Id, field: TextField) -> Found<'_, 'a> {
        let Some(texts) = self.texts.get(&article).filter(|_| !self.wrong.contains(&(article, field))) else {
            return Found::Nothing;
        };
        let text = Article::TEXTS.into_iter().zip(texts).find(|(of, _)| *of == field);
        text.and_then(|(_, text)| text.as_ref()).map_or(Found::NoText, Found::Text)
    }
}
