//! What holds for every date.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use crate::date::{BoundState, Duration, Edtf, Precision, TemporalRelation, label, overlaps, resolve, within};

/// A date of levels 0 and 1, mostly valid.
fn simple() -> BoxedStrategy<String> {
    let year = prop_oneof![0..=9999_u16, 1940..=2030_u16];
    let qualifier = prop_oneof![3 => Just(""), 1 => Just("~"), 1 => Just("?"), 1 => Just("%")];
    let part = prop_oneof![
        4 => (1..=12_u8, 1..=31_u8).prop_map(|(month, day)| format!("-{month:02}-{day:02}")),
        3 => prop_oneof![1..=12_u8, 21..=24_u8, 33..=36_u8, 40..=41_u8].prop_map(|code| format!("-{code:02}")),
        2 => Just(String::new()),
        1 => (1..=12_u8).prop_map(|month| format!("-{month:02}-XX")),
        1 => Just("-XX".to_owned()),
        1 => Just("-XX-XX".to_owned()),
    ];
    prop_oneof![
        9 => (year.clone(), part, qualifier.clone()).prop_map(|(year, part, qualifier)| format!("{year:04}{part}{qualifier}")),
        1 => (0..=999_u16, qualifier.clone()).prop_map(|(decade, qualifier)| format!("{decade:03}X{qualifier}")),
        1 => (0..=99_u16, qualifier).prop_map(|(century, qualifier)| format!("{century:02}XX{qualifier}")),
    ]
    .boxed()
}

/// Any text that is a date.
fn date() -> BoxedStrategy<Edtf> {
    let end = || prop_oneof![4 => simple(), 1 => Just("..".to_owned()), 1 => Just(String::new())];
    let member =
        || prop_oneof![3 => simple(), 1 => (simple(), simple()).prop_map(|(first, last)| format!("{first}..{last}"))];
    let members = (
        prop::collection::vec(member(), 1..4),
        prop_oneof![3 => Just(""), 1 => Just("..")],
        prop_oneof![3 => Just(""), 1 => Just("..")],
    )
        .prop_map(|(members, before, after)| format!("{before}{}{after}", members.join(",")));
    let zone = prop_oneof![
        Just(String::new()),
        Just("Z".to_owned()),
        (-12..=14_i8).prop_map(|hours| format!("{hours:+03}")),
        Just("+05:30".to_owned())
    ];
    let time = (0..24_u8, 0..60_u8, 0..60_u8, zone)
        .prop_map(|(hour, minute, second, zone)| format!("T{hour:02}:{minute:02}:{second:02}{zone}"));
    let text = prop_oneof![
        4 => simple(),
        1 => (simple(), time).prop_map(|(day, time)| day + &time),
        3 => (end(), end()).prop_map(|(start, end)| format!("{start}/{end}")),
        2 => members.clone().prop_map(|members| format!("[{members}]")),
        1 => members.prop_map(|members| format!("{{{members}}}")),
    ];
    text.prop_filter_map("no date", |text| text.parse().ok()).boxed()
}

fn day() -> impl Strategy<Value = NaiveDate> {
    let start = NaiveDate::from_ymd_opt(-1, 1, 1).unwrap_or_default();
    prop_oneof![0..=3_653_900_u64, 708_000..=742_000_u64].prop_map(move |days| start + Days::new(days))
}

fn relation() -> impl Strategy<Value = TemporalRelation> {
    use TemporalRelation::{After, AfterOrAt, Before, BeforeOrAt, During, Since, Until};
    prop::sample::select(vec![Before, BeforeOrAt, After, AfterOrAt, During, Since, Until])
}

