//! The text of a date, which `parse` reads.

use std::fmt::{self, Display, Formatter, Write as _};

use super::edtf::{Date, DatePart, DateTime, Edtf, EdtfForm, End, Member, SetKind, Zone};

impl Display for Edtf {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.0 {
            EdtfForm::Date(date) => date.fmt(f),
            EdtfForm::Time(time) => time.fmt(f),
            EdtfForm::Interval(start, end) => write!(f, "{start}/{end}"),
            EdtfForm::Set(kind, members) => {
                let (open, close) = match kind {
                    SetKind::OneOf => ('[', ']'),
                    SetKind::AllOf => ('{', '}'),
                };
                f.write_char(open)?;
                for (index, member) in members.iter().enumerate() {
                    if index > 0 {
                        f.write_char(',')?;
                    }
                    match member {
                        Member::One(date) => date.fmt(f)?,
                        Member::Range(first, last) => write!(f, "{first}..{last}")?,
                        Member::UpTo(date) => write!(f, "..{date}")?,
                        Member::From(date) => write!(f, "{date}..")?,
                    }
                }
                f.write_char(close)
            }
        }
    }
}

impl Display for End {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(date) => date.fmt(f),
            Self::Open => f.write_str(".."),
            Self::Unknown => Ok(()),
        }
    }
}

impl Display for Date {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let year = self.year;
        match self.part {
            DatePart::Day { month, day } => write!(f, "{year:04}-{month:02}-{day:02}"),
            DatePart::DayOfMonth(month) => write!(f, "{year:04}-{month:02}-XX"),
            DatePart::DayOfYear => write!(f, "{year:04}-XX-XX"),
            DatePart::Month(month) => write!(f, "{year:04}-{month:02}"),
            DatePart::MonthOfYear => write!(f, "{year:04}-XX"),
            DatePart::Season(number) => write!(f, "{year:04}-{}", 20 + number),
            DatePart::Quarter(number) => write!(f, "{year:04}-{}", 32 + number),
            DatePart::HalfYear(number) => write!(f, "{year:04}-{}", 39 + number),
            DatePart::Year => write!(f, "{year:04}"),
            DatePart::Decade => write!(f, "{:03}X", year / 10),
            DatePart::Century => write!(f, "{:02}XX", year / 100),
        }?;
        match (self.qualifier.approximate, self.qualifier.uncertain) {
            (false, false) => Ok(()),
            (true, false) => f.write_char('~'),
            (false, true) => f.write_char('?'),
            (true, true) => f.write_char('%'),
        }
    }
}

impl Display for DateTime {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { year, month, day, hour, minute, second, zone } = self;
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}")
    }
}

impl Display for Zone {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Local => Ok(()),
            Self::Utc => f.write_char('Z'),
            Self::Hours(hours) => write!(f, "{hours:+03}"),
            Self::Minutes(minutes) => {
                let sign = if minutes < 0 { '-' } else { '+' };
                write!(f, "{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
            }
        }
    }
}
