//! The number of articles of an entity is that of its list, after every kind of change.

use serde_json::{Value, json};

use crate::{both_databases, support::editor::Editor};

const BODY: &str = "Libya asked Egypt for help.";

fn world() -> Vec<Value> {
    let mention = |entity: &str, start: usize, end: usize| json!({ "entity": entity, "field": "BODY", "start": start, "end": end });
    let article = |key: &str, mentions: Value| json!({ "type": "ARTICLE", "key": key, "headline": key, "language": "en", "body": BODY, "mentions": mentions });
    vec![
        json!({ "type": "PLACE", "key": "libya", "name": "Libya", "kind": "COUNTRY" }),
        json!({ "type": "PLACE", "key": "libia", "name": "Libia", "kind": "COUNTRY" }),
        json!({ "type": "PLACE", "key": "egypt", "name": "Egypt", "kind": "COUNTRY" }),
        article("one", json!([mention("libya", 0, 5), mention("egypt", 12, 17)])),
        article("two", json!([mention("libya", 0, 5), mention("libia", 6, 11)])),
        article("three", json!([mention("libia", 0, 5)])),
        json!({ "type": "EVENT", "key": "call", "name": "A call for help", "kind": "STATEMENT",
            "citations": [{ "article": "one", "quote": "asked Egypt" }, { "article": "two", "quote": "for help" }] }),
    ]
}

/// The numbers of articles by key, which are those of the lists.
async fn counts(editor: &Editor) -> Value {
    let data = editor
        .read("{ places { nodes { key articleCount articles { totalCount } } } events { nodes { key articleCount articles { totalCount } } } }")
        .await;
    let mut counts = json!({});
    for node in
        [&data["places"], &data["events"]].into_iter().flat_map(|list| list["nodes"].as_array().expect("a list"))
    {
        assert_eq!(node["articleCount"], node["articles"]["totalCount"], "{node}");
        counts[node["key"].as_str().expect("a key")] = node["articleCount"].clone();
    }
    counts
}

both_databases! {
    async fn the_number_of_articles_follows_every_kind_of_change(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let start = json!({ "call": 2, "egypt": 1, "libia": 2, "libya": 2 });
        assert_eq!(counts(&editor).await, start);

        let one = editor.record("one").await;
        let deleted = editor.delete(&one).await;
        assert_eq!(counts(&editor).await, json!({ "call": 1, "egypt": 0, "libia": 2, "libya": 1 }), "a deleted article does not count");
        editor.restore(&deleted.id).await;
        assert_eq!(counts(&editor).await, start, "a restored one does");

        let one = editor.record("one").await;
        editor.update("Article", &one, json!({ "body": "Egypt was asked." })).await;
        assert_eq!(counts(&editor).await, json!({ "call": 2, "egypt": 0, "libia": 2, "libya": 1 }), "orphaned mentions do not count");
        editor.revert_last(&one.id).await;
        assert_eq!(counts(&editor).await, start, "they are found again");

        let merged = editor.merge(&editor.record("libia").await, &editor.record("libya").await).await;
        assert_eq!(counts(&editor).await, json!({ "call": 2, "egypt": 1, "libya": 3 }), "an article that mentioned both counts once");
        editor.revert_last(&merged.id).await;
        assert_eq!(counts(&editor).await, start, "the merge is undone");

        let egypt = editor.record("egypt").await;
        editor.delete(&egypt).await;
        editor.update("Article", &editor.record("three").await, json!({ "addMentions": [{ "entity": "libya", "field": "BODY", "start": 6, "end": 11 }] })).await;
        editor.restore(&egypt.id).await;
        assert_eq!(counts(&editor).await, json!({ "call": 2, "egypt": 1, "libia": 2, "libya": 3 }));
        let listed = editor.read("{ places(orderBy: [{ field: ARTICLE_COUNT, direction: DESC }, { field: NAME }]) { nodes { key } } }").await;
        assert_eq!(listed, json!({ "places": { "nodes": [{ "key": "libya" }, { "key": "libia" }, { "key": "egypt" }] } }));
    }
}
