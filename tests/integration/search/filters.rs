//! `search` in a `where`, and `where` in a search.

use serde_json::{Value, json};

use super::found::records;
use crate::{
    both_databases,
    support::service::{Service, refusal},
};

/// The sorted keys of a list.
fn keys(list: &Value) -> Vec<String> {
    let nodes = list["nodes"].as_array().expect("a list");
    let mut keys: Vec<String> = nodes.iter().map(|node| node["key"].as_str().expect("a key").to_owned()).collect();
    keys.sort_unstable();
    keys
}

fn linked_records() -> Vec<Value> {
    let mut records = records();
    records.extend([
        json!({ "type": "PLACE", "key": "tripoli", "kind": "CITY", "name": "طرابلس", "language": "ar", "containedIn": "libya" }),
        json!({ "type": "EVENT", "key": "clash", "kind": "CLASH", "name": "اشتباكات في درنة", "language": "ar", "places": [{ "place": "derna" }],
            "participants": [{ "participant": "army", "role": "ATTACKER", "citations": [{ "article": "news", "quote": "the strikes" }] }] }),
        json!({ "type": "EVENT", "key": "summit", "kind": "MEETING", "name": "Meeting of the neighbours", "language": "en", "places": [{ "place": "tripoli" }] }),
    ]);
    records
}

