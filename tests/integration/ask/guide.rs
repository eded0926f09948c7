//! The examples of `docs/asking.md` have the answers that the guide shows.

use crate::{
    both_databases,
    support::{guide::assert_examples, service::Service},
};

both_databases! {
    async fn the_examples_of_the_guide_give_the_answers_that_it_shows(database: TestDatabase) {
        assert_examples(&Service::demo(&database).await, "asking.md", 10).await;
    }
}
