//! Plans: what one request reads, as data. `graphql::compiled` makes plans from selections, `sql` writes statements
//! from plans. The cost of a plan is known before it runs.

use super::{
    declare::{Arguments, Column, Compute, EdgeData, Key, Link, RowCondition, Scalar, Type},
    filter::Predicate,
    page::Page,
    sql::builder::{Row, Sql},
};
use sea_orm::sea_query::Expr;
use uuid::Uuid;

/// The fields of one object, by response key, in the order of the answer.
pub struct ObjectPlan {
    /// The type of the object.
    pub ty: &'static Type,
    /// The plan of each field.
    pub fields: Vec<(String, FieldPlan)>,
}

/// The plan of one field.
pub enum FieldPlan {
    /// JSON that does not depend on the data (`__typename`, `null`).
    Constant(String),
    /// A column of the row.
    Column(Column),
    /// A column of the row's `record`.
    Record(Column),
    /// An object of columns that share a prefix.
    Embedded { prefix: &'static str, present: &'static str, object: ObjectPlan },
    /// The row that a foreign key refers to.
    One { key: Column, object: ObjectPlan },
    /// A record of any of several types.
    Any {
        key: Column,
        kind: Option<&'static str>,
        branches: Vec<ObjectPlan>,
        first: Option<(&'static str, ObjectPlan)>,
    },
    /// At most one row of another table.
    Row { found: RowCondition, object: ObjectPlan },
    /// A short list.
    List { link: Link, order: Vec<Key>, limit: Option<u64>, arguments: Arguments, object: ObjectPlan },
    /// Plain values of another table.
    Values {
        scalar: Scalar,
        table: &'static str,
        column: &'static str,
        parent_column: &'static str,
        order: &'static str,
    },
    /// A connection.
    Connection(Box<ConnectionPlan>),
    /// A value computed in Rust.
    Computed { inputs: Vec<Column>, by: Compute, arguments: Arguments },
    /// A value computed in SQL.
    Expression { scalar: Scalar, nullable: bool, by: fn(&Sql, &Row, &Arguments) -> Expr, arguments: Arguments },
}

/// A page of a list and the selected fields.
pub struct ConnectionPlan {
    /// The name of the list, for its cursors.
    pub list: String,
    /// The type of its nodes.
    pub ty: &'static Type,
    /// How its rows belong to the parent.
    pub link: Link,
    /// The arguments of the field, for links that are subqueries.
    pub arguments: Arguments,
    /// Conditions on the rows.
    pub only: Vec<Predicate>,
    /// The sort keys, ending with the id.
    pub order: Vec<Key>,
    /// The requested part.
    pub page: Page,
    /// The selected fields, by response key.
    pub fields: Vec<(String, ConnectionField)>,
}

/// A selected field of a connection.
pub enum ConnectionField {
    /// `__typename`
    Constant(String),
    /// `nodes`
    Nodes(NodePlan),
    /// `edges`
    Edges(Vec<(String, EdgeFieldPlan)>),
    /// `pageInfo`
    PageInfo(Vec<(String, PageInfoField)>),
    /// `totalCount`
    TotalCount,
}

/// The plan of the nodes of a list.
pub enum NodePlan {
    /// The row itself.
    One(ObjectPlan),
    /// The row is a record of one of these types. Deleted records are shown as well: the conditions of the list decide.
    Any(Vec<ObjectPlan>),
}

/// A selected field of an edge.
pub enum EdgeFieldPlan {
    /// `__typename`, or null for data that the link does not have.
    Constant(String),
    /// `node`
    Node(NodePlan),
    /// `cursor`
    Cursor,
    /// Data of the link.
    EdgeData(Scalar, EdgeData),
}

/// A selected field of `pageInfo`.
#[allow(missing_docs, reason = "the names are those of the fields")]
pub enum PageInfoField {
    Constant(String),
    HasNextPage,
    HasPreviousPage,
    StartCursor,
    EndCursor,
}

/// How a root field identifies a record.
pub enum RecordLookup {
    /// By its id. The id of a merged record finds the record that it was merged into.
    Id(Uuid),
    /// By its key.
    Key(String),
    /// By its address in another database.
    SameAs(String),
    /// By the address of an article.
    Url(String),
}

/// The plan of a root field.
pub enum RootPlan {
    /// A record of one type; `others` are further types, for the message where the id belongs to one of them.
    One { id: Uuid, object: ObjectPlan, others: Vec<&'static Type> },
    /// A record of any type; `others` are types that have ids but are not records.
    Any { lookup: RecordLookup, branches: Vec<ObjectPlan>, others: Vec<ObjectPlan> },
    /// Objects of any type, in the order of the ids; `None` stands for an invalid id. With `include_deleted`, records
    /// in the bin are found as well.
    Many { ids: Vec<Option<Uuid>>, branches: Vec<ObjectPlan>, others: Vec<ObjectPlan>, include_deleted: bool },
    /// A list.
    Connection(Box<ConnectionPlan>),
}

/// Adds costs without overflow.
fn sum(first: u64, rest: impl Iterator<Item = u64>) -> u64 {
    rest.fold(first, u64::saturating_add)
}

impl ObjectPlan {
    /// The maximum number of values that the database has to produce.
    #[must_use]
    pub fn cost(&self) -> u64 {
        sum(1, self.fields.iter().map(|(_, node)| node.cost()))
    }
}

impl NodePlan {
    fn cost(&self) -> u64 {
        match self {
            Self::One(object) => object.cost(),
            Self::Any(branches) => branches.iter().map(ObjectPlan::cost).max().unwrap_or(0),
        }
    }
}

/// The estimated length of a list without pages, such as names or ancestors.
const SHORT_LIST: u64 = 5;
/// The additional cost of a list that is a subquery, such as related entities.
const MADE_LIST: u64 = 50;
/// The cost of a count, which visits every row of its list.
const COUNT: u64 = 10;

impl FieldPlan {
    fn cost(&self) -> u64 {
        match self {
            Self::Constant(_) | Self::Column(_) | Self::Record(_) | Self::Computed { .. } => 0,
            Self::Expression { .. } => 1,
            Self::Embedded { object, .. } => object.cost() - 1,
            Self::One { object, .. } | Self::Row { object, .. } => object.cost(),
            Self::Any { branches, first, .. } => {
                let first = first.iter().map(|(_, object)| object);
                branches.iter().chain(first).map(ObjectPlan::cost).max().unwrap_or(0)
            }
            Self::List { link, limit, object, .. } => {
                let made = if matches!(link, Link::Select(_)) { MADE_LIST } else { 0 };
                made + limit.unwrap_or(SHORT_LIST).saturating_mul(object.cost())
            }
            Self::Values { .. } => SHORT_LIST,
            Self::Connection(c) => c.cost(),
        }
    }
}

impl ConnectionPlan {
    /// The page size times the cost of a row.
    #[must_use]
    pub fn cost(&self) -> u64 {
        let row = |part: &ConnectionField| match part {
            ConnectionField::Nodes(item) => item.cost(),
            ConnectionField::Edges(edge) => {
                let nodes =
                    edge.iter().map(|(_, part)| if let EdgeFieldPlan::Node(item) = part { item.cost() } else { 0 });
                sum(1, nodes)
            }
            _ => 0,
        };
        let rows = sum(0, self.fields.iter().map(|(_, part)| row(part))).saturating_mul(self.page.size);
        let counts = self.fields.iter().filter(|(_, part)| matches!(part, ConnectionField::TotalCount)).map(|_| COUNT);
        sum(sum(rows, counts), self.only.iter().map(Predicate::cost)).saturating_add(1)
    }
    /// Whether a field of `pageInfo` is selected.
    #[must_use]
    pub fn asks(&self, wanted: fn(&PageInfoField) -> bool) -> bool {
        self.fields
            .iter()
            .any(|(_, part)| matches!(part, ConnectionField::PageInfo(info) if info.iter().any(|(_, i)| wanted(i))))
    }
}

impl RootPlan {
    /// The maximum number of values that the database has to produce.
    #[must_use]
    pub fn cost(&self) -> u64 {
        let dearest = |a: &[ObjectPlan], b: &[ObjectPlan]| a.iter().chain(b).map(ObjectPlan::cost).max().unwrap_or(0);
        match self {
            Self::One { object, .. } => object.cost(),
            Self::Any { branches, others, .. } => dearest(branches, others),
            Self::Many { ids, branches, others, .. } => dearest(branches, others).saturating_mul(ids.len() as u64),
            Self::Connection(c) => c.cost(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::read::{declare::ALL_RECORDS, filter::Test};

    fn ty() -> &'static Type {
        static TYPE: std::sync::LazyLock<Type> = std::sync::LazyLock::new(|| Type::new("Thing", "thing", ""));
        &TYPE
    }

    fn object(fields: Vec<FieldPlan>) -> ObjectPlan {
        ObjectPlan { ty: ty(), fields: fields.into_iter().map(|node| (String::new(), node)).collect() }
    }

    fn list(size: u64, fields: Vec<ConnectionField>) -> ConnectionPlan {
        ConnectionPlan {
            list: String::new(),
            ty: ty(),
            link: Link::All,
            arguments: Arguments::new(),
            only: vec![],
            order: vec![],
            page: Page { size, backward: false, after: None, before: None },
            fields: fields.into_iter().map(|part| (String::new(), part)).collect(),
        }
    }

    fn nested(levels: &[u64]) -> Vec<FieldPlan> {
        match levels.split_first() {
            None => vec![],
            Some((size, rest)) => {
                vec![FieldPlan::Connection(Box::new(list(
                    *size,
                    vec![ConnectionField::Nodes(NodePlan::One(object(nested(rest))))],
                )))]
            }
        }
    }

    #[test]
    fn lists_inside_of_lists_multiply() {
        let cost = |levels: &[u64]| object(nested(levels)).cost();
        assert_eq!(cost(&[]), 1, "an object alone");
        assert_eq!(cost(&[10]), 1 + 1 + 10);
        assert_eq!(cost(&[10, 20]), 1 + 1 + 10 * (1 + 1 + 20));
        assert!(cost(&[100, 100, 100]) > 1_000_000);
    }

    #[test]
    fn no_plan_is_so_large_that_its_cost_overflows() {
        assert_eq!(object(nested(&[u64::MAX, u64::MAX])).cost(), u64::MAX);
        let root = RootPlan::Connection(Box::new(list(
            u64::MAX,
            vec![ConnectionField::Nodes(NodePlan::One(object(nested(&[100]))))],
        )));
        assert_eq!(root.cost(), u64::MAX);
    }

    #[test]
    fn what_is_asked_for_twice_costs_twice_and_a_count_its_own() {
        let nodes = || ConnectionField::Nodes(NodePlan::One(object(vec![])));
        let edges =
            || ConnectionField::Edges(vec![("node".to_owned(), EdgeFieldPlan::Node(NodePlan::One(object(vec![]))))]);
        assert_eq!(list(50, vec![ConnectionField::TotalCount, ConnectionField::PageInfo(vec![])]).cost(), 1 + COUNT);
        assert_eq!(list(50, vec![nodes()]).cost(), 51);
        assert_eq!(list(50, vec![nodes(), nodes()]).cost(), 101);
        assert_eq!(list(50, vec![edges()]).cost(), 101, "an edge and its node");
    }

    #[test]
    fn every_comparison_of_a_filter_costs() {
        let test = || Predicate::own("a", Test::IsNull(true));
        let mut filtered = list(1, vec![]);
        filtered.only =
            vec![Predicate::Any(vec![test(), Predicate::Not(Box::new(Predicate::All(vec![test(), test()])))])];
        assert_eq!(filtered.cost(), 1 + 3);
        let linked = |inner| Predicate::some(&ALL_RECORDS, Link::Back("a"), vec![inner]);
        filtered.only = vec![linked(linked(test()))];
        assert_eq!(filtered.cost(), 1 + 10 * (1 + 10 * (1 + 1)), "each link multiplies what stands in it");
    }

    #[test]
    fn the_dearest_of_all_that_a_column_may_name_is_what_it_costs() {
        let any = |branches: &[u64], first: &[u64]| FieldPlan::Any {
            key: Column { name: "a", scalar: Scalar::Id, nullable: false },
            kind: None,
            branches: branches.iter().map(|size| object(nested(&[*size]))).collect(),
            first: first.iter().map(|size| ("b", object(nested(&[*size])))).next(),
        };
        assert_eq!(any(&[10, 20], &[]).cost(), 22);
        assert_eq!(any(&[10, 20], &[5]).cost(), 22);
        assert_eq!(any(&[10, 20], &[30]).cost(), 32, "what comes first may be the dearest");
        assert_eq!(any(&[], &[]).cost(), 0);
    }

    #[test]
    fn the_dearest_type_is_what_several_ids_cost() {
        let several = |ids: usize| RootPlan::Many {
            ids: vec![None; ids],
            branches: vec![object(vec![]), object(nested(&[10]))],
            others: vec![object(vec![])],
            include_deleted: false,
        };
        assert_eq!(several(1).cost(), 12);
        assert_eq!(several(100).cost(), 1200);
    }
}
