//! `startsWith` and `contains`: folded, in all languages, and up to date after every write.

use serde_json::{Value, json};

use crate::{both_databases, support::service::Service};

fn world() -> Vec<Value> {
    vec![
        json!({ "type": "PLACE", "key": "country/ly", "name": "Libya", "kind": "COUNTRY", "countryCode": "LY",
            "names": [{ "text": "ليبيا", "language": "ar", "kind": "MAIN" }, { "text": "Libye", "language": "fr", "kind": "MAIN" }] }),
        json!({ "type": "PLACE", "key": "city/derna", "name": "Derna", "kind": "CITY", "containedIn": "country/ly",
            "names": [{ "text": "دَرنة", "language": "ar", "kind": "MAIN" }] }),
        json!({ "type": "ORGANIZATION", "key": "org/is", "name": "Islamic State in Libya", "kind": "ARMED_GROUP",
            "names": [{ "text": "الدولة الإسلامية", "language": "ar", "kind": "MAIN" }] }),
        json!({ "type": "ORGANIZATION", "key": "org/100", "name": "100% _Cotton", "kind": "COMPANY" }),
        json!({ "type": "PERSON", "key": "person/amina", "name": "Amina", "occupation": "محرّرة أخبار" }),
        json!({ "type": "ARTICLE", "key": "News:1", "headline": "Café reopens in Derna", "language": "en-GB", "url": "https://News.example/Straße" }),
        json!({ "type": "ARTICLE", "key": "News:2", "headline": "إعادة فتح مقهى في درنة", "language": "ar" }),
        json!({ "type": "EVENT", "key": "event/raid", "name": "Raid", "kind": "ATTACK", "places": [{ "place": "city/derna" }],
            "participants": [{ "participant": "org/is", "role": "ATTACKER" }, { "description": "Des élus", "role": "VICTIM" }] }),
        json!({ "type": "RELATION", "key": "job", "source": "person/amina", "kind": "EMPLOYED_BY", "target": "org/100", "description": "Chef d’équipe" }),
    ]
}

/// The keys of a list of records with a filter.
async fn keys(service: &Service, list: &str, ty: &str, condition: Value) -> Vec<String> {
    let document = format!("query ($where: {ty}Where) {{ {list}(where: $where) {{ nodes {{ key }} }} }}");
    let data = service.data_with(&document, json!({ "where": condition })).await;
    let nodes = data[list]["nodes"].as_array().expect("records").iter();
    nodes.map(|node| node["key"].as_str().expect("a key").to_owned()).collect()
}

async fn change(service: &Service, document: &str, key: &str) {
    let record = service.data(&format!("{{ record(key: \"{key}\") {{ id version }} }}")).await["record"].clone();
    let data = service.data_with(document, record).await;
    let payload = data.as_object().and_then(|data| data.values().next()).expect("a payload");
    assert_eq!(payload["userErrors"], json!([]));
}

