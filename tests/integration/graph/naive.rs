//! Related entities and paths, recomputed in memory from the lists of the API.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::support::service::Service;

/// What links two entities: relations come first, then participations, then events.
type Via = (usize, String);

/// Everything that readers can see.
pub struct Naive {
    /// The articles of each entity.
    pub articles: BTreeMap<String, BTreeSet<String>>,
    /// The events to which each entity belongs.
    events: BTreeMap<String, BTreeSet<String>>,
    links: BTreeMap<String, BTreeMap<String, Via>>,
}

fn items(value: &Value) -> impl Iterator<Item = &Value> {
    assert_eq!(value["pageInfo"]["hasNextPage"], false, "one page is enough");
    value["nodes"].as_array().expect("a list").iter()
}

fn id(value: &Value) -> String {
    value["id"].as_str().expect("an id").to_owned()
}

impl Naive {
    pub async fn read(service: &Service) -> Self {
        let list = |name: &str, fields: &str| {
            format!("{name}(first: 100) {{ pageInfo {{ hasNextPage }} nodes {{ id {fields} }} }}")
        };
        let articles = list("articles", "");
        let of_events = format!("{articles} {} {}", list("participants", "participant { id }"), list("places", ""));
        let document = format!(
            "{{ {} {} {} {} {} }}",
            list("places", &articles),
            list("organizations", &articles),
            list("people", &articles),
            list("events", &of_events),
            list("relations", "source { id } target { id }"),
        );
        let data = service.data(&document).await;
        let mut naive = Self { articles: BTreeMap::new(), events: BTreeMap::new(), links: BTreeMap::new() };
        for name in ["places", "organizations", "people", "events"] {
            for entity in items(&data[name]) {
                naive.articles.insert(id(entity), items(&entity["articles"]).map(id).collect());
            }
        }
        for event in items(&data["events"]) {
            for participation in items(&event["participants"]).filter(|one| !one["participant"].is_null()) {
                naive.link(id(event), id(&participation["participant"]), &(1, id(participation)));
                naive.events.entry(id(&participation["participant"])).or_default().insert(id(event));
            }
            for place in items(&event["places"]) {
                naive.link(id(event), id(place), &(2, id(event)));
                naive.events.entry(id(place)).or_default().insert(id(event));
            }
        }
        for relation in items(&data["relations"]) {
            naive.link(id(&relation["source"]), id(&relation["target"]), &(0, id(relation)));
        }
        naive
    }

    fn link(&mut self, one: String, other: String, via: &Via) {
        for (one, other) in [(one.clone(), other.clone()), (other, one)] {
            let known = self.links.entry(one).or_default().entry(other).or_insert_with(|| via.clone());
            *known = via.clone().min(known.clone());
        }
    }

    /// The entities related to one, as the API gives them.
    pub fn related(&self, of: &str) -> Value {
        let none = BTreeSet::new();
        let shared = |all: &BTreeMap<String, BTreeSet<String>>, other: &str| {
            let [one, other] = [of, other].map(|entity| all.get(entity).unwrap_or(&none));
            one.intersection(other).count()
        };
        let mut all = vec![];
        for (other, articles) in self.articles.iter().filter(|(other, _)| *other != of) {
            let (shared_articles, shared_events) = (shared(&self.articles, other), shared(&self.events, other));
            let sum = shared_articles + 2 * shared_events;
            if sum > 0 {
                let thousandths = sum * sum * 1000 / (articles.len() + 2 * shared_events);
                all.push((thousandths, other, shared_articles, shared_events));
            }
        }
        all.sort_by(|(one, one_id, ..), (other, other_id, ..)| (other, one_id).cmp(&(one, other_id)));
        let all = all.into_iter().map(|(thousandths, other, articles, events)| {
            let thousandths = u32::try_from(thousandths).expect("a small number");
            let score = f64::from(thousandths) / 1000.0;
            json!([other, articles, events, score])
        });
        all.collect()
    }

    /// The shortest paths, as the API gives them: from, to and via of each step.
    pub fn paths(&self, from: &str, to: &str, max_length: usize, first: usize) -> Value {
        let mut all = vec![];
        self.extend(vec![from.to_owned()], to, max_length, &mut all);
        all.sort_by_key(|path| (path.len(), path.clone()));
        let step = |pair: &[String]| json!([pair[0], pair[1], self.links[&pair[0]][&pair[1]].1]);
        all.iter().take(first).map(|path| path.windows(2).map(step).collect::<Value>()).collect()
    }

    fn extend(&self, path: Vec<String>, to: &str, left: usize, all: &mut Vec<Vec<String>>) {
        let at = &path[path.len() - 1];
        if at == to {
            all.push(path);
        } else if left > 0 {
            for next in self.links.get(at).into_iter().flat_map(BTreeMap::keys).filter(|next| !path.contains(next)) {
                self.extend([path.clone(), vec![next.clone()]].concat(), to, left - 1, all);
            }
        }
    }
}
