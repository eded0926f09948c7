//! How a database is read.

use std::time::Duration;

/// How a database is read.
#[derive(Clone, Debug)]
pub struct ReadSettings {
    /// Connections for cheap reads (Postgres), or threads (SQLite).
    pub readers: usize,
    /// A statement that takes longer is stopped.
    pub statement_timeout: Duration,
    /// How long to wait for a connection.
    pub connect_timeout: Duration,
}

impl ReadSettings {
    /// How many expensive reads run at the same time: half as many as there are readers.
    #[must_use]
    pub(in crate::store) fn expensive(&self) -> usize {
        (self.readers / 2).max(1)
    }
}

impl Default for ReadSettings {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self {
            readers: cores.clamp(2, 16),
            statement_timeout: Duration::from_secs(5),
            connect_timeout: Duration::from_secs(3),
        }
    }
}

/// Bytes of the longest statement that is kept prepared: longer ones are rare, and each takes memory on every connection.
pub(in crate::store) const MAX_PREPARED_BYTES: usize = 32 * 1024;
