//! Connects GraphQL and compiled reads. `register` adds declarations to the schema, `select` turns selections into
//! plans, `condition` turns `where` and `orderBy` into conditions and sort keys, with the operators of `operator`.

mod argument;
mod condition;
mod date_condition;
mod facet;
mod folded;
mod input;
mod list;
mod operand;
mod operator;
mod page;
mod register;
mod scalar;
mod select;
mod space;

pub use list::List;
pub(in crate::graphql) use register::{
    connection, edge, interface, meta_argument, object, plain_object, root_arguments, where_argument,
};
pub use scalar::scalars;
pub(in crate::graphql) use scalar::{check, scalar};
pub(in crate::graphql) use select::{PlanResult, SelectionSets, selection_sets};
pub use select::{RequestProblem, Selection, records};

use crate::store::read::declare::{ArgumentDeclaration, Scalar, argument};

/// The arguments of every connection.
pub(in crate::graphql) fn paging() -> Vec<ArgumentDeclaration> {
    vec![
        argument(
            "first",
            Scalar::Int,
            "The number of items from the start of the list, 0 to 100. With 0, only counts are read. Default: 20, where `last` is absent.",
        ),
        argument(
            "after",
            Scalar::Text,
            "Only items after this cursor. The cursor must come from the same list in the same order.",
        ),
        argument(
            "last",
            Scalar::Int,
            "The number of items from the end of the list, 0 to 100. Not together with `first`.",
        ),
        argument(
            "before",
            Scalar::Text,
            "Only items before this cursor. The cursor must come from the same list in the same order.",
        ),
    ]
}
