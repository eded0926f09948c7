//! The search for the shortest paths between two entities. It follows links level by level from both ends, in one snapshot of the
//! database, and reads the records of the paths at its end.

mod answer;
mod graph;
#[cfg(test)]
mod limit_tests;
mod search;
mod statement;

pub(super) use search::PathSearch;

use super::plan::RootPlan;
use entity::Reference;

/// The longest path that can be asked for.
pub const MAX_LENGTH: usize = 6;
/// How many entities an answer lists whose links were not followed.
pub const MAX_HUBS: usize = 100;
/// What a search for paths costs besides the records of its answer.
pub const PATH_SEARCH_COST: u64 = 3_000;

/// How much work a search for paths may take.
#[derive(Clone, Copy, Debug)]
pub struct PathLimits {
    /// The links of an entity with more of them are not followed.
    pub links_of_entity: usize,
    /// The same for the two ends.
    pub links_of_end: usize,
    /// How many entities are followed.
    pub entities: usize,
    /// How many links are read, besides those of the last few entities.
    pub links: usize,
    /// How many steps are tried to make paths of the known links.
    pub tried_steps: usize,
}

impl PathLimits {
    /// The limits of a request.
    pub const DEFAULT: Self =
        Self { links_of_entity: 1_000, links_of_end: 10_000, entities: 2_000, links: 50_000, tried_steps: 100_000 };
}

/// What a search for paths looks for, and what its answer shows.
pub struct PathPlan {
    /// The two ends.
    pub ends: [Reference; 2],
    /// The longest path.
    pub max_length: usize,
    /// How many paths.
    pub first: usize,
    /// How much work it may take.
    pub limits: PathLimits,
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
