//! Bad input of paths and of orders: each has a defined answer.

use dateline::{
    domain::queue::WriteQueue,
    graphql::{self, document::limit::Limits},
};
use serde_json::{Value, json};

use crate::{
    both_databases,
    support::{
        crowd::{crowd, id_of},
        service::{Service, import},
    },
};

both_databases! {
    async fn bad_arguments_of_paths_are_refused_in_words(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        let article = id_of("article/hub");
        for (arguments, message) in [
            ("from: \"place/hub\", to: \"place/hub\"".to_owned(), "`from` and `to` are the same entity.".to_owned()),
            (format!("from: \"place/hub\", to: \"{}\"", id_of("place/hub")), "`from` and `to` are the same entity.".to_owned()),
            ("from: \"place/hub\", to: \"person/hub\", maxLength: 0".to_owned(), "`maxLength` must be from 1 to 6, not 0.".to_owned()),
            ("from: \"place/hub\", to: \"person/hub\", maxLength: 50".to_owned(), "`maxLength` must be from 1 to 6, not 50.".to_owned()),
            ("from: \"place/hub\", to: \"person/hub\", maxLength: -1".to_owned(), "`maxLength` must be from 1 to 6, not -1.".to_owned()),
            ("from: \"place/hub\", to: \"person/hub\", first: 101".to_owned(), "`first` must be from 0 to 100, not 101.".to_owned()),
            ("from: \"place/hub\", to: \"article/hub\"".to_owned(), "`to`: article/hub is an article, not an entity.".to_owned()),
            (format!("from: \"{article}\", to: \"place/hub\""), format!("`from`: {article} is an article, not an entity.")),
            (format!("from: \"{}\", to: \"place/hub\"", id_of("relation/hub")), format!("`from`: {} is a relation, not an entity.", id_of("relation/hub"))),
        ] {
            for (field, selection) in [("paths", "length"), ("pathSearch", "isComplete")] {
                let refused = service.refusal(&format!("{{ {field}({arguments}) {{ {selection} }} }}")).await;
                assert_eq!(refused, (field.to_owned(), message.clone()));
            }
        }
    }

    async fn unknown_ends_and_no_paths_at_all_give_an_empty_list(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        for arguments in [
            "from: \"place/hub\", to: \"nothing\"",
            "from: \"nul\\u0000\", to: \"place/hub\"",
            "from: \"place/hub\", to: \"00000000-0000-7000-8000-000000000000\"",
            "from: 7, to: \"place/hub\"",
            "from: \"place/hub\", to: \"person/hub\", first: 0",
        ] {
            let data = service.data(&format!("{{ paths({arguments}) {{ length steps {{ from {{ id }} }} }} pathSearch({arguments}) {{ isComplete hubs {{ id }} paths {{ length }} }} }}")).await;
            assert_eq!(data, json!({ "paths": [], "pathSearch": { "isComplete": true, "hubs": [], "paths": [] } }), "{arguments}");
        }
    }

    async fn every_list_of_criteria_is_an_order(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        let places = async |criteria: &str| service.data(&format!("{{ places(orderBy: {criteria}, first: 100) {{ nodes {{ id }} }} }}")).await;
        let by_name = places("[{ field: NAME }]").await;
        assert_eq!(places("[]").await, by_name, "an empty list is the default order");
        assert_eq!(places("null").await, by_name);
        assert_eq!(places("{ field: NAME }").await, by_name, "a single criterion is a list");
        assert_eq!(places("[{ field: NAME }, { field: NAME, direction: DESC }]").await, by_name, "a field counts once, where it stands first");
        let by_id = places("[{ field: ID, direction: DESC }]").await;
        assert_eq!(places("[{ field: ID, direction: DESC }, { field: NAME }]").await, by_id, "nothing counts after the id");
        let two = "{ field: POPULATION, direction: DESC }, { field: NAME }";
        let ten = format!("[{two}, {two}, {two}, {two}, {two}]");
        assert_eq!(places(&ten).await, places(&format!("[{two}]")).await, "ten criteria");
        let refused = service.ask("{ places(orderBy: [{ field: PUBLISHED_ON }]) { nodes { id } } }").await;
        assert!(refused["errors"][0]["message"].as_str().is_some_and(|message| message.contains("PUBLISHED_ON")), "{refused}");
    }

    async fn a_deleted_record_is_no_end_of_a_path_whatever_it_was(database: TestDatabase) {
        let mut article = crowd().into_iter().find(|line| line["key"] == "article/hub").expect("the article");
        import(&database, &crowd()).await;
        article["deletedAt"] = json!("2099-01-01T00:00:00.000Z");
        let service = Service::with_records(&database, &[article]).await;
        let data = service.data("{ paths(from: \"article/hub\", to: \"place/hub\") { length } }").await;
        assert_eq!(data["paths"], json!([]));
    }

    async fn searches_and_related_entities_count_in_the_cost_of_a_request(database: TestDatabase) {
        let service = Service::with_records(&database, &crowd()).await;
        let queue = WriteQueue::start(database.open().await);
        let schema = graphql::schema(service.reader.clone(), queue, &Limits::DEFAULT);
        let code = async |document: String| {
            let answer: Value = serde_json::from_slice(&graphql::answer(&schema.execute(document.as_str()).await)).expect("an answer is JSON");
            answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned()
        };
        let searches = |count: usize| {
            let each = (0..count).map(|n| format!("s{n}: paths(from: \"place/hub\", to: \"person/hub\") {{ length }}"));
            format!("{{ {} }}", each.collect::<Vec<_>>().join(" "))
        };
        assert_eq!(code(searches(8)).await, "");
        assert_eq!(code(searches(9)).await, "LIMIT_EXCEEDED");
        let steps = |first: usize| format!("{{ paths(from: \"place/hub\", to: \"person/hub\", first: {first}) {{ steps {{ from {{ ... on Entity {{ articles(first: 100) {{ nodes {{ headline }} }} }} }} }} }} }}");
        assert_eq!(code(steps(3)).await, "");
        assert_eq!(code(steps(100)).await, "LIMIT_EXCEEDED", "the records of a hundred paths");
        let related = |count: usize| format!("{{ places(first: {count}) {{ nodes {{ related {{ score }} }} }} }}");
        assert_eq!(code(related(20)).await, "");
        assert_eq!(code(related(100)).await, "LIMIT_EXCEEDED");
        assert_eq!(code("{ places(first: 100) { nodes { related { entity { related { score } } } } } }".to_owned()).await, "LIMIT_EXCEEDED");
    }
}
