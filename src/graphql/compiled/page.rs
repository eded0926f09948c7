//! Plans connections: the page, its edges and its page information.

use super::{
    condition,
    facet::Counted,
    list::List,
    operand::FilterProblem,
    select::{FieldNodes, PlanResult, RequestProblem, Selection, SelectionSets, records, selection_sets},
};
use crate::store::read::{
    declare::{Arguments, EdgeData, Key, Link, Type},
    filter::Predicate,
    page::{self, Page, PageArguments},
    plan::{ConnectionField, ConnectionPlan, EdgeFieldPlan, FieldPlan, NodePlan, ObjectPlan, PageInfoField},
};
use async_graphql::{Pos, Positioned, indexmap::IndexMap, parser::types::Field as Selected};
use serde_json::Value as Json;

impl<'a> Selection<'a> {
    /// The condition of a `where` with the filters of a type.
    ///
    /// # Errors
    /// Where a value is refused, or there are too many comparisons.
    pub fn condition(&self, (ty, asked): (&Type, &Json), order: &[Key], at: Pos) -> PlanResult<Option<Predicate>> {
        condition::condition(ty, asked, order).map_err(|problem| match problem {
            FilterProblem::Value(message) => RequestProblem::new(message, at, &self.path),
            FilterProblem::Limit(message) => RequestProblem::limit(message, at, &self.path),
        })
    }

    /// A page of a list.
    ///
    /// # Errors
    /// Where its arguments, or those of a field below, are refused.
    pub fn connection(
        &mut self,
        ty: &'static Type,
        list: List,
        nodes: &[&'a Positioned<Selected>],
    ) -> PlanResult<ConnectionPlan> {
        let List { name: list, link, mut only, order, filters } = list;
        let (field, at) = (&nodes[0].node, nodes[0].pos);
        let given = |name: &str| self.argument(field, name).filter(|value| !value.is_null());
        let order = order.unwrap_or_else(|| page::total(condition::order(ty, given("orderBy").as_ref()), ty));
        let (asked, filters, own) = (given("where"), filters.unwrap_or(ty), only.clone());
        if let Some(asked) = &asked {
            only.extend(self.condition((filters, asked), &order, at)?);
        }
        let counted = Counted { ty, filters, own: &own, all: &only, asked: asked.as_ref(), order: &order };
        let number = |name| given(name).and_then(|value| value.as_i64());
        let (after, before) = (given("after"), given("before"));
        let asked = PageArguments {
            first: number("first"),
            after: after.as_ref().and_then(Json::as_str),
            last: number("last"),
            before: before.as_ref().and_then(Json::as_str),
        };
        let page =
            Page::new(&asked, &list, &order).map_err(|error| RequestProblem::new(error.to_string(), at, &self.path))?;

        let mut all = IndexMap::new();
        let (connection, edge) = (format!("{}Connection", ty.name), format!("{}Edge", ty.name));
        self.collect_fields(&selection_sets(nodes), &|on| on == connection, &mut all);
        let mut fields = vec![];
        for (key, nodes) in all {
            let below = selection_sets(&nodes);
            self.path.push(key.to_owned());
            let part = match nodes[0].node.name.node.as_str() {
                "nodes" => ConnectionField::Nodes(self.item(ty, &below)?),
                "edges" => ConnectionField::Edges(self.edges(ty, &edge, &link, &below)?),
                "pageInfo" => ConnectionField::PageInfo(self.page_info(&below)),
                "totalCount" => ConnectionField::TotalCount,
                "facets" => ConnectionField::Facets(self.facets(&counted, &nodes)?),
                "histogram" => ConnectionField::Histogram(self.histogram(&counted, &nodes)?),
                _ => ConnectionField::Constant(format!("\"{connection}\"")),
            };
            self.path.pop();
            fields.push((key.to_owned(), part));
        }
        let arguments = Arguments::new();
        Ok(ConnectionPlan { list, ty, link, arguments, only, order, page, fields })
    }

    fn item(&mut self, ty: &'static Type, below: &SelectionSets<'a>) -> PlanResult<NodePlan> {
        Ok(match ty.family {
            Some(family) => NodePlan::Any(self.objects(&records(family()), below)?),
            None => NodePlan::One(self.object(ty, below)?),
        })
    }

    fn edges(
        &mut self,
        ty: &'static Type,
        edge: &str,
        link: &Link,
        below: &SelectionSets<'a>,
    ) -> PlanResult<Vec<(String, EdgeFieldPlan)>> {
        let mut all = IndexMap::new();
        self.collect_fields(below, &|on| on == edge, &mut all);
        let mut parts = vec![];
        for (key, nodes) in all {
            self.path.push(key.to_owned());
            let part = match nodes[0].node.name.node.as_str() {
                "node" => EdgeFieldPlan::Node(self.item(ty, &selection_sets(&nodes))?),
                "cursor" => EdgeFieldPlan::Cursor,
                "__typename" => EdgeFieldPlan::Constant(format!("\"{edge}\"")),
                name => edge_data(ty, link, name),
            };
            self.path.pop();
            parts.push((key.to_owned(), part));
        }
        Ok(parts)
    }

    /// The edge of a record that was found by its id, as a list of all records shows it.
    ///
    /// # Errors
    /// Where an argument below is refused.
    pub fn edge_of_record(
        &mut self,
        ty: &'static Type,
        list: &str,
        below: &SelectionSets<'a>,
    ) -> PlanResult<ObjectPlan> {
        let name = format!("{}Edge", ty.name);
        let mut fields = vec![];
        for (key, part) in self.edges(ty, &name, &Link::All, below)? {
            let plan = match part {
                EdgeFieldPlan::Node(NodePlan::One(object)) => FieldPlan::Embedded { prefix: "", present: "id", object },
                EdgeFieldPlan::Cursor => FieldPlan::cursor(list, &page::total(vec![], ty)),
                EdgeFieldPlan::Constant(text) => FieldPlan::Constant(text),
                EdgeFieldPlan::Node(NodePlan::Any(_)) | EdgeFieldPlan::EdgeData(..) => {
                    FieldPlan::Constant("null".to_owned())
                }
            };
            fields.push((key, plan));
        }
        Ok(ObjectPlan { ty, fields })
    }

    fn page_info(&self, below: &SelectionSets<'a>) -> Vec<(String, PageInfoField)> {
        let mut all = IndexMap::new();
        self.collect_fields(below, &|on| on == "PageInfo", &mut all);
        let part = |nodes: FieldNodes<'a>| match nodes[0].node.name.node.as_str() {
            "hasNextPage" => PageInfoField::HasNextPage,
            "hasPreviousPage" => PageInfoField::HasPreviousPage,
            "startCursor" => PageInfoField::StartCursor,
            "endCursor" => PageInfoField::EndCursor,
            _ => PageInfoField::Constant("\"PageInfo\"".to_owned()),
        };
        all.into_iter().map(|(key, nodes)| (key.to_owned(), part(nodes))).collect()
    }
}

/// The data of the link for a field of the edge; null where it has none.
fn edge_data(ty: &Type, link: &Link, name: &str) -> EdgeFieldPlan {
    let declared = ty.edge.iter().find(|field| field.name == name);
    let known: Option<&(&str, EdgeData)> = match link {
        Link::Through(through) => through.edge_data.iter().find(|(field, _)| *field == name),
        _ => None,
    };
    match (declared, known) {
        (Some(field), Some((_, edge_data))) => EdgeFieldPlan::EdgeData(field.scalar, *edge_data),
        _ => EdgeFieldPlan::Constant("null".to_owned()),
    }
}
