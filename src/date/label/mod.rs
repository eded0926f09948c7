//! The label of a date in Arabic, English and French: "about 17 February 2015", "نحو 17 فبراير 2015", "vers le 17
//! février 2015".
//!
//! Each language is a table ([`grammar::Grammar`]): names, the nouns of each form, the inflection of nouns after
//! prepositions, and patterns of nouns.
//!
//! Names of months and quarters, the order of day, month and year (English as in en-001), the eras and the list patterns are those of
//! the Unicode Common Locale Data Repository (CLDR, locales `ar`, `en-001` and `fr`; © Unicode, Inc., licence Unicode-3.0). Digits are
//! Latin in all three. What CLDR does not have (seasons, half-years, "about", "or earlier") is the project's own.

mod arabic;
mod english;
mod french;
mod grammar;

use super::edtf::{Date, DatePart, DateTime, Edtf, EdtfForm, End, Member, Qualifier, SetKind, Zone};
use grammar::{Case, Grammar, Pattern, Piece};

/// The date in words, in the language of a BCP 47 tag: by its first subtag Arabic (`ar`, `ar-LY`), French, or else English.
#[must_use]
pub fn label(date: &Edtf, language: &str) -> String {
    let primary = language.split(['-', '_']).next().unwrap_or_default();
    let tables = [("ar", &arabic::GRAMMAR), ("fr", &french::GRAMMAR)];
    let grammar = tables
        .iter()
        .find(|(tag, _)| tag.eq_ignore_ascii_case(primary))
        .map_or(&english::GRAMMAR, |(_, grammar)| grammar);
    grammar.label(date)
}

impl Grammar {
    fn label(&self, date: &Edtf) -> String {
        match &date.0 {
            EdtfForm::Date(date) => self.phrase(*date, Case::Bare),
            EdtfForm::Time(time) => self.time(*time),
            EdtfForm::Interval(start, end) => self.interval(*start, *end),
            EdtfForm::Set(kind, members) => self.set(*kind, members),
        }
    }

    /// A date with its qualifiers, as the case has it.
    fn phrase(&self, date: Date, case: Case) -> String {
        let about = if case == Case::Bare { self.about } else { self.about_inside };
        let noun = |case| (self.inflect)(&self.noun(date), case);
        let Qualifier { approximate, uncertain } = date.qualifier;
        let named = |case| {
            if approximate { fill(about, case, noun, noun) } else { noun(case) }
        };
        if uncertain { fill(self.uncertain, case, named, named) } else { named(case) }
    }

    fn time(&self, time: DateTime) -> String {
        let day = self.phrase(time.date(), Case::Bare);
        let DateTime { hour, minute, second, .. } = time;
        let zone = match time.zone {
            Zone::Local => String::new(),
            Zone::Utc => " UTC".to_owned(),
            shift => format!(" UTC{shift}"),
        };
        format!("{day}{}{hour:02}:{minute:02}:{second:02}{zone}", self.before_time)
    }

    fn interval(&self, start: End, end: End) -> String {
        let one = |date: Date, pattern| {
            fill(pattern, Case::Bare, |case| self.phrase(date, case), |case| self.phrase(date, case))
        };
        match (start, end) {
            (End::Date(first), End::Date(last)) => self.span(first, last),
            (End::Date(first), End::Open) => one(first, self.from_on),
            (End::Date(first), End::Unknown) => one(first, self.from_to_unknown),
            (End::Open, End::Date(last)) => one(last, self.until),
            (End::Unknown, End::Date(last)) => one(last, self.from_unknown_to),
            (End::Open | End::Unknown, End::Open | End::Unknown) => self.unknown.to_owned(),
        }
    }

    /// Two dates with a dash between them. Common parts are written once, unless a date is qualified.
    fn span(&self, first: Date, last: Date) -> String {
        let day = self.day;
        if first.qualifier == Qualifier::default() && last.qualifier == first.qualifier {
            let year = (self.year)(last.year);
            match (first.part, last.part) {
                _ if first == last => return self.phrase(first, Case::Bare),
                (DatePart::Day { month, day: from }, DatePart::Day { month: same, day: to })
                    if first.year == last.year && month == same =>
                {
                    return format!("{}–{} {} {year}", day(from), day(to), self.month(month));
                }
                (DatePart::Day { month, day: from }, DatePart::Day { month: other, day: to })
                    if first.year == last.year =>
                {
                    return format!("{} {} – {} {} {year}", day(from), self.month(month), day(to), self.month(other));
                }
                (DatePart::Month(month), DatePart::Month(other)) if first.year == last.year => {
                    return format!("{} – {} {year}", self.month(month), self.month(other));
                }
                (DatePart::Year, DatePart::Year) if first.year >= 100 => {
                    return format!("{}–{year}", first.year);
                }
                _ => {}
            }
        }
        format!("{} – {}", self.phrase(first, Case::Bare), self.phrase(last, Case::Bare))
    }

    fn set(&self, kind: SetKind, members: &[Member]) -> String {
        let (last_separator, or_earlier, or_later) = match kind {
            SetKind::OneOf => (self.or, self.or_earlier, self.or_later),
            SetKind::AllOf => {
                (if members.len() > 2 { self.and_of_many } else { self.and }, self.and_earlier, self.and_later)
            }
        };
        let mut text = String::new();
        for (index, member) in members.iter().enumerate() {
            if index > 0 {
                text += if index + 1 == members.len() { last_separator } else { self.comma };
            }
            let in_pattern = |first: Date, last: Date, pattern| {
                fill(pattern, Case::Bare, |case| self.phrase(first, case), |case| self.phrase(last, case))
            };
            text += &match *member {
                Member::One(date) => self.phrase(date, Case::Bare),
                Member::UpTo(date) => in_pattern(date, date, or_earlier),
                Member::From(date) => in_pattern(date, date, or_later),
                Member::Range(first, last) if kind == SetKind::OneOf && first != last => {
                    in_pattern(first, last, self.between)
                }
                Member::Range(first, last) => self.span(first, last),
            };
        }
        text
    }
}

/// The pattern with its nouns, each in the case that the pattern asks for.
fn fill(pattern: Pattern, given: Case, first: impl Fn(Case) -> String, second: impl Fn(Case) -> String) -> String {
    let mut text = String::new();
    for piece in pattern {
        match piece {
            Piece::Text(words) => text += words,
            Piece::First(case) => text += &first(*case),
            Piece::Second(case) => text += &second(*case),
            Piece::AsGiven => text += &first(given),
        }
    }
    text
}
