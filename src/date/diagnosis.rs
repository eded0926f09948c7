//! Finds the reason why a text is not a date of levels 0 and 1: it is invalid, or a date of level 2.

use super::{
    bounds::{days_in_month, is_leap},
    error::{Reason, ReasonAt},
    notation::foreign,
    single::date,
};

const QUALIFIERS: [char; 3] = ['?', '~', '%'];

/// Why `text`, which begins at byte `at` of the whole, is not a date of levels 0 and 1.
pub(super) fn diagnose(text: &str, at: usize) -> ReasonAt {
    if text.is_empty() {
        return ReasonAt::new(at, Reason::MissingDate);
    }
    if let Some(refused) = draft(text, at).or_else(|| strange_sign(text, at)) {
        return refused;
    }
    if let Some(dots) = text.find("..") {
        return ReasonAt::new(at + dots, Reason::RangeOutsideSet);
    }
    let bare = text.strip_suffix(QUALIFIERS).unwrap_or(text);
    if let Some(rest) = bare.strip_prefix('Y') {
        return long_year(rest, at);
    }
    if let Some((year, digits)) = bare.split_once('S') {
        return significant_digits(year, digits, at);
    }
    if let Some(rest) = text.strip_prefix('-') {
        return negative_year(rest, at);
    }
    if let Some(week) = text.find('W') {
        return ReasonAt::new(at + week, Reason::WeekDate);
    }
    match components(text, at) {
        Ok(what) => ReasonAt::new(at, Reason::OutsideProfile(what)),
        Err(refused) => refused,
    }
}

fn draft(text: &str, at: usize) -> Option<ReasonAt> {
    let (found, instead) = match text {
        "open" => ("open", "`..`"),
        "unknown" => ("unknown", "nothing at that side of the slash"),
        _ if text.len() == 4 && text.ends_with('u') => ("u", "X for an unspecified digit"),
        _ if text.contains("-uu") => ("uu", "XX for unspecified digits"),
        _ => return None,
    };
    Some(ReasonAt::new(at, Reason::Draft { found, instead }))
}

fn strange_sign(text: &str, at: usize) -> Option<ReasonAt> {
    let (index, sign) = text
        .char_indices()
        .find(|(_, sign)| !matches!(sign, '0'..='9' | 'X' | 'Y' | 'E' | 'S' | 'W' | '-' | '?' | '~' | '%' | '.'))?;
    let reason = match sign {
        _ if sign.is_whitespace() => Reason::Blank,
        'x' => Reason::Draft { found: "x", instead: "X for an unspecified digit" },
        'T' => return Some(ReasonAt::new(at + index, Reason::TimeNotAllowed)),
        _ => foreign(sign).unwrap_or(Reason::Unexpected(sign)),
    };
    Some(ReasonAt::new(at + index, reason))
}

/// What follows `Y`: `17000`, `-17000`, `17E7`, `171010000S3`.
fn long_year(rest: &str, at: usize) -> ReasonAt {
    let digits = rest.strip_prefix('-').unwrap_or(rest);
    let (digits, significant) = digits.split_once('S').map_or((digits, None), |(digits, count)| (digits, Some(count)));
    let (value, exponent) = digits.split_once('E').map_or((digits, None), |(value, exponent)| (value, Some(exponent)));
    for number in [Some(value), exponent, significant].into_iter().flatten() {
        if let Some(sign) = number.chars().find(|sign| !sign.is_ascii_digit()) {
            return ReasonAt::new(at, Reason::Unexpected(sign));
        }
        if number.is_empty() {
            return ReasonAt::new(at, Reason::YearLength("none".to_owned()));
        }
    }
    let zeros = exponent.map_or(0, |exponent| exponent.parse().unwrap_or(usize::MAX));
    if value.starts_with('0') || value.len().saturating_add(zeros) < 5 {
        return ReasonAt::new(at, Reason::NeedlessY);
    }
    ReasonAt::new(at, Reason::OutsideProfile("years lie between 0000 and 9999"))
}

/// `1950S2`: a year of which only the first digits count.
fn significant_digits(year: &str, digits: &str, at: usize) -> ReasonAt {
    if !is_year(year.strip_prefix('-').unwrap_or(year)) || year == "-0000" {
        return ReasonAt::new(at, Reason::YearLength(year.to_owned()));
    }
    match digits {
        "1" | "2" | "3" | "4" => ReasonAt::new(at, Reason::OutsideProfile("significant digits of a year (level 2)")),
        _ => ReasonAt::new(at + year.len(), Reason::Unexpected('S')),
    }
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What follows a minus at the very beginning.
fn negative_year(rest: &str, at: usize) -> ReasonAt {
    if rest.starts_with('-') {
        return ReasonAt::new(at, Reason::Unexpected('-'));
    }
    // The calendar is the same before the year 0, so the rest is checked as a date.
    let refused = if date(rest.as_bytes()).is_some() { None } else { Some(diagnose(rest, at + 1)) };
    match refused {
        Some(refused) if !matches!(refused.reason, Reason::OutsideProfile(_)) => refused,
        _ if rest.starts_with("0000") => ReasonAt::new(at, Reason::NegativeZero),
        _ => ReasonAt::new(at, Reason::OutsideProfile("years lie between 0000 and 9999")),
    }
}

/// One component without its qualifiers.
struct Component<'a> {
    text: &'a str,
    at: usize,
}

