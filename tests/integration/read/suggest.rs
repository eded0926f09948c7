//! `suggest`: names for pickers.

use serde_json::{Value, json};

use crate::{
    both_databases,
    support::{
        editor::Editor,
        service::{Service, refusal},
    },
};

const DOCUMENT: &str = "query ($prefix: String!, $types: [RecordType!], $first: Int) {
    suggest(prefix: $prefix, types: $types, first: $first) {
        record { key } name { text language kind } highlights { start end } } }";

fn records() -> Vec<Value> {
    let mention = |entity: &str| json!({ "entity": entity, "field": "BODY", "start": 0, "end": 5 });
    vec![
        json!({ "type": "PLACE", "key": "algeria", "kind": "COUNTRY", "name": "Algeria", "language": "en",
            "names": [{ "text": "الجزائر", "language": "ar", "kind": "MAIN" }, { "text": "République d’Algérie", "language": "fr", "kind": "OFFICIAL" }] }),
        json!({ "type": "PLACE", "key": "algiers", "kind": "CITY", "name": "Algiers", "language": "en", "containedIn": "algeria" }),
        json!({ "type": "ORGANIZATION", "key": "army", "kind": "MILITARY", "name": "People's Army of Algeria", "language": "en" }),
        json!({ "type": "ORGANIZATION", "key": "council", "kind": "GOVERNMENT", "name": "المجلس الأعلى للدولة الليبية", "language": "ar" }),
        json!({ "type": "ORGANIZATION", "key": "state", "kind": "ARMED_GROUP", "name": "Islamic State", "language": "en" }),
        json!({ "type": "PERSON", "key": "emile", "name": "Émile Alger", "language": "fr" }),
        json!({ "type": "EVENT", "key": "talks", "kind": "MEETING", "name": "Talks in Algeria", "language": "en" }),
        json!({ "type": "ARTICLE", "key": "news", "headline": "Talks in Algiers", "language": "en", "body": "Talks about the army",
            "mentions": [mention("algiers"), mention("army")] }),
        json!({ "type": "ARTICLE", "key": "more", "headline": "More talks", "language": "en", "body": "Talks", "mentions": [mention("army")] }),
    ]
}

/// The key of each record, its name, and what is highlighted there.
async fn suggest(service: &Service, variables: Value) -> Vec<(String, String, String)> {
    let data = service.data_with(DOCUMENT, variables).await;
    let all = data["suggest"].as_array().expect("a list").iter();
    all.map(|suggestion| {
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let name = text(&suggestion["name"]["text"]);
        let number = |value: &Value| usize::try_from(value.as_u64().expect("a number")).expect("it fits");
        let spans = suggestion["highlights"].as_array().expect("a list").iter();
        let parts: Vec<String> = spans
            .map(|span| {
                let (start, end) = (number(&span["start"]), number(&span["end"]));
                name.chars().skip(start).take(end - start).collect()
            })
            .collect();
        (text(&suggestion["record"]["key"]), name, parts.join("|"))
    })
    .collect()
}

fn expected(all: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    all.iter().map(|(key, name, typed)| ((*key).to_owned(), (*name).to_owned(), (*typed).to_owned())).collect()
}

