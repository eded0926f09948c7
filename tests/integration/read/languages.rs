//! Names, descriptions and labels are in the reader's language: the requested one, else those of `Accept-Language`, else that of
//! the record.

use reqwest::{Client, header::ACCEPT_LANGUAGE};
use serde_json::{Value, json};

use crate::{
    both_databases,
    support::service::{Service, serve_service},
};

fn lines() -> Vec<Value> {
    let name = |text: &str, language: &str, kind: &str| json!({ "text": text, "language": language, "kind": kind });
    vec![
        json!({ "type": "PLACE", "key": "ly", "name": "Libya", "language": "en", "kind": "COUNTRY",
            "names": [name("الليبي", "ar", "DEMONYM"), name("ليبيا", "ar", "MAIN"), name("Libye", "fr", "MAIN"), name("État de Libye", "fr", "OFFICIAL"),
                name("LBY", "und", "ABBREVIATION"), name("Lībija", "lv", "ALIAS"), name("Lībijas Valsts", "lv", "OFFICIAL"), name("利比亚", "zh-Hans", "MAIN"), name("利比亞", "zh", "MAIN")],
            "descriptions": [{ "text": "Pays d’Afrique du Nord", "language": "fr" }, { "text": "بلد", "language": "ar" }] }),
        json!({ "type": "PLACE", "key": "bare", "name": "Bare", "kind": "CITY" }),
        json!({ "type": "PERSON", "key": "demonym", "name": "Main", "language": "en", "names": [name("nur so", "de", "DEMONYM")],
            "born": { "edtf": "1942-06-07~" } }),
        json!({ "type": "ARTICLE", "key": "article", "headline": "Titre", "language": "fr", "publishedOn": "2015-02-17" }),
    ]
}

async fn field(service: &Service, key: &str, field: &str) -> Value {
    let data = service
        .data(&format!("{{ record(key: \"{key}\") {{ ... on Record {{ id }} ... on Entity {{ field: {field} }} }} }}"))
        .await;
    data["record"]["field"].clone()
}

