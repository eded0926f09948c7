//! SQL expressions and subqueries of single fields: names in a language, roles, changes of a revision.

use super::{
    declare::Arguments,
    dialect::Dialect,
    filter::Bound,
    sql::builder::{Row, Sql, bracketed, col, literal, name, scalar},
};
use entity::{
    Reference, revision,
    vocabulary::{AnchorState, NameKind, Operation, Vocabulary as _},
};
use sea_orm::sea_query::{BinOper, CaseStatement, Expr, ExprTrait, Func, Order, Query, SelectStatement, UnionType};
use serde_json::Value as Json;

/// The texts of an argument.
pub(super) fn texts(arguments: &Arguments, name: &str) -> Vec<String> {
    let list = arguments.get(name).and_then(Json::as_array);
    list.map(|items| items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()).unwrap_or_default()
}

/// The texts of a record in one of the wanted languages, best first. A range that ends in `-*` matches the longer tags.
fn in_languages(sql: &Sql, row: &Row, table: &str, wanted: &[String]) -> (String, SelectStatement) {
    let alias = sql.fresh();
    let language = || Expr::from(Func::lower(col(&alias, "language")));
    let longer_than = |tag: &str| language().binary(BinOper::Like, sql.bind(&Bound::Text(format!("{tag}-%"))));
    let (ranges, tags): (Vec<_>, Vec<_>) = wanted.iter().enumerate().partition(|(_, tag)| tag.ends_with("-*"));
    let ranges: Vec<_> = ranges.iter().map(|(i, range)| (i, range.trim_end_matches("-*"))).collect();
    let mut rank = CaseStatement::new();
    for (i, tag) in &tags {
        let tag = sql.bind(&Bound::Text((*tag).clone()));
        rank = rank.case(language().eq(tag), Expr::cust(i.to_string()));
    }
    for (i, range) in &ranges {
        rank = rank.case(longer_than(range), Expr::cust(i.to_string()));
    }
    let tags: Vec<String> = tags.iter().map(|(_, tag)| (*tag).clone()).collect();
    let mut is_wanted = sql.dialect.among_texts(language(), &tags);
    // The range of a language contains those of its regions.
    for (_, range) in ranges.iter().filter(|(_, range)| !range.contains('-')) {
        is_wanted = is_wanted.or(longer_than(range));
    }
    let mut select = Query::select();
    select
        .expr(col(&alias, "text"))
        .from_as(name(table), name(&alias))
        .and_where(col(&alias, "record_id").eq(sql.id(row)))
        .and_where(is_wanted)
        .order_by_expr(rank.into(), Order::Asc)
        .limit(1);
    (alias, select)
}

/// The best name for the wanted languages; else the main name.
#[must_use]
pub fn best_name(sql: &Sql, row: &Row, arguments: &Arguments) -> Expr {
    let main = sql.column(row, "name");
    let wanted = texts(arguments, "languages");
    if wanted.is_empty() {
        return main;
    }
    let (alias, mut select) = in_languages(sql, row, "record_name", &wanted);
    let mut rank = CaseStatement::new();
    let best = [NameKind::Main, NameKind::Official, NameKind::Alias, NameKind::Abbreviation, NameKind::Former];
    for (i, kind) in best.into_iter().enumerate() {
        rank = rank.case(col(&alias, "kind").eq(literal(kind.as_str())), Expr::cust(i.to_string()));
    }
    select
        .and_where(col(&alias, "kind").ne(literal(NameKind::Demonym.as_str())))
        .order_by_expr(rank.into(), Order::Asc)
        .order_by((name(&alias), name("position")), Order::Asc);
    Func::coalesce([scalar(select.take()), main]).into()
}

/// The best description for the wanted languages; else the first one; null where there is none.
#[must_use]
pub fn best_description(sql: &Sql, row: &Row, arguments: &Arguments) -> Expr {
    let alias = sql.fresh();
    let first = scalar(
        Query::select()
            .expr(col(&alias, "text"))
            .from_as(name("record_description"), name(&alias))
            .and_where(col(&alias, "record_id").eq(sql.id(row)))
            .order_by((name(&alias), name("position")), Order::Asc)
            .limit(1)
            .take(),
    );
    let wanted = texts(arguments, "languages");
    if wanted.is_empty() {
        return first;
    }
    let (_, select) = in_languages(sql, row, "record_description", &wanted);
    Func::coalesce([scalar(select), first]).into()
}

/// The roles in which an entity (the parent) takes part in an event (the child), as a JSON list.
#[must_use]
pub fn roles(sql: &Sql, parent: &Row, child: &Row) -> Expr {
    let alias = sql.fresh();
    let inner = Query::select()
        .expr(col(&alias, "role"))
        .from_as(name("participation"), name(&alias))
        .and_where(col(&alias, "participant_id").eq(sql.id(parent)))
        .and_where(col(&alias, "event_id").eq(sql.id(child)))
        .order_by((name(&alias), name("position")), Order::Asc)
        .take();
    let quoted = sql.dialect.quote(col("x", "role"));
    let roles = bracketed(sql.dialect.joined(quoted, ""));
    scalar(Query::select().expr(roles).from_subquery(inner, name("x")).take())
}

