//! The interface Node: objects with an id.

use super::{ARTICLE, CITATION, EVENT, MENTION, ORGANIZATION, PARTICIPATION, PERSON, PLACE, RELATION, REVISION};
use crate::store::read::{
    build::raw_column,
    declare::{FieldDeclaration, Interface, Scalar},
};
use std::sync::LazyLock;

pub static NODE: LazyLock<Interface> = LazyLock::new(|| Interface {
    name: "Node",
    doc: "An object with an id, which `node` finds.",
    fields: || vec![id()],
    interfaces: &[],
    types: || {
        vec![
            &ARTICLE,
            &PLACE,
            &ORGANIZATION,
            &PERSON,
            &EVENT,
            &RELATION,
            &PARTICIPATION,
            &MENTION,
            &CITATION,
            &REVISION,
        ]
    },
});

/// The field `id`.
pub fn id() -> FieldDeclaration {
    raw_column("id", "id", Scalar::Id, false, "A UUID, unique over all types.")
}
