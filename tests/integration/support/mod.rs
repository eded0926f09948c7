//! The support of the tests: a separate database for each test, on SQLite and on Postgres.

pub mod crowd;
pub mod database;
pub mod editor;
pub mod guide;
pub mod lines;
pub mod search_index;
pub mod service;

/// Declares a test that runs on SQLite and on Postgres, each with its own migrated, empty database.
///
/// ```ignore
/// both_databases! {
///     async fn a_place_keeps_its_name(database: TestDatabase) {
///         let connection = database.connect().await;
///         ...
///     }
/// }
/// ```
///
/// Postgres tests need `DATELINE_TEST_POSTGRES=postgres://user@host:port/postgres`, the address of a server on
/// which the user may create databases. Without it, these tests pass without running, and one line says that
/// they were left out.
#[macro_export]
macro_rules! both_databases {
    ($( $(#[$attribute:meta])* async fn $name:ident($database:ident: TestDatabase) $body:block )+) => {
        $(
            $(#[$attribute])*
            mod $name {
                #[allow(unused_imports, reason = "a body may need nothing of its module")]
                use super::*;

                async fn body($database: $crate::support::database::TestDatabase) $body

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn sqlite() {
                    body($crate::support::database::TestDatabase::sqlite().await).await;
                }

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn postgres() {
                    if let Some(database) = $crate::support::database::TestDatabase::postgres().await {
                        body(database).await;
                    }
                }
            }
        )+
    };
}
