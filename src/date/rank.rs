//! Ranks: dates as integers, by which both databases order and filter in the same way, without nulls.

use chrono::{Datelike as _, NaiveDate};

use super::edtf::Edtf;

/// The ranks of a date.
///
/// Ascending order is by `asc`, then `end`; descending order by `desc`, then `end`. Dates compare by their earliest day, or by
/// their latest where they have none; then by their latest day, where none is after all others. What has neither day comes last
/// in both directions. Filters compare `start` and `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ranks {
    /// Day number of the earliest day, else of the latest; `i32::MAX` where there is neither.
    pub asc: i32,
    /// Day number of the latest day; `i32::MAX - 1` where there is none.
    pub end: i32,
    /// As `asc`, but `i32::MIN` where there is neither day.
    pub desc: i32,
    /// Day number of the earliest day; -1 where a date has none; `i32::MAX` where there is no date.
    pub start: i32,
}

/// The ranks of a plain day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DayRanks {
    /// Day number; `i32::MAX` where there is no day.
    pub asc: i32,
    /// Day number; `i32::MIN` where there is no day.
    pub desc: i32,
}

impl Ranks {
    /// `start` of a date without an earliest day.
    pub const NO_START: i32 = -1;
    /// `start` of a row without a date.
    pub const NO_DATE: i32 = i32::MAX;
    /// `end` of a date without a latest day, and of a row without a date.
    pub const NO_END: i32 = i32::MAX - 1;
    /// The ranks of a row without a date.
    pub const UNDATED: Self = Self { asc: i32::MAX, end: Self::NO_END, desc: i32::MIN, start: Self::NO_DATE };
}

impl DayRanks {
    /// The ranks of a row without a day.
    pub const UNDATED: Self = Self { asc: i32::MAX, desc: i32::MIN };
}

/// Days since 0000-01-01, which is day 0.
#[must_use]
pub fn day_number(day: NaiveDate) -> i32 {
    // chrono counts 0001-01-01 as day 1, and the year 0 has 366 days.
    day.num_days_from_ce() + 365
}

/// The ranks of a date, or of none.
#[must_use]
pub fn ranks(date: Option<&Edtf>) -> Ranks {
    date.map_or(Ranks::UNDATED, Edtf::ranks)
}

/// The ranks of a plain day, or of none.
#[must_use]
pub fn day_ranks(day: Option<NaiveDate>) -> DayRanks {
    day.map_or(DayRanks::UNDATED, |day| DayRanks { asc: day_number(day), desc: day_number(day) })
}

impl Edtf {
    /// The ranks of the date.
    #[must_use]
    pub fn ranks(&self) -> Ranks {
        let (earliest, latest) = (self.earliest().map(day_number), self.latest().map(day_number));
        let first = earliest.or(latest);
        Ranks {
            asc: first.unwrap_or(i32::MAX),
            end: latest.unwrap_or(Ranks::NO_END),
            desc: first.unwrap_or(i32::MIN),
            start: earliest.unwrap_or(Ranks::NO_START),
        }
    }
}
