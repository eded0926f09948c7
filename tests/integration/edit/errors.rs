//! All problems of a change are reported at once, each with its code, field and reason, and none of them a second time.

use serde_json::{Value, json};

use super::world::world;
use crate::{
    both_databases,
    support::editor::{Editor, SavedRecord, messages},
};

const NIL: &str = "0199f0ae-5d9a-7f00-8000-0000000000ff";
/// All mutations of a relation that take a version.
const OF_A_RELATION: [&str; 3] = [
    "updateRelation(id: $id, version: $version, input: { description: \"along the sea\" })",
    "deleteRelation(id: $id, version: $version)",
    "applyChanges(changes: [{ deleteRelation: { id: $id, version: $version } }])",
];

both_databases! {
    async fn an_invalid_text_hides_only_problems_of_evidence_in_it(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (news, libya) = (editor.record("news").await, editor.id("libya").await);
        let mention = |entity: &str, field: &str| json!({ "entity": entity, "field": field, "start": 900, "end": 905 });
        let problems = json!({ "headline": "", "addMentions": [mention(&libya, "HEADLINE"), mention(&libya, "BODY"), mention(NIL, "HEADLINE")] });
        assert_eq!(editor.failed_update("Article", &news, problems).await, [
            "REQUIRED headline: is empty".to_owned(),
            format!("NOT_FOUND addMentions.2.entity: no record has the id {NIL}: check it, or create the record first"),
            "INVALID addMentions.1.end: is outside of the body, which has 112 characters".to_owned(),
        ]);
        // a quote is not searched in a text that is refused either
        let quote = |field: &str| json!({ "article": "_:text", "field": field, "quote": "nowhere" });
        let problems = editor.failed_apply(json!([
            { "createArticle": { "id": "_:text", "headline": "News", "language": "en", "body": "a\u{0}b" } },
            { "createEvent": { "name": "An event", "kind": "OTHER", "citations": [quote("BODY"), quote("HEADLINE")] } },
        ])).await;
        assert_eq!(problems, [
            "INVALID changes.0.body: \"a\\0b\" has the control character U+0000",
            "INVALID changes.1.citations.1.quote: is not in the headline of the article",
        ]);
    }

    async fn of_two_new_records_with_one_address_the_second_is_refused(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let person = |name: &str| json!({ "createPerson": { "name": name, "sameAs": ["https://people.example/1"] } });
        assert_eq!(
            editor.failed_apply(json!([person("One"), person("Two")])).await,
            ["DUPLICATE changes.1.sameAs.0: another change of the call has the same address: change one of them"],
        );
    }

    async fn all_problems_of_an_event_are_reported_at_once(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (news, omar, libya) = (editor.id("news").await, editor.id("omar").await, editor.id("libya").await);
        let long = "x".repeat(301);
        let problems = editor.failed_create("Event", json!({
            "key": "strike", "name": " ", "language": "no language", "kind": "ATTACK", "image": "javascript:alert(1)",
            "sameAs": ["https://good.example/", "ftp://bad.example/", "http://www.wikidata.org/entity/Q1016"],
            "names": [{ "text": long }, { "text": "a\u{0}b" }, { "text": "a\u{202e}b" }, { "text": "good", "language": "e" }],
            "descriptions": [{ "text": "one\u{7}", "language": "en" }, { "text": "turned \u{202e}around", "language": "fr" }],
            "date": { "edtf": "yesterday" },
            "partOf": libya,
            "places": [{ "place": NIL }, { "place": omar }, { "place": "nowhere" }, { "place": libya, "description": "" }],
            "participants": [
                { "participant": news, "role": "HOST" },
                { "role": "HOST", "count": 0 },
                { "participant": omar, "role": "HOST", "citations": [{ "article": libya, "quote": "Libya" }, { "article": news, "quote": "" }] },
            ],
            "citations": [
                { "article": news, "quote": "nowhere" },
                { "article": news, "quote": "Libya" },
                { "article": news, "quote": "Libya", "start": 1 },
                { "article": news, "field": "ABSTRACT", "quote": "Libya" },
                { "article": NIL, "quote": "Libya", "attributedToCountry": omar, "date": { "relative": { "anchor": omar, "relation": "AFTER", "duration": "a week" } } },
            ],
        })).await;
        let mut problems = problems;
        problems.sort();
        let date = problems.iter().position(|problem| problem.starts_with("INVALID date.edtf: \"yesterday\" is not a date in EDTF: ")).expect("it is reported");
        problems.remove(date);
        let duration = problems.iter().position(|problem| problem.starts_with("INVALID citations.4.date.relative.duration: \"a week\" is not a duration")).expect("it is reported");
        problems.remove(duration);
        let strike = editor.id("strike").await;
        let mut expected = vec![
            format!("DUPLICATE key: the key is taken by the record {strike}: choose another key"),
            format!("DUPLICATE sameAs.2: the address belongs to {libya}: remove it, or merge the records"),
            "INVALID citations.0.quote: is not in the body of the article".to_owned(),
            "INVALID citations.1.quote: occurs more than once in the body of the article: give its start".to_owned(),
            "INVALID citations.2.quote: does not start at 1 of the body: correct start or quote".to_owned(),
            "INVALID citations.3.field: the article has no abstract: choose another field".to_owned(),
            "INVALID descriptions.0.text: \"one\\u{7}\" has the control character U+0007".to_owned(),
            "INVALID descriptions.1.text: \"turned \\u{202e}around\" has the character U+202E, which is a control character or changes the direction of text".to_owned(),
            "INVALID image: \"javascript:alert(1)\" is not an absolute http or https address".to_owned(),
            "INVALID language: \"no language\" is not a language tag: use BCP 47, such as ar, fr-CA or zh-Hant".to_owned(),
            "REQUIRED name: is empty".to_owned(),
            "INVALID names.1.text: \"a\\0b\" has the character U+0000, which is a control character or changes the direction of text".to_owned(),
            "INVALID names.2.text: \"a\\u{202e}b\" has the character U+202E, which is a control character or changes the direction of text".to_owned(),
            "INVALID names.3.language: \"e\" is not a language tag: use BCP 47, such as ar, fr-CA or zh-Hant".to_owned(),
            "INVALID participants.1.count: must be from 1 to 2147483647".to_owned(),
            "REQUIRED participants.2.citations.1.quote: is empty".to_owned(),
            "NOT_FOUND places.2.place: no record has the key \"nowhere\": check it, or create the record first".to_owned(),
            "INVALID sameAs.1: \"ftp://bad.example/\" is not an absolute http or https address".to_owned(),
            format!("NOT_FOUND citations.4.article: no record has the id {NIL}: check it, or create the record first"),
            format!("NOT_FOUND places.0.place: no record has the id {NIL}: check it, or create the record first"),
            "REQUIRED participants.1.participant: is missing: give participant, description or both".to_owned(),
            "TOO_LONG names.0.text: has 301 characters; at most 300 are allowed".to_owned(),
            format!("WRONG_TYPE citations.4.attributedToCountry: {omar} is a person, not a place"),
            format!("WRONG_TYPE citations.4.date.relative.anchor: {omar} is a person, not an event or an article"),
            format!("WRONG_TYPE partOf: {libya} is a place, not an event"),
            format!("WRONG_TYPE participants.0.participant: {news} is an article, not a place or an organization or a person or an event"),
            format!("WRONG_TYPE participants.2.citations.0.article: {libya} is a place, not an article"),
            format!("WRONG_TYPE places.1.place: {omar} is a person, not a place"),
        ];
        expected.sort();
        assert_eq!(problems, expected);
        assert_eq!(editor.read("{ events { totalCount } }").await["events"]["totalCount"], 2);
    }

    async fn all_problems_of_a_place_are_reported_at_once(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let libya = editor.record("libya").await;
        let input = json!({
            "name": "x\u{2066}y", "countryCode": "Libya", "population": -1, "location": { "latitude": 90.5, "longitude": -181 },
            "containedIn": libya.id, "key": "-", "image": "https://user@host.example/", "sameAs": ["http://"],
        });
        let made = json!({ "kind": "CITY" }).as_object().unwrap().iter().chain(input.as_object().unwrap())
            .map(|(name, value)| (name.clone(), value.clone())).collect::<Value>();
        let mut expected = vec![
            "INVALID name: \"x\\u{2066}y\" has the character U+2066, which is a control character or changes the direction of text",
            "INVALID countryCode: \"Libya\" is not a country code: use ISO 3166-1 alpha-2, such as LY",
            "INVALID population: must be from 0 to 1000000000000",
            "INVALID location.latitude: must be from -90 to 90",
            "INVALID location.longitude: must be from -180 to 180",
            "INVALID key: \"-\" is not a key: use 1 to 200 of A-Z a-z 0-9 . _ : / -, with a letter or digit first",
            "INVALID image: \"https://user@host.example/\" has a user name: remove it",
            "INVALID sameAs.0: \"http://\" has no host",
        ];
        expected.sort_unstable();
        let mut problems = editor.failed_create("Place", made).await;
        problems.sort();
        assert_eq!(problems, expected);
        // the same problems of an update, and that the place would contain itself
        expected.push("CYCLE containedIn: a place cannot be contained in itself or in a place that it contains");
        expected.sort_unstable();
        let mut problems = editor.failed_update("Place", &libya, input).await;
        problems.sort();
        assert_eq!(problems, expected);
    }

    async fn source_texts_are_kept_exactly_and_their_length_is_checked(database: TestDatabase) {
        let editor = Editor::start(&database).await;
        let body = " e\u{301} stays as it is,\t\u{200f}and so does \u{202b}this\u{202c} \r\n ";
        let article = editor.create("Article", json!({ "headline": "Cafe\u{301}", "body": body, "language": "fr" })).await;
        let snapshot = editor.snapshot(&article.id).await;
        assert_eq!((&snapshot["headline"], &snapshot["body"]), (&json!("Cafe\u{301}"), &json!(body)));
        let problems = editor.failed_update("Article", &article, json!({ "headline": "x".repeat(301), "body": "a\u{0}b", "abstract": "", "publishedOn": "2015-02-30" })).await;
        assert_eq!(problems, [
            "TOO_LONG headline: has 301 characters; at most 300 are allowed",
            "INVALID body: \"a\\0b\" has the control character U+0000",
            "INVALID publishedOn: \"2015-02-30\" is not a day of the form 2015-02-24",
        ]);
    }

    async fn a_stale_version_shows_the_record_as_it_is_and_what_differs(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let libya = editor.record("libya").await;
        let now = editor.update("Place", &libya, json!({ "population": 1, "addNames": [{ "text": "LBY" }] })).await;
        let refusals = editor.update_errors("Place", &libya, json!({ "population": 2, "countryCode": "ly" })).await;
        assert_eq!(messages(&refusals), [
            "CONFLICT version: the record was changed since: it is at version 2, and the change was made from version 1",
            "INVALID countryCode: \"ly\" is not a country code: write LY",
        ]);
        assert_eq!(refusals[0].current, json!({ "__typename": "Place", "id": libya.id, "key": "libya", "version": 2, "deletedAt": null }));
        let mut differs: Vec<&str> = refusals[0].differs.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        differs.sort_unstable();
        assert_eq!(differs, ["names", "population"]);
        assert_eq!((&refusals[1].current, &refusals[1].differs), (&Value::Null, &Value::Null));

        for version in [3, 0, -1, i64::from(i32::MAX)] {
            let [refusal] = editor.update_errors("Place", &SavedRecord { version, ..libya.clone() }, json!({ "population": 2 })).await.try_into().unwrap();
            assert_eq!((refusal.code.as_str(), refusal.field.as_str()), ("CONFLICT", "version"));
            assert_eq!((refusal.current["version"].as_i64(), &refusal.differs), (Some(2), &json!([])), "{refusal}");
        }
        assert_eq!(editor.record("libya").await, now);
    }

    async fn a_stale_version_shows_a_relation_as_it_is_and_what_differs(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let border = editor.record("border").await;
        let now = editor.update("Relation", &border, json!({ "description": "through the desert" })).await;
        let before = editor.changes().await.len();
        for (version, differs) in [(border.version, json!(["description"])), (now.version + 1, json!([]))] {
            for (mutation, field) in OF_A_RELATION.into_iter().zip([json!(["version"]), json!(["version"]), json!(["changes", "0", "version"])]) {
                let document = format!("mutation ($id: ID!, $version: Int!) {{ it: {mutation} {{
                    userErrors {{ code field differs current {{ id }} currentRelation {{ id key version description }} }} }} }}");
                let answer = editor.read_with(&document, json!({ "id": border.id, "version": version })).await;
                assert_eq!(answer["it"]["userErrors"], json!([{
                    "code": "CONFLICT", "field": field, "differs": differs, "current": null,
                    "currentRelation": { "id": border.id, "key": "border", "version": now.version, "description": "through the desert" },
                }]), "{mutation}");
            }
        }
        assert_eq!(editor.changes().await.len(), before);
    }

    async fn every_mutation_of_a_record_checks_its_version(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let stale = |kept: SavedRecord| SavedRecord { version: kept.version + 5, ..kept };
        let (libya, border, egypt) = (stale(editor.record("libya").await), stale(editor.record("border").await), editor.record("egypt").await);
        let news = stale(editor.record("news").await);
        for (mutation, arguments, field) in [
            ("deleteRecord", json!({ "id": libya.id, "version": libya.version }), "version"),
            ("deleteRelation", json!({ "id": border.id, "version": border.version }), "version"),
            ("updateRelation", json!({ "id": border.id, "version": border.version, "input": { "description": "x" } }), "version"),
            ("linkMentions", json!({ "articleId": news.id, "version": news.version, "mentions": [] }), "version"),
            ("unlinkMentions", json!({ "articleId": news.id, "version": news.version, "mentionIds": [] }), "version"),
            ("mergeEntities", json!({ "from": libya.id, "fromVersion": libya.version, "into": egypt.id, "intoVersion": egypt.version }), "fromVersion"),
            ("mergeEntities", json!({ "from": egypt.id, "fromVersion": egypt.version, "into": libya.id, "intoVersion": libya.version }), "intoVersion"),
        ] {
            let [refusal] = editor.try_mutation(mutation, arguments).await.unwrap_err().try_into().unwrap();
            assert_eq!((refusal.code.as_str(), refusal.field.as_str()), ("CONFLICT", field), "{mutation}");
            assert!(refusal.message.contains("the record is at version 1; there is no version 6 yet: read the record again"), "{refusal}");
        }
    }

    async fn unknown_and_wrongly_typed_ids_and_keys_are_reported_at_their_argument(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (news, border, libya) = (editor.id("news").await, editor.id("border").await, editor.id("libya").await);
        let keys = [(news.clone(), "news"), (border.clone(), "border"), (libya.clone(), "libya")];
        for (mutation, more, names, wrong) in [
            ("updatePlace", json!({ "version": 1, "input": {} }), vec!["id"], Some((&news, "an article, not a place"))),
            ("updateArticle", json!({ "version": 1, "input": {} }), vec!["id"], Some((&libya, "a place, not an article"))),
            ("updateRelation", json!({ "version": 1, "input": {} }), vec!["id"], Some((&libya, "a place, not a relation"))),
            ("deleteRecord", json!({ "version": 1 }), vec!["id"], Some((&border, "a relation: use deleteRelation"))),
            ("deleteRelation", json!({ "version": 1 }), vec!["id"], Some((&libya, "a place: use deleteRecord"))),
            ("restoreRecord", json!({}), vec!["id"], None),
            ("mergeEntities", json!({ "fromVersion": 1, "intoVersion": 1 }), vec!["from", "into"], Some((&news, "an article, not an entity"))),
            ("linkMentions", json!({ "version": 1, "mentions": [] }), vec!["articleId"], Some((&libya, "a place, not an article"))),
            ("unlinkMentions", json!({ "version": 1, "mentionIds": [] }), vec!["articleId"], Some((&libya, "a place, not an article"))),
        ] {
            let given = |id: &str| {
                let mut arguments = more.clone();
                for name in &names {
                    arguments[name] = id.into();
                }
                arguments
            };
            let refusals = |problem: String| names.iter().map(|name| problem.replace("NAME", name)).collect::<Vec<_>>();
            let problems_of = async |id: &str| messages(&editor.try_mutation(mutation, given(id)).await.unwrap_err());
            assert_eq!(problems_of("x").await, refusals("NOT_FOUND NAME: no record has the key \"x\"".to_owned()), "{mutation}");
            assert_eq!(problems_of("").await, refusals("NOT_FOUND NAME: no record has the key \"\"".to_owned()), "{mutation}");
            assert_eq!(problems_of(NIL).await, refusals(format!("NOT_FOUND NAME: no record has the id {NIL}")), "{mutation}");
            assert_eq!(problems_of("_:x").await, refusals("NOT_FOUND NAME: no new record of this call has the temporary id \"_:x\"".to_owned()), "{mutation}");
            if let Some((id, what)) = wrong {
                assert_eq!(problems_of(id).await, refusals(format!("WRONG_TYPE NAME: {id} is {what}")), "{mutation}");
                let key = keys.iter().find(|(known, _)| known == id).expect("it has a key").1;
                assert_eq!(problems_of(key).await, refusals(format!("WRONG_TYPE NAME: {key} is {what}")), "{mutation}");
            }
        }
        assert_eq!(editor.failed_revert("x").await, ["INVALID id: \"x\" is not an id: use a UUID with hyphens"]);
        assert_eq!(editor.failed_revert(&libya).await, [format!("NOT_FOUND id: no revision has the id {libya}")]);
    }

    async fn a_record_in_the_bin_must_be_restored_before_a_change(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let (egypt, border) = (editor.record("egypt").await, editor.record("border").await);
        let libya = editor.delete(&editor.record("libya").await).await;
        let gone = |id: &str, field: &str| [format!("NOT_FOUND {field}: {id} is in the bin: restore it first")];
        assert_eq!(editor.failed_update("Place", &libya, json!({ "population": 1 })).await, gone(&libya.id, "id"));
        let again = editor.try_mutation("deleteRecord", json!({ "id": libya.id, "version": libya.version })).await.unwrap_err();
        assert_eq!(messages(&again), gone(&libya.id, "id"));
        assert_eq!(editor.failed_merge(&libya, &egypt).await, gone(&libya.id, "from"));
        assert_eq!(editor.failed_merge(&egypt, &libya).await, gone(&libya.id, "into"));
        let border = editor.delete_relation(&border).await;
        assert_eq!(editor.failed_update("Relation", &border, json!({ "description": "x" })).await, gone(&border.id, "id"));
        assert_eq!(
            editor.failed_create("Place", json!({ "name": "Tobruk", "kind": "CITY", "containedIn": libya.id })).await,
            [format!("NOT_FOUND containedIn: {} is in the bin: restore it first, or refer to another record", libya.id)]
        );
        assert_eq!(
            editor.failed_update("Place", &editor.record("tunisia").await, json!({ "key": "libya" })).await,
            [format!("DUPLICATE key: the key is taken by the record {}, which is in the bin: choose another key", libya.id)]
        );
    }

    async fn a_summary_follows_the_rules_of_texts(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let libya = editor.record("libya").await;
        for (summary, problem) in [
            ("x".repeat(5001), "TOO_LONG summary: has 5001 characters; at most 5000 are allowed"),
            ("a\u{0}".to_owned(), "INVALID summary: \"a\\0\" has the control character U+0000"),
        ] {
            let arguments = json!({ "id": libya.id, "version": libya.version, "input": { "population": 1 }, "summary": summary });
            assert_eq!(messages(&editor.try_mutation("updatePlace", arguments).await.unwrap_err()), [problem]);
        }
    }

    async fn an_invalid_summary_hides_no_other_problem(database: TestDatabase) {
        let editor = Editor::with_records(&database, &world()).await;
        let arguments = json!({ "input": { "name": " ", "kind": "CITY", "countryCode": "UK" }, "summary": "a\u{202e}b" });
        let problems = editor.try_mutation("createPlace", arguments).await.unwrap_err();
        assert_eq!(messages(&problems), [
            "INVALID summary: \"a\\u{202e}b\" has the character U+202E, which is a control character or changes the direction of text",
            "REQUIRED name: is empty",
            "INVALID countryCode: \"UK\" is not a country code: write GB",
        ]);
    }
}
