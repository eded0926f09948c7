//! Mentions and what articles name: two thirds of all rows of a corpus, and with their indexes most of the work of filling an
//! empty file, which SQLite does on one thread. So they are made meanwhile by another one, in a file of its own beside. Where
//! a table is empty, and nothing looks at what it refers to, SQLite takes over the rows of another one like it, and of its
//! indexes, in order and as they are, for a tenth of what it took to make them.

use std::{io, panic::resume_unwind, path::Path};

use entity::{Id, mention};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, Statement,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};
use tempfile::TempPath;
use tokio::task::JoinSet;
use tracing::warn;

use crate::store::{Error, Transaction, connection::PAGE_SIZE, seat::Seat};

use super::{Inserts, Rows, Touched, derive, filling::Index};

/// The tables that are made beside. The second follows from the first, and from what [`SOURCES`] tells.
const TABLES: [&str; 2] = ["mention", "article_entity"];

/// What is looked at of other tables for it, see [`derive::entities_of_all_articles`].
const SOURCES: &str = "
    CREATE TABLE article (id TEXT PRIMARY KEY, published_asc INTEGER, published_desc INTEGER) WITHOUT ROWID;
    CREATE TABLE event (id TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE citation (article_id TEXT, subject_id TEXT)";

/// A table's own statement, and those of the indexes that keep its values unique: the others come when the rows are there.
const MAKES: &str = "
    SELECT sql FROM sqlite_schema
    WHERE tbl_name IN (SELECT value FROM json_each(?)) AND (type = 'table' OR upper(sql) LIKE 'CREATE UNIQUE %')
    ORDER BY type = 'index'";

const MAIN: &str = "SELECT file, (SELECT encoding FROM pragma_encoding) FROM pragma_database_list WHERE name = 'main'";
/// The letters of a file that SQLite takes over from another one have to be written alike in both.
const ENCODING: &str = "UTF-8";

/// The KiB of it that are held in memory.
const CACHE: u32 = 256 * 1024;

/// The tables on their way.
pub(super) struct Aside {
    /// One that makes them, and ends if nobody waits for it any more.
    making: JoinSet<Result<(), Error>>,
    indexes: Vec<Index>,
}

/// What goes into them.
struct Sources {
    mentions: Vec<mention::Model>,
    articles: Vec<(Id, i32, i32)>,
    events: Vec<[Id; 1]>,
    citations: Vec<[Id; 2]>,
}

impl Aside {
    /// Whether a table is made beside.
    pub(super) fn has(table: &str) -> bool {
        TABLES.contains(&table)
    }

    /// Begins to make the tables, to which these indexes belong, and takes the rows for that. Nothing is left to do for them.
    pub(super) async fn begin(
        beside: DatabaseConnection,
        transaction: &Transaction,
        indexes: Vec<Index>,
        rows: &mut Rows,
        touched: &mut Touched,
    ) -> Result<Self, Error> {
        let tables = serde_json::to_string(&TABLES).expect("names can be written");
        let makes = Statement::from_sql_and_values(DbBackend::Sqlite, MAKES, [tables.into()]);
        let mut first = Vec::new();
        for row in transaction.query_all_raw(makes).await? {
            first.push(row.try_get_by_index(0)?);
        }
        let sources = Sources {
            mentions: std::mem::take(&mut rows.mention),
            articles: rows.article.iter().map(|row| (row.id, row.published_asc, row.published_desc)).collect(),
            events: rows.event.iter().map(|row| [row.id]).collect(),
            citations: rows.citation.iter().map(|row| [row.article_id, row.subject_id]).collect(),
        };
        touched.articles.clear();
        let last = indexes.iter().map(|index| index.makes.clone()).collect();
        let mut making = JoinSet::new();
        making.spawn(async move { make(beside, first, sources, last).await });
        Ok(Self { making, indexes })
    }

    /// Waits until the tables are made, takes them over, and has SQLite look at what they hold.
    pub(super) async fn bring_in(mut self, transaction: &Transaction) -> Result<(), Error> {
        match self.making.join_next().await {
            Some(Ok(made)) => made?,
            Some(Err(error)) if error.is_panic() => resume_unwind(error.into_panic()),
            _ => return Err(Error::Failed(DbErr::Custom("nobody makes the tables beside".to_owned()))),
        }
        for index in &self.indexes {
            transaction.execute_unprepared(&index.makes).await?;
        }
        for table in TABLES {
            // These very words: with others each row would be read, and written anew.
            transaction.execute_unprepared(&format!("INSERT INTO main.{table} SELECT * FROM beside.{table}")).await?;
            transaction.execute_unprepared(&format!("ANALYZE main.{table}")).await?;
        }
        Ok(())
    }
}

/// A file beside the database, which the connection of a transaction has, too, by the name `beside`. Nobody else has: it has no
/// name any more, so that it is gone when both connections are, whatever comes. Where there can be none, all is made on the
/// transaction's own connection.
pub(super) async fn beside(transaction: &Transaction) -> Option<DatabaseConnection> {
    match try_beside(transaction).await {
        Ok(connection) => Some(connection),
        Err(error) => {
            warn!(cause = ?error, "nothing can be made in a file beside the database, so the import takes longer");
            None
        }
    }
}

async fn try_beside(transaction: &Transaction) -> Result<DatabaseConnection, DbErr> {
    let in_the_way = |error: io::Error| DbErr::Custom(error.to_string());
    let row = transaction.query_one_raw(Statement::from_string(DbBackend::Sqlite, MAIN)).await?;
    let (main, encoding): (String, String) = match row {
        Some(row) => (row.try_get_by_index(0)?, row.try_get_by_index(1)?),
        None => Default::default(),
    };
    if encoding != ENCODING {
        return Err(DbErr::Custom(format!("the database is written in {encoding}")));
    }
    let file = fresh_file(Path::new(&main)).map_err(in_the_way)?;
    let path = file.to_str().ok_or_else(|| DbErr::Custom("its name is no text".to_owned()))?.to_owned();
    let attach = Statement::from_sql_and_values(DbBackend::Sqlite, "ATTACH ? AS beside", [path.clone().into()]);
    // The path is no address, which may have options, and a file that is not there is not made.
    let mut options = ConnectOptions::new("sqlite:");
    // Nobody reads it again if anything goes wrong.
    options.max_connections(1).sqlx_logging(false).map_sqlx_sqlite_opts(move |options| {
        options
            .filename(&path)
            .page_size(PAGE_SIZE)
            .journal_mode(SqliteJournalMode::Off)
            .synchronous(SqliteSynchronous::Off)
            .foreign_keys(false)
            .pragma("cache_size", format!("-{CACHE}"))
            .pragma("temp_store", "MEMORY")
    });
    let connection = Database::connect(options).await?;
    transaction.execute_raw(attach).await?;
    file.close().map_err(in_the_way)?;
    // Not everywhere can one go on with a file that has no name. The transaction must not ask: it would keep what it asks locked.
    connection.execute_unprepared("SELECT count(*) FROM sqlite_schema").await?;
    Ok(connection)
}

/// An empty file in the folder of the database, of its owner alone, which goes away when it is dropped.
fn fresh_file(main: &Path) -> io::Result<TempPath> {
    let folder = main.parent().ok_or(io::ErrorKind::NotFound)?;
    let mut prefix = main.file_name().unwrap_or_default().to_owned();
    prefix.push("-beside-");
    Ok(tempfile::Builder::new().prefix(&prefix).tempfile_in(folder)?.into_temp_path())
}

/// Makes the tables.
async fn make(
    connection: DatabaseConnection,
    first: Vec<String>,
    sources: Sources,
    last: Vec<String>,
) -> Result<(), Error> {
    let transaction = Transaction::begin(Seat::of(&connection).await?, None, "BEGIN").await.map_err(|not| not.error)?;
    for sql in first {
        transaction.execute_unprepared(&sql).await?;
    }
    transaction.execute_unprepared(SOURCES).await?;
    let mut inserts = Inserts::new(&transaction);
    inserts.add::<mention::Entity, _, _>(sources.mentions).await?;
    inserts.finish().await?;
    let insert = async |sql: &str, rows: Result<String, serde_json::Error>| {
        let rows = rows.expect("ids and numbers can be written");
        transaction.execute_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql, [rows.into()])).await
    };
    let articles = serde_json::to_string(&sources.articles);
    insert("INSERT INTO article SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)", articles).await?;
    insert("INSERT INTO event SELECT value ->> 0 FROM json_each(?)", serde_json::to_string(&sources.events)).await?;
    let citations = serde_json::to_string(&sources.citations);
    insert("INSERT INTO citation SELECT value ->> 0, value ->> 1 FROM json_each(?)", citations).await?;
    derive::entities_of_all_articles(&transaction).await?;
    for sql in last {
        transaction.execute_unprepared(&sql).await?;
    }
    transaction.commit().await?;
    Ok(connection.close().await?)
}
