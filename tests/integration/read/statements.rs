//! The number and the text of the statements that the driver executes for a request. The counts come from the trace of
//! SQLite, and from the statistics of the Postgres server.

use std::sync::{Mutex, PoisonError};

use sea_orm::{ConnectionTrait, Database, Statement};
use serde_json::{Value, json};
use tracing::{Event, Subscriber, field::Visit};
use tracing_subscriber::{
    Layer,
    layer::{Context, SubscriberExt as _},
    util::SubscriberInitExt as _,
};

use crate::{
    both_databases,
    support::{
        database::TestDatabase,
        service::{Service, import},
    },
};

/// Set in the process that a test starts to be alone.
const ALONE: &str = "DATELINE_TEST_ALONE";

/// Runs the test again in a separate process, because other tests in the same process trace their statements, too.
/// Gives whether this is the separate process.
pub(super) fn is_alone() -> bool {
    if std::env::var_os(ALONE).is_some() {
        return true;
    }
    let thread = std::thread::current();
    let test = thread.name().expect("a test runs on a thread of its name");
    let output = std::process::Command::new(std::env::current_exe().expect("the tests are a program"))
        .args(["--exact", test, "--nocapture"])
        .env(ALONE, "1")
        .output()
        .expect("the program starts");
    let printed = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && printed.contains("1 passed"), "{printed}");
    false
}

/// A statement of the trace.
#[derive(Clone, Debug, Default)]
pub(super) struct TracedStatement {
    pub(super) sql: String,
    prepared_again: i64,
}

static STATEMENTS: Mutex<Vec<TracedStatement>> = Mutex::new(vec![]);
/// Statements of the drivers for writing.
static OTHERS: Mutex<Vec<String>> = Mutex::new(vec![]);

struct Trace;

impl<S: Subscriber> Layer<S> for Trace {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let target = event.metadata().target();
        if target == "dateline::statement" {
            let mut statement = TracedStatement::default();
            event.record(&mut statement);
            STATEMENTS.lock().unwrap_or_else(PoisonError::into_inner).push(statement);
        } else if target.ends_with("::pgpass") {
            // the connection for writes is opened as well, and searches for a password file
        } else if target.starts_with("sqlx") || target.starts_with("sea_orm") {
            OTHERS.lock().unwrap_or_else(PoisonError::into_inner).push(format!("{event:?}"));
        }
    }
}

impl Visit for TracedStatement {
    fn record_i64(&mut self, field: &tracing::field::Field, value: i64) {
        if field.name() == "prepared_again" {
            self.prepared_again = value;
        }
    }
    fn record_str(&mut self, field: &tracing::field::Field, value: &str) {
        if field.name() == "sql" {
            value.clone_into(&mut self.sql);
        }
    }
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        if field.name() == "sql" {
            self.sql = format!("{value:?}");
        }
    }
}

