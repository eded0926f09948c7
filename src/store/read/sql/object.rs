//! Objects and short lists: each level is a text expression that yields JSON.

use super::{
    super::{
        declare::{Arguments, Key, Link},
        plan::{Node, Object},
    },
    builder::{Pieces, Row, Sql, bracketed, col, literal, name, or_null, scalar},
    rows::direction,
};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, Func, Order, Query, SelectStatement};

impl Sql {
    /// An object as JSON text.
    pub(super) fn object(&self, row: &Row, object: &Object) -> Pieces {
        let mut pieces = Pieces::default();
        for (i, (key, node)) in object.fields.iter().enumerate() {
            pieces.key(i == 0, key);
            pieces.append(self.node(row, node));
        }
        pieces.literal(if object.fields.is_empty() { "{}" } else { "}" });
        pieces
    }

    fn node(&self, row: &Row, node: &Node) -> Pieces {
        let mut pieces = Pieces::default();
        match node {
            Node::Constant(json) => pieces.literal(json),
            Node::Column(column) => return self.spell_column(row, *column),
            Node::Record(column) => {
                let inner = Row::table(&self.fresh());
                let value = self.spell(self.column(&inner, column.name), column.scalar, column.nullable).concat();
                let found = col(&inner.alias, "id").eq(self.id(row));
                pieces.value(scalar(
                    Query::select().expr(value).from_as(name("record"), name(&inner.alias)).and_where(found).take(),
                ));
            }
            Node::Embedded { prefix, present, object } => {
                let there = self.column(row, present).is_not_null();
                let made = self.object(&row.embedded(prefix), object).concat();
                pieces.value(CaseStatement::new().case(there, made).finally(literal("null")).into());
            }
            Node::One { key, object } => {
                let found = self.by_id(object, self.column(row, key.name));
                pieces.value(if key.nullable { or_null(found) } else { found });
            }
            Node::Any { key, kind, branches, first } => {
                let id = self.column(row, key.name);
                let mut tries = vec![];
                if let Some((column, object)) = first {
                    tries.push(self.by_id(object, self.column(row, column)));
                }
                let found = match kind {
                    Some(kind) => self.branches(&self.column(row, kind), &id, branches, false),
                    None => self.by_record(id, branches, false),
                };
                tries.extend([found, literal("null")]);
                pieces.value(Func::coalesce(tries).into());
            }
            Node::Row { found, object } => {
                let inner = Row::table(&self.fresh());
                let mut select = Query::select();
                select.expr(self.object(&inner, object).concat()).from_as(name(object.ty.table), name(&inner.alias));
                let owner = row.embedded("");
                for condition in found(self, &inner, &owner, row.prefix) {
                    select.and_where(condition);
                }
                self.shown(&mut select, object.ty, &inner.alias, None, false);
                pieces.value(or_null(scalar(select.take())));
            }
            Node::List { link, order, limit, arguments, object } => {
                pieces.value(self.list(row, link, order, *limit, arguments, object));
            }
            Node::Values { scalar: kind, table, column, near, order } => {
                let inner = self.fresh();
                let value = self.spell(col(&inner, column), *kind, false).concat();
                let mut rows = Query::select();
                rows.column((name(&inner), name(column))).from_as(name(table), name(&inner));
                rows.and_where(col(&inner, near).eq(self.id(row)));
                rows.order_by((name(&inner), name(order)), Order::Asc);
                pieces.value(self.array(value, rows.take(), &inner));
            }
            Node::Connection(connection) => pieces.value(self.connection(Some(row), connection)),
            Node::Computed { inputs, by, arguments } => {
                let inputs =
                    inputs.iter().map(|c| self.input(self.column(row, c.name), c.scalar, c.nullable)).collect();
                return self.slot(*by, arguments.clone(), inputs);
            }
            Node::Made { scalar, nullable, by, arguments } => {
                return self.spell(by(self, row, arguments), *scalar, *nullable);
            }
        }
        pieces
    }

    /// The object of the row with this id, unless it is hidden.
    pub(super) fn by_id(&self, object: &Object, id: Expr) -> Expr {
        self.found(object, id, false)
    }
    /// The same; where `binned` holds, even if it is in the bin.
    fn found(&self, object: &Object, id: Expr, binned: bool) -> Expr {
        let inner = Row::table(&self.fresh());
        let mut select = Query::select();
        select.expr(self.object(&inner, object).concat()).from_as(name(object.ty.table), name(&inner.alias));
        select.and_where(col(&inner.alias, "id").eq(id));
        self.shown(&mut select, object.ty, &inner.alias, None, binned);
        scalar(select.take())
    }
    /// The branch that `kind` names: only that lookup runs.
    pub(super) fn branches(&self, kind: &Expr, id: &Expr, branches: &[Object], binned: bool) -> Expr {
        let mut case = CaseStatement::new();
        for object in branches {
            let is = kind.clone().eq(literal(object.ty.kind.unwrap_or_default()));
            case = case.case(is, self.found(object, id.clone(), binned));
        }
        case.into()
    }
    /// The same where only the record knows its kind.
    pub(super) fn by_record(&self, id: Expr, branches: &[Object], binned: bool) -> Expr {
        let record = self.fresh();
        let of = |column: &str| col(&record, column);
        let mut select = Query::select();
        select.expr(self.branches(&of("kind"), &of("id"), branches, binned)).from_as(name("record"), name(&record));
        select.and_where(of("id").eq(id));
        scalar(select.take())
    }

    fn list(
        &self,
        row: &Row,
        link: &Link,
        order: &[Key],
        limit: Option<u64>,
        arguments: &Arguments,
        object: &Object,
    ) -> Expr {
        let alias = self.fresh();
        let text = self.object(&Row::derived(&alias), object).concat();
        let mut rows = self.rows(object.ty, &alias, link, Some(row), arguments, &[]);
        rows.export(&self.needs(&alias));
        for key in order {
            rows.select.order_by_expr(rows.key(key), direction(key.descending));
        }
        if let Some(n) = limit {
            rows.select.limit(n);
        }
        self.array(text, rows.select, &alias)
    }
    /// `[...]` of a text per row.
    fn array(&self, text: Expr, rows: SelectStatement, alias: &str) -> Expr {
        let all = bracketed(self.dialect.joined(text, ""));
        scalar(Query::select().expr(all).from_subquery(rows, name(alias)).take())
    }
}
