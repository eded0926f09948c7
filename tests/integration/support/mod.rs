//! What the tests stand on: a database of one's own for each test, on either kind of server.

pub mod crowd;
pub mod database;
pub mod editor;
pub mod lines;
pub mod service;

/// Declares a test that runs on SQLite and on Postgres, each with a migrated, empty database of its own.
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
/// Postgres is asked for with `DATELINE_TEST_POSTGRES=postgres://user@host:port/postgres`, the address of a server on
/// which the user may create databases; without it the Postgres halves pass, and the run says in one line that
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