/// The statements since the last call.
pub(super) fn traced() -> Vec<TracedStatement> {
    assert_eq!(
        *OTHERS.lock().unwrap_or_else(PoisonError::into_inner),
        [] as [String; 0],
        "reads have drivers of their own"
    );
    std::mem::take(&mut *STATEMENTS.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Makes the server count the statements of new connections to this database. It must not count others, because it
/// stores some thousand statements only, and drops some if there are more.
async fn count_from_now_on(database: &TestDatabase) {
    if database.is_postgres() {
        let connection = database.raw().await;
        let name = name_of(database);
        let sql = format!("ALTER DATABASE \"{name}\" SET pg_stat_statements.track = 'top'");
        // If the server cannot count, `executed` says so.
        let _ = connection.execute_unprepared(&sql).await;
        connection.close().await.expect("it closes in order");
    }
}

/// The query plan of SQLite for a statement.
pub(super) async fn plan(database: &TestDatabase, sql: &str) -> Vec<String> {
    let connection = database.raw().await;
    let explain = Statement::from_string(connection.get_database_backend(), format!("EXPLAIN QUERY PLAN {sql}"));
    let steps = connection.query_all_raw(explain).await.expect("it is a statement");
    steps.iter().map(|step| step.try_get("", "detail").expect("each says what it does")).collect()
}

fn name_of(database: &TestDatabase) -> &str {
    let name = database.url.rsplit_once('/').map_or("", |(_, name)| name);
    name.split('?').next().unwrap_or_default()
}

/// The number of statements that the server has executed in this database; none if it does not count them.
async fn executed(database: &TestDatabase) -> Option<i64> {
    if !database.is_postgres() {
        return None;
    }
    // asked in another database, so that this query is not counted
    let admin = std::env::var("DATELINE_TEST_POSTGRES").expect("it is set where Postgres is tested");
    let connection = Database::connect(admin).await.expect("the server answers");
    let ask = |sql: String| Statement::from_string(connection.get_database_backend(), sql);
    connection.execute_unprepared("SELECT pg_advisory_lock(7238)").await.expect("a lock");
    let extended = connection.execute_unprepared("CREATE EXTENSION IF NOT EXISTS pg_stat_statements").await;
    let name = name_of(database);
    let calls = format!(
        "SELECT coalesce(sum(s.calls), 0)::bigint AS calls FROM pg_stat_statements s
         JOIN pg_database d ON d.oid = s.dbid WHERE d.datname = '{name}'"
    );
    let row = match extended {
        Ok(_) => connection.query_one_raw(ask(calls)).await.ok().flatten(),
        Err(_) => None,
    };
    connection.close().await.expect("the lock is released");
    let Some(row) = row else {
        eprintln!(
            "The server does not count statements (shared_preload_libraries=pg_stat_statements): only the trace does."
        );
        return None;
    };
    OTHERS.lock().unwrap_or_else(PoisonError::into_inner).clear();
    Some(row.try_get("", "calls").expect("a number"))
}

/// Answers a document and asserts the number of executed statements.
async fn assert_statement_count(
    service: &Service,
    database: &TestDatabase,
    document: &str,
    variables: Value,
    expected: usize,
) -> Value {
    let before = executed(database).await;
    traced();
    let answer = service.ask_with(document, variables).await;
    let statements = traced();
    assert_eq!(statements.len(), expected, "{document}: {statements:#?}");
    if let (Some(before), Some(after)) = (before, executed(database).await) {
        assert_eq!(after - before, i64::try_from(expected).expect("few"), "{document}");
    }
    answer
}

/// Sixty articles, each with its own place, organization and event.
async fn service_with_sixty_articles(database: &TestDatabase) -> Service {
    let mut lines = vec![json!({ "type": "PERSON", "key": "person", "name": "Everywhere" })];
    for i in 0..60 {
        lines.extend([
            json!({ "type": "PLACE", "key": format!("place/{i}"), "name": format!("Place {i}"), "kind": "CITY" }),
            json!({ "type": "ORGANIZATION", "key": format!("organization/{i}"), "name": format!("Organization {i}"),
                "kind": "AGENCY", "headquarters": format!("place/{i}") }),
            json!({ "type": "EVENT", "key": format!("event/{i}"), "name": format!("Event {i}"), "kind": "MEETING",
                "places": [{ "place": format!("place/{i}") }],
                "participants": [{ "participant": format!("organization/{i}"), "role": "HOST" }, { "participant": "person", "role": "SPEAKER" }] }),
            json!({ "type": "ARTICLE", "key": format!("article/{i}"), "headline": format!("Article {i}"), "language": "en",
                "body": "The place.", "mentions": [{ "entity": format!("place/{i}"), "field": "BODY", "start": 4, "end": 9 }] }),
        ]);
    }
    traced_service(database, &lines).await
}

/// A service with these records, whose statements are traced.
pub(super) async fn traced_service(database: &TestDatabase, lines: &[Value]) -> Service {
    import(database, lines).await;
    count_from_now_on(database).await;
    // the trace begins after the records are written, and before the database is opened for reading
    tracing_subscriber::registry().with(Trace).init();
    Service::new(database).await
}

const ARTICLES: &str = "query ($first: Int) { articles(first: $first) { totalCount pageInfo { hasNextPage endCursor } nodes { headline
    places { edges { cursor mentionCount node { name
        events(includeContained: true) { totalCount pageInfo { hasPreviousPage } nodes { name date { edtf label }
            participants { nodes { role participant { __typename name ... on Organization { headquarters { name } } } } } } } } } } } } }";
