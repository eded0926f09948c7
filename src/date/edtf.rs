//! The structure of a fuzzy date.

use chrono::{Datelike as _, NaiveDate};

/// The flag of approximate dates: see [`Edtf::flags`].
pub const APPROXIMATE: i16 = 16;
/// The flag of uncertain dates, which is the highest one.
pub const UNCERTAIN: i16 = 32;

/// A date of the profile.
///
/// Made from text ([`std::str::FromStr`]), from a day ([`Edtf::from_day`]) or from another date ([`super::resolve`]).
/// [`std::fmt::Display`] writes its text, which parses to an equal value; the text of a parsed date is unchanged.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Edtf(pub(super) EdtfForm);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum EdtfForm {
    Date(Date),
    Time(DateTime),
    Interval(End, End),
    /// Never empty; [`Member::UpTo`] only first, [`Member::From`] only last.
    Set(SetKind, Box<[Member]>),
}

/// One date of level 0 or 1, which exists in the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Date {
    /// 0 to 9999; the first year of a decade or century.
    pub year: u16,
    pub part: DatePart,
    pub qualifier: Qualifier,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum DatePart {
    Day {
        month: u8,
        day: u8,
    },
    /// `2015-02-XX`
    DayOfMonth(u8),
    /// `2015-XX-XX`
    DayOfYear,
    Month(u8),
    /// `2015-XX`
    MonthOfYear,
    /// 1 spring, 2 summer, 3 autumn, 4 winter
    Season(u8),
    /// 1 to 4
    Quarter(u8),
    /// 1 or 2
    HalfYear(u8),
    Year,
    Decade,
    Century,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Qualifier {
    pub approximate: bool,
    pub uncertain: bool,
}

/// A day with a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct DateTime {
    pub year: u16,
    pub month: u8,
    pub day: u8,
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
    pub zone: Zone,
}

/// The offset of a time of day from UTC, as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Zone {
    Local,
    Utc,
    /// `-04`
    Hours(i8),
    /// `+05:30`, in minutes
    Minutes(i16),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum End {
    /// Never with unspecified digits.
    Date(Date),
    Open,
    /// The other end is a date.
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum SetKind {
    OneOf,
    AllOf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Member {
    One(Date),
    Range(Date, Date),
    UpTo(Date),
    From(Date),
}

/// What is known about the start or end of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BoundState {
    /// There is a first (last) day.
    Known,
    /// `..` in an interval: there is none.
    Open,
    /// There is one, but it is unknown: an empty end of an interval, `..` in a one-of set, and both ends of `../..`.
    Unknown,
}

/// The precision of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Precision {
    /// A civil day, with or without a time of day.
    Day,
    /// A month, or some day of it (`2015-02-XX`).
    Month,
    /// Spring, summer, autumn or winter.
    Season,
    /// Three months from January, April, July or October.
    Quarter,
    /// Six months from January or July.
    HalfYear,
    /// A year, or some day or month of it (`2015-XX`, `2015-XX-XX`).
    Year,
    /// `201X`
    Decade,
    /// `20XX`
    Century,
    /// A span with at least one known end.
    Interval,
    /// One of, or all of, several dates.
    Set,
    /// `../..`: nothing is known.
    Unknown,
}

impl Date {
    pub(super) const fn new(year: u16, part: DatePart) -> Self {
        Self { year, part, qualifier: Qualifier { approximate: false, uncertain: false } }
    }

    /// The day, where the year lies in the profile.
    pub(super) fn from_day(day: NaiveDate) -> Option<Self> {
        let year = u16::try_from(day.year()).ok().filter(|year| *year <= 9999)?;
        let part = DatePart::Day { month: u8::try_from(day.month()).ok()?, day: u8::try_from(day.day()).ok()? };
        Some(Self::new(year, part))
    }

    pub(super) const fn with(self, qualifier: Qualifier) -> Self {
        Self { qualifier, ..self }
    }

    /// Whether digits were left unspecified.
    pub(super) const fn is_masked(self) -> bool {
        matches!(
            self.part,
            DatePart::DayOfMonth(_)
                | DatePart::DayOfYear
                | DatePart::MonthOfYear
                | DatePart::Decade
                | DatePart::Century
        )
    }

    const fn precision(self) -> Precision {
        match self.part {
            DatePart::Day { .. } => Precision::Day,
            DatePart::Month(_) | DatePart::DayOfMonth(_) => Precision::Month,
            DatePart::Season(_) => Precision::Season,
            DatePart::Quarter(_) => Precision::Quarter,
            DatePart::HalfYear(_) => Precision::HalfYear,
            DatePart::Year | DatePart::MonthOfYear | DatePart::DayOfYear => Precision::Year,
            DatePart::Decade => Precision::Decade,
            DatePart::Century => Precision::Century,
        }
    }
}

