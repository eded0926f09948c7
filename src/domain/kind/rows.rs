//! Conversion of records to rows and back. Each kind and each part adds its own methods.

use std::collections::HashMap;

use entity::{
    Id, article_author, citation, event_place, mention, participation, person_nationality, record_description,
    record_name, relative_date, same_as, vocabulary::RecordKind,
};

use crate::{
    date::Edtf,
    store::write::{Rows, by_owner},
};

use super::part::Reference;

/// The resolved date of every fuzzy date, by its owner (a record or a citation) and field.
pub type Dates = HashMap<(Id, &'static str), Edtf>;

/// Writes rows of records.
pub struct RowWriter<'a> {
    /// The kind of a referenced record.
    pub(crate) kind_of: &'a dyn Fn(Id) -> Option<RecordKind>,
    pub(crate) dates: &'a Dates,
    /// The ids of the stored rows of relative dates, by owner and field.
    pub(crate) relative: &'a HashMap<(Id, &'a str), Id>,
    pub(crate) rows: Rows,
}

impl RowWriter<'_> {
    /// The id of a referenced record, and its kind: the row has a column for each.
    pub(super) fn target(&self, reference: &Reference) -> (Id, RecordKind) {
        let id = reference.id();
        let kind = (self.kind_of)(id);
        (id, kind.expect("every reference of a draft is looked up before rows are written"))
    }

    pub(super) fn same_as(&mut self, id: Id, urls: &[String]) {
        for (position, url) in (0..).zip(urls) {
            self.rows.same_as.push(same_as::Model { url: url.clone(), record_id: id, position });
        }
    }
}

/// Reads rows of records.
pub(crate) struct RowReader<'a> {
    pub(super) names: HashMap<Id, Vec<&'a record_name::Model>>,
    pub(super) descriptions: HashMap<Id, Vec<&'a record_description::Model>>,
    pub(super) nationalities: HashMap<Id, Vec<&'a person_nationality::Model>>,
    pub(super) authors: HashMap<Id, Vec<&'a article_author::Model>>,
    pub(super) places: HashMap<Id, Vec<&'a event_place::Model>>,
    pub(super) participations: HashMap<Id, Vec<&'a participation::Model>>,
    pub(super) mentions: HashMap<Id, Vec<&'a mention::Model>>,
    /// By participation, or by record for the citations of the record itself.
    pub(super) citations: HashMap<Id, Vec<&'a citation::Model>>,
    /// By record or citation, and field.
    pub(super) relative: HashMap<(Id, &'a str), &'a relative_date::Model>,
    same_as: HashMap<Id, Vec<&'a same_as::Model>>,
}

impl<'a> RowReader<'a> {
    pub(super) fn new(rows: &'a Rows) -> Self {
        let relative = rows.relative_date.iter();
        Self {
            names: by_owner(&rows.record_name, |row| row.record_id),
            descriptions: by_owner(&rows.record_description, |row| row.record_id),
            nationalities: by_owner(&rows.person_nationality, |row| row.person_id),
            authors: by_owner(&rows.article_author, |row| row.article_id),
            places: by_owner(&rows.event_place, |row| row.event_id),
            participations: by_owner(&rows.participation, |row| row.event_id),
            mentions: by_owner(&rows.mention, |row| row.article_id),
            citations: by_owner(&rows.citation, |row| row.participation_id.unwrap_or(row.subject_id)),
            relative: relative
                .filter_map(|row| Some(((row.record_id.or(row.citation_id)?, row.field.as_str()), row)))
                .collect(),
            same_as: by_owner(&rows.same_as, |row| row.record_id),
        }
    }

    pub(super) fn same_as(&self, id: Id) -> Vec<String> {
        self.list(&self.same_as, id, |row| row.position, |row| row.url.clone())
    }

    /// The rows of one owner in order, each converted.
    #[expect(clippy::unused_self, reason = "a method reads better where each kind calls it")]
    pub(super) fn list<R, K: Ord, T>(
        &self,
        rows: &HashMap<Id, Vec<&R>>,
        owner: Id,
        order: impl Fn(&R) -> K,
        convert: impl Fn(&R) -> T,
    ) -> Vec<T> {
        let mut rows = rows.get(&owner).cloned().unwrap_or_default();
        rows.sort_by_key(|row| order(row));
        rows.into_iter().map(convert).collect()
    }
}
