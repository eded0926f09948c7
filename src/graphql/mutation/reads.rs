//! The reads of a payload: the selected fields of several records by one statement.

use super::declare::ANY_RECORD;
use crate::{
    graphql::request::RootFields,
    store::read::{
        ReadError, ReadResult,
        declare::{Column, Type},
        plan::{FieldPlan, ObjectPlan, RootPlan},
    },
};
use async_graphql::Context;
use entity::{Id, Reference, record};
use serde_json::value::RawValue;
use std::collections::HashMap;

/// The fields that were read of one record, by result key; `None` where the record was not found.
pub(super) type RecordFields = Option<HashMap<String, Box<RawValue>>>;

/// The reads of several records by one statement. Each read has a result key.
#[derive(Default)]
pub(super) struct RecordReads {
    branches: Vec<ObjectPlan>,
    /// The same of types that are not records.
    others: Vec<ObjectPlan>,
    reads: usize,
    /// Deleted records are read as well.
    include_deleted: bool,
}

/// The result key of a read.
pub(super) fn result_key(at: usize) -> String {
    format!("p{at}")
}

impl RecordReads {
    /// Reads deleted records as well.
    pub(super) fn with_deleted() -> Self {
        Self { include_deleted: true, ..Self::default() }
    }

    fn add(&mut self, nodes: impl Iterator<Item = (&'static Type, FieldPlan)>) -> usize {
        let at = self.reads;
        self.reads += 1;
        for (ty, node) in nodes {
            let branches = if ty.kind.is_some() { &mut self.branches } else { &mut self.others };
            let found = branches.iter().position(|branch| branch.ty.name == ty.name).unwrap_or_else(|| {
                branches.push(ObjectPlan { ty, fields: vec![] });
                branches.len() - 1
            });
            branches[found].fields.push((result_key(at), node));
        }
        at
    }

    /// Adds a read of an object of one of these types.
    pub(super) fn object(&mut self, objects: Vec<ObjectPlan>) -> usize {
        // the columns of the row, nested under the result key
        let same_row = |object: ObjectPlan| (object.ty, FieldPlan::Embedded { prefix: "", present: "id", object });
        self.add(objects.into_iter().map(same_row))
    }

    /// Adds a read of the time of deletion.
    pub(super) fn deleted_at(&mut self) -> usize {
        self.include_deleted = true;
        let column = Column::of(record::Column::DeletedAt);
        self.add(ANY_RECORD.types().into_iter().map(|ty| (ty, FieldPlan::Record(column))))
    }

    /// The plan of the statement for this number of records; `None` where nothing is read.
    pub(super) fn root(self, records: usize) -> Option<RootPlan> {
        let Self { branches, others, reads, include_deleted } = self;
        let references = vec![Reference::Id(Id::NIL); records];
        (reads > 0).then(|| RootPlan::Many { references, branches, others, include_deleted })
    }
}

/// Sets the ids of the records.
fn set_ids(root: &mut RootPlan, ids: Vec<Id>) {
    if let RootPlan::Many { references, .. } = root {
        *references = ids.into_iter().map(Reference::Id).collect();
    }
}

/// Reads the selected fields of several records by one statement, in the order of the ids.
pub(super) async fn read(
    ctx: &Context<'_>,
    roots: &mut RootFields,
    mut root: RootPlan,
    ids: Vec<Id>,
) -> Result<Vec<RecordFields>, ReadError> {
    set_ids(&mut root, ids);
    match roots.read(ctx, &mut root).await? {
        ReadResult::Json(text) => serde_json::from_str(&text).map_err(|error| ReadError::Failed(error.to_string())),
        ReadResult::Nothing | ReadResult::WrongKind(_) => Ok(vec![]),
    }
}
