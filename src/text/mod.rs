//! Analysis of texts: pure functions, which every layer may call.

pub mod analysis;
pub mod article;
pub mod article_key;
pub mod change;
pub mod difference;
pub mod display_name;
mod distance;
pub mod fold;
pub mod gram;
pub mod language;
pub mod name_word;
pub mod nearest;
pub mod occurrence;
pub mod retrieval;
pub mod selector;
pub mod sort_key;
pub mod span;
pub mod suggestion;
mod word;

pub use article_key::{address_key, body_key};
pub use change::TextChange;
pub use difference::first_difference;
pub use gram::{grams, grams_of_part};
pub use name_word::{TypedWords, find_typed, name_words, typed_words};
pub use nearest::{Nearest, nearest};
pub use occurrence::{SearchBudget, Text};
pub use selector::{Selector, around};
pub use sort_key::sort_key;
pub use span::Spans;
pub use suggestion::most_similar;
