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
    assert_eq!(read("1952/1953").ranks(), Ranks { asc: 712_953, end: 713_683, desc: 712_953 });
    assert_eq!(read("../1953").ranks(), Ranks { asc: -1, end: 713_683, desc: -1 });
    assert_eq!(read("1952/").ranks(), Ranks { asc: 712_953, end: i32::MAX - 1, desc: 712_953 });
    assert_eq!(ranks(None), Ranks { asc: i32::MAX, end: i32::MAX, desc: i32::MIN });
    assert_eq!(day_ranks(None), DayRanks { asc: i32::MAX, desc: i32::MIN });
    assert_eq!(day_ranks(Some(day("1952-01-01"))), DayRanks { asc: 712_953, desc: 712_953 });
}

#[test]
fn dates_are_ordered_by_their_first_day_and_then_by_their_last() {
    let in_order = [
        Some("../1951"),
        Some("../.."),
        Some("1952-01-01"),
        Some("1952-01"),
        Some("1952"),
        Some("1952/1953"),
        Some("1952/.."),
        Some("1952-01-02"),
        None,
    ];
    let ranked: Vec<Ranks> = in_order.map(|text| ranks(text.map(read).as_ref())).to_vec();
    assert!(ranked.is_sorted(), "{ranked:?}");
}

#[test]
fn what_has_no_date_is_last_in_both_directions() {
    let mut found = [ranks(None), read("../..").ranks(), read("1952").ranks()];
    found.sort_by_key(|ranks| (ranks.asc, ranks.end));
    assert_eq!(found[2], Ranks::UNDATED);
    found.sort_by_key(|ranks| std::cmp::Reverse((ranks.desc, ranks.end)));
    assert_eq!(found[2], Ranks::UNDATED);
}
