//! Filters by place: within places, near a point, in a box.

use serde_json::{Value, json};

use crate::{both_databases, support::service::Service};

fn place(key: &str, parent: Option<&str>, point: Option<(f64, f64)>) -> Value {
    let mut line =
        json!({ "type": "PLACE", "key": key, "name": key, "kind": if key == "libya" { "COUNTRY" } else { "CITY" } });
    if let Some(parent) = parent {
        line["containedIn"] = json!(parent);
    }
    if let Some((latitude, longitude)) = point {
        line["location"] = json!({ "latitude": latitude, "longitude": longitude });
    }
    line
}

fn event(key: &str, places: &[(&str, bool)]) -> Value {
    let places: Vec<_> =
        places.iter().map(|(place, certain)| json!({ "place": place, "isCertain": certain })).collect();
    json!({ "type": "EVENT", "key": key, "name": key, "kind": "OTHER", "places": places })
}

fn world() -> Vec<Value> {
    vec![
        place("africa", None, None),
        place("libya", Some("africa"), None),
        place("sirte", Some("libya"), Some((31.2089, 16.5887))),
        place("harbour", Some("sirte"), Some((31.22, 16.6))),
        place("misrata", Some("libya"), Some((32.3754, 15.0925))),
        place("tripoli", Some("libya"), Some((32.8872, 13.1913))),
        place("suva", None, Some((-18.1416, 178.4419))),
        place("taveuni", None, Some((-16.8, -179.97))),
        place("apia", None, Some((-13.8333, -171.7667))),
        place("eastern-line", None, Some((-16.5, 180.0))),
        place("western-line", None, Some((-16.6, -180.0))),
        place("pole", None, Some((90.0, 45.0))),
        event("at-the-harbour", &[("harbour", true)]),
        event("perhaps-in-tripoli", &[("tripoli", false), ("suva", true)]),
        event("nowhere", &[]),
        json!({ "type": "ORGANIZATION", "key": "council", "name": "C", "kind": "OTHER", "headquarters": "misrata" }),
        json!({ "type": "ORGANIZATION", "key": "ministry", "name": "M", "kind": "OTHER", "country": "libya" }),
    ]
}

async fn keys(service: &Service, list: &str, ty: &str, condition: &Value) -> Vec<String> {
    let document = format!(
        "query ($where: {ty}Where) {{ {list}(first: 100, orderBy: {{ field: NAME }}, where: $where) {{ nodes {{ key }} }} }}"
    );
    let data = service.data_with(&document, json!({ "where": condition })).await;
    let nodes = data[list]["nodes"].as_array().expect("nodes").iter();
    nodes.map(|node| node["key"].as_str().expect("a key").to_owned()).collect()
}

