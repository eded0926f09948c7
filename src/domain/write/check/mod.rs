//! The rules that need other records.

pub(super) mod consistency;
pub(super) mod date;
pub(super) mod duplicate;
pub(super) mod item_id;
pub(super) mod tree;
pub(super) mod unique;
