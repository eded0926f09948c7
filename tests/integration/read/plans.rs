//! How the databases find the rows of a filter: by which index, and whether those of a link come first.

use serde_json::json;

use super::statements::{is_alone, plan, traced, traced_service};
use crate::{
    both_databases,
    support::{crowd::crowd, service::Service},
};

/// The statement of a list with this filter.
async fn statement_of(service: &Service, list: &str, condition: &str) -> String {
    statement_with(service, list, &format!("first: 5, where: {{ {condition} }}")).await
}

/// The statement of a list with these arguments.
async fn statement_with(service: &Service, list: &str, arguments: &str) -> String {
    traced();
    service.data(&format!("{{ {list}({arguments}) {{ nodes {{ id }} }} }}")).await;
    // the index of grams runs statements of its own
    let statements: Vec<_> = traced().into_iter().filter(|statement| statement.sql.contains("nodes")).collect();
    let [statement] = &statements[..] else { panic!("{arguments} takes one statement, not {statements:#?}") };
    statement.sql.clone()
}

/// Filters that an index serves, and the index in SQLite.
const INDEXES: [(&str, &str, &str); 29] = [
    ("places", "id: { equals: \"x\" }", "(id=?)"),
    ("places", "key: { equals: \"x\" }", "uq_record_key"),
    ("places", "name: { equals: \"x\" }", "ix_record_name_text"),
    ("places", "name: { in: [\"x\", \"y\"] }", "ix_record_name_text"),
    ("places", "name: { startsWith: \"xyz\" }", "ix_record_name_text_key"),
    ("places", "name: { contains: \"derna\" }", "record_gram_index"),
    ("places", "key: { startsWith: \"xyz\" }", "ix_record_key_key"),
    ("articles", "url: { equals: \"https://example.org/\" }", "url"),
    ("articles", "url: { startsWith: \"https://\" }", "ix_article_url_key"),
    ("articles", "headline: { startsWith: \"xyz\" }", "ix_article_headline_key_id"),
    ("articles", "publishedOn: { from: \"2015-01-01\" }", "ix_article_published"),
    ("events", "date: { overlaps: { from: \"2015-01-01\" } }", "ix_event_rank"),
    ("events", "date: { within: { from: \"2015-01-01\" } }", "ix_event_rank"),
    ("people", "born: { within: { from: \"1950-01-01\" } }", "ix_person_born_earliest"),
    ("people", "died: { within: { from: \"1950-01-01\" } }", "ix_person_died_earliest"),
    ("organizations", "founded: { within: { from: \"1950-01-01\" } }", "ix_organization_founded_earliest"),
    ("organizations", "dissolved: { within: { from: \"1950-01-01\" } }", "ix_organization_dissolved_earliest"),
    ("changes", "actor: { equals: \"x\" }", "ix_revision_actor"),
    ("places", "within: [\"x\"]", "place_closure"),
    ("places", "near: { latitude: 0, longitude: 0, radiusKm: 1 }", "ix_place_latitude_longitude"),
    ("places", "inBox: { south: 0, west: 0, north: 1, east: 1 }", "ix_place_latitude_longitude"),
    ("places", "events: { some: { id: { equals: \"x\" } } }", "USING PRIMARY KEY (event_id=?)"),
    ("events", "places: { within: [\"x\"] }", "place_event"),
    ("places", "countryCode: { equals: \"LY\" }", "ix_place_country_code"),
    ("articles", "headline: { contains: \"derna\" }", "record_gram_index"),
    ("relations", "since: { within: { from: \"1950-01-01\" } }", "ix_relation_since_earliest"),
    ("relations", "until: { within: { from: \"1950-01-01\" } }", "ix_relation_until_earliest"),
    ("mentions", "anchor: { equals: ORPHANED }", "ix_mention_anchor"),
    ("citations", "anchor: { equals: ORPHANED }", "ix_citation_anchor"),
];

