//! Merges: links of every kind move without duplicates, the old id gives the survivor, and a revert separates the records.

use serde_json::{Value, json};

use super::world::{BODY, span, world};
use crate::{both_databases, support::editor::Editor};

/// The world with a second record for each one, and links to both.
fn twins() -> Vec<Value> {
    let mut lines = world();
    let mention = |entity: &str, text: &str, nth: usize| {
        let (start, end) = span(BODY, text, nth);
        json!({ "entity": entity, "field": "BODY", "start": start, "end": end })
    };
    let news = lines.iter_mut().find(|line| line["key"] == "news").expect("it is part of the world");
    let mentions = news["mentions"].as_array_mut().expect("a list");
    mentions.extend([
        mention("libya-2", "Libya", 0),
        mention("libya-2", "Derna in Libya", 0),
        mention("strike-2", "sent planes", 0),
    ]);
    mentions[3]["meant"] = "libya-2".into();
    news["authors"].as_array_mut().expect("a list").push("omar-2".into());
    lines.extend([
        json!({ "type": "PLACE", "key": "libya-2", "kind": "COUNTRY", "name": "State of Libya", "language": "en", "population": 7e6, "countryCode": "LB",
            "names": [{ "text": "Libya", "language": "en" }, { "text": "ليبيا", "language": "ar", "kind": "MAIN" }, { "text": "Libyen", "language": "de", "kind": "MAIN" }],
            "descriptions": [{ "text": "Not taken.", "language": "en" }, { "text": "Un pays.", "language": "fr" }],
            "sameAs": ["https://sws.geonames.org/2215636/"], "image": "https://pictures.example/l.png" }),
        json!({ "type": "PLACE", "key": "tobruk", "kind": "CITY", "name": "Tobruk", "containedIn": "libya-2" }),
        json!({ "type": "ORGANIZATION", "key": "army-2", "kind": "MILITARY", "name": "Armed Forces", "parent": "army", "country": "libya-2", "headquarters": "libya-2", "founded": { "edtf": "1820" } }),
        json!({ "type": "ORGANIZATION", "key": "unit", "kind": "MILITARY", "name": "Unit", "parent": "army-2" }),
        json!({ "type": "PERSON", "key": "omar-2", "name": "Omar", "language": "en", "nationalities": ["tunisia", "libya-2", "libya"], "born": { "edtf": "1950" } }),
        json!({ "type": "EVENT", "key": "strike-2", "kind": "AIRSTRIKE", "name": "Strikes", "date": { "edtf": "2015-02-16" }, "partOf": "strike",
            "places": [{ "place": "libya" }, { "place": "libya-2", "description": "the other one" }, { "place": "derna" }],
            "participants": [
                { "participant": "army", "role": "ATTACKER", "citations": [{ "article": "news", "quote": "The army of Egypt" }] },
                { "participant": "army-2", "role": "ATTACKER", "citations": [{ "article": "news", "quote": "The army of Egypt" }, { "article": "news", "quote": "on Monday" }] },
                { "participant": "libya-2", "role": "AFFECTED" }],
            "citations": [
                { "article": "news", "quote": "The army of Egypt sent planes to Derna", "attributedTo": "army" },
                { "article": "news", "quote": "Cairo did not confirm it", "attributedTo": "libya-2", "attributedToCountry": "libya-2",
                    "date": { "relative": { "anchor": "strike-2", "relation": "AFTER" } } }] }),
        json!({ "type": "EVENT", "key": "later", "kind": "MEETING", "name": "Later", "partOf": "strike-2", "date": { "relative": { "anchor": "strike-2", "relation": "AFTER", "duration": "P1D" } } }),
        json!({ "type": "RELATION", "key": "border-2", "source": "egypt", "kind": "BORDERS", "target": "libya-2", "citations": [{ "article": "news", "quote": "asked Egypt for help" }] }),
        json!({ "type": "RELATION", "key": "border-3", "source": "libya-2", "kind": "BORDERS", "target": "tunisia" }),
        json!({ "type": "RELATION", "key": "ally", "source": "libya", "kind": "ALLY_OF", "target": "libya-2" }),
        json!({ "type": "RELATION", "key": "member", "source": "army-2", "kind": "PART_OF", "target": "army" }),
        json!({ "type": "RELATION", "key": "army-of-2", "source": "army-2", "kind": "ARMY_OF", "target": "egypt" }),
        json!({ "type": "RELATION", "key": "army-of-3", "source": "army-2", "kind": "ARMY_OF", "target": "libya-2", "since": { "edtf": "2011" } }),
        json!({ "type": "RELATION", "key": "office", "source": "omar-2", "kind": "HELD_OFFICE_IN", "target": "libya-2" }),
    ]);
    lines
}

