//! `where` means what it says: single conditions and pairs of conditions, in all combinations, are compared with a filter that is
//! written by hand.

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::{
    both_databases,
    support::{
        crowd::{crowd, id_of},
        service::Service,
    },
};

/// A condition in GraphQL, and the same condition as a function.
type Condition = (String, Box<dyn Fn(&Value) -> bool>);

/// A combination of conditions: the `where` of a document, and the same as a function.
type Joined<'a> = (String, Box<dyn Fn(&Value) -> bool + 'a>);

fn condition(graphql: impl Into<String>, holds: impl Fn(&Value) -> bool + 'static) -> Condition {
    (graphql.into(), Box::new(holds))
}

fn has_name(record: &Value, name: &str) -> bool {
    record["names"].as_array().expect("names").iter().any(|n| n["text"] == name)
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// Whether the date of a record overlaps a range, according to the table of definitions.
fn overlaps(record: &Value, from: Option<&str>, to: Option<&str>) -> bool {
    let bound = |name: &str| record["date"][name].as_str().map(day);
    !record["date"].is_null()
        && to.map(day).zip(bound("earliest")).is_none_or(|(to, earliest)| earliest <= to)
        && from.map(day).zip(bound("latest")).is_none_or(|(from, latest)| from <= latest)
        && from.map(day).zip(to.map(day)).is_none_or(|(from, to)| from <= to)
}

/// Whether the date is certainly within the range.
fn within(record: &Value, from: Option<&str>, to: Option<&str>) -> bool {
    let bound = |name: &str| record["date"][name].as_str().map(day);
    bound("earliest").zip(bound("latest")).is_some_and(|(earliest, latest)| {
        from.is_none_or(|from| day(from) <= earliest) && to.is_none_or(|to| latest <= day(to))
    })
}

fn event_conditions() -> Vec<Condition> {
    let known = id_of("event/2");
    vec![
        condition(format!("id: {{ equals: \"{known}\" }}"), |e| e["key"] == "event/2"),
        condition(format!("id: {{ in: [\"{}\", \"{}\"] }}", id_of("event/1"), id_of("event/hub")), |e| {
            e["key"] == "event/1" || e["key"] == "event/hub"
        }),
        condition("key: { equals: \"event/3\" }", |e| e["key"] == "event/3"),
        condition("key: { isNull: false }", |e| !e["key"].is_null()),
        condition("key: { isNull: true }", |e| e["key"].is_null()),
        condition("name: { equals: \"Alpha\" }", |e| has_name(e, "Alpha")),
        condition("name: { in: [\"Beta\", \"ألفا\"] }", |e| has_name(e, "Beta") || has_name(e, "ألفا")),
        condition("kind: { equals: MEETING }", |e| e["kind"] == "MEETING"),
        condition("kind: { in: [ATTACK, SITUATION] }", |e| e["kind"] != "MEETING"),
        condition("status: { equals: REPORTED }", |e| e["status"] == "REPORTED"),
        condition("date: { isNull: true }", |e| e["date"].is_null()),
        condition("date: { isNull: false }", |e| !e["date"].is_null()),
        condition("date: { overlaps: { from: \"2015-02-17\", to: \"2015-02-17\" } }", |e| {
            overlaps(e, Some("2015-02-17"), Some("2015-02-17"))
        }),
        condition("date: { within: { from: \"2015-02-01\" } }", |e| within(e, Some("2015-02-01"), None)),
        condition("date: { overlaps: { to: \"2014-12-31\" } within: { from: \"2000-01-01\" } }", |e| {
            overlaps(e, None, Some("2014-12-31")) && within(e, Some("2000-01-01"), None)
        }),
    ]
}

fn place_conditions() -> Vec<Condition> {
    vec![
        condition("kind: { equals: CITY }", |p| p["kind"] == "CITY"),
        condition("countryCode: { equals: \"LY\" }", |p| p["countryCode"] == "LY"),
        condition("countryCode: { in: [\"LY\", \"TN\"] }", |p| p["countryCode"] == "LY" || p["countryCode"] == "TN"),
        condition("countryCode: { isNull: true }", |p| p["countryCode"].is_null()),
        condition("countryCode: { in: [] }", |_| false),
        condition("name: { equals: \"ليبيا\" }", |p| has_name(p, "ليبيا")),
        condition("name: { equals: \"Libya\" }", |p| has_name(p, "Libya")),
        condition("name: { equals: \"libya\" }", |p| has_name(p, "libya")),
        condition("name: { isNull: false }", |_| true),
        condition("key: { in: [\"place/0\", \"place/ly\"] }", |p| p["key"] == "place/0" || p["key"] == "place/ly"),
    ]
}

fn article_conditions() -> Vec<Condition> {
    let published = |from: &'static str, to: &'static str| {
        move |a: &Value| {
            a["publishedOn"]
                .as_str()
                .is_some_and(|on| (from.is_empty() || day(from) <= day(on)) && (to.is_empty() || day(on) <= day(to)))
        }
    };
    vec![
        condition("headline: { equals: \"Alpha\" }", |a| a["headline"] == "Alpha"),
        condition("headline: { in: [\"alpha\", \"Beta\"] }", |a| a["headline"] == "alpha" || a["headline"] == "Beta"),
        condition("publishedOn: { from: \"2015-02-17\" }", published("2015-02-17", "")),
        condition("publishedOn: { to: \"2015-02-17\" }", published("", "2015-02-17")),
        condition("publishedOn: { from: \"2015-02-18\", to: \"2015-02-18\" }", published("2015-02-18", "2015-02-18")),
        condition("publishedOn: { from: \"2015-02-18\", to: \"2015-02-17\" }", |_| false),
        condition("publishedOn: {}", |_| true),
        condition("publishedOn: { isNull: true }", |a| a["publishedOn"].is_null()),
        condition("publishedOn: { from: \"2015-02-17\", isNull: false }", published("2015-02-17", "")),
        condition("key: { equals: \"article/2\" }", |a| a["key"] == "article/2"),
    ]
}

/// Every condition alone, and every pair in all combinations.
fn joined(conditions: &[Condition]) -> Vec<Joined<'_>> {
    let mut all: Vec<Joined<'_>> = vec![];
    for (a, a_holds) in conditions {
        all.push((format!("{{ {a} }}"), Box::new(a_holds)));
        all.push((format!("{{ not: {{ {a} }} }}"), Box::new(move |r| !a_holds(r))));
        for (b, b_holds) in conditions {
            all.push((format!("{{ and: [{{ {a} }}, {{ {b} }}] }}"), Box::new(move |r| a_holds(r) && b_holds(r))));
            all.push((format!("{{ or: [{{ {a} }}, {{ {b} }}] }}"), Box::new(move |r| a_holds(r) || b_holds(r))));
            all.push((format!("{{ {a}, not: {{ {b} }} }}"), Box::new(move |r| a_holds(r) && !b_holds(r))));
            all.push((
                format!("{{ not: {{ or: [{{ {a} }}, {{ not: {{ {b} }} }}] }} }}"),
                Box::new(move |r| !a_holds(r) && b_holds(r)),
            ));
            all.push((
                format!("{{ {a}, or: [{{ {b} }}, {{ not: {{ {b} }} }}], and: [] }}"),
                Box::new(move |r| a_holds(r)),
            ));
        }
    }
    for (text, whether) in [
        ("{}", true),
        ("null", true),
        ("{ and: [] }", true),
        ("{ or: [] }", false),
        ("{ not: {} }", false),
        ("{ not: { or: [] } }", true),
        ("{ not: null, and: null, or: null, key: null }", true),
        ("{ key: { equals: null, in: null } }", true),
    ] {
        all.push((text.to_owned(), Box::new(move |_| whether)));
    }
    all
}

