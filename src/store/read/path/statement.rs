//! The statements of a search for paths: its two ends, and the links of some entities.

use super::{
    super::{
        call::BoundSql,
        dialect::Dialect,
        error::ReadError,
        sql::builder::{JsonText, Sql, col, literal, name, scalar},
    },
    graph::PathLink,
};
use entity::Reference;
use sea_orm::sea_query::{self, ArrayType, CaseStatement, ExprTrait, Func, Value};
use serde_json::Value as Json;
use uuid::Uuid;

/// The record at an end of a search.
pub(super) struct PathEnd {
    pub(super) id: Uuid,
    pub(super) kind: String,
    pub(super) is_visible: bool,
}

/// The statement that finds both ends.
pub(super) fn ends(references: [&Reference; 2], dialect: Dialect) -> BoundSql {
    let sql = Sql::new(dialect);
    let mut json = JsonText::default();
    for (i, reference) in references.into_iter().enumerate() {
        json.literal(if i == 0 { "[" } else { "," });
        let alias = sql.fresh();
        let of = |column: &str| col(&alias, column);
        let is_visible = of("deleted_at").is_null().and(of("merged_into_id").is_null());
        let mut end = JsonText::default();
        end.literal("[\"");
        end.value(dialect.id_text(of("id")));
        end.literal("\",\"");
        end.value(of("kind"));
        end.literal("\",");
        end.value(CaseStatement::new().case(is_visible, literal("true")).finally(literal("false")).into());
        end.literal("]");
        let mut found = sea_query::Query::select();
        found.expr(end.concat()).from_as(name("record"), name(&alias));
        found.and_where(of("id").eq(sql.survivor(sql.named(reference))));
        json.value(Func::coalesce([scalar(found.take()), literal("null")]).into());
    }
    json.literal("]");
    let (sql, values) = dialect.write(&sea_query::Query::select().expr(json.concat()).take());
    BoundSql { sql, values }
}

/// Reads the ends; `None` where there is none.
pub(super) fn read_ends(answer: Option<&str>) -> Result<[Option<PathEnd>; 2], ReadError> {
    let ends: [Option<(Uuid, String, bool)>; 2] = parse(answer)?;
    Ok(ends.map(|end| end.map(|(id, kind, is_visible)| PathEnd { id, kind, is_visible })))
}

/// Where links are.
struct Source {
    /// See [`PathLink`].
    rank: usize,
    /// The links `l` of the entity `f`: the other entity, and what links them.
    links: &'static str,
    /// The other entity `o`.
    others: &'static str,
    /// Whether the link and the other entity are visible.
    is_visible: &'static str,
}

const SOURCES: [Source; 5] = [
    Source {
        rank: 0,
        links: "SELECT e.other_id AS other, e.relation_id AS via FROM relation_end e WHERE e.record_id = f.id",
        others: "JOIN relation r ON r.id = l.via JOIN record o ON o.id = l.other",
        is_visible: "NOT r.is_deleted AND o.deleted_at IS NULL AND o.merged_into_id IS NULL",
    },
    Source {
        rank: 1,
        links: "SELECT p.event_id AS other, p.id AS via FROM participation p WHERE p.participant_id = f.id",
        others: "JOIN event o ON o.id = l.other",
        is_visible: "NOT o.is_deleted",
    },
    Source {
        rank: 1,
        links: "SELECT p.participant_id AS other, p.id AS via FROM participation p \
                WHERE p.event_id = f.id AND p.participant_id IS NOT NULL",
        others: "JOIN record o ON o.id = l.other",
        is_visible: "o.deleted_at IS NULL AND o.merged_into_id IS NULL",
    },
    Source {
        rank: 2,
        links: "SELECT p.event_id AS other, p.event_id AS via FROM event_place p WHERE p.place_id = f.id",
        others: "JOIN event o ON o.id = l.other",
        is_visible: "NOT o.is_deleted",
    },
    Source {
        rank: 2,
        links: "SELECT p.place_id AS other, p.event_id AS via FROM event_place p WHERE p.event_id = f.id",
        others: "JOIN place o ON o.id = l.other",
        is_visible: "NOT o.is_deleted",
    },
];

