//! Writers take turns, and those who come with one new record while another write is being made last are written together,
//! in one transaction: making a write last takes the disk longer than all the rest.
//!
//! Who waits is taken up when the turn has come, so that as many as possible go together, and whoever has gone away by then is
//! left out. On a quick disk nobody is waited for: while one group is being written, the requests of the next one are read and
//! the answers to the last one sent. Where a turn takes long, that is the disk, for which a larger group is hardly more work; so
//! those who wait are kept a little for those who were just answered.

use std::{
    collections::HashMap,
    iter,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde_json::Value;
use tokio::{
    sync::{Notify, oneshot},
    time::{Instant, timeout},
};

use crate::{
    domain::write::{Author, signature},
    store::{self, Connection, Transaction},
};

use super::{
    Done, Edit, Failure, How,
    apply::{apply, create_within},
    fresh::Fresh,
    lead::Leads,
};

/// As many new records are written together at most.
const TOGETHER: usize = 64;
/// A turn that takes so long, and so long for each that was written in it, takes the disk most of it.
const LONG: Duration = Duration::from_millis(10);
const LONG_FOR_EACH: Duration = Duration::from_micros(800);
/// So long after another process was met that writes to the same database, nothing is risked that it could overtake.
const OVERTAKEN_FOR: Duration = Duration::from_secs(1);
/// Those who wait after such a turn are kept for this part of what it took, and never longer than that.
const PART: u32 = 8;
const PATIENCE: Duration = Duration::from_millis(10);

/// The way of a running service to the database: every edit goes through it.
#[derive(Clone)]
pub struct Writer {
    connection: Connection,
    queue: Arc<Mutex<Queue>>,
    /// Told of each that comes into the queue.
    came: Arc<Notify>,
}

#[derive(Default)]
struct Queue {
    waiting: Vec<Waiting>,
    /// Whether a task writes for those who wait.
    is_served: bool,
    /// Whether the first of those who wait were overtaken, so that they are not to be so again.
    takes_no_risk: bool,
    /// When another process was last met that writes.
    overtaken_at: Option<Instant>,
}

/// A new record that waits to be written.
struct Waiting {
    fresh: Fresh,
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
        Self { connection, queue: Arc::default(), came: Arc::default() }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
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
        let signed = signature(author.actor, author.summary);
        let edit = if is_one_new_record && !how.dry_run && signed.is_ok() { edits.pop() } else { None };
        let (Some(Edit::Create { kind, input }), Ok((actor, summary))) = (edit, signed) else {
            return apply(&self.connection, edits, author, how).await;
        };
        let fresh = Fresh::new(kind, input, Leads { temporary: &HashMap::new(), merged: &HashMap::new() });
        if !fresh.problems.is_empty() {
            // It is refused in any case, and with it whoever would be written together with it.
            return self.write_alone(fresh, Author { actor: &actor, summary: summary.as_deref() }, how).await;
        }
        let (answer, answered) = oneshot::channel();
        let was_served = {
            let mut queue = self.lock();
            queue.waiting.push(Waiting { fresh, actor, summary, how, answer });
            std::mem::replace(&mut queue.is_served, true)
        };
        self.came.notify_one();
        if !was_served {
            // A task of its own: others wait for it, too, and must not lose their write with this request.
            let mut task = Task { writer: self.clone(), is_done: false };
            self.connection.spawn_writing(async move { task.serve().await });
        }
        // A task that ended without an answer has panicked, and its transaction is gone with it.
        answered.await.unwrap_or_else(|_| Err(Failure::Broken))
    }

    async fn write_alone(&self, fresh: Fresh, author: Author<'_>, how: How) -> Result<Vec<Done>, Failure> {
        let transaction = self.connection.begin_write().await?;
        let done = create_within(&transaction, vec![fresh], &[author], how).await?;
        transaction.commit().await?;
        Ok(done)
    }

    /// Closes the database.
    ///
    /// # Errors
    ///
    /// If the driver cannot close it in order.
    pub async fn close(self) -> Result<(), store::Error> {
        self.connection.close().await
    }
}

/// What writes for those who wait, as long as there are any.
struct Task {
    writer: Writer,
    is_done: bool,
}

impl Drop for Task {
    fn drop(&mut self) {
        if !self.is_done {
            // It has panicked, or the service ends. Those who wait must not do so for nobody.
            let mut queue = self.writer.lock();
            queue.is_served = false;
            queue.waiting.clear();
        }
    }
}

impl Task {
    async fn serve(&mut self) {
        while !self.is_done {
            let (written, took) = self.take_turn().await;
            if written > 1 && took > LONG && took > LONG_FOR_EACH * u32::try_from(written).unwrap_or(u32::MAX) {
                self.gather(written, (took / PART).min(PATIENCE)).await;
            }
            let mut queue = self.writer.lock();
            self.is_done = queue.waiting.is_empty();
            queue.is_served = !self.is_done;
        }
    }

    /// Waits for its turn and writes for those who wait by then. Says how many were written together, and how long it took.
    async fn take_turn(&self) -> (usize, Duration) {
        let (waited, may_risk) = {
            let mut queue = self.writer.lock();
            let was_overtaken = queue.overtaken_at.is_some_and(|at| at.elapsed() < OVERTAKEN_FOR);
            (queue.waiting.len(), !std::mem::take(&mut queue.takes_no_risk) && !was_overtaken)
        };
        match self.writer.connection.begin_write_lightly(may_risk).await {
            Ok(transaction) => {
                let began = Instant::now();
                let group = self.take(TOGETHER);
                let behind = self.writer.lock().waiting.len();
                let written = match self.write(transaction, group).await {
                    Ok(written) => written,
                    Err(failure) => {
                        // On SQLite they have waited for another process as long. Whatever else it was may be over by their turn.
                        if matches!(failure, Failure::Store(store::Error::Busy(_))) {
                            tell_all(self.take(behind).into_iter().map(|waiting| waiting.answer), &failure);
                        }
                        0
                    }
                };
                (written, began.elapsed())
            }
            Err(error) => {
                // Each would wait for it anew. Who came meanwhile has not waited as long, and may still get a turn.
                let group = self.take(waited);
                tell_all(group.into_iter().map(|waiting| waiting.answer), &error.into());
                (0, Duration::ZERO)
            }
        }
    }

