//! Which records edits are of, and whether they are of the version that was seen.

use std::collections::HashSet;

use entity::{
    Id,
    vocabulary::{RecordKind, UserErrorCode},
};

use crate::{
    domain::{
        document::Document,
        kind::ENTITY,
        problem::{Path, Problem, quoted},
        write::{read_snapshot, with_article},
    },
    store::{
        self,
        write::{Known, revision_at},
    },
};

use super::{Edit, Objection, apply::Desk, difference::differing, lead};

/// The record, or the two of a merge, that an edit is of.
#[derive(Debug, Default, Clone)]
pub(super) struct Aim {
    pub(super) ids: Vec<Id>,
}

impl Desk<'_> {
    /// The id of an argument.
    pub(super) fn argument(&mut self, edit: usize, name: &'static str, text: &str) -> Option<Id> {
        match lead::id(text, &self.temporary) {
            Ok(_) if text.starts_with("_:") => {
                let message =
                    format!("{} is made by another change of the call, which can say all of it", quoted(text));
                self.object(edit, UserErrorCode::NotFound, &Path::TOP.field(name), message);
                None
            }
            Ok(id) => Some(id),
            Err((code, message)) => {
                self.object(edit, code, &Path::TOP.field(name), message);
                None
            }
        }
    }

    /// Finds the records that the edits are of, and reads them.
    pub(super) async fn aim(&mut self, edits: &[Edit]) -> Result<Vec<Aim>, store::Error> {
        let mut asked: Vec<Vec<(&'static str, Id)>> = Vec::with_capacity(edits.len());
        for (index, edit) in edits.iter().enumerate() {
            let arguments: Vec<(&'static str, &str)> = match edit {
                Edit::Create { .. } | Edit::Revert { .. } => Vec::new(),
                Edit::Update { id, .. } | Edit::Delete { id, .. } | Edit::Restore { id } => vec![("id", id)],
                Edit::Merge { from, into, .. } => vec![("from", from), ("into", into)],
            };
            asked.push(
                arguments
                    .into_iter()
                    .filter_map(|(name, text)| Some((name, self.argument(index, name, text)?)))
                    .collect(),
            );
        }
        let ids: Vec<Id> = asked.iter().flatten().map(|(_, id)| *id).collect();
        self.look_up(&ids).await?;
        let survivors: Vec<Id> = self.known.values().filter_map(|row| row.merged_into_id).collect();
        self.look_up(&survivors).await?;
        let mut subjects = HashSet::new();
        let mut aims = Vec::with_capacity(edits.len());
        for (index, (edit, asked)) in edits.iter().zip(asked).enumerate() {
            let mut aim = Aim::default();
            for (name, sought) in asked {
                let found = self.known.get(&sought).map(|row| row.merged_into_id.unwrap_or(sought));
                let Some(id) = found.filter(|id| self.known.contains_key(id)) else {
                    let message = format!("no record has the id {sought}");
                    self.object(index, UserErrorCode::NotFound, &Path::TOP.field(name), message);
                    continue;
                };
                if sought != id && !matches!(edit, Edit::Restore { .. }) {
                    // A version is that of the record which was seen, never of the one that it was merged into.
                    let message = format!("{sought} was merged into {id}; the change has to be made from that one");
                    let problem = Problem::new(UserErrorCode::Conflict, &Path::TOP.field(name), message);
                    self.objections.push(Objection { edit: index, problem, current: Some(id), differs: None });
                } else if let Some(message) = unfit(edit, &self.known[&id]) {
                    self.object(index, message.0, &Path::TOP.field(name), message.1);
                } else if subjects.insert(id) {
                    aim.ids.push(id);
                } else {
                    let message = if matches!(edit, Edit::Merge { .. }) {
                        "is the record itself, or that of another change of the call"
                    } else {
                        "another change of the call is of the same record"
                    };
                    self.object(index, UserErrorCode::Duplicate, &Path::TOP.field(name), message);
                }
            }
            aims.push(aim);
        }
        let ids: Vec<Id> = aims.iter().flat_map(|aim| aim.ids.iter().copied()).collect();
        self.read(&ids).await?;
        Ok(aims)
    }

    /// Holds the version that an edit was made from against that of the record.
    pub(super) async fn is_current(
        &mut self,
        edit: usize,
        name: &str,
        id: Id,
        version: i64,
    ) -> Result<(), store::Error> {
        let Some(row) = self.known.get(&id) else { return Ok(()) };
        let current = row.version;
        if i64::from(current) == version {
            return Ok(());
        }
        let made_from = match i32::try_from(version) {
            Ok(version) => revision_at(self.transaction, id, version).await?,
            Err(_) => None,
        };
        let then = made_from.as_ref().map(read_snapshot).transpose()?.flatten();
        let differs = then.map(|then| {
            let now = self.stored.get(&id).map(Document::fields).unwrap_or_default();
            differing(&then, &now)
        });
        let message = if version > i64::from(current) {
            format!("the record is at version {current}; there is no version {version} yet")
        } else {
            format!(
                "the record was changed since: it is at version {current}, and the change was made from version {version}"
            )
        };
        let problem = Problem::new(UserErrorCode::Conflict, &Path::TOP.field(name), message);
        self.objections.push(Objection { edit, problem, current: Some(id), differs: differs.or(Some(Vec::new())) });
        Ok(())
    }
}

/// Why an edit cannot be of a record.
fn unfit(edit: &Edit, row: &Known) -> Option<(UserErrorCode, String)> {
    let wrong = |wanted: &str| {
        Some((UserErrorCode::WrongType, format!("{} is {}, not {wanted}", row.id, with_article(row.kind))))
    };
    match edit {
        Edit::Update { kind, .. } if *kind != row.kind => return wrong(&with_article(*kind)),
        Edit::Delete { relation: true, .. } if row.kind != RecordKind::Relation => return wrong("a relation"),
        Edit::Delete { relation: false, .. } if row.kind == RecordKind::Relation => {
            return wrong("one that deleteRecord takes: deleteRelation does");
        }
        Edit::Merge { .. } if !ENTITY.contains(&row.kind) => return wrong("an entity"),
        _ => {}
    }
    let in_bin = row.deleted_at.is_some() && !matches!(edit, Edit::Restore { .. });
    in_bin.then(|| (UserErrorCode::NotFound, format!("{} is in the bin; it has to be restored first", row.id)))
}
