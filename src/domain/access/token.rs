//! Creates, lists and revokes tokens: for `dateline token`, and for the process itself.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, SubsecRound as _, TimeDelta, Utc};
use entity::Id;
use sha2::{Digest as _, Sha256};

use super::Role;
use crate::{
    domain::rule,
    store::{self, Connection, token},
};

pub use crate::store::token::Token;

/// The prefix of tokens, by which people and secret scanners recognize them.
const PREFIX: &str = "dateline_";
/// How many random bytes a token has.
const RANDOM_BYTES: usize = 32;
/// How many characters a name may have.
const MAX_NAME_LENGTH: usize = 300;
/// How many characters an administrator's token from the environment needs.
const MIN_CHOSEN_LENGTH: usize = 32;

/// The name of the administrator whose token comes from the environment.
pub const ADMIN: &str = "admin";
/// The name of the editor of the demo.
pub const DEMO_EDITOR: &str = "demo-editor";
/// The name under which the demo corpus is imported.
pub const DEMO: &str = "demo";

/// A token itself. Its debug output does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A new token: 256 random bits.
    pub fn mint() -> Result<Self, TokenError> {
        let mut random = [0; RANDOM_BYTES];
        getrandom::fill(&mut random).map_err(|error| TokenError::NoRandomness(error.to_string()))?;
        Ok(Self(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(random))))
    }

    /// A token that somebody chose: 32 characters or more that a header can contain. The error does not repeat it.
    pub fn chosen(text: &str) -> Result<Self, String> {
        let length = text.chars().count();
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Err("has a character that is not one of A-Z a-z 0-9 and ASCII punctuation".into())
        } else if length < MIN_CHOSEN_LENGTH {
            Err(format!(
                "is too short: it has {length} characters, and needs {MIN_CHOSEN_LENGTH} or more (use openssl rand -hex 32)"
            ))
        } else {
            Ok(Self(text.to_owned()))
        }
    }

    /// Whether a text has the form of a created token. Others need no lookup.
    #[must_use]
    pub fn has_token_form(text: &str) -> bool {
        text.strip_prefix(PREFIX).is_some_and(|rest| {
            rest.len() == (RANDOM_BYTES * 8).div_ceil(6)
                && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        })
    }

    /// The token, to be shown once.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}

/// The SHA-256 of a token, displayed in its stored form: hexadecimal digits in lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Hash(pub(super) [u8; 32]);

