//! Writers take turns, and those who come with one new record while another write is being made last are written together,
//! in one transaction: making a write last takes the disk longer than all the rest.

use std::{
    iter,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde_json::Value;
use tokio::{
    sync::{Mutex as Turn, Notify, oneshot},
    time::timeout,
};

use crate::{
    domain::write::{Author, Authors},
    store::{self, Connection},
};

use super::{
    Done, Edit, Failure, How,
    apply::{apply, apply_signed, sign},
};

/// As many new records are written together at most.
const TOGETHER: usize = 64;
/// How long those who wait are kept for those who were just answered.
const PATIENCE: Duration = Duration::from_millis(1);

/// The way of a running service to the database: every edit goes through it.
#[derive(Clone)]
pub struct Writer {
    connection: Connection,
    queue: Arc<Queue>,
}

#[derive(Default)]
struct Queue {
    waiting: Mutex<Vec<Waiting>>,
    /// Told of each that comes.
    came: Notify,
    /// Held by whoever writes for all that wait.
    turn: Arc<Turn<()>>,
}

impl Queue {
    fn waiting(&self) -> MutexGuard<'_, Vec<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits a moment for those who are likely to come back with another one, so that these do not come just too late for
    /// those who wait already, and both take longer.
    async fn gather(&self, expected: usize) {
        let all = async {
            while self.waiting().len() < expected {
                self.came.notified().await;
            }
        };
        // Who does not come in time comes with the next ones.
        let _ = timeout(PATIENCE, all).await;
    }
}

/// A new record that waits to be written.
struct Waiting {
    edit: Edit,
    actor: String,
    summary: Option<String>,
    how: How,
    answer: Answer,
}

type Answer = oneshot::Sender<Result<Vec<Done>, Failure>>;

impl Writer {
    /// Writes to this database.
    #[must_use]
    pub fn new(connection: Connection) -> Self {
        Self { connection, queue: Arc::default() }
    }

    /// Carries out edits, all or none; see [`apply`]. What was answered lasts.
    ///
    /// # Errors
    ///
    /// As [`apply`].
    pub async fn apply(&self, mut edits: Vec<Edit>, author: Author<'_>, how: How) -> Result<Vec<Done>, Failure> {
        // Temporary ids are good within a call, which a group is not.
        let is_one_new_record =
            matches!(edits.as_slice(), [Edit::Create { input, .. }] if !input.values().any(has_temporary_id));
        let edit = if is_one_new_record && !how.dry_run { edits.pop() } else { None };
        let Some(edit) = edit else {
            return apply(&self.connection, edits, author, how).await;
        };
        let (actor, summary) = sign(author)?;
        let (answer, answered) = oneshot::channel();
        self.queue.waiting().push(Waiting { edit, actor, summary, how, answer });
        self.queue.came.notify_one();
        tokio::pin!(answered);
        let outcome = tokio::select! {
            biased;
            outcome = &mut answered => outcome,
            turn = self.queue.turn.clone().lock_owned() => {
                let writer = self.clone();
                // A task of its own: others wait for it, too, and must not lose their write with this request.
                tokio::spawn(async move {
                    loop {
                        let written = writer.write_waiting().await;
                        if written == 0 {
                            break;
                        }
                        if written > 1 {
                            let expected = written + writer.queue.waiting().len();
                            writer.queue.gather(expected.min(TOGETHER)).await;
                        }
                    }
                    drop(turn);
                });
                answered.await
            }
        };
        // A task that ended without an answer has panicked, and its transaction is gone with it.
        outcome.unwrap_or_else(|_| Err(Failure::Broken))
    }

    /// Closes the database.
    ///
    /// # Errors
    ///
    /// If the driver cannot close it in order.
    pub async fn close(self) -> Result<(), store::Error> {
        self.connection.close().await
    }

    /// Writes for those that wait, as many as go together. Says how many there were.
    async fn write_waiting(&self) -> usize {
        let (count, group): (usize, Vec<Waiting>) = {
            let mut waiting = self.queue.waiting();
            let count = waiting.len().min(TOGETHER);
            // Nothing is begun for those who have gone away.
            (count, waiting.drain(..count).filter(|waiting| !waiting.answer.is_closed()).collect())
        };
        if let [_, _, ..] = group.as_slice() {
            let edits = group.iter().map(|waiting| waiting.edit.clone()).collect();
            let authors: Vec<Author<'_>> = group
                .iter()
                .map(|waiting| Author { actor: &waiting.actor, summary: waiting.summary.as_deref() })
                .collect();
            let how = How { tells_changes: group.iter().any(|waiting| waiting.how.tells_changes), dry_run: false };
            match apply_signed(&self.connection, edits, Authors::Each(&authors), how).await {
                Ok(done) => {
                    for (waiting, done) in group.into_iter().zip(done) {
                        // Whoever has gone away meanwhile needs no answer.
                        let _ = waiting.answer.send(Ok(vec![done]));
                    }
                    return count;
                }
                // Something is wrong with one of them, and nothing was written.
                Err(Failure::Refused(_) | Failure::Store(store::Error::Constraint { .. })) => {}
                // Whether it was written may not be known: nothing is tried again for those who would not know of it.
                Err(failure) => {
                    tell_all(group.into_iter().map(|waiting| waiting.answer), &failure);
                    return count;
                }
            }
        }
        // One that is alone, or all where something is wrong with one of them: each is told its own.
        let mut group = group.into_iter();
        while let Some(Waiting { edit, actor, summary, how, answer }) = group.next() {
            if answer.is_closed() {
                continue;
            }
            let author = Author { actor: &actor, summary: summary.as_deref() };
            match apply(&self.connection, vec![edit], author, how).await {
                // What keeps the database from one keeps it from all, and each would wait for it anew.
                Err(
                    failure @ Failure::Store(
                        store::Error::Unavailable(_) | store::Error::Busy(_) | store::Error::Full(_),
                    ),
                ) => {
                    let others = group.map(|waiting| waiting.answer);
                    tell_all(iter::once(answer).chain(others), &failure);
                    return count;
                }
                outcome => drop(answer.send(outcome)),
            }
        }
        count
    }
}

/// Tells all of these what kept them from being written.
fn tell_all(answers: impl Iterator<Item = Answer>, failure: &Failure) {
    for answer in answers {
        let same = match failure {
            Failure::Store(error) => Failure::Store(error.clone()),
            Failure::Refused(objections) => Failure::Refused(objections.clone()),
            Failure::Broken => Failure::Broken,
        };
        // Whoever has gone away meanwhile needs no answer.
        let _ = answer.send(Err(same));
    }
}

fn has_temporary_id(value: &Value) -> bool {
    match value {
        Value::String(text) => text.starts_with("_:"),
        Value::Array(items) => items.iter().any(has_temporary_id),
        Value::Object(fields) => fields.values().any(has_temporary_id),
        _ => false,
    }
}
