//! Dates relative to another date: "a week after the meeting".
//!
//! The anchor begins on some day of `[a, b]` and ends on some day of `[c, d]`. For a day both are that day; for a month, a year or
//! one of a set something happened on one of its days, so both are the whole of it; for a span the first is its beginning and the
//! second its end; for all of a set they are the first and the last member. Both lie within the whole where a side is not known.
//! `n` is the duration.
//!
//! | relation | without duration | with duration |
//! |---|---|---|
//! | `BEFORE` | some day up to the day before `b` | some day of `[a - n, b - n]` |
//! | `BEFORE_OR_AT` | some day up to `b` | some day of `[a - n, b]` (at most `n` before) |
//! | `AFTER` | some day from the day after `c` | some day of `[c + n, d + n]` |
//! | `AFTER_OR_AT` | some day from `c` | some day of `[c, d + n]` (at most `n` after) |
//! | `DURING` | the anchor's own date | the same |
//! | `SINCE` | the span `a/..` | the span from `a + n` (it begins `n` after) |
//! | `UNTIL` | the span `../d` | the span to `d - n` (it ends `n` before) |
//!
//! So `BEFORE` means an earlier day; where the same day may be meant, the relation is `BEFORE_OR_AT`.
//!
//! - "Some day of" is written as a day, month, year (season, quarter, half-year, decade, century, if the anchor is one) where it is
//!   exactly that, else as a set: `[2015-02-08..2015-03-07]`, `[..2015-02-16]`. Years and months move whole months as such:
//!   a month after 2015-01 is 2015-02.
//! - `AFTER` with `P7D` of `2015-02-17~` is `2015-02-24~`: what is approximate or uncertain of the anchor stays so, and an approximate
//!   relation makes its result approximate.
//! - Without a date of the anchor, where nothing follows from it, or where the result leaves the years 0000 to 9999: `../..`.

use chrono::{Datelike as _, NaiveDate};

use super::{
    duration::Duration,
    edtf::{Date, DatePart, Edtf, EdtfForm, End, Member, Qualifier, SetKind},
};

/// The relation of a date to its anchor; see the table of the module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TemporalRelation {
    /// On an earlier day.
    Before,
    /// On an earlier day or the same.
    BeforeOrAt,
    /// On a later day.
    After,
    /// On a later day or the same.
    AfterOrAt,
    /// At some time of it.
    During,
    /// From its beginning on.
    Since,
    /// Up to its end.
    Until,
}

/// Resolves a date from that of its anchor. A date that cannot be resolved is [`Edtf::UNRESOLVED`]. The text of the
/// result parses to an equal value.
#[must_use]
pub fn resolve(
    anchor: Option<&Edtf>,
    relation: TemporalRelation,
    duration: Option<&Duration>,
    approximate: bool,
) -> Edtf {
    anchor.and_then(|anchor| derive(anchor, relation, duration, approximate)).unwrap_or(Edtf::UNRESOLVED)
}

fn derive(anchor: &Edtf, relation: TemporalRelation, duration: Option<&Duration>, approximate: bool) -> Option<Edtf> {
    use TemporalRelation::{After, AfterOrAt, Before, BeforeOrAt, During, Since, Until};
    let added = Qualifier { approximate, uncertain: false };
    let edge = match relation {
        During => return during(anchor, added),
        Before | BeforeOrAt | Since => beginning(anchor),
        After | AfterOrAt | Until => ending(anchor),
    };
    let moved = match (duration, relation) {
        (None, _) => edge,
        (Some(duration), After | AfterOrAt | Since) => edge.moved(|day| duration.after(day)),
        (Some(duration), _) => edge.moved(|day| duration.before(day)),
    };
    let days = match (relation, duration) {
        (Before, None) => (None, edge.last?.pred_opt().and_then(in_profile)),
        (After, None) => (edge.first?.succ_opt().and_then(in_profile), None),
        (BeforeOrAt, None) => (None, edge.last),
        (AfterOrAt, None) => (edge.first, None),
        (BeforeOrAt, Some(_)) => (moved.first, edge.last),
        (AfterOrAt, Some(_)) => (edge.first, moved.last),
        (Before | After | During | Since | Until, _) => (moved.first, moved.last),
    };
    let qualifier = edge.qualifier.and(added);
    let form = match relation {
        Since => EdtfForm::Interval(End::Date(turn(days, days.0?, edge.unit)?.with(qualifier)), End::Open),
        Until => EdtfForm::Interval(End::Open, End::Date(turn(days, days.1?, edge.unit)?.with(qualifier))),
        _ => some_day(days, edge.unit, qualifier)?,
    };
    Some(Edtf(form))
}

