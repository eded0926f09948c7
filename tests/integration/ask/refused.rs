//! Bad input of filters: each has a defined answer.

use async_graphql::{Request, Variables};
use dateline::{
    domain::queue::WriteQueue,
    graphql::{self, document::limit::Limits},
};
use serde_json::{Value, json};

use crate::{
    both_databases,
    support::service::{Service, refusal},
};

fn world() -> Vec<Value> {
    vec![
        json!({ "type": "PLACE", "key": "cafe", "name": "Caf\u{e9} 100%", "kind": "CITY", "population": 7, "location": { "latitude": 10.0, "longitude": 20.0 } }),
        json!({ "type": "PLACE", "key": "b_c", "name": "B_C", "kind": "CITY" }),
        json!({ "type": "EVENT", "key": "e", "name": "E", "kind": "OTHER", "date": { "edtf": "2015" }, "places": [{ "place": "b_c" }] }),
    ]
}

const PLACES: &str = "query ($where: PlaceWhere) { places(where: $where) { nodes { key } } }";
const EVENTS: &str = "query ($where: EventWhere) { events(where: $where) { nodes { key } } }";

/// A condition within itself, that many levels deep.
fn deep(levels: usize) -> Value {
    (1..levels).fold(json!({ "key": { "equals": "b_c" } }), |inner, level| match level % 3 {
        0 => json!({ "not": { "events": { "none": { "places": { "some": inner } } } } }),
        1 => json!({ "and": [inner] }),
        _ => json!({ "or": [inner, { "or": [] }] }),
    })
}

