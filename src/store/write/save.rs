//! Writes the difference between the rows before and after: inserts new rows, replaces changed ones, and deletes removed ones.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    hash::Hash,
};

use entity::{
    Id, article, article_author, citation, event, event_place, mention, organization, participation, person,
    person_nationality, place, record, record_description, record_name, relation, relation_end, relative_date, same_as,
};
use sea_orm::{ConnectionTrait, EntityTrait, QueryFilter, sea_query::Expr};

use crate::store::{Error, Transaction};

use super::{
    Affected, ChangedGrams, ChangedNames, MAX_IDS_PER_STATEMENT, TableWriter,
    list::among,
    rows::{RowChanges, Rows},
};

/// The difference of the rows of a table with ids.
struct Difference<T> {
    added: Vec<T>,
    changed: Vec<T>,
    removed: Vec<Id>,
}

fn difference<T: PartialEq>(before: Vec<T>, after: Vec<T>, id: impl Fn(&T) -> Id) -> Difference<T> {
    if before.is_empty() {
        return Difference { added: after, changed: Vec::new(), removed: Vec::new() };
    }
    let mut before: HashMap<Id, T> = before.into_iter().map(|row| (id(&row), row)).collect();
    let (mut added, mut changed) = (Vec::new(), Vec::new());
    for row in after {
        match before.remove(&id(&row)) {
            None => added.push(row),
            Some(old) if old != row => changed.push(row),
            Some(_) => {}
        }
    }
    Difference { added, changed, removed: before.into_keys().collect() }
}

/// The owners whose stored rows are deleted, and the rows that are inserted.
fn owned_difference<T: PartialEq, K: Ord>(
    before: Vec<T>,
    after: Vec<T>,
    owner: impl Fn(&T) -> Id,
    order: impl Fn(&T) -> K,
) -> (Vec<Id>, Vec<T>) {
    let group = |rows: Vec<T>| {
        let mut groups: BTreeMap<Id, Vec<T>> = BTreeMap::new();
        for row in rows {
            groups.entry(owner(&row)).or_default().push(row);
        }
        for rows in groups.values_mut() {
            rows.sort_by_key(&order);
        }
        groups
    };
    let (mut before, after) = (group(before), group(after));
    let (mut deleted_owners, mut new) = (Vec::new(), Vec::new());
    for (id, rows) in after {
        match before.remove(&id) {
            Some(old) if old == rows => {}
            old => {
                if old.is_some() {
                    deleted_owners.push(id);
                }
                new.extend(rows);
            }
        }
    }
    deleted_owners.extend(before.into_keys());
    (deleted_owners, new)
}

/// Writes the difference between the rows before and after. Every record before is also one after; the others are new. Parents come
/// before their children.
pub async fn save(
    transaction: &Transaction,
    writer: &mut TableWriter<'_>,
    before: Rows,
    after: Rows,
) -> Result<(), Error> {
    release_unique_values(transaction, &before, &after).await?;

    // A table that is not saved does not compile: its field would never be read.
    let changes = RowChanges::new(before, after);
    macro_rules! by_id {
        ($table:ident) => {{
            let rows = difference(changes.$table.0, changes.$table.1, |row| row.id);
            writer.insert::<$table::Entity, _, _>(rows.added).await?;
            writer.replace::<$table::Entity, _>(rows.changed).await?;
            rows.removed
        }};
    }
    macro_rules! by_owner {
        ($table:ident, $owner:ident, $column:ident, $order:ident) => {{
            let (deleted_owners, rows) =
                owned_difference(changes.$table.0, changes.$table.1, |row| row.$owner, |row| row.$order.clone());
            writer.delete::<$table::Entity>($table::Column::$column, &deleted_owners).await?;
            rows
        }};
    }

    // Addresses may pass from one record to another, so all of them are given up before any is taken.
    let same_as = by_owner!(same_as, record_id, RecordId, position);
    // Before all that refers to them.
    by_id!(record);
    let merged = difference(changes.merged.0, changes.merged.1, |row| row.id);
    writer.insert::<record::Entity, _, _>(merged.added).await?;
    writer.replace::<record::Entity, _>(merged.changed).await?;
    by_id!(place);
    by_id!(organization);
    by_id!(person);
    by_id!(article);
    by_id!(event);
    by_id!(relation);
    writer.insert::<same_as::Entity, _, _>(same_as).await?;
    let rows = by_owner!(record_name, record_id, RecordId, position);
    writer.insert::<record_name::Entity, _, _>(rows).await?;
    let rows = by_owner!(record_description, record_id, RecordId, position);
    writer.insert::<record_description::Entity, _, _>(rows).await?;
    let rows = by_owner!(person_nationality, person_id, PersonId, position);
    writer.insert::<person_nationality::Entity, _, _>(rows).await?;
    let rows = by_owner!(article_author, article_id, ArticleId, position);
    writer.insert::<article_author::Entity, _, _>(rows).await?;
    let rows = by_owner!(event_place, event_id, EventId, position);
    writer.insert::<event_place::Entity, _, _>(rows).await?;
    let rows = by_owner!(relation_end, relation_id, RelationId, direction);
    writer.insert::<relation_end::Entity, _, _>(rows).await?;

    // Two mentions may exchange their spans, so changed mentions are deleted and inserted again.
    let mut mentions = difference(changes.mention.0, changes.mention.1, |row| row.id);
    mentions.removed.extend(mentions.changed.iter().map(|row| row.id));
    mentions.added.append(&mut mentions.changed);
    writer.delete::<mention::Entity>(mention::Column::Id, &mentions.removed).await?;
    writer.insert::<mention::Entity, _, _>(mentions.added).await?;

    // A citation may move from one participant to another, so it is changed before its old owner is deleted with its citations.
    let participations = by_id!(participation);
    let citations = by_id!(citation);
    let mut dates = difference(changes.relative_date.0, changes.relative_date.1, |row| row.id);
    dates.removed.extend(dates.changed.iter().map(|row| row.id));
    dates.added.append(&mut dates.changed);
    writer.delete::<relative_date::Entity>(relative_date::Column::Id, &dates.removed).await?;
    writer.delete::<citation::Entity>(citation::Column::Id, &citations).await?;
    writer.delete::<participation::Entity>(participation::Column::Id, &participations).await?;
    writer.insert::<relative_date::Entity, _, _>(dates.added).await
}

