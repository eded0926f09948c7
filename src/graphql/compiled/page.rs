//! Connections: their page, and what is asked of their edges and their page information.

use super::{
    condition,
    list::List,
    select::{Fault, Nodes, Planned, Selection, Sets, records, sets},
};
use crate::store::read::{
    declare::{Arguments, Link, Told, Type},
    filter::Predicate,
    page::{self, Asked, Page},
    plan::{Connection, EdgePart, InfoPart, Item, Part},
};
use async_graphql::{Positioned, indexmap::IndexMap, parser::types::Field as Selected};
use serde_json::Value as Json;

/// Comparisons that one `where` may make.
const MOST_COMPARISONS: usize = 100;

impl<'a> Selection<'a> {
    /// A page of a list.
    ///
    /// # Errors
    /// Where its arguments, or those of a field below, are refused.
    pub fn connection(
        &mut self,
        ty: &'static Type,
        list: List,
        nodes: &[&'a Positioned<Selected>],
    ) -> Planned<Connection> {
        let List { name: list, link, mut only, order } = list;
        let (field, at) = (&nodes[0].node, nodes[0].pos);
        let given = |name: &str| self.argument(field, name).filter(|value| !value.is_null());
        let order = order.unwrap_or_else(|| page::total(condition::order(ty, given("orderBy").as_ref()), ty));
        if let Some(asked) = given("where") {
            let condition = condition::condition(ty, &asked, &order);
            let condition = condition.map_err(|message| Fault::new(message, at, &self.path))?;
            let size = condition.as_ref().map_or(0, Predicate::size);
            if size > MOST_COMPARISONS {
                let message = format!(
                    "`where` makes {size} comparisons; the limit is {MOST_COMPARISONS}. `in` takes many values as one."
                );
                return Err(Fault::limit(message, at, &self.path));
            }
            only.extend(condition);
        }
        let number = |name| given(name).and_then(|value| value.as_i64());
        let (after, before) = (given("after"), given("before"));
        let asked = Asked {
            first: number("first"),
            after: after.as_ref().and_then(Json::as_str),
            last: number("last"),
            before: before.as_ref().and_then(Json::as_str),
        };
        let page = Page::new(&asked, &list, &order).map_err(|error| Fault::new(error.to_string(), at, &self.path))?;

        let mut all = IndexMap::new();
        let (connection, edge) = (format!("{}Connection", ty.name), format!("{}Edge", ty.name));
        self.gather(&sets(nodes), &|on| on == connection, &mut all);
        let mut fields = vec![];
        for (key, nodes) in all {
            let below = sets(&nodes);
            self.path.push(key.to_owned());
            let part = match nodes[0].node.name.node.as_str() {
                "nodes" => Part::Nodes(self.item(ty, &below)?),
                "edges" => Part::Edges(self.edges(ty, &edge, &link, &below)?),
                "pageInfo" => Part::PageInfo(self.page_info(&below)),
                "totalCount" => Part::TotalCount,
                _ => Part::Constant(format!("\"{connection}\"")),
            };
            self.path.pop();
            fields.push((key.to_owned(), part));
        }
        let arguments = Arguments::new();
        Ok(Connection { list, ty, link, arguments, only, order, page, fields })
    }

    fn item(&mut self, ty: &'static Type, below: &Sets<'a>) -> Planned<Item> {
        Ok(match ty.family {
            Some(family) => Item::Any(self.objects(&records(family()), below)?),
            None => Item::One(self.object(ty, below)?),
        })
    }

    fn edges(
        &mut self,
        ty: &'static Type,
        edge: &str,
        link: &Link,
        below: &Sets<'a>,
    ) -> Planned<Vec<(String, EdgePart)>> {
        let mut all = IndexMap::new();
        self.gather(below, &|on| on == edge, &mut all);
        let mut parts = vec![];
        for (key, nodes) in all {
            self.path.push(key.to_owned());
            let part = match nodes[0].node.name.node.as_str() {
                "node" => EdgePart::Node(self.item(ty, &sets(&nodes))?),
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