/// The keys of all nodes of a list, in alphabetical order.
fn keys(list: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> =
        list["nodes"].as_array().expect("a list").iter().map(|node| node["key"].as_str().expect("a key")).collect();
    keys.sort_unstable();
    keys
}

const PAGE: &str = "query ($after: String) { places(first: 50, after: $after) { edges { cursor node { key } } } }";

both_databases! {
    async fn a_merge_moves_all_fields_and_links_of_a_place(database: TestDatabase) {
        let editor = Editor::with_records(&database, &twins()).await;
        let before = editor.all_fields().await;
        let (from, into) = (editor.record("libya-2").await, editor.record("libya").await);
        let merged = editor.merge(&from, &into).await;
        assert_eq!((&merged.id, merged.version), (&into.id, into.version + 1));
        let found = editor.read_with(
            "query ($id: ID!) { place(id: $id) { name names { text language kind } descriptionEn: description(languages: [\"en\"])
                descriptionFr: description(languages: [\"fr\"]) sameAs image population countryCode location { latitude } mergedIds
                contains { nodes { key } } neighbours { nodes { key } } organizations { nodes { key } }
                relations(first: 50) { nodes { key citations { nodes { quote } } } }
                events { nodes { key } } mentions { nodes { text } } } }",
            json!({ "id": into.id }),
        ).await["place"].take();
        assert_eq!(found["names"], json!([
            { "text": "Libya", "language": "en", "kind": "MAIN" },
            { "text": "ليبيا", "language": "ar", "kind": "MAIN" },
            { "text": "State of Libya", "language": "en", "kind": "ALIAS" },
            { "text": "Libyen", "language": "de", "kind": "ALIAS" },
        ]));
        assert_eq!((&found["descriptionEn"], &found["descriptionFr"]), (&json!("A country in North Africa."), &json!("Un pays.")));
        assert_eq!(found["sameAs"], json!(["http://www.wikidata.org/entity/Q1016", "https://sws.geonames.org/2215636/"]));
        assert_eq!(
            json!([found["image"], found["population"], found["countryCode"], found["location"]["latitude"], found["mergedIds"]]),
            json!(["https://pictures.example/l.png", 7_000_000, "LY", 27, [from.id]])
        );
        assert_eq!(keys(&found["contains"]), ["derna", "tobruk"]);
        assert_eq!(keys(&found["neighbours"]), ["egypt", "tunisia"]);
        assert_eq!(keys(&found["organizations"]), ["army-2"]);
        assert_eq!(keys(&found["relations"]), ["army-of-3", "border", "border-3", "office"]);
        let border = found["relations"]["nodes"].as_array().unwrap().iter().find(|relation| relation["key"] == "border").unwrap();
        assert_eq!(border["citations"]["nodes"], json!([{ "quote": "Libya asked Egypt" }, { "quote": "asked Egypt for help" }]));
        assert_eq!(keys(&found["events"]), ["strike", "strike-2"]);
        let texts: Vec<&Value> = found["mentions"]["nodes"].as_array().unwrap().iter().map(|mention| &mention["text"]).collect();
        // the mention "Derna" means it, too, and the first mention has no duplicate
        assert_eq!(texts, ["Libya", "Derna", "Derna in Libya", "Libya", "ليبيا", "ليبيا"]);

        let others = editor.read(
            "{ omar: record(key: \"omar-2\") { ... on Person { nationalities { key } } }
               strike: record(key: \"strike-2\") { ... on Event { places { edges { description node { key } } }
                   participants { nodes { participant { key } } } citations { nodes { attributedTo { key } attributedToCountry { key } } } } }
               army: record(key: \"army-2\") { ... on Organization { country { key } headquarters { key } } }
               places(first: 50) { totalCount nodes { key } } }",
        ).await;
        assert_eq!(others["omar"], json!({ "nationalities": [{ "key": "tunisia" }, { "key": "libya" }] }));
        assert_eq!(others["strike"]["places"]["edges"], json!([
            { "description": null, "node": { "key": "derna" } }, { "description": null, "node": { "key": "libya" } },
        ]));
        assert_eq!(others["strike"]["participants"]["nodes"][2], json!({ "participant": { "key": "libya" } }));
        assert_eq!(others["strike"]["citations"]["nodes"][1], json!({ "attributedTo": { "key": "libya" }, "attributedToCountry": { "key": "libya" } }));
        assert_eq!(others["army"], json!({ "country": { "key": "libya" }, "headquarters": { "key": "libya" } }));
        assert_eq!(keys(&others["places"]), ["cairo", "derna", "egypt", "libya", "tobruk", "tunisia"]);

        editor.revert_last(&into.id).await;
        assert_eq!(editor.all_fields().await, before);
    }

    async fn the_id_key_address_and_cursor_of_a_merged_record_keep_working(database: TestDatabase) {
        let editor = Editor::with_records(&database, &twins()).await;
        let edges = editor.read_with(PAGE, json!({})).await["places"]["edges"].take();
        let edges = edges.as_array().unwrap();
        let at = edges.iter().position(|edge| edge["node"]["key"] == "libya-2").expect("it is listed");
        let (from, into) = (editor.record("libya-2").await, editor.record("libya").await);
        editor.merge(&from, &into).await;

        let found = editor.read_with(
            "query ($old: ID!) { node(id: $old) { id } nodes(ids: [$old]) { id } place(id: $old) { id } byKey: record(key: \"libya-2\") { id }
                byAddress: record(sameAs: \"https://sws.geonames.org/2215636/\") { id }
                within: place(id: $old) { events { totalCount } } }",
            json!({ "old": from.id }),
        ).await;
        let it = json!({ "id": into.id });
        assert_eq!(found, json!({ "node": it, "nodes": [it], "place": it, "byKey": it, "byAddress": it, "within": { "events": { "totalCount": 2 } } }));
        let rest = editor.read_with(PAGE, json!({ "after": edges[at]["cursor"] })).await;
        let rest: Vec<&Value> = rest["places"]["edges"].as_array().unwrap().iter().map(|edge| &edge["node"]["key"]).collect();
        let expected: Vec<&Value> = edges[at + 1..].iter().map(|edge| &edge["node"]["key"]).collect();
        assert_eq!(rest, expected, "the old cursor continues at its position");

        let street = editor.create("Place", json!({ "name": "Street", "kind": "SITE", "containedIn": from.id })).await;
        assert_eq!(editor.snapshot(&street.id).await["containedIn"], into.id);
        let stale = crate::support::editor::SavedRecord { id: from.id.clone(), version: into.version + 1 };
        let refused = editor.failed_update("Place", &stale, json!({ "population": 1 })).await;
        let message = format!("CONFLICT id: {} was merged into {}: change that record instead", from.id, into.id);
        assert_eq!(refused, [message], "a version belongs to the record of the given id");
        let (omar, egypt) = (editor.record("omar").await, editor.id("egypt").await);
        editor.update("Person", &omar, json!({ "nationalities": [from.id, egypt] })).await;
        assert_eq!(editor.snapshot(&omar.id).await["nationalities"], json!([into.id, egypt]));
    }

    async fn organizations_people_and_events_are_merged_and_separated_again(database: TestDatabase) {
        let editor = Editor::with_records(&database, &twins()).await;
        let before = editor.all_fields().await;
        for (from, into) in [("army-2", "army"), ("army", "army-2"), ("omar-2", "omar"), ("omar", "omar-2"), ("strike-2", "strike"), ("strike", "strike-2"), ("libya", "libya-2"), ("news", "news")] {
            if from == into {
                continue;
            }
            let (one, other) = (editor.record(from).await, editor.record(into).await);
            let merged = editor.merge(&one, &other).await;
            assert_eq!(editor.record(from).await, merged, "{from} gives {into}");
            let links = editor.all_fields().await;
            for (id, said) in &links {
                let is_of_it = *id == one.id || said.contains_key("deletedAt") || *id == merged.id;
                assert!(is_of_it || !json!(said).to_string().contains(&one.id), "{from} is left in {said:?}");
            }
            editor.revert_last(&merged.id).await;
            assert_eq!(editor.all_fields().await, before, "{from} and {into} are two again");
        }
    }

    async fn merged_participants_appear_once_with_the_evidence_of_both(database: TestDatabase) {
        let editor = Editor::with_records(&database, &twins()).await;
        editor.merge(&editor.record("army-2").await, &editor.record("army").await).await;
        let found = editor.read("{ record(key: \"strike-2\") { ... on Event { participants { nodes { participant { key } role citations { nodes { quote } } } } } }
            army: record(key: \"army\") { ... on Organization { parent { key } founded { edtf } subsidiaries { nodes { key } } relations { nodes { key } } names { text kind } } } }").await;
        assert_eq!(found["record"]["participants"]["nodes"], json!([
            { "participant": { "key": "army" }, "role": "ATTACKER", "citations": { "nodes": [{ "quote": "The army of Egypt" }, { "quote": "on Monday" }] } },
            { "participant": { "key": "libya-2" }, "role": "AFFECTED", "citations": { "nodes": [] } },
        ]));
        assert_eq!(json!([found["army"]["parent"], found["army"]["founded"]["edtf"], found["army"]["subsidiaries"]["nodes"]]), json!([null, "1820", [{ "key": "unit" }]]));
        assert_eq!(keys(&found["army"]["relations"]), ["army-of", "army-of-3"]);
        assert_eq!(found["army"]["names"], json!([{ "text": "Egyptian army", "kind": "MAIN" }, { "text": "Armed Forces", "kind": "ALIAS" }]));
    }

    async fn merged_events_have_the_parts_of_both(database: TestDatabase) {
        let editor = Editor::with_records(&database, &twins()).await;
        editor.merge(&editor.record("strike-2").await, &editor.record("strike").await).await;
        let found = editor.read("{ record(key: \"strike\") { ... on Event { name partOf { key } parts { nodes { key } } places { nodes { key } }
            participants { nodes { participant { key } description } } citations { nodes { quote } } } }
            later: record(key: \"later\") { ... on Event { partOf { key } date { edtf relative { anchor { key } } } } } }").await;
        let strike = &found["record"];
        assert_eq!((&strike["partOf"], keys(&strike["parts"])), (&Value::Null, vec!["answer", "later"]));
        assert_eq!(strike["places"]["nodes"], json!([{ "key": "derna" }, { "key": "libya" }, { "key": "libya-2" }]));
        assert_eq!(strike["participants"]["nodes"], json!([
            { "participant": { "key": "army" }, "description": null }, { "participant": null, "description": "21 people" },
            { "participant": { "key": "army-2" }, "description": null }, { "participant": { "key": "libya-2" }, "description": null },
        ]));
        assert_eq!(strike["citations"]["nodes"], json!([
            { "quote": "The army of Egypt sent planes to Derna" }, { "quote": "الطائرات ضربت درنة" }, { "quote": "Cairo did not confirm it" },
        ]));
        assert_eq!(found["later"], json!({ "partOf": { "key": "strike" }, "date": { "edtf": "2015-02-17", "relative": { "anchor": { "key": "strike" } } } }));
    }

    async fn merges_form_chains_and_every_old_id_gives_the_last_survivor(database: TestDatabase) {
        let editor = Editor::with_records(&database, &twins()).await;
        let before = editor.all_fields().await;
        let (first, second, third) = (editor.record("libya-2").await, editor.record("libya").await, editor.record("tunisia").await);
        let second_now = editor.merge(&first, &second).await;
        let last = editor.merge(&second_now, &third).await;
        let found = editor.read_with(
            "query ($ids: [ID!]!) { nodes(ids: $ids) { id } it: node(id: \"ID\") { id } record(key: \"libya-2\") { id ... on Place { mergedIds } } }"
                .replace("ID\"", &format!("{}\"", last.id)).as_str(),
            json!({ "ids": [first.id, second.id, third.id] }),
        ).await;
        assert_eq!(found["nodes"], json!([{ "id": last.id }, { "id": last.id }, { "id": last.id }]));
        let mut ids = vec![first.id.clone(), second.id.clone()];
        ids.sort_unstable();
        assert_eq!(found["record"], json!({ "id": last.id, "mergedIds": ids }));
        // the newest merge is reverted first
        let revisions = editor.changes().await;
        let merges: Vec<&Value> = revisions.iter().filter(|revision| revision["operation"] == "MERGE" && revision["snapshot"].get("mergedIds").is_some()).collect();
        let [earlier, later] = merges.as_slice() else { panic!("{merges:#?}") };
        let (earlier, later) = (earlier["id"].as_str().unwrap(), later["id"].as_str().unwrap());
        assert!(editor.failed_revert(earlier).await[0].starts_with("CONFLICT id: "));
        editor.revert(later).await;
        assert_eq!(editor.record("libya-2").await.id, second.id);
        editor.revert(earlier).await;
        assert_eq!(editor.all_fields().await, before);
    }

    async fn the_old_id_means_the_survivor_when_links_are_added_and_removed(database: TestDatabase) {
        let editor = Editor::with_records(&database, &twins()).await;
        let old_libya = editor.record("libya-2").await;
        editor.merge(&old_libya, &editor.record("libya").await).await;
        let old_omar = editor.record("omar-2").await;
        editor.merge(&old_omar, &editor.record("omar").await).await;
        let (libya, omar, tunisia) = (editor.id("libya").await, editor.id("omar").await, editor.id("tunisia").await);

        let salma = editor.update("Person", &editor.record("salma").await, json!({ "addNationalities": [libya, old_libya.id, tunisia] })).await;
        let nationalities = editor.snapshot(&salma.id).await["nationalities"].clone();
        assert_eq!(nationalities, json!([editor.id("egypt").await, libya, tunisia]), "no link is duplicated");
        let salma = editor.update("Person", &salma, json!({ "addNationalities": [old_libya.id] })).await;
        assert_eq!(editor.snapshot(&salma.id).await["nationalities"], nationalities);
        let salma = editor.update("Person", &salma, json!({ "removeNationalities": [old_libya.id] })).await;
        assert_eq!(editor.snapshot(&salma.id).await["nationalities"], json!([editor.id("egypt").await, tunisia]));
        assert_eq!(
            editor.failed_update("Person", &salma, json!({ "removeNationalities": [old_libya.id] })).await,
            ["NOT_FOUND removeNationalities.0: is not in the list, so it cannot be removed"]
        );

        let news = editor.update("Article", &editor.record("news").await, json!({ "addAuthors": [old_omar.id] })).await;
        assert_eq!(editor.snapshot(&news.id).await["authors"], json!([omar, salma.id]));
        let news = editor.update("Article", &news, json!({ "removeAuthors": [old_omar.id] })).await;
        assert_eq!(editor.snapshot(&news.id).await["authors"], json!([salma.id]));

        let strike = editor.record("strike-2").await;
        let place = json!({ "place": old_libya.id, "description": "the south of" });
        let strike = editor.update("Event", &strike, json!({ "addPlaces": [place] })).await;
        let places = editor.snapshot(&strike.id).await["places"].clone();
        assert_eq!(places, json!([{ "place": libya, "description": "the south of" }, { "place": editor.id("derna").await }]), "it is described anew");
        let strike = editor.update("Event", &strike, json!({ "removePlaces": [old_libya.id] })).await;
        assert_eq!(editor.snapshot(&strike.id).await["places"], json!([{ "place": editor.id("derna").await }]));
    }
}
