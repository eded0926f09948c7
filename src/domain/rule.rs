//! The rules for single values, such as keys, language tags, addresses and lines of text.
//!
//! Each rule returns the value in its canonical form, or what is wrong with it.

mod calendar;

use entity::{Id, is_temporary_id};
use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::country;

pub use calendar::{advice, day, edtf, time};

/// The canonical value, or what is wrong.
pub type Checked<T> = Result<T, String>;

/// A key: 1 to 200 ASCII letters, digits and `. _ : / -`, beginning with a letter or digit, and not of the form of an id. So every
/// reference is either an id or a key.
pub fn key(text: &str) -> Checked<()> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._:/-".contains(&byte);
    let begins_well = text.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric());
    if is_temporary_id(text) {
        Err("is not a key: it has the form of a temporary id".into())
    } else if !begins_well || text.len() > 200 || !text.bytes().all(allowed) {
        Err("is not a key: use 1 to 200 of A-Z a-z 0-9 . _ : / -, with a letter or digit first".into())
    } else if text.parse::<Id>().is_ok() {
        Err("is not a key: it has the form of an id".into())
    } else {
        Ok(())
    }
}

/// One line of text, such as a name: normalized to NFC, without control characters and direction overrides.
pub fn line(text: &str) -> Checked<String> {
    if let Some(character) = text.chars().find(|character| is_disruptive(*character)) {
        return Err(disruptive(character));
    }
    let text = text.trim();
    if is_blank(text) {
        return Err("is empty".into());
    }
    Ok(if is_nfc(text) { text.to_owned() } else { text.nfc().collect() })
}

/// One line of a source. It is checked like a name but not normalized, so that spans stay correct.
pub fn source_line(text: &str) -> Checked<()> {
    line(text).map(drop)
}

/// A text of a source, which is not normalized. Control characters are refused.
pub fn source_text(text: &str) -> Checked<()> {
    source_part(text)?;
    if is_blank(text) { Err("is empty".into()) } else { Ok(()) }
}

/// A part of a text of a source, which may be blank.
pub fn source_part(text: &str) -> Checked<()> {
    let bad = |character: &char| character.is_control() && !matches!(character, '\n' | '\r' | '\t');
    // Most texts have no byte that can be part of a control character. This check is fast, because it has no branches.
    let may_be_bad = |byte: u8| byte == 0x7f || byte == 0xc2 || (byte < 0x20 && !matches!(byte, b'\n' | b'\r' | b'\t'));
    let has_suspects = text.bytes().fold(false, |has, byte| has | may_be_bad(byte));
    match has_suspects.then(|| text.chars().find(bad)).flatten() {
        Some(character) => Err(format!("has the control character U+{:04X}", u32::from(character))),
        None => Ok(()),
    }
}

/// Several lines by an editor, normalized to NFC, without direction overrides.
pub fn prose(text: &str) -> Checked<String> {
    source_text(text)?;
    let is_override = |character: &char| is_disruptive(*character) && !character.is_control();
    if let Some(character) = text.chars().find(is_override) {
        return Err(disruptive(character));
    }
    Ok(text.trim().nfc().collect())
}

/// Whether a text has only white space and invisible characters: those that Unicode calls default ignorable, such as joiners.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|character| {
        character.is_whitespace()
            || matches!(
                character,
                '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
                    | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                    | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
                    | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
                    | '\u{e0000}'..='\u{e0fff}'
            )
    })
}

fn disruptive(character: char) -> String {
    format!(
        "has the character U+{:04X}, which is a control character or changes the direction of text",
        u32::from(character)
    )
}

