//! The contract of connections, for every list, in every order, in both directions.

use serde_json::Value;

use super::lists::{List, lists};
use crate::{
    both_databases,
    support::{
        crowd::{crowd, hubs_changed},
        database::TestDatabase,
        service::{Service, import},
    },
};

const SELECTION: &str = "edges { cursor node { id } } nodes { id } totalCount
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }";

/// A page as the client gets it.
struct Page {
    ids: Vec<String>,
    cursors: Vec<String>,
    total: u64,
    has_next: bool,
    has_previous: bool,
}

impl Page {
    async fn read(service: &Service, list: &List, order: &str, arguments: &str) -> Self {
        let page = list.page(service, &format!("{order} {arguments}"), SELECTION).await;
        let place = format!("{} ({order} {arguments})", list.name);
        let texts = |pointer: &str| -> Vec<String> {
            let edges = page["edges"].as_array().expect("edges are a list");
            edges
                .iter()
                .map(|edge| edge.pointer(pointer).and_then(Value::as_str))
                .map(|text| text.unwrap_or_else(|| panic!("no {pointer} in {place}")).to_owned())
                .collect()
        };
        let (ids, cursors) = (texts("/node/id"), texts("/cursor"));
        let nodes: Vec<_> = page["nodes"]
            .as_array()
            .expect("nodes are a list")
            .iter()
            .map(|node| node["id"].as_str().unwrap_or_default())
            .collect();
        assert_eq!(nodes, ids, "nodes are the edges' own: {place}");
        let info = &page["pageInfo"];
        assert_eq!(info["startCursor"].as_str(), cursors.first().map(String::as_str), "startCursor of {place}");
        assert_eq!(info["endCursor"].as_str(), cursors.last().map(String::as_str), "endCursor of {place}");
        Self {
            ids,
            cursors,
            total: page["totalCount"].as_u64().expect("a count"),
            has_next: info["hasNextPage"].as_bool().expect("a truth"),
            has_previous: info["hasPreviousPage"].as_bool().expect("a truth"),
        }
    }
}

/// Asserts the contract for a list in one order.
pub async fn walk(service: &Service, list: &List, order: &str) {
    let place = format!("{} {order}", list.name);
    let whole = Page::read(service, list, order, "first: 100").await;
    let count = whole.ids.len();
    assert!(count >= 5, "the crowd must fill {place}: {count}");
    assert_eq!(whole.total, count as u64, "totalCount of {place}");
    assert!(!whole.has_next && !whole.has_previous, "the whole of {place}");
    let mut once = whole.ids.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), count, "no doubles in {place}");
    let backward = Page::read(service, list, order, "last: 100").await;
    assert_eq!(backward.ids, whole.ids, "the whole of {place}, backward");
    assert!(!backward.has_next && !backward.has_previous, "the whole of {place}, backward");

    for size in 1..=3 {
        let mut at = 0;
        while at < count {
            let after = at.checked_sub(1).map(|at| format!(", after: \"{}\"", whole.cursors[at]));
            let page = Page::read(service, list, order, &format!("first: {size}{}", after.unwrap_or_default())).await;
            let end = (at + size).min(count);
            let place = format!("{place}: {size} from {at} on");
            assert_eq!(page.ids, whole.ids[at..end], "{place}");
            assert_eq!(page.cursors, whole.cursors[at..end], "{place}");
            assert_eq!((page.has_previous, page.has_next), (at > 0, end < count), "{place}");
            assert_eq!(page.total, count as u64, "{place}");
            at = end;
        }
        if size != 2 && !order.is_empty() {
            // one page size is enough for backward paging, because forward paging has covered the list
            continue;
        }
        let mut end = count;
        while end > 0 {
            let before = whole.cursors.get(end).map(|cursor| format!(", before: \"{cursor}\""));
            let page = Page::read(service, list, order, &format!("last: {size}{}", before.unwrap_or_default())).await;
            let at = end.saturating_sub(size);
            let place = format!("{place}: {size} before {end}");
            assert_eq!(page.ids, whole.ids[at..end], "{place}");
            assert_eq!((page.has_previous, page.has_next), (at > 0, end < count), "{place}");
            end = at;
        }
    }
    assert_ends(service, list, order, &whole).await;
    if order.is_empty() {
        assert_empty_pages(service, list, order, &whole).await;
    }
}

