//! Writes the strings of a document so that async-graphql's parser reads them as the specification says. The parser keeps the backslash
//! of `\"""` in a block string, and refuses `\u{1F600}` and surrogate pairs (`\uD83D\uDE00`).

use std::{borrow::Cow, fmt::Write as _};

use super::lexical::{Reader, Token};

const BLOCK: &str = "\"\"\"";
const ESCAPED_BLOCK: &str = "\\\"\"\"";

/// The document with such strings written in a plain form. All tokens stay on their lines.
pub(super) fn plain(document: &str) -> Cow<'_, str> {
    if !document.contains("\\u") && !document.contains(ESCAPED_BLOCK) {
        return Cow::Borrowed(document);
    }
    let mut plain = String::with_capacity(document.len());
    let mut copied = 0;
    let mut reader = Reader::new(document);
    while let Some((start, token)) = reader.next() {
        let (end, value) = (reader.position(), matches!(token, Token::Value));
        let Some(text) = value.then(|| rewritten(&document[start..end])).flatten() else {
            continue;
        };
        plain.push_str(&document[copied..start]);
        plain.push_str(&text);
        copied = end;
    }
    plain.push_str(&document[copied..]);
    Cow::Owned(plain)
}

/// The plain form of a token; `None` where it stays as it is.
fn rewritten(token: &str) -> Option<String> {
    if let Some(raw) = token.strip_prefix(BLOCK).and_then(|rest| rest.strip_suffix(BLOCK)) {
        return raw.contains(ESCAPED_BLOCK).then(|| block(raw));
    }
    let raw = token.strip_prefix('"')?.strip_suffix('"')?;
    raw.contains("\\u").then(|| ordinary(raw))
}

/// A block string as an ordinary string, followed by as many line breaks as it had.
fn block(raw: &str) -> String {
    let raw = raw.replace(ESCAPED_BLOCK, BLOCK).replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = raw.split('\n').collect();
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let is_blank = |line: &&str| indent(line) == line.len();
    let common = lines.iter().skip(1).filter(|line| !is_blank(line)).map(|line| indent(line)).min().unwrap_or(0);
    let first = lines.iter().position(|line| !is_blank(line)).unwrap_or(lines.len());
    let last = lines.iter().rposition(|line| !is_blank(line)).map_or(first, |last| last + 1);
    let mut text = String::from('"');
    for (at, line) in lines.iter().enumerate().take(last).skip(first) {
        if at > first {
            text.push_str("\\n");
        }
        let line = if at == 0 { *line } else { line.get(common..).unwrap_or_default() };
        line.chars().for_each(|character| push(&mut text, character));
    }
    text.push('"');
    text.extend(std::iter::repeat_n('\n', lines.len() - 1));
    text
}

/// The content of an ordinary string with each escape that the parser refuses as the character itself. What is no character stays,
/// so that the parser refuses it.
fn ordinary(raw: &str) -> String {
    let mut text = String::from('"');
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((character, length)) = code_point(rest) {
            push(&mut text, character);
            rest = &rest[length..];
        } else {
            let length = 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
            text.push_str(&rest[..length]);
            rest = &rest[length..];
        }
    }
    text.push_str(rest);
    text.push('"');
    text
}

/// The character of `\u{...}` or of a surrogate pair at the beginning of a text, and the length of the escape.
fn code_point(text: &str) -> Option<(char, usize)> {
    if let Some(rest) = text.strip_prefix("\\u{") {
        let digits = &rest[..rest.find('}')?];
        let number = hexadecimal(digits)?;
        return Some((char::from_u32(number)?, digits.len() + 4));
    }
    let unit = |text: &str| hexadecimal(text.strip_prefix("\\u")?.get(..4)?);
    let (lead, trail) = (unit(text)?, unit(text.get(6..)?)?);
    if !(0xD800..0xDC00).contains(&lead) || !(0xDC00..0xE000).contains(&trail) {
        return None;
    }
    Some((char::from_u32(0x10000 + ((lead - 0xD800) << 10) + (trail - 0xDC00))?, 12))
}

/// A number of hexadecimal digits only; `from_str_radix` alone takes a sign.
fn hexadecimal(digits: &str) -> Option<u32> {
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok()).flatten()
}

/// Adds a character of a value to an ordinary string.
fn push(text: &mut String, character: char) {
    match character {
        '"' | '\\' => text.extend(['\\', character]),
        // Writing to a String does not fail.
        character if character.is_control() => drop(write!(text, "\\u{:04X}", u32::from(character))),
        character => text.push(character),
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{Value, parser::parse_query};

    use super::*;

    /// The value of a string token, as the parser reads it.
    fn value(token: &str) -> Option<String> {
        let document = parse_query(plain(&format!("query ($a: String = {token}) {{ b }}"))).ok()?;
        let (_, operation) = document.operations.iter().next()?;
        match &operation.node.variable_definitions[0].node.default_value.as_ref()?.node {
            Value::String(text) => Some(text.clone()),
            other => panic!("{other}"),
        }
    }

    #[test]
    fn strings_have_the_value_of_the_specification() {
        for (token, expected) in [
            (r#""""a \""" b""""#, r#"a """ b"#),
            (r#""""\"""""""#, r#"""""#),
            (r#""""\\n \u0041 \""" é""""#, r#"\\n \u0041 """ é"#),
            (
                "\"\"\"\n    Hello,\r\n      \\\"\"\" World!\n\n    Yours,\r      GraphQL.\n  \"\"\"",
                "Hello,\n  \"\"\" World!\n\nYours,\n  GraphQL.",
            ),
            ("\"\"\"  one \\\"\"\"\n    two\n  \t \"\"\"", "  one \"\"\"\ntwo"),
            (r#""\uD83D\uDE00""#, "😀"),
            (r#""\u{1F600}\u{41}\u{00000041}""#, "😀AA"),
            (r#""\u{22}\u{5C}\u{A}\u{7F}""#, "\"\\\n\u{7f}"),
            (r#""\\u{41} \\\u{41} \u0041\n""#, "\\u{41} \\A A\n"),
            (r#""\\uD83D\\uDE00""#, r"\uD83D\uDE00"),
            (r#""ليبيا \u{1F600} é""#, "ليبيا 😀 é"),
        ] {
            assert_eq!(value(token).as_deref(), Some(expected), "{token}");
        }
    }

    #[test]
    fn what_is_no_character_is_refused() {
        for token in [
            r#""\uD83D""#,
            r#""\uDE00\uD83D""#,
            r#""\uD83D\u0041""#,
            r#""\u{D83D}""#,
            r#""\u{110000}""#,
            r#""\u{}""#,
            r#""\u{+41}""#,
            r#""\u{41""#,
            r#""\u+041""#,
            r#""\u12""#,
            r#""\é""#,
            r#""\u{FFFFFFFFFF}""#,
        ] {
            assert_eq!(value(token), None, "{token}");
        }
    }

    #[test]
    fn what_follows_stays_on_its_line() {
        let document = "{ a(b: \"\"\"\n  x \\\"\"\"\n\n\"\"\", c: \"\\u{41}\")\n  ? }";
        let line = |text: &str| parse_query(text).unwrap_err().positions().map(|position| position.line).next();
        assert_eq!(line(&plain(document)), Some(5));
    }
}
