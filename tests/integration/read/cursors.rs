//! Invalid pages are refused, in the same way by every list, with an error of the field.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::lists::{List, lists};
use crate::{
    both_databases,
    support::{
        crowd::{crowd, hubs_changed},
        database::TestDatabase,
        service::{Service, import, refusal},
    },
};

const BROKEN: &str = "is not a cursor of this service.";
const FOREIGN: &str = "is a cursor of another list or another order.";

async fn crowded(database: &TestDatabase) -> (Service, Vec<List>) {
    import(database, &crowd()).await;
    for times in 0..3 {
        import(database, &hubs_changed(times)).await;
    }
    let service = Service::new(database).await;
    let lists = lists(&service).await;
    (service, lists)
}

async fn cursor(service: &Service, list: &List, order: &str) -> String {
    let page = list.page(service, &format!("{order} first: 2"), "pageInfo { endCursor }").await;
    page["pageInfo"]["endCursor"].as_str().expect("a cursor").to_owned()
}

/// Asserts that a page is refused.
async fn refused(service: &Service, list: &List, arguments: &str, message: &str) {
    assert_cursor_refused(service, list, arguments, "", message).await;
}

/// The same with a cursor, which `arguments` name as `$cursor`.
async fn assert_cursor_refused(service: &Service, list: &List, arguments: &str, cursor: &str, message: &str) {
    let mut document = list.document(arguments, "nodes { id }");
    if arguments.contains("$cursor") {
        document = format!("query ($cursor: String) {document}");
    }
    let answer = service.ask_with(&document, json!({ "cursor": cursor })).await;
    let (path, found) = refusal(&answer);
    assert_eq!((path, found.as_str()), (list.path(), message), "{cursor} in {document}");
    // the list is not nullable, so that the root field or all data is null
    let root = list.path();
    let root = root.split('.').next().unwrap_or_default();
    let expected = if list.name.starts_with("Query.") { Value::Null } else { json!({ root: null }) };
    assert_eq!(answer["data"], expected, "{document}");
}

both_databases! {
    async fn a_cursor_of_another_list_or_another_order_is_refused(database: TestDatabase) {
        let (service, lists) = crowded(&database).await;
        let mut cursors = vec![];
        for list in &lists {
            cursors.push(cursor(&service, list, "").await);
        }
        let mut pairs = 0;
        for list in &lists {
            for (other, cursor) in lists.iter().zip(&cursors) {
                if list.name == other.name || shared(list, other) {
                    continue;
                }
                pairs += 1;
                assert_cursor_refused(&service, list, "after: $cursor", cursor, &format!("`after` {FOREIGN}")).await;
            }
            for order in list.orderings().into_iter().step_by(2) {
                let cursor = cursor(&service, list, &order).await;
                for other in list.orderings().iter().filter(|other| !same_order(list, &order, other)) {
                    assert_cursor_refused(&service, list, &format!("{other} last: 1, before: $cursor"), &cursor, &format!("`before` {FOREIGN}")).await;
                }
            }
        }
        assert!(pairs > 500, "every list was held against every other one: {pairs}");
    }

    async fn a_cursor_that_is_broken_or_cut_off_is_refused(database: TestDatabase) {
        let (service, lists) = crowded(&database).await;
        for list in &lists {
            let good = cursor(&service, list, "").await;
            let mut bad: Vec<String> = ["", " ", "x", "null", "💥", "' or 1 = 1 --", "a\u{0}b"].map(str::to_owned).into();
            bad.extend((1..good.len()).step_by(5).map(|end| good[..end].to_owned()));
            bad.push(format!("{good}="));
            let values: Vec<Value> = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(&good).expect("base64")).expect("JSON");
            let tag = values[0].clone();
            // forged cursors: of the right list, with values that no row can have
            for forged in [json!([]), json!({}), json!(5), json!([1]), json!([null, 1, 2])] {
                bad.push(URL_SAFE_NO_PAD.encode(forged.to_string()));
            }
            for wrong in [json!(null), json!([1]), json!({ "a": 1 }), json!("a\u{0}b"), json!(1e300)] {
                let forged: Vec<_> = std::iter::once(&tag).chain(std::iter::repeat_n(&wrong, values.len() - 1)).collect();
                bad.push(URL_SAFE_NO_PAD.encode(json!(forged).to_string()));
            }
            for bad in bad {
                assert_cursor_refused(&service, list, "after: $cursor", &bad, &format!("`after` {BROKEN}")).await;
            }
            refused(&service, list, "before: \"?\", last: 1", &format!("`before` {BROKEN}")).await;
        }
    }

    async fn a_forged_cursor_shows_no_row_twice(database: TestDatabase) {
        let (service, lists) = crowded(&database).await;
        let articles = lists.iter().find(|list| list.name == "Query.articles").expect("it is declared");
        let order = "orderBy: { field: PUBLISHED_ON }";
        let all = articles.page(&service, &format!("{order}, first: 100"), "nodes { id }").await;
        let good = cursor(&service, articles, &format!("{order},")).await;
        let mut values: Vec<Value> = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(&good).expect("base64")).expect("JSON");
        for day in [i32::MIN, i32::MIN + 1, 0] {
            // before all possible days of an article
            values[1] = day.into();
            values[2] = "00000000-0000-0000-0000-000000000000".into();
            let made_up = URL_SAFE_NO_PAD.encode(json!(values).to_string());
            let arguments = format!("{order}, first: 100, after: \"{made_up}\"");
            assert_eq!(articles.page(&service, &arguments, "nodes { id }").await, all);
        }
    }

    async fn a_page_has_at_most_100_rows_and_one_direction(database: TestDatabase) {
        let (service, lists) = crowded(&database).await;
        for list in &lists {
            for size in [-1, 101, i32::MAX, i32::MIN] {
                for argument in ["first", "last"] {
                    let message = format!("`{argument}` must be from 0 to 100, not {size}.");
                    refused(&service, list, &format!("{argument}: {size}"), &message).await;
                }
            }
            refused(&service, list, "first: 1, last: 1", "Use `first` or `last`, not both.").await;
        }
    }
}

/// A list of an interface is the same list in all its types, so that it can be paged through the interface.
fn shared(list: &List, other: &List) -> bool {
    list.field == other.field && list.interfaces.iter().any(|name| other.interfaces.contains(name))
}

fn same_order(list: &List, order: &str, other: &str) -> bool {
    let is_default = |none: &str, other: &str| {
        let default = match list.node.as_str() {
            "Article" => "PUBLISHED_ON, direction: DESC",
            "Event" => "DATE, direction: ASC",
            _ => "NAME, direction: ASC",
        };
        none.is_empty() && other.contains(default)
    };
    order == other || is_default(order, other) || is_default(other, order)
}
