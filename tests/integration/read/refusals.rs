//! Unknown and invalid ids, keys, lists and dates: the field is null, and a clear error names what is invalid.

use serde_json::{Value, json};

use crate::{
    both_databases,
    support::{
        crowd::{crowd, id_of},
        service::{Service, refusal},
    },
};

const TYPES: [(&str, &str, &str); 5] = [
    ("article", "article/hub", "an Article"),
    ("place", "place/hub", "a Place"),
    ("organization", "organization/hub", "an Organization"),
    ("person", "person/hub", "a Person"),
    ("event", "event/hub", "an Event"),
];
const UNKNOWN: &str = "0190d8f0-0000-7000-8000-000000000000";

both_databases! {
    async fn an_unknown_record_is_null(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        for (root, ..) in TYPES {
            assert_eq!(service.data(&format!("{{ {root}(id: \"{UNKNOWN}\") {{ id name }} }}")).await, json!({ root: null }));
        }
        assert_eq!(service.data(&format!("{{ node(id: \"{UNKNOWN}\") {{ id }} }}")).await, json!({ "node": null }));
        for by in ["key: \"no/such\"", "sameAs: \"http://www.wikidata.org/entity/Q0\"", "url: \"https://no.example/\""] {
            assert_eq!(service.data(&format!("{{ record({by}) {{ id }} }}")).await, json!({ "record": null }), "{by}");
        }
        let (one, other) = (id_of("place/hub"), id_of("relation/hub"));
        let several = service.data(&format!("{{ nodes(ids: [\"{UNKNOWN}\", \"{one}\", \"{UNKNOWN}\", \"{other}\", \"{one}\"]) {{ id }} }}")).await;
        assert_eq!(several, json!({ "nodes": [null, { "id": one }, null, { "id": other }, { "id": one }] }));
        assert_eq!(service.data("{ nodes(ids: []) { id } }").await, json!({ "nodes": [] }));
    }

    async fn a_record_of_another_type_is_an_error_that_says_so(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        for (root, _, wanted) in TYPES {
            for (_, key, found) in TYPES.iter().chain(&[("node", "relation/hub", "a Relation")]) {
                let id = id_of(key);
                let answer = service.ask(&format!("{{ {root}(id: \"{id}\") {{ id }} }}")).await;
                if *found == wanted {
                    assert_eq!(answer, json!({ "data": { root: { "id": id } } }));
                } else {
                    assert_eq!(refusal(&answer), (root.to_owned(), format!("{id} is {found}, not {wanted}.")));
                    assert_eq!(answer["data"], json!({ root: null }));
                    let by_key = service.ask(&format!("{{ {root}(id: \"{key}\") {{ id }} }}")).await;
                    assert_eq!(refusal(&by_key), (root.to_owned(), format!("{key} is {found}, not {wanted}.")));
                }
            }
        }
    }

    async fn an_object_that_is_not_a_record_has_an_id_too(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        let data = service.data(&format!("{{ event(id: \"{}\") {{ participants(first: 1) {{ nodes {{ id }} }} citations(first: 1) {{ nodes {{ id }} }} history {{ nodes {{ id }} }} }}
            article(id: \"{}\") {{ mentions(first: 1) {{ nodes {{ id }} }} }} }}", id_of("event/hub"), id_of("article/hub"))).await;
        for (pointer, ty) in [("/event/participants", "Participation"), ("/event/citations", "Citation"), ("/event/history", "Revision"), ("/article/mentions", "Mention")] {
            let id = data.pointer(&format!("{pointer}/nodes/0/id")).and_then(Value::as_str).expect("an id");
            let node = service.data(&format!("{{ node(id: \"{id}\") {{ __typename id }} nodes(ids: [\"{id}\"]) {{ id }} }}")).await;
            assert_eq!(node, json!({ "node": { "__typename": ty, "id": id }, "nodes": [{ "id": id }] }));
            let (path, message) = service.refusal(&format!("{{ place(id: \"{id}\") {{ id }} }}")).await;
            assert_eq!((path.as_str(), message), ("place", format!("{id} is a {ty}, not a Place.")));
        }
    }

    async fn a_text_that_no_record_has_as_id_or_key_gives_null(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        let good = id_of("place/hub");
        let upper = good.to_uppercase();
        assert_eq!(service.data(&format!("{{ place(id: \"{upper}\") {{ id }} }}")).await["place"]["id"], *good, "capitals are as good");
        let (simple, long) = (good.replace('-', ""), "x".repeat(10_000));
        for bad in ["", "x", "5", simple.as_str(), &format!("{{{good}}}"), &format!("urn:uuid:{good}"), &format!("{good} "), "' or 1=1 --", "ليبيا", "_:new", "a\\u0000\\nb", &long] {
            for root in ["node", "article", "place", "organization", "person", "event"] {
                let data = service.data(&format!("{{ other: {root}(id: \"{bad}\") {{ id }} place(id: \"{good}\") {{ id }} }}")).await;
                assert_eq!(data, json!({ "other": null, "place": { "id": good } }), "{bad}");
            }
            let data = service.data(&format!("{{ nodes(ids: [\"{bad}\", \"{good}\"]) {{ id }} }}")).await;
            assert_eq!(data, json!({ "nodes": [null, { "id": good }] }), "{bad}");
        }
        assert_eq!(service.data("{ node(id: 5) { id } nodes(ids: 5) { id } }").await, json!({ "node": null, "nodes": [null] }));
    }

    async fn at_most_100_objects_are_found_at_once(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        let good = id_of("place/hub");
        let ids: Vec<_> = std::iter::repeat_n(&good, 100).collect();
        let document = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }";
        assert_eq!(service.data_with(document, json!({ "ids": ids })).await["nodes"].as_array().map(Vec::len), Some(100));
        let ids: Vec<_> = std::iter::repeat_n(&good, 101).collect();
        let answer = service.ask_with(document, json!({ "ids": ids })).await;
        assert_eq!(refusal(&answer), ("nodes".to_owned(), "`ids` takes at most 100 ids, not 101.".to_owned()));
        assert_eq!(answer["data"], Value::Null, "the list may not be null, so that all data is");
    }

    async fn a_record_is_selected_by_exactly_one_argument(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        let message = "Give exactly one of `key`, `sameAs` and `url`.";
        for arguments in ["(key: null)", "", "(key: \"place/hub\", url: \"https://a.example/\")", "(sameAs: \"https://a.example/\", url: \"https://a.example/\")"] {
            let answer = service.ask(&format!("{{ record{arguments} {{ id }} }}")).await;
            assert_eq!(refusal(&answer), ("record".to_owned(), message.to_owned()), "{arguments}");
            assert_eq!(answer["data"], json!({ "record": null }));
        }
        let nulls = service.data("{ record(key: \"place/hub\", sameAs: null, url: null) { name } }").await;
        assert_eq!(nulls["record"]["name"], "Hub");
    }

    async fn an_error_sets_the_nearest_nullable_field_to_null(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        let hub = id_of("place/hub");
        let answer = service.ask(&format!("{{ ok: place(id: \"{hub}\") {{ id }} bad: place(id: \"{hub}\") {{ deep: contains {{ nodes {{ worst: events(first: -1) {{ totalCount }} }} }} }} }}")).await;
        assert_eq!(refusal(&answer), ("bad.deep.nodes.worst".to_owned(), "`first` must be from 0 to 100, not -1.".to_owned()));
        assert_eq!(answer["data"], json!({ "ok": { "id": hub }, "bad": null }));
        assert_eq!(answer["errors"][0]["locations"].as_array().map(Vec::len), Some(1));
        let answer = service.ask(&format!("{{ ok: place(id: \"{hub}\") {{ id }} bad: places {{ nodes {{ contains(last: -1) {{ totalCount }} }} }} }}")).await;
        assert_eq!(refusal(&answer).0, "bad.nodes.contains");
        assert_eq!(answer["data"], Value::Null);
    }

    async fn related_takes_at_most_100(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        let hub = id_of("place/hub");
        for first in [-1, 101] {
            let (path, message) = service.refusal(&format!("{{ place(id: \"{hub}\") {{ related(first: {first}) {{ score }} }} }}")).await;
            assert_eq!((path, message), ("place.related".to_owned(), format!("`first` must be from 0 to 100, not {first}.")));
        }
        let none = service.data(&format!("{{ place(id: \"{hub}\") {{ related(first: 0) {{ score }} }} }}")).await;
        assert_eq!(none["place"]["related"], json!([]));
    }

    async fn texts_with_nul_and_overlong_lists_are_refused_at_their_path(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        let filter = "query ($where: PlaceWhere) { places(where: $where) { totalCount } }";
        let many = |n: usize, item: &str| json!(std::iter::repeat_n(item, n).collect::<Vec<_>>());
        let nul = "must not contain the character NUL.";
        for (asked, message) in [
            (json!({ "name": { "equals": "a\u{0}b" } }), format!("where.name.equals {nul}")),
            (json!({ "or": [{ "key": { "in": ["a", "\u{0}"] } }] }), format!("where.or.0.key.in.1 {nul}")),
            (json!({ "not": { "countryCode": { "equals": "\u{0}" } } }), format!("where.not.countryCode.equals {nul}")),
            (json!({ "name": { "in": many(1_001, "x") } }), "where.name.in takes at most 1000 values, not 1001.".to_owned()),
            (json!({ "id": { "in": many(1_001, UNKNOWN) } }), "where.id.in takes at most 1000 values, not 1001.".to_owned()),
            (json!({ "and": [{}, { "id": { "equals": "\0" } }] }), format!("where.and.1.id.equals {nul}")),
            (json!({ "id": { "in": [UNKNOWN, "y\0"] } }), format!("where.id.in.1 {nul}")),
        ] {
            let answer = service.ask_with(filter, json!({ "where": asked })).await;
            assert_eq!(refusal(&answer), ("places".to_owned(), message), "{asked}");
        }
        let fits = service.data_with(filter, json!({ "where": { "id": { "in": many(1_000, UNKNOWN) }, "name": { "in": many(1_000, "x") } } })).await;
        assert_eq!(fits["places"]["totalCount"], 0);
        let answer = service.ask("{ record(key: \"a\\u0000\") { id } }").await;
        assert_eq!(refusal(&answer), ("record".to_owned(), "A text must not contain the character NUL.".to_owned()));
    }

    async fn malformed_dates_addresses_and_languages_are_refused_at_their_path(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        let hub = id_of("place/hub");
        for bad in ["2015-02-30", "2015-2-3", "2015", "yesterday", "", "2015-02-17T00:00:00Z", "2015-02-17~", " 2015-02-17"] {
            for (document, path, name) in [
                (format!("{{ events(where: {{ date: {{ overlaps: {{ from: \"{bad}\" }} }} }}) {{ totalCount }} }}"), "events", "where.date.overlaps.from"),
                (format!("{{ articles(where: {{ not: {{ publishedOn: {{ to: \"{bad}\" }} }} }}) {{ totalCount }} }}"), "articles", "where.not.publishedOn.to"),
                (format!("{{ place(id: \"{hub}\") {{ relations(at: \"{bad}\") {{ totalCount }} }} }}"), "place.relations", "at"),
            ] {
                let advice = match bad {
                    "2015-2-3" => ": write 2015-02-03",
                    " 2015-02-17" => ": write 2015-02-17",
                    _ => "",
                };
                let expected = format!("{name}: \"{bad}\" is not a Date, such as 2015-02-24{advice}.");
                assert_eq!(service.refusal(&document).await, (path.to_owned(), expected), "{document}");
            }
        }
        let by_variable = "query ($day: Date) { articles(where: { publishedOn: { from: $day } }) { totalCount } }";
        let answer = service.ask_with(by_variable, json!({ "day": "2015-02-30" })).await;
        assert_eq!(refusal(&answer), ("articles".to_owned(), "where.publishedOn.from: \"2015-02-30\" is not a Date, such as 2015-02-24.".to_owned()));
        for (argument, message) in [
            ("url: \"no address\"", "url: \"no address\" is not a Url, such as https://example.org/."),
            ("sameAs: \"javascript:alert(1)\"", "sameAs: \"javascript:alert(1)\" is not a Url, such as https://example.org/."),
        ] {
            let answer = service.ask(&format!("{{ record({argument}) {{ id }} }}")).await;
            assert_eq!(refusal(&answer), ("record".to_owned(), message.to_owned()));
            assert_eq!(answer["data"], json!({ "record": null }));
        }
        let (path, message) = service.refusal(&format!("{{ place(id: \"{hub}\") {{ name(languages: [\"en\", \"not a tag\"]) }} }}")).await;
        assert_eq!((path.as_str(), message.as_str()), ("place.name", "languages.1: \"not a tag\" is not a LanguageTag, such as pt-BR."));
    }

    async fn a_date_or_address_that_is_not_a_string_is_refused_before_anything_runs(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        for document in ["{ record(url: 5) { id } }", "{ articles(where: { publishedOn: { from: 2015 } }) { totalCount } }", "{ places { nodes { name(languages: EN) } } }"] {
            let answer = service.ask(document).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{document}: {answer}");
            assert_eq!(answer.get("data"), None, "{document}");
        }
    }

    async fn an_unknown_filter_is_refused_before_anything_runs(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        for document in [
            "{ places(where: { nothing: 1 }) { totalCount } }",
            "{ places(where: { kind: { equals: TOWN } }) { totalCount } }",
            "{ places(where: { kind: { equals: \"CITY\" } }) { totalCount } }",
            "{ places(where: 5) { totalCount } }",
            "{ places(orderBy: { field: SIZE }) { totalCount } }",
            "{ places(orderBy: { direction: ASC }) { totalCount } }",
            "{ places(orderBy: { field: DATE }) { totalCount } }",
            "{ places(first: \"3\") { totalCount } }",
            "{ places(first: 1.5) { totalCount } }",
            "{ places(first: 99999999999) { totalCount } }",
            "{ places(nothing: 1) { totalCount } }",
            "{ place { id } }",
            "{ place(id: null) { id } }",
            "{ places { totalCount { id } } }",
            "{ places { nodes } }",
        ] {
            let answer = service.ask(document).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{document}: {answer}");
            assert!(answer["errors"][0]["locations"][0]["line"].is_u64(), "{document} has no line");
            assert_eq!(answer.get("data"), None, "{document}");
        }
    }

    async fn a_field_of_some_types_says_which_inline_fragment_selects_it(database: TestDatabase) {
        let service = Service::with_records(&database, &[]).await;
        for (document, parent, advice) in [
            ("{ record(key: \"a\") { population } }", "Record", "Use an inline fragment on Place: ... on Place { population }."),
            ("{ record(key: \"a\") { names { text } } }", "Record", "Use an inline fragment on Entity: ... on Entity { names }."),
            ("{ nodes(ids: []) { name } }", "Node", "Use an inline fragment on Record: ... on Record { name }."),
            ("{ record(key: \"a\") { ... on Entity { headquarters { id } } } }", "Entity", "Use an inline fragment on Organization: ... on Organization { headquarters }."),
        ] {
            let (_, message) = service.refusal(document).await;
            assert!(message.contains(&format!("on type \"{parent}\". {advice}")), "{document}: {message}");
        }
    }
}
