//! The memory of large answers: all that are being made or sent share one budget, and a client holds at most a part of it.

pub use crate::store::read::{
    budget::{Budget, Reservation},
    turn::Client,
};
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

/// Answers up to this size never wait, and are not counted.
pub const SMALL_ANSWER: usize = 64 * 1024;

/// What one request takes of the budget. The transport puts it into the data of the request, and takes it out for the answer.
pub struct Allowance {
    held: Mutex<Reservation>,
    refused: AtomicBool,
}

impl Allowance {
    /// What a request of this client may take.
    #[must_use]
    pub fn new(budget: &Arc<Budget>, client: Client) -> Arc<Self> {
        Arc::new(Self { held: Mutex::new(budget.nothing(client)), refused: AtomicBool::new(false) })
    }

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
            let (budget, client) = held.holder();
            (Arc::clone(budget), client.clone())
        };
        let taken = budget.reserve(&client, bytes.min(budget.most_for_one())).await;
        let was_taken = taken.is_some();
        match taken {
            Some(taken) => self.held().add(taken),
            None => self.refused.store(true, Ordering::Relaxed),
        }
        was_taken
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
        let (budget, client) = held.holder();
        let rest = budget.nothing(client.clone());
        std::mem::replace(&mut *held, rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test(start_paused = true)]
    async fn a_large_answer_waits_for_the_bytes_of_others_and_is_refused_after_a_while() {
        const MEGABYTE: usize = 1024 * 1024;
        let budget = Budget::new(4 * MEGABYTE, Duration::from_secs(2));
        let allowance = || Allowance::new(&budget, Client::token("a"));
        let first = allowance();
        assert!(first.reserve(MEGABYTE).await);
        let second = allowance();
        assert!(second.reserve(SMALL_ANSWER).await, "small answers never wait");
        assert!(!second.reserve(MEGABYTE).await && second.was_refused());
        assert!(Allowance::new(&budget, Client::token("b")).reserve(MEGABYTE).await, "another client has its own part");
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
