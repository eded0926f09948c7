//! What a search may take: bytes of the index, hits, matches, bytes of the answer, and its cost.

use std::time::{Duration, Instant};

use async_graphql::Request;
use dateline::{
    domain::queue::WriteQueue,
    graphql::{self, document::limit::Limits},
    text::retrieval::write_block,
};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use super::keys;
use crate::{
    both_databases,
    support::{
        database::TestDatabase,
        service::{Service, refusal, serve_service},
    },
};

/// The service with these limits.
async fn limited(database: &TestDatabase, limits: Limits) -> Service {
    let mut service = Service::new(database).await;
    service.schema = graphql::schema(service.reader.clone(), WriteQueue::start(database.open().await), &limits);
    service
}

/// Articles with a body.
fn articles(number: usize, body: &str) -> Vec<Value> {
    let article = |n: usize| json!({ "type": "ARTICLE", "key": format!("a{n:02}"), "headline": format!("News {n}"), "language": "en", "body": body });
    (0..number).map(article).collect()
}

/// Adds rows to the index: a term, which is its own form, with its postings in each block from the first one on.
async fn add_postings(database: &TestDatabase, term: &str, postings: &str, blocks: usize) {
    let connection = database.raw().await;
    let backend = connection.get_database_backend();
    let sql = if database.is_postgres() {
        "INSERT INTO search_posting (term, block, postings) SELECT $1, block, $2 FROM generate_series(0, $3) AS block"
    } else {
        "WITH RECURSIVE number (block) AS (SELECT 0 UNION ALL SELECT block + 1 FROM number WHERE block < ?3)
         INSERT INTO search_posting (term, block, postings) SELECT ?1, block, ?2 FROM number"
    };
    let last = i32::try_from(blocks).expect("few blocks") - 1;
    let insert = Statement::from_sql_and_values(backend, sql, [term.into(), postings.into(), last.into()]);
    connection.execute_raw(insert).await.expect("the rows are inserted");
    let form = format!("INSERT INTO search_form (form, term) VALUES ('{term}', '{term}')");
    connection.execute_unprepared(&form).await.expect("the form is inserted");
    connection.close().await.expect("the connection closes");
}

/// Lengthens the bodies of all articles, but not in the index: an import would analyse the long texts.
async fn lengthen_bodies(database: &TestDatabase, part: &str, times: usize) {
    let repeated = if database.is_postgres() {
        format!("repeat('{part}', {times})")
    } else {
        // a zero byte is two digits
        format!("replace(hex(zeroblob({})), '0', '{part}')", times / 2)
    };
    let connection = database.raw().await;
    let update = format!("UPDATE article SET body = body || ' ' || {repeated}");
    connection.execute_unprepared(&update).await.expect("the bodies grow");
    connection.close().await.expect("the connection closes");
}

/// The matches of a hit so many times.
fn aliases(number: usize, selection: &str) -> String {
    (0..number).map(|n| format!("m{n}: matches {{ {selection} }}")).collect::<Vec<_>>().join(" ")
}

/// A block of places that have a term in their names.
fn block_of_places() -> String {
    write_block((0..256).map(|place| (place, "JAIA")))
}

/// The only error: its code, its path and its message.
async fn error(service: &Service, document: &str) -> (String, Value, String) {
    let answer: Value =
        serde_json::from_slice(&graphql::answer(&service.schema.execute(Request::new(document)).await)).expect("JSON");
    let errors = answer["errors"].as_array().unwrap_or_else(|| panic!("an error was expected: {answer}"));
    assert_eq!(errors.len(), 1, "{answer}");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    (text(&errors[0]["extensions"]["code"]), errors[0]["path"].clone(), text(&errors[0]["message"]))
}

