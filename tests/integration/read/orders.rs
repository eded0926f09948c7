//! Every order sorts as its name says, alone and with others, and can be paged to its end.

use std::cmp::Ordering;

use chrono::NaiveDate;
use dateline::text::sort_key;
use serde_json::Value;

use super::{lists::lists, paging::walk};
use crate::{
    both_databases,
    support::{crowd::crowd, service::Service},
};

/// The rank of a record by one key. Unknown values come last in both directions.
#[derive(Debug, PartialEq, PartialOrd)]
enum Rank {
    Text(String),
    Number(f64),
    Unknown,
}

/// A day as a number.
fn day(value: &Value) -> Option<f64> {
    let day: NaiveDate = value.as_str()?.parse().ok()?;
    Some(f64::from(day.to_epoch_days()))
}

fn ranks(node: &Value, order: &str) -> Vec<Rank> {
    let text = |name: &str| node[name].as_str().unwrap_or_default().to_owned();
    let number = |number: Option<f64>| number.map_or(Rank::Unknown, Rank::Number);
    match order {
        "NAME" => vec![Rank::Text(sort_key(&text("name")))],
        "CREATED_AT" => vec![Rank::Text(text("createdAt"))],
        "UPDATED_AT" => vec![Rank::Text(text("updatedAt"))],
        "ID" => vec![Rank::Text(text("id"))],
        "ARTICLE_COUNT" => vec![number(node["articleCount"].as_f64())],
        "POPULATION" => vec![number(node["population"].as_f64())],
        "PUBLISHED_ON" => vec![number(day(&node["publishedOn"]))],
        // a date without a first day counts by its last; a date without a last day is after all others of its first
        "DATE" => {
            let (first, last) = (day(&node["date"]["earliest"]), day(&node["date"]["latest"]));
            vec![number(first.or(last)), Rank::Number(last.unwrap_or(f64::MAX))]
        }
        other => panic!("nothing is known of the order {other}"),
    }
}

/// Compares two records by criteria, each with whether it descends. Equal records
/// are ordered by id, in the direction of the last criterion.
fn compare(a: &Value, b: &Value, criteria: &[(&str, bool)]) -> Ordering {
    let by_id = ("ID", criteria.last().is_some_and(|(_, down)| *down));
    for (order, down) in criteria.iter().chain([&by_id]) {
        for (a, b) in ranks(a, order).iter().zip(&ranks(b, order)) {
            let found = match (a, b) {
                (Rank::Unknown, Rank::Unknown) => Ordering::Equal,
                (Rank::Unknown, _) => Ordering::Greater,
                (_, Rank::Unknown) => Ordering::Less,
                (a, b) => a.partial_cmp(b).expect("keys can be compared"),
            };
            let known = *a != Rank::Unknown && *b != Rank::Unknown;
            if found != Ordering::Equal {
                return if *down && known { found.reverse() } else { found };
            }
        }
    }
    Ordering::Equal
}

fn graphql(criteria: &[(&str, bool)]) -> String {
    let direction = |down: &bool| if *down { "DESC" } else { "ASC" };
    let each: Vec<_> =
        criteria.iter().map(|(order, down)| format!("{{ field: {order}, direction: {} }}", direction(down))).collect();
    format!("orderBy: [{}]", each.join(", "))
}

/// All combinations of up to two criteria, and some of three.
fn order_combinations(orders: &[String]) -> Vec<Vec<(&str, bool)>> {
    let mut all = vec![];
    for a in orders {
        for a_down in [false, true] {
            all.push(vec![(a.as_str(), a_down)]);
            for b in orders.iter().filter(|b| *b != a) {
                for b_down in [false, true] {
                    all.push(vec![(a.as_str(), a_down), (b.as_str(), b_down)]);
                }
            }
        }
    }
    if let [a, b, c, ..] = orders {
        all.push(vec![(a, false), (b, true), (c, false)]);
        all.push(vec![(b, true), (a, false), (c, true)]);
    }
    all
}

both_databases! {
    async fn every_order_and_every_pair_of_orders_sorts_as_its_name_says(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        for list in lists(&service).await.iter().filter(|list| list.name.starts_with("Query.") || list.name == "Place.events") {
            let of_type = match list.node.as_str() {
                "Place" => "population articleCount",
                "Organization" | "Person" => "articleCount",
                "Event" => "date { earliest latest }",
                "Article" => "publishedOn",
                _ => "",
            };
            let selection = format!("nodes {{ id name createdAt updatedAt {of_type} }}");
            for criteria in order_combinations(&list.orders) {
                let page = list.page(&service, &format!("{}, first: 100", graphql(&criteria)), &selection).await;
                let nodes = page["nodes"].as_array().expect("nodes");
                assert!(nodes.len() >= 7);
                for pair in nodes.windows(2) {
                    assert_eq!(compare(&pair[0], &pair[1], &criteria), Ordering::Less, "{} {}: {pair:#?}", list.name, graphql(&criteria));
                }
            }
        }
    }

    async fn several_criteria_in_mixed_directions_are_paged_without_a_gap(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        let wanted = [
            ("Query.places", vec![("NAME", false), ("POPULATION", true)]),
            ("Query.places", vec![("POPULATION", true), ("NAME", false), ("ID", true)]),
            ("Query.places", vec![("POPULATION", false), ("UPDATED_AT", true), ("NAME", false)]),
            ("Query.events", vec![("NAME", true), ("DATE", false)]),
            ("Query.events", vec![("DATE", true), ("NAME", false)]),
            ("Query.articles", vec![("PUBLISHED_ON", true), ("NAME", false)]),
            ("Query.articles", vec![("PUBLISHED_ON", false), ("NAME", true)]),
            ("Place.articles", vec![("PUBLISHED_ON", false), ("NAME", false)]),
            ("Place.events", vec![("DATE", false), ("NAME", true)]),
            ("Place.contains", vec![("NAME", true), ("POPULATION", false)]),
            ("Article.places", vec![("POPULATION", true), ("NAME", false)]),
            ("Organization.events", vec![("NAME", false), ("DATE", true)]),
        ];
        let lists = lists(&service).await;
        for (name, criteria) in wanted {
            let list = lists.iter().find(|list| list.name == name).expect("the list is declared");
            walk(&service, list, &graphql(&criteria)).await;
        }
    }
}
