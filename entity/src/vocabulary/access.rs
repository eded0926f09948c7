//! Roles: what the holder of a token may do.

use super::vocabulary;

vocabulary! {
    /// What the holder of a token may do. Each role includes the roles before it.
    Role {
        /// May read.
        Reader = "READER" => ["Reader", "Lecteur", "قارئ"],
        /// May read and change records.
        Editor = "EDITOR" => ["Editor", "Rédacteur", "محرر"],
        /// May do everything that the API offers.
        Admin = "ADMIN" => ["Administrator", "Administrateur", "مدير"],
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
