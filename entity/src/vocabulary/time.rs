//! How exactly a date is known, and how dates stand to one another.

use super::vocabulary;

vocabulary! {
    /// How exactly a date is given.
    DatePrecision {
        /// To the day.
        Day = "DAY",
        /// To the month.
        Month = "MONTH",
        /// To the season.
        Season = "SEASON",
        /// To the quarter of a year.
        Quarter = "QUARTER",
        /// To the half of a year.
        HalfYear = "HALF_YEAR",
        /// To the year.
        Year = "YEAR",
        /// To the decade.
        Decade = "DECADE",
        /// To the century.
        Century = "CENTURY",
        /// A span with a start and an end.
        Interval = "INTERVAL",
        /// One of several dates, or all of them.
        Set = "SET",
        /// Not at all: neither bound is known.
        Unknown = "UNKNOWN",
    }
}

vocabulary! {
    /// What is known of the start or the end of a date.
    BoundState {
        /// It is known, as exactly as the date is.
        Known = "KNOWN",
        /// There is none: it goes on, or always did.
        Open = "OPEN",
        /// There is one, but it is not known.
        Unknown = "UNKNOWN",
    }
}

vocabulary! {
    /// How a date stands to that of another record, its anchor.
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
        /// Goes on from the anchor.
        Since = "SINCE",
        /// Goes on up to the anchor.
        Until = "UNTIL",
    }
}
