//! `applyChanges`: all of the changes or none, with temporary ids, and with a dry run.

use serde_json::{Value, json};

use super::{carried_out, count, payload};
use crate::{
    both_databases,
    support::service::{Service, refusal},
};

const APPLY: &str = "mutation ($changes: [ChangeInput!]!, $dry: Boolean = false) { applyChanges(changes: $changes, dryRun: $dry, summary: \"a meeting\") {
    isDryRun results { index temporaryId id: recordId operation version changes { field after } record { __typename id name } relation { source { id } target { id } } }
    userErrors { code field message current { id } } } }";

fn changes() -> Value {
    json!([
        { "createRelation": { "source": "_:a", "kind": "BORDERS", "target": "_:b" } },
        { "createPlace": { "id": "_:a", "name": "A", "kind": "COUNTRY" } },
        { "createPlace": { "id": "_:b", "name": "B", "kind": "COUNTRY" } },
        { "createEvent": { "name": "Meeting", "kind": "MEETING", "participants": [{ "participant": "_:a", "role": "HOST" }] } },
    ])
}

both_databases! {
    async fn changes_refer_to_each_other_and_each_has_its_result(database: TestDatabase) {
        let service = Service::new(&database).await;
        let made = carried_out(&service, APPLY, json!({ "changes": changes() })).await;
        assert_eq!(made["isDryRun"], false);
        let results = made["results"].as_array().expect("results");
        assert_eq!(results.len(), 4);
        for (index, result) in results.iter().enumerate() {
            assert_eq!((&result["index"], &result["operation"], &result["version"]), (&json!(index), &json!("CREATE"), &json!(1)));
        }
        assert_eq!(results[0]["record"], Value::Null, "a relation is no Record");
        assert_eq!(results[0]["relation"], json!({ "source": { "id": results[1]["id"] }, "target": { "id": results[2]["id"] } }));
        assert_eq!((&results[1]["temporaryId"], &results[2]["temporaryId"], &results[3]["temporaryId"]), (&json!("_:a"), &json!("_:b"), &Value::Null));
        assert_eq!(results[3]["record"], json!({ "__typename": "Event", "id": results[3]["id"], "name": "Meeting" }));
        assert!(results[3]["changes"].as_array().expect("changes").iter().any(|change| change["field"] == "participants"));
        let history = service.data("{ changes { nodes { summary } } }").await;
        assert!(history["changes"]["nodes"].as_array().is_some_and(|all| all.len() == 4 && all.iter().all(|change| change["summary"] == "a meeting")));
    }

    async fn a_dry_run_reports_what_would_happen_and_writes_nothing(database: TestDatabase) {
        let service = Service::new(&database).await;
        let answer = carried_out(&service, APPLY, json!({ "changes": changes(), "dry": true })).await;
        assert_eq!(answer["isDryRun"], true);
        for result in answer["results"].as_array().expect("results") {
            assert_eq!((&result["id"], &result["record"], &result["relation"]), (&Value::Null, &Value::Null, &Value::Null), "it has no id yet");
            assert_eq!(result["operation"], "CREATE");
        }
        assert_eq!(count(&service).await, 0);
    }

    async fn one_wrong_change_prevents_all_of_them(database: TestDatabase) {
        let service = Service::new(&database).await;
        let mut wrong = changes();
        wrong[2] = json!({ "createPlace": { "id": "_:b", "name": "B", "kind": "COUNTRY", "language": "not a tag", "containedIn": "_:nobody" } });
        wrong[3] = json!({ "updatePlace": { "id": "0190d8f0-0000-7000-8000-000000000000", "version": 1, "input": { "name": "x" } } });
        for dry in [false, true] {
            let refused = payload(&service, APPLY, json!({ "changes": wrong, "dry": dry })).await;
            assert_eq!(refused["results"], json!([]));
            let mut fields: Vec<_> = refused["userErrors"].as_array().expect("errors").iter().map(|error| error["field"].to_string()).collect();
            fields.sort();
            assert_eq!(fields, [r#"["changes","2","containedIn"]"#, r#"["changes","2","language"]"#, r#"["changes","3","id"]"#], "{refused:#}");
        }
        assert_eq!(count(&service).await, 0);
    }

    async fn every_kind_of_change_can_be_one_of_many(database: TestDatabase) {
        let service = Service::new(&database).await;
        let made = carried_out(&service, APPLY, json!({ "changes": changes() })).await;
        let id = |index: usize| made["results"][index]["id"].clone();
        let second = carried_out(&service, APPLY, json!({ "changes": [
            { "deleteRelation": { "id": id(0), "version": 1 } },
            { "updatePlace": { "id": id(1), "version": 1, "input": { "name": "A", "addNames": { "text": "Ah", "kind": "ALIAS" } } } },
            { "deleteRecord": { "id": id(3), "version": 1 } },
            { "updatePlace": { "id": id(2), "version": 1, "input": { "name": "B" } } },
        ] })).await;
        let results = &second["results"];
        assert_eq!((&results[0]["operation"], &results[0]["version"], &results[0]["relation"]), (&json!("DELETE"), &json!(2), &Value::Null));
        assert_eq!((&results[1]["operation"], &results[1]["record"]["name"], &results[1]["changes"][0]["field"]), (&json!("UPDATE"), &json!("A"), &json!("names")));
        assert_eq!((&results[2]["operation"], &results[2]["record"]), (&json!("DELETE"), &Value::Null), "it is in the bin");
        assert_eq!((&results[3]["operation"], &results[3]["version"], &results[3]["changes"]), (&json!("UPDATE"), &json!(2), &json!([])), "its version is used up, whatever it said");
        assert_eq!(results[3]["record"]["name"], "B");
        let third = carried_out(&service, APPLY, json!({ "changes": [{ "restoreRecord": { "id": id(3) } }] })).await;
        assert_eq!((&third["results"][0]["operation"], &third["results"][0]["record"]["name"]), (&json!("RESTORE"), &json!("Meeting")));
        let merge = json!({ "mergeEntities": { "from": id(2), "fromVersion": 2, "into": id(1), "intoVersion": 2 } });
        let fourth = carried_out(&service, APPLY, json!({ "changes": merge })).await;
        assert_eq!((&fourth["results"][0]["operation"], &fourth["results"][0]["record"]["id"]), (&json!("MERGE"), &id(1)));
    }

    async fn a_thousand_changes_are_accepted_and_no_more(database: TestDatabase) {
        let service = Service::new(&database).await;
        let many = |n: usize| json!({ "changes": (0..n).map(|i| json!({ "createPerson": { "name": format!("P{i}") } })).collect::<Vec<_>>() });
        let answer = service.ask_with(APPLY, many(1_001)).await;
        assert_eq!(refusal(&answer), ("applyChanges".to_owned(), "`changes` takes at most 1000 changes, not 1001.".to_owned()));
        assert_eq!(count(&service).await, 0);
        let made = carried_out(&service, APPLY, many(1_000)).await;
        let results = made["results"].as_array().expect("results");
        assert_eq!(results.len(), 1_000);
        for (index, result) in results.iter().enumerate() {
            assert_eq!((&result["index"], &result["record"]["name"], &result["record"]["id"]), (&json!(index), &json!(format!("P{index}")), &result["id"]));
        }
        let none = carried_out(&service, APPLY, json!({ "changes": [] })).await;
        assert_eq!(none["results"], json!([]));
    }
}
