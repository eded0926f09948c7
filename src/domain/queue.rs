//! The write queue: one task per process runs every edit of the API.
//!
//! Calls that wait at the same time are committed together, because the disk takes longer for a commit than the database takes
//! for an edit. Nobody is answered before the commit.

use std::{collections::VecDeque, panic::AssertUnwindSafe};

use futures_util::FutureExt as _;
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

use crate::store::{self, Connection, Transaction, connection::LOCK_TIMEOUT};

use super::{
    edit::{self, Edit, EditOptions, EditResult},
    write::{Author, WriteError},
};

/// How many calls may wait.
const QUEUE_LENGTH: usize = 1_024;
/// How many edits are committed together, so that the first of them does not wait long for the last.
const MAX_EDITS_PER_GROUP: usize = 64;

/// The write queue of a database. Cheap to clone.
#[derive(Clone)]
pub struct WriteQueue {
    messages: mpsc::Sender<Message>,
}

enum Message {
    Call(Call),
    Close(oneshot::Sender<Result<(), store::Error>>),
}

type Answer = Result<EditResult, WriteError>;

/// The edits of one mutation, in the queue.
struct Call {
    edits: Vec<Edit>,
    actor: String,
    summary: Option<String>,
    options: EditOptions,
    /// Informs the caller that its edits have started; nothing after that. Sending fails if the caller has disconnected.
    started: Option<oneshot::Sender<()>>,
    answer: oneshot::Sender<Answer>,
}

impl WriteQueue {
    /// Starts the task that writes to this database.
    #[must_use]
    pub fn start(connection: Connection) -> Self {
        let (messages, received) = mpsc::channel(QUEUE_LENGTH);
        tokio::spawn(serve(connection, received));
        Self { messages }
    }

    /// Runs the edits of one call, all or none. An answer without an error means that they are committed.
    ///
    /// If the caller disconnects before its edits start, nothing is written. Edits that have started are finished.
    pub async fn apply(&self, edits: Vec<Edit>, author: Author<'_>, options: EditOptions) -> Answer {
        let (actor, summary) = (author.actor.to_owned(), author.summary.map(str::to_owned));
        let (started, mut has_started) = oneshot::channel();
        let (answer, answered) = oneshot::channel();
        let call = Message::Call(Call { edits, actor, summary, options, started: Some(started), answer });
        let wait = async {
            let is_sent = self.messages.send(call).await.is_ok();
            // If the edits never start, the answer has the error.
            let _ = (&mut has_started).await;
            is_sent
        };
        match timeout(LOCK_TIMEOUT, wait).await {
            Ok(true) => {}
            Ok(false) => return Err(store::Error::broken_off().into()),
            Err(_) => {
                // The call may have started at the same moment.
                has_started.close();
                if has_started.try_recv().is_err() {
                    return Err(store::Error::busy("the queue did not reach the call in time").into());
                }
            }
        }
        answered.await.unwrap_or_else(|_| Err(WriteError::Unconfirmed(store::Error::broken_off())))
    }

    /// Closes the database after the calls in the queue.
    pub async fn close(self) -> Result<(), store::Error> {
        let (answer, closed) = oneshot::channel();
        // If the task has ended, the database is closed already.
        let _ = self.messages.send(Message::Close(answer)).await;
        closed.await.unwrap_or(Ok(()))
    }
}

/// Runs all waiting calls, one group after another.
async fn serve(connection: Connection, mut messages: mpsc::Receiver<Message>) {
    let mut received = Vec::new();
    let mut waiting: VecDeque<Call> = VecDeque::new();
    while messages.recv_many(&mut received, QUEUE_LENGTH).await > 0 {
        let mut close = None;
        for message in received.drain(..) {
            match message {
                Message::Call(call) => waiting.push_back(call),
                Message::Close(answer) => close = Some(answer),
            }
        }
        while !waiting.is_empty() {
            let sizes = waiting.iter().map(|call| (call.edits.len(), call.options.dry_run));
            let group = waiting.drain(..group_length(sizes)).collect();
            if let Err(error) = run_group(&connection, group).await {
                answer_all(waiting.drain(..), &error);
            }
        }
        if let Some(answer) = close {
            let _ = answer.send(connection.close().await);
            return;
        }
    }
}

/// How many calls at the front of the queue are committed together. `calls` holds for each call the number of its edits, and
/// whether it is a dry run, which has a transaction of its own.
fn group_length(calls: impl Iterator<Item = (usize, bool)>) -> usize {
    let mut edits = 0;
    let mut length = 0;
    for (count, is_dry_run) in calls {
        edits += count;
        if length > 0 && (is_dry_run || edits > MAX_EDITS_PER_GROUP) {
            break;
        }
        length += 1;
        if is_dry_run {
            break;
        }
    }
    length
}

