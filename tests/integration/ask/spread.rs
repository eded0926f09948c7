//! Random facets and histograms over random records give what a naive evaluation in memory gives.

use serde_json::{Map, Value, json};

use super::{
    counts::{FACETS, FacetOf, facet, facets_of, histogram},
    evaluate::Objects,
    fields::{Filtered, filtered},
    generate::Generator,
    property::{ids, service_with_a_world},
    random::Random,
};
use crate::{both_databases, support::service::Service};

/// Lists below an object: the root list of the parent, the field, and the type of the items.
const NESTED: [(&str, &str, &str); 8] = [
    ("places", "events", "Event"),
    ("events", "parts", "Event"),
    ("organizations", "events", "Event"),
    ("people", "articles", "Article"),
    ("places", "contains(deep: true, ", "Place"),
    ("events", "places", "Place"),
    ("places", "organizations", "Organization"),
    ("articles", "people", "Person"),
];
const INTERVALS: [&str; 8] = ["DAY", "WEEK", "MONTH", "QUARTER", "YEAR", "DECADE", "CENTURY", "AUTO"];
const SELECTION: &str = "by total missing buckets { value label count isSelected record { id } }";

/// What one case asks for.
struct Case {
    condition: Value,
    by: Vec<FacetOf>,
    first: usize,
    /// The interval of the histogram, where the type has one.
    interval: Option<&'static str>,
}

impl Case {
    fn new(generator: &mut Generator<'_>, ty: &'static Filtered, depth: usize) -> Self {
        let mut condition = generator.condition(ty, depth);
        let all = facets_of(ty.name);
        let by: Vec<FacetOf> = all.iter().filter(|_| generator.random.once_in(2)).copied().collect();
        if generator.random.once_in(2) {
            let (name, path) = *generator.random.pick(all);
            let leaf = leaf(generator, ty, name, path);
            put(&mut condition, path, leaf);
        }
        let has_date = ["Event", "Article"].contains(&ty.name);
        let interval = has_date.then(|| *generator.random.pick(&INTERVALS));
        Self { condition, by, first: *generator.random.pick(&[0, 1, 3, 100]), interval }
    }

    fn fields(&self) -> String {
        let by: Vec<_> = self.by.iter().map(|(name, _)| *name).collect();
        let facets = format!("facets(by: [{}], first: {}) {{ {SELECTION} }}", by.join(" "), self.first);
        match self.interval {
            None => facets,
            Some(interval) => format!(
                "{facets} histogram(interval: {interval}) {{ interval undated buckets {{ from to count possibleCount }} }}"
            ),
        }
    }

    /// What the list with these ids must give; none where a histogram is too long.
    fn expected(&self, objects: &Objects, ty: &str, ids: &[String]) -> Option<Value> {
        let facets = self.by.iter().map(|by| facet(objects, ty, *by, &self.condition, ids, self.first));
        let mut expected = json!({ "facets": facets.collect::<Vec<_>>() });
        if let Some(interval) = self.interval {
            expected["histogram"] = histogram(objects, interval, &self.condition, ids)?;
        }
        Some(expected)
    }
}

/// A value for the filter of a facet.
fn leaf(generator: &mut Generator<'_>, ty: &Filtered, name: &str, path: &[&str]) -> Value {
    let target = match (ty.name, name) {
        (_, "PLACE" | "NATIONALITY") | ("Event" | "Organization", "COUNTRY") => "Place",
        (_, "PUBLISHER" | "ORGANIZATION" | "PARTICIPANT") => "Organization",
        (_, "PERSON") => "Person",
        (_, "EVENT") => "Event",
        ("Event", "ROLE") => return generator.equality(vec![json!("ATTACKER"), json!("HOST")]),
        _ => {
            let values = generator.objects.values(ty.name, path[0]);
            return generator.equality(values);
        }
    };
    let references = generator.references(target, 3);
    if path.last() == Some(&"within") { references.into() } else { generator.equality(references) }
}

/// Puts a filter at a path, beside what is there.
fn put(condition: &mut Value, path: &[&str], leaf: Value) {
    let mut place = condition;
    for name in path {
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        place = &mut place[*name];
    }
    *place = leaf;
}

/// The answer where a histogram has too many bars.
fn is_refused(answer: &Value) -> bool {
    let message = answer["errors"][0]["message"].as_str().unwrap_or_default();
    message.contains("the limit is 400") && answer["data"].is_null()
}

async fn compare_roots(service: &Service, objects: &Objects, seed: u64, cases: usize) {
    let mut generator = Generator { random: Random(seed), objects };
    let mut matched = 0;
    for number in 0..cases {
        let ty = filtered(FACETS[number % FACETS.len()].0);
        let case = Case::new(&mut generator, ty, 2);
        let document =
            format!("query ($where: {}Where) {{ {}(where: $where) {{ {} }} }}", ty.name, ty.list, case.fields());
        let answer = service.ask_with(&document, json!({ "where": case.condition })).await;
        match case.expected(objects, ty.name, &objects.ids[ty.name]) {
            Some(expected) => assert_eq!(answer["data"][ty.list], expected, "{document}\n{}", case.condition),
            None => assert!(is_refused(&answer), "{document}\n{}\n{answer}", case.condition),
        }
        matched += usize::from(answer["data"][ty.list]["facets"][0]["total"].as_u64() > Some(0));
    }
    assert!(matched > cases / 4, "enough facets have values: {matched} of {cases}");
}

async fn compare_nested(service: &Service, objects: &Objects, seed: u64, cases: usize) {
    let mut generator = Generator { random: Random(seed), objects };
    for number in 0..cases {
        let (root, field, item) = NESTED[number % NESTED.len()];
        let case = Case::new(&mut generator, filtered(item), 1);
        let (name, arguments) = field.split_once('(').unwrap_or((field, ""));
        let document = format!(
            "query ($where: {item}Where) {{ {root}(first: 100) {{ nodes {{ id
                all: {name}({arguments}first: 100) {{ nodes {{ id }} }} counted: {name}({arguments}where: $where) {{ {} }} }} }} }}",
            case.fields()
        );
        let answer = service.ask_with(&document, json!({ "where": case.condition })).await;
        if is_refused(&answer) {
            assert!(case.interval.is_some());
            continue;
        }
        for parent in answer["data"][root]["nodes"].as_array().expect("parents") {
            let expected = case.expected(objects, item, &ids(&parent["all"]["nodes"]));
            assert_eq!(
                Some(&parent["counted"]),
                expected.as_ref(),
                "{document}\n{}\nof {}",
                case.condition,
                parent["id"]
            );
        }
    }
}

both_databases! {
    async fn random_facets_and_histograms_give_what_a_naive_evaluation_gives(database: TestDatabase) {
        let (service, objects) = service_with_a_world(&database, 3).await;
        compare_roots(&service, &objects, 13, 500).await;
    }

    async fn random_facets_and_histograms_of_nested_lists_give_what_a_naive_evaluation_gives(database: TestDatabase) {
        let (service, objects) = service_with_a_world(&database, 4).await;
        compare_nested(&service, &objects, 14, 80).await;
    }
}
