//! How dates stand to each other.

use super::{day, read};
use crate::date::{DayRanks, Ranks, day_number, day_ranks, ranks};

#[test]
fn days_are_counted_from_the_first_day_of_the_year_0() {
    assert_eq!(day_number(day("0000-01-01")), 0);
    assert_eq!(day_number(day("0001-01-01")), 366);
    assert_eq!(day_number(day("1970-01-01")), 719_528);
    assert_eq!(day_number(day("9999-12-31")), 3_652_424);
}

#[test]
fn ranks_say_where_a_side_is_missing() {
    let (first, last, none) = (712_953, 713_683, i32::MAX - 1);
    assert_eq!(read("1952/1953").ranks(), Ranks { asc: first, end: last, desc: first, start: first });
    assert_eq!(read("../1953").ranks(), Ranks { asc: last, end: last, desc: last, start: -1 });
    assert_eq!(read("1952/").ranks(), Ranks { asc: first, end: none, desc: first, start: first });
    assert_eq!(read("../..").ranks(), Ranks { asc: i32::MAX, end: none, desc: i32::MIN, start: -1 });
    assert_eq!(ranks(None), Ranks { asc: i32::MAX, end: none, desc: i32::MIN, start: i32::MAX });
    assert_eq!(day_ranks(None), DayRanks { asc: i32::MAX, desc: i32::MIN });
    assert_eq!(day_ranks(Some(day("1952-01-01"))), DayRanks { asc: 712_953, desc: 712_953 });
}

#[test]
fn dates_are_ordered_by_their_first_day_else_by_their_last_and_then_by_their_last() {
    let in_order = [
        Some("1951-12-30"),
        Some("[..1951-12-31]"),
        Some("1952-01-01"),
        Some("1952-01"),
        Some("1952"),
        Some("1952/1953"),
        Some("1952/.."),
        Some("1952-01-02"),
        Some("../1953"),
        Some("/1954"),
        Some("../.."),
        None,
    ];
    let ranked = in_order.map(|text| ranks(text.map(read).as_ref()));
    let ascending = ranked.map(|ranks| (ranks.asc, ranks.end));
    assert!(ascending.is_sorted(), "{ranked:?}");
    let [dated @ .., unknown, undated] = ranked.map(|ranks| (ranks.desc, ranks.end));
    assert!(dated.is_sorted(), "{ranked:?}");
    assert_eq!(unknown, undated);
}

#[test]
fn what_has_no_date_is_last_in_both_directions() {
    let known = read("1952").ranks();
    let mut found = [ranks(None), read("../..").ranks(), known];
    found.sort_by_key(|ranks| (ranks.asc, ranks.end));
    assert_eq!(found[0], known);
    found.sort_by_key(|ranks| std::cmp::Reverse((ranks.desc, ranks.end)));
    assert_eq!(found[0], known);
}
