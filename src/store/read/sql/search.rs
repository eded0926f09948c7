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

/// The statement for those of the records with these numbers that satisfy the conditions: number, id and language, separated by
/// spaces; the records by commas.
#[must_use]
pub fn found_records(numbers: &[i32], only: &[Predicate], dialect: Dialect) -> Statement {
    let sql = Sql::new(dialect);
    let alias = sql.fresh();
    let column = |column: &str| col(&alias, column);
    let language = Func::coalesce([column("language"), literal("")]).into();
    let parts = [dialect.cast_text(column("number")), dialect.id_text(column("record_id")), language];
    let line = parts.into_iter().reduce(|line, part| concat(concat(line, literal(" ")), part));
    let mut select = Query::select();
    select
        .expr(dialect.joined(line.unwrap_or_else(|| literal("")), ""))
        .from_as(name(INDEX), name(&alias))
        .and_where(dialect.among_numbers(column("number"), Expr::val(number_list(numbers, dialect))));
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
