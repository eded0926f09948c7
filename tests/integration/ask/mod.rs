//! Filters, facets and histograms on every list, compared with a naive evaluation in memory, and what happens with bad input.

mod changes;
mod contract;
mod cost;
mod counts;
mod dates;
mod evaluate;
mod facets;
mod fields;
mod generate;
mod guide;
mod histograms;
mod links;
mod property;
mod random;
mod refused;
mod space;
mod spread;
mod texts;
mod world;
