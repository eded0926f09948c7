//! Unique values stay unique, and no record contains itself.

use serde_json::{Value, json};

use super::world::{BODY, world};
use crate::{
    both_databases,
    support::{
        editor::{Editor, UserError},
        lines::{lines, try_import},
    },
};

async fn refused(editor: &Editor, kind: &str, input: Value) -> UserError {
    let refusals = editor
        .try_mutation(&format!("create{kind}"), json!({ "input": input }))
        .await
        .expect_err("it is there already");
    let [refusal] = refusals.try_into().expect("one refusal");
    refusal
}

both_databases! {
    async fn a_retry_of_a_create_with_a_key_shows_the_record_that_the_first_try_made(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let input = json!({ "key": "tobruk", "name": "Tobruk", "kind": "CITY" });
        let made = editor.create("Place", input.clone()).await;
        let refusal = refused(&editor, "Place", input).await;
        assert_eq!(refusal.to_string(), format!("DUPLICATE key: the key is taken by the record {}: choose another key", made.id));
        assert_eq!(refusal.current, json!({ "__typename": "Place", "id": made.id, "key": "tobruk", "version": 1, "deletedAt": null }));
        // a key is unique over all types
        let refusal = refused(&editor, "Person", json!({ "key": "tobruk", "name": "Tobruk" })).await;
        assert_eq!((refusal.code.as_str(), &refusal.current["__typename"]), ("DUPLICATE", &json!("Place")));
        let other = editor.create("Place", json!({ "name": "Other", "kind": "CITY" })).await;
        let [refusal] = editor.update_errors("Place", &other, json!({ "key": "tobruk" })).await.try_into().unwrap();
        assert_eq!((refusal.field.as_str(), refusal.current["id"].as_str()), ("key", Some(made.id.as_str())));
        // a key that was removed can be used again
        editor.update("Place", &made, json!({ "key": null })).await;
        editor.update("Place", &other, json!({ "key": "tobruk" })).await;
    }

    async fn a_key_in_the_bin_is_still_taken(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let libya = editor.delete(&editor.record("libya").await).await;
        let refusal = refused(&editor, "Place", json!({ "key": "libya", "name": "Libya", "kind": "COUNTRY" })).await;
        assert_eq!(refusal.to_string(), format!("DUPLICATE key: the key is taken by the record {}, which is in the bin: choose another key", libya.id));
        assert_eq!((refusal.current["id"].as_str(), refusal.current["deletedAt"].is_string()), (Some(libya.id.as_str()), true));
    }

    async fn an_address_belongs_to_one_record(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let libya = editor.record("libya").await;
        let refusal = refused(&editor, "Person", json!({ "name": "Q", "sameAs": ["http://WWW.wikidata.org/entity/Q1016"] })).await;
        assert_eq!(refusal.to_string(), format!("DUPLICATE sameAs.0: the address belongs to {}: remove it, or merge the records", libya.id));
        assert_eq!(refusal.current["id"], libya.id);
        assert_eq!(
            editor.failed_update("Place", &editor.record("egypt").await, json!({ "addSameAs": ["https://e.example/", "http://www.wikidata.org/entity/Q1016"] })).await,
            [format!("DUPLICATE addSameAs.1: the address belongs to {}: remove it, or merge the records", libya.id)]
        );
        assert_eq!(
            editor.failed_update("Place", &libya, json!({ "sameAs": ["https://e.example/", "https://e.example/"] })).await,
            ["DUPLICATE sameAs.1: the address is already in the list"]
        );
        let refusal = refused(&editor, "Article", json!({ "headline": "Again", "language": "en", "url": "https://NEWS.example/1" })).await;
        assert_eq!(refusal.to_string(), format!("DUPLICATE url: the address belongs to {}: remove it, or merge the records", editor.id("news").await));
        assert_eq!(refusal.current["__typename"], "Article");
        // a deleted record keeps its addresses, so that it can be restored
        editor.delete(&libya).await;
        let refusal = refused(&editor, "Person", json!({ "name": "Q", "sameAs": ["http://www.wikidata.org/entity/Q1016"] })).await;
        assert_eq!((refusal.code.as_str(), refusal.current["id"].as_str()), ("DUPLICATE", Some(libya.id.as_str())));
    }

    async fn an_id_belongs_to_one_thing_of_any_type(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let strike = editor.snapshot(&editor.id("strike").await).await;
        let news = editor.snapshot(&editor.id("news").await).await;
        let revision = editor.history(strike["id"].as_str().unwrap()).await[0]["id"].clone();
        let taken = [&strike["participants"][0]["id"], &strike["citations"][0]["id"], &news["mentions"][0]["id"], &revision];
        for id in taken {
            let place = json!({ "id": id, "name": "Other", "kind": "CITY" });
            assert_eq!(editor.failed_create("Place", place.clone()).await, ["DUPLICATE id: the id is already in use: leave it out or use another one"]);
            let line = json!({ "type": "PLACE", "id": id, "name": "Other", "kind": "CITY" });
            let problems = try_import(&editor.connection, &line.to_string()).await.unwrap_err();
            assert_eq!(problems, ["1: id: the id is already in use: leave it out or use another one"]);
        }
        // a part of a record cannot have the id of another thing either, stored or new
        let (person, event) = ("0199f0ae-5d9a-7f00-8000-0000000000a1", "0199f0ae-5d9a-7f00-8000-0000000000a2");
        let with = |id: &Value| json!({ "type": "EVENT", "id": event, "name": "Talks", "kind": "MEETING", "participants": [{ "id": id, "description": "two", "role": "HOST" }] });
        for id in [&strike["id"], &strike["citations"][0]["id"], &revision, &json!(person), &json!(event)] {
            let new = [json!({ "type": "PERSON", "id": person, "name": "New" }), with(id)];
            let problems = try_import(&editor.connection, &lines(&new)).await.unwrap_err();
            assert_eq!(problems, ["2: participants.0.id: the id is already in use: leave it out or use another one"]);
        }
    }

    async fn a_revision_cannot_have_the_id_of_something_else(database: TestDatabase) {
        let id = |number: usize| json!(format!("0199f0ae-5d9a-7f00-8000-0000000000b{number}"));
        let with = |revision: &Value| vec![
            json!({ "type": "REVISION", "id": revision, "record": id(0), "version": 1, "position": 1000, "operation": "CREATE",
                "actor": "Omar", "at": "2026-01-01T00:00:00Z", "changes": [] }),
            json!({ "type": "PLACE", "id": id(0), "mergedIds": [id(1)], "name": "New", "kind": "CITY" }),
            json!({ "type": "EVENT", "id": id(2), "name": "Talks", "kind": "MEETING",
                "participants": [{ "id": id(3), "description": "two", "role": "HOST" }] }),
        ];
        let problems = ["1: id: the id is already in use: use another one"];
        // into an empty database, with few and with many lines, and into a database with records
        let connection = database.open().await;
        let many: Vec<Value> = (0..5_000).map(|number| json!({ "type": "PLACE", "key": format!("p{number}"), "name": "P", "kind": "OTHER" })).collect();
        for number in 0..4 {
            assert_eq!(try_import(&connection, &lines(&with(&id(number)))).await.unwrap_err(), problems);
        }
        for number in [0, 3] {
            assert_eq!(try_import(&connection, &lines(with(&id(number)).iter().chain(&many))).await.unwrap_err(), problems);
        }
        let editor = Editor::with_records(&database, &world()).await;
        let strike = editor.snapshot(&editor.id("strike").await).await;
        let news = editor.snapshot(&editor.id("news").await).await;
        let stored = [&strike["id"], &strike["participants"][0]["id"], &strike["citations"][0]["id"], &news["mentions"][0]["id"]];
        for taken in stored.into_iter().cloned().chain((0..4).map(id)) {
            assert_eq!(try_import(&editor.connection, &lines(&with(&taken))).await.unwrap_err(), problems);
        }
        for _ in 0..2 {
            try_import(&editor.connection, &lines(&with(&id(4)))).await.unwrap();
        }
        assert_eq!(editor.changes().await.iter().filter(|revision| revision["id"] == id(4)).count(), 1);
    }

    async fn an_item_moves_to_another_record_only_if_its_owner_drops_it(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let before = editor.changes().await.len();
        let mut strike = editor.snapshot(&editor.id("strike").await).await;
        let citation = strike["citations"][0].clone();
        let taker = json!({ "type": "EVENT", "key": "taker", "name": "Talks", "kind": "MEETING", "citations": [
            { "article": "khabar", "quote": "لن يترك ليبيا" },
            { "id": citation["id"], "article": "khabar", "quote": "الطائرات ضربت درنة" },
        ] });
        let problems = ["2: citations.1.id: the id belongs to an item of another record: leave it out"];
        // the owner only follows its article
        let mut news = editor.snapshot(&editor.id("news").await).await;
        news["body"] = json!(format!("{BODY} It is over."));
        assert_eq!(try_import(&editor.connection, &lines(&[news, taker.clone()])).await.unwrap_err(), problems);
        // the line of the owner is unchanged, but without the id
        strike["citations"][0].as_object_mut().unwrap().remove("id");
        assert_eq!(try_import(&editor.connection, &lines(&[strike.clone(), taker.clone()])).await.unwrap_err(), problems);
        assert_eq!(editor.changes().await.len(), before);
        // the line of the owner no longer has the item
        strike["citations"].as_array_mut().unwrap().remove(0);
        try_import(&editor.connection, &lines(&[strike, taker])).await.unwrap();
        assert_eq!(editor.snapshot(&editor.id("taker").await).await["citations"][1]["id"], citation["id"]);
    }

    async fn evidence_keeps_its_id_when_a_line_moves_it_to_a_participant(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let mut strike = editor.snapshot(&editor.id("strike").await).await;
        let citation = strike["citations"][0].clone();
        strike["participants"][0]["citations"].as_array_mut().unwrap().push(citation.clone());
        // the event has an equal citation of its own
        strike["citations"][0].as_object_mut().unwrap().remove("id");
        try_import(&editor.connection, &strike.to_string()).await.unwrap();
        let said = editor.snapshot(strike["id"].as_str().unwrap()).await;
        assert_eq!(said["participants"][0]["citations"][1]["id"], citation["id"]);
        assert_eq!(said["citations"][0]["quote"], citation["quote"]);
        assert_ne!(said["citations"][0]["id"], citation["id"]);
    }

    async fn a_symmetric_relation_is_stored_once(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (libya, egypt, border) = (editor.id("libya").await, editor.id("egypt").await, editor.record("border").await);
        let twice = "DUPLICATE target: the relation exists already, and a symmetric relation is stored once: change the existing one";
        for (source, target) in [(&libya, &egypt), (&egypt, &libya)] {
            let refusal = refused(&editor, "Relation", json!({ "source": source, "kind": "BORDERS", "target": target })).await;
            assert_eq!(refusal.to_string(), twice);
            assert_eq!(refusal.current["id"], Value::Null, "a relation is no Record");
            assert_eq!(refusal.current_relation["id"], json!(border.id));
        }
        let other = editor.create("Relation", json!({ "source": egypt, "kind": "BORDERS", "target": editor.id("tunisia").await })).await;
        assert_eq!(editor.failed_update("Relation", &other, json!({ "target": libya })).await, [twice]);
        // a relation with another period is another relation
        editor.create("Relation", json!({ "source": egypt, "kind": "BORDERS", "target": libya, "since": { "edtf": "1951" } })).await;
        editor.delete_relation(&border).await;
        let again = editor.create("Relation", json!({ "source": egypt, "kind": "BORDERS", "target": libya })).await;
        let back = editor.try_mutation("restoreRecord", json!({ "id": border.id })).await.unwrap_err();
        assert_eq!(back[0].to_string(), twice.replace("target: ", "id: cannot be restored: target: "));
        assert_eq!(back[0].current_relation["id"], json!(again.id));
        editor.delete_relation(&again).await;
        editor.restore(&border.id).await;
    }

    async fn a_relation_connects_two_records_and_a_border_two_places(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (libya, army) = (editor.id("libya").await, editor.id("army").await);
        assert_eq!(
            editor.failed_create("Relation", json!({ "source": libya, "kind": "PART_OF", "target": libya })).await,
            ["INVALID target: must not be the same record as source"]
        );
        assert_eq!(
            editor.failed_create("Relation", json!({ "source": libya, "kind": "BORDERS", "target": army })).await,
            ["WRONG_TYPE target: is not a place: only places have borders"]
        );
        assert_eq!(
            editor.failed_create("Relation", json!({ "source": editor.id("news").await, "kind": "BORDERS", "target": libya })).await,
            [format!("WRONG_TYPE source: {} is an article, not a place or an organization or a person or an event", editor.id("news").await)]
        );
    }

    async fn no_record_contains_owns_or_dates_itself(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (derna, libya) = (editor.record("derna").await, editor.record("libya").await);
        let circle = "CYCLE containedIn: a place cannot be contained in itself or in a place that it contains";
        assert_eq!(editor.failed_update("Place", &libya, json!({ "containedIn": libya.id })).await, [circle]);
        assert_eq!(editor.failed_update("Place", &libya, json!({ "containedIn": derna.id })).await, [circle]);
        let street = editor.create("Place", json!({ "name": "Street", "kind": "SITE", "containedIn": derna.id })).await;
        assert_eq!(editor.failed_update("Place", &libya, json!({ "containedIn": street.id })).await, [circle]);

        let army = editor.record("army").await;
        let unit = editor.create("Organization", json!({ "name": "Unit", "kind": "MILITARY", "parent": army.id })).await;
        assert_eq!(
            editor.failed_update("Organization", &army, json!({ "parent": unit.id })).await,
            ["CYCLE parent: an organization cannot be a part of itself or of its own parts"]
        );
        let (strike, answer) = (editor.record("strike").await, editor.record("answer").await);
        assert_eq!(
            editor.failed_update("Event", &strike, json!({ "partOf": answer.id })).await,
            ["CYCLE partOf: an event cannot be a part of itself or of its own parts"]
        );
        assert_eq!(
            editor.failed_update("Event", &strike, json!({ "date": { "relative": { "anchor": answer.id, "relation": "BEFORE" } } })).await,
            ["CYCLE date: a date cannot be relative to itself, directly or through other dates"]
        );
        // a deleted record still counts in the chain
        editor.delete(&derna).await;
        assert_eq!(editor.failed_update("Place", &libya, json!({ "containedIn": street.id })).await, [circle]);
    }

    async fn an_end_before_its_beginning_is_refused(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let omar = editor.update("Person", &editor.record("omar").await, json!({ "born": { "edtf": "1950" } })).await;
        assert_eq!(editor.failed_update("Person", &omar, json!({ "died": { "edtf": "1949-12" } })).await, ["INVALID died: is before born: correct one of the two dates"]);
        editor.update("Person", &omar, json!({ "died": { "edtf": "1949~" } })).await;
        let army = editor.record("army").await;
        assert_eq!(
            editor.failed_update("Organization", &army, json!({ "founded": { "edtf": "2000" }, "dissolved": { "edtf": "1999" } })).await,
            ["INVALID dissolved: is before founded: correct one of the two dates"]
        );
        assert_eq!(
            editor.failed_update("Organization", &army, json!({ "founded": { "original": "once" } })).await,
            ["REQUIRED founded.edtf: is missing: give edtf, relative or both"]
        );
    }

    async fn a_country_stays_a_country_while_other_records_name_it(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (derna, libya) = (editor.id("derna").await, editor.record("libya").await);
        let wanted = "is not a country: name a place of the kind COUNTRY";
        assert_eq!(
            editor.failed_update("Person", &editor.record("omar").await, json!({ "addNationalities": [libya.id, derna] })).await,
            [format!("WRONG_TYPE addNationalities.1: {wanted}")]
        );
        assert_eq!(
            editor.failed_create("Organization", json!({ "name": "O", "kind": "OTHER", "country": derna })).await,
            [format!("WRONG_TYPE country: {wanted}")]
        );
        assert_eq!(
            editor.failed_update("Place", &libya, json!({ "kind": "REGION" })).await,
            [format!("INVALID kind: must be COUNTRY, because {} names the place as its country: change that record first", editor.id("omar").await)]
        );
        assert_eq!(
            editor.failed_create("Person", json!({ "name": "Twice", "nationalities": [libya.id, libya.id] })).await,
            ["DUPLICATE nationalities.1: the nationality is already in the list"]
        );
    }

    async fn a_country_stays_a_country_for_records_that_only_follow_another_change(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (strike, tunisia) = (editor.record("strike").await, editor.record("tunisia").await);
        let before = json!({ "relative": { "anchor": strike.id, "relation": "BEFORE", "duration": "P30Y" } });
        for (kind, input) in [
            ("Person", json!({ "name": "Laila", "nationalities": [tunisia.id], "born": before })),
            ("Organization", json!({ "name": "Navy", "kind": "MILITARY", "country": tunisia.id, "founded": before })),
        ] {
            let owner = editor.create(kind, input).await;
            let changes = |more: Value| json!([
                { "updateEvent": { "id": strike.id, "version": strike.version, "input": { "date": { "edtf": "2015-02-15" } } } },
                { "updatePlace": { "id": tunisia.id, "version": tunisia.version, "input": { "kind": "REGION" } } },
                more,
            ]);
            let other = json!({ "createPlace": { "name": "Other", "kind": "OTHER" } });
            assert_eq!(editor.failed_apply(changes(other)).await, [
                format!("INVALID changes.1.kind: must be COUNTRY, because {} names the place as its country: change that record first", owner.id),
            ]);
            // a record with its own change reports the problem there
            let update = format!("update{kind}");
            let unchanged = json!({ &update: { "id": owner.id, "version": owner.version, "input": {} } });
            let field = if kind == "Person" { "nationalities.0" } else { "country" };
            assert_eq!(editor.failed_apply(changes(unchanged)).await, [
                format!("WRONG_TYPE changes.2.{field}: is not a country: name a place of the kind COUNTRY"),
            ]);
            editor.update(kind, &owner, if kind == "Person" { json!({ "nationalities": [] }) } else { json!({ "country": null }) }).await;
        }
        editor.update("Place", &tunisia, json!({ "kind": "REGION" })).await;
    }

    async fn a_country_stays_a_country_for_records_that_the_same_call_deletes(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (omar, libya) = (editor.record("omar").await, editor.record("libya").await);
        let region = json!({ "updatePlace": { "id": libya.id, "version": libya.version, "input": { "kind": "REGION" } } });
        let problems = [format!("INVALID changes.1.kind: must be COUNTRY, because {} names the place as its country: change that record first", omar.id)];
        let delete = json!({ "deleteRecord": { "id": omar.id, "version": omar.version } });
        assert_eq!(editor.failed_apply(json!([delete, region])).await, problems);
        // not with a revert of its creation either, nor in a line of an import
        let made = editor.history(&omar.id).await[0]["id"].clone();
        assert_eq!(editor.failed_apply(json!([{ "revertRevision": { "id": made } }, region])).await, problems);
        let mut said = [editor.snapshot(&omar.id).await, editor.snapshot(&libya.id).await];
        said[0]["deletedAt"] = json!("2100-01-01T00:00:00Z");
        said[1]["kind"] = json!("REGION");
        assert_eq!(
            try_import(&editor.connection, &lines(&said)).await.unwrap_err(),
            [format!("2: kind: must be COUNTRY, because {} names the place as its country: change that record first", omar.id)]
        );
        // a record that removes the country in the same call does not prevent it
        let update = json!({ "updatePerson": { "id": omar.id, "version": omar.version, "input": { "removeNationalities": [libya.id] } } });
        editor.apply(json!([update, region])).await;
        let omar = editor.delete(&editor.record_by_id(&omar.id).await).await;
        editor.restore(&omar.id).await;
    }

    async fn a_duplicate_address_of_a_record_that_only_follows_is_reported(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let anchor = editor.create("Event", json!({ "name": "Strike", "kind": "AIRSTRIKE", "date": { "edtf": "2015-02-17" } })).await;
        editor.create("Event", json!({ "name": "Answer", "kind": "STATEMENT", "sameAs": ["https://answer.example/"],
            "date": { "relative": { "anchor": anchor.id, "relation": "AFTER", "duration": "P1D" } } })).await;
        // the date of the answer depends on the strike, so the answer is part of the write
        let problems = editor.failed_apply(json!([
            { "updateEvent": { "id": anchor.id, "version": 1, "input": { "date": { "edtf": "2015-02-16" } } } },
            { "createEvent": { "name": "Another", "kind": "OTHER", "sameAs": ["https://answer.example/"] } },
        ])).await;
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].starts_with("DUPLICATE changes.1.sameAs.0: "), "{problems:?}");
    }
}
