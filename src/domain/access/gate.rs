//! From the token of a request to its viewer, cheaply: what a token was a moment ago is remembered.

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

/// How long what was read of a token is believed: so long a token that is revoked may still be accepted.
pub const BELIEVED: Duration = Duration::from_secs(1);
/// Tokens that are remembered at once. There is an entry for each token that was right, so honest ones fit.
const REMEMBERED: usize = 1_024;

/// A token that stands in no database, and its viewer.
#[derive(Debug, Clone)]
pub struct Fixed {
    hash: Hash,
    viewer: Viewer,
}

impl Fixed {
    /// Keeps the token's hash alone.
    #[must_use]
    pub fn new(secret: &Secret, viewer: Viewer) -> Self {
        Self { hash: Hash::of(secret.as_str()), viewer }
    }
}

/// Knows the tokens: those of the database, and the fixed ones of the process.
pub struct Gate {
    reader: Reader,
    fixed: Vec<Fixed>,
    recent: Recent,
}

impl Gate {
    /// A gate over a database that is migrated.
    #[must_use]
    pub fn new(reader: Reader, fixed: Vec<Fixed>) -> Self {
        Self { reader, fixed, recent: Recent::default() }
    }

    /// Whose token this is; `None` where it is nobody's, ran out, or was revoked.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn viewer(&self, token: &str) -> Result<Option<Viewer>, ReadError> {
        let hash = Hash::of(token);
        // All of them are compared, whichever it is.
        let fixed = self.fixed.iter().fold(None, |found, fixed| {
            if bool::from(fixed.hash.0.ct_eq(&hash.0)) { Some(&fixed.viewer) } else { found }
        });
        if let Some(viewer) = fixed {
            return Ok(Some(viewer.clone()));
        }
        if !Secret::is_of_our_form(token) {
            return Ok(None);
        }
        let asked = Instant::now();
        let known = if let Some(known) = self.recent.find(&hash, asked) {
            Some(known)
        } else {
            let found = find(&self.reader, &hash.to_string()).await?;
            if let Some(known) = &found {
                self.recent.keep(hash, known.clone(), asked);
            }
            found
        };
        Ok(known.filter(|known| is_current(known, Utc::now())).map(|known| Viewer::named(known.name, known.role)))
    }
}

/// What ran out is refused at once, remembered or not.
fn is_current(known: &TokenGrant, now: DateTime<Utc>) -> bool {
    known.expires_at.is_none_or(|end| now < end)
}

/// What was read of tokens a moment ago.
#[derive(Default)]
struct Recent(Mutex<HashMap<Hash, (TokenGrant, Instant)>>);

impl Recent {
    fn all(&self) -> MutexGuard<'_, HashMap<Hash, (TokenGrant, Instant)>> {
        // What is in it is whole at every moment.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, hash: &Hash, now: Instant) -> Option<TokenGrant> {
        let all = self.all();
        let (known, at) = all.get(hash)?;
        (now.saturating_duration_since(*at) < BELIEVED).then(|| known.clone())
    }

    /// `at`: before it was read, so that nothing is believed for longer than it should be.
    fn keep(&self, hash: Hash, known: TokenGrant, at: Instant) {
        let mut all = self.all();
        if all.len() >= REMEMBERED {
            all.retain(|_, (_, read)| at.saturating_duration_since(*read) < BELIEVED);
        }
        if all.len() >= REMEMBERED {
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
    fn what_was_read_of_a_token_is_believed_for_a_moment_only() {
        let (recent, now) = (Recent::default(), Instant::now());
        let (one, other) = (Hash::of("one"), Hash::of("other"));
        recent.keep(one, known(None), now);
        assert_eq!(recent.find(&one, now), Some(known(None)));
        assert_eq!(recent.find(&other, now), None);
        assert_eq!(recent.find(&one, now + BELIEVED), None);
        assert!(BELIEVED <= Duration::from_secs(5), "operators are told so");
    }

    #[test]
    fn only_so_many_tokens_are_remembered() {
        let (recent, now) = (Recent::default(), Instant::now());
        for n in 0..3 * REMEMBERED {
            recent.keep(Hash::of(&n.to_string()), known(None), now);
            assert!(recent.all().len() <= REMEMBERED);
        }
    }

    #[test]
    fn a_token_ends_at_the_moment_it_was_given_whether_remembered_or_not() {
        let end = Utc::now();
        assert!(is_current(&known(Some(end)), end - Duration::from_millis(1)));
        assert!(!is_current(&known(Some(end)), end));
        assert!(is_current(&known(None), end));
    }
}
