//! Finds the viewer of a token. Tokens that were read recently are cached.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use subtle::ConstantTimeEq as _;

use super::{
    Viewer,
    token::{Hash, Secret},
};
use crate::store::{
    read::{ReadError, Reader},
    token::{TokenGrant, find},
};

/// How long a token is cached. A revoked token may be accepted for this long.
pub const CACHE_DURATION: Duration = Duration::from_secs(1);
/// How many tokens are cached. Only valid tokens are cached, so other ones cannot fill it.
const MAX_CACHED: usize = 1_024;

/// A token that is not stored in the database, and its viewer.
#[derive(Debug, Clone)]
pub struct Fixed {
    hash: Hash,
    viewer: Viewer,
}

impl Fixed {
    /// Stores only the hash of the token.
    #[must_use]
    pub fn new(secret: &Secret, viewer: Viewer) -> Self {
        Self { hash: Hash::of(secret.as_str()), viewer }
    }
}

/// Checks tokens: those of the database, and the fixed ones of the process.
pub struct Gate {
    reader: Reader,
    fixed: Vec<Fixed>,
    cache: TokenCache,
}

impl Gate {
    /// A gate for a migrated database.
    #[must_use]
    pub fn new(reader: Reader, fixed: Vec<Fixed>) -> Self {
        Self { reader, fixed, cache: TokenCache::default() }
    }

    /// The viewer of a token; nobody if it is unknown, expired or revoked.
    pub async fn viewer(&self, token: &str) -> Result<Option<Viewer>, ReadError> {
        let hash = Hash::of(token);
        // Every fixed token is compared, so that the time does not depend on which one matches.
        let fixed = self.fixed.iter().fold(None, |found, fixed| {
            if bool::from(fixed.hash.0.ct_eq(&hash.0)) { Some(&fixed.viewer) } else { found }
        });
        if let Some(viewer) = fixed {
            return Ok(Some(viewer.clone()));
        }
        if !Secret::has_token_form(token) {
            return Ok(None);
        }
        let asked = Instant::now();
        let known = if let Some(known) = self.cache.find(&hash, asked) {
            Some(known)
        } else {
            let found = find(&self.reader, &hash.to_string()).await?;
            if let Some(known) = &found {
                self.cache.insert(hash, known.clone(), asked);
            }
            found
        };
        Ok(known.filter(|known| is_current(known, Utc::now())).map(|known| Viewer::named(known.name, known.role)))
    }
}

/// Whether a token has not expired. Cached tokens are checked as well.
fn is_current(known: &TokenGrant, now: DateTime<Utc>) -> bool {
    known.expires_at.is_none_or(|end| now < end)
}

/// The tokens that were read recently, with the time before the read.
#[derive(Default)]
struct TokenCache(Mutex<HashMap<Hash, (TokenGrant, Instant)>>);

impl TokenCache {
    fn all(&self) -> MutexGuard<'_, HashMap<Hash, (TokenGrant, Instant)>> {
        // The map is never left half-changed, so a panic elsewhere does no harm.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, hash: &Hash, now: Instant) -> Option<TokenGrant> {
        let all = self.all();
        let (known, at) = all.get(hash)?;
        (now.saturating_duration_since(*at) < CACHE_DURATION).then(|| known.clone())
    }

    /// `at` is the time before the read, so that no token is cached for too long.
    fn insert(&self, hash: Hash, known: TokenGrant, at: Instant) {
        let mut all = self.all();
        if all.len() >= MAX_CACHED {
            all.retain(|_, (_, read)| at.saturating_duration_since(*read) < CACHE_DURATION);
        }
        if all.len() >= MAX_CACHED {
            all.clear();
        }
        all.insert(hash, (known, at));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::access::Role;

    fn known(expires_at: Option<DateTime<Utc>>) -> TokenGrant {
        TokenGrant { name: "a".to_owned(), role: Role::Editor, expires_at }
    }

    #[test]
    fn a_token_is_cached_for_a_moment_only() {
        let (cache, now) = (TokenCache::default(), Instant::now());
        let (one, other) = (Hash::of("one"), Hash::of("other"));
        cache.insert(one, known(None), now);
        assert_eq!(cache.find(&one, now), Some(known(None)));
        assert_eq!(cache.find(&other, now), None);
        assert_eq!(cache.find(&one, now + CACHE_DURATION), None);
        assert!(CACHE_DURATION <= Duration::from_secs(5), "docs/operations.md promises it");
    }

    #[test]
    fn the_number_of_cached_tokens_is_limited() {
        let (cache, now) = (TokenCache::default(), Instant::now());
        for n in 0..3 * MAX_CACHED {
            cache.insert(Hash::of(&n.to_string()), known(None), now);
            assert!(cache.all().len() <= MAX_CACHED);
        }
    }

    #[test]
    fn a_token_expires_at_its_time_also_in_the_cache() {
        let end = Utc::now();
        assert!(is_current(&known(Some(end)), end - Duration::from_millis(1)));
        assert!(!is_current(&known(Some(end)), end));
        assert!(is_current(&known(None), end));
    }
}
