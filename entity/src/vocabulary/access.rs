//! Who may do what.

use super::vocabulary;

vocabulary! {
    /// What the holder of a token may do. Each role may do what those before it may.
    Role {
        /// May read.
        Reader = "READER",
        /// May read and change records.
        Editor = "EDITOR",
        /// May do everything that the API offers.
        Admin = "ADMIN",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_higher_role_is_greater() {
        assert!(Role::Reader < Role::Editor && Role::Editor < Role::Admin);
    }
}
