//! Ends a running statement: when it takes too long, when nobody waits for it any more, and when the service stops.

use crate::store::read::turn::Lane;
use rusqlite::Connection;
use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// How many steps of the virtual machine are between two checks, which is less than a millisecond.
const STEPS_PER_CHECK: i32 = 10_000;
/// How many checks a cheap read may last: some 50 ms. Steps are counted, not time, so that a busy machine does not change it.
const CHECKS_OF_CHEAP: u32 = 200;

/// Why a statement was ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stopped {
    /// It takes longer than a cheap read may.
    NotCheap,
    /// It takes longer than any statement may.
    TooLate,
    /// Nobody waits for it any more.
    Abandoned,
    /// The service stops.
    WithTheService,
}

/// Watches the statements of one connection.
pub(super) struct Watch {
    timeout: Duration,
    running: Arc<Mutex<Running>>,
}

/// The running statement. `SQLite` calls the check on the thread that runs it, so nobody ever waits for the lock.
struct Running {
    deadline: Instant,
    checks_left: Option<u32>,
    abandoned: Arc<AtomicBool>,
    stopped: Option<Stopped>,
}

impl Watch {
    pub(super) fn over(connection: &Connection, timeout: Duration, service_stops: Arc<AtomicBool>) -> Self {
        let running = Arc::new(Mutex::new(Running {
            deadline: Instant::now(),
            checks_left: None,
            abandoned: Arc::default(),
            stopped: None,
        }));
        let watched = Arc::clone(&running);
        let check = move || locked(&watched).check(service_stops.load(Ordering::Relaxed));
        if let Err(error) = connection.progress_handler(STEPS_PER_CHECK, Some(check)) {
            tracing::warn!(%error, "statements cannot be timed");
        }
        Self { timeout, running }
    }

    /// A statement begins.
    pub(super) fn begin(&self, lane: Lane, abandoned: &Arc<AtomicBool>) {
        *locked(&self.running) = Running {
            deadline: Instant::now() + self.timeout,
            checks_left: (lane == Lane::Cheap).then_some(CHECKS_OF_CHEAP),
            abandoned: Arc::clone(abandoned),
            stopped: None,
        };
    }

    /// The statement has ended. Gives why, where this watch has ended it.
    pub(super) fn end(&self) -> Option<Stopped> {
        locked(&self.running).stopped
    }
}

fn locked(running: &Mutex<Running>) -> MutexGuard<'_, Running> {
    running.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Running {
    /// Whether the statement has to end.
    fn check(&mut self, service_stops: bool) -> bool {
        let too_long = self.checks_left.as_mut().is_some_and(|left| {
            *left = left.saturating_sub(1);
            *left == 0
        });
        self.stopped = if self.abandoned.load(Ordering::Relaxed) {
            Some(Stopped::Abandoned)
        } else if service_stops {
            Some(Stopped::WithTheService)
        } else if Instant::now() > self.deadline {
            Some(Stopped::TooLate)
        } else if too_long {
            Some(Stopped::NotCheap)
        } else {
            None
        };
        self.stopped.is_some()
    }
}
