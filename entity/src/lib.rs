//! The rows of the database: one sea-orm model a table, and the vocabularies that their columns hold.
