//! What a search finds, and where.

use serde_json::{Value, json};

use super::{keys, sorted_keys};
use crate::{both_databases, support::service::Service};

pub fn records() -> Vec<Value> {
    vec![
        json!({ "type": "PLACE", "key": "libya", "kind": "COUNTRY", "name": "Libya", "language": "en",
            "names": [{ "text": "ليبيا", "language": "ar", "kind": "MAIN" }, { "text": "Libye", "language": "fr", "kind": "MAIN" }],
            "descriptions": [{ "text": "A country in North Africa.", "language": "en" }] }),
        json!({ "type": "PLACE", "key": "derna", "kind": "CITY", "name": "درنة", "language": "ar", "containedIn": "libya" }),
        json!({ "type": "PERSON", "key": "amina", "name": "Amina Said", "language": "en", "occupation": "war reporter" }),
        json!({ "type": "ORGANIZATION", "key": "army", "kind": "MILITARY", "name": "الجيش المصري", "language": "ar",
            "names": [{ "text": "Armée égyptienne", "language": "fr", "kind": "MAIN" }] }),
        json!({ "type": "EVENT", "key": "talks", "kind": "MEETING", "name": "Neighbours of Libya meet", "language": "en" }),
        json!({ "type": "ARTICLE", "key": "khabar", "headline": "غارات على درنه", "language": "ar",
            "abstract": "شن الجيش المصري غارات.", "body": "وقالت السلطات اللِّيبيّة إن اجتماعاً للمسؤولين سيعقد بالقاهرة." }),
        json!({ "type": "ARTICLE", "key": "news", "headline": "Air strikes in Derna", "language": "en",
            "body": "The neighbours of Libya held meetings about the strikes. War in the air was not discussed; Cairo was silent." }),
        json!({ "type": "ARTICLE", "key": "nouvelle", "headline": "Réunions à Alger", "language": "fr",
            "body": "L’État et les armées des pays voisins étaient présents." }),
        json!({ "type": "ARTICLE", "key": "nachricht", "headline": "Häuser in Kairo", "language": "de" }),
    ]
}