/// Sets changed keys and addresses to null first, because a write may give them to another record.
async fn release_unique_values(transaction: &Transaction, before: &Rows, after: &Rows) -> Result<(), Error> {
    macro_rules! release {
        ($table:ident, $field:ident, $column:ident) => {
            let after: HashMap<Id, &Option<String>> = after.$table.iter().map(|row| (row.id, &row.$field)).collect();
            let stale = before.$table.iter().filter(|row| {
                row.$field.is_some() && after.get(&row.id).is_some_and(|present| **present != row.$field)
            });
            let stale: Vec<Id> = stale.map(|row| row.id).collect();
            for ids in stale.chunks(MAX_IDS_PER_STATEMENT) {
                $table::Entity::update_many()
                    .col_expr($table::Column::$column, Expr::value(None::<String>))
                    .filter(among(transaction.get_database_backend(), $table::Column::Id, ids))
                    .exec(transaction)
                    .await?;
            }
        };
    }
    release!(record, key, Key);
    release!(article, url, Url);
    Ok(())
}

/// The records whose derived rows a write changes.
#[must_use]
pub fn affected(before: &Rows, after: &Rows) -> Affected {
    let mut affected = Affected::default();
    let places: HashMap<Id, &place::Model> = before.place.iter().map(|row| (row.id, row)).collect();
    for row in &after.place {
        match places.get(&row.id) {
            None => affected.new_places.push(row.id),
            Some(old) if old.contained_in_id != row.contained_in_id => affected.moved_places.push(row.id),
            Some(old) if old.name_key != row.name_key => affected.renamed_places.push(row.id),
            Some(_) => {}
        }
        if places.get(&row.id).is_some_and(|old| old.is_deleted != row.is_deleted) {
            affected.hidden_or_shown_places.push(row.id);
        }
    }
    let mut organizations = HashSet::new();
    let place_of = |row: &organization::Model| (row.id, (row.name_key.clone(), row.headquarters_id, row.country_id));
    add_changed_owners(&before.organization, &after.organization, place_of, &mut organizations);
    affected.organizations = organizations.into_iter().collect();

    let mut events = HashSet::new();
    let date_of = |row: &event::Model| (row.id, (row.rank_asc, row.rank_desc, row.rank_end));
    add_changed_records(&before.event, &after.event, date_of, &mut events);
    let place_of = |row: &event_place::Model| (row.event_id, row.place_id);
    add_changed_owners(&before.event_place, &after.event_place, place_of, &mut events);
    let participant_of = |row: &participation::Model| (row.event_id, row.participant_id);
    add_changed_owners(&before.participation, &after.participation, participant_of, &mut events);
    affected.events = events.into_iter().collect();

    let mut articles = HashSet::new();
    let publication_of = |row: &article::Model| (row.id, (row.published_asc, row.published_desc, row.is_deleted));
    add_changed_records(&before.article, &after.article, publication_of, &mut articles);
    let mention_of = |row: &mention::Model| (row.article_id, (row.id, row.entity_id, row.meant_id, row.anchor));
    add_changed_owners(&before.mention, &after.mention, mention_of, &mut articles);
    let citation_of = |row: &citation::Model| (row.article_id, (row.id, row.subject_id));
    add_changed_owners(&before.citation, &after.citation, citation_of, &mut articles);
    affected.articles = articles.into_iter().collect();
    affected.names = ChangedNames::new(before, after);
    affected.texts = ChangedGrams::new(before, after);
    affected
}

/// Adds the owners of rows that differ in the values that matter.
fn add_changed_owners<T, K: Eq + Hash>(
    before: &[T],
    after: &[T],
    matters: impl Fn(&T) -> (Id, K),
    owners: &mut HashSet<Id>,
) {
    if before.is_empty() {
        return owners.extend(after.iter().map(|row| matters(row).0));
    }
    let old: HashSet<(Id, K)> = before.iter().map(&matters).collect();
    let mut new = HashSet::with_capacity(after.len());
    for row in after {
        new.insert(matters(row));
    }
    owners.extend(old.symmetric_difference(&new).map(|(owner, _)| *owner));
}

/// Adds the stored records that differ in the value that matters. A new record has derived rows only through its items.
fn add_changed_records<T, K: Eq>(
    before: &[T],
    after: &[T],
    matters: impl Fn(&T) -> (Id, K),
    records: &mut HashSet<Id>,
) {
    let old: HashMap<Id, K> = before.iter().map(&matters).collect();
    let new = after.iter().map(&matters);
    records.extend(new.filter(|(id, key)| old.get(id).is_some_and(|old| old != key)).map(|(id, _)| id));
}
