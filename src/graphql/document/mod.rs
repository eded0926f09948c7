//! Documents: limits, parsing, validation and a cache, as one async-graphql extension.
//!
//! Limits, parsing and validation do not depend on variables: their result is cached. Variables are coerced for every
//! request, and the planner of reads checks the cost. A document may also come as its hash (`persisted`).
//!
//! The extension also sets a nullable field with an error to null (async-graphql sets its parent to null), and calls
//! `error::finish`.

mod cache;
mod interfaces;
mod lexical;
pub mod limit;
mod merge;
mod message;
pub mod persisted;
mod rules;
mod string;
mod usage;
mod value;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_graphql::{
    Name, ObjectType, Request, Response, SchemaBuilder, ServerError, ServerResult, SubscriptionType, ValidationResult,
    Value, Variables,
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
use persisted::{DocumentHash, PersistedQueries};

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
    let builder = builder.limit_recursive_depth(limits.levels()).extension(Documents {
        limits: limits.clone().into(),
        cache: Arc::default(),
        persisted: Arc::default(),
    });
    if limits.introspection { builder } else { builder.disable_introspection().disable_suggestions() }
}

struct Documents {
    limits: Arc<Limits>,
    cache: Arc<Cache<ExecutableDocument>>,
    persisted: Arc<PersistedQueries>,
}

impl ExtensionFactory for Documents {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Run {
            limits: self.limits.clone(),
            cache: self.cache.clone(),
            persisted: self.persisted.clone(),
            state: Mutex::default(),
        })
    }
}

/// One request.
struct Run {
    limits: Arc<Limits>,
    cache: Arc<Cache<ExecutableDocument>>,
    persisted: Arc<PersistedQueries>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    document: Option<Arc<ExecutableDocument>>,
    /// The text of the document, where it is to be cached.
    text: String,
    /// The hash to register, where the document is valid.
    hash: Option<DocumentHash>,
    /// The document was found in the cache: it is valid.
    known: bool,
    /// The error of the variables, where the document must be validated first.
    variables: Option<ServerError>,
    /// The variables that are null although they have another default.
    nulls: Vec<Name>,
    /// The document has hidden fields of introspection.
    selects_interfaces: bool,
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
        let mut document = parse_query(string::plain(text)).map_err(|error| syntax(&error.into()))?;
        limit::check(&document, &self.limits)?;
        limit::check_introspection(&document, &self.limits)?;
        rules::wrap_typenames(&mut document);
        if selects_interfaces(text) {
            interfaces::select(&mut document);
        }
        rules::check_variable_types(registry, &document)?;
        Ok((Arc::new(document), false))
    }

    /// Refuses the variables of this request, whose document is valid.
    fn check_variables(&self, registry: &Registry, document: &ExecutableDocument) -> Result<(), ServerError> {
        let mut state = self.state();
        if let Some(error) = state.variables.take() {
            return Err(error);
        }
        selected(document, state.operation_name.as_deref())
            .map_or(Ok(()), |operation| rules::check_nulls(registry, document, operation, &state.nulls))
    }

    fn prepare(&self, registry: &Registry, request: &mut Request) -> Result<(), ServerError> {
        use std::any::TypeId;
        // Every request needs a state, whatever its transport.
        request.data.insert(RequestState::default());
        let mut state = self.state();
        state.request =
            request.data.get(&TypeId::of::<RequestId>()).and_then(|id| id.downcast_ref::<RequestId>().cloned());
        let hash = persisted::find(&self.persisted, request)?;
        let (document, known) = self.document(registry, &request.query)?;
        if let Some(hash) = &hash {
            hash.check(&request.query)?;
            if known {
                hash.register(&self.persisted, &request.query);
            }
        }
        state.selects_interfaces = selects_interfaces(&request.query);
        // async-graphql reports an unknown operation.
        if let Some(operation) = selected(&document, request.operation_name.as_deref()) {
            if operation.ty == OperationType::Mutation && request.data.contains_key(&TypeId::of::<QueriesOnly>()) {
                let mut error = Code::BadUserInput.server_error("Send mutations by POST.", None);
                error.source = Some(Arc::new(NeedsPost));
                return Err(error);
            }
            match value::coerce(registry, &document, operation, &mut request.variables) {
                Ok(nulls) if known => rules::check_nulls(registry, &document, operation, &nulls)?,
                Ok(nulls) => state.nulls = nulls,
                Err(error) if known => return Err(error),
                Err(error) => state.variables = Some(error),
            }
        }
        if !known {
            request.set_parsed_query(ExecutableDocument::clone(&document));
            state.text.clone_from(&request.query);
            state.hash = hash;
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
        let (document, text, hash) = {
            let mut state = self.state();
            match state.document.take() {
                Some(document) if !state.known => (document, std::mem::take(&mut state.text), state.hash.take()),
                _ => return Ok(valid),
            }
        };
        let mut errors = next.run(ctx).await.err().unwrap_or_default();
        errors.retain(|error| !rules::is_replaced(error));
        let registry = &ctx.schema_env.registry;
        errors = message::few(errors);
        if self.limits.introspection {
            for error in &mut errors {
                message::name_types(registry, error);
            }
        }
        if errors.is_empty() {
            errors = message::few(rules::check(registry, &document));
        }
        if errors.is_empty() {
            errors.extend(merge::check(registry, &document).err());
        }
        if errors.is_empty() {
            self.cache.insert(&text, document.clone(), text.len());
            if let Some(hash) = hash {
                hash.register(&self.persisted, &text);
            }
            errors.extend(self.check_variables(registry, &document).err());
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
        let mut state = self.state();
        response.errors.append(&mut state.errors);
        if state.selects_interfaces {
            interfaces::complete(&ctx.schema_env.registry, &mut response.data);
        }
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

/// Whether a document may select `interfaces`, a field of introspection only.
fn selects_interfaces(text: &str) -> bool {
    text.contains("interfaces")
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
