//! The mutation root. Mutations are declared in `declare`. `arguments` turns the arguments into edits of `domain::edit`.
//! `plan` plans the payload, for all mutations of the request before anything is written. `run` runs the edits in one
//! transaction. One statement then reads the selected fields of the records, and `payload` writes the result.
//!
//! async-graphql runs the fields of a mutation in series.

mod arguments;
mod consequence;
mod declare;
mod input;
mod json;
mod payload;
mod plan;
mod reads;
mod run;
mod warning;

use self::{
    arguments::MutationCall,
    consequence::ConsequenceRoots,
    declare::{Action, MUTATIONS, MutationDeclaration, OutputTypes, PayloadValue},
    payload::Payload,
    plan::{PayloadFieldPlan, PayloadPlan},
    reads::read,
    warning::WarningData,
};
use super::{
    ENTITY, NODE,
    compiled::{self, Selection},
    error::{Code, WriteStarted, read_error, unavailable_because},
    request::{RootFields, languages},
    revision::FIELD_CHANGE,
    root_field::{self, Plan, failed_read},
    viewer::{Role, demand},
};
use crate::{
    domain::{
        edit::{EditOptions, EditResult},
        queue::WriteQueue,
        write::MAX_WARNINGS,
    },
    store::read::{
        ReadError, Reader,
        cost::Cost,
        declare::{Enumeration, Scalar},
        plan::RootPlan,
    },
};
use async_graphql::{
    Context, ContextSelectionSet, Error, ObjectType, OutputType, Positioned, ServerError, ServerResult, Value,
    indexmap::IndexMap,
    parser::types::Field as Selected,
    registry::{MetaField, MetaInputValue, MetaTypeId, ObjectBuilder, Registry},
    resolver_utils::{ContainerType, resolve_container_serial},
};
use entity::vocabulary::{Operation, UserErrorCode};
use std::borrow::Cow;

/// The mutation root.
pub struct Mutation;

// ---- schema

impl OutputType for Mutation {
    fn type_name() -> Cow<'static, str> {
        "Mutation".into()
    }
    fn create_type_info(registry: &mut Registry) -> String {
        registry.create_output_type::<Self, _>(MetaTypeId::Object, |registry| {
            compiled::scalars(registry);
            compiled::interface(registry, &NODE);
            compiled::interface(registry, &ENTITY);
            input::register(registry);
            results(registry);
            consequence::register(registry);
            warning::register(registry);
            let fields: IndexMap<_, _> =
                MUTATIONS.iter().map(|declared| (declared.name.clone(), meta(registry, declared))).collect();
            ObjectBuilder::new("Mutation", fields)
                .description(Some(
                    "All mutations. They need the role EDITOR. Each field is one transaction: it writes everything, with the history, or nothing."
                        .to_owned(),
                ))
                .rust_typename(std::any::type_name::<Self>())
                .build()
        })
    }
    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, _: &Positioned<Selected>) -> ServerResult<Value> {
        resolve_container_serial(ctx, self).await
    }
}

impl ObjectType for Mutation {}

fn meta(registry: &mut Registry, declared: &MutationDeclaration) -> MetaField {
    let fields: Vec<(&str, String, &str)> = declared
        .fields
        .iter()
        .map(|field| {
            let ty = match field.value {
                PayloadValue::Record(OutputTypes::One(ty)) => compiled::object(registry, ty()),
                PayloadValue::Record(OutputTypes::Any(family)) => compiled::interface(registry, family()),
                PayloadValue::Edge(ty) => compiled::edge(registry, ty()),
                PayloadValue::Id => Scalar::Id.name().to_owned(),
                PayloadValue::Version => Scalar::Int.name().to_owned(),
                PayloadValue::DeletedAt => Scalar::DateTime.name().to_owned(),
                PayloadValue::UserErrors => "[UserError!]!".to_owned(),
                PayloadValue::Results => "[ChangeResult!]!".to_owned(),
                PayloadValue::Consequences => "Consequences!".to_owned(),
                PayloadValue::Warnings => "[Warning!]!".to_owned(),
                PayloadValue::IsDryRun => "Boolean!".to_owned(),
            };
            (field.name, ty, field.doc)
        })
        .collect();
    let doc = format!("The result of `{}`.", declared.name);
    compiled::plain_object(registry, &declared.payload, doc, &fields);
    let mut meta = MetaField::new(declared.name.as_str(), declared.payload.clone());
    meta.description = Some(declared.doc.clone());
    meta.args = declared
        .arguments
        .iter()
        .map(|argument| {
            let mut meta = MetaInputValue::new(argument.name, argument.ty.as_str());
            meta.description = Some(argument.doc.to_owned());
            meta.default_value = argument.default.map(str::to_owned);
            (argument.name.to_owned(), meta)
        })
        .collect();
    meta
}

