//! The statements of root fields.

use super::{
    super::{
        declare::Type,
        dialect::Dialect,
        filter::Bound,
        plan::{ObjectPlan, RecordLookup, RootPlan},
    },
    builder::{Slot, Sql, bracketed, col, concat, literal, name, scalar},
};
use sea_orm::sea_query::{ArrayType, Expr, ExprTrait, Func, Query, Value};
use uuid::Uuid;

/// One statement, ready to run.
pub struct Statement {
    /// Its text, which is the same for the same plan with other values.
    pub sql: String,
    /// Its parameters.
    pub values: Vec<Value>,
    /// The values that Rust computes.
    pub slots: Vec<Slot>,
}

/// Marks a result that is not JSON but the kind of a record of another type than the requested one.
pub(in super::super) const WRONG_KIND: char = '\u{3}';

/// Writes the statement of a root field.
#[must_use]
pub fn statement(root: &RootPlan, dialect: Dialect) -> Statement {
    let sql = Sql::new(dialect);
    let answer = match root {
        RootPlan::One { id, object, others } => sql.one_record(*id, object, others),
        RootPlan::Any { lookup, branches, others } => sql.record_by_lookup(lookup, branches, others),
        RootPlan::Many { ids, branches, others, include_deleted } => {
            sql.many_records(ids, branches, others, *include_deleted)
        }
        RootPlan::Connection(c) => sql.connection(None, c),
    };
    let (text, values) = dialect.write(&Query::select().expr(answer).take());
    Statement { sql: text, values, slots: sql.slots() }
}

impl Sql {
    /// The id of the record that a record was merged into; else the id itself.
    fn survivor(&self, id: Expr) -> Expr {
        let alias = self.fresh();
        let lead = Query::select()
            .expr(col(&alias, "merged_into_id"))
            .from_as(name("record"), name(&alias))
            .and_where(col(&alias, "id").eq(id.clone()))
            .take();
        Func::coalesce([scalar(lead), id]).into()
    }

    /// A record of one type. Where there is none, the mark and the type of the object with this id.
    fn one_record(&self, id: Uuid, object: &ObjectPlan, others: &[&Type]) -> Expr {
        let bound = || self.bind(&Bound::Id(id));
        let marked = |kind: Expr| concat(literal(&WRONG_KIND.to_string()), kind);
        let alias = self.fresh();
        let record = Query::select()
            .expr(marked(col(&alias, "kind")))
            .from_as(name("record"), name(&alias))
            .and_where(col(&alias, "id").eq(bound()))
            .and_where(col(&alias, "kind").ne(literal(object.ty.kind.unwrap_or_default())))
            .and_where(col(&alias, "deleted_at").is_null())
            .take();
        let mut tries = vec![self.by_id(object, self.survivor(bound())), scalar(record)];
        for other in others {
            let alias = self.fresh();
            let found = Query::select()
                .expr(marked(literal(other.name)))
                .from_as(name(other.table.name), name(&alias))
                .and_where(col(&alias, "id").eq(bound()))
                .take();
            tries.push(scalar(found));
        }
        Func::coalesce(tries).into()
    }

    fn any_record(&self, id: &Expr, branches: &[ObjectPlan], others: &[ObjectPlan], include_deleted: bool) -> Expr {
        let record = self.by_record(self.survivor(id.clone()), branches, include_deleted);
        if others.is_empty() {
            return record;
        }
        let others = others.iter().map(|object| self.by_id(object, id.clone()));
        Func::coalesce(std::iter::once(record).chain(others)).into()
    }

    fn record_by_lookup(&self, lookup: &RecordLookup, branches: &[ObjectPlan], others: &[ObjectPlan]) -> Expr {
        let found = |table: &str, parent_column: &str, id: &str, text: &str| {
            let alias = self.fresh();
            scalar(
                Query::select()
                    .expr(col(&alias, id))
                    .from_as(name(table), name(&alias))
                    .and_where(col(&alias, parent_column).eq(self.bind(&Bound::Text(text.to_owned()))))
                    .take(),
            )
        };
        let id = match lookup {
            RecordLookup::Id(id) => self.bind(&Bound::Id(*id)),
            RecordLookup::Key(key) => found("record", "key", "id", key),
            RecordLookup::SameAs(url) => found("same_as", "url", "record_id", url),
            RecordLookup::Url(url) => found("article", "url", "id", url),
        };
        self.any_record(&id, branches, others, false)
    }

    fn many_records(
        &self,
        ids: &[Option<Uuid>],
        branches: &[ObjectPlan],
        others: &[ObjectPlan],
        include_deleted: bool,
    ) -> Expr {
        let alias = self.fresh();
        let mut rows = Query::select();
        match self.dialect {
            Dialect::Sqlite => {
                let ids = serde_json::json!(ids).to_string();
                rows.expr_as(Expr::cust("value"), name("id")).expr_as(Expr::cust("key"), name("at"));
                rows.from_function(Func::cust("json_each").arg(Expr::val(ids)), name("j"));
            }
            Dialect::Postgres => {
                let ids = ids.iter().map(|id| Value::Uuid(*id)).collect();
                let array = Expr::val(Value::Array(ArrayType::Uuid, Some(Box::new(ids))));
                rows.expr_as(Expr::cust_with_exprs("unnest($1::uuid[])", [array.clone()]), name("id"));
                rows.expr_as(Expr::cust_with_exprs("generate_subscripts($1::uuid[], 1)", [array]), name("at"));
            }
        }
        let each = self.any_record(&col(&alias, "id"), branches, others, include_deleted);
        let each: Expr = Func::coalesce([each, literal("null")]).into();
        let all = bracketed(self.dialect.joined(each, " order by at"));
        scalar(Query::select().expr(all).from_subquery(rows, name(&alias)).take())
    }
}
