//! Which languages a reader wants: the `Accept-Language` header and the chain of tags that a wanted one falls back to.

/// The languages of an `Accept-Language` header, best first; at most ten. What cannot be read is passed over.
#[must_use]
pub fn accepted(header: &str) -> Vec<String> {
    let mut wanted: Vec<(f32, String)> = header
        .split(',')
        .filter_map(|entry| {
            let mut parts = entry.split(';').map(str::trim);
            let tag = parts.next().filter(|tag| is_tag(tag))?;
            let quality = parts
                .find_map(|p| p.strip_prefix("q="))
                .map_or(Some(1.0), |q| q.parse::<f32>().ok())?;
            (quality > 0.0).then(|| (quality, tag.to_owned()))
        })
        .take(10)
        .collect();
    wanted.sort_by(|a, b| b.0.total_cmp(&a.0));
    wanted.into_iter().map(|(_, tag)| tag).collect()
}

/// Whether a text is well-formed enough to name a language: letters, digits and hyphens as in a BCP 47 tag.
#[must_use]
pub fn is_tag(tag: &str) -> bool {
    (2..=35).contains(&tag.len())
        && tag.split('-').all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}

/// The tags under which a name in one of the wanted languages may stand, best first (RFC 4647, lookup): `fr-CA, en` gives
/// `fr-CA, fr, en`. Tags are in lower case.
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
            // a single character only introduces what follows it
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
    fn the_header_is_read_by_quality_and_what_is_refused_is_left_out() {
        assert_eq!(
            accepted("en;q=0.5, ar-LY, fr;q=0.8, de;q=0, *;q=0.1"),
            ["ar-LY", "fr", "en"]
        );
        assert_eq!(accepted(""), Vec::<String>::new());
        assert_eq!(accepted("';drop table--, fr"), ["fr"]);
    }

    #[test]
    fn a_tag_falls_back_to_the_shorter_ones() {
        assert_eq!(
            lookup(&["zh-Hant-CN-x-private".to_owned(), "en".to_owned()]),
            ["zh-hant-cn-x-private", "zh-hant-cn", "zh-hant", "zh", "en"]
        );
    }
}
