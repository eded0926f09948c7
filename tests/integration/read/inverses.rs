//! The other side of links: places in places, organizations and nationals of a country, articles from a place, and attributions.

use serde_json::{Value, json};

use crate::{
    both_databases,
    support::{editor::Editor, service::Service},
};

/// A region of two countries, with organizations and people.
fn region() -> Vec<Value> {
    let place = |key: &str, kind: &str, name: &str, within: Option<&str>| json!({ "type": "PLACE", "key": key, "kind": kind, "name": name, "containedIn": within });
    let organization = |key: &str, headquarters: Option<&str>, country: Option<&str>| {
        json!({ "type": "ORGANIZATION", "key": key,
        "kind": "OTHER", "name": key, "headquarters": headquarters, "country": country })
    };
    vec![
        place("africa", "CONTINENT", "Africa", None),
        place("ly", "COUNTRY", "Libya", Some("africa")),
        place("eg", "COUNTRY", "Egypt", Some("africa")),
        place("derna", "CITY", "درنة", Some("ly")),
        place("cairo", "CITY", "Cairo", Some("eg")),
        place("zamalek", "OTHER", "Zamalek", Some("cairo")),
        organization("army", Some("cairo"), Some("eg")),
        organization("bank", Some("zamalek"), None),
        organization("council", None, Some("ly")),
        organization("delegation", Some("cairo"), Some("ly")),
        organization("elsewhere", None, None),
        json!({ "type": "PERSON", "key": "salma", "name": "Salma", "nationalities": ["eg"] }),
        json!({ "type": "PERSON", "key": "omar", "name": "Omar", "nationalities": ["ly", "eg"] }),
        json!({ "type": "PERSON", "key": "ali", "name": "علي", "nationalities": ["eg"] }),
    ]
}

/// The keys of the nodes of a list of a place.
async fn keys(service: &Service, place: &str, list: &str) -> Vec<String> {
    let data = service
        .data(&format!("{{ place(id: \"{place}\") {{ list: {list} {{ totalCount nodes {{ key }} }} }} }}"))
        .await;
    let nodes = data["place"]["list"]["nodes"].as_array().expect("nodes");
    assert_eq!(data["place"]["list"]["totalCount"], nodes.len());
    nodes.iter().map(|node| node["key"].as_str().expect("a key").to_owned()).collect()
}

