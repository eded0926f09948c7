//! Every payload warns of records that may describe the same thing: with the same name, address or text.

use serde_json::{Value, json};

use crate::{both_databases, support::editor::Editor};

const WARNINGS: &str = "warnings { code message field record { key name } }";

/// The warnings of a mutation that must succeed: the field with dots, and the key of the other record.
async fn warned(editor: &Editor, mutation: &str, arguments: &str, variables: Value) -> Vec<(String, Value)> {
    let declared = match mutation {
        "applyChanges" => "$changes: [ChangeInput!]!, $dryRun: Boolean",
        _ => arguments,
    };
    let passed: Vec<String> = declared
        .split(", ")
        .map(|part| part.trim_start_matches('$').split(':').next().expect("a name").to_owned())
        .collect();
    let passed: Vec<String> = passed.iter().map(|name| format!("{name}: ${name}")).collect();
    let document = format!(
        "mutation ({declared}) {{ it: {mutation}({}) {{ {WARNINGS} userErrors {{ message }} }} }}",
        passed.join(", ")
    );
    let payload = editor.read_with(&document, variables).await["it"].take();
    assert_eq!(payload["userErrors"], json!([]), "{mutation}");
    let all = payload["warnings"].as_array().expect("a list");
    all.iter()
        .map(|warning| {
            assert_eq!(warning["code"], "SIMILAR");
            let steps: Vec<&str> =
                warning["field"].as_array().expect("a path").iter().filter_map(Value::as_str).collect();
            (steps.join("."), warning["record"]["key"].clone())
        })
        .collect()
}

async fn created(editor: &Editor, kind: &str, input: Value) -> Vec<(String, Value)> {
    warned(editor, &format!("create{kind}"), &format!("$input: Create{kind}Input!"), json!({ "input": input })).await
}

async fn updated(editor: &Editor, kind: &str, key: &str, input: Value) -> Vec<(String, Value)> {
    let record = editor.record(key).await;
    let arguments = format!("$id: ID!, $version: Int!, $input: Update{kind}Input!");
    let variables = json!({ "id": record.id, "version": record.version, "input": input });
    warned(editor, &format!("update{kind}"), &arguments, variables).await
}

async fn applied(editor: &Editor, changes: Value, dry_run: bool) -> Vec<(String, Value)> {
    warned(editor, "applyChanges", "", json!({ "changes": changes, "dryRun": dry_run })).await
}

fn expected(all: &[(&str, &str)]) -> Vec<(String, Value)> {
    all.iter().map(|(field, key)| ((*field).to_owned(), json!(key))).collect()
}

fn entities() -> Vec<Value> {
    vec![
        json!({ "type": "PLACE", "key": "libya", "kind": "COUNTRY", "name": "Libya", "language": "en",
            "names": [{ "text": "ليبيا", "language": "ar", "kind": "MAIN" }, { "text": "Libye", "language": "fr" }] }),
        json!({ "type": "PLACE", "key": "derna", "kind": "CITY", "name": "درنة", "language": "ar" }),
        json!({ "type": "ORGANIZATION", "key": "army", "kind": "MILITARY", "name": "Armée égyptienne", "language": "fr" }),
        json!({ "type": "PERSON", "key": "omar", "name": "Omar al-Mukhtar", "language": "en" }),
        json!({ "type": "EVENT", "key": "strike", "kind": "AIRSTRIKE", "name": "Air strike", "language": "en" }),
        json!({ "type": "ARTICLE", "key": "news", "headline": "News", "language": "en", "url": "https://www.news.example/a/1?id=7",
            "body": "Egypt sent planes\nto Derna." }),
    ]
}

