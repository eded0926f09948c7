//! What belongs together: numbers of articles, related entities and paths.

mod count;
mod hub;
mod naive;
mod path;
mod property;
mod refused;
mod related;