fn is_disruptive(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// An absolute http or https address with a host and without a user name, its scheme and host in lower case.
pub fn url(text: &str) -> Checked<String> {
    let (scheme, rest) = text.split_once("://").ok_or("is not an absolute http or https address")?;
    let scheme = scheme.to_ascii_lowercase();
    if scheme != "http" && scheme != "https" {
        return Err("is not an absolute http or https address".into());
    }
    let is_forbidden = |character: char| {
        character.is_whitespace()
            || is_disruptive(character)
            || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}')
            || "<>\"{}|\\^`".contains(character)
    };
    if let Some(character) = text.chars().find(|character| is_forbidden(*character)) {
        return Err(format!("has the character U+{:04X}, which is not allowed in an address", u32::from(character)));
    }
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    if authority.contains('@') {
        return Err("has a user name: remove it".into());
    }
    // The colons of an IPv6 address are in brackets.
    let end = authority.find(']').map_or(0, |bracket| bracket + 1);
    let (host, port) = match authority[end..].find(':') {
        Some(colon) => (&authority[..end + colon], Some(&authority[end + colon + 1..])),
        None => (authority, None),
    };
    if host.is_empty()
        || host.starts_with('.')
        || host.contains(['[', ']']) && !(host.starts_with('[') && host.len() == end)
    {
        return Err("has no host".into());
    }
    let is_port = |port: &str| {
        port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|number| number > 0)
    };
    if port.is_some_and(|port| !is_port(port)) {
        return Err("has a port that is not a number from 1 to 65535".into());
    }
    let port = port.map_or_else(String::new, |port| format!(":{port}"));
    Ok(format!("{scheme}://{}{port}{path}", host.to_lowercase()))
}

/// An ISO 3166-1 alpha-2 code of a present or former country.
pub fn country_code(text: &str) -> Checked<()> {
    if country::is_code(text) {
        return Ok(());
    }
    Err(match country::meant_code(text) {
        Some(code) => format!("is not a country code: write {code}"),
        None => "is not a country code: use ISO 3166-1 alpha-2, such as LY".to_owned(),
    })
}

/// A BCP 47 language tag by its form, in canonical case: `ar`, `zh-Hant`, `fr-CA`; `und` if the language is unknown.
pub fn language(text: &str) -> Checked<String> {
    canonical_language(text).ok_or_else(|| "is not a language tag: use BCP 47, such as ar, fr-CA or zh-Hant".into())
}

fn canonical_language(text: &str) -> Option<String> {
    if text.len() > 35 || !text.is_ascii() {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let mut parts = lower.split('-').peekable();
    let alphabetic = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let alphanumeric = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let numeric = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());

    let mut tag = String::with_capacity(text.len());
    let first = parts.next()?;
    if first == "x" {
        private_use(&mut parts)?;
        return Some(lower);
    }
    if !(2..=8).contains(&first.len()) || !alphabetic(first) {
        return None;
    }
    tag.push_str(first);
    // Extended language subtags follow a language of two or three letters only.
    let mut extended = if first.len() <= 3 { 3 } else { 0 };
    while extended > 0
        && let Some(part) = parts.next_if(|part| part.len() == 3 && alphabetic(part))
    {
        extended -= 1;
        tag.extend(["-", part]);
    }
    if let Some(part) = parts.next_if(|part| part.len() == 4 && alphabetic(part)) {
        tag.push('-');
        tag.push_str(&part[..1].to_ascii_uppercase());
        tag.push_str(&part[1..]);
    }
    if let Some(part) =
        parts.next_if(|part| (part.len() == 2 && alphabetic(part)) || (part.len() == 3 && numeric(part)))
    {
        tag.extend(["-", &part.to_ascii_uppercase()]);
    }
    while let Some(part) = parts.next_if(|part| {
        alphanumeric(part) && ((5..=8).contains(&part.len()) || (part.len() == 4 && numeric(&part[..1])))
    }) {
        tag.extend(["-", part]);
    }
    while let Some(singleton) = parts.next() {
        if singleton.len() != 1 || !alphanumeric(singleton) {
            return None;
        }
        tag.extend(["-", singleton]);
        if singleton == "x" {
            let rest = private_use(&mut parts)?;
            tag.push_str(&rest);
            break;
        }
        let mut any = false;
        while let Some(part) = parts.next_if(|part| (2..=8).contains(&part.len()) && alphanumeric(part)) {
            any = true;
            tag.extend(["-", part]);
        }
        if !any {
            return None;
        }
    }
    Some(tag)
}

