//! Related entities: what is everywhere comes late, and what is hidden is not there.

use serde_json::{Value, json};

use crate::{
    both_databases,
    support::{editor::Editor, service::Service},
};

/// Derna is in all articles with the air force, which is in no others. Libya is in all articles, also in twenty others.
fn world() -> Vec<Value> {
    let mut lines = vec![
        json!({ "type": "PLACE", "key": "libya", "name": "ليبيا", "kind": "COUNTRY", "language": "ar" }),
        json!({ "type": "PLACE", "key": "derna", "name": "درنة", "kind": "CITY", "language": "ar", "containedIn": "libya" }),
        json!({ "type": "PLACE", "key": "tobruk", "name": "طبرق", "kind": "CITY", "language": "ar", "containedIn": "libya" }),
        json!({ "type": "ORGANIZATION", "key": "air-force", "name": "القوات الجوية", "kind": "MILITARY", "language": "ar" }),
        json!({ "type": "PERSON", "key": "omar", "name": "عمر", "language": "ar" }),
        json!({ "type": "EVENT", "key": "strikes", "name": "الضربات", "kind": "AIRSTRIKE", "language": "ar", "places": [{ "place": "derna" }],
            "participants": [{ "participant": "air-force", "role": "ATTACKER" }, { "participant": "air-force", "role": "OPERATOR" }] }),
    ];
    for n in 0..24 {
        let mut entities = vec!["libya"];
        if n < 3 {
            entities.extend(["derna", "air-force"]);
        }
        if n == 0 {
            entities.push("omar");
        }
        if (2..8).contains(&n) {
            entities.push("tobruk");
        }
        let mentions: Vec<Value> = (0..)
            .zip(&entities)
            .map(|(at, entity)| json!({ "entity": entity, "field": "HEADLINE", "start": at, "end": at + 1 }))
            .collect();
        lines.push(json!({ "type": "ARTICLE", "key": format!("article/{n}"), "headline": "أخبار ليبيا", "language": "ar", "mentions": mentions }));
    }
    lines
}

const DERNA: &str = "{ place(id: \"derna\") { related { entity { key } sharedArticles sharedEvents score } } }";

/// Each related entity: key, shared articles and events, score.
fn rows(related: &Value) -> Value {
    let row = |one: &Value| json!([one["entity"]["key"], one["sharedArticles"], one["sharedEvents"], one["score"]]);
    related.as_array().expect("a list").iter().map(row).collect()
}

both_databases! {
    async fn what_is_mentioned_everywhere_comes_late(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let data = service.data(DERNA).await;
        let expected = json!([["air-force", 3, 1, 5], ["omar", 1, 0, 1], ["libya", 3, 0, 0.375], ["tobruk", 1, 0, 0.166]]);
        assert_eq!(rows(&data["place"]["related"]), expected);
    }

    async fn types_and_first_limit_the_list_nested_as_at_the_root(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let document = "{ organizations { nodes { related(types: [PLACE, EVENT], first: 1) { entity { key } } } }
            place(id: \"derna\") { related(types: [PERSON]) { entity { key ... on Person { related(types: [ORGANIZATION]) { entity { key } score } } } }
                none: related(types: []) { score } } }";
        let expected = json!({
            "organizations": { "nodes": [{ "related": [{ "entity": { "key": "derna" } }] }] },
            "place": {
                "related": [{ "entity": { "key": "omar", "related": [{ "entity": { "key": "air-force" }, "score": 0.333 }] } }],
                "none": [],
            },
        });
        assert_eq!(service.data(document).await, expected);
    }

    async fn hidden_entities_articles_and_events_do_not_count(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let start = editor.read(DERNA).await;
        for key in ["omar", "strikes", "article/0"] {
            editor.delete(&editor.record(key).await).await;
        }
        let data = editor.read(DERNA).await;
        let expected = json!([["air-force", 2, 0, 2], ["libya", 2, 0, 0.173], ["tobruk", 1, 0, 0.166]]);
        assert_eq!(rows(&data["place"]["related"]), expected);
        let bin = editor.read("{ bin { nodes { id } } }").await;
        for record in bin["bin"]["nodes"].as_array().expect("a list") {
            editor.restore(record["id"].as_str().expect("an id")).await;
        }
        assert_eq!(editor.read(DERNA).await, start);
    }

    async fn only_the_latest_thousand_articles_are_looked_at(database: TestDatabase) {
        let mut lines = world();
        lines.truncate(6);
        for n in 0..1_001 {
            let day = if n == 0 { "2010-01-01" } else { "2020-01-01" };
            let other = if n < 2 { "omar" } else { "derna" };
            let mentions = json!([{ "entity": "libya", "field": "HEADLINE", "start": 0, "end": 1 }, { "entity": other, "field": "HEADLINE", "start": 1, "end": 2 }]);
            lines.push(json!({ "type": "ARTICLE", "key": format!("article/{n}"), "headline": "News", "language": "en", "publishedOn": day, "mentions": mentions }));
        }
        let service = Service::with_records(&database, &lines).await;
        let data = service.data("{ place(id: \"libya\") { articleCount related { entity { key } sharedArticles sharedEvents score } } }").await;
        assert_eq!(data["place"]["articleCount"], 1_001);
        assert_eq!(rows(&data["place"]["related"]), json!([["derna", 999, 0, 999], ["omar", 1, 0, 0.5]]));
    }
}
