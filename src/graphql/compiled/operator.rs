//! The operators of filters. One entry gives an operator its place in the schema and its meaning.

use super::folded::{contains, starts_with};
use crate::store::read::{
    declare::{FilteredText, Scalar},
    filter::{Bound, Predicate, Test},
};
use chrono::{DateTime, Datelike as _, DurationRound as _, TimeDelta, Utc};

/// An operator of a filter.
pub(super) struct Operator {
    pub(super) name: &'static str,
    pub(super) doc: &'static str,
    pub(super) takes: Takes,
}

/// What an operator takes, and the comparison that it makes of it.
pub(super) enum Takes {
    /// One value.
    One(fn(Bound) -> Test),
    /// A set of values: whether the value is in it.
    Set { is_in: bool },
    /// A text, which is compared folded.
    Folded(fn(FilteredText, &str) -> Predicate),
    /// Whether the value is absent.
    Null,
}

/// The input type of filters by a scalar.
pub(super) struct FilterInput {
    pub(super) name: &'static str,
    pub(super) doc: &'static str,
    pub(super) operators: &'static [&'static Operator],
}

const fn operator(name: &'static str, doc: &'static str, takes: Takes) -> Operator {
    Operator { name, doc, takes }
}

static EQUALS: Operator = operator("equals", "Equal to this value.", Takes::One(Test::Equals));
static IN: Operator =
    operator("in", "One of these values, at most 1,000. An empty list never matches.", Takes::Set { is_in: true });
static NOT_IN: Operator = operator(
    "notIn",
    "None of these values, at most 1,000: everything that `in` does not match, what is absent included.",
    Takes::Set { is_in: false },
);
static AT_LEAST: Operator = operator("gte", "This value or a greater one.", Takes::One(Test::AtLeast));
static AT_MOST: Operator = operator("lte", "This value or a smaller one.", Takes::One(Test::AtMost));
static ABOVE: Operator = operator("gt", "A greater value.", Takes::One(Test::Above));
static BELOW: Operator = operator("lt", "A smaller value.", Takes::One(Test::Below));
static NOT_BEFORE: Operator =
    operator("gte", "This time or a later one.", Takes::One(|time| Test::AtLeast(rounded_up(time))));
static NOT_AFTER: Operator =
    operator("lte", "This time or an earlier one.", Takes::One(|time| Test::AtMost(rounded_down(time))));
static AFTER: Operator = operator("gt", "A later time.", Takes::One(|time| Test::Above(rounded_down(time))));
static BEFORE: Operator = operator("lt", "An earlier time.", Takes::One(|time| Test::Below(rounded_up(time))));
static STARTS_WITH: Operator = operator(
    "startsWith",
    "Begins with this text. Case, accents, variants of Arabic letters, and white space at the ends do not count; `%` and `_` are \
     letters. An empty text matches everything that is not absent; a text of marks alone only texts that begin with the same marks.",
    Takes::Folded(starts_with),
);
static CONTAINS: Operator = operator(
    "contains",
    "Contains this text, compared as by `startsWith`. One or two letters mean the beginning of a word: of the text, or after a space.",
    Takes::Folded(contains),
);
static IS_NULL: Operator = operator("isNull", "Whether the value is absent.", Takes::Null);

static TEXT: FilterInput = FilterInput {
    name: "TextFilter",
    doc: "A filter by text. All given conditions must hold. `equals`, `in` and `notIn` compare to the letter, marks of \
          direction included; a text in another form of Unicode is the same text. `startsWith` and `contains` compare folded texts. A text must not contain the character NUL. Where a record has several values, such as \
          several names, each condition holds if it holds for one of them, and `notIn` holds if no value is in the list.",
    operators: &[&EQUALS, &IN, &NOT_IN, &STARTS_WITH, &CONTAINS, &IS_NULL],
};
pub(super) static ID: FilterInput = FilterInput {
    name: "IdFilter",
    doc: "A filter by id. All given conditions must hold. Of records, keys are accepted as well, and the id of a record that was \
          merged stands for its survivor. An unknown id or key matches nothing, and so does that of a record of another type.",
    operators: &[&EQUALS, &IN, &NOT_IN],
};
static INT: FilterInput = FilterInput {
    name: "IntFilter",
    doc: "A filter by a whole number. All given conditions must hold; contradictory ones match nothing. An absent number matches \
          only `isNull: true`.",
    operators: &[&EQUALS, &AT_LEAST, &AT_MOST, &ABOVE, &BELOW, &IS_NULL],
};
static FLOAT: FilterInput = FilterInput {
    name: "FloatFilter",
    doc: "A filter by a number. All given conditions must hold; contradictory ones match nothing. An absent number matches only \
          `isNull: true`.",
    operators: &[&EQUALS, &AT_LEAST, &AT_MOST, &ABOVE, &BELOW, &IS_NULL],
};
static BOOLEAN: FilterInput = FilterInput {
    name: "BooleanFilter",
    doc: "A filter by a truth value. All given conditions must hold. Where nothing is said, only `isNull: true` matches.",
    operators: &[&EQUALS, &IS_NULL],
};
static TIME: FilterInput = FilterInput {
    name: "DateTimeFilter",
    doc: "A filter by time. All given conditions must hold; contradictory ones match nothing.",
    operators: &[&NOT_BEFORE, &NOT_AFTER, &AFTER, &BEFORE],
};
/// The operators of every enumeration, each of which has an input type of its own.
pub(super) static ENUMERATION: &[&Operator] = &[&EQUALS, &IN, &NOT_IN];

/// The filter input of a scalar other than an enumeration.
pub(super) fn filter_input(scalar: Scalar) -> &'static FilterInput {
    match scalar {
        Scalar::Id => &ID,
        Scalar::Int => &INT,
        Scalar::Float => &FLOAT,
        Scalar::Boolean => &BOOLEAN,
        Scalar::DateTime => &TIME,
        _ => &TEXT,
    }
}

/// The operators of a scalar.
pub(super) fn operators(scalar: Scalar) -> &'static [&'static Operator] {
    if let Scalar::Enumeration(_) = scalar { ENUMERATION } else { filter_input(scalar).operators }
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
        // as text, the year 10000 would come before all others
        Bound::Time(time) => Bound::Time(round(time).filter(|time| time.year() <= 9999).unwrap_or(time)),
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