both_databases! {
    async fn a_bad_value_is_refused_with_its_path(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let near = |latitude: f64, longitude: f64, radius: f64| json!({ "near": { "latitude": latitude, "longitude": longitude, "radiusKm": radius } });
        let ids: Vec<String> = (0..1001).map(|i| format!("key/{i}")).collect();
        for (condition, message) in [
            (near(91.0, 0.0, 1.0), "where.near.latitude must be from -90 to 90, not 91."),
            (near(0.0, -180.5, 1.0), "where.near.longitude must be from -180 to 180, not -180.5."),
            (near(0.0, 0.0, -1.0), "where.near.radiusKm must be 0 or more, not -1."),
            (json!({ "inBox": { "south": 1, "west": 0, "north": 0, "east": 1 } }), "where.inBox.south must not be greater than where.inBox.north."),
            (json!({ "inBox": { "south": 0, "west": 0, "north": 90.1, "east": 1 } }), "where.inBox.north must be from -90 to 90, not 90.1."),
            (json!({ "id": { "in": ids } }), "where.id.in takes at most 1000 values, not 1001."),
            (json!({ "within": ids }), "where.within takes at most 1000 values, not 1001."),
            (json!({ "name": { "equals": "a\u{0}b" } }), "where.name.equals must not contain the character NUL."),
            (json!({ "name": { "contains": "a\u{0}b" } }), "where.name.contains must not contain the character NUL."),
            (json!({ "not": { "key": { "startsWith": "\u{0}" } } }), "where.not.key.startsWith must not contain the character NUL."),
            (json!({ "or": [{}, { "id": { "in": ["x", "a\u{0}b"] } }] }), "where.or.1.id.in.1 must not contain the character NUL."),
            (json!({ "createdAt": { "gte": "yesterday" } }), "where.createdAt.gte: \"yesterday\" is not a DateTime, such as 2015-02-24T10:30:00.000Z."),
            // years that have no four digits in UTC
            (json!({ "createdAt": { "lt": "9999-12-31T23:59:59-01:00" } }),
                "where.createdAt.lt: \"9999-12-31T23:59:59-01:00\" is not a DateTime, such as 2015-02-24T10:30:00.000Z."),
            (json!({ "createdAt": { "gt": "0000-01-01T00:00:00+01:00" } }),
                "where.createdAt.gt: \"0000-01-01T00:00:00+01:00\" is not a DateTime, such as 2015-02-24T10:30:00.000Z."),
            (json!({ "events": { "some": { "date": { "within": { "from": "2015-02-30" } } } } }),
                "where.events.some.date.within.from: \"2015-02-30\" is not a Date, such as 2015-02-24."),
            (json!({ "events": { "some": { "participants": { "some": { "id": { "equals": "key" } } } } } }), "where.events.some.participants.some.id.equals: \"key\" is not an id."),
        ] {
            let answer = service.ask_with(PLACES, json!({ "where": condition })).await;
            assert_eq!(refusal(&answer), ("places".to_owned(), message.to_owned()));
        }
    }

    async fn an_unknown_field_or_operator_is_an_error_that_names_it(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        for (document, part) in [
            ("{ places(where: { nme: { equals: \"x\" } }) { totalCount } }", "PlaceWhere has no field \"nme\" (did you mean \"name\"?)."),
            ("{ places(where: { name: { equal: \"x\" } }) { totalCount } }", "TextFilter has no field \"equal\" (did you mean \"equals\"?)."),
            ("{ events(where: { places: { som: {} } }) { totalCount } }", "EventPlacesFilter has no field \"som\" (did you mean \"some\"?)."),
            ("{ events(where: { participants: { some: { rol: {} } } }) { totalCount } }", "ParticipationWhere has no field \"rol\" (did you mean \"role\"?)."),
            ("{ places(where: { colour: {} }) { totalCount } }", "PlaceWhere has no field \"colour\"."),
        ] {
            let answer = service.ask(document).await;
            let message = answer["errors"][0]["message"].as_str().expect("an error");
            assert!(message.contains(part), "{document}: {message}");
            assert_eq!(answer.get("data"), None);
        }
        let variable = json!({ "where": { "or": [{ "containdIn": { "isNull": true } }] } });
        let answer = service.ask_with(PLACES, variable.clone()).await;
        let message = answer["errors"][0]["message"].as_str().expect("an error");
        assert!(message.contains("PlaceWhere has no field \"containdIn\" (did you mean \"containedIn\"?)."), "{message}");

        // suggestions tell what introspection would
        let limits = Limits { introspection: false, ..Limits::DEFAULT };
        let schema = graphql::schema(service.reader.clone(), WriteQueue::start(database.open().await), &limits);
        for request in [
            Request::new(PLACES).variables(Variables::from_json(variable)),
            Request::new("{ places(where: { nme: { equals: \"x\" } }) { totalCount } }"),
        ] {
            let message = schema.execute(request).await.errors.remove(0).message;
            assert!(message.contains("PlaceWhere has no field") && !message.contains("did you mean"), "{message}");
        }
    }

    async fn odd_conditions_have_defined_answers(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let all = ["b_c", "cafe"];
        let mut thousand: Vec<String> = (1..1000).map(|i| format!("key/{i}")).collect();
        thousand.push("b_c".to_owned());
        for (condition, expected) in [
            (json!({}), &all[..]),
            (json!({ "and": [] }), &all),
            (json!({ "or": [] }), &[]),
            (json!({ "not": {} }), &[]),
            (json!({ "not": { "or": [] } }), &all),
            (json!({ "or": [{}] }), &all),
            (json!({ "id": {} , "name": {}, "events": {}, "containedIn": {}, "population": null }), &all),
            (json!({ "id": { "in": [] } }), &[]),
            (json!({ "id": { "notIn": [] } }), &all),
            (json!({ "name": { "in": [] } }), &[]),
            // ids of nothing, and of a record of another type
            (json!({ "id": { "equals": "nothing" } }), &[]),
            (json!({ "id": { "equals": 7 } }), &[]),
            (json!({ "id": { "in": ["e", "cafe"] } }), &["cafe"]),
            (json!({ "id": { "notIn": ["e", "nothing"] } }), &all),
            (json!({ "within": ["e", "nothing"] }), &[]),
            (json!({ "within": [] }), &[]),
            (json!({ "id": { "in": thousand } }), &["b_c"]),
            (json!({ "createdAt": { "lt": "9999-12-31T23:59:59.9999Z" } }), &all),
            (json!({ "createdAt": { "gt": "0000-01-01T00:00:00Z" } }), &all),
            (json!({ "population": { "gt": 8, "lt": 6 } }), &[]),
            (json!({ "population": { "isNull": true, "gt": 6 } }), &[]),
            (json!({ "not": { "population": { "gt": 6 } } }), &["b_c"]),
            (json!({ "countryCode": { "notIn": ["LY"] } }), &all),
            (json!({ "name": { "equals": "%" } }), &[]),
            (json!({ "name": { "equals": "B%C" } }), &[]),
            (json!({ "name": { "equals": "B_C" } }), &["b_c"]),
            (json!({ "name": { "contains": "%" } }), &[]),
            (json!({ "name": { "contains": "00%" } }), &["cafe"]),
            (json!({ "name": { "contains": "_c" } }), &[]),
            (json!({ "name": { "startsWith": "b_" } }), &["b_c"]),
            (json!({ "name": { "startsWith": "b%" } }), &[]),
            (json!({ "name": { "contains": "" } }), &all),
            (json!({ "name": { "startsWith": "  " } }), &all),
            (json!({ "countryCode": { "startsWith": "" } }), &[]),
            // marks alone are letters
            (json!({ "name": { "contains": "\u{301}" } }), &[]),
            (json!({ "name": { "startsWith": "\u{200f}" } }), &[]),
            // else they do not count
            (json!({ "name": { "startsWith": "\u{200f}CAFE\u{301} 1" } }), &["cafe"]),
            (json!({ "name": { "contains": "Caf\u{e9} 100% ".repeat(5_000) } }), &[]),
            // decomposed letters are normalized
            (json!({ "name": { "equals": "Cafe\u{301} 100%" } }), &["cafe"]),
            // a mark of direction is a letter of its own
            (json!({ "name": { "equals": "\u{200f}B_C" } }), &[]),
            (json!({ "events": { "some": {} } }), &["b_c"]),
            (json!({ "events": { "none": {} } }), &["cafe"]),
            (json!({ "containedIn": { "is": {} } }), &[]),
            (json!({ "containedIn": { "isNull": true } }), &all),
            (json!({ "events": { "some": { "date": { "overlaps": { "from": "2016-01-01", "to": "2014-01-01" } } } } }), &[]),
            (json!({ "near": { "latitude": 10, "longitude": 20, "radiusKm": 40000 } }), &["cafe"]),
            (json!({ "near": { "latitude": 10, "longitude": 20, "radiusKm": 0 } }), &["cafe"]),
            (json!({ "near": { "latitude": 10, "longitude": 20.1, "radiusKm": 0 } }), &[]),
            // boxes without area
            (json!({ "inBox": { "south": 10, "west": 20, "north": 10, "east": 20 } }), &["cafe"]),
            (json!({ "inBox": { "south": 0, "west": 20, "north": 10, "east": 20 } }), &["cafe"]),
            (json!({ "inBox": { "south": 0, "west": 21, "north": 10, "east": 21 } }), &[]),
        ] {
            let data = service.data_with(PLACES, json!({ "where": condition })).await;
            let nodes = data["places"]["nodes"].as_array().expect("places");
            let keys: Vec<_> = nodes.iter().map(|node| node["key"].as_str().expect("a key")).collect();
            assert_eq!(keys, expected, "{condition}");
        }
        let data = service.data_with(EVENTS, json!({ "where": { "partOf": { "isNull": false } } })).await;
        assert_eq!(data["events"]["nodes"], json!([]));
    }

    async fn a_where_has_at_most_100_comparisons_of_any_kind(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let refused = "`where` has more than 100 comparisons. Use `in` to compare with many values at once.";
        for comparison in [
            json!({ "kind": { "equals": "CITY" } }),
            json!({ "name": { "equals": "no" } }),
            json!({ "name": { "contains": "nothing" } }),
            json!({ "key": { "startsWith": "no" } }),
            json!({ "population": { "isNull": true } }),
            json!({ "createdAt": { "gte": "2015-02-24T10:30:00Z" } }),
            json!({ "within": ["no"] }),
            json!({ "near": { "latitude": 0, "longitude": 0, "radiusKm": 1 } }),
            json!({ "inBox": { "south": 0, "west": 0, "north": 1, "east": 1 } }),
            json!({ "search": "nothing" }),
            json!({ "events": { "some": {} } }),
            json!({ "events": { "none": { "kind": { "in": ["OTHER"] } } } }),
            json!({ "events": { "some": { "date": { "overlaps": { "from": "2015-01-01" } } } } }),
            json!({ "articles": { "some": { "publishedOn": { "from": "2015-01-01" } } } }),
            json!({ "articles": { "some": { "mentions": { "any": ["no"] } } } }),
            json!({ "containedIn": { "isNull": false } }),
            json!({}),
        ] {
            for (count, is_refused) in [(100, false), (101, true)] {
                let many = json!({ "where": { "or": vec![&comparison; count] } });
                let answer = service.ask_with(PLACES, many).await;
                let errors: Vec<_> = answer["errors"].as_array().into_iter().flatten().collect();
                let has_this_error = errors.iter().any(|error| error["message"] == refused && error["extensions"]["code"] == "LIMIT_EXCEEDED");
                assert_eq!(has_this_error, is_refused, "{count} times {comparison}: {errors:?}");
                // many searches or links are refused by their cost
                assert!(errors.iter().all(|error| error["extensions"]["code"] == "LIMIT_EXCEEDED"), "{comparison}: {errors:?}");
            }
        }
        let of_events = |count: usize| json!({ "or": vec![json!({ "name": { "equals": "no" }, "places": { "within": ["no"] } }); count] });
        let answer = service.ask_with(EVENTS, json!({ "where": of_events(50) })).await;
        assert_eq!(answer["data"]["events"]["nodes"], json!([]), "{answer}");
        let answer = service.ask_with(EVENTS, json!({ "where": of_events(51) })).await;
        assert_eq!(answer["errors"][0]["message"], refused, "{answer}");
        // a comparison of `either` end is made twice
        let either = |count: usize| json!({ "relations": { "some": { "either": { "place": { "or": vec![json!({ "kind": { "equals": "CITY" } }); count] } } } } });
        let answer = service.ask_with(PLACES, json!({ "where": either(50) })).await;
        assert_eq!(answer["data"]["places"]["nodes"], json!([]), "{answer}");
        let answer = service.ask_with(PLACES, json!({ "where": either(51) })).await;
        assert_eq!(answer["errors"][0]["message"], refused, "{answer}");
    }

    async fn a_huge_where_is_refused_before_it_is_read_to_its_end(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        // the NUL at the end would be refused with its path, if it were reached
        let mut conditions = vec![json!({}); 80_000];
        conditions.push(json!({ "name": { "equals": "\u{0}" } }));
        let copied = (0..6).fold(json!({ "or": conditions }), |inner, _| json!({ "relations": { "some": { "either": { "place": inner } } } }));
        for condition in [copied, json!({ "or": vec![json!({}); 80_000] }), json!({ "and": vec![json!({ "not": { "and": [] } }); 80_000] })] {
            let answer = service.ask_with(PLACES, json!({ "where": condition })).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "LIMIT_EXCEEDED", "{}", answer["errors"]);
            let message = answer["errors"][0]["message"].as_str().expect("a message");
            assert!(message.starts_with("`where` has more than 100 comparisons."), "{message}");
            assert_eq!(answer.get("data"), None);
        }
    }

    async fn a_where_may_be_deep_but_not_deeper(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        for levels in 1..9 {
            let data = service.data_with(PLACES, json!({ "where": deep(levels) })).await;
            assert_eq!(data["places"]["nodes"], json!([{ "key": "b_c" }]), "{levels}");
        }
        let deeper = (0..25).fold(json!({}), |inner, _| json!({ "not": inner }));
        let (_, message) = refusal(&service.ask_with(PLACES, json!({ "where": deeper })).await);
        assert!(message.ends_with("is too deep: a `where` has at most 20 levels."), "{message}");
    }
}
