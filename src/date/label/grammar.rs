//! The grammar of dates in a language: a table for each language.

use super::super::edtf::{Date, DatePart};

/// The nouns, words and patterns of one language.
pub(super) struct Grammar {
    pub months: [&'static str; 12],
    /// The day of the month, before its month.
    pub day: fn(u8) -> String,
    /// A year, with its era before the year 100 (the year 0 is 1 BC).
    pub year: fn(u16) -> String,
    /// The article of a day.
    pub article_of_day: NounArticle,
    /// The noun for all forms but day, month and year.
    pub other_noun: fn(&Self, u16, DatePart) -> Noun,
    /// A noun after a preposition.
    pub inflect: fn(&Noun, Case) -> String,
    /// Between a day and a time of day.
    pub before_time: &'static str,

    /// An approximate date by itself.
    pub about: Pattern,
    /// An approximate date after a preposition.
    pub about_inside: Pattern,
    pub uncertain: Pattern,

    /// `2011/..`
    pub from_on: Pattern,
    /// `2011/`
    pub from_to_unknown: Pattern,
    /// `../2011`
    pub until: Pattern,
    /// `/2011`
    pub from_unknown_to: Pattern,
    /// `../..`
    pub unknown: &'static str,

    /// `[2011..2013]`
    pub between: Pattern,
    /// `[..2011]`
    pub or_earlier: Pattern,
    /// `[2011..]`
    pub or_later: Pattern,
    /// `{..2011}`
    pub and_earlier: Pattern,
    /// `{2011..}`
    pub and_later: Pattern,
    pub comma: &'static str,
    pub or: &'static str,
    /// Between two of all.
    pub and: &'static str,
    /// Before the last of all, where they are more than two.
    pub and_of_many: &'static str,
}

/// A noun for a date, and what article it takes.
pub(super) struct Noun {
    pub text: String,
    pub article: NounArticle,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum NounArticle {
    /// None: years and months.
    None,
    /// An indefinite one, which is part of the text.
    Indefinite,
    Singular,
    Plural,
}

/// What stands before a noun.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    /// Nothing: the noun is the label.
    Bare,
    /// A preposition that changes nothing: "about the 2010s".
    Definite,
    /// "from": of French, `de` and what it makes with the article.
    From,
    /// "until": of French, what follows `jusqu'`.
    Until,
}

pub(super) type Pattern = &'static [Piece];

pub(super) enum Piece {
    Text(&'static str),
    First(Case),
    Second(Case),
    /// The first noun in the case that the whole pattern is in.
    AsGiven,
}

impl Noun {
    pub(super) const fn new(text: String, article: NounArticle) -> Self {
        Self { text, article }
    }
}

impl Grammar {
    pub(super) fn month(&self, month: u8) -> &'static str {
        self.months[usize::from(month) - 1]
    }

    /// A month and its year.
    pub(super) fn month_of(&self, month: u8, year: u16) -> String {
        format!("{} {}", self.month(month), (self.year)(year))
    }

    /// The noun for a date, its qualifiers apart. All three languages write day, month, year in this order.
    pub(super) fn noun(&self, date: Date) -> Noun {
        match date.part {
            DatePart::Day { month, day } => {
                Noun::new(format!("{} {}", (self.day)(day), self.month_of(month, date.year)), self.article_of_day)
            }
            DatePart::Month(month) => Noun::new(self.month_of(month, date.year), NounArticle::None),
            DatePart::Year => Noun::new((self.year)(date.year), NounArticle::None),
            part => (self.other_noun)(self, date.year, part),
        }
    }
}

/// The years in which a winter lies: 2015–2016.
pub(super) fn winter_years(grammar: &Grammar, year: u16) -> String {
    if (100..9999).contains(&year) { format!("{year}–{}", year + 1) } else { (grammar.year)(year) }
}
