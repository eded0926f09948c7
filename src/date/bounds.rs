//! The first and the last day that a date may mean.

use chrono::NaiveDate;

use super::edtf::{Date, DatePart, DateTime, Edtf, EdtfForm, End, Member};

/// The number of days of a month (1 to 12) in the proleptic Gregorian calendar.
pub(super) const fn days_in_month(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}

pub(super) const fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn civil(year: u16, month: u8, day: u8) -> NaiveDate {
    NaiveDate::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day))
        .expect("only days of the calendar become a Date")
}

fn first_of(year: u16, month: u8) -> NaiveDate {
    civil(year, month, 1)
}

fn last_of(year: u16, month: u8) -> NaiveDate {
    civil(year, month, days_in_month(year, month))
}

impl Date {
    /// The first day that is meant.
    pub(super) fn first(self) -> NaiveDate {
        match self.part {
            DatePart::Day { month, day } => civil(self.year, month, day),
            DatePart::Month(month) | DatePart::DayOfMonth(month) => first_of(self.year, month),
            DatePart::Season(number) => first_of(self.year, number * 3),
            DatePart::Quarter(number) => first_of(self.year, number * 3 - 2),
            DatePart::HalfYear(number) => first_of(self.year, number * 6 - 5),
            DatePart::Year | DatePart::MonthOfYear | DatePart::DayOfYear | DatePart::Decade | DatePart::Century => {
                first_of(self.year, 1)
            }
        }
    }

    /// The last day that is meant.
    pub(super) fn last(self) -> NaiveDate {
        match self.part {
            DatePart::Day { month, day } => civil(self.year, month, day),
            DatePart::Month(month) | DatePart::DayOfMonth(month) => last_of(self.year, month),
            // A winter ends in the next year, unless that would be the year 10000.
            DatePart::Season(4) if self.year == 9999 => last_of(9999, 12),
            DatePart::Season(4) => last_of(self.year + 1, 2),
            DatePart::Season(number) => last_of(self.year, number * 3 + 2),
            DatePart::Quarter(number) => last_of(self.year, number * 3),
            DatePart::HalfYear(number) => last_of(self.year, number * 6),
            DatePart::Year | DatePart::MonthOfYear | DatePart::DayOfYear => last_of(self.year, 12),
            DatePart::Decade => last_of(self.year + 9, 12),
            DatePart::Century => last_of(self.year + 99, 12),
        }
    }
}

impl DateTime {
    /// The day as written, in the offset as written.
    pub(super) fn date(self) -> Date {
        Date::new(self.year, DatePart::Day { month: self.month, day: self.day })
    }
}

impl End {
    pub(super) const fn date(self) -> Option<Date> {
        match self {
            Self::Date(date) => Some(date),
            Self::Open | Self::Unknown => None,
        }
    }
}

impl Member {
    /// The date at which the member begins, if it does.
    pub(super) const fn from(self) -> Option<Date> {
        match self {
            Self::One(date) | Self::Range(date, _) | Self::From(date) => Some(date),
            Self::UpTo(_) => None,
        }
    }

    /// The date at which the member ends, if it does.
    pub(super) const fn to(self) -> Option<Date> {
        match self {
            Self::One(date) | Self::Range(_, date) | Self::UpTo(date) => Some(date),
            Self::From(_) => None,
        }
    }
}

impl Edtf {
    /// The first day; `None` where the start is open or unknown. For a set, the first day of all its members.
    #[must_use]
    pub fn earliest(&self) -> Option<NaiveDate> {
        match &self.0 {
            EdtfForm::Date(date) => Some(date.first()),
            EdtfForm::Time(time) => Some(time.date().first()),
            EdtfForm::Interval(start, _) => start.date().map(Date::first),
            EdtfForm::Set(_, members) => {
                // One member without a beginning leaves the whole set without one.
                members.iter().map(|member| member.from().map(Date::first)).min().flatten()
            }
        }
    }

    /// The last day, inclusive; `None` where the end is open or unknown.
    #[must_use]
    pub fn latest(&self) -> Option<NaiveDate> {
        match &self.0 {
            EdtfForm::Date(date) => Some(date.last()),
            EdtfForm::Time(time) => Some(time.date().last()),
            EdtfForm::Interval(_, end) => end.date().map(Date::last),
            EdtfForm::Set(_, members) => {
                let open = members.iter().any(|member| member.to().is_none());
                members.iter().filter_map(|member| member.to().map(Date::last)).max().filter(|_| !open)
            }
        }
    }
}
