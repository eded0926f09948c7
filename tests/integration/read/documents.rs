//! All features of GraphQL documents work in compiled reads: aliases, fragments, repeated fields, `__typename`, variables with and
//! without values, `@skip` and `@include`.

use serde_json::{Value, json};

use crate::{
    both_databases,
    support::{
        crowd::{crowd, id_of},
        service::Service,
    },
};

both_databases! {
    async fn every_object_has_its_typename(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        assert_eq!(service.data("{ __typename }").await, json!({ "__typename": "Query" }));
        assert_eq!(service.data("{ places { __typename } }").await, json!({ "places": { "__typename": "PlaceConnection" } }));
        let alone = service.data("{ places(first: 2) { edges { __typename } } events { pageInfo { __typename } } people(first: 1) { nodes { __typename } } }").await;
        assert_eq!(alone, json!({
            "places": { "edges": [{ "__typename": "PlaceEdge" }, { "__typename": "PlaceEdge" }] },
            "events": { "pageInfo": { "__typename": "PageInfo" } },
            "people": { "nodes": [{ "__typename": "Person" }] },
        }));
        let document = "query ($event: ID!, $article: ID!, $relation: ID!) {
            event(id: $event) { t: __typename date { __typename edtf } names { __typename } places(first: 1) { __typename edges { __typename node { __typename } } }
                participants(first: 1) { nodes { __typename event { __typename } citations(first: 1) { nodes { __typename subject { __typename } article { __typename } } } } } }
            article(id: $article) { mentions(first: 1) { nodes { __typename entity { __typename } } } history { nodes { __typename record { __typename } changes { __typename } } } }
            node(id: $relation) { __typename ... on Relation { source { __typename } target { __typename } } } }";
        let ids = json!({ "event": id_of("event/hub"), "article": id_of("article/hub"), "relation": id_of("relation/hub") });
        let data = service.data_with(document, ids).await;
        let at = |pointer: &str| data.pointer(pointer).and_then(Value::as_str).unwrap_or("nothing");
        for (pointer, expected) in [
            ("/event/t", "Event"),
            ("/event/date/__typename", "FuzzyDate"),
            ("/event/names/0/__typename", "Name"),
            ("/event/places/__typename", "PlaceConnection"),
            ("/event/places/edges/0/__typename", "PlaceEdge"),
            ("/event/places/edges/0/node/__typename", "Place"),
            ("/event/participants/nodes/0/__typename", "Participation"),
            ("/event/participants/nodes/0/event/__typename", "Event"),
            ("/event/participants/nodes/0/citations/nodes/0/__typename", "Citation"),
            ("/event/participants/nodes/0/citations/nodes/0/subject/__typename", "Participation"),
            ("/event/participants/nodes/0/citations/nodes/0/article/__typename", "Article"),
            ("/article/mentions/nodes/0/__typename", "Mention"),
            ("/article/history/nodes/0/__typename", "Revision"),
            ("/article/history/nodes/0/record/__typename", "Article"),
            ("/node/__typename", "Relation"),
            ("/node/source/__typename", "Organization"),
            ("/node/target/__typename", "Place"),
        ] {
            assert_eq!(at(pointer), expected, "{pointer}");
        }
    }

    async fn answers_have_their_aliases_in_the_order_of_the_document(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        let document = "{ z: places(first: 1, orderBy: { field: ID }) { b: nodes { name } a: totalCount } a: places(first: 1, orderBy: { field: ID, direction: DESC }) { nodes { other: name name } } }";
        let data = service.data(document).await;
        let keys = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&data), ["z", "a"]);
        assert_eq!(keys(&data["z"]), ["b", "a"]);
        assert_eq!(keys(&data["a"]["nodes"][0]), ["other", "name"]);
        assert_ne!(data["z"]["b"][0]["name"], Value::Null);
        assert_eq!(data["z"]["a"], 10);
    }

    async fn the_same_field_twice_is_merged_at_the_root_and_below(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        let once = service.data("{ places(first: 2) { totalCount nodes { id name contains(first: 2) { totalCount nodes { id name } } } } }").await;
        let twice = service.data("query { places(first: 2) { totalCount nodes { id contains(first: 2) { totalCount } } } ...Rest }
            fragment Rest on Query { places(first: 2) { nodes { name contains(first: 2) { nodes { id } } ...More } } }
            fragment More on Place { contains(first: 2) { nodes { ... on Record { name } } } }").await;
        for pointer in ["/places/totalCount", "/places/nodes/0/name", "/places/nodes/1/contains"] {
            assert_eq!(twice.pointer(pointer), once.pointer(pointer), "{pointer}");
        }
        let one = |id: &str| format!("{{ place(id: \"{id}\") {{ id }} ... on Query {{ place(id: \"{id}\") {{ name __typename }} }} }}");
        assert_eq!(service.data(&one(&id_of("place/hub"))).await, json!({ "place": { "id": id_of("place/hub"), "name": "Hub", "__typename": "Place" } }));
        let refused = service.ask(&format!("{{ place(id: \"{}\") {{ id }} place(id: \"{}\") {{ id }} }}", id_of("place/0"), id_of("place/1"))).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
        assert_eq!(refused.get("data"), None);
    }

    async fn fragments_apply_where_their_type_does(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        let ids = ["article/hub", "place/hub", "person/hub", "relation/hub"].map(id_of);
        let document = "query ($ids: [ID!]!) { nodes(ids: $ids) { ...All ... on Article { headline } ... on Node { id } } }
            fragment All on Node { __typename ...OfRecord ... on Entity { image names { text } } }
            fragment OfRecord on Record { name ... on Place { kind } ... on Person { occupation } ... { version } }";
        let data = service.data_with(document, json!({ "ids": ids })).await;
        let hub = json!([{ "text": "Hub" }]);
        assert_eq!(data["nodes"], json!([
            { "__typename": "Article", "name": "Hub", "version": 1, "headline": "Hub", "id": ids[0] },
            { "__typename": "Place", "name": "Hub", "kind": "COUNTRY", "version": 1, "image": null, "names": hub, "id": ids[1] },
            { "__typename": "Person", "name": "Hub", "occupation": null, "version": 1, "image": null, "names": hub, "id": ids[2] },
            { "__typename": "Relation", "id": ids[3] },
        ]));
    }

    async fn introspection_names_the_interfaces_of_objects_and_of_interfaces(database: TestDatabase) {
        let service = Service::with_records(&database, &[]).await;
        let sdl = dateline::graphql::sdl();
        let declared = |name: &str, kind: &str| {
            let word = if kind == "OBJECT" { "type" } else { "interface" };
            let line = sdl.lines().find(|line| line.starts_with(&format!("{word} {name} "))).expect("it is declared");
            let mut names: Vec<_> = line.split_once(" implements ").map_or("", |(_, rest)| rest).split(['&', '{', ' ']).filter(|name| !name.is_empty()).collect();
            names.sort_unstable();
            names.into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        let document = "{ __schema { types { kind name ...T } } } fragment T on __Type { interfaces { ...R kind } possibleTypes { name } } fragment R on __Type { name ofType { name } }";
        for _ in 0..2 {
            let data = service.data(document).await;
            for ty in data["__schema"]["types"].as_array().expect("types") {
                let (name, kind) = (ty["name"].as_str().expect("a name"), ty["kind"].as_str().expect("a kind"));
                let keys: Vec<_> = ty.as_object().expect("an object").keys().map(String::as_str).collect();
                assert_eq!(keys, ["kind", "name", "interfaces", "possibleTypes"], "{name}");
                if (kind != "OBJECT" && kind != "INTERFACE") || name.starts_with("__") {
                    assert!(ty["interfaces"].as_array().is_none_or(Vec::is_empty), "{ty}");
                    continue;
                }
                let mut found = vec![];
                for interface in ty["interfaces"].as_array().unwrap_or_else(|| panic!("{ty}")) {
                    found.push(interface["name"].as_str().expect("a name").to_owned());
                    assert_eq!(interface, &json!({ "name": found.last(), "ofType": null, "kind": "INTERFACE" }));
                }
                found.sort_unstable();
                assert_eq!(found, declared(name, kind), "{name}");
            }
        }
        let alone = service.data_with("query($no: Boolean!) { __type(name: \"Record\") { i: interfaces { n: name fields { name } } interfaces { kind } none: interfaces @include(if: $no) { name } }
            place: __type(name: \"Place\") { interfaces { name interfaces { name } } } }", json!({ "no": false })).await;
        assert_eq!(alone["__type"], json!({ "i": [{ "n": "Node", "fields": [{ "name": "id" }] }], "interfaces": [{ "kind": "INTERFACE" }] }));
        let node = json!({ "name": "Node" });
        let nested = alone["place"]["interfaces"].as_array().expect("interfaces");
        assert!(nested.contains(&json!({ "name": "Record", "interfaces": [node] })), "{nested:?}");
        assert!(nested.contains(&json!({ "name": "Node", "interfaces": [] })), "{nested:?}");
    }

    async fn variables_have_their_values_their_defaults_or_null(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        let document = "query ($first: Int = 2, $order: [PlaceOrder!] = [{ field: NAME, direction: DESC }], $kind: PlaceKind = CITY, $name: String) {
            places(first: $first, where: { and: [{ kind: { equals: $kind } }], name: { equals: $name } }, orderBy: $order) { totalCount nodes { key } } }";
        let cities = |data: &Value| (data["places"]["totalCount"].clone(), data["places"]["nodes"].as_array().map(Vec::len));
        assert_eq!(cities(&service.data_with(document, json!({})).await), (json!(6), Some(2)), "all defaults");
        assert_eq!(cities(&service.data_with(document, json!({ "first": 5 })).await), (json!(6), Some(5)));
        assert_eq!(cities(&service.data_with(document, json!({ "first": null })).await), (json!(6), Some(6)), "null is as absent: 20");
        assert_eq!(cities(&service.data_with(document, json!({ "kind": null })).await), (json!(10), Some(2)), "null narrows nothing");
        assert_eq!(cities(&service.data_with(document, json!({ "kind": "REGION" })).await), (json!(2), Some(2)));
        assert_eq!(cities(&service.data_with(document, json!({ "name": "Zeta" })).await), (json!(1), Some(1)));
        let ascending = service.data_with(document, json!({ "order": { "field": "NAME" }, "first": 6 })).await;
        let descending = service.data_with(document, json!({ "first": 6 })).await;
        let (mut up, down) = (ascending["places"]["nodes"].clone(), &descending["places"]["nodes"]);
        up.as_array_mut().expect("nodes").reverse();
        assert_eq!(&up, down);
        let absent = service.data_with("query ($where: PlaceWhere, $after: String, $languages: [LanguageTag!], $contained: Boolean) {
            places(where: $where, after: $after) { totalCount nodes { name(languages: $languages) events(includeContained: $contained) { totalCount } } } }", json!({})).await;
        let hub = absent["places"]["nodes"].as_array().expect("nodes").iter().find(|node| node["name"] == "Hub").expect("the hub");
        assert_eq!((&absent["places"]["totalCount"], &hub["events"]["totalCount"]), (&json!(10), &json!(9)), "the default of an argument holds for an absent variable");
        let whole = service.data_with("query ($where: PlaceWhere) { places(where: $where) { totalCount } }",
            json!({ "where": { "or": [{ "name": { "in": ["Zeta", "Beta"] } }, { "key": { "equals": "place/hub" } }], "not": null } })).await;
        assert_eq!(whole["places"]["totalCount"], 4);
    }

    async fn skipped_and_not_included_fields_are_not_answered(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        let document = "query ($yes: Boolean = true, $no: Boolean!) {
            skipped: places @skip(if: $yes) { nodes { id } }
            places(first: 1) { totalCount @include(if: $no) nodes { id @skip(if: $yes) name @include(if: $yes) @skip(if: $no) ...F @include(if: $no)
                ... on Place @skip(if: $no) { kind } contains @include(if: $no) { totalCount } } pageInfo @skip(if: $yes) { endCursor } }
            place(id: \"not an id\") @include(if: $no) { id } }
            fragment F on Place { population }";
        let data = service.data_with(document, json!({ "no": false })).await;
        let keys = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&data), ["places"]);
        assert_eq!(keys(&data["places"]), ["nodes"]);
        assert_eq!(keys(&data["places"]["nodes"][0]), ["name", "kind"]);
        let data = service.data_with(&document.replace("\"not an id\"", &format!("\"{}\"", id_of("place/hub"))), json!({ "no": true, "yes": false })).await;
        assert_eq!(keys(&data), ["skipped", "places", "place"]);
        assert_eq!(keys(&data["places"]), ["totalCount", "nodes", "pageInfo"]);
        assert_eq!(keys(&data["places"]["nodes"][0]), ["id", "population", "contains"]);
        let nothing = service.data("{ places(first: 1) { nodes { id @skip(if: true) } } }").await;
        assert_eq!(nothing, json!({ "places": { "nodes": [{}] } }));
        let nothing = service.data("{ places(first: 1) { nodes @skip(if: true) { id } } }").await;
        assert_eq!(nothing, json!({ "places": {} }));
    }

    async fn texts_are_returned_unchanged(database: TestDatabase) {
        let hostile = ["\"quoted\" \\back\\ /slash/", "line\nbreak\ttab\rreturn", "\u{1}0\u{2}[1]\u{1}", "\u{3}PLACE", "\u{7f}\u{80}\u{2028}\u{feff}x", "💥👩‍👩‍👧‍👦 ليبيا \u{202e}rtl", "null", "{\"a\":1}", "' || (select 1) --", "?1 $1 :a @b"];
        let mut lines: Vec<Value> = hostile.iter().enumerate().map(|(i, text)| json!({
            "type": "EVENT", "key": format!("event/{i}"), "name": format!("n{text}"), "kind": "OTHER",
            "descriptions": [{ "text": format!("d{text}"), "language": "en" }], "date": { "edtf": "2015", "original": format!("o{text}") } })).collect();
        lines.retain(|line| dateline::domain::document::read(&line.to_string()).1.is_empty());
        assert!(lines.len() >= 5, "most may be stored: {}", lines.len());
        let service = Service::with_records(&database, &lines).await;
        for line in &lines {
            let data = service.data(&format!("{{ record(key: {}) {{ ... on Event {{ name names {{ text }} description date {{ original label }} history {{ nodes {{ snapshot changes {{ field after }} }} }} }} }} }}", line["key"])).await;
            let record = &data["record"];
            assert_eq!(record["name"], line["name"]);
            assert_eq!(record["names"][0]["text"], line["name"]);
            assert_eq!(record["description"], line["descriptions"][0]["text"]);
            assert_eq!(record["date"]["original"], line["date"]["original"]);
            let by_name = service.data_with("query ($name: String) { events(where: { name: { equals: $name } }) { nodes { key } } }", json!({ "name": line["name"] })).await;
            assert_eq!(by_name["events"]["nodes"], json!([{ "key": line["key"] }]));
            // their cursors contain sort keys of the same texts
            let page = service.data("{ events(first: 1, orderBy: { field: NAME }) { pageInfo { endCursor } } }").await;
            let after = &page["events"]["pageInfo"]["endCursor"];
            let rest = service.data_with("query ($after: String) { events(first: 100, after: $after, orderBy: { field: NAME }) { totalCount nodes { id } } }", json!({ "after": after })).await;
            assert_eq!(rest["events"]["nodes"].as_array().map(Vec::len), Some(lines.len() - 1));
        }
    }

    async fn every_field_of_a_new_record_is_a_change_from_null(database: TestDatabase) {
        let place = json!({ "type": "PLACE", "key": "here", "name": "\"He\\re\"", "kind": "SITE", "population": 0.1,
            "location": { "latitude": 1.25, "longitude": -3 } });
        let event = json!({ "type": "EVENT", "key": "event/1", "name": "E", "kind": "OTHER", "isRecurring": true, "places": [{ "place": "here" }] });
        let service = Service::with_records(&database, &[place, event]).await;
        let data = service.data("{ place: record(key: \"here\") { ... on Place { history { nodes { operation changes { field before after } } } } } \
            event: record(key: \"event/1\") { ... on Event { history { nodes { snapshot changes { field before after } } } } } }").await;
        let change = |field: &str, after: Value| json!({ "field": field, "before": null, "after": after });
        assert_eq!(data["place"]["history"]["nodes"], json!([{ "operation": "CREATE", "changes": [
            change("key", "here".into()), change("name", "\"He\\re\"".into()), change("language", "und".into()), change("kind", "SITE".into()),
            change("location", json!({ "latitude": 1.25, "longitude": -3 })), change("population", 0.1.into()) ] }]));
        let made = &data["event"]["history"]["nodes"][0];
        let recurring = made["changes"].as_array().unwrap().iter().find(|change| change["field"] == "isRecurring");
        assert_eq!(recurring, Some(&change("isRecurring", true.into())));
        assert_eq!(made["changes"].as_array().unwrap().last(), Some(&change("places", made["snapshot"]["places"].clone())));
    }

    async fn numbers_are_exact_in_answers_and_in_cursors(database: TestDatabase) {
        let numbers = [0.0, 0.1 + 0.2, 0.3, 1.0 / 3.0, 5.0, 1e6, 123_456_789_012.0, 1_425_671_352.25, 999_999_999_999.5, 1e12];
        let lines: Vec<_> = numbers.iter().enumerate().map(|(i, number)| json!({ "type": "PLACE", "key": format!("place/{i}"), "name": "x", "kind": "CITY",
            "population": number, "location": { "latitude": -number % 90.0, "longitude": number % 180.0 } })).collect();
        let service = Service::with_records(&database, &lines).await;
        let mut sorted = numbers.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (mut seen, mut after) = (vec![], Value::Null);
        loop {
            let page = service.data_with("query ($after: String) { places(first: 1, after: $after, orderBy: { field: POPULATION }) {
                nodes { key population location { latitude longitude } } pageInfo { endCursor hasNextPage } } }", json!({ "after": after })).await;
            let node = &page["places"]["nodes"][0];
            let number = node["population"].as_f64().expect("a number");
            assert_eq!(node["location"]["longitude"].as_f64(), Some(number % 180.0));
            assert_eq!(node["location"]["latitude"].as_f64(), Some(-number % 90.0));
            assert_eq!(node["population"].is_i64(), number.fract() == 0.0, "written alike on both databases: {}", node["population"]);
            seen.push(number);
            after = page["places"]["pageInfo"]["endCursor"].clone();
            if page["places"]["pageInfo"]["hasNextPage"] == false {
                break;
            }
        }
        assert_eq!(seen, sorted);
    }
}
