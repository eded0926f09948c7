//! The interface Node: objects with an id.

use super::{CITATION, MENTION, PARTICIPATION, REVISION, types_of};
use crate::store::read::{
    build::raw_column,
    declare::{FieldDeclaration, Interface, Scalar},
};
use entity::vocabulary::{RecordKind, Vocabulary as _};
use std::sync::LazyLock;

pub static NODE: LazyLock<Interface> = LazyLock::new(|| Interface {
    name: "Node",
    doc: "An object with an id, which `node` finds.",
    fields: || vec![id()],
    interfaces: &[],
    types: || {
        let mut types = types_of(RecordKind::ALL);
        types.extend([&*PARTICIPATION, &*MENTION, &*CITATION, &*REVISION]);
        types
    },
});

/// The field `id`.
pub fn id() -> FieldDeclaration {
    raw_column("id", "id", Scalar::Id, false, "A UUID, unique over all types.")
}