fn private_use<'a>(parts: &mut impl Iterator<Item = &'a str>) -> Option<String> {
    let mut rest = String::new();
    for part in parts {
        let well_formed = (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !well_formed {
            return None;
        }
        rest.extend(["-", part]);
    }
    (!rest.is_empty()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_similar_country_code_is_corrected() {
        assert_eq!(country_code("LY"), Ok(()));
        assert_eq!(country_code("ly").unwrap_err(), "is not a country code: write LY");
        assert_eq!(country_code("LBY").unwrap_err(), "is not a country code: write LY");
        assert_eq!(country_code("QQ").unwrap_err(), "is not a country code: use ISO 3166-1 alpha-2, such as LY");
    }

    #[test]
    fn language_tags_come_out_in_canonical_case() {
        for (given, canonical) in [
            ("AR", "ar"),
            ("zh-hant", "zh-Hant"),
            ("fr-ca", "fr-CA"),
            ("es-419", "es-419"),
            ("sl-ROZAJ-biske", "sl-rozaj-biske"),
            ("de-ch-1996", "de-CH-1996"),
            ("zh-CMN-hans-cn", "zh-cmn-Hans-CN"),
            ("en-u-ca-Gregory", "en-u-ca-gregory"),
            ("und", "und"),
            ("x-Dateline", "x-dateline"),
        ] {
            assert_eq!(language(given).as_deref(), Ok(canonical), "{given}");
        }
    }

    #[test]
    fn malformed_language_tags_are_refused() {
        for given in ["", "a", "ar_LY", "ar-", "arabic language", "en-u", "x", "12", "toolonglanguage", "en--US"] {
            assert!(language(given).is_err(), "{given}");
        }
    }

    #[test]
    fn only_http_addresses_with_a_host_are_addresses() {
        for good in [
            "http://www.wikidata.org/entity/Q1016",
            "https://sws.geonames.org/2215636/",
            "https://example.org:8443/a?b=c#d",
            "https://ar.wikipedia.org/wiki/ليبيا",
        ] {
            assert_eq!(url(good).as_deref(), Ok(good), "{good}");
        }
        for bad in [
            "ftp://example.org",
            "javascript:alert(1)",
            "https://",
            "https:///path",
            "https://a b/",
            "http://user:pw@example.org/",
            "//example.org",
            "https://example.org/\u{202e}",
            "https://example.org/\u{200f}",
            "https://example.org:0/",
            "https://example.org:65536/",
            "https://example.org:/",
            "https://a]b/",
            "HTTPS",
        ] {
            assert!(url(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_address_has_its_scheme_and_host_in_lower_case() {
        assert_eq!(url("HTTPS://Example.ORG:80/Path").as_deref(), Ok("https://example.org:80/Path"));
        assert_eq!(url("http://[::1]:80/").as_deref(), Ok("http://[::1]:80/"));
        assert_eq!(url("https://me:secret@example.org/").unwrap_err(), "has a user name: remove it");
    }

    #[test]
    fn keys_are_plain_and_not_ids() {
        for good in ["country/ly", "a", "relation/borders/dz-ly", "x:y_z.1"] {
            assert_eq!(key(good), Ok(()), "{good}");
        }
        let long = "k".repeat(201);
        for bad in ["", "/a", "a b", "ليبيا", "0190b6f5-7e3c-7000-8000-000000000000", "_:new", &long] {
            assert!(key(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_line_is_normalized_and_refuses_control_characters() {
        assert_eq!(line(" Cafe\u{301} ").as_deref(), Ok("Caf\u{e9}"));
        for bad in ["", "  ", "a\nb", "a\u{0}b", "a\u{202e}b", "\u{2066}a"] {
            assert!(line(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_control_character_is_found_at_every_place_of_a_source_text() {
        for character in (0..=0x17f).filter_map(char::from_u32) {
            let is_bad = character.is_control() && !['\n', '\r', '\t'].contains(&character);
            for text in [format!("{character}a"), format!("سطر «a»{character}b"), format!("one line{character}")] {
                assert_eq!(source_text(&text).is_err(), is_bad, "{text:?}");
            }
        }
    }
}
