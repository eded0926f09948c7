//! Parts that several kinds of record share. Each part has its struct, its shape, its references, its checks and its rows.

mod citation;
mod context;
mod fuzzy_date;
mod item;
mod items;
pub(crate) mod json;
mod location;
mod mention;
mod name;
mod participation;
mod reference;

pub use entity::Reference;

pub(super) use citation::CITATION;
pub use citation::Citation;
pub(crate) use citation::add_citations;
pub(super) use context::CONTEXT;
pub use context::Context;
pub(super) use fuzzy_date::FUZZY_DATE;
pub use fuzzy_date::{FuzzyDate, RelativeDate};
pub(super) use item::{FreeIds, check_each_once, check_references_once, remove_equal};
pub use items::{Items, ItemsMut};
pub(super) use location::LOCATION;
pub use location::Location;
pub(super) use mention::MENTION;
pub(crate) use mention::MENTION_TEXT;
pub use mention::Mention;
pub(super) use name::THING;
pub use name::{Description, Name, Thing};
pub(super) use participation::PARTICIPATION;
pub use participation::Participation;
pub use reference::ReferenceVisitor;
pub(super) use reference::{visit_all, visit_one};
