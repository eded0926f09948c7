//! Access: tokens, their roles, and the viewer of a request.
//!
//! [`token`] creates, lists and revokes tokens for the command line. [`Gate`] finds the [`Viewer`] of a request by its
//! token. The name of the viewer is the actor in the history.
//!
//! A token is 256 random bits, so that it cannot be guessed, and its SHA-256 needs neither salt nor many rounds. Only the hash is stored.
//! Hashes in memory are compared in constant time.

mod gate;
pub mod token;

pub use entity::vocabulary::Role;
pub use gate::{Fixed, Gate};

/// Who sent a request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Viewer {
    /// The name of the token, which is the actor of the history; none without a token.
    pub name: Option<String>,
    /// What the token allows; none without a token.
    pub role: Option<Role>,
}

impl Viewer {
    /// A viewer without a token.
    pub const ANONYMOUS: Self = Self { name: None, role: None };

    /// The holder of a token.
    #[must_use]
    pub fn named(name: impl Into<String>, role: Role) -> Self {
        Self { name: Some(name.into()), role: Some(role) }
    }

    /// Whether the request had a token.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.role.is_some()
    }

    /// Whether the viewer may do what this role allows.
    #[must_use]
    pub fn may(&self, role: Role) -> bool {
        self.role.is_some_and(|own| own >= role)
    }

    /// The name for the history.
    #[must_use]
    pub fn actor(&self) -> &str {
        self.name.as_deref().unwrap_or("anonymous")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_allows_what_lower_ones_do_and_nothing_is_allowed_without() {
        let editor = Viewer::named("e", Role::Editor);
        assert!(editor.may(Role::Reader) && editor.may(Role::Editor) && !editor.may(Role::Admin));
        assert!(!Viewer::ANONYMOUS.may(Role::Reader) && !Viewer::ANONYMOUS.is_known());
    }
}
