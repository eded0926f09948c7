//! Checks of a whole database: the pages and references of its file, and rules that no constraint expresses.

use std::collections::{HashMap, HashSet};

use entity::{Id, vocabulary::RecordKind};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement, sqlx};

use super::{Error, Transaction, error::driver_error, write::Tree};

/// How many lines about a damaged file are read.
const MAX_LINES: usize = 20;

/// What is wrong with the file of a SQLite database, in the words of SQLite. A Postgres server looks after its files itself.
pub async fn file_problems(transaction: &Transaction) -> Result<Vec<String>, Error> {
    let backend = transaction.get_database_backend();
    if backend == DbBackend::Postgres {
        return Ok(Vec::new());
    }
    let sql = format!("PRAGMA integrity_check({MAX_LINES})");
    let rows = match transaction.query_all_raw(Statement::from_string(backend, sql)).await {
        Ok(rows) => rows,
        // Some pages must be read by the check itself.
        Err(error) => return damage(&error).map(|message| vec![message]).ok_or(Error::from(error)),
    };
    let lines: Vec<String> = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<_, _>>()?;
    // The first lines only name the database.
    let lines = lines.iter().flat_map(|text| text.lines()).filter(|line| *line != "ok" && !line.starts_with("***"));
    Ok(lines.take(MAX_LINES).map(str::to_owned).collect())
}

/// The message of SQLite, if a statement met a damaged page.
fn damage(error: &DbErr) -> Option<String> {
    const CORRUPT: i32 = 11;
    let Some(sqlx::Error::Database(cause)) = driver_error(error) else { return None };
    // The other bits say more about it.
    let code: i32 = cause.code()?.parse().ok()?;
    (code & 0xff == CORRUPT).then(|| cause.message().to_owned())
}

/// The tables with rows that refer to missing ones, each with their number and what to do. Postgres does not let them be.
pub async fn lost_references(transaction: &Transaction) -> Result<Vec<(String, usize, Remedy)>, Error> {
    let backend = transaction.get_database_backend();
    if backend == DbBackend::Postgres {
        return Ok(Vec::new());
    }
    let sql = "SELECT \"table\", count(*) FROM pragma_foreign_key_check GROUP BY \"table\" ORDER BY \"table\"";
    let rows = transaction.query_all_raw(Statement::from_string(backend, sql)).await?;
    let count =
        |row: &QueryResult| row.try_get_by_index::<i64>(1).map(|count| usize::try_from(count).unwrap_or_default());
    rows.iter()
        .map(|row| {
            let table: String = row.try_get_by_index(0)?;
            let remedy = if DERIVED_TABLES.contains(&table.as_str()) { Remedy::Import } else { Remedy::Restore };
            Ok((table, count(row)?, remedy))
        })
        .collect()
}

/// What to do about something that is wrong, the most important first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Remedy {
    /// Data is lost: restore a backup.
    Restore,
    /// An import of an export into a new database computes it again.
    Import,
    /// The search index must be built again.
    Reindex,
}

/// The tables whose rows follow from those of others, so that nothing is lost with them.
const DERIVED_TABLES: [&str; 8] = [
    "article_entity",
    "event_entity",
    "name_word",
    "place_closure",
    "place_event",
    "place_organization",
    "record_gram",
    "relation_end",
];

/// A rule for all records that no constraint expresses.
struct Rule {
    /// What breaks it.
    broken: &'static str,
    remedy: Remedy,
    /// Selects the ids of these records.
    ids: &'static str,
}

