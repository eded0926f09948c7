//! Filters through links: what stands in one `some` holds for one item, and ids mean records.

use serde_json::{Value, json};

use crate::{both_databases, support::service::Service};

const BODY: &str = "Libya asked Egypt and Tunisia.";

fn mention(entity: &str, word: &str) -> Value {
    let start = BODY.find(word).expect("the body has the word");
    json!({ "entity": entity, "field": "BODY", "start": start, "end": start + word.len() })
}

fn article(key: &str, language: &str, day: &str, mentioned: &[(&str, &str)]) -> Value {
    let mentions: Vec<_> = mentioned.iter().map(|(entity, word)| mention(entity, word)).collect();
    json!({ "type": "ARTICLE", "key": key, "headline": key, "language": language, "body": BODY, "publishedOn": day, "mentions": mentions })
}

fn event(key: &str, fields: Value) -> Value {
    let mut line = json!({ "type": "EVENT", "key": key, "name": key, "kind": "ATTACK" });
    if let (Some(line), Value::Object(fields)) = (line.as_object_mut(), fields) {
        line.extend(fields);
    }
    line
}

fn citation(article: &str) -> Value {
    json!({ "article": article, "quote": "Libya asked Egypt" })
}

fn world() -> Vec<Value> {
    let (libya, egypt, tunisia) = (("libya", "Libya"), ("egypt", "Egypt"), ("tunisia", "Tunisia"));
    let mut all: Vec<Value> = ["libya", "egypt", "tunisia"]
        .iter()
        .map(|key| json!({ "type": "PLACE", "key": key, "name": key, "kind": "COUNTRY" }))
        .collect();
    all[0]["mergedIds"] = json!([MERGED]);
    all.extend([
        json!({ "type": "PLACE", "key": "derna", "name": "Derna", "kind": "CITY", "containedIn": "libya" }),
        json!({ "type": "ORGANIZATION", "key": "is", "name": "Islamic State", "kind": "ARMED_GROUP" }),
        json!({ "type": "ORGANIZATION", "key": "army", "name": "Army", "kind": "MILITARY" }),
        json!({ "type": "PERSON", "key": "speaker", "name": "Speaker" }),
        article("ar-both", "ar", "2015-02-17", &[libya, egypt]),
        article("ar-all", "ar", "2015-02-18", &[libya, egypt, tunisia]),
        article("en-both", "en", "2015-02-19", &[libya, egypt]),
        article("ar-one", "ar", "2015-02-20", &[libya]),
        event("by-is", json!({ "date": { "edtf": "2014-11" }, "places": [{ "place": "derna" }], "officiallyConfirmed": false,
            "participants": [{ "participant": "is", "role": "ATTACKER" }, { "participant": "libya", "role": "VICTIM" }],
            "citations": [citation("ar-both"), citation("en-both"), citation("ar-all")] })),
        event("on-is", json!({ "kind": "AIRSTRIKE", "date": { "edtf": "2015-02-16" }, "places": [{ "place": "derna", "isCertain": false }],
            "participants": [{ "participant": "is", "role": "TARGET" }, { "participant": "libya", "role": "ATTACKER" }] })),
        event("speech", json!({ "kind": "MEETING", "participants": [{ "participant": "speaker", "description": "the speaker", "role": "SPEAKER" }], "citations": [citation("ar-one")] })),
        json!({ "type": "RELATION", "key": "is-libya", "source": "is", "kind": "ACTIVE_IN", "target": "libya", "since": { "edtf": "2014-10" } }),
        json!({ "type": "RELATION", "key": "army-egypt", "source": "army", "kind": "ARMY_OF", "target": "egypt" }),
    ]);
    all
}

/// An id that was merged into Libya.
const MERGED: &str = "00000000-0000-7000-8000-0000000000aa";

