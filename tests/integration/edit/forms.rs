//! What front ends and editors send in forms: empty texts, blanks around codes, dates in other notations, and quotes with typing errors.

use serde_json::{Value, json};

use super::world::world;
use crate::{both_databases, support::editor::Editor};

both_databases! {
    async fn an_empty_optional_text_clears_its_field(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let omar = editor.record("omar").await;
        let omar = editor.update("Person", &omar, json!({ "occupation": "", "image": " ", "key": "" })).await;
        let snapshot = editor.snapshot(&omar.id).await;
        assert_eq!((&snapshot["occupation"], &snapshot["image"], &snapshot["key"]), (&Value::Null, &Value::Null, &Value::Null));
        let news = editor.record("khabar").await;
        let news = editor.update("Article", &news, json!({ "abstract": "", "url": "", "publishedOn": "", "publisher": "", "dateline": " \u{200f}" })).await;
        assert_eq!(editor.snapshot(&news.id).await["url"], Value::Null);
        let derna = editor.record("derna").await;
        editor.update("Place", &derna, json!({ "containedIn": "", "countryCode": "" })).await;
        assert_eq!(editor.snapshot(&derna.id).await["containedIn"], Value::Null);
        let place = editor.create("Place", json!({ "name": "Tobruk", "language": "", "kind": "CITY", "key": "", "containedIn": "", "image": "",
            "names": [{ "text": "طبرق", "language": "" }] })).await;
        let found = editor.read_with("query ($id: ID!) { place(id: $id) { key image names { text language } } }", json!({ "id": place.id })).await;
        assert_eq!(found["place"], json!({ "key": null, "image": null,
            "names": [{ "text": "Tobruk", "language": "und" }, { "text": "طبرق", "language": "und" }] }));
        assert_eq!(editor.failed_update("Place", &place, json!({ "name": "" })).await, ["REQUIRED name: is empty"]);
        let border = editor.record("border").await;
        assert_eq!(editor.failed_update("Relation", &border, json!({ "source": "" })).await, ["REQUIRED source: is empty"]);
        let arguments = json!({ "id": place.id, "version": 1, "input": { "population": 1 }, "summary": " " });
        editor.try_mutation("updatePlace", arguments).await.expect("an empty summary is none");
        assert_eq!(editor.history(&place.id).await[1]["summary"], Value::Null);
    }

    async fn blanks_around_codes_do_not_count(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let place = editor.create("Place", json!({ "name": "Malta", "language": " EN ", "kind": "COUNTRY", "countryCode": " MT\n",
            "image": " https://Pictures.example/m.png ", "sameAs": ["\thttps://m.example/"] })).await;
        let snapshot = editor.snapshot(&place.id).await;
        assert_eq!(json!([snapshot["language"], snapshot["countryCode"], snapshot["image"], snapshot["sameAs"]]),
            json!(["en", "MT", "https://pictures.example/m.png", ["https://m.example/"]]));
        let event = editor.create("Event", json!({ "name": "E", "kind": "OTHER", "date": { "edtf": " 2015-02-17~ " } })).await;
        assert_eq!(editor.snapshot(&event.id).await["date"]["edtf"], "2015-02-17~");
        let place = editor.update("Place", &place, json!({ "removeSameAs": [" https://m.example/ "] })).await;
        assert_eq!(editor.snapshot(&place.id).await["sameAs"], Value::Null);
    }

    async fn a_date_in_another_notation_is_told_in_the_right_one(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        for (date, message) in [
            ("17/02/2015", "write 2015-02-17"),
            ("02/03/2015", "write 2015-03-02 or 2015-02-03"),
            ("2015–02–17", "the parts of a date are joined by the hyphen -, not –: write 2015-02-17"),
            ("٢٠١٥-٠٢-١٧", "digits are written 0 to 9, not ٢: write 2015-02-17"),
        ] {
            let event = json!({ "name": "E", "kind": "OTHER", "date": { "edtf": date } });
            assert_eq!(editor.failed_create("Event", event).await, [format!("INVALID date.edtf: \"{date}\" is not a date in EDTF: {message}")]);
            let article = json!({ "headline": "A", "language": "en", "publishedOn": date });
            assert_eq!(editor.failed_create("Article", article).await,
                [format!("INVALID publishedOn: \"{date}\" is not a day of the form 2015-02-24: {message}")]);
            let filter = "query ($day: Date) { articles(where: { publishedOn: { from: $day } }) { totalCount } }";
            let answer = editor.answer(filter, json!({ "day": date })).await;
            assert_eq!(answer["errors"][0]["message"], format!("where.publishedOn.from: \"{date}\" is not a Date, such as 2015-02-24: {message}."));
        }
        let half_year = json!({ "name": "E", "kind": "OTHER", "date": { "edtf": "1922?-40" } });
        let problems = editor.failed_create("Event", half_year).await;
        assert!(problems[0].contains("a qualifier on part of a date (level 2); put ?, ~ or % at the end, for the whole of it"), "{problems:?}");
    }

    async fn a_similar_country_code_is_told(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        for (code, meant) in [("ly", "LY"), ("LBY", "LY"), ("egy", "EG")] {
            assert_eq!(editor.failed_create("Place", json!({ "name": "P", "kind": "COUNTRY", "countryCode": code })).await,
                [format!("INVALID countryCode: \"{code}\" is not a country code: write {meant}")]);
        }
    }

    async fn a_wrong_quote_is_told_the_nearest_passage_and_the_first_difference(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let body = "They said Libya’s neighbours refuse any intervention. قال الوزير إن الجزائر ترفض التدخل.";
        editor.create("Article", json!({ "key": "news", "headline": "Neighbours", "language": "en", "body": body })).await;
        for (quote, start, message) in [
            ("Libya's neighbours", None, "10, is \"Libya’s neighbours\": the text has a right single quotation mark where the quote has an apostrophe"),
            ("Libya's neighbours", Some(10), "10, is \"Libya’s neighbours\": the text has a right single quotation mark where the quote has an apostrophe"),
            ("neighbors refuse", None, "18, is \"neighbours refuse\": the text has \"u\", which the quote does not have"),
            ("ان الجزائر ترفض", None, "65, is \"إن الجزائر ترفض\": the text has \"إ\" where the quote has \"ا\""),
        ] {
            let citation = json!({ "article": "news", "quote": quote, "start": start });
            let event = json!({ "name": "E", "kind": "OTHER", "citations": [citation] });
            assert_eq!(editor.failed_create("Event", event).await,
                [format!("INVALID citations.0.quote: is not in the body of the article; the nearest passage, at {message}")]);
        }
        let other = json!({ "name": "E", "kind": "OTHER", "citations": [{ "article": "news", "quote": "Rain is expected tomorrow" }] });
        assert_eq!(editor.failed_create("Event", other).await, ["INVALID citations.0.quote: is not in the body of the article"]);
    }

    async fn a_value_of_the_wrong_type_names_the_path_of_the_argument(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let message = async |document: &str, variables: Value| editor.answer(document, variables).await["errors"][0]["message"].as_str().expect("an error").to_owned();
        let participants = "participants: [{ description: \"people\", role: VICTIM, count: COUNT }]";
        let document = |parameters: &str, count: &str| {
            format!("mutation {parameters} {{ createEvent(input: {{ name: \"E\", kind: OTHER, {} }}) {{ userErrors {{ code }} }} }}", participants.replace("COUNT", count))
        };
        assert!(message(&document("", "\"21\""), json!({})).await.contains("input.participants[0].count"));
        let by_variable = message(&document("($count: Int)", "$count"), json!({ "count": "21" })).await;
        assert_eq!(by_variable, "Variable \"$count\" got an invalid value at \"count\": \"21\" is not an Int. It is used for \"input.participants[0].count\".");
        let in_fragment = "query ($first: Int) { ...F } fragment F on Query { places { nodes { events(first: $first) { totalCount } } } }";
        let by_fragment = message(in_fragment, json!({ "first": "2" })).await;
        assert!(by_fragment.ends_with("at \"first\": \"2\" is not an Int."), "{by_fragment}");
        let input = json!({ "name": "E", "kind": "OTHER", "participants": [{ "description": "people", "role": "VICTIM", "count": "21" }] });
        let whole = message("mutation ($input: CreateEventInput!) { createEvent(input: $input) { userErrors { code } } }", json!({ "input": input })).await;
        assert!(whole.contains("\"input.participants[0].count\": \"21\" is not an Int"), "{whole}");
    }
}