both_databases! {
    async fn a_part_of_a_name_is_found_in_every_language_and_form(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        for (operator, part, expected) in [
            ("startsWith", "lib", &["country/ly"][..]),
            ("startsWith", "LIBY", &["country/ly"]),
            ("startsWith", "ليب", &["country/ly"]),
            // without the mark that the name has, and with another final letter
            ("startsWith", "درنه", &["city/derna"]),
            ("startsWith", "ibya", &[]),
            ("contains", "iby", &["country/ly"]),
            ("contains", "يبي", &["country/ly"]),
            ("contains", "bye", &["country/ly"]),
            ("contains", "درنـــة", &["city/derna"]),
            // one or two letters begin a word
            ("contains", "d", &["city/derna"]),
            ("contains", "l", &["country/ly"]),
            ("contains", "لي", &["country/ly"]),
            ("contains", "يب", &[]),
            ("contains", "by", &[]),
            ("contains", " derna ", &["city/derna"]),
        ] {
            assert_eq!(keys(&service, "places", "Place", json!({ "name": { operator: part } })).await, expected, "{operator} {part}");
        }
        for (part, expected) in [
            ("state in", &["org/is"][..]),
            ("ate  in Li", &["org/is"]),
            ("في", &[]),
            ("ا", &["org/is"]),
            ("الاسلام", &["org/is"]),
            ("st", &["org/is"]),
            ("100%", &["org/100"]),
            ("0% _c", &["org/100"]),
            ("0__c", &[]),
            ("_c", &["org/100"]),
        ] {
            assert_eq!(keys(&service, "organizations", "Organization", json!({ "name": { "contains": part } })).await, expected, "{part}");
        }
    }

    async fn every_text_is_compared_folded(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let raid = json!({ "participants": { "some": { "description": { "contains": "ELUS" } } } });
        for (list, ty, condition, expected) in [
            ("articles", "Article", json!({ "headline": { "startsWith": "CAFE r" } }), &["News:1"][..]),
            ("articles", "Article", json!({ "headline": { "contains": "مقهي" } }), &["News:2"]),
            ("articles", "Article", json!({ "headline": { "contains": "اعاده" }, "key": { "contains": "WS:" } }), &["News:2"]),
            ("articles", "Article", json!({ "key": { "startsWith": "news:1" } }), &["News:1"]),
            ("articles", "Article", json!({ "language": { "startsWith": "EN-g" } }), &["News:1"]),
            ("articles", "Article", json!({ "url": { "contains": "example/STRAße" } }), &["News:1"]),
            ("articles", "Article", json!({ "url": { "startsWith": "HTTPS://news." } }), &["News:1"]),
            ("places", "Place", json!({ "countryCode": { "startsWith": "l" } }), &["country/ly"]),
            ("places", "Place", json!({ "countryCode": { "contains": "ly" } }), &["country/ly"]),
            ("people", "Person", json!({ "occupation": { "contains": "اخبار" } }), &["person/amina"]),
            ("people", "Person", json!({ "occupation": { "startsWith": "محررة" } }), &["person/amina"]),
            ("people", "Person", json!({ "relations": { "some": { "description": { "contains": "d’equ" } } } }), &["person/amina"]),
            ("events", "Event", raid, &["event/raid"]),
            ("events", "Event", json!({ "participants": { "some": { "participant": { "name": { "contains": "لدول" } } } } }), &["event/raid"]),
            ("events", "Event", json!({ "participants": { "some": { "participant": { "key": { "contains": "rg/i" } } } } }), &["event/raid"]),
            ("events", "Event", json!({ "places": { "some": { "name": { "startsWith": "der" } } } }), &["event/raid"]),
            ("events", "Event", json!({ "not": { "name": { "contains": "raid" } } }), &[]),
        ] {
            assert_eq!(keys(&service, list, ty, condition.clone()).await, expected, "{condition}");
        }
        let changes = "query ($where: ChangeWhere) { changes(where: $where) { totalCount } }";
        for (part, expected) in [(json!({ "startsWith": "TES" }), 9), (json!({ "contains": "EST" }), 9), (json!({ "contains": "es" }), 0)] {
            let data = service.data_with(changes, json!({ "where": { "actor": part } })).await;
            assert_eq!(data["changes"]["totalCount"], expected, "{part}");
        }
    }

    async fn a_part_of_many_names_is_found_like_a_part_of_few(database: TestDatabase) {
        // more than the index is asked for
        let common = |i: usize| json!({ "type": "PLACE", "key": format!("{i:04}"), "name": format!("Common {i:04}"), "kind": "CITY" });
        let mut lines: Vec<Value> = (0..2_010).map(common).collect();
        lines.push(json!({ "type": "PLACE", "key": "rare", "name": "Comet", "kind": "CITY" }));
        let service = Service::with_records(&database, &lines).await;
        let document = "query ($where: PlaceWhere) { places(first: 2, where: $where) { totalCount nodes { key } } }";
        for (part, count, expected) in [("com", 2_011, ["rare", "0000"]), ("omm", 2_010, ["0000", "0001"]), ("co", 2_011, ["rare", "0000"])] {
            let data = service.data_with(document, json!({ "where": { "name": { "contains": part } } })).await;
            let nodes = json!([{ "key": expected[0] }, { "key": expected[1] }]);
            assert_eq!(data["places"], json!({ "totalCount": count, "nodes": nodes }), "{part}");
        }
        let found = async |condition: Value| keys(&service, "places", "Place", condition).await;
        assert_eq!(found(json!({ "name": { "contains": "ome" } })).await, ["rare"]);
        assert_eq!(found(json!({ "not": { "name": { "contains": "omm" } } })).await, ["rare"]);
        assert_eq!(found(json!({ "name": { "contains": "omm" }, "key": { "contains": "200" } })).await.len(), 12);
    }

    async fn a_changed_name_is_found_at_once_and_the_former_one_is_not(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let named = async |part: &str| keys(&service, "places", "Place", json!({ "name": { "contains": part } })).await;
        change(&service, "mutation ($id: ID!, $version: Int!) { updatePlace(id: $id, version: $version, input: { name: \"Sirte\" }) { userErrors { message } } }", "city/derna").await;
        assert_eq!(named("irt").await, ["city/derna"]);
        assert_eq!(named("ern").await, [""; 0]);
        assert_eq!(named("درن").await, ["city/derna"], "the other names stay");

        change(&service, "mutation ($id: ID!, $version: Int!) { deleteRecord(id: $id, version: $version) { userErrors { message } } }", "event/raid").await;
        let bin = "query ($where: BinWhere) { bin(where: $where) { nodes { key } } }";
        for condition in [json!({ "name": { "contains": "aid" } }), json!({ "name": { "startsWith": "RA" } }), json!({ "key": { "contains": "nt/r" } })] {
            let data = service.data_with(bin, json!({ "where": condition })).await;
            assert_eq!(data["bin"]["nodes"], json!([{ "key": "event/raid" }]), "{condition}");
        }
        assert_eq!(keys(&service, "events", "Event", json!({ "name": { "contains": "aid" } })).await, [""; 0]);
    }
}
