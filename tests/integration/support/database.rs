//! One database for each test: a file of its own on SQLite, a copy of a migrated template on Postgres.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    io::Write as _,
    path::Path,
    sync::Once,
};

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, Statement};
use uuid::Uuid;

/// An empty, migrated database that is removed after the test.
pub struct TestDatabase {
    /// The address, as `--database` takes it.
    pub url: String,
    place: Place,
}

enum Place {
    Sqlite { _folder: tempfile::TempDir },
    Postgres { admin: String, name: String },
}

impl TestDatabase {
    /// A SQLite file in its own folder.
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let url = format!("sqlite://{}", folder.path().join("test.db").display());
        let connection = Database::connect(format!("{url}?mode=rwc")).await.expect("a SQLite file can be made");
        Migrator::up(&connection, None).await.expect("the migrations run on SQLite");
        connection.close().await.expect("the file closes");
        Self { url, place: Place::Sqlite { _folder: folder } }
    }

    /// A copy of the template on the server in `DATELINE_TEST_POSTGRES`, or nothing if it is not set.
    pub async fn postgres() -> Option<Self> {
        let Ok(admin) = std::env::var("DATELINE_TEST_POSTGRES") else {
            report_that_postgres_is_left_out();
            return None;
        };
        let connection =
            Database::connect(&admin).await.expect("the Postgres server of DATELINE_TEST_POSTGRES answers");
        let template = prepare_template(&admin, &connection).await;
        let name = format!("dateline_test_{}", Uuid::now_v7().simple());
        execute(&connection, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        connection.close().await.expect("the connection closes");
        Some(Self { url: address_of_database(&admin, &name), place: Place::Postgres { admin, name } })
    }

    /// Whether this is the Postgres half of a test.
    pub fn is_postgres(&self) -> bool {
        matches!(self.place, Place::Postgres { .. })
    }

    /// A connection for SQL that does not use the service.
    pub async fn raw(&self) -> DatabaseConnection {
        Database::connect(&self.url).await.expect("the test's database answers")
    }
}

/// Prints one line in each run of `cargo test`, directly to the terminal, because the test runner hides the
/// output of passing tests.
fn report_that_postgres_is_left_out() {
    static SAID: Once = Once::new();
    SAID.call_once(|| {
        let _ = writeln!(
            std::io::stderr(),
            "\nPostgres is left out: DATELINE_TEST_POSTGRES is not set (scripts/test starts a server of its own)"
        );
    });
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        let Place::Postgres { admin, name } = &self.place else {
            return;
        };
        let (admin, statement) = (admin.clone(), format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        // A drop cannot wait for the runtime of the test, so it has its own.
        let thread = std::thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread().enable_all().build().map(|runtime| {
                runtime.block_on(async {
                    if let Ok(connection) = Database::connect(&admin).await {
                        let _ = connection.execute_unprepared(&statement).await;
                        let _ = connection.close().await;
                    }
                });
            })
        });
        let _ = thread.join();
    }
}

/// Creates the template of the present schema if it does not exist, and gives its name. Tests run in separate processes,
/// so a lock on the server decides which of them creates it.
async fn prepare_template(admin: &str, connection: &DatabaseConnection) -> String {
    let name = format!("dateline_template_{:016x}", hash_of_schema());
    let lock = Database::connect(admin).await.expect("the server answers");
    execute(&lock, "SELECT pg_advisory_lock(7237)").await;
    let exists = connection
        .query_one_raw(Statement::from_string(
            connection.get_database_backend(),
            format!("SELECT 1 FROM pg_database WHERE datname = '{name}'"),
        ))
        .await
        .expect("the server lists its databases")
        .is_some();
    if !exists {
        let unfinished = format!("{name}_unfinished");
        execute(connection, &format!("DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)")).await;
        execute(connection, &format!("CREATE DATABASE {unfinished}")).await;
        let template =
            Database::connect(address_of_database(admin, &unfinished)).await.expect("the new template answers");
        Migrator::up(&template, None).await.expect("the migrations run on Postgres");
        template.close().await.expect("the connection closes");
        execute(connection, &format!("ALTER DATABASE {unfinished} RENAME TO {name}")).await;
    }
    lock.close().await.expect("the lock is released");
    name
}

async fn execute(connection: &DatabaseConnection, sql: &str) {
    connection.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// The address of another database on the same server.
fn address_of_database(admin: &str, name: &str) -> String {
    let (address, options) = admin.split_once('?').unwrap_or((admin, ""));
    let server = address.rsplit_once('/').map_or(address, |(server, _)| server);
    format!("{server}/{name}?{options}")
}

/// The template is valid while the files of the schema stay the same.
fn hash_of_schema() -> u64 {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> = ["migration/src", "entity/src/vocabulary"]
        .iter()
        .flat_map(|folder| std::fs::read_dir(root.join(folder)).expect("the sources are next to the tests"))
        .map(|entry| entry.expect("the folder can be listed").path())
        .collect();
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        std::fs::read(file).expect("the source can be read").hash(&mut hasher);
    }
    hasher.finish()
}
