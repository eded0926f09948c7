//! Both databases give equal answers to equal queries about equal records, to the byte of every value.

use serde_json::{Value, json};

use crate::support::{
    database::TestDatabase,
    lines::export_text,
    service::{Service, import_text},
};

const RECORD: &str = "id key name arabic: name(languages: [\"ar\"]) version createdAt updatedAt deletedAt mergedIds";
const ENTITY: &str =
    "names { text language kind } description french: description(languages: [\"fr-CA\", \"en\"]) sameAs image";
const DATE: &str = "edtf earliest latest startState endState precision isApproximate isUncertain label label2: label(language: \"ar\") original
    relative { anchor { key } relation duration isApproximate }";
const PAGE: &str = "totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }";

fn documents() -> Vec<String> {
    let page = |field: &str, arguments: &str, selection: &str| {
        format!("{field}({arguments}) {{ {PAGE} edges {{ cursor {selection} }} }}")
    };
    let key = "node { key }";
    let place = format!(
        "{RECORD} {ENTITY} kind countryCode location {{ latitude longitude }} population containedIn {{ key }} ancestors {{ key }} {} {} {} {} {} {} {} related(first: 5) {{ sharedArticles sharedEvents score entity {{ key }} }}",
        page("contains", "first: 5, orderBy: { field: POPULATION, direction: DESC }", key),
        page("neighbours", "last: 3", key),
        page("events", "first: 4, orderBy: { field: DATE, direction: DESC }", key),
        page("organizations", "first: 4", key),
        page("articles", "first: 3", "mentionCount citationCount node { key }"),
        page("mentions", "last: 4", "node { id text start end field }"),
        page("relations", "first: 6, direction: OUTGOING", "node { key kind source { key } target { key } }"),
    );
    let event = format!(
        "{RECORD} {ENTITY} kind status officiallyConfirmed isRecurring date {{ {DATE} }} partOf {{ key }} {} {} {} {} {}",
        page("places", "first: 5", "description isCertain node { key }"),
        page(
            "participants",
            "first: 5",
            "node { id role count description participant { __typename key } citations { nodes { id quote } } }"
        ),
        page("parts", "first: 3, orderBy: { field: NAME }", key),
        page(
            "citations",
            "first: 5",
            &format!(
                "node {{ id field quote start end anchor form modality attributedTo {{ key }} attributedToText attributedToCountry {{ key }} date {{ {DATE} }} note subject {{ __typename id }} }}"
            )
        ),
        page("articles", "first: 5", "mentionCount citationCount node { key }"),
    );
    let article = format!(
        "{RECORD} headline abstract body language publishedOn url image publisher {{ key }} authors {{ key }} dateline {{ key }} {} {} {} {} {} {}",
        page(
            "mentions",
            "first: 30",
            "node { id text start end field class origin anchor entity { __typename key } meant { key } }"
        ),
        page(
            "places",
            "first: 9, orderBy: [{ field: POPULATION }, { field: NAME, direction: DESC }]",
            "mentionCount node { key population }"
        ),
        page("organizations", "last: 3", "mentionCount node { key }"),
        page("people", "first: 3", "mentionCount node { key }"),
        page("events", "first: 5", "citationCount node { key }"),
        page("citations", "first: 5", "node { id quote subject { id } }"),
    );
    let organization = format!(
        "{RECORD} {ENTITY} kind parent {{ key }} headquarters {{ key }} country {{ key }} founded {{ {DATE} }} dissolved {{ {DATE} }} {} {} {}",
        page("subsidiaries", "first: 3", key),
        page("events", "first: 5", "roles node { key }"),
        page("published", "first: 3, orderBy: { field: PUBLISHED_ON }", key),
    );
    let person = format!(
        "{RECORD} {ENTITY} born {{ {DATE} }} died {{ {DATE} }} occupation nationalities {{ key }} {} {}",
        page("events", "last: 2", "roles node { key }"),
        page("authored", "first: 3", key),
    );
    let mut all = vec![];
    for (root, selection, orders) in [
        ("places", place, "NAME POPULATION CREATED_AT ID"),
        ("events", event, "DATE NAME UPDATED_AT ID"),
        ("articles", article, "PUBLISHED_ON NAME"),
        ("organizations", organization, "NAME ID"),
        ("people", person, "NAME CREATED_AT"),
    ] {
        for order in orders.split(' ') {
            for (direction, size) in [("ASC", "first: 25"), ("DESC", "first: 25"), ("ASC", "last: 10")] {
                all.push(format!("{{ {root}({size}, orderBy: {{ field: {order}, direction: {direction} }}) {{ {PAGE} edges {{ cursor node {{ {selection} }} }} }} }}"));
            }
        }
    }
    for filter in [
        "events(where: { date: { overlaps: { from: \"2015-02-01\", to: \"2015-02-28\" } } })",
        "events(where: { not: { date: { within: { from: \"2011-01-01\" } } } })",
        "places(where: { or: [{ countryCode: { equals: \"LY\" } }, { kind: { in: [CONTINENT, REGION] } }], name: { in: [\"ليبيا\", \"Africa\", \"Tripoli\"] } })",
        "places(where: { countryCode: { isNull: true } })",
        "articles(where: { publishedOn: { from: \"2015-02-17\", to: \"2015-02-25\" } })",
    ] {
        all.push(format!("{{ list: {filter} {{ {PAGE} nodes {{ key name }} }} }}"));
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_databases_give_the_same_answers_about_the_demo_corpus() {
    let Some(postgres) = TestDatabase::postgres().await else {
        return;
    };
    let sqlite = TestDatabase::sqlite().await;
    let one = Service::demo(&sqlite).await;
    let connection = sqlite.open().await;
    let lines = export_text(&connection, false).await;
    connection.close().await.expect("the database closes");
    import_text(&postgres, &lines).await;
    let other = Service::new(&postgres).await;
    for document in documents() {
        let (one, other) = (one.data(&document).await, other.data(&document).await);
        assert!(one != json!({}) && one != Value::Null);
        differ(&one, &other, "data", &document);
    }
}

/// Panics with the path of the first difference, because whole answers are too long to read.
fn differ(one: &Value, other: &Value, path: &str, document: &str) {
    match (one, other) {
        (Value::Object(a), Value::Object(b)) => {
            let keys = |fields: &serde_json::Map<String, Value>| fields.keys().cloned().collect::<Vec<_>>();
            assert_eq!(keys(a), keys(b), "the fields of {path} have the same order: {document}");
            a.iter().for_each(|(key, value)| differ(value, &b[key], &format!("{path}.{key}"), document));
        }
        (Value::Array(a), Value::Array(b)) => {
            a.iter().zip(b).enumerate().for_each(|(i, (a, b))| differ(a, b, &format!("{path}.{i}"), document));
            assert_eq!(a.len(), b.len(), "the length of {path}: {document}");
        }
        _ => assert_eq!(one, other, "{path} on SQLite and on Postgres: {document}"),
    }
}
