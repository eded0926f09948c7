//! Random records with links between all types, for the comparison with a naive evaluation.

use serde_json::{Value, json};

use super::random::Random;
use crate::support::crowd::id_of;

const NAMES: [&str; 8] = ["Alpha", "alpha", "Béta", "Beta 7", "ألفا", "الإسكندرية", "Zeta%", "A_b"];
const DATES: [&str; 16] = [
    "2015-02-17",
    "2015-02",
    "2015",
    "2015-02-17~",
    "2015-02-17?",
    "2015-02%",
    "201X",
    "2015-21",
    "2011/..",
    "../2014",
    "2011/",
    "../..",
    "2015-02-16/2015-02-23",
    "[..2015-02-17]",
    "{2015-02-16,2015-02-18}",
    "2014-12-31",
];
const DAYS: [&str; 4] = ["2015-02-17", "2015-02-18", "2014-12-31", "2011-01-01"];
const TIMES: [&str; 3] = ["2020-01-01T00:00:00.000Z", "2020-01-01T00:00:00.001Z", "2021-06-01T12:00:00.000Z"];
const BODY: &str = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen";
/// Points near one another, across the date line and on it, at a pole, and far away.
const POINTS: [(f64, f64); 10] = [
    (31.2, 16.58),
    (31.21, 16.6),
    (32.88, 13.19),
    (-17.8, 179.9),
    (-17.7, -179.9),
    (-17.6, 180.0),
    (-17.9, -180.0),
    (89.9, 0.0),
    (89.9, 180.0),
    (-33.9, 151.2),
];

/// A random world.
pub struct World {
    pub lines: Vec<Value>,
    /// Some of the lines, which put their records into the bin.
    pub deletions: Vec<Value>,
}

struct Maker<'a> {
    random: &'a mut Random,
}

