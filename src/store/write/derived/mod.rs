//! The derived tables, which follow from the other tables so that reads need not compute them.

mod article_count;
mod check;
mod gram;
mod name_word;

pub(super) use check::difference;
pub use check::{DerivedDifference, derived_differences};
pub use gram::ChangedGrams;
pub use name_word::ChangedNames;

use entity::{
    Id, article_entity, event_entity, event_place, organization, place_closure, place_event, place_organization,
};
use sea_orm::{Condition, ConnectionTrait, Statement};

use crate::store::{Error, Transaction};

use super::{
    Affected,
    list::{among_parameter, delete, list, values_in},
};

// Rows are inserted in the order of an index, so that the index grows at one place.

const CLOSURE: &str = "
    INSERT INTO place_closure (ancestor_id, descendant_id, depth, name_key)
    WITH RECURSIVE above (descendant_id, ancestor_id, depth, name_key) AS (
        SELECT id, id, 0, name_key FROM place WHERE id {among}
        UNION ALL
        SELECT above.descendant_id, place.contained_in_id, above.depth + 1, above.name_key
        FROM above JOIN place ON place.id = above.ancestor_id
        WHERE place.contained_in_id IS NOT NULL
    )
    SELECT ancestor_id, descendant_id, depth, name_key FROM above";

const ORGANIZATIONS_OF_PLACES: &str = "
    INSERT INTO place_organization (place_id, organization_id, name_key, headquarters_depth, country_depth)
    SELECT found.place_id, o.id, o.name_key, max(found.headquarters_depth), max(found.country_depth)
    FROM (
        SELECT c.ancestor_id AS place_id, h.id AS organization_id, c.depth AS headquarters_depth, CAST(NULL AS integer) AS country_depth
        FROM organization h JOIN place_closure c ON c.descendant_id = h.headquarters_id
        WHERE h.id {among}
        UNION ALL
        SELECT c.ancestor_id, n.id, NULL, c.depth
        FROM organization n JOIN place_closure c ON c.descendant_id = n.country_id
        WHERE n.id {among}
    ) AS found
    JOIN organization o ON o.id = found.organization_id
    GROUP BY found.place_id, o.id, o.name_key
    ORDER BY found.place_id";

/// What happened in a hidden place happened in no place that contains it.
const EVENTS_OF_PLACES: &str = "
    INSERT INTO place_event (place_id, event_id, rank_asc, rank_desc, rank_end)
    SELECT DISTINCT c.ancestor_id, p.event_id, p.rank_asc, p.rank_desc, p.rank_end
    FROM event_place p JOIN place o ON o.id = p.place_id JOIN place_closure c ON c.descendant_id = o.id
    WHERE p.event_id {among} AND (NOT o.is_deleted OR c.depth = 0)
    ORDER BY c.ancestor_id";

const EVENTS_OF_ENTITIES: &str = "
    INSERT INTO event_entity (entity_id, event_id, rank_asc, rank_desc, rank_end)
    SELECT DISTINCT p.participant_id, e.id, e.rank_asc, e.rank_desc, e.rank_end
    FROM participation p JOIN event e ON e.id = p.event_id
    WHERE p.event_id {among} AND p.participant_id IS NOT NULL
    ORDER BY p.participant_id";

const ENTITIES_OF_ARTICLES: &str = "
    INSERT INTO article_entity
        (article_id, kind, entity_id, mention_count, citation_count, published_asc, published_desc, is_deleted)
    SELECT a.id, counted.kind, counted.entity_id, counted.mentions, counted.citations, a.published_asc, a.published_desc,
        a.is_deleted
    FROM (
        SELECT article_id, kind, entity_id, SUM(mentions) AS mentions, SUM(citations) AS citations
        FROM (
            SELECT article_id, entity_kind AS kind, entity_id, 1 AS mentions, 0 AS citations FROM mention
            WHERE article_id {among} AND anchor <> 'ORPHANED'
            UNION ALL
            SELECT article_id, meant_kind, meant_id, 1, 0 FROM mention
            WHERE article_id {among} AND anchor <> 'ORPHANED' AND meant_id IS NOT NULL AND meant_id <> entity_id
            UNION ALL
            SELECT citation.article_id, 'EVENT', event.id, 0, 1 FROM citation JOIN event ON event.id = citation.subject_id
            WHERE citation.article_id {among}
        ) AS found
        GROUP BY article_id, kind, entity_id
    ) AS counted
    JOIN article a ON a.id = counted.article_id";

