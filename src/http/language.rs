//! The reader's languages, from `Accept-Language` (RFC 9110, section 12.5.4).

use axum::http::{HeaderMap, header};

use crate::text::language::is_tag;

/// The maximum number of languages, because each one is looked up for each name.
const MAX_LANGUAGES: usize = 8;

/// The languages of the client, best first, without `*` and invalid tags.
pub(super) fn languages(headers: &HeaderMap) -> Vec<String> {
    let header = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let mut weighted: Vec<(f32, &str)> = header.unwrap_or_default().split(',').filter_map(weigh).collect();
    // The sort is stable: of equal weights, the first comes first.
    weighted.sort_by(|one, other| other.0.total_cmp(&one.0));
    weighted.into_iter().take(MAX_LANGUAGES).map(|(_, tag)| tag.to_owned()).collect()
}

fn weigh(range: &str) -> Option<(f32, &str)> {
    let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
    let q = weight.trim().strip_prefix("q=")?.trim().parse::<f32>().ok().filter(|q| *q > 0.0 && *q <= 1.0)?;
    let tag = tag.trim();
    is_tag(tag).then_some((q, tag))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn read(header: &str) -> Vec<String> {
        languages(&HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, HeaderValue::from_str(header).unwrap())]))
    }

    #[test]
    fn they_come_best_first() {
        assert_eq!(read("fr-CH, fr;q=0.9, en;q=0.8, ar;q=0.95, *;q=0.5"), ["fr-CH", "ar", "fr", "en"]);
        assert_eq!(read("en, ar"), ["en", "ar"]);
        assert!(languages(&HeaderMap::new()).is_empty());
    }

    #[test]
    fn what_is_no_language_or_not_wanted_is_left_out() {
        assert_eq!(read("en;q=0, x, ar--EG, d'; drop, fr;q=high, de;q=2, *, es"), ["es"]);
        assert_eq!(read(&"en,".repeat(5_000)).len(), MAX_LANGUAGES);
    }
}
