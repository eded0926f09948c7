//! What is done to records, what can be wrong with an input, and the direction of an order.

use super::vocabulary;

vocabulary! {
    /// What was done to a record.
    Operation {
        /// It was made.
        Create = "CREATE",
        /// It was changed.
        Update = "UPDATE",
        /// It was put into the bin.
        Delete = "DELETE",
        /// It was taken out of the bin.
        Restore = "RESTORE",
        /// It was merged into another record, or another one into it.
        Merge = "MERGE",
        /// An earlier change was undone.
        Revert = "REVERT",
    }
}

vocabulary! {
    /// The direction of an order.
    Direction {
        /// From the smallest to the greatest, from the earliest to the latest, from A to Z.
        Asc = "ASC",
        /// From the greatest to the smallest, from the latest to the earliest, from Z to A.
        Desc = "DESC",
    }
}

vocabulary! {
    /// What is wrong with an input.
    UserErrorCode {
        /// The value has the wrong form or is outside its range.
        Invalid = "INVALID",
        /// A value that is needed is missing.
        Required = "REQUIRED",
        /// The value is too long.
        TooLong = "TOO_LONG",
        /// Nothing has that id or key.
        NotFound = "NOT_FOUND",
        /// What has that id or key is of another type.
        WrongType = "WRONG_TYPE",
        /// The value has to be unique and is taken.
        Duplicate = "DUPLICATE",
        /// The record was changed in the meantime.
        Conflict = "CONFLICT",
        /// The link would close a circle.
        Cycle = "CYCLE",
    }
}
