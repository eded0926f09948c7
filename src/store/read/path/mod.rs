//! The search for the shortest paths between two entities. It follows links level by level from both ends, in one snapshot of the
//! database, and reads the records of the paths at its end.

mod answer;
mod graph;
mod search;
mod statement;

pub(super) use search::PathSearch;

use super::plan::RootPlan;
use entity::Reference;

/// The longest path that can be asked for.
pub const MAX_LENGTH: usize = 6;
/// The links of an entity with more of them are not followed.
pub const MAX_LINKS: usize = 1_000;
/// The same for the two ends.
pub const MAX_LINKS_OF_END: usize = 10_000;
/// How many entities are followed at most. The search also ends when it has read [`MAX_LINKS_IN_ALL`].
pub const MAX_ENTITIES: usize = 2_000;
/// How many links are read at most, besides those of the last few entities.
pub const MAX_LINKS_IN_ALL: usize = 50_000;
/// How many entities an answer lists whose links were not followed.
pub const MAX_HUBS: usize = 100;
/// What a search for paths costs besides the records of its answer.
pub const PATH_SEARCH_COST: u64 = 3_000;

/// What a search for paths looks for, and what its answer shows.
pub struct PathPlan {
    /// The two ends.
    pub ends: [Reference; 2],
    /// The longest path.
    pub max_length: usize,
    /// How many paths.
    pub first: usize,
    /// The records that the answer shows. The references of a plan are filled in by the search.
    pub objects: Vec<(Part, RootPlan)>,
    /// The fields of the answer.
    pub answer: AnswerPlan,
}

/// Which record of a path a field shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Where a step starts.
    From,
    /// Where a step ends.
    To,
    /// What links the two.
    Via,
    /// An entity whose links were not followed.
    Hub,
}

/// The fields of an answer, by response key.
pub enum AnswerPlan {
    /// The paths alone.
    Paths(Vec<(String, PathField)>),
    /// The paths, and what was not searched.
    PathSearch(Vec<(String, PathSearchField)>),
}

/// A field of `pathSearch`.
pub enum PathSearchField {
    /// `__typename`
    Constant(String),
    /// `paths`
    Paths(Vec<(String, PathField)>),
    /// `isComplete`
    IsComplete,
    /// `hubs`: the place of their plan in [`PathPlan::objects`].
    Hubs(usize),
}

/// A field of a path.
pub enum PathField {
    /// `__typename`
    Constant(String),
    /// `length`
    Length,
    /// `steps`
    Steps(Vec<(String, StepField)>),
}

/// A field of a step.
pub enum StepField {
    /// `__typename`
    Constant(String),
    /// A record: the place of its plan in [`PathPlan::objects`].
    Object(usize),
}
