//! Searches as conditions on records, and the records of hits. The hits are one parameter, which `fill_in_hits` sets.

use super::{
    super::{dialect::Dialect, filter::Predicate, record_search::RecordSearch},
    builder::{Sql, col, concat, literal, name},
    root::Statement,
};
use sea_orm::sea_query::{Expr, ExprTrait, Func, Query, Value};

const INDEX: &str = "search_document";

impl Sql {
    /// Whether the row is a record that a search finds.
    pub(super) fn is_hit(&self, search: &RecordSearch, row: &str) -> Expr {
        let alias = self.fresh();
        let hits = Expr::val(Value::Unsigned(Some(self.search(search))));
        let found = Query::select()
            .expr(col(&alias, "record_id"))
            .from_as(name(INDEX), name(&alias))
            .and_where(self.dialect.among_numbers(col(&alias, "number"), hits))
            .take();
        col(row, "id").in_subquery(found)
    }
}

/// The statement for those of the records with these numbers that satisfy the conditions: the number, a space and a column of
/// `search_document`; the records are separated by commas.
#[must_use]
pub fn found_records(numbers: &[i32], only: &[Predicate], column: &str, dialect: Dialect) -> Statement {
    let sql = Sql::new(dialect);
    let alias = sql.fresh();
    let number = || col(&alias, "number");
    let shown = Func::coalesce([dialect.cast_text(col(&alias, column)), literal("")]).into();
    let line = concat(concat(dialect.cast_text(number()), literal(" ")), shown);
    let mut select = Query::select();
    select
        .expr(dialect.joined(line, ""))
        .from_as(name(INDEX), name(&alias))
        .and_where(dialect.among_numbers(number(), Expr::val(number_list(numbers, dialect))));
    for predicate in only {
        select.and_where(sql.condition(predicate, &alias, None));
    }
    sql.statement(&select)
}

/// Numbers as one parameter.
#[must_use]
pub fn number_list(numbers: &[i32], dialect: Dialect) -> Value {
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    let (open, close) = if dialect == Dialect::Sqlite { ('[', ']') } else { ('{', '}') };
    format!("{open}{}{close}", numbers.join(",")).into()
}