async fn keys(service: &Service, list: &str, condition: &Value) -> Vec<String> {
    let ty = match list {
        "people" => "Person".to_owned(),
        list => {
            let name = list.trim_end_matches('s');
            name[..1].to_uppercase() + &name[1..]
        }
    };
    let document = format!("query ($where: {ty}Where) {{ {list}(first: 100, where: $where) {{ nodes {{ key }} }} }}");
    let data = service.data_with(&document, json!({ "where": condition })).await;
    let nodes = data[list]["nodes"].as_array().expect("nodes").iter();
    let mut keys: Vec<_> = nodes.map(|node| node["key"].as_str().expect("a key").to_owned()).collect();
    keys.sort_unstable();
    keys
}

both_databases! {
    async fn what_stands_in_one_some_holds_for_the_same_item(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let is = |role: &str| json!({ "participants": { "some": { "participant": { "id": { "equals": "is" } }, "role": { "equals": role } } } });
        assert_eq!(keys(&service, "events", &is("ATTACKER")).await, ["by-is"]);
        assert_eq!(keys(&service, "events", &is("TARGET")).await, ["on-is"]);
        let apart = json!({ "and": [{ "participants": { "some": { "participant": { "id": { "equals": "is" } } } } },
            { "participants": { "some": { "role": { "equals": "ATTACKER" } } } }] });
        assert_eq!(keys(&service, "events", &apart).await, ["by-is", "on-is"]);
        let none = json!({ "participants": { "none": { "role": { "equals": "ATTACKER" } } } });
        assert_eq!(keys(&service, "events", &none).await, ["speech"]);
        let question = json!({ "kind": { "in": ["ATTACK", "AIRSTRIKE"] }, "date": { "overlaps": { "from": "2011-01-01", "to": "2015-12-31" } },
            "places": { "within": ["libya"] }, "participants": is("ATTACKER")["participants"] });
        let asked = "query ($where: EventWhere) { events(where: $where) { nodes { key
            articles(first: 2, orderBy: { field: PUBLISHED_ON, direction: DESC }, where: { language: { equals: \"ar\" } }) { nodes { key } } } } }";
        let answer = service.data_with(asked, json!({ "where": question })).await;
        assert_eq!(answer, json!({ "events": { "nodes": [{ "key": "by-is", "articles": { "nodes": [{ "key": "ar-all" }, { "key": "ar-both" }] } }] } }));
    }

    async fn articles_are_found_by_all_or_any_of_what_they_mention(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let question = json!({ "language": { "equals": "ar" }, "mentions": { "all": ["libya", "egypt"] },
            "not": { "mentions": { "any": ["tunisia"] } }, "events": { "some": { "officiallyConfirmed": { "equals": false } } } });
        assert_eq!(keys(&service, "articles", &question).await, ["ar-both"]);
        for (mentions, expected) in [
            (json!({ "all": ["libya", MERGED, "libya"] }), &["ar-all", "ar-both", "ar-one", "en-both"][..]),
            (json!({ "all": ["libya", "nothing"] }), &[]),
            (json!({ "all": [] }), &["ar-all", "ar-both", "ar-one", "en-both"]),
            (json!({ "any": [] }), &[]),
            (json!({ "any": ["tunisia", "nothing"] }), &["ar-all"]),
            (json!({ "none": { "entity": { "key": { "equals": "egypt" } } } }), &["ar-one"]),
            (json!({ "some": { "entity": { "place": { "kind": { "equals": "COUNTRY" } }, "name": { "equals": "tunisia" } } } }), &["ar-all"]),
        ] {
            assert_eq!(keys(&service, "articles", &json!({ "mentions": mentions })).await, expected, "{mentions}");
        }
    }

    async fn an_id_a_key_and_a_merged_id_mean_the_same_record(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let libya = service.id("libya").await;
        for name in [libya.as_str(), "libya", MERGED, &MERGED.to_uppercase()] {
            assert_eq!(keys(&service, "places", &json!({ "id": { "equals": name } })).await, ["libya"], "{name}");
            assert_eq!(keys(&service, "places", &json!({ "id": { "in": [name, "egypt"] } })).await, ["egypt", "libya"], "{name}");
            assert_eq!(keys(&service, "places", &json!({ "id": { "notIn": [name] } })).await, ["derna", "egypt", "tunisia"], "{name}");
            let victim = json!({ "participants": { "some": { "participant": { "id": { "in": [name] } }, "role": { "equals": "VICTIM" } } } });
            assert_eq!(keys(&service, "events", &victim).await, ["by-is"], "{name}");
            assert_eq!(keys(&service, "relations", &json!({ "either": { "id": { "equals": name } } })).await, ["is-libya"], "{name}");
        }
        assert_eq!(keys(&service, "events", &json!({ "id": { "equals": "libya" } })).await, [""; 0], "a record of another type");
    }

    async fn questions_about_relations_roles_and_quotes_take_one_request(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let active = json!({ "relations": { "some": { "kind": { "equals": "ACTIVE_IN" }, "target": { "id": { "equals": "libya" } }, "at": "2015-06-30" } } });
        assert_eq!(keys(&service, "organizations", &active).await, ["is"]);
        let before = json!({ "relations": { "some": { "kind": { "equals": "ACTIVE_IN" }, "at": "2014-09-30" } } });
        assert_eq!(keys(&service, "organizations", &before).await, [""; 0]);
        let speakers = json!({ "participations": { "some": { "role": { "equals": "SPEAKER" }, "event": { "kind": { "equals": "MEETING" } } } } });
        assert_eq!(keys(&service, "people", &speakers).await, ["speaker"]);
        assert_eq!(keys(&service, "people", &json!({ "participations": { "none": {} } })).await, [""; 0]);
        let nested = "{ events(where: { key: { equals: \"by-is\" } }) { nodes { participants(where: { role: { equals: VICTIM } }) { nodes { participant { key } } totalCount }
            citations(where: { article: { is: { language: { equals: \"en\" } } } }) { nodes { article { key } } } } }
            places(where: { key: { equals: \"libya\" } }) { nodes { mentions(where: { article: { is: { key: { equals: \"en-both\" } } } }) { totalCount }
                relations(where: { source: { type: { equals: ORGANIZATION } } }) { nodes { key } } } } }";
        let answer = service.data(nested).await;
        assert_eq!(answer["events"]["nodes"][0], json!({ "participants": { "nodes": [{ "participant": { "key": "libya" } }], "totalCount": 1 },
            "citations": { "nodes": [{ "article": { "key": "en-both" } }] } }));
        assert_eq!(answer["places"]["nodes"][0], json!({ "mentions": { "totalCount": 1 }, "relations": { "nodes": [{ "key": "is-libya" }] } }));
    }

    async fn quotes_that_lost_their_place_are_listed(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let orphans = "{ citations(where: { anchor: { equals: ORPHANED } }) { totalCount nodes { quote article { key } } } }";
        assert_eq!(service.data(orphans).await["citations"]["totalCount"], 0);
        let article = service.data("{ record(key: \"ar-one\") { id version } }").await;
        let changed = "mutation ($id: ID!, $version: Int!) { updateArticle(id: $id, version: $version, input: { body: \"Nothing of it.\" }) { userErrors { message } } }";
        assert_eq!(service.data_with(changed, article["record"].clone()).await["updateArticle"]["userErrors"], json!([]));
        let found = service.data(orphans).await;
        assert_eq!(found["citations"]["nodes"], json!([{ "quote": "Libya asked Egypt", "article": { "key": "ar-one" } }]));
    }

    async fn a_participant_in_the_bin_is_absent(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let speaker = json!({ "participants": { "some": { "participant": { "id": { "equals": "speaker" } } } } });
        assert_eq!(keys(&service, "events", &speaker).await, ["speech"]);
        let person = service.data("{ record(key: \"speaker\") { id version } }").await;
        let deleted = "mutation ($id: ID!, $version: Int!) { deleteRecord(id: $id, version: $version) { userErrors { message } } }";
        assert_eq!(service.data_with(deleted, person["record"].clone()).await["deleteRecord"]["userErrors"], json!([]));
        assert_eq!(keys(&service, "events", &speaker).await, [""; 0]);
        let not = json!({ "participants": { "some": { "participant": { "id": { "notIn": ["is", "libya"] } } } } });
        assert_eq!(keys(&service, "events", &not).await, ["speech"], "the group that is described is not one of them");
    }
}
