//! Fuzzy dates: ISO 8601-2:2019 (EDTF) levels 0 and 1, one-of and all-of sets, quarters and half-years, years 0000 to 9999.
//!
//! A date of the past is often known only in part: "February 2015", "about 17 February", "some day up to the 24th", "since 2011".
//! [`Edtf`] reads and writes the standard's text for such dates, tells the first and last day that they may mean, orders and
//! filters them, names them for people ([`label`]) and works them out from another date ([`resolve`]: "a week after the meeting").
//!
//! Pure: no input or output, no clock, and nothing of the rest of the project. Every room may call it.
//!
//! # What a date means
//!
//! - [`Edtf::earliest`] and [`Edtf::latest`] are inclusive civil days of the proleptic Gregorian calendar. Qualifiers (`?` uncertain, `~`
//!   approximate, `%` both) never widen them.
//! - Seasons are a convention, since the standard leaves them open: 21 March to May, 22 June to August, 23 September to November, 24
//!   December to the end of February of the next year (of 9999: to 9999-12-31, where the profile ends).
//! - A date with a time of day is the day as written, in the offset as written. `24:00:00` is refused, as in the edition of 2019; second
//!   60 is read where a leap second may stand, at the end of a month in UTC.
//! - `../2015-02-24` is a span without a known beginning; `[..2015-02-24]` is one day, no later than that. Both have no `earliest`.
//! - An end written `..` is open, an end left empty is unknown. Both may stand on both sides.
//! - What the standard allows at level 2 only (or beyond year 9999) is refused with an error of its own: [`EdtfError::is_outside_profile`].
//!   So is an unspecified digit inside an interval, which the standard defines at level 2. Inside sets the dates of levels 0 and 1 may
//!   stand, qualified or not, but no time of day; `..` may open only the first and close only the last entry.

mod bounds;
mod diagnosis;
mod duration;
mod edtf;
mod error;
mod filter;
mod label;
mod parse;
mod rank;
mod relative;
mod single;
#[cfg(test)]
mod tests;
mod text;

pub use duration::{Duration, DurationError};
pub use edtf::{BoundState, Edtf, Precision};
pub use error::{EdtfError, Reason};
pub use filter::{RankRange, days, overlaps, within};
pub use label::label;
pub use rank::{DayRanks, Ranks, day_number, day_ranks, ranks};
pub use relative::{TemporalRelation, resolve};