/// Runs a group of calls in one transaction and answers each. After an error of the database or a panic, each call gets a transaction
/// of its own. If the error would affect all other calls as well, the group is answered with it and it is returned.
async fn run_group(connection: &Connection, mut group: Vec<Call>) -> Result<(), store::Error> {
    // A panic must not end the task, nor fail other calls.
    let committed = AssertUnwindSafe(commit(connection, &mut group)).catch_unwind().await;
    match committed.unwrap_or_else(|_| Err(CommitError::RolledBack(store::Error::broken_off()))) {
        Ok(answers) => {
            for (call, answer) in group.into_iter().zip(answers) {
                call.answer_with(answer);
            }
            Ok(())
        }
        Err(CommitError::RolledBack(error)) if group.len() > 1 && !affects_all_calls(&error) => {
            let mut group = group.into_iter();
            while let Some(call) = group.next() {
                let outcome = Box::pin(run_group(connection, vec![call])).await;
                outcome.inspect_err(|error| answer_all(group.by_ref(), error))?;
            }
            Ok(())
        }
        Err(CommitError::RolledBack(error)) => {
            answer_all(group, &error);
            if affects_all_calls(&error) { Err(error) } else { Ok(()) }
        }
        Err(CommitError::Unknown(error)) => {
            for call in group {
                call.answer_with(Err(WriteError::Unconfirmed(error.clone())));
            }
            if affects_all_calls(&error) { Err(error) } else { Ok(()) }
        }
    }
}

/// Why a group was not committed.
enum CommitError {
    /// Nothing was written.
    RolledBack(store::Error),
    /// The group may have been committed: the connection was lost before the answer arrived.
    Unknown(store::Error),
}

impl From<store::Error> for CommitError {
    fn from(error: store::Error) -> Self {
        Self::RolledBack(error)
    }
}

/// Runs a group of calls in one transaction, without those whose callers have disconnected. Returns their answers.
async fn commit(connection: &Connection, group: &mut Vec<Call>) -> Result<Vec<Answer>, CommitError> {
    let transaction = connection.begin_write().await?;
    // Calls start only now: a caller may have disconnected while the group waited for another process.
    group.retain_mut(Call::start);
    let mut answers = Vec::with_capacity(group.len());
    for call in &*group {
        match call.run(&transaction).await {
            Err(WriteError::Store(error)) => return Err(error.into()),
            answer => answers.push(answer),
        }
    }
    if group.iter().any(|call| call.options.dry_run) {
        transaction.roll_back().await?;
    } else {
        transaction.commit().await.map_err(|error| match error {
            store::Error::Constraint { .. } => CommitError::RolledBack(error),
            error => CommitError::Unknown(error),
        })?;
    }
    Ok(answers)
}

/// Whether an error would affect every other call as well.
const fn affects_all_calls(error: &store::Error) -> bool {
    matches!(
        error,
        store::Error::Unavailable(_) | store::Error::Busy(_) | store::Error::Full(_) | store::Error::Replaced { .. }
    )
}

fn answer_all(calls: impl IntoIterator<Item = Call>, error: &store::Error) {
    for call in calls {
        call.answer_with(Err(error.clone().into()));
    }
}

impl Call {
    /// Starts the call, unless its caller has disconnected.
    fn start(&mut self) -> bool {
        self.started.take().is_none_or(|started| started.send(()).is_ok())
    }

    /// Runs the edits. If there are problems, nothing was written.
    async fn run(&self, transaction: &Transaction) -> Answer {
        let author = Author { actor: &self.actor, summary: self.summary.as_deref() };
        edit::run(transaction, self.edits.clone(), author, self.options).await
    }

    fn answer_with(self, answer: Answer) {
        // The caller may have disconnected.
        let _ = self.answer.send(answer);
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_EDITS_PER_GROUP, group_length};

    const EDIT: (usize, bool) = (1, false);
    const DRY_RUN: (usize, bool) = (1, true);

    fn length(calls: &[(usize, bool)]) -> usize {
        group_length(calls.iter().copied())
    }

    #[test]
    fn waiting_calls_are_committed_together() {
        assert_eq!(length(&[EDIT]), 1);
        assert_eq!(length(&[EDIT, EDIT, (5, false)]), 3);
    }

    #[test]
    fn a_dry_run_has_a_group_of_its_own() {
        assert_eq!(length(&[DRY_RUN, EDIT]), 1);
        assert_eq!(length(&[EDIT, EDIT, DRY_RUN, EDIT]), 2);
    }

    #[test]
    fn a_group_has_a_limited_number_of_edits_and_at_least_one_call() {
        assert_eq!(length(&[EDIT; MAX_EDITS_PER_GROUP + 1]), MAX_EDITS_PER_GROUP);
        assert_eq!(length(&[EDIT, (1_000, false)]), 1);
        assert_eq!(length(&[(1_000, false), EDIT]), 1);
    }
}