both_databases! {
    async fn words_with_too_many_postings_are_refused(database: TestDatabase) {
        let service = Service::with_records(&database, &articles(1, "A flood.")).await;
        add_postings(&database, "deluge", &"A".repeat(9 * 1024 * 1024), 2).await;
        let too_frequent = "The words of the search are too frequent. Leave out the most frequent ones and short prefixes.";
        for (document, path) in [
            ("{ search(query: \"deluge\") { totalCount } }", "search"),
            ("{ search(query: \"flood delu*\") { totalCount } }", "search"),
            ("{ articles(where: { search: \"deluge\" }) { totalCount } }", "articles"),
        ] {
            assert_eq!(refusal(&service.ask(document).await), (path.to_owned(), too_frequent.to_owned()), "{document}");
        }
        assert_eq!(service.data("{ search(query: \"flood\") { totalCount } }").await["search"]["totalCount"], 1);
    }

    async fn frequent_words_are_found_like_rare_ones(database: TestDatabase) {
        // more postings than a search reads at first
        let mut records = articles(4, &"war ".repeat(80_000));
        records.extend([
            json!({ "type": "PLACE", "key": "rare", "kind": "CITY", "name": "War rare", "language": "en" }),
            json!({ "type": "EVENT", "key": "none", "kind": "CLASH", "name": "Rare", "language": "en" }),
        ]);
        let service = Service::with_records(&database, &records).await;
        for (query, expected) in [
            ("war", &["a00", "a01", "a02", "a03", "rare"] as &[&str]),
            ("war war \"war war\" war", &["a00", "a01", "a02", "a03"]),
            ("rare war", &["rare"]),
            ("rare -war", &["none"]),
        ] {
            let found = keys(&service, query, Value::Null).await;
            assert_eq!(found, expected, "{query}");
        }
        assert_eq!(keys(&service, "war", Value::Null).await, keys(&service, "war war WAR", Value::Null).await);
    }

    async fn searches_in_a_where_find_a_limited_number_of_records(database: TestDatabase) {
        let service = Service::new(&database).await;
        let block = block_of_places();
        add_postings(&database, "flood", &block, 391).await;
        add_postings(&database, "storm", &block, 200).await;
        add_postings(&database, "rain", &block, 190).await;
        let all = service.data("{ search(query: \"flood\") { totalCount nodes { id } } }").await;
        assert_eq!(all["search"], json!({ "totalCount": 100_096, "nodes": [] }), "the index has no such records");
        for (condition, message) in [
            ("search: \"flood\"", "A search in `where` finds 100096 records; the limit is 100000. Add a rarer word."),
            ("or: [{ search: \"storm\" }, { search: \"flood -rain\" }]", "The searches in `where` find 102656 records; the limit is 100000. Add a rarer word."),
        ] {
            let answer = service.ask(&format!("{{ places(where: {{ {condition} }}) {{ totalCount }} }}")).await;
            assert_eq!(refusal(&answer), ("places".to_owned(), message.to_owned()));
        }
        for condition in ["or: [{ search: \"storm\" }, { search: \"rain\" }]", "or: [{ search: \"storm\" }, { not: { search: \"storm\" } }]"] {
            let data = service.data(&format!("{{ places(where: {{ {condition} }}) {{ totalCount }} articles(where: {{ search: \"flood\" }}) {{ totalCount }} }}")).await;
            assert_eq!(data, json!({ "places": { "totalCount": 0 }, "articles": { "totalCount": 0 } }));
        }
        let facets = "{ search(query: \"flood\", where: { place: { key: { isNull: false } } }) { totalCount facets(by: [TYPE, LANGUAGE]) { missing total } } }";
        assert_eq!(service.data(facets).await["search"]["totalCount"], 0);
    }

    async fn a_record_with_many_names_has_few_matches(database: TestDatabase) {
        let names: Vec<Value> = (0..15).map(|n| json!({ "text": format!("Army of {n}"), "language": "en", "kind": "ALIAS" })).collect();
        let army = json!({ "type": "ORGANIZATION", "key": "army", "kind": "MILITARY", "name": "The Army", "language": "en", "names": names });
        let service = Service::with_records(&database, &[army]).await;
        let data = service.data("{ search(query: \"army\") { edges { again: matches { text } matches { text field } } } }").await;
        let edge = &data["search"]["edges"][0];
        let texts = |name: &str| -> Vec<Value> { edge[name].as_array().expect("a list").iter().map(|found| found["text"].clone()).collect() };
        assert_eq!((texts("matches").len(), texts("matches")[0].clone()), (10, json!("The Army")));
        assert_eq!(texts("again"), texts("matches"));
    }

    async fn an_answer_with_many_matches_is_limited(database: TestDatabase) {
        let service = Service::with_records(&database, &articles(20, &"war and peace in the city ".repeat(20))).await;
        let limit = |answer_bytes: usize| limited(&database, Limits { answer_bytes, ..Limits::DEFAULT });
        let aliases = aliases(30, "text highlights { start end }");
        let many = format!("{{ search(query: \"war\") {{ edges {{ {aliases} }} }} }}");
        let (code, path, message) = error(&limit(100_000).await, &many).await;
        assert_eq!((code.as_str(), path), ("LIMIT_EXCEEDED", json!(["search"])));
        assert!(message.starts_with("The answer would have more than 100000 bytes."), "{message}");
        // both fields together are too large, each of them is not
        let one = |alias: &str| format!("{alias}: search(query: \"war\") {{ edges {{ node {{ key }} matches {{ text }} }} }}");
        let length = service.ask(&format!("{{ {} }}", one("a"))).await.to_string().len();
        let service = limit(length * 3 / 2).await;
        assert_eq!(service.ask(&format!("{{ {} }}", one("a"))).await.get("errors"), None);
        let (code, path, _) = error(&service, &format!("{{ {} {} }}", one("a"), one("b"))).await;
        assert_eq!((code.as_str(), path), ("LIMIT_EXCEEDED", json!(["b"])));
    }

    async fn matches_in_very_long_texts_need_a_smaller_page(database: TestDatabase) {
        let service = Service::with_records(&database, &articles(9, "war ")).await;
        lengthen_bodies(&database, "م", 999_000).await;
        let ask = |first: u8, selection: &str| format!("{{ search(query: \"war\", first: {first}) {{ totalCount edges {{ {selection} }} }} }}");
        let message = "The texts of the page have more than 16777216 bytes: too many for `matches`. Request a smaller page, or leave out `matches`.";
        assert_eq!(refusal(&service.ask(&ask(9, "matches { text }")).await), ("search".to_owned(), message.to_owned()));
        assert_eq!(service.data(&ask(9, "score")).await["search"]["totalCount"], 9);
        let few = service.data(&ask(2, "matches { highlights { start } }")).await;
        assert_eq!(few["search"]["edges"][1]["matches"], json!([{ "highlights": [{ "start": 0 }] }]));
    }

    async fn a_search_costs_by_its_words_and_by_what_is_shown(database: TestDatabase) {
        let address = serve_service(&Service::new(&database).await).await;
        let cost = async |selection: &str| {
            let request = reqwest::Client::new().post(&address).header("GraphQL-Cost", "report");
            let request = request.json(&json!({ "query": format!("{{ {selection} }}") }));
            let answer: Value = serde_json::from_str(&request.send().await.expect("an answer").text().await.expect("a text")).expect("JSON");
            answer["extensions"]["cost"]["total"].as_u64().unwrap_or_else(|| panic!("{selection} has a cost: {answer}"))
        };
        let of_query = async |query: &str| cost(&format!("search(query: \"{query}\") {{ totalCount }}")).await;
        let one = of_query("war").await;
        assert_eq!(of_query("war war \\\"war war\\\" -war").await, one, "a repeated word is read once");
        assert_eq!(of_query("war peace").await, one + 50);
        assert_eq!(of_query("war pea*").await, one + 200);
        assert_eq!(cost("search(query: \"war\") { didYouMean }").await, one + 50);

        let in_where = async |condition: &str| cost(&format!("places(where: {{ {condition} }}) {{ nodes {{ id }} }}")).await;
        let (searched, twice) = (in_where("search: \"war\"").await, in_where("search: \"war pea*\"").await);
        assert_eq!(twice, searched + 200);
        assert!(in_where("or: [{ search: \"war\" }, { search: \"peace\" }]").await >= searched + 50);

        let shown = async |selection: &str| cost(&format!("search(query: \"war\", first: 100) {{ edges {{ {selection} }} }}")).await;
        let (plain, matches) = (shown("score").await, shown("score matches { text }").await);
        assert!(matches >= plain + 2_000, "the texts of 100 hits are read: {plain} and {matches}");
        let again = shown("score matches { text } again: matches { text }").await;
        assert!(again > matches + 100 && again < matches + 1_000, "they are read once and shown twice: {matches} and {again}");
        let aliases = aliases(90, "text");
        assert!(shown(&aliases).await > 10_000, "each alias costs");
    }
}

/// On a runtime with one thread, which only waits for the analysis of a long text.
#[tokio::test]
async fn other_requests_are_answered_while_long_texts_are_searched_for_matches() {
    let database = TestDatabase::sqlite().await;
    let service = Service::with_records(&database, &articles(1, "war")).await;
    lengthen_bodies(&database, "war ", 240_000).await;
    let aliases = aliases(50, "field");
    let document = format!("{{ search(query: \"war\") {{ edges {{ {aliases} }} }} }}");
    let start = Instant::now();
    let answer = tokio::spawn(async move { service.data(&document).await });
    let (mut last, mut longest) = (start, Duration::ZERO);
    while !answer.is_finished() {
        tokio::task::yield_now().await;
        longest = longest.max(last.elapsed());
        last = Instant::now();
    }
    let answer = answer.await.expect("an answer");
    assert_eq!(answer["search"]["edges"][0]["m49"], json!([{ "field": "body" }]));
    assert!(longest < start.elapsed() / 2, "nothing else ran for {longest:?} of {:?}", start.elapsed());
}
