//! New records, created with all their parts in one call.

use serde_json::{Value, json};

use super::world::{BODY, span, world};
use crate::{
    both_databases,
    support::editor::{Editor, NAME},
};

/// The names of a place that is created from an input, as a query gives them.
async fn names(editor: &Editor, mut input: Value) -> Vec<String> {
    input["kind"] = "OTHER".into();
    let place = editor.create("Place", input).await;
    let found = editor
        .read_with(
            "query ($id: ID!) { place(id: $id) { name names { text language kind } } }",
            json!({ "id": place.id }),
        )
        .await;
    let names = found["place"]["names"].as_array().expect("a list");
    let shown = |name: &Value| {
        [&name["text"], &name["language"], &name["kind"]].map(|part| part.as_str().unwrap().to_owned()).join(" ")
    };
    assert_eq!(found["place"]["name"], names[0]["text"], "the main name is first");
    names.iter().map(shown).collect()
}

both_databases! {
    async fn every_kind_of_record_is_created_with_all_its_fields(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let country = editor.create("Place", json!({
            "key": "libya", "name": "Libya", "language": "en", "kind": "COUNTRY", "countryCode": "LY", "population": 6.5e6,
            "location": { "latitude": 27.5, "longitude": 17 }, "sameAs": ["HTTP://WWW.Wikidata.org/entity/Q1016"],
            "image": "https://pictures.example/libya.png",
            "names": [{ "text": "ليبيا", "language": "AR", "kind": "MAIN" }, { "text": "Libyan", "language": "en", "kind": "DEMONYM" }],
            "descriptions": [{ "text": "A country\nin North Africa.", "language": "en" }],
        })).await;
        let city = editor.create("Place", json!({ "name": "Derna", "kind": "CITY", "containedIn": country.id })).await;
        let army = editor.create("Organization", json!({
            "name": "Army", "kind": "MILITARY", "country": country.id, "headquarters": city.id,
            "founded": { "edtf": "1951~" }, "dissolved": { "edtf": "2011", "original": "after the revolution" },
        })).await;
        let unit = editor.create("Organization", json!({ "name": "Unit", "kind": "MILITARY", "parent": army.id })).await;
        let person = editor.create("Person", json!({
            "name": "Omar", "occupation": "reporter", "nationalities": [country.id],
            "born": { "edtf": "1950-01/1951" }, "died": { "edtf": "2015-02-16?" },
        })).await;

        let found = editor.read_with(
            "query ($country: ID!, $city: ID!, $army: ID!, $person: ID!) {
                country: place(id: $country) { key name version countryCode population location { latitude longitude } sameAs image
                    description names { text language kind } contains { nodes { id } } history { nodes { operation actor } } }
                city: place(id: $city) { containedIn { id } ancestors { name } }
                army: organization(id: $army) { country { id } headquarters { id } founded { edtf } dissolved { edtf original }
                    subsidiaries { nodes { id } } }
                person: person(id: $person) { occupation nationalities { id } born { edtf } died { edtf } }
            }",
            json!({ "country": country.id, "city": city.id, "army": army.id, "person": person.id }),
        ).await;
        assert_eq!(found["country"], json!({
            "key": "libya", "name": "Libya", "version": 1, "countryCode": "LY", "population": 6_500_000,
            "location": { "latitude": 27.5, "longitude": 17 }, "sameAs": ["http://www.wikidata.org/entity/Q1016"],
            "image": "https://pictures.example/libya.png", "description": "A country\nin North Africa.",
            "names": [
                { "text": "Libya", "language": "en", "kind": "MAIN" },
                { "text": "ليبيا", "language": "ar", "kind": "MAIN" },
                { "text": "Libyan", "language": "en", "kind": "DEMONYM" },
            ],
            "contains": { "nodes": [{ "id": city.id }] },
            "history": { "nodes": [{ "operation": "CREATE", "actor": NAME }] },
        }));
        assert_eq!(found["city"], json!({ "containedIn": { "id": country.id }, "ancestors": [{ "name": "Libya" }] }));
        assert_eq!(found["army"], json!({
            "country": { "id": country.id }, "headquarters": { "id": city.id }, "founded": { "edtf": "1951~" },
            "dissolved": { "edtf": "2011", "original": "after the revolution" }, "subsidiaries": { "nodes": [{ "id": unit.id }] },
        }));
        assert_eq!(found["person"], json!({
            "occupation": "reporter", "nationalities": [{ "id": country.id }],
            "born": { "edtf": "1950-01/1951" }, "died": { "edtf": "2015-02-16?" },
        }));
    }

    async fn an_article_is_created_with_the_mentions_in_its_text(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (egypt, cairo) = (editor.id("egypt").await, editor.id("cairo").await);
        let body = "🛩 Cairo sent planes.";
        let article = editor.create("Article", json!({
            "headline": "Egypt", "abstract": "In short: Cairo.", "body": body, "language": "en", "publishedOn": "2015-02-24",
            "url": "https://news.example/2", "publisher": editor.id("agency").await, "authors": [editor.id("omar").await],
            "dateline": cairo, "sameAs": ["https://mirror.example/2"],
            "mentions": [
                { "entity": cairo, "meant": egypt, "field": "BODY", "start": 2, "end": 7 },
                { "entity": egypt, "field": "HEADLINE", "start": 0, "end": 5, "text": "Egypt", "class": "NAME" },
            ],
        })).await;
        let found = editor.read_with(
            "query ($id: ID!) { article(id: $id) { headline abstract body publishedOn publisher { name } authors { name } dateline { name }
                mentions { nodes { entity { name } meant { name } field start end text class origin anchor } }
                places { totalCount } } }",
            json!({ "id": article.id }),
        ).await;
        assert_eq!(found["article"], json!({
            "headline": "Egypt", "abstract": "In short: Cairo.", "body": body, "publishedOn": "2015-02-24",
            "publisher": { "name": "News agency" }, "authors": [{ "name": "Omar" }], "dateline": { "name": "Cairo" },
            "mentions": { "nodes": [
                { "entity": { "name": "Egypt" }, "meant": null, "field": "HEADLINE", "start": 0, "end": 5, "text": "Egypt",
                    "class": "NAME", "origin": "EDITOR", "anchor": "ANCHORED" },
                { "entity": { "name": "Cairo" }, "meant": { "name": "Egypt" }, "field": "BODY", "start": 2, "end": 7, "text": "Cairo",
                    "class": "NAME", "origin": "EDITOR", "anchor": "ANCHORED" },
            ] },
            "places": { "totalCount": 2 },
        }));
    }

    async fn an_event_is_created_and_its_quotes_are_found_in_the_article(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (news, army, derna) = (editor.id("news").await, editor.id("army").await, editor.id("derna").await);
        let event = editor.create("Event", json!({
            "name": "Planes", "kind": "AIRSTRIKE", "status": "CONFIRMED", "officiallyConfirmed": false, "isRecurring": true,
            "date": { "relative": { "anchor": news, "relation": "BEFORE", "duration": "P1D" }, "original": "a day before" },
            "partOf": editor.id("strike").await,
            "places": [{ "place": derna, "description": "west of", "isCertain": false }],
            "participants": [
                { "participant": army, "role": "ATTACKER", "citations": [{ "article": news, "quote": "The army of Egypt" }] },
                { "description": "21 people", "count": 21, "role": "VICTIM" },
                { "participant": army, "description": "its pilots", "role": "OPERATOR" },
            ],
            "citations": [
                { "article": news, "quote": "sent planes to Derna", "form": "DIRECT", "modality": "CLAIM", "attributedTo": army,
                    "attributedToText": "sources in Cairo", "attributedToCountry": editor.id("egypt").await,
                    "date": { "edtf": "2015-02" }, "note": "The only source.", "subjectField": "date" },
                { "article": news, "quote": "Libya", "start": span(BODY, "Libya", 1).0 },
                { "article": news, "field": "HEADLINE", "quote": "Planes over Derna" },
            ],
        })).await;
        let found = editor.read_with(
            "query ($id: ID!) { event(id: $id) { status officiallyConfirmed isRecurring partOf { name }
                date { edtf original relative { duration } }
                places { edges { description isCertain node { name } } }
                participants { nodes { participant { name } description count role citations { nodes { quote start end } } } }
                citations { nodes { quote start end field anchor form modality attributedTo { name } attributedToText
                    attributedToCountry { name } date { edtf } note subjectField } } } }",
            json!({ "id": event.id }),
        ).await;
        let event = &found["event"];
        assert_eq!(event["date"], json!({ "edtf": "2015-02-16", "original": "a day before", "relative": { "duration": "P1D" } }));
        assert_eq!(
            json!([event["status"], event["officiallyConfirmed"], event["isRecurring"], event["partOf"]["name"]]),
            json!(["CONFIRMED", false, true, "Air strikes on Derna"])
        );
        assert_eq!(event["places"]["edges"], json!([{ "description": "west of", "isCertain": false, "node": { "name": "Derna" } }]));
        let (start, end) = span(BODY, "The army of Egypt", 0);
        let participant = |name: Value, description: Value, count: Value, role: &str, citations: Value| {
            json!({ "participant": name, "description": description, "count": count, "role": role, "citations": { "nodes": citations } })
        };
        let name = json!({ "name": "Egyptian army" });
        assert_eq!(event["participants"]["nodes"], json!([
            participant(name.clone(), Value::Null, Value::Null, "ATTACKER", json!([{ "quote": "The army of Egypt", "start": start, "end": end }])),
            participant(Value::Null, "21 people".into(), 21.into(), "VICTIM", json!([])),
            participant(name, "its pilots".into(), Value::Null, "OPERATOR", json!([])),
        ]));
        let citation = |quote: &str, nth: usize| {
            let (start, end) = span(BODY, quote, nth);
            json!({ "quote": quote, "start": start, "end": end, "field": "BODY", "anchor": "ANCHORED", "form": "INDIRECT",
                "modality": "FACT", "attributedTo": null, "attributedToText": null, "attributedToCountry": null, "date": null,
                "note": null, "subjectField": null })
        };
        let mut first = citation("sent planes to Derna", 0);
        for (name, value) in [
            ("form", json!("DIRECT")), ("modality", json!("CLAIM")), ("attributedTo", json!({ "name": "Egyptian army" })),
            ("attributedToText", json!("sources in Cairo")), ("attributedToCountry", json!({ "name": "Egypt" })),
            ("date", json!({ "edtf": "2015-02" })), ("note", json!("The only source.")), ("subjectField", json!("date")),
        ] {
            first[name] = value;
        }
        let mut last = citation("Libya", 1);
        (last["field"], last["quote"], last["start"], last["end"]) = ("HEADLINE".into(), "Planes over Derna".into(), 0.into(), 17.into());
        assert_eq!(event["citations"]["nodes"], json!([first, citation("Libya", 1), last]));
    }

    async fn a_relation_is_created_with_its_evidence_and_its_kind_decides_its_symmetry(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (army, egypt, libya) = (editor.id("army").await, editor.id("egypt").await, editor.id("libya").await);
        let relation = editor.create("Relation", json!({
            "key": "active", "source": army, "kind": "ACTIVE_IN", "target": libya, "description": "in the air",
            "since": { "edtf": "2015-02-16" }, "until": { "edtf": "2015/.." },
            "citations": [{ "article": editor.id("news").await, "quote": "sent planes to Derna in Libya" }],
        })).await;
        let ally = editor.create("Relation", json!({ "source": egypt, "kind": "ALLY_OF", "target": libya })).await;
        let found = editor.read_with(
            "query ($libya: ID!) { place(id: $libya) { relations(kinds: [ACTIVE_IN, ALLY_OF]) { nodes { id key kind isSymmetric
                description source { name } target { name } since { edtf } citations { nodes { quote } } } } } }",
            json!({ "libya": libya }),
        ).await;
        let mut expected = vec![
            json!({ "id": relation.id, "key": "active", "kind": "ACTIVE_IN", "isSymmetric": false, "description": "in the air",
                "source": { "name": "Egyptian army" }, "target": { "name": "Libya" }, "since": { "edtf": "2015-02-16" },
                "citations": { "nodes": [{ "quote": "sent planes to Derna in Libya" }] } }),
            json!({ "id": ally.id, "key": null, "kind": "ALLY_OF", "isSymmetric": true, "description": null,
                "source": { "name": "Egypt" }, "target": { "name": "Libya" }, "since": null, "citations": { "nodes": [] } }),
        ];
        let mut nodes = found["place"]["relations"]["nodes"].as_array().unwrap().clone();
        let by_id = |one: &Value| one["id"].as_str().unwrap().to_owned();
        nodes.sort_by_key(by_id);
        expected.sort_by_key(by_id);
        assert_eq!(nodes, expected);
    }

    async fn a_record_may_have_an_id_and_a_key_of_its_own(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let id = "0199F0AE-5D9A-7F00-8000-0000000000AB";
        let place = editor.create("Place", json!({ "id": id, "key": "a/b:c.d_1-2", "name": "Place", "kind": "OTHER" })).await;
        assert_eq!(place.id, id.to_lowercase());
        assert_eq!(editor.id("a/b:c.d_1-2").await, place.id);
        for (input, problem) in [
            (json!({ "id": "place-1" }), "INVALID id: is not an id: use a UUID with hyphens"),
            (json!({ "key": "two words" }), "INVALID key: \"two words\" is not a key: use 1 to 200 of A-Z a-z 0-9 . _ : / -, with a letter or digit first"),
            (json!({ "key": id }), "INVALID key: \"0199F0AE-5D9A-7F00-8000-0000000000AB\" is not a key: it has the form of an id"),
        ] {
            let mut input = input;
            (input["name"], input["kind"]) = ("Other".into(), "OTHER".into());
            assert_eq!(editor.failed_create("Place", input).await, [problem]);
        }
        let taken = editor.failed_create("Place", json!({ "id": id, "name": "Other", "kind": "OTHER" })).await;
        assert_eq!(taken, ["DUPLICATE id: a record has this id already: use another id, or update that record"]);
    }

    async fn the_main_name_takes_the_given_language_or_that_of_its_entry_or_none(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let entry = |text: &str, language: &str, kind: &str| json!({ "text": text, "language": language, "kind": kind });
        for (input, expected) in [
            (json!({ "name": "Tunis" }), vec!["Tunis und MAIN"]),
            (json!({ "name": "  Tunis " , "language": "EN-gb" }), vec!["Tunis en-GB MAIN"]),
            (json!({ "name": "Tunis", "names": [entry("Tunis", "fr", "MAIN")] }), vec!["Tunis fr MAIN"]),
            (json!({ "name": "Tunis", "names": [entry("Tunis", "fr", "ALIAS")] }), vec!["Tunis fr MAIN"]),
            (json!({ "name": "Tunis", "language": "fr", "names": [entry("Tunis", "fr", "MAIN")] }), vec!["Tunis fr MAIN"]),
            (json!({ "name": "Tunis", "language": "en", "names": [entry("Tunis", "fr", "MAIN")] }), vec!["Tunis en MAIN", "Tunis fr MAIN"]),
            (json!({ "name": "Tunis", "names": [{ "text": "Tunes" }] }), vec!["Tunis und MAIN", "Tunes und ALIAS"]),
            // a letter and a combining accent equal the letter with the accent
            (json!({ "name": "Me\u{301}denine", "names": [entry("M\u{e9}denine", "fr", "MAIN")] }), vec!["M\u{e9}denine fr MAIN"]),
        ] {
            assert_eq!(names(&editor, input.clone()).await, expected, "{input}");
        }
    }

    async fn null_fields_of_a_new_record_are_absent(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let place = editor.create("Place", json!({
            "key": null, "name": "Place", "language": null, "names": null, "kind": "OTHER", "location": null, "containedIn": null,
        })).await;
        let snapshot = editor.snapshot(&place.id).await;
        let fields: Vec<&String> = snapshot.as_object().unwrap().keys().collect();
        assert_eq!(fields, ["type", "id", "version", "createdAt", "updatedAt", "name", "language", "kind"]);
    }
}
