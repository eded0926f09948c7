//! The migrations run up, down and up again, and the schema has the same rules on both databases.

use std::collections::BTreeSet;

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};

use crate::{both_databases, support::database::TestDatabase};

both_databases! {
    async fn the_migrations_run_down_and_up_again(database: TestDatabase) {
        let connection = database.raw().await;
        let full = tables(&connection).await;
        assert!(full.contains("record") && full.contains("relation_end"), "{full:?}");

        Migrator::down(&connection, None).await.unwrap();
        assert_eq!(tables(&connection).await, BTreeSet::new());

        Migrator::up(&connection, None).await.unwrap();
        assert_eq!(tables(&connection).await, full);
    }

    async fn every_table_has_an_entity_with_the_same_columns(database: TestDatabase) {
        let connection = database.raw().await;
        let mut declared = BTreeSet::new();
        macro_rules! declare {
            ($($table:ident)+) => {$(
                let columns: BTreeSet<String> =
                    <entity::$table::Column as sea_orm::Iterable>::iter()
                        .map(|column| sea_orm::IdenStatic::as_str(&column).to_owned())
                        .collect();
                assert_eq!(columns, columns_of(&connection, stringify!($table)).await, stringify!($table));
                declared.insert(stringify!($table).to_owned());
            )+};
        }
        declare!(
            record record_name record_description same_as place organization person article event
            person_nationality article_author event_place participation relation mention citation
            relative_date place_closure place_event place_organization event_entity article_entity record_gram name_word relation_end revision token
            search_document search_posting search_form search_spelling search_total
        );
        assert_eq!(declared, tables(&connection).await);
    }

    async fn a_value_outside_its_vocabulary_is_refused(database: TestDatabase) {
        let connection = database.raw().await;
        connection.execute_unprepared(&record("PLACE")).await.unwrap();
        let refused = connection.execute_unprepared(&record("PLAICE")).await.unwrap_err();
        assert!(refused.to_string().contains("ck_record_kind"), "{refused}");
    }

    async fn a_reference_to_a_missing_row_is_refused(database: TestDatabase) {
        let connection = database.raw().await;
        connection.execute_unprepared(&record("PLACE")).await.unwrap();
        let name = "INSERT INTO record_name (record_id, position, text, text_key, language, kind) \
            VALUES ('00000000-0000-4000-8000-000000000002', 0, 'Tripoli', 'tripoli', 'en', 'MAIN')";
        let refused = connection.execute_unprepared(name).await.unwrap_err();
        assert!(refused.to_string().to_lowercase().contains("foreign key"), "{refused}");
        assert_eq!(strings(&connection, "SELECT text FROM record_name").await, BTreeSet::new());
    }
}

/// A statement that inserts a record of a kind.
fn record(kind: &str) -> String {
    format!(
        "INSERT INTO record (id, kind, version, created_at, updated_at) \
        VALUES ('00000000-0000-4000-8000-000000000001', '{kind}', 1, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')"
    )
}

#[tokio::test]
async fn postgres_compresses_long_texts_with_lz4() {
    let Some(database) = TestDatabase::postgres().await else {
        return;
    };
    let connection = database.raw().await;
    let statement = "SELECT attrelid::regclass || '.' || attname FROM pg_attribute WHERE attcompression = 'l'";
    let lz4 = strings(&connection, statement).await;
    for column in ["article.body", "revision.snapshot", "revision.changes", "citation.quote"] {
        assert!(lz4.contains(column), "{column} is not among {lz4:?}");
    }
}

async fn tables(connection: &DatabaseConnection) -> BTreeSet<String> {
    strings(
        connection,
        match connection.get_database_backend() {
            DbBackend::Postgres => {
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'seaql_migrations'"
            }
            _ => {
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'seaql_migrations'
                AND name NOT LIKE 'record_gram_index%'"
            }
        },
    )
    .await
}

async fn columns_of(connection: &DatabaseConnection, table: &str) -> BTreeSet<String> {
    strings(
        connection,
        &match connection.get_database_backend() {
            DbBackend::Postgres => {
                format!("SELECT column_name::text FROM information_schema.columns WHERE table_name = '{table}'")
            }
            _ => format!("SELECT name FROM pragma_table_info('{table}')"),
        },
    )
    .await
}

async fn strings(connection: &DatabaseConnection, sql: &str) -> BTreeSet<String> {
    connection
        .query_all_raw(Statement::from_string(connection.get_database_backend(), sql))
        .await
        .unwrap()
        .iter()
        .map(|row| row.try_get_by_index(0).unwrap())
        .collect()
}