const FILTERED: &str = "query ($first: Int) { events(first: $first, where: { participants: { some: { participant: { name: { equals: \"Everywhere\" } } } }, places: { none: { kind: { equals: COUNTRY } } } }) {
    nodes { places(where: { organizations: { some: { participations: { some: { role: { equals: HOST } } } } } }) { nodes { organizations { nodes {
        events(where: { not: { participants: { none: { role: { equals: SPEAKER } } } } }) { nodes { participants(where: { participant: { person: {} } }) { nodes { role } } } } } } } } } } }";
const COUNTED: &str = "query ($first: Int) { places(first: $first) { facets(by: [KIND, COUNTRY]) { missing } nodes { events { histogram { undated }
    facets(by: [KIND, PLACE, PARTICIPANT, ROLE]) { total missing buckets { label isSelected record { id ... on Place { events { facets(by: [STATUS]) { buckets { label } } } } } } } } } } }";
const EVENTS: &str = "query ($first: Int) { events(first: $first) { nodes { name key version
    places { nodes { name names { text } sameAs
        organizations { nodes { name related { score entity { name } }
            events { edges { roles node { name history { nodes { operation } } } } } } } } } } } }";

both_databases! {
    async fn four_levels_take_one_statement_for_each_root_field(database: TestDatabase) {
        if !is_alone() {
            return;
        }
        let service = service_with_sixty_articles(&database).await;
        for (document, root, pointer) in [
            (ARTICLES, "articles", "/places/edges/0/node/events/nodes/0/participants/nodes/0/participant/headquarters/name"),
            (FILTERED, "events", "/places/nodes/0/organizations/nodes/0/events/nodes/0/participants/nodes/0/role"),
            (COUNTED, "places", "/events/facets/1/buckets/0/record/events/facets/0/buckets/0/label"),
            (EVENTS, "events", "/places/nodes/0/organizations/nodes/0/events/edges/0/node/history/nodes/0/operation"),
        ] {
            for parents in [1, 50] {
                let answer = assert_statement_count(&service, &database, document, json!({ "first": parents }), 1).await;
                assert_eq!(answer.get("errors"), None);
                let nodes = answer["data"][root]["nodes"].as_array().expect("nodes");
                assert_eq!(nodes.len(), parents);
                for node in nodes {
                    assert!(node.pointer(pointer).is_some_and(Value::is_string), "all four levels are there: {node:#}");
                }
            }
        }
        let two = "{ articles(first: 50) { nodes { places { nodes { events { nodes { name } } } } } } events { nodes { places { nodes { name } } } } }";
        assert_statement_count(&service, &database, two, json!({}), 2).await;
        let merged = "{ places { nodes { id } } ... on Query { places { nodes { name } totalCount } } }";
        assert_statement_count(&service, &database, merged, json!({}), 1).await;
        let aliased = "{ a: places { nodes { id } } b: places { nodes { id } } }";
        assert_statement_count(&service, &database, aliased, json!({}), 2).await;
        let id = service.id("place/0").await;
        let single = "query ($id: ID!) { node(id: $id) { ... on Place { name events { nodes { name } } } } nodes(ids: [$id, $id]) { id } place(id: $id) { name } }";
        assert_statement_count(&service, &database, single, json!({ "id": id }), 3).await;
    }

    async fn no_statement_runs_for_refused_requests_or_those_that_need_no_rows(database: TestDatabase) {
        if !is_alone() {
            return;
        }
        let service = service_with_sixty_articles(&database).await;
        for document in [
            "{ __typename }",
            "{ __schema { queryType { name } } }",
            "{ places(first: -1) { nodes { id } } }",
            "{ places { nodes { nothing } } }",
            "{ places(where: { near: { latitude: 91, longitude: 0, radiusKm: 1 } }) { nodes { id } } }",
        ] {
            assert_statement_count(&service, &database, document, json!({}), 0).await;
        }
    }

    async fn the_text_of_a_statement_is_the_same_for_all_values(database: TestDatabase) {
        if !is_alone() {
            return;
        }
        let service = service_with_sixty_articles(&database).await;
        let document = "query ($text: String, $texts: [String!], $id: ID!, $ids: [ID!]!, $after: String, $day: Date, $languages: [LanguageTag!], $url: Url, $degrees: Float!, $west: Float!) {
            areas: places(where: { within: $ids, near: { latitude: $degrees, longitude: $west, radiusKm: $degrees }, inBox: { south: $degrees, west: $west, north: $degrees, east: $degrees },
                population: { gte: $degrees, lt: $west }, events: { some: { participants: { some: { participant: { id: { in: $ids } }, description: { equals: $text } } } } } }) { nodes { id } }
            other_articles: articles(where: { mentions: { all: $ids, any: $ids }, language: { notIn: $texts } }) { nodes { id } }
            events(first: 7, after: $after, where: { or: [{ name: { equals: $text } }, { key: { in: $texts } }, { not: { id: { in: $ids } } },
                { id: { equals: $id } }, { date: { overlaps: { from: $day }, within: { to: $day } } }, { kind: { equals: MEETING } }] }) {
                nodes { name(languages: $languages) description(languages: $languages) date { label } } pageInfo { hasPreviousPage endCursor }
                histogram(interval: CENTURY) { undated } facets(by: [KIND, PLACE, ROLE]) { missing buckets { label(languages: $languages) isSelected } } }
            articles(where: { publishedOn: { from: $day }, headline: { equals: $text } }) { nodes { name } }
            place(id: $id) { name relations(at: $day) { nodes { id } } }
            node(id: $id) { id } nodes(ids: $ids) { id } record(key: $text) { id } other: record(sameAs: $url) { id } another: record(url: $url) { id } }";
        let mut texts = vec![];
        for i in 0..3 {
            let after = service.data_with("query ($n: Int) { events(first: $n) { pageInfo { endCursor } } }", json!({ "n": i + 2 })).await;
            let after = after["events"]["pageInfo"]["endCursor"].clone();
            let tags = ["fr", "ar", "sv"];
            let marks: Vec<String> = (0..=i).map(|n| format!("mark'{n}\" --")).collect();
            let id = service.id(&format!("place/{i}")).await;
            let ids: Vec<_> = std::iter::repeat_n(&id, i + 1).collect();
            let variables = json!({ "text": format!("mark'{i}"), "texts": marks, "id": id, "ids": ids, "after": after,
                "day": format!("2015-02-1{i}"), "languages": [tags[i]], "url": format!("https://mark.example/{i}"), "degrees": i, "west": ([30, 10, -10][i]) });
            traced();
            let answer = service.ask_with(document, variables.clone()).await;
            assert_eq!(answer.get("errors"), None);
            let mut statements: Vec<_> = traced().into_iter().map(|statement| statement.sql).collect();
            assert_eq!(statements.len(), 10);
            // root fields run at the same time
            statements.sort_unstable();
            for sql in &statements {
                for value in ["mark", id.as_str(), "2015-02-1", "MEETING", "'fr'", "'ar'", "'sv'"] {
                    assert!(!sql.contains(value), "{value} is in {sql}");
                }
            }
            texts.push(statements);
        }
        assert_eq!(texts[0], texts[1]);
        assert_eq!(texts[1], texts[2]);
    }

    async fn a_statement_is_never_prepared_again(database: TestDatabase) {
        if database.is_postgres() || !is_alone() {
            return;
        }
        let service = service_with_sixty_articles(&database).await;
        traced();
        for first in [1, 50] {
            for i in 0..20 {
                let named = "query ($first: Int, $name: String, $ids: [ID!]) { places(first: $first, where: { or: [{ name: { equals: $name } }, { not: { id: { in: $ids } } }] }) { nodes { name events { totalCount } } } }";
                let ids: Vec<String> = (0..i).map(|_| uuid::Uuid::now_v7().to_string()).collect();
                service.data_with(named, json!({ "first": first, "name": format!("Place {i}"), "ids": ids })).await;
                service.data_with(ARTICLES, json!({ "first": first })).await;
            }
        }
        let statements = traced();
        assert_eq!(statements.len(), 80);
        for statement in statements {
            assert_eq!(statement.prepared_again, 0, "{}", statement.sql);
        }
    }

    async fn the_history_of_a_record_is_found_by_an_index(database: TestDatabase) {
        if database.is_postgres() || !is_alone() {
            return;
        }
        let place = |n: usize| json!({ "type": "PLACE", "key": format!("p{n}"), "name": "Place", "kind": "CITY" });
        let service = traced_service(&database, &(0..3).map(place).collect::<Vec<_>>()).await;
        traced();
        let asked = "{ places { nodes { key history(first: 2) { nodes { operation } } } } }";
        let places = service.data_with(asked, json!({})).await;
        for place in places["places"]["nodes"].as_array().expect("there are places") {
            assert_eq!(place["history"]["nodes"], json!([{ "operation": "CREATE" }]), "{place}");
        }
        let [statement] = &traced()[..] else { panic!("it takes one statement") };
        let plan = plan(&database, &statement.sql).await;
        let by_record = |step: &String| step.contains("USING INDEX ix_revision_record_id") && step.contains("(record_id=?");
        assert!(plan.iter().any(by_record), "{plan:#?}");
    }

    async fn nested_lists_are_read_in_the_order_of_an_index(database: TestDatabase) {
        if database.is_postgres() || !is_alone() {
            return;
        }
        let service = traced_service(&database, &crate::support::crowd::crowd()).await;
        let mut statements = vec![];
        for (list, index) in [
            ("contains", "ix_place_contained_in_id_name_key_id"),
            ("contains(deep: true)", "ix_place_closure_ancestor_id_name_key_descendant_id"),
            ("organizations", "ix_place_organization_place_id_name_key_organization_id"),
            ("organizations(links: [COUNTRY], includeContained: false)", "ix_place_organization_place_id_name_key_organization_id"),
            ("nationals", "ix_person_nationality_place_id_name_key_person_id"),
            ("datelined", "ix_article_dateline_id_published_desc_id"),
            ("participations", "ix_participation_participant_id_position_id"),
            ("attributions", "ix_citation_attributed_to_id_position_id"),
            ("unnamedAttributions", "ix_citation_attributed_to_country_id_position_id"),
        ] {
            traced();
            service.data(&format!("{{ places {{ nodes {{ {list} {{ nodes {{ id }} }} }} }} }}")).await;
            let [statement] = &traced()[..] else { panic!("it takes one statement") };
            statements.push((list, index, statement.sql.clone()));
        }
        // planned at the end, because that is traced as well
        for (list, index, sql) in statements {
            let plan = plan(&database, &sql).await;
            assert!(plan.iter().any(|step| step.contains(index)), "{index} in {plan:#?}");
            assert!(!plan.iter().any(|step| step.contains("TEMP B-TREE FOR ORDER BY")), "{list}: {plan:#?}");
        }
    }

    async fn a_page_in_the_order_of_days_begins_at_its_cursor(database: TestDatabase) {
        if database.is_postgres() || !is_alone() {
            return;
        }
        let article = |n: usize| json!({ "type": "ARTICLE", "key": format!("a{n}"), "headline": "On the day",
            "language": "en", "publishedOn": (n < 4).then(|| format!("2020-01-0{}", n + 1)) });
        let service = traced_service(&database, &(0..8).map(article).collect::<Vec<_>>()).await;
        let page = "query ($after: String) { articles(first: 1, after: $after, orderBy: { field: PUBLISHED_ON })
            { nodes { key } pageInfo { endCursor } } }";
        let mut after = Value::Null;
        let (mut keys, mut statements) = (vec![], vec![]);
        for _ in 0..8 {
            traced();
            let articles = service.data_with(page, json!({ "after": after })).await;
            after = articles["articles"]["pageInfo"]["endCursor"].clone();
            keys.push(articles["articles"]["nodes"][0]["key"].as_str().expect("there is one more").to_owned());
            statements.extend(traced().into_iter().map(|statement| statement.sql));
        }
        keys[4..].sort_unstable();
        assert_eq!(keys, (0..8).map(|n| format!("a{n}")).collect::<Vec<_>>());
        // the first page has no cursor
        assert_eq!(statements.len(), 8);
        for sql in &statements[1..] {
            let plan = plan(&database, sql).await;
            let begins = "USING INDEX ix_article_published_asc_id ((published_asc,id)>(?,?))";
            assert!(plan.iter().any(|step| step.contains(begins)), "{begins} in {plan:#?}");
        }
    }
}
