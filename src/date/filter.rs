//! Dates in a range of days: possibly ([`overlaps`]) or certainly ([`within`]).
//!
//! With `e` the earliest and `l` the latest day of a date, `from` and `to` inclusive and open where absent:
//!
//! | the date | overlaps | within |
//! |---|---|---|
//! | `e` and `l` known | `e <= to` and `from <= l` | `from <= e` and `l <= to` |
//! | no `e` (`../2011`, `/2011`, `[..2011]`) | `from <= l` | no |
//! | no `l` (`2011/..`, `2011/`, `[2011..]`) | `e <= to` | no |
//! | neither (`../..`) | yes | no |
//! | no date at all | no | no |
//!
//! A range with `to` before `from` is empty: no date overlaps it or is within it. Qualifiers do not widen the bounds: `2015-02-23~` is
//! within that day.

use std::ops::RangeInclusive;

use chrono::NaiveDate;

use super::{
    edtf::Edtf,
    rank::{Ranks, day_number},
};

/// The numbers between which the [`Ranks`] of a matching date lie, all inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RankRange {
    /// Least `start`.
    pub start_min: i32,
    /// Greatest `start`.
    pub start_max: i32,
    /// Least `end`.
    pub end_min: i32,
    /// Greatest `end`.
    pub end_max: i32,
}

impl RankRange {
    /// Matches no date: the result of an empty range.
    pub const NOTHING: Self = Self { start_min: 0, start_max: -1, end_min: 0, end_max: -1 };

    /// Whether a date with these ranks matches.
    #[must_use]
    pub const fn contains(&self, ranks: Ranks) -> bool {
        self.start_min <= ranks.start
            && ranks.start <= self.start_max
            && self.end_min <= ranks.end
            && ranks.end <= self.end_max
    }
}

/// The ranks of the dates of which some day may lie in the range.
#[must_use]
pub fn overlaps(from: Option<NaiveDate>, to: Option<NaiveDate>) -> RankRange {
    if is_backwards(from, to) {
        return RankRange::NOTHING;
    }
    RankRange {
        start_min: Ranks::NO_START,
        // A date without an earliest day has no lower bound.
        start_max: to.map_or(Ranks::NO_DATE - 1, |to| day_number(to).max(Ranks::NO_START)),
        end_min: from.map_or(0, day_number),
        end_max: Ranks::NO_END,
    }
}

/// The ranks of the dates that lie in the range with all their days. They have a `start`, which their `asc` and `desc` equal, so
/// its bounds are bounds of these as well.
#[must_use]
pub fn within(from: Option<NaiveDate>, to: Option<NaiveDate>) -> RankRange {
    if is_backwards(from, to) {
        return RankRange::NOTHING;
    }
    let last = to.map_or(Ranks::NO_END - 1, day_number);
    RankRange { start_min: from.map_or(0, |from| day_number(from).max(0)), start_max: last, end_min: 0, end_max: last }
}

/// The day numbers of the range: bounds of both members of [`super::DayRanks`], which exclude rows without a day.
#[must_use]
pub fn days(from: Option<NaiveDate>, to: Option<NaiveDate>) -> RangeInclusive<i32> {
    from.map_or(i32::MIN + 1, day_number)..=to.map_or(i32::MAX - 1, day_number)
}

fn is_backwards(from: Option<NaiveDate>, to: Option<NaiveDate>) -> bool {
    from.zip(to).is_some_and(|(from, to)| to < from)
}

impl Edtf {
    /// Whether some day of the date may lie in the range (`overlaps`).
    #[must_use]
    pub fn possibly_within(&self, from: Option<NaiveDate>, to: Option<NaiveDate>) -> bool {
        let begins_in_time = to.zip(self.earliest()).is_none_or(|(to, earliest)| earliest <= to);
        let ends_in_time = from.zip(self.latest()).is_none_or(|(from, latest)| from <= latest);
        begins_in_time && ends_in_time && !is_backwards(from, to)
    }

    /// Whether all days of the date lie in the range (`within`), which takes a known beginning and a known end.
    #[must_use]
    pub fn certainly_within(&self, from: Option<NaiveDate>, to: Option<NaiveDate>) -> bool {
        let Some((earliest, latest)) = self.earliest().zip(self.latest()) else {
            return false;
        };
        from.is_none_or(|from| from <= earliest) && to.is_none_or(|to| latest <= to)
    }
}
