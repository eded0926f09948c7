//! Documents: limits, parsing, validation and a cache, as one async-graphql extension.
//!
//! Limits, parsing and validation do not depend on variables: their result is cached. Variables are coerced for every
//! request, and the planner of reads checks the cost.
//!
//! The extension also sets a nullable field with an error to null (async-graphql sets its parent to null), and calls
//! `error::finish`.

mod cache;
mod lexical;
pub mod limit;
mod merge;
mod rules;
mod value;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_graphql::{
    ObjectType, Request, Response, SchemaBuilder, ServerError, ServerResult, SubscriptionType, ValidationResult, Value,
    Variables,
    async_trait::async_trait,
    extensions::{
        Extension, ExtensionContext, ExtensionFactory, NextExecute, NextParseQuery, NextPrepareRequest, NextRequest,
        NextResolve, NextValidation, ResolveInfo,
    },
    parser::{
        parse_query,
        types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType},
    },
    registry::Registry,
};

use super::{
    error::{self, Code, RequestId},
    request::RequestState,
};
use cache::Cache;
use limit::Limits;

/// The maximum number of validation errors in one answer.
const MAX_ERRORS: usize = 20;

/// In the data of a request that may run queries only (GET).
pub struct QueriesOnly;

/// The source of the error where [`QueriesOnly`] prevents a mutation.
pub struct NeedsPost;

/// Adds the limits, the cache of documents and the missing rules to a schema.
pub fn guarded<Q, M, S>(builder: SchemaBuilder<Q, M, S>, limits: &Limits) -> SchemaBuilder<Q, M, S>
where
    Q: ObjectType + 'static,
    M: ObjectType + 'static,
    S: SubscriptionType + 'static,
{
    let builder = builder
        .limit_recursive_depth(limits.levels())
        .extension(Documents { limits: limits.clone().into(), cache: Arc::default() });
    if limits.introspection { builder } else { builder.disable_introspection().disable_suggestions() }
}

struct Documents {
    limits: Arc<Limits>,
    cache: Arc<Cache<ExecutableDocument>>,
}

impl ExtensionFactory for Documents {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Run { limits: self.limits.clone(), cache: self.cache.clone(), state: Mutex::default() })
    }
}

/// One request.
struct Run {
    limits: Arc<Limits>,
    cache: Arc<Cache<ExecutableDocument>>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    document: Option<Arc<ExecutableDocument>>,
    /// The text of the document, where it is to be cached.
    text: String,
    /// The document was found in the cache: it is valid.
    known: bool,
    /// The error of the variables, where the document must be validated first.
    variables: Option<ServerError>,
    operation_name: Option<String>,
    request: Option<RequestId>,
    /// Errors of nullable fields.
    errors: Vec<ServerError>,
}

impl Run {
    fn state(&self) -> MutexGuard<'_, State> {
        // The state is consistent at all times, so a panic elsewhere in the request does no harm.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The document of a request: from the cache, or limited and parsed.
    fn document(&self, registry: &Registry, text: &str) -> Result<(Arc<ExecutableDocument>, bool), ServerError> {
        if let Some(document) = self.cache.find(text) {
            return Ok((document, true));
        }
        lexical::check(text, &self.limits)?;
        let mut document = parse_query(text).map_err(|error| syntax(&error.into()))?;
        limit::check(&document, &self.limits)?;
        limit::check_introspection(&document, &self.limits)?;
        rules::wrap_typenames(&mut document);
        rules::check_variable_types(registry, &document)?;
        Ok((Arc::new(document), false))
    }

    fn prepare(&self, registry: &Registry, request: &mut Request) -> Result<(), ServerError> {
        use std::any::TypeId;
        // Every request needs a state, whatever its transport.
        request.data.insert(RequestState::default());
        let mut state = self.state();
        state.request =
            request.data.get(&TypeId::of::<RequestId>()).and_then(|id| id.downcast_ref::<RequestId>().cloned());
        let (document, known) = self.document(registry, &request.query)?;
        // async-graphql reports an unknown operation.
        if let Some(operation) = selected(&document, request.operation_name.as_deref()) {
            if operation.ty == OperationType::Mutation && request.data.contains_key(&TypeId::of::<QueriesOnly>()) {
                let mut error = Code::BadUserInput.server_error("Send mutations by POST.", None);
                error.source = Some(Arc::new(NeedsPost));
                return Err(error);
            }
            state.variables = value::coerce(registry, operation, &mut request.variables).err();
        }
        if known && let Some(error) = state.variables.take() {
            return Err(error);
        }
        if !known {
            request.set_parsed_query(ExecutableDocument::clone(&document));
            state.text.clone_from(&request.query);
        }
        state.operation_name.clone_from(&request.operation_name);
        (state.document, state.known) = (Some(document), known);
        Ok(())
    }
}

