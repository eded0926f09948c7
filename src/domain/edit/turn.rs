//! Writers take turns, and those who come with one new record while another write is being made last are written together,
//! in one transaction: making a write last takes the disk longer than all the rest.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use tokio::sync::{Mutex as Turn, oneshot};

use crate::{
    domain::write::{Author, Authors},
    store::Connection,
};

use super::{
    Done, Edit, Failure, How,
    apply::{apply, apply_signed, sign},
};

/// As many new records are written together at most.
const TOGETHER: usize = 64;

/// The way of a running service to the database: every edit goes through it.
#[derive(Clone)]
pub struct Writer {
    connection: Connection,
    queue: Arc<Queue>,
}

#[derive(Default)]
struct Queue {
    waiting: Mutex<Vec<Waiting>>,
    /// Held by whoever writes for all that wait.
    turn: Arc<Turn<()>>,
}

/// A new record that waits to be written.
struct Waiting {
    edit: Edit,
    actor: String,
    summary: Option<String>,
    how: How,
    answer: oneshot::Sender<Result<Vec<Done>, Failure>>,
}

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
        // A temporary id holds in its own call only.
        let stands_alone =
            matches!(edits.as_slice(), [Edit::Create { input, .. }] if !input.values().any(is_temporary));
        let edit = if stands_alone && !how.dry_run { edits.pop() } else { None };
        let Some(edit) = edit else {
            return apply(&self.connection, edits, author, how).await;
        };
        let (actor, summary) = sign(author)?;
        let (answer, answered) = oneshot::channel();
        self.queue.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(Waiting {
            edit,
            actor,
            summary,
            how,
            answer,
        });
        tokio::pin!(answered);
        let outcome = tokio::select! {
            biased;
            outcome = &mut answered => outcome,
            turn = self.queue.turn.clone().lock_owned() => {
                let writer = self.clone();
                // A task of its own: others wait for it, too, and must not lose their write with this request.
                tokio::spawn(async move {
                    while writer.write_waiting().await {}
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
    pub async fn close(self) -> Result<(), crate::store::Error> {
        self.connection.close().await
    }

    /// Writes for those that wait, as many as go together. Says whether there were any.
    async fn write_waiting(&self) -> bool {
        let (any, group): (bool, Vec<Waiting>) = {
            let mut waiting = self.queue.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            let count = waiting.len().min(TOGETHER);
            // Nothing is begun for those who have gone away.
            (count > 0, waiting.drain(..count).filter(|waiting| !waiting.answer.is_closed()).collect())
        };
        if let [_, _, ..] = group.as_slice() {
            let edits = group.iter().map(|waiting| waiting.edit.clone()).collect();
            let authors: Vec<Author<'_>> = group
                .iter()
                .map(|waiting| Author { actor: &waiting.actor, summary: waiting.summary.as_deref() })
                .collect();
            let how = How { tells_changes: group.iter().any(|waiting| waiting.how.tells_changes), dry_run: false };
            if let Ok(done) = apply_signed(&self.connection, edits, Authors::Each(&authors), how).await {
                for (waiting, done) in group.into_iter().zip(done) {
                    // Whoever has gone away meanwhile needs no answer.
                    let _ = waiting.answer.send(Ok(vec![done]));
                }
                return any;
            }
        }
        // One that is alone, or all where something is wrong with one of them: each is told its own.
        for Waiting { edit, actor, summary, how, answer } in group {
            let author = Author { actor: &actor, summary: summary.as_deref() };
            let _ = answer.send(apply(&self.connection, vec![edit], author, how).await);
        }
        any
    }
}

/// Whether a temporary id stands anywhere in what was filled in.
fn is_temporary(value: &Value) -> bool {
    match value {
        Value::String(text) => text.starts_with("_:"),
        Value::Array(items) => items.iter().any(is_temporary),
        Value::Object(fields) => fields.values().any(is_temporary),
        _ => false,
    }
}
