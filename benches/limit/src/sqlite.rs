//! The queries on SQLite: readers on the threads of the server, one thread that writes. The writer commits whatever waits in
//! one transaction, and answers when it is on disk, as Dateline does.

use std::{cell::RefCell, sync::mpsc, thread, time::Duration};

use rusqlite::{Connection, params_from_iter};
use tokio::sync::oneshot;

use crate::{Error, query::QUERIES};

const MAX_WRITES_PER_TRANSACTION: usize = 256;

struct Write {
    query: usize,
    values: Vec<String>,
    answer: oneshot::Sender<Result<String, Error>>,
}

pub struct Sqlite {
    path: String,
    writer: mpsc::Sender<Write>,
}

thread_local! {
    static READER: RefCell<Option<Connection>> = const { RefCell::new(None) };
}

impl Sqlite {
    pub fn open(path: &str) -> Result<Self, Error> {
        let connection = connect(path)?;
        let (writer, receiver) = mpsc::channel();
        thread::spawn(move || write_groups(&connection, &receiver));
        Ok(Self { path: path.to_owned(), writer })
    }

    /// Gives the JSON of a query; `values` are those of its parameters.
    pub async fn answer(&self, query: usize, values: Vec<String>) -> Result<String, Error> {
        if QUERIES[query].is_write {
            let (answer, answered) = oneshot::channel();
            self.writer.send(Write { query, values, answer })?;
            return answered.await?;
        }
        // It blocks a thread of the server for less time than handing over to another thread would take.
        READER.with_borrow_mut(|reader| {
            let connection = match reader {
                Some(connection) => connection,
                None => reader.insert(connect(&self.path)?),
            };
            run(connection, query, &values)
        })
    }
}

fn connect(path: &str) -> Result<Connection, Error> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.execute_batch(
        "PRAGMA journal_mode = wal; PRAGMA synchronous = full; PRAGMA mmap_size = 1073741824; PRAGMA cache_size = -16384;
         PRAGMA temp_store = memory;",
    )?;
    Ok(connection)
}

fn run(connection: &Connection, query: usize, values: &[String]) -> Result<String, Error> {
    let mut statement = connection.prepare_cached(QUERIES[query].sqlite)?;
    Ok(statement.query_row(params_from_iter(values), |row| row.get(0))?)
}

fn write_groups(connection: &Connection, receiver: &mpsc::Receiver<Write>) {
    while let Ok(first) = receiver.recv() {
        let group: Vec<Write> =
            [first].into_iter().chain(receiver.try_iter()).take(MAX_WRITES_PER_TRANSACTION).collect();
        let began = connection.execute_batch("BEGIN IMMEDIATE");
        let results: Vec<_> = group.iter().map(|write| run(connection, write.query, &write.values)).collect();
        let committed = began.and_then(|()| connection.execute_batch("COMMIT"));
        for (write, result) in group.into_iter().zip(results) {
            let result = match &committed {
                Ok(()) => result,
                Err(error) => Err(error.to_string().into()),
            };
            // Whoever has gone away needs no answer.
            let _ = write.answer.send(result);
        }
    }
}