impl Hash {
    pub(super) fn of(token: &str) -> Self {
        Self(Sha256::digest(token).into())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

/// Why a token was not created or revoked.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The name is not valid.
    #[error("the name {0}")]
    Name(String),
    /// The name is reserved for the program.
    #[error("the name {0} is reserved for the program; choose another one")]
    Reserved(&'static str),
    /// A token that is not revoked has that name.
    #[error("the name {name} is taken by a token that {}; revoke that one first (dateline token revoke --name), or choose another name", expiry(*expires_at))]
    Taken {
        /// The name.
        name: String,
        /// When that token expires, or expired.
        expires_at: Option<DateTime<Utc>>,
    },
    /// No token has that name.
    #[error("no token is named {0}; `dateline token list` shows all of them")]
    Unknown(String),
    /// The token of that name was revoked already.
    #[error("the token {name} was revoked already, on {}", moment(*at))]
    Revoked {
        /// The name.
        name: String,
        /// When.
        at: DateTime<Utc>,
    },
    /// The token would never be accepted.
    #[error("the token would have expired already, on {}", moment(*.0))]
    Past(DateTime<Utc>),
    /// The system failed.
    #[error("the system has no random numbers: {0}")]
    NoRandomness(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

fn expiry(expires_at: Option<DateTime<Utc>>) -> String {
    match expires_at {
        None => "does not expire".to_owned(),
        Some(end) if end > Utc::now() => format!("expires on {}", moment(end)),
        Some(end) => format!("expired on {}", moment(end)),
    }
}

/// A time in UTC, as it is shown to people.
#[must_use]
pub fn moment(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// Creates a token and stores its hash. Only the result has the token itself.
pub async fn create(
    connection: &Connection,
    name: &str,
    role: Role,
    expires_at: Option<DateTime<Utc>>,
) -> Result<(Secret, Token), TokenError> {
    let name = rule::line(name).map_err(TokenError::Name)?;
    if name.chars().count() > MAX_NAME_LENGTH {
        return Err(TokenError::Name(format!("is longer than {MAX_NAME_LENGTH} characters")));
    }
    if let Some(reserved) = [ADMIN, DEMO_EDITOR, DEMO].into_iter().find(|reserved| *reserved == name) {
        return Err(TokenError::Reserved(reserved));
    }
    let now = Utc::now();
    if let Some(end) = expires_at.filter(|end| *end <= now) {
        return Err(TokenError::Past(end));
    }
    let secret = Secret::mint()?;
    let row = Token {
        id: Id::new(),
        name,
        role,
        hash: Hash::of(secret.as_str()).to_string(),
        created_at: now.trunc_subsecs(3),
        expires_at,
        revoked_at: None,
    };
    let transaction = connection.begin_write().await?;
    if let Some(other) = token::named(&transaction, &row.name).await?
        && other.revoked_at.is_none()
    {
        return Err(TokenError::Taken { name: row.name, expires_at: other.expires_at });
    }
    token::insert(&transaction, row.clone()).await?;
    transaction.commit().await?;
    Ok((secret, row))
}

/// Revokes the token of that name. A running server stops accepting it within two seconds.
pub async fn revoke(connection: &Connection, name: &str) -> Result<(), TokenError> {
    let name = rule::line(name).map_err(TokenError::Name)?;
    let transaction = connection.begin_write().await?;
    match token::named(&transaction, &name).await? {
        None => Err(TokenError::Unknown(name)),
        Some(Token { revoked_at: Some(at), .. }) => Err(TokenError::Revoked { name, at }),
        Some(Token { id, .. }) => {
            token::revoke(&transaction, id, Utc::now().trunc_subsecs(3)).await?;
            Ok(transaction.commit().await?)
        }
    }
}

/// All tokens, also revoked ones, the oldest first.
pub async fn list(connection: &Connection) -> Result<Vec<Token>, store::Error> {
    token::list(connection).await
}

/// Whether any token is accepted now.
pub async fn any(connection: &Connection) -> Result<bool, store::Error> {
    token::any(connection, Utc::now()).await
}

/// When a token expires: after a time span (`30m`, `12h`, `90d`, `8w`), at the end of a day in UTC (`2027-01-31`), or at a time
/// (`2027-01-31T18:00:00Z`).
pub fn end(text: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>, String> {
    let wrong =
        || "is not a time span (30m, 12h, 90d, 8w), a day (2027-01-31) or a time (2027-01-31T18:00:00Z)".to_owned();
    let end = if let Some((number, unit)) = split(text) {
        let delta = match unit {
            "m" => TimeDelta::try_minutes(number),
            "h" => TimeDelta::try_hours(number),
            "d" => TimeDelta::try_days(number),
            "w" => TimeDelta::try_weeks(number),
            _ => return Err(wrong()),
        };
        delta.and_then(|delta| now.checked_add_signed(delta)).ok_or("is too long")?
    } else if let Ok(day) = rule::day(text) {
        midnight_after(day).ok_or_else(wrong)?
    } else {
        rule::time(text).map_err(|_| wrong())?
    };
    if end > LAST { Err("is too far in the future".into()) } else { Ok(end.trunc_subsecs(3)) }
}

/// Years have four digits.
const LAST: DateTime<Utc> = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day.and_time(NaiveTime::MIN).and_utc(),
    None => DateTime::<Utc>::MAX_UTC,
};

fn split(text: &str) -> Option<(i64, &str)> {
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
    if unit.len() == 1 { Some((number.parse().ok()?, unit)) } else { None }
}

fn midnight_after(day: NaiveDate) -> Option<DateTime<Utc>> {
    Some(day.checked_add_days(Days::new(1))?.and_time(NaiveTime::MIN).and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_a_prefix_and_256_random_bits() {
        let (one, other) = (Secret::mint().unwrap(), Secret::mint().unwrap());
        assert_ne!(one, other);
        for secret in [one, other] {
            assert_eq!(secret.as_str().len(), "dateline_".len() + 43);
            assert!(Secret::has_token_form(secret.as_str()));
            assert!(!format!("{secret:?}").contains("dateline_"));
        }
        for text in ["", "dateline_", "dateline_short", "xateline_0123456789012345678901234567890123456789012"] {
            assert!(!Secret::has_token_form(text), "{text}");
        }
    }

    #[test]
    fn a_hash_is_the_sha_256_in_lower_case() {
        assert_eq!(Hash::of("abc").to_string(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn a_chosen_token_has_32_characters_that_a_header_can_contain() {
        assert!(Secret::chosen(&"x".repeat(32)).is_ok());
        for bad in ["", &"x".repeat(31), &" ".repeat(40), &"ä".repeat(40), &format!("{}\n", "x".repeat(40))] {
            let message = Secret::chosen(bad).unwrap_err();
            assert!(bad.is_empty() || !message.contains(bad), "{message}");
        }
    }

    #[test]
    fn an_end_is_a_time_from_now_a_day_or_a_moment() {
        let now = rule::time("2026-11-23T10:00:00Z").unwrap();
        for (text, at) in [
            ("30m", "2026-11-23T10:30:00Z"),
            ("12h", "2026-11-23T22:00:00Z"),
            ("90d", "2027-02-21T10:00:00Z"),
            ("8w", "2027-01-18T10:00:00Z"),
            ("2027-01-31", "2027-02-01T00:00:00Z"),
            ("2027-01-31T18:00:00+02:00", "2027-01-31T16:00:00Z"),
        ] {
            assert_eq!(end(text, now), rule::time(at), "{text}");
        }
        for bad in
            ["", "d", "30", "30x", "-1d", "1.5h", "tomorrow", "2027-02-30", "99999999999999d", "9999999w", "9999-12-31"]
        {
            assert!(end(bad, now).is_err(), "{bad}");
        }
    }
}