const RULES: [Rule; 3] = [
    Rule {
        broken: "records that were merged into a record of another type, or into one that was merged itself",
        remedy: Remedy::Restore,
        ids: "SELECT r.id FROM record r JOIN record s ON s.id = r.merged_into_id
            WHERE s.kind <> r.kind OR s.merged_into_id IS NOT NULL",
    },
    Rule {
        broken: "records without fields",
        remedy: Remedy::Restore,
        ids: "SELECT r.id FROM record r WHERE r.merged_into_id IS NULL AND NOT EXISTS (
            SELECT 1 FROM place t WHERE t.id = r.id AND r.kind = 'PLACE'
            UNION ALL SELECT 1 FROM organization t WHERE t.id = r.id AND r.kind = 'ORGANIZATION'
            UNION ALL SELECT 1 FROM person t WHERE t.id = r.id AND r.kind = 'PERSON'
            UNION ALL SELECT 1 FROM event t WHERE t.id = r.id AND r.kind = 'EVENT'
            UNION ALL SELECT 1 FROM article t WHERE t.id = r.id AND r.kind = 'ARTICLE'
            UNION ALL SELECT 1 FROM relation t WHERE t.id = r.id AND r.kind = 'RELATION')",
    },
    Rule {
        broken: "words of records that are not there (name_word)",
        remedy: Remedy::Import,
        ids: "SELECT DISTINCT w.record_id FROM name_word w WHERE NOT EXISTS (SELECT 1 FROM record r WHERE r.id = w.record_id)",
    },
];

/// What breaks a rule, what to do, and the records.
pub async fn broken_rules(transaction: &Transaction) -> Result<Vec<(&'static str, Remedy, Vec<Id>)>, Error> {
    let mut broken = Vec::new();
    for rule in RULES {
        let ids = ids(transaction, rule.ids).await?;
        if !ids.is_empty() {
            broken.push((rule.broken, rule.remedy, ids));
        }
    }
    Ok(broken)
}

async fn ids(transaction: &Transaction, sql: &str) -> Result<Vec<Id>, Error> {
    let backend = transaction.get_database_backend();
    let rows = transaction.query_all_raw(Statement::from_string(backend, format!("{sql} ORDER BY 1"))).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

/// A record of each kind that contains itself, directly or through others.
pub async fn cycles(transaction: &Transaction) -> Result<Vec<(RecordKind, Id)>, Error> {
    let trees = [
        (RecordKind::Place, Tree::ContainedIn),
        (RecordKind::Organization, Tree::Parent),
        (RecordKind::Event, Tree::PartOf),
    ];
    let mut found = Vec::new();
    for (kind, tree) in trees {
        let parents = all_parents(transaction, tree).await?;
        found.extend(on_cycle(&parents).map(|id| (kind, id)));
    }
    Ok(found)
}

async fn all_parents(transaction: &Transaction, tree: Tree) -> Result<HashMap<Id, Id>, Error> {
    let (table, parent) = match tree {
        Tree::ContainedIn => ("place", "contained_in_id"),
        Tree::Parent => ("organization", "parent_id"),
        Tree::PartOf => ("event", "part_of_id"),
    };
    let sql = format!("SELECT id, {parent} FROM {table} WHERE {parent} IS NOT NULL");
    let rows = transaction.query_all_raw(Statement::from_string(transaction.get_database_backend(), sql)).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// The smallest id that is on a cycle.
fn on_cycle(parents: &HashMap<Id, Id>) -> Option<Id> {
    let mut checked: HashSet<Id> = HashSet::new();
    let mut cyclic: Option<Id> = None;
    for start in parents.keys() {
        let (mut path, mut id) = (HashSet::new(), *start);
        while !checked.contains(&id) && path.insert(id) {
            match parents.get(&id) {
                Some(parent) => id = *parent,
                None => break,
            }
        }
        // The walk ended on its own path.
        if path.contains(&id) && !checked.contains(&id) && parents.contains_key(&id) {
            let mut member = id;
            loop {
                cyclic = Some(cyclic.map_or(member, |smallest| smallest.min(member)));
                member = parents[&member];
                if member == id {
                    break;
                }
            }
        }
        checked.extend(path);
    }
    cyclic
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> Id {
        Id(uuid::Uuid::from_u128(number))
    }

    #[test]
    fn a_cycle_is_found_and_a_tree_is_none() {
        let tree = HashMap::from([(id(2), id(1)), (id(3), id(2)), (id(4), id(2)), (id(6), id(5))]);
        assert_eq!(on_cycle(&tree), None);
        let mut cyclic = tree.clone();
        cyclic.insert(id(9), id(8));
        cyclic.insert(id(8), id(7));
        cyclic.insert(id(7), id(9));
        cyclic.insert(id(10), id(9));
        assert_eq!(on_cycle(&cyclic), Some(id(7)));
        assert_eq!(on_cycle(&HashMap::from([(id(1), id(1))])), Some(id(1)));
    }
}
