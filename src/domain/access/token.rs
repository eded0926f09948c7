//! Making, listing and revoking tokens: what `dateline token` does, and the tokens that a process makes for itself.

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

/// What tokens begin with, so that people and scanners of leaked secrets know them.
const PREFIX: &str = "dateline_";
/// Bytes of randomness.
const RANDOM: usize = 32;
/// Characters that a name may have.
const NAME: usize = 300;
/// Characters that an administrator's token from the environment must have.
const LEAST: usize = 32;

/// The name of the administrator whose token comes from the environment.
pub const ADMIN: &str = "admin";
/// The name of the editor who comes with the demo.
pub const DEMO_EDITOR: &str = "demo-editor";
/// The name under which the demo corpus is imported.
pub const DEMO: &str = "demo";

/// A token itself. It shows nothing of itself where it is printed for debugging.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A new token: 256 random bits.
    ///
    /// # Errors
    /// Where the system has no randomness to give.
    pub fn mint() -> Result<Self, Refusal> {
        let mut random = [0; RANDOM];
        getrandom::fill(&mut random).map_err(|error| Refusal::NoRandomness(error.to_string()))?;
        Ok(Self(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(random))))
    }

    /// A token that somebody chose: 32 characters or more of those that a header can carry.
    ///
    /// # Errors
    /// What is wrong with it, without repeating it.
    pub fn chosen(text: &str) -> Result<Self, String> {
        let length = text.chars().count();
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Err("has a character that is not one of A-Z a-z 0-9 and ASCII punctuation".into())
        } else if length < LEAST {
            Err(format!(
                "is too short: it has {length} characters, and must have {LEAST} or more (openssl rand -hex 32)"
            ))
        } else {
            Ok(Self(text.to_owned()))
        }
    }

    /// Whether a text may be a token that was minted here: others need not be looked up.
    #[must_use]
    pub fn is_of_our_form(text: &str) -> bool {
        text.strip_prefix(PREFIX).is_some_and(|rest| {
            rest.len() == (RANDOM * 8).div_ceil(6)
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

/// The SHA-256 of a token. Displays as it is stored: hexadecimal digits in lower case.
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

/// Why a token was not made or revoked.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The name cannot be one.
    #[error("the name {0}")]
    Name(String),
    /// The name belongs to the program.
    #[error("the name {0} is reserved for the program; choose another one")]
    Kept(&'static str),
    /// A live token has that name.
    #[error("the name {name} is taken by a token that {}; revoke that one first (dateline token revoke --name), or choose another name", live(*expires_at))]
    Taken {
        /// The name.
        name: String,
        /// When that token runs out, or ran out.
        expires_at: Option<DateTime<Utc>>,
    },
    /// No token has that name.
    #[error("no token is named {0}; `dateline token list` shows all of them")]
    Unknown(String),
    /// The token of that name was revoked before.
    #[error("the token {name} was revoked already, on {}", moment(*at))]
    Revoked {
        /// The name.
        name: String,
        /// When.
        at: DateTime<Utc>,
    },
    /// It would never be accepted.
    #[error("the token would have expired already, on {}", moment(*.0))]
    Past(DateTime<Utc>),
    /// The system is at fault.
    #[error("the system gives no random numbers: {0}")]
    NoRandomness(String),
    /// The database is at fault.
    #[error(transparent)]
    Store(#[from] store::Error),
}

fn live(expires_at: Option<DateTime<Utc>>) -> String {
    match expires_at {
        None => "does not expire".to_owned(),
        Some(end) if end > Utc::now() => format!("runs out on {}", moment(end)),
        Some(end) => format!("ran out on {}", moment(end)),
    }
}

/// A moment as people read it, in UTC.
#[must_use]
pub fn moment(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// Makes a token and keeps its hash. The token itself is in the answer alone.
///
/// # Errors
/// Where the name is none, is taken or is kept, where the end is past, or where the database does not answer.
pub async fn create(
    connection: &Connection,
    name: &str,
    role: Role,
    expires_at: Option<DateTime<Utc>>,
) -> Result<(Secret, Token), Refusal> {
    let name = rule::line(name).map_err(Refusal::Name)?;
    if name.chars().count() > NAME {
        return Err(Refusal::Name(format!("is longer than {NAME} characters")));
    }
    if let Some(kept) = [ADMIN, DEMO_EDITOR, DEMO].into_iter().find(|kept| *kept == name) {
        return Err(Refusal::Kept(kept));
    }
    let now = Utc::now();
    if let Some(end) = expires_at.filter(|end| *end <= now) {
        return Err(Refusal::Past(end));
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
        return Err(Refusal::Taken { name: row.name, expires_at: other.expires_at });
    }
    token::insert(&transaction, row.clone()).await?;
    transaction.commit().await?;
    Ok((secret, row))
}

/// Revokes the token of that name: a running server stops accepting it within a second or two.
///
/// # Errors
/// Where no token has that name, where it was revoked before, or where the database does not answer.
pub async fn revoke(connection: &Connection, name: &str) -> Result<(), Refusal> {
    let name = rule::line(name).map_err(Refusal::Name)?;
    let transaction = connection.begin_write().await?;
    match token::named(&transaction, &name).await? {
        None => Err(Refusal::Unknown(name)),
        Some(Token { revoked_at: Some(at), .. }) => Err(Refusal::Revoked { name, at }),
        Some(Token { id, .. }) => {
            token::revoke(&transaction, id, Utc::now().trunc_subsecs(3)).await?;
            Ok(transaction.commit().await?)
        }
    }
}

/// All tokens, revoked ones too, the oldest first. What they hold of the token itself is its hash.
///
/// # Errors
/// Where the database does not answer.
pub async fn list(connection: &Connection) -> Result<Vec<Token>, store::Error> {
    token::list(connection).await
}

/// Whether any token would be accepted.
///
/// # Errors
/// Where the database does not answer.
pub async fn any(connection: &Connection) -> Result<bool, store::Error> {
    token::any(connection, Utc::now()).await
}

/// When a token runs out: after a time (`30m`, `12h`, `90d`, `8w`), at the end of a day in UTC (`2027-01-31`), or at a moment
/// (`2027-01-31T18:00:00Z`).
///
/// # Errors
/// What the text should have been.
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

/// Times have years of four digits.
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
    fn a_token_is_256_random_bits_behind_a_prefix() {
        let (one, other) = (Secret::mint().unwrap(), Secret::mint().unwrap());
        assert_ne!(one, other);
        for secret in [one, other] {
            assert_eq!(secret.as_str().len(), "dateline_".len() + 43);
            assert!(Secret::is_of_our_form(secret.as_str()));
            assert!(!format!("{secret:?}").contains("dateline_"));
        }
        for text in ["", "dateline_", "dateline_short", "xateline_0123456789012345678901234567890123456789012"] {
            assert!(!Secret::is_of_our_form(text), "{text}");
        }
    }

    #[test]
    fn a_hash_is_the_sha_256_in_lower_case() {
        assert_eq!(Hash::of("abc").to_string(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn a_chosen_token_has_32_characters_that_a_header_can_carry() {
        assert!(Secret::chosen(&"x".repeat(32)).is_ok());
        for bad in ["", &"x".repeat(31), &" ".repeat(40), &"ä".repeat(40), &format!("{}\n", "x".repeat(40))] {
            let said = Secret::chosen(bad).unwrap_err();
            assert!(bad.is_empty() || !said.contains(bad), "{said}");
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
