//! Documents: parsed, limited, validated, and remembered.

/// Put into a request's data where only queries may run (GET).
pub struct QueriesOnly;

/// The source of the error of a mutation that was refused because of [`QueriesOnly`].
pub struct NeedsPost;
