//! What is brought into one form when it is written is found by every form that means the same.

use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization as _;

use crate::{
    both_databases,
    support::{crowd::id_of, service::Service},
};

both_databases! {
    async fn an_address_is_found_however_its_scheme_and_host_are_written(database: TestDatabase) {
        let lines = [
            json!({ "type": "PLACE", "key": "place", "name": "Place", "kind": "CITY", "sameAs": ["http://WWW.example.org/Q"] }),
            json!({ "type": "ARTICLE", "key": "article", "headline": "Article", "language": "en", "url": "HTTPS://News.Example/A?b=C" }),
        ];
        let service = Service::with_records(&database, &lines).await;
        for (asked, key) in [
            ("sameAs: \"http://WWW.example.org/Q\"", Some("place")),
            ("sameAs: \"HTTP://www.Example.ORG/Q\"", Some("place")),
            ("sameAs: \"http://www.example.org/q\"", None),
            ("url: \"HTTPS://News.Example/A?b=C\"", Some("article")),
            ("url: \"https://news.example/A?b=C\"", Some("article")),
            ("url: \"https://news.example/a?b=C\"", None),
        ] {
            let found = service.data(&format!("{{ record({asked}) {{ key }} }}")).await;
            assert_eq!(found["record"]["key"].as_str(), key, "{asked}");
        }
        for bad in ["https://", "https://user@news.example/", "https://news.example/a b", "ftp://news.example/"] {
            let (path, message) = service.refusal(&format!("{{ record(url: \"{bad}\") {{ id }} }}")).await;
            assert_eq!((path, message), ("record".to_owned(), format!("url: \"{bad}\" is not a Url, such as https://example.org/.")));
        }
    }

    async fn a_name_is_found_by_the_text_that_it_was_made_from(database: TestDatabase) {
        let texts = ["Zürich", "Ḥalab", "آسفي", "مؤتة", "각", " Ａ  b "];
        let decomposed = |text: &str| text.nfd().collect::<String>();
        let lines: Vec<Value> = texts.iter().enumerate().flat_map(|(at, text)| [
            json!({ "type": "PLACE", "key": format!("place/{at}"), "name": decomposed(text), "kind": "CITY" }),
            json!({ "type": "ARTICLE", "key": format!("article/{at}"), "headline": decomposed(text), "language": "en" }),
        ]).collect();
        let service = Service::with_records(&database, &lines).await;
        let document = "query($text: String!) {
            places(where: { name: { equals: $text } }) { nodes { key } } listed: places(where: { not: { not: { name: { in: [$text] } } } }) { nodes { key } }
            articles(where: { headline: { equals: $text } }) { nodes { key } } }";
        for (at, text) in texts.iter().enumerate() {
            for text in [(*text).to_owned(), decomposed(text), text.nfc().collect()] {
                let found = service.data_with(document, json!({ "text": text })).await;
                let (place, article) = (json!([{ "key": format!("place/{at}") }]), json!([{ "key": format!("article/{at}") }]));
                assert_eq!((&found["places"]["nodes"], &found["listed"]["nodes"], &found["articles"]["nodes"]), (&place, &place, &article), "{text:?}");
            }
        }
        let other = service.data_with(document, json!({ "text": "zürich" })).await;
        assert_eq!(other["places"]["nodes"], json!([]), "to the letter");
    }

    async fn the_id_of_a_merged_record_means_its_survivor_in_a_filter(database: TestDatabase) {
        let (gone, survivor, other) = (id_of("gone"), id_of("survivor"), id_of("other"));
        let lines = [
            json!({ "type": "PLACE", "id": survivor, "name": "Survivor", "kind": "CITY", "containedIn": other, "mergedIds": [gone] }),
            json!({ "type": "PLACE", "id": gone, "name": "Gone", "kind": "CITY", "mergedInto": survivor }),
            json!({ "type": "PLACE", "id": other, "name": "Other", "kind": "COUNTRY" }),
        ];
        let service = Service::with_records(&database, &lines).await;
        let unknown = id_of("unknown");
        for (filter, expected) in [
            (format!("{{ equals: \"{gone}\" }}"), &["Survivor"][..]),
            (format!("{{ equals: \"{survivor}\" }}"), &["Survivor"]),
            (format!("{{ equals: \"{}\" }}", gone.to_uppercase()), &["Survivor"]),
            (format!("{{ equals: \"{unknown}\" }}"), &[]),
            (format!("{{ in: [\"{gone}\"] }}"), &["Survivor"]),
            (format!("{{ in: [\"{gone}\", \"{survivor}\", \"{unknown}\"] }}"), &["Survivor"]),
            (format!("{{ in: [\"{other}\", \"{gone}\"] }}"), &["Other", "Survivor"]),
            (format!("{{ in: [\"{unknown}\"] }}"), &[]),
            ("{ in: [] }".to_owned(), &[]),
        ] {
            for (negated, holds) in [(false, true), (true, false)] {
                let asked = if negated { format!("{{ not: {{ id: {filter} }} }}") } else { format!("{{ id: {filter} }}") };
                let data = service.data(&format!("{{ places(where: {asked}) {{ totalCount nodes {{ name }} }} place(id: \"{other}\") {{ contains(where: {asked}) {{ nodes {{ name }} }} }} }}")).await;
                let names = |list: &Value| list["nodes"].as_array().expect("nodes").iter().map(|node| node["name"].as_str().expect("a name").to_owned()).collect::<Vec<_>>();
                let wanted: Vec<_> = ["Other", "Survivor"].into_iter().filter(|name| expected.contains(name) == holds).collect();
                assert_eq!(names(&data["places"]), wanted, "{asked}");
                let inside: Vec<_> = wanted.into_iter().filter(|name| *name == "Survivor").collect();
                assert_eq!(names(&data["place"]["contains"]), inside, "{asked}, nested");
            }
        }
    }
}
