//! Objects and short lists as JSON expressions.

use super::{
    super::{
        declare::{Arguments, Key, Link},
        plan::{FieldPlan, ObjectPlan},
    },
    builder::{JsonText, Row, Sql, bracketed, col, literal, name, or_null, scalar},
    rows::direction,
};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, Func, Order, Query, SelectStatement};

impl Sql {
    /// An object as JSON text.
    pub(super) fn object(&self, row: &Row, object: &ObjectPlan) -> JsonText {
        let mut json = JsonText::default();
        for (i, (key, node)) in object.fields.iter().enumerate() {
            json.key(i == 0, key);
            json.append(self.node(row, node));
        }
        json.literal(if object.fields.is_empty() { "{}" } else { "}" });
        json
    }

    fn node(&self, row: &Row, node: &FieldPlan) -> JsonText {
        let mut json = JsonText::default();
        match node {
            FieldPlan::Constant(constant) => json.literal(constant),
            FieldPlan::Column(column) => return self.column_to_json(row, *column),
            FieldPlan::Record(column) => {
                let inner = Row::table(&self.fresh());
                let value = self.to_json(self.column(&inner, column.name), column.scalar, column.nullable).concat();
                let found = col(&inner.alias, "id").eq(self.id(row));
                json.value(scalar(
                    Query::select().expr(value).from_as(name("record"), name(&inner.alias)).and_where(found).take(),
                ));
            }
            FieldPlan::Embedded { prefix, present, object } => {
                let there = self.column(row, present).is_not_null();
                let fields = self.object(&row.embedded(prefix), object).concat();
                json.value(CaseStatement::new().case(there, fields).finally(literal("null")).into());
            }
            FieldPlan::One { key, object } => {
                let found = self.by_id(object, self.column(row, key.name));
                json.value(if key.nullable { or_null(found) } else { found });
            }
            FieldPlan::Any { key, kind, branches, first } => {
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
                json.value(Func::coalesce(tries).into());
            }
            FieldPlan::Found { id, branches, arguments } => {
                let found = self.by_record(id(self, row, arguments), branches, false);
                json.value(or_null(found));
            }
            FieldPlan::Row { found, object } => {
                let inner = Row::table(&self.fresh());
                let mut select = Query::select();
                select
                    .expr(self.object(&inner, object).concat())
                    .from_as(name(object.ty.table.name), name(&inner.alias));
                let owner = row.embedded("");
                for condition in found(self, &inner, &owner, row.prefix) {
                    select.and_where(condition);
                }
                self.hide_deleted(&mut select, &object.ty.table, &inner.alias, None, false);
                json.value(or_null(scalar(select.take())));
            }
            FieldPlan::List { link, order, limit, arguments, object } => {
                json.value(self.list(row, link, order, *limit, arguments, object));
            }
            FieldPlan::Values { scalar: kind, table, column, parent_column, order } => {
                let inner = self.fresh();
                let value = self.to_json(col(&inner, column), *kind, false).concat();
                let mut rows = Query::select();
                rows.column((name(&inner), name(column))).from_as(name(table), name(&inner));
                rows.and_where(col(&inner, parent_column).eq(self.id(row)));
                rows.order_by((name(&inner), name(order)), Order::Asc);
                json.value(self.array(value, rows.take(), &inner));
            }
            FieldPlan::Connection(connection) => json.value(self.connection(Some(row), connection)),
            FieldPlan::Computed { inputs, by, arguments } => {
                let inputs =
                    inputs.iter().map(|c| self.input(self.column(row, c.name), c.scalar, c.nullable)).collect();
                return self.slot(*by, arguments.clone(), inputs);
            }
            FieldPlan::Expression { scalar, nullable, by, arguments } => {
                return self.to_json(by(self, row, arguments), *scalar, *nullable);
            }
        }
        json
    }

    /// The object of the row with this id, unless it is hidden.
    pub(super) fn by_id(&self, object: &ObjectPlan, id: Expr) -> Expr {
        self.found(object, id, false)
    }
    /// The same; with `include_deleted`, even if it is in the bin.
    fn found(&self, object: &ObjectPlan, id: Expr, include_deleted: bool) -> Expr {
        let inner = Row::table(&self.fresh());
        let mut select = Query::select();
        select.expr(self.object(&inner, object).concat()).from_as(name(object.ty.table.name), name(&inner.alias));
        select.and_where(col(&inner.alias, "id").eq(id));
        self.hide_deleted(&mut select, &object.ty.table, &inner.alias, None, include_deleted);
        scalar(select.take())
    }
    /// The object of the type that `kind` names. Only the lookup in its table runs.
    pub(super) fn branches(&self, kind: &Expr, id: &Expr, branches: &[ObjectPlan], include_deleted: bool) -> Expr {
        let mut case = CaseStatement::new();
        for object in branches {
            let is = kind.clone().eq(literal(object.ty.kind.unwrap_or_default()));
            case = case.case(is, self.found(object, id.clone(), include_deleted));
        }
        case.into()
    }
    /// The same, where the kind must be read from the record.
    pub(super) fn by_record(&self, id: Expr, branches: &[ObjectPlan], include_deleted: bool) -> Expr {
        let record = self.fresh();
        let of = |column: &str| col(&record, column);
        let mut select = Query::select();
        select
            .expr(self.branches(&of("kind"), &of("id"), branches, include_deleted))
            .from_as(name("record"), name(&record));
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
        object: &ObjectPlan,
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
