//! Full-text search over analysed texts: what the index stores of a record, the rank of a hit, and the passages that show it.
//!
//! The index has one posting for each term of a record, with the positions of the term. Hits are ranked here and not by the database,
//! so that they have the same order on both databases.

mod document;
mod field;
mod length;
mod passage;
mod posting;
mod rank;
mod spelling;

pub use document::{Document, FieldText};
pub use field::Field;
pub use passage::{Passage, find_passage};
pub use posting::{place_of, read_block, write_block};
pub use rank::{Corpus, Hit, Postings};
pub use spelling::{Spelling, closest, spelling_keys, spellings};
