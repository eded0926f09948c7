//! Spans of a text: half-open, in Unicode code points.

use super::selector::CONTEXT_LENGTH;

/// A text with an index of its code points, so that spans are found fast. ASCII needs no index.
#[derive(Debug)]
pub struct Spans<'a> {
    text: &'a str,
    len: usize,
    /// The byte offset of every [`STEP`]th code point; `None` for ASCII.
    marks: Option<Vec<usize>>,
}

/// The number of code points between entries of the index.
const STEP: usize = 64;

impl<'a> Spans<'a> {
    /// Indexes a text.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        if text.is_ascii() {
            return Self { text, len: text.len(), marks: None };
        }
        let mut len = 0;
        let mut marks = Vec::with_capacity(text.len() / STEP + 1);
        let starts = |byte: &u8| !matches!(byte, 0x80..=0xbf);
        // Counts blocks of bytes, and visits single bytes only where a block contains an entry of the index.
        for (block, bytes) in text.as_bytes().chunks(STEP).enumerate() {
            let count = bytes.iter().filter(|byte| starts(byte)).count();
            // A block of this size contains at most one entry.
            let next = marks.len() * STEP - len;
            if next < count {
                marks.extend((0..bytes.len()).filter(|at| starts(&bytes[*at])).nth(next).map(|at| block * STEP + at));
            }
            len += count;
        }
        Self { text, len, marks: Some(marks) }
    }

    /// The text.
    #[must_use]
    pub const fn text(&self) -> &'a str {
        self.text
    }

    /// The number of code points.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The text of a span, if the span is inside the text.
    #[must_use]
    pub fn at(&self, start: usize, end: usize) -> Option<&'a str> {
        if start > end || end > self.len {
            return None;
        }
        self.text.get(self.byte(start)..self.byte(end))
    }

    /// The context of a span: up to [`CONTEXT_LENGTH`] code points before and after it.
    #[must_use]
    pub fn around(&self, start: usize, end: usize) -> (String, String) {
        let text = |start: usize, end: usize| self.at(start, end.min(self.len)).unwrap_or_default().to_owned();
        (text(start.saturating_sub(CONTEXT_LENGTH), start), text(end, end + CONTEXT_LENGTH))
    }

    /// The byte at which a code point starts, or the end of the text.
    fn byte(&self, point: usize) -> usize {
        let Some(marks) = &self.marks else {
            return point;
        };
        let Some(mark) = marks.get(point / STEP) else {
            return self.text.len();
        };
        let rest = self.text[*mark..].char_indices().nth(point % STEP);
        rest.map_or(self.text.len(), |(offset, _)| mark + offset)
    }

    /// The code point that starts at a byte.
    fn point(&self, byte: usize) -> usize {
        let Some(marks) = &self.marks else {
            return byte;
        };
        let before = marks.partition_point(|mark| *mark <= byte).saturating_sub(1);
        before * STEP + self.text[marks[before]..byte].chars().count()
    }

    /// The span of a quote that occurs exactly once. Occurrences may overlap.
    ///
    /// # Errors
    ///
    /// The number of occurrences: 0, or 2 if there are more than one.
    pub fn only(&self, quote: &str) -> Result<(usize, usize), usize> {
        let mut found = None;
        let mut count = 0;
        let mut from = 0;
        while let Some(offset) = self.text[from..].find(quote) {
            let byte = from + offset;
            count += 1;
            found.get_or_insert(byte);
            if count == 2 {
                break;
            }
            let step = self.text[byte..].chars().next().map_or(1, char::len_utf8);
            from = byte + step;
            if from > self.text.len() {
                break;
            }
        }
        match (found, count) {
            (Some(byte), 1) => {
                let start = self.point(byte);
                Ok((start, start + quote.chars().count()))
            }
            _ => Err(count),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Spans;

    proptest! {
        #[test]
        fn a_span_of_any_text_has_its_code_points(text in "[a-cé-ëس-ي😀-😂\\n]{0,300}", ends in prop::array::uniform2(0..=300_usize)) {
            let points: Vec<char> = text.chars().collect();
            let [start, end] = ends.map(|end| end.min(points.len()));
            let spans = Spans::new(&text);
            prop_assert_eq!(spans.len(), points.len());
            let expected = (start <= end).then(|| points[start..end].iter().collect::<String>());
            prop_assert_eq!(spans.at(start, end), expected.as_deref());
        }
    }

    #[test]
    fn a_span_counts_code_points() {
        let text = Spans::new("في ليبيا 😀 اليوم");
        assert_eq!(text.at(3, 8), Some("ليبيا"));
        assert_eq!(text.at(9, 10), Some("😀"));
        assert_eq!(text.at(11, text.len()), Some("اليوم"));
        assert_eq!(text.at(11, text.len() + 1), None);
        assert_eq!(text.at(5, 4), None);
    }

    #[test]
    fn a_long_text_is_counted_as_a_short_one() {
        let text: String = "aé😀b".repeat(100);
        let points: Vec<char> = text.chars().collect();
        let spans = Spans::new(&text);
        assert_eq!(spans.len(), 400);
        for start in 0..=400 {
            for end in start..=400 {
                let expected: String = points[start..end].iter().collect();
                assert_eq!(spans.at(start, end), Some(expected.as_str()));
            }
        }
        let marked = format!("{text}x{text}");
        assert_eq!(Spans::new(&marked).only("x"), Ok((400, 401)));
    }

    #[test]
    fn a_quote_is_found_only_if_it_occurs_once() {
        let text = Spans::new("é a b a");
        assert_eq!(text.only("b"), Ok((4, 5)));
        assert_eq!(text.only("a"), Err(2));
        assert_eq!(text.only("c"), Err(0));
        assert_eq!(Spans::new("aaa").only("aa"), Err(2), "occurrences may overlap");
        assert_eq!(Spans::new("abc").only("c"), Ok((2, 3)));
    }
}
