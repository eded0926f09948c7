//! Root fields: the statement around what `sql` and `connection` write, and what its answer means.

use super::{
    super::{
        declare::Type,
        dialect::Dialect,
        filter::Bound,
        plan::{Object, Root, Sought},
    },
    builder::{Slot, Sql, bracketed, col, concat, literal, name, scalar},
};
use sea_orm::sea_query::{ArrayType, Expr, ExprTrait, Func, Query, Value};
use uuid::Uuid;

/// One statement, ready to run.
pub struct Statement {
    /// Its text: the same for the same plan, whatever the values.
    pub sql: String,
    /// Its parameters.
    pub values: Vec<Value>,
    /// What Rust adds to its answer.
    pub slots: Vec<Slot>,
}

/// Stands before the kind of a record that is of another type than the one asked for.
pub(in super::super) const WRONG_KIND: char = '\u{3}';

/// Writes the statement of a root field.
#[must_use]
pub fn statement(root: &Root, dialect: Dialect) -> Statement {
    let sql = Sql::new(dialect);
    let answer = match root {
        Root::One { sought, object, others } => sql.typed(*sought, object, others),
        Root::Any { sought, branches, others } => sql.sought(sought, branches, others),
        Root::Several { sought, branches, others, binned } => sql.several(sought, branches, others, *binned),
        Root::Connection(c) => sql.connection(None, c),
    };
    let (text, values) = dialect.write(&Query::select().expr(answer).take());
    Statement { sql: text, values, slots: sql.slots() }
}

impl Sql {
    /// The id that leads on from an id that was merged away; else the id itself.
    fn survivor(&self, id: Expr) -> Expr {
        let alias = self.fresh();
        let lead = Query::select()
            .expr(col(&alias, "merged_into_id"))
            .from_as(name("record"), name(&alias))
            .and_where(col(&alias, "id").eq(id.clone()))
            .take();
        Func::coalesce([scalar(lead), id]).into()
    }

    /// A record of one type, or the mark and the kind of what the id names instead. It runs only where nothing was found.
    fn typed(&self, sought: Uuid, object: &Object, others: &[&Type]) -> Expr {
        let id = || self.bind(&Bound::Id(sought));
        let marked = |kind: Expr| concat(literal(&WRONG_KIND.to_string()), kind);
        let alias = self.fresh();
        let record = Query::select()
            .expr(marked(col(&alias, "kind")))
            .from_as(name("record"), name(&alias))
            .and_where(col(&alias, "id").eq(id()))
            .and_where(col(&alias, "kind").ne(literal(object.ty.kind.unwrap_or_default())))
            .and_where(col(&alias, "deleted_at").is_null())
            .take();
        let mut tries = vec![self.by_id(object, self.survivor(id())), scalar(record)];
        for other in others {
            let alias = self.fresh();
            let found = Query::select()
                .expr(marked(literal(other.name)))
                .from_as(name(other.table), name(&alias))
                .and_where(col(&alias, "id").eq(id()))
                .take();
            tries.push(scalar(found));
        }
        Func::coalesce(tries).into()
    }

    fn of_any(&self, id: &Expr, branches: &[Object], others: &[Object], binned: bool) -> Expr {
        let record = self.by_record(self.survivor(id.clone()), branches, binned);
        if others.is_empty() {
            return record;
        }
        let others = others.iter().map(|object| self.by_id(object, id.clone()));
        Func::coalesce(std::iter::once(record).chain(others)).into()
    }

    fn sought(&self, sought: &Sought, branches: &[Object], others: &[Object]) -> Expr {
        let found = |table: &str, near: &str, id: &str, text: &str| {
            let alias = self.fresh();
            scalar(
                Query::select()
                    .expr(col(&alias, id))
                    .from_as(name(table), name(&alias))
                    .and_where(col(&alias, near).eq(self.bind(&Bound::Text(text.to_owned()))))
                    .take(),
            )
        };
        let id = match sought {
            Sought::Id(id) => self.bind(&Bound::Id(*id)),
            Sought::Key(key) => found("record", "key", "id", key),
            Sought::SameAs(url) => found("same_as", "url", "record_id", url),
            Sought::Url(url) => found("article", "url", "id", url),
        };
        self.of_any(&id, branches, others, false)
    }

    fn several(&self, sought: &[Option<Uuid>], branches: &[Object], others: &[Object], binned: bool) -> Expr {
        let alias = self.fresh();
        let mut rows = Query::select();
        match self.dialect {
            Dialect::Sqlite => {
                let ids = serde_json::json!(sought).to_string();
                rows.expr_as(Expr::cust("value"), name("id")).expr_as(Expr::cust("key"), name("at"));
                rows.from_function(Func::cust("json_each").arg(Expr::val(ids)), name("j"));
            }
            Dialect::Postgres => {
                let ids = sought.iter().map(|id| Value::Uuid(*id)).collect();
                let array = Expr::val(Value::Array(ArrayType::Uuid, Some(Box::new(ids))));
                rows.expr_as(Expr::cust_with_exprs("unnest($1::uuid[])", [array.clone()]), name("id"));
                rows.expr_as(Expr::cust_with_exprs("generate_subscripts($1::uuid[], 1)", [array]), name("at"));
            }
        }
        let each = self.of_any(&col(&alias, "id"), branches, others, binned);
        let each: Expr = Func::coalesce([each, literal("null")]).into();
        let all = bracketed(self.dialect.joined(each, " order by at"));
        scalar(Query::select().expr(all).from_subquery(rows, name(&alias)).take())
    }
}
