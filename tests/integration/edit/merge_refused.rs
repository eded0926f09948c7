//! Merges that are refused, and merges that cannot be reverted.

use serde_json::json;

use super::world::world;
use crate::{
    both_databases,
    support::editor::{Editor, SavedRecord},
};

both_databases! {
    async fn only_two_entities_of_one_kind_are_merged(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (libya, army, news, border) = (editor.record("libya").await, editor.record("army").await, editor.record("news").await, editor.record("border").await);
        let before = editor.changes().await.len();
        assert_eq!(
            editor.failed_merge(&libya, &army).await,
            [format!("WRONG_TYPE into: {} is a place, {} is an organization: only records of one type can be merged", libya.id, army.id)]
        );
        assert_eq!(editor.failed_merge(&libya, &libya).await, ["DUPLICATE into: must not be the same record as from"]);
        assert_eq!(
            editor.failed_merge(&news, &editor.record("khabar").await).await,
            [format!("WRONG_TYPE from: {} is an article, not an entity", news.id), format!("WRONG_TYPE into: {} is an article, not an entity", editor.id("khabar").await)]
        );
        assert_eq!(editor.failed_merge(&border, &libya).await, [format!("WRONG_TYPE from: {} is a relation, not an entity", border.id)]);
        assert_eq!(
            editor.failed_merge(&libya, &editor.record("derna").await).await,
            ["WRONG_TYPE into: must be a COUNTRY, because other records name the merged place as their country"]
        );
        assert_eq!(editor.changes().await.len(), before);
    }

    async fn a_place_that_is_a_country_by_mistake_can_be_merged_into_a_city(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let mistake = editor.create("Place", json!({ "name": "Derna", "kind": "COUNTRY" })).await;
        let derna = editor.merge(&mistake, &editor.record("derna").await).await;
        assert_eq!(editor.snapshot(&derna.id).await["kind"], "CITY");
    }

    async fn both_versions_are_checked(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (libya, tunisia) = (editor.record("libya").await, editor.record("tunisia").await);
        editor.update("Place", &libya, json!({ "population": 1 })).await;
        editor.update("Place", &tunisia, json!({ "population": 2 })).await;
        let refusals = editor.try_mutation("mergeEntities", json!({ "from": libya.id, "fromVersion": 1, "into": tunisia.id, "intoVersion": 1 })).await.unwrap_err();
        let problems: Vec<_> = refusals.iter().map(|refusal| json!([refusal.code, refusal.field, refusal.current["key"], refusal.differs])).collect();
        assert_eq!(json!(problems), json!([["CONFLICT", "fromVersion", "libya", ["population"]], ["CONFLICT", "intoVersion", "tunisia", ["population"]]]));
    }

    async fn a_merged_record_cannot_be_merged_again(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let twin = editor.create("Place", json!({ "name": "LBY", "kind": "COUNTRY" })).await;
        let libya = editor.merge(&twin, &editor.record("libya").await).await;
        assert_eq!(editor.failed_merge(&SavedRecord { id: twin.id.clone(), version: libya.version }, &libya).await, [
            format!("CONFLICT from: {} was merged into {}: change that record instead", twin.id, libya.id),
        ]);
    }

    async fn a_merge_cannot_put_a_country_inside_itself(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let street = editor.create("Place", json!({ "name": "Street", "kind": "SITE", "containedIn": editor.id("derna").await })).await;
        let part = editor.create("Place", json!({ "name": "Part", "kind": "COUNTRY", "containedIn": street.id })).await;
        assert_eq!(
            editor.failed_merge(&editor.record("libya").await, &part).await,
            ["CYCLE into: cannot be merged: containedIn: a place cannot be contained in itself or in a place that it contains"]
        );
    }

    async fn a_merge_is_not_reverted_after_later_changes_of_the_same_fields(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let twin = editor.create("Person", json!({ "name": "Umar", "occupation": "pilot", "nationalities": [editor.id("tunisia").await] })).await;
        let article = editor.create("Article", json!({ "headline": "H", "language": "en", "authors": [twin.id] })).await;
        let omar = editor.merge(&twin, &editor.record("omar").await).await;
        let merge = editor.history(&omar.id).await.pop().unwrap()["id"].as_str().unwrap().to_owned();
        // the name that the merge added has changed since
        let omar = editor.update("Person", &omar, json!({ "removeNames": [{ "text": "Umar" }], "addNames": [{ "text": "Omer" }] })).await;
        let rename = editor.history(&omar.id).await.pop().unwrap()["id"].as_str().unwrap().to_owned();
        // changes outside the merge do not prevent the revert
        editor.update("Person", &omar, json!({ "occupation": "author" })).await;
        editor.revert(&rename).await;
        // a link that the merge moved was removed
        let article = editor.update("Article", &crate::support::editor::SavedRecord { version: article.version + 1, ..article }, json!({ "authors": [] })).await;
        let problems = editor.failed_revert(&merge).await;
        assert_eq!(problems, [format!("CONFLICT id: authors of {} changed after this revision: revert the later changes first", article.id)]);
        editor.revert_last(&article.id).await;
        let omar = editor.delete(&editor.record("omar").await).await;
        let problems = editor.failed_revert(&merge).await;
        assert_eq!(problems, [format!("CONFLICT id: {} was deleted or merged after this revision: revert that change first", omar.id)]);
        editor.restore(&omar.id).await;
        editor.revert(&merge).await;
        let found = editor.read_with("query ($id: ID!) { person(id: $id) { id name occupation authored { nodes { id } } } }", json!({ "id": twin.id })).await;
        assert_eq!(found["person"], json!({ "id": twin.id, "name": "Umar", "occupation": "pilot", "authored": { "nodes": [{ "id": article.id }] } }));
        assert_eq!(editor.snapshot(&omar.id).await["occupation"], "author");
    }
}
