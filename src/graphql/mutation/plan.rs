//! Plans the payload before anything is written, so that a problem of the selection prevents the mutation.

use super::{
    consequence::{self, ConsequencePlan, ConsequenceReads},
    declare::{ANY_RECORD, ANY_RELATION, Action, MutationDeclaration, PayloadValue},
    reads::RecordReads,
};
use crate::{
    graphql::{
        compiled::{PlanResult, Selection, SelectionSets, selection_sets},
        query,
    },
    store::read::{
        declare::Type,
        plan::{FieldPlan, ObjectPlan},
    },
};

/// The plan of a payload.
pub(super) struct PayloadPlan {
    /// The selected fields, by response key.
    pub(super) parts: Vec<(String, PayloadFieldPlan)>,
    /// The reads of the written records.
    pub(super) records: RecordReads,
    /// The reads of the records of `current`.
    pub(super) current: RecordReads,
    /// The reads of `consequences`.
    pub(super) consequences: ConsequenceReads,
}

/// A selected field of a payload or of a `ChangeResult`.
pub(super) enum PayloadFieldPlan {
    Constant(String),
    Id,
    Version,
    /// A value that is read, with its result key.
    Read(usize),
    /// The record, where all its selected fields are known without a read.
    RecordRow(Vec<(String, KnownField)>),
    UserErrors(Vec<(String, UserErrorField)>),
    Results(Vec<(String, PayloadFieldPlan)>),
    Consequences(Vec<(String, ConsequencePlan)>),
    IsDryRun,
    Index,
    TemporaryId,
    Operation,
    Changes(Vec<(String, FieldChangeField)>),
}

/// A field of a written record that is known without a read.
pub(super) enum KnownField {
    Constant(String),
    Id,
    Version,
}

/// A selected field of a user error.
pub(super) enum UserErrorField {
    Constant(String),
    Code,
    Message,
    Field,
    Current(usize),
    Differs,
}

/// A selected field of a field change.
pub(super) enum FieldChangeField {
    Constant(String),
    Field,
    Before,
    After,
}

/// Plans the payload of a mutation.
///
/// # Errors
/// An invalid argument of a selected field.
pub(super) fn plan<'a>(
    selection: &mut Selection<'a>,
    declared: &MutationDeclaration,
    below: &SelectionSets<'a>,
) -> PlanResult<PayloadPlan> {
    let mut plan = PayloadPlan {
        parts: vec![],
        records: RecordReads::default(),
        // editors may see deleted records, which may be the cause of a problem
        current: RecordReads::with_deleted(),
        consequences: ConsequenceReads::default(),
    };
    for (key, nodes) in selection.fields_of(&declared.payload, below) {
        let node = nodes[0];
        let (at, name) = (node.pos, node.node.name.node.as_str());
        selection.path.push(key.to_owned());
        selection.count(at)?;
        let below = selection_sets(&nodes);
        let part = match declared.fields.iter().find(|field| field.name == name).map(|field| field.value) {
            Some(PayloadValue::Record(family)) => {
                let objects = selection.objects(&family.types(), &below)?;
                match known(declared.action, &objects) {
                    Some(fields) => PayloadFieldPlan::RecordRow(fields),
                    None => PayloadFieldPlan::Read(plan.records.object(objects)),
                }
            }
            Some(PayloadValue::Edge(ty)) => {
                let edge = selection.edge_of_record(ty(), &list_of_all(ty()), &below)?;
                PayloadFieldPlan::Read(plan.records.object(vec![edge]))
            }
            Some(PayloadValue::Id) => PayloadFieldPlan::Id,
            Some(PayloadValue::Version) => PayloadFieldPlan::Version,
            Some(PayloadValue::DeletedAt) => PayloadFieldPlan::Read(plan.records.deleted_at()),
            Some(PayloadValue::UserErrors) => {
                PayloadFieldPlan::UserErrors(errors(selection, &mut plan.current, &below)?)
            }
            Some(PayloadValue::Results) => PayloadFieldPlan::Results(results(selection, &mut plan.records, &below)?),
            Some(PayloadValue::Consequences) => {
                PayloadFieldPlan::Consequences(consequence::plan(selection, &mut plan.consequences, &below)?)
            }
            Some(PayloadValue::IsDryRun) => PayloadFieldPlan::IsDryRun,
            None => PayloadFieldPlan::Constant(quoted(&declared.payload)),
        };
        selection.path.pop();
        plan.parts.push((key.to_owned(), part));
    }
    Ok(plan)
}

