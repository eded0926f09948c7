//! Copies what SQLite has written to its log to its place, while writing goes on.
//!
//! SQLite writes at the end of its write-ahead log until all of it has been copied, and then from its beginning anew, which
//! takes the disk half as long: a file that grows is written down, too. Left to itself it copies within the write that makes
//! the log long enough, and everybody waits. Here another connection copies, and keeps writers waiting only for what was
//! written meanwhile.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use sea_orm::sqlx::{
    self, ConnectOptions as _, Connection as _, Row as _, SqliteConnection, sqlite::SqliteConnectOptions,
};
use tokio::sync::watch;
use tracing::{info, warn};

use super::seat::Turns;

/// The pages of the log at which it is copied, 64 MB. A page that was written many times is copied once.
pub(super) const PAGES: u32 = 8192;
/// After so many writes it is asked how long the log is.
const WRITES: u64 = 16;
/// What was written while the log was being copied is copied so many times, each time less, before nobody may write.
const PASSES: usize = 2;
/// How long it waits for the turn to copy the rest. A write that takes longer is large, and the log is copied after it.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long the log is, and how much of it is copied.
const ASK: &str = "PRAGMA wal_checkpoint(NOOP)";
/// Copies as much as is possible without keeping anybody waiting.
const COPY: &str = "PRAGMA wal_checkpoint(PASSIVE)";

/// The task that copies, for as long as this is kept.
#[derive(Debug)]
pub(super) struct Checkpoints {
    writes: AtomicU64,
    /// Told after so many writes, and that there will be no more.
    is_closed: watch::Sender<bool>,
}

impl Checkpoints {
    /// Copies the log of the database to which those write who take these turns.
    pub(super) fn start(options: SqliteConnectOptions, turns: Turns) -> Self {
        let (is_closed, mut told) = watch::channel(false);
        tokio::spawn(async move {
            let mut copier = Copier { options, connection: None, turns };
            let mut fails = false;
            while told.changed().await.is_ok() && !*told.borrow_and_update() {
                match copier.copy_if_long().await {
                    Ok(()) if fails => info!("the log of the database is copied to its place again"),
                    Ok(()) => {}
                    Err(error) => {
                        if !fails {
                            warn!(cause = %error, "the log of the database cannot be copied to its place; it is tried on");
                        }
                        copier.connection = None;
                        fails = true;
                        continue;
                    }
                }
                fails = false;
            }
            if let Some(connection) = copier.connection {
                // What it leaves behind is put in order by whoever closes the database last.
                let _ = connection.close().await;
            }
        });
        Self { writes: AtomicU64::new(0), is_closed }
    }

    /// Says that something was written.
    pub(super) fn committed(&self) {
        if self.writes.fetch_add(1, Ordering::Relaxed) % WRITES == WRITES - 1 {
            self.is_closed.send_modify(|_| {});
        }
    }

    /// Ends the task.
    pub(super) async fn close(&self) {
        self.is_closed.send_replace(true);
        self.is_closed.closed().await;
    }
}

struct Copier {
    options: SqliteConnectOptions,
    connection: Option<SqliteConnection>,
    turns: Turns,
}

impl Copier {
    async fn copy_if_long(&mut self) -> Result<(), sqlx::Error> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(self.options.connect().await?),
        };
        let log = sqlx::query(ASK).fetch_one(&mut *connection).await?;
        let (pages, copied): (i64, i64) = (log.try_get("log")?, log.try_get("checkpointed")?);
        // Where all is copied no turn is taken for nothing. The next write begins the log anew, or makes it longer.
        if pages < i64::from(PAGES) || pages == copied {
            return Ok(());
        }
        for _ in 0..PASSES {
            sqlx::query(COPY).execute(&mut *connection).await?;
        }
        // While nobody writes everything is copied, and the next write begins at the beginning.
        if let Ok(_turn) = self.turns.take(PATIENCE).await {
            sqlx::query(COPY).execute(connection).await?;
        }
        Ok(())
    }
}
