//! Facets: what they leave out, their labels, and bad input.

use async_graphql::{Request, Variables};
use dateline::graphql::ReaderLanguages;
use serde_json::{Value, json};

use crate::{
    both_databases,
    support::service::{Service, import, refusal},
};

/// Countries with cities, and events there.
fn world() -> Vec<Value> {
    let event = |key: &str, kind: &str, status: &str, places: &[&str], participants: &[(&str, &str)]| {
        let places: Vec<Value> = places.iter().map(|place| json!({ "place": place })).collect();
        let participants: Vec<Value> =
            participants.iter().map(|(who, role)| json!({ "participant": who, "role": role })).collect();
        json!({ "type": "EVENT", "key": key, "name": key, "kind": kind, "status": status, "places": places, "participants": participants })
    };
    let place = |key: &str, name: &str, arabic: &str, kind: &str, parent: Option<&str>| {
        let mut line = json!({ "type": "PLACE", "key": key, "name": name, "language": "en", "kind": kind,
            "names": [{ "text": arabic, "language": "ar", "kind": "MAIN" }] });
        if let Some(parent) = parent {
            line["containedIn"] = parent.into();
        }
        line
    };
    vec![
        place("africa", "Africa", "أفريقيا", "CONTINENT", None),
        place("libya", "Libya", "ليبيا", "COUNTRY", Some("africa")),
        place("egypt", "Egypt", "مصر", "COUNTRY", Some("africa")),
        place("derna", "Derna", "درنة", "CITY", Some("libya")),
        place("sirte", "Sirte", "سرت", "CITY", Some("libya")),
        json!({ "type": "ORGANIZATION", "key": "is", "name": "Islamic State", "kind": "ARMED_GROUP", "country": "libya" }),
        json!({ "type": "PERSON", "key": "nobody", "name": "Nobody" }),
        event("a", "ATTACK", "CONFIRMED", &["derna", "sirte"], &[("is", "ATTACKER"), ("libya", "VICTIM")]),
        event("b", "ATTACK", "REPORTED", &["derna"], &[("is", "ATTACKER"), ("is", "AFFECTED")]),
        event("c", "AIRSTRIKE", "CONFIRMED", &["derna"], &[("egypt", "ATTACKER"), ("is", "TARGET")]),
        event("d", "MEETING", "CONFIRMED", &["egypt"], &[("libya", "PARTICIPANT")]),
        event("e", "LAW", "PLANNED", &[], &[]),
        json!({ "type": "ARTICLE", "key": "one", "headline": "One", "language": "ar-LY", "publishedOn": "2015-02-17" }),
        json!({ "type": "ARTICLE", "key": "two", "headline": "Two", "language": "en", "publishedOn": "2015-02-17" }),
        json!({ "type": "ARTICLE", "key": "three", "headline": "Three", "language": "en" }),
    ]
}

/// Each bucket of a facet of events as `label count`, with a star where it is selected; then the values that there are, and the events
/// without one.
async fn counted(service: &Service, facet: &str, condition: Value) -> (Vec<String>, u64, u64) {
    let document = format!(
        "query ($where: EventWhere) {{ events(where: $where) {{ facets(by: [{facet}], first: 100) {{ total missing buckets {{ label count isSelected }} }} }} }}"
    );
    let data = service.data_with(&document, json!({ "where": condition })).await;
    let found = &data["events"]["facets"][0];
    let bucket = |bucket: &Value| {
        let star = if bucket["isSelected"] == true { "*" } else { "" };
        format!("{} {}{star}", bucket["label"].as_str().expect("a label"), bucket["count"])
    };
    let buckets = found["buckets"].as_array().expect("buckets").iter().map(bucket).collect();
    (buckets, found["total"].as_u64().expect("a total"), found["missing"].as_u64().expect("a count"))
}

