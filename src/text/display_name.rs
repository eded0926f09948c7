//! The names of languages and countries in Arabic, English and French: those of the Unicode Common Locale Data Repository (CLDR; ©
//! Unicode, Inc., licence Unicode-3.0). `scripts/display-names` writes the tables.

/// Code, English, French, Arabic.
const LANGUAGES: &str = include_str!("display_name/languages.tsv");
const COUNTRIES: &str = include_str!("display_name/countries.tsv");

/// The name of a language with this BCP 47 tag, in another language: `ar`, `fr`, or else English. A tag without a name of its own has that
/// of its shorter form, with its country or the rest of the tag in brackets. An unknown tag is its own name.
#[must_use]
pub fn of_language(tag: &str, language: &str) -> String {
    let mut shorter = tag;
    loop {
        if let Some(name) = find(LANGUAGES, shorter, language) {
            let rest = tag[shorter.len()..].trim_start_matches('-');
            if rest.is_empty() {
                return name.to_owned();
            }
            let rest = find(COUNTRIES, rest, language).unwrap_or(rest);
            return format!("{name} ({rest})");
        }
        match shorter.rsplit_once('-') {
            Some((head, _)) => shorter = head,
            None => return tag.to_owned(),
        }
    }
}

/// The name of the country with this ISO 3166-1 code, in the same languages. An unknown code is its own name.
#[must_use]
pub fn of_country(code: &str, language: &str) -> String {
    find(COUNTRIES, code, language).unwrap_or(code).to_owned()
}

/// The tags that [`of_language`] knows.
pub fn languages() -> impl Iterator<Item = &'static str> {
    codes(LANGUAGES)
}

/// The codes that [`of_country`] knows.
pub fn countries() -> impl Iterator<Item = &'static str> {
    codes(COUNTRIES)
}

fn codes(table: &'static str) -> impl Iterator<Item = &'static str> {
    table.lines().filter_map(|line| line.split('\t').next())
}

fn find(table: &'static str, code: &str, language: &str) -> Option<&'static str> {
    let names = |line: &'static str| line.split_once('\t').filter(|(known, _)| known.eq_ignore_ascii_case(code));
    let mut names = table.lines().find_map(names)?.1.split('\t');
    match language {
        "ar" => names.nth(2),
        "fr" => names.nth(1),
        _ => names.next(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_and_countries_have_names_in_three_languages() {
        assert_eq!(
            ["en", "fr", "ar", "de"].map(|language| of_language("ar", language)),
            ["Arabic", "Arabe", "العربية", "Arabic"]
        );
        assert_eq!(["en", "fr", "ar"].map(|language| of_country("LY", language)), ["Libya", "Libye", "ليبيا"]);
        for line in LANGUAGES.lines().chain(COUNTRIES.lines()) {
            let columns: Vec<_> = line.split('\t').collect();
            assert!(columns.len() == 4 && columns.iter().all(|column| !column.is_empty()), "{line}");
        }
    }

    #[test]
    fn a_longer_tag_is_a_form_of_a_shorter_one() {
        assert_eq!(of_language("pt-br", "en"), "Brazilian Portuguese");
        assert_eq!(of_language("ar-LY", "fr"), "Arabe (Libye)");
        assert_eq!(of_language("sr-Latn", "en"), "Serbian (Latn)");
        assert_eq!((of_language("qaa", "en"), of_country("AN", "ar")), ("qaa".to_owned(), "AN".to_owned()));
    }
}
