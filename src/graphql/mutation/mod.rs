//! The root of all writes. A mutation is declared once (`declare`); its arguments become edits of `domain::edit` (`ask`), its payload
//! is planned like a read (`plan`) before anything is written, the edits are carried out in one transaction (`run`), and one
//! statement reads back what is asked of the records (`answer` writes the payload).
//!
//! async-graphql runs the fields of a mutation one after the other.

mod arguments;
mod declare;
mod input;
mod payload;
mod plan;
mod run;

use self::{
    declare::{MUTATIONS, MutationDeclaration, OutputTypes, PayloadValue},
    payload::{Payload, RecordFields},
    plan::PayloadPlan,
};
use super::{
    ENTITY, NODE,
    compiled::{self, Selection},
    error::{Code, WriteStarted, read_error, unavailable_because},
    request::{RequestState, add_cost, languages},
    revision::FIELD_CHANGE,
    viewer::{Role, demand},
};
use crate::{
    domain::edit::Writer,
    store::read::{
        ReadError, ReadResult, Reader,
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

/// The root of all writes.
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
            let fields: IndexMap<_, _> =
                MUTATIONS.iter().map(|declared| (declared.name.clone(), meta(registry, declared))).collect();
            ObjectBuilder::new("Mutation", fields)
                .description(Some(
                    "What can be changed, by editors. Each field is one transaction: all of it is written, with the history, or nothing."
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
                PayloadValue::Id => Scalar::Id.name().to_owned(),
                PayloadValue::Version => Scalar::Int.name().to_owned(),
                PayloadValue::DeletedAt => Scalar::DateTime.name().to_owned(),
                PayloadValue::UserErrors => "[UserError!]!".to_owned(),
                PayloadValue::Results => "[ChangeResult!]!".to_owned(),
                PayloadValue::IsDryRun => "Boolean!".to_owned(),
            };
            (field.name, ty, field.doc)
        })
        .collect();
    let doc = format!("What came of `{}`.", declared.name);
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

/// The types that stand in several payloads.
fn results(registry: &mut Registry) {
    let code = compiled::scalar(registry, Scalar::Enumeration(Enumeration::of::<UserErrorCode>()));
    let operation = compiled::scalar(registry, Scalar::Enumeration(Enumeration::of::<Operation>()));
    let change = compiled::object(registry, &FIELD_CHANGE);
    compiled::plain_object(
        registry,
        "UserError",
        "Something that is wrong with an input, which whoever sent it can mend.".to_owned(),
        &[
            ("code", format!("{code}!"), "What sort of thing is wrong."),
            ("message", "String!".to_owned(), "What is wrong, in words."),
            (
                "field",
                "[String!]".to_owned(),
                "The way to it from the top of the input, as in `[\"participants\", \"1\", \"role\"]`, or the name of an argument; null where \
                 it is the whole. In `applyChanges` it begins with `\"changes\"` and the number of the change.",
            ),
            (
                "current",
                "Record".to_owned(),
                "The record that stands in the way, as it is now, even if it is in the bin: with CONFLICT the one that was changed in the \
                 meantime, with DUPLICATE the one that is there already.",
            ),
            ("currentRelation", "Relation".to_owned(), "The same, where it is a relation."),
            (
                "differs",
                "[String!]".to_owned(),
                "With CONFLICT: the fields that were changed since the version that the change was made from.",
            ),
        ],
    );
    compiled::plain_object(
        registry,
        "ChangeResult",
        "What became of one of many changes.".to_owned(),
        &[
            ("index", "Int!".to_owned(), "The number of the change, from 0."),
            ("temporaryId", "String".to_owned(), "The temporary id that it was made under."),
            (
                "id",
                "ID".to_owned(),
                "The record's id, of a merge the survivor's; null in a dry run where the record would be new.",
            ),
            ("operation", operation, "What was done; null where the record says already what was asked for."),
            ("version", "Int".to_owned(), "The version that the record has afterwards."),
            ("changes", format!("[{change}!]!"), "Which of its fields changed."),
            (
                "record",
                "Record".to_owned(),
                "The record afterwards; null in a dry run, where it is in the bin, and of relations.",
            ),
            ("relation", "Relation".to_owned(), "The same, of a relation."),
        ],
    );
}

// ---- execution

impl ContainerType for Mutation {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        let Some(declared) = declare::find(ctx.item.node.name.node.as_str()) else {
            return Ok(None);
        };
        // Fields of one response key are one field, and a fragment may be spread twice: the first occurrence answers for all.
        let key = ctx.item.node.response_key().node.as_str();
        if ctx.data_opt::<RequestState>().is_some_and(|state| !state.start_mutation(key)) {
            return Ok(Some(Value::Null));
        }
        Ok(Some(answer(ctx, declared).await?))
    }
}