/// Registers the types that several payloads share.
fn results(registry: &mut Registry) {
    let code = compiled::scalar(registry, Scalar::Enumeration(Enumeration::of::<UserErrorCode>()));
    let operation = compiled::scalar(registry, Scalar::Enumeration(Enumeration::of::<Operation>()));
    let change = compiled::object(registry, &FIELD_CHANGE);
    compiled::plain_object(
        registry,
        "UserError",
        "A problem of the input that the client can correct.".to_owned(),
        &[
            ("code", format!("{code}!"), "The kind of problem."),
            ("message", "String!".to_owned(), "A description of the problem."),
            (
                "field",
                "[String!]".to_owned(),
                "The path from the top of the input to the field, such as `[\"participants\", \"1\", \"role\"]`, or the name of an argument; \
                 null where the problem concerns the whole input. In `applyChanges` it starts with `\"changes\"` and the index of the change.",
            ),
            (
                "current",
                "Record".to_owned(),
                "The record that caused the problem, as it is now, even if it is in the bin. With CONFLICT, the record with another version; \
                 with DUPLICATE, the record that has the value already.",
            ),
            ("currentRelation", "Relation".to_owned(), "As `current`, where a relation caused the problem."),
            (
                "differs",
                "[String!]".to_owned(),
                "With CONFLICT: the fields that changed since the version that the edit was made from.",
            ),
        ],
    );
    compiled::plain_object(
        registry,
        "ChangeResult",
        "The result of one of many changes.".to_owned(),
        &[
            ("index", "Int!".to_owned(), "The index of the change, from 0."),
            ("temporaryId", "String".to_owned(), "The temporary id of the new record, where it was given one."),
            (
                "recordId",
                "ID".to_owned(),
                "The id of the record; after a merge, of the remaining record; null for a new record in a dry run.",
            ),
            ("operation", operation, "The kind of change; null where the record had the requested values already."),
            ("version", "Int".to_owned(), "The version of the record after the change."),
            ("changes", format!("[{change}!]!"), "The fields that changed."),
            (
                "record",
                "Record".to_owned(),
                "The record after the change; null in a dry run, for a deleted record, and for a relation.",
            ),
            (
                "relation",
                "Relation".to_owned(),
                "The relation after the change; null in a dry run, for a deleted relation, and for a record.",
            ),
        ],
    );
}

// ---- execution

/// A mutation that is ready to run.
struct Prepared {
    declared: &'static MutationDeclaration,
    call: MutationCall,
    parts: Vec<(String, PayloadFieldPlan)>,
    /// Reads the selected fields of the written records.
    records: Option<RootPlan>,
    /// Reads the records that cause problems.
    current: Option<RootPlan>,
    /// Reads what the change takes along.
    consequences: ConsequenceRoots,
    /// Reads the records of warnings.
    warnings: Option<RootPlan>,
}

impl Plan for Prepared {
    fn reads(&self) -> Vec<&RootPlan> {
        [&self.records, &self.current, &self.warnings].into_iter().flatten().chain(self.consequences.all()).collect()
    }
    fn other_cost(&self) -> Cost {
        let is_batch = self.declared.action == Action::ApplyChanges;
        Cost::of_work(if is_batch { self.call.edits.len() as u64 } else { 1 })
    }
}

impl ContainerType for Mutation {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        if declare::find(ctx.item.node.name.node.as_str()).is_none() {
            return Ok(None);
        }
        root_field::resolve(ctx, "Mutation", prepare, async |roots, prepared| answer(ctx, roots, prepared).await).await
    }
}