/// Updates the derived tables after a write in the same transaction.
pub async fn refresh(transaction: &Transaction, affected: &Affected) -> Result<(), Error> {
    let (mut events, mut organizations) = (affected.events.clone(), affected.organizations.clone());
    if !affected.moved_places.is_empty() {
        let mut moved = affected.moved_places.clone();
        moved.extend(descendants(transaction, &affected.moved_places).await?);
        moved.sort_unstable();
        moved.dedup();
        delete::<place_closure::Entity>(transaction, place_closure::Column::DescendantId, &moved).await?;
        fill(transaction, CLOSURE, &moved).await?;
        events.extend(events_at(transaction, &moved).await?);
        organizations.extend(organizations_at(transaction, &moved).await?);
        organizations.sort_unstable();
        organizations.dedup();
    }
    events.extend(events_at(transaction, &affected.hidden_or_shown_places).await?);
    events.sort_unstable();
    events.dedup();
    fill(transaction, CLOSURE, &affected.new_places).await?;
    // Those that moved as well have their new names already.
    delete::<place_closure::Entity>(transaction, place_closure::Column::DescendantId, &affected.renamed_places).await?;
    fill(transaction, CLOSURE, &affected.renamed_places).await?;

    delete::<place_organization::Entity>(transaction, place_organization::Column::OrganizationId, &organizations)
        .await?;
    fill(transaction, ORGANIZATIONS_OF_PLACES, &organizations).await?;

    delete::<place_event::Entity>(transaction, place_event::Column::EventId, &events).await?;
    fill(transaction, EVENTS_OF_PLACES, &events).await?;
    delete::<event_entity::Entity>(transaction, event_entity::Column::EventId, &affected.events).await?;
    fill(transaction, EVENTS_OF_ENTITIES, &affected.events).await?;
    let counts = article_count::count(transaction, &affected.articles).await?;
    delete::<article_entity::Entity>(transaction, article_entity::Column::ArticleId, &affected.articles).await?;
    fill(transaction, ENTITIES_OF_ARTICLES, &affected.articles).await?;
    article_count::update(transaction, &counts, article_count::count(transaction, &affected.articles).await?).await?;
    gram::refresh(transaction, &affected.texts).await?;
    name_word::refresh(transaction, &affected.names).await
}

/// Runs a statement for some records.
async fn fill(transaction: &Transaction, sql: &str, ids: &[Id]) -> Result<(), Error> {
    if ids.is_empty() {
        return Ok(());
    }
    let backend = transaction.get_database_backend();
    let text = sql.replace("{among}", &among_parameter(backend, 1));
    let values = [list(backend, ids.to_vec())];
    transaction.execute_raw(Statement::from_sql_and_values(backend, text, values)).await?;
    Ok(())
}

async fn descendants(transaction: &Transaction, places: &[Id]) -> Result<Vec<Id>, Error> {
    use place_closure::Column::{AncestorId, DescendantId};
    values_in::<place_closure::Entity, _, _>(transaction, [DescendantId], (AncestorId, places), Condition::all()).await
}

async fn organizations_at(transaction: &Transaction, places: &[Id]) -> Result<Vec<Id>, Error> {
    use organization::Column::{CountryId, HeadquartersId};
    let id = organization::Column::Id;
    let mut found: Vec<Id> =
        values_in::<organization::Entity, _, _>(transaction, [id], (HeadquartersId, places), Condition::all()).await?;
    let by_country: Vec<Id> =
        values_in::<organization::Entity, _, _>(transaction, [id], (CountryId, places), Condition::all()).await?;
    found.extend(by_country);
    Ok(found)
}

async fn events_at(transaction: &Transaction, places: &[Id]) -> Result<Vec<Id>, Error> {
    use event_place::Column::{EventId, PlaceId};
    values_in::<event_place::Entity, _, _>(transaction, [EventId], (PlaceId, places), Condition::all()).await
}
