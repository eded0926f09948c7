//! Filters by dates that may be imprecise, of events, people, organizations and relations.

use serde_json::{Value, json};

use crate::{both_databases, support::service::Service};

/// A date, a range of days, and whether the date is possibly and certainly in the range.
type Case = (&'static str, Option<&'static str>, Option<&'static str>, bool, bool);

const CASES: &[Case] = &[
    ("2015-02", Some("2015-02-10"), Some("2015-02-12"), true, false),
    ("2015", Some("2015-12-31"), Some("2016-06-01"), true, false),
    ("2011-02/..", Some("2020-01-01"), Some("2020-12-31"), true, false),
    ("../2011-10-20", Some("1990-01-01"), Some("1990-12-31"), true, false),
    ("2011/", Some("2015-01-01"), Some("2015-12-31"), true, false),
    ("2015-02-17~", Some("2015-02-17"), Some("2015-02-17"), true, true),
    ("201X", Some("2009-01-01"), Some("2019-12-31"), true, true),
    ("[2015-02-16,2015-02-17]", Some("2015-02-17"), Some("2015-02-20"), true, false),
    ("2015-02-16/2015-02-23", Some("2015-02-20"), Some("2015-02-28"), true, false),
    ("2015-02-24", None, Some("2015-02-23"), false, false),
    ("../..", Some("2015-01-01"), Some("2015-01-01"), true, false),
    ("2015-02-17", Some("2015-02-18"), Some("2015-02-17"), false, false),
    ("2015-02-17", None, None, true, true),
    ("2011/..", None, None, true, false),
    ("[..2015-02-17]", Some("2015-02-18"), None, false, false),
    ("2015-21", Some("2015-03-01"), Some("2015-05-31"), true, true),
];

/// Lists with a fuzzy date, and the field of the date.
const LISTS: [(&str, &str); 6] = [
    ("events", "date"),
    ("people", "born"),
    ("people", "died"),
    ("organizations", "founded"),
    ("organizations", "dissolved"),
    ("relations", "since"),
];

/// One record of each list with this date, in all fields that take it, and one without.
fn lines(index: usize, edtf: Option<&str>) -> Vec<Value> {
    let date = edtf.map(|edtf| json!({ "edtf": edtf }));
    let (person, organization) = (format!("person/{index}"), format!("organization/{index}"));
    let mut all = vec![
        json!({ "type": "EVENT", "key": format!("event/{index}"), "name": "E", "kind": "OTHER" }),
        json!({ "type": "PERSON", "key": person, "name": "P" }),
        json!({ "type": "ORGANIZATION", "key": organization, "name": "O", "kind": "OTHER" }),
        json!({ "type": "RELATION", "key": format!("relation/{index}"), "source": person, "kind": "OTHER", "target": organization }),
    ];
    if let Some(date) = date {
        for (line, fields) in
            [(0, &["date"][..]), (1, &["born", "died"]), (2, &["founded", "dissolved"]), (3, &["since"])]
        {
            for field in fields {
                all[line][*field] = date.clone();
            }
        }
    }
    all
}

async fn keys(service: &Service, list: &str, condition: Value) -> Vec<String> {
    let ty = match list {
        "people" => "Person",
        "organizations" => "Organization",
        "relations" => "Relation",
        _ => "Event",
    };
    let document = format!("query ($where: {ty}Where) {{ {list}(first: 100, where: $where) {{ nodes {{ key }} }} }}");
    let data = service.data_with(&document, json!({ "where": condition })).await;
    let nodes = data[list]["nodes"].as_array().expect("nodes").iter();
    let mut keys: Vec<_> = nodes.map(|node| node["key"].as_str().expect("a key").to_owned()).collect();
    keys.sort_unstable();
    keys
}

both_databases! {
    async fn a_date_is_possibly_or_certainly_in_a_range_as_its_bounds_say(database: TestDatabase) {
        let mut all = lines(CASES.len(), None);
        for (index, (edtf, ..)) in CASES.iter().enumerate() {
            all.extend(lines(index, Some(edtf)));
        }
        let service = Service::with_records(&database, &all).await;
        for (list, field) in LISTS {
            for (index, (edtf, from, to, possible, certain)) in CASES.iter().enumerate() {
                for (operator, expected) in [("overlaps", possible), ("within", certain)] {
                    let found = keys(&service, list, json!({ field: { operator: { "from": from, "to": to } } })).await;
                    let is_found = found.iter().any(|key| key.ends_with(&format!("/{index}")));
                    assert_eq!(is_found, *expected, "{edtf} {operator} {from:?} to {to:?} in {list}");
                    assert!(!found.iter().any(|key| key.ends_with(&format!("/{}", CASES.len()))), "no date, no range: {list}");
                }
            }
            let undated = keys(&service, list, json!({ field: { "isNull": true } })).await;
            assert_eq!(undated.len(), 1, "{list}: {undated:?}");
            assert_eq!(keys(&service, list, json!({ field: {} })).await.len(), CASES.len() + 1);
        }
    }

    async fn qualifiers_are_asked_for_by_themselves(database: TestDatabase) {
        let forms = ["2015-02-17", "2015-02-17~", "2015-02-17?", "2015-02-17%"];
        let all: Vec<Value> = forms.iter().enumerate().flat_map(|(index, edtf)| lines(index, Some(edtf))).chain(lines(4, None)).collect();
        let service = Service::with_records(&database, &all).await;
        for (list, field) in LISTS {
            let indexes = |condition: Value| {
                let service = &service;
                async move {
                    let keys = keys(service, list, json!({ field: condition })).await;
                    keys.iter().map(|key| key.rsplit('/').next().expect("an index").to_owned()).collect::<Vec<_>>().concat()
                }
            };
            assert_eq!(indexes(json!({ "isApproximate": true })).await, "13", "{list}");
            assert_eq!(indexes(json!({ "isApproximate": false })).await, "02", "{list}");
            assert_eq!(indexes(json!({ "isUncertain": true })).await, "23", "{list}");
            assert_eq!(indexes(json!({ "isUncertain": false, "isApproximate": false })).await, "0", "{list}");
            let day = json!({ "from": "2015-02-17", "to": "2015-02-17" });
            assert_eq!(indexes(json!({ "within": day, "isUncertain": false })).await, "01", "{list}");
        }
    }

    async fn a_relation_may_hold_on_a_day_unless_it_certainly_does_not(database: TestDatabase) {
        let periods = [(Some("2011"), Some("2014-06")), (Some("2015-02~"), None), (None, Some("2012")), (None, None), (Some("2011/.."), Some("2016"))];
        let mut all = vec![json!({ "type": "PERSON", "key": "p", "name": "P" })];
        for (index, (since, until)) in periods.iter().enumerate() {
            all.push(json!({ "type": "ORGANIZATION", "key": format!("o/{index}"), "name": "O", "kind": "OTHER" }));
            let mut line = json!({ "type": "RELATION", "key": format!("r/{index}"), "source": "p", "kind": "MEMBER_OF", "target": format!("o/{index}") });
            for (field, edtf) in [("since", since), ("until", until)] {
                if let Some(edtf) = edtf {
                    line[field] = json!({ "edtf": edtf });
                }
            }
            all.push(line);
        }
        let service = Service::with_records(&database, &all).await;
        for (day, expected) in [
            ("2010-12-31", &["r/2", "r/3"][..]), ("2011-01-01", &["r/0", "r/2", "r/3", "r/4"]), ("2014-06-30", &["r/0", "r/3", "r/4"]),
            ("2014-07-01", &["r/3", "r/4"]), ("2015-02-01", &["r/1", "r/3", "r/4"]), ("2017-01-01", &["r/1", "r/3"]),
        ] {
            assert_eq!(keys(&service, "relations", json!({ "at": day })).await, expected, "{day}");
        }
    }

    async fn times_are_compared_to_the_millisecond(database: TestDatabase) {
        let times = ["2020-01-01T00:00:00.000Z", "2020-01-01T00:00:00.001Z", "2020-01-01T00:00:01.000Z"];
        let all: Vec<Value> = times.iter().enumerate()
            .map(|(index, time)| json!({ "type": "EVENT", "key": format!("{index}"), "name": "E", "kind": "OTHER", "createdAt": time, "updatedAt": time })).collect();
        let service = Service::with_records(&database, &all).await;
        for (condition, expected) in [
            (json!({ "gte": "2020-01-01T00:00:00.001Z" }), &["1", "2"][..]),
            (json!({ "gt": "2020-01-01T00:00:00.001Z" }), &["2"]),
            (json!({ "lte": "2020-01-01T02:00:00.001+02:00" }), &["0", "1"]),
            (json!({ "lt": "2020-01-01T00:00:00.001Z" }), &["0"]),
            (json!({ "gte": "2020-01-01T00:00:00.0005Z" }), &["1", "2"]),
            (json!({ "lt": "2020-01-01T00:00:00.0005Z" }), &["0"]),
            (json!({ "gt": "2020-01-01T00:00:01Z", "lt": "2020-01-01T00:00:00Z" }), &[]),
        ] {
            for field in ["createdAt", "updatedAt"] {
                assert_eq!(keys(&service, "events", json!({ field: condition })).await, expected, "{field}: {condition}");
            }
        }
    }
}
