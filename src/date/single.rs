//! Reads a single date: a year, month, day, season, quarter or half-year, with its qualifier. Called by `parse` and `diagnosis`.

use super::{
    bounds::days_in_month,
    edtf::{Date, DatePart, Qualifier},
};

/// A date of levels 0 and 1, or `None`.
#[inline]
pub(super) fn date(text: &[u8]) -> Option<Date> {
    let (&last, rest) = text.split_last()?;
    let (body, qualifier) = match last {
        b'~' => (rest, Qualifier { approximate: true, uncertain: false }),
        b'?' => (rest, Qualifier { approximate: false, uncertain: true }),
        b'%' => (rest, Qualifier { approximate: true, uncertain: true }),
        _ => (text, Qualifier::default()),
    };
    let (digits, rest) = body.split_first_chunk()?;
    let date = match *rest {
        [] => year_only(*digits)?,
        [b'-', b'X', b'X'] => Date::new(year(*digits)?, DatePart::MonthOfYear),
        [b'-', tens, ones] => Date::new(year(*digits)?, month_or_grouping(two(tens, ones)?)?),
        [b'-', b'X', b'X', b'-', b'X', b'X'] => Date::new(year(*digits)?, DatePart::DayOfYear),
        [b'-', tens, ones, b'-', day_tens, day_ones] => {
            let (year, month) = (year(*digits)?, two(tens, ones)?);
            if !(1..=12).contains(&month) {
                return None;
            }
            let part = if (day_tens, day_ones) == (b'X', b'X') {
                DatePart::DayOfMonth(month)
            } else {
                let day = two(day_tens, day_ones)?;
                if !(1..=days_in_month(year, month)).contains(&day) {
                    return None;
                }
                DatePart::Day { month, day }
            };
            Date::new(year, part)
        }
        _ => return None,
    };
    Some(date.with(qualifier))
}

/// `2015`, `201X` or `20XX`.
fn year_only(digits: [u8; 4]) -> Option<Date> {
    let [thousands, hundreds, tens, ones] = digits;
    match (tens, ones) {
        (b'X', b'X') => Some(Date::new(year([thousands, hundreds, b'0', b'0'])?, DatePart::Century)),
        (_, b'X') => Some(Date::new(year([thousands, hundreds, tens, b'0'])?, DatePart::Decade)),
        _ => Some(Date::new(year(digits)?, DatePart::Year)),
    }
}

fn year([thousands, hundreds, tens, ones]: [u8; 4]) -> Option<u16> {
    Some(u16::from(two(thousands, hundreds)?) * 100 + u16::from(two(tens, ones)?))
}

pub(super) fn two(tens: u8, ones: u8) -> Option<u8> {
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| (tens - b'0') * 10 + (ones - b'0'))
}

fn month_or_grouping(code: u8) -> Option<DatePart> {
    match code {
        1..=12 => Some(DatePart::Month(code)),
        21..=24 => Some(DatePart::Season(code - 20)),
        33..=36 => Some(DatePart::Quarter(code - 32)),
        40 | 41 => Some(DatePart::HalfYear(code - 39)),
        _ => None,
    }
}
