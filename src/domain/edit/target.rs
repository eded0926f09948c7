//! Finds the records of edits, and checks their versions.

use std::collections::HashSet;

use entity::{
    Id, Reference,
    vocabulary::{RecordKind, UserErrorCode},
};

use crate::{
    domain::{
        document::Document,
        kind::ENTITY,
        problem::{InputProblem, Path, Problem, quoted},
        write::{read_snapshot, with_article},
    },
    store::{
        self,
        write::{RecordRow, revision_at},
    },
};

use super::{
    Edit,
    difference::differing,
    resolve_id,
    session::{EditSession, SAME_RECORD},
};

/// The record of an edit, or the two of a merge.
#[derive(Debug, Default, Clone)]
pub(super) struct Targets {
    pub(super) ids: Vec<Id>,
}

impl EditSession<'_> {
    /// Parses the id of a revision. Reports a problem if it is not an id.
    pub(super) fn revision(&mut self, edit: usize, text: &str) -> Option<Id> {
        match resolve_id::id(text) {
            Ok(reference) => Some(reference.id()),
            Err((code, message)) => {
                self.report(edit, code, &Path::TOP.field("id"), message);
                None
            }
        }
    }

    /// The stored record that an argument names. Reports a problem if there is none.
    fn argument(&mut self, edit: usize, name: &'static str, text: &str) -> Option<Id> {
        let found = self.stored_id(&Reference::from(text));
        if found.is_none() {
            let is_new = self.temporary_ids.contains_key(text) || self.new_keys.contains_key(text);
            let (code, message) = if is_new {
                let what = "is created by another change of the call: put all fields into that change";
                (UserErrorCode::NotFound, format!("{} {what}", quoted(text)))
            } else {
                resolve_id::unknown(text)
            };
            self.report(edit, code, &Path::TOP.field(name), message);
        }
        found
    }

    /// Finds and reads the records of the edits.
    pub(super) async fn find_targets(&mut self, edits: &[Edit]) -> Result<Vec<Targets>, store::Error> {
        let asked: Vec<Vec<(&'static str, &str)>> = edits.iter().map(arguments).collect();
        self.look_up(asked.iter().flatten().map(|(_, text)| Reference::from(*text))).await?;
        let survivors: Vec<Id> = self.record_rows.values().filter_map(|row| row.merged_into_id).collect();
        self.read_record_rows(&survivors).await?;
        let mut claimed = HashSet::new();
        let mut targets = Vec::with_capacity(edits.len());
        for (index, (edit, asked)) in edits.iter().zip(asked).enumerate() {
            let mut target = Targets::default();
            for (name, text) in asked {
                let Some(requested) = self.argument(index, name, text) else { continue };
                let id = self.record_rows[&requested].merged_into_id.unwrap_or(requested);
                let Some(row) = self.record_rows.get(&id) else { continue };
                if requested != id && !matches!(edit, Edit::Restore { .. }) {
                    // The version of the edit is that of the merged record, not that of the survivor.
                    let message = format!("{text} was merged into {id}: change that record instead");
                    let problem = Problem::new(UserErrorCode::Conflict, &Path::TOP.field(name), message);
                    self.input_problems.push(InputProblem { current: Some(id), ..InputProblem::new(index, problem) });
                } else if let Some((code, message)) = obstacle(edit, text, row) {
                    self.report(index, code, &Path::TOP.field(name), message);
                } else if claimed.insert(id) {
                    target.ids.push(id);
                } else {
                    let is_same = target.ids.contains(&id);
                    let message = if is_same { "must not be the same record as from" } else { SAME_RECORD };
                    self.report(index, UserErrorCode::Duplicate, &Path::TOP.field(name), message);
                }
            }
            if let (Edit::Update { input, .. }, [id]) = (edit, target.ids.as_slice()) {
                self.give_key(*id, input);
            }
            targets.push(target);
        }
        let ids: Vec<Id> = targets.iter().flat_map(|target| target.ids.iter().copied()).collect();
        self.read_documents(&ids).await?;
        Ok(targets)
    }

    /// Reports a conflict if the record is no longer at the version that the edit was made from.
    pub(super) async fn check_version(
        &mut self,
        edit: usize,
        name: &str,
        id: Id,
        version: i64,
    ) -> Result<(), store::Error> {
        let Some(row) = self.record_rows.get(&id) else { return Ok(()) };
        let current = row.version;
        if i64::from(current) == version {
            return Ok(());
        }
        let made_from = match i32::try_from(version) {
            Ok(version) => revision_at(self.transaction, id, version).await?,
            Err(_) => None,
        };
        let base = made_from.as_ref().map(read_snapshot).transpose()?.flatten();
        let differs = base.map(|base| {
            let now = self.stored.get(&id).map(Document::fields).unwrap_or_default();
            differing(&base, &now)
        });
        let message = if version > i64::from(current) {
            format!("the record is at version {current}; there is no version {version} yet: read the record again")
        } else {
            format!(
                "the record was changed since: it is at version {current}, and the change was made from version {version}"
            )
        };
        self.report_conflict(edit, name, message, id, differs.unwrap_or_default());
        Ok(())
    }
}

/// The arguments of an edit that name its records.
fn arguments(edit: &Edit) -> Vec<(&'static str, &str)> {
    match edit {
        Edit::Create { .. } | Edit::Revert { .. } => Vec::new(),
        Edit::Update { id, .. } | Edit::Delete { id, .. } | Edit::Restore { id } => vec![("id", id)],
        Edit::Merge { from, into, .. } => vec![("from", from), ("into", into)],
    }
}

/// Why an edit cannot change the record that its argument names.
fn obstacle(edit: &Edit, named: &str, row: &RecordRow) -> Option<(UserErrorCode, String)> {
    let wrong =
        |wanted: &str| Some((UserErrorCode::WrongType, format!("{named} is {}, not {wanted}", with_article(row.kind))));
    match edit {
        Edit::Update { kind, .. } if *kind != row.kind => return wrong(&with_article(*kind)),
        Edit::Delete { relation, .. } if *relation != (row.kind == RecordKind::Relation) => {
            let mutation = if *relation { "deleteRecord" } else { "deleteRelation" };
            let message = format!("{named} is {}: use {mutation}", with_article(row.kind));
            return Some((UserErrorCode::WrongType, message));
        }
        Edit::Merge { .. } if !ENTITY.contains(&row.kind) => return wrong("an entity"),
        _ => {}
    }
    let in_bin = row.deleted_at.is_some() && !matches!(edit, Edit::Restore { .. });
    in_bin.then(|| (UserErrorCode::NotFound, format!("{named} is in the bin: restore it first")))
}
