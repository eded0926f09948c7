//! Reads EDTF text: dates, times, intervals and sets. For an invalid text, `diagnosis` finds the reason. Called through [`std::str::FromStr`].

use std::str::FromStr;

use super::{
    bounds::days_in_month,
    diagnosis::diagnose,
    edtf::{Date, DatePart, DateTime, Edtf, EdtfForm, End, Member, Qualifier, SetKind, Zone},
    error::{EdtfError, Reason, ReasonAt},
    single::{date, two},
};

/// The maximum length of a text in bytes: enough for a set of about a hundred days.
const MAX_BYTES: usize = 1_200;

const MASKED_IN_INTERVAL: &str = "unspecified digits inside an interval (level 2)";

impl FromStr for Edtf {
    type Err = EdtfError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        parse(text).map(Self).map_err(|refused| EdtfError::new(text, refused))
    }
}

fn parse(text: &str) -> Result<EdtfForm, ReasonAt> {
    if text.is_empty() {
        return Err(ReasonAt::new(0, Reason::Empty));
    }
    if text.len() > MAX_BYTES {
        return Err(ReasonAt::new(MAX_BYTES, Reason::TooLong(MAX_BYTES)));
    }
    if let Some(date) = date(text.as_bytes()) {
        return Ok(EdtfForm::Date(date));
    }
    if text.starts_with(['[', '{']) {
        return set(text);
    }
    if let Some((start, end)) = text.split_once('/') {
        return interval(start, end);
    }
    if let Some((day, time)) = text.split_once('T') {
        return date_time(day, time).map(EdtfForm::Time);
    }
    Err(diagnose(text, 0))
}

fn date_time(day: &str, time: &str) -> Result<DateTime, ReasonAt> {
    let date = date(day.as_bytes()).ok_or_else(|| diagnose(day, 0))?;
    let (DatePart::Day { month, day: day_of_month }, Qualifier { approximate: false, uncertain: false }) =
        (date.part, date.qualifier)
    else {
        return Err(ReasonAt::new(day.len(), Reason::TimeWithoutDay));
    };
    let at = day.len() + 1;
    let wrong = |at, what| Err(ReasonAt::new(at, Reason::Time(what)));
    let Some(([hour, minute, second], zone)) = clock(time.as_bytes()) else {
        return wrong(at, "a time of day is written hh:mm:ss, as in 10:30:00");
    };
    if hour > 23 {
        return wrong(at, "hours run from 00 to 23");
    }
    if minute > 59 {
        return wrong(at + 3, "minutes run from 00 to 59");
    }
    let time =
        DateTime { year: date.year, month, day: day_of_month, hour, minute, second, zone: offset(zone, at + 8)? };
    if second > 60 || (second == 60 && !may_be_leap_second(time)) {
        return wrong(at + 6, "seconds run from 00 to 59");
    }
    Ok(time)
}

/// Hour, minute and second, and what follows them.
fn clock(time: &[u8]) -> Option<([u8; 3], &[u8])> {
    let ([h1, h2, b':', m1, m2, b':', s1, s2], zone) = time.split_first_chunk()? else {
        return None;
    };
    Some(([two(*h1, *h2)?, two(*m1, *m2)?, two(*s1, *s2)?], zone))
}

fn offset(zone: &[u8], at: usize) -> Result<Zone, ReasonAt> {
    let wrong = |what| Err(ReasonAt::new(at, Reason::Offset(what)));
    let (sign, hours, minutes) = match *zone {
        [] => return Ok(Zone::Local),
        [b'Z'] => return Ok(Zone::Utc),
        [b'.' | b',', ..] => {
            return Err(ReasonAt::new(at, Reason::Time("fractions of a second are not part of EDTF")));
        }
        [sign @ (b'+' | b'-'), h1, h2] => (sign, two(h1, h2), None),
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => (sign, two(h1, h2), Some(two(m1, m2))),
        _ => return wrong("after the time only Z or an offset from UTC may stand, as in -04:00"),
    };
    let (Some(hours @ 0..=23), None | Some(Some(0..=59))) = (hours, minutes) else {
        return wrong("an offset from UTC has hours from 00 to 23 and minutes from 00 to 59");
    };
    let is_negative = sign == b'-';
    let hours = hours.cast_signed();
    let signed = |value: i16| if is_negative { -value } else { value };
    let minutes = minutes.flatten().map(|minutes| signed(i16::from(hours) * 60 + i16::from(minutes)));
    if is_negative && hours == 0 && minutes.is_none_or(|minutes| minutes == 0) {
        return wrong("no offset from UTC is written +00:00 or Z");
    }
    Ok(minutes.map_or(Zone::Hours(if is_negative { -hours } else { hours }), Zone::Minutes))
}