/// Pages without rows: they have counts, and say whether there are rows before and after.
async fn assert_empty_pages(service: &Service, list: &List, order: &str, whole: &Page) {
    let cursor = &whole.cursors[1];
    for (arguments, before, after) in [
        ("first: 0".to_owned(), false, true),
        ("last: 0".to_owned(), true, false),
        (format!("first: 0, after: \"{cursor}\""), true, true),
        (format!("last: 0, before: \"{cursor}\""), true, true),
    ] {
        let page = Page::read(service, list, order, &arguments).await;
        let place = format!("{} ({order} {arguments})", list.name);
        assert_eq!(page.ids, [] as [&str; 0], "{place}");
        assert_eq!(page.total, whole.total, "{place}");
        assert_eq!((page.has_previous, page.has_next), (before, after), "{place}");
    }
}

/// Pages beyond both ends, and between two cursors.
async fn assert_ends(service: &Service, list: &List, order: &str, whole: &Page) {
    let place = format!("{} {order}", list.name);
    let (first, last) = (&whole.cursors[0], &whole.cursors[whole.cursors.len() - 1]);
    let after_end = Page::read(service, list, order, &format!("first: 2, after: \"{last}\"")).await;
    assert_eq!(after_end.ids, [] as [&str; 0], "after the end of {place}");
    assert_eq!((after_end.has_previous, after_end.has_next), (true, false), "after the end of {place}");
    let before = Page::read(service, list, order, &format!("last: 2, before: \"{first}\"")).await;
    assert_eq!(before.ids, [] as [&str; 0], "before the start of {place}");
    assert_eq!((before.has_previous, before.has_next), (false, true), "before the start of {place}");
    let inner = &whole.ids[1..whole.ids.len() - 1];
    let between = format!("after: \"{first}\", before: \"{last}\"");
    let page = Page::read(service, list, order, &format!("first: 100, {between}")).await;
    assert_eq!(page.ids, inner, "between the ends of {place}");
    let page = Page::read(service, list, order, &format!("last: 2, {between}")).await;
    assert_eq!(page.ids, inner[inner.len() - 2..], "the last two between the ends of {place}");
}

async fn crowded(database: &TestDatabase) -> Service {
    import(database, &crowd()).await;
    for times in 0..5 {
        import(database, &hubs_changed(times)).await;
    }
    Service::new(database).await
}

async fn walk_lists_of(database: &TestDatabase, types: &[&str]) {
    let service = crowded(database).await;
    let all = lists(&service).await;
    let of = |list: &&List| types.iter().any(|ty| list.name.starts_with(&format!("{ty}.")));
    let mut orders = 0;
    for list in all.iter().filter(of) {
        for order in list.orderings() {
            orders += 1;
            walk(&service, list, &order).await;
        }
    }
    assert!(orders > 0, "{types:?} have no lists");
}

both_databases! {
    async fn the_lists_at_the_root_are_paged_without_a_gap(database: TestDatabase) {
        walk_lists_of(&database, &["Query"]).await;
    }
    async fn the_lists_of_an_article_are_paged_without_a_gap(database: TestDatabase) {
        walk_lists_of(&database, &["Article"]).await;
    }
    async fn the_lists_of_a_place_are_paged_without_a_gap(database: TestDatabase) {
        walk_lists_of(&database, &["Place"]).await;
    }
    async fn the_lists_of_an_organization_are_paged_without_a_gap(database: TestDatabase) {
        walk_lists_of(&database, &["Organization"]).await;
    }
    async fn the_lists_of_a_person_are_paged_without_a_gap(database: TestDatabase) {
        walk_lists_of(&database, &["Person"]).await;
    }
    async fn the_lists_of_an_event_a_participation_and_a_relation_are_paged_without_a_gap(database: TestDatabase) {
        walk_lists_of(&database, &["Event", "Participation", "Relation"]).await;
    }
}
