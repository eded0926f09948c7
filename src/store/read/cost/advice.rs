//! What makes a request expensive, for the message that refuses it.

use super::{
    super::{
        plan::{
            BucketField, ConnectionField, ConnectionPlan, EdgeFieldPlan, FacetField, FieldPlan, NodePlan, ObjectPlan,
            RootPlan,
        },
        table_size::TableSizes,
    },
    Cost, SHORT_LIST, comparisons,
};
use std::fmt;

/// What to change in a request that is too expensive.
#[derive(Debug, PartialEq, Eq)]
pub enum Advice {
    /// A smaller page of a list makes it fit.
    SmallerPage {
        /// The response keys that lead to the list.
        path: String,
        page: u64,
        smaller_page: u64,
        /// The cost of the request with the smaller page.
        cost: u64,
    },
    /// A `where` takes most of what the limit allows.
    SmallerWhere {
        /// The response keys that lead to the list.
        path: String,
        /// The cost of its `where`, with what facets repeat of it.
        cost: u64,
    },
}

/// What to change in a request with this cost, if one list is the reason. `roots` are the root fields with their keys.
#[must_use]
pub fn advice<'a>(
    roots: impl Iterator<Item = (&'a str, &'a RootPlan)>,
    sizes: &TableSizes,
    cost: u64,
    limit: u64,
) -> Option<Advice> {
    let mut search = Search { sizes, path: vec![], largest: None, largest_where: None };
    for (key, root) in roots {
        search.path.push(key.to_owned());
        search.root(root);
        search.path.pop();
    }
    let smaller_page = search.largest.and_then(|largest| {
        let rest = cost.saturating_sub(largest.cost(largest.page));
        let with = |page: u64| rest.saturating_add(largest.cost(page));
        let smaller_page = (1..largest.page).rev().find(|page| with(*page) <= limit)?;
        Some(Advice::SmallerPage { cost: with(smaller_page), path: largest.path, page: largest.page, smaller_page })
    });
    let smaller_where = search.largest_where.filter(|(_, cost)| *cost > limit / 2);
    smaller_page.or(smaller_where.map(|(path, cost)| Advice::SmallerWhere { path, cost }))
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SmallerPage { path, page, smaller_page, cost } => write!(
                f,
                "The most expensive list is `{path}` with a page of {page}: with a page of {smaller_page}, the request would cost about {cost}."
            ),
            Self::SmallerWhere { path, cost } => write!(
                f,
                "The `where` of `{path}` costs {cost}: each list in it, such as `some`, multiplies what stands in it by 10, and `either` by 2. \
                 Nest fewer lists."
            ),
        }
    }
}

struct Search<'a> {
    sizes: &'a TableSizes,
    path: Vec<String>,
    largest: Option<Found>,
    /// The most expensive `where`: the path of its list, and its cost.
    largest_where: Option<(String, u64)>,
}

struct Found {
    path: String,
    page: u64,
    row: Cost,
    /// How often the list occurs.
    times: u64,
}

impl Found {
    /// What the rows of all occurrences cost, with pages of this size.
    fn cost(&self, page: u64) -> u64 {
        self.row.times(page).times(self.times).total()
    }
}

