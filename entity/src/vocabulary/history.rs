//! Changes of records, problems of inputs, and the direction of an order.

use super::vocabulary;

vocabulary! {
    /// The kind of change that a revision records.
    Operation {
        /// The record was created.
        Create = "CREATE",
        /// Fields of the record were changed.
        Update = "UPDATE",
        /// The record was deleted: it is in the bin.
        Delete = "DELETE",
        /// The record was restored from the bin.
        Restore = "RESTORE",
        /// The record was merged into another record, or another record was merged into it.
        Merge = "MERGE",
        /// An earlier change was reverted by a new change.
        Revert = "REVERT",
    }
}

vocabulary! {
    /// The direction of a sort order.
    Direction {
        /// Ascending: smallest number, earliest date and A first.
        Asc = "ASC",
        /// Descending: greatest number, latest date and Z first.
        Desc = "DESC",
    }
}

vocabulary! {
    /// The kind of problem that an input has.
    UserErrorCode {
        /// The value has the wrong format or is out of range.
        Invalid = "INVALID",
        /// A required value is missing.
        Required = "REQUIRED",
        /// The value is too long.
        TooLong = "TOO_LONG",
        /// No record has this id or key.
        NotFound = "NOT_FOUND",
        /// The record with this id or key has another type.
        WrongType = "WRONG_TYPE",
        /// The value must be unique, and another record has it.
        Duplicate = "DUPLICATE",
        /// The record was changed after the version that the edit was made from.
        Conflict = "CONFLICT",
        /// The reference would make a record contain itself, directly or through other records.
        Cycle = "CYCLE",
    }
}
