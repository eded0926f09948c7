//! A selection -> a plan. Walks what was selected against the declarations, coerces arguments, applies the reader's languages
//! and checks pages, so that nothing that can be refused reaches the database.

use super::condition;
use crate::{
    graphql::error::Code,
    store::read::{
        declare::{Argument, Arguments, Field, Interface, Link, Meaning, Told, Type},
        page::{self, Asked, Page},
        plan::{Connection, EdgePart, InfoPart, Node, Object, Part},
    },
    text::language,
};
use async_graphql::{
    Context, PathSegment, Pos, Positioned, ServerError, Value,
    indexmap::IndexMap,
    parser::types::{Field as Selected, Selection as Item, SelectionSet},
};

use async_graphql_value::Value as InputValue;
use serde_json::Value as Json;
use uuid::Uuid;

/// What was wrong with a request, and where.
pub struct Fault(Box<ServerError>);

impl Fault {
    fn new(message: impl Into<String>, at: Pos, path: &[String]) -> Self {
        let mut error = Code::BadUserInput.server_error(message, Some(at));
        error.path = path.iter().cloned().map(PathSegment::Field).collect();
        Self(Box::new(error))
    }
    /// As async-graphql reports it.
    #[must_use]
    pub fn into_error(self) -> ServerError {
        *self.0
    }
}

type Planned<T> = Result<T, Fault>;
type Nodes<'a> = Vec<&'a Positioned<Selected>>;
type Sets<'a> = Vec<&'a Positioned<SelectionSet>>;

/// A root field's selection, being planned.
pub struct Selection<'a> {
    ctx: &'a Context<'a>,
    /// The reader's languages, best first.
    languages: &'a [String],
    path: Vec<String>,
}

/// A hyphenated UUID, or nothing.
pub(crate) fn uuid(text: &str) -> Option<Uuid> {
    if text.len() == 36 { text.parse().ok() } else { None }
}

