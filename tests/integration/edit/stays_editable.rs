//! Every record that was accepted can be edited, deleted and merged again, and exported and imported elsewhere.

use dateline::domain::export::Content;
use serde_json::{Value, json};

use super::world::{BODY, world};
use crate::{
    both_databases,
    support::{
        database::TestDatabase,
        editor::{Editor, SavedRecord},
        lines::{export_as, export_lines, export_text, import_all, try_import},
    },
};

/// Asserts that every record accepts an update without a difference, and that another database accepts the whole export.
async fn assert_whole(editor: &Editor, database: &TestDatabase) {
    let lines = export_lines(&editor.connection, false).await;
    for line in lines.iter().filter(|line| line["deletedAt"].is_null() && line["mergedInto"].is_null()) {
        let kind = line["type"].as_str().expect("every line has a type").to_lowercase();
        let kind = format!("{}{}", kind[..1].to_uppercase(), &kind[1..]);
        let (id, version) =
            (line["id"].as_str().expect("an id").to_owned(), line["version"].as_i64().expect("a version"));
        editor.update(&kind, &SavedRecord { id, version }, json!({})).await;
    }
    let text = export_text(&editor.connection, true).await;
    let other = if database.is_postgres() {
        TestDatabase::postgres().await.expect("the server answers")
    } else {
        TestDatabase::sqlite().await
    };
    let elsewhere = other.open().await;
    try_import(&elsewhere, &text).await.unwrap();
    assert_eq!(export_text(&elsewhere, true).await, text);
}

async fn event(editor: &Editor, name: &str, date: Value) -> SavedRecord {
    editor.create("Event", json!({ "name": name, "kind": "OTHER", "date": date })).await
}

fn after(anchor: &SavedRecord) -> Value {
    json!({ "relative": { "anchor": anchor.id, "relation": "AFTER", "duration": "P1D" } })
}

/// `count` names that are in no other list.
fn names(of: &str, count: usize) -> Value {
    (0..count).map(|at| json!({ "text": format!("{of} {at}"), "language": "en" })).collect()
}

