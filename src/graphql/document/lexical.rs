//! Limits that are checked before the document is parsed: size, tokens, nesting, spreads and directives. Also refuses
//! duplicate keys of object literals, which the parser merges.

use async_graphql::{Pos, ServerError};

use super::{
    error::Code::{BadUserInput, LimitExceeded},
    limit::Limits,
};

/// The maximum nesting of brackets, because the parser is recursive.
const MAX_NESTING: usize = 64;
/// The maximum nesting of lists and objects in one value.
pub(super) const MAX_VALUE_NESTING: usize = 32;

/// An open bracket.
struct Open<'a> {
    close: u8,
    /// The keys so far, where it is an object literal.
    keys: Option<Vec<&'a str>>,
}

/// Refuses a document that is too large, has too many tokens, nests too deep, or repeats a key in an object literal.
///
/// A character that starts no token ends the check. The parser refuses it with a better message.
///
/// # Errors
/// The first limit that is exceeded, with its place.
pub(super) fn check(document: &str, limits: &Limits) -> Result<(), ServerError> {
    if document.len() > limits.document_bytes {
        let message = format!("The document has {} bytes; {} are allowed.", document.len(), limits.document_bytes);
        return Err(LimitExceeded.server_error(message, None));
    }
    let mut reader = Reader::new(document);
    let mut open: Vec<Open> = Vec::new();
    let (mut tokens, mut spreads, mut directives, mut arguments) = (0, 0, 0, None);
    let mut name: Option<(&str, usize)> = None;
    while let Some((start, token)) = reader.next() {
        tokens += 1;
        within(tokens, limits.tokens, "tokens", document, start)?;
        let before = name.take();
        match token {
            Token::Name(text) => name = Some((text, start)),
            Token::Spread => {
                if !reader.peek_is_inline() {
                    spreads += 1;
                    within(spreads, limits.spreads, "fragment spreads", document, start)?;
                }
            }
            Token::Mark(b'@') => {
                directives += 1;
                within(directives, limits.directives, "directives", document, start)?;
            }
            Token::Mark(mark @ (b'(' | b'[' | b'{')) => {
                if mark == b'(' && arguments.is_none() {
                    arguments = Some(open.len());
                }
                let close = if mark == b'(' { b')' } else { mark + 2 };
                open.push(Open { close, keys: (mark == b'{' && arguments.is_some()).then(Vec::new) });
                within(open.len(), MAX_NESTING, "nested brackets", document, start)?;
                let inside = arguments.map_or(0, |outer| open.len() - outer - 1);
                within(inside, MAX_VALUE_NESTING, "nested lists and objects in one value", document, start)?;
            }
            Token::Mark(mark @ (b')' | b']' | b'}')) => {
                if open.pop().is_none_or(|open| open.close != mark) {
                    return Ok(());
                }
                if arguments == Some(open.len()) {
                    arguments = None;
                }
            }
            Token::Mark(b':') => {
                if let (Some((key, at)), Some(Open { keys: Some(keys), .. })) = (before, open.last_mut()) {
                    if keys.contains(&key) {
                        return Err(BadUserInput.server_error(
                            format!("There can be only one input field named \"{key}\"."),
                            Some(place(document, at)),
                        ));
                    }
                    keys.push(key);
                }
            }
            Token::Mark(_) | Token::Value => {}
        }
    }
    Ok(())
}

fn within(count: usize, limit: usize, what: &str, document: &str, at: usize) -> Result<(), ServerError> {
    if count <= limit {
        return Ok(());
    }
    Err(LimitExceeded.server_error(format!("The document has more than {limit} {what}."), Some(place(document, at))))
}

/// Line and column, both from 1, as the parser counts them.
fn place(document: &str, at: usize) -> Pos {
    let before = &document[..at];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Pos { line, column }
}

pub(super) enum Token<'a> {
    Name(&'a str),
    /// `...`
    Spread,
    /// One of `! $ & ( ) : = @ [ ] { | }`
    Mark(u8),
    /// A number or a string.
    Value,
}

/// Reads the tokens of a document.
pub(super) struct Reader<'a> {
    document: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(document: &'a str) -> Self {
        Self { document, at: 0 }
    }

    /// The end of the last token.
    pub(super) const fn position(&self) -> usize {
        self.at
    }

    /// The next token and its position; `None` at the end or where no token starts.
    pub(super) fn next(&mut self) -> Option<(usize, Token<'a>)> {
        self.skip_ignored();
        let start = self.at;
        let rest = &self.document.as_bytes()[start..];
        let token = match *rest.first()? {
            byte if byte == b'_' || byte.is_ascii_alphabetic() => {
                self.at += count(rest, |byte| byte == b'_' || byte.is_ascii_alphanumeric());
                Token::Name(&self.document[start..self.at])
            }
            mark @ (b'!' | b'$' | b'&' | b'(' | b')' | b':' | b'=' | b'@' | b'[' | b']' | b'{' | b'|' | b'}') => {
                self.at += 1;
                Token::Mark(mark)
            }
            b'.' if rest.starts_with(b"...") => {
                self.at += 3;
                Token::Spread
            }
            byte if byte == b'-' || byte.is_ascii_digit() => {
                self.at += 1 + count(&rest[1..], |byte| {
                    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-' | b'_')
                });
                Token::Value
            }
            b'"' => {
                self.at += string(rest)?;
                Token::Value
            }
            _ => return None,
        };
        Some((start, token))
    }

    /// Whether `{`, `@` or `on` follows: an inline fragment, not a spread.
    fn peek_is_inline(&mut self) -> bool {
        self.skip_ignored();
        let rest = &self.document.as_bytes()[self.at..];
        let name = &rest[..count(rest, |byte| byte == b'_' || byte.is_ascii_alphanumeric())];
        name.is_empty() || name == b"on"
    }

    fn skip_ignored(&mut self) {
        let bytes = self.document.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | b',' => self.at += 1,
                b'#' => self.at += count(&bytes[self.at..], |byte| byte != b'\n' && byte != b'\r'),
                0xEF if bytes[self.at..].starts_with("\u{feff}".as_bytes()) => self.at += 3,
                _ => return,
            }
        }
    }
}

