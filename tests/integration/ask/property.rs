//! Random filters, orders and pages over random records give what a naive evaluation in memory gives.

use serde_json::{Value, json};

use super::{
    evaluate::Objects,
    fields::{Filtered, TYPES, filtered},
    generate::Generator,
    random::Random,
    world::world,
};
use crate::{
    both_databases,
    support::{
        database::TestDatabase,
        service::{Service, import},
    },
};

/// Lists below an object: the type and root list of the parent, the field, and the type of the items.
const NESTED: [(&str, &str, &str, &str); 12] = [
    ("Event", "events", "participants", "Participation"),
    ("Event", "events", "citations", "Citation"),
    ("Event", "events", "places", "Place"),
    ("Event", "events", "articles", "Article"),
    ("Event", "events", "relations", "Relation"),
    ("Article", "articles", "mentions", "Mention"),
    ("Article", "articles", "citations", "Citation"),
    ("Article", "articles", "people", "Person"),
    ("Place", "places", "events", "Event"),
    ("Place", "places", "articles", "Article"),
    ("Organization", "organizations", "relations", "Relation"),
    ("Person", "people", "articles", "Article"),
];

/// A service with random records, and the objects that it shows.
pub async fn service_with_a_world(database: &TestDatabase, seed: u64) -> (Service, Objects) {
    let world = world(seed);
    import(database, &world.lines).await;
    let service = Service::with_records(database, &world.deletions).await;
    let objects = Objects::read(&service).await;
    (service, objects)
}

/// The ids of nodes.
pub fn ids(nodes: &Value) -> Vec<String> {
    let nodes = nodes.as_array().expect("nodes").iter();
    nodes.map(|node| node["id"].as_str().expect("an id").to_owned()).collect()
}

/// All pages of a list, one after the other.
async fn pages(
    service: &Service,
    ty: &Filtered,
    condition: &Value,
    order: &Value,
    size: usize,
    backward: bool,
) -> (Vec<String>, Value) {
    let (count, position, more, cursor) = if backward {
        ("last", "before", "hasPreviousPage", "startCursor")
    } else {
        ("first", "after", "hasNextPage", "endCursor")
    };
    let (declared, given) = if order.is_null() {
        (String::new(), "")
    } else {
        (format!("$order: [{}Order!], ", ty.name), "orderBy: $order, ")
    };
    let document = format!(
        "query ({declared}$where: {}Where, $size: Int, $at: String) {{
            {}({given}where: $where, {count}: $size, {position}: $at) {{ totalCount nodes {{ id }} pageInfo {{ {more} {cursor} }} }} }}",
        ty.name, ty.list
    );
    let (mut all, mut at, mut total) = (vec![], Value::Null, Value::Null);
    loop {
        let variables = json!({ "where": condition, "order": order, "size": size, "at": at });
        let mut data = service.data_with(&document, variables).await;
        let mut page = data[ty.list].take();
        let found = ids(&page["nodes"]);
        if backward {
            all.splice(0..0, found);
        } else {
            all.extend(found);
        }
        assert!(total.is_null() || total == page["totalCount"]);
        total = page["totalCount"].take();
        if page["pageInfo"][more] != true {
            return (all, total);
        }
        at = page["pageInfo"][cursor].take();
    }
}

/// Asks for random conditions on the root lists, and compares the answers.
async fn compare_lists(service: &Service, objects: &Objects, seed: u64, cases: usize) {
    let mut generator = Generator { random: Random(seed), objects };
    let types: Vec<&'static Filtered> = TYPES.iter().filter(|ty| !ty.list.is_empty()).collect();
    let mut matched = 0;
    for case in 0..cases {
        let ty = types[case % types.len()];
        let condition = generator.condition(ty, 3);
        let order = if ty.orders.is_empty() {
            Value::Null
        } else {
            json!([{ "field": generator.random.pick(ty.orders), "direction": generator.random.pick(&["ASC", "DESC"]) }])
        };
        let size = *generator.random.pick(&[2, 7, 100]);
        let backward = generator.random.once_in(3);
        let (found, total) = pages(service, ty, &condition, &order, size, backward).await;
        let (all, _) = pages(service, ty, &Value::Null, &order, 100, false).await;
        let holds = |id: &String| objects.object(id).is_some_and(|(ty, object)| objects.holds(ty, object, &condition));
        let expected: Vec<String> = all.into_iter().filter(holds).collect();
        assert_eq!(found, expected, "{}(where: {condition}, orderBy: {order})", ty.list);
        assert_eq!(total, expected.len(), "the count of {}(where: {condition})", ty.list);
        matched += usize::from(!found.is_empty());
    }
    assert!(matched > cases / 4, "enough conditions match something: {matched} of {cases}");
}

/// The same for lists below objects.
async fn compare_nested_lists(service: &Service, objects: &Objects, seed: u64, cases: usize) {
    let mut generator = Generator { random: Random(seed), objects };
    for case in 0..cases {
        let (_, root, field, item) = NESTED[case % NESTED.len()];
        let condition = generator.condition(filtered(item), 2);
        let document = format!(
            "query ($where: {item}Where) {{ {root}(first: 100) {{ nodes {{ id
                all: {field}(first: 100) {{ nodes {{ id }} }} some: {field}(first: 100, where: $where) {{ totalCount nodes {{ id }} }} }} }} }}"
        );
        let data = service.data_with(&document, json!({ "where": condition })).await;
        for parent in data[root]["nodes"].as_array().expect("parents") {
            let holds =
                |id: &String| objects.object(id).is_some_and(|(ty, object)| objects.holds(ty, object, &condition));
            let expected: Vec<String> = ids(&parent["all"]["nodes"]).into_iter().filter(holds).collect();
            assert_eq!(ids(&parent["some"]["nodes"]), expected, "{field}(where: {condition}) of {}", parent["id"]);
            assert_eq!(parent["some"]["totalCount"], expected.len());
        }
    }
}

both_databases! {
    async fn random_filters_of_all_lists_give_what_a_naive_evaluation_gives(database: TestDatabase) {
        let (service, objects) = service_with_a_world(&database, 1).await;
        compare_lists(&service, &objects, 11, 1_000).await;
    }

    async fn random_filters_of_nested_lists_give_what_a_naive_evaluation_gives(database: TestDatabase) {
        let (service, objects) = service_with_a_world(&database, 2).await;
        compare_nested_lists(&service, &objects, 12, 120).await;
    }
}
