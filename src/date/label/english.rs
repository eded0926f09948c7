//! English. Read by `label`.

use super::super::edtf::DatePart;
use super::grammar::{
    Case, Grammar, Noun, NounArticle,
    Piece::{AsGiven, First, Second, Text},
    winter_years,
};

pub(super) static GRAMMAR: Grammar = Grammar {
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    day: |day| day.to_string(),
    year,
    article_of_day: NounArticle::None,
    other_noun,
    inflect,
    before_time: ", ",
    about: &[Text("about "), First(Case::Definite)],
    about_inside: &[Text("about "), First(Case::Definite)],
    uncertain: &[AsGiven, Text(" (uncertain)")],
    from_on: &[Text("from "), First(Case::From), Text(" onwards")],
    from_to_unknown: &[Text("from "), First(Case::From), Text(" to an unknown date")],
    until: &[Text("until "), First(Case::Until)],
    from_unknown_to: &[Text("from an unknown date to "), First(Case::Until)],
    unknown: "unknown date",
    between: &[Text("between "), First(Case::Definite), Text(" and "), Second(Case::Definite)],
    or_earlier: &[First(Case::Bare), Text(" or earlier")],
    or_later: &[First(Case::Bare), Text(" or later")],
    and_earlier: &[Text("up to "), First(Case::Until)],
    and_later: &[First(Case::Bare), Text(" and later")],
    comma: ", ",
    or: " or ",
    and: " and ",
    and_of_many: " and ",
};

fn year(year: u16) -> String {
    match year {
        0 => "1 BC".to_owned(),
        1..100 => format!("{year} AD"),
        _ => year.to_string(),
    }
}

fn other_noun(grammar: &Grammar, year: u16, part: DatePart) -> Noun {
    let year_text = (grammar.year)(year);
    match part {
        DatePart::DayOfMonth(month) => {
            Noun::new(format!("some day in {}", grammar.month_of(month, year)), NounArticle::Indefinite)
        }
        DatePart::DayOfYear => Noun::new(format!("some day in {year_text}"), NounArticle::Indefinite),
        DatePart::MonthOfYear => Noun::new(format!("some month in {year_text}"), NounArticle::Indefinite),
        DatePart::Season(4) => Noun::new(format!("winter {}", winter_years(grammar, year)), NounArticle::None),
        DatePart::Season(1) => Noun::new(format!("spring {year_text}"), NounArticle::None),
        DatePart::Season(2) => Noun::new(format!("summer {year_text}"), NounArticle::None),
        DatePart::Season(_) => Noun::new(format!("autumn {year_text}"), NounArticle::None),
        DatePart::Quarter(number) => {
            Noun::new(format!("{} quarter {year_text}", ordinal(number.into())), NounArticle::Singular)
        }
        DatePart::HalfYear(1) => Noun::new(format!("first half of {year_text}"), NounArticle::Singular),
        DatePart::HalfYear(_) => Noun::new(format!("second half of {year_text}"), NounArticle::Singular),
        DatePart::Decade if year < 100 => Noun::new(format!("{year}s AD"), NounArticle::Plural),
        DatePart::Decade => Noun::new(format!("{year}s"), NounArticle::Plural),
        DatePart::Century => Noun::new(format!("{} century", ordinal(year / 100 + 1)), NounArticle::Singular),
        DatePart::Day { .. } | DatePart::Month(_) | DatePart::Year => Noun::new(year_text, NounArticle::None),
    }
}

fn ordinal(number: u16) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

fn inflect(noun: &Noun, case: Case) -> String {
    match (case, noun.article) {
        (Case::Bare, _) | (_, NounArticle::None | NounArticle::Indefinite) => noun.text.clone(),
        (_, NounArticle::Singular | NounArticle::Plural) => format!("the {}", noun.text),
    }
}
