//! The SQL of writing: the rows of records, read and written in bulk. Only `domain::write` and the export call it.

mod deferred_index;
mod derived;
mod insert;
mod links;
mod list;
mod load;
mod lookup;
mod revision;
mod rows;
mod save;
mod search_index;
mod similar;

use std::collections::HashMap;

use entity::Id;

pub use deferred_index::DeferredIndexes;
pub use derived::{ChangedGrams, ChangedNames, DerivedDifference, derived_differences, refresh};
pub use insert::TableWriter;
pub use links::{COUNTRY_COLUMNS, linked_to, named_as_country, relations_of};
pub use load::{all_records, load};
pub use lookup::{
    ItemKind, Lookup, LookupResult, RecordRow, StoredRelation, Texts, Tree, anchors_of, children, citing, event_dates,
    events_with_dates_relative_to, find_records, ids_of_items_and_revisions, look_up, owners_of_items, parents,
    place_kinds, publication_days, relations_from, texts, with_dates_relative_to,
};
pub use revision::{
    insert_revisions, revision_at, revisions_after, revisions_by_id, revisions_caused_by, taken_positions,
    times_of_revisions,
};
pub use rows::Rows;
pub use save::{affected, save};
pub use search_index::{IndexCheck, other_analysis_version, rebuild_search_index, update_search_index};
pub use similar::{SimilarKeys, SimilarRecord, SimilarTo, similar_records};

/// The changes that affect derived tables.
#[derive(Debug, Default)]
pub struct Affected {
    /// Places that are new.
    pub new_places: Vec<Id>,
    /// Places that are contained in another place than before.
    pub moved_places: Vec<Id>,
    /// Places with another sort key, which are contained in the same place as before.
    pub renamed_places: Vec<Id>,
    /// Places that were deleted, merged or restored.
    pub hidden_or_shown_places: Vec<Id>,
    /// Organizations that are new, or whose name, headquarters or country changed.
    pub organizations: Vec<Id>,
    /// Events whose places, participants or dates changed.
    pub events: Vec<Id>,
    /// Articles whose mentions, date, citations or deletion changed.
    pub articles: Vec<Id>,
    /// Names and headlines that changed, or that were hidden or shown.
    pub names: ChangedNames,
    /// Records whose names, headline or key changed.
    pub texts: ChangedGrams,
}

/// Rows by the ids of their owners.
pub fn by_owner<'a, T>(rows: &'a [T], owner: impl Fn(&T) -> Id) -> HashMap<Id, Vec<&'a T>> {
    let mut map: HashMap<Id, Vec<&'a T>> = HashMap::new();
    for row in rows {
        map.entry(owner(row)).or_default().push(row);
    }
    map
}

/// How many ids one statement may have.
const MAX_IDS_PER_STATEMENT: usize = 5_000;

/// The results of a query about the schema of a new database.
#[cfg(test)]
async fn texts_of_schema(sql: &str) -> std::collections::BTreeSet<String> {
    use migration::{Migrator, MigratorTrait};
    use sea_orm::{ConnectOptions, ConnectionTrait, Database, DbBackend, Statement};

    let options = ConnectOptions::new("sqlite::memory:").max_connections(1).to_owned();
    let connection = Database::connect(options).await.unwrap();
    Migrator::up(&connection, None).await.unwrap();
    let rows = connection.query_all_raw(Statement::from_string(DbBackend::Sqlite, sql)).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}
