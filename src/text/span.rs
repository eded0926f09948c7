//! Spans of a text: half-open, counted in Unicode code points.

/// A text in which spans are looked up. Finding out where its code points stand is done once, and not at all for ASCII.
#[derive(Debug)]
pub struct Spans<'a> {
    text: &'a str,
    /// The byte at which each code point starts, and the length at the end; nothing where each is one byte.
    starts: Option<Vec<usize>>,
}

impl<'a> Spans<'a> {
    /// Takes up a text.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        let starts =
            (!text.is_ascii()).then(|| text.char_indices().map(|(start, _)| start).chain([text.len()]).collect());
        Self { text, starts }
    }

    /// The number of code points.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.as_ref().map_or(self.text.len(), |starts| starts.len() - 1)
    }

    /// Whether there is no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// What stands at a span, if it lies inside the text.
    #[must_use]
    pub fn at(&self, start: usize, end: usize) -> Option<&'a str> {
        if start > end || end > self.len() {
            return None;
        }
        match &self.starts {
            None => self.text.get(start..end),
            Some(starts) => self.text.get(starts[start]..starts[end]),
        }
    }

    /// The span of a quote that occurs exactly once, or the number of its occurrences, which may overlap.
    ///
    /// # Errors
    ///
    /// The number of occurrences, if it is not one. More than two are counted as many as there are.
    pub fn only(&self, quote: &str) -> Result<(usize, usize), usize> {
        let mut found = None;
        let mut count = 0;
        let mut from = 0;
        while let Some(offset) = self.text[from..].find(quote) {
            let byte = from + offset;
            count += 1;
            found.get_or_insert(byte);
            let step = self.text[byte..].chars().next().map_or(1, char::len_utf8);
            from = byte + step;
            if from > self.text.len() {
                break;
            }
        }
        match (found, count) {
            (Some(byte), 1) => {
                let start = match &self.starts {
                    None => byte,
                    Some(starts) => starts.binary_search(&byte).unwrap_or_else(|index| index),
                };
                Ok((start, start + quote.chars().count()))
            }
            _ => Err(count),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Spans;

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
    fn a_quote_is_found_only_if_it_occurs_once() {
        let text = Spans::new("é a b a");
        assert_eq!(text.only("b"), Ok((4, 5)));
        assert_eq!(text.only("a"), Err(2));
        assert_eq!(text.only("c"), Err(0));
        assert_eq!(Spans::new("aaa").only("aa"), Err(2), "occurrences may overlap");
        assert_eq!(Spans::new("abc").only("c"), Ok((2, 3)));
    }
}
