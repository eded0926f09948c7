//! What can be done to a text without a database: pure functions, open to every room.

pub mod language;