impl Search<'_> {
    fn root(&mut self, root: &RootPlan) {
        match root {
            RootPlan::One { object, .. } => self.object(object, 1),
            RootPlan::Any { branches, others, .. } => self.objects(branches.iter().chain(others), 1),
            RootPlan::Many { references, branches, others, .. } => {
                self.objects(branches.iter().chain(others), references.len() as u64);
            }
            RootPlan::Connection(connection) => self.connection(connection, 1),
            RootPlan::Field { field, .. } => self.field(field, 1),
        }
    }

    fn objects<'p>(&mut self, objects: impl Iterator<Item = &'p ObjectPlan>, times: u64) {
        objects.for_each(|object| self.object(object, times));
    }

    /// The lists of an object that occurs this number of times.
    fn object(&mut self, object: &ObjectPlan, times: u64) {
        for (key, field) in &object.fields {
            self.path.push(key.clone());
            self.field(field, times);
            self.path.pop();
        }
    }

    /// The lists of a field that occurs this number of times.
    fn field(&mut self, field: &FieldPlan, times: u64) {
        match field {
            FieldPlan::Embedded { object, .. } | FieldPlan::One { object, .. } | FieldPlan::Row { object, .. } => {
                self.object(object, times);
            }
            FieldPlan::Any { branches, first, .. } => {
                self.objects(branches.iter().chain(first.iter().map(|(_, object)| object)), times);
            }
            FieldPlan::List { limit, object, .. } => {
                let page = limit.unwrap_or(SHORT_LIST);
                if limit.is_some() {
                    self.list(page, object.cost(self.sizes), times);
                }
                self.object(object, times.saturating_mul(page));
            }
            FieldPlan::Connection(connection) => self.connection(connection, times),
            _ => {}
        }
    }

    fn connection(&mut self, connection: &ConnectionPlan, times: u64) {
        let page = connection.page.size;
        self.list(page, connection.row(self.sizes), times);
        self.compared(connection, times);
        self.facets(connection, times);
        let times = times.saturating_mul(page);
        for (key, field) in &connection.fields {
            self.path.push(key.clone());
            match field {
                ConnectionField::Nodes(node) => self.node(node, times),
                ConnectionField::Edges(edge) => {
                    for (key, field) in edge {
                        if let EdgeFieldPlan::Node(node) = field {
                            self.path.push(key.clone());
                            self.node(node, times);
                            self.path.pop();
                        }
                    }
                }
                _ => {}
            }
            self.path.pop();
        }
    }

    /// The `where` of a list that occurs this number of times. Each facet repeats it.
    fn compared(&mut self, connection: &ConnectionPlan, times: u64) {
        let facets = connection.fields.iter().filter_map(|(_, field)| match field {
            ConnectionField::Facets(facets) => Some(facets),
            _ => None,
        });
        let repeated = facets.flatten().map(|facet| comparisons(&facet.only));
        let cost = repeated.fold(comparisons(&connection.only), u64::saturating_add).saturating_mul(times);
        if self.largest_where.as_ref().is_none_or(|(_, largest)| *largest < cost) {
            self.largest_where = Some((self.path.join("."), cost));
        }
    }

    fn facets(&mut self, connection: &ConnectionPlan, times: u64) {
        for (key, field) in &connection.fields {
            let ConnectionField::Facets(facets) = field else { continue };
            self.path.push(key.clone());
            for facet in facets {
                self.list(facet.first, facet.bucket(self.sizes), times);
                let buckets = facet.fields.iter().filter_map(|(key, field)| match field {
                    FacetField::Buckets(fields) => Some((key, fields)),
                    _ => None,
                });
                for (key, fields) in buckets {
                    for (name, field) in fields {
                        if let BucketField::Record(branches) = field {
                            self.path.extend([key.clone(), name.clone()]);
                            self.objects(branches.iter(), times.saturating_mul(facet.first));
                            self.path.truncate(self.path.len() - 2);
                        }
                    }
                }
            }
            self.path.pop();
        }
    }

    fn node(&mut self, node: &NodePlan, times: u64) {
        match node {
            NodePlan::One(object) => self.object(object, times),
            NodePlan::Any(branches) => self.objects(branches.iter(), times),
        }
    }

    /// A list, whose rows cost this much each, and which occurs this number of times.
    fn list(&mut self, page: u64, row: Cost, times: u64) {
        let found = Found { path: self.path.join("."), page, row, times };
        if page > 1 && self.largest.as_ref().is_none_or(|largest| largest.cost(largest.page) < found.cost(page)) {
            self.largest = Some(found);
        }
    }
}