both_databases! {
    async fn a_new_entity_with_a_name_of_another_one_of_its_type_is_created_with_a_warning(database: TestDatabase) {
        let editor = Editor::with_records(&database, &entities()).await;
        let document = format!("mutation {{ createPlace(input: {{ name: \"LIBYE\", kind: COUNTRY }}) {{ place {{ name }} {WARNINGS} userErrors {{ code }} }} }}");
        let payload = editor.read(&document).await["createPlace"].take();
        assert_eq!(payload, json!({ "place": { "name": "LIBYE" }, "userErrors": [], "warnings": [{
            "code": "SIMILAR", "message": "the place libya has the name \"LIBYE\", too: check whether it is the same place",
            "field": ["name"], "record": { "key": "libya", "name": "Libya" } }] }));
        for (kind, input, warnings) in [
            ("Place", json!({ "key": "darna", "name": "دَرنه", "kind": "CITY" }), &[("name", "derna")] as &[_]),
            ("Place", json!({ "name": "Cyrenaica", "kind": "REGION", "names": [{ "text": "Barqa" }, { "text": " ليبيا " }, { "text": "Libya" }] }), &[("names.1", "libya")]),
            ("Place", json!({ "name": "Tripoli", "kind": "CITY", "names": [{ "text": "Tripoli" }, { "text": "Derna" }, { "text": "درنة" }] }), &[("names.2", "derna"), ("names.2", "darna")]),
            ("Organization", json!({ "name": "armee egyptienne", "kind": "MILITARY" }), &[("name", "army")]),
            ("Organization", json!({ "name": "Omar al-Mukhtar", "kind": "OTHER" }), &[]),
            ("Person", json!({ "name": "Omar Al-Mukhtar" }), &[("name", "omar")]),
            ("Event", json!({ "name": "AIR STRIKE", "kind": "AIRSTRIKE" }), &[("name", "strike")]),
            ("Article", json!({ "headline": "News", "language": "en" }), &[]),
        ] {
            assert_eq!(created(&editor, kind, input.clone()).await, expected(warnings), "{input}");
        }
    }

    async fn an_article_with_almost_the_same_address_or_the_same_text_is_created_with_a_warning(database: TestDatabase) {
        let editor = Editor::with_records(&database, &entities()).await;
        for (fields, warnings) in [
            (json!({ "url": "http://news.example/a/1/?utm_source=feed&id=7&fbclid=x" }), &[("url", "news")] as &[_]),
            (json!({ "url": "https://news.example/a/1?id=8" }), &[]),
            (json!({ "url": "https://m.news.example/a/1?id=7" }), &[]),
            (json!({ "body": " Egypt sent planes to  Derna." }), &[("body", "news")]),
            (json!({ "body": "Egypt sent planes to Tripoli." }), &[]),
            (json!({ "body": " " }), &[]),
        ] {
            let mut input = json!({ "headline": "Other", "language": "en" });
            input.as_object_mut().expect("an object").extend(fields.as_object().expect("an object").clone());
            assert_eq!(created(&editor, "Article", input).await, expected(warnings), "{fields}");
        }
    }

    async fn an_update_warns_of_what_it_adds_only(database: TestDatabase) {
        let editor = Editor::with_records(&database, &entities()).await;
        editor.create("Place", json!({ "key": "state", "name": "State", "kind": "COUNTRY" })).await;
        assert_eq!(updated(&editor, "Place", "state", json!({ "addNames": [{ "text": "Libyana" }, { "text": "Jamahiriya" }] })).await, expected(&[]));
        assert_eq!(updated(&editor, "Place", "state", json!({ "addNames": [{ "text": "Great Jamahiriya" }, { "text": "libya" }] })).await, expected(&[("addNames.1", "libya")]));
        assert_eq!(updated(&editor, "Place", "state", json!({ "addNames": [{ "text": "LIBYA" }], "population": 7e6 })).await, expected(&[]), "it had this name");
        assert_eq!(updated(&editor, "Place", "libya", json!({ "population": 7e6 })).await, expected(&[]));
        assert_eq!(updated(&editor, "Place", "derna", json!({ "name": "State" })).await, expected(&[("name", "state")]));
        editor.create("Article", json!({ "key": "other", "headline": "Other", "language": "en", "body": "Other" })).await;
        let change = json!({ "url": "https://news.example/a/1?id=7", "body": "Egypt sent planes to Derna." });
        assert_eq!(updated(&editor, "Article", "other", change).await, expected(&[("url", "news"), ("body", "news")]));
        assert_eq!(updated(&editor, "Article", "other", json!({ "url": "http://news.example/a/1?id=7" })).await, expected(&[]), "the key is the same");
    }

    async fn the_bin_and_merged_records_do_not_count_until_they_come_back(database: TestDatabase) {
        let editor = Editor::with_records(&database, &entities()).await;
        let derna = editor.record("derna").await;
        editor.delete(&derna).await;
        editor.delete(&editor.record("news").await).await;
        assert_eq!(created(&editor, "Place", json!({ "key": "other", "name": "درنة", "kind": "CITY" })).await, expected(&[]));
        let article = json!({ "headline": "Other", "language": "en", "url": "https://news.example/a/1?id=7" });
        assert_eq!(created(&editor, "Article", article).await, expected(&[]));
        assert_eq!(warned(&editor, "restoreRecord", "$id: ID!", json!({ "id": derna.id })).await, expected(&[("id", "other")]));
        editor.merge(&editor.record("other").await, &editor.record("derna").await).await;
        assert_eq!(created(&editor, "Place", json!({ "name": "درنة", "kind": "CITY" })).await, expected(&[("name", "derna")]));
    }

    async fn new_records_of_one_call_are_compared_and_a_dry_run_warns_as_well(database: TestDatabase) {
        let editor = Editor::with_records(&database, &entities()).await;
        let changes = json!([
            { "createPerson": { "key": "amina", "name": "Amina", "names": [{ "text": "أمينة", "language": "ar" }] } },
            { "createPlace": { "key": "tripoli", "name": "Amina", "kind": "CITY" } },
            { "createPerson": { "key": "other", "name": "AMINA", "names": [{ "text": "امينه", "language": "ar" }] } },
            { "createPerson": { "key": "omar2", "name": "Someone", "names": [{ "text": "OMAR AL-MUKHTAR" }] } },
        ]);
        let dry = applied(&editor, changes.clone(), true).await;
        let null = |field: &str| (field.to_owned(), Value::Null);
        assert_eq!(dry, [null("changes.0.name"), null("changes.2.name"), ("changes.3.names.0".to_owned(), json!("omar"))]);
        let done = applied(&editor, changes, false).await;
        assert_eq!(done, expected(&[("changes.0.name", "other"), ("changes.2.name", "amina"), ("changes.3.names.0", "omar")]));
    }

    async fn a_frequent_name_gives_ten_warnings_and_a_call_a_hundred(database: TestDatabase) {
        let same: Vec<Value> = (0..20).map(|number| json!({ "type": "PERSON", "key": format!("p/{number}"), "name": "Ali" })).collect();
        let editor = Editor::with_records(&database, &same).await;
        assert_eq!(created(&editor, "Person", json!({ "name": "ali" })).await.len(), 10);
        let changes: Vec<Value> = (0..15).map(|_| json!({ "createPerson": { "name": "ALI" } })).collect();
        assert_eq!(applied(&editor, json!(changes), true).await.len(), 100);
    }

    async fn a_refused_change_has_no_warnings(database: TestDatabase) {
        let editor = Editor::with_records(&database, &entities()).await;
        let document = format!("mutation {{ createPlace(input: {{ name: \"Libya\", kind: COUNTRY, key: \"libya\" }}) {{ {WARNINGS} userErrors {{ code }} }} }}");
        let payload = editor.read(&document).await["createPlace"].take();
        assert_eq!(payload, json!({ "warnings": [], "userErrors": [{ "code": "DUPLICATE" }] }));
    }

    async fn a_frequent_name_of_another_type_hides_no_warning(database: TestDatabase) {
        let event = |number| json!({ "type": "EVENT", "key": format!("event-{number}"), "kind": "MEETING", "name": "Astana", "language": "en" });
        let mut records: Vec<Value> = (0..2_100).map(event).collect();
        records.push(json!({ "type": "PLACE", "key": "astana", "kind": "CITY", "name": "Astana", "language": "en" }));
        let editor = Editor::with_records(&database, &records).await;
        let input = json!({ "name": "ASTANA", "kind": "CITY", "language": "en" });
        assert_eq!(created(&editor, "Place", input).await, expected(&[("name", "astana")]));
    }
}
