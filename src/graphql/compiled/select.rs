//! Turns a selection into a plan. Resolves selected fields by their declarations, coerces arguments, applies the
//! reader's languages and checks pages. A request with problems does not reach the database.

use super::list::List;
use crate::{
    graphql::{error::Code, request::RequestState},
    store::read::{
        declare::{FieldSource, Interface, Type},
        page,
        plan::{FieldPlan, ObjectPlan},
    },
};
use async_graphql::{
    Context, PathSegment, Pos, Positioned, ServerError,
    indexmap::IndexMap,
    parser::types::{Field as Selected, Selection as Item, SelectionSet},
};
use uuid::Uuid;

/// A problem of a request, with its position and path.
pub struct RequestProblem(Box<ServerError>);

impl RequestProblem {
    pub(super) fn new(message: impl Into<String>, at: Pos, path: &[String]) -> Self {
        Self::of(Code::BadUserInput, message, at, path)
    }
    /// The same for an exceeded limit.
    pub(super) fn limit(message: impl Into<String>, at: Pos, path: &[String]) -> Self {
        Self::of(Code::LimitExceeded, message, at, path)
    }
    fn of(code: Code, message: impl Into<String>, at: Pos, path: &[String]) -> Self {
        let mut error = code.server_error(message, Some(at));
        error.path = path.iter().cloned().map(PathSegment::Field).collect();
        Self(Box::new(error))
    }
    /// The error for async-graphql.
    #[must_use]
    pub fn into_error(self) -> ServerError {
        *self.0
    }
}

pub(in crate::graphql) type PlanResult<T> = Result<T, RequestProblem>;
pub(in crate::graphql) type FieldNodes<'a> = Vec<&'a Positioned<Selected>>;
pub(in crate::graphql) type SelectionSets<'a> = Vec<&'a Positioned<SelectionSet>>;

/// The maximum number of fields in the plans of one request.
const MAX_PLANNED_FIELDS: u64 = 3_000;

/// The selection of a root field.
pub struct Selection<'a> {
    pub(in crate::graphql) ctx: &'a Context<'a>,
    /// The reader's languages, best first.
    pub(super) languages: &'a [String],
    pub(in crate::graphql) path: Vec<String>,
}

/// Parses a hyphenated UUID.
pub(crate) fn uuid(text: &str) -> Option<Uuid> {
    if text.len() == 36 { text.parse().ok() } else { None }
}

