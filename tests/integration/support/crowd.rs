//! A small corpus in which every list of the API has several pages and many equal values: equal names, dates and populations, and
//! many missing ones. One "hub" of each type is the parent of all lists.

use serde_json::{Value, json};
use uuid::Uuid;

/// The id of a record of the crowd. It is the same in every database, and ids have another order than keys.
pub fn id_of(key: &str) -> String {
    let hash = |seed: u64| key.bytes().fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    Uuid::from_u64_pair(hash(0xcbf2_9ce4_8422_2325), hash(0x9747_b28c_8422_2325)).hyphenated().to_string()
}

/// A line with its id and these fields.
fn line(kind: &str, key: &str, fields: Value) -> Value {
    let mut line = json!({ "type": kind, "id": id_of(key), "key": key });
    if let (Some(line), Value::Object(fields)) = (line.as_object_mut(), fields) {
        line.extend(fields.into_iter().filter(|(_, value)| !value.is_null()));
    }
    line
}

const NAMES: [&str; 8] = ["Alpha", "Alpha", "Beta", "alpha", "ألفا", "Beta", "Zeta", "Alpha"];
const POPULATIONS: [Option<f64>; 8] = [None, Some(5.0), Some(5.0), None, Some(0.0), Some(5.0), Some(1e6), None];
const DATES: [Option<&str>; 8] = [
    None,
    Some("2015-02-17"),
    Some("2015-02-17"),
    Some("2015-02"),
    Some("2011/.."),
    None,
    Some("../2014"),
    Some("2015-02-17~"),
];
const DAYS: [Option<&str>; 8] = [
    None,
    Some("2015-02-17"),
    Some("2015-02-17"),
    Some("2015-02-18"),
    None,
    Some("2015-02-17"),
    Some("2011-01-01"),
    None,
];
const ROLES: [&str; 8] = ["ATTACKER", "HOST", "HOST", "VICTIM", "TARGET", "SPEAKER", "PARTY", "OTHER"];
/// The body of every article. Each word has a mention or a citation somewhere.
const BODY: &str = "place organization person event one two three four five six seven eight";

fn words() -> Vec<(usize, usize, &'static str)> {
    let mut at = 0;
    BODY.split(' ')
        .map(|word| {
            let start = at;
            at += word.len() + 1;
            (start, start + word.len(), word)
        })
        .collect()
}

fn mention(entity: &str, word: usize) -> Value {
    let (start, end, text) = words()[word];
    json!({ "entity": entity, "field": "BODY", "start": start, "end": end, "text": text })
}

fn citation(article: &str, word: usize) -> Value {
    let (start, end, quote) = words()[word];
    json!({ "article": article, "field": "BODY", "quote": quote, "start": start, "end": end })
}

/// One citation of each article, attributed to this entity.
fn citations(attributed_to: &str) -> Vec<Value> {
    let attributed = |mut citation: Value| {
        citation["attributedTo"] = attributed_to.into();
        citation["attributedToCountry"] = "place/hub".into();
        citation
    };
    (0..8).map(|i| attributed(citation(&format!("article/{i}"), i))).collect()
}

/// All lines.
pub fn crowd() -> Vec<Value> {
    let mut lines = vec![
        line("PLACE", "place/world", json!({ "name": "World", "kind": "OTHER" })),
        line("PLACE", "place/hub", json!({ "name": "Hub", "kind": "COUNTRY", "containedIn": "place/world" })),
        line("ORGANIZATION", "organization/hub", json!({ "name": "Hub", "kind": "OTHER" })),
        line("PERSON", "person/hub", json!({ "name": "Hub" })),
        hub_event(),
        hub_article(),
    ];
    for i in 0..8 {
        lines.extend(of_one(i));
    }
    let mut hub = relation("hub", "organization/hub", "OTHER", "place/hub");
    hub["citations"] = citations("place/hub").into();
    lines.push(hub);
    lines
}

