//! Language tags and their fallbacks.

/// Whether a text has the form of a BCP 47 tag: letters, digits and hyphens.
#[must_use]
pub fn is_tag(tag: &str) -> bool {
    (2..=35).contains(&tag.len())
        && tag.split('-').all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// The languages to look for, best first. `pt-PT, en` gives `pt-pt, pt, pt-pt-*, pt-*, en, en-*`, in lower case:
///
/// - a wanted tag, then its shorter forms (RFC 4647, lookup);
/// - after the last wanted tag of a language, its other forms, such as `pt-BR`, as ranges that end in `-*` (RFC 4647, basic
///   filtering).
#[must_use]
pub fn lookup(wanted: &[String]) -> Vec<String> {
    let mut tags: Vec<String> = vec![];
    for tag in wanted {
        let mut rest = tag.to_ascii_lowercase();
        loop {
            if !tags.contains(&rest) {
                tags.push(rest.clone());
            }
            let Some((shorter, _)) = rest.rsplit_once('-') else {
                break;
            };
            // a subtag of one character introduces the next one
            rest = shorter
                .rsplit_once('-')
                .filter(|(_, last)| last.len() == 1)
                .map_or(shorter, |(head, _)| head)
                .to_owned();
        }
    }
    let mut chain = vec![];
    for (at, tag) in tags.iter().enumerate() {
        chain.push(tag.clone());
        let is_same = |other: &&String| primary(other) == primary(tag);
        if !tags[at + 1..].iter().any(|later| is_same(&later)) {
            chain.extend(tags.iter().filter(is_same).map(|tag| format!("{tag}-*")));
        }
    }
    chain
}

/// The language of labels for a list of wanted tags in lower case, best first: Arabic, French, or else English.
pub fn of_labels<'a>(wanted: impl IntoIterator<Item = &'a str>) -> &'a str {
    wanted.into_iter().find(|tag| ["ar", "en", "fr"].contains(tag)).unwrap_or("en")
}

/// The subtag of the language itself.
fn primary(tag: &str) -> &str {
    tag.split_once('-').map_or(tag, |(primary, _)| primary)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(wanted: &[&str]) -> Vec<String> {
        lookup(&wanted.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_tag_falls_back_to_the_shorter_ones_and_then_to_other_forms() {
        assert_eq!(found(&["pt-PT", "en"]), ["pt-pt", "pt", "pt-pt-*", "pt-*", "en", "en-*"]);
        let chain = found(&["zh-Hant-CN-x-private"]);
        assert_eq!(chain[..4], ["zh-hant-cn-x-private", "zh-hant-cn", "zh-hant", "zh"]);
    }

    #[test]
    fn other_forms_come_after_every_wanted_tag_of_their_language() {
        assert_eq!(found(&["fr-CA", "fr-CH"]), ["fr-ca", "fr", "fr-ch", "fr-ca-*", "fr-*", "fr-ch-*"]);
    }
}
