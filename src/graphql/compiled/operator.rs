//! The operators of filters. One entry gives an operator its place in the schema and its meaning. Each kind of values has meanings of
//! its own, so that no operator stands where it means nothing.

use super::folded::{contains, starts_with};
use crate::store::read::{
    declare::{FilteredText, Scalar},
    filter::{Bound, Predicate, Test},
};
use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};

/// An operator of a filter.
pub(super) struct Operator<M> {
    pub(super) name: &'static str,
    pub(super) doc: &'static str,
    pub(super) takes: Takes,
    pub(super) meaning: M,
}

/// What an operator takes.
#[derive(Clone, Copy)]
pub(super) enum Takes {
    /// A value of the kind that the filter is for.
    One,
    /// A list of them.
    List,
    Boolean,
    DateRange,
}

/// What an operator of texts means.
#[derive(Clone, Copy)]
pub(super) enum OfText {
    Equals,
    /// Whether the text is in the list.
    In(bool),
    /// The text is compared folded.
    Folded(fn(FilteredText, &str) -> Predicate),
    IsNull,
}

/// What an operator of ordered values means.
#[derive(Clone, Copy)]
pub(super) enum OfValue {
    Test(fn(Bound) -> Test),
    IsNull,
}

/// Whether the value is in the set.
#[derive(Clone, Copy)]
pub(super) struct IsIn(pub(super) bool);

/// The name and the description of the input type of filters by a scalar.
pub(super) struct FilterInput {
    pub(super) name: &'static str,
    pub(super) doc: &'static str,
}

pub(super) const fn operator<M>(name: &'static str, doc: &'static str, takes: Takes, meaning: M) -> Operator<M> {
    Operator { name, doc, takes, meaning }
}

const fn equals<M>(meaning: M) -> Operator<M> {
    operator("equals", "Equal to this value.", Takes::One, meaning)
}

const fn is_in<M>(meaning: M) -> Operator<M> {
    operator("in", "One of these values, at most 1,000. An empty list never matches.", Takes::List, meaning)
}

const fn is_not_in<M>(meaning: M) -> Operator<M> {
    let doc = "None of these values, at most 1,000: everything that `in` does not match, what is absent included.";
    operator("notIn", doc, Takes::List, meaning)
}

const fn is_null<M>(meaning: M) -> Operator<M> {
    operator("isNull", "Whether the value is absent.", Takes::Boolean, meaning)
}

const fn test(name: &'static str, doc: &'static str, test: fn(Bound) -> Test) -> Operator<OfValue> {
    operator(name, doc, Takes::One, OfValue::Test(test))
}

pub(super) static TEXT: [Operator<OfText>; 6] = [
    equals(OfText::Equals),
    is_in(OfText::In(true)),
    is_not_in(OfText::In(false)),
    operator(
        "startsWith",
        "Begins with this text. Case, accents, variants of Arabic letters, and white space at the ends do not count; `%` and `_` are \
     letters. An empty text matches everything that is not absent; a text of marks alone only texts that begin with the same marks.",
        Takes::One,
        OfText::Folded(starts_with),
    ),
    operator(
        "contains",
        "Contains this text, compared as by `startsWith`. One or two letters mean the beginning of a word: of the text, or after a space.",
        Takes::One,
        OfText::Folded(contains),
    ),
    is_null(OfText::IsNull),
];
/// The operators of ids, and of every enumeration, each of which has an input type of its own.
pub(super) static SET: [Operator<IsIn>; 3] = [equals(IsIn(true)), is_in(IsIn(true)), is_not_in(IsIn(false))];
static NUMBER: [Operator<OfValue>; 6] = [
    equals(OfValue::Test(Test::Equals)),
    test("gte", "This value or a greater one.", Test::AtLeast),
    test("lte", "This value or a smaller one.", Test::AtMost),
    test("gt", "A greater value.", Test::Above),
    test("lt", "A smaller value.", Test::Below),
    is_null(OfValue::IsNull),
];
static BOOLEAN: [Operator<OfValue>; 2] = [equals(OfValue::Test(Test::Equals)), is_null(OfValue::IsNull)];
static TIME: [Operator<OfValue>; 4] = [
    test("gte", "This time or a later one.", |time| Test::AtLeast(rounded_up(time))),
    test("lte", "This time or an earlier one.", |time| Test::AtMost(rounded_down(time))),
    test("gt", "A later time.", |time| Test::Above(rounded_down(time))),
    test("lt", "An earlier time.", |time| Test::Below(rounded_up(time))),
];

/// The operators of an ordered scalar.
pub(super) fn of_value(scalar: Scalar) -> &'static [Operator<OfValue>] {
    match scalar {
        Scalar::Boolean => &BOOLEAN,
        Scalar::DateTime => &TIME,
        _ => &NUMBER,
    }
}

/// The filter input of a scalar other than an enumeration.
pub(super) fn filter_input(scalar: Scalar) -> FilterInput {
    let (name, doc) = match scalar {
        Scalar::Id => (
            "IdFilter",
            "A filter by id. All given conditions must hold. Of records, keys are accepted as well, and the id of a record that was \
          merged stands for its survivor. An unknown id or key matches nothing, and so does that of a record of another type.",
        ),
        Scalar::Int => (
            "IntFilter",
            "A filter by a whole number. All given conditions must hold; contradictory ones match nothing. An absent number matches \
          only `isNull: true`.",
        ),
        Scalar::Float => (
            "FloatFilter",
            "A filter by a number. All given conditions must hold; contradictory ones match nothing. An absent number matches only \
          `isNull: true`.",
        ),
        Scalar::Boolean => (
            "BooleanFilter",
            "A filter by a truth value. All given conditions must hold. Where nothing is said, only `isNull: true` matches.",
        ),
        Scalar::DateTime => {
            ("DateTimeFilter", "A filter by time. All given conditions must hold; contradictory ones match nothing.")
        }
        _ => (
            "TextFilter",
            "A filter by text. All given conditions must hold. `equals`, `in` and `notIn` compare to the letter, marks of \
             direction included. Each value stands for itself, for its forms NFC and NFD of Unicode, and for itself without white space at its ends. `startsWith` and `contains` compare folded texts. A text must not contain the character NUL. Where a record has several values, such as \
          several names, each condition holds if it holds for one of them, and `notIn` holds if no value is in the list.",
        ),
    };
    FilterInput { name, doc }
}

// Stored times have milliseconds.

fn rounded_down(time: Bound) -> Bound {
    rounded(time, |time| time.duration_trunc(TimeDelta::milliseconds(1)).ok())
}

fn rounded_up(time: Bound) -> Bound {
    rounded(time, |time| time.duration_round_up(TimeDelta::milliseconds(1)).ok())
}

fn rounded(time: Bound, round: fn(DateTime<Utc>) -> Option<DateTime<Utc>>) -> Bound {
    match time {
        // only times some centuries away cannot be rounded
        Bound::Time(time) => Bound::Time(round(time).unwrap_or(time)),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_between_two_milliseconds_is_rounded_to_the_side_that_keeps_the_meaning() {
        let time = |text: &str| Bound::Time(text.parse().unwrap());
        let (lower, between, upper) =
            (time("2015-02-17T10:00:00.001Z"), time("2015-02-17T10:00:00.001500Z"), time("2015-02-17T10:00:00.002Z"));
        assert_eq!((rounded_down(between.clone()), rounded_up(between)), (lower.clone(), upper));
        assert_eq!((rounded_down(lower.clone()), rounded_up(lower.clone())), (lower.clone(), lower));
    }
}
