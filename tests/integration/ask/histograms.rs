//! Histograms: their bars, what is in them for certain or possibly, and their limit.

use serde_json::{Value, json};

use crate::{
    both_databases,
    support::service::{Service, refusal},
};

fn world() -> Vec<Value> {
    let event = |key: &str, date: Value| json!({ "type": "EVENT", "key": key, "name": key, "kind": "OTHER", "places": [{ "place": "here" }], "date": date });
    let article = |key: &str, day: Value| json!({ "type": "ARTICLE", "key": key, "headline": key, "language": "en", "publishedOn": day });
    let mut lines = vec![json!({ "type": "PLACE", "key": "here", "name": "Here", "kind": "CITY" })];
    for (key, edtf) in [
        ("day", "2015-02-17~"),
        ("month", "2015-02"),
        ("over-the-end", "2015-02-28/2015-03-01"),
        ("since", "2015-03-31/.."),
        ("until", "../2015-01-31"),
        ("some-day", "[..2015-02-01]"),
        ("nothing", "../.."),
    ] {
        lines.push(event(key, json!({ "edtf": edtf })));
    }
    lines.push(json!({ "type": "EVENT", "key": "no-date", "name": "no date", "kind": "OTHER" }));
    lines.extend([
        article("a", json!("2015-02-17")),
        article("b", json!("2015-12-31")),
        json!({ "type": "ARTICLE", "key": "c", "headline": "c", "language": "en" }),
    ]);
    lines
}

/// The bars as `from to count possibleCount`, and the number of those without a date.
fn bars(histogram: &Value) -> (Vec<String>, u64) {
    let bar = |bar: &Value| {
        let text = |name: &str| bar[name].as_str().expect("a day").to_owned();
        format!("{} {} {} {}", text("from"), text("to"), bar["count"], bar["possibleCount"])
    };
    let all = histogram["buckets"].as_array().expect("bars").iter().map(bar).collect();
    (all, histogram["undated"].as_u64().expect("a count"))
}

const SELECTION: &str = "{ interval undated buckets { from to count possibleCount } }";

both_databases! {
    async fn a_date_is_certainly_in_one_bar_and_possibly_in_several(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let at_root = format!("{{ events {{ histogram(interval: MONTH) {SELECTION} }} }}");
        let data = service.data(&at_root).await;
        let expected = ["2015-01-01 2015-01-31 0 2", "2015-02-01 2015-02-28 2 4", "2015-03-01 2015-03-31 0 2"];
        assert_eq!(bars(&data["events"]["histogram"]), (expected.map(str::to_owned).to_vec(), 2));
        let nested = format!("{{ place(id: \"here\") {{ events {{ histogram(interval: MONTH) {SELECTION} }} }} }}");
        let data = service.data(&nested).await;
        assert_eq!(bars(&data["place"]["events"]["histogram"]), (expected.map(str::to_owned).to_vec(), 1));
    }

    async fn a_filter_by_date_sets_the_range_and_empty_bars_are_there(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let document = format!("query ($where: EventWhere) {{ events(where: $where) {{ histogram(interval: MONTH) {SELECTION} }} }}");
        for (condition, expected) in [
            (json!({ "date": { "within": { "from": "2015-02-10", "to": "2015-04-01" } } }),
                &["2015-02-01 2015-02-28 1 2", "2015-03-01 2015-03-31 0 1", "2015-04-01 2015-04-30 0 0"] as &[_]),
            (json!({ "date": { "overlaps": { "from": "2015-03-31" } } }), &["2015-03-01 2015-03-31 0 1"]),
            (json!({ "date": { "overlaps": { "to": "2015-02-01" } } }), &["2015-01-01 2015-01-31 0 2", "2015-02-01 2015-02-28 1 2"]),
            (json!({ "date": { "overlaps": { "from": "2016-01-01", "to": "2016-02-01" } }, "name": { "equals": "nothing of this name" } }),
                &["2016-01-01 2016-01-31 0 0", "2016-02-01 2016-02-29 0 0"]),
            (json!({ "date": { "overlaps": { "from": "2016-02-01", "to": "2016-01-01" } } }), &[]),
            (json!({ "date": { "isNull": true } }), &[]),
            // only at the top
            (json!({ "and": [{ "date": { "within": { "from": "2015-02-10", "to": "2015-04-01" } } }] }),
                &["2015-02-01 2015-02-28 1 2", "2015-03-01 2015-03-31 0 1"]),
        ] {
            let data = service.data_with(&document, json!({ "where": condition })).await;
            let (found, _) = bars(&data["events"]["histogram"]);
            assert_eq!(found, expected, "{condition}");
        }
    }

    async fn articles_are_counted_by_their_day_of_publication(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let data = service.data(&format!("{{ articles {{ h: histogram(interval: QUARTER) {SELECTION} }} }}")).await;
        let expected = ["2015-01-01 2015-03-31 1 1", "2015-04-01 2015-06-30 0 0", "2015-07-01 2015-09-30 0 0", "2015-10-01 2015-12-31 1 1"];
        assert_eq!(bars(&data["articles"]["h"]), (expected.map(str::to_owned).to_vec(), 1));
        let week = "{ articles(where: { publishedOn: { from: \"2015-02-17\", to: \"2015-02-17\" } }) { histogram(interval: WEEK) { __typename buckets { __typename day: from } } } }";
        let data = service.data(week).await;
        assert_eq!(
            data["articles"]["histogram"],
            json!({ "__typename": "Histogram", "buckets": [{ "__typename": "HistogramBucket", "day": "2015-02-16" }] })
        );
    }

    async fn auto_is_the_default_and_says_what_it_chose(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let data = service.data("{ articles { histogram { interval buckets { from } } } none: articles(where: { or: [] }) { histogram { interval undated buckets { from } } } }").await;
        let found = &data["articles"]["histogram"];
        assert_eq!((&found["interval"], found["buckets"].as_array().map(Vec::len)), (&json!("WEEK"), Some(46)));
        assert_eq!(data["none"]["histogram"], json!({ "interval": "AUTO", "undated": 0, "buckets": [] }));
    }

    async fn more_than_400_bars_are_refused_with_what_to_do(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let two_centuries = "{ list: events(where: { date: { overlaps: { from: \"1815-01-01\", to: \"2015-01-01\" } } }) { bars: histogram(interval: DAY) { undated } } }";
        let message = "list.bars: DAY would give 73050 bars from 1815-01-01 to 2015-01-01; the limit is 400. Use AUTO or a longer interval, or filter by date.";
        assert_eq!(refusal(&service.ask(two_centuries).await), ("list".to_owned(), message.to_owned()));
        let data = service.data("{ events(where: { date: { overlaps: { from: \"0000-01-01\", to: \"9999-12-31\" } } }) { histogram { interval buckets { to } } } }").await;
        let buckets = data["events"]["histogram"]["buckets"].as_array().expect("bars");
        assert_eq!((buckets.len(), &buckets[99]["to"]), (100, &json!("9999-12-31")));
    }
}
