//! Queries that cannot be answered get a clear answer, and never an error of the database.

use serde_json::json;

use crate::{
    both_databases,
    support::service::{Service, refusal},
};

const DOCUMENT: &str = "query ($query: String!) { search(query: $query) { totalCount edges { matches { text } } } }";

both_databases! {
    async fn a_query_without_words_is_refused(database: TestDatabase) {
        let service = Service::new(&database).await;
        let no_words = "`query` has no words: give at least one letter or digit.";
        for (query, message) in [
            ("", no_words),
            ("  \t", no_words),
            ("?!،؟", no_words),
            ("*", no_words),
            ("-", no_words),
            ("%", no_words),
            ("_", no_words),
            ("\"", no_words),
            ("\0", no_words),
            ("😀", no_words),
            ("\u{202e}\u{2066}", no_words),
            ("-libya", "`query` only excludes words: add a word to search for."),
            ("a*", "A prefix in `query` needs at least 2 letters before `*`."),
        ] {
            let answer = service.ask_with(DOCUMENT, json!({ "query": query })).await;
            assert_eq!(refusal(&answer), ("search".to_owned(), message.to_owned()), "{query:?}");
        }
        for (query, message) in [
            ("ا".repeat(10_000), "`query` has 10000 characters; the limit is 200."),
            ("a ".repeat(100), "`query` has 100 words; the limit is 32."),
        ] {
            let answer = service.ask_with(DOCUMENT, json!({ "query": query })).await;
            assert_eq!(refusal(&answer), ("search".to_owned(), message.to_owned()));
        }
    }

    async fn signs_of_other_query_languages_are_only_signs(database: TestDatabase) {
        let text = "ليبيا NEAR AND OR NOT a b 100";
        let article = json!({ "type": "ARTICLE", "key": "a", "headline": text, "language": "en" });
        let service = Service::with_records(&database, &[article]).await;
        for query in [
            "AND", "OR NOT", "NEAR(a b)", "a AND", "(a", "a)", "\"a b", "a\"", "^a", "a:b", "{a}", "a & b", "a | b", "!a", "'and'", "a--b",
            "100%", "_a_", "a\0b", "😀 a", "\u{202e}a", "ليبيا*", "\\a", "a;DROP TABLE record", "\"a\" \"b\"", "<-> a", "near*", "&#97; a",
        ] {
            let answer = service.ask_with(DOCUMENT, json!({ "query": query })).await;
            assert_eq!(answer.get("errors"), None, "{query:?}");
            let is_there = !query.contains("DROP") && !query.contains("97");
            assert_eq!(answer["data"]["search"]["totalCount"], i32::from(is_there), "{query:?}");
        }
        let longest = "ن".repeat(200);
        let answer = service.ask_with(DOCUMENT, json!({ "query": longest })).await;
        assert_eq!(answer["data"]["search"]["totalCount"], 0, "{answer}");
    }
}
