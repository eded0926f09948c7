//! Says in words where a quote first differs from a passage.

use std::borrow::Cow;

use unicode_normalization::char::is_combining_mark;

/// How many characters must be equal after an added or omitted one, so that it counts as such.
const EQUAL_AFTER: usize = 2;

/// The first difference between a passage of a text and a quote, such as "the text has a right single quotation mark where the quote has
/// an apostrophe". Nothing if they are equal.
#[must_use]
pub fn first_difference(passage: &[char], quote: &[char]) -> Option<String> {
    let at = passage.iter().zip(quote).take_while(|(there, given)| there == given).count();
    let (there, given) = (&passage[at..], &quote[at..]);
    let goes_on = |one: &[char], other: &[char]| {
        let enough = EQUAL_AFTER.min(one.len()).min(other.len());
        enough > 0 && one[..enough] == other[..enough]
    };
    Some(match (there, given) {
        ([], []) => return None,
        ([more, ..], []) => format!("the text goes on with {} where the quote ends", described(*more)),
        ([], [more, ..]) => format!("the text ends there, and the quote goes on with {}", described(*more)),
        ([added, rest @ ..], given) if goes_on(rest, given) => {
            format!("the text has {}, which the quote does not have", described(*added))
        }
        (there, [added, rest @ ..]) if goes_on(there, rest) => {
            format!("the quote has {}, which the text does not have", described(*added))
        }
        ([there, ..], [given, ..]) => {
            format!("the text has {} where the quote has {}", described(*there), described(*given))
        }
    })
}

/// A character in words: letters as they are, signs that look alike by their names.
fn described(character: char) -> Cow<'static, str> {
    let name = match character {
        '\'' => "an apostrophe",
        '‘' => "a left single quotation mark",
        '’' => "a right single quotation mark",
        '"' => "a straight quotation mark",
        '“' => "a left double quotation mark",
        '”' => "a right double quotation mark",
        '«' => "a left guillemet",
        '»' => "a right guillemet",
        '-' => "a hyphen",
        '\u{2010}' => "a Unicode hyphen",
        '\u{2011}' => "a no-break hyphen",
        '–' => "an en dash",
        '—' => "an em dash",
        '…' => "an ellipsis",
        '.' => "a full stop",
        ',' => "a comma",
        '،' => "an Arabic comma",
        ' ' => "a space",
        '\u{a0}' => "a no-break space",
        '\u{202f}' => "a narrow no-break space",
        '\n' | '\r' => "a line break",
        '\t' => "a tab",
        'ـ' => "a tatweel",
        '\u{200c}' => "a zero-width non-joiner",
        '\u{200d}' => "a zero-width joiner",
        '\u{200e}' => "an invisible left-to-right mark",
        '\u{200f}' => "an invisible right-to-left mark",
        character if character.is_ascii_graphic() || (character.is_alphanumeric() && !is_combining_mark(character)) => {
            return format!("\"{character}\"").into();
        }
        character => return format!("the character U+{:04X}", u32::from(character)).into(),
    };
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn difference(passage: &str, quote: &str) -> Option<String> {
        let points = |text: &str| text.chars().collect::<Vec<_>>();
        first_difference(&points(passage), &points(quote))
    }

    #[test]
    fn the_first_difference_is_told_in_words() {
        for (passage, quote, expected) in [
            ("Libya’s", "Libya's", "the text has a right single quotation mark where the quote has an apostrophe"),
            ("neighbours", "neighbors", "the text has \"u\", which the quote does not have"),
            ("air strikes", "airstrikes", "the text has a space, which the quote does not have"),
            ("met in", "met in in", "the text ends there, and the quote goes on with a space"),
            ("they met", "they  met", "the quote has a space, which the text does not have"),
            ("Egypt", "egypt", "the text has \"E\" where the quote has \"e\""),
            ("2011–2014", "2011-2014", "the text has an en dash where the quote has a hyphen"),
            ("إن", "ان", "the text has \"إ\" where the quote has \"ا\""),
            ("درنة", "درنه", "the text has \"ة\" where the quote has \"ه\""),
            ("الجزائر", "الجَزائر", "the quote has the character U+064E, which the text does not have"),
            ("one\u{a0}two", "one two", "the text has a no-break space where the quote has a space"),
            ("in Algiers", "in Algiers today", "the text ends there, and the quote goes on with a space"),
            ("in Algiers.", "in Algiers", "the text goes on with a full stop where the quote ends"),
        ] {
            assert_eq!(difference(passage, quote).as_deref(), Some(expected), "{passage} {quote}");
        }
        assert_eq!(difference("same", "same"), None);
    }
}
