//! French. Read by `label`.

use super::super::edtf::Part;
use super::grammar::{
    Article, Case, Grammar, Noun,
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
    article_of_day: Article::Singular,
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
    undetermined: "date indéterminée",
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

fn other_noun(grammar: &Grammar, year: u16, part: Part) -> Noun {
    let year_text = (grammar.year)(year);
    match part {
        Part::DayOfMonth(month) => {
            let month = Noun::new(grammar.month_of(month, year), Article::None);
            Noun::new(format!("un jour {}", inflect(&month, Case::From)), Article::Indefinite)
        }
        Part::DayOfYear => Noun::new(format!("un jour de {year_text}"), Article::Indefinite),
        Part::MonthOfYear => Noun::new(format!("un mois de {year_text}"), Article::Indefinite),
        Part::Season(4) => Noun::new(format!("hiver {}", winter_years(grammar, year)), Article::Singular),
        Part::Season(1) => Noun::new(format!("printemps {year_text}"), Article::Singular),
        Part::Season(2) => Noun::new(format!("été {year_text}"), Article::Singular),
        Part::Season(_) => Noun::new(format!("automne {year_text}"), Article::Singular),
        Part::Quarter(number) => Noun::new(format!("{} trimestre {year_text}", ordinal(number)), Article::Singular),
        Part::HalfYear(number) => Noun::new(format!("{} semestre {year_text}", ordinal(number)), Article::Singular),
        Part::Decade if year < 100 => Noun::new(format!("années {year} ap. J.-C."), Article::Plural),
        Part::Decade => Noun::new(format!("années {year}"), Article::Plural),
        Part::Century => Noun::new(century(year / 100 + 1), Article::Singular),
        Part::Day { .. } | Part::Month(_) | Part::Year => Noun::new(year_text, Article::None),
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
        (Case::Bare, _) | (Case::Definite, Article::None | Article::Indefinite) => text.clone(),
        (Case::Definite, Article::Singular) if elides => format!("l’{text}"),
        (Case::Definite, Article::Singular) => format!("le {text}"),
        (Case::Definite, Article::Plural) => format!("les {text}"),
        (Case::From, Article::None | Article::Indefinite) if elides => format!("d’{text}"),
        (Case::From, Article::None | Article::Indefinite) => format!("de {text}"),
        (Case::From, Article::Singular) if elides => format!("de l’{text}"),
        (Case::From, Article::Singular) => format!("du {text}"),
        (Case::From, Article::Plural) => format!("des {text}"),
        (Case::Until, Article::None) => format!("en {text}"),
        (Case::Until, Article::Indefinite) => format!("à {text}"),
        (Case::Until, Article::Singular) if elides => format!("à l’{text}"),
        (Case::Until, Article::Singular) => format!("au {text}"),
        (Case::Until, Article::Plural) => format!("aux {text}"),
    }
}
