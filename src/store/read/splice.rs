//! Inserts the values that Rust computes into the JSON text of the database.

use super::{error::ReadError, sql::builder::Slot};
use serde_json::Value as Json;

/// Why the values cannot be inserted.
#[derive(Debug, PartialEq)]
pub(super) enum SpliceProblem {
    /// A mark is malformed: a defect of ours.
    Malformed(&'static str),
    /// What the client must change.
    Refused(String),
    /// The text would be larger than allowed.
    TooLarge,
}

impl SpliceProblem {
    /// The error of the read.
    pub(super) fn into_error(self) -> ReadError {
        match self {
            Self::Malformed(cause) => ReadError::Failed(cause.to_owned()),
            Self::Refused(message) => ReadError::Refused(message),
            Self::TooLarge => ReadError::AnswerTooLarge,
        }
    }
}

/// Replaces every `\x01slot\x02[inputs]\x01` by the value of the slot. JSON escapes control characters, so data cannot
/// contain these marks. Ends as soon as the text has more than `max_bytes`: a value may be much larger than its inputs.
///
/// # Errors
/// See [`SpliceProblem`].
pub(super) fn splice(text: String, slots: &[Slot], max_bytes: usize) -> Result<String, SpliceProblem> {
    if slots.is_empty() {
        return Ok(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, marked)) = rest.split_once('\u{1}') {
        let malformed = SpliceProblem::Malformed;
        let (body, after) = marked.split_once('\u{1}').ok_or(malformed("a mark without its end"))?;
        let (slot, inputs) = body.split_once('\u{2}').ok_or(malformed("a mark without its inputs"))?;
        let slot = slot.parse::<usize>().ok().and_then(|n| slots.get(n)).ok_or(malformed("a mark of no slot"))?;
        let inputs: Vec<Json> = serde_json::from_str(inputs).map_err(|_| malformed("inputs that are no JSON"))?;
        out.push_str(before);
        out.push_str(&slot.value(&inputs).map_err(SpliceProblem::Refused)?.to_string());
        rest = after;
        if out.len() > max_bytes {
            return Err(SpliceProblem::TooLarge);
        }
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::{super::sql::builder::SlotFunction, *};
    use proptest::prelude::*;
    use serde_json::json;

    /// Returns its inputs and its argument.
    fn echo() -> Slot {
        let mut arguments = serde_json::Map::new();
        arguments.insert("a".to_owned(), json!("\u{1}0\u{2}[]\u{1}"));
        Slot { by: SlotFunction::Compute(|inputs, arguments| json!([inputs, arguments["a"]])), arguments }
    }

    proptest! {
        #[test]
        fn hostile_texts_pass_around_and_through_a_slot_unchanged(texts in prop::collection::vec(any::<String>(), 1..5)) {
            let marks = ["\u{1}", "\u{2}", "\u{3}", "\u{1}0\u{2}[1]\u{1}", "\u{1}7\u{2}"];
            let texts: Vec<String> = texts.iter().zip(marks.iter().cycle()).map(|(text, mark)| format!("{mark}{text}{mark}")).collect();
            // as in the text of the database: JSON with escaped control characters
            let quoted = json!(texts).to_string();
            let text = format!("{{\"before\":{quoted},\"slot\":\u{1}0\u{2}{quoted}\u{1},\"after\":{quoted}}}");
            let answer: Json = serde_json::from_str(&splice(text, &[echo()], usize::MAX).expect("the marks are right")).expect("JSON");
            let expected = json!([texts, "\u{1}0\u{2}[]\u{1}"]);
            prop_assert_eq!(answer, json!({ "before": texts, "slot": expected, "after": texts }));
        }

        #[test]
        fn any_text_is_spliced_or_refused_but_never_breaks_off(text in any::<String>(), marked in "[\u{1}\u{2}01\\[\\]\",x]{0,20}") {
            let _ = splice(format!("{text}{marked}"), &[echo()], usize::MAX);
        }
    }

    #[test]
    fn what_no_statement_makes_is_refused() {
        for text in [
            "\u{1}0\u{2}[]",
            "\u{1}0[]\u{1}",
            "\u{1}1\u{2}[]\u{1}",
            "\u{1}-1\u{2}[]\u{1}",
            "\u{1}0\u{2}[\u{1}",
            "\u{1}\u{1}",
        ] {
            assert!(splice(text.to_owned(), &[echo()], usize::MAX).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_slot_may_refuse_the_request() {
        let slot =
            Slot { by: SlotFunction::Checked(|_, _| Err("too much".to_owned())), arguments: serde_json::Map::new() };
        assert_eq!(
            splice("[\u{1}0\u{2}[]\u{1}]".to_owned(), &[slot], usize::MAX),
            Err(SpliceProblem::Refused("too much".to_owned()))
        );
    }

    #[test]
    fn without_slots_nothing_is_touched() {
        assert_eq!(splice("\u{1}0\u{2}[]\u{1}".to_owned(), &[], 0), Ok("\u{1}0\u{2}[]\u{1}".to_owned()));
    }
}