both_databases! {
    async fn two_orphans_of_one_span_are_not_a_duplicate_mention(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        for body in ["Place was quiet.", "مدينة هادئة."] {
            let news = editor.record("news").await;
            editor.update("Article", &news, json!({ "body": "Nothing at all." })).await;
            let mention = json!({ "entity": editor.id("tunisia").await, "field": "BODY", "start": 0, "end": 5 });
            editor.update("Article", &editor.record("news").await, json!({ "body": body, "addMentions": [mention] })).await;
        }
        editor.update("Article", &editor.record("news").await, json!({ "body": "Nothing at all." })).await;
        let all = editor.snapshot(&editor.id("news").await).await["mentions"].clone();
        let lost = |mention: &&Value| mention["start"] == 0 && mention["end"] == 5 && mention["anchor"] == "ORPHANED";
        assert_eq!(all.as_array().unwrap().iter().filter(lost).count(), 3, "{all}");
        assert_whole(&editor, &database).await;
        editor.delete(&editor.record("news").await).await;
    }

    async fn a_mention_covers_visible_text_but_not_the_whole_text(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let body = format!("a b\u{a0}\n\nc {}", "x".repeat(5_001));
        let mention = |start: usize, end: usize| json!({ "entity": "placeholder", "field": "BODY", "start": start, "end": end });
        for (start, end, wrong) in [
            (1, 2, "INVALID mentions.0.end: \" \" is empty"),
            (3, 6, "INVALID mentions.0.end: \"\\u{a0}\\n\\n\" is empty"),
            (8, 5_009, "TOO_LONG mentions.0.end: has 5001 characters; at most 5000 are allowed"),
        ] {
            let mut mention = mention(start, end);
            mention["entity"] = editor.id("derna").await.into();
            let problems = editor.failed_create("Article", json!({ "headline": "H", "language": "en", "body": body, "mentions": [mention] })).await;
            assert_eq!(problems, [wrong]);
        }
    }

    async fn a_change_of_a_date_is_refused_if_a_dependent_date_would_end_before_it_begins(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let anchor = event(&editor, "Election", json!({ "edtf": "2014-01-01" })).await;
        let next = event(&editor, "Oath", after(&anchor)).await;
        let (army, salma) = (editor.id("army").await, editor.id("salma").await);
        let relation = json!({ "source": salma, "kind": "MEMBER_OF", "target": army, "since": after(&next), "until": { "edtf": "2015-06-01" } });
        let member = editor.create("Relation", relation).await;
        let problems = editor.update_errors("Event", &anchor, json!({ "date": { "edtf": "2020-01-01" } })).await;
        assert_eq!(crate::support::editor::messages(&problems), [
            format!("INVALID date: would contradict {}, whose dates depend on this one (until: is before since): correct that record first", member.id),
        ]);
        // both changes at once are valid, and so is a date that contradicts nothing
        editor.apply(json!([
            { "updateEvent": { "id": anchor.id, "version": anchor.version, "input": { "date": { "edtf": "2020-01-01" } } } },
            { "updateRelation": { "id": member.id, "version": member.version, "input": { "until": { "edtf": "2021" } } } },
        ])).await;
        // a deleted record must stay valid as well, because nobody can correct it in the bin
        let member = SavedRecord { version: member.version + 1, ..member };
        let gone = editor.delete_relation(&member).await;
        let anchor = editor.record_by_id(&anchor.id).await;
        let refused = format!("would contradict {} in the bin, whose dates depend on this one (until: is before since): correct that record first", gone.id);
        assert_eq!(editor.failed_update("Event", &anchor, json!({ "date": { "edtf": "2030" } })).await, [format!("INVALID date: {refused}")]);
        let later = event(&editor, "Vote", json!({ "edtf": "2030" })).await;
        assert_eq!(editor.failed_merge(&anchor, &later).await, [format!("INVALID into: cannot be merged: date: {refused}")]);
        editor.restore(&gone.id).await;
        assert_whole(&editor, &database).await;
    }

    async fn two_relations_do_not_become_equal_because_a_date_changes(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (first, second) = (event(&editor, "First", json!({ "edtf": "2014" })).await, event(&editor, "Second", json!({ "edtf": "2015" })).await);
        let (tunisia, libya) = (editor.id("tunisia").await, editor.id("libya").await);
        let since = |anchor: &SavedRecord| json!({ "source": tunisia, "kind": "BORDERS", "target": libya, "since": { "relative": { "anchor": anchor.id, "relation": "SINCE" } } });
        editor.create("Relation", since(&first)).await;
        let tie = editor.create("Relation", since(&second)).await;
        assert_eq!(editor.failed_update("Event", &second, json!({ "date": { "edtf": "2014" } })).await, [format!(
            "DUPLICATE date: would contradict {}, whose dates depend on this one (target: the relation exists already, and a symmetric relation is stored once): correct that record first",
            tie.id,
        )]);
        assert_whole(&editor, &database).await;
    }

    async fn a_merge_makes_no_list_longer_than_one_may_be(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let one = editor.create("Place", json!({ "name": "One", "kind": "CITY", "names": names("one", 600) })).await;
        let other = editor.create("Place", json!({ "name": "Other", "kind": "CITY", "names": names("other", 600) })).await;
        assert_eq!(editor.failed_merge(&one, &other).await, [
            "INVALID into: cannot be merged: names: has 1201 items; at most 1000 are allowed",
        ]);
        let one = editor.update("Place", &one, json!({ "names": names("one", 300) })).await;
        editor.merge(&one, &other).await;
        assert_whole(&editor, &database).await;
    }

    async fn a_record_with_a_link_to_the_bin_is_merged_with_that_link(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let guest = editor.create("Person", json!({ "name": "Guest" })).await;
        let twin = json!({ "name": "Strikes", "kind": "AIRSTRIKE", "participants": [{ "participant": guest.id, "role": "TARGET" }] });
        let twin = editor.create("Event", twin).await;
        let guest = editor.delete(&guest).await;
        let strike = editor.merge(&twin, &editor.record("strike").await).await;
        let nodes = |guest: &Value| guest["person"]["events"]["nodes"].clone();
        editor.restore(&guest.id).await;
        let found = editor.read_with("query ($id: ID!) { person(id: $id) { events { nodes { id } } } }", json!({ "id": guest.id })).await;
        assert_eq!(nodes(&found), json!([{ "id": strike.id }]));
        assert_whole(&editor, &database).await;
    }

    async fn a_merge_cannot_make_a_record_between_the_two_contain_itself(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let whole = editor.create("Place", json!({ "name": "Cyrenaica", "kind": "REGION" })).await;
        let between = editor.create("Place", json!({ "name": "Between", "kind": "REGION", "containedIn": whole.id })).await;
        let part = editor.create("Place", json!({ "name": "برقة", "language": "ar", "kind": "REGION", "containedIn": between.id })).await;
        let whole = editor.merge(&part, &whole).await;
        assert_eq!(editor.snapshot(&whole.id).await.get("containedIn"), None);
        assert_eq!(editor.snapshot(&between.id).await["containedIn"], json!(whole.id));
        assert_whole(&editor, &database).await;
    }

    async fn a_record_that_was_merged_with_its_own_part_can_be_merged_again(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let derna = editor.record("derna").await;
        let old_town = editor.create("Place", json!({ "name": "Old town", "kind": "SITE", "containedIn": derna.id })).await;
        let derna = editor.merge(&old_town, &derna).await;
        let took_over = editor.history(&derna.id).await.pop().unwrap()["id"].as_str().unwrap().to_owned();
        let port = editor.create("Place", json!({ "name": "Darnah", "kind": "CITY" })).await;
        let port = editor.merge(&derna, &port).await;
        for id in [&old_town.id, &derna.id] {
            let found = editor.read_with("query ($id: ID!) { node(id: $id) { id } }", json!({ "id": id })).await;
            assert_eq!(found["node"]["id"], json!(port.id));
        }
        let start = editor.all_fields().await;
        editor.revert_last(&port.id).await;
        editor.revert_last(&port.id).await;
        assert_eq!(editor.all_fields().await, start);
        editor.revert_last(&port.id).await;
        editor.revert(&took_over).await;
        assert_eq!(editor.snapshot(&old_town.id).await["containedIn"], json!(derna.id));
        assert_whole(&editor, &database).await;
    }

    async fn a_merged_record_gives_its_survivor_even_if_its_date_depends_on_the_merge(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let survivor = editor.create("Event", json!({ "name": "Vote", "kind": "ELECTION" })).await;
        let dated = event(&editor, "Election", json!({ "edtf": "2014-06-25" })).await;
        let follower = event(&editor, "Polls", after(&survivor)).await;
        let dated = editor.merge(&follower, &dated).await;
        let survivor = editor.merge(&dated, &survivor).await;
        let found = editor.read_with("query ($id: ID!) { node(id: $id) { id } }", json!({ "id": follower.id })).await;
        assert_eq!(found["node"]["id"], json!(survivor.id));
        editor.revert_last(&survivor.id).await;
        editor.revert_last(&dated.id).await;
        assert_whole(&editor, &database).await;
    }

    async fn importing_an_export_removes_no_link_to_the_bin(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let start = editor.all_fields().await;
        let binned = ["libya", "omar", "army", "strike", "khabar"];
        let mut ids = Vec::new();
        for key in binned {
            ids.push(editor.delete(&editor.record(key).await).await.id);
        }
        let versions = editor.changes().await.len();
        let text = export_text(&editor.connection, false).await;
        try_import(&editor.connection, &text).await.unwrap();
        assert_eq!(editor.changes().await.len(), versions);
        // a line with changes of other fields, or of the text, removes none either
        let mut lines = export_lines(&editor.connection, false).await;
        lines.retain(|line| line["key"] == "news" || line["key"] == "salma");
        let news = lines.iter_mut().find(|line| line["key"] == "news").unwrap();
        news["headline"] = json!("Corrected");
        news["body"] = json!(format!("Corrected: {}", BODY));
        for mention in news["mentions"].as_array_mut().unwrap() {
            for end in ["start", "end"] {
                mention[end] = json!(mention[end].as_u64().unwrap() + 11);
            }
        }
        let salma = lines.iter_mut().find(|line| line["key"] == "salma").unwrap();
        salma["nationalities"].as_array_mut().unwrap().push(json!("tunisia"));
        let outcome = import_all(&editor.connection, &lines).await;
        assert_eq!((outcome.created, outcome.unchanged), (0, 0));
        editor.revert_last(&editor.id("news").await).await;
        editor.revert_last(&editor.id("salma").await).await;
        // only `--published` replaces a date relative to a deleted record by its resolved date
        let published = export_as(&editor.connection, Content::Published).await;
        let answer = published.lines().find(|line| line.contains("\"answer\"")).unwrap();
        assert!(answer.contains(r#""date":{"edtf":"2015-02-23"}"#), "{answer}");
        for id in ids.iter().rev() {
            editor.restore(id).await;
        }
        let now = editor.all_fields().await;
        assert_eq!(start, now);
    }

    async fn a_dependent_date_with_a_link_to_the_bin_is_imported_unchanged(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let war = event(&editor, "War", json!({ "edtf": "2015-01-01" })).await;
        let (news, derna) = (editor.id("news").await, editor.record("derna").await);
        let quote = |quote: &str| json!({ "article": news, "quote": quote });
        let battle = json!({
            "name": "Battle", "kind": "OTHER", "date": after(&war), "places": [{ "place": derna.id }],
            "participants": [{ "participant": derna.id, "role": "TARGET", "citations": [quote("Cairo did not")] }],
            "citations": [quote("Cairo did not confirm it")],
        });
        let battle = editor.create("Event", battle).await;
        let before = editor.snapshot(&battle.id).await;
        let person = json!({ "name": "Born", "born": after(&war), "nationalities": [editor.id("libya").await] });
        let person = editor.create("Person", person).await;
        for key in ["derna", "libya", "news"] {
            editor.delete(&editor.record(key).await).await;
        }
        let changes = editor.changes().await.len();
        let text = export_text(&editor.connection, false).await;
        try_import(&editor.connection, &text).await.unwrap();
        assert_eq!(editor.changes().await.len(), changes);
        assert_eq!(editor.snapshot(&battle.id).await, before);
        assert_eq!(editor.snapshot(&person.id).await["nationalities"].as_array().map(Vec::len), Some(1));
    }

    async fn a_country_that_only_a_merged_record_names_is_merged_as_any_other_place(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let land = editor.create("Place", json!({ "name": "Land", "kind": "COUNTRY" })).await;
        let twin = editor.create("Person", json!({ "name": "Selma", "nationalities": [land.id] })).await;
        let salma = editor.merge(&twin, &editor.record("salma").await).await;
        editor.update("Person", &salma, json!({ "removeNationalities": [land.id] })).await;
        let land = editor.update("Place", &land, json!({ "kind": "REGION" })).await;
        let region = editor.create("Place", json!({ "name": "Region", "kind": "REGION" })).await;
        editor.merge(&land, &region).await;
        assert_whole(&editor, &database).await;
    }

    async fn the_history_of_a_merged_record_names_its_survivor(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let [first, second, third] = ["One", "Two", "Three"].map(|name| json!({ "name": name }));
        let (first, second, third) = (
            editor.create("Person", first).await, editor.create("Person", second).await, editor.create("Person", third).await,
        );
        let second = editor.merge(&first, &second).await;
        let start = editor.all_fields().await;
        let third = editor.merge(&second, &third).await;
        let last = editor.history(&first.id).await.pop().unwrap();
        assert_eq!(last["changes"], json!([{ "field": "mergedInto", "before": second.id, "after": third.id }]));
        editor.revert_last(&third.id).await;
        assert_eq!(editor.all_fields().await, start);
        assert_eq!(editor.snapshot(&first.id).await["mergedInto"], json!(second.id));
    }

    async fn a_consequence_of_an_imported_line_names_its_cause_and_is_reverted_with_it(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let mut lines = export_lines(&editor.connection, false).await;
        lines.retain(|line| line["key"] == "news" || line["key"] == "libya");
        let start = editor.all_fields().await;
        for line in &mut lines {
            if line["key"] == "news" {
                line["body"] = json!("The army of Egypt sent planes to Derna, and nothing else is known.");
                line.as_object_mut().unwrap().remove("mentions");
            } else {
                line["population"] = json!(1);
            }
        }
        import_all(&editor.connection, &lines).await;
        let strike = editor.id("strike").await;
        let revision = |of: &str, lines: &[Value]| {
            lines.iter().rfind(|line| line["type"] == "REVISION" && line["snapshot"]["id"] == of).unwrap().clone()
        };
        let all = export_lines(&editor.connection, true).await;
        let (cause, follows) = (revision(&editor.id("news").await, &all), revision(&strike, &all));
        assert_eq!(follows["cause"], cause["id"]);
        assert_eq!(
            editor.failed_revert(follows["id"].as_str().unwrap()).await,
            [format!("INVALID id: is a consequence of the revision {}: revert that revision", cause["id"].as_str().unwrap())],
        );
        editor.revert(cause["id"].as_str().unwrap()).await;
        editor.revert_last(&editor.id("libya").await).await;
        assert_eq!(editor.all_fields().await, start);
    }

    async fn a_country_that_only_a_merged_record_names_may_change_its_kind(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let land = editor.create("Place", json!({ "name": "Land", "kind": "COUNTRY" })).await;
        let twin = editor.create("Person", json!({ "name": "Selma", "nationalities": [land.id] })).await;
        let salma = editor.merge(&twin, &editor.record("salma").await).await;
        editor.update("Person", &salma, json!({ "removeNationalities": [land.id] })).await;
        editor.update("Place", &land, json!({ "kind": "REGION" })).await;
        assert_whole(&editor, &database).await;
    }

    async fn a_text_without_a_visible_letter_is_not_a_name(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        for name in ["\u{2060}", "\u{200b}\u{200f} ", "\u{feff}", "\u{e0041}"] {
            assert_eq!(editor.failed_create("Place", json!({ "name": name, "kind": "CITY" })).await, ["REQUIRED name: is empty"], "{name:?}");
        }
        // between letters they are allowed
        editor.create("Place", json!({ "name": "می\u{200c}خواهم", "language": "fa", "kind": "CITY" })).await;
    }
}
