//! Reads dates in other notations, such as 17/02/2015, to say in a message how they are written in EDTF.

use std::iter;

use super::{Edtf, error::Reason};

/// The days, months, years or intervals in EDTF that a text in another notation may mean: one, or two if the order of day and month is
/// not clear. None if the text is a date in EDTF, or nothing that is known here.
#[must_use]
pub fn in_edtf(text: &str) -> Vec<String> {
    let plain = plain(text);
    if is_date(&plain) {
        return if plain == text { Vec::new() } else { vec![plain] };
    }
    let ways = one_date(&plain);
    if ways.is_empty() { interval(&plain).into_iter().collect() } else { ways }
}

/// The first digit or dash of a text that is not one of those of dates.
#[must_use]
pub fn foreign_sign(text: &str) -> Option<Reason> {
    text.chars().find_map(foreign)
}

pub(super) fn foreign(sign: char) -> Option<Reason> {
    match sign {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Some(Reason::ForeignHyphen(sign)),
        _ if !sign.is_ascii() && sign.is_numeric() => Some(Reason::ForeignDigit(sign)),
        _ => None,
    }
}

fn is_date(text: &str) -> bool {
    text.parse::<Edtf>().is_ok()
}

/// The text with ASCII digits and hyphens, without the invisible marks of texts from right to left.
fn plain(text: &str) -> String {
    let sign = |sign: char| {
        Some(match sign {
            '٠'..='٩' => digit(sign, '٠'),
            '۰'..='۹' => digit(sign, '۰'),
            '０'..='９' => digit(sign, '０'),
            '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => return None,
            sign if sign.is_whitespace() => ' ',
            sign => sign,
        })
    };
    text.chars().filter_map(sign).collect::<String>().trim().to_owned()
}

fn digit(sign: char, zero: char) -> char {
    char::from_digit(u32::from(sign) - u32::from(zero), 10).unwrap_or(sign)
}

/// `17/02/2015`, `17.2.2015`, `2015/2/17`, `02/2015`, `20150217`
fn one_date(text: &str) -> Vec<String> {
    let parts: Vec<&str> = text.split(['/', '.', '-', ' ']).collect();
    let is_number = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    if !parts.iter().all(|part| is_number(part)) {
        return Vec::new();
    }
    let written = |year: &str, rest: &[&str]| {
        let parts: Vec<String> =
            iter::once(year).chain(rest.iter().copied()).map(|part| format!("{part:0>2}")).collect();
        (year.len() == 4).then(|| parts.join("-")).filter(|text| is_date(text))
    };
    let ways = match parts.as_slice() {
        [all] if all.len() == 8 => [written(&all[..4], &[&all[4..6], &all[6..]]), None],
        [year, month] if year.len() == 4 => [written(year, &[month]), None],
        [month, year] => [written(year, &[month]), None],
        [year, month, day] if year.len() == 4 => [written(year, &[month, day]), None],
        [day, month, year] if day == month => [written(year, &[month, day]), None],
        [one, other, year] => [written(year, &[other, one]), written(year, &[one, other])],
        _ => [None, None],
    };
    ways.into_iter().flatten().collect()
}

/// `2011-2014`, `17/02/2015 - 20/02/2015`
fn interval(text: &str) -> Option<String> {
    let side = |text: &str| {
        let text = text.trim();
        if is_date(text) {
            Some(text.to_owned())
        } else {
            <[String; 1]>::try_from(one_date(text)).ok().map(|[one]| one)
        }
    };
    [" - ", " / ", "-", "/"].into_iter().find_map(|between| {
        let (start, end) = text.split_once(between)?;
        Some(format!("{}/{}", side(start)?, side(end)?)).filter(|text| is_date(text))
    })
}
