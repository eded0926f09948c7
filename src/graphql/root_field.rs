//! The root fields of a request. All of them are planned and counted before the first one runs, so that a refused request has done
//! nothing. They run one after the other.

use super::{
    budget::Allowance,
    compiled::Selection,
    document::limit::Limits,
    error::{Code, read_error},
    repeated::{remove_repeated, repeat},
    request::{RequestState, RootFields, languages},
};
use crate::store::read::{
    ReadCall, ReadError, ReadResult, Reader, TableSizes,
    cost::{Cost, advice},
    path::PathPlan,
    plan::RootPlan,
    turn::Client,
};
use async_graphql::{Context, ServerError, ServerResult, Value};
use std::sync::Arc;

/// The plan of a root field.
pub(super) trait Plan: Send + 'static {
    /// What it reads.
    fn reads(&self) -> Vec<&RootPlan>;
    /// What it costs besides these reads.
    fn other_cost(&self) -> Cost {
        Cost::default()
    }
}

impl Plan for RootPlan {
    fn reads(&self) -> Vec<&RootPlan> {
        vec![self]
    }
}

/// Plans all root fields of the request with `plan`, unless this is done, and runs this one with `run`. `plan` gives nothing for a
/// field that needs no plan.
///
/// async-graphql resolves each occurrence of a field separately and merges the values, but it cannot merge JSON text. So the first
/// occurrence answers for all.
pub(super) async fn resolve<P: Plan>(
    ctx: &Context<'_>,
    root: &str,
    plan: impl Fn(&Context<'_>) -> ServerResult<Option<P>>,
    run: impl AsyncFnOnce(&mut RootFields, P) -> ServerResult<Value>,
) -> ServerResult<Option<Value>> {
    let state = ctx.data_unchecked::<RequestState>();
    let mut roots = state.roots.lock().await;
    if !roots.are_planned {
        roots.are_planned = true;
        if let Err(mut refusal) = roots.plan(ctx, root, plan).await {
            // Errors of execution have a path.
            refusal.path = vec![];
            state.refuse(refusal);
        }
    }
    if state.refusal().is_some() {
        return Ok(Some(Value::Null));
    }
    let planned = roots.plans.remove(ctx.item.node.response_key().node.as_str());
    match planned.and_then(|planned| planned.downcast::<ServerResult<P>>().ok()) {
        None => Ok(Some(Value::Null)),
        Some(planned) => run(&mut roots, (*planned)?).await.map(Some),
    }
}

impl RootFields {
    async fn plan<P: Plan>(
        &mut self,
        ctx: &Context<'_>,
        root: &str,
        plan: impl Fn(&Context<'_>) -> ServerResult<Option<P>>,
    ) -> ServerResult<()> {
        let bytes = self.plan_all(ctx, root, plan)?.bytes();
        let Some(allowance) = ctx.data_opt::<Arc<Allowance>>() else { return Ok(()) };
        let most = limits(ctx).answer_bytes;
        let busy = || {
            Code::Unavailable
                .server_error("Too many large answers are being made or sent. Try again in a few seconds.", None)
        };
        if allowance.reserve(usize::try_from(bytes).unwrap_or(most).min(most)).await { Ok(()) } else { Err(busy()) }
    }

    /// Plans all root fields. Problems of the input are errors of their fields; exceeded limits refuse the request.
    fn plan_all<P: Plan>(
        &mut self,
        ctx: &Context<'_>,
        root: &str,
        plan: impl Fn(&Context<'_>) -> ServerResult<Option<P>>,
    ) -> ServerResult<Cost> {
        let sizes = ctx.data_unchecked::<Reader>().sizes();
        let mut all = ctx.with_selection_set(&ctx.query_env.operation.node.selection_set);
        all.path_node = None;
        let fields = Selection::new(ctx, languages(ctx)).fields_of(root, &[all.item]);
        let mut planned = vec![];
        for (key, nodes) in fields {
            match plan(&all.with_field(nodes[0])) {
                Ok(Some(plan)) => planned.push((key, plan)),
                Ok(None) => {}
                Err(error) if is_limit(&error) => return Err(error),
                Err(error) => drop(self.plans.insert(key.to_owned(), Box::new(ServerResult::<P>::Err(error)))),
            }
        }
        let cost = planned.iter().map(|(_, plan)| cost(plan, &sizes)).fold(Cost::default(), Cost::plus);
        ctx.data_unchecked::<RequestState>().set_cost(cost.total());
        let limit = limits(ctx).cost;
        if cost.total() > limit {
            let reads = planned.iter().flat_map(|(key, plan)| plan.reads().into_iter().map(move |read| (*key, read)));
            let advice = advice(reads, &sizes, cost.total(), limit).map_or_else(
                || "Request smaller pages, or fewer nested lists, filters, counts and long texts.".to_owned(),
                |advice| advice.to_string(),
            );
            let message = format!("The request has a cost of {}; the limit is {limit}. {advice}", cost.total());
            return Err(Code::LimitExceeded.server_error(message, Some(ctx.item.pos)));
        }
        for (key, plan) in planned {
            self.plans.insert(key.to_owned(), Box::new(Ok::<P, ServerError>(plan)));
        }
        Ok(cost)
    }

    /// Runs a read of a root field. What it names more than once is read once.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub(super) async fn read(&mut self, ctx: &Context<'_>, plan: &mut RootPlan) -> Result<ReadResult, ReadError> {
        let reader = ctx.data_unchecked::<Reader>();
        let places = if let RootPlan::Many { references, .. } = plan { remove_repeated(references) } else { None };
        let call = self.call(ctx, plan.cost(&reader.sizes()));
        let max_bytes = call.max_bytes;
        let mut result = reader.read(plan, call).await?;
        if let (ReadResult::Json(text), Some(places)) = (&mut result, places) {
            *text = repeat(text, &places).map_err(|error| ReadError::Failed(error.to_string()))?;
        }
        self.count(result, max_bytes)
    }

    /// Finds the paths of a root field.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub(super) async fn find_paths(&mut self, ctx: &Context<'_>, plan: Arc<PathPlan>) -> Result<ReadResult, ReadError> {
        let reader = ctx.data_unchecked::<Reader>();
        // It has a lane of its own, whatever it costs.
        let call = self.call(ctx, Cost::default());
        let max_bytes = call.max_bytes;
        let result = reader.find_paths(plan, call).await?;
        self.count(result, max_bytes)
    }

    /// How a statement runs, and how many bytes are left for its answer.
    pub(super) fn call(&self, ctx: &Context<'_>, cost: Cost) -> ReadCall {
        ReadCall {
            client: ctx.data_opt::<Client>().cloned().unwrap_or_else(Client::service),
            cost,
            max_bytes: limits(ctx).answer_bytes.saturating_sub(self.bytes),
        }
    }

    /// Counts the bytes of an answer.
    pub(super) fn count(&mut self, result: ReadResult, max_bytes: usize) -> Result<ReadResult, ReadError> {
        if let ReadResult::Json(text) = &result {
            if text.len() > max_bytes {
                return Err(ReadError::AnswerTooLarge);
            }
            self.bytes += text.len();
        }
        Ok(result)
    }
}

fn cost(plan: &impl Plan, sizes: &TableSizes) -> Cost {
    let reads = plan.reads().into_iter().map(|read| read.cost(sizes));
    reads.fold(plan.other_cost(), Cost::plus)
}

fn limits<'a>(ctx: &'a Context<'_>) -> &'a Limits {
    ctx.data_opt::<Limits>().unwrap_or(&Limits::DEFAULT)
}

fn is_limit(error: &ServerError) -> bool {
    let code = error.extensions.as_ref().and_then(|extensions| extensions.get("code"));
    code == Some(&Code::LimitExceeded.as_str().into())
}

/// The error of a read for clients. Only here the limit of an answer is known.
pub(super) fn failed_read(ctx: &Context<'_>, error: ReadError) -> ServerError {
    let error = match error {
        ReadError::AnswerTooLarge => Code::LimitExceeded.error(format!(
            "The answer would have more than {} bytes. Request smaller pages, or fewer long texts such as `body` and `snapshot`.",
            limits(ctx).answer_bytes
        )),
        other => read_error(other),
    };
    ctx.set_error_path(error.into_server_error(ctx.item.pos))
}