/// Asserts that the answers to all combinations are right. `selection` has the fields that the conditions need.
async fn assert_conditions(service: &Service, list: &str, selection: &str, conditions: &[Condition]) {
    let keys = |records: &[&Value]| -> Vec<Value> { records.iter().map(|record| record["id"].clone()).collect() };
    let all = service.data(&format!("{{ {list}(first: 100) {{ nodes {{ id key {selection} }} }} }}")).await;
    let all = all[list].get("nodes").and_then(Value::as_array).expect("records").clone();
    assert!(all.len() >= 9);
    let cases = joined(conditions);
    // the maximum number of root fields in one document
    for cases in cases.chunks(20) {
        let fields: Vec<_> = cases
            .iter()
            .enumerate()
            .map(|(i, (asked, _))| format!("f{i}: {list}(first: 100, where: {asked}) {{ totalCount nodes {{ id }} }}"))
            .collect();
        let data = service.data(&format!("{{ {} }}", fields.join(" "))).await;
        for (i, (asked, holds)) in cases.iter().enumerate() {
            let expected: Vec<&Value> = all.iter().filter(|record| holds(record)).collect();
            let found = &data[format!("f{i}")];
            let nodes: Vec<&Value> = found["nodes"].as_array().expect("nodes").iter().collect();
            assert_eq!(keys(&nodes), keys(&expected), "{list}(where: {asked})");
            assert_eq!(found["totalCount"], expected.len(), "{list}(where: {asked})");
        }
    }
}

