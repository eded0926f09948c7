//! Copies what SQLite has written to its log to its place, while writing goes on.
//!
//! SQLite writes at the end of its write-ahead log until all of it has been copied, and then from its beginning anew, which
//! takes the disk half as long: a file that grows is written down, too. Left to itself it copies within the write that makes
//! the log long enough, and everybody waits. Here another connection copies, and the writing one only what was written
//! meanwhile.

use std::time::Duration;

use sea_orm::sqlx::{
    self, ConnectOptions as _, Connection as _, Row as _, SqliteConnection, sqlite::SqliteConnectOptions,
};
use tokio::sync::watch;
use tracing::warn;

use super::seat::Turns;

/// The pages of the log at which it is copied, 64 MB. A page that was written many times is copied once.
pub(super) const PAGES: u32 = 8192;
/// As many writes are made before anything is known of how much each puts into the log.
const FIRST: u64 = 64;
/// So many writes are between two copies at least and at most.
const BETWEEN: (u64, u64) = (16, 4096);
/// What was written while the log was being copied is copied so many times, each time less, before the writing connection is
/// kept from its work.
const PASSES: usize = 2;
/// How long it waits for its turn to copy the rest. A write that takes longer is large, and the log is copied after it.
const PATIENCE: Duration = Duration::from_secs(5);
/// As far as possible, without keeping anybody waiting.
const COPY: &str = "PRAGMA wal_checkpoint(PASSIVE)";

/// The task that copies, for as long as this is kept.
#[derive(Debug)]
pub(super) struct Checkpoints {
    /// The writes so far; nothing when there will be no more.
    commits: watch::Sender<Option<u64>>,
}

impl Checkpoints {
    /// Copies the log of the database to which those write who take these turns.
    pub(super) fn start(options: SqliteConnectOptions, turns: Turns) -> Self {
        let (commits, mut seen) = watch::channel(Some(0));
        tokio::spawn(async move {
            let mut copier = Copier { options, connection: None, turns };
            let (mut copied_at, mut wait) = (0, FIRST);
            loop {
                let is_due = |count: &Option<u64>| count.is_none_or(|count| count >= copied_at + wait);
                let count = seen.wait_for(is_due).await.map_or(None, |count| *count);
                let Some(count) = count else { break };
                match copier.copy().await {
                    Ok(pages) => wait = writes_until_full(count - copied_at, pages),
                    Err(error) => {
                        warn!(cause = %error, "the log of the database could not be copied to its place; it is tried again");
                        copier.connection = None;
                    }
                }
                copied_at = count;
            }
            if let Some(connection) = copier.connection {
                // What it leaves behind is put in order by whoever closes the database last.
                let _ = connection.close().await;
            }
        });
        Self { commits }
    }

    /// Says that something was written.
    pub(super) fn committed(&self) {
        self.commits.send_modify(|count| *count = count.map(|count| count + 1));
    }

    /// Ends the task.
    pub(super) async fn close(&self) {
        self.commits.send_replace(None);
        self.commits.closed().await;
    }
}

/// The writes after which the log will be full, if they are like these, which put so many pages into it.
fn writes_until_full(writes: u64, pages: u64) -> u64 {
    (writes * u64::from(PAGES) / pages.max(1)).clamp(BETWEEN.0, BETWEEN.1)
}

struct Copier {
    options: SqliteConnectOptions,
    connection: Option<SqliteConnection>,
    turns: Turns,
}

impl Copier {
    /// Copies the log, and says how many pages were in it.
    async fn copy(&mut self) -> Result<u64, sqlx::Error> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(self.options.connect().await?),
        };
        for _ in 0..PASSES {
            sqlx::query(COPY).execute(&mut *connection).await?;
        }
        // Between two writes, so that everything is copied, and the next one begins at the beginning.
        let Ok(_turn) = self.turns.take(PATIENCE).await else { return Ok(u64::from(PAGES)) };
        let row = sqlx::query(COPY).fetch_one(&mut *connection).await?;
        Ok(u64::try_from(row.try_get::<i64, _>("log")?).unwrap_or_default())
    }
}