/// A client's text in a message: not longer than it has to be, and on one line.
pub(crate) fn shortened(text: &str) -> String {
    let mut short: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

impl<'a> Selection<'a> {
    /// The selection of the root field of a context.
    #[must_use]
    pub fn new(ctx: &'a Context<'a>, languages: &'a [String]) -> Self {
        Self { ctx, languages, path: vec![ctx.item.node.response_key().node.to_string()] }
    }

    /// An error of the field that is being planned.
    #[must_use]
    pub fn fault(&self, message: impl Into<String>) -> Fault {
        Fault::new(message, self.ctx.item.pos, &self.path)
    }

    /// All occurrences of the root field under its response key; none where an earlier one answers for this one.
    ///
    /// async-graphql resolves each occurrence by itself and merges their values, which JSON text cannot be: the first
    /// answers for all, the others are dropped by its merge.
    #[must_use]
    pub fn occurrences(&self, root: &str) -> Option<Sets<'a>> {
        let same = self.siblings(root);
        (same.first()?.pos == self.ctx.item.pos).then(|| sets(&same))
    }

    /// The root fields of the same response key.
    #[must_use]
    pub fn siblings(&self, root: &str) -> Vec<&'a Positioned<Selected>> {
        let mut all = IndexMap::new();
        self.gather(&[&self.ctx.query_env.operation.node.selection_set], &|on| on == root, &mut all);
        all.swap_remove(self.ctx.item.node.response_key().node.as_str()).unwrap_or_default()
    }

    /// Fields that apply, merged by response key, in the order of first appearance.
    fn gather(&self, from: &[&'a Positioned<SelectionSet>], applies: &dyn Fn(&str) -> bool, out: &mut IndexMap<&'a str, Nodes<'a>>) {
        for set in from {
            for item in &set.node.items {
                match &item.node {
                    Item::Field(field) => out.entry(field.node.response_key().node.as_str()).or_default().push(field),
                    Item::InlineFragment(fragment) => {
                        if fragment.node.type_condition.as_ref().is_none_or(|c| applies(c.node.on.node.as_str())) {
                            self.gather(&[&fragment.node.selection_set], applies, out);
                        }
                    }
                    Item::FragmentSpread(spread) => {
                        let found = self.ctx.query_env.fragments.get(&spread.node.fragment_name.node);
                        if let Some(fragment) = found
                            && applies(fragment.node.type_condition.node.on.node.as_str())
                        {
                            self.gather(&[&fragment.node.selection_set], applies, out);
                        }
                    }
                }
            }
        }
    }

    fn fields(&self, ty: &Type, from: &[&'a Positioned<SelectionSet>]) -> IndexMap<&'a str, Nodes<'a>> {
        let mut out = IndexMap::new();
        self.gather(from, &|on| ty.is(on), &mut out);
        out
    }

    /// What is asked of an object of one type.
    ///
    /// # Errors
    /// Where an argument below is refused.
    pub fn object(&mut self, ty: &'static Type, from: &[&'a Positioned<SelectionSet>]) -> Planned<Object> {
        let mut fields = vec![];
        for (key, nodes) in self.fields(ty, from) {
            self.path.push(key.to_owned());
            fields.push((key.to_owned(), self.node(ty, &nodes)?));
            self.path.pop();
        }
        Ok(Object { ty, fields })
    }

    /// What is asked of an object of each of several types.
    ///
    /// # Errors
    /// Where an argument below is refused.
    pub fn objects(&mut self, types: &[&'static Type], from: &[&'a Positioned<SelectionSet>]) -> Planned<Vec<Object>> {
        types.iter().map(|ty| self.object(ty, from)).collect()
    }

    fn node(&mut self, ty: &'static Type, nodes: &Nodes<'a>) -> Planned<Node> {
        let first = nodes[0];
        let name = first.node.name.node.as_str();
        if name == "__typename" {
            return Ok(Node::Constant(format!("\"{}\"", ty.name)));
        }
        let field = ty
            .field(name)
            .ok_or_else(|| Fault::new(format!("{} has no field `{name}`.", ty.name), first.pos, &self.path))?;
        let below = sets(nodes);
        Ok(match &field.means {
            Meaning::Column(column) => Node::Column(*column),
            Meaning::Record(column) => Node::Record(*column),
            Meaning::Embedded { target, prefix, present } => {
                Node::Embedded { prefix, present, object: self.object(target(), &below)? }
            }
            Meaning::One { target, key } => Node::One { key: *key, object: self.object(target(), &below)? },
            Meaning::Any { family, key, kind, first } => Node::Any {
                key: *key,
                kind: *kind,
                branches: self.objects(&records(family()), &below)?,
                first: match first {
                    Some((column, target)) => Some((column, self.object(target(), &below)?)),
                    None => None,
                },
            },
            Meaning::Row { target, found } => Node::Row { found: *found, object: self.object(target(), &below)? },
            Meaning::List { target, link, order, limit } => {
                let arguments = self.arguments(field, first);
                let limit = match limit {
                    None => None,
                    Some(default) => Some(self.first(&arguments, default, first.pos)?),
                };
                let object = self.object(target(), &below)?;
                Node::List { link: link.clone(), order: order.clone(), limit, arguments, object }
            }
            Meaning::Values { scalar, table, column, near, order } => {
                Node::Values { scalar: *scalar, table, column, near, order }
            }
            Meaning::Connection { target, link, .. } => {
                let arguments = self.arguments(field, first);
                let (link, only) = link(&arguments);
                let list = format!("{}.{name}", ty.name);
                Node::Connection(Box::new(self.connection(target(), &list, link, only, nodes)?))
            }
            Meaning::Computed { inputs, by, .. } => {
                Node::Computed { inputs: inputs.clone(), by: *by, arguments: self.arguments(field, first) }
            }
            Meaning::Made { scalar, nullable, by } => {
                Node::Made { scalar: *scalar, nullable: *nullable, by: *by, arguments: self.arguments(field, first) }
            }
        })
    }

    fn first(&self, arguments: &Arguments, default: &str, at: Pos) -> Planned<u64> {
        let asked = arguments.get("first").and_then(Json::as_i64);
        let asked = asked.or_else(|| default.parse().ok()).unwrap_or_default();
        let fits = u64::try_from(asked).ok().filter(|n| (1..=page::MAX_SIZE).contains(n));
        fits.ok_or_else(|| Fault::new(page::PageError::Size("first", asked).to_string(), at, &self.path))
    }

    /// A page of a list. `list` names it for its cursors.
    ///
    /// # Errors
    /// Where its arguments, or those of a field below, are refused.
    pub fn connection(
        &mut self,
        ty: &'static Type,
        list: &str,
        link: Link,
        mut only: Vec<crate::store::read::filter::Predicate>,
        nodes: &[&'a Positioned<Selected>],
    ) -> Planned<Connection> {
        let (field, at) = (&nodes[0].node, nodes[0].pos);
        let given = |name: &str| self.argument(field, name).filter(|value| !value.is_null());
        let order = page::total(condition::order(ty, given("orderBy").as_ref()), ty);
        if let Some(asked) = given("where") {
            let condition = condition::condition(ty, &asked, &order);
            only.extend(condition.map_err(|message| Fault::new(message, at, &self.path))?);
        }
        let number = |name| given(name).and_then(|value| value.as_i64());
        let (after, before) = (given("after"), given("before"));
        let asked = Asked {
            first: number("first"),
            after: after.as_ref().and_then(Json::as_str),
            last: number("last"),
            before: before.as_ref().and_then(Json::as_str),
        };
        let page = Page::new(&asked, list, &order).map_err(|error| Fault::new(error.to_string(), at, &self.path))?;

        let mut all = IndexMap::new();
        let (connection, edge) = (format!("{}Connection", ty.name), format!("{}Edge", ty.name));
        self.gather(&sets(nodes), &|on| on == connection, &mut all);
        let mut fields = vec![];
        for (key, nodes) in all {
            let below = sets(&nodes);
            self.path.push(key.to_owned());
            let part = match nodes[0].node.name.node.as_str() {
                "nodes" => Part::Nodes(self.object(ty, &below)?),
                "edges" => Part::Edges(self.edges(ty, &edge, &link, &below)?),
                "pageInfo" => Part::PageInfo(self.page_info(&below)),
                "totalCount" => Part::TotalCount,
                _ => Part::Constant(format!("\"{connection}\"")),
            };
            self.path.pop();
            fields.push((key.to_owned(), part));
        }
        let arguments = Arguments::new();
        Ok(Connection { list: list.to_owned(), ty, link, arguments, only, order, page, fields })
    }

    fn edges(&mut self, ty: &'static Type, edge: &str, link: &Link, below: &Sets<'a>) -> Planned<Vec<(String, EdgePart)>> {
        let mut all = IndexMap::new();
        self.gather(below, &|on| on == edge, &mut all);
        let mut parts = vec![];
        for (key, nodes) in all {
            self.path.push(key.to_owned());
            let part = match nodes[0].node.name.node.as_str() {
                "node" => EdgePart::Node(self.object(ty, &sets(&nodes))?),
                "cursor" => EdgePart::Cursor,
                "__typename" => EdgePart::Constant(format!("\"{edge}\"")),
                name => told(ty, link, name),
            };
            self.path.pop();
            parts.push((key.to_owned(), part));
        }
        Ok(parts)
    }

    fn page_info(&self, below: &Sets<'a>) -> Vec<(String, InfoPart)> {
        let mut all = IndexMap::new();
        self.gather(below, &|on| on == "PageInfo", &mut all);
        let part = |nodes: Nodes<'a>| match nodes[0].node.name.node.as_str() {
            "hasNextPage" => InfoPart::HasNextPage,
            "hasPreviousPage" => InfoPart::HasPreviousPage,
            "startCursor" => InfoPart::StartCursor,
            "endCursor" => InfoPart::EndCursor,
            _ => InfoPart::Constant("\"PageInfo\"".to_owned()),
        };
        all.into_iter().map(|(key, nodes)| (key.to_owned(), part(nodes))).collect()
    }

    // ---- arguments

    /// A field's arguments, coerced; validation has already held them against their types.
    fn arguments(&self, field: &Field, at: &'a Positioned<Selected>) -> Arguments {
        let mut arguments = Arguments::new();
        for declared in &field.args {
            let value = self.argument(&at.node, declared.name).filter(|value| !value.is_null());
            if let Some(value) = value.or_else(|| default(declared)) {
                let value = if declared.list && !value.is_array() { Json::Array(vec![value]) } else { value };
                arguments.insert(declared.name.to_owned(), value);
            }
        }
        if field.reader_languages {
            let wanted: Vec<String> = match (arguments.get("languages"), arguments.get("language")) {
                (Some(Json::Array(tags)), _) => {
                    tags.iter().filter_map(|tag| tag.as_str().map(str::to_owned)).take(10).collect()
                }
                (_, Some(Json::String(tag))) => vec![tag.clone()],
                _ => self.languages.to_vec(),
            };
            arguments.insert("languages".to_owned(), language::lookup(&wanted).into());
        }
        arguments
    }

    /// The value given for an argument; variables are filled in.
    #[must_use]
    pub fn argument(&self, field: &Selected, name: &str) -> Option<Json> {
        let (_, value) = field.arguments.iter().find(|(n, _)| n.node.as_str() == name)?;
        self.value(&value.node)
    }

    fn value(&self, value: &InputValue) -> Option<Json> {
        Some(match value {
            InputValue::Variable(name) => {
                let definitions = &self.ctx.query_env.operation.node.variable_definitions;
                let known: Option<Value> = self.ctx.query_env.variables.get(name).cloned().or_else(|| {
                    let definition = definitions.iter().find(|d| d.node.name.node == *name)?;
                    definition.node.default_value.as_ref().map(|value| value.node.clone())
                });
                return known.and_then(|value| value.into_json().ok());
            }
            InputValue::List(items) => {
                Json::Array(items.iter().map(|item| self.value(item).unwrap_or_default()).collect())
            }
            InputValue::Object(entries) => Json::Object(
                entries.iter().filter_map(|(name, value)| Some((name.to_string(), self.value(value)?))).collect(),
            ),
            InputValue::Null => Json::Null,
            InputValue::Number(number) => Json::Number(number.clone()),
            InputValue::String(text) => Json::String(text.clone()),
            InputValue::Boolean(truth) => Json::Bool(*truth),
            InputValue::Enum(name) => Json::String(name.to_string()),
            InputValue::Binary(_) => return None,
        })
    }
}

/// The types of a family whose values are records.
#[must_use]
pub fn records(family: &Interface) -> Vec<&'static Type> {
    (family.types)().into_iter().filter(|ty| ty.kind.is_some()).collect()
}

fn default(declared: &Argument) -> Option<Json> {
    let literal = declared.default?;
    // the defaults of declarations are numbers, truths and names of enumerations
    Some(serde_json::from_str(literal).unwrap_or_else(|_| Json::String(literal.to_owned())))
}

fn sets<'a>(nodes: &[&'a Positioned<Selected>]) -> Sets<'a> {
    nodes.iter().map(|field| &field.node.selection_set).collect()
}

/// What a list's link knows of an edge; null where it does not.
fn told(ty: &Type, link: &Link, name: &str) -> EdgePart {
    let declared = ty.edge.iter().find(|field| field.name == name);
    let known: Option<&(&str, Told)> = match link {
        Link::Through(through) => through.tells.iter().find(|(field, _)| *field == name),
        _ => None,
    };
    match (declared, known) {
        (Some(field), Some((_, told))) => EdgePart::Told(field.scalar, *told),
        _ => EdgePart::Constant("null".to_owned()),
    }
}
