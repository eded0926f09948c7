//! From documents to rows: what all records have here, each kind's own columns and links in the modules below.

mod linked;
mod thing;

use std::collections::HashMap;

use entity::{
    Id, record, record_description, record_name, relative_date, same_as,
    vocabulary::{NameKind, RecordKind},
};

use crate::{
    date::{Edtf, Ranks, ranks},
    domain::document::{Body, Document, FuzzyDate, Reference, Thing},
    store::write::Rows,
};

use super::{Draft, Work, dating::Dates, share::share};

/// The rows of all drafts. What stands above others comes before them.
pub(super) fn rows(work: &Work<'_>, before: &Rows, dates: &Dates) -> Rows {
    let relative: HashMap<(Id, &str), Id> = before
        .relative_date
        .iter()
        .filter_map(|row| {
            let owner = row.record_id.or(row.citation_id)?;
            Some(((owner, row.field.as_str()), row.id))
        })
        .collect();
    let merged: HashMap<Id, &record::Model> = before.merged.iter().map(|row| (row.id, row)).collect();
    // Indexes grow from one place at a time when rows come in the order of their ids.
    let mut drafts: Vec<&Draft> = work.drafts.iter().collect();
    drafts.sort_unstable_by_key(|draft| draft.id);
    let mut rows = Rows::default();
    let shares = share(&mut drafts, |drafts| {
        let mut writer = Writer { work, dates, relative: &relative, merged: &merged, rows: Rows::default() };
        for draft in drafts {
            writer.draft(draft);
        }
        writer.rows
    });
    rows.append_all(shares);
    put_above_first(&mut rows.place, |row| (row.id, row.contained_in_id));
    put_above_first(&mut rows.organization, |row| (row.id, row.parent_id));
    put_above_first(&mut rows.event, |row| (row.id, row.part_of_id));
    rows
}

/// Orders rows so that each comes after the one above it, which the database asks for. There are no circles.
fn put_above_first<T>(rows: &mut [T], ids: impl Fn(&T) -> (Id, Option<Id>)) {
    let above: HashMap<Id, Option<Id>> = rows.iter().map(&ids).collect();
    let mut depths: HashMap<Id, usize> = HashMap::with_capacity(rows.len());
    for start in above.keys() {
        let mut way = vec![*start];
        while let Some(Some(up)) = way.last().and_then(|at| above.get(at)) {
            if depths.contains_key(up) || !above.contains_key(up) {
                break;
            }
            way.push(*up);
        }
        while let Some(at) = way.pop() {
            let up = above.get(&at).copied().flatten();
            let depth = up.and_then(|up| depths.get(&up)).map_or(0, |depth| depth + 1);
            depths.insert(at, depth);
        }
    }
    rows.sort_by_key(|row| depths.get(&ids(row).0).copied().unwrap_or(0));
}

/// A fuzzy date as columns.
#[derive(Default)]
struct Columns {
    edtf: Option<String>,
    earliest: Option<chrono::NaiveDate>,
    latest: Option<chrono::NaiveDate>,
    flags: i16,
    original: Option<String>,
}

struct Writer<'a> {
    work: &'a Work<'a>,
    dates: &'a Dates,
    /// The ids of the stored rows of relative dates, by owner and field.
    relative: &'a HashMap<(Id, &'a str), Id>,
    merged: &'a HashMap<Id, &'a record::Model>,
    rows: Rows,
}