    /// Keeps those who wait for those who were just answered, so many, and are likely to come back with another one.
    async fn gather(&self, answered: usize, patience: Duration) {
        let expected = (self.writer.lock().waiting.len() + answered).min(TOGETHER);
        let all = async {
            while self.writer.lock().waiting.len() < expected {
                self.writer.came.notified().await;
            }
        };
        // Who does not come in time comes with the next ones.
        let _ = timeout(patience, all).await;
    }

    /// The first of those who wait, so many at most. Nothing is begun for those who have gone away.
    fn take(&self, most: usize) -> Vec<Waiting> {
        let mut queue = self.writer.lock();
        let count = queue.waiting.len().min(most);
        queue.waiting.drain(..count).filter(|waiting| !waiting.answer.is_closed()).collect()
    }

    /// Says how many were written together, or what kept them from it when they have been told.
    async fn write(&self, transaction: Transaction, group: Vec<Waiting>) -> Result<usize, Failure> {
        let count = group.len();
        if count == 0 {
            // All of them have gone away.
            return Ok(0);
        }
        let records = group.iter().map(|waiting| waiting.fresh.clone()).collect();
        let authors: Vec<Author<'_>> =
            group.iter().map(|waiting| Author { actor: &waiting.actor, summary: waiting.summary.as_deref() }).collect();
        let how = How { tells_changes: group.iter().any(|waiting| waiting.how.tells_changes), dry_run: false };
        let is_wanted = || group.iter().all(|waiting| !waiting.answer.is_closed());
        let (is_tentative, outcome) = write_wanted(transaction, records, &authors, how, is_wanted).await;
        match outcome {
            Ok(Some(done)) => {
                for (waiting, done) in group.into_iter().zip(done) {
                    // Whoever has gone away meanwhile needs no answer.
                    let _ = waiting.answer.send(Ok(vec![done]));
                }
                return Ok(count);
            }
            // Somebody has gone away. The others are the first of the next turn.
            Ok(None) => self.put_back(group),
            // Nothing was written, and it is tried anew when the turn is theirs alone.
            Err(Failure::Store(store::Error::Overtaken)) if is_tentative => {
                self.put_back(group);
                let mut queue = self.writer.lock();
                (queue.takes_no_risk, queue.overtaken_at) = (true, Some(Instant::now()));
            }
            // Something is wrong with one of them, or is not any more, and nothing was written.
            Err(Failure::Refused(_) | Failure::Store(store::Error::Constraint { .. })) if count > 1 || is_tentative => {
                self.write_each(group).await;
            }
            // Whether it was written may not be known: nothing is tried again for those who would not know of it.
            Err(failure) => {
                tell_all(group.into_iter().map(|waiting| waiting.answer), &failure);
                return Err(failure);
            }
        }
        Ok(0)
    }

    /// Makes these the first of the next turn.
    fn put_back(&self, group: Vec<Waiting>) {
        drop(self.writer.lock().waiting.splice(0..0, group));
    }

    /// Writes each by itself, and tells each its own.
    async fn write_each(&self, group: Vec<Waiting>) {
        let mut group = group.into_iter();
        while let Some(Waiting { fresh, actor, summary, how, answer }) = group.next() {
            if answer.is_closed() {
                continue;
            }
            let author = Author { actor: &actor, summary: summary.as_deref() };
            match self.writer.write_alone(fresh, author, how).await {
                // Each would wait for it anew.
                Err(failure) if keeps_from_all(&failure) => {
                    let others = group.map(|waiting| waiting.answer);
                    return tell_all(iter::once(answer).chain(others), &failure);
                }
                outcome => drop(answer.send(outcome)),
            }
        }
    }
}

/// Writes new records, unless somebody has gone away by the time they are to be committed, which may be a while after they were
/// taken up: on SQLite their first statement waits for another process that writes. (If that is the commit itself, because nothing
/// was to be asked, they are written all the same.) Says, too, whether that was tentative at last.
async fn write_wanted(
    transaction: Transaction,
    records: Vec<Fresh>,
    authors: &[Author<'_>],
    how: How,
    is_wanted: impl Fn() -> bool,
) -> (bool, Result<Option<Vec<Done>>, Failure>) {
    let made = create_within(&transaction, records, authors, how).await;
    let is_tentative = transaction.is_tentative();
    let outcome = match made {
        Ok(done) if is_wanted() => transaction.commit_here().await.map(|()| Some(done)).map_err(Failure::from),
        // The next one gets its turn when everything was taken back.
        Ok(_) => Ok(None),
        // The connection that the last writer left has broken since, perhaps. Before the commit nothing is lost by another try.
        Err(Failure::Store(error)) if is_tentative && error.is_of_connection() => {
            tracing::debug!(cause = ?error, "a new record is written anew, on another connection");
            Err(store::Error::Overtaken.into())
        }
        Err(failure) => Err(failure),
    };
    (is_tentative, outcome)
}

/// Whether what keeps the database from writing for one keeps it from all.
const fn keeps_from_all(failure: &Failure) -> bool {
    use store::Error::{Busy, Full, Unavailable};
    matches!(failure, Failure::Store(Unavailable(_) | Busy(_) | Full(_)))
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