both_databases! {
    async fn the_most_frequent_values_come_first_then_by_label(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let all = |facet: &'static str| counted(&service, facet, json!({}));
        let expected = |buckets: &[&str], total: u64, missing: u64| {
            (buckets.iter().map(|bucket| (*bucket).to_owned()).collect::<Vec<_>>(), total, missing)
        };
        assert_eq!(all("KIND").await, expected(&["Attack 2", "Airstrike 1", "Law 1", "Meeting 1"], 4, 0));
        assert_eq!(all("STATUS").await, expected(&["Confirmed 3", "Planned 1", "Reported 1"], 3, 0));
        // an event with two places in Libya counts once
        assert_eq!(all("PLACE").await, expected(&["Africa 4", "Derna 3", "Libya 3", "Egypt 1", "Sirte 1"], 5, 1));
        assert_eq!(all("COUNTRY").await, expected(&["Libya 3", "Egypt 1"], 2, 1));
        // and one with two roles of a participant
        assert_eq!(all("PARTICIPANT").await, expected(&["Islamic State 3", "Libya 2", "Egypt 1"], 3, 1));
        assert_eq!(
            all("ROLE").await,
            expected(&["Attacker 3", "Affected 1", "Participant 1", "Target 1", "Victim 1"], 5, 1)
        );
    }

    async fn a_facet_leaves_out_its_own_filter_at_the_top_and_nothing_else(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        for (facet, condition, buckets, missing) in [
            ("KIND", json!({ "kind": { "in": ["ATTACK", "LAW"] } }), &["Attack 2*", "Airstrike 1", "Law 1*", "Meeting 1"] as &[_], 0),
            ("KIND", json!({ "kind": { "equals": "ATTACK" }, "status": { "equals": "CONFIRMED" } }), &["Airstrike 1", "Attack 1*", "Meeting 1"], 0),
            ("STATUS", json!({ "kind": { "equals": "ATTACK" }, "status": { "equals": "CONFIRMED" } }), &["Confirmed 1*", "Reported 1"], 0),
            // below the top it holds
            ("KIND", json!({ "and": [{ "kind": { "equals": "ATTACK" } }] }), &["Attack 2"], 0),
            ("KIND", json!({ "not": { "kind": { "equals": "ATTACK" } }, "kind": { "equals": "LAW" } }), &["Airstrike 1", "Law 1*", "Meeting 1"], 0),
            // what is excluded is not selected
            ("KIND", json!({ "kind": { "notIn": ["ATTACK"] } }), &["Attack 2", "Airstrike 1", "Law 1", "Meeting 1"], 0),
            ("PLACE", json!({ "places": { "within": ["derna", "egypt"] } }), &["Africa 4", "Derna 3*", "Libya 3", "Egypt 1*", "Sirte 1"], 1),
            ("COUNTRY", json!({ "places": { "within": ["egypt"] } }), &["Libya 3", "Egypt 1*"], 1),
            ("PLACE", json!({ "places": { "within": ["egypt"], "some": { "kind": { "equals": "CITY" } } } }), &["Africa 3", "Derna 3", "Libya 3", "Sirte 1"], 0),
            ("PARTICIPANT", json!({ "participants": { "some": { "participant": { "id": { "equals": "is" } } } } }), &["Islamic State 3*", "Libya 2", "Egypt 1"], 1),
            ("PARTICIPANT", json!({ "participants": { "some": { "participant": { "id": { "equals": "is" } }, "role": { "equals": "VICTIM" } } } }),
                &["Islamic State 1*", "Libya 1"], 0),
            ("ROLE", json!({ "participants": { "some": { "participant": { "id": { "equals": "is" } }, "role": { "equals": "TARGET" } } } }),
                &["Attacker 3", "Affected 1", "Target 1*", "Victim 1"], 0),
            // that there is a participant was said apart from the choice
            ("PARTICIPANT", json!({ "participants": { "some": {} } }), &["Islamic State 3", "Libya 2", "Egypt 1"], 0),
        ] {
            let (found, _, without) = counted(&service, facet, condition.clone()).await;
            assert_eq!((found, without), (buckets.iter().map(|bucket| (*bucket).to_owned()).collect(), missing), "{facet} {condition}");
        }
    }

    async fn labels_are_in_the_languages_that_are_wanted(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let document = "query ($languages: [LanguageTag!]) {
            events { facets(by: [KIND, COUNTRY], first: 1) { buckets { label(languages: $languages) } } }
            articles { facets(by: [LANGUAGE], first: 2) { buckets { value label(languages: $languages) } } } }";
        for (languages, reader, labels) in [
            (json!(["ar"]), &[] as &[&str], ["هجوم", "ليبيا", "الإنجليزية", "العربية (ليبيا)"]),
            (json!(["fr-CA"]), &[], ["Attaque", "Libya", "Anglais", "Arabe (Libye)"]),
            (json!(["de", "ar-EG", "fr"]), &[], ["هجوم", "ليبيا", "الإنجليزية", "العربية (ليبيا)"]),
            (json!(["de"]), &[], ["Attack", "Libya", "English", "Arabic (Libya)"]),
            (Value::Null, &["ar-LY", "en"], ["هجوم", "ليبيا", "الإنجليزية", "العربية (ليبيا)"]),
            (json!(["en"]), &["ar"], ["Attack", "Libya", "English", "Arabic (Libya)"]),
        ] {
            let reader = ReaderLanguages(reader.iter().map(|tag| (*tag).to_owned()).collect());
            let request = Request::new(document).variables(Variables::from_json(json!({ "languages": languages }))).data(reader);
            let answer = service.answer(request).await;
            let facets = [&answer["data"]["events"]["facets"][0], &answer["data"]["events"]["facets"][1], &answer["data"]["articles"]["facets"][0]];
            let found: Vec<_> = facets.iter().flat_map(|facet| facet["buckets"].as_array().expect("buckets")).map(|bucket| &bucket["label"]).collect();
            assert_eq!(found, labels, "{languages}: {answer:#}");
        }
    }

    async fn words_with_equal_counts_are_in_the_order_of_their_labels(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        for (language, order) in [
            ("en", ["Attack", "Airstrike", "Law", "Meeting"]),
            ("fr", ["Attaque", "Frappe aérienne", "Loi", "Réunion"]),
            ("ar", ["هجوم", "اجتماع", "غارة جوية", "قانون"]),
        ] {
            let document = format!("{{ events {{ facets(by: [KIND]) {{ buckets {{ label(languages: [\"{language}\"]) }} }} }} }}");
            let data = service.data(&document).await;
            let labels: Vec<_> = data["events"]["facets"][0]["buckets"].as_array().expect("buckets").iter().map(|bucket| &bucket["label"]).collect();
            assert_eq!(labels, order);
        }
    }

    async fn a_bucket_has_the_record_behind_its_value(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let data = service.data("{ a: events { facets(by: [PARTICIPANT, KIND]) { __typename by buckets { __typename value record {
            id key ... on Organization { kind country { key } } ... on Place { containedIn { key } } } } } } }").await;
        let facets = data["a"]["facets"].as_array().expect("facets");
        let records: Vec<_> = facets[0]["buckets"].as_array().expect("buckets").iter().map(|bucket| {
            assert_eq!(bucket["value"], bucket["record"]["id"]);
            let mut record = bucket["record"].clone();
            record.as_object_mut().expect("a record").remove("id");
            record
        }).collect();
        assert_eq!(records, [
            json!({ "key": "is", "kind": "ARMED_GROUP", "country": { "key": "libya" } }),
            json!({ "key": "libya", "containedIn": { "key": "africa" } }),
            json!({ "key": "egypt", "containedIn": { "key": "africa" } }),
        ]);
        assert_eq!(facets[1]["buckets"][0], json!({ "__typename": "FacetBucket", "value": "ATTACK", "record": null }));
        assert_eq!(facets[1]["__typename"], "Facet");
    }

    async fn a_record_in_the_bin_is_no_value_and_holds_nothing(database: TestDatabase) {
        import(&database, &world()).await;
        let is_deleted = |line: &Value| ["derna", "egypt", "is"].contains(&line["key"].as_str().unwrap_or_default());
        let mut deleted: Vec<Value> = world().into_iter().filter(is_deleted).collect();
        for line in &mut deleted {
            line["deletedAt"] = json!("2099-01-01T00:00:00.000Z");
        }
        let service = Service::with_records(&database, &deleted).await;
        for (facet, buckets, missing) in [
            ("PLACE", &["Africa 1", "Libya 1", "Sirte 1"] as &[_], 4),
            ("COUNTRY", &["Libya 1"], 4),
            ("PARTICIPANT", &["Libya 2"], 3),
            ("ROLE", &["Participant 1", "Victim 1"], 3),
        ] {
            let (found, _, without) = counted(&service, facet, json!({})).await;
            assert_eq!((found, without), (buckets.iter().map(|bucket| (*bucket).to_owned()).collect(), missing), "{facet}");
        }
        for value in ["africa", "libya", "sirte"] {
            let data = service.data(&format!("{{ events(where: {{ places: {{ within: [\"{value}\"] }} }}) {{ totalCount }} }}")).await;
            assert_eq!(data["events"]["totalCount"], 1, "a filter by the value finds as many");
        }
    }

    async fn bad_arguments_have_defined_answers(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        for (arguments, message) in [
            ("by: [KIND], first: 101", "`first` must be from 0 to 100, not 101."),
            ("by: [KIND], first: -1", "`first` must be from 0 to 100, not -1."),
            ("by: [KIND, STATUS, KIND]", "`by` has KIND twice. Name each facet once."),
        ] {
            let answer = service.ask(&format!("{{ events {{ list: facets({arguments}) {{ total }} }} }}")).await;
            assert_eq!(refusal(&answer), ("events.list".to_owned(), message.to_owned()));
        }
        let data = service.data("{ events { none: facets(by: []) { by } zero: facets(by: KIND, first: 0) { total missing buckets { label } } } }").await;
        assert_eq!(data["events"], json!({ "none": [], "zero": [{ "total": 4, "missing": 0, "buckets": [] }] }));
        for (document, part) in [
            ("{ events { facets { total } } }", "by"),
            ("{ events { facets(by: [NATIONALITY]) { total } } }", "NATIONALITY"),
            ("{ places { histogram { undated } } }", "histogram"),
            ("{ citations { facets(by: [KIND]) { total } } }", "facets"),
        ] {
            let answer = service.ask(document).await;
            let message = answer["errors"][0]["message"].as_str().expect("an error");
            assert!(message.contains(part) && answer.get("data").is_none(), "{document}: {message}");
        }
    }
}
