//! The same relation, citation or participant is not stored twice.

use serde_json::json;

use super::world::{BODY, span, world};
use crate::{
    both_databases,
    support::{
        editor::Editor,
        lines::{export_text, refused, try_import},
    },
};

const RELATION: &str = "DUPLICATE target: the same relation exists already: change the existing one";
const CITATION: &str = "the same citation is in the list already: leave this one out";
const PARTICIPANT: &str = "the same participant is in the list already, in the same role: change that item";

both_databases! {
    async fn a_directed_relation_with_the_same_dates_and_description_is_stored_once(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (army, egypt) = (editor.id("army").await, editor.id("egypt").await);
        let relation = |more: serde_json::Value| {
            let mut input = json!({ "source": army, "kind": "ARMY_OF", "target": egypt });
            input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
            input
        };
        assert_eq!(editor.failed_create("Relation", relation(json!({}))).await, [RELATION]);
        let since = json!({ "since": { "edtf": "1953" } });
        let dated = editor.create("Relation", relation(since.clone())).await;
        assert_eq!(editor.failed_create("Relation", relation(since.clone())).await, [RELATION]);
        editor.create("Relation", relation(json!({ "since": { "edtf": "1953" }, "until": { "edtf": "2010" } }))).await;
        editor.create("Relation", relation(json!({ "since": { "edtf": "1953" }, "description": "by law" }))).await;
        editor.create("Relation", json!({ "source": egypt, "kind": "ARMY_OF", "target": army })).await;
        assert_eq!(editor.failed_update("Relation", &dated, json!({ "since": null })).await, [RELATION]);
        let twice = json!([{ "createRelation": relation(json!({ "until": { "edtf": "1999" } })) }, { "createRelation": relation(json!({ "until": { "edtf": "1999" } })) }]);
        assert_eq!(editor.failed_apply(twice).await.len(), 1);

        let deleted = editor.delete_relation(&dated).await;
        editor.create("Relation", relation(since)).await;
        let errors = editor.try_mutation("restoreRecord", json!({ "id": deleted.id })).await.expect_err("it exists again");
        assert_eq!((errors[0].code.as_str(), errors[0].field.as_str()), ("DUPLICATE", "id"));
        let line = json!({ "type": "RELATION", "key": "again", "source": "army", "kind": "ARMY_OF", "target": "egypt" });
        assert_eq!(refused(&editor.connection, &[line]).await, ["1: target: the same relation exists already: change the existing one"]);
    }

    async fn a_citation_is_in_its_list_once(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (strike, news) = (editor.record("strike").await, editor.id("news").await);
        let quote = |quote: &str| json!({ "article": news, "quote": quote });
        let army = editor.id("army").await;
        let known = json!({ "article": news, "quote": "The army of Egypt sent planes to Derna", "attributedTo": army });
        let (first, second) = (span(BODY, "Egypt", 0).0, span(BODY, "Egypt", 1).0);
        let at = |start: usize| json!({ "article": news, "quote": "Egypt", "start": start });
        assert_eq!(
            editor.failed_update("Event", &strike, json!({ "addCitations": [known, quote("Libya"), at(first), at(first)] })).await,
            [
                "INVALID addCitations.1.quote: occurs more than once in the body of the article: give its start".to_owned(),
                format!("DUPLICATE addCitations.0: {CITATION}"), format!("DUPLICATE addCitations.3: {CITATION}"),
            ],
        );
        let participant = editor.snapshot(&strike.id).await["participants"][0]["id"].clone();
        let of_participant = json!({ "updateParticipants": [{ "id": participant, "addCitations": [quote("sent planes")] }] });
        assert_eq!(
            editor.failed_update("Event", &strike, of_participant).await,
            [format!("DUPLICATE updateParticipants.0.addCitations.0: {CITATION}")],
        );
        let given = json!({ "citations": [quote("sent planes"), quote("sent planes")] });
        assert_eq!(editor.failed_update("Event", &strike, given).await, [format!("DUPLICATE citations.1: {CITATION}")]);

        // another passage, another owner, another source
        let said = json!({ "article": news, "quote": "The army of Egypt sent planes to Derna" });
        let changed = editor.update("Event", &strike, json!({ "addCitations": [at(first), at(second), quote("sent planes"), said] })).await;
        let said = editor.snapshot(&strike.id).await["citations"][5]["id"].clone();
        let same = json!({ "updateCitations": [{ "id": said, "attributedTo": army }] });
        assert_eq!(editor.failed_update("Event", &changed, same).await, [format!("DUPLICATE updateCitations.0: {CITATION}")]);
        editor.update("Event", &changed, json!({ "status": "CONFIRMED" })).await;
    }

    async fn a_participant_is_in_its_list_once_in_each_role(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (strike, army) = (editor.record("strike").await, editor.id("army").await);
        let participant = |role: &str| json!({ "participant": army, "role": role });
        let group = json!({ "description": "21 people", "count": 21, "role": "VICTIM" });
        assert_eq!(
            editor.failed_update("Event", &strike, json!({ "addParticipants": [group, participant("ATTACKER")] })).await,
            [0, 1].map(|index| format!("DUPLICATE addParticipants.{index}: {PARTICIPANT}")),
        );
        let unknown = json!({ "participant": "0195f000-0000-7000-8000-00000000ffff", "role": "HOST" });
        let problems = editor.failed_update("Event", &strike, json!({ "addParticipants": [unknown, unknown] })).await;
        assert!(problems.iter().all(|problem| problem.starts_with("NOT_FOUND")), "{problems:?}");
        let changed = editor.update("Event", &strike, json!({ "addParticipants": [participant("SPEAKER")] })).await;
        let speaker = editor.snapshot(&strike.id).await["participants"][2]["id"].clone();
        let same = json!({ "updateParticipants": [{ "id": speaker, "role": "ATTACKER" }] });
        assert_eq!(editor.failed_update("Event", &changed, same).await, [format!("DUPLICATE updateParticipants.0: {PARTICIPANT}")]);
        let line = json!({ "type": "EVENT", "key": "new", "kind": "OTHER", "name": "New", "participants": [
            { "participant": "army", "role": "HOST" }, { "participant": "army", "role": "HOST" }] });
        assert_eq!(refused(&editor.connection, &[line]).await, [format!("1: participants.1: {PARTICIPANT}")]);
    }

    async fn citations_that_became_identical_are_kept_and_move_to_another_database(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let news = editor.record("news").await;
        let rewritten = editor.update("Article", &news, json!({ "body": "Cairo is quiet." })).await;
        let quote = json!({ "article": news.id, "quote": "Cairo is quiet" });
        let strike = editor.record("strike").await;
        let strike = editor.update("Event", &strike, json!({ "citations": [quote] })).await;
        let rewritten = editor.update("Article", &rewritten, json!({ "body": BODY })).await;
        // the first citation is an orphan, and comes back to the place of the second one
        let rewritten = editor.update("Article", &rewritten, json!({ "body": format!("Now Cairo is quiet again. {BODY}") })).await;
        let other = json!({ "addCitations": [quote] });
        let strike = editor.record_by_id(&strike.id).await;
        let _ = editor.try_mutation("updateEvent", json!({ "id": strike.id, "version": strike.version, "input": other })).await;
        editor.update("Article", &rewritten, json!({ "body": "Cairo is quiet." })).await;
        let text = export_text(&editor.connection, true).await;
        let copy = crate::support::database::TestDatabase::sqlite().await;
        let copy = copy.open().await;
        if let Err(problems) = try_import(&copy, &text).await {
            panic!("{}", problems.join("\n"));
        }
        assert_eq!(export_text(&copy, true).await, text);
    }
}