impl Qualifier {
    pub(super) const fn and(self, other: Self) -> Self {
        Self { approximate: self.approximate || other.approximate, uncertain: self.uncertain || other.uncertain }
    }
}

impl Edtf {
    /// `../..`: nothing is known, as of a relative date that could not be resolved.
    pub const UNRESOLVED: Self = Self(EdtfForm::Interval(End::Open, End::Open));

    /// One civil day; `None` outside the years 0000 to 9999.
    #[must_use]
    pub fn from_day(day: NaiveDate) -> Option<Self> {
        Date::from_day(day).map(|date| Self(EdtfForm::Date(date)))
    }

    /// The precision of the date.
    #[must_use]
    pub const fn precision(&self) -> Precision {
        match &self.0 {
            EdtfForm::Date(date) => date.precision(),
            EdtfForm::Time(_) => Precision::Day,
            EdtfForm::Interval(End::Open, End::Open) => Precision::Unknown,
            EdtfForm::Interval(..) => Precision::Interval,
            EdtfForm::Set(..) => Precision::Set,
        }
    }

    /// Whether any part of it is approximate (`~` or `%`).
    #[must_use]
    pub fn is_approximate(&self) -> bool {
        self.qualifier().approximate
    }

    /// Whether any part of it is uncertain (`?` or `%`).
    #[must_use]
    pub fn is_uncertain(&self) -> bool {
        self.qualifier().uncertain
    }

    /// What is known about the start. `Known` exactly where [`Edtf::earliest`] is a day.
    #[must_use]
    pub fn start_state(&self) -> BoundState {
        match &self.0 {
            EdtfForm::Interval(End::Open, End::Open) => BoundState::Unknown,
            EdtfForm::Interval(start, _) => start.state(),
            EdtfForm::Set(kind, members) if matches!(members.first(), Some(Member::UpTo(_))) => kind.outer_state(),
            EdtfForm::Date(_) | EdtfForm::Time(_) | EdtfForm::Set(..) => BoundState::Known,
        }
    }

    /// What is known about the end. `Known` exactly where [`Edtf::latest`] is a day.
    #[must_use]
    pub fn end_state(&self) -> BoundState {
        match &self.0 {
            EdtfForm::Interval(End::Open, End::Open) => BoundState::Unknown,
            EdtfForm::Interval(_, end) => end.state(),
            EdtfForm::Set(kind, members) if matches!(members.last(), Some(Member::From(_))) => kind.outer_state(),
            EdtfForm::Date(_) | EdtfForm::Time(_) | EdtfForm::Set(..) => BoundState::Known,
        }
    }

    /// The states and qualifiers as bits: 1 start open, 2 start unknown, 4 end open, 8 end unknown, 16 approximate, 32 uncertain.
    #[must_use]
    pub fn flags(&self) -> i16 {
        let side = |state| match state {
            BoundState::Known => 0,
            BoundState::Open => 1,
            BoundState::Unknown => 2,
        };
        let qualifier = self.qualifier();
        let flag = |is_set: bool, flag: i16| if is_set { flag } else { 0 };
        side(self.start_state())
            | side(self.end_state()) << 2
            | flag(qualifier.approximate, APPROXIMATE)
            | flag(qualifier.uncertain, UNCERTAIN)
    }

    pub(super) fn qualifier(&self) -> Qualifier {
        match &self.0 {
            EdtfForm::Date(date) => date.qualifier,
            EdtfForm::Time(_) => Qualifier::default(),
            EdtfForm::Interval(start, end) => start.qualifier().and(end.qualifier()),
            EdtfForm::Set(_, members) => {
                members.iter().fold(Qualifier::default(), |all, member| all.and(member.qualifier()))
            }
        }
    }
}

impl End {
    const fn state(self) -> BoundState {
        match self {
            Self::Date(_) => BoundState::Known,
            Self::Open => BoundState::Open,
            Self::Unknown => BoundState::Unknown,
        }
    }

    pub(super) fn qualifier(self) -> Qualifier {
        match self {
            Self::Date(date) => date.qualifier,
            Self::Open | Self::Unknown => Qualifier::default(),
        }
    }
}

impl SetKind {
    /// The state of the side where `..` stands. One date of a set has a first and a last day; all dates together may have none.
    const fn outer_state(self) -> BoundState {
        match self {
            Self::OneOf => BoundState::Unknown,
            Self::AllOf => BoundState::Open,
        }
    }
}

impl Member {
    fn qualifier(self) -> Qualifier {
        match self {
            Self::One(date) | Self::UpTo(date) | Self::From(date) => date.qualifier,
            Self::Range(first, last) => first.qualifier.and(last.qualifier),
        }
    }
}
