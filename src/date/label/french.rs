//! French. Read by `label`.

use super::super::edtf::DatePart;
use super::grammar::{
    Case, Grammar, Noun, NounArticle,
    Piece::{AsGiven, First, Second, Text},
    winter_years,
};

pub(super) static GRAMMAR: Grammar = Grammar {
    months: [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    day: |day| {
        if day == 1 { "1er".to_owned() } else { day.to_string() }
    },
    year,
    article_of_day: NounArticle::Singular,
    other_noun,
    inflect,
    before_time: " à ",
    about: &[Text("vers "), First(Case::Definite)],
    // "à partir de vers 2011" is no French.
    about_inside: &[AsGiven, Text(" environ")],
    uncertain: &[AsGiven, Text(" (incertain)")],
    from_on: &[Text("à partir "), First(Case::From)],
    from_to_unknown: &[Text("à partir "), First(Case::From), Text(" jusqu’à une date inconnue")],
    until: &[Text("jusqu’"), First(Case::Until)],
    from_unknown_to: &[Text("d’une date inconnue jusqu’"), First(Case::Until)],
    unknown: "date inconnue",
    between: &[Text("entre "), First(Case::Definite), Text(" et "), Second(Case::Definite)],
    or_earlier: &[First(Case::Bare), Text(" ou avant")],
    or_later: &[First(Case::Bare), Text(" ou après")],
    and_earlier: &[Text("jusqu’"), First(Case::Until)],
    and_later: &[First(Case::Bare), Text(" et après")],
    comma: ", ",
    or: " ou ",
    and: " et ",
    and_of_many: " et ",
};

fn year(year: u16) -> String {
    match year {
        0 => "1 av. J.-C.".to_owned(),
        1..100 => format!("{year} ap. J.-C."),
        _ => year.to_string(),
    }
}

fn other_noun(grammar: &Grammar, year: u16, part: DatePart) -> Noun {
    let year_text = (grammar.year)(year);
    match part {
        DatePart::DayOfMonth(month) => {
            let month = Noun::new(grammar.month_of(month, year), NounArticle::None);
            Noun::new(format!("un jour {}", inflect(&month, Case::From)), NounArticle::Indefinite)
        }
        DatePart::DayOfYear => Noun::new(format!("un jour de {year_text}"), NounArticle::Indefinite),
        DatePart::MonthOfYear => Noun::new(format!("un mois de {year_text}"), NounArticle::Indefinite),
        DatePart::Season(4) => Noun::new(format!("hiver {}", winter_years(grammar, year)), NounArticle::Singular),
        DatePart::Season(1) => Noun::new(format!("printemps {year_text}"), NounArticle::Singular),
        DatePart::Season(2) => Noun::new(format!("été {year_text}"), NounArticle::Singular),
        DatePart::Season(_) => Noun::new(format!("automne {year_text}"), NounArticle::Singular),
        DatePart::Quarter(number) => {
            Noun::new(format!("{} trimestre {year_text}", ordinal(number)), NounArticle::Singular)
        }
        DatePart::HalfYear(number) => {
            Noun::new(format!("{} semestre {year_text}", ordinal(number)), NounArticle::Singular)
        }
        DatePart::Decade if year < 100 => Noun::new(format!("années {year} ap. J.-C."), NounArticle::Plural),
        DatePart::Decade => Noun::new(format!("années {year}"), NounArticle::Plural),
        DatePart::Century => Noun::new(century(year / 100 + 1), NounArticle::Singular),
        DatePart::Day { .. } | DatePart::Month(_) | DatePart::Year => Noun::new(year_text, NounArticle::None),
    }
}

fn ordinal(number: u8) -> String {
    if number == 1 { "1er".to_owned() } else { format!("{number}e") }
}

/// `XXIe siècle`
fn century(number: u16) -> String {
    const NUMERALS: [(u16, &str); 9] =
        [(100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")];
    let mut left = number;
    let mut text = String::new();
    for (value, numeral) in NUMERALS {
        while left >= value {
            text += numeral;
            left -= value;
        }
    }
    text += if number == 1 { "er siècle" } else { "e siècle" };
    text
}

fn inflect(noun: &Noun, case: Case) -> String {
    let text = &noun.text;
    // Of the nouns for dates, these begin with a vowel or a mute h: avril, août, octobre, un jour, été, automne, années, hiver.
    let elides = text.starts_with(['a', 'o', 'u', 'é', 'h']);
    match (case, noun.article) {
        (Case::Bare, _) | (Case::Definite, NounArticle::None | NounArticle::Indefinite) => text.clone(),
        (Case::Definite, NounArticle::Singular) if elides => format!("l’{text}"),
        (Case::Definite, NounArticle::Singular) => format!("le {text}"),
        (Case::Definite, NounArticle::Plural) => format!("les {text}"),
        (Case::From, NounArticle::None | NounArticle::Indefinite) if elides => format!("d’{text}"),
        (Case::From, NounArticle::None | NounArticle::Indefinite) => format!("de {text}"),
        (Case::From, NounArticle::Singular) if elides => format!("de l’{text}"),
        (Case::From, NounArticle::Singular) => format!("du {text}"),
        (Case::From, NounArticle::Plural) => format!("des {text}"),
        (Case::Until, NounArticle::None) => format!("en {text}"),
        (Case::Until, NounArticle::Indefinite) => format!("à {text}"),
        (Case::Until, NounArticle::Singular) if elides => format!("à l’{text}"),
        (Case::Until, NounArticle::Singular) => format!("au {text}"),
        (Case::Until, NounArticle::Plural) => format!("aux {text}"),
    }
}