/// Filters by the rows of a link, and whether these are found first, or looked up for each row.
const LINKS: [(&str, &str, bool); 12] = [
    ("places", "articles: { some: { headline: { equals: \"x\" } } }", true),
    ("places", "articles: { some: { url: { equals: \"x\" } } }", true),
    ("places", "articles: { some: { language: { equals: \"ar\" } } }", false),
    ("places", "articles: { some: { language: { in: [\"ar\", \"en\"] } } }", false),
    ("places", "organizations: { some: { name: { equals: \"x\" } } }", true),
    ("places", "organizations: { some: { name: { startsWith: \"xyz\" } } }", true),
    ("places", "name: { startsWith: \"x\" }", true),
    ("places", "articles: { some: { headline: { startsWith: \"x\" } } }", false),
    ("events", "places: { some: { countryCode: { equals: \"LY\" } } }", false),
    ("events", "places: { near: { latitude: 31, longitude: 16, radiusKm: 20 } }", true),
    ("events", "places: { near: { latitude: 31, longitude: 16, radiusKm: 20000 } }", false),
    ("articles", "people: { some: { occupation: { equals: \"x\" } } }", false),
];

/// Lists with a filter and an order, and what sorts them on Postgres after a filter that leaves few rows; nothing where an index has the
/// order.
const SORTED: [(&str, &str, &str, Option<&str>); 9] = [
    ("places", "name: { startsWith: \"z\" }", "NAME", Some("|| ''")),
    ("places", "name: { equals: \"x\" }", "POPULATION", Some("+ 0")),
    ("places", "name: { contains: \"derna\" }", "CREATED_AT", Some("interval '0'")),
    ("places", "near: { latitude: 0, longitude: 0, radiusKm: 1 }", "NAME", Some("|| ''")),
    ("articles", "headline: { startsWith: \"z\" }", "PUBLISHED_ON", Some("+ 0")),
    ("places", "kind: { equals: CITY }", "NAME", None),
    ("articles", "mentions: { any: [\"place/hub\"] }", "PUBLISHED_ON", None),
    ("articles", "publisher: { is: { name: { startsWith: \"a\" } } }", "PUBLISHED_ON", None),
    ("articles", "publishedOn: { from: \"2015-01-01\" }", "PUBLISHED_ON", None),
];

both_databases! {
    async fn each_filter_is_served_by_the_index_that_the_guide_names(database: TestDatabase) {
        if database.is_postgres() || !is_alone() {
            return;
        }
        let service = traced_service(&database, &crowd()).await;
        let mut statements = vec![];
        for (list, condition, index) in INDEXES {
            statements.push((condition, index, statement_of(&service, list, condition).await));
        }
        // planned at the end, because that is traced as well
        let mut wrong = vec![];
        for (condition, index, sql) in statements {
            let plan = plan(&database, &sql).await;
            if !plan.iter().any(|step| step.contains(index)) {
                wrong.push(json!([condition, index, plan]));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    async fn rows_of_a_link_are_found_first_where_few_match(database: TestDatabase) {
        if !is_alone() {
            return;
        }
        let service = traced_service(&database, &crowd()).await;
        let mut wrong = vec![];
        for (list, condition, expected) in LINKS {
            let sql = statement_of(&service, list, condition).await;
            if sql.contains(" IN (SELECT ") != expected {
                wrong.push(json!([condition, sql]));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
    async fn a_list_is_sorted_after_a_filter_that_leaves_few_rows(database: TestDatabase) {
        if !is_alone() {
            return;
        }
        let service = traced_service(&database, &crowd()).await;
        for (list, condition, order, sorted_by) in SORTED {
            let arguments = format!("first: 5, where: {{ {condition} }}, orderBy: {{ field: {order} }}");
            let sql = statement_with(&service, list, &arguments).await;
            let order = sql.rsplit_once("ORDER BY").expect("an order").1;
            let found = ["|| ''", "+ 0", "interval '0'"].into_iter().find(|mark| order.contains(mark));
            assert_eq!(found, sorted_by.filter(|_| database.is_postgres()), "{list}, {condition}: {order}");
        }
    }
}
