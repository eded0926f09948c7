//! A merged record gives its survivor, and a deleted record appears nowhere: by id, by key, in lists, at the other end of every
//! link. The tests set both states directly in the rows.

use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use super::lists::lists;
use crate::{
    both_databases,
    support::{
        crowd::{crowd, id_of},
        database::TestDatabase,
        service::Service,
    },
};

async fn run(database: &TestDatabase, statements: &[String]) {
    let connection = database.raw().await;
    for sql in statements {
        connection.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    connection.close().await.expect("the connection closes");
}

/// Merges one record into another of the same kind.
async fn merge(database: &TestDatabase, table: &str, from: &str, into: &str) {
    run(
        database,
        &[
            format!("UPDATE record SET merged_into_id = '{into}' WHERE id = '{from}'"),
            format!("UPDATE {table} SET is_deleted = TRUE WHERE id = '{from}'"),
        ],
    )
    .await;
}

/// Deletes a record.
async fn delete(database: &TestDatabase, table: &str, id: &str) {
    run(
        database,
        &[
            format!("UPDATE record SET deleted_at = '2026-01-01T00:00:00.000Z' WHERE id = '{id}'"),
            format!("UPDATE {table} SET is_deleted = TRUE WHERE id = '{id}'"),
        ],
    )
    .await;
}

const KINDS: [(&str, &str); 5] = [
    ("place", "places"),
    ("organization", "organizations"),
    ("person", "people"),
    ("event", "events"),
    ("article", "articles"),
];

/// The ids of all nodes of all lists, with the list of each. Asserts that every count is that of its nodes.
async fn ids_in_all_lists(service: &Service) -> Vec<(String, String)> {
    let mut all = vec![];
    for list in lists(service).await {
        let page = list.page(service, "first: 100", "totalCount edges { node { id } } nodes { id }").await;
        let nodes = page["nodes"].as_array().expect("nodes");
        assert_eq!(page["totalCount"], nodes.len(), "{}", list.name);
        assert_eq!(page["edges"].as_array().map(Vec::len), Some(nodes.len()), "{}", list.name);
        all.extend(nodes.iter().map(|node| (list.name.clone(), node["id"].as_str().expect("an id").to_owned())));
    }
    all
}

both_databases! {
    async fn the_id_of_a_merged_record_gives_the_survivor_with_its_own_id(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        for (kind, root) in KINDS {
            let (gone, survivor) = (id_of(&format!("{kind}/1")), id_of(&format!("{kind}/2")));
            merge(&database, kind, &gone, &survivor).await;
            let data = service.data(&format!(
                "{{ {kind}(id: \"{gone}\") {{ id key mergedIds }} node(id: \"{gone}\") {{ id }} nodes(ids: [\"{gone}\", \"{survivor}\"]) {{ id }} record(key: \"{kind}/1\") {{ id }} {root}(first: 100) {{ totalCount nodes {{ id }} }} }}"
            )).await;
            assert_eq!(data[kind], json!({ "id": survivor, "key": format!("{kind}/2"), "mergedIds": [gone] }));
            assert_eq!(data["node"]["id"], *survivor);
            assert_eq!(data["nodes"], json!([{ "id": survivor }, { "id": survivor }]));
            assert_eq!(data["record"]["id"], *survivor, "its key gives the survivor, too");
            let others: Vec<_> = data[root]["nodes"].as_array().expect("nodes").iter().map(|node| node["id"].as_str().unwrap_or_default()).collect();
            assert!(!others.contains(&gone.as_str()) && others.contains(&survivor.as_str()), "{root}");
            let other_kind = if kind == "place" { "event" } else { "place" };
            let answer = service.ask(&format!("{{ {other_kind}(id: \"{gone}\") {{ id }} }}")).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
        }
    }

    async fn a_merged_record_is_in_no_list(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        for (kind, _) in KINDS {
            let gone = id_of(&format!("{kind}/1"));
            let before = ids_in_all_lists(&service).await;
            let places = before.iter().filter(|(_, id)| *id == gone).count();
            assert!(places >= 2, "{kind}/1 is in {places} lists");
            merge(&database, kind, &gone, &id_of(&format!("{kind}/2"))).await;
            let left = ids_in_all_lists(&service).await;
            let still: Vec<_> = left.iter().filter(|(_, id)| *id == gone).collect();
            assert!(still.is_empty(), "{still:?}");
        }
    }

    async fn a_deleted_record_is_null_and_in_no_list(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        for (kind, root) in KINDS {
            let (gone, key) = (id_of(&format!("{kind}/3")), format!("{kind}/3"));
            let before = ids_in_all_lists(&service).await.iter().filter(|(_, id)| *id == gone).count();
            assert!(before >= 2, "{key} is in {before} lists");
            delete(&database, kind, &gone).await;
            let data = service.data(&format!(
                "{{ {kind}(id: \"{gone}\") {{ id }} node(id: \"{gone}\") {{ id }} nodes(ids: [\"{gone}\"]) {{ id }} record(key: \"{key}\") {{ id }} {root}(where: {{ key: {{ equals: \"{key}\" }} }}) {{ totalCount nodes {{ id }} }} }}"
            )).await;
            assert_eq!(data, json!({ kind: null, "node": null, "nodes": [null], "record": null, root: { "totalCount": 0, "nodes": [] } }));
            let still: Vec<_> = ids_in_all_lists(&service).await.into_iter().filter(|(_, id)| *id == gone).collect();
            assert!(still.is_empty(), "{still:?}");
        }
    }

    async fn the_parts_of_a_deleted_record_disappear_with_it(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        let data = service.data(&format!("{{ event(id: \"{}\") {{ participants(first: 1) {{ nodes {{ id citations(first: 1) {{ nodes {{ id }} }} }} }} }}
            article(id: \"{}\") {{ mentions(first: 1) {{ nodes {{ id }} }} }} }}", id_of("event/hub"), id_of("article/hub"))).await;
        let at = |pointer: &str| data.pointer(pointer).and_then(Value::as_str).expect("an id").to_owned();
        let (participation, mention) = (at("/event/participants/nodes/0/id"), at("/article/mentions/nodes/0/id"));
        delete(&database, "event", &id_of("event/hub")).await;
        delete(&database, "article", &id_of("article/hub")).await;
        let nodes = service.data(&format!("{{ nodes(ids: [\"{participation}\", \"{mention}\"]) {{ id }} }}")).await;
        assert_eq!(nodes, json!({ "nodes": [null, null] }));
        let events = service.data(&format!("{{ organization(id: \"{}\") {{ events(first: 100) {{ nodes {{ partOf {{ id }} citations {{ totalCount }} articles {{ totalCount }} }} }} }} }}", id_of("organization/hub"))).await;
        let events = events["organization"]["events"]["nodes"].as_array().expect("nodes");
        assert!(events.iter().all(|event| event["partOf"].is_null()), "what names it names nothing any more");
        assert!(events.iter().all(|event| event["citations"]["totalCount"] == 0 && event["articles"]["totalCount"] == 0));
    }

    async fn no_required_field_is_null_when_its_target_is_deleted(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        for (kind, _) in KINDS {
            delete(&database, kind, &id_of(&format!("{kind}/4"))).await;
        }
        let document = "query ($article: ID!, $event: ID!, $organization: ID!, $person: ID!) {
            article(id: $article) { mentions(first: 100) { totalCount nodes { entity { id } article { id } } } authors { id } }
            event(id: $event) { citations(first: 100) { nodes { article { id } subject { id } } } places(first: 100) { nodes { id } } relations(first: 100) { nodes { source { id } target { id } } } related { entity { id } } }
            organization(id: $organization) { relations(first: 100) { totalCount nodes { source { id } target { id } } } }
            person(id: $person) { relations(first: 100) { nodes { source { id } target { id } } } related(first: 100) { entity { id } } } }";
        let ids = json!({ "article": id_of("article/hub"), "event": id_of("event/hub"), "organization": id_of("organization/hub"), "person": id_of("person/hub") });
        let data = service.data_with(document, ids).await;
        let mut nulls = vec![];
        find_nulls(&data, "data", &mut nulls);
        assert_eq!(nulls, [] as [&str; 0]);
    }
}

fn find_nulls(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Null => found.push(path.to_owned()),
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                find_nulls(item, &format!("{path}.{i}"), found);
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                find_nulls(value, &format!("{path}.{name}"), found);
            }
        }
        _ => {}
    }
}
