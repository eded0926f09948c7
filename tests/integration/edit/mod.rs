//! Editing: what may be changed, what is refused, and what is never lost.

mod laws;