both_databases! {
    async fn every_list_can_be_filtered_by_a_search(database: TestDatabase) {
        let service = Service::with_records(&database, &linked_records()).await;
        for (list, query, expected) in [
            ("articles", "ليبيا", &["khabar"] as &[&str]),
            ("articles", "\"air strikes\" -berlin", &["news"]),
            ("articles", "neigh*", &["news"]),
            ("articles", "nowhere", &[]),
            ("places", "ليبيا", &["libya"]),
            ("people", "reporters", &["amina"]),
            ("organizations", "armee", &["army"]),
            ("events", "neighbour", &["summit", "talks"]),
        ] {
            let document = format!("query ($query: String) {{ {list}(where: {{ search: $query }}) {{ totalCount nodes {{ key }} }} }}");
            let data = service.data_with(&document, json!({ "query": query })).await;
            assert_eq!((keys(&data[list]), &data[list]["totalCount"]), (expected.iter().map(|key| (*key).to_owned()).collect(), &json!(expected.len())), "{list} {query}");
        }
    }

    async fn a_search_stands_beside_other_conditions_at_any_depth(database: TestDatabase) {
        let service = Service::with_records(&database, &linked_records()).await;
        for (condition, expected) in [
            ("search: \"neighbour\" kind: { equals: MEETING }", &["summit", "talks"] as &[&str]),
            ("not: { search: \"neighbour\" }", &["clash"]),
            ("or: [{ search: \"درنة\" }, { search: \"libya\" }]", &["clash", "talks"]),
            ("search: \"meeting\" not: { search: \"libya\" }", &["summit"]),
            ("places: { some: { search: \"طرابلس\" } }", &["summit"]),
            ("places: { none: { search: \"درنه\" } }", &["summit", "talks"]),
            ("places: { some: { containedIn: { is: { search: \"libye\" } } } }", &["clash", "summit"]),
            ("participants: { some: { participant: { organization: { search: \"armée\" } } } }", &["clash"]),
            ("participants: { some: { participant: { place: { search: \"armée\" } } } }", &[]),
            ("search: null", &["clash", "summit", "talks"]),
        ] {
            let document = format!("{{ events(where: {{ {condition} }}) {{ nodes {{ key }} }} }}");
            assert_eq!(keys(&service.data(&document).await["events"]), expected, "{condition}");
        }
        let nested = "{ places(where: { search: \"ليبيا\" }) { nodes { contains(where: { search: \"طرابلس OR\" }) { totalCount }
            tripoli: contains(where: { search: \"طرابلس\" }) { nodes { key events(where: { search: \"neighbours\" }) { nodes { key } } } } } } }";
        assert_eq!(
            service.data(nested).await,
            json!({ "places": { "nodes": [{ "contains": { "totalCount": 0 }, "tripoli": { "nodes": [{ "key": "tripoli", "events": { "nodes": [{ "key": "summit" }] } }] } }] } })
        );
    }

    async fn a_search_in_a_where_that_cannot_be_answered_is_refused_with_its_place(database: TestDatabase) {
        let service = Service::new(&database).await;
        for (condition, message) in [
            ("search: \"\"", "`where.search` has no words: give at least one letter or digit."),
            ("not: { search: \"-a\" }", "`where.not.search` only excludes words: add a word to search for."),
            ("places: { some: { search: \"b*\" } }", "A prefix in `where.places.some.search` needs at least 2 letters before `*`."),
        ] {
            let answer = service.ask(&format!("{{ events(where: {{ {condition} }}) {{ totalCount }} }}")).await;
            assert_eq!(refusal(&answer), ("events".to_owned(), message.to_owned()));
        }
    }

    async fn hits_of_a_type_must_satisfy_its_filter(database: TestDatabase) {
        let service = Service::with_records(&database, &linked_records()).await;
        for (condition, expected) in [
            ("article: { language: { equals: \"en\" } }", &["libya", "news", "summit", "talks"] as &[&str]),
            ("article: { language: { equals: \"fr\" } }", &["libya", "summit", "talks"]),
            ("event: { places: { some: { key: { equals: \"tripoli\" } } } } article: { search: \"war\" }", &["libya", "news", "summit"]),
            ("event: { or: [] } place: { or: [] }", &["news"]),
            ("not: { event: { or: [] } }", &["summit", "talks"]),
            ("or: [{ event: { or: [] } article: { or: [] } }, { event: { key: { equals: \"talks\" } } article: { or: [] } }]", &["libya", "talks"]),
            ("person: {}", &["libya", "news", "summit", "talks"]),
        ] {
            let document = format!("{{ search(query: \"neighbours\", where: {{ {condition} }}) {{ totalCount nodes {{ key }} }} libya: search(query: \"libya\", where: {{ {condition} }}) {{ nodes {{ key }} }} }}");
            let data = service.data(&document).await;
            let mut found = keys(&data["search"]);
            found.extend(keys(&data["libya"]));
            found.sort_unstable();
            found.dedup();
            assert_eq!(found, expected, "{condition}");
            assert_eq!(data["search"]["totalCount"], keys(&data["search"]).len());
        }
        let answer = service.ask("{ search(query: \"libya\", where: { article: { search: \"*\" } }) { totalCount } }").await;
        let message = "`where.article.search` has no words: give at least one letter or digit.";
        assert_eq!(refusal(&answer), ("search".to_owned(), message.to_owned()));
    }

    async fn a_cursor_belongs_to_its_filter(database: TestDatabase) {
        let service = Service::with_records(&database, &linked_records()).await;
        let page = "query ($after: String, $where: SearchWhere) { search(query: \"libya\", first: 1, after: $after, where: $where) { pageInfo { endCursor } } }";
        let cursor = service.data_with(page, json!({})).await["search"]["pageInfo"]["endCursor"].clone();
        let other = json!({ "after": cursor, "where": { "article": { "language": { "equals": "en" } } } });
        assert_eq!(refusal(&service.ask_with(page, other).await).1, "`after` is a cursor of another list or another order.");
    }

    async fn facets_count_hits_of_all_types_and_languages(database: TestDatabase) {
        let service = Service::with_records(&database, &linked_records()).await;
        let document = "query ($types: [RecordType!], $where: SearchWhere, $by: [SearchFacet!]!) { search(query: \"in\", types: $types, where: $where) {
            totalCount facets(by: $by) { by total missing buckets { value label(languages: [\"ar\"]) count isSelected record { id } } } } }";
        let facets = |variables: Value| async { service.data_with(document, variables).await["search"].take() };
        let bucket = |value: &str, label: &str, count: u32, is_selected: bool| {
            json!({ "value": value, "label": label, "count": count, "isSelected": is_selected, "record": null })
        };
        let all = facets(json!({ "by": ["TYPE", "LANGUAGE"] })).await;
        assert_eq!(all, json!({ "totalCount": 3, "facets": [
            { "by": "TYPE", "total": 2, "missing": 0, "buckets": [bucket("ARTICLE", "مقال", 2, false), bucket("PLACE", "مكان", 1, false)] },
            { "by": "LANGUAGE", "total": 2, "missing": 1, "buckets": [bucket("de", "الألمانية", 1, false), bucket("en", "الإنجليزية", 1, false)] } ] }));
        for (language, expected) in [("en", ["en", "de"]), ("fr", ["de", "en"]), ("ar", ["de", "en"])] {
            let document = format!("{{ search(query: \"in\") {{ facets(by: [LANGUAGE]) {{ buckets {{ value label(languages: [\"{language}\"]) }} }} }} }}");
            let data = service.data(&document).await;
            let values = data["search"]["facets"][0]["buckets"].as_array().expect("a list").iter().map(|bucket| bucket["value"].clone());
            assert_eq!(values.collect::<Vec<_>>(), expected, "equal counts are in the order of their labels in {language}");
        }
        let too_many = "{ search(query: \"in\") { facets(by: [TYPE], first: 101) { total } } }";
        assert_eq!(refusal(&service.ask(too_many).await).1, "`first` must be from 0 to 100, not 101.");
        let twice = "{ search(query: \"in\") { facets(by: [TYPE, TYPE]) { total } } }";
        assert_eq!(refusal(&service.ask(twice).await).1, "`by` has TYPE twice. Name each facet once.");
        let only = json!({ "by": ["TYPE", "LANGUAGE"], "types": ["ARTICLE"], "where": { "article": { "language": { "in": ["en"] } } } });
        assert_eq!(facets(only).await, json!({ "totalCount": 1, "facets": [
            { "by": "TYPE", "total": 2, "missing": 0, "buckets": [bucket("ARTICLE", "مقال", 1, true), bucket("PLACE", "مكان", 1, false)] },
            { "by": "LANGUAGE", "total": 2, "missing": 0, "buckets": [bucket("de", "الألمانية", 1, false), bucket("en", "الإنجليزية", 1, true)] } ] }));
    }
}
