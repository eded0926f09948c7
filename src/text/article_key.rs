//! Keys by which two articles are recognized as one: of their addresses and of their texts.

use sha2::{Digest as _, Sha256};

/// Parameters of addresses that say where a reader comes from, beside those that begin with `utm_`.
const TRACKING: &[&str] = &[
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "at_campaign",
    "at_medium",
    "cmpid",
    "dclid",
    "fbclid",
    "gbraid",
    "gclid",
    "gclsrc",
    "guccounter",
    "igsh",
    "igshid",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "msclkid",
    "ns_campaign",
    "ns_mchannel",
    "ocid",
    "oly_anon_id",
    "oly_enc_id",
    "pk_campaign",
    "ref_src",
    "s_cid",
    "smid",
    "ttclid",
    "twclid",
    "vero_id",
    "wbraid",
    "wt_mc",
    "xtor",
    "yclid",
];

/// What is left of an address without scheme, `www.`, trailing slashes and tracking parameters. The address has a valid form.
#[must_use]
pub fn address_key(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (page, query) = rest.split_once('?').unwrap_or((rest, ""));
    let mut key = page.trim_end_matches('/').to_owned();
    for (mark, parameters) in [('?', query), ('#', fragment)] {
        let kept: Vec<&str> = parameters.split('&').filter(|parameter| !is_tracking(parameter)).collect();
        let kept = kept.join("&");
        if !kept.is_empty() {
            key.push(mark);
            key.push_str(&kept);
        }
    }
    key
}

fn is_tracking(parameter: &str) -> bool {
    let name = parameter.split('=').next().unwrap_or_default().to_ascii_lowercase();
    name.starts_with("utm_") || TRACKING.contains(&name.as_str())
}

/// A hash of the words of a text; none for a text without words. White space between them does not count.
#[must_use]
pub fn body_key(text: &str) -> Option<i64> {
    let mut hash = Sha256::new();
    let mut has_words = false;
    for word in text.split_whitespace() {
        has_words = true;
        hash.update(word);
        hash.update(" ");
    }
    let digest: [u8; 32] = hash.finalize().into();
    let first = digest.first_chunk().copied().unwrap_or_default();
    has_words.then_some(i64::from_be_bytes(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_page_have_one_key() {
        for same in [
            "https://news.example/a/1",
            "http://news.example/a/1",
            "https://www.news.example/a/1/",
            "https://news.example/a/1?utm_source=x&UTM_Medium=y&fbclid=1",
            "https://news.example/a/1?#",
            "https://news.example/a/1#xtor=RSS-1",
        ] {
            assert_eq!(address_key(same), "news.example/a/1", "{same}");
        }
        assert_eq!(address_key("https://www.news.example/"), "news.example");
        assert_eq!(address_key("http://news.example?id=1&gclid=2&p=3"), "news.example?id=1&p=3");
    }

    #[test]
    fn what_may_be_another_page_stays() {
        for different in [
            "https://news.example/a/1?id=2",
            "https://news.example/A/1",
            "https://m.news.example/a/1",
            "https://news.example/a/1#!/b",
            "https://news.example:8080/a/1",
            "https://news.example/a/1?id=%20",
        ] {
            assert_ne!(address_key(different), "news.example/a/1", "{different}");
        }
    }

    #[test]
    fn texts_with_the_same_words_have_one_key() {
        assert_eq!(body_key("Talks in\r\nCairo "), body_key("Talks  in Cairo"));
        assert_ne!(body_key("Talks in Cairo"), body_key("talks in Cairo"));
        assert_ne!(body_key("Talks in Cairo"), body_key("Talksin Cairo"));
        assert_eq!(body_key(" \n"), None);
    }
}
