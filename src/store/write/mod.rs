//! The SQL of writing: the rows of records, read and written in bulk. Only `domain::write` and the export call it.

mod aside;
mod column;
mod derive;
mod filling;
mod insert;
mod links;
mod list;
mod load;
mod lookup;
mod revision;
mod save;

use std::collections::HashMap;

use entity::{
    Id, article, article_author, citation, event, event_place, mention, organization, participation, person,
    person_nationality, place, record, record_description, record_name, relation, relation_end, relative_date, same_as,
    vocabulary::RecordKind,
};

pub use derive::refresh;
pub use filling::Filling;
pub use insert::Inserts;
pub use links::{linked_to, named_as_country, relations_of};
pub use load::{all_records, load};
pub use lookup::{
    Known, Nested, Sought, Standing, Texts, Tie, Tree, anchored_in, anchors_of, children, citing, dated_by,
    event_dates, ids_of_no_records, known, owners_of_nested, parents, place_kinds, publication_days, standing, texts,
    ties_of,
};
pub use revision::{
    insert_revisions, revision_at, revisions_after, revisions_by_id, revisions_caused_by, taken_positions,
};
pub use save::{save, touched};

/// All rows of a number of records, table by table.
#[derive(Debug, Default)]
pub struct Rows {
    /// The records themselves.
    pub record: Vec<record::Model>,
    /// The records that were merged into them.
    pub merged: Vec<record::Model>,
    /// The places.
    pub place: Vec<place::Model>,
    /// The organizations.
    pub organization: Vec<organization::Model>,
    /// The people.
    pub person: Vec<person::Model>,
    /// The articles.
    pub article: Vec<article::Model>,
    /// The events.
    pub event: Vec<event::Model>,
    /// The relations.
    pub relation: Vec<relation::Model>,
    /// Their names.
    pub record_name: Vec<record_name::Model>,
    /// Their descriptions.
    pub record_description: Vec<record_description::Model>,
    /// Their addresses elsewhere.
    pub same_as: Vec<same_as::Model>,
    /// The nationalities of people.
    pub person_nationality: Vec<person_nationality::Model>,
    /// The authors of articles.
    pub article_author: Vec<article_author::Model>,
    /// The places of events.
    pub event_place: Vec<event_place::Model>,
    /// The participants of events.
    pub participation: Vec<participation::Model>,
    /// The mentions of articles.
    pub mention: Vec<mention::Model>,
    /// The citations of events and relations.
    pub citation: Vec<citation::Model>,
    /// The dates that are relative to another record.
    pub relative_date: Vec<relative_date::Model>,
    /// The ends of relations.
    pub relation_end: Vec<relation_end::Model>,
}

/// What was written, as far as derived tables follow from it.
#[derive(Debug, Default)]
pub struct Touched {
    /// Places that are new.
    pub new_places: Vec<Id>,
    /// Places that are contained in another place than before.
    pub moved_places: Vec<Id>,
    /// Events whose places or participants are new or others than before, or whose dates are.
    pub events: Vec<Id>,
    /// Articles whose mentions are new or others than before, or whose date is, or that citations were added to or taken from.
    pub articles: Vec<Id>,
}

/// Rows by the id of their owner.
pub fn by_owner<'a, T>(rows: &'a [T], owner: impl Fn(&T) -> Id) -> HashMap<Id, Vec<&'a T>> {
    let mut map: HashMap<Id, Vec<&'a T>> = HashMap::new();
    for row in rows {
        map.entry(owner(row)).or_default().push(row);
    }
    map
}

/// As many ids as a statement takes at once on either database.
const IDS_AT_ONCE: usize = 5_000;

/// The ids of one kind among records.
fn of_kind(records: &[(Id, RecordKind)], wanted: &[RecordKind]) -> Vec<Id> {
    records.iter().filter(|(_, kind)| wanted.contains(kind)).map(|(id, _)| *id).collect()
}

impl Rows {
    /// Adds the rows of other records.
    pub fn append(&mut self, other: Self) {
        self.append_all(vec![other]);
    }

    /// The same with the rows of many.
    pub fn append_all(&mut self, mut parts: Vec<Self>) {
        macro_rules! append {
            ($($table:ident)+) => {$(
                self.$table.reserve(parts.iter().map(|part| part.$table.len()).sum());
                for part in &mut parts {
                    self.$table.append(&mut std::mem::take(&mut part.$table));
                }
            )+};
        }
        append!(
            record merged place organization person article event relation record_name
            record_description same_as person_nationality article_author event_place participation
            mention citation relative_date relation_end
        );
    }
}