/// First and last day; a side is `None` where it is not known.
type Days = (Option<NaiveDate>, Option<NaiveDate>);

/// The days on one of which something begins or ends.
#[derive(Clone, Copy)]
struct Edge {
    first: Option<NaiveDate>,
    last: Option<NaiveDate>,
    qualifier: Qualifier,
    /// How it is written, where it is one date.
    unit: Option<DatePart>,
}

impl Edge {
    fn of(date: Date) -> Self {
        Self { first: Some(date.first()), last: Some(date.last()), qualifier: date.qualifier, unit: Some(date.part) }
    }

    /// Both sides moved by a step that gives the first and the last day it may lead to. A side that leaves the profile is lost.
    fn moved(self, step: impl Fn(NaiveDate) -> Option<(NaiveDate, NaiveDate)>) -> Self {
        let first = self.first.and_then(|day| Some(step(day)?.0));
        // Whole months move by the day after their last, so that a month after January is all of February.
        let last = if self.is_of_whole_months() {
            self.last.and_then(|day| step(day.succ_opt()?)?.1.pred_opt())
        } else {
            self.last.and_then(|day| Some(step(day)?.1))
        };
        Self { first: first.and_then(in_profile), last: last.and_then(in_profile), ..self }
    }

    fn is_of_whole_months(self) -> bool {
        let follows_month = |last: NaiveDate| last.succ_opt().is_some_and(|next| next.day() == 1);
        self.first.is_some_and(|first| first.day() == 1) && self.last.is_some_and(follows_month)
    }
}

fn beginning(anchor: &Edtf) -> Edge {
    match &anchor.0 {
        EdtfForm::Date(date) | EdtfForm::Interval(End::Date(date), _) => Edge::of(*date),
        EdtfForm::Time(time) => Edge::of(time.date()),
        EdtfForm::Interval(_, end) => {
            Edge { first: None, last: anchor.latest(), qualifier: end.qualifier(), unit: None }
        }
        EdtfForm::Set(kind, members) => {
            let last = match kind {
                SetKind::OneOf => anchor.latest(),
                SetKind::AllOf => {
                    members.iter().filter_map(|member| member.from().or(member.to())).map(Date::last).min()
                }
            };
            Edge { first: anchor.earliest(), last, qualifier: anchor.qualifier(), unit: None }
        }
    }
}

fn ending(anchor: &Edtf) -> Edge {
    match &anchor.0 {
        EdtfForm::Date(date) | EdtfForm::Interval(_, End::Date(date)) => Edge::of(*date),
        EdtfForm::Time(time) => Edge::of(time.date()),
        EdtfForm::Interval(start, _) => {
            Edge { first: anchor.earliest(), last: None, qualifier: start.qualifier(), unit: None }
        }
        EdtfForm::Set(kind, members) => {
            let first = match kind {
                SetKind::OneOf => anchor.earliest(),
                SetKind::AllOf => {
                    members.iter().filter_map(|member| member.to().or(member.from())).map(Date::first).max()
                }
            };
            Edge { first, last: anchor.latest(), qualifier: anchor.qualifier(), unit: None }
        }
    }
}