/// The id of the record at the other end of a relation than that of the argument `of`; null where that is at neither end.
#[must_use]
pub fn other_end(sql: &Sql, row: &Row, arguments: &Arguments) -> Expr {
    let of = match arguments.get("of") {
        Some(Json::String(text)) => Reference::from(text.as_str()),
        // GraphQL accepts integers for ids as well
        Some(other) => Reference::from(other.to_string()),
        None => return Expr::cust("null"),
    };
    let of = || sql.survivor(sql.named(&of));
    let (source, target) = (|| sql.column(row, "source_id"), || sql.column(row, "target_id"));
    CaseStatement::new().case(source().eq(of()), target()).case(target().eq(of()), source()).into()
}

/// Where a mention or a citation starts; null for an orphan, whose row has the position that it lost.
#[must_use]
pub fn span_start(sql: &Sql, row: &Row, _: &Arguments) -> Expr {
    unless_orphaned(sql, row, "span_start")
}

/// Where a mention or a citation ends; null for an orphan.
#[must_use]
pub fn span_end(sql: &Sql, row: &Row, _: &Arguments) -> Expr {
    unless_orphaned(sql, row, "span_end")
}

fn unless_orphaned(sql: &Sql, row: &Row, column: &str) -> Expr {
    let is_anchored = sql.column(row, "anchor").ne(literal(AnchorState::Orphaned.as_str()));
    CaseStatement::new().case(is_anchored, sql.column(row, column)).into()
}

/// The kind of the record that a row belongs to, even if that is deleted or merged.
#[must_use]
pub fn record_kind(sql: &Sql, row: &Row, _: &Arguments) -> Expr {
    let alias = sql.fresh();
    scalar(
        Query::select()
            .expr(col(&alias, "kind"))
            .from_as(name("record"), name(&alias))
            .and_where(col(&alias, "id").eq(sql.column(row, "record_id")))
            .take(),
    )
}

/// The changes of a revision as rows: `at`, `field`, `before`, `after`. A revision that created a record stores no
/// changes: each field of its snapshot is one, from null.
#[must_use]
pub fn field_changes(sql: &Sql, row: &Row, _: &Arguments) -> SelectStatement {
    let changes = sql.column(row, "changes");
    let is_creation =
        sql.column(row, "operation").eq(literal(Operation::Create.as_str())).and(changes.clone().eq(literal("[]")));
    let snapshot: Expr = CaseStatement::new().case(is_creation, sql.column(row, "snapshot")).into();
    let each = |list: Expr, object: Expr| match sql.dialect {
        Dialect::Sqlite => (
            Query::select()
                .expr_as(Expr::cust("key"), name("at"))
                .expr_as(Expr::cust("value ->> '$.field'"), name("field"))
                .expr_as(Expr::cust("value -> '$.before'"), name("before"))
                .expr_as(Expr::cust("value -> '$.after'"), name("after"))
                .from_function(Func::cust("json_each").arg(list), name("c"))
                .take(),
            Query::select()
                .expr_as(Expr::cust("id"), name("at"))
                .expr_as(Expr::cust("key"), name("field"))
                .expr_as(literal("null"), name("before"))
                .expr_as(Expr::cust("json -> fullkey"), name("after"))
                .from_function(Func::cust("json_each").arg(object), name("s"))
                .take(),
        ),
        Dialect::Postgres => {
            let numbered = |function: &str, of: Expr| {
                Query::select()
                    .expr_as(Expr::cust("row_number() over ()"), name("at"))
                    .expr(Expr::cust("j.*"))
                    .from_function(Func::cust(name(function)).arg(of.cast_as("json")), name("j"))
                    .take()
            };
            (
                Query::select()
                    .column(name("at"))
                    .expr_as(Expr::cust("value ->> 'field'"), name("field"))
                    .expr_as(Expr::cust("(value -> 'before')::text"), name("before"))
                    .expr_as(Expr::cust("(value -> 'after')::text"), name("after"))
                    .from_subquery(numbered("json_array_elements", list), name("c"))
                    .take(),
                Query::select()
                    .column(name("at"))
                    .expr_as(Expr::cust("key"), name("field"))
                    .expr_as(literal("null"), name("before"))
                    .expr_as(Expr::cust("value::text"), name("after"))
                    .from_subquery(numbered("json_each", object), name("s"))
                    .take(),
            )
        }
    };
    let (mut kept, mut of_snapshot) = each(changes, snapshot);
    of_snapshot.and_where(Expr::col(name("key")).is_not_in(revision::UNRECORDED_FIELDS.map(literal)));
    kept.union(UnionType::All, of_snapshot);
    kept
}

/// A relative date belongs to a record's field or to a citation.
#[must_use]
pub fn relative_date(sql: &Sql, row: &Row, owner: &Row, prefix: &str) -> Vec<Expr> {
    let of_record = sql.column(row, "record_id").eq(sql.id(owner));
    let of_citation = sql.column(row, "citation_id").eq(sql.id(owner));
    let field = literal(prefix.trim_end_matches('_'));
    vec![of_record.or(of_citation), sql.column(row, "field").eq(field)]
}