/// The links of one entity.
pub(super) struct LinksOf {
    pub(super) entity: Uuid,
    /// How many there are, hidden ones included. Of an entity with more links than were asked for, it is at least one more.
    pub(super) count: usize,
    /// Each other entity with its link, without hidden ones.
    pub(super) links: Vec<(Uuid, PathLink)>,
}

/// The statement that reads the links of some entities, and at most one more than `most` for each source.
pub(super) fn links(entities: &[Uuid], most: usize, dialect: Dialect) -> BoundSql {
    let is_sqlite = dialect == Dialect::Sqlite;
    let joined = if is_sqlite { "group_concat" } else { "string_agg" };
    let (from, values) = if is_sqlite {
        ("(SELECT value AS id FROM json_each(?1)) AS f", Value::from(serde_json::json!(entities).to_string()))
    } else {
        let ids = entities.iter().map(|id| Value::Uuid(Some(*id))).collect();
        ("unnest($1::uuid[]) AS f(id)", Value::Array(ArrayType::Uuid, Some(Box::new(ids))))
    };
    let limit = most + 1;
    let sources = SOURCES.iter().map(|Source { links, others, is_visible, .. }| {
        // Counted first: of an entity with too many links, no other one is looked up.
        format!(
            " || ',[' || CASE WHEN (SELECT count(*) FROM ({links} LIMIT {limit}) AS c) = {limit} THEN '{limit}' ELSE \
             (SELECT count(*) || coalesce({joined}(',\"' || CAST(l.other AS text) || '\",\"' || CAST(l.via AS text) || '\"', '') \
             FILTER (WHERE {is_visible}), '') FROM ({links}) AS l {others}) END || ']'"
        )
    });
    let sources: String = sources.collect();
    let sql = format!(
        "SELECT '[' || coalesce({joined}('[\"' || CAST(f.id AS text) || '\"'{sources} || ']', ','), '') || ']' FROM {from}"
    );
    BoundSql { sql, values: vec![values] }
}

/// Reads the links of entities, in the order of their ids.
pub(super) fn read_links(answer: Option<&str>) -> Result<Vec<LinksOf>, ReadError> {
    let rows: Vec<(Uuid, [Vec<Json>; SOURCES.len()])> = {
        let rows: Vec<Vec<Json>> = parse(answer)?;
        rows.into_iter().map(row).collect::<Option<_>>().ok_or_else(unreadable)?
    };
    let mut all = vec![];
    for (entity, sources) in rows {
        let mut of = LinksOf { entity, count: 0, links: vec![] };
        for (source, links) in SOURCES.iter().zip(sources) {
            let (count, links) = links.split_first().ok_or_else(unreadable)?;
            of.count += count.as_u64().and_then(|count| usize::try_from(count).ok()).ok_or_else(unreadable)?;
            for pair in links.chunks(2) {
                let id = |at: usize| pair.get(at)?.as_str()?.parse::<Uuid>().ok();
                let (other, via) = id(0).zip(id(1)).ok_or_else(unreadable)?;
                of.links.push((other, PathLink { rank: source.rank, via }));
            }
        }
        all.push(of);
    }
    all.sort_unstable_by_key(|of| of.entity);
    Ok(all)
}

fn row(row: Vec<Json>) -> Option<(Uuid, [Vec<Json>; SOURCES.len()])> {
    let mut parts = row.into_iter();
    let entity = parts.next()?.as_str()?.parse().ok()?;
    let list = |part: Json| if let Json::Array(items) = part { Some(items) } else { None };
    let sources: Vec<Vec<Json>> = parts.map(list).collect::<Option<_>>()?;
    Some((entity, sources.try_into().ok()?))
}

fn parse<T: serde::de::DeserializeOwned>(answer: Option<&str>) -> Result<T, ReadError> {
    serde_json::from_str(answer.unwrap_or_default()).map_err(|error| ReadError::Failed(error.to_string()))
}

fn unreadable() -> ReadError {
    ReadError::Failed("links that cannot be read".to_owned())
}
