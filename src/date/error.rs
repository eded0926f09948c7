//! What is wrong with a text that is no date of the profile, said so that its author can mend it. Made by `parse` and `diagnosis`.

use std::fmt::{self, Display, Formatter};

/// A text that could not be read as a date of the profile.
///
/// Displays as `2015-13: 13 is neither a month, a season, a quarter nor a half-year`; in an interval or a set with the place of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EdtfError {
    text: Box<str>,
    position: usize,
    reason: Reason,
}

/// Why a text is no date of the profile.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// Nothing at all was written.
    Empty,
    /// More bytes than the limit, which is given.
    TooLong(usize),
    /// A date was left out where one has to stand.
    MissingDate,
    /// A blank, tab or line break.
    Blank,
    /// A digit of another script.
    ForeignDigit(char),
    /// A dash that is not the ASCII hyphen.
    ForeignHyphen(char),
    /// A sign that no date contains there.
    Unexpected(char),
    /// A word or letter of the draft of 2012; the standard's spelling is given.
    Draft {
        /// What was written.
        found: &'static str,
        /// What the standard writes.
        instead: &'static str,
    },
    /// `20150224`: the form without hyphens.
    BasicFormat,
    /// `2015-W08`
    WeekDate,
    /// `2015-055`
    OrdinalDate,
    /// A year that has not four digits.
    YearLength(String),
    /// `Y` before a year of four digits or fewer, or one with a leading zero.
    NeedlessY,
    /// `-0000`
    NegativeZero,
    /// A month or day that has not two digits.
    ComponentLength(String),
    /// More than year, month and day.
    TooManyComponents,
    /// A second component that means nothing.
    NoSuchMonth(String),
    /// A day after a season, quarter or half-year.
    DayAfterGrouping(u8),
    /// A day that its month does not have.
    NoSuchDay {
        /// The day, as written.
        day: String,
        /// Year and month, as written.
        month: String,
    },
    /// `?`, `~` or `%` where no component stands before or after it.
    LoneQualifier(char),
    /// More than one of `?`, `~` and `%` in one place.
    TwoQualifiers,
    /// A time of day after something that is no plain day.
    TimeWithoutDay,
    /// A time of day that is not `hh:mm:ss`; what is wrong with it.
    Time(&'static str),
    /// An offset from UTC that is not `Z`, `±hh` or `±hh:mm`; what is wrong with it.
    Offset(&'static str),
    /// A time of day in an interval or a set.
    TimeNotAllowed,
    /// A duration in an interval.
    DurationInInterval,
    /// More than one slash.
    TooManyParts,
    /// `/`, `/..` or `../`.
    NothingKnown,
    /// The end lies before the beginning; both are given.
    Backwards(String, String),
    /// `..` between dates outside a set.
    RangeOutsideSet,
    /// A set without its closing bracket, which is given.
    Unclosed(char),
    /// A set closed by the other kind of bracket.
    MixedBrackets,
    /// A set without members.
    EmptySet,
    /// An interval inside a set.
    IntervalInSet,
    /// `..` before a member that is not the first, or after one that is not the last.
    OpenInside,
    /// Valid, but beyond what is supported; what it is.
    OutsideProfile(&'static str),
}

/// A reason, and the byte at which it was met.
#[derive(Debug)]
pub(super) struct ReasonAt {
    pub at: usize,
    pub reason: Reason,
}

impl ReasonAt {
    pub(super) const fn new(at: usize, reason: Reason) -> Self {
        Self { at, reason }
    }
}

impl EdtfError {
    /// As much of the text as an error repeats, in characters.
    const ECHO: usize = 60;

    pub(super) fn new(text: &str, refused: ReasonAt) -> Self {
        let position = text.bytes().take(refused.at).filter(|byte| byte & 0xC0 != 0x80).count();
        let mut echo: String =
            text.chars().take(Self::ECHO).map(|sign| if sign.is_control() { '\u{FFFD}' } else { sign }).collect();
        if text.chars().nth(Self::ECHO).is_some() {
            echo.push('…');
        }
        Self { text: echo.into(), position, reason: refused.reason }
    }

    /// The character at which the text goes wrong, counted from 1.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.position + 1
    }

    /// What is wrong.
    #[must_use]
    pub const fn reason(&self) -> &Reason {
        &self.reason
    }

    /// Whether the text is valid by the standard, but not supported here.
    #[must_use]
    pub const fn is_outside_profile(&self) -> bool {
        matches!(self.reason, Reason::OutsideProfile(_))
    }
}

impl std::error::Error for EdtfError {}

impl Display for EdtfError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if !self.text.is_empty() {
            write!(f, "{}: ", self.text)?;
        }
        self.reason.fmt(f)?;
        if self.text.contains(['/', ',', '[', '{']) && !matches!(self.reason, Reason::TooLong(_)) {
            write!(f, " (at character {})", self.position())?;
        }
        Ok(())
    }
}

