//! The statements of root fields.

use super::{
    super::{
        declare::Type,
        dialect::Dialect,
        filter::Bound,
        plan::{ObjectPlan, RecordLookup, RootPlan},
        record_search::RecordSearch,
    },
    builder::{Row, Slot, Sql, bracketed, col, concat, literal, name, scalar},
};
use entity::{Id, Reference};
use sea_orm::sea_query::{ArrayType, Expr, ExprTrait, Func, Query, SelectStatement, Value};

/// One statement, ready to run.
pub struct Statement {
    /// Its text, which is the same for the same plan with other values.
    pub sql: String,
    /// Its parameters.
    pub values: Vec<Value>,
    /// The values that Rust computes.
    pub slots: Vec<Slot>,
    /// The searches whose hits are parameters: each parameter holds the number of its search until they are known.
    pub searches: Vec<RecordSearch>,
}

/// Marks a result that is not JSON but the kind of a record of another type than the requested one.
pub(in super::super) const WRONG_KIND: char = '\u{3}';

/// Writes the statement of a root field.
#[must_use]
pub fn statement(root: &RootPlan, dialect: Dialect) -> Statement {
    let sql = Sql::new(dialect);
    let answer = match root {
        RootPlan::One { reference, object, others } => sql.one_record(reference, object, others),
        RootPlan::Any { lookup, branches, others } => sql.record_by_lookup(lookup, branches, others),
        RootPlan::Many { references, branches, others, include_deleted } => {
            sql.many_records(references, branches, others, *include_deleted)
        }
        RootPlan::Connection(c) => sql.connection(None, c),
        RootPlan::Field { field, .. } => sql.node(&Row::table(""), field).concat(),
    };
    sql.statement(Query::select().expr(answer))
}

/// Writes the statement of objects of any type, in the order of their references.
#[must_use]
pub fn objects(
    references: &[Reference],
    branches: &[ObjectPlan],
    others: &[ObjectPlan],
    dialect: Dialect,
) -> Statement {
    let sql = Sql::new(dialect);
    let answer = sql.many_records(references, branches, others, false);
    sql.statement(Query::select().expr(answer))
}

impl Sql {
    /// The finished statement.
    pub(super) fn statement(self, select: &SelectStatement) -> Statement {
        let (sql, values) = self.dialect.write(select);
        let (slots, searches) = self.finish();
        Statement { sql, values, slots, searches }
    }

    /// The id of the record that a record was merged into; else the id itself.
    pub(in super::super) fn survivor(&self, id: Expr) -> Expr {
        let alias = self.fresh();
        let lead = Query::select()
            .expr(col(&alias, "merged_into_id"))
            .from_as(name("record"), name(&alias))
            .and_where(col(&alias, "id").eq(id.clone()))
            .take();
        Func::coalesce([scalar(lead), id]).into()
    }

    /// The id that a reference names, also that of a merged record; null where a key is unknown.
    pub(in super::super) fn named(&self, reference: &Reference) -> Expr {
        match reference {
            Reference::Id(id) => self.bind(&Bound::Id(id.0)),
            Reference::Key(key) => self.with_key(self.bind(&Bound::Text(bindable(key)))),
        }
    }

    /// The id of the record with this key.
    fn with_key(&self, key: Expr) -> Expr {
        let alias = self.fresh();
        let mut found = Query::select();
        found.expr(col(&alias, "id")).from_as(name("record"), name(&alias)).and_where(col(&alias, "key").eq(key));
        scalar(found.take())
    }

    /// A record of one type. Where there is none, the mark and the type of the object that the reference names.
    fn one_record(&self, reference: &Reference, object: &ObjectPlan, others: &[&Type]) -> Expr {
        let bound = || self.named(reference);
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
        let record =
            (!branches.is_empty()).then(|| self.by_record(self.survivor(id.clone()), branches, include_deleted));
        let mut tries: Vec<Expr> = record.into_iter().collect();
        tries.extend(others.iter().map(|object| self.by_id(object, id.clone())));
        match <[Expr; 1]>::try_from(tries) {
            Ok([only]) => only,
            Err(tries) => Func::coalesce(tries).into(),
        }
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
            RecordLookup::Reference(reference) => self.named(reference),
            RecordLookup::SameAs(url) => found("same_as", "url", "record_id", url),
            RecordLookup::Url(url) => found("article", "url", "id", url),
        };
        self.any_record(&id, branches, others, false)
    }

    fn many_records(
        &self,
        references: &[Reference],
        branches: &[ObjectPlan],
        others: &[ObjectPlan],
        include_deleted: bool,
    ) -> Expr {
        let alias = self.fresh();
        let ids: Vec<Option<Id>> = references
            .iter()
            .map(|reference| if let Reference::Id(id) = reference { Some(*id) } else { None })
            .collect();
        let keys: Vec<Option<String>> = references
            .iter()
            .map(|reference| if let Reference::Key(key) = reference { Some(bindable(key)) } else { None })
            .collect();
        // One of the two is null in each row.
        let mut rows = Query::select();
        match self.dialect {
            Dialect::Sqlite => {
                let each = |list: serde_json::Value| Func::cust("json_each").arg(Expr::val(list.to_string()));
                let same = col("i", "key").equals((name("k"), name("key")));
                rows.expr_as(col("i", "value"), name("id"))
                    .expr_as(col("k", "value"), name("key"))
                    .expr_as(col("i", "key"), name("at"))
                    .from_function(each(serde_json::json!(ids)), name("i"))
                    .from_function(each(serde_json::json!(keys)), name("k"))
                    .and_where(same);
            }
            Dialect::Postgres => {
                let ids = ids.into_iter().map(|id| Value::Uuid(id.map(|id| id.0))).collect();
                let ids = Expr::val(Value::Array(ArrayType::Uuid, Some(Box::new(ids))));
                let keys = keys.into_iter().map(Value::String).collect();
                let keys = Expr::val(Value::Array(ArrayType::String, Some(Box::new(keys))));
                rows.expr_as(Expr::cust_with_exprs("unnest($1::uuid[])", [ids.clone()]), name("id"))
                    .expr_as(Expr::cust_with_exprs("unnest($1::text[])", [keys]), name("key"))
                    .expr_as(Expr::cust_with_exprs("generate_subscripts($1::uuid[], 1)", [ids]), name("at"));
            }
        }
        let id = Func::coalesce([col(&alias, "id"), self.with_key(col(&alias, "key"))]).into();
        let each = self.any_record(&id, branches, others, include_deleted);
        let each: Expr = Func::coalesce([each, literal("null")]).into();
        let all = bracketed(self.dialect.joined(each, " order by at"));
        scalar(Query::select().expr(all).from_subquery(rows, name(&alias)).take())
    }
}

/// A key as a parameter. The character NUL, which Postgres refuses, becomes another one that no key has.
fn bindable(key: &str) -> String {
    key.replace('\0', "\u{fffd}")
}
