//! Filters: `where` on every list, compared with a naive evaluation in memory, and what happens with bad input.

mod changes;
mod dates;
mod evaluate;
mod fields;
mod generate;
mod guide;
mod links;
mod property;
mod random;
mod refused;
mod space;
mod world;