/// Places with codes, with other names, and without a key.
fn more_places() -> Vec<Value> {
    let names = json!([{ "text": "ليبيا", "language": "ar", "kind": "MAIN" }, { "text": "Libye", "language": "fr", "kind": "MAIN" }]);
    vec![
        json!({ "type": "PLACE", "key": "place/ly", "name": "Libya", "language": "en", "names": names, "kind": "COUNTRY", "countryCode": "LY" }),
        json!({ "type": "PLACE", "id": id_of("unnamed"), "name": "Tunisia", "kind": "COUNTRY", "countryCode": "TN" }),
        json!({ "type": "EVENT", "id": id_of("keyless"), "name": "Alpha", "kind": "MEETING", "status": "DENIED", "date": { "edtf": "2015" } }),
    ]
}

both_databases! {
    async fn every_combination_of_two_conditions_on_events_is_right(database: TestDatabase) {
        let service = Service::with_records(&database, &[crowd(), more_places()].concat()).await;
        assert_conditions(&service, "events", "kind status names { text } date { earliest latest }", &event_conditions()).await;
    }
    async fn every_combination_of_two_conditions_on_places_is_right(database: TestDatabase) {
        let service = Service::with_records(&database, &[crowd(), more_places()].concat()).await;
        assert_conditions(&service, "places", "kind countryCode names { text }", &place_conditions()).await;
    }
    async fn every_combination_of_two_conditions_on_articles_is_right(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        assert_conditions(&service, "articles", "headline publishedOn", &article_conditions()).await;
    }

    async fn qualifiers_do_not_change_a_range_and_have_filters_of_their_own(database: TestDatabase) {
        let forms = ["2015-02-23", "2015-02-23~", "2015-02-23?", "2015-02-23%", "2015-02-23~/..", "/2015-02-23?", "../.."];
        let mut lines: Vec<_> = forms.iter().enumerate()
            .map(|(i, edtf)| json!({ "type": "EVENT", "key": format!("event/{i}"), "name": *edtf, "kind": "OTHER", "date": { "edtf": edtf },
                "places": [{ "place": "place" }] })).collect();
        lines.push(json!({ "type": "EVENT", "key": "event/undated", "name": "undated", "kind": "OTHER", "places": [{ "place": "place" }] }));
        lines.push(json!({ "type": "PLACE", "key": "place", "name": "Place", "kind": "CITY" }));
        let service = Service::with_records(&database, &lines).await;
        let day = "within: { from: \"2015-02-23\", to: \"2015-02-23\" }";
        for (filter, expected) in [
            (day.to_owned(), &["2015-02-23", "2015-02-23%", "2015-02-23?", "2015-02-23~"][..]),
            (format!("{day} isApproximate: false"), &["2015-02-23", "2015-02-23?"]),
            (format!("{day} isUncertain: false"), &["2015-02-23", "2015-02-23~"]),
            (format!("{day} isApproximate: false isUncertain: false"), &["2015-02-23"]),
            ("isApproximate: true".to_owned(), &["2015-02-23%", "2015-02-23~", "2015-02-23~/.."]),
            ("isUncertain: true".to_owned(), &["/2015-02-23?", "2015-02-23%", "2015-02-23?"]),
            ("isApproximate: false".to_owned(), &["../..", "/2015-02-23?", "2015-02-23", "2015-02-23?"]),
            ("isUncertain: false".to_owned(), &["../..", "2015-02-23", "2015-02-23~", "2015-02-23~/.."]),
            ("isNull: true".to_owned(), &["undated"]),
        ] {
            let asked = format!("events(where: {{ date: {{ {filter} }} }}) {{ nodes {{ name }} }}");
            let data = service.data(&format!("{{ {asked} place(id: \"{}\") {{ {asked} }} }}", service.id("place").await)).await;
            for list in [&data["events"], &data["place"]["events"]] {
                let mut found: Vec<_> = list["nodes"].as_array().expect("nodes").iter().map(|node| node["name"].as_str().expect("a name")).collect();
                found.sort_unstable();
                assert_eq!(found, expected, "{filter}");
            }
        }
    }

    async fn what_has_no_first_day_is_ordered_by_its_last_and_what_has_neither_comes_last(database: TestDatabase) {
        let dates = [
            ("a", Some("2011")), ("b", Some("[..2015-02-17]")), ("c", Some("2015-02-17")), ("d", Some("../2015-02-18")), ("e", Some("/2016")),
            ("f", Some("../..")), ("g", None), ("h", Some("[..2011,2020..]")), ("i", Some("2016-12-31/..")),
        ];
        let lines: Vec<_> = dates.iter().map(|(key, edtf)| {
            let mut event = json!({ "type": "EVENT", "id": id_of(key), "key": key, "name": *key, "kind": "OTHER", "places": [{ "place": "place" }],
                "participants": [{ "participant": "person", "role": "SPEAKER" }] });
            if let Some(edtf) = edtf {
                event["date"] = json!({ "edtf": edtf });
            }
            event
        }).chain([json!({ "type": "PLACE", "key": "place", "name": "Place", "kind": "CITY" }), json!({ "type": "PERSON", "key": "person", "name": "Person" })]).collect();
        let service = Service::with_records(&database, &lines).await;
        let mut without = ["f", "g", "h"];
        without.sort_unstable_by_key(|key| id_of(key));
        let same_day = if id_of("b") < id_of("c") { ["b", "c"] } else { ["c", "b"] };
        let dated = ["a", same_day[0], same_day[1], "d", "e", "i"];
        for direction in ["ASC", "DESC"] {
            let mut expected = dated.to_vec();
            expected.extend(without);
            if direction == "DESC" {
                expected[..dated.len()].reverse();
                expected[dated.len()..].reverse();
            }
            let asked = format!("events(orderBy: {{ field: DATE, direction: {direction} }}) {{ nodes {{ key }} }}");
            let (place, person) = (service.id("place").await, service.id("person").await);
            let data = service.data(&format!("{{ {asked} place(id: \"{place}\") {{ {asked} }} person(id: \"{person}\") {{ {asked} }} }}")).await;
            for list in [&data["events"], &data["place"]["events"], &data["person"]["events"]] {
                let found: Vec<_> = list["nodes"].as_array().expect("nodes").iter().map(|node| node["key"].as_str().expect("a key")).collect();
                assert_eq!(found, expected, "{direction}");
            }
        }
    }

    async fn date_filters_agree_with_their_table_of_definitions(database: TestDatabase) {
        let forms = ["2015-02-17", "2015-02", "2015", "2015-02-17~", "2015-02-17?", "201X", "2015-21", "2015-34", "2015-40", "2011/..", "../2014", "2011/", "/2014",
            "../..", "2015-02-16/2015-02-23", "[..2015-02-17]", "[2015-02-16,2015-02-18]", "{2015-02-16,2015-02-18}", "2015-02-16/2016", "0000", "9999-12-31", "[2015..]"];
        let mut lines: Vec<_> = forms.iter().enumerate()
            .map(|(i, edtf)| json!({ "type": "EVENT", "key": format!("event/{i}"), "name": *edtf, "kind": "OTHER", "date": { "edtf": edtf } })).collect();
        lines.push(json!({ "type": "EVENT", "key": "event/undated", "name": "undated", "kind": "OTHER" }));
        let service = Service::with_records(&database, &lines).await;
        let days = [None, Some("0000-01-01"), Some("1999-12-31"), Some("2011-01-01"), Some("2014-12-31"), Some("2015-02-15"), Some("2015-02-16"), Some("2015-02-17"),
            Some("2015-02-18"), Some("2015-02-28"), Some("2015-12-31"), Some("9999-12-31")];
        let mut conditions = vec![];
        for from in days {
            for to in days {
                let bound = |name: &str, day: Option<&str>| day.map(|day| format!("{name}: \"{day}\" ")).unwrap_or_default();
                let range = format!("{{ {}{}}}", bound("from", from), bound("to", to));
                conditions.push(condition(format!("date: {{ overlaps: {range} }}"), move |e| overlaps(e, from, to)));
                conditions.push(condition(format!("date: {{ within: {range} }}"), move |e| within(e, from, to)));
            }
        }
        let events = service.data("{ events(first: 100) { nodes { key name date { earliest latest } } } }").await;
        let events = events["events"]["nodes"].as_array().expect("events").clone();
        assert_eq!(events.len(), forms.len() + 1);
        for order in ["ASC", "DESC"] {
            for conditions in conditions.chunks(20) {
                let fields: Vec<_> = conditions.iter().enumerate()
                    .map(|(i, (asked, _))| format!("f{i}: events(first: 100, orderBy: {{ field: DATE, direction: {order} }}, where: {{ {asked} }}) {{ nodes {{ name }} }}")).collect();
                let data = service.data(&format!("{{ {} }}", fields.join(" "))).await;
                for (i, (asked, holds)) in conditions.iter().enumerate() {
                    let mut expected: Vec<_> = events.iter().filter(|event| holds(event)).map(|event| event["name"].as_str()).collect();
                    let mut found: Vec<_> = data[format!("f{i}")]["nodes"].as_array().expect("nodes").iter().map(|node| node["name"].as_str()).collect();
                    expected.sort_unstable();
                    found.sort_unstable();
                    assert_eq!(found, expected, "{asked} in order {order}");
                }
            }
        }
    }
}