/// A client's text for a message, shortened and on one line.
pub(crate) fn shortened(text: &str) -> String {
    let mut short: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

impl<'a> Selection<'a> {
    /// The selection of the root field of this context.
    #[must_use]
    pub fn new(ctx: &'a Context<'a>, languages: &'a [String]) -> Self {
        Self { ctx, languages, path: vec![ctx.item.node.response_key().node.to_string()] }
    }

    /// A problem of the field that is being planned.
    #[must_use]
    pub fn problem(&self, message: impl Into<String>) -> RequestProblem {
        RequestProblem::new(message, self.ctx.item.pos, &self.path)
    }

    /// The selection sets of all occurrences of the root field with this response key; `None` for all but the first
    /// occurrence.
    #[must_use]
    pub fn occurrences(&self, root: &str) -> Option<SelectionSets<'a>> {
        let same = self.root_fields(root);
        (same.first()?.pos == self.ctx.item.pos).then(|| selection_sets(&same))
    }

    /// The root fields with the same response key.
    #[must_use]
    pub fn root_fields(&self, root: &str) -> Vec<&'a Positioned<Selected>> {
        let mut all = IndexMap::new();
        self.collect_fields(&[&self.ctx.query_env.operation.node.selection_set], &|on| on == root, &mut all);
        all.swap_remove(self.ctx.item.node.response_key().node.as_str()).unwrap_or_default()
    }

    /// Collects fields as the specification says (CollectFields): by response key, in the order of first appearance.
    pub(super) fn collect_fields(
        &self,
        from: &[&'a Positioned<SelectionSet>],
        applies: &dyn Fn(&str) -> bool,
        out: &mut IndexMap<&'a str, FieldNodes<'a>>,
    ) {
        for set in from {
            for item in &set.node.items {
                match &item.node {
                    Item::Field(field) => out.entry(field.node.response_key().node.as_str()).or_default().push(field),
                    Item::InlineFragment(fragment) => {
                        if fragment.node.type_condition.as_ref().is_none_or(|c| applies(c.node.on.node.as_str())) {
                            self.collect_fields(&[&fragment.node.selection_set], applies, out);
                        }
                    }
                    Item::FragmentSpread(spread) => {
                        let found = self.ctx.query_env.fragments.get(&spread.node.fragment_name.node);
                        if let Some(fragment) = found
                            && applies(fragment.node.type_condition.node.on.node.as_str())
                        {
                            self.collect_fields(&[&fragment.node.selection_set], applies, out);
                        }
                    }
                }
            }
        }
    }

    /// The selected fields of an object type of this name, by response key.
    pub(in crate::graphql) fn fields_of(
        &self,
        ty: &str,
        from: &[&'a Positioned<SelectionSet>],
    ) -> IndexMap<&'a str, FieldNodes<'a>> {
        let mut out = IndexMap::new();
        self.collect_fields(from, &|on| on == ty, &mut out);
        out
    }

    /// The selected fields of a declared type, by response key.
    #[must_use]
    pub fn fields(&self, ty: &Type, from: &[&'a Positioned<SelectionSet>]) -> IndexMap<&'a str, FieldNodes<'a>> {
        let mut out = IndexMap::new();
        self.collect_fields(from, &|on| ty.is(on), &mut out);
        out
    }

    /// The plan of an object of one type.
    ///
    /// # Errors
    /// Where an argument below is refused.
    pub fn object(&mut self, ty: &'static Type, from: &[&'a Positioned<SelectionSet>]) -> PlanResult<ObjectPlan> {
        let mut fields = vec![];
        for (key, nodes) in self.fields(ty, from) {
            self.path.push(key.to_owned());
            fields.push((key.to_owned(), self.node(ty, &nodes)?));
            self.path.pop();
        }
        Ok(ObjectPlan { ty, fields })
    }

    /// Counts the planned fields of the request. A field of an interface is planned for each of its types, so nested
    /// interfaces multiply.
    pub(in crate::graphql) fn count(&self, at: Pos) -> PlanResult<()> {
        let parts = self.ctx.data_opt::<RequestState>().map_or(0, RequestState::count_field);
        if parts > MAX_PLANNED_FIELDS {
            let message = format!(
                "The request selects more than {MAX_PLANNED_FIELDS} fields. A field of an interface counts once for each of its types. \
                 Select fewer fields, or use fragments on single types."
            );
            return Err(RequestProblem::limit(message, at, &self.path));
        }
        Ok(())
    }

    /// The plans of objects of several types.
    ///
    /// # Errors
    /// Where an argument below is refused.
    pub fn objects(
        &mut self,
        types: &[&'static Type],
        from: &[&'a Positioned<SelectionSet>],
    ) -> PlanResult<Vec<ObjectPlan>> {
        types.iter().map(|ty| self.object(ty, from)).collect()
    }

    fn node(&mut self, ty: &'static Type, nodes: &FieldNodes<'a>) -> PlanResult<FieldPlan> {
        let first = nodes[0];
        self.count(first.pos)?;
        let name = first.node.name.node.as_str();
        if name == "__typename" {
            return Ok(FieldPlan::Constant(format!("\"{}\"", ty.name)));
        }
        let field = ty
            .field(name)
            .ok_or_else(|| RequestProblem::new(format!("{} has no field `{name}`.", ty.name), first.pos, &self.path))?;
        let below = selection_sets(nodes);
        Ok(match &field.source {
            FieldSource::Column(column) => FieldPlan::Column(*column),
            FieldSource::Record(column) => FieldPlan::Record(*column),
            FieldSource::Embedded { target, prefix, present } => {
                FieldPlan::Embedded { prefix, present, object: self.object(target(), &below)? }
            }
            FieldSource::One { target, key } => FieldPlan::One { key: *key, object: self.object(target(), &below)? },
            FieldSource::Any { family, key, kind, first } => FieldPlan::Any {
                key: *key,
                kind: *kind,
                branches: self.objects(&records(family()), &below)?,
                first: match first {
                    Some((column, target)) => Some((column, self.object(target(), &below)?)),
                    None => None,
                },
            },
            FieldSource::Found { family, id } => FieldPlan::Found {
                id: *id,
                branches: self.objects(&records(family()), &below)?,
                arguments: self.arguments(field, first)?,
            },
            FieldSource::Row { target, found } => {
                FieldPlan::Row { found: *found, object: self.object(target(), &below)? }
            }
            FieldSource::List { target, link, order, limit } => {
                let arguments = self.arguments(field, first)?;
                let limit = match limit {
                    None => None,
                    Some(default) => Some(self.first(first, default)?),
                };
                let object = self.object(target(), &below)?;
                FieldPlan::List { link: link.clone(), order: order.clone(), limit, arguments, object }
            }
            FieldSource::Values { scalar, table, column, parent_column, order } => {
                FieldPlan::Values { scalar: *scalar, table, column, parent_column, order }
            }
            FieldSource::Connection { target, link } => {
                let arguments = self.arguments(field, first)?;
                let (link, only) = link(&arguments);
                let list = format!("{}.{name}", field.shared.unwrap_or(ty.name));
                FieldPlan::Connection(Box::new(self.connection(target(), List::new(list, link, only), nodes)?))
            }
            FieldSource::Computed { inputs, by, .. } => {
                FieldPlan::Computed { inputs: inputs.clone(), by: *by, arguments: self.arguments(field, first)? }
            }
            FieldSource::Expression { scalar, nullable, by } => FieldPlan::Expression {
                scalar: *scalar,
                nullable: *nullable,
                by: *by,
                arguments: self.arguments(field, first)?,
            },
        })
    }

    /// The argument `first` of a short list.
    pub(super) fn first(&self, field: &'a Positioned<Selected>, default: &str) -> PlanResult<u64> {
        let given = self.argument(&field.node, "first").and_then(|value| value.as_i64());
        let asked = given.or_else(|| default.parse().ok()).unwrap_or_default();
        let fits = u64::try_from(asked).ok().filter(|n| *n <= page::MAX_SIZE);
        fits.ok_or_else(|| {
            RequestProblem::new(page::PageProblem::Size("first", asked).to_string(), field.pos, &self.path)
        })
    }
}

/// The record types that implement an interface.
#[must_use]
pub fn records(family: &Interface) -> Vec<&'static Type> {
    (family.types)().into_iter().filter(|ty| ty.kind.is_some()).collect()
}

pub(in crate::graphql) fn selection_sets<'a>(nodes: &[&'a Positioned<Selected>]) -> SelectionSets<'a> {
    nodes.iter().map(|field| &field.node.selection_set).collect()
}
