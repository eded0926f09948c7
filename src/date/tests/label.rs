//! What dates are called.

use super::read;
use crate::date::label;

/// Text, English, French, Arabic.
const LABELS: &[(&str, &str, &str, &str)] = &[
    ("1967-06-05", "5 June 1967", "5 juin 1967", "5 يونيو 1967"),
    ("1967-06-01~", "about 1 June 1967", "vers le 1er juin 1967", "نحو 1 يونيو 1967"),
    ("1967-08?", "August 1967 (uncertain)", "août 1967 (incertain)", "أغسطس 1967 (غير مؤكد)"),
    ("1967%", "about 1967 (uncertain)", "vers 1967 (incertain)", "نحو 1967 (غير مؤكد)"),
    ("0000", "1 BC", "1 av. J.-C.", "1 ق.م"),
    ("0070", "70 AD", "70 ap. J.-C.", "70 م"),
    ("1967-22~", "about summer 1967", "vers l’été 1967", "نحو صيف 1967"),
    ("1967-24", "winter 1967–1968", "hiver 1967–1968", "شتاء 1967–1968"),
    ("1967-34~", "about the 2nd quarter 1967", "vers le 2e trimestre 1967", "نحو الربع الثاني 1967"),
    ("1967-41", "second half of 1967", "2e semestre 1967", "النصف الثاني من 1967"),
    ("196X~", "about the 1960s", "vers les années 1960", "نحو عقد 1960"),
    ("19XX", "20th century", "XXe siècle", "القرن 20"),
    ("12XX", "13th century", "XIIIe siècle", "القرن 13"),
    ("1967-04-XX", "some day in April 1967", "un jour d’avril 1967", "يوم ما في أبريل 1967"),
    ("1967-XX", "some month in 1967", "un mois de 1967", "شهر ما في 1967"),
    ("1967-XX-XX", "some day in 1967", "un jour de 1967", "يوم ما في 1967"),
    (
        "1967-06-05T07:45:00+02:00",
        "5 June 1967, 07:45:00 UTC+02:00",
        "5 juin 1967 à 07:45:00 UTC+02:00",
        "5 يونيو 1967، 07:45:00 UTC+02:00",
    ),
    ("1967-06-05/1967-06-10", "5–10 June 1967", "5–10 juin 1967", "5–10 يونيو 1967"),
    ("1967-06-05/1967-07-01", "5 June – 1 July 1967", "5 juin – 1er juillet 1967", "5 يونيو – 1 يوليو 1967"),
    ("1967-06/1967-08", "June – August 1967", "juin – août 1967", "يونيو – أغسطس 1967"),
    ("1954/1962", "1954–1962", "1954–1962", "1954–1962"),
    ("1954~/1962-07-05", "about 1954 – 5 July 1962", "vers 1954 – 5 juillet 1962", "نحو 1954 – 5 يوليو 1962"),
    ("1969-09-01/..", "from 1 September 1969 onwards", "à partir du 1er septembre 1969", "من 1 سبتمبر 1969 فصاعدًا"),
    ("1969-10~/..", "from about October 1969 onwards", "à partir d’octobre 1969 environ", "من نحو أكتوبر 1969 فصاعدًا"),
    ("196X", "1960s", "années 1960", "عقد 1960"),
    (
        "1969/",
        "from 1969 to an unknown date",
        "à partir de 1969 jusqu’à une date inconnue",
        "من 1969 إلى تاريخ غير معروف",
    ),
    ("../1951-12-24", "until 24 December 1951", "jusqu’au 24 décembre 1951", "حتى 24 ديسمبر 1951"),
    ("../1951-22", "until summer 1951", "jusqu’à l’été 1951", "حتى صيف 1951"),
    ("/1951", "from an unknown date to 1951", "d’une date inconnue jusqu’en 1951", "من تاريخ غير معروف إلى 1951"),
    ("../..", "unknown date", "date inconnue", "تاريخ غير معروف"),
    ("[..1951-12-24]", "24 December 1951 or earlier", "24 décembre 1951 ou avant", "24 ديسمبر 1951 أو قبل ذلك"),
    ("[1951-12~..]", "about December 1951 or later", "vers décembre 1951 ou après", "نحو ديسمبر 1951 أو بعد ذلك"),
    (
        "[1951-10..1951-12-24]",
        "between October 1951 and 24 December 1951",
        "entre octobre 1951 et le 24 décembre 1951",
        "بين أكتوبر 1951 و24 ديسمبر 1951",
    ),
    (
        "[1948,1956,1967..1970]",
        "1948, 1956 or between 1967 and 1970",
        "1948, 1956 ou entre 1967 et 1970",
        "1948، 1956 أو بين 1967 و1970",
    ),
    ("{1948,1956}", "1948 and 1956", "1948 et 1956", "1948 و1956"),
    ("{1948,1956,1967..1970}", "1948, 1956 and 1967–1970", "1948, 1956 et 1967–1970", "1948، 1956، و1967–1970"),
    (
        "{..1948,1956..}",
        "up to 1948 and 1956 and later",
        "jusqu’en 1948 et 1956 et après",
        "حتى 1948 و1956 وما بعد ذلك",
    ),
];

#[test]
fn every_form_has_a_name_in_three_languages() {
    for (text, english, french, arabic) in LABELS {
        let date = read(text);
        assert_eq!(label(&date, "en"), *english, "{text}");
        assert_eq!(label(&date, "fr"), *french, "{text}");
        assert_eq!(label(&date, "ar"), *arabic, "{text}");
    }
}

#[test]
fn a_language_tag_counts_by_its_first_part_and_other_languages_read_english() {
    let date = read("1967-06-05~");
    for (tag, expected) in [
        ("ar-LY", "نحو 5 يونيو 1967"),
        ("AR", "نحو 5 يونيو 1967"),
        ("fr-Latn-CA", "vers le 5 juin 1967"),
        ("en-US", "about 5 June 1967"),
        ("de", "about 5 June 1967"),
        ("arz", "about 5 June 1967"),
        ("", "about 5 June 1967"),
    ] {
        assert_eq!(label(&date, tag), expected, "{tag}");
    }
}
