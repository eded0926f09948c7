//! The examples of `docs/editing.md` have the answers that the guide shows.

use crate::{
    both_databases,
    support::{guide::assert_examples, service::Service},
};

both_databases! {
    async fn the_examples_of_the_guide_give_the_answers_that_it_shows(database: TestDatabase) {
        assert_examples(&Service::new(&database).await, "editing.md", 15).await;
    }
}