both_databases! {
    async fn names_with_a_word_that_begins_as_typed_are_suggested_and_the_most_linked_come_first(database: TestDatabase) {
        let service = Service::with_records(&database, &records()).await;
        for (prefix, found) in [
            ("alge", &[
                ("army", "People's Army of Algeria", "Alge"),
                ("algeria", "Algeria", "Alge"),
                ("emile", "Émile Alger", "Alge"),
                ("talks", "Talks in Algeria", "Alge"),
            ] as &[_]),
            ("ALGI", &[("algiers", "Algiers", "Algi"), ("news", "Talks in Algiers", "Algi")]),
            ("émile al", &[("emile", "Émile Alger", "Émile|Al")]),
            ("emi", &[("emile", "Émile Alger", "Émi")]),
            ("algerie", &[("algeria", "République d’Algérie", "Algérie")]),
            ("islamic st", &[("state", "Islamic State", "Islamic|St")]),
            ("state i", &[("state", "Islamic State", "I|State")]),
            ("isla st", &[]),
            ("of peop alg", &[]),
            ("of s alg", &[("army", "People's Army of Algeria", "s|of|Alg")]),
            ("جزا", &[("algeria", "الجزائر", "جزا")]),
            ("الجزا", &[("algeria", "الجزائر", "الجزا")]),
            ("ليب", &[("council", "المجلس الأعلى للدولة الليبية", "ليب")]),
            ("الدولة الليب", &[("council", "المجلس الأعلى للدولة الليبية", "للدولة|الليب")]),
            ("أعلي مجل", &[("council", "المجلس الأعلى للدولة الليبية", "مجل|الأعلى")]),
            ("lger", &[]),
        ] {
            assert_eq!(suggest(&service, json!({ "prefix": prefix })).await, expected(found), "{prefix}");
        }
        let places = suggest(&service, json!({ "prefix": "alg", "types": ["PLACE"] })).await;
        assert_eq!(places, expected(&[("algiers", "Algiers", "Alg"), ("algeria", "Algeria", "Alg")]));
        let two = suggest(&service, json!({ "prefix": "alg", "types": ["PERSON", "ARTICLE"] })).await;
        assert_eq!(two, expected(&[("emile", "Émile Alger", "Alg"), ("news", "Talks in Algiers", "Alg")]));
        assert_eq!(suggest(&service, json!({ "prefix": "alg", "types": [] })).await, expected(&[]));
        assert_eq!(suggest(&service, json!({ "prefix": "alg", "first": 1 })).await.len(), 1);
        assert_eq!(suggest(&service, json!({ "prefix": "alg", "first": 0 })).await, expected(&[]));
        let data = service.data_with(DOCUMENT, json!({ "prefix": "république" })).await;
        assert_eq!(data["suggest"][0]["name"], json!({ "text": "République d’Algérie", "language": "fr", "kind": "OFFICIAL" }));
    }

    async fn any_field_can_be_selected_once_or_twice(database: TestDatabase) {
        let service = Service::with_records(&database, &records()).await;
        let data = service.data("{ suggest(prefix: \"emile\") { __typename record { __typename id ... on Person { born { edtf } names { text } } }
            name { __typename t: text } highlights { __typename a: start b: end } } suggest(prefix: \"emile\") { record { key } } }").await;
        let id = service.id("emile").await;
        assert_eq!(data["suggest"], json!([{ "__typename": "Suggestion",
            "record": { "__typename": "Person", "id": id, "born": null, "names": [{ "text": "Émile Alger" }], "key": "emile" },
            "name": { "__typename": "Name", "t": "Émile Alger" }, "highlights": [{ "__typename": "Highlight", "a": 0, "b": 5 }] }]));
    }

    async fn bad_input_gives_nothing_or_a_clear_error(database: TestDatabase) {
        let service = Service::with_records(&database, &records()).await;
        let (long, words, letters) = ("a".repeat(200), "al ".repeat(66), "al".repeat(100));
        for prefix in ["", " ", "a", "ا", "%", "%%", "__", "\"*\0", "\0\0", "👍👍", "\u{202e}\u{202e}", "?!-", "' OR 1=1 --", "-\\", &long, &words, &letters] {
            assert_eq!(suggest(&service, json!({ "prefix": prefix })).await, expected(&[]), "{prefix:?}");
        }
        for prefix in ["al%", "\u{202b}alg\u{202c}iers", "algiers\0", "👍 algiers", "ALGIERS!"] {
            assert!(!suggest(&service, json!({ "prefix": prefix })).await.is_empty(), "{prefix:?}");
        }
        let answer = service.ask_with(DOCUMENT, json!({ "prefix": "a".repeat(201) })).await;
        assert_eq!(refusal(&answer).1, "`prefix` has 201 characters; the limit is 200.");
        for first in [-1, 101] {
            let answer = service.ask_with(DOCUMENT, json!({ "prefix": "al", "first": first })).await;
            assert_eq!(refusal(&answer).1, format!("`first` must be from 0 to 100, not {first}."));
        }
    }

    async fn suggestions_follow_every_change_in_the_next_request(database: TestDatabase) {
        let editor = Editor::with_records(&database, &records()).await;
        let service = Service::new(&database).await;
        let keys = async |prefix: &str| -> Vec<String> {
            suggest(&service, json!({ "prefix": prefix })).await.into_iter().map(|(key, ..)| key).collect()
        };
        let place = editor.create("Place", json!({ "key": "oran", "name": "Oran", "kind": "CITY" })).await;
        assert_eq!(keys("ora").await, ["oran"]);
        let place = editor.update("Place", &place, json!({ "name": "Wahran", "addNames": [{ "text": "وهران" }] })).await;
        assert_eq!((keys("ora").await.len(), keys("wahr").await, keys("وهر").await), (0, vec!["oran".to_owned()], vec!["oran".to_owned()]));
        let place = editor.delete(&place).await;
        assert_eq!(keys("wahr").await.len(), 0);
        let place = editor.restore(&place.id).await;
        assert_eq!(keys("wahr").await, ["oran"]);
        let other = editor.create("Place", json!({ "key": "other", "name": "Oran city", "kind": "CITY" })).await;
        editor.merge(&place, &other).await;
        assert_eq!((keys("wahr").await, keys("ora").await), (vec!["other".to_owned()], vec!["other".to_owned()]));
        editor.revert_last_own_change(&other.id).await;
        assert_eq!((keys("wahr").await, keys("ora").await), (vec!["oran".to_owned()], vec!["other".to_owned()]));
        let article = editor.record("news").await;
        editor.update("Article", &article, json!({ "headline": "Nothing" })).await;
        assert_eq!((keys("algiers").await, keys("noth").await), (vec!["algiers".to_owned()], vec!["news".to_owned()]));
    }

    async fn a_frequent_beginning_gives_the_most_linked_and_then_the_first_names(database: TestDatabase) {
        let mut lines: Vec<Value> = (0..400)
            .map(|number| json!({ "type": "PERSON", "key": format!("p/{number:03}"), "name": format!("Ali {number:03}") }))
            .collect();
        let mention = json!({ "entity": "p/250", "field": "BODY", "start": 0, "end": 5 });
        lines.push(json!({ "type": "ARTICLE", "key": "news", "headline": "News", "language": "en", "body": "Talks", "mentions": [mention] }));
        let service = Service::with_records(&database, &lines).await;
        let found = suggest(&service, json!({ "prefix": "al", "first": 3 })).await;
        let keys: Vec<&str> = found.iter().map(|(key, ..)| key.as_str()).collect();
        assert_eq!(keys, ["p/250", "p/000", "p/001"]);
        let whole = suggest(&service, json!({ "prefix": "ali 39", "first": 100 })).await;
        let keys: Vec<&str> = whole.iter().map(|(key, ..)| key.as_str()).collect();
        assert_eq!(keys, (390..400).map(|number| format!("p/{number}")).collect::<Vec<_>>());
        assert_eq!(suggest(&service, json!({ "prefix": "39 ali" })).await, expected(&[]), "39 is no whole word");
    }
}
