//! Negotiates the media type of the answer (RFC 9110, section 12.5.1).

use axum::http::{HeaderMap, HeaderValue, header};

/// The media type of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// `application/json`: the default. A refused document has status 200.
    Json,
    /// `application/graphql-response+json`: a refused document has status 400.
    GraphQl,
}

impl Media {
    #[must_use]
    pub fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphQl => "application/graphql-response+json; charset=utf-8",
        })
    }
}

/// A range that matches a media type: its specificity (0 to 2), its q in thousandths, and its position in the header.
#[derive(Clone, Copy)]
struct Match {
    specific: u8,
    q: u16,
    place: usize,
}

/// The media type that the client prefers: the one with the higher q, else the more specific range, else the first
/// range, else JSON. `None` where it accepts neither.
#[must_use]
pub fn negotiate(headers: &HeaderMap) -> Option<Media> {
    let mut accepts = headers.get_all(header::ACCEPT).iter().peekable();
    if accepts.peek().is_none() {
        return Some(Media::Json);
    }
    let (mut json, mut graphql) = (None, None);
    let ranges = accepts.filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    for (place, range) in ranges.map(str::trim).filter(|range| !range.is_empty()).enumerate() {
        let Some((kind, q)) = parse(range) else {
            continue;
        };
        consider(&mut json, kind, "application/json", Match { specific: 0, q, place });
        consider(&mut graphql, kind, "application/graphql-response+json", Match { specific: 0, q, place });
    }
    let wanted = |found: Option<Match>| found.filter(|found| found.q > 0);
    match (wanted(json), wanted(graphql)) {
        (None, None) => None,
        (Some(_), None) => Some(Media::Json),
        (None, Some(_)) => Some(Media::GraphQl),
        (Some(json), Some(graphql)) => {
            let rank = |found: Match| (found.q, found.specific, usize::MAX - found.place);
            Some(if rank(graphql) > rank(json) { Media::GraphQl } else { Media::Json })
        }
    }
}

/// Of several ranges that match, the most specific one counts.
fn consider(best: &mut Option<Match>, range: &str, media: &str, found: Match) {
    let specific = match range {
        "*/*" => 0,
        "application/*" => 1,
        _ if range.eq_ignore_ascii_case(media) => 2,
        _ => return,
    };
    if best.is_none_or(|best| specific > best.specific) {
        *best = Some(Match { specific, ..found });
    }
}

/// Parses `type/subtype;q=0.5;...` into the range and its q in thousandths; `None` where q is invalid or the charset is
/// not UTF-8.
fn parse(range: &str) -> Option<(&str, u16)> {
    let mut parts = range.split(';').map(str::trim);
    let kind = parts.next()?;
    let mut q = 1000;
    for part in parts {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        if name.trim().eq_ignore_ascii_case("q") {
            q = thousandths(value.trim())?;
        } else if name.trim().eq_ignore_ascii_case("charset") && !is_utf8(value) {
            return None;
        }
    }
    Some((kind, q))
}

fn thousandths(q: &str) -> Option<u16> {
    let (whole, rest) = q.split_once('.').unwrap_or((q, ""));
    if rest.len() > 3 || !rest.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole = match whole {
        "0" => 0,
        "1" => 1000,
        _ => return None,
    };
    let fraction = format!("{rest:0<3}").parse::<u16>().ok()?;
    (whole + fraction <= 1000).then_some(whole + fraction)
}

/// A charset parameter's value that means UTF-8.
pub(super) fn is_utf8(charset: &str) -> bool {
    let charset = charset.trim().trim_matches('"');
    charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(accept: &str) -> Option<Media> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_str(accept).unwrap());
        negotiate(&headers)
    }

    #[test]
    fn json_is_the_default() {
        assert_eq!(negotiate(&HeaderMap::new()), Some(Media::Json));
        assert_eq!(chosen("*/*"), Some(Media::Json));
        assert_eq!(chosen("text/html, application/*;q=0.8"), Some(Media::Json));
    }

    #[test]
    fn the_higher_q_wins_then_the_more_specific_range_then_the_order() {
        assert_eq!(chosen("application/json;q=0.4, application/graphql-response+json;q=0.9"), Some(Media::GraphQl));
        assert_eq!(chosen("application/json;q=0.9, application/graphql-response+json;q=0.4"), Some(Media::Json));
        assert_eq!(chosen("application/graphql-response+json, */*"), Some(Media::GraphQl));
        assert_eq!(chosen("application/graphql-response+json, application/json"), Some(Media::GraphQl));
        assert_eq!(chosen("application/json, application/graphql-response+json"), Some(Media::Json));
        assert_eq!(chosen("*/*, application/json;q=0.1"), Some(Media::GraphQl));
    }

    #[test]
    fn what_is_refused_is_not_answered_in() {
        assert_eq!(chosen("image/png"), None);
        assert_eq!(chosen("application/json;q=0"), None);
        assert_eq!(chosen("application/json;q=0, */*;q=0.1"), Some(Media::GraphQl));
        assert_eq!(chosen("application/json; charset=iso-8859-1"), None);
        assert_eq!(chosen("application/json;q=7"), None);
    }
}