both_databases! {
    async fn a_place_lists_what_it_contains_directly_or_at_any_depth(database: TestDatabase) {
        let service = Service::with_records(&database, &region()).await;
        assert_eq!(keys(&service, "africa", "contains").await, ["eg", "ly"]);
        assert_eq!(keys(&service, "africa", "contains(deep: false)").await, ["eg", "ly"]);
        assert_eq!(keys(&service, "africa", "contains(deep: true)").await, ["cairo", "eg", "ly", "zamalek", "derna"]);
        assert_eq!(keys(&service, "africa", "contains(deep: true, where: { kind: { equals: CITY } })").await, ["cairo", "derna"]);
        assert_eq!(keys(&service, "zamalek", "contains(deep: true)").await, [] as [&str; 0]);
    }

    async fn a_place_lists_the_organizations_with_headquarters_there_or_of_its_country(database: TestDatabase) {
        let service = Service::with_records(&database, &region()).await;
        for (place, arguments, expected) in [
            ("eg", "", vec!["army", "bank", "delegation"]),
            ("ly", "", vec!["council", "delegation"]),
            ("africa", "", vec!["army", "bank", "council", "delegation"]),
            ("cairo", "", vec!["army", "bank", "delegation"]),
            ("eg", "(links: [COUNTRY])", vec!["army"]),
            ("eg", "(links: HEADQUARTERS)", vec!["army", "bank", "delegation"]),
            ("ly", "(links: [HEADQUARTERS])", vec![]),
            ("ly", "(links: [HEADQUARTERS, COUNTRY])", vec!["council", "delegation"]),
            ("ly", "(links: [])", vec![]),
            ("ly", "(links: null)", vec!["council", "delegation"]),
            ("eg", "(includeContained: false)", vec!["army"]),
            ("cairo", "(includeContained: false)", vec!["army", "delegation"]),
            ("africa", "(includeContained: false)", vec![]),
            ("eg", "(links: [HEADQUARTERS], includeContained: false)", vec![]),
            ("zamalek", "(links: [HEADQUARTERS], includeContained: false)", vec!["bank"]),
        ] {
            assert_eq!(keys(&service, place, &format!("organizations{arguments}")).await, expected, "{place} {arguments}");
        }
    }

    async fn lists_of_places_follow_names_moves_and_links(database: TestDatabase) {
        let editor = Editor::with_records(&database, &region()).await;
        let service = Service::new(&database).await;
        editor.update("Place", &editor.record("cairo").await, json!({ "name": "Zz", "language": "en" })).await;
        assert_eq!(keys(&service, "africa", "contains(deep: true)").await, ["eg", "ly", "zamalek", "cairo", "derna"]);
        editor.update("Place", &editor.record("cairo").await, json!({ "containedIn": "ly" })).await;
        assert_eq!(keys(&service, "eg", "organizations").await, ["army"]);
        assert_eq!(keys(&service, "ly", "organizations").await, ["army", "bank", "council", "delegation"]);
        assert_eq!(keys(&service, "ly", "contains(deep: true)").await, ["zamalek", "cairo", "derna"]);
        editor.update("Organization", &editor.record("army").await, json!({ "name": "zzz", "headquarters": null })).await;
        assert_eq!(keys(&service, "ly", "organizations").await, ["bank", "council", "delegation"]);
        assert_eq!(keys(&service, "eg", "organizations").await, ["army"]);
        editor.update("Organization", &editor.record("bank").await, json!({ "name": "xx", "country": "ly" })).await;
        assert_eq!(keys(&service, "ly", "organizations(links: COUNTRY)").await, ["council", "delegation", "bank"]);
        editor.delete(&editor.record("council").await).await;
        assert_eq!(keys(&service, "ly", "organizations").await, ["delegation", "bank"]);
        editor.update("Person", &editor.record("salma").await, json!({ "name": "Aa" })).await;
        editor.update("Person", &editor.record("omar").await, json!({ "removeNationalities": ["eg"] })).await;
        assert_eq!(keys(&service, "eg", "nationals").await, ["salma", "ali"]);
    }

    async fn a_country_lists_its_nationals(database: TestDatabase) {
        let service = Service::with_records(&database, &region()).await;
        assert_eq!(keys(&service, "eg", "nationals").await, ["omar", "salma", "ali"]);
        assert_eq!(keys(&service, "ly", "nationals(where: { name: { equals: \"Omar\" } })").await, ["omar"]);
        assert_eq!(keys(&service, "africa", "nationals").await, [] as [&str; 0]);
    }

    async fn participations_and_attributions_are_found_from_their_entity(database: TestDatabase) {
        let mut lines = region();
        lines.extend([
            json!({ "type": "ARTICLE", "key": "news", "headline": "News", "language": "ar", "body": "قال الجيش نعم. قال مصدر لا.", "dateline": "cairo" }),
            json!({ "type": "EVENT", "key": "talks", "name": "Talks", "kind": "MEETING",
                "participants": [{ "participant": "army", "role": "HOST" }, { "participant": "eg", "role": "PARTY" }, { "description": "others", "role": "OTHER" }],
                "citations": [{ "article": "news", "quote": "قال الجيش نعم", "attributedTo": "army" }, { "article": "news", "quote": "قال مصدر لا", "attributedToCountry": "eg" }] }),
        ]);
        let service = Service::with_records(&database, &lines).await;
        let found = service.data("{ organization(id: \"army\") { participations { totalCount nodes { role event { key } } } attributions { nodes { quote subject { id } } } }
            place(id: \"eg\") { participations { nodes { role } } attributions { totalCount } unnamedAttributions { nodes { quote article { key } } } }
            cairo: place(id: \"cairo\") { datelined { nodes { key } } participations { totalCount } } event(id: \"talks\") { id } }").await;
        assert_eq!(found["organization"], json!({ "participations": { "totalCount": 1, "nodes": [{ "role": "HOST", "event": { "key": "talks" } }] },
            "attributions": { "nodes": [{ "quote": "قال الجيش نعم", "subject": { "id": found["event"]["id"] } }] } }));
        assert_eq!(found["place"], json!({ "participations": { "nodes": [{ "role": "PARTY" }] }, "attributions": { "totalCount": 0 },
            "unnamedAttributions": { "nodes": [{ "quote": "قال مصدر لا", "article": { "key": "news" } }] } }));
        assert_eq!(found["cairo"], json!({ "datelined": { "nodes": [{ "key": "news" }] }, "participations": { "totalCount": 0 } }));
    }
}
