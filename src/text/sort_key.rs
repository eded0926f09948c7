//! The sort key of names, the same on both databases.

use super::fold::fold;

/// The sort key of a name: its folded letters, with one space between words. Names are ordered by the bytes of their keys. The Arabic
/// article stays. A name of marks alone is its own key.
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
        for folded in fold(name) {
            push(folded.letter);
        }
    }
    if key.is_empty() { name.trim().to_owned() } else { key }
}

#[cfg(test)]
mod tests {
    use super::sort_key;

    #[test]
    fn case_marks_and_white_space_do_not_count() {
        assert_eq!(sort_key("  Émirats   Arabes\u{a0}Unis "), "emirats arabes unis");
        assert_eq!(sort_key("São Tomé"), "sao tome");
        assert_eq!(sort_key("ＡＢＣ"), "abc");
        assert_eq!(sort_key("ʿAlī"), "ali");
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
        assert_eq!(sort_key("الجزائر"), "الجزاءر");
    }

    #[test]
    fn a_name_of_marks_alone_is_its_own_key() {
        assert_eq!(sort_key("\u{301}"), "\u{301}");
    }
}