#[async_trait]
impl Extension for Run {
    async fn request(&self, ctx: &ExtensionContext<'_>, next: NextRequest<'_>) -> Response {
        let mut response = next.run(ctx).await;
        if !response.errors.is_empty() {
            error::finish(&mut response.errors, self.state().request.as_ref());
        }
        response
    }

    async fn prepare_request(
        &self,
        ctx: &ExtensionContext<'_>,
        mut request: Request,
        next: NextPrepareRequest<'_>,
    ) -> ServerResult<Request> {
        self.prepare(&ctx.schema_env.registry, &mut request)?;
        next.run(ctx, request).await
    }

    async fn parse_query(
        &self,
        ctx: &ExtensionContext<'_>,
        query: &str,
        variables: &Variables,
        next: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        {
            let state = self.state();
            if let (true, Some(document)) = (state.known, &state.document) {
                return Ok(copy(document, state.operation_name.as_deref()));
            }
        }
        next.run(ctx, query, variables).await
    }

    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        let valid = ValidationResult { cache_control: async_graphql::CacheControl::default(), complexity: 0, depth: 0 };
        let (document, text, of_variables) = {
            let mut state = self.state();
            match state.document.take() {
                Some(document) if !state.known => (document, std::mem::take(&mut state.text), state.variables.take()),
                _ => return Ok(valid),
            }
        };
        let mut errors = next.run(ctx).await.err().unwrap_or_default();
        let by_variables =
            |error: &ServerError| of_variables.is_some() && error.message.starts_with("Invalid value for argument");
        errors.retain(|error| !rules::is_replaced(error) && !by_variables(error));
        errors.truncate(MAX_ERRORS);
        let registry = &ctx.schema_env.registry;
        if errors.is_empty() {
            errors = rules::check(registry, &document);
            errors.truncate(MAX_ERRORS);
        }
        if errors.is_empty() {
            errors.extend(merge::check(registry, &document).err());
        }
        if errors.is_empty() {
            self.cache.insert(&text, document);
            errors.extend(of_variables);
        }
        if errors.is_empty() { Ok(valid) } else { Err(errors) }
    }

    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        let mut response = next.run(ctx, operation_name).await;
        if let Some(refusal) = ctx.data_opt::<RequestState>().and_then(RequestState::refusal) {
            return Response::from_errors(vec![refusal]);
        }
        response.errors.append(&mut self.state().errors);
        response
    }

    async fn resolve(
        &self,
        ctx: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        let nullable = !info.return_type.ends_with('!');
        match next.run(ctx, info).await {
            Err(error) if nullable => {
                self.state().errors.push(error);
                Ok(Some(Value::Null))
            }
            resolved => resolved,
        }
    }
}

/// The requested operation; `None` where it is unknown or ambiguous.
fn selected<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Option<&'a OperationDefinition> {
    let operation = match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some(operation),
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name),
        (DocumentOperations::Multiple(operations), None) if operations.len() == 1 => operations.values().next(),
        (DocumentOperations::Single(_), Some(_)) | (DocumentOperations::Multiple(_), None) => None,
    };
    operation.map(|operation| &operation.node)
}

/// A copy of the document for one execution, with the requested operation only.
fn copy(document: &ExecutableDocument, name: Option<&str>) -> ExecutableDocument {
    let (DocumentOperations::Multiple(operations), Some(name)) = (&document.operations, name) else {
        return document.clone();
    };
    let operations = operations.iter().filter(|(known, _)| known.as_str() == name);
    ExecutableDocument {
        operations: DocumentOperations::Multiple(
            operations.map(|(name, operation)| (name.clone(), operation.clone())).collect(),
        ),
        fragments: document.fragments.clone(),
    }
}

/// The error of the parser in one line, without its excerpt of the document.
fn syntax(error: &ServerError) -> ServerError {
    let expected = error.message.lines().rev().find_map(|line| line.trim_start().strip_prefix("= "));
    let message = expected.unwrap_or(&error.message).replace('_', " ");
    let at = error.locations.first().copied();
    Code::BadUserInput.server_error(format!("Syntax error: {message}."), at)
}
