//! How many requests a client may send in a second, and how many wrong tokens.

use std::{
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use governor::{
    Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
    state::keyed::HashMapStateStore,
};

use crate::graphql::budget::Client;

/// The number of wrong tokens of one address that are answered with 401. Afterwards one is answered in a second.
const WRONG_TOKENS: NonZeroU32 = NonZeroU32::new(60).unwrap();
/// After this number of checks, the clients that have been quiet are forgotten.
const CHECKS_PER_SWEEP: u32 = 10_000;

type Limiter = RateLimiter<Client, HashMapStateStore<Client>, DefaultClock>;

/// The limits of rates. Cheap to clone.
#[derive(Clone)]
pub struct Rates(Arc<Limiters>);

struct Limiters {
    requests: Option<Limiter>,
    wrong_tokens: Limiter,
    checks: AtomicU32,
}

impl Rates {
    /// Each client may send this number of requests in a second, and twice as many at once. Without a number, it may send any number.
    #[must_use]
    pub fn new(per_second: Option<NonZeroU32>) -> Self {
        let limiter = |quota: Quota| RateLimiter::hashmap(quota);
        let requests = per_second.map(|rate| limiter(Quota::per_second(rate).allow_burst(rate.saturating_mul(TWICE))));
        let wrong_tokens = limiter(Quota::per_second(NonZeroU32::MIN).allow_burst(WRONG_TOKENS));
        Self(Arc::new(Limiters { requests, wrong_tokens, checks: AtomicU32::new(0) }))
    }

    /// Counts a request. Gives the time to wait, if there are too many.
    pub(super) fn request(&self, client: &Client) -> Result<(), Duration> {
        let Some(limiter) = &self.0.requests else { return Ok(()) };
        self.check(limiter, client)
    }

    /// Counts a wrong token of an address.
    pub(super) fn wrong_token(&self, address: &Client) -> Result<(), Duration> {
        self.check(&self.0.wrong_tokens, address)
    }

    fn check(&self, limiter: &Limiter, client: &Client) -> Result<(), Duration> {
        if self.0.checks.fetch_add(1, Ordering::Relaxed) % CHECKS_PER_SWEEP == CHECKS_PER_SWEEP - 1 {
            for limiter in self.0.requests.iter().chain([&self.0.wrong_tokens]) {
                limiter.retain_recent();
                limiter.shrink_to_fit();
            }
        }
        limiter.check_key(client).map_err(|until| until.wait_time_from(limiter.clock().now()))
    }
}

const TWICE: NonZeroU32 = NonZeroU32::new(2).unwrap();

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_client_has_its_own_rate_and_twice_as_many_at_once() {
        let rates = Rates::new(NonZeroU32::new(2));
        let (a, b) = (Client::token("a"), Client::token("b"));
        assert!((0..4).all(|_| rates.request(&a).is_ok()));
        let wait = rates.request(&a).unwrap_err();
        assert!(wait <= Duration::from_millis(500), "{wait:?}");
        assert!(rates.request(&b).is_ok());
        assert!((0..1_000).all(|_| Rates::new(None).request(&a).is_ok()));
    }
}