both_databases! {
    async fn places_near_a_point_are_found_by_their_distance(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let near = |latitude: f64, longitude: f64, radius: f64| json!({ "near": { "latitude": latitude, "longitude": longitude, "radiusKm": radius } });
        for (condition, expected) in [
            (near(31.2089, 16.5887, 0.0), &["sirte"][..]),
            (near(31.2089, 16.5887, 2.0), &["harbour", "sirte"]),
            // Misrata is 191 km from Sirte.
            (near(31.2089, 16.5887, 190.0), &["harbour", "sirte"]),
            (near(31.2089, 16.5887, 193.0), &["harbour", "misrata", "sirte"]),
            // across the date line
            (near(-17.0, 179.9, 250.0), &["eastern-line", "suva", "taveuni", "western-line"]),
            (near(-17.0, -180.0, 250.0), &["eastern-line", "suva", "taveuni", "western-line"]),
            (near(89.0, -120.0, 120.0), &["pole"]),
            (near(0.0, 0.0, 40_000.0), &["apia", "eastern-line", "harbour", "misrata", "pole", "sirte", "suva", "taveuni", "tripoli", "western-line"]),
        ] {
            assert_eq!(keys(&service, "places", "Place", &condition).await, expected, "{condition}");
        }
    }

    async fn places_in_a_box_are_found_across_the_date_line(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let in_box = |south: f64, west: f64, north: f64, east: f64| json!({ "inBox": { "south": south, "west": west, "north": north, "east": east } });
        for (condition, expected) in [
            (in_box(30.0, 13.0, 32.5, 17.0), &["harbour", "misrata", "sirte"][..]),
            (in_box(-20.0, 178.0, -10.0, -179.0), &["eastern-line", "suva", "taveuni", "western-line"]),
            // the date line is at both ends of the degrees
            (in_box(-20.0, 178.0, -10.0, 180.0), &["eastern-line", "suva", "western-line"]),
            (in_box(-20.0, -180.0, -10.0, -179.0), &["eastern-line", "taveuni", "western-line"]),
            (in_box(-20.0, 180.0, -10.0, -179.0), &["eastern-line", "taveuni", "western-line"]),
            (in_box(-20.0, 178.0, -10.0, -180.0), &["eastern-line", "suva", "western-line"]),
            (in_box(-20.0, 180.0, -10.0, 180.0), &["eastern-line", "western-line"]),
            (in_box(-20.0, -180.0, -10.0, -180.0), &["eastern-line", "western-line"]),
            (in_box(-20.0, 178.0, -10.0, 179.9), &["suva"]),
            (in_box(-20.0, -180.0, -10.0, 180.0), &["apia", "eastern-line", "suva", "taveuni", "western-line"]),
            // without area
            (in_box(31.2089, 16.5887, 31.2089, 16.5887), &["sirte"]),
            (in_box(90.0, -180.0, 90.0, 180.0), &["pole"]),
            (in_box(31.0, 17.0, 31.0, 18.0), &[]),
        ] {
            assert_eq!(keys(&service, "places", "Place", &condition).await, expected, "{condition}");
        }
    }

    async fn within_a_place_is_within_all_that_it_contains(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        for (condition, expected) in [
            (json!({ "within": ["libya"] }), &["harbour", "libya", "misrata", "sirte", "tripoli"][..]),
            (json!({ "within": ["sirte", "suva", "nothing"] }), &["harbour", "sirte", "suva"]),
            (json!({ "within": [] }), &[]),
            (json!({ "within": ["africa"], "not": { "within": ["sirte"] } }), &["africa", "libya", "misrata", "tripoli"]),
        ] {
            assert_eq!(keys(&service, "places", "Place", &condition).await, expected, "{condition}");
        }
        for (condition, expected) in [
            (json!({ "places": { "within": ["libya"] } }), &["at-the-harbour", "perhaps-in-tripoli"][..]),
            (json!({ "places": { "within": ["libya"], "isCertain": { "equals": true } } }), &["at-the-harbour"]),
            (json!({ "places": { "within": ["libya"], "some": { "key": { "equals": "suva" } } } }), &[]),
            (json!({ "places": { "near": { "latitude": 31.2, "longitude": 16.6, "radiusKm": 10 } } }), &["at-the-harbour"]),
            (json!({ "places": { "inBox": { "south": -20, "west": 170, "north": 0, "east": -170 } } }), &["perhaps-in-tripoli"]),
            (json!({ "places": { "none": {} } }), &["nowhere"]),
            (json!({ "places": { "none": { "within": ["sirte"] } } }), &["nowhere", "perhaps-in-tripoli"]),
        ] {
            assert_eq!(keys(&service, "events", "Event", &condition).await, expected, "{condition}");
        }
        let of_libya = json!({ "or": [{ "headquarters": { "is": { "within": ["libya"] } } }, { "country": { "is": { "within": ["libya"] } } }] });
        assert_eq!(keys(&service, "organizations", "Organization", &of_libya).await, ["council", "ministry"]);
        let with_organization = json!({ "organizations": { "some": {} } });
        assert_eq!(keys(&service, "places", "Place", &with_organization).await, ["africa", "libya", "misrata"]);
        let where_something_happened = json!({ "events": { "some": {} }, "near": { "latitude": 31.2, "longitude": 16.6, "radiusKm": 100 } });
        assert_eq!(keys(&service, "places", "Place", &where_something_happened).await, ["harbour", "sirte"]);
    }

    async fn a_place_that_moves_is_found_at_its_new_point(database: TestDatabase) {
        let service = Service::with_records(&database, &world()).await;
        let place = service.data("{ record(key: \"suva\") { id version } }").await;
        let moved = service.data_with(
            "mutation ($id: ID!, $version: Int!) { updatePlace(id: $id, version: $version, input: { location: { latitude: 31.2, longitude: 16.6 } }) { userErrors { message } } }",
            place["record"].clone(),
        ).await;
        assert_eq!(moved["updatePlace"]["userErrors"], json!([]));
        let near = json!({ "near": { "latitude": 31.2, "longitude": 16.6, "radiusKm": 1 } });
        assert_eq!(keys(&service, "places", "Place", &near).await, ["suva"]);
    }
}