both_databases! {
    async fn a_name_is_in_the_first_requested_language_that_it_has(database: TestDatabase) {
        let service = Service::with_records(&database, &lines()).await;
        for (languages, expected) in [
            ("[\"ar\"]", "ليبيا"),
            ("[\"fr\"]", "Libye"),
            ("[\"FR\"]", "Libye"),
            ("\"fr\"", "Libye"),
            ("[\"fr-CA\"]", "Libye"),
            ("[\"de\", \"ar\", \"fr\"]", "ليبيا"),
            ("[\"de-AT\", \"fr-CA\", \"ar\"]", "Libye"),
            ("[\"zh-Hans-CN\"]", "利比亚"),
            ("[\"zh-TW\"]", "利比亞"),
            ("[\"lv\"]", "Lībijas Valsts"),
            ("[\"und\"]", "LBY"),
            ("[\"en\"]", "Libya"),
            ("[\"en-GB\"]", "Libya"),
            ("[\"de\"]", "Libya"),
            ("[]", "Libya"),
            ("null", "Libya"),
        ] {
            assert_eq!(field(&service, "ly", &format!("name(languages: {languages})")).await, expected, "{languages}");
        }
        assert_eq!(field(&service, "demonym", "name(languages: [\"de\"])").await, "Main", "a demonym is no name to be called by");
        assert_eq!(field(&service, "bare", "name(languages: [\"ar\"])").await, "Bare");
        let article = service.data("{ record(key: \"article\") { name(languages: [\"ar\"]) } }").await;
        assert_eq!(article["record"]["name"], "Titre");
    }

    async fn a_language_finds_its_other_forms_if_nothing_closer_is_there(database: TestDatabase) {
        let name = |text: &str, language: &str, kind: &str| json!({ "text": text, "language": language, "kind": kind });
        let service = Service::with_records(&database, &[
            json!({ "type": "PLACE", "key": "eg", "name": "Egypt", "language": "en-GB", "kind": "COUNTRY",
                "names": [name("egípcio", "pt-AO", "DEMONYM"), name("Egito", "pt-BR", "MAIN"), name("مصر", "ar-EG", "MAIN"),
                    name("埃及 (TW)", "zh-Hant-TW", "ALIAS"), name("埃及 (CN)", "zh-Hans-CN", "MAIN"),
                    name("Ägypten (CH)", "de-CH", "MAIN"), name("Ägypten", "de", "ALIAS"), name("Por", "por", "MAIN"),
                    name("Égypte (BE)", "fr-BE", "MAIN"), name("Égypte (CH)", "fr-CH", "ALIAS")],
                "descriptions": [{ "text": "país", "language": "pt-BR" }, { "text": "بلد", "language": "ar-EG" }] }),
        ]).await;
        for (languages, expected) in [
            ("[\"pt\"]", "Egito"),
            ("[\"PT\"]", "Egito"),
            ("[\"pt-PT\"]", "Egito"),
            ("[\"pt-PT\", \"en\"]", "Egito"),
            ("[\"ar\"]", "مصر"),
            ("[\"ar-LY\", \"fr\"]", "مصر"),
            ("[\"en\"]", "Egypt"),
            ("[\"de\"]", "Ägypten"),
            ("[\"de-AT\"]", "Ägypten"),
            ("[\"de-CH\"]", "Ägypten (CH)"),
            ("[\"zh-Hant\"]", "埃及 (TW)"),
            ("[\"zh\"]", "埃及 (CN)"),
            ("[\"fr-CA\", \"fr-CH\"]", "Égypte (CH)"),
            ("[\"fr\"]", "Égypte (BE)"),
            ("[\"es\", \"ar\"]", "مصر"),
            ("[\"por\"]", "Por"),
        ] {
            assert_eq!(field(&service, "eg", &format!("name(languages: {languages})")).await, expected, "{languages}");
        }
        for (languages, expected) in [("[\"pt\"]", "país"), ("[\"ar-LY\"]", "بلد"), ("[\"en\"]", "país")] {
            assert_eq!(field(&service, "eg", &format!("description(languages: {languages})")).await, expected, "{languages}");
        }
        let (address, client) = (serve_service(&service).await, Client::new());
        let request = client.post(&address).json(&json!({ "query": "{ record(key: \"eg\") { name } }" }));
        let answer: Value = request.header(ACCEPT_LANGUAGE, "pt").send().await.expect("an answer").json().await.expect("JSON");
        assert_eq!(answer["data"]["record"]["name"], "Egito");
    }

    async fn a_description_is_in_the_first_requested_language_that_it_has_else_in_any(database: TestDatabase) {
        let service = Service::with_records(&database, &lines()).await;
        for (languages, expected) in [("[\"ar\"]", "بلد"), ("[\"de\", \"fr-CH\"]", "Pays d’Afrique du Nord"), ("[\"de\"]", "Pays d’Afrique du Nord"), ("[]", "Pays d’Afrique du Nord")] {
            assert_eq!(field(&service, "ly", &format!("description(languages: {languages})")).await, expected, "{languages}");
        }
        assert_eq!(field(&service, "bare", "description(languages: [\"ar\"])").await, Value::Null);
    }

    async fn all_names_are_listed_with_the_main_name_first(database: TestDatabase) {
        let service = Service::with_records(&database, &lines()).await;
        let names = field(&service, "ly", "names { text language kind }").await;
        assert_eq!(names[0], json!({ "text": "Libya", "language": "en", "kind": "MAIN" }));
        assert_eq!(names[1], json!({ "text": "الليبي", "language": "ar", "kind": "DEMONYM" }), "then as they were given");
        assert_eq!(names.as_array().map(Vec::len), Some(10));
        assert_eq!(field(&service, "bare", "names { text language kind }").await, json!([{ "text": "Bare", "language": "und", "kind": "MAIN" }]));
    }

    async fn the_header_of_a_request_is_used_if_no_language_is_requested(database: TestDatabase) {
        let service = Service::with_records(&database, &lines()).await;
        let (address, client) = (serve_service(&service).await, Client::new());
        let document = "{ ly: record(key: \"ly\") { name asked: name(languages: [\"fr\"]) none: name(languages: []) ... on Place { description } }
            person: record(key: \"demonym\") { ... on Person { born { label asked: label(language: \"fr\") other: label(language: \"de\") } } } }";
        for (header, name, description, label) in [
            (None, "Libya", "Pays d’Afrique du Nord", "about 7 June 1942"),
            (Some("ar"), "ليبيا", "بلد", "نحو 7 يونيو 1942"),
            (Some("de, ar-EG;q=0.9, fr;q=0.1"), "ليبيا", "بلد", "نحو 7 يونيو 1942"),
            (Some("fr;q=0.5, ar;q=0.4"), "Libye", "Pays d’Afrique du Nord", "vers le 7 juin 1942"),
            (Some("de"), "Libya", "Pays d’Afrique du Nord", "about 7 June 1942"),
            (Some("*"), "Libya", "Pays d’Afrique du Nord", "about 7 June 1942"),
            (Some("'; drop table record; --, ar"), "ليبيا", "بلد", "نحو 7 يونيو 1942"),
        ] {
            let mut request = client.post(&address).json(&json!({ "query": document }));
            if let Some(header) = header {
                request = request.header(ACCEPT_LANGUAGE, header);
            }
            let answer: Value = request.send().await.expect("an answer").json().await.expect("JSON");
            assert_eq!(answer.get("errors"), None);
            let (ly, born) = (&answer["data"]["ly"], &answer["data"]["person"]["born"]);
            assert_eq!(ly["name"], name, "{header:?}");
            assert_eq!(ly["asked"], "Libye", "what is asked for comes before the header: {header:?}");
            assert_eq!(ly["none"], name, "a list of none asks for nothing: {header:?}");
            assert_eq!(ly["description"], description, "{header:?}");
            assert_eq!(born["label"], label, "{header:?}");
            assert_eq!((&born["asked"], &born["other"]), (&json!("vers le 7 juin 1942"), &json!("about 7 June 1942")), "{header:?}");
        }
    }

    async fn more_than_ten_languages_and_broken_tags_do_no_harm(database: TestDatabase) {
        let service = Service::with_records(&database, &lines()).await;
        let ten = (0..10).map(|i| format!("\"x{i}\"")).collect::<Vec<_>>().join(", ");
        assert_eq!(field(&service, "ly", &format!("name(languages: [{ten}, \"ar\"])")).await, "Libya", "only ten count");
        let nine = ten.rsplit_once(", ").map_or("", |(nine, _)| nine);
        assert_eq!(field(&service, "ly", &format!("name(languages: [{nine}, \"ar\"])")).await, "ليبيا");
        for bad in ["", "a\\u0000b", "e n", "-", "12345678901234567890123456789012345678901"] {
            let answer = service.ask(&format!("{{ record(key: \"ly\") {{ name(languages: [\"{bad}\"]) }} }}")).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{bad}: {answer}");
        }
    }
}