/// Leap seconds come at the end of a month, after 23:59:59 UTC. A time without an offset counts as UTC.
fn may_be_leap_second(time: DateTime) -> bool {
    let ahead = match time.zone {
        Zone::Local | Zone::Utc => 0,
        Zone::Hours(hours) => i32::from(hours) * 60,
        Zone::Minutes(minutes) => i32::from(minutes),
    };
    let minute = i32::from(time.hour) * 60 + i32::from(time.minute) - ahead;
    let last = days_in_month(time.year, time.month);
    match minute {
        // In UTC it is the last minute of the day before, of the day as written, or of the day after.
        -1 => time.day == 1,
        1_439 => time.day == last,
        2_879 => time.day + 1 == last,
        _ => false,
    }
}

fn interval(start: &str, end: &str) -> Result<EdtfForm, ReasonAt> {
    let at = start.len() + 1;
    if let Some(slash) = end.find('/') {
        return Err(ReasonAt::new(at + slash, Reason::TooManyParts));
    }
    let (from, to) = (interval_end(start, 0)?, interval_end(end, at)?);
    match (from, to) {
        (End::Date(first), End::Date(last)) => in_order(first, last, at)?,
        (End::Unknown, End::Unknown | End::Open) | (End::Open, End::Unknown) => {
            return Err(ReasonAt::new(0, Reason::NothingKnown));
        }
        _ => {}
    }
    Ok(EdtfForm::Interval(from, to))
}

fn interval_end(text: &str, at: usize) -> Result<End, ReasonAt> {
    match text {
        "" => return Ok(End::Unknown),
        ".." => return Ok(End::Open),
        _ if text.starts_with('P') => return Err(ReasonAt::new(at, Reason::DurationInInterval)),
        _ => {}
    }
    let date = date_without_time(text, at)?;
    if date.is_masked() {
        return Err(ReasonAt::new(at, Reason::OutsideProfile(MASKED_IN_INTERVAL)));
    }
    Ok(End::Date(date))
}

fn date_without_time(text: &str, at: usize) -> Result<Date, ReasonAt> {
    if let Some(date) = date(text.as_bytes()) {
        return Ok(date);
    }
    match text.split_once('T') {
        Some((day, _)) if date(day.as_bytes()).is_some() => Err(ReasonAt::new(at + day.len(), Reason::TimeNotAllowed)),
        _ => Err(diagnose(text, at)),
    }
}

/// Some day of the first date must not come after some day of the last.
fn in_order(first: Date, last: Date, at: usize) -> Result<(), ReasonAt> {
    if last.last() < first.first() {
        return Err(ReasonAt::new(at, Reason::Backwards(first.to_string(), last.to_string())));
    }
    Ok(())
}

fn set(text: &str) -> Result<EdtfForm, ReasonAt> {
    let (kind, close, other) =
        if text.starts_with('[') { (SetKind::OneOf, ']', '}') } else { (SetKind::AllOf, '}', ']') };
    let Some(inner) = text[1..].strip_suffix(close) else {
        let reason = if text.ends_with(other) { Reason::MixedBrackets } else { Reason::Unclosed(close) };
        return Err(ReasonAt::new(text.len() - usize::from(text.ends_with(other)), reason));
    };
    if inner.is_empty() {
        return Err(ReasonAt::new(1, Reason::EmptySet));
    }
    let count = inner.bytes().filter(|byte| *byte == b',').count() + 1;
    let mut members = Vec::with_capacity(count);
    let mut at = 1;
    for (index, entry) in inner.split(',').enumerate() {
        members.push(member(entry, at, index == 0, index + 1 == count)?);
        at += entry.len() + 1;
    }
    Ok(EdtfForm::Set(kind, members.into_boxed_slice()))
}

fn member(text: &str, at: usize, is_first: bool, is_last: bool) -> Result<Member, ReasonAt> {
    if let Some(slash) = text.find('/') {
        return Err(ReasonAt::new(at + slash, Reason::IntervalInSet));
    }
    let Some((first, last)) = text.split_once("..") else {
        return date_without_time(text, at).map(Member::One);
    };
    let last_at = at + first.len() + 2;
    match (first, last) {
        ("", "") => Err(ReasonAt::new(at, Reason::MissingDate)),
        ("", _) if is_first => date_without_time(last, last_at).map(Member::UpTo),
        (_, "") if is_last => date_without_time(first, at).map(Member::From),
        ("", _) | (_, "") => Err(ReasonAt::new(at, Reason::OpenInside)),
        _ => {
            let (first, last) = (date_without_time(first, at)?, date_without_time(last, last_at)?);
            in_order(first, last, last_at)?;
            Ok(Member::Range(first, last))
        }
    }
}
