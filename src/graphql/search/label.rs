//! The names of types and languages for readers.

/// A value with its names in English, Arabic and French.
type Label = (&'static str, [&'static str; 3]);

const LABELS: [Label; 8] = [
    ("ARTICLE", ["Article", "مقال", "Article"]),
    ("PLACE", ["Place", "مكان", "Lieu"]),
    ("ORGANIZATION", ["Organization", "منظمة", "Organisation"]),
    ("PERSON", ["Person", "شخص", "Personne"]),
    ("EVENT", ["Event", "حدث", "Événement"]),
    ("ar", ["Arabic", "العربية", "arabe"]),
    ("en", ["English", "الإنجليزية", "anglais"]),
    ("fr", ["French", "الفرنسية", "français"]),
];

/// The name of a value in the first of these languages that has one, else in English; the value itself if it has no name.
pub(super) fn label<'a>(value: &'a str, languages: &[String]) -> &'a str {
    let Some((_, names)) = LABELS.iter().find(|(known, _)| *known == value) else { return value };
    let number = |tag: &String| match tag.split('-').next() {
        Some("en") => Some(0),
        Some("ar") => Some(1),
        Some("fr") => Some(2),
        _ => None,
    };
    names[languages.iter().find_map(number).unwrap_or(0)]
}
