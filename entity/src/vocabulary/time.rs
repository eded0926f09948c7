//! Precision of dates, and relations between dates.

use super::vocabulary;

vocabulary! {
    /// The precision of a date.
    DatePrecision {
        /// A day, with or without a time of day.
        Day = "DAY",
        /// A month.
        Month = "MONTH",
        /// A season of a year.
        Season = "SEASON",
        /// A quarter of a year.
        Quarter = "QUARTER",
        /// A half of a year.
        HalfYear = "HALF_YEAR",
        /// A year.
        Year = "YEAR",
        /// A decade.
        Decade = "DECADE",
        /// A century.
        Century = "CENTURY",
        /// An interval with a start and an end.
        Interval = "INTERVAL",
        /// One of several dates, or all of them.
        Set = "SET",
        /// Nothing is known of the date (`../..` in EDTF).
        Unknown = "UNKNOWN",
    }
}

vocabulary! {
    /// What is known about the start or the end of a date.
    BoundState {
        /// The start or end is known, with the precision of the date.
        Known = "KNOWN",
        /// There is no start or no end: `..` in an interval or in a set of all dates, such as `2011/..`.
        Open = "OPEN",
        /// There is a start or an end, but it is not known: `2011/`, `[..2011]` (one day, at the latest in that year) and both ends of `../..`.
        Unknown = "UNKNOWN",
    }
}

vocabulary! {
    /// The relation of a date to the date of another record, its anchor.
    TemporalRelation {
        /// Ended before the anchor began.
        Before = "BEFORE",
        /// Ended before the anchor began, or together with it.
        BeforeOrAt = "BEFORE_OR_AT",
        /// Began after the anchor ended.
        After = "AFTER",
        /// Began after the anchor ended, or together with it.
        AfterOrAt = "AFTER_OR_AT",
        /// Lies within the anchor.
        During = "DURING",
        /// Starts with the anchor and continues.
        Since = "SINCE",
        /// Continues until the anchor.
        Until = "UNTIL",
    }
}