/// The name of the list in which the cursor of a new record is valid: of a relation, the list of its entities, because the list
/// of all relations has another order.
fn list_of_all(ty: &Type) -> String {
    let all = query::list_of(ty).filter(|_| !ty.orders.is_empty());
    all.map_or_else(|| "Entity.relations".to_owned(), |field| format!("Query.{field}"))
}

/// The selected fields of a created or updated record, if all are known without a read.
fn known(action: Action, objects: &[ObjectPlan]) -> Option<Vec<(String, KnownField)>> {
    let ([object], Action::Create(_) | Action::Update(_)) = (objects, action) else { return None };
    let fields = object.fields.iter().map(|(key, node)| {
        let known = match node {
            FieldPlan::Constant(text) => KnownField::Constant(text.clone()),
            FieldPlan::Column(column) if column.name == "id" => KnownField::Id,
            FieldPlan::Record(column) if column.name == "version" => KnownField::Version,
            _ => return None,
        };
        Some((key.clone(), known))
    });
    fields.collect()
}

fn errors<'a>(
    selection: &mut Selection<'a>,
    current: &mut RecordReads,
    below: &SelectionSets<'a>,
) -> PlanResult<Vec<(String, UserErrorField)>> {
    let mut parts = vec![];
    for (key, nodes) in selection.fields_of("UserError", below) {
        selection.path.push(key.to_owned());
        selection.count(nodes[0].pos)?;
        let part = match nodes[0].node.name.node.as_str() {
            "code" => UserErrorField::Code,
            "message" => UserErrorField::Message,
            "field" => UserErrorField::Field,
            "current" => UserErrorField::Current(
                current.object(selection.objects(&ANY_RECORD.types(), &selection_sets(&nodes))?),
            ),
            "currentRelation" => UserErrorField::Current(
                current.object(selection.objects(&ANY_RELATION.types(), &selection_sets(&nodes))?),
            ),
            "differs" => UserErrorField::Differs,
            _ => UserErrorField::Constant(quoted("UserError")),
        };
        selection.path.pop();
        parts.push((key.to_owned(), part));
    }
    Ok(parts)
}

fn results<'a>(
    selection: &mut Selection<'a>,
    records: &mut RecordReads,
    below: &SelectionSets<'a>,
) -> PlanResult<Vec<(String, PayloadFieldPlan)>> {
    let mut parts = vec![];
    for (key, nodes) in selection.fields_of("ChangeResult", below) {
        selection.path.push(key.to_owned());
        selection.count(nodes[0].pos)?;
        let below = selection_sets(&nodes);
        let part = match nodes[0].node.name.node.as_str() {
            "index" => PayloadFieldPlan::Index,
            "temporaryId" => PayloadFieldPlan::TemporaryId,
            "recordId" => PayloadFieldPlan::Id,
            "operation" => PayloadFieldPlan::Operation,
            "version" => PayloadFieldPlan::Version,
            "changes" => PayloadFieldPlan::Changes(changes(selection, &below)?),
            "record" => PayloadFieldPlan::Read(records.object(selection.objects(&ANY_RECORD.types(), &below)?)),
            "relation" => PayloadFieldPlan::Read(records.object(selection.objects(&ANY_RELATION.types(), &below)?)),
            _ => PayloadFieldPlan::Constant(quoted("ChangeResult")),
        };
        selection.path.pop();
        parts.push((key.to_owned(), part));
    }
    Ok(parts)
}

fn changes<'a>(
    selection: &mut Selection<'a>,
    below: &SelectionSets<'a>,
) -> PlanResult<Vec<(String, FieldChangeField)>> {
    let mut parts = vec![];
    for (key, nodes) in selection.fields_of("FieldChange", below) {
        selection.count(nodes[0].pos)?;
        let part = match nodes[0].node.name.node.as_str() {
            "field" => FieldChangeField::Field,
            "before" => FieldChangeField::Before,
            "after" => FieldChangeField::After,
            _ => FieldChangeField::Constant(quoted("FieldChange")),
        };
        parts.push((key.to_owned(), part));
    }
    Ok(parts)
}

/// The name of a type as JSON.
fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}