fn during(anchor: &Edtf, added: Qualifier) -> Option<Edtf> {
    let mark = |date: Date| date.with(date.qualifier.and(added));
    let mark_end = |end: End| end.date().map_or(end, |date| End::Date(mark(date)));
    let form = match &anchor.0 {
        EdtfForm::Interval(End::Open | End::Unknown, End::Open | End::Unknown) => return None,
        EdtfForm::Date(date) => EdtfForm::Date(mark(*date)),
        // A time of day cannot be marked.
        EdtfForm::Time(time) if added.approximate => EdtfForm::Date(mark(time.date())),
        EdtfForm::Time(time) => EdtfForm::Time(*time),
        EdtfForm::Interval(start, end) => EdtfForm::Interval(mark_end(*start), mark_end(*end)),
        EdtfForm::Set(kind, members) => EdtfForm::Set(
            *kind,
            members
                .iter()
                .map(|member| match *member {
                    Member::One(date) => Member::One(mark(date)),
                    Member::Range(first, last) => Member::Range(mark(first), mark(last)),
                    Member::UpTo(date) => Member::UpTo(mark(date)),
                    Member::From(date) => Member::From(mark(date)),
                })
                .collect(),
        ),
    };
    Some(Edtf(form))
}

fn in_profile(day: NaiveDate) -> Option<NaiveDate> {
    (0..=9999).contains(&day.year()).then_some(day)
}

/// One of these days.
fn some_day(days: Days, unit: Option<DatePart>, qualifier: Qualifier) -> Option<EdtfForm> {
    let day = |day| Some(Date::from_day(day)?.with(qualifier));
    let member = match days {
        (Some(first), Some(last)) => match whole(first, last, unit) {
            Some(date) => return Some(EdtfForm::Date(date.with(qualifier))),
            None => Member::Range(day(first)?, day(last)?),
        },
        (None, Some(last)) => Member::UpTo(day(last)?),
        (Some(first), None) => Member::From(day(first)?),
        (None, None) => return None,
    };
    Some(EdtfForm::Set(SetKind::OneOf, Box::new([member])))
}

/// The end of a span that lies in these days, `day` where they are no unit that may stand in an interval.
fn turn(days: Days, day: NaiveDate, unit: Option<DatePart>) -> Option<Date> {
    let unit = days.0.zip(days.1).and_then(|(first, last)| whole(first, last, unit));
    match unit {
        Some(date) if date.is_masked() => Some(Date::new(Date::from_day(day)?.year, DatePart::Year)),
        Some(date) => Some(date),
        None => Date::from_day(day),
    }
}

/// The date that means exactly these days: a day, a month, a year, or what is of the same kind as `unit`.
fn whole(first: NaiveDate, last: NaiveDate, unit: Option<DatePart>) -> Option<Date> {
    let Date { year, part: DatePart::Day { month, day: 1 }, .. } = Date::from_day(first)? else {
        return (first == last).then(|| Date::from_day(first)).flatten();
    };
    let of_unit = match unit {
        Some(DatePart::Season(_)) => DatePart::Season(month / 3),
        Some(DatePart::Quarter(_)) => DatePart::Quarter(month.div_ceil(3)),
        Some(DatePart::HalfYear(_)) => DatePart::HalfYear(month.div_ceil(6)),
        Some(DatePart::Decade) if year.is_multiple_of(10) => DatePart::Decade,
        Some(DatePart::Century) if year.is_multiple_of(100) => DatePart::Century,
        _ => DatePart::Year,
    };
    let parts = [DatePart::Day { month, day: 1 }, DatePart::Month(month), DatePart::Year, of_unit];
    let is_season = |part| part != DatePart::Season(0);
    parts
        .into_iter()
        .filter(|part| is_season(*part))
        .map(|part| Date::new(year, part))
        .find(|date| date.first() == first && date.last() == last)
}
