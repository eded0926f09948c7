//! Durations: ISO 8601 `PnYnMnWnDTnHnMnS`.

use std::{
    fmt::{self, Display, Formatter},
    str::FromStr,
};

use chrono::{Days, Months, NaiveDate};

/// A duration: `P7D`, `P1Y6M`, `PT36H`. Each number is at most 999,999; fractions and negative durations are refused.
///
/// Displays in the standard order without zeros (`P0D` where all are zero), and parses to an equal value again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Duration {
    years: u32,
    months: u32,
    weeks: u32,
    days: u32,
    hours: u32,
    minutes: u32,
    seconds: u32,
}

/// Why a text is not a duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DurationError {
    /// It does not begin with `P`.
    NoP,
    /// It says nothing after `P` or after `T`.
    Empty,
    /// A unit without a number.
    NoNumber(char),
    /// A number without a unit.
    NoUnit,
    /// An unknown unit, one in the wrong order or twice, or one on the wrong side of `T`.
    Misplaced(char),
    /// A fraction.
    Fraction,
    /// A sign.
    Sign,
    /// A number beyond the limit.
    TooLarge,
}

impl std::error::Error for DurationError {}

impl Display for DurationError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoP => f.write_str("a duration begins with P, as in P7D"),
            Self::Empty => f.write_str("a number and its unit are missing, as in P7D or PT12H"),
            Self::NoNumber(unit) => write!(f, "{unit} needs a number before it"),
            Self::NoUnit => f.write_str("a number needs a unit after it: Y, M, W or D, and after T also H, M or S"),
            Self::Misplaced(unit) => write!(f, "{unit} has no place there: the order is Y, M, W, D, T, H, M, S"),
            Self::Fraction => f.write_str("fractions are not supported: use a smaller unit"),
            Self::Sign => f.write_str("a duration has no sign: say before or after by the relation"),
            Self::TooLarge => f.write_str("a number may be at most 999999"),
        }
    }
}

impl Duration {
    const LARGEST: u32 = 999_999;

    /// A number of days.
    #[must_use]
    pub const fn from_days(days: u32) -> Self {
        Self { years: 0, months: 0, weeks: 0, days, hours: 0, minutes: 0, seconds: 0 }
    }

    /// The first and the last day that may lie that much later than some moment of `day`: two days where hours, minutes or seconds
    /// are left over. Years and months are gone first (a day that the month lacks becomes its last), then weeks and days.
    /// `None` beyond the calendar.
    #[must_use]
    pub fn after(&self, day: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        let day = day.checked_add_months(self.whole_months()?)?;
        let (least, most) = self.whole_days();
        Some((day.checked_add_days(least)?, day.checked_add_days(most)?))
    }

    /// As [`Duration::after`], but earlier.
    #[must_use]
    pub fn before(&self, day: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        let day = day.checked_sub_months(self.whole_months()?)?;
        let (least, most) = self.whole_days();
        Some((day.checked_sub_days(most)?, day.checked_sub_days(least)?))
    }

    fn whole_months(&self) -> Option<Months> {
        self.years.checked_mul(12)?.checked_add(self.months).map(Months::new)
    }

    const fn seconds_of_day(&self) -> u64 {
        self.hours as u64 * 3600 + self.minutes as u64 * 60 + self.seconds as u64
    }

    fn whole_days(&self) -> (Days, Days) {
        const DAY: u64 = 24 * 60 * 60;
        let days = u64::from(self.weeks) * 7 + u64::from(self.days);
        let seconds = self.seconds_of_day();
        (Days::new(days + seconds / DAY), Days::new(days + seconds.div_ceil(DAY)))
    }
}

impl FromStr for Duration {
    type Err = DurationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let Some(rest) = text.strip_prefix('P') else {
            return Err(if text.starts_with(['-', '+']) { DurationError::Sign } else { DurationError::NoP });
        };
        let (date, time) = rest.split_once('T').map_or((rest, None), |(date, time)| (date, Some(time)));
        if time.map_or(date.is_empty(), str::is_empty) {
            return Err(DurationError::Empty);
        }
        let [years, months, weeks, days] = numbers(date, ['Y', 'M', 'W', 'D'])?;
        let [hours, minutes, seconds] = numbers(time.unwrap_or_default(), ['H', 'M', 'S'])?;
        Ok(Self { years, months, weeks, days, hours, minutes, seconds })
    }
}

/// The numbers before each of the units, which come in this order.
fn numbers<const N: usize>(mut text: &str, units: [char; N]) -> Result<[u32; N], DurationError> {
    let mut found = [0; N];
    let mut next = 0;
    while !text.is_empty() {
        let end = text.find(|sign: char| !sign.is_ascii_digit()).ok_or(DurationError::NoUnit)?;
        let (number, rest) = text.split_at(end);
        let mut signs = rest.chars();
        let unit = signs.next().ok_or(DurationError::NoUnit)?;
        match unit {
            '.' | ',' => return Err(DurationError::Fraction),
            '-' | '+' => return Err(DurationError::Sign),
            _ => {}
        }
        let place =
            units.iter().skip(next).position(|candidate| *candidate == unit).ok_or(DurationError::Misplaced(unit))?
                + next;
        if number.is_empty() {
            return Err(DurationError::NoNumber(unit));
        }
        found[place] =
            number.parse().ok().filter(|number| *number <= Duration::LARGEST).ok_or(DurationError::TooLarge)?;
        next = place + 1;
        text = signs.as_str();
    }
    Ok(found)
}

impl Display for Duration {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if *self == Self::default() {
            return f.write_str("P0D");
        }
        f.write_str("P")?;
        let write = |f: &mut Formatter<'_>, number: u32, unit: char| {
            if number > 0 { write!(f, "{number}{unit}") } else { Ok(()) }
        };
        for (number, unit) in [(self.years, 'Y'), (self.months, 'M'), (self.weeks, 'W'), (self.days, 'D')] {
            write(f, number, unit)?;
        }
        if self.seconds_of_day() > 0 {
            f.write_str("T")?;
            for (number, unit) in [(self.hours, 'H'), (self.minutes, 'M'), (self.seconds, 'S')] {
                write(f, number, unit)?;
            }
        }
        Ok(())
    }
}
