//! Arabic, with the names of months of CLDR's locale `ar`.

use super::super::edtf::DatePart;
use super::grammar::{
    Case, Grammar, Noun, NounArticle,
    Piece::{AsGiven, First, Second, Text},
    winter_years,
};

pub(super) static GRAMMAR: Grammar = Grammar {
    months: [
        "يناير",
        "فبراير",
        "مارس",
        "أبريل",
        "مايو",
        "يونيو",
        "يوليو",
        "أغسطس",
        "سبتمبر",
        "أكتوبر",
        "نوفمبر",
        "ديسمبر",
    ],
    day: |day| day.to_string(),
    year,
    article_of_day: NounArticle::None,
    other_noun,
    // Prepositions do not change the written noun.
    inflect: |noun, _| noun.text.clone(),
    before_time: "، ",
    about: &[Text("نحو "), First(Case::Definite)],
    about_inside: &[Text("نحو "), First(Case::Definite)],
    uncertain: &[AsGiven, Text(" (غير مؤكد)")],
    from_on: &[Text("من "), First(Case::From), Text(" فصاعدًا")],
    from_to_unknown: &[Text("من "), First(Case::From), Text(" إلى تاريخ غير معروف")],
    until: &[Text("حتى "), First(Case::Until)],
    from_unknown_to: &[Text("من تاريخ غير معروف إلى "), First(Case::Until)],
    unknown: "تاريخ غير معروف",
    between: &[Text("بين "), First(Case::Definite), Text(" و"), Second(Case::Definite)],
    or_earlier: &[First(Case::Bare), Text(" أو قبل ذلك")],
    or_later: &[First(Case::Bare), Text(" أو بعد ذلك")],
    and_earlier: &[Text("حتى "), First(Case::Until)],
    and_later: &[First(Case::Bare), Text(" وما بعد ذلك")],
    comma: "، ",
    or: " أو ",
    and: " و",
    and_of_many: "، و",
};

const ORDINALS: [&str; 4] = ["الأول", "الثاني", "الثالث", "الرابع"];

fn ordinal(number: u8) -> &'static str {
    ORDINALS[usize::from(number) - 1]
}

fn year(year: u16) -> String {
    match year {
        0 => "1 ق.م".to_owned(),
        1..100 => format!("{year} م"),
        _ => year.to_string(),
    }
}

fn other_noun(grammar: &Grammar, year: u16, part: DatePart) -> Noun {
    let year_text = (grammar.year)(year);
    let text = match part {
        DatePart::DayOfMonth(month) => format!("يوم ما في {}", grammar.month_of(month, year)),
        DatePart::DayOfYear => format!("يوم ما في {year_text}"),
        DatePart::MonthOfYear => format!("شهر ما في {year_text}"),
        DatePart::Season(4) => format!("شتاء {}", winter_years(grammar, year)),
        DatePart::Season(1) => format!("ربيع {year_text}"),
        DatePart::Season(2) => format!("صيف {year_text}"),
        DatePart::Season(_) => format!("خريف {year_text}"),
        DatePart::Quarter(number) => format!("الربع {} {year_text}", ordinal(number)),
        DatePart::HalfYear(number) => format!("النصف {} من {year_text}", ordinal(number)),
        DatePart::Decade if year < 100 => format!("عقد {year} م"),
        DatePart::Decade => format!("عقد {year}"),
        DatePart::Century => format!("القرن {}", year / 100 + 1),
        DatePart::Day { .. } | DatePart::Month(_) | DatePart::Year => year_text,
    };
    Noun::new(text, NounArticle::None)
}