impl Maker<'_> {
    fn maybe(&mut self, value: impl Fn(&mut Random) -> Value) -> Value {
        if self.random.once_in(3) { Value::Null } else { value(self.random) }
    }

    fn key(&mut self, kind: &str, count: usize) -> Value {
        json!(format!("{kind}/{}", self.random.below(count)))
    }

    fn date(&mut self) -> Value {
        self.maybe(|random| json!({ "edtf": random.pick(&DATES) }))
    }

    /// A line with an id. Some have no key, and some stand for merged records as well.
    fn line(&mut self, kind: &str, index: usize, fields: Value) -> Value {
        let key = format!("{}/{index}", kind.to_lowercase());
        let mut line = json!({ "type": kind, "id": id_of(&key), "key": key, "createdAt": self.random.pick(&TIMES) });
        line["updatedAt"] = line["createdAt"].clone();
        if index == 1 && kind != "RELATION" {
            line["mergedIds"] = json!([id_of(&format!("merged/{kind}"))]);
        }
        if let (Some(line), Value::Object(fields)) = (line.as_object_mut(), fields) {
            line.extend(fields.into_iter().filter(|(_, value)| !value.is_null()));
        }
        line
    }

    fn name(&mut self) -> Value {
        json!(self.random.pick(&NAMES))
    }

    fn other_names(&mut self) -> Value {
        let texts = self.random.some(&NAMES, 2);
        texts
            .iter()
            .enumerate()
            .map(|(i, text)| json!({ "text": text, "language": (["fr", "ar"][i]), "kind": "ALIAS" }))
            .collect()
    }

    fn place(&mut self, index: usize) -> Value {
        let (latitude, longitude) = *self.random.pick(&POINTS);
        let location = self.maybe(|_| json!({ "latitude": latitude, "longitude": longitude }));
        let country = self.maybe(|random| json!(random.pick(&["LY", "EG"])));
        let population = self.maybe(|random| json!(random.pick(&[0.0, 5.0, 1e6])));
        let inside = if index < 3 {
            Value::Null
        } else {
            let parent = self.random.below(index);
            json!(format!("place/{parent}"))
        };
        let kind = if index < 4 { "COUNTRY" } else { *self.random.pick(&["CITY", "SITE"]) };
        let fields = json!({ "name": self.name(), "names": self.other_names(), "kind": kind, "countryCode": country,
            "location": location, "population": population, "containedIn": inside });
        self.line("PLACE", index, fields)
    }

    fn organization(&mut self, index: usize) -> Value {
        let parent = if index == 0 || self.random.once_in(2) {
            Value::Null
        } else {
            json!(format!("organization/{}", index - 1))
        };
        let headquarters = self.key("place", 12);
        let country = self.key("place", 4);
        let fields = json!({ "name": self.name(), "names": self.other_names(), "kind": self.random.pick(&["AGENCY", "PARTY", "MEDIA"]),
            "parent": parent, "headquarters": self.maybe(|_| headquarters.clone()), "country": self.maybe(|_| country.clone()),
            "founded": self.date(), "dissolved": Value::Null });
        self.line("ORGANIZATION", index, fields)
    }

    fn person(&mut self, index: usize) -> Value {
        let countries: Vec<Value> =
            (0..4).filter(|_| self.random.once_in(3)).map(|i| json!(format!("place/{i}"))).collect();
        let fields = json!({ "name": self.name(), "names": self.other_names(), "born": self.date(),
            "occupation": self.maybe(|random| json!(random.pick(&["journalist", "محرر", "Journalist"]))), "nationalities": countries });
        self.line("PERSON", index, fields)
    }

    fn entity(&mut self) -> Value {
        let kind = *self.random.pick(&["place", "organization", "person"]);
        self.key(kind, 10)
    }

    fn citation(&mut self) -> Value {
        let word = self.random.below(16);
        let quote = BODY.split(' ').nth(word).expect("there are 16 words");
        let start = BODY.split(' ').take(word).map(|word| word.len() + 1).sum::<usize>();
        let by = self.entity();
        json!({ "article": self.key("article", 14), "quote": quote, "start": start, "form": self.random.pick(&["DIRECT", "INDIRECT"]),
            "modality": self.random.pick(&["FACT", "CLAIM"]), "attributedTo": self.maybe(|_| by.clone()) })
    }

    fn citations(&mut self) -> Vec<Value> {
        let mut all: Vec<Value> = (0..self.random.below(3)).map(|_| self.citation()).collect();
        all.iter_mut().for_each(without_nulls);
        // a list has each citation once
        all.dedup();
        all
    }

    fn event(&mut self, index: usize) -> Value {
        let mut places: Vec<Value> = vec![];
        for at in 0..12 {
            if self.random.once_in(8) {
                places.push(json!({ "place": format!("place/{at}"), "isCertain": self.random.once_in(2) }));
            }
        }
        let participants: Vec<Value> = (0..self.random.below(4)).map(|i| {
            let entity = self.entity();
            let mut one = json!({ "participant": self.maybe(|_| entity.clone()), "description": format!("group {i}"),
                "count": self.maybe(|random| json!(1 + random.below(3))), "role": self.random.pick(&["ATTACKER", "SPEAKER", "HOST"]),
                "citations": self.citations() });
            without_nulls(&mut one);
            one
        }).collect();
        let part_of =
            if index == 0 || self.random.once_in(2) { Value::Null } else { json!(format!("event/{}", index - 1)) };
        let fields = json!({ "name": self.name(), "names": self.other_names(), "kind": self.random.pick(&["MEETING", "ATTACK", "AIRSTRIKE"]),
            "status": self.random.pick(&["REPORTED", "CONFIRMED", "DENIED"]), "date": self.date(), "partOf": part_of,
            "officiallyConfirmed": self.maybe(|random| json!(random.once_in(2))), "isRecurring": self.random.once_in(3),
            "places": places, "participants": participants, "citations": self.citations() });
        self.line("EVENT", index, fields)
    }

    fn article(&mut self, index: usize) -> Value {
        let mut mentions = vec![];
        let mut start = 0;
        for word in BODY.split(' ') {
            if self.random.once_in(6) {
                let (entity, meant) = (self.entity(), self.entity());
                let mut one = json!({ "entity": entity, "meant": if self.random.once_in(4) && meant != entity { meant } else { Value::Null },
                    "field": "BODY", "start": start, "end": start + word.len(), "class": self.random.pick(&["NAME", "NOMINAL"]),
                    "origin": self.random.pick(&["EDITOR", "IMPORT"]) });
                without_nulls(&mut one);
                mentions.push(one);
            }
            start += word.len() + 1;
        }
        let authors: Vec<Value> =
            (0..4).filter(|_| self.random.once_in(3)).map(|i| json!(format!("person/{i}"))).collect();
        let (publisher, dateline) = (self.key("organization", 8), self.key("place", 12));
        let fields = json!({ "headline": self.name(), "body": BODY, "language": self.random.pick(&["en", "ar"]),
            "publishedOn": self.maybe(|random| json!(random.pick(&DAYS))),
            "url": self.maybe(|_| json!(format!("https://news.example/{index}"))),
            "publisher": self.maybe(|_| publisher.clone()), "dateline": self.maybe(|_| dateline.clone()),
            "authors": authors, "mentions": mentions });
        self.line("ARTICLE", index, fields)
    }

    fn relation(&mut self, index: usize) -> Value {
        let (source, mut target) = (self.entity(), self.entity());
        while source == target {
            target = self.entity();
        }
        let since = self.maybe(|random| json!({ "edtf": random.pick(&["2011", "2011/..", "2015-02~", "../2012"]) }));
        let until = self.maybe(|random| json!({ "edtf": random.pick(&["2015", "2016-01/..", "2015-02-17?"]) }));
        let fields = json!({ "source": source, "kind": self.random.pick(&["OTHER", "OPPOSES", "ACTIVE_IN"]), "target": target,
            "since": since, "until": until, "description": format!("relation {index}") });
        self.line("RELATION", index, fields)
    }
}

/// A field with null is left out of a line.
fn without_nulls(value: &mut Value) {
    if let Value::Object(fields) = value {
        fields.retain(|_, value| !value.is_null());
    }
}

/// A random world.
pub fn world(seed: u64) -> World {
    let mut random = Random(seed);
    let mut maker = Maker { random: &mut random };
    let mut lines = vec![];
    lines.extend((0..14).map(|i| maker.place(i)));
    lines.extend((0..10).map(|i| maker.organization(i)));
    lines.extend((0..10).map(|i| maker.person(i)));
    lines.extend((0..14).map(|i| maker.article(i)));
    lines.extend((0..24).map(|i| maker.event(i)));
    lines.extend((0..20).map(|i| maker.relation(i)));
    let deleted = ["place/13", "organization/9", "person/9", "article/13", "event/23", "relation/19"];
    let deletions = lines.iter().filter(|line| deleted.contains(&line["key"].as_str().unwrap_or_default()));
    let deletions = deletions.cloned().map(|mut line| {
        line["deletedAt"] = json!("2022-01-01T00:00:00.000Z");
        line
    });
    World { deletions: deletions.collect(), lines }
}
