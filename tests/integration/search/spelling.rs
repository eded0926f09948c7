//! `didYouMean`: other spellings of words that no record has.

use serde_json::{Value, json};

use crate::{both_databases, support::service::Service};

async fn suggestion(service: &Service, query: &str) -> Value {
    let document = "query ($query: String!) { search(query: $query) { totalCount didYouMean } }";
    service.data_with(document, json!({ "query": query })).await["search"]["didYouMean"].take()
}

both_databases! {
    async fn a_word_that_no_record_has_is_compared_with_names(database: TestDatabase) {
        let person = |key: &str, name: &str, language: &str| json!({ "type": "PERSON", "key": key, "name": name, "language": language });
        let place = |key: &str, name: &str, language: &str| json!({ "type": "PLACE", "key": key, "kind": "CITY", "name": name, "language": language });
        let records = [
            person("gaddafi", "Muammar Gaddafi", "en"),
            person("haftar", "خليفة حفتر", "ar"),
            place("derna", "درنة", "ar"),
            place("benghazi", "Benghazi", "en"),
            json!({ "type": "ARTICLE", "key": "news", "headline": "Fighting near Bengasi", "language": "de", "body": "Haftars Truppen" }),
        ];
        let service = Service::with_records(&database, &records).await;
        for (query, expected) in [
            ("Gadafi", json!("Gaddafi")),
            ("Qaddafi", json!("Gaddafi")),
            ("القذافي", json!("Gaddafi")),
            ("Haftar", json!("حفتر")),
            ("Darnah", json!("درنة")),
            ("بنغازي", json!("Benghazi")),
            ("Muamar \"Gadafi\" -derna", json!("Muammar \"Gaddafi\" -derna")),
            ("fighting Benghasi", json!("fighting Benghazi")),
            ("Gaddafi", Value::Null),
            ("truppe", Value::Null),
            ("Gadafi xylophone", Value::Null),
            ("gadaf*", Value::Null),
            ("Gadafi Muamar Benghasi Darnah", json!("Gaddafi Muammar Benghazi درنة")),
            ("Gadafi Muamar Benghasi Darnah Gadaffi", Value::Null),
            ("Gadafi Gadafi \"Gadafi Gadafi\" GADAFI", json!("Gaddafi Gaddafi \"Gaddafi Gaddafi\" Gaddafi")),
        ] {
            assert_eq!(suggestion(&service, query).await, expected, "{query}");
        }
    }

    async fn names_that_no_record_has_any_more_are_not_suggested(database: TestDatabase) {
        let place = json!({ "type": "PLACE", "key": "derna", "kind": "CITY", "name": "Derna", "language": "en" });
        let service = Service::with_records(&database, &[place]).await;
        assert_eq!(suggestion(&service, "Dernaa").await, "Derna");
        let id = service.id("derna").await;
        let update = "mutation ($id: ID!) { updatePlace(id: $id, version: 1, input: { name: \"Sirte\" }) { userErrors { message } } }";
        service.data_with(update, json!({ "id": id })).await;
        assert_eq!((suggestion(&service, "Dernaa").await, suggestion(&service, "Sirta").await), (Value::Null, json!("Sirte")));
    }

    async fn words_of_names_in_the_bin_are_not_suggested(database: TestDatabase) {
        let place = |key: &str, name: &str| json!({ "type": "PLACE", "key": key, "kind": "CITY", "name": name, "language": "en" });
        let service = Service::with_records(&database, &[place("zuwara", "Zuwara"), place("other", "Zuwaras")]).await;
        assert_eq!(suggestion(&service, "Zuwarass").await, "Zuwaras");
        let delete = "mutation ($id: ID!) { deleteRecord(id: $id, version: 1) { userErrors { message } } }";
        service.data_with(delete, json!({ "id": service.id("other").await })).await;
        assert_eq!(suggestion(&service, "Zuwarass").await, Value::Null, "although a record has its stem");
    }

    async fn every_letter_of_a_name_may_be_wrong(database: TestDatabase) {
        let place = |name: &str| json!({ "type": "PLACE", "key": name.to_lowercase(), "kind": "CITY", "name": name, "language": "en" });
        let names = ["Sirte", "Derna", "Libya", "Hamas", "Gaza", "Tunis"];
        let service = Service::with_records(&database, &names.map(place)).await;
        for (query, expected) in [
            ("Sitre", "Sirte"),
            ("Dedna", "Derna"),
            ("Lidya", "Libya"),
            ("Hadas", "Hamas"),
            ("Gada", "Gaza"),
            ("Tubis", "Tunis"),
        ] {
            assert_eq!(suggestion(&service, query).await, expected, "{query}");
        }
    }

    async fn a_name_is_found_without_its_signs_of_transliteration(database: TestDatabase) {
        let person = json!({ "type": "PERSON", "key": "ali", "name": "ʿAlī Rabīʿ", "language": "ar" });
        let service = Service::with_records(&database, &[person]).await;
        for query in ["Ali", "rabi", "ʿali", "\"Ali Rabi\"", "Ra*"] {
            let document = "query ($query: String!) { search(query: $query) { nodes { key } } }";
            let found = service.data_with(document, json!({ "query": query })).await;
            assert_eq!(found["search"]["nodes"], json!([{ "key": "ali" }]), "{query}");
        }
        let create = "mutation { createPerson(input: { name: \"Ali Rabi\", language: \"en\" }) { warnings { code } userErrors { message } } }";
        let created = service.data(create).await;
        assert_eq!(created["createPerson"], json!({ "warnings": [{ "code": "SIMILAR" }], "userErrors": [] }));
    }
}
