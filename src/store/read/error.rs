//! What can go wrong with a read.

/// Why a read failed. The causes are for the log: none of them but that of `Refused` is shown to a user.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The database cannot be reached now; the same read may succeed later.
    #[error("the database cannot be reached: {0}")]
    Unavailable(String),
    /// Too many others use the database now; the same read may succeed later.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// The statement took too long.
    #[error("the statement took too long")]
    TimedOut,
    /// The statement is larger than the database or this service takes.
    #[error("the statement is too large")]
    TooMuch,
    /// The answer is larger than allowed.
    #[error("the answer is too large")]
    AnswerTooLarge,
    /// The data show that the client must change the request. The message is for it.
    #[error("the request is refused: {0}")]
    Refused(String),
    /// Anything else: a defect of ours.
    #[error("a statement failed: {0}")]
    Failed(String),
}