/// The feature of level 2 that the text uses, or why it is invalid.
fn components(text: &str, at: usize) -> Result<&'static str, ReasonAt> {
    let count = text.split('-').count();
    let mut parts = Vec::with_capacity(3);
    let mut position = at;
    let mut is_qualified_inside = false;
    for (index, written) in text.split('-').enumerate() {
        if index == 3 {
            return Err(ReasonAt::new(position, Reason::TooManyComponents));
        }
        let inner = written.strip_prefix(QUALIFIERS).unwrap_or(written);
        let bare = inner.strip_suffix(QUALIFIERS).unwrap_or(inner);
        is_qualified_inside |= inner.len() < written.len() || (bare.len() < inner.len() && index + 1 < count);
        if let Some(sign) = written.chars().find(|sign| QUALIFIERS.contains(sign)).filter(|_| bare.is_empty()) {
            return Err(ReasonAt::new(
                position,
                if written.len() > 1 { Reason::TwoQualifiers } else { Reason::LoneQualifier(sign) },
            ));
        }
        if bare.is_empty() {
            return Err(ReasonAt::new(position, Reason::MissingDate));
        }
        if let Some(sign) = bare.find(QUALIFIERS) {
            return Err(ReasonAt::new(position + sign, Reason::TwoQualifiers));
        }
        if let Some((index, sign)) = bare.char_indices().find(|(_, sign)| !sign.is_ascii_digit() && *sign != 'X') {
            return Err(ReasonAt::new(position + index, Reason::Unexpected(sign)));
        }
        parts.push(Component { text: bare, at: position + (written.len() - inner.len()) });
        position += written.len() + 1;
    }
    let group = fits(&parts)?;
    Ok(match group {
        Some(group) => group,
        None if is_qualified_inside => {
            "a qualifier on part of a date (level 2); put ?, ~ or % at the end, for the whole of it"
        }
        None => "unspecified digits elsewhere than at the end (level 2)",
    })
}

/// Checks that a date of the calendar has these digits. Returns the name of a grouping of level 2 that they may mean.
fn fits(parts: &[Component<'_>]) -> Result<Option<&'static str>, ReasonAt> {
    let [year, rest @ ..] = parts else {
        return Ok(None);
    };
    if year.text.len() != 4 {
        let is_basic = parts.len() == 1 && year.text.len() == 8 && !year.text.contains('X');
        let reason = if is_basic { Reason::BasicFormat } else { Reason::YearLength(year.text.to_owned()) };
        return Err(ReasonAt::new(year.at, reason));
    }
    let [month, days @ ..] = rest else {
        return Ok(None);
    };
    if month.text.len() == 3 && days.is_empty() {
        return Err(ReasonAt::new(month.at, Reason::OrdinalDate));
    }
    if let Some(component) = rest.iter().find(|component| component.text.len() != 2) {
        return Err(ReasonAt::new(component.at, Reason::ComponentLength(component.text.to_owned())));
    }
    let months: Vec<u8> = (1..=12).filter(|number| matches(month.text, *number)).collect();
    if months.is_empty() {
        let code = month.text.parse().unwrap_or(0);
        let group = match code {
            25..=32 => Some("seasons of one hemisphere (level 2); the seasons are 21 to 24"),
            37..=39 => Some("periods of four months (level 2)"),
            _ => None,
        };
        return match (days, group) {
            ([], Some(_)) => Ok(group),
            ([_, ..], _) if matches!(code, 21..=41) => Err(ReasonAt::new(month.at, Reason::DayAfterGrouping(code))),
            // A season, quarter or half-year, which is supported without a qualifier on its year.
            ([], None) if matches!(code, 21..=24 | 33..=36 | 40 | 41) => Ok(None),
            _ => Err(ReasonAt::new(month.at, Reason::NoSuchMonth(month.text.to_owned()))),
        };
    }
    let [day, ..] = days else { return Ok(None) };
    // Whether any of the years is a leap year matters for one day only.
    let leap = (0..=9999).find(|number| is_leap(*number) && matches_year(year.text, *number));
    let common = (0..=9999).find(|number| matches_year(year.text, *number)).unwrap_or_default();
    let exists = months
        .iter()
        .any(|month| (1..=days_in_month(leap.unwrap_or(common), *month)).any(|number| matches(day.text, number)));
    if exists {
        return Ok(None);
    }
    let month = format!("{}-{}", year.text, month.text);
    Err(ReasonAt::new(day.at, Reason::NoSuchDay { day: day.text.to_owned(), month }))
}

fn matches(pattern: &str, number: u8) -> bool {
    masked(pattern, [number / 10, number % 10])
}

fn masked<const N: usize>(pattern: &str, digits: [u8; N]) -> bool {
    pattern.len() == N && pattern.bytes().zip(digits).all(|(sign, digit)| sign == b'X' || sign == b'0' + digit)
}

fn matches_year(pattern: &str, year: u16) -> bool {
    let digit = |place: u16| u8::try_from(year / place % 10).unwrap_or_default();
    masked(pattern, [digit(1000), digit(100), digit(10), digit(1)])
}
