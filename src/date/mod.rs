//! Fuzzy dates: ISO 8601-2:2019 (EDTF) levels 0 and 1, one-of and all-of sets, quarters and half-years, years 0000 to 9999.
//!
//! A date is often known only in part: "February 2015", "about 17 February", "the 24th or earlier", "since 2011".
//! [`Edtf`] parses and writes such dates. Other functions give their first and last day, order and filter them, write
//! them in words ([`label`]), and resolve them from another date ([`resolve`]: "a week after the meeting").
//!
//! Pure functions without I/O and clock, independent of the rest of the project. Every layer may call them.
//!
//! # What a date means
//!
//! - [`Edtf::earliest`] and [`Edtf::latest`] are inclusive civil days of the proleptic Gregorian calendar. Qualifiers (`?` uncertain, `~`
//!   approximate, `%` both) never widen them.
//! - The standard leaves the months of seasons open. Here 21 is March to May, 22 June to August, 23 September to
//!   November, and 24 December to the end of February of the next year (in 9999, to 9999-12-31).
//! - A date with a time of day is the day as written, in the offset as written. `24:00:00` is refused, as in the edition of 2019; second
//!   60 is read where a leap second may stand, at the end of a month in UTC.
//! - `../2015-02-24` is a span without a beginning; `[..2015-02-24]` is one day, no later than that. Both have no `earliest`: the start
//!   of the span is open, that of the day is unknown.
//! - An end of an interval written `..` is open, an end left empty is unknown. `../..` means that nothing is known: both its ends are
//!   unknown. `/`, `/..` and `../` are refused.
//! - Dates of level 2, or beyond the year 9999, are refused: [`EdtfError::is_outside_profile`]. So are unspecified
//!   digits inside an interval, which are of level 2. Sets may contain dates of levels 0 and 1, qualified or not, but
//!   no time of day; `..` may open only the first entry and close only the last.

mod bounds;
mod diagnosis;
mod duration;
mod edtf;
mod error;
mod filter;
mod label;
mod notation;
mod parse;
mod rank;
mod relative;
mod single;
#[cfg(test)]
mod tests;
mod text;

pub use duration::{Duration, DurationError};
pub use edtf::{APPROXIMATE, BoundState, Edtf, Precision, UNCERTAIN};
pub use error::{EdtfError, Reason};
pub use filter::{RankRange, days, overlaps, within};
pub use label::label;
pub use notation::{foreign_sign, in_edtf};
pub use rank::{DayRanks, Ranks, day_number, day_ranks, ranks};
pub use relative::{TemporalRelation, resolve};