fn of_one(i: usize) -> Vec<Value> {
    let name = NAMES[i];
    let kinds = ["CITY", "CITY", "REGION"];
    let place = ["place/hub", "place/0", "place/hub"][i % 3];
    let mut participants = vec![
        json!({ "participant": "organization/hub", "role": ROLES[i] }),
        json!({ "participant": "person/hub", "role": "SPEAKER" }),
        json!({ "participant": "place/hub", "role": "TOPIC" }),
        json!({ "participant": "event/hub", "role": "TOPIC" }),
    ];
    if i.is_multiple_of(2) {
        participants.push(json!({ "participant": "organization/hub", "role": "OTHER" }));
    }
    vec![
        line(
            "PLACE",
            &format!("place/{i}"),
            json!({ "name": name, "kind": kinds[i % 3], "population": POPULATIONS[i], "containedIn": "place/hub" }),
        ),
        line(
            "ORGANIZATION",
            &format!("organization/{i}"),
            json!({ "name": name, "kind": "AGENCY", "parent": "organization/hub", "headquarters": "place/hub" }),
        ),
        line("PERSON", &format!("person/{i}"), json!({ "name": name, "nationalities": ["place/hub"] })),
        line(
            "EVENT",
            &format!("event/{i}"),
            json!({
                "name": name, "kind": if i.is_multiple_of(2) { "MEETING" } else { "ATTACK" }, "partOf": "event/hub",
                "date": DATES[i].map(|edtf| json!({ "edtf": edtf })),
                "places": [{ "place": place }], "participants": participants,
                "citations": [citation("article/hub", 4 + i)],
            }),
        ),
        line(
            "ARTICLE",
            &format!("article/{i}"),
            json!({
                "headline": name, "body": BODY, "language": "en", "publishedOn": DAYS[i],
                "publisher": "organization/hub", "authors": ["person/hub"], "dateline": "place/hub",
                "mentions": [
                    mention("place/hub", 0), mention("organization/hub", 1),
                    mention("person/hub", 2), mention("event/hub", 3),
                ],
            }),
        ),
        relation(&format!("borders-{i}"), "place/hub", "BORDERS", &format!("place/{i}")),
        relation(&format!("o-{i}"), &format!("organization/{i}"), ["AGENCY_OF", "OTHER"][i % 2], "organization/hub"),
        relation(&format!("p-{i}"), "person/hub", "RELATIVE_OF", &format!("person/{i}")),
        relation(&format!("e-{i}"), "event/hub", "OTHER", &format!("person/{i}")),
    ]
}

fn hub_event() -> Value {
    let places: Vec<_> = (0..8)
        .map(|i| json!({ "place": format!("place/{i}"), "description": "the east of", "isCertain": i % 2 == 1 }))
        .collect();
    let participants: Vec<_> = (0..8)
        .map(|i| {
            let citations = match i {
                0 => citations("person/hub"),
                1 => citations("event/hub"),
                _ => vec![],
            };
            json!({ "description": format!("group {i}"), "count": i + 1, "role": ROLES[i], "citations": citations })
        })
        .collect();
    line(
        "EVENT",
        "event/hub",
        json!({
            "name": "Hub", "kind": "SITUATION", "date": { "edtf": "2010/2020" },
            "places": places, "participants": participants, "citations": citations("organization/hub"),
        }),
    )
}

fn hub_article() -> Value {
    let mentions: Vec<_> = (0..8)
        .flat_map(|i| ["place", "organization", "person"].map(|kind| mention(&format!("{kind}/{i}"), 4 + i)))
        .collect();
    line(
        "ARTICLE",
        "article/hub",
        json!({ "headline": "Hub", "body": BODY, "language": "en", "publishedOn": "2015-03-01", "mentions": mentions }),
    )
}

fn relation(key: &str, source: &str, kind: &str, target: &str) -> Value {
    line("RELATION", &format!("relation/{key}"), json!({ "source": source, "kind": kind, "target": target }))
}

/// Changed lines of the hubs, also of the relation. Their import adds one revision to every hub.
pub fn hubs_changed(times: usize) -> Vec<Value> {
    crowd()
        .into_iter()
        .filter(|line| line["key"].as_str().is_some_and(|key| key.ends_with("/hub")))
        .map(|mut line| {
            let field = if line["type"] == "RELATION" { "description" } else { "image" };
            line[field] = json!(format!("https://pictures.example/{times}.png"));
            line
        })
        .collect()
}