fn count(bytes: &[u8], holds: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|byte| !holds(*byte)).unwrap_or(bytes.len())
}

/// Bytes of the string or block string that begins here; `None` where it does not end.
fn string(bytes: &[u8]) -> Option<usize> {
    if bytes.starts_with(b"\"\"\"") {
        let mut at = 3;
        loop {
            let rest = bytes.get(at..)?;
            if rest.starts_with(b"\\\"\"\"") {
                at += 4;
            } else if rest.starts_with(b"\"\"\"") {
                return Some(at + 3);
            } else if rest.is_empty() {
                return None;
            } else {
                at += 1;
            }
        }
    }
    let mut at = 1;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            b'\n' | b'\r' => return None,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(document: &str) -> Option<String> {
        check(document, &Limits::DEFAULT).err().map(|error| format!("{} {:?}", error.message, error.locations))
    }

    #[test]
    fn tokens_are_counted_as_the_specification_does() {
        let limits = Limits { tokens: 12, ..Limits::DEFAULT };
        // { a ( b : "x } y" , c : [ 1.5e3 ] ) }  are 13 tokens, of which commas, comments and spaces are none
        let document = "{ a(b: \"x } y\", # a comment { { {\n c: [1.5e3]) }";
        let error = check(document, &limits).unwrap_err();
        assert_eq!(error.message, "The document has more than 12 tokens.");
        assert_eq!(error.locations, [Pos { line: 2, column: 14 }]);
        assert!(check(document, &Limits { tokens: 13, ..Limits::DEFAULT }).is_ok());
        assert!(
            check("{ a(b: \"\"\"one \\\"\"\" two \" three\"\"\") }", &Limits { tokens: 8, ..Limits::DEFAULT }).is_ok()
        );
    }

    #[test]
    fn a_repeated_key_of_an_object_is_refused_with_its_place() {
        assert_eq!(
            refusal("{ a(b: {c: 1, d: {c: 2}, c: 3}) }").unwrap(),
            "There can be only one input field named \"c\". [Pos(1:26)]"
        );
        assert_eq!(
            refusal("query($x: I = {a: [{b: 1, b: 2}]}) { a }").unwrap(),
            "There can be only one input field named \"b\". [Pos(1:27)]"
        );
        assert_eq!(refusal("{ a(b: {c: 1, d: [{c: 2}, {c: 3}]}) x: y x: y }"), None);
    }

    #[test]
    fn deep_values_and_deep_selections_are_refused_before_they_are_parsed() {
        let deep = |open: &str, close: &str, n: usize| format!("{{ a(b: {}1{}) }}", open.repeat(n), close.repeat(n));
        assert_eq!(refusal(&deep("[", "]", 32)), None);
        assert!(refusal(&deep("[", "]", 33)).unwrap().contains("more than 32 nested lists and objects"));
        assert!(refusal(&deep("{c:", "}", 33)).unwrap().contains("more than 32 nested lists and objects"));
        assert!(refusal(&"{a".repeat(65)).unwrap().contains("more than 64 nested brackets"));
    }

    #[test]
    fn spreads_and_directives_are_counted_but_inline_fragments_are_not() {
        assert_eq!(refusal(&format!("{{ {} }}", "... on A { b } ... { c }".repeat(40))), None);
        assert!(refusal(&format!("{{ {} }}", "...A ".repeat(301))).unwrap().contains("more than 300 fragment spreads"));
        assert!(refusal(&format!("{{ {} }}", "a @b ".repeat(21))).unwrap().contains("more than 20 directives"));
        assert!(refusal(&" ".repeat(32 * 1024 + 1)).unwrap().contains("32769 bytes; 32768 are allowed"));
    }

    #[test]
    fn what_is_no_document_is_left_to_the_parser() {
        for broken in
            ["{ a(b: \"never closed) }", "{ a } }", "{ a ? b }", "{ é }", "{ a(b: \"\"\"open", "\u{feff}{ a }"]
        {
            assert_eq!(refusal(broken), None, "{broken}");
        }
    }
}