impl Writer<'_> {
    fn draft(&mut self, draft: &Draft) {
        let id = draft.id;
        self.record(draft);
        let header = &draft.document.header;
        let is_deleted = header.deleted_at.is_some() || header.merged_into.is_some();
        if let Some(thing) = draft.document.body.thing() {
            self.thing(id, thing);
        }
        self.same_as(id, &draft.document);
        match &draft.document.body {
            Body::Article(article) => self.article(id, article, is_deleted),
            Body::Place(place) => self.place(id, place, is_deleted),
            Body::Organization(organization) => self.organization(id, organization, is_deleted),
            Body::Person(person) => self.person(id, person, is_deleted),
            Body::Event(event) => self.event(id, event, is_deleted),
            Body::Relation(relation) => self.relation(id, relation, is_deleted),
        }
    }

    fn record(&mut self, draft: &Draft) {
        let header = &draft.document.header;
        let created_at = header.created_at.unwrap_or(self.work.now);
        // A new record that was merged away comes after all others, so that its survivor is there.
        let is_new_and_merged = header.merged_into.is_some() && !self.work.known.contains_key(&draft.id);
        let rows = if is_new_and_merged { &mut self.rows.merged } else { &mut self.rows.record };
        rows.push(record::Model {
            id: draft.id,
            kind: header.kind,
            key: header.key.clone(),
            version: header.version.unwrap_or(1),
            created_at,
            updated_at: header.updated_at.unwrap_or(created_at),
            deleted_at: header.deleted_at,
            merged_into_id: header.merged_into,
        });
        // One that is merged by this very write has a draft, and so a row, of its own.
        for id in header.merged_ids.iter().filter(|id| !self.work.index.contains_key(id)) {
            let stored =
                self.merged.get(id).map(|row| record::Model { merged_into_id: Some(draft.id), ..(*row).clone() });
            self.rows.merged.push(stored.unwrap_or(record::Model {
                id: *id,
                kind: header.kind,
                key: None,
                version: 1,
                created_at,
                updated_at: created_at,
                deleted_at: None,
                merged_into_id: Some(draft.id),
            }));
        }
    }

    fn thing(&mut self, id: Id, thing: &Thing) {
        let main = (thing.name.clone(), thing.main_language().to_owned(), NameKind::Main);
        let others = thing.names.iter().map(|name| (name.text.clone(), name.language.clone(), name.kind));
        for (position, (text, language, kind)) in (0..).zip(std::iter::once(main).chain(others)) {
            self.rows.record_name.push(record_name::Model { record_id: id, position, text, language, kind });
        }
        for (position, description) in (0..).zip(&thing.descriptions) {
            self.rows.record_description.push(record_description::Model {
                record_id: id,
                language: description.language.clone(),
                position,
                text: description.text.clone(),
            });
        }
    }

    fn same_as(&mut self, id: Id, document: &Document) {
        for (position, url) in (0..).zip(document.body.same_as()) {
            self.rows.same_as.push(same_as::Model { url: url.clone(), record_id: id, position });
        }
    }

    /// The columns of a date of a record or a citation. Its relative side becomes a row of its own.
    fn date(
        &mut self,
        record: Option<Id>,
        citation: Option<Id>,
        field: &'static str,
        date: Option<&FuzzyDate>,
    ) -> (Columns, Ranks) {
        let Some((owner, date)) = record.or(citation).zip(date) else {
            return (Columns::default(), Ranks::UNDATED);
        };
        if let Some(relative) = &date.relative {
            let stored = self.relative.get(&(owner, field)).copied();
            self.rows.relative_date.push(relative_date::Model {
                id: stored.unwrap_or_else(Id::new),
                record_id: record,
                citation_id: citation,
                field: field.to_owned(),
                anchor_id: relative.anchor.id(),
                relation: relative.relation,
                duration: relative.duration.clone(),
                is_approximate: relative.is_approximate,
                is_asserted: date.edtf.is_some(),
            });
        }
        let resolved: Option<&Edtf> = self.dates.get(&(owner, field));
        let columns = Columns {
            edtf: resolved.map(ToString::to_string),
            earliest: resolved.and_then(Edtf::earliest),
            latest: resolved.and_then(Edtf::latest),
            flags: resolved.map_or(0, Edtf::flags),
            original: date.original.clone(),
        };
        (columns, ranks(resolved))
    }

    /// The id of what a reference leads to, and its kind, which is stored beside it.
    fn target(&self, reference: &Reference) -> (Id, RecordKind) {
        let id = reference.id();
        let kind = self.work.kind(id);
        (id, kind.expect("every reference of a draft was looked up when the draft was taken up"))
    }
}
