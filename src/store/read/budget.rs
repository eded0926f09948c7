//! Memory that many share: all together take at most a number of bytes, and a client holds at most a part of it.

use super::turn::Client;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{sync::Notify, time::Instant};

/// One client may hold this part of the budget.
pub const PARTS_OF_CLIENT: usize = 4;

/// A number of bytes that many share.
pub struct Budget {
    ledger: Mutex<Ledger>,
    /// Signals that bytes were given back.
    freed: Notify,
    /// How long to wait for bytes.
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
        if bytes == 0 {
            return;
        }
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

    /// What one client may hold at most.
    #[must_use]
    pub fn most_for_one(&self) -> usize {
        self.ledger().most_for_one()
    }

    /// A reservation of no bytes.
    #[must_use]
    pub fn nothing(self: &Arc<Self>, client: Client) -> Reservation {
        Reservation { budget: Arc::clone(self), client, bytes: 0 }
    }

    /// Waits for the bytes; gives nothing if they are not free in time.
    pub async fn reserve(self: &Arc<Self>, client: &Client, bytes: usize) -> Option<Reservation> {
        let until = Instant::now() + self.wait;
        loop {
            let freed = self.freed.notified();
            if self.try_take(client, bytes) {
                return Some(Reservation { budget: Arc::clone(self), client: client.clone(), bytes });
            }
            tokio::time::timeout_at(until, freed).await.ok()?;
        }
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
}

/// Bytes of the budget. They are given back when it is dropped.
pub struct Reservation {
    budget: Arc<Budget>,
    client: Client,
    bytes: usize,
}

impl Reservation {
    /// The budget and who holds the bytes.
    #[must_use]
    pub fn holder(&self) -> (&Arc<Budget>, &Client) {
        (&self.budget, &self.client)
    }

    /// Adds the bytes of another reservation of the same client.
    pub fn add(&mut self, mut other: Self) {
        self.bytes += std::mem::take(&mut other.bytes);
    }

    /// Changes it to the bytes that are in use, whether there are enough or not.
    pub fn resize(&mut self, bytes: usize) {
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
    #[tokio::test]
    async fn what_is_given_back_leaves_no_trace_of_its_client() {
        let budget = Budget::new(100, Duration::from_secs(1));
        let mut reservation = budget.reserve(&Client::token("a"), 20).await.expect("there is enough");
        reservation.resize(10);
        drop(reservation);
        let ledger = budget.ledger();
        assert_eq!((ledger.held, ledger.by_client.len()), (0, 0));
    }
}
