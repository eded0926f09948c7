//! Analysis of texts: pure functions, which every layer may call.

pub mod article;
pub mod language;
pub mod passage;
pub mod search;
pub mod sort_key;
pub mod span;

pub use passage::Passages;
pub use search::{Effort, Text};
pub use sort_key::sort_key;
pub use span::Spans;
