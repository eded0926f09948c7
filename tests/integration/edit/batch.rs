//! Many changes in one transaction: they refer to each other, all or none are made, and all problems are reported.

use serde_json::{Value, json};

use super::world::{BODY, world};
use crate::{
    both_databases,
    support::editor::{Editor, messages},
};

/// The index, operation and version of every result.
fn outcomes(results: &Value) -> Value {
    let results = results.as_array().expect("a list");
    json!(
        results
            .iter()
            .map(|result| json!([result["index"], result["operation"], result["version"]]))
            .collect::<Vec<_>>()
    )
}

both_databases! {
    async fn a_chain_keeps_its_limit_when_one_of_its_records_changes_in_the_same_call(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let chain = async |name: &str, length: usize| {
            let place = |at: usize| {
                let mut place = json!({ "id": format!("_:{name}{at}"), "name": format!("{name} {at}"), "kind": "REGION" });
                if at > 0 {
                    place["containedIn"] = json!(format!("_:{name}{}", at - 1));
                }
                json!({ "createPlace": place })
            };
            let made = editor.apply((0..length).map(place).collect()).await;
            let ids = made.as_array().unwrap().iter().map(|result| result["id"].as_str().unwrap().to_owned());
            ids.collect::<Vec<String>>()
        };
        let (above, below) = (chain("above", 40).await, chain("below", 40).await);
        let (first, second) = (editor.record_by_id(&below[0]).await, editor.record_by_id(&below[1]).await);
        let refused = editor.failed_apply(json!([
            { "updatePlace": { "id": first.id, "version": first.version, "input": { "containedIn": above[39] } } },
            { "updatePlace": { "id": second.id, "version": second.version, "input": { "population": 5 } } },
        ])).await;
        assert_eq!(refused, ["INVALID changes.0.containedIn: makes a chain of more than 64 steps: choose a record with a shorter chain"]);
    }

    async fn new_records_refer_to_each_other_forward_and_backward(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let text = "They met in Tunis.";
        let results = editor.apply(json!([
            { "createEvent": { "id": "_:meeting", "name": "Meeting", "kind": "MEETING", "places": [{ "place": "_:tunis" }],
                "date": { "relative": { "anchor": "_:news", "relation": "DURING" } },
                "participants": [{ "participant": "_:person", "role": "HOST", "citations": [{ "article": "_:news", "quote": "They met" }] }] } },
            { "createRelation": { "id": "_:r", "source": "_:person", "kind": "ACTIVE_IN", "target": "_:tunis" } },
            { "createArticle": { "id": "_:news", "headline": "Talks", "language": "en", "body": text, "publishedOn": "2015-02-24", "authors": ["_:person"],
                "mentions": [{ "entity": "_:tunis", "meant": "_:tunisia", "field": "BODY", "start": 12, "end": 17 }] } },
            { "createPerson": { "id": "_:person", "name": "Person", "nationalities": ["_:tunisia"] } },
            { "createPlace": { "id": "_:tunis", "name": "Tunis", "kind": "CITY", "containedIn": "_:tunisia" } },
            { "createPlace": { "id": "_:tunisia", "name": "Tunisia", "kind": "COUNTRY" } },
        ])).await;
        let temporary: Vec<&Value> = results.as_array().unwrap().iter().map(|result| &result["temporaryId"]).collect();
        assert_eq!(temporary, ["_:meeting", "_:r", "_:news", "_:person", "_:tunis", "_:tunisia"]);
        assert_eq!(outcomes(&results), json!([[0, "CREATE", 1], [1, "CREATE", 1], [2, "CREATE", 1], [3, "CREATE", 1], [4, "CREATE", 1], [5, "CREATE", 1]]));
        assert_eq!((&results[0]["record"]["id"], &results[1]["relation"]["id"], &results[1]["record"]), (&results[0]["id"], &results[1]["id"], &Value::Null));
        let found = editor.read_with(
            "query ($id: ID!) { event(id: $id) { date { edtf } places { nodes { name containedIn { name } } }
                participants(first: 1) { nodes { participant { name relations(first: 1) { nodes { target { name } } } } citations(first: 1) { nodes { article { authors { name } mentions(first: 1) { nodes { meant { name } } } } } } } } } }",
            json!({ "id": results[0]["id"] }),
        ).await;
        assert_eq!(found["event"], json!({
            "date": { "edtf": "2015-02-24" }, "places": { "nodes": [{ "name": "Tunis", "containedIn": { "name": "Tunisia" } }] },
            "participants": { "nodes": [{
                "participant": { "name": "Person", "relations": { "nodes": [{ "target": { "name": "Tunis" } }] } },
                "citations": { "nodes": [{ "article": { "authors": [{ "name": "Person" }], "mentions": { "nodes": [{ "meant": { "name": "Tunisia" } }] } } }] },
            }] },
        }));
    }

    async fn new_and_stored_records_are_changed_together_with_one_actor_and_summary(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (libya, strike, border, tunisia) = (editor.record("libya").await, editor.record("strike").await, editor.record("border").await, editor.record("tunisia").await);
        let gone = editor.delete(&editor.record("omar").await).await;
        let changes = json!([
            { "createPlace": { "id": "_:new", "name": "New", "kind": "CITY", "containedIn": libya.id } },
            { "updateEvent": { "id": strike.id, "version": strike.version, "input": { "addPlaces": [{ "place": "_:new" }] } } },
            { "updatePlace": { "id": libya.id, "version": libya.version, "input": { "population": 7 } } },
            { "deleteRelation": { "id": border.id, "version": border.version } },
            { "deleteRecord": { "id": tunisia.id, "version": tunisia.version } },
            { "restoreRecord": { "id": gone.id } },
        ]);
        let payload = editor.try_mutation("applyChanges", json!({ "changes": changes, "summary": "In one go." })).await.unwrap();
        assert_eq!(payload["isDryRun"], false);
        assert_eq!(outcomes(&payload["results"]), json!([[0, "CREATE", 1], [1, "UPDATE", 2], [2, "UPDATE", 2], [3, "DELETE", 2], [4, "DELETE", 2], [5, "RESTORE", 3]]));
        assert_eq!(payload["results"][2]["changes"], json!([{ "field": "population", "before": null, "after": 7 }]));
        let revisions = editor.changes().await;
        let last: Vec<Value> = revisions.iter().rev().take(6).map(|revision| json!([revision["actor"], revision["summary"]])).collect();
        assert_eq!(json!(last), json!(vec![json!(["Amina", "In one go."]); 6]));
        let ats: Vec<&Value> = revisions.iter().rev().take(6).map(|revision| &revision["at"]).collect();
        assert!(ats.windows(2).all(|pair| pair[0] == pair[1]), "{ats:?}");
    }

    async fn a_dry_run_reports_what_would_happen_and_writes_nothing(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let libya = editor.record("libya").await;
        let before = (editor.all_fields().await, editor.changes().await.len());
        let changes = json!([
            { "createPlace": { "id": "_:new", "name": "New", "kind": "CITY", "containedIn": libya.id } },
            { "updatePlace": { "id": libya.id, "version": 1, "input": { "population": 7, "countryCode": null } } },
        ]);
        let payload = editor.try_mutation("applyChanges", json!({ "changes": changes, "dryRun": true })).await.unwrap();
        assert_eq!(payload["isDryRun"], true);
        let results = &payload["results"];
        assert_eq!(outcomes(results), json!([[0, "CREATE", 1], [1, "UPDATE", 2]]));
        assert_eq!(json!([results[0]["id"], results[0]["record"], results[0]["temporaryId"]]), json!([null, null, "_:new"]));
        assert_eq!(json!([results[1]["id"], results[1]["record"]]), json!([libya.id, null]));
        let mut changed: Vec<&Value> = results[1]["changes"].as_array().unwrap().iter().map(|change| &change["field"]).collect();
        changed.sort_by_key(|field| field.as_str());
        assert_eq!(changed, ["countryCode", "population"]);
        assert_eq!((editor.all_fields().await, editor.changes().await.len()), before);

        let wrong = json!([{ "updatePlace": { "id": libya.id, "version": 2, "input": { "population": -1 } } }]);
        let problems = editor.try_mutation("applyChanges", json!({ "changes": wrong, "dryRun": true })).await.unwrap_err();
        assert_eq!(messages(&problems), [
            "CONFLICT changes.0.updatePlace.version: the record is at version 1; there is no version 2 yet: read the record again".replace("updatePlace.", ""),
            "INVALID changes.0.population: must be from 0 to 1000000000000".to_owned(),
        ]);
    }

    async fn a_failing_change_in_the_middle_writes_nothing_and_every_problem_has_its_index(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (libya, strike) = (editor.record("libya").await, editor.record("strike").await);
        let before = (editor.all_fields().await, editor.changes().await.len());
        let problems = editor.failed_apply(json!([
            { "createPlace": { "id": "_:good", "name": "Good", "kind": "CITY", "key": "good" } },
            { "createPlace": { "id": "_:bad", "name": "", "kind": "CITY", "containedIn": "_:worse" } },
            { "createPlace": { "name": "Below", "kind": "CITY", "containedIn": "_:bad" } },
            { "updatePlace": { "id": libya.id, "version": 7, "input": { "countryCode": "lybia" } } },
            { "updateEvent": { "id": strike.id, "version": 1, "input": { "addParticipants": [{ "participant": "_:good", "role": "HOST" }, { "role": "HOST" }] } } },
            { "createPlace": { "name": "Twice", "kind": "CITY", "key": "good" } },
            { "deleteRecord": { "id": "x", "version": 1 } },
            { "deleteRelation": { "id": "_:good", "version": 1 } },
        ])).await;
        assert_eq!(problems, [
            "NOT_FOUND changes.1.containedIn: no new record of this call has the temporary id \"_:worse\"".to_owned(),
            "REQUIRED changes.1.name: is empty".to_owned(),
            "CONFLICT changes.3.version: the record is at version 1; there is no version 7 yet: read the record again".to_owned(),
            "INVALID changes.3.countryCode: \"lybia\" is not a country code: use ISO 3166-1 alpha-2, such as LY".to_owned(),
            "REQUIRED changes.4.addParticipants.1.participant: is missing: give participant, description or both".to_owned(),
            "DUPLICATE changes.5.key: another change of the call has the same key: change one of them".to_owned(),
            "NOT_FOUND changes.6.id: no record has the key \"x\"".to_owned(),
            "NOT_FOUND changes.7.id: \"_:good\" is created by another change of the call: put all fields into that change".to_owned(),
        ]);
        assert_eq!((editor.all_fields().await, editor.changes().await.len()), before);
    }

    async fn a_record_can_have_only_one_change_in_a_call(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (libya, egypt) = (editor.record("libya").await, editor.record("egypt").await);
        let own = "0199f0ae-5d9a-7f00-8000-0000000000ab";
        let problems = editor.failed_apply(json!([
            { "updatePlace": { "id": libya.id, "version": 1, "input": { "population": 1 } } },
            { "updatePlace": { "id": libya.id.to_uppercase(), "version": 1, "input": { "population": 2 } } },
            { "deleteRecord": { "id": libya.id, "version": 1 } },
            { "createPlace": { "id": own, "name": "One", "kind": "CITY" } },
            { "createPlace": { "id": own, "name": "Other", "kind": "CITY" } },
            { "createPlace": { "id": "_:a", "name": "One", "kind": "CITY" } },
            { "createPlace": { "id": "_:a", "name": "Other", "kind": "CITY" } },
            { "createPlace": { "id": "_:", "name": "Nameless", "kind": "CITY" } },
            { "mergeEntities": { "from": egypt.id, "fromVersion": 1, "into": libya.id, "intoVersion": 1 } },
        ])).await;
        assert_eq!(problems, [
            "DUPLICATE changes.1.id: another change of the call changes the same record: use one change or two calls",
            "DUPLICATE changes.2.id: another change of the call changes the same record: use one change or two calls",
            "DUPLICATE changes.4.id: another change of the call changes the same record: use one change or two calls",
            "DUPLICATE changes.6.id: another new record of the call has this temporary id: use another one",
            "INVALID changes.7.id: is not a temporary id: use _: and up to 64 letters, digits, - or _",
            "DUPLICATE changes.8.into: another change of the call changes the same record: use one change or two calls",
        ]);
    }

    async fn keys_and_addresses_can_move_between_records_within_one_call(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let libya = editor.record("libya").await;
        editor.apply(json!([
            { "createPlace": { "key": "libya", "name": "Libya anew", "kind": "COUNTRY", "sameAs": ["http://www.wikidata.org/entity/Q1016"] } },
            { "updatePlace": { "id": libya.id, "version": 1, "input": { "key": "old", "sameAs": null } } },
        ])).await;
        assert_ne!(editor.id("libya").await, libya.id);
        assert_eq!(editor.id("old").await, libya.id);
    }

    async fn cycles_through_several_changes_are_refused(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let circle = "a place cannot be contained in itself or in a place that it contains";
        let mut problems = editor.failed_apply(json!([
            { "createPlace": { "id": "_:a", "name": "A", "kind": "CITY", "containedIn": "_:b" } },
            { "createPlace": { "id": "_:b", "name": "B", "kind": "CITY", "containedIn": "_:c" } },
            { "createPlace": { "id": "_:c", "name": "C", "kind": "CITY", "containedIn": "_:a" } },
            { "createPlace": { "id": "_:d", "name": "D", "kind": "CITY", "containedIn": "_:a" } },
        ])).await;
        problems.sort();
        assert_eq!(problems, [0, 1, 2].map(|index| format!("CYCLE changes.{index}.containedIn: {circle}")));
    }

    async fn a_thousand_linked_changes_are_accepted_and_one_more_is_too_many(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let many = |count: usize| -> Vec<Value> {
            (0..count)
                .map(|at| match at {
                    0 => json!({ "createPlace": { "id": "_:0", "name": "Top", "kind": "COUNTRY" } }),
                    _ if at % 2 == 1 => json!({ "createPlace": { "id": format!("_:{at}"), "name": format!("Place {at}"), "kind": "CITY", "containedIn": "_:0" } }),
                    _ => json!({ "createEvent": { "name": format!("Event {at}"), "kind": "OTHER", "places": [{ "place": format!("_:{}", at - 1) }] } }),
                })
                .collect()
        };
        // without the records, because a thousand of them exceed the limit of cost
        let ask = |changes: Vec<Value>| editor.answer(
            "mutation ($changes: [ChangeInput!]!) { applyChanges(changes: $changes) { results { index } userErrors { code field message } } }",
            json!({ "changes": changes }),
        );
        let answer = ask(many(1001)).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{answer}");
        assert_eq!(editor.changes().await.len(), 0);
        let mut wrong = many(1000);
        wrong[500]["createEvent"]["places"] = json!([{ "place": "_:nowhere" }]);
        let answer = ask(wrong).await;
        assert_eq!(answer["data"]["applyChanges"], json!({ "results": [], "userErrors": [
            { "code": "NOT_FOUND", "field": ["changes", "500", "places", "0", "place"], "message": "no new record of this call has the temporary id \"_:nowhere\"" }] }));
        assert_eq!(editor.changes().await.len(), 0);
        let answer = ask(many(1000)).await;
        assert_eq!(answer["data"]["applyChanges"]["results"].as_array().map(Vec::len), Some(1000), "{answer:.500}");
        let found = editor.read("{ places(where: { name: { equals: \"Top\" } }) { nodes { contains { totalCount } events { totalCount } } } changes { totalCount } }").await;
        assert_eq!(found["places"]["nodes"], json!([{ "contains": { "totalCount": 500 }, "events": { "totalCount": 499 } }]));
        assert_eq!(found["changes"]["totalCount"], 1000);
    }

    async fn reverts_and_links_can_be_among_many_changes(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let start = editor.all_fields().await;
        let libya = editor.update("Place", &editor.record("libya").await, json!({ "population": 1 })).await;
        let change = editor.history(&libya.id).await.pop().unwrap()["id"].clone();
        let news = editor.record("news").await;
        let mentions = editor.snapshot(&news.id).await["mentions"].clone();
        let khabar = editor.record("khabar").await;

        let link = json!({ "articleId": khabar.id, "version": 1, "mentions": [{ "entity": "_:ship", "field": "HEADLINE", "start": 0, "end": 99 }] });
        assert_eq!(
            editor.failed_apply(json!([
                { "createOrganization": { "id": "_:ship", "name": "Ship", "kind": "OTHER" } },
                { "linkMentions": link },
                { "unlinkMentions": { "articleId": libya.id, "version": 2, "mentionIds": [] } },
                { "unlinkMentions": { "articleId": news.id, "version": 1, "mentionIds": [libya.id] } },
            ])).await,
            [
                "INVALID changes.1.mentions.0.end: is outside of the headline, which has 15 characters".to_owned(),
                format!("WRONG_TYPE changes.2.articleId: {} is a place, not an article", libya.id),
                "NOT_FOUND changes.3.mentionIds.0: is not in the list, so it cannot be removed".to_owned(),
            ]
        );

        let mut link = link;
        link["mentions"][0]["end"] = json!(6);
        let results = editor.apply(json!([
            { "createOrganization": { "id": "_:ship", "name": "Ship", "kind": "OTHER" } },
            { "linkMentions": link },
            { "revertRevision": { "id": change } },
            { "unlinkMentions": { "articleId": news.id, "version": 1, "mentionIds": [mentions[0]["id"]] } },
        ])).await;
        let result = |at: usize| json!([results[at]["operation"], results[at]["version"], results[at]["id"]]);
        assert_eq!((result(1), result(2), result(3)), (json!(["UPDATE", 2, khabar.id]), json!(["REVERT", 3, libya.id]), json!(["UPDATE", 2, news.id])));
        assert_eq!(results[2]["changes"], json!([{ "field": "population", "before": 1, "after": null }]));
        let said = editor.all_fields().await;
        assert_eq!(said[&libya.id], start[&libya.id]);
        assert_eq!(said[&news.id]["mentions"].as_array().map(Vec::len), Some(4));
        let linked = said[&khabar.id]["mentions"].as_array().unwrap().iter().find(|mention| mention["field"] == "HEADLINE").unwrap();
        assert_eq!(linked["entity"], results[0]["id"]);
    }

    async fn a_record_that_a_call_reverts_has_no_other_change_in_that_call(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        // the strike and the border are consequences of the change of the text
        let news = editor.update("Article", &editor.record("news").await, json!({ "body": format!("Cairo. {}", BODY) })).await;
        let change = editor.history(&news.id).await.pop().unwrap()["id"].clone();
        let strike = editor.record("strike").await;
        let confirm = json!({ "updateEvent": { "id": strike.id, "version": strike.version, "input": { "status": "CONFIRMED" } } });
        let revert = json!({ "revertRevision": { "id": change } });
        let problem = |at: usize| format!("DUPLICATE changes.{at}.id: another change of the call changes the same record: use one change or two calls");
        assert_eq!(editor.failed_apply(json!([revert, confirm])).await, [problem(1)]);
        assert_eq!(editor.failed_apply(json!([confirm, revert])).await, [problem(1)]);
        assert_eq!(editor.failed_apply(json!([revert, revert])).await, [problem(1)]);
        editor.apply(json!([revert])).await;
    }
}