fn duration() -> impl Strategy<Value = Duration> {
    let date = prop_oneof![
        (0..900_u32).prop_map(|days| format!("{days}D")),
        (0..60_u32).prop_map(|months| format!("{months}M")),
        (0..12_000_u32, 0..40_u32).prop_map(|(years, weeks)| format!("{years}Y{weeks}W")),
    ];
    let time = prop_oneof![3 => Just(String::new()), 1 => (0..100_u32).prop_map(|hours| format!("T{hours}H"))];
    (date, time).prop_filter_map("no duration", |(date, time)| format!("P{date}{time}").parse().ok())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_date_reads_back_from_its_text(date in date()) {
        prop_assert_eq!(date.to_string().parse::<Edtf>(), Ok(date));
    }

    #[test]
    fn no_text_makes_the_reader_panic_and_what_is_read_is_given_back(text in prop_oneof!["\\PC{0,24}", "[0-9XYESTZWPu/.,~?%:+\\[\\]{}-]{0,24}"]) {
        match text.parse::<Edtf>() {
            Ok(date) => prop_assert_eq!(date.to_string(), text),
            Err(error) => prop_assert!(!error.to_string().is_empty() && error.position() <= text.chars().count() + 1),
        }
    }

    #[test]
    fn a_date_begins_before_it_ends(date in date()) {
        if let Some((earliest, latest)) = date.earliest().zip(date.latest()) {
            prop_assert!(earliest <= latest);
        }
    }

    #[test]
    fn a_side_has_a_day_exactly_where_it_is_known(date in date()) {
        prop_assert_eq!(date.earliest().is_some(), date.start_state() == BoundState::Known);
        prop_assert_eq!(date.latest().is_some(), date.end_state() == BoundState::Known);
        if date.precision() == Precision::Unknown {
            prop_assert!(date.earliest().is_none() && date.latest().is_none());
        }
    }

    #[test]
    fn ranks_order_dates_by_first_else_last_and_then_by_last_day(one in date(), other in date()) {
        let days = |date: &Edtf| {
            let (first, last) = (date.earliest().or(date.latest()), date.latest());
            // No day comes after all days.
            (first.is_none(), first, last.is_none(), last)
        };
        let ascending = |date: &Edtf| (date.ranks().asc, date.ranks().end);
        prop_assert_eq!(ascending(&one).cmp(&ascending(&other)), days(&one).cmp(&days(&other)));
        prop_assert_eq!(one.ranks().asc == one.ranks().desc, one.earliest().or(one.latest()).is_some());
    }

    #[test]
    fn ranges_of_ranks_filter_as_the_dates_themselves_do(date in date(), from in prop::option::of(day()), to in prop::option::of(day())) {
        prop_assert_eq!(overlaps(from, to).contains(date.ranks()), date.possibly_within(from, to));
        prop_assert_eq!(within(from, to).contains(date.ranks()), date.certainly_within(from, to));
        prop_assert!(!date.certainly_within(from, to) || date.possibly_within(from, to));
    }

    #[test]
    fn a_derived_date_reads_back_and_keeps_what_is_approximate(
        anchor in date(), relation in relation(), duration in prop::option::of(duration()), approximate in any::<bool>(),
    ) {
        let derived = resolve(Some(&anchor), relation, duration.as_ref(), approximate);
        prop_assert_eq!(derived.to_string().parse::<Edtf>(), Ok(derived.clone()));
        prop_assert!(!approximate || derived.is_approximate() || derived == Edtf::UNRESOLVED);
        prop_assert!(derived.earliest().zip(derived.latest()).is_none_or(|(earliest, latest)| earliest <= latest));
    }

    #[test]
    fn moving_there_and_back_by_days_leads_to_the_same_days(anchor in simple(), days in 0..800_u32) {
        prop_assume!(anchor.parse::<Edtf>().is_ok());
        let anchor: Edtf = anchor.parse()?;
        let step = Duration::from_days(days);
        let there = resolve(Some(&anchor), TemporalRelation::After, Some(&step), false);
        prop_assume!(there.earliest().is_some() && there.latest().is_some());
        let back = resolve(Some(&there), TemporalRelation::Before, Some(&step), false);
        prop_assert_eq!((back.earliest(), back.latest()), (anchor.earliest(), anchor.latest()));
        prop_assert_eq!(back.flags(), anchor.flags());
    }

    #[test]
    fn every_date_has_a_name_in_every_language(date in date()) {
        for language in ["ar", "en", "fr"] {
            let name = label(&date, language);
            prop_assert!(!name.trim().is_empty() && !name.contains("  "), "{:?}", name);
        }
    }

    #[test]
    fn a_duration_reads_back_from_its_text(duration in duration()) {
        prop_assert_eq!(duration.to_string().parse::<Duration>(), Ok(duration));
    }

    #[test]
    fn no_text_makes_the_reader_of_durations_panic(text in prop_oneof!["\\PC{0,16}", "P[0-9YMWDTHS.+-]{0,16}"]) {
        if let Ok(duration) = text.parse::<Duration>() {
            prop_assert_eq!(duration.to_string().parse::<Duration>(), Ok(duration));
        }
    }
}