impl Display for Reason {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let plain = match self {
            Self::Empty => "a date may not be empty",
            Self::MissingDate => "a date is missing",
            Self::Blank => "blanks have no place in a date",
            Self::BasicFormat => "year, month and day are parted by hyphens, as in 2015-02-24",
            Self::WeekDate => "weeks are not part of EDTF: write the days, as in 2015-02-16/2015-02-22",
            Self::OrdinalDate => "days of the year are not part of EDTF: write month and day",
            Self::NeedlessY => "Y stands only before a year of more than four digits",
            Self::NegativeZero => "there is no negative year 0",
            Self::TooManyComponents => "nothing may follow the day but a time, as in 2015-02-24T10:30:00",
            Self::TwoQualifiers => "only one of ?, ~ and % may stand there (% means both)",
            Self::TimeWithoutDay => {
                "a time of day must follow a full day without a qualifier, as in 2015-02-24T10:30:00"
            }
            Self::TimeNotAllowed => "a time of day may not stand in an interval or a set",
            Self::DurationInInterval => "an interval has two dates: durations are not part of EDTF",
            Self::NothingKnown => "an interval needs a date: write `../..` where nothing is known",
            Self::TooManyParts => "an interval has two parts, with one slash between them",
            Self::RangeOutsideSet => "`..` joins dates only inside [ ] or { }: an interval is written with a slash",
            Self::MixedBrackets => "a set that begins with [ ends with ], one that begins with { ends with }",
            Self::EmptySet => "a set needs at least one date",
            Self::IntervalInSet => "an interval may not stand in a set: write its dates with `..` between them",
            Self::OpenInside => "`..` may stand only before the first and after the last date of a set",
            Self::Time(what) | Self::Offset(what) => what,
            Self::TooLong(limit) => return write!(f, "a date may have at most {limit} bytes"),
            Self::ForeignDigit(digit) => {
                return write!(f, "digits are written 0 to 9, not {digit}");
            }
            Self::ForeignHyphen(hyphen) => {
                return write!(f, "the parts of a date are joined by the hyphen -, not {hyphen}");
            }
            Self::Unexpected(sign) => return write!(f, "{} has no place there", Sign(*sign)),
            Self::Draft { found, instead } => {
                return write!(f, "`{found}` is of the draft of 2012: write {instead}");
            }
            Self::YearLength(year) => return write!(f, "a year has four digits, not {year}"),
            Self::ComponentLength(digits) => {
                return write!(f, "months and days have two digits, not {digits}");
            }
            Self::NoSuchMonth(month) => {
                return write!(f, "{month} is neither a month, a season, a quarter nor a half-year");
            }
            Self::DayAfterGrouping(code) => {
                return write!(f, "{code} is not a month, so no day may follow");
            }
            Self::NoSuchDay { day, month } => return write!(f, "{month} has no day {day}"),
            Self::LoneQualifier(sign) => return write!(f, "{sign} qualifies nothing"),
            Self::Backwards(start, end) => return write!(f, "{end} lies before {start}"),
            Self::Unclosed(bracket) => return write!(f, "{bracket} is missing at the end"),
            Self::OutsideProfile(what) => {
                return write!(f, "valid EDTF, but not supported: {what}");
            }
        };
        f.write_str(plain)
    }
}

/// A character that stays legible in a message.
struct Sign(char);

impl Display for Sign {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.0.is_control() { write!(f, "U+{:04X}", u32::from(self.0)) } else { write!(f, "`{}`", self.0) }
    }
}
