//! The memory of large answers: all that are being made or sent share one budget, and a client holds at most a part of it.

pub use crate::store::read::turn::Client;
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{sync::Notify, time::Instant};

/// Answers up to this size never wait, and are not counted.
pub const SMALL_ANSWER: usize = 64 * 1024;
/// One client may hold this part of the budget.
const PARTS_OF_CLIENT: usize = 4;

/// The budget of all answers.
pub struct Budget {
    ledger: Mutex<Ledger>,
    /// Signals that bytes were given back.
    freed: Notify,
    /// How long an answer waits for its bytes.
    wait: Duration,
}

/// Who holds how much. Pure: no clock, nobody waits.
struct Ledger {
    all: usize,
    held: usize,
    by_client: HashMap<Client, usize>,
}

impl Ledger {
    fn new(all: usize) -> Self {
        Self { all, held: 0, by_client: HashMap::new() }
    }

    fn most_for_one(&self) -> usize {
        self.all / PARTS_OF_CLIENT
    }

    /// Whether the client may take this many bytes now.
    fn may_take(&self, client: &Client, bytes: usize) -> bool {
        let own = self.by_client.get(client).copied().unwrap_or(0);
        self.held + bytes <= self.all && own + bytes <= self.most_for_one()
    }

    /// Takes bytes that are in use, whether there are enough or not.
    fn take(&mut self, client: &Client, bytes: usize) {
        self.held += bytes;
        *self.by_client.entry(client.clone()).or_default() += bytes;
    }

    fn give_back(&mut self, client: &Client, bytes: usize) {
        self.held = self.held.saturating_sub(bytes);
        if let Some(own) = self.by_client.get_mut(client) {
            *own = own.saturating_sub(bytes);
            if *own == 0 {
                self.by_client.remove(client);
            }
        }
    }
}

impl Budget {
    /// A budget of this many bytes. Who comes when it is used up waits this long.
    #[must_use]
    pub fn new(bytes: usize, wait: Duration) -> Arc<Self> {
        Arc::new(Self { ledger: Mutex::new(Ledger::new(bytes)), freed: Notify::new(), wait })
    }

    /// What one request may take of it.
    #[must_use]
    pub fn allowance(self: &Arc<Self>, client: Client) -> Arc<Allowance> {
        let held = Mutex::new(Reservation { budget: Arc::clone(self), client, bytes: 0 });
        Arc::new(Allowance { held, refused: AtomicBool::new(false) })
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        // No code panics while it holds this lock.
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn try_take(&self, client: &Client, bytes: usize) -> bool {
        let mut ledger = self.ledger();
        let may = ledger.may_take(client, bytes);
        if may {
            ledger.take(client, bytes);
        }
        may
    }

    /// Waits for the bytes. Gives whether they were taken.
    async fn take(&self, client: &Client, bytes: usize) -> bool {
        let until = Instant::now() + self.wait;
        loop {
            let freed = self.freed.notified();
            if self.try_take(client, bytes) {
                return true;
            }
            if tokio::time::timeout_at(until, freed).await.is_err() {
                return false;
            }
        }
    }
}

/// Bytes of the budget. They are given back when it is dropped.
pub struct Reservation {
    budget: Arc<Budget>,
    client: Client,
    bytes: usize,
}

impl Reservation {
    /// Changes it to the bytes that are in use.
    fn resize(&mut self, bytes: usize) {
        if bytes == self.bytes {
            return;
        }
        let mut ledger = self.budget.ledger();
        ledger.give_back(&self.client, self.bytes);
        ledger.take(&self.client, bytes);
        drop(ledger);
        if bytes < self.bytes {
            self.budget.freed.notify_waiters();
        }
        self.bytes = bytes;
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.resize(0);
    }
}

/// What one request takes of the budget. The transport puts it into the data of the request, and takes it out for the answer.
pub struct Allowance {
    held: Mutex<Reservation>,
    refused: AtomicBool,
}

impl Allowance {
    fn held(&self) -> MutexGuard<'_, Reservation> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reserves the usual size of an answer before it is made. Gives whether there was enough in time.
    pub(super) async fn reserve(&self, bytes: usize) -> bool {
        if bytes <= SMALL_ANSWER {
            return true;
        }
        let (budget, client) = {
            let held = self.held();
            (Arc::clone(&held.budget), held.client.clone())
        };
        let bytes = bytes.min(budget.ledger().most_for_one());
        let taken = budget.take(&client, bytes).await;
        if taken {
            self.held().bytes += bytes;
        } else {
            self.refused.store(true, Ordering::Relaxed);
        }
        taken
    }

    /// Whether a reservation failed.
    #[must_use]
    pub fn was_refused(&self) -> bool {
        self.refused.load(Ordering::Relaxed)
    }

    /// The reservation for an answer of this size, which is made now.
    #[must_use]
    pub fn settle(&self, bytes: usize) -> Reservation {
        let mut held = self.held();
        held.resize(if bytes <= SMALL_ANSWER { 0 } else { bytes });
        let rest = Reservation { budget: Arc::clone(&held.budget), client: held.client.clone(), bytes: 0 };
        std::mem::replace(&mut *held, rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_holds_at_most_a_quarter() {
        let (a, b) = (Client::token("a"), Client::token("b"));
        let mut ledger = Ledger::new(100);
        assert!(ledger.may_take(&a, 25) && !ledger.may_take(&a, 26));
        ledger.take(&a, 20);
        assert!(!ledger.may_take(&a, 6) && ledger.may_take(&b, 25));
        for other in 0..4 {
            ledger.take(&Client::token(&other.to_string()), 20);
        }
        assert!(!ledger.may_take(&b, 1), "all of it is held");
        ledger.give_back(&a, 20);
        assert!(ledger.may_take(&b, 20) && ledger.by_client.len() == 4);
    }

    #[tokio::test(start_paused = true)]
    async fn a_large_answer_waits_for_the_bytes_of_others_and_is_refused_after_a_while() {
        const MEGABYTE: usize = 1024 * 1024;
        let budget = Budget::new(4 * MEGABYTE, Duration::from_secs(2));
        let allowance = || budget.allowance(Client::token("a"));
        let first = allowance();
        assert!(first.reserve(MEGABYTE).await);
        let second = allowance();
        assert!(second.reserve(SMALL_ANSWER).await, "small answers never wait");
        assert!(!second.reserve(MEGABYTE).await && second.was_refused());
        assert!(budget.allowance(Client::token("b")).reserve(MEGABYTE).await, "another client has its own part");
        let sent = first.settle(MEGABYTE / 2);
        assert!(second.reserve(MEGABYTE / 2).await, "the first answer turned out smaller");
        let third = allowance();
        let waiting = tokio::spawn({
            let third = third.clone();
            async move { third.reserve(MEGABYTE / 2).await }
        });
        tokio::task::yield_now().await;
        drop(sent);
        assert!(waiting.await.unwrap());
    }
}
