//! The entities that share articles and events with an entity, as a subquery.

use super::{
    declare::Arguments,
    expression::texts,
    sql::builder::{Row, Sql, col, name},
};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query, SelectStatement, UnionType};

/// How many articles and how many events of an entity are looked at, the latest ones. So an entity in many articles does not take
/// longer.
const LATEST: u64 = 1_000;

/// How many rows such a list usually looks at, for its cost.
pub const RELATED_ROWS: u64 = 1_000;

/// The entities that share articles or events with an entity, with counts and a score. Both databases compute the score with whole
/// numbers, so that it and the order are the same.
#[must_use]
pub fn related(sql: &Sql, row: &Row, arguments: &Arguments) -> SelectStatement {
    let mut both = through_articles(sql, row);
    both.union(UnionType::All, through_events(sql, row));
    let sum = |column: &str| Expr::cust(format!("sum(x.{column})"));
    let shared = Query::select()
        .expr_as(col("x", "entity_id"), name("id"))
        .expr_as(sum("articles"), name("articles"))
        .expr_as(sum("events"), name("events"))
        .from_subquery(both, name("x"))
        .group_by_col((name("x"), name("entity_id")))
        .take();
    let mut rows = Query::select();
    rows.expr_as(col("s", "id"), name("id"))
        .expr_as(col("r", "kind"), name("kind"))
        .expr_as(col("s", "articles"), name("shared_articles"))
        .expr_as(col("s", "events"), name("shared_events"))
        .expr_as(Expr::cust(SCORE), name("score"))
        .from_subquery(shared, name("s"))
        .join_as(JoinType::InnerJoin, name("record"), name("r"), col("r", "id").equals((name("s"), name("id"))))
        .and_where(col("r", "deleted_at").is_null())
        .and_where(col("r", "merged_into_id").is_null());
    if arguments.contains_key("types") {
        rows.and_where(sql.dialect.among_texts(col("r", "kind"), &texts(arguments, "types")));
    }
    rows.take()
}

/// The square of what is shared, in proportion to all that the other entity has. A stored number of articles that is too small must not
/// make the divisor zero.
const SCORE: &str = "cast((s.articles + 2 * s.events) * (s.articles + 2 * s.events) * 1000 \
     / (case when r.article_count < s.articles then s.articles else r.article_count end + 2 * s.events) \
     as double precision) / 1000.0";

/// One row for each other entity of each of the latest articles.
fn through_articles(sql: &Sql, row: &Row) -> SelectStatement {
    let latest = Query::select()
        .expr_as(col("l", "article_id"), name("article_id"))
        .from_as(name("article_entity"), name("l"))
        .and_where(col("l", "entity_id").eq(sql.id(row)))
        .and_where(col("l", "is_deleted").not())
        .order_by((name("l"), name("published_desc")), Order::Desc)
        .order_by((name("l"), name("article_id")), Order::Desc)
        .limit(LATEST)
        .take();
    Query::select()
        .expr_as(col("m", "entity_id"), name("entity_id"))
        .expr_as(Expr::cust("1"), name("articles"))
        .expr_as(Expr::cust("0"), name("events"))
        .from_subquery(latest, name("a"))
        .join_as(
            JoinType::InnerJoin,
            name("article_entity"),
            name("m"),
            col("m", "article_id").equals((name("a"), name("article_id"))),
        )
        .and_where(col("m", "entity_id").ne(sql.id(row)))
        .take()
}

/// One row for each other entity of each of the latest events. An entity belongs to an event if it takes part in it, or if the event
/// happened in it.
fn through_events(sql: &Sql, row: &Row) -> SelectStatement {
    const LINKS: [(&str, &str); 2] = [("event_entity", "entity_id"), ("event_place", "place_id")];
    let of_link = |(table, owner): (&str, &str)| {
        let latest = Query::select()
            .expr_as(col("l", "event_id"), name("event_id"))
            .expr_as(col("l", "rank_desc"), name("rank_desc"))
            .expr_as(col("l", "rank_end"), name("rank_end"))
            .from_as(name(table), name("l"))
            .join_as(
                JoinType::InnerJoin,
                name("event"),
                name("e"),
                col("e", "id").equals((name("l"), name("event_id"))),
            )
            .and_where(col("l", owner).eq(sql.id(row)))
            .and_where(col("e", "is_deleted").not())
            .order_by((name("l"), name("rank_desc")), Order::Desc)
            .order_by((name("l"), name("rank_end")), Order::Desc)
            .order_by((name("l"), name("event_id")), Order::Desc)
            .limit(LATEST)
            .take();
        let columns = ["event_id", "rank_desc", "rank_end"].map(|column| (name("n"), name(column)));
        Query::select().columns(columns).from_subquery(latest, name("n")).take()
    };
    let latest = || {
        let mut both = of_link(LINKS[0]);
        both.union(UnionType::Distinct, of_link(LINKS[1]));
        Query::select()
            .column((name("b"), name("event_id")))
            .from_subquery(both, name("b"))
            .order_by((name("b"), name("rank_desc")), Order::Desc)
            .order_by((name("b"), name("rank_end")), Order::Desc)
            .order_by((name("b"), name("event_id")), Order::Desc)
            .limit(LATEST)
            .take()
    };
    let members = |(table, member): (&str, &str)| {
        let events = latest();
        Query::select()
            .expr_as(col("v", "event_id"), name("event_id"))
            .expr_as(col("m", member), name("entity_id"))
            .from_subquery(events, name("v"))
            .join_as(
                JoinType::InnerJoin,
                name(table),
                name("m"),
                col("m", "event_id").equals((name("v"), name("event_id"))),
            )
            .take()
    };
    // Each entity once for each event, even if it is a participant and a place.
    let mut all = members(LINKS[0]);
    all.union(UnionType::Distinct, members(LINKS[1]));
    Query::select()
        .expr_as(col("o", "entity_id"), name("entity_id"))
        .expr_as(Expr::cust("0"), name("articles"))
        .expr_as(Expr::cust("1"), name("events"))
        .from_subquery(all, name("o"))
        .and_where(col("o", "entity_id").ne(sql.id(row)))
        .take()
}
