//! The answers of the demo corpus about the meeting of Cairo and related events.

use serde_json::{Value, json};

use crate::{both_databases, support::service::Service};

/// The text at a pointer in each item of a list.
fn texts<'a>(list: &'a Value, pointer: &str) -> Vec<&'a str> {
    let items = list.as_array().unwrap_or_else(|| panic!("{list} is no list"));
    items.iter().map(|item| item.pointer(pointer).and_then(Value::as_str).unwrap_or_default()).collect()
}

async fn record(service: &Service, key: &str, selection: &str) -> Value {
    service.data(&format!("{{ record(key: \"{key}\") {{ {selection} }} }}")).await["record"].clone()
}

both_databases! {
    async fn libya_has_exactly_its_six_neighbours(database: TestDatabase) {
        let service = Service::demo(&database).await;
        let selection = "... on Place { neighbours { totalCount nodes { key name } } }";
        let neighbours = record(&service, "country/ly", selection).await["neighbours"].clone();
        assert_eq!(neighbours["totalCount"], 6);
        assert_eq!(texts(&neighbours["nodes"], "/name"), ["Algeria", "Chad", "Egypt", "Niger", "Sudan", "Tunisia"]);
        for neighbour in texts(&neighbours["nodes"], "/key") {
            let theirs = record(&service, neighbour, "... on Place { neighbours(where: { key: { equals: \"country/ly\" } }) { nodes { name } } }").await;
            assert_eq!(texts(&theirs["neighbours"]["nodes"], "/name"), ["Libya"], "{neighbour} borders it, too");
        }
    }

    async fn the_air_strikes_on_derna_are_found_within_libya_with_both_their_dates(database: TestDatabase) {
        let service = Service::demo(&database).await;
        let timeline = |contained: bool| {
            let arguments = format!("first: 100, includeContained: {contained}, orderBy: {{ field: DATE }}");
            format!("... on Place {{ events({arguments}) {{ nodes {{ key }} }} }}")
        };
        let all = record(&service, "country/ly", &timeline(true)).await;
        let within = texts(&all["events"]["nodes"], "/key");
        assert!(within.contains(&"event/2015-derna-air-strikes"));
        let only = record(&service, "country/ly", &timeline(false)).await;
        let only = texts(&only["events"]["nodes"], "/key");
        assert!(!only.contains(&"event/2015-derna-air-strikes"), "Derna is in Libya, not Libya itself");
        assert!(only.iter().all(|key| within.contains(key)));

        let selection = "... on Event { date { edtf isApproximate relative { anchor { key } relation duration isApproximate } }
            citations { nodes { date { edtf isApproximate original relative { anchor { key } duration } } article { key } } } }";
        let strikes = record(&service, "event/2015-derna-air-strikes", selection).await;
        assert_eq!(strikes["date"], json!({ "edtf": "2015-02-17~", "isApproximate": true,
            "relative": { "anchor": { "key": "event/2015-video" }, "relation": "AFTER", "duration": "P1D", "isApproximate": false } }));
        assert_eq!(strikes["citations"]["nodes"], json!([
            { "date": { "edtf": "2015-02-17~", "isApproximate": true, "original": "قبل نحو أسبوع",
                "relative": { "anchor": { "key": "article/2015-02-24-cairo" }, "duration": "P7D" } },
                "article": { "key": "article/2015-02-24-cairo" } },
            { "date": { "edtf": "2015-02-16", "isApproximate": false, "original": "lundi 16 février", "relative": null },
                "article": { "key": "article/2015-02-17-derna" } },
        ]));
        let on = "{ events(where: { key: { equals: \"event/2015-derna-air-strikes\" }, date: { within: { from: \"2015-02-17\", to: \"2015-02-17\" } } }) { totalCount } }";
        assert_eq!(service.data(on).await["events"]["totalCount"], 1);
    }

    async fn the_victims_of_the_killing_are_a_described_group_of_21(database: TestDatabase) {
        let service = Service::demo(&database).await;
        let selection = "... on Event { participants { nodes { role count description participant { key } citations { nodes { modality attributedTo { key } } } } } }";
        let killing = record(&service, "event/2015-killing", selection).await;
        let claimed = json!([{ "modality": "CLAIM", "attributedTo": { "key": "org/islamic-state" } }]);
        assert_eq!(killing["participants"]["nodes"], json!([
            { "role": "PERPETRATOR", "count": null, "description": null, "participant": { "key": "org/islamic-state" }, "citations": { "nodes": claimed } },
            { "role": "VICTIM", "count": 21, "description": "Egyptian Christian hostages", "participant": null, "citations": { "nodes": claimed } },
        ]));
    }

    async fn the_meeting_of_cairo_is_not_confirmed_and_its_source_has_no_name(database: TestDatabase) {
        let service = Service::demo(&database).await;
        let selection = "... on Event { officiallyConfirmed status date { edtf relative { anchor { key } duration relation isApproximate } }
            places { nodes { key } } parts { nodes { key } }
            citations { nodes { modality attributedTo { key } attributedToText attributedToCountry { key } note subject { id ... on Event { key } } } } }";
        let meeting = record(&service, "event/2015-cairo-meeting", selection).await;
        assert_eq!(meeting["officiallyConfirmed"], false);
        assert_eq!(meeting["date"], json!({ "edtf": "2015-02-23~", "relative": {
            "anchor": { "key": "event/2015-derna-air-strikes" }, "duration": "P7D", "relation": "AFTER", "isApproximate": true } }));
        assert_eq!(texts(&meeting["places"]["nodes"], "/key"), ["city/eg/cairo"]);
        assert_eq!(meeting["parts"]["nodes"].as_array().map(Vec::len), Some(3));
        let source = &meeting["citations"]["nodes"][0];
        assert_eq!(source["modality"], "CLAIM");
        assert_eq!(source["attributedTo"], Value::Null, "nobody is named");
        assert_eq!(source["attributedToText"], "مصادر أمنية جزائرية");
        assert_eq!(source["attributedToCountry"]["key"], "country/dz");
        assert_eq!(source["subject"]["key"], "event/2015-cairo-meeting");
        let notes = texts(&meeting["citations"]["nodes"], "/note");
        assert_eq!(notes.iter().filter(|note| **note == "No official confirmation.").count(), 2);
    }

    async fn a_capital_stands_for_its_country_and_mentions_nest(database: TestDatabase) {
        let service = Service::demo(&database).await;
        let selection = "... on Article { body mentions(first: 100) { nodes { text start end field class entity { key } meant { key } } }
            places(first: 100) { edges { mentionCount node { key } } } }";
        let article = record(&service, "article/2015-02-24-cairo", selection).await;
        let mentions = article["mentions"]["nodes"].as_array().expect("mentions");
        let capital = mentions.iter().find(|mention| !mention["meant"].is_null()).expect("one means something else");
        assert_eq!((&capital["text"], &capital["entity"]["key"], &capital["meant"]["key"]),
            (&json!("القاهرة"), &json!("city/eg/cairo"), &json!("country/eg")));
        let outer = mentions.iter().find(|mention| mention["text"] == "الجيش المصري").expect("the Egyptian Army");
        let inner = mentions.iter().find(|mention| mention["text"] == "المصري").expect("Egyptian");
        let within = |number: &str| (outer[number].as_u64(), inner[number].as_u64());
        let ((outer_start, inner_start), (outer_end, inner_end)) = (within("start"), within("end"));
        assert!(outer_start < inner_start && inner_end <= outer_end);
        assert_eq!((&outer["entity"]["key"], &inner["entity"]["key"]), (&json!("org/egyptian-army"), &json!("country/eg")));
        let body: Vec<char> = article["body"].as_str().expect("a body").chars().collect();
        for mention in mentions.iter().filter(|mention| mention["field"] == "BODY") {
            let at = |number: &str| usize::try_from(mention[number].as_u64().expect("a number")).expect("small");
            let there: String = body[at("start")..at("end")].iter().collect();
            assert_eq!(mention["text"], there, "spans count code points");
        }
        // the meant record counts as mentioned, too
        let named = mentions.iter().filter(|m| m["entity"]["key"] == "country/eg" || m["meant"]["key"] == "country/eg").count();
        let places = article["places"]["edges"].as_array().expect("edges");
        let egypt = places.iter().find(|edge| edge["node"]["key"] == "country/eg").expect("Egypt");
        assert_eq!(egypt["mentionCount"], named);
    }

    async fn events_without_a_date_come_last_in_both_directions(database: TestDatabase) {
        let service = Service::demo(&database).await;
        for direction in ["ASC", "DESC"] {
            let document = format!("{{ events(first: 100, orderBy: {{ field: DATE, direction: {direction} }}) {{ nodes {{ key date {{ edtf earliest }} }} }} }}");
            let events = service.data(&document).await["events"]["nodes"].clone();
            let events = events.as_array().expect("events");
            let undated: Vec<_> = events.iter().skip_while(|event| !event["date"].is_null()).collect();
            assert!(!undated.is_empty() && undated.iter().all(|event| event["date"].is_null()), "{direction}");
            assert!(undated.iter().any(|event| event["key"] == "event/recruitment-networks"));
            let days: Vec<_> = events.iter().filter_map(|event| event["date"]["earliest"].as_str()).collect();
            let sorted = days.is_sorted_by(|a, b| if direction == "ASC" { a <= b } else { a >= b });
            assert!(sorted, "{direction}: {days:?}");
        }
    }

    async fn a_date_relative_to_another_one_follows_it(database: TestDatabase) {
        let service = Service::demo(&database).await;
        let selection = "... on Event { date { edtf earliest latest startState endState relative { anchor { key name } relation } } }";
        let agreement = record(&service, "event/2015-cairo-agreement", selection).await["date"].clone();
        assert_eq!(agreement["relative"]["relation"], "DURING");
        assert_eq!(agreement["relative"]["anchor"]["key"], "event/2015-cairo-meeting");
        assert_eq!(agreement["edtf"], "2015-02-23~", "during what was about that day");
        let chaos = record(&service, "event/2011-chaos", selection).await["date"].clone();
        assert_eq!((&chaos["edtf"], &chaos["endState"], &chaos["latest"]), (&json!("2011/.."), &json!("OPEN"), &Value::Null));
        let killing = record(&service, "event/2015-killing", selection).await["date"].clone();
        assert_eq!(killing["edtf"], "[..2015-02-17]", "an EDTF value takes precedence over the anchor");
        assert_eq!(killing["earliest"], Value::Null);
    }
}