async fn answer(ctx: &Context<'_>, declared: &MutationDeclaration) -> ServerResult<Value> {
    let fail = |error: Error| ctx.set_error_path(error.into_server_error(ctx.item.pos));
    let actor = demand(ctx, Role::Editor).map_err(fail)?.actor();
    let action = declared.action;
    let mut selection = Selection::new(ctx, languages(ctx));
    let call =
        arguments::read_call(&selection, &ctx.item.node, declared).map_err(compiled::RequestProblem::into_error)?;
    let (edits, dry_run) = (call.edits.len(), call.dry_run);
    let below = compiled::selection_sets(&selection.root_fields("Mutation"));
    let PayloadPlan { parts, records, current } =
        plan::plan(&mut selection, declared, &below).map_err(compiled::RequestProblem::into_error)?;
    let (records, current) = (records.root(edits), current.root(edits));
    add_cost(ctx, plan::cost(action, edits, records.as_ref(), current.as_ref()))
        .map_err(|message| selection.over_limit(message))?;
    let reader = ctx.data_unchecked::<Reader>();
    for root in [&records, &current].into_iter().flatten() {
        reader.check(root).map_err(|error| fail(read_error(error)))?;
    }

    let mut answer = Payload { dry_run, ..Payload::default() };
    if let Some(write_started) = ctx.data_opt::<WriteStarted>().filter(|_| !dry_run) {
        write_started.set();
    }
    match run::run(ctx.data_unchecked::<Writer>(), actor, action, call).await.map_err(fail)? {
        Ok(done) => answer.done = done,
        Err(errors) => answer.errors = errors,
    }
    if let Some(root) = records.filter(|_| !dry_run && !answer.done.is_empty()) {
        let ids = answer.done.iter().map(|done| done.id.0).collect();
        answer.records = read(reader, root, ids).await.map_err(|error| written(ctx, error))?;
    }
    if let Some(root) = current {
        let mut ids: Vec<_> = answer.errors.iter().filter_map(|error| error.current).collect();
        ids.sort_unstable();
        ids.dedup();
        if !ids.is_empty() {
            let found = read(reader, root, ids.iter().map(|id| id.0).collect()).await;
            answer.current = ids.into_iter().zip(found.map_err(|error| fail(read_error(error)))?).collect();
        }
    }
    Ok(Value::Binary(answer.write(&parts).into()))
}

/// What is asked of several records, read by one statement, in their order.
async fn read(reader: &Reader, mut root: RootPlan, ids: Vec<uuid::Uuid>) -> Result<Vec<RecordFields>, ReadError> {
    plan::set_ids(&mut root, ids);
    match reader.read(&root).await? {
        ReadResult::Json(text) => serde_json::from_str(&text).map_err(|error| ReadError::Failed(error.to_string())),
        ReadResult::Nothing | ReadResult::WrongKind(_) => Ok(vec![]),
    }
}

/// The change was made, only what it led to cannot be read: whoever sent it must know that before trying again.
fn written(ctx: &Context<'_>, error: ReadError) -> ServerError {
    let message = "The change was made, but what it led to cannot be read at the moment.";
    let error = match error {
        ReadError::TooMuch | ReadError::TimedOut => Code::LimitExceeded.error(message),
        ReadError::Unavailable(cause) | ReadError::Failed(cause) => unavailable_because(message, cause),
    };
    ctx.set_error_path(error.into_server_error(ctx.item.pos))
}