both_databases! {
    async fn forms_of_a_word_are_found_in_every_field_and_language(database: TestDatabase) {
        let service = Service::with_records(&database, &records()).await;
        for (query, expected) in [
            ("ليبيا", &["khabar", "libya"] as &[&str]),
            ("درنة", &["derna", "khabar"]),
            ("مسئول اجتماعات", &["khabar"]),
            ("القاهرة", &["khabar"]),
            ("الغارة", &["khabar"]),
            ("meeting", &["news", "talks"]),
            ("Libya neighbour", &["news", "talks"]),
            ("reporters", &["amina"]),
            ("countries africa", &["libya"]),
            ("reunion", &["nouvelle"]),
            ("armee", &["army", "nouvelle"]),
            ("état", &["nouvelle"]),
            ("hauser", &["nachricht"]),
            ("libye", &["libya"]),
            ("Libya ليبيا", &["libya"]),
            ("اجتماعي", &[]),
            ("nowhere", &[]),
        ] {
            assert_eq!(sorted_keys(&service, query).await, expected, "{query}");
        }
    }

    async fn phrases_prefixes_and_exclusions_narrow_a_search(database: TestDatabase) {
        let service = Service::with_records(&database, &records()).await;
        for (query, expected) in [
            ("air strikes", &["news"] as &[&str]),
            ("\"strike air\"", &[]),
            ("\"air strike\"", &["news"]),
            ("\"الجيش المصري\"", &["army", "khabar"]),
            ("\"المصري الجيش\"", &[]),
            ("neigh*", &["news", "talks"]),
            ("قاه*", &["khabar"]),
            ("ليب*", &["khabar", "libya"]),
            ("libya -war", &["libya", "talks"]),
            ("ليبيا -\"شن الجيش\"", &["libya"]),
            ("in -cairo -kairo", &["libya"]),
            ("libya -li*", &[]),
        ] {
            assert_eq!(sorted_keys(&service, query).await, expected, "{query}");
        }
    }

    async fn a_prefix_finds_forms_of_the_words_that_begin_with_it(database: TestDatabase) {
        let article = |key: &str, headline: &str| json!({ "type": "ARTICLE", "key": key, "headline": headline, "language": "en" });
        let records = [
            article("universal", "A universal law"),
            article("university", "The university"),
            article("unit", "A unit"),
            json!({ "type": "ARTICLE", "key": "capital", "headline": "جامعة القاهرة", "language": "ar" }),
        ];
        let service = Service::with_records(&database, &records).await;
        for (query, expected, words) in [
            ("univers*", &["universal", "university"] as &[&str], &["universal", "university"] as &[&str]),
            // the two have the same stem
            ("universa*", &["universal", "university"], &["universal", "university"]),
            ("uni* -universa*", &["unit"], &["unit"]),
            ("قاه*", &["capital"], &["القاهرة"]),
        ] {
            let document = "query ($query: String!) { search(query: $query) { edges { node { key } matches { field text highlights { start end } } } } }";
            let data = service.data_with(document, json!({ "query": query })).await;
            let edges = data["search"]["edges"].as_array().expect("a list");
            let key = |edge: &Value| edge["node"]["key"].as_str().expect("a key").to_owned();
            let mut found: Vec<String> = edges.iter().map(key).collect();
            found.sort_unstable();
            assert_eq!(found, expected, "{query}");
            let mut highlighted: Vec<String> =
                edges.iter().flat_map(|edge| edge["matches"].as_array().expect("a list")).flat_map(highlighted).collect();
            highlighted.sort_unstable();
            assert_eq!(highlighted, words, "{query}");
        }
    }

    async fn the_best_hits_come_first_and_types_can_be_chosen(database: TestDatabase) {
        let service = Service::with_records(&database, &records()).await;
        assert_eq!(keys(&service, "libya", Value::Null).await[..2], ["libya", "talks"], "names before texts");
        assert_eq!(keys(&service, "libya", json!(["ARTICLE"])).await, ["news"]);
        assert_eq!(keys(&service, "libya", json!(["ARTICLE", "EVENT"])).await, ["talks", "news"]);
        assert_eq!(keys(&service, "libya", json!([])).await, [""; 0]);
    }

    async fn a_match_shows_the_words_in_the_original_text(database: TestDatabase) {
        let service = Service::with_records(&database, &records()).await;
        let document = "query ($query: String!) { search(query: $query) { edges { score node { key name }
            matches { field language text highlights { start end } } } } }";
        let data = service.data_with(document, json!({ "query": "ليبيا \"الجيش المصري\"" })).await;
        let edges = data["search"]["edges"].as_array().expect("a list");
        assert_eq!(edges.len(), 1);
        assert_eq!(edges[0]["node"], json!({ "key": "khabar", "name": "غارات على درنه" }));
        assert!(edges[0]["score"].as_f64().expect("a number") > 0.0);
        let shown: Vec<(String, String, Vec<String>)> = edges[0]["matches"].as_array().expect("a list").iter().map(shown).collect();
        let expected = [("abstract", "ar", vec!["الجيش", "المصري"]), ("body", "ar", vec!["اللِّيبيّة"])];
        let expected: Vec<(String, String, Vec<String>)> = expected
            .into_iter()
            .map(|(field, language, words)| (field.to_owned(), language.to_owned(), words.into_iter().map(str::to_owned).collect()))
            .collect();
        assert_eq!(shown, expected);

        let data = service.data_with(document, json!({ "query": "libye" })).await;
        assert_eq!(
            data["search"]["edges"][0]["matches"],
            json!([{ "field": "name", "language": "fr", "text": "Libye", "highlights": [{ "start": 0, "end": 5 }] }])
        );
    }
}

/// A match: its field, its language and the words that it highlights.
fn shown(found: &Value) -> (String, String, Vec<String>) {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    (text(&found["field"]), text(&found["language"]), highlighted(found))
}

/// The words that a match highlights.
fn highlighted(found: &Value) -> Vec<String> {
    let number = |value: &Value| usize::try_from(value.as_u64().expect("a number")).expect("it fits");
    let letters: Vec<char> = found["text"].as_str().expect("a text").chars().collect();
    let highlights = found["highlights"].as_array().expect("a list").iter();
    highlights.map(|span| letters[number(&span["start"])..number(&span["end"])].iter().collect()).collect()
}
