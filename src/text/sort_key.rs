//! The sort key of names, the same on both databases.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// The sort key of a name. Names are ordered by the bytes of their keys.
///
/// Applies NFKD and lower case, and removes marks, tatweel and invisible characters. Variants of Arabic letters (alef
/// and hamza carriers, final ya, ta marbuta, Persian kaf and ya) become one letter, digits ASCII, white space one
/// space. The Arabic article stays. A name without any other character is its own key.
#[must_use]
pub fn sort_key(name: &str) -> String {
    let mut key = String::with_capacity(name.len());
    let mut space = false;
    let mut push = |character: char| {
        if character.is_whitespace() {
            space = !key.is_empty();
        } else {
            if std::mem::take(&mut space) {
                key.push(' ');
            }
            key.push(character);
        }
    };
    if name.is_ascii() {
        for character in name.chars() {
            push(character.to_ascii_lowercase());
        }
    } else {
        name.nfkd().flat_map(char::to_lowercase).nfkd().filter_map(fold_letter).for_each(&mut push);
    }
    if key.is_empty() { name.trim().to_owned() } else { key }
}

/// A single character in the form that it has in a sort key; none for marks and invisible characters.
#[must_use]
pub fn folded(character: char) -> Option<char> {
    // Marks come after their letter.
    std::iter::once(character).nfkd().flat_map(char::to_lowercase).nfkd().next().and_then(fold_letter)
}

/// The letter that stands for a letter after compatibility decomposition; nothing where it carries no letter.
pub(super) fn fold_letter(character: char) -> Option<char> {
    Some(match character {
        // Tatweel, joiners, directional marks and the byte order mark carry no letter.
        '\u{640}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => {
            return None;
        }
        'ٱ' => 'ا',
        'ى' | 'ی' | 'ې' | 'ے' => 'ي',
        'ة' | 'ہ' | 'ھ' | 'ە' | 'ۃ' => 'ه',
        'ک' | 'ڪ' => 'ك',
        '٠'..='٩' => digit(character, '٠'),
        '۰'..='۹' => digit(character, '۰'),
        character if is_combining_mark(character) => return None,
        character => character,
    })
}

fn digit(character: char, zero: char) -> char {
    let value = u32::from(character) - u32::from(zero);
    char::from_digit(value, 10).unwrap_or(character)
}

#[cfg(test)]
mod tests {
    use super::sort_key;

    #[test]
    fn case_marks_and_white_space_do_not_count() {
        assert_eq!(sort_key("  Émirats   Arabes\u{a0}Unis "), "emirats arabes unis");
        assert_eq!(sort_key("São Tomé"), "sao tome");
        assert_eq!(sort_key("ＡＢＣ"), "abc");
    }

    #[test]
    fn interchangeable_arabic_letters_are_one() {
        assert_eq!(sort_key("أفريقيا"), sort_key("إفريقيا"));
        assert_eq!(sort_key("درنة"), sort_key("درنه"));
        assert_eq!(sort_key("مصطفى"), sort_key("مصطفي"));
        assert_eq!(sort_key("إیران"), sort_key("إيران"));
        assert_eq!(sort_key("مُحَمَّد"), sort_key("محمـــد"));
        assert_eq!(sort_key("٢٠١٥"), "2015");
    }

    #[test]
    fn the_article_stays() {
        assert_eq!(sort_key("الجزائر"), "الجزاير");
    }

    #[test]
    fn a_name_of_marks_alone_is_its_own_key() {
        assert_eq!(sort_key("\u{301}"), "\u{301}");
    }
}
