//! The examples of `docs/search.md` have the answers that the guide shows, over the demo corpus.

use crate::{both_databases, support::guide::assert_examples, support::service::Service};

both_databases! {
    async fn the_examples_of_the_search_guide_give_the_answers_that_it_shows(database: TestDatabase) {
        let service = Service::demo(&database).await;
        assert_examples(&service, "search.md", 6).await;
    }
}