/// Checks the role and the arguments, and plans the payload. Nothing is written.
fn prepare(ctx: &Context<'_>) -> ServerResult<Option<Prepared>> {
    let Some(declared) = declare::find(ctx.item.node.name.node.as_str()) else { return Ok(None) };
    let fail = |error: Error| ctx.set_error_path(error.into_server_error(ctx.item.pos));
    demand(ctx, Role::Editor).map_err(fail)?;
    let mut selection = Selection::new(ctx, languages(ctx));
    let call =
        arguments::read_call(&selection, &ctx.item.node, declared).map_err(compiled::RequestProblem::into_error)?;
    let below = compiled::selection_sets(&selection.root_fields("Mutation"));
    let PayloadPlan { parts, records, current, consequences, warnings } =
        plan::plan(&mut selection, declared, &below).map_err(compiled::RequestProblem::into_error)?;
    let (records, current) = (records.root(call.edits.len()), current.root(call.edits.len()));
    let (consequences, warnings) = (consequences.roots(), warnings.root(MAX_WARNINGS));
    let prepared = Prepared { declared, call, parts, records, current, consequences, warnings };
    for root in prepared.reads() {
        ctx.data_unchecked::<Reader>().check(root).map_err(|error| fail(read_error(error)))?;
    }
    Ok(Some(prepared))
}

async fn answer(ctx: &Context<'_>, roots: &mut RootFields, prepared: Prepared) -> ServerResult<Value> {
    let fail = |error: Error| ctx.set_error_path(error.into_server_error(ctx.item.pos));
    let Prepared { declared, call, parts, records, current, consequences, warnings } = prepared;
    let actor = demand(ctx, Role::Editor).map_err(fail)?.actor();
    let dry_run = call.dry_run;
    let mut answer = Payload { dry_run, ..Payload::default() };
    if let Some(write_started) = ctx.data_opt::<WriteStarted>().filter(|_| !dry_run) {
        write_started.set();
    }
    let queue = ctx.data_unchecked::<WriteQueue>();
    let options = EditOptions {
        dry_run,
        with_changes: declared.action == Action::ApplyChanges,
        with_consequences: parts.iter().any(|(_, part)| matches!(part, PayloadFieldPlan::Consequences(_))),
        with_warnings: parts.iter().any(|(_, part)| matches!(part, PayloadFieldPlan::Warnings(_))),
    };
    match run::run(queue, actor, declared.action, call, options).await.map_err(fail)? {
        Ok(EditResult { outcomes, consequences: found, warnings: warned }) => {
            answer.done = outcomes;
            let cannot_read = |error| if dry_run { failed_read(ctx, error) } else { written(ctx, error) };
            answer.consequences = consequences.read(ctx, roots, found).await.map_err(cannot_read)?;
            answer.warnings = WarningData::read(ctx, roots, warnings, warned).await.map_err(cannot_read)?;
        }
        Err(errors) => answer.errors = errors,
    }
    if let Some(root) = records.filter(|_| !dry_run && !answer.done.is_empty()) {
        let ids = answer.done.iter().map(|done| done.id).collect();
        answer.records = read(ctx, roots, root, ids).await.map_err(|error| written(ctx, error))?;
    }
    if let Some(root) = current {
        let mut ids: Vec<_> = answer.errors.iter().filter_map(|error| error.current).collect();
        ids.sort_unstable();
        ids.dedup();
        if !ids.is_empty() {
            let found = read(ctx, roots, root, ids.clone()).await;
            answer.current = ids.into_iter().zip(found.map_err(|error| failed_read(ctx, error))?).collect();
        }
    }
    Ok(Value::Binary(answer.write(&parts).into()))
}

/// The error where the change was written but the result cannot be read.
fn written(ctx: &Context<'_>, error: ReadError) -> ServerError {
    let message =
        "The change was written, but the result cannot be read. Query the record; do not send the change again.";
    let error = match error {
        ReadError::TooMuch | ReadError::AnswerTooLarge | ReadError::TimedOut | ReadError::Refused(_) => {
            Code::LimitExceeded.error(message)
        }
        ReadError::Unavailable(cause) | ReadError::Busy(cause) | ReadError::Failed(cause) => {
            unavailable_because(message, cause)
        }
    };
    ctx.set_error_path(error.into_server_error(ctx.item.pos))
}
