//! Language tags and their fallbacks.

/// Whether a text has the form of a BCP 47 tag: letters, digits and hyphens.
#[must_use]
pub fn is_tag(tag: &str) -> bool {
    (2..=35).contains(&tag.len())
        && tag.split('-').all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// The wanted tags with their fallbacks, best first (RFC 4647, lookup): `fr-CA, en` gives `fr-ca, fr, en`. Tags are in
/// lower case.
#[must_use]
pub fn lookup(wanted: &[String]) -> Vec<String> {
    let mut chain: Vec<String> = vec![];
    for tag in wanted {
        let mut rest = tag.to_ascii_lowercase();
        loop {
            if !chain.contains(&rest) {
                chain.push(rest.clone());
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
    chain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_falls_back_to_the_shorter_ones() {
        assert_eq!(
            lookup(&["zh-Hant-CN-x-private".to_owned(), "en".to_owned()]),
            ["zh-hant-cn-x-private", "zh-hant-cn", "zh-hant", "zh", "en"]
        );
    }
}
